// Shows all results of the query in the address on the page of the search.
"use strict";
(() => {
  const root = new URL("../", document.currentScript.src);
  const place = document.querySelector(".search-big[data-search]");
  const input = place.querySelector("input");
  const summary = document.getElementById("search-summary");
  const results = document.getElementById("search-results");
  const others = document.querySelector(".search-else");
  // Results of a kind that are shown at once.
  const MOST = 100;

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  // A section of results of one kind.
  const section = (title, hits, link) => {
    const list = element("ul", "results");
    const add = (some) => list.append(...some.map((hit) => element("li", "", link(hit))));
    add(hits.slice(0, MOST));
    const made = element("section", "", element("h2", "", title, " ", element("span", "quiet", String(hits.length))), list);
    if (hits.length > MOST) {
      const button = element("button", "button", `Show all ${hits.length}`);
      button.type = "button";
      button.addEventListener("click", () => {
        const next = list.children.length;
        add(hits.slice(MOST));
        button.remove();
        list.children[next].querySelector("a").focus();
      });
      made.append(button);
    }
    return made;
  };

  // What to do when there is nothing.
  const nothing = () => {
    const guide = element("a", "", "propose it");
    guide.href = new URL("guides/authors/index.html#list", root).href;
    return element("p", "", "Try one word, or a part of a media type such as ", element("code", "", "vnd.example"),
      ". If a type is missing, ", guide, ": an entry is one file.");
  };

  // Shows the results of a query.
  const show = async (query) => {
    if (query === "") {
      summary.textContent = "";
      results.replaceChildren();
      others.hidden = false;
      return;
    }
    try {
      const search = await globalThis.oatSearchReady();
      const hits = search.find(query);
      const near = hits.length > 0 && hits.every((hit) => hit.nearly);
      summary.textContent = hits.length === 0 ? `Nothing found for “${query}”.`
        : near ? `No exact match for “${query}”. ${hits.length} similar ${hits.length === 1 ? "result" : "results"}.`
          : `${hits.length} ${hits.length === 1 ? "result" : "results"} for “${query}”.`;
      results.replaceChildren(...search.groups(hits).map(([title, members]) => section(title, members, (hit) => search.link(hit, root))));
      if (hits.length === 0) results.append(nothing());
      others.hidden = hits.length > 0;
      document.title = `${query} | Search | OCI artifact types`;
    } catch {
      summary.textContent = "The search could not be loaded.";
    }
  };

  // Takes the query from the address.
  const read = () => {
    const query = (new URLSearchParams(location.search).get("q") ?? "").trim().slice(0, 200);
    input.value = query;
    show(query);
  };
  place.addEventListener("oat:search", (event) => {
    try {
      const url = new URL(location.href);
      url.searchParams.set("q", event.detail);
      history.pushState(null, "", url);
    } catch {
      // A browser may refuse it for files: the results are shown all the same.
    }
    event.preventDefault();
    show(event.detail);
  });
  addEventListener("popstate", read);
  read();
})();

// Fills the places of the search boxes; the index and what reads it are loaded at the first focus. `/` leads here.
"use strict";
(() => {
  const root = new URL("../", document.currentScript.src);
  // Results that a list shows of the first kind, and of each other one.
  const FIRST = 7;
  const OTHER = 3;
  let loading;

  // Loads a script of this site.
  const load = (path) => new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = new URL(path, root).href;
    script.addEventListener("load", done);
    script.addEventListener("error", () => fail(new Error(path)));
    document.head.append(script);
  });

  // The search, once it is loaded; asked again after a failure.
  const ready = () => {
    loading ??= load("search/index.js").then(() => load("static/search.js")).then(() => globalThis.oatSearch);
    return loading.catch((error) => {
      loading = undefined;
      throw error;
    });
  };

  const element = (name, attributes, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  };

  // Address of the page of all results.
  const pageOf = (query) => {
    const url = new URL("search/index.html", root);
    url.searchParams.set("q", query);
    return url.href;
  };

  // Builds one box in its place.
  const build = (place, number) => {
    const id = (part) => `search-${number}-${part}`;
    const input = element("input", {
      type: "search", name: "q", id: id("input"), role: "combobox", placeholder: place.classList.contains("search-big") ? "Name, media type, tool, annotation, rule …" : "Search",
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "200", enterkeyhint: "search",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id("list"), "aria-keyshortcuts": "/",
      "aria-label": place.classList.contains("search-big") ? "Search everything" : "Search",
    });
    const list = element("div", { class: "search-list", id: id("list"), role: "listbox", "aria-label": "Results", hidden: "" });
    const status = element("p", { class: "visually-hidden", role: "status" });
    const hint = element("kbd", { "aria-hidden": "true" }, "/");
    const form = element("form", { role: "search", "aria-label": place.classList.contains("search-big") ? "Everything" : "Site" }, input, hint, list, status);
    let options = [];
    let active = -1;

    // Shows or hides the list.
    const open = (shown) => {
      list.hidden = !shown;
      input.setAttribute("aria-expanded", String(shown));
      if (!shown) activate(-1);
    };

    // Moves to an option; -1 is the field itself.
    const activate = (at) => {
      options[active]?.setAttribute("aria-selected", "false");
      active = at;
      const option = options[at];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };

    // Makes a link an option of the list.
    const option = (link) => {
      link.id = id(`option-${options.length}`);
      link.tabIndex = -1;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", "false");
      options.push(link);
      return link;
    };

    // A link of ours at the end of the list.
    const more = (href, text) => option(element("a", { class: "result result-more", href }, text));

    // What the list shows for a query.
    const fill = (search, query) => {
      const hits = search.find(query);
      options = [];
      const groups = search.groups(hits).map(([title, members], at) => {
        const heading = element("div", { class: "search-heading", id: id(`group-${at}`), role: "presentation" }, title);
        const shown = members.slice(0, at === 0 ? FIRST : OTHER).map((hit) => option(search.link(hit, root)));
        return element("div", { role: "group", "aria-labelledby": heading.id }, heading, ...shown);
      });
      if (hits.length > 0 && hits.every((hit) => hit.nearly)) groups.unshift(element("div", { class: "search-heading", role: "presentation" }, "No exact match. Similar:"));
      if (hits.length > options.length) groups.push(more(pageOf(query), `All ${hits.length} results`));
      if (hits.length === 0) {
        groups.push(element("div", { class: "search-heading", role: "presentation" }, "Nothing found. Is a type missing?"));
        groups.push(more(new URL("guides/authors/index.html#list", root).href, "Propose a type"));
        groups.push(more(new URL("types/index.html", root).href, "Types from A to Z"));
      }
      list.replaceChildren(...groups);
      list.scrollTop = 0;
      status.textContent = hits.length === 0 ? "Nothing found" : `${hits.length} ${hits.length === 1 ? "result" : "results"}`;
    };

    // Searches for what stands in the field.
    const update = async () => {
      const query = input.value.trim();
      activate(-1);
      if (query === "") {
        status.textContent = "";
        open(false);
        return;
      }
      try {
        const search = await ready();
        // Typed on, or left, in the meantime.
        if (input.value.trim() !== query || document.activeElement !== input) return;
        fill(search, query);
      } catch {
        options = [];
        list.replaceChildren(element("div", { class: "search-heading", role: "presentation" }, "The search could not be loaded."));
        status.textContent = "The search could not be loaded";
      }
      open(true);
    };

    input.addEventListener("focus", () => {
      ready().catch(() => {});
      if (input.value.trim() !== "") update();
    });
    input.addEventListener("input", update);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) {
          update();
          return;
        }
        // One place more than options: that of the field.
        const places = options.length + 1;
        activate(((active + 1 + (event.key === "ArrowDown" ? 1 : places - 1)) % places) - 1);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        open(false);
      } else if (event.key === "Escape" && input.value === "") {
        input.blur();
      } else if (event.key === "Enter" && options[active] && !list.hidden) {
        event.preventDefault();
        options[active].click();
      }
    });
    // The script goes to the page of results, so that the policy of the pages needs to allow no form.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const query = input.value.trim();
      if (query === "") return;
      open(false);
      if (!place.dispatchEvent(new CustomEvent("oat:search", { detail: query, cancelable: true }))) return;
      location.assign(pageOf(query));
    });
    // The field keeps the focus while a result is pressed.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", () => open(false));
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) open(false);
    });
    place.replaceChildren(form);
    return input;
  };

  const inputs = [...document.querySelectorAll("[data-search]")].map(build);
  // The large box, where there is one.
  const main = inputs.find((input) => input.closest(".search-big")) ?? inputs[0];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !main) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    main.focus();
    main.select();
    main.scrollIntoView({ block: "nearest" });
  });
  globalThis.oatSearchReady = ready;
})();

// Filters and sorts the listing; what is chosen stands in the address. Without this script the table is whole.
"use strict";
(() => {
  const table = document.getElementById("listing");
  const body = table.tBodies[0];
  const bar = document.getElementById("filters");
  const field = document.getElementById("filter-text");
  const chips = document.getElementById("chips");
  const count = document.getElementById("listing-count");
  const empty = document.getElementById("listing-empty");
  const everywhere = document.getElementById("listing-search");
  const scroll = table.closest(".scroll");

  // Parameters of the address, each with the value of a row that says nothing.
  const DEFAULTS = {
    role: "generic", status: "active", tier: "listed", family: "none", tool: "none", publisher: "none", year: "unknown",
    evidence: "none", iana: "not-registered", actions: "no", icon: "role", kind: "type",
  };
  const NAMES = Object.keys(DEFAULTS);
  // Values whose order is not that of their number.
  const ORDER = {
    status: ["active", "proposed", "deprecated", "withdrawn"],
    tier: ["well-known", "verified", "listed"],
    evidence: ["artifact-type", "config", "layers", "annotations", "base", "placeholder", "none"],
    iana: ["registered", "not-registered"],
    actions: ["yes", "no"],
    icon: ["own", "role"],
    kind: ["type", "facet"],
  };
  // Words for values that are not their own.
  const WORDS = {
    family: { none: "no vendor tree" },
    tool: { none: "no tool" },
    evidence: { "artifact-type": "artifactType", layers: "layers or children", base: "what many types share", none: "no rule" },
    iana: { "not-registered": "not registered" },
    actions: { yes: "has commands", no: "no commands" },
    icon: { own: "its own", role: "glyph of its role" },
  };
  // Names of filters in chips, where the parameter is not plain.
  const TITLES = { evidence: "recognised by", iana: "IANA", actions: "commands" };
  // A list longer than this can be searched, and leaves out what would find nothing.
  const LONG = 14;

  const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  const publishers = new Map();

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  // The style sheet lays the table out as blocks, at which some browsers forget that it is one.
  table.setAttribute("role", "table");
  for (const part of [table.tHead, body]) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    for (const cell of row.cells) cell.setAttribute("role", cell.tagName === "TD" ? "cell" : cell.scope === "col" ? "columnheader" : "rowheader");
  }

  // What a row is filtered and sorted by.
  const rows = [...body.rows].map((row, at) => {
    const [title, , , media, publisherCell, yearCell] = row.cells;
    const publisher = publisherCell.textContent;
    const key = slug(publisher) || "none";
    if (!publishers.has(key)) publishers.set(key, publisher);
    const values = Object.fromEntries(NAMES.map((name) => [name, (row.dataset[name] ?? DEFAULTS[name]).split(" ")]));
    values.publisher = [key];
    values.year = [yearCell.textContent.trim() || DEFAULTS.year];
    const id = title.querySelector("a").getAttribute("href").split("/")[1];
    const mediaType = media.querySelector("code")?.textContent ?? "";
    const texts = [id, title.textContent, row.dataset.also ?? "", mediaType, publisher, row.dataset.tool ?? "", row.dataset.role];
    return {
      row,
      shown: true,
      values,
      text: texts.join("\n").toLowerCase(),
      keys: {
        title: at,
        role: values.role[0],
        media: mediaType.replace(/^application\//, ""),
        publisher: publisher.toLowerCase(),
        year: values.year[0] === DEFAULTS.year ? "" : values.year[0],
        status: ORDER.status.indexOf(values.status[0]) * 10 + ORDER.tier.indexOf(values.tier[0]),
      },
    };
  });

  // What is chosen.
  const chosen = new Map(NAMES.map((name) => [name, new Set()]));
  let text = "";
  let sort = "title";
  // Number of rows of each value that the other filters leave.
  const counts = new Map(NAMES.map((name) => [name, new Map()]));

  // How often each value stands anywhere, in the order of the list.
  const options = new Map(NAMES.map((name) => {
    const totals = new Map();
    for (const { values } of rows) for (const value of values[name]) totals.set(value, (totals.get(value) ?? 0) + 1);
    const fixed = ORDER[name];
    const last = (value) => value === "none" || value === "unknown";
    const list = [...totals.keys()].sort((a, b) => {
      if (fixed) return fixed.indexOf(a) - fixed.indexOf(b);
      if (last(a) !== last(b)) return last(a) ? 1 : -1;
      if (name === "year") return a < b ? 1 : -1;
      return totals.get(b) - totals.get(a) || (a < b ? -1 : 1);
    });
    return [name, list];
  }));

  // A value in words.
  const wordsFor = (name, value) => (name === "publisher" ? publishers.get(value) : WORDS[name]?.[value]) ?? value;

  // Decides for each row, and counts what each further choice would leave.
  const filter = () => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const active = NAMES.filter((name) => chosen.get(name).size > 0);
    for (const map of counts.values()) map.clear();
    const add = (name, values) => {
      const map = counts.get(name);
      for (const value of values) map.set(value, (map.get(value) ?? 0) + 1);
    };
    let shown = 0;
    for (const entry of rows) {
      let failing = "";
      let failed = words.every((word) => entry.text.includes(word)) ? 0 : 2;
      for (const name of active) {
        if (failed > 1) break;
        if (entry.values[name].some((value) => chosen.get(name).has(value))) continue;
        failed += 1;
        failing = name;
      }
      if (failed === 0) for (const name of NAMES) add(name, entry.values[name]);
      else if (failed === 1) add(failing, entry.values[failing]);
      if (entry.shown !== (failed === 0)) {
        entry.shown = failed === 0;
        entry.row.hidden = failed > 0;
      }
      if (failed === 0) shown += 1;
    }
    return shown;
  };

  // Puts the rows in order; equals stay in that of their titles, and what is empty stands last.
  const arrange = () => {
    const down = sort.startsWith("-");
    const key = down ? sort.slice(1) : sort;
    const sorted = [...rows].sort((a, b) => {
      const [x, y] = [a.keys[key], b.keys[key]];
      if (x === y) return a.keys.title - b.keys.title;
      if (x === "" || y === "") return x === "" ? 1 : -1;
      return (x < y ? -1 : 1) * (down ? -1 : 1);
    });
    const fragment = document.createDocumentFragment();
    for (const { row } of sorted) fragment.append(row);
    body.append(fragment);
    for (const header of table.tHead.rows[0].cells) {
      if (header.dataset.sort === key) header.setAttribute("aria-sort", down ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
  };

  // Writes what is chosen into the address.
  const remember = () => {
    const known = new Set([...NAMES, "q", "sort"]);
    const parts = [];
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (!known.has(name)) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    }
    if (text.trim() !== "") parts.push(`q=${encodeURIComponent(text.trim()).replace(/%20/g, "+")}`);
    for (const [name, values] of chosen) {
      if (values.size > 0) parts.push(`${name}=${[...values].map(encodeURIComponent).join(",")}`);
    }
    if (sort !== "title") parts.push(`sort=${sort}`);
    try {
      history.replaceState(null, "", `${location.pathname}${parts.length > 0 ? `?${parts.join("&")}` : ""}${location.hash}`);
    } catch {
      // A browser may refuse it for files: the filters work all the same.
    }
  };

  // Reads what is chosen from the address.
  const recall = () => {
    const parameters = new URLSearchParams(location.search);
    for (const name of NAMES) {
      const values = parameters.getAll(name).flatMap((value) => value.split(",")).map((value) => value.trim().toLowerCase());
      chosen.set(name, new Set(values.filter(Boolean).map((value) => (name === "publisher" ? slug(value) : value))));
    }
    text = parameters.get("q") ?? "";
    field.value = text;
    const wanted = parameters.get("sort") ?? "title";
    sort = Object.hasOwn(rows[0]?.keys ?? {}, wanted.replace(/^-/, "")) ? wanted : "title";
  };

  // Chips of what is chosen, each a button that takes it away.
  const showChips = () => {
    const made = [];
    for (const [name, values] of chosen) {
      for (const value of values) {
        const button = element("button", "chip", `${TITLES[name] ?? name}: `, element("bdi", "", wordsFor(name, value)), element("span", "chip-x", "×"));
        button.type = "button";
        button.lastChild.setAttribute("aria-hidden", "true");
        button.setAttribute("aria-label", `Remove the filter ${TITLES[name] ?? name}: ${wordsFor(name, value)}`);
        button.addEventListener("click", () => {
          const at = made.indexOf(button);
          chosen.get(name).delete(value);
          apply();
          (chips.querySelectorAll("button")[at] ?? chips.querySelector("button") ?? field).focus();
        });
        made.push(button);
      }
    }
    if (made.length > 0 || text.trim() !== "") {
      const clear = element("button", "button", "Clear");
      clear.type = "button";
      clear.setAttribute("aria-label", "Clear all filters");
      clear.addEventListener("click", () => {
        for (const values of chosen.values()) values.clear();
        text = field.value = "";
        apply();
        field.focus();
      });
      made.push(clear);
    }
    chips.replaceChildren(count, ...made);
  };

  // The number of what is chosen, on the buttons of the filters.
  const showSizes = () => {
    for (const details of bar.querySelectorAll("details")) {
      let size = 0;
      for (const fieldset of details.querySelectorAll("fieldset")) size += chosen.get(fieldset.dataset.filter).size;
      let badge = details.querySelector("summary .size");
      if (size === 0) {
        badge?.remove();
        continue;
      }
      badge ??= details.querySelector("summary").appendChild(element("span", "size"));
      badge.textContent = String(size);
    }
  };

  // Counts and ticks of an open list.
  const refresh = (fieldset) => {
    const name = fieldset.dataset.filter;
    const wanted = fieldset.querySelector(".find")?.value.trim().toLowerCase() ?? "";
    for (const label of fieldset.querySelectorAll("label")) {
      const [input, , number] = label.children;
      const left = counts.get(name).get(input.value) ?? 0;
      input.checked = chosen.get(name).has(input.value);
      number.textContent = String(left);
      label.classList.toggle("none", left === 0);
      const long = fieldset.classList.contains("long");
      label.hidden = long && !input.checked && (left === 0 || !label.textContent.toLowerCase().includes(wanted));
    }
  };

  // Makes the list of a filter when it is opened first.
  const fill = (fieldset) => {
    const name = fieldset.dataset.filter;
    if (!fieldset.querySelector("label")) {
      const list = options.get(name);
      if (list.length > LONG) {
        const find = element("input", "find");
        find.type = "search";
        find.placeholder = "Find";
        find.setAttribute("aria-label", `Find in the list: ${name}`);
        find.addEventListener("input", () => refresh(fieldset));
        fieldset.classList.add("long");
        fieldset.append(find);
      }
      const labels = list.map((value) => {
        const input = element("input", "");
        input.type = "checkbox";
        input.value = value;
        input.addEventListener("change", () => {
          if (input.checked) chosen.get(name).add(value);
          else chosen.get(name).delete(value);
          apply();
        });
        return element("label", "", input, element("bdi", "", wordsFor(name, value)), element("span", "quiet", ""));
      });
      fieldset.append(element("div", "options", ...labels));
    }
    refresh(fieldset);
  };

  // Shows what the choice leaves.
  const apply = () => {
    const shown = filter();
    count.textContent = `${shown} of ${rows.length} types and facets`;
    empty.hidden = shown > 0;
    scroll.hidden = shown === 0;
    everywhere.search = text.trim() === "" ? "" : `?q=${encodeURIComponent(text.trim())}`;
    showChips();
    showSizes();
    for (const fieldset of bar.querySelectorAll("details[open] fieldset")) fill(fieldset);
    remember();
  };

  for (const header of table.tHead.rows[0].cells) {
    if (!header.dataset.sort) continue;
    const button = element("button", "sort", header.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      sort = sort === header.dataset.sort ? `-${sort}` : header.dataset.sort;
      arrange();
      remember();
    });
    header.replaceChildren(button);
  }
  for (const details of bar.querySelectorAll("details")) {
    const fillAll = () => details.querySelectorAll("fieldset").forEach(fill);
    details.querySelector("summary").addEventListener("click", () => details.open || fillAll());
    details.addEventListener("toggle", () => details.open && fillAll());
  }
  // A list closes by Escape, and by a press elsewhere.
  bar.addEventListener("keydown", (event) => {
    const details = event.target.closest("details[open]");
    if (event.key !== "Escape" || !details) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    for (const details of bar.querySelectorAll("details[open]")) if (!details.contains(event.target)) details.open = false;
  });
  field.addEventListener("input", () => {
    text = field.value;
    apply();
  });
  const start = () => {
    recall();
    arrange();
    apply();
  };
  addEventListener("popstate", start);
  start();
})();

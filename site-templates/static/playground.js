// The playground: says what pasted documents are while they are typed, all within the page.
"use strict";
(() => {
  const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const FILE = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;
  // Most bytes that the address keeps, compressed; base64url has four characters for three of them.
  const MAX_KEPT = 32 << 10;
  // Longest text that is shown whole; of a longer one only what is near the marks.
  const MAX_SHOWN = 100000;
  const NEAR = 1500;
  // Most rows of one list in an answer.
  const MOST = 100;
  const TOO_LONG = "This is too long for the address of the page: a link does not keep it.";
  const FIELDS = ["tag", "config", "parent", "children"];
  const byId = (id) => document.getElementById(`play-${id}`);
  const page = document.getElementById("playground");
  const root = page.dataset.root;
  const input = byId("input");
  const fields = Object.fromEntries(FIELDS.map((name) => [name, byId(name)]));

  const SHAPES = {
    "oci-manifest": "an OCI image manifest",
    "oci-index": "an OCI image index",
    "docker-manifest": "a Docker image manifest (schema 2)",
    "docker-manifest-list": "a Docker manifest list",
    "docker-schema1": "a Docker image manifest of the old schema 1",
    "oci-artifact-manifest": "an OCI artifact manifest (withdrawn)",
    "oras-artifact-manifest": "an ORAS artifact manifest",
  };
  const CERTAINTY = {
    exact: "It is this type.",
    family: "It is of this family; which member, the document does not say.",
    unknown: "The catalog has no rule that holds for this document.",
  };
  const NEEDS = {
    config: "the config blob",
    tag: "the tag",
    parent: "the descriptor in the parent index",
    children: "the manifests of the children",
    manifest: "more evidence in the manifest",
  };
  const LEVELS = ["error", "warning", "info"];

  // The mapping once it is read, its entries by id, the media types that say nothing, and what the reader gave.
  const state = {
    mapping: null, types: new Map(), placeholders: new Set(), documents: [], more: false, text: "", context: {}, selected: 0, run: 0,
    opening: 0, example: null,
  };

  // Building what is shown. Text becomes text nodes, whatever it holds.

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return element;
  };
  const code = (text) => make("code", {}, OatJson.visible(text));
  const quiet = (...children) => make("span", { class: "quiet" }, ...children);

  // A message of ours, in which names stand between backticks.
  const prose = (text) => text.split("`").map((part, at) => (at % 2 ? code(part) : OatJson.visible(part)));

  // Parts with words between them.
  const joined = (parts, between = ", ") => parts.flatMap((part, at) => (at > 0 ? [between, part] : [part]));

  const titleOf = (id) => state.types.get(id)?.title ?? id;
  const typePage = (id, anchor = "") => `${root}types/${id}/index.html${anchor}`;

  // The name of a type, leading to its page.
  const typeLink = (id, anchor) =>
    (state.types.has(id) ? make("a", { href: typePage(id, anchor) }, make("bdi", {}, titleOf(id))) : code(id));

  // The picture of a type: its own, or the glyph of its main role.
  const icon = (id, side) => {
    const entry = state.types.get(id);
    const role = entry?.roles?.[0];
    const path = entry?.icon?.file ? `icons/${id}.svg` : ID.test(role ?? "") ? `icons/roles/${role}.svg` : "icons/roles/generic.svg";
    return make("img", { src: root + path, alt: "", width: side, height: side });
  };

  // Words for evidence.

  // What a test looks at, as the subject of a sentence.
  const subject = ({ field, key }, list) => {
    const owner = { layers: "of a layer", manifests: "of a child" }[list];
    const of = owner ? ` ${owner}` : "";
    return {
      "mediaType": owner ? ["the media type", of] : ["the document's own ", code("mediaType")],
      "artifactType": [code("artifactType"), of],
      "size": ["the size in bytes", of],
      "digest": ["the digest", of],
      "annotations": ["the annotation ", code(key), of],
      "platform.os": ["the operating system", of],
      "platform.architecture": ["the architecture", of],
      "platform.os.features": [code("os.features"), " of the platform", of],
      "placeholder.artifactType": ["as a placeholder, ", code("artifactType")],
      "config.mediaType": ["the media type of the config"],
      "placeholder.config.mediaType": ["as a placeholder, the media type of the config"],
      "config.size": ["the size of the config in bytes"],
      "config.digest": ["the digest of the config"],
      "config.annotations": ["the annotation ", code(key), " of the config's descriptor"],
      "subject": ["the media type of the subject"],
      "layers.count": ["the number of layers"],
      "manifests.count": ["the number of children"],
      "context.tag": ["the tag"],
      "context.config": ["in the config blob, the value at ", code(key)],
      "context.parent.artifactType": [code("artifactType"), " in the parent index"],
      "context.parent.annotations": ["the annotation ", code(key), " in the parent index"],
      "context.parent.platform.os": ["the operating system that the parent index gives"],
    }[field] ?? [code(field)];
  };

  // The condition of the rule that a piece of evidence satisfies, with the value that does.
  const condition = ({ test, list, value }) => {
    if (!test) return ["what the rule asks of the children holds"];
    if (test.field === "shape") return ["the document is ", SHAPES[value] ?? code(value ?? "")];
    if (test.field === "subject" && test.condition === "present") return ["there is a ", code("subject")];
    const about = subject(test, list);
    const found = value === null ? null : code(OatJson.clip(value, 200));
    if (test.condition === "prefix") return [...about, " begins with ", code(test.value), found ? [": ", found] : []];
    if (test.condition === "present" || !found) return [...about, " is there", found ? [": ", found] : []];
    const choices = test.condition === "oneOf" && test.value.length > 1 ? ` (one of ${test.value.length})` : "";
    return [...about, " is ", found, choices];
  };

  // Judging documents.

  // What one document is and what is wrong with it.
  const judge = (item) => {
    if (!item.result) {
      const failure = OatFindings.unreadable(item);
      const answer = failure ? null : OatIdentify.identify(state.mapping, OatJson.value(item.node), state.context);
      const findings = OatFindings.check(item, state.types, answer ?? {}, state.placeholders);
      findings.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.start - b.start);
      item.result = { failure, answer, findings };
    }
    return item.result;
  };

  const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

  // An answer in a few words.
  const inShort = ({ failure, answer }) =>
    (failure ? "can not be read" : answer.type ? titleOf(answer.type) : "unknown type");
  const certaintyOf = ({ failure, answer }) => (failure ? "unreadable" : answer.certainty);

  const pause = () => new Promise((ready) => { setTimeout(ready); });

  // Reads the input again and shows what it is.
  const update = () => {
    state.run += 1;
    state.text = input.value;
    const found = OatJson.documents(state.text);
    state.documents = found.documents;
    state.more = found.more;
    state.selected = Math.min(state.selected, Math.max(0, state.documents.length - 1));
    state.place = OatJson.places(state.text);
    if (!state.mapping) return;
    readContext();
    showList(state.run);
    showSelected();
  };

  // Shows the answer for the document that is selected.
  const showSelected = () => {
    const item = state.documents[state.selected];
    byId("text").hidden = !item;
    if (!item) {
      const words = state.text.trim() ? "The list is empty: there is no document in it." : emptyWords;
      byId("answer").replaceChildren(make("p", { class: "play-empty" }, words));
      say("");
      return;
    }
    const result = judge(item);
    const marks = new Marks(item, result);
    byId("answer").replaceChildren(...(result.failure ? failureParts(result, marks) : answerParts(item, result, marks)));
    byId("marked").replaceChildren(...marks.text());
    byId("marked").scrollTop = 0;
    if (state.documents.length === 1) say(spoken(result));
  };

  const emptyWords = byId("answer").textContent;

  // What a screen reader hears.
  const spoken = (result) => {
    const certainty = { exact: ", exact", family: ", family", unknown: "", unreadable: "" }[certaintyOf(result)];
    const findings = result.findings.length > 0 ? count(result.findings.length, "finding") : "no findings";
    return `${inShort(result)}${certainty}. ${findings}.`;
  };

  let saying = 0;
  // Says something once typing has come to rest.
  const say = (text) => {
    clearTimeout(saying);
    saying = setTimeout(() => {
      if (byId("status").textContent !== text) byId("status").textContent = text;
    }, 700);
  };

  // The list of several documents.

  // Shows one row for each document when there are several; rows come in slices, so that typing stays smooth.
  const showList = async (run) => {
    const place = byId("list");
    const several = state.documents.length > 1;
    if (!several) {
      place.replaceChildren();
      return;
    }
    const box = make("ul", { class: "play-list", role: "listbox", tabindex: "0", "aria-label": "Documents" });
    const summary = make("p", { class: "quiet" });
    place.replaceChildren(summary, box);
    box.addEventListener("keydown", move);
    box.addEventListener("click", (event) => {
      const row = event.target.closest("li");
      if (row) select(Number(row.dataset.at));
    });
    let until = performance.now() + 12;
    let bad = 0;
    const words = () => [
      count(state.documents.length, "document"),
      bad > 0 ? `${bad} of them can not be read` : null,
      state.more ? "what follows is not read" : null,
    ].filter(Boolean).join(", ");
    summary.textContent = `${words()}.`;
    for (const [at, item] of state.documents.entries()) {
      const result = judge(item);
      bad += result.failure ? 1 : 0;
      box.append(row(at, result));
      if (at === state.selected) mark(box, at);
      if (performance.now() > until) {
        await pause();
        if (run !== state.run) return;
        until = performance.now() + 12;
      }
    }
    summary.textContent = `${words()}.`;
    say(`${words()}.`);
  };

  const row = (at, result) => {
    const { failure, answer, findings } = result;
    const worst = findings[0]?.level;
    return make("li", { role: "option", id: `play-row-${at}`, "data-at": at, "aria-selected": "false" },
      make("span", { class: "quiet" }, String(at + 1)),
      icon(answer?.type, 20),
      make("span", { class: "name" }, make("bdi", {}, inShort(result))),
      failure || !answer.type ? null : badge(answer.certainty),
      worst && worst !== "info" ? make("span", { class: `badge badge-${worst}` }, count(findings.length, "finding")) : null);
  };

  // Marks a row of the list as the selected one.
  const mark = (box, at) => {
    box.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
    const chosen = box.querySelector(`[data-at="${at}"]`);
    if (!chosen) return null;
    chosen.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", chosen.id);
    return chosen;
  };

  const select = (at) => {
    state.selected = at;
    const box = byId("list").querySelector("[role=listbox]");
    const chosen = box && mark(box, at);
    if (chosen) reveal(box, chosen);
    showSelected();
  };

  // Moves the selection by keys.
  const move = (event) => {
    const last = state.documents.length - 1;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -last, End: last };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    select(Math.max(0, Math.min(last, state.selected + step)));
  };

  // Scrolls a box so that something in it is seen; the page stays.
  const reveal = (box, inner) => {
    const [outer, found] = [box.getBoundingClientRect(), inner.getBoundingClientRect()];
    if (found.top < outer.top || found.bottom > outer.bottom) {
      box.scrollTop += found.top - outer.top - (outer.height - found.height) / 3;
    }
  };

  // The marked text.

  // The places in one document that evidence and findings name.
  class Marks {
    constructor(item, { failure, answer, findings }) {
      this.item = item;
      this.spans = new Map();
      this.elements = new Map();
      this.evidence = (answer?.evidence ?? []).slice(0, MOST).map((piece) => this.ofEvidence(piece));
      this.nearest = (answer?.nearest ?? []).map((near) => this.ofEvidence(near));
      this.findings = new Map(findings.slice(0, MOST).map((one) => [one, this.add(one.start, one.end, "of-finding")]));
      this.failure = failure ? this.add(failure.start, failure.end, "of-finding") : null;
    }

    // Notes a span; what is empty has no mark.
    add(start, end, name) {
      if (end <= start) return null;
      const key = `${start}-${end}`;
      if (!this.spans.has(key)) this.spans.set(key, { key, start, end, names: new Set() });
      this.spans.get(key).names.add(name);
      return { keys: [key], start };
    }

    // The value of a piece of evidence; of a list or object its key; of the shape, the keys that make it.
    ofEvidence({ pointer }) {
      if (pointer === undefined) return null;
      const { node } = this.item;
      if (pointer === "") {
        const telling = node.members.filter(({ key }) => ["config", "layers", "manifests", "fsLayers", "blobs"].includes(key));
        const members = telling.length > 0 ? telling : node.members.filter(({ key }) => key === "mediaType");
        const found = members.map(({ keyStart, keyEnd }) => this.add(keyStart, keyEnd, "of-evidence"));
        return found.length > 0 ? { keys: found.flatMap(({ keys }) => keys), start: found[0].start } : null;
      }
      const found = OatJson.at(node, pointer);
      if (!found) return null;
      const { value, member } = found;
      const key = member && (value.kind === "object" || value.kind === "array");
      return key ? this.add(member.keyStart, member.keyEnd, "of-evidence") : this.add(value.start, value.end, "of-evidence");
    }

    // The text of the document with its marks; of a long one only what is near them.
    text() {
      const { start, end } = this.item;
      const spans = [...this.spans.values()].sort((a, b) => a.start - b.start || a.end - b.end);
      const whole = end - start <= MAX_SHOWN;
      const parts = [];
      let at = start;
      const plain = (to) => {
        if (whole || to - at <= 2 * NEAR) {
          parts.push(state.text.slice(at, to));
        } else {
          const [head, tail] = [at + NEAR, to - NEAR];
          parts.push(state.text.slice(at, head), make("span", { class: "left-out" }, ` ${tail - head} characters left out `),
            state.text.slice(tail, to));
        }
        at = to;
      };
      for (const span of spans) {
        // A span within another one shares its mark.
        if (span.start < at) {
          const last = this.elements.get([...this.elements.keys()].at(-1));
          if (last) this.elements.set(span.key, last);
          continue;
        }
        plain(span.start);
        const long = !whole && span.end - span.start > 2 * NEAR;
        const shown = long ? `${state.text.slice(span.start, span.start + NEAR)}…` : state.text.slice(span.start, span.end);
        const element = make("mark", { class: [...span.names].join(" ") }, shown);
        this.elements.set(span.key, element);
        parts.push(element);
        at = span.end;
      }
      plain(Math.max(at, end));
      return parts;
    }

    // What names a place: a button that shows it, or plain words when there is no mark.
    pointing(place, className, ...children) {
      if (!place) return make("div", { class: className }, ...children);
      const button = make("button", { type: "button", class: className }, ...children);
      const elements = () => place.keys.map((key) => this.elements.get(key)).filter(Boolean);
      const emphasise = (now) => {
        for (const element of elements()) element.classList.toggle("now", now);
        if (now && elements().length > 0) reveal(byId("marked"), elements()[0]);
      };
      button.addEventListener("pointerenter", () => emphasise(true));
      button.addEventListener("pointerleave", () => emphasise(false));
      button.addEventListener("focus", () => emphasise(true));
      button.addEventListener("blur", () => emphasise(false));
      button.addEventListener("click", () => {
        emphasise(true);
        elements()[0]?.scrollIntoView({ block: "nearest" });
      });
      return button;
    }
  }

  // Line and column of an offset, in words.
  const placeWords = (offset) => {
    const { line, column } = state.place(offset);
    return `line ${line}, column ${column}`;
  };

  // The parts of an answer.

  const badge = (certainty) => make("span", { class: `badge certainty-${certainty}` }, certainty);

  // The card of the answer: picture, name, certainty, and why in a sentence.
  const card = (certainty, picture, title, under, why) =>
    make("div", { class: `play-card certainty-${certainty}` }, picture,
      make("div", {}, make("h3", { class: "play-title" }, title, " ", badge(certainty)), under, make("p", { class: "play-why" }, why)));

  // What is said of a document that can not be read: why, and where.
  const failureParts = ({ failure, findings }, marks) => {
    const said = marks.pointing(marks.failure, "play-place",
      make("span", {}, ...sentence(failure.message)),
      failure.help ? make("span", {}, ...sentence(failure.help)) : null,
      quiet(placeWords(failure.start)));
    const others = findings.filter(({ rule, start }) => rule !== failure.rule || start !== failure.start);
    return [
      card("unreadable", icon(null, 56), "This can not be read", null, "It is not known what the document is."),
      part("Why", make("ul", { class: "play-rows" }, make("li", {}, said, ruleLink(failure.rule)))),
      others.length > 0 ? findingsPart(others, marks) : null,
    ].filter(Boolean);
  };

  const ruleLink = (rule) => make("a", { class: "play-rule", href: `${root}rules/${rule}/index.html` }, rule);

  // A message as a sentence; what a document holds may be long.
  const sentence = (message) => {
    const text = OatJson.clip(message, 1000);
    return prose(`${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`);
  };

  const answerParts = (item, { answer, findings }, marks) => {
    const entry = state.types.get(answer.type);
    const title = entry ? typeLink(answer.type) : "Unknown type";
    const under = entry ? make("p", { class: "quiet" }, make("bdi", {}, entry.summary)) : null;
    return [
      card(answer.certainty, icon(answer.type, 56), title, under, why(answer)),
      factsPart(item, answer, entry),
      evidencePart(answer, marks),
      answer.type ? null : nearestPart(answer, marks),
      findingsPart(findings, marks),
      candidatesPart(answer),
      rivalsPart(answer),
      printed(answer),
    ].filter(Boolean);
  };

  // One sentence: what is certain, and by what.
  const why = (answer) => {
    const reasons = answer.evidence.slice(0, 2).map((piece) => make("span", {}, condition(piece)));
    if (reasons.length === 0) return [CERTAINTY[answer.certainty]];
    const rest = answer.evidence.length - reasons.length;
    const more = rest > 0 ? `, and ${count(rest, "further piece")} of evidence` : "";
    return [`${CERTAINTY[answer.certainty].slice(0, -1)}: `, ...joined(reasons, rest > 0 ? ", " : " and "), more, "."];
  };

  const pair = (name, ...value) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value));

  // What else there is to say in a word: label, kind of document, rule, facets, sub-types.
  const factsPart = (item, answer, entry) => {
    const shape = OatIdentify.facts(OatJson.value(item.node), state.placeholders).shape;
    const subtypes = new Map((entry?.identify?.subtypes ?? []).map(({ id, title }) => [id, title]));
    const rule = answer.rule?.split("/").at(-1);
    return make("dl", { class: "facts" },
      entry ? pair("Label", make("bdi", {}, entry.label), " ", quiet(code(entry.id))) : null,
      pair("Kind of document", shape ? SHAPES[shape] : "not known"),
      rule && entry ? pair("Rule", make("a", { href: typePage(answer.type, `#rule-${rule}`) }, code(answer.rule))) : null,
      answer.facets.length > 0 ? pair("Facets", joined(answer.facets.map((id) => typeLink(id)))) : null,
      answer.subtypes.length > 0
        ? pair("Sub-types", joined(answer.subtypes.map((id) => make("bdi", {}, subtypes.get(id) ?? id)))) : null);
  };

  const part = (title, ...children) => make("section", {}, make("h3", {}, title), ...children);

  const evidencePart = (answer, marks) => {
    if (answer.evidence.length === 0) return null;
    const more = answer.evidence.length - marks.evidence.length;
    const rows = marks.evidence.map((place, at) => {
      const piece = answer.evidence[at];
      const where = piece.context ? "from what else is known"
        : [piece.pointer === "" ? "its members" : code(piece.pointer), place ? `, ${placeWords(place.start)}` : ""];
      return make("li", {}, marks.pointing(place, "play-place", make("span", {}, condition(piece)), quiet(where)));
    });
    return part("Evidence", make("ul", { class: "play-rows" }, rows), more > 0 ? make("p", { class: "quiet" }, `And ${more} more.`) : null);
  };

  // Types that an unknown document resembles, with what differs.
  const nearestPart = (answer, marks) => {
    if (answer.nearest.length === 0) return null;
    const rows = answer.nearest.map(({ type, found, wanted, pointer, place }, at) => {
      const [mine, other] = differing(found, wanted);
      const span = marks.nearest[at];
      return make("li", {}, make("p", {}, icon(type, 20), " ", typeLink(type)),
        marks.pointing(span, "play-place",
          make("span", {}, "It has ", make("code", {}, other), ` as ${place}.`),
          make("span", {}, "Here is ", make("code", {}, mine), "."),
          quiet(code(pointer), span ? `, ${placeWords(span.start)}` : "")));
    });
    return part("The nearest types", make("ul", { class: "play-rows play-nearest" }, rows));
  };

  // Two texts with the stretch in which they differ set off.
  const differing = (a, b) => {
    if (a === b) return [[OatJson.visible(a)], [OatJson.visible(b)]];
    let head = 0;
    while (head < Math.min(a.length, b.length) && a[head] === b[head]) head += 1;
    let tail = 0;
    while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
    return [a, b].map((text) => {
      const [from, to] = [head, text.length - tail];
      const middle = to > from ? make("strong", {}, OatJson.visible(text.slice(from, to))) : null;
      return [OatJson.visible(text.slice(0, from)), middle, OatJson.visible(text.slice(to))];
    });
  };

  const findingsPart = (findings, marks) => {
    const shown = findings.slice(0, MOST);
    const rows = shown.map((finding) => make("li", {},
      marks.pointing(marks.findings.get(finding), "play-place",
        make("span", {}, make("span", { class: `badge badge-${finding.level}` }, finding.level), " ", ...sentence(finding.message)),
        // What an unknown type is near to stands above.
        finding.help && finding.rule !== "unknown-artifact" ? make("span", {}, ...sentence(finding.help)) : null,
        quiet(finding.pointer ? [code(finding.pointer), ", "] : "", placeWords(finding.start))),
      ruleLink(finding.rule)));
    const more = findings.length - shown.length;
    return part("Findings",
      rows.length > 0 ? make("ul", { class: "play-rows" }, rows) : make("p", {}, "None in its shape and in the structure of its type."),
      more > 0 ? make("p", { class: "quiet" }, `And ${more} more.`) : null,
      make("p", { class: "quiet" }, "Only its shape and the structure of its type are looked at here; ", code("oat lint"), " looks at more."));
  };

  // What the document may be more exactly, by what would decide.
  const candidatesPart = ({ certainty, candidates }) => {
    if (candidates.length === 0) return null;
    const groups = Object.keys(NEEDS).map((need) => [need, candidates.filter(({ needs }) => needs === need)]);
    const shown = groups.filter(([, found]) => found.length > 0).map(([need, found]) => {
      const lead = make("p", {}, `With ${NEEDS[need]} it could turn out to be `, found.length > 6 ? `one of ${found.length} types.` : [...joined(found.map(({ type }) => typeLink(type)), " or "), "."]);
      if (found.length <= 6) return lead;
      const list = make("ul", { class: "play-columns" }, found.map(({ type }) => make("li", {}, typeLink(type))));
      return [lead, make("details", {}, make("summary", {}, `The ${found.length} types`), list)];
    });
    return part(certainty === "family" ? "Members of the family" : "More exactly", shown);
  };

  const rivalsPart = ({ rivals }) => {
    if (rivals.length === 0) return null;
    const rows = rivals.slice(0, MOST).map(({ type, rule, why: reason }) =>
      make("li", {}, typeLink(type, `#rule-${rule.split("/").at(-1)}`), " ", quiet("rule ", code(rule), `: ${reason}`)));
    return part("Other rules that hold", make("p", { class: "quiet" }, "They come later in the order, and the first decides."), make("ul", {}, rows));
  };

  // The answer as the command line prints it.
  const printed = (answer) => {
    const evidence = answer.evidence.map(({ pointer, context, value }) => ({ pointer, context, value }));
    const nearest = answer.nearest?.map(({ type, missing }) => ({ type, missing }));
    const text = JSON.stringify({ ...answer, evidence, nearest }, null, 2);
    return make("details", {}, make("summary", {}, "As ", code("oat identify --explain --format json"), " prints it"),
      make("pre", { tabindex: "0" }, make("code", {}, text.split("\n").map(OatJson.visible).join("\n"))));
  };

  // What else is known.

  // Reads the fields; one that can not be read counts as empty and says why.
  const readContext = () => {
    const tag = fields.tag.value.trim();
    state.context = {
      tag: tag || undefined,
      config: readField("config", (documents) => OatJson.value(documents[0].node), false),
      parent: readField("parent", (documents) => OatJson.value(documents[0].node), true),
      children: readField("children", (documents) => documents.map(({ node }) => OatJson.value(node)), true, true),
    };
  };

  const readField = (name, of, objects, several = false) => {
    const field = fields[name];
    const text = field.value;
    const { form, documents } = OatJson.documents(several ? text : text.trim());
    const found = several || form === "one" ? documents : [{ ...OatJson.read(text) }];
    const bad = found.find(({ node, problems }) =>
      !node || (objects && node.kind !== "object") || problems.some(({ rule }) => rule === "json-trailing-data"));
    const extra = form === "several" && !several;
    const problem = bad?.problems.at(-1) ?? (bad ? { message: "an object is expected", start: bad.start ?? 0 } : extra ? { message: "one value is expected", start: 0 } : null);
    complain(field, problem && text.trim() ? problem : null);
    return problem || documents.length === 0 ? undefined : of(found);
  };

  // Says below a field what is wrong with it.
  const complain = (field, problem) => {
    const id = `${field.id}-problem`;
    document.getElementById(id)?.remove();
    field.toggleAttribute("aria-invalid", false);
    field.removeAttribute("aria-describedby");
    if (!problem) return;
    const { line, column } = OatJson.places(field.value)(problem.start);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    field.after(make("span", { class: "play-problem", id }, ...prose(problem.message), `, at line ${line}, column ${column}.`));
  };

  // The address.

  // What just happened to the address or to files, below the input.
  const note = (text) => {
    if (byId("note").textContent !== text) byId("note").textContent = text;
  };

  // Bytes through a compressing or decompressing stream; null when there are more than `most`.
  const through = async (bytes, stream, most) => {
    const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    const chunks = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      length += value.length;
      if (length > most) {
        await reader.cancel();
        return null;
      }
      chunks.push(value);
    }
  };

  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  };

  const fromBase64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

  // What the address keeps: the input and the fields that are not empty.
  const kept = () => {
    const found = { text: input.value };
    for (const name of FIELDS) {
      if (fields[name].value) found[name] = fields[name].value;
    }
    return found;
  };

  // The fragment for the present input; null when it is too long.
  const fragment = async () => {
    if (state.example) return `#example=${state.example}`;
    const found = kept();
    if (!Object.values(found).some(Boolean)) return "";
    if (typeof CompressionStream === "undefined") return null;
    const bytes = new TextEncoder().encode(JSON.stringify(found));
    if (bytes.length > OatJson.MAX_BYTES) return null;
    const packed = await through(bytes, new CompressionStream("deflate-raw"), MAX_KEPT);
    return packed && `#input=${toBase64(packed)}`;
  };

  let keeping = 0;
  // Writes the input into the address; tells whether it is there.
  const keep = async () => {
    clearTimeout(keeping);
    const run = state.opening;
    const found = await fragment();
    // Meanwhile there may be another input, or another address.
    if (run !== state.opening) return false;
    try {
      history.replaceState(null, "", location.pathname + location.search + (found ?? ""));
    } catch {
      return false;
    }
    // What else the note says stays.
    if (found === null) note(TOO_LONG);
    else if (byId("note").textContent === TOO_LONG) note("");
    return found !== null;
  };

  const keepLater = () => {
    clearTimeout(keeping);
    keeping = setTimeout(keep, 400);
  };

  // What a fragment keeps; it may come from anybody, so it is bounded and every part is checked.
  const unpack = async (packed) => {
    if (!/^[A-Za-z0-9_-]+$/.test(packed) || packed.length > Math.ceil((MAX_KEPT * 4) / 3)) return null;
    try {
      const bytes = await through(fromBase64(packed), new DecompressionStream("deflate-raw"), OatJson.MAX_BYTES);
      const found = bytes && JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
      const names = ["text", ...FIELDS];
      const right = found && Object.keys(found).every((name) => names.includes(name) && typeof found[name] === "string");
      return right ? found : null;
    } catch {
      return null;
    }
  };

  // Takes what the address names into the page.
  const open = async () => {
    const [, kind, found] = /^#(example|input)=(.*)$/s.exec(location.hash) ?? [];
    if (!kind) return;
    clearTimeout(keeping);
    const run = ++state.opening;
    if (kind === "example") {
      await openExample(found, run);
      return;
    }
    const unpacked = await unpack(found);
    if (run !== state.opening) return;
    if (unpacked) fill(unpacked);
    else note("The address of this page names an input that can not be read.");
  };

  // Puts texts into the fields and shows what they are.
  const fill = (texts, example = null) => {
    input.value = texts.text ?? "";
    for (const name of FIELDS) fields[name].value = texts[name] ?? "";
    if (FIELDS.some((name) => texts[name])) byId("context").open = true;
    state.example = example;
    state.selected = 0;
    byId("sample").value = example ?? "";
    // A sample that the list does not have.
    if (byId("sample").selectedIndex < 0) byId("sample").value = "";
    note("");
    update();
  };

  // An example of the catalog, with what else its entry says to be known.
  const openExample = async (path, run) => {
    const [id, file, rest] = path.split("/");
    const entry = rest === undefined && ID.test(id) && FILE.test(file ?? "") ? state.types.get(id) : null;
    const example = entry?.examples?.find((one) => one.file === file);
    if (!example) {
      if (state.mapping) note("The address of this page names an example that the catalog does not have.");
      return;
    }
    const read = async (name) => {
      if (!FILE.test(name)) throw new Error("no file name");
      const response = await fetch(`${root}examples/${id}/${name}`);
      if (!response.ok) throw new Error(String(response.status));
      return response.text();
    };
    const { tag, config, parent, children } = example.context ?? {};
    try {
      const [text, ...others] = await Promise.all([file, config, parent].map((name) => name && read(name)));
      const texts = { text, tag, config: others[0], parent: others[1] };
      if (children) texts.children = (await Promise.all(children.map(read))).join("\n");
      if (run === state.opening) fill(texts, `${id}/${file}`);
    } catch {
      if (run === state.opening) note("The example could not be loaded.");
    }
  };

  // Files.

  // Text of files, each one or more documents; says what can not be read.
  const openFiles = async (files) => {
    const run = ++state.opening;
    const list = [...files];
    if (list.reduce((sum, { size }) => sum + size, 0) > OatJson.MAX_BYTES) {
      note(`The files have more than ${OatJson.MAX_BYTES >> 20} MiB: that is more than this page reads.`);
      return;
    }
    const texts = [];
    for (const file of list) {
      try {
        texts.push(new TextDecoder("utf-8", { fatal: true, ignoreBOM: list.length === 1 }).decode(await file.arrayBuffer()));
      } catch {
        note(`${OatJson.visible(file.name)} is not text in UTF-8.`);
        return;
      }
    }
    if (run !== state.opening || texts.length === 0) return;
    fill({ ...kept(), text: texts.join("\n") });
    keepLater();
  };

  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

  const listenToDrops = () => {
    page.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      page.classList.add("dropping");
    });
    page.addEventListener("dragleave", (event) => {
      if (!page.contains(event.relatedTarget)) page.classList.remove("dropping");
    });
    page.addEventListener("drop", (event) => {
      page.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      openFiles(event.dataTransfer.files);
    });
  };

  // The start.

  let typing = 0;
  const typed = () => {
    state.example = null;
    state.opening += 1;
    byId("sample").value = "";
    if (byId("note").textContent !== TOO_LONG) note("");
    clearTimeout(typing);
    // A long text is read again only when typing pauses.
    typing = setTimeout(update, input.value.length > 200000 ? 300 : 60);
    keepLater();
  };

  const listen = () => {
    for (const field of [input, ...Object.values(fields)]) field.addEventListener("input", typed);
    byId("sample").addEventListener("change", ({ target }) => {
      if (!target.value) return;
      const wanted = `#example=${target.value}`;
      if (location.hash === wanted) open();
      else location.hash = wanted;
    });
    byId("file").addEventListener("change", ({ target }) => {
      openFiles(target.files);
      target.value = "";
    });
    byId("clear").addEventListener("click", () => {
      state.opening += 1;
      fill({});
      keepLater();
      input.focus();
    });
    byId("link").addEventListener("click", copyLink);
    window.addEventListener("hashchange", open);
    listenToDrops();
  };

  const copyLink = async () => {
    if (!(await keep())) return;
    try {
      await navigator.clipboard.writeText(location.href);
      note("Copied. The link holds the document itself.");
    } catch {
      note("The address of this page is the link; it holds the document itself.");
    }
  };

  // Takes the mapping; tells whether it is one that this page understands.
  const take = (mapping) => {
    try {
      state.placeholders = OatIdentify.prepare(mapping).placeholders;
      state.types = new Map(mapping.types.filter(({ id }) => ID.test(id)).map((entry) => [entry.id, entry]));
      state.mapping = mapping;
    } catch {
      state.mapping = null;
    }
    return state.mapping !== null;
  };

  const takeText = (text) => {
    try {
      return take(JSON.parse(text));
    } catch {
      return false;
    }
  };

  // Says that the mapping is missing, and takes one from the disk.
  const askForMapping = (reason) => {
    byId("missing").textContent = reason;
    byId("missing").hidden = false;
    byId("mapping-field").hidden = false;
    byId("mapping").addEventListener("change", async ({ target }) => {
      const text = await target.files[0]?.text();
      if (text === undefined) return;
      if (!takeText(text)) {
        byId("missing").textContent = "This file is no mapping that the page understands.";
        return;
      }
      byId("missing").hidden = true;
      byId("mapping-field").hidden = true;
      update();
    });
  };

  const start = async () => {
    listen();
    if (location.protocol === "file:") {
      askForMapping("Opened from a folder, the page can not load the mapping by itself: browsers do not allow it. "
        + "Choose mediaTypeMappings.json, which lies at the root of this site, or put the site on any web server. Samples need a server.");
      await open();
      return;
    }
    try {
      const response = await fetch(`${root}mediaTypeMappings.json`);
      if (!response.ok || !take(await response.json())) throw new Error("no mapping");
    } catch {
      askForMapping("The mapping could not be loaded. Load the page again, or choose a copy of mediaTypeMappings.json.");
    }
    await open();
    // A browser may have kept what was typed before.
    if (input.value) update();
  };
  start();
})();

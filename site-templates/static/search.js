// Finds types, media types, rules, roles and pages in the index of the search; loaded with it, when it is needed.
"use strict";
(() => {
  // Points of a match, by what it matches.
  const EXACT = 1000;
  const START = 800;
  const ALIAS = 700;
  const WORD = 600;
  const INSIDE = 500;
  const MEDIA = 400;
  const EXTRA = 300;
  const TEXT = 200;
  // With fewer plain matches, words that are spelled nearly so are looked at too.
  const FEW = 3;
  // Kinds in the order in which equals are shown, with their names.
  const KINDS = [
    ["type", "Types"], ["role", "Roles"], ["media", "Media types"], ["rule", "Rules of the linter"], ["page", "Guides and pages"],
  ];
  const RANK = new Map(KINDS.map(([kind], at) => [kind, at]));

  const fold = (text) => text.toLowerCase();
  const wordy = (c) => (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c > "\u007f";
  const wordsOf = (text) => text.split(/[^a-z0-9\u0080-\uffff]+/).filter((word) => word.length > 2);
  // Bits for the letters of a word: an edit changes few of them.
  const letters = (word) => {
    let bits = 0;
    for (let at = 0; at < word.length; at += 1) bits |= 1 << (word.charCodeAt(at) & 31);
    return bits;
  };
  const bitCount = (bits) => {
    let count = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
    return count;
  };

  // What one thing is searched by: names, media types, extras (kind and name) and text, all folded once.
  const item = (kind, url, title, note, { names = [], aliases = [], media = [], extras = [], text = "", icon = "", state = "", demote = 0 }) => {
    const folded = [...new Set([title, ...names].filter(Boolean).map(fold))];
    const also = aliases.map(fold);
    const all = [...folded, ...also, ...media, ...extras.map((extra) => fold(extra[1])), fold(text)].join("\n");
    return { kind, url, title, note, names: [...names, ...aliases], folded, also, media, extras, extra: extras.map((extra) => fold(extra[1])), text, foldedText: fold(text), all, icon, state, demote };
  };

  // Path of the page of a media type, as the site writes it.
  const mediaPage = (name) => `media-types/${encodeURI(name).replace(/#/g, "%23")}/index.html`;

  // The things of the index.
  const read = (index) => {
    const items = index.types.map(([id, title, label, summary, publisher, state, icon, aliases, roles, media, tools, annotations]) =>
      item("type", `types/${id}/index.html`, title, summary, {
        names: [id, label],
        aliases: aliases.filter((alias) => !alias.includes("/")),
        // Some are media types.
        media: [...new Set([...media.map((at) => index.media[at]), ...aliases.filter((alias) => alias.includes("/")).map(fold)])],
        extras: [
          ...tools.map((at) => ["Tool", index.tools[at]]),
          ...annotations.map((at) => ["Annotation", index.annotations[at]]),
          ["Publisher", publisher],
          ...roles.flatMap((at) => [["Role", index.roles[at][0]], ["Role", index.roles[at][1]]]),
        ],
        text: summary,
        icon: `icons/${icon || id}.svg`,
        state,
        demote: state === "deprecated" || state === "withdrawn" ? 15 : 0,
      }));
    items.push(...index.roles.map(([name, title, about]) =>
      item("role", `roles/${name}/index.html`, title, about, { names: [name], text: about, icon: `icons/roles/${name}.svg` })));
    items.push(...index.media.map((name) => {
      const made = item("media", mediaPage(name), name, "", { media: [name] });
      made.folded = [];
      return made;
    }));
    items.push(...index.rules.map(([id, summary]) => item("rule", `rules/${id}/index.html`, id, summary, { text: summary })));
    items.push(...index.pages.map(([url, title, text]) => item("page", url, title, text, { text })));
    return items;
  };

  // More for a word that is nearly the whole of what it was found in.
  const closeness = (word, text) => (40 * word.length) / text.length;

  // Points of a name.
  const nameScore = (name, word) => {
    if (name === word) return EXACT;
    let at = name.indexOf(word);
    if (at === 0) return START + closeness(word, name);
    let best = 0;
    for (; at > 0; at = name.indexOf(word, at + 1)) {
      best = Math.max(best, (wordy(name[at - 1]) ? INSIDE : WORD) + closeness(word, name));
      if (best >= WORD) break;
    }
    return best;
  };

  // Points of a word in a thing: the best of its fields.
  const score = (thing, word) => {
    let best = 0;
    for (const name of thing.folded) best = Math.max(best, nameScore(name, word));
    for (const name of thing.also) {
      const points = nameScore(name, word);
      best = Math.max(best, points >= START && points < EXACT ? points - START + ALIAS : points);
    }
    if (best >= INSIDE) return best;
    for (const media of thing.media) {
      if (!media.includes(word)) continue;
      const whole = media === word || media.slice(media.indexOf("/") + 1) === word;
      best = Math.max(best, whole && thing.kind === "media" ? EXACT : MEDIA + closeness(word, media));
    }
    if (best > 0) return best;
    for (const extra of thing.extra) {
      if (extra.includes(word)) best = Math.max(best, EXTRA + closeness(word, extra));
    }
    if (best > 0) return best;
    const at = thing.foldedText.indexOf(word);
    if (at < 0) return 0;
    return at === 0 || !wordy(thing.foldedText[at - 1]) ? TEXT : TEXT - 50;
  };

  // Points of a query of several words: as one phrase, or of each word.
  const scoreAll = (thing, phrase, words) => {
    let best = score(thing, phrase);
    if (words.length < 2) return best;
    if (thing.all.includes(words.join("-"))) best = Math.max(best, score(thing, words.join("-")));
    let sum = 0;
    for (const word of words) sum += Math.min(score(thing, word), ALIAS);
    return Math.max(best, sum / words.length - 50);
  };

  let items;
  let vocabulary;
  let names;

  // Words of everything but long texts, by which a misspelled word is mended, each with its letters.
  const words = () => {
    if (vocabulary) return vocabulary;
    const known = new Set();
    for (const thing of items) {
      const texts = thing.kind === "page" ? [fold(thing.title)] : [thing.all];
      for (const text of texts) for (const word of wordsOf(text)) known.add(word);
    }
    vocabulary = [...known].map((word) => ({ word, bits: letters(word) }));
    names = new Set(items.flatMap((thing) => [...thing.folded, ...thing.also].flatMap(wordsOf)));
    return vocabulary;
  };

  const rows = [new Uint8Array(80), new Uint8Array(80), new Uint8Array(80)];
  // Edits (insert, delete, replace, swap) from a word to another one or to its beginning, at most `most`; else 9.
  const distance = (from, to, most) => {
    const width = Math.min(to.length, from.length + most);
    let [before, last, row] = rows;
    for (let j = 0; j <= width; j += 1) last[j] = j;
    for (let i = 1; i <= from.length; i += 1) {
      row[0] = i;
      let least = i;
      for (let j = 1; j <= width; j += 1) {
        const same = from[i - 1] === to[j - 1] ? 0 : 1;
        let edits = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) edits = Math.min(edits, before[j - 2] + 1);
        row[j] = edits;
        least = Math.min(least, edits);
      }
      if (least > most) return 9;
      [before, last, row] = [last, row, before];
    }
    const whole = to.length <= width ? last[to.length] : 9;
    let start = 9;
    for (let j = Math.max(from.length - most, 1); j <= width; j += 1) start = Math.min(start, last[j] + 0.5);
    const found = Math.min(whole, start);
    return Math.floor(found) > most ? 9 : found;
  };

  // The words that are spelled nearly like one, the nearest first.
  const near = (term) => {
    const most = term.length < 3 || term.length > 60 ? 0 : term.length < 6 ? 1 : 2;
    if (most === 0) return [];
    const bits = letters(term);
    const found = [];
    for (const known of words()) {
      if (known.word.length < term.length - most || bitCount(bits & ~known.bits) > most) continue;
      const edits = distance(term, known.word, most);
      // A word of names before one of texts; the first letter is seldom wrong.
      if (edits < 9) found.push({ word: known.word, edits: edits + (names.has(known.word) ? 0 : 0.25) + (known.word[0] === term[0] ? 0 : 0.25) });
    }
    return found.sort((a, b) => a.edits - b.edits || a.word.length - b.word.length || (a.word < b.word ? -1 : 1)).slice(0, 8);
  };

  const order = (a, b) => b.points - a.points || RANK.get(a.thing.kind) - RANK.get(b.thing.kind)
    || a.thing.title.length - b.thing.title.length || (a.thing.title < b.thing.title ? -1 : 1);

  // Things in which every word stands as it is.
  const plain = (phrase, terms) => {
    const hits = [];
    for (const thing of items) {
      if (!terms.every((term) => thing.all.includes(term))) continue;
      hits.push({ thing, points: scoreAll(thing, phrase, terms) - thing.demote, marks: terms, nearly: false });
    }
    return hits;
  };

  // Things in which every word stands as it is or nearly so; always below those of the plain search.
  const nearly = (terms, known) => {
    const choices = terms.map((term) => {
      const whole = items.some((thing) => thing.all.includes(term));
      return whole ? [{ word: term, edits: 0 }] : near(term);
    });
    // Every word is known, only not together: then each may also be misspelled.
    if (choices.every((choice) => choice[0]?.edits === 0)) {
      terms.forEach((term, at) => choices[at].push(...near(term).filter((other) => other.word !== term)));
    }
    if (choices.some((choice) => choice.length === 0)) return [];
    const hits = [];
    const mended = choices.map((choice) => choice[0].word);
    for (const thing of items) {
      if (known.has(thing)) continue;
      let sum = 0;
      const marks = [];
      for (const choice of choices) {
        let best = 0;
        let mark = "";
        for (const { word, edits } of choice) {
          if (!thing.all.includes(word)) continue;
          const points = score(thing, word) / 10 - edits * 20;
          if (mark === "" || points > best) [best, mark] = [points, word];
        }
        if (mark === "") break;
        marks.push(mark);
        sum += best;
      }
      if (marks.length < choices.length) continue;
      const phrase = mended.length > 1 && thing.all.includes(mended.join(" ")) ? score(thing, mended.join(" ")) / 10 : 0;
      hits.push({ thing, points: Math.max(sum / choices.length, phrase) - 50 - thing.demote / 10, marks, nearly: true });
    }
    return hits;
  };

  // Part of a long text around the first mark.
  const around = (text, marks) => {
    if (text.length < 160) return text;
    const at = Math.max(0, Math.min(...marks.map((mark) => fold(text).indexOf(mark)).filter((at) => at >= 0), text.length));
    if (at === text.length) return `${text.slice(0, 140).replace(/\s\S*$/, "")} …`;
    const from = at < 60 ? 0 : text.indexOf(" ", at - 50) + 1;
    const end = text.length - from < 150 ? text.length : text.lastIndexOf(" ", from + 140);
    return `${from > 0 ? "… " : ""}${text.slice(from, Math.max(end, at + 20))}${end < text.length ? " …" : ""}`;
  };

  // The line below the title: where a mark stands that the title does not show, else what the thing is.
  const explain = ({ thing, marks }) => {
    const missing = marks.filter((mark) => !fold(thing.title).includes(mark));
    if (missing.length === 0) return ["", around(thing.note, [])];
    const mark = missing[0];
    const name = thing.names.find((name) => fold(name).includes(mark));
    if (name) return [name === thing.names[0] ? "" : "Also: ", name];
    const media = thing.media.find((media) => media.includes(mark));
    if (media && thing.kind !== "media") return ["", media];
    const extra = thing.extras.find(([, text]) => fold(text).includes(mark));
    if (extra) return [`${extra[0]}: `, extra[1]];
    return ["", around(thing.note, missing)];
  };

  // Everything that matches a query, the best first.
  const find = (query) => {
    items ??= read(globalThis.oatSearchIndex);
    const phrase = fold(query.slice(0, 200)).trim().split(/\s+/).join(" ");
    if (phrase === "") return [];
    const terms = [...new Set(phrase.split(" "))].slice(0, 8);
    const hits = plain(phrase, terms);
    if (hits.length < FEW) hits.push(...nearly(terms, new Set(hits.map((hit) => hit.thing))));
    return hits.sort(order);
  };

  // Results by kind, the kind of the best first: name of the kind, results.
  const groups = (hits) => {
    const byKind = new Map();
    for (const hit of hits) {
      if (!byKind.has(hit.thing.kind)) byKind.set(hit.thing.kind, []);
      byKind.get(hit.thing.kind).push(hit);
    }
    return [...byKind].map(([kind, members]) => [KINDS[RANK.get(kind)][1], members]);
  };

  // Text with the marks in elements of their own.
  const marked = (text, marks) => {
    const fragment = document.createDocumentFragment();
    const folded = fold(text);
    let at = 0;
    // Where folding changes the length, positions would be wrong.
    while (folded.length === text.length && at < text.length) {
      let next = -1;
      let length = 0;
      for (const mark of marks) {
        const found = folded.indexOf(mark, at);
        if (found >= 0 && (next < 0 || found < next || (found === next && mark.length > length))) [next, length] = [found, mark.length];
      }
      if (next < 0) break;
      const element = document.createElement("mark");
      element.textContent = text.slice(next, next + length);
      fragment.append(text.slice(at, next), element);
      at = next + length;
    }
    fragment.append(text.slice(at));
    return fragment;
  };

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  // A result as a link with icon, title and a line below; `root` is the address of the site.
  const link = (hit, root) => {
    const { thing, marks } = hit;
    const made = element("a", "result");
    made.href = new URL(thing.url, root).href;
    if (thing.icon) {
      const icon = element("img", "");
      icon.src = new URL(thing.icon, root).href;
      icon.alt = "";
      icon.width = 24;
      icon.height = 24;
      made.append(icon);
    }
    const title = element("span", "result-title", element("bdi", "", marked(thing.title, marks)));
    if (thing.kind === "media" || thing.kind === "rule") title.classList.add("technical");
    if (thing.state) title.append(" ", element("span", `badge badge-${thing.state}`, thing.state));
    const [lead, text] = explain(hit);
    const body = element("span", "result-body", title);
    if (text) body.append(element("span", "result-note", lead, element("bdi", "", marked(text, marks))));
    made.append(body);
    return made;
  };

  globalThis.oatSearch = { find, groups, link };
})();

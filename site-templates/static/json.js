// Reads JSON as `oat` does: strictly, bounded, with the place of every key and value in the text that was given.
"use strict";
const OatJson = (() => {
  const MAX_BYTES = 8 << 20;
  const MAX_DEPTH = 64;
  // Most documents of one input, and most problems of one document that do not end it.
  const MAX_DOCUMENTS = 10000;
  const MAX_PROBLEMS = 1000;
  const PLAIN = /[^"\\\u0000-\u001f]*/y;
  const SPACE = /[ \t\n\r]*/y;
  const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
  const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
  const ESCAPES = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
  const NONCHARACTER = /[\ufdd0-\ufdef\ufffe\uffff]|[\ud83f\ud87f\ud8bf\ud8ff\ud93f\ud97f\ud9bf\ud9ff\uda3f\uda7f\udabf\udaff\udb3f\udb7f\udbbf\udbff][\udffe\udfff]/;
  // What can deceive a reader: controls, invisible and bidirectional formatting, private use and noncharacters.
  const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]|\p{Noncharacter_Code_Point}/gu;

  // Something a text must not contain, with its place: offsets count UTF-16 units.
  class Problem {
    constructor(rule, start, end, message, help = null) {
      Object.assign(this, { rule, start, end, message, help });
    }
  }

  // Text with every deceptive character written as an escape.
  const visible = (text) =>
    text.replace(DECEPTIVE, (c) =>
      ({ "\n": "\\n", "\t": "\\t", "\r": "\\r" })[c] ?? `\\u{${c.codePointAt(0).toString(16)}}`);

  // At most so many characters of a text, with `…` where it was cut.
  const clip = (text, limit) => {
    if (text.length <= limit) return text;
    const start = Array.from(text.slice(0, 2 * limit + 2));
    return start.length > limit ? start.slice(0, limit).join("") + "…" : text;
  };

  const codePoint = (c) => `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

  // How many bytes a text has in UTF-8.
  const byteLength = (text, end = text.length) => {
    let bytes = end;
    for (let at = 0; at < end; at += 1) {
      const unit = text.charCodeAt(at);
      // Both halves of a pair have two bytes each.
      if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
    }
    return bytes;
  };

  const isTooLong = (text) => text.length > MAX_BYTES || (text.length * 3 > MAX_BYTES && byteLength(text) > MAX_BYTES);

  // A reader of one text from a place on; each method consumes what it names, or throws a Problem.
  class Reader {
    constructor(text, at) {
      this.text = text;
      this.at = at;
      this.problems = [];
    }

    // Skips white space and shows the next character, or the empty text at the end.
    peek() {
      SPACE.lastIndex = this.at;
      SPACE.test(this.text);
      this.at = SPACE.lastIndex;
      return this.text.charAt(this.at);
    }

    note(problem) {
      if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
    }

    fail(start, end, message, help) {
      throw new Problem("json-syntax", start, Math.min(end, this.text.length), message, help);
    }

    unexpected(expected) {
      const c = this.peek();
      const whole = c && String.fromCodePoint(this.text.codePointAt(this.at));
      const found = c ? `found \`${visible(whole)}\`` : "the text ends";
      const help = c === "}" || c === "]" ? "JSON allows no comma before a closing bracket"
        : c === "/" || c === "#" ? "JSON has no comments"
          : c === "'" ? "JSON strings stand in double quotes" : null;
      this.fail(this.at, this.at + whole.length, `expected ${expected}, ${found}`, help);
    }

    // A value: its kind, its span, and what it holds.
    value(depth) {
      const c = this.peek();
      const start = this.at;
      if (c === '"') return { kind: "string", start, value: this.string(), end: this.at };
      if (c === "{") return { kind: "object", start, members: this.object(depth), end: this.at };
      if (c === "[") return { kind: "array", start, elements: this.array(depth), end: this.at };
      if (c === "-" || (c >= "0" && c <= "9")) return { kind: "number", start, value: this.number(), end: this.at };
      for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
        if (this.text.startsWith(word, this.at)) {
          this.at += word.length;
          return { kind: "literal", start, value, end: this.at };
        }
      }
      return this.unexpected("a value");
    }

    open(depth) {
      if (depth >= MAX_DEPTH) {
        throw new Problem("json-depth", this.at, this.at + 1, `nested deeper than ${MAX_DEPTH} levels`);
      }
      this.at += 1;
    }

    array(depth) {
      this.open(depth);
      const elements = [];
      if (this.peek() === "]") {
        this.at += 1;
        return elements;
      }
      for (;;) {
        elements.push(this.value(depth + 1));
        const c = this.peek();
        if (c !== "," && c !== "]") this.unexpected("`,` or `]`");
        this.at += 1;
        if (c === "]") return elements;
      }
    }

    // Members in the order of the text; a name that stands twice is noted, and both members stay.
    object(depth) {
      this.open(depth);
      const members = [];
      if (this.peek() === "}") {
        this.at += 1;
        return members;
      }
      const seen = new Map();
      for (;;) {
        if (this.peek() !== '"') this.unexpected("a key in double quotes");
        const keyStart = this.at;
        const key = this.string();
        const keyEnd = this.at;
        if (this.peek() !== ":") this.unexpected("`:` after the key");
        this.at += 1;
        if (seen.has(key)) {
          const problem = new Problem("json-duplicate-names", keyStart, keyEnd,
            `the name \`${visible(key)}\` stands twice in this object`,
            "some readers take the first, others the last: keep one");
          problem.name = key;
          problem.depth = depth;
          this.note(problem);
        }
        seen.set(key, true);
        members.push({ key, keyStart, keyEnd, value: this.value(depth + 1) });
        const c = this.peek();
        if (c !== "," && c !== "}") this.unexpected("`,` or `}`");
        this.at += 1;
        if (c === "}") return members;
      }
    }

    // The text that a string stands for; half surrogate pairs become U+FFFD.
    string() {
      const { text } = this;
      const start = this.at;
      let at = start + 1;
      let value = "";
      for (;;) {
        PLAIN.lastIndex = at;
        PLAIN.test(text);
        const end = PLAIN.lastIndex;
        value += text.slice(at, end);
        at = end;
        const c = text.charAt(at);
        if (c === '"') break;
        if (c === "") this.fail(start, text.length, "a string is not closed");
        if (c !== "\\") {
          this.fail(at, at + 1, `a string holds the raw control character ${codePoint(c)}`, "write it as an escape");
        }
        const [unescaped, length] = this.escape(at);
        value += unescaped;
        at += length;
      }
      this.at = at + 1;
      const bad = NONCHARACTER.exec(value);
      if (bad) {
        this.note(new Problem("json-noncharacter", start, this.at,
          `a string holds the noncharacter ${codePoint(bad[0])}`));
      }
      return value;
    }

    // What an escape stands for, and its length.
    escape(at) {
      const { text } = this;
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) {
        this.fail(at, at + 2, "a string holds a wrong escape",
          'JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits');
      }
      const kind = text.charAt(at + 1);
      if (kind !== "u") return [ESCAPES[kind] ?? kind, 2];
      const unit = parseInt(text.slice(at + 2, at + 6), 16);
      if (unit < 0xd800 || unit > 0xdfff) return [String.fromCharCode(unit), 6];
      const low = /^\\u[dD][c-fC-F][0-9a-fA-F]{2}/.test(text.slice(at + 6, at + 12)) && unit < 0xdc00;
      if (low) return [String.fromCharCode(unit, parseInt(text.slice(at + 8, at + 12), 16)), 12];
      this.note(new Problem("json-lone-surrogate", at, at + 6,
        `the escape \\u${unit.toString(16).padStart(4, "0")} is half of a surrogate pair`,
        "write both halves, or the character itself"));
      return ["\ufffd", 6];
    }

    // A number; an integer that a double can not hold stays whole.
    number() {
      const { text, at } = this;
      NUMBER.lastIndex = at;
      const found = NUMBER.exec(text);
      const end = at + (found?.[0].length ?? 1);
      const next = text.charAt(end);
      if (!found || (next >= "0" && next <= "9")) this.fail(at, end, "not a number of JSON");
      if (next === ".") this.fail(at, end + 1, "a number ends with its point");
      if (next === "e" || next === "E") this.fail(at, end + 1, "a number ends with its exponent sign");
      this.at = end;
      const value = Number(found[0]);
      const integer = found[1] === undefined && found[2] === undefined;
      const message = integer && !Number.isSafeInteger(value)
        ? `the integer ${clip(found[0], 100)} is beyond what a double holds exactly`
        : Number.isFinite(value) ? null : `the number ${clip(found[0], 100)} is beyond a double`;
      if (!message) return value;
      this.note(new Problem("json-number-precision", at, end, message,
        integer ? "readers round it, each in its own way" : null));
      // Converting takes a time that grows with the square of the length.
      return integer && found[0].length < 400 ? BigInt(found[0]) : 0;
    }
  }

  // One value from a place on: its tree or null, where it ends, and the problems, the fatal one last.
  const read = (text, from = 0) => {
    const reader = new Reader(text, from);
    try {
      const node = reader.value(0);
      return { node, end: reader.at, problems: reader.problems };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { node: null, end: error.end, problems: [...reader.problems, error] };
    }
  };

  const skipSpace = (text, at) => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    return SPACE.lastIndex;
  };

  // One document: its span, tree and problems.
  const document = (start, { node, end, problems }) => ({ start: node ? node.start : start, end, node, problems });

  // Values one after the other; text that can not begin a document belongs to the document before it.
  const sequence = (text, from) => {
    const found = [];
    let at = skipSpace(text, from);
    while (at < text.length) {
      if (found.length > 0 && !"{[".includes(text.charAt(at))) {
        found[found.length - 1].problems.push(new Problem("json-trailing-data", at, text.trimEnd().length,
          "text after the end of the document"));
        return { found, broken: true };
      }
      const result = document(at, read(text, at));
      if (!result.node) result.end = text.trimEnd().length;
      found.push(result);
      if (!result.node) return { found, broken: true };
      if (found.length >= MAX_DOCUMENTS) return { found, broken: false, more: skipSpace(text, result.end) < text.length };
      at = skipSpace(text, result.end);
    }
    return { found, broken: false };
  };

  // One document a line; a line that is none does not hide the others.
  const lines = (text, from) => {
    const found = [];
    for (let at = from; at < text.length;) {
      const feed = text.indexOf("\n", at);
      const end = feed < 0 ? text.length : feed;
      const line = text.slice(at, end);
      if (line.trim()) {
        if (found.length >= MAX_DOCUMENTS) return { found, more: true };
        found.push(oneLine(line, at));
      }
      at = end + 1;
    }
    return { found };
  };

  // The document of one line, with places in the whole text.
  const oneLine = (line, offset) => {
    const result = read(line);
    const rest = result.node ? skipSpace(line, result.end) : line.length;
    if (rest < line.length) {
      result.problems.push(new Problem("json-trailing-data", rest, line.trimEnd().length, "text after the end of the document"));
    }
    for (const problem of result.problems) shift(problem, offset);
    if (result.node) move(result.node, offset);
    const start = offset + skipSpace(line, 0);
    return { start, end: offset + line.trimEnd().length, node: result.node, problems: result.problems };
  };

  const shift = (span, by) => {
    span.start += by;
    span.end += by;
  };

  // Moves every span of a tree.
  const move = (node, by) => {
    shift(node, by);
    for (const element of node.elements ?? []) move(element, by);
    for (const member of node.members ?? []) {
      member.keyStart += by;
      member.keyEnd += by;
      move(member.value, by);
    }
  };

  // The elements of an array as documents, each with its own problems.
  const elements = ({ node, problems }) => {
    let next = 0;
    return node.elements.slice(0, MAX_DOCUMENTS).map(({ start, end }, index) => {
      const own = [];
      for (; next < problems.length && problems[next].start < end; next += 1) {
        own.push(Object.assign(problems[next], { depth: problems[next].depth - 1 }));
      }
      return { start, end, node: node.elements[index], problems: own };
    });
  };

  // The documents of a text: one, a stream with one a line, several one after the other, or the elements of one array.
  const documents = (text) => {
    if (isTooLong(text)) {
      const problem = new Problem("json-input-size", 0, 0, `the text has more than ${MAX_BYTES} bytes`);
      return { form: "one", more: false, documents: [{ start: 0, end: 0, node: null, problems: [problem] }] };
    }
    const bom = text.startsWith("\ufeff") ? 1 : 0;
    const whole = sequence(text, bom);
    let { found, more } = whole;
    let form = found.length > 1 ? "several" : "one";
    if (whole.broken) {
      const feed = text.indexOf("\n", skipSpace(text, bom));
      const first = feed < 0 ? null : oneLine(text.slice(bom, feed), bom);
      if (first?.node && !first.problems.some((problem) => problem.rule === "json-trailing-data") && text.slice(feed).trim()) {
        ({ found, more } = lines(text, bom));
        form = "several";
      }
    } else if (found.length === 1 && found[0].node.kind === "array") {
      more = found[0].node.elements.length > MAX_DOCUMENTS;
      form = "array";
      found = elements(found[0]);
    }
    if (bom && found.length > 0) {
      found[0].problems.unshift(new Problem("json-bom", 0, 1, "the text begins with a byte order mark",
        "save the file as UTF-8 without BOM; RFC 8259 section 8.1 forbids it"));
    }
    return { form, more: Boolean(more), documents: found };
  };

  // The plain value of a tree. Objects have no prototype, so that no name has a meaning of its own; of a name that
  // stands twice the last counts.
  const value = (node) => {
    if (node.kind === "array") return node.elements.map(value);
    if (node.kind !== "object") return node.value;
    const plain = Object.create(null);
    for (const member of node.members) plain[member.key] = value(member.value);
    return plain;
  };

  // The keys of a JSON pointer (RFC 6901).
  const keys = (pointer) => pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

  // A key as part of a JSON pointer.
  const escapeKey = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");

  // The members of an object by key, the last of each; found once, so that many look-ups in a large object stay quick.
  const indexes = new WeakMap();
  const membersOf = (node) => {
    if (!indexes.has(node)) indexes.set(node, new Map(node.members.map((member) => [member.key, member])));
    return indexes.get(node);
  };

  // What stands at a pointer: the value, and its member when it has a key; null when nothing does.
  const at = (root, pointer) => {
    let found = { value: root, member: null };
    for (const key of keys(pointer)) {
      const { kind, elements } = found.value;
      const member = kind === "object" ? membersOf(found.value).get(key) : null;
      const element = kind === "array" && /^(0|[1-9][0-9]{0,8})$/.test(key) ? elements[Number(key)] : null;
      if (!member && !element) return null;
      found = { value: member ? member.value : element, member };
    }
    return found;
  };

  // A function from an offset to line and column, both from 1; columns count characters.
  const places = (text) => {
    const starts = [0];
    for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) starts.push(feed + 1);
    return (offset) => {
      let low = 0;
      for (let high = starts.length; high - low > 1;) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= offset) low = middle;
        else high = middle;
      }
      const before = text.slice(starts[low], offset);
      const pairs = before.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
      return { line: low + 1, column: before.length - pairs + 1 };
    };
  };

  return { MAX_BYTES, MAX_DEPTH, MAX_DOCUMENTS, read, documents, value, at, keys, escapeKey, places, byteLength, visible, clip };
})();
if (typeof module === "object") module.exports = OatJson;

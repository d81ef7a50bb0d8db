// Holds a document against its own shape and the structure of its type: the findings of `oat lint` that need no more.
"use strict";
const OatFindings = (() => {
  const { at, clip, escapeKey, value, visible } = typeof module === "object" ? require("./json.js") : OatJson;
  const { facts, MANIFESTS } = typeof module === "object" ? require("./identify.js") : OatIdentify;
  // The rules of this file and of the reader, each with its level.
  const RULES = {
    "ambiguous-artifact-manifest": "warning",
    "ambiguous-manifest-index": "error",
    "ambiguous-schema1": "error",
    "foreign-artifact-type": "warning",
    "foreign-child": "warning",
    "foreign-config": "warning",
    "foreign-layer": "warning",
    "foreign-shape": "warning",
    "former-media-type": "warning",
    "json-bom": "error",
    "json-depth": "error",
    "json-duplicate-names": "error",
    "json-input-size": "error",
    "json-lone-surrogate": "warning",
    "json-noncharacter": "warning",
    "json-number-precision": "warning",
    "json-syntax": "error",
    "json-top-level-object": "error",
    "json-trailing-data": "error",
    "malformed-annotation": "warning",
    "media-type-absent-ambiguous": "warning",
    "media-type-structure-mismatch": "error",
    "missing-annotation": "warning",
    "missing-artifact-type": "warning",
    "missing-child": "warning",
    "missing-layer": "warning",
    "missing-subject": "warning",
    "surplus-child": "warning",
    "surplus-layer": "warning",
    "unexpected-subject": "warning",
    "unknown-artifact": "info",
    "unknown-shape": "error",
    "withdrawn-type": "warning",
  };
  // Members that identification looks at: what a document is depends on the reader when one stands twice.
  const LOOKED_AT = ["mediaType", "artifactType", "config", "layers", "blobs", "manifests", "annotations", "subject", "fsLayers"];
  // Most findings of one rule for one list of a document.
  const MOST = 100;
  // A longer value is not held against a pattern: its time may grow faster than the length.
  const MAX_VALUE = 10000;

  // Text of the document as messages quote it: short, and visible.
  const show = (text) => visible(clip(text, 100));

  // Collects findings, each with its place in the text.
  class Report {
    constructor(root) {
      this.root = root;
      this.findings = [];
    }

    // A finding at the key or the value at a pointer, or at the nearest place above it.
    push(rule, pointer, part, message, help = null) {
      const [start, end] = this.span(pointer, part);
      this.findings.push({ rule, level: RULES[rule], pointer, message, help, start, end });
    }

    span(pointer, part) {
      const found = at(this.root, pointer);
      if (!found) return this.span(pointer.slice(0, pointer.lastIndexOf("/")), "key");
      if (part === "value") return [found.value.start, found.value.end];
      if (found.member) return [found.member.keyStart, found.member.keyEnd];
      // What is missed in the whole document is missed at its beginning.
      return pointer === "" ? [this.root.start, this.root.start] : [found.value.start, found.value.end];
    }
  }

  // What the reader found, as findings.
  const ofText = ({ problems }) =>
    problems.map(({ rule, start, end, message, help }) => ({ rule, level: RULES[rule], pointer: null, message, help, start, end }));

  // The problem because of which a document can not be identified; null when it can.
  const unreadable = ({ node, problems }) => {
    if (!node) return problems.at(-1);
    if (node.kind !== "object") {
      return { rule: "json-top-level-object", start: node.start, end: node.end, message: `the document is ${article(node)}`,
        help: "give one manifest or index, a JSON object" };
    }
    const looked = (problem) => problem.rule === "json-trailing-data"
      || (problem.rule === "json-duplicate-names" && problem.depth === 0 && LOOKED_AT.includes(problem.name));
    return problems.find(looked) ?? null;
  };

  const article = ({ kind, value }) =>
    kind === "array" ? "an array" : kind === "literal" && value !== null ? "a boolean" : kind === "literal" ? "null" : `a ${kind}`;

  // What the body has, and what follows from it: messages name members as the document spells them.
  const body = (document) => {
    const has = (name) => Object.hasOwn(document, name);
    const list = (name) => (has(name) && Array.isArray(document[name]) ? name : null);
    const object = has("config") && document.config !== null && typeof document.config === "object" && !Array.isArray(document.config);
    const [manifests, layers, blobs, fsLayers] = ["manifests", "layers", "blobs", "fsLayers"].map(list);
    const config = object ? "config" : null;
    const manifest = layers ?? config;
    const written = has("mediaType") && typeof document.mediaType === "string" ? document.mediaType : "";
    const alone = [manifest, manifests, blobs, fsLayers].filter(Boolean);
    const kinds = new Map([[manifest, "manifest"], [manifests, "index"], [blobs, "artifact"], [fsLayers, "schema1"]]);
    const kind = alone.length === 1 ? kinds.get(alone[0]) : alone.length === 0 ? BY_MEDIA_TYPE[written] ?? null : null;
    return { has, manifests, layers, blobs, fsLayers, config, manifest, written, kind };
  };

  const BY_MEDIA_TYPE = {
    "__proto__": null,
    "application/vnd.oci.artifact.manifest.v1+json": "artifact",
    "application/vnd.cncf.oras.artifact.manifest.v1+json": "artifact",
    "application/vnd.oci.image.manifest.v1+json": "manifest",
    "application/vnd.oci.image.index.v1+json": "index",
  };

  // By kind: what it is, and the media types that it may bear.
  const KINDS = {
    index: ["an index", "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"],
    manifest: ["a manifest", "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"],
    schema1: ["Docker schema 1", "application/vnd.docker.distribution.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.v1+prettyjws"],
    artifact: ["an artifact manifest", "application/vnd.oci.artifact.manifest.v1+json",
      "application/vnd.cncf.oras.artifact.manifest.v1+json"],
  };

  // What kind of document it is: manifest, index, or a riddle that two readers solve differently.
  const kindOf = (report, document) => {
    const { has, manifests, blobs, fsLayers, manifest, written, kind } = body(document);
    const key = (rule, name, message, help) => report.push(rule, name && `/${name}`, "key", message, help);
    if (manifests && manifest) {
      key("ambiguous-manifest-index", manifest, `\`${manifest}\` stands beside \`manifests\``,
        "keep `config` and `layers` for a manifest, or `manifests` for an index");
    }
    const other = manifests ?? manifest;
    if (blobs && other) {
      key("ambiguous-artifact-manifest", blobs, `\`blobs\` of an artifact manifest stands beside \`${other}\``,
        `remove \`blobs\`; what it lists belongs into \`${manifests ? "manifests" : "layers"}\``);
    }
    const stray = has("mediaType") ? null
      : kind === "manifest" ? ["manifests"].find(has)
        : kind === "index" ? ["layers", "config"].find(has) : null;
    if (stray) {
      key("media-type-absent-ambiguous", stray,
        `\`${stray}\` does not belong to ${KINDS[kind][0]}, and no \`mediaType\` tells what this is`,
        `remove \`${stray}\`, and add \`mediaType\``);
    }
    if (!kind && fsLayers && (manifests || manifest || blobs)) {
      key("ambiguous-schema1", fsLayers, "`fsLayers` of Docker schema 1 stands beside another kind of content", "remove `fsLayers`");
    }
    if (!kind && !fsLayers && !manifests && !manifest && !blobs) {
      key("unknown-shape", "", "neither a manifest nor an index: there is no `config`, `layers` or `manifests`",
        "give the manifest itself, not its config blob or descriptor");
    }
    if (kind && MANIFESTS.has(written) && !KINDS[kind].includes(written)) {
      report.push("media-type-structure-mismatch", "/mediaType", "value", `\`${written}\`, but the body is ${KINDS[kind][0]}`,
        `write \`${KINDS[kind][1]}\``);
    }
  };

  // Whether a media type of an entry is the found one; a final `*` stands for any ending.
  const covers = (known, found) => (known.endsWith("*") ? found.startsWith(known.slice(0, -1)) : known === found);

  // What was expected, in words.
  const oneOf = (mediaTypes) => {
    const [first, second] = mediaTypes;
    if (mediaTypes.length === 0) return "see the type's page";
    if (mediaTypes.length === 1) return `expected \`${first}\``;
    if (mediaTypes.length === 2) return `expected \`${first}\` or \`${second}\``;
    return `expected \`${first}\`, \`${second}\` or one of ${mediaTypes.length - 2} more`;
  };

  const patterns = new Map();

  // Whether a pattern matches the whole value. One that the browser can not read says nothing about the document.
  const matchesWhole = (pattern, text) => {
    if (text.length > MAX_VALUE) return true;
    if (!patterns.has(pattern)) {
      try {
        patterns.set(pattern, new RegExp(`^(?:${pattern})$`, "u"));
      } catch {
        patterns.set(pattern, null);
      }
    }
    return patterns.get(pattern)?.test(text) ?? true;
  };

  // The document against the structure of the entry that it is.
  class Checker {
    constructor(report, entry, read, placeholders) {
      const former = entry.formerMediaTypes ?? [];
      Object.assign(this, { report, entry, facts: read, placeholders, title: entry.title, former });
    }

    push(rule, pointer, part, message, help) {
      this.report.push(rule, pointer, part, message, help);
    }

    // A type that should no longer be written.
    withdrawn() {
      const { status, replacedBy } = this.entry;
      if (status.state !== "deprecated" && status.state !== "withdrawn") return;
      const since = status.since ? ` since ${status.since}` : "";
      this.push("withdrawn-type", "", "key", `${this.title} is ${status.state}${since}`,
        replacedBy ? `use \`${replacedBy}\`` : status.reason ?? "");
    }

    structure(structure) {
      const { shape, subject } = this.facts;
      if (shape && !structure.shapes.includes(shape)) {
        this.push("foreign-shape", "", "key", `${this.title} in a document of shape ${shape}`,
          `the type is defined for ${structure.shapes.join(", ")}`);
        return;
      }
      this.artifactType(structure.artifactType);
      this.config(structure.config);
      this.layers(structure.layers ?? [], structure.otherLayers ?? "forbidden");
      this.children(structure.manifests ?? []);
      this.annotations(structure.annotations ?? [], this.facts.annotations, "");
      if (structure.subject === "required" && !subject) {
        this.push("missing-subject", "/subject", "key", `${this.title} without \`subject\``,
          "add the descriptor of what it is attached to");
      }
      if (structure.subject === "forbidden" && subject) {
        this.push("unexpected-subject", "/subject", "key",
          `${this.title} is not attached to anything, but there is a \`subject\``, "remove `subject`");
      }
    }

    artifactType(property) {
      const found = this.facts.artifactType ?? (property ? this.facts.placeholder : null);
      if (!found) {
        if (property?.presence === "required") {
          this.push("missing-artifact-type", "/artifactType", "key", `${this.title} without \`artifactType\``,
            oneOf(property.mediaTypes ?? []));
        }
        return;
      }
      const known = property?.mediaTypes ?? [];
      if (!property || property.presence === "forbidden") {
        this.push("foreign-artifact-type", "/artifactType", "value",
          `\`${show(found)}\`, but ${this.title} has no \`artifactType\``, "leave `artifactType` out");
      } else if (known.length > 0 && !this.known(known, found, "artifact-type")) {
        this.push("foreign-artifact-type", "/artifactType", "value",
          `\`${show(found)}\` is no \`artifactType\` of ${this.title}`, oneOf(known));
      }
    }

    config(part) {
      const found = this.facts.config?.mediaType;
      if (!part || typeof found !== "string" || this.known(part.mediaTypes, found, "config")) return;
      this.push("foreign-config", "/config/mediaType", "value",
        `\`${show(found)}\` is no config media type of ${this.title}`, oneOf(part.mediaTypes));
    }

    // Whether a value is one of a part's media types, or a former one in that place.
    known(mediaTypes, found, place) {
      return mediaTypes.some((known) => covers(known, found))
        || this.former.some((former) => former.place === place && former.mediaType === found);
    }

    isIndex() {
      return this.facts.shape === "oci-index" || this.facts.shape === "docker-manifest-list";
    }

    layers(parts, others) {
      if (this.isIndex() || (parts.length === 0 && others !== "forbidden")) return;
      const list = `/${this.facts.layersName}`;
      const counts = parts.map(() => 0);
      let foreign = 0;
      for (const [index, layer] of this.facts.layers.entries()) {
        const found = layer.mediaType ?? "";
        const place = parts.findIndex((part) => this.layerIs(part, found));
        const pointer = `${list}/${index}`;
        if (place >= 0) {
          const part = parts[place];
          counts[place] += 1;
          if (counts[place] === part.max + 1) {
            this.push("surplus-layer", `${pointer}/mediaType`, "value",
              `${this.title} has more than ${part.max} of layer \`${part.role}\``, "keep as many as the type allows");
          }
          this.annotations(part.annotations ?? [], layer.annotations, pointer);
        } else if (others === "forbidden" && !this.placeholders.has(layer.mediaType) && foreign < MOST) {
          foreign += 1;
          const known = parts.flatMap((part) => part.mediaTypes);
          this.push("foreign-layer", `${pointer}/mediaType`, "value",
            `\`${show(found)}\` is no layer media type of ${this.title}`,
            known.length === 0 ? "the type has no layers" : oneOf(known));
        }
      }
      for (const [place, part] of parts.entries()) {
        if (counts[place] < (part.min ?? 0)) {
          this.push("missing-layer", list, "key", `${this.title} without its layer \`${part.role}\``,
            `add a layer of media type \`${part.mediaTypes[0]}\``);
        }
      }
    }

    layerIs(part, found) {
      const former = ({ place, mediaType, successor }) =>
        place === "layer" && mediaType === found && (!successor || part.mediaTypes.includes(successor));
      return part.mediaTypes.some((known) => covers(known, found)) || this.former.some(former);
    }

    children(parts) {
      if (parts.length === 0 || !this.isIndex()) return;
      const counts = parts.map(() => 0);
      let foreign = 0;
      for (const [index, child] of this.facts.manifests.entries()) {
        const found = child.mediaType ?? "";
        const place = childPart(parts, found, child.artifactType);
        if (place >= 0) {
          counts[place] += 1;
        } else if (foreign < MOST) {
          foreign += 1;
          this.push("foreign-child", `/manifests/${index}/mediaType`, "value",
            `\`${show(found)}\` is no child of ${this.title}`, oneOf(parts.flatMap((part) => part.mediaTypes)));
        }
      }
      for (const [place, part] of parts.entries()) {
        if (counts[place] < (part.min ?? 0)) {
          this.push("missing-child", "/manifests", "key", `${this.title} without its child \`${part.role}\``, oneOf(part.mediaTypes));
        }
        if (counts[place] > part.max) {
          this.push("surplus-child", "/manifests", "key",
            `${this.title} has ${counts[place]} of child \`${part.role}\`, ${part.max} allowed`, "keep as many as the type allows");
        }
      }
    }

    annotations(parts, found, pointer) {
      for (const { key, pattern, presence, description } of parts) {
        const text = Object.hasOwn(found, key) && typeof found[key] === "string" ? found[key] : null;
        const place = `${pointer}/annotations/${escapeKey(key)}`;
        if (text === null) {
          if (presence === "required") {
            this.push("missing-annotation", place, "key", `the annotation \`${key}\` is missing`, description ?? "add it");
          }
        } else if (pattern && !matchesWhole(pattern, text)) {
          this.push("malformed-annotation", place, "value",
            `the value \`${show(text)}\` of \`${key}\` does not match \`${pattern}\``, description ?? "see the type's page");
        }
      }
    }

    // Media types that the type gave up.
    formerMediaTypes() {
      for (const former of this.former) {
        const since = former.since ? ` since ${former.since}` : "";
        const help = former.successor ? `its successor${since} is \`${former.successor}\`` : former.note ?? "it has no successor";
        for (const pointer of this.places(former)) {
          this.push("former-media-type", pointer, "value",
            `\`${former.mediaType}\` is a former media type of ${this.title}`, help);
        }
      }
    }

    // Where a former media type stands in the document.
    places({ place, mediaType }) {
      const { artifactType, config, layers, layersName, manifests } = this.facts;
      const single = { "artifact-type": [artifactType, "/artifactType"], config: [config?.mediaType, "/config/mediaType"],
        manifest: [this.facts.mediaType, "/mediaType"] }[place];
      if (single) return single[0] === mediaType ? [single[1]] : [];
      const [name, members] = place === "layer" ? [layersName, layers] : ["manifests", manifests];
      const found = [...members.keys()].filter((index) => members[index].mediaType === mediaType);
      return found.slice(0, MOST).map((index) => `/${name}/${index}/mediaType`);
    }
  }

  // The part that a child is: one that names its `artifactType`, else one that names none, else one of its media type
  // when the child says nothing more.
  const childPart = (parts, mediaType, artifactType) => {
    const find = (test) =>
      parts.findIndex((part) => part.mediaTypes.some((known) => covers(known, mediaType)) && test(part.artifactTypes ?? []));
    for (const test of [
      (names) => artifactType !== null && names.some((known) => covers(known, artifactType)),
      (names) => names.length === 0,
      () => artifactType === null,
    ]) {
      const found = find(test);
      if (found >= 0) return found;
    }
    return -1;
  };

  // Everything that is wrong with a document; `types` are the entries by id, `answer` is what it is when that can be said,
  // `placeholders` are the media types that say nothing.
  const check = (document, types, answer, placeholders) => {
    const found = ofText(document);
    const failure = unreadable(document);
    if (failure && !found.some(({ rule, start }) => rule === failure.rule && start === failure.start)) {
      found.push({ ...failure, level: RULES[failure.rule], pointer: "" });
    }
    if (document.node?.kind !== "object") return found;
    const report = new Report(document.node);
    kindOf(report, first(document.node));
    if (!failure) ofType(report, value(document.node), types.get(answer.type), answer, placeholders);
    return [...found, ...report.findings];
  };

  // The plain members of an object; of a name that stands twice the first.
  const first = ({ members }) => {
    const plain = Object.create(null);
    for (const member of members.toReversed()) plain[member.key] = value(member.value);
    return plain;
  };

  // What the type of a document asks for.
  const ofType = (report, plain, entry, answer, placeholders) => {
    const read = facts(plain, placeholders);
    if (entry) {
      const checker = new Checker(report, entry, read, placeholders);
      checker.withdrawn();
      // The family's structure is what its members share; a member may have more.
      if (entry.structure && answer.certainty === "exact") checker.structure(entry.structure);
      checker.formerMediaTypes();
    } else if (read.shape) {
      const near = answer.nearest?.[0];
      report.push("unknown-artifact", "", "key", "the catalog knows no type with these marks",
        near ? `the nearest is \`${near.type}\`, which has ${near.missing}` : null);
    }
  };

  return { RULES, check, unreadable };
})();
if (typeof module === "object") module.exports = OatFindings;

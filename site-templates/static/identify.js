// Says what a manifest or index is, from nothing but `mediaTypeMappings.json`: the answers of `oat identify --explain`.
//
// For pages and for Node; it touches neither the page nor the network.
"use strict";
const OatIdentify = (() => {
  const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  const DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  const DOCKER_IMAGE_CONFIG = "application/vnd.docker.container.image.v1+json";
  const MANIFESTS = new Set([
    OCI_MANIFEST,
    "application/vnd.oci.image.index.v1+json",
    DOCKER_MANIFEST,
    DOCKER_MANIFEST_LIST,
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.oci.artifact.manifest.v1+json",
    "application/vnd.cncf.oras.artifact.manifest.v1+json",
  ]);
  // Media types that many types share; none of them tells a type by itself.
  const GENERIC = new Set([
    ...MANIFESTS,
    "application/vnd.oci.image.config.v1+json",
    DOCKER_IMAGE_CONFIG,
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    "application/vnd.oci.empty.v1+json",
    "application/json",
    "application/yaml",
    "application/octet-stream",
    "application/gzip",
    "application/x-tar",
    "application/tar+gzip",
    "application/zip",
    "text/plain",
    "text/markdown",
  ]);
  const NEEDS = ["config", "tag", "parent", "children", "manifest"];
  const LISTS = ["layers", "manifests", "children"];

  // The document.

  const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  // A value of another kind than expected counts as absent: identification never fails.
  const members = (value) => (isObject(value) ? value : {});
  const elements = (value) => (Array.isArray(value) ? value : []);
  const string = (value) => (typeof value === "string" ? value : null);
  const count = (value) =>
    (typeof value === "number" && Number.isInteger(value)) || typeof value === "bigint" ? (value >= 0 ? value : null) : null;
  const annotation = (annotations, key) => string(own(annotations, key));

  // A media type as it is compared: lower case, without parameters and white space around it.
  const normalise = (value) => {
    if (typeof value !== "string") return null;
    if (!/[A-Z;\u0000- ]/.test(value)) return value;
    const bare = value.split(";", 1)[0].replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
    return bare.replace(/[A-Z]/g, (c) => c.toLowerCase());
  };

  // The values of a descriptor; null when no object stands there. Placeholders say nothing as `artifactType`.
  const descriptor = (value, placeholders) => {
    if (!isObject(value)) return null;
    const artifactType = normalise(own(value, "artifactType"));
    const platform = own(value, "platform");
    return {
      mediaType: normalise(own(value, "mediaType")),
      artifactType: placeholders.has(artifactType) ? null : artifactType || null,
      digest: string(own(value, "digest")),
      size: count(own(value, "size")),
      annotations: members(own(value, "annotations")),
      platform: isObject(platform) ? {
        os: string(own(platform, "os")),
        architecture: string(own(platform, "architecture")),
        features: elements(own(platform, "os.features")).filter((feature) => typeof feature === "string"),
      } : null,
    };
  };

  const descriptors = (value, placeholders) =>
    elements(value).map((member) => descriptor(member, placeholders) ?? descriptor({}, placeholders));

  // The values of a document that rules may look at.
  const facts = (value, placeholders) => {
    const document = members(value);
    const artifactType = normalise(own(document, "artifactType")) || null;
    const config = descriptor(own(document, "config"), placeholders);
    // `layers` and the `blobs` of an artifact manifest are one list, `layers` first.
    const names = ["layers", "blobs"].filter((name) => Object.hasOwn(document, name));
    const read = {
      mediaType: normalise(own(document, "mediaType")),
      artifactType: placeholders.has(artifactType) ? null : artifactType,
      placeholder: placeholders.has(artifactType) ? artifactType : null,
      config,
      configSaysNothing: placeholders.has(config?.mediaType),
      subject: descriptor(own(document, "subject"), placeholders),
      layers: names.flatMap((name) => descriptors(document[name], placeholders)),
      layersName: names.includes("blobs") ? "blobs" : "layers",
      manifests: descriptors(own(document, "manifests"), placeholders),
      annotations: members(own(document, "annotations")),
    };
    return { shape: shape(document, read), ...read };
  };

  // The kind of document: by its body first, the written mediaType only for what the body leaves open.
  const shape = (document, { mediaType, config }) => {
    const has = (name) => Array.isArray(own(document, name));
    const manifest = config !== null || has("layers");
    if (has("manifests")) {
      if (manifest || has("blobs") || has("fsLayers")) return null;
      return mediaType === DOCKER_MANIFEST_LIST ? "docker-manifest-list" : "oci-index";
    }
    if (has("fsLayers")) return manifest ? null : "docker-schema1";
    if (manifest) {
      const docker = mediaType === DOCKER_MANIFEST
        || (mediaType !== OCI_MANIFEST && config?.mediaType === DOCKER_IMAGE_CONFIG);
      return docker ? "docker-manifest" : "oci-manifest";
    }
    if (mediaType === "application/vnd.cncf.oras.artifact.manifest.v1+json") return "oras-artifact-manifest";
    return mediaType === "application/vnd.oci.artifact.manifest.v1+json" ? "oci-artifact-manifest" : null;
  };

  // What the caller has besides; what is undefined the caller does not have.
  const surroundings = ({ tag, config, parent, children } = {}, placeholders) => ({
    tag: string(tag),
    config,
    parent: descriptor(parent, placeholders),
    children: elements(children).map((child) => facts(child, placeholders)),
    hopeful: false,
  });

  // The value at a JSON pointer into the config blob, as text.
  const blobText = (blob, pointer) => {
    if (pointer !== "" && !pointer.startsWith("/")) return null;
    let value = blob;
    for (const escaped of pointer.split("/").slice(1)) {
      const key = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
      if (Array.isArray(value)) value = /^(0|[1-9][0-9]*)$/.test(key) ? value[Number(key)] : undefined;
      else value = isObject(value) ? own(value, key) : undefined;
      if (value === undefined) return null;
    }
    return typeof value === "string" ? value : sorted(value);
  };

  // A value as compact JSON with sorted keys.
  const sorted = (value) => {
    if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
    if (typeof value === "bigint") return String(value);
    if (!isObject(value)) return JSON.stringify(value);
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${sorted(value[key])}`).join(",")}}`;
  };

  // Predicates, read from `when`: all, any, not, each and test.

  const parse = (when, member = false) => {
    const json = JSON.stringify(when);
    if (when.all) return { op: "all", json, parts: when.all.map((part) => parse(part, member)) };
    if (when.any) return { op: "any", json, parts: when.any.map((part) => parse(part, member)) };
    if (when.not) return { op: "not", json, part: parse(when.not, member) };
    const list = LISTS.find((name) => when[name]);
    if (list) return { op: "each", json, list, quantifier: when[list], part: parse(when.match, list !== "children") };
    const condition = ["equals", "oneOf", "prefix", "present"].find((name) => when[name] !== undefined);
    if (!condition || !(member ? OF_DESCRIPTOR : OF_DOCUMENT)[when.field]) {
      throw new Error(`unknown condition ${json}: the mapping is newer than this program`);
    }
    return { op: "test", json, field: when.field, key: when.key ?? "", condition, value: when[condition] };
  };

  const says = (config, nothing) => (config && nothing ? config.mediaType : null);

  // A function for each field: the value, a pointer to it, and for evidence another value where the two differ.
  const OF_DOCUMENT = {
    "shape": { value: (f) => f.shape, at: () => "" },
    "mediaType": { value: (f) => f.mediaType, at: () => "/mediaType" },
    "artifactType": { value: (f) => f.artifactType, at: () => "/artifactType" },
    "placeholder.artifactType": { value: (f) => f.placeholder, at: () => "/artifactType" },
    "annotations": { value: (f, c, key) => annotation(f.annotations, key), at: (f, key) => `/annotations/${escapeKey(key)}` },
    "config.mediaType": { value: (f) => says(f.config, !f.configSaysNothing), at: () => "/config/mediaType" },
    "placeholder.config.mediaType": { value: (f) => says(f.config, f.configSaysNothing), at: () => "/config/mediaType" },
    "config.size": { number: true, value: (f) => f.config?.size ?? null, at: () => "/config/size" },
    "config.digest": { value: (f) => f.config?.digest ?? null, at: () => "/config/digest" },
    "config.annotations": {
      value: (f, c, key) => (f.config ? annotation(f.config.annotations, key) : null),
      at: (f, key) => `/config/annotations/${escapeKey(key)}`,
    },
    "subject": {
      value: (f) => (f.subject ? f.subject.mediaType ?? "" : null),
      shown: (f) => f.subject?.mediaType ?? null,
      at: () => "/subject",
    },
    "layers.count": { number: true, value: (f) => f.layers.length, at: (f) => `/${f.layersName}` },
    "manifests.count": { number: true, value: (f) => f.manifests.length, at: () => "/manifests" },
    "context.tag": { given: (c) => c.tag !== null, value: (f, c) => c.tag },
    "context.config": { given: (c) => c.config !== undefined, value: (f, c, key) => blobText(c.config, key) },
    "context.parent.artifactType": { given: (c) => c.parent !== null, value: (f, c) => c.parent.artifactType },
    "context.parent.annotations": {
      given: (c) => c.parent !== null,
      value: (f, c, key) => annotation(c.parent.annotations, key),
    },
    "context.parent.platform.os": {
      given: (c) => c.parent !== null,
      value: (f, c) => (c.parent.platform ? c.parent.platform.os ?? "" : null),
      shown: (f, c) => c.parent.platform?.os ?? null,
    },
  };

  const OF_DESCRIPTOR = {
    "mediaType": { value: (d) => d.mediaType, at: () => "/mediaType" },
    "artifactType": { value: (d) => d.artifactType, at: () => "/artifactType" },
    "size": { number: true, value: (d) => d.size, at: () => "/size" },
    "digest": { value: (d) => d.digest, at: () => "/digest" },
    "annotations": { value: (d, c, key) => annotation(d.annotations, key), at: (d, key) => `/annotations/${escapeKey(key)}` },
    "platform.os": { value: (d) => d.platform?.os ?? null, at: () => "/platform/os" },
    "platform.architecture": { value: (d) => d.platform?.architecture ?? null, at: () => "/platform/architecture" },
    "platform.os.features": {
      value: (d) => d.platform?.features ?? [],
      shown: () => null,
      at: () => "/platform/os.features",
    },
  };

  const escapeKey = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");

  // Whether one value passes a test.
  const passes = ({ condition, value: wanted }, value, number) => {
    if (condition === "present") return (value !== null) === wanted;
    if (value === null) return false;
    // A size may be too large for a double; no rule asks for such a one.
    if (condition === "equals") return value === wanted;
    if (condition === "oneOf") return wanted.includes(value);
    return !number && value.startsWith(wanted);
  };

  const documentPasses = (test, f, c) => {
    const field = OF_DOCUMENT[test.field];
    // What the caller does not have passes no test at all, unless we ask what could hold.
    if (field.given && !field.given(c)) return c.hopeful;
    return passes(test, field.value(f, c, test.key), field.number);
  };

  const descriptorPasses = (test, d) => {
    const field = OF_DESCRIPTOR[test.field];
    const value = field.value(d, null, test.key);
    if (!Array.isArray(value)) return passes(test, value, field.number);
    return test.condition === "present" ? value.length > 0 === test.value : value.some((one) => passes(test, one));
  };

  const descriptorHolds = (predicate, d) => {
    switch (predicate.op) {
      case "all": return predicate.parts.every((part) => descriptorHolds(part, d));
      case "any": return predicate.parts.some((part) => descriptorHolds(part, d));
      case "not": return !descriptorHolds(predicate.part, d);
      case "test": return descriptorPasses(predicate, d);
      default: return false;
    }
  };

  const NO_CONTEXT = surroundings({}, new Set());

  // Whether a document satisfies a predicate.
  const holds = (predicate, f, c) => {
    switch (predicate.op) {
      case "all": return predicate.parts.every((part) => holds(part, f, c));
      case "any": return predicate.parts.some((part) => holds(part, f, c));
      case "not": return !holds(predicate.part, f, c);
      case "test": return documentPasses(predicate, f, c);
      default: return eachHolds(predicate, f, c);
    }
  };

  const eachHolds = ({ list: name, quantifier, part }, f, c) => {
    if (name === "children" && c.hopeful && c.children.length === 0) return true;
    const found = name === "children" ? c.children : f[name];
    const test = name === "children" ? (child) => holds(part, child, NO_CONTEXT) : (d) => descriptorHolds(part, d);
    if (quantifier === "any") return found.some(test);
    return found.length > 0 && (quantifier === "first" ? test(found[0]) : found.every(test));
  };

  // The values by which a document satisfies a predicate that it satisfies, in the order of the predicate. Beside
  // pointer and value each names the test that it passes, and the list in whose member the value stands.
  const evidence = (predicate, f, c, into, seen) => {
    switch (predicate.op) {
      case "all":
        predicate.parts.forEach((part) => evidence(part, f, c, into, seen));
        return;
      case "any": {
        const part = predicate.parts.find((part) => holds(part, f, c));
        if (part) evidence(part, f, c, into, seen);
        return;
      }
      case "not":
        // What is absent has no place.
        return;
      case "test":
        documentEvidence(predicate, f, c, into);
        return;
      default:
        eachEvidence(predicate, f, into, seen);
    }
  };

  const eachEvidence = ({ list, quantifier, part }, f, into, seen) => {
    if (list === "children") {
      into.push({ context: "children", value: null, test: null, list });
      return;
    }
    const name = list === "layers" ? f.layersName : list;
    for (const [index, member] of f[list].entries()) {
      if (descriptorHolds(part, member)) {
        descriptorEvidence(part, member, `/${name}/${index}`, list, into, seen);
        if (quantifier !== "all") return;
      }
    }
  };

  const documentEvidence = (test, f, c, into) => {
    if (test.condition === "present" && !test.value) return;
    const field = OF_DOCUMENT[test.field];
    const value = (field.shown ?? field.value)(f, c, test.key);
    const place = field.at
      ? { pointer: field.at(f, test.key) }
      : { context: test.key ? `${test.field} ${test.key}` : test.field };
    into.push({ ...place, value: value === null ? null : String(value), test, list: null });
  };

  const descriptorEvidence = (predicate, d, at, list, into, seen) => {
    if (predicate.op === "all") {
      predicate.parts.forEach((part) => descriptorEvidence(part, d, at, list, into, seen));
    } else if (predicate.op === "any") {
      const part = predicate.parts.find((part) => descriptorHolds(part, d));
      if (part) descriptorEvidence(part, d, at, list, into, seen);
    } else if (predicate.op === "test" && !(predicate.condition === "present" && !predicate.value)) {
      const field = OF_DESCRIPTOR[predicate.field];
      const value = (field.shown ?? field.value)(d, null, predicate.key);
      const pointer = at + field.at(d, predicate.key);
      const text = value === null ? null : String(value);
      // Two parts of a rule may rest on the same value.
      const key = JSON.stringify([pointer, text]);
      if (!seen.has(key)) into.push({ pointer, value: text, test: predicate, list });
      seen.add(key);
    }
  };

  // The order of rules: how strong evidence is, and which predicate implies which.

  const [ARTIFACT_TYPE, CONFIG, LAYERS, ANNOTATIONS, BASE, PLACEHOLDER] = [0, 1, 2, 3, 4, 5];

  // The strongest evidence that a predicate demands in every way of being true, the strongest first.
  const strength = (predicate) => {
    const found = strengthIn(predicate, false);
    // Without a placeholder's value a rule of nothing but negations is a base rule.
    return found === PLACEHOLDER && !/"field":"placeholder\./.test(predicate.json) ? BASE : found;
  };

  const strengthIn = (predicate, member) => {
    switch (predicate.op) {
      case "all": return Math.min(...predicate.parts.map((part) => strengthIn(part, member)));
      case "any": return Math.max(...predicate.parts.map((part) => strengthIn(part, member)));
      case "not": return PLACEHOLDER;
      case "each": return predicate.list === "children" ? BASE : strengthIn(predicate.part, true);
      default: return testStrength(predicate, member);
    }
  };

  const testStrength = ({ field, condition, value }, member) => {
    const telling = (one) => typeof one === "string" && !GENERIC.has(one);
    const own = condition === "prefix" || (condition === "equals" && telling(value))
      || (condition === "oneOf" && value.every(telling));
    const named = condition !== "present" || (value && field === "annotations");
    if (member && own && ["artifactType", "mediaType", "platform.os.features"].includes(field)) return LAYERS;
    if (member && named && field === "annotations") return LAYERS;
    if (own && field === "artifactType") return ARTIFACT_TYPE;
    if (own && field === "config.mediaType") return CONFIG;
    if (named && (field === "annotations" || field === "config.annotations")) return ANNOTATIONS;
    return field.startsWith("placeholder.") ? PLACEHOLDER : BASE;
  };

  // Whether every document that satisfies a satisfies b, as far as their form shows it.
  const implies = (a, b) => {
    if (a.json === b.json) return true;
    if (b.op === "not" && b.part.op === "not" && implies(a, b.part.part)) return true;
    if (b.op === "all") return b.parts.every((part) => implies(a, part));
    if (a.op === "any") return a.parts.every((part) => implies(part, b));
    if (b.op === "any" && b.parts.some((part) => implies(a, part))) return true;
    if (a.op === "all") return a.parts.some((part) => implies(part, b));
    const same = (x, y) => x.op === "test" && y.op === "test" && x.field === y.field && x.key === y.key;
    if (a.op === "not" && b.op === "not") return implies(b.part, a.part);
    if (a.op === "test" && b.op === "test") return same(a, b) && narrower(a, b);
    if (a.op === "test" && b.op === "not") return same(a, b.part) && excludes(a, b.part);
    if (a.op === "not" && b.op === "test") {
      // Not present is absent, and the reverse.
      return same(a.part, b) && a.part.condition === "present" && b.condition === "present" && a.part.value !== b.value;
    }
    if (a.op !== "each") return false;
    if (b.op === "each") {
      const quantifier = a.quantifier === b.quantifier || b.quantifier === "any"
        || (a.quantifier === "all" && b.quantifier === "first");
      return a.list === b.list && quantifier && implies(a.part, b.part);
    }
    // Every member does: so none does not.
    return b.op === "not" && b.part.op === "each" && a.list === b.part.list && a.quantifier === "all"
      && implies(a.part, { op: "not", json: JSON.stringify({ not: JSON.parse(b.part.part.json) }), part: b.part.part });
  };

  // The values that a test names, or null.
  const values = ({ condition, value }) => (condition === "equals" ? [value] : condition === "oneOf" ? value : null);
  const begins = (value, prefix) => typeof value === "string" && value.startsWith(prefix);

  // Whether every value that satisfies a satisfies b.
  const narrower = (a, b) => {
    if (a.condition === "present" && b.condition === "present") return a.value === b.value;
    if (b.condition === "present") return b.value;
    if (a.condition === "present") return false;
    if (a.condition === "prefix") return b.condition === "prefix" && a.value.startsWith(b.value);
    if (b.condition === "prefix") return values(a).every((value) => begins(value, b.value));
    return values(a).every((value) => values(b).includes(value));
  };

  // Whether no value satisfies both tests.
  const excludes = (a, b) => {
    // A list of features may satisfy several tests at once.
    if (a.field === "platform.os.features") return false;
    if (a.condition === "present" && b.condition === "present") return a.value !== b.value;
    if (a.condition === "present" || b.condition === "present") {
      return (a.condition === "present" ? a : b).value === false;
    }
    if (a.condition === "prefix" && b.condition === "prefix") {
      return !a.value.startsWith(b.value) && !b.value.startsWith(a.value);
    }
    if (a.condition === "prefix" || b.condition === "prefix") {
      const [prefix, other] = a.condition === "prefix" ? [a, b] : [b, a];
      return values(other).every((value) => typeof value === "string" && !value.startsWith(prefix.value));
    }
    return values(a).every((value) => !values(b).includes(value));
  };

  // The mapping, prepared once.

  const prepared = new WeakMap();

  const prepare = (mapping) => {
    if (!prepared.has(mapping)) prepared.set(mapping, read(mapping));
    return prepared.get(mapping);
  };

  const read = (mapping) => {
    const withPredicate = (rule) => ({ ...rule, predicate: parse(rule.when) });
    const families = new Map();
    for (const { id, isA } of mapping.types) {
      if (isA) families.set(isA, [...(families.get(isA) ?? []), id]);
    }
    const rules = mapping.rules.map(withPredicate);
    return {
      // A mapping without them is too old: spreading what is not there throws.
      placeholders: new Set([...mapping.placeholders]),
      rules,
      refinements: byType(rules.filter((rule) => rule.refines?.length > 0)),
      facets: mapping.facets.map(withPredicate),
      subtypes: mapping.subtypes.map(withPredicate),
      families,
      telling: telling(rules),
      open: new Map(),
      similar: new Map(),
    };
  };

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const byType = (list) => list.sort((a, b) => compare(a.type, b.type));

  // The rules that refine the type of a rule, each with the parts that this rule does not imply.
  const refining = (set, base) => {
    if (!set.open.has(base.id)) {
      const rules = set.refinements.filter((rule) => rule.refines.includes(base.type));
      set.open.set(base.id, rules.map((rule) => {
        const parts = rule.predicate.op === "all" ? rule.predicate.parts : [rule.predicate];
        return { rule, open: parts.filter((part) => !implies(base.predicate, part)) };
      }));
    }
    return set.open.get(base.id);
  };

  const least = (needs) => needs.reduce((a, b) => (NEEDS.indexOf(b) < NEEDS.indexOf(a) ? b : a));

  // The members of a family, with what would decide for each.
  const familyMembers = (set, family) =>
    byType((set.families.get(family) ?? []).map((type) => {
      const needs = set.rules.filter((rule) => rule.type === type && rule.needs?.length > 0).map((rule) => rule.needs[0]);
      return { type, needs: needs.length > 0 ? least(needs) : "manifest" };
    }));

  // Refinements of an exact base type that the context, if the caller had more of it, could show.
  const refinements = (set, base, f, c) => {
    const hopeful = { ...c, hopeful: true };
    const missing = {
      config: c.config === undefined, tag: c.tag === null, parent: c.parent === null,
      children: c.children.length === 0, manifest: true,
    };
    const candidates = [];
    for (const { rule, open } of refining(set, base)) {
      const needs = (rule.needs ?? []).find((need) => missing[need]);
      if (!needs || !open.every((part) => holds(part, f, hopeful))) continue;
      const last = candidates.at(-1);
      if (last?.type === rule.type) last.needs = least([last.needs, needs]);
      else candidates.push({ type: rule.type, needs });
    }
    return candidates;
  };

  // The other rules that the document satisfies too, and why they lost.
  const rivals = (set, winner, f, c) => {
    const later = set.rules.slice(set.rules.indexOf(winner) + 1).filter((rule) => rule.type !== winner.type);
    return later.filter((rule) => holds(rule.predicate, f, c)).map((rule) => ({
      type: rule.type,
      rule: rule.id,
      why: strength(rule.predicate) > strength(winner.predicate) ? "its evidence is weaker"
        : implies(winner.predicate, rule.predicate) ? "it is less specific"
          : "the document carries the marks of both; the order of ids decides",
    }));
  };

  // What an unknown document resembles.

  // Least similarity, from 0 to 1, of media types that are not equal.
  const SIMILAR = 0.8;
  // Most media types whose similar ones are kept: streams repeat themselves.
  const KEPT = 4096;

  // The media types that tell types, each with the place where it does.
  const telling = (rules) => {
    const found = [];
    const collect = (predicate, list, type) => {
      if (predicate.op === "all" || predicate.op === "any") {
        predicate.parts.forEach((part) => collect(part, list, type));
      } else if (predicate.op === "each" && predicate.list !== "children") {
        collect(predicate.part, predicate.list, type);
      } else if (predicate.op === "test") {
        const place = PLACES[`${list ?? ""} ${predicate.field}`];
        for (const value of (place && values(predicate)) || []) {
          if (typeof value === "string" && !GENERIC.has(value)) {
            found.push({ type, place, mediaType: value, own: ownPart(value) });
          }
        }
      }
    };
    for (const rule of rules) collect(rule.predicate, null, rule.type);
    return found;
  };

  const PLACES = {
    " artifactType": "artifactType",
    " config.mediaType": "config.mediaType",
    "layers mediaType": "a layer's mediaType",
    "manifests mediaType": "a child's mediaType",
    "layers artifactType": "a child's artifactType",
    "manifests artifactType": "a child's artifactType",
  };

  // The telling media types of a document, each with the first place where it stands.
  const marks = (f, placeholders) => {
    const found = new Map();
    const add = (value, pointer) => {
      if (value !== null && value !== undefined && !GENERIC.has(value) && !placeholders.has(value) && !found.has(value)) {
        found.set(value, pointer);
      }
    };
    add(f.artifactType, "/artifactType");
    add(f.config?.mediaType, "/config/mediaType");
    const listed = [...f.layers.map((d, at) => [d, `/${f.layersName}/${at}`]), ...f.manifests.map((d, at) => [d, `/manifests/${at}`])];
    for (const [d, at] of listed.slice(0, 64)) {
      add(d.mediaType, `${at}/mediaType`);
      add(d.artifactType, `${at}/artifactType`);
    }
    return [...found].sort((a, b) => compare(a[0], b[0])).slice(0, 32);
  };

  // The known types that an unidentified document is closest to, at most three; each with what was found in the place
  // of what is missing.
  const nearest = (set, f) => {
    const best = new Map();
    for (const [mark, pointer] of marks(f, set.placeholders)) {
      for (const { score, known } of similar(set, mark)) {
        if (!(best.get(known.type)?.score >= score)) best.set(known.type, { score, known, found: mark, pointer });
      }
    }
    const order = (a, b) => b.score - a.score || compare(a.known.type, b.known.type);
    return [...best.values()].sort(order).slice(0, 3).map(({ known, found, pointer }) => ({
      type: known.type, missing: `\`${known.mediaType}\` as ${known.place}`, found, pointer, wanted: known.mediaType,
      place: known.place,
    }));
  };

  // The known media types that are similar to one, with their similarity.
  const similar = (set, mark) => {
    const kept = set.similar.get(mark);
    if (kept) return kept;
    const own = ownPart(mark);
    const found = [];
    for (const known of set.telling) {
      const score = similarity(own, known.own);
      if (score >= SIMILAR) found.push({ score, known });
    }
    if (set.similar.size < KEPT) set.similar.set(mark, found);
    return found;
  };

  // A media type without what all vendor types share, which must not make them similar.
  const ownPart = (mediaType) => mediaType.replace(/^application\/vnd\./, "");

  // From 0 to 1: how much of the longer text stays in place.
  const similarity = (a, b) => {
    if (a === b) return 1;
    const longest = Math.max(a.length, b.length);
    // Each step changes the length by one at most. No media type is longer.
    if (a.length > 255 || Math.abs(a.length - b.length) * 5 > longest) return 0;
    return 1 - distance(a, b) / longest;
  };

  // How many characters must be changed, added or removed to make one text of another.
  const distance = (a, b) => {
    const row = Uint16Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 0; i < a.length; i += 1) {
      const unit = a.charCodeAt(i);
      let diagonal = row[0];
      row[0] = i + 1;
      for (let j = 1; j <= b.length; j += 1) {
        const above = row[j];
        const changed = diagonal + (unit === b.charCodeAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, above + 1, row[j - 1] + 1);
        diagonal = above;
      }
    }
    return row[b.length];
  };

  // The answer.

  // What a document is, as `oat identify --explain --format json` prints it, and a little more for who shows it.
  const identify = (mapping, document, context = {}) => {
    const set = prepare(mapping);
    const f = facts(document, set.placeholders);
    const c = surroundings(context, set.placeholders);
    const rule = set.rules.find((rule) => holds(rule.predicate, f, c));
    const facets = set.facets.filter((facet) => holds(facet.predicate, f, c)).map((facet) => facet.facet);
    const answer = {
      type: null, certainty: "unknown", rule: null, evidence: [], candidates: [], facets: [...new Set(facets)],
      subtypes: [], rivals: [],
    };
    if (!rule) return { ...answer, nearest: nearest(set, f) };
    const found = [];
    evidence(rule.predicate, f, c, found, new Set());
    const subtypes = set.subtypes.filter((subtype) => subtype.type === rule.type && holds(subtype.predicate, f, c));
    return {
      ...answer,
      type: rule.type,
      certainty: rule.certainty,
      rule: rule.id,
      evidence: found,
      candidates: rule.certainty === "family" ? familyMembers(set, rule.type) : refinements(set, rule, f, c),
      subtypes: subtypes.map((subtype) => subtype.subtype),
      rivals: rivals(set, rule, f, c),
    };
  };

  return { identify, facts, prepare, MANIFESTS };
})();
if (typeof module === "object") module.exports = OatIdentify;

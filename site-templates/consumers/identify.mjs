#!/usr/bin/env node
// Identify OCI manifests with nothing but mediaTypeMappings.json. Node.js 18, no packages. An empty artifactType is
// absent; where a document has both layers and blobs they are one list, layers first.
//     node identify.mjs mediaTypeMappings.json (manifest.json... | --check conformance/index.json)
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv, exit } from "node:process";

const DOCKER = "application/vnd.docker.distribution.manifest";
const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const ARTIFACT = new Map([["application/vnd.oci.artifact.manifest.v1+json", "oci-artifact-manifest"],
  ["application/vnd.cncf.oras.artifact.manifest.v1+json", "oras-artifact-manifest"]]);
// What the caller does not have: it passes no test at all. What is absent is undefined.
const LACKING = Symbol("lacking");

// A value of another kind than expected counts as absent: identification never fails on a JSON object.
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value) => (typeof value === "string" ? value : undefined);
const list = (value) => (Array.isArray(value) ? value : []);
// JSON.parse makes the same of 2 and 2.0, so that a size of 2.0 counts here, and not in other languages.
const number = (value) => (Number.isInteger(value) && value >= 0 ? value : undefined);
// Own members only: what every object inherits stands in no document.
const get = (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);

const mediaType = (value) =>
  text(value)?.split(";")[0].replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, "").replace(/[A-Z]/g, (c) => c.toLowerCase());

// The kind of document: by its body first, the written mediaType only decides what the body leaves open.
function shape(doc) {
  const own = mediaType(get(doc, "mediaType"));
  const [layers, blobs, indexed, schema1] =
    ["layers", "blobs", "manifests", "fsLayers"].map((name) => Array.isArray(get(doc, name)));
  const manifest = layers || isObject(get(doc, "config"));
  if ((indexed && (manifest || blobs || schema1)) || (manifest && schema1)) return undefined;
  if (indexed) return own === `${DOCKER}.list.v2+json` ? "docker-manifest-list" : "oci-index";
  if (!manifest) return schema1 ? "docker-schema1" : ARTIFACT.get(own);
  const config = mediaType(get(get(doc, "config"), "mediaType"));
  const image = config === "application/vnd.docker.container.image.v1+json" && own !== OCI_MANIFEST;
  return own === `${DOCKER}.v2+json` || image ? "docker-manifest" : "oci-manifest";
}

// The fields of a descriptor that a predicate may look at. What is silent says nothing as artifactType.
function descriptor(value, silent) {
  const [platform, kind] = [get(value, "platform"), mediaType(get(value, "artifactType")) || undefined];
  return {
    mediaType: mediaType(get(value, "mediaType")),
    artifactType: silent.includes(kind) ? undefined : kind,
    size: number(get(value, "size")), digest: text(get(value, "digest")), annotations: get(value, "annotations"),
    "platform.os": text(get(platform, "os")), "platform.architecture": text(get(platform, "architecture")),
    "platform.os.features": list(get(platform, "os.features")).filter((one) => typeof one === "string"),
  };
}

// The fields of a document, and of the context that the caller has.
function document(doc, context, silent) {
  const part = (value) => descriptor(value, silent);
  const [own, config, parent] = [part(doc), part(get(doc, "config")), part(context.parent)];
  const layers = [...list(get(doc, "layers")), ...list(get(doc, "blobs"))].map(part);
  const manifests = list(get(doc, "manifests")).map(part);
  const placeholder = (value) => (silent.includes(value) ? value : undefined);
  const os = isObject(get(context.parent, "platform")) ? (parent["platform.os"] ?? "") : undefined;
  const ofParent = (value) => ("parent" in context ? value : LACKING);
  return {
    shape: shape(doc), mediaType: own.mediaType, artifactType: own.artifactType, annotations: own.annotations,
    "placeholder.artifactType": placeholder(mediaType(get(doc, "artifactType"))),
    "config.mediaType": silent.includes(config.mediaType) ? undefined : config.mediaType,
    "placeholder.config.mediaType": placeholder(config.mediaType),
    "config.size": config.size, "config.digest": config.digest, "config.annotations": config.annotations,
    subject: isObject(get(doc, "subject")) ? (mediaType(get(doc.subject, "mediaType")) ?? "") : undefined,
    layers, manifests, "layers.count": layers.length, "manifests.count": manifests.length,
    children: list(context.children).map((child) => document(child, {}, silent)),
    "context.tag": context.tag, "context.config": "config" in context ? context.config : LACKING,
    "context.parent.artifactType": ofParent(parent.artifactType),
    "context.parent.annotations": ofParent(parent.annotations),
    "context.parent.platform.os": ofParent(os),
  };
}

// The value at a JSON pointer (RFC 6901) as text: strings as they are, other values as JSON with sorted keys.
function atPointer(value, path) {
  for (const step of path.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))) {
    value = Array.isArray(value) ? (/^(0|[1-9]\d*)$/.test(step) ? value[step] : undefined) : get(value, step);
  }
  const sorted = (_, one) => (isObject(one) ? Object.fromEntries(Object.entries(one).sort()) : one);
  return text(value) ?? JSON.stringify(value, sorted);
}

function passes(test, value) {
  if (value === LACKING) return false;
  if ("present" in test) return (Array.isArray(value) ? value.length > 0 : value !== undefined) === test.present;
  if (Array.isArray(value)) return value.some((one) => passes(test, one));
  if ("equals" in test) return value === test.equals;
  if ("oneOf" in test) return test.oneOf.includes(value);
  if ("prefix" in test) return typeof value === "string" && value.startsWith(test.prefix);
  throw new Error(`unknown test ${JSON.stringify(test)}: the mapping is newer than this program`);
}

function holds(when, facts) {
  if ("all" in when) return when.all.every((part) => holds(part, facts));
  if ("any" in when) return when.any.some((part) => holds(part, facts));
  if ("not" in when) return !holds(when.not, facts);
  if (Object.hasOwn(facts, when.field)) {
    const value = facts[when.field];
    if (!("key" in when) || value === LACKING) return passes(when, value);
    return passes(when, when.field === "context.config" ? atPointer(value, when.key) : text(get(value, when.key)));
  }
  const name = ["layers", "manifests", "children"].find((name) => name in when);
  if (!name) throw new Error(`unknown predicate ${JSON.stringify(when)}: the mapping is newer than this program`);
  const found = when[name] === "first" ? facts[name].slice(0, 1) : facts[name];
  const member = (one) => holds(when.match, one);
  return when[name] === "any" ? found.some(member) : found.length > 0 && found.every(member);
}

function identify(mapping, doc, context = {}) {
  const facts = document(doc, context, mapping.placeholders);
  const applies = (one) => holds(one.when, facts);
  const rule = mapping.rules.find(applies); // The order is the point: the first rule that holds decides.
  return {
    type: rule?.type ?? null, certainty: rule?.certainty ?? "unknown", rule: rule?.id ?? null,
    facets: [...new Set(mapping.facets.filter(applies).map((one) => one.facet))].sort(),
    subtypes: mapping.subtypes.filter((one) => one.type === rule?.type && applies(one)).map((one) => one.subtype),
  };
}

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

function check(mapping, index) {
  const vectors = read(index).files.flatMap((name) => read(join(dirname(index), name)).vectors);
  const wrong = vectors.filter(({ id, document, context, expect }) => {
    const answer = identify(mapping, document, context);
    const same = expect.type === answer.type && expect.certainty === answer.certainty;
    const right = "facet" in expect ? answer.facets.includes(expect.facet) : same;
    if (!right) console.error(id, "expected", expect, "got", answer);
    return !right;
  });
  console.log(`${vectors.length - wrong.length} of ${vectors.length} vectors pass`);
  return wrong.length === 0 && vectors.length > 0;
}

const [mapping, names] = [read(argv[2]), argv.slice(3)];
if (names[0] === "--check") exit(check(mapping, names[1]) ? 0 : 1);
for (const name of names) console.log(JSON.stringify(identify(mapping, read(name), {})));

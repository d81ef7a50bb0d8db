#!/usr/bin/env python3
"""Identify OCI manifests with nothing but mediaTypeMappings.json. Python 3.10, standard library. An empty artifactType
is absent; where a document has both layers and blobs they are one list, layers first.
    identify.py mediaTypeMappings.json (manifest.json... | --check conformance/index.json)"""
import json
import pathlib
import string
import sys

DOCKER = "application/vnd.docker.distribution.manifest"
ARTIFACT = {"application/vnd.oci.artifact.manifest.v1+json": "oci-artifact-manifest",
            "application/vnd.cncf.oras.artifact.manifest.v1+json": "oras-artifact-manifest"}
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
LACKING = object()  # What the caller does not have: it passes no test at all.


def only(kind, value):
    """A value of another kind than expected counts as absent: identification never fails on a JSON object."""
    return value if type(value) is kind else {dict: {}, list: []}.get(kind)


def media_type(holder, name="mediaType", but=()):
    value = only(str, holder.get(name))
    value = None if value is None else value.split(";")[0].strip(" \t\n\f\r").translate(LOWER)
    return None if value in but else value


def shape(doc):
    """The kind of document: by its body first, the written mediaType only decides what the body leaves open."""
    own, config = media_type(doc), doc.get("config")
    blobs, indexed, schema1 = (isinstance(doc.get(name), list) for name in ("blobs", "manifests", "fsLayers"))
    manifest = isinstance(config, dict) or isinstance(doc.get("layers"), list)
    if indexed and (manifest or blobs or schema1) or manifest and schema1:
        return None
    if indexed:
        return "docker-manifest-list" if own == f"{DOCKER}.list.v2+json" else "oci-index"
    if not manifest:
        return "docker-schema1" if schema1 else ARTIFACT.get(own)
    image = media_type(only(dict, config)) == "application/vnd.docker.container.image.v1+json"
    return "docker-manifest" if own == f"{DOCKER}.v2+json" or own != OCI_MANIFEST and image else "oci-manifest"


def descriptor(value, silent):
    """The fields of a descriptor that a predicate may look at. What is silent says nothing as artifactType."""
    value = only(dict, value)
    size, platform = value.get("size"), only(dict, value.get("platform"))
    return {"mediaType": media_type(value), "artifactType": media_type(value, "artifactType", {*silent, ""}),
            "size": size if type(size) is int and size >= 0 else None, "digest": only(str, value.get("digest")),
            "annotations": only(dict, value.get("annotations")), "platform.os": only(str, platform.get("os")),
            "platform.architecture": only(str, platform.get("architecture")),
            "platform.os.features": [one for one in only(list, platform.get("os.features")) if isinstance(one, str)]}


def document(doc, context, silent):
    """The fields of a document, and of the context that the caller has."""
    doc, own = only(dict, doc), only(dict, only(dict, doc).get("config"))
    config, subject, kind = descriptor(own, silent), doc.get("subject"), media_type(doc, "artifactType") or None
    layers = [descriptor(one, silent) for one in only(list, doc.get("layers")) + only(list, doc.get("blobs"))]
    manifests = [descriptor(one, silent) for one in only(list, doc.get("manifests"))]
    facts = {"shape": shape(doc), "mediaType": media_type(doc), "artifactType": None if kind in silent else kind,
             "placeholder.artifactType": kind if kind in silent else None,
             "annotations": only(dict, doc.get("annotations")), "config.mediaType": media_type(own, but=silent),
             "placeholder.config.mediaType": config["mediaType"] if config["mediaType"] in silent else None,
             "subject": media_type(subject) or "" if isinstance(subject, dict) else None,
             "layers.count": len(layers), "manifests.count": len(manifests), "layers": layers, "manifests": manifests,
             "children": [document(child, {}, silent) for child in context.get("children", [])],
             "context.tag": context.get("tag"), "context.config": context.get("config", LACKING)}
    parent = descriptor(context.get("parent"), silent)
    if isinstance(only(dict, context.get("parent")).get("platform"), dict):
        parent["platform.os"] = parent["platform.os"] or ""  # There is a platform, whatever it says.
    facts |= {f"config.{name}": config[name] for name in ("size", "digest", "annotations")}
    return facts | {f"context.parent.{name}": parent[name] if "parent" in context else LACKING
                    for name in ("artifactType", "annotations", "platform.os")}


def at_pointer(value, path):
    """The value at a JSON pointer (RFC 6901) as text: strings as they are, other values as JSON."""
    for step in (step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]):
        index = isinstance(value, list) and step.isdecimal() and str(int(step)) == step
        value = value[int(step)] if index and int(step) < len(value) else only(dict, value).get(step, LACKING)
        if value is LACKING:
            return None
    return value if type(value) is str else json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def passes(test, value):
    if value is LACKING:
        return False
    if "present" in test:
        return (value not in (None, [])) == test["present"]
    if isinstance(value, list):
        return any(passes(test, one) for one in value)
    match test:
        case {"equals": wanted}: return value == wanted
        case {"oneOf": wanted}: return value in wanted
        case {"prefix": wanted}: return isinstance(value, str) and value.startswith(wanted)
    sys.exit(f"unknown test {test}: the mapping is newer than this program")


def holds(when, facts):
    match when:
        case {"all": parts}: return all(holds(part, facts) for part in parts)
        case {"any": parts}: return any(holds(part, facts) for part in parts)
        case {"not": part}: return not holds(part, facts)
        case {"field": field, "key": key} if facts.get(field, LACKING) is not LACKING:
            value = facts[field]
            return passes(when, at_pointer(value, key) if field == "context.config" else only(str, value.get(key)))
        case {"field": field} if field in facts: return passes(when, facts[field])
        case {"layers": which} | {"manifests": which} | {"children": which}:
            found = facts[next(name for name in when if name != "match")]
        case _: sys.exit(f"unknown predicate {when}: the mapping is newer than this program")
    results = [holds(when["match"], one) for one in found]
    return bool(results) and {"any": any(results), "all": all(results), "first": results[0]}[which]


def identify(mapping, doc, context):
    facts = document(doc, context, set(mapping["placeholders"]))
    rule = next((rule for rule in mapping["rules"] if holds(rule["when"], facts)), {})  # The first that holds decides.
    return {"type": rule.get("type"), "certainty": rule.get("certainty", "unknown"), "rule": rule.get("id"),
            "facets": sorted({one["facet"] for one in mapping["facets"] if holds(one["when"], facts)}),
            "subtypes": [one["subtype"] for one in mapping["subtypes"] if
                         one["type"] == rule.get("type") and holds(one["when"], facts)]}


def check(mapping, index):
    total = wrong = 0
    for name in json.loads(index.read_text("utf-8"))["files"]:
        for vector in json.loads((index.parent / name).read_text("utf-8"))["vectors"]:
            answer, expect = identify(mapping, vector["document"], vector.get("context", {})), vector["expect"]
            total += 1
            if not (expect["facet"] in answer["facets"] if "facet" in expect else expect.items() <= answer.items()):
                wrong += 1
                print(vector["id"], "expected", expect, "got", answer, file=sys.stderr)
    print(f"{total - wrong} of {total} vectors pass")
    return bool(wrong or not total)


if __name__ == "__main__":
    mapping = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
    if sys.argv[2] == "--check":
        sys.exit(check(mapping, pathlib.Path(sys.argv[3])))
    for name in sys.argv[2:]:
        print(json.dumps(identify(mapping, json.loads(pathlib.Path(name).read_text("utf-8")), {})))

#!/usr/bin/env python3
"""Identify OCI manifests with nothing but mediaTypeMappings.json.

    identify.py mediaTypeMappings.json manifest.json
    identify.py mediaTypeMappings.json --check conformance/index.json
"""
import json
import pathlib
import string
import sys

INDEXES = {
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
}
MANIFESTS = INDEXES | {
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.oci.artifact.manifest.v1+json",
    "application/vnd.cncf.oras.artifact.manifest.v1+json",
}
SAYS_NOTHING = MANIFESTS | {
    "application/vnd.oci.empty.v1+json",
    "application/vnd.unknown.artifact.v1",
    "application/vnd.unknown.config.v1+json",
    "application/vnd.oras.config.v1+json",
}
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


# A value of another kind than expected counts as absent: identification never fails.
def text(value):
    return value if isinstance(value, str) else None


def number(value):
    return value if type(value) is int and value >= 0 else None


def members(value):
    return value if isinstance(value, dict) else {}


def items(value):
    return [members(item) for item in value] if isinstance(value, list) else []


def media_type(value):
    return value.split(";")[0].strip().translate(LOWER) if isinstance(value, str) else None


def telling(value):
    return None if value in SAYS_NOTHING else value


def shape(doc):
    """The kind of document: its body first, the written mediaType only for what the body leaves open."""
    own = media_type(doc.get("mediaType"))
    config = isinstance(doc.get("config"), dict)
    lists = {name for name in ("layers", "blobs", "manifests", "fsLayers") if isinstance(doc.get(name), list)}
    manifest = config or "layers" in lists
    if "manifests" in lists:
        if manifest or lists != {"manifests"}:
            return None
        return "docker-manifest-list" if own == "application/vnd.docker.distribution.manifest.list.v2+json" else "oci-index"
    if "fsLayers" in lists:
        return None if manifest else "docker-schema1"
    if manifest:
        docker = own == "application/vnd.docker.distribution.manifest.v2+json" or (
            own != "application/vnd.oci.image.manifest.v1+json"
            and media_type(members(doc.get("config")).get("mediaType")) == "application/vnd.docker.container.image.v1+json"
        )
        return "docker-manifest" if docker else "oci-manifest"
    return {
        "application/vnd.cncf.oras.artifact.manifest.v1+json": "oras-artifact-manifest",
        "application/vnd.oci.artifact.manifest.v1+json": "oci-artifact-manifest",
    }.get(own)


def pointer(value, path):
    """The value at a JSON pointer (RFC 6901) as text."""
    for step in path.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and str(int(step)) == step and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def of_document(field, key, doc, context):
    config, subject = members(doc.get("config")), doc.get("subject")
    artifact_type = media_type(doc.get("artifactType")) or None
    config_type = media_type(config.get("mediaType"))
    parent = context.get("parent")
    if field.startswith("context.parent") and parent is None or field == "context.config" and "config" not in context:
        return False  # What the caller does not have passes no test at all.
    match field:
        case "shape": return shape(doc)
        case "mediaType": return media_type(doc.get("mediaType"))
        case "artifactType": return telling(artifact_type)
        case "placeholder.artifactType": return artifact_type if artifact_type in SAYS_NOTHING else None
        case "annotations": return text(members(doc.get("annotations")).get(key))
        case "config.mediaType": return telling(config_type)
        case "placeholder.config.mediaType": return config_type if config_type in SAYS_NOTHING else None
        case "config.size": return number(config.get("size"))
        case "config.digest": return text(config.get("digest"))
        case "config.annotations": return text(members(config.get("annotations")).get(key))
        case "subject": return (media_type(subject.get("mediaType")) or "") if isinstance(subject, dict) else None
        case "layers.count": return len(items(doc.get("layers")) + items(doc.get("blobs")))
        case "manifests.count": return len(items(doc.get("manifests")))
        case "context.tag": return context.get("tag")
        case "context.config": return pointer(context["config"], key)
        case "context.parent.artifactType": return telling(media_type(parent.get("artifactType")))
        case "context.parent.annotations": return text(members(parent.get("annotations")).get(key))
        case "context.parent.platform.os":
            platform = parent.get("platform")
            return (text(platform.get("os")) or "") if isinstance(platform, dict) else None
    raise ValueError(f"unknown field {field}: the mapping is newer than this program")


def of_descriptor(field, key, descriptor):
    platform = members(descriptor.get("platform"))
    match field:
        case "mediaType": return media_type(descriptor.get("mediaType"))
        case "artifactType": return telling(media_type(descriptor.get("artifactType")))
        case "size": return number(descriptor.get("size"))
        case "digest": return text(descriptor.get("digest"))
        case "annotations": return text(members(descriptor.get("annotations")).get(key))
        case "platform.os": return text(platform.get("os"))
        case "platform.architecture": return text(platform.get("architecture"))
        case "platform.os.features":
            features = platform.get("os.features")
            return [f for f in features if isinstance(f, str)] if isinstance(features, list) else []
    raise ValueError(f"unknown field {field}: the mapping is newer than this program")


def passes(test, value):
    if value is False:
        return False
    if isinstance(value, list) and "present" not in test:
        return any(passes(test, one) for one in value)
    if "present" in test:
        return (value is not None and value != []) == test["present"]
    if value is None:
        return False
    if "equals" in test:
        return value == test["equals"]
    if "oneOf" in test:
        return value in test["oneOf"]
    return isinstance(value, str) and value.startswith(test["prefix"])


def holds(when, doc, context, descriptor=False):
    if "all" in when:
        return all(holds(part, doc, context, descriptor) for part in when["all"])
    if "any" in when:
        return any(holds(part, doc, context, descriptor) for part in when["any"])
    if "not" in when:
        return not holds(when["not"], doc, context, descriptor)
    if "field" in when:
        field, key = when["field"], when.get("key")
        return passes(when, of_descriptor(field, key, doc) if descriptor else of_document(field, key, doc, context))
    name = next(name for name in ("layers", "manifests", "children") if name in when)
    if name == "children":
        results = (holds(when["match"], child, {}) for child in context.get("children", []))
    else:
        found = items(doc.get(name)) + (items(doc.get("blobs")) if name == "layers" else [])
        results = (holds(when["match"], member, {}, True) for member in found)
    if when[name] == "any":
        return any(results)
    results = list(results)[: 1 if when[name] == "first" else None]
    return bool(results) and all(results)


def identify(mapping, doc, context=None):
    context = context or {}
    answer = {"type": None, "certainty": "unknown", "rule": None, "subtypes": []}
    for rule in mapping["rules"]:  # The order is the point: the first match decides.
        if holds(rule["when"], doc, context):
            answer.update(type=rule["type"], certainty=rule["certainty"], rule=rule["id"])
            break
    answer["facets"] = sorted({f["facet"] for f in mapping["facets"] if holds(f["when"], doc, context)})
    answer["subtypes"] = [
        s["subtype"] for s in mapping["subtypes"] if s["type"] == answer["type"] and holds(s["when"], doc, context)
    ]
    return answer


def check(mapping, index):
    index = pathlib.Path(index)
    total = wrong = 0
    for name in json.loads(index.read_text("utf-8"))["files"]:
        for vector in json.loads((index.parent / name).read_text("utf-8"))["vectors"]:
            total += 1
            answer, expect = identify(mapping, vector["document"], vector.get("context")), vector["expect"]
            if "facet" in expect:
                right = expect["facet"] in answer["facets"]
            else:
                right = (answer["type"], answer["certainty"]) == (expect["type"], expect["certainty"])
            if not right:
                wrong += 1
                print(vector["id"], "expected", expect, "got", answer, file=sys.stderr)
    print(f"{total - wrong} of {total} vectors pass")
    return 1 if wrong else 0


if __name__ == "__main__":
    mapping = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
    if sys.argv[2] == "--check":
        sys.exit(check(mapping, sys.argv[3]))
    print(json.dumps(identify(mapping, json.loads(pathlib.Path(sys.argv[2]).read_text("utf-8"))), indent=2))

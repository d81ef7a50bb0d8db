"""A catalog of facets whose rules have every field, condition and quantifier of the grammar, with values of the vectors."""
import json
import random
import re
import shutil

DOCUMENT = {
    "shape": "text", "mediaType": "text", "artifactType": "text", "placeholder.artifactType": "text", "config.mediaType": "text",
    "placeholder.config.mediaType": "text", "config.digest": "text", "subject": "text", "annotations": "key",
    "config.annotations": "key", "config.size": "number", "layers.count": "number", "manifests.count": "number",
}
MEMBER = {
    "mediaType": "text", "artifactType": "text", "digest": "text", "size": "number", "annotations": "key", "platform.os": "text",
    "platform.architecture": "text", "platform.os.features": "text",
}
SHAPES = ["oci-manifest", "oci-index", "docker-manifest", "docker-manifest-list", "docker-schema1", "oci-artifact-manifest"]
COUNT = 160


def collect(documents):
    """Texts and numbers by the name under which they stand, and annotations as pairs."""
    texts, numbers, notes = {}, {}, []
    open_ = list(documents)
    while open_:
        at = open_.pop()
        if isinstance(at, list):
            open_ += at
            continue
        if not isinstance(at, dict):
            continue
        for key, value in at.items():
            if key == "annotations" and isinstance(value, dict):
                # A rule holds one line of text.
                notes += [(k, v) for k, v in value.items() if isinstance(v, str) and k and v and "\n" not in v]
            elif isinstance(value, str) and value and "\n" not in value:
                texts.setdefault(key, []).append(value)
            elif type(value) is int and value >= 0:
                numbers.setdefault(key, []).append(value)
            open_.append(value)
            if isinstance(value, list):
                texts.setdefault(key, []).extend(one for one in value if isinstance(one, str) and one)
    return texts, numbers, notes


class Words:
    def __init__(self, documents):
        self.rng = random.Random(2)
        self.texts, self.numbers, self.notes = collect(documents)

    def values(self, field):
        name = field.split(".", 1)[1] if field.startswith(("config.", "platform.")) else field
        if field == "shape":
            return SHAPES
        if field.startswith("placeholder."):
            return ["application/vnd.oci.empty.v1+json", "application/vnd.unknown.artifact.v1", "application/vnd.unknown.config.v1+json"]
        if field in ("layers.count", "manifests.count"):
            return list(range(5))
        if name == "size":
            return self.numbers["size"] + [0, 1, 5]
        return self.texts["mediaType" if name == "subject" else name]

    def test(self, fields, field=None, condition=None):
        rng = self.rng
        field = field or rng.choice(list(fields))
        condition = condition or rng.choice(["equals", "oneOf", "prefix", "present"])
        test = {"field": field}
        if fields[field] == "key":
            test["key"], value = rng.choice(self.notes)
            values = [value] + [v for k, v in self.notes if k == test["key"]]
        else:
            values = self.values(field)
        if condition == "present":
            test["present"] = rng.random() < .5
        elif condition == "prefix" and fields[field] != "number":
            value = rng.choice(values)
            test["prefix"] = value[: rng.randint(min(len(value), value.find("/") + 2), len(value))]
        elif condition == "oneOf":
            test["oneOf"] = sorted(set(rng.choices(values, k=4)), key=str)
        else:
            test["equals"] = rng.choice(values)
        return test

    def tree(self, fields, depth):
        rng = self.rng
        pick = rng.random()
        if depth == 0 or pick < .35:
            return self.test(fields)
        if pick < .5:
            return {"all": [self.tree(fields, depth - 1) for _ in range(2)]}
        if pick < .65:
            return {"any": [self.tree(fields, depth - 1) for _ in range(2)]}
        if pick < .8 or fields is MEMBER:
            return {"not": self.tree(fields, depth - 1)}
        return {rng.choice(["layers", "manifests"]): rng.choice(["any", "all", "first"]), "match": self.tree(MEMBER, depth - 1)}

    def predicates(self):
        """First each word by itself, then trees."""
        for field in DOCUMENT:
            for condition in ["equals", "oneOf", "prefix", "present"]:
                yield self.test(DOCUMENT, field, condition)
        for field in MEMBER:
            for condition in ["equals", "oneOf", "prefix", "present"]:
                yield {self.rng.choice(["layers", "manifests"]): self.rng.choice(["any", "all", "first"]),
                       "match": self.test(MEMBER, field, condition)}
        for text in ["it's", 'a"b', "a\\b", "${x}", "$oci$", "%_", "-- ;", "é"]:
            yield {"field": "annotations", "key": text, "equals": text}
        while True:
            yield self.tree(DOCUMENT, 3)


def named(predicate):
    """The texts of a rule that are media types: each entry must name a source of them."""
    if isinstance(predicate, dict):
        predicate = list(predicate.values())
    if isinstance(predicate, list):
        return set().union(*map(named, predicate))
    return {predicate} if isinstance(predicate, str) and re.fullmatch(r"[a-z0-9]+/[a-z0-9][a-z0-9.+-]*", predicate) else set()


def write(folder, documents):
    """The catalog as `folder/types`, in the place of what stands there."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, predicate in zip(range(COUNT), Words(documents).predicates()):
        name = f"word-{number:03}"
        entry = {
            "id": name, "kind": "facet", "title": name, "label": name, "summary": name, "description": name,
            "status": {"state": "active"}, "tier": "listed", "publisher": {"name": "x", "url": "https://x.example"}, "roles": ["generic"],
            "identify": {"rules": [{"when": predicate}]}, "links": {},
            "sources": [{"mediaTypes": sorted(named(predicate)), "fact": name, "specification": "https://x.example"}], "changes": [{"date": "2025-01-01", "change": name}],
        }
        (folder / "types" / name).mkdir(parents=True, exist_ok=True)
        # JSON is YAML.
        (folder / "types" / name / "type.yaml").write_text(json.dumps(entry, indent=1) + "\n", "utf-8")

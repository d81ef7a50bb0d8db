"""Holds the reference consumers against the conformance vectors, and against the program on odd documents."""

import json
import pathlib
import random
import subprocess
import sys

oat, mapping, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
consumers = json.loads((work / "consumers.json").read_text())
COUNT = 2000
# One reads them to write another: each has fewer lines of code.
LINES = 150
ANSWER = ("type", "certainty", "rule", "facets", "subtypes")


def run(command):
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def check(name, command, which, index):
    """Holds a consumer against vectors: the one in Go has a test of its own for that."""
    return run([f"{command[0]}.test", which, index] if name == "go" else [*command, which, "--check", index])


for path in sorted((work / "dist/examples/consumers").iterdir()):
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith(("//", "#"))]
    assert len(lines) < LINES, f"{path.name} has {len(lines)} lines of code"

# Every vector passes, and a list without vectors is no proof.
index = work / "dist/conformance/index.json"
vectors = json.loads(index.read_text("utf-8"))
assert vectors["vectors"] > 100, vectors["vectors"]
none = work / "none.json"
none.write_text('{"schemaVersion": 1, "files": [], "vectors": 0}')
wrong = work / "wrong"
wrong.mkdir(exist_ok=True)
(wrong / "index.json").write_text('{"schemaVersion": 1, "files": ["one.json"], "vectors": 1}')
(wrong / "one.json").write_text(json.dumps({"vectors": [
    {"id": "x", "title": "x", "document": {}, "expect": {"type": "helm-chart", "certainty": "exact"}}]}))
for name, command in consumers.items():
    done = check(name, command, mapping, str(index))
    passed = f"{vectors['vectors']} of {vectors['vectors']} vectors pass" in done.stdout.splitlines()
    assert done.returncode == 0 and passed, f"{name}: {done.stdout}{done.stderr}"
    for refused in (none, wrong / "index.json"):
        assert check(name, command, mapping, str(refused)).returncode != 0, f"{name} passes {refused}"

# Every field and operator that predicates may name, also those that no rule of the catalog asks for: each predicate
# with the document, the context, and whether it holds.
def one(field, **test):
    return {"field": field, **test}


EMPTY, NOWHERE = "application/vnd.oci.empty.v1+json", {"children": [{}]}
ABOUT = {"size": 1, "digest": "d", "artifactType": "A/b", "mediaType": "C/d; e", "annotations": {"k": "v"},
         "platform": {"os": "o", "architecture": "a", "os.features": [1, "erofs"]}}
OF_MEMBER = [one("size", equals=1), one("digest", oneOf=["c", "d"]), one("artifactType", equals="a/b"),
             one("mediaType", prefix="c/"), one("annotations", key="k", equals="v"), one("platform.os", present=True),
             one("platform.architecture", equals="a"), one("platform.os.features", prefix="er")]
CASES = [
    *(({"layers": "any", "match": test}, {"blobs": [1, ABOUT]}, {}, True) for test in OF_MEMBER),
    *(({"manifests": "first", "match": {"not": test}}, {"manifests": [ABOUT, {}]}, {}, False) for test in OF_MEMBER),
    ({"layers": "first", "match": one("size", equals=1)}, {"layers": [{}], "blobs": [ABOUT]}, {}, False),
    ({"layers": "all", "match": one("size", equals=1)}, {"layers": [ABOUT, {}]}, {}, False),
    ({"layers": "all", "match": one("size", present=False)}, {"layers": []}, {}, False),
    ({"children": "any", "match": one("config.size", equals=1)}, {}, {"children": [{}, {"config": ABOUT}]}, True),
    ({"children": "any", "match": {"children": "any", "match": one("shape", present=False)}}, {"children": [{}]},
     {"children": [NOWHERE]}, False),
    ({"children": "any", "match": one("context.tag", present=True)}, {}, {"tag": "t", **NOWHERE}, False),
    (one("shape", equals="docker-schema1"), {"fsLayers": []}, {}, True),
    (one("artifactType", present=False), {"artifactType": ""}, {}, True),
    (one("artifactType", present=False), {"artifactType": EMPTY}, {}, True),
    (one("placeholder.artifactType", equals=EMPTY), {"artifactType": EMPTY.upper()}, {}, True),
    (one("placeholder.artifactType", present=True), {"artifactType": "a/b"}, {}, False),
    (one("config.mediaType", present=False), {"config": {"mediaType": EMPTY}}, {}, True),
    (one("placeholder.config.mediaType", equals=EMPTY), {"config": {"mediaType": EMPTY}}, {}, True),
    (one("placeholder.config.mediaType", present=True), {"config": ABOUT}, {}, False),
    (one("config.size", equals=1), {"config": ABOUT}, {}, True),
    (one("config.size", present=True), {"config": {"size": -1}}, {}, False),
    (one("config.digest", equals="d"), {"config": ABOUT}, {}, True),
    (one("config.digest", present=True), {"config": {"digest": 1}}, {}, False),
    (one("config.annotations", key="k", prefix="v"), {"config": ABOUT}, {}, True),
    (one("annotations", key="k", present=True), {"annotations": {"k": 1}}, {}, False),
    (one("subject", equals="c/d"), {"subject": ABOUT}, {}, True),
    (one("subject", present=True), {"subject": {}}, {}, True),
    (one("subject", present=True), {"subject": "a/b"}, {}, False),
    (one("layers.count", oneOf=[3, 2]), {"layers": [1], "blobs": [{}]}, {}, True),
    (one("manifests.count", equals=0), {"manifests": {}}, {}, True),
    (one("context.tag", prefix="v"), {}, {"tag": "v1"}, True),
    (one("context.tag", present=False), {}, {}, True),
    (one("context.config", key="/a~1b/1", equals="true"), {}, {"config": {"a/b": [0, True]}}, True),
    (one("context.config", key="/a", equals='["<",{"b":1,"c":null}]'), {},
     {"config": {"a": ["<", {"c": None, "b": 1}]}}, True),
    (one("context.config", key="/a", equals="null"), {}, {"config": {"a": None}}, True),
    (one("context.config", key="/a/01", present=False), {}, {"config": {"a": [0, 1]}}, True),
    (one("context.config", key="/a", present=False), {}, {}, False),
    (one("context.parent.artifactType", equals="a/b"), {}, {"parent": ABOUT}, True),
    (one("context.parent.artifactType", present=False), {}, {"parent": {"artifactType": EMPTY}}, True),
    (one("context.parent.artifactType", present=False), {}, {}, False),
    (one("context.parent.annotations", key="k", equals="v"), {}, {"parent": ABOUT}, True),
    (one("context.parent.annotations", key="k", present=False), {}, {}, False),
    (one("context.parent.platform.os", equals="o"), {}, {"parent": ABOUT}, True),
    (one("context.parent.platform.os", present=True), {}, {"parent": {"platform": {}}}, True),
    (one("context.parent.platform.os", present=True), {}, {"parent": {}}, False),
    ({"all": [one("shape", present=False), {"any": [one("subject", present=True), one("layers.count", equals=0)]}]},
     {}, {}, True),
]
whole = json.loads(pathlib.Path(mapping).read_text("utf-8"))
fields, tried = work / "fields", work / "fields.json"
fields.mkdir(exist_ok=True)
(fields / "index.json").write_text('{"schemaVersion": 1, "files": ["cases.json"], "vectors": 1}')


def try_out(when):
    rule = {"id": "t/1", "type": "t", "certainty": "exact", "when": when}
    tried.write_text(json.dumps({**whole, "rules": [rule], "facets": [], "subtypes": []}))


for when, document, context, holds in CASES:
    try_out(when)
    expect = {"type": "t", "certainty": "exact"} if holds else {"type": None, "certainty": "unknown"}
    vector = {"id": json.dumps(when), "title": "x", "document": document, "context": context, "expect": expect}
    (fields / "cases.json").write_text(json.dumps({"schemaVersion": 1, "vectors": [vector]}))
    for name, command in consumers.items():
        done = check(name, command, str(tried), str(fields / "index.json"))
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
schema = json.loads(pathlib.Path("schemas/when.schema.json").read_text("utf-8"))
asked = json.dumps([when for when, *_ in CASES])
missing = [field for field in schema["properties"]["field"]["enum"] if f'"{field}"' not in asked]
assert not missing, f"no case asks for {missing}"

# What a consumer does not know it refuses: the mapping is newer.
nothing = work / "nothing.json"
nothing.write_text("{}")
NEWER = [{"none": []}, one("new", present=True), one("shape", matches="x"),
         {"new": "any", "match": one("size", equals=1)}]
for when in NEWER:
    try_out(when)
    for name, command in consumers.items():
        done = run([*command, str(tried), str(nothing)])
        refused = done.returncode != 0 and "newer than this program" in done.stderr
        assert refused, f"{name}: {when}: {done.stdout}{done.stderr}"

# Odd documents: examples of the catalog in which values of other kinds stand where they should not, the same every time.
# Two things are left out, as JSON readers differ on them: whole numbers written with a fraction, which JavaScript can not
# tell from others, and numbers beyond 2^53.
dice = random.Random(20261121)
seeds, words = [], set()
for name in vectors["files"]:
    for vector in json.loads((index.parent / name).read_text("utf-8"))["vectors"]:
        seeds.append(vector["document"])


def collect(value):
    if isinstance(value, dict):
        for key, one in value.items():
            words.add(key)
            collect(one)
    elif isinstance(value, list):
        for one in value:
            collect(one)
    elif isinstance(value, str) and len(value) < 200:
        words.add(value)


collect(json.loads(pathlib.Path(mapping).read_text("utf-8"))["rules"])
collect(json.loads(pathlib.Path(mapping).read_text("utf-8"))["facets"])
words = sorted(words)
NAMES = ["mediaType", "artifactType", "config", "layers", "blobs", "manifests", "fsLayers", "subject", "annotations",
         "platform", "size", "digest", "os", "os.features", "architecture", "MediaType", "mediatype", "Layers",
         "__proto__", "constructor", "toString", "hasOwnProperty", ""]
VALUES = [None, True, False, 0, 1, 2, -1, 0.5, 2**53, "", " ", ";", "a", [], {}, [[]], [None], [{}], ["linux"], [1, "a"],
          {"": 1}, {"mediaType": 1}, {"mediaType": ""}, {"mediaType": None}, {"os": 1}, {"os.features": ["erofs", 1]},
          {"os.features": {}}, {"os.features": [1]}, {"artifactType": ""}, {"platform": {}}, "\u00e9", "\U0001f600",
          "application/vnd.oci.image.config.v1+json; a=b", " Application/VND.OCI.Empty.V1+JSON\t", "\u00a0a/b ;",
          "application/vnd.docker.container.image.v1+json", "application/vnd.oci.image.index.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json", "APPLICATION/VND.UNKNOWN.ARTIFACT.V1",
          "application/vnd.oci.artifact.manifest.v1+json", "\u212aelvin/\u0130"]


def value():
    return dice.choice(VALUES) if dice.random() < 0.7 else dice.choice(words)


def spots(node):
    """Every place below a node: the container and the key or index."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from spots(node[key])


def mutate(document):
    for _ in range(dice.randint(1, 4)):
        places = list(spots(document))
        node, key = dice.choice(places) if places else (document, None)
        match dice.randrange(5):
            case 0 if isinstance(node, dict):
                node[dice.choice(NAMES + words)] = json.loads(json.dumps(value()))
            case 1 if isinstance(node, dict) and key is not None:
                node[dice.choice(NAMES)] = node.pop(key)
            case 2 if isinstance(node, list):
                node.insert(key, json.loads(json.dumps(value())))
            case 3 if isinstance(node, dict) and isinstance(node[key], str):
                text = node[key]
                node[key] = dice.choice([text.upper(), f" {text} ", f"{text}; x=y", text[:-1], f"{text}x", [text]])
            case _ if key is not None:
                node[key] = json.loads(json.dumps(value()))
    return document


folder = work / "odd"
folder.mkdir(exist_ok=True)
files = []
for number in range(COUNT):
    document = mutate(json.loads(json.dumps(dice.choice(seeds))))
    files.append(folder / f"{number:04}.json")
    files[-1].write_text(json.dumps(document, ensure_ascii=bool(number % 2)), "utf-8")
names = [str(file) for file in files]
done = run([oat, "identify", "--format", "ndjson", *names])
wanted = [json.loads(line) for line in done.stdout.splitlines()]
assert len(wanted) == COUNT and not any("error" in one for one in wanted), done.stderr + done.stdout[:1000]
known = sum(one["type"] is not None for one in wanted)
assert COUNT // 4 < known < COUNT, f"{known} of {COUNT} odd documents are known: they prove little"
failures = 0
for name, command in consumers.items():
    done = run([*command, mapping, *names])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(answers) == COUNT, f"{name}: {len(answers)} answers\n{done.stderr[-2000:]}"
    for file, right, answer in zip(files, wanted, answers):
        right = {key: right[key] for key in ANSWER}
        if answer != right:
            failures += 1
            print(f"{name}: {file}: {answer}\n  and oat says {right}", file=sys.stderr)
assert not failures, f"{failures} answers differ"
print(f"consumers: {len(consumers)} pass {vectors['vectors']} vectors and {COUNT} odd documents, {known} of them known")

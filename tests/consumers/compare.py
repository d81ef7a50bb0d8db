"""Holds the reference consumers against the conformance vectors, and against the program on odd documents."""

import json
import pathlib
import random
import subprocess
import sys

oat, mapping, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
consumers = json.loads((work / "consumers.json").read_text())
COUNT = 2000
ANSWER = ("type", "certainty", "rule", "facets", "subtypes")


def run(command):
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


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
    done = run([*command, mapping, "--check", str(index)])
    expected = f"{vectors['vectors']} of {vectors['vectors']} vectors pass\n"
    assert (done.returncode, done.stdout) == (0, expected), f"{name}: {done.stdout}{done.stderr}"
    for refused in (none, wrong / "index.json"):
        assert run([*command, mapping, "--check", str(refused)]).returncode != 0, f"{name} passes {refused}"

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

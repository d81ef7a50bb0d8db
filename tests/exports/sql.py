"""Runs the exported SQL in its engines: every vector, odd documents, a selection, and every word of the grammar.

    sql.py OAT WORK     with WORK/dist, a built site
"""
import json
import pathlib
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import odd
import words
from engines import ENGINES, DuckDb, PostgreSql

ODD = 5000
PROBED = 1500


def main():
    oat, work = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    sql = work / "sql"
    sql.mkdir(exist_ok=True)
    vectors = read_vectors(work / "dist/conformance")
    originals = [vector["document"] for vector in vectors]
    documents = originals + list(odd.documents(originals, ODD))
    stream, probed = sql / "documents.ndjson", sql / "probed.ndjson"
    write(stream, documents)
    write(probed, originals[:: 4] + documents[len(originals):][:PROBED])
    mapping = json.loads((work / "dist/mediaTypeMappings.json").read_text("utf-8"))
    labels = {entry["id"]: entry["label"] for entry in mapping["types"]}
    expected = identify(oat, stream)
    words.write(sql / "words", originals)
    probes = identify(oat, probed, "--catalog", sql / "words")
    met = {facet for answer in probes for facet in answer["facets"]}
    assert len(met) > words.COUNT / 2, "the statements of the grammar say nothing of the documents"
    print(f"{len(met)} of {words.COUNT} statements of the grammar hold of some document")
    selection = sql / "selection.yaml"
    selection.write_text('default: include\nrules: [{verdict: exclude, ids: ["helm-*"]}]\n')

    wrong = 0
    for engine_class in ENGINES:
        begin = time.monotonic()
        name, export = engine_class.__name__, sql / f"{engine_class.export}.sql"
        with engine_class() as engine:
            engine.load(stream)
            engine.run(write_export(oat, engine.export, export))
            answers = ordered(engine.answers(), len(documents))
            wrong += check_vectors(name, vectors, answers)
            wrong += check_answers(name, answers, expected, labels)
            if engine_class in (PostgreSql, DuckDb):
                engine.run(write_export(oat, engine.export, export, "--select", selection))
                kept = {id: label for id, label in labels.items() if not id.startswith("helm-")}
                wrong += check_answers(f"{name}, with a selection", ordered(engine.answers(), len(documents)), expected, kept)
            engine.load(probed)
            engine.run(write_export(oat, engine.export, export, "--catalog", sql / "words"))
            wrong += check_answers(f"{name}, grammar", ordered(engine.answers(), len(probes)), probes, {})
        print(f"{name}: {time.monotonic() - begin:.0f} s")
    sys.exit(1 if wrong else 0)


def read_vectors(folder):
    vectors = []
    for name in json.loads((folder / "index.json").read_text("utf-8"))["files"]:
        vectors += json.loads((folder / name).read_text("utf-8"))["vectors"]
    return vectors


def write(path, documents):
    path.write_text("".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents), "utf-8")


def write_export(oat, export, path, *options):
    subprocess.run([oat, "export", export, "--out", path, *options], check=True, stderr=subprocess.DEVNULL)
    return path


def identify(oat, stream, *options):
    done = subprocess.run([oat, "identify", "--format", "ndjson", *options, stream], check=True, capture_output=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def ordered(rows, count):
    """The answers in the order of the documents; each document has one."""
    rows = sorted(rows, key=lambda row: int(row[0]))
    assert [int(row[0]) for row in rows] == list(range(count)), f"{len(rows)} answers to {count} documents"
    return rows


def check_vectors(name, vectors, answers):
    compared = skipped = wrong = 0
    for vector, (_, rule, type_id, certainty, _, facets) in zip(vectors, answers):
        if "context" in vector:
            skipped += 1
            continue
        compared += 1
        expect = vector["expect"]
        if "facet" in expect:
            right = expect["facet"] in facets
        else:
            right = (type_id, certainty) == (expect["type"], expect["certainty"])
        if not right:
            wrong += 1
            print(f"{name}: {vector['id']}: expected {expect}, not {type_id}, {certainty} by {rule}, {facets}")
    assert compared > 0, "no vector was compared"
    print(f"{name}: {compared - wrong} of {compared} vectors, {skipped} with context skipped")
    return wrong


def check_answers(name, answers, expected, labels):
    assert len(answers) == len(expected) > 0
    wrong = 0
    for (digest, rule, type_id, certainty, label, facets), answer in zip(answers, expected):
        right = [answer["rule"], answer["type"], answer["certainty"], labels.get(answer["type"]), sorted(answer["facets"])]
        if [rule, type_id, certainty, label, sorted(facets)] != right:
            wrong += 1
            if wrong <= 5:
                differ = sorted(set(facets) ^ set(answer["facets"]))
                print(f"{name}: document {digest}: {right[:4]} expected, not {[rule, type_id, certainty, label]}; facets {differ[:8]}")
    print(f"{name}: {len(answers) - wrong} of {len(answers)} documents as `oat identify`")
    return wrong


if __name__ == "__main__":
    main()

"""The exported expressions in the reference engine of CEL."""

import sys
from pathlib import Path

from cel_expr_python import cel
from examples import examples, read

folder, types = Path(sys.argv[1]), sys.argv[2]
environment = cel.NewEnv(variables={"manifest": cel.Type.DYN, "said": cel.Type.STRING})


def compiled(text):
    return environment.compile(text)


lists = {}
for name in ("artifact-types", "config-types", "layer-types"):
    text = (folder / f"{name}.cel").read_text()
    assert len(text) < 100_000, "a parser may refuse it"
    lists[name] = set(compiled(text).eval(data={}).plain_value())
    listed = compiled(f"said in {text[text.index('['):]}")
    assert listed.eval(data={"said": "application/vnd.example.never"}).value() is False
    assert all(listed.eval(data={"said": one}).value() is True for one in lists[name])
assert "application/vnd.cncf.helm.config.v1+json" in lists["config-types"]

test = compiled((folder / "manifest.cel").read_text())
passed = failed = 0
for _, path in examples(types):
    manifest = read(path)
    said = manifest.get("artifactType")
    nothing = ("application/vnd.oci.empty.v1+json", "application/vnd.unknown.artifact.v1",
               "application/vnd.unknown.config.v1+json", "application/vnd.oras.config.v1+json", "", None)
    config = manifest.get("config")
    config = config.get("mediaType") if isinstance(config, dict) else None
    expected = config in lists["config-types"] if said in nothing else said in lists["artifact-types"]
    assert test.eval(data={"manifest": manifest}).value() is expected, path
    passed, failed = passed + expected, failed + (not expected)
assert passed > 100 and failed > 20, (passed, failed)
assert test.eval(data={"manifest": {"artifactType": "application/vnd.example.never"}}).value() is False
assert test.eval(data={"manifest": {}}).value() is False
print(f"{sum(map(len, lists.values()))} members of lists; {passed} manifests pass, {failed} do not")

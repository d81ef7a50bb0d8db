"""Plain lists, filters of referrers and the gate, read by the programs that people use with them."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

from examples import examples, read

out, types = Path(sys.argv[1]), sys.argv[2]

# grep -Fxf over what the examples say.
said = sorted({one["artifactType"] for one in (read(path) for _, path in examples(types)) if isinstance(one.get("artifactType"), str)})
for name in ("artifact-types", "config-types", "layer-types"):
    text = (out / "media-types" / f"{name}.txt").read_text()
    assert text.endswith("\n") and text.split("\n")[:-1] == sorted(set(text.split("\n")[:-1])), name
found = subprocess.run(
    ["grep", "-Fxf", out / "media-types" / "artifact-types.txt"], input="\n".join(said), text=True, capture_output=True
).stdout.split()
assert len(found) > 100, len(found)
nothing = subprocess.run(
    ["grep", "-Fxf", out / "media-types" / "artifact-types.txt"], input="application/vnd.example.never\n", text=True, capture_output=True
)
assert nothing.returncode == 1 and not nothing.stdout

# A shell reads every line, with oras and regctl as functions that print what they were given.
roles = json.loads((out / "referrers" / "referrers.json").read_text())
lines = (out / "referrers" / "referrers.txt").read_text()
script = 'show() { printf "%s\\n" "$@"; }\noras() { show oras "$@"; }\nregctl() { show regctl "$@"; }\nIMAGE=a/b:c\n' + lines
words = subprocess.run(["sh", "-eu"], input=script, check=True, text=True, capture_output=True).stdout.split("\n")
values = [value for of in roles.values() for value in of]
assert [words[at + 3] for at, word in enumerate(words) if word == "oras"] == [roles_value for role in sorted(roles) for roles_value in roles[role]]
assert [words[at + 1] for at, word in enumerate(words) if word == "--filter-artifact-type"] == [
    value for role in sorted(roles) for value in roles[role]
]
asked = [parse_qs(line.split("?", 1)[1])["artifactType"] for line in lines.split("\n") if line.startswith("# GET ")]
assert asked == [[value] for role in sorted(roles) for value in roles[role]]

# The gate: an unambiguous media type has the verdict of its type.
gate = json.loads((out / "scanner-gate" ).read_text())
assert set(gate["types"].values()) | set(gate["mediaTypes"].values()) <= {"scan", "unpack", "skip"}
assert not set(gate["mediaTypes"]) & set(gate["ambiguous"])
assert "application/vnd.oci.image.config.v1+json" in gate["ambiguous"], "signatures wear it too"
right = 0
for expected, path in examples(types):
    manifest = read(path)
    media_type = manifest.get("artifactType") or (manifest.get("config") or {}).get("mediaType")
    if media_type in gate["mediaTypes"] and expected in gate["types"]:
        assert gate["mediaTypes"][media_type] == gate["types"][expected], (path, media_type)
        right += 1
assert right > 100, right
print(f"{len(found)} types found by grep, {len(values)} filters, {right} verdicts")

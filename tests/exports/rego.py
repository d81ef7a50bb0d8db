"""The exported rule over the examples of the catalog: what a media type tells is allowed, anything else is denied."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from examples import examples

rego, folder, types = sys.argv[1:]
data = json.loads(Path(folder, "data.json").read_text())["oci_artifact_types"]
told = {one for kind in ("artifactTypes", "configTypes", "layerTypes") for ids in data[kind].values() for one in ids}
told |= set(data["plainIndexes"])


def decide(bundle, manifest):
    out = subprocess.run([rego, "deny", bundle, manifest], check=True, capture_output=True, text=True).stdout
    allow, deny = json.loads(out)
    assert allow == (not deny) or not allow, out
    return allow, deny


def decide_for(ids, manifest):
    """What the bundle for a choice of ids decides: that which `--select` would make."""
    choice = dict(data)
    for kind in ("artifactTypes", "configTypes", "layerTypes"):
        kept = {name: [one for one in of if one in ids] for name, of in data[kind].items()}
        choice[kind] = {name: of for name, of in kept.items() if of}
    choice["plainIndexes"] = [one for one in data["plainIndexes"] if one in ids]
    choice["types"] = {one: of for one, of in data["types"].items() if one in ids}
    with tempfile.TemporaryDirectory(prefix="oat-rego-") as bundle:
        Path(bundle, "data.json").write_text(json.dumps({"oci_artifact_types": choice}))
        Path(bundle, "policy.rego").write_bytes(Path(folder, "policy.rego").read_bytes())
        return decide(bundle, manifest)


allowed = denied = 0
reasons = []
sample = [(expected, path) for expected, path in examples(types) if expected in told][::6]
for expected, path in sample:
    allow, deny = decide_for({expected}, path)
    if allow:
        allowed += 1
    else:
        reasons.append((expected, path.name, deny))
    # Chosen is something that shares nothing with it.
    other = "tart-vm" if expected != "tart-vm" else "spdx-sbom"
    allow, deny = decide_for({other}, path)
    assert not allow and deny, f"{expected} {path.name} passes as {other}"
    denied += 1
for reason in reasons:
    print("  not allowed although chosen:", *reason)
assert allowed >= 0.9 * len(sample), f"{allowed} of {len(sample)}"
print(f"{allowed} of {len(sample)} examples allowed by their own type, all {denied} denied by another")

"""Exports for registries: their forms, and what was compared with the registries' own sources."""

import ast
import json
import sys
from pathlib import Path

import yaml

out = Path(sys.argv[1])


def is_dictionary(value):
    """The form that Quay's schema and Pulp's setting have: media type to list of media types."""
    return all(
        isinstance(key, str) and isinstance(of, list) and of == sorted(set(of)) and all(isinstance(one, str) for one in of)
        for key, of in value.items()
    )


# Quay: the defaults of each version, as its config.py had them.
IMAGE = "application/vnd.oci.image.config.v1+json"
OLD = {"application/vnd.dev.cosign.simplesigning.v1+json", "application/vnd.dsse.envelope.v1+json"}
for version, unknown in (("3.7", False), ("3.8", False), ("3.11", True)):
    keys = yaml.safe_load((out / f"quay-{version}").read_text())
    assert set(keys) == {"FEATURE_GENERAL_OCI_SUPPORT", "ALLOWED_OCI_ARTIFACT_TYPES"}, keys.keys()
    types = keys["ALLOWED_OCI_ARTIFACT_TYPES"]
    assert is_dictionary(types) and OLD <= set(types[IMAGE])
    assert "application/vnd.cncf.helm.chart.provenance.v1.prov" in types["application/vnd.cncf.helm.config.v1+json"]
    assert "application/tar+gzip" in types["application/vnd.cncf.helm.config.v1+json"], "a former layer of Helm"
    assert not unknown or "application/vnd.unknown.config.v1+json" in types
keys = yaml.safe_load((out / "quay").read_text())
assert isinstance(keys["FEATURE_UI_MODELCARD"], bool) and isinstance(keys["UI_MODELCARD_ARTIFACT_TYPE"], str)
assert isinstance(keys["UI_MODELCARD_LAYER_ANNOTATION"], dict)

# Pulp: Python reads the literal.
module = ast.parse((out / "pulp").read_text())
(assignment,) = module.body
assert assignment.targets[0].id == "ADDITIONAL_OCI_ARTIFACT_TYPES"
types = ast.literal_eval(assignment.value)
assert is_dictionary(types) and "application/vnd.wasm.content.layer.v1+wasm" in types["application/vnd.wasm.config.v1+json"]

# Distribution: with the whole catalog no class is set, and each refused type is named.
text = (out / "distribution").read_text()
assert yaml.safe_load(text) == {"policy": {"repository": {"classes": []}}}
assert "\n# - helm-chart\n" in text and "\n# - oci-image\n" not in text

# zot: the keys of its own example.
lint = json.loads((out / "zot" / "config-lint.json").read_text())["extensions"]["lint"]
assert lint["enable"] is True and lint["mandatoryAnnotations"] == sorted(set(lint["mandatoryAnnotations"]))
commands = json.loads((out / "zot" / "pull-commands.json").read_text())
assert commands["application/vnd.cncf.helm.config.v1+json"][0]["argv"][:2] == ["helm", "pull"]

# Harbor: names that its source gives.
harbor = json.loads((out / "harbor" / "harbor.json").read_text())
annotations = json.loads((out / "harbor" / "annotations.json").read_text())
shown = {one["id"]: {form["name"] for form in one["shown"]} for one in harbor["types"]}
assert shown["helm-chart"] == {"CHART", "HELM", "HELM.CHART"} and "IMAGE" in shown["oci-image"], shown["helm-chart"]
for one in harbor["types"]:
    assert one["icon"]["path"].endswith("-50.png") and annotations[one["icon"]["path"]]
    assert one["icon"]["argv"][:2] == ["oras", "push"]
print("Quay, Pulp, Distribution, zot and Harbor read")

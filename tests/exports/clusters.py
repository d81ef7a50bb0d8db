"""Exports for clusters: by the schemas of Kubernetes, or by the keys that the consumer's CRD has."""

import sys
from pathlib import Path

import kubernetes_validate
import yaml

out = Path(sys.argv[1])
VERSION = "1.37"

config_map = yaml.safe_load((out / "argocd").read_text())
kubernetes_validate.validate(config_map, VERSION, strict=True)
layers = config_map["data"]["reposerver.oci.layer.media.types"].split(",")
assert layers[:3] == [
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
] and len(layers) == len(set(layers)) > 20
assert all(one.endswith(("tar", "tar+gzip", "tar.gzip")) for one in layers)

policy = yaml.safe_load((out / "cel" / "validating-admission-policy.yaml").read_text())
kubernetes_validate.validate(policy, VERSION, strict=True)
policy["spec"]["validations"][0]["expresion"] = policy["spec"]["validations"][0].pop("expression")
try:
    kubernetes_validate.validate(policy, VERSION, strict=True)
    raise AssertionError("the schema refuses nothing")
except kubernetes_validate.ValidationError:
    pass

# Ratify's CRD of 1.4.4: these keys, of which the spec must have two.
verifiers = list(yaml.safe_load_all((out / "ratify").read_text()))
assert len(verifiers) == 4
for one in verifiers:
    assert (one["apiVersion"], one["kind"]) == ("config.ratify.deislabs.io/v1beta1", "Verifier")
    assert {"artifactTypes", "name"} <= set(one["spec"])
    assert set(one["spec"]) <= {"address", "artifactTypes", "name", "parameters", "source", "type", "version"}
    assert isinstance(one["spec"]["artifactTypes"], str) and " " not in one["spec"]["artifactTypes"]

# regsync's configuration of 0.11.5.
regsync = yaml.safe_load((out / "regsync").read_text())
assert regsync["version"] == 1 and regsync["defaults"]["referrers"] is True
filters = regsync["defaults"]["referrerFilters"]
assert all(set(one) == {"artifactType"} for one in filters)
values = [one["artifactType"] for one in filters]
assert len(values) == len(set(values)) and "application/vnd.cncf.notary.signature" in values
print(f"{len(layers)} layers for Argo CD, {len(verifiers)} verifiers, {len(values)} filters, one policy")

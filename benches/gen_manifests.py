#!/usr/bin/env python3
"""Make a stream of N synthetic manifests and indexes of realistic shapes, one compact JSON document a line.

  gen_manifests.py --n 100000 --out FILE.ndjson [--seed 1] [--unknown 0.02]

Same arguments, same bytes. The documents are of 64 types with realistic weights, most of them types of the catalog, and a
share of made-up types; 0.4 to 5 kB each, 1.5 kB on the average. Beside the output, FILE.ndjson.types.tsv counts the types.
"""
import argparse
import base64
import collections
import json
import random

OCI_M = "application/vnd.oci.image.manifest.v1+json"
OCI_I = "application/vnd.oci.image.index.v1+json"
OCI_C = "application/vnd.oci.image.config.v1+json"
EMPTY = "application/vnd.oci.empty.v1+json"
DK_M = "application/vnd.docker.distribution.manifest.v2+json"
DK_L = "application/vnd.docker.distribution.manifest.list.v2+json"
DK_C = "application/vnd.docker.container.image.v1+json"
TGZ = "application/vnd.oci.image.layer.v1.tar+gzip"
TZST = "application/vnd.oci.image.layer.v1.tar+zstd"
TAR = "application/vnd.oci.image.layer.v1.tar"
DK_TGZ = "application/vnd.docker.image.rootfs.diff.tar.gzip"

# id, weight, artifactType or None, config media type, layer media types, (min, max) layers
TYPES = [
    ("image-oci", 300, None, OCI_C, [TGZ], (3, 20)),
    ("image-oci-zstd", 20, None, OCI_C, [TZST], (3, 20)),
    ("image-oci-tar", 5, None, OCI_C, [TAR], (3, 8)),
    ("image-docker", 150, None, DK_C, [DK_TGZ], (3, 20)),
    ("buildkit-attestation", 90, None, OCI_C, ["application/vnd.in-toto+json"], (1, 2)),
    ("buildkit-cache", 8, None, "application/vnd.buildkit.cacheconfig.v0", [TGZ], (3, 20)),
    ("cosign-signature", 90, None, OCI_C, ["application/vnd.dev.cosign.simplesigning.v1+json"], (1, 2)),
    ("cosign-attestation", 30, None, OCI_C, ["application/vnd.dsse.envelope.v1+json"], (1, 2)),
    ("sigstore-bundle", 30, "application/vnd.dev.sigstore.bundle.v0.3+json", EMPTY, ["application/vnd.dev.sigstore.bundle.v0.3+json"], (1, 1)),
    ("notation-signature", 20, "application/vnd.cncf.notary.signature", EMPTY, ["application/jose+json"], (1, 1)),
    ("helm-chart", 90, None, "application/vnd.cncf.helm.config.v1+json",
     ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/vnd.cncf.helm.chart.provenance.v1.prov"], (1, 2)),
    ("wasm", 15, None, "application/vnd.wasm.config.v0+json", ["application/wasm"], (1, 1)),
    ("wasm-legacy", 5, None, "application/vnd.wasm.config.v1+json", ["application/vnd.wasm.content.layer.v1+wasm"], (1, 1)),
    ("wasm-module-image", 4, None, "application/vnd.module.wasm.config.v1+json", ["application/vnd.module.wasm.content.layer.v1+wasm"], (1, 1)),
    ("spin-app", 6, "application/vnd.fermyon.spin.application.v1+config", "application/vnd.fermyon.spin.application.v1+config", ["application/vnd.wasm.content.layer.v1+wasm"], (1, 3)),
    ("wasmcloud-provider", 3, None, "application/vnd.wasmcloud.provider.archive.config", ["application/vnd.wasmcloud.provider.archive.layer.v1+par"], (1, 1)),
    ("opa-bundle", 6, None, "application/vnd.cncf.openpolicyagent.config.v1+json", ["application/vnd.cncf.openpolicyagent.layer.v1.tar+gzip"], (1, 1)),
    ("opa-policy", 4, None, "application/vnd.cncf.openpolicyagent.config.v1+json", ["application/vnd.cncf.openpolicyagent.policy.layer.v1+rego"], (1, 4)),
    ("conftest", 2, None, "application/vnd.cncf.openpolicyagent.config.v1+json", ["application/vnd.cncf.openpolicyagent.data.layer.v1+json"], (1, 3)),
    ("flux-artifact", 10, None, "application/vnd.cncf.flux.config.v1+json", ["application/vnd.cncf.flux.content.v1.tar+gzip"], (1, 1)),
    ("kyverno-policy", 4, None, "application/vnd.cncf.kyverno.config.v1+json", ["application/vnd.cncf.kyverno.policy.layer.v1+yaml"], (1, 6)),
    ("falco-plugin", 3, None, "application/vnd.cncf.falco.plugin.config.v1+json", ["application/vnd.cncf.falco.plugin.layer.v1+tar.gz"], (1, 1)),
    ("falco-rulesfile", 3, None, "application/vnd.cncf.falco.rulesfile.config.v1+json", ["application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz"], (1, 1)),
    ("crossplane-package", 4, None, OCI_C, ["application/vnd.crossplane.package.v1.tar+gzip"], (1, 2)),
    ("carvel-bundle", 4, None, OCI_C, ["application/vnd.carvel.imgpkg.bundle.v1.tar+gzip"], (1, 1)),
    ("cnab-bundle", 3, None, "application/vnd.cnab.config.v1+json", ["application/vnd.cnab.bundle.layer.v1+json"], (1, 1)),
    ("cnab-legacy", 1, None, "application/vnd.deislabs.cnab.config.v1+json", ["application/vnd.deislabs.cnab.layer.v1.tar+gzip"], (1, 1)),
    ("singularity", 6, None, "application/vnd.sylabs.sif.config.v1+json", ["application/vnd.sylabs.sif.layer.v1.sif"], (1, 1)),
    ("homebrew-bottle", 25, None, OCI_C, ["application/vnd.homebrew.bottle.layer.v1.tar+gzip"], (1, 1)),
    ("tekton-bundle", 5, None, OCI_C, ["application/vnd.tekton.image.task.layer.v1.tar+gzip"], (1, 10)),
    ("spdx-sbom", 12, "application/spdx+json", EMPTY, ["application/spdx+json"], (1, 1)),
    ("cyclonedx-sbom", 12, "application/vnd.cyclonedx+json", EMPTY, ["application/vnd.cyclonedx+json"], (1, 1)),
    ("syft-sbom", 3, "application/vnd.syft+json", EMPTY, ["application/vnd.syft+json"], (1, 1)),
    ("sarif-report", 4, "application/sarif+json", EMPTY, ["application/sarif+json"], (1, 1)),
    ("trivy-db", 3, "application/vnd.aquasec.trivy.config.v1+json", EMPTY, ["application/vnd.aquasec.trivy.db.layer.v1.tar+gzip"], (1, 1)),
    ("trivy-java-db", 2, "application/vnd.aquasec.trivy.config.v1+json", EMPTY, ["application/vnd.aquasec.trivy.javadb.layer.v1.tar+gzip"], (1, 1)),
    ("in-toto", 6, "application/vnd.in-toto+json", EMPTY, ["application/vnd.in-toto+json"], (1, 1)),
    ("cyberark-lock", 1, "application/vnd.oras.config.v1+json", EMPTY, ["application/vnd.oras.lock.v1+json"], (1, 1)),
    ("oras-unknown", 15, "application/vnd.unknown.artifact.v1", EMPTY, ["application/octet-stream"], (1, 4)),
    ("acr-checksum", 2, "application/vnd.acme.checksum.v1", EMPTY, ["text/plain"], (1, 1)),
    ("modelpack", 8, "application/vnd.cncf.model.manifest.v1+json", "application/vnd.cncf.model.config.v1+json", ["application/vnd.cncf.model.weight.v1.tar", "application/vnd.cncf.model.doc.v1.tar"], (2, 8)),
    ("ollama-model", 12, None, DK_C, ["application/vnd.ollama.image.model", "application/vnd.ollama.image.template", "application/vnd.ollama.image.license", "application/vnd.ollama.image.params"], (3, 5)),
    ("kitops-modelkit", 4, None, "application/vnd.kitops.modelkit.config.v1+json", ["application/vnd.kitops.modelkit.model.v1.tar", "application/vnd.kitops.modelkit.dataset.v1.tar", "application/vnd.kitops.modelkit.code.v1.tar"], (2, 6)),
    ("docker-ai-model", 4, None, "application/vnd.docker.ai.model.config.v0.1+json", ["application/vnd.docker.ai.gguf.v3"], (1, 3)),
    ("docker-plugin", 2, None, "application/vnd.docker.plugin.v1+json", [DK_TGZ], (1, 1)),
    ("compose-project", 3, "application/vnd.docker.compose.project", "application/vnd.docker.compose.config.empty.v1+json", ["application/vnd.docker.compose.file+yaml"], (1, 3)),
    ("devcontainer-feature", 8, None, "application/vnd.devcontainers", ["application/vnd.devcontainers.layer.v1+tar"], (1, 1)),
    ("bicep-module", 6, None, "application/vnd.ms.bicep.module.config.v1+json", ["application/vnd.ms.bicep.module.layer.v1+json"], (1, 2)),
    ("bicep-extension", 1, "application/vnd.ms.bicep.provider.artifact", "application/vnd.ms.bicep.provider.config.v1+json", ["application/vnd.ms.bicep.provider.layer.v1.tar+gzip"], (1, 1)),
    ("dapr-component", 1, None, "application/vnd.dapr.component.config.v1+json", ["application/vnd.dapr.component.layer.v1.tar+gzip"], (1, 1)),
    ("zarf-package", 4, None, "application/vnd.zarf.config.v1+json", ["application/vnd.zarf.layer.v1.blob"], (5, 20)),
    ("timoni-module", 3, None, "application/vnd.timoni.config.v1+json", ["application/vnd.timoni.content.v1.tar+gzip"], (1, 2)),
    ("cue-module", 3, "application/vnd.cue.module.v1+json", "application/vnd.cue.module.v1+json", ["application/zip", "application/vnd.cue.modulefile.v1"], (2, 2)),
    ("gitlab-terraform", 3, "application/vnd.opentofu.modulepkg", EMPTY, ["archive/zip"], (1, 1)),
    ("ebpf-program", 3, "application/ebpf.oci.image.config.v1+json", "application/ebpf.oci.image.config.v1+json", [TGZ], (1, 1)),
    ("inspektor-gadget", 3, None, "application/vnd.gadget.config.v1+yaml", ["application/vnd.gadget.ebpf.program.v1+binary"], (1, 3)),
    ("soci-index", 5, "application/vnd.amazon.soci.index.v1+json", EMPTY, ["application/octet-stream"], (3, 12)),
    ("nydus-image", 5, None, OCI_C, ["application/vnd.oci.image.layer.nydus.blob.v1"], (3, 12)),
    ("estargz-image", 5, None, OCI_C, [TGZ], (3, 12)),
    ("encrypted-image", 3, None, OCI_C, [TGZ + "+encrypted"], (3, 12)),
    ("coco-attester", 2, "application/vnd.veraison.corim+cbor", EMPTY, ["application/vnd.veraison.corim+cbor"], (1, 1)),
    ("arm-template", 1, None, "application/vnd.microsoft.arm.template.config.v1+json", ["application/vnd.microsoft.arm.template.v1+json"], (1, 1)),
    ("index-oci", 110, None, None, [OCI_M], (2, 8)),
    ("index-docker", 30, None, None, [DK_M], (2, 8)),
]
PLAT = [("amd64", "linux", None), ("arm64", "linux", "v8"), ("arm", "linux", "v7"), ("386", "linux", None),
        ("ppc64le", "linux", None), ("s390x", "linux", None), ("riscv64", "linux", None), ("amd64", "windows", None)]


def dig(rng):
    return "sha256:%064x" % rng.getrandbits(256)


def desc(rng, mt, lo=200, hi=80_000_000):
    return {"mediaType": mt, "digest": dig(rng), "size": rng.randrange(lo, hi)}


def ann_image(rng, k):
    allk = [("org.opencontainers.image.created", f"2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}T10:21:33Z"),
            ("org.opencontainers.image.source", f"https://git.example/team{k % 97}/project{k % 1009}"),
            ("org.opencontainers.image.revision", "%040x" % rng.getrandbits(160)),
            ("org.opencontainers.image.version", f"{k % 9}.{k % 31}.{k % 17}"),
            ("org.opencontainers.image.title", f"project{k % 1009}"),
            ("org.opencontainers.image.description", "A small service with a \"quoted\" word and a \u00fcmlaut in its text")]
    return dict(allk[:rng.randrange(1, 7)])


def make(rng, k, t):
    tid, _, at, cfg, lts, (lo, hi) = t
    if tid == "index-oci" or tid == "index-docker":
        m = {"schemaVersion": 2, "mediaType": OCI_I if tid == "index-oci" else DK_L, "manifests": []}
        for a, o, v in PLAT[:rng.randrange(lo, hi + 1)]:
            d = desc(rng, lts[0], 500, 4000)
            d["platform"] = {"architecture": a, "os": o}
            if v:
                d["platform"]["variant"] = v
            m["manifests"].append(d)
        if tid == "index-oci" and rng.random() < .5:
            for d in list(m["manifests"])[:4]:
                e = desc(rng, OCI_M, 500, 900)
                e["annotations"] = {"vnd.docker.reference.digest": d["digest"], "vnd.docker.reference.type": "attestation-manifest"}
                e["platform"] = {"architecture": "unknown", "os": "unknown"}
                m["manifests"].append(e)
            m["annotations"] = ann_image(rng, k)
        return m
    m = {"schemaVersion": 2, "mediaType": DK_M if cfg == DK_C else OCI_M}
    if at:
        m["artifactType"] = at
    m["config"] = desc(rng, cfg, 300, 12000)
    if cfg == EMPTY:
        m["config"] = {"mediaType": EMPTY, "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
                       "size": 2, "data": "e30="}
    m["layers"] = []
    for j in range(rng.randrange(lo, hi + 1)):
        lt = lts[j % len(lts)] if tid in ("helm-chart", "cue-module", "modelpack", "kitops-modelkit", "ollama-model") else lts[0]
        d = desc(rng, lt)
        if tid.startswith("cosign"):
            d["annotations"] = {"dev.cosignproject.cosign/signature": base64.b64encode(rng.randbytes(71)).decode(),
                                "dev.sigstore.cosign/bundle": json.dumps({"SignedEntryTimestamp": base64.b64encode(rng.randbytes(72)).decode(),
                                                                          "Payload": {"body": base64.b64encode(rng.randbytes(450)).decode(),
                                                                                      "integratedTime": 1700000000 + k, "logIndex": k}})}
        elif tid == "buildkit-attestation":
            d["annotations"] = {"in-toto.io/predicate-type": ("https://slsa.dev/provenance/v1", "https://spdx.dev/Document")[j]}
        elif tid == "estargz-image":
            d["annotations"] = {"containerd.io/snapshot/stargz/toc.digest": dig(rng), "io.containers.estargz.uncompressed-size": str(rng.randrange(10**8))}
        elif tid in ("homebrew-bottle", "oras-unknown", "spdx-sbom", "zarf-package", "modelpack", "compose-project"):
            d["annotations"] = {"org.opencontainers.image.title": f"file-{j}-{k % 7919}.tar.gz"}
        m["layers"].append(d)
    if at and tid not in ("modelpack", "spin-app", "compose-project", "oras-unknown"):
        m["subject"] = desc(rng, OCI_M, 500, 4000)
        m["annotations"] = {"org.opencontainers.image.created": "2025-06-01T10:21:33Z"}
    elif tid in ("image-oci", "helm-chart", "flux-artifact", "homebrew-bottle", "image-oci-zstd") and rng.random() < .6:
        m["annotations"] = ann_image(rng, k)
    return m


def unknown(rng, k):
    n = rng.randrange(5000)
    t = ("unknown", 1, f"application/vnd.corp{n}.thing.v1" if rng.random() < .5 else None,
         f"application/vnd.corp{n}.config.v1+json", [f"application/vnd.corp{n}.layer.v1.tar"], (1, 4))
    return make(rng, k, t)



def write(out, count, seed=1, unknown_share=.02):
    """Writes the stream; returns its bytes and how many documents of each type it holds."""
    rng = random.Random(seed)
    counts = collections.Counter()
    size = 0
    with open(out, "w", encoding="utf-8", newline="\n") as stream:
        for number, kind in enumerate(rng.choices(TYPES, [kind[1] for kind in TYPES], k=count)):
            is_unknown = rng.random() < unknown_share
            document = unknown(rng, number) if is_unknown else make(rng, number, kind)
            counts["unknown" if is_unknown else kind[0]] += 1
            size += stream.write(json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n")
    with open(f"{out}.types.tsv", "w", encoding="utf-8", newline="\n") as table:
        table.writelines(f"{name}\t{times}\n" for name, times in sorted(counts.items()))
    return size, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unknown", type=float, default=.02, help="share of documents of a made-up type")
    args = parser.parse_args()
    size, _ = write(args.out, args.n, args.seed, args.unknown)
    print(f"{args.n} documents, {size / 1e6:.1f} MB, {size / max(1, args.n):.0f} characters each")


if __name__ == "__main__":
    main()

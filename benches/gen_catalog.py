#!/usr/bin/env python3
"""Make a catalog of N generated entries in our own format.

  gen_catalog.py --n 1000 --out DIR [--seed 1] [--flat] [--oat PROGRAM]

Same arguments, same bytes. Writes under DIR:

  types/<id>/type.yaml, types/<id>/examples/plain.json   N entries of about 1.5 kB that `oat lint` has nothing to say about
  schemas/artifact-type.schema.json                      what `oat schema artifact-type` prints, when --oat is given

and with --flat, for programs that know no folders:

  flat/<id>.yaml                                         the same bytes as the entries
"""
import argparse
import json
import pathlib
import random
import subprocess

WORDS = ("module chart policy bundle model signature attestation package plugin workflow pipeline recipe profile "
         "snapshot dataset kernel driver firmware config template schema extension theme playbook stack manifest "
         "index report scan receipt grammar shader sandbox widget adapter operator agent").split()
VENDORS = ("acme aurora basalt cinder delta ember falcon granite harbor indigo juniper krypton lumen meridian nimbus "
           "orchid pioneer quartz raven sierra topaz umber vertex willow xenon yonder zephyr").split()
ROLES = {"module": "module", "chart": "chart", "policy": "policy", "bundle": "bundle", "model": "model",
         "signature": "signature", "attestation": "attestation", "plugin": "plugin", "profile": "profile",
         "config": "config", "firmware": "firmware", "dataset": "database", "grammar": "ruleset"}
VERBS = "describes carries packages distributes bundles records holds stores".split()
SUFFIXES = ["tar+gzip", "tar+zstd", "tar", "v1+json", "wasm", "text", "bin"]
SENTENCES = ("It is pushed and pulled with ordinary registry tools.",
             "The config blob holds metadata which clients read before any layer.",
             "Layers are opaque to the registry, and each has a fixed media type.",
             "Versions are tagged with semantic versions, and digests never change.",
             "Consumers should verify the signature before they unpack the content.",
             "Older clients see an unknown type: they must not run it as an image.")
EMPTY = "application/vnd.oci.empty.v1+json"
EMPTY_DIGEST = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def wrapped(text, width=100):
    """The text as lines below a key."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join("  " + one for one in [*lines, line])


def entry(number, rng):
    """Id, text of type.yaml and text of the example of one entry."""
    vendor = VENDORS[number % len(VENDORS)]
    word = WORDS[number // len(VENDORS) % len(WORDS)]
    type_id = f"{vendor}-{word}-{number:05d}"
    base = f"application/vnd.{vendor}.{word}{number:05d}"
    project = f"https://github.com/{vendor}/{word}{number:05d}"
    # Half of the types are told by their artifactType, half by the media type of their config.
    by_artifact_type = number % 2 == 0
    kind = f"{base}.v1+json" if by_artifact_type else f"{base}.config.v1+json"
    content, extra = f"{base}.content.v1.tar+gzip", f"{base}.extra.{rng.choice(SUFFIXES)}"
    # Two layers in a quarter of the entries.
    layers = [("content", content, 1)] + [("extra", extra, 0)] * (rng.random() < .25)
    revision = f"{rng.getrandbits(160):040x}"
    year, month, day = rng.randrange(2018, 2026), rng.randrange(1, 13), rng.randrange(1, 29)
    said = [kind] + [media_type for _, media_type, _ in layers]
    proved = "".join(f"      - {media_type}\n" for media_type in said)
    config = EMPTY if by_artifact_type else kind
    artifact_type = f"  artifactType:\n    presence: required\n    mediaTypes: [{kind}]\n" if by_artifact_type else ""
    parts = "".join(f"""    - role: {role}
      mediaTypes: [{media_type}]
{'      min: 1' if least else '      max: 1'}
""" for role, media_type, least in layers)
    text = f"""\
# yaml-language-server: $schema=../../schemas/artifact-type.schema.json
id: {type_id}
title: {vendor.capitalize()} {word} {number:05d}
label: {vendor} {number:05d}
summary: One {word} of the {vendor} project, generated for measuring.
description: |
{wrapped(f"The artifact {rng.choice(VERBS)} one {word} of the {vendor} project. {rng.choice(SENTENCES)}")}
status:
  state: active
tier: verified
publisher:
  name: {vendor.capitalize()}
  url: https://github.com/{vendor}
roles: [{ROLES.get(word, 'generic')}]
identify:
  rules:
    - when:
        field: {'artifactType' if by_artifact_type else 'config.mediaType'}
        equals: {kind}
structure:
  shapes: [oci-manifest]
{artifact_type}  config:
    mediaTypes: [{config}]
  layers:
{parts}  subject: optional
tools:
  - id: oras
    title: ORAS
    home: https://oras.land
actions:
  - title: Pull
    tool: oras
    argv: [oras, pull, "{{reference}}"]
links:
  home: https://github.com/{vendor}
sources:
  - mediaTypes:
{proved}    fact: The media types.
    repository: {project}
    path: media_types.go
    revision: {revision}
examples:
  - file: plain.json
    title: A release.
changes:
  - date: "{year}-{month:02d}-{day:02d}"
    change: Added.
"""
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    if by_artifact_type:
        manifest["artifactType"] = kind
        manifest["config"] = {"mediaType": EMPTY, "digest": EMPTY_DIGEST, "size": 2, "data": "e30="}
    else:
        manifest["config"] = descriptor(rng, kind, 2000)
    manifest["layers"] = [descriptor(rng, media_type, 80_000_000) for _, media_type, _ in layers]
    return type_id, text, json.dumps(manifest, indent=2) + "\n"


def descriptor(rng, media_type, largest):
    return {"mediaType": media_type, "digest": f"sha256:{rng.getrandbits(256):064x}", "size": rng.randrange(200, largest)}


def write(out, count, seed=1, flat=False, oat=None):
    """Writes the catalog; returns the bytes of its entries."""
    rng = random.Random(seed)
    out = pathlib.Path(out)
    size = 0
    if flat:
        (out / "flat").mkdir(parents=True, exist_ok=True)
    for number in range(count):
        type_id, text, example = entry(number, rng)
        size += len(text)
        folder = out / "types" / type_id
        (folder / "examples").mkdir(parents=True, exist_ok=True)
        (folder / "type.yaml").write_text(text, encoding="utf-8", newline="\n")
        (folder / "examples" / "plain.json").write_text(example, encoding="utf-8", newline="\n")
        if flat:
            (out / "flat" / f"{type_id}.yaml").write_text(text, encoding="utf-8", newline="\n")
    if oat:
        schema = subprocess.run([oat, "schema", "artifact-type"], check=True, capture_output=True).stdout
        (out / "schemas").mkdir(exist_ok=True)
        (out / "schemas" / "artifact-type.schema.json").write_bytes(schema)
    return size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flat", action="store_true")
    parser.add_argument("--oat", help="the program that prints the schema")
    args = parser.parse_args()
    size = write(args.out, args.n, args.seed, args.flat, args.oat)
    print(f"{args.n} entries, {size / max(1, args.n):.0f} bytes each")


if __name__ == "__main__":
    main()

"""Stores artifacts in a registry by python-oras, and says what each of them is.

The documents are the examples of the catalog. Their digests are made up, so each descriptor gets that of content which
is stored for it; what an index lists is stored too. What a document is comes from its entry, not from `oat`.
"""

import concurrent.futures
import dataclasses
import hashlib
import json
import pathlib

import oras.provider
import yaml

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
EMPTY = "application/vnd.oci.empty.v1+json"


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Registry:
    """A registry, reached by python-oras."""

    def __init__(self, host, user=None, backend="token"):
        self.host, self.user = host, user
        self.client = oras.provider.Registry(hostname=host, insecure=True, auth_backend=backend)
        if user:
            self.client.auth.set_basic_auth(*user)

    def ask(self, method, path, **more):
        return self.client.session.request(method, f"http://{self.host}/v2/{path}", **more) if not self.user else \
            self.client.do_request(f"http://{self.host}/v2/{path}", method, **more)

    def blob(self, repository, content):
        """Stores content; the two members of its descriptor that it decides."""
        found = digest(content)
        if self.ask("HEAD", f"{repository}/blobs/{found}").status_code != 200:
            begun = self.ask("POST", f"{repository}/blobs/uploads/")
            begun.raise_for_status()
            to = begun.headers["Location"]
            to = to if to.startswith("http") else f"http://{self.host}{to}"
            to += ("&" if "?" in to else "?") + "digest=" + found
            headers = {"Content-Type": "application/octet-stream", "Content-Length": str(len(content))}
            self.client.do_request(to, "PUT", headers=headers, data=content).raise_for_status()
        return {"digest": found, "size": len(content)}

    def manifest(self, repository, reference, document):
        """Stores a document under a tag, or under its digest; its descriptor."""
        content = json.dumps(document, separators=(",", ":")).encode()
        media_type = document.get("mediaType") or (INDEX if "manifests" in document else MANIFEST)
        found = digest(content)
        answer = self.ask(
            "PUT", f"{repository}/manifests/{reference or found}", headers={"Content-Type": media_type}, data=content
        )
        if answer.status_code not in (200, 201):
            raise ValueError(f"{repository}:{reference}: {answer.status_code} {answer.text[:200]}")
        return {"mediaType": media_type, "digest": found, "size": len(content)}, answer.headers


def image(registry, repository, media_type=MANIFEST, platform="amd64"):
    """An image as small as one can be; its descriptor."""
    oci = media_type == MANIFEST
    config = json.dumps({"architecture": platform, "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}).encode()
    config_type = "application/vnd.oci.image.config.v1+json" if oci else "application/vnd.docker.container.image.v1+json"
    layer_type = "application/vnd.oci.image.layer.v1.tar+gzip" if oci else "application/vnd.docker.image.rootfs.diff.tar.gzip"
    document = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": {"mediaType": config_type, **registry.blob(repository, config)},
        "layers": [{"mediaType": layer_type, **registry.blob(repository, b"layer of " + repository.encode())}],
    }
    return registry.manifest(repository, None, document)[0]


def adapt(registry, repository, document, config=None, children=()):
    """The document with descriptors of content that is stored for them."""
    document = json.loads(json.dumps(document))
    parts = [("config", document.get("config"))] + [("layer", one) for one in document.get("layers") or []]
    for position, (part, descriptor) in enumerate(parts):
        if not descriptor:
            continue
        descriptor.pop("data", None)
        if descriptor.get("mediaType") == EMPTY:
            content = b"{}"
        elif part == "config" and config is not None:
            content = config
        elif part == "config" and "json" in descriptor.get("mediaType", ""):
            content = b"{}"
        else:
            content = f"{repository} {position}".encode()
        descriptor.update(registry.blob(repository, content))
    children = list(children)
    for position, descriptor in enumerate(document.get("manifests") or []):
        if position < len(children):
            inner = adapt(registry, repository, children[position])
            inner.setdefault("mediaType", INDEX if "manifests" in inner else MANIFEST)
            found = registry.manifest(repository, None, inner)[0]
        else:
            kind = DOCKER if descriptor.get("mediaType") == DOCKER else MANIFEST
            platform = (descriptor.get("platform") or {}).get("architecture", "amd64")
            found = image(registry, repository, kind, f"{platform}{position}")
        descriptor.update({"digest": found["digest"], "size": found["size"]})
    if document.get("subject"):
        document["subject"] = image(registry, repository)
    return document


def examples(registry, types):
    """Stores the examples of the catalog, each under a tag; what `oat list` must say of each reference."""
    found = []
    for entry in sorted(pathlib.Path(types).glob("*/type.yaml")):
        described = yaml.safe_load(entry.read_text())
        for position, example in enumerate(described.get("examples") or []):
            document = json.loads((entry.parent / "examples" / example["file"]).read_text())
            if not isinstance(document, dict) or document.get("schemaVersion") != 2 or "blobs" in document:
                continue
            # What a parent says of it is not seen where it has a tag of its own.
            if ("config" in document or "manifests" in document) and "parent" not in (example.get("context") or {}):
                found.append((entry.parent, described, position, example, document))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda one: store(registry, *one), found))
    return [one for one in stored if isinstance(one, Stored)], [one for one in stored if isinstance(one, str)]


@dataclasses.dataclass
class Stored:
    """An artifact that is stored, and what must be said of it."""

    reference: str
    type: str | None
    certainty: str
    facet: str | None
    context: bool


def store(registry, folder, entry, position, example, document):
    """Stores an example; or why the registry does not take it."""
    context = example.get("context") or {}
    read = lambda name: (folder / "examples" / name).read_text()
    config = read(context["config"]).encode() if "config" in context else None
    children = [json.loads(read(name)) for name in context.get("children", [])]
    repository = f"examples/{entry['id']}" if "tag" not in context else f"tags/{entry['id']}-{position}"
    tag = context.get("tag") or f"v{position}"
    try:
        adapted = adapt(registry, repository, document, config, children)
        adapted.setdefault("mediaType", INDEX if "manifests" in adapted else MANIFEST)
        registry.manifest(repository, tag, adapted)
    except ValueError as error:
        return str(error)
    wanted = example.get("expect") or {"type": entry["id"], "certainty": "exact"}
    facet = entry["id"] if entry.get("kind") == "facet" and "expect" not in example else None
    reference = f"{registry.host}/{repository}:{tag}"
    return Stored(reference, wanted.get("type"), wanted.get("certainty") or "exact", facet, bool(context))

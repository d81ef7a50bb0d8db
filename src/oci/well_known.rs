//! Constants of the specifications, each with its section.

use super::spec::Spec;

/// OCI image manifest ([media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md)).
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// OCI image index (media-types.md).
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Config of an OCI image (media-types.md).
pub const OCI_IMAGE_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// The empty JSON object ([manifest.md, empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)).
pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// Digest of the empty JSON object `{}` (manifest.md, empty descriptor).
pub const EMPTY_DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
/// Docker image manifest, version 2 schema 2 ([distribution](https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-2.md)).
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// Docker manifest list (same document).
pub const DOCKER_MANIFEST_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// Docker image manifest, version 2 schema 1.
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
/// The same, signed.
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
/// Config of a Docker image (same document).
pub const DOCKER_IMAGE_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
/// The artifact manifest that a release candidate of image-spec 1.1 had and the release has not
/// ([v1.1.0-rc2](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/artifact.md)).
pub const OCI_ARTIFACT_MANIFEST: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// The artifact manifest of the ORAS project
/// ([artifacts-spec](https://github.com/oras-project/artifacts-spec/blob/v1.0.0-rc.2/artifact-manifest.md)).
pub const ORAS_ARTIFACT_MANIFEST: &str = "application/vnd.cncf.oras.artifact.manifest.v1+json";

/// What the media types of the OCI begin with.
pub const OCI_PREFIX: &str = "application/vnd.oci.";
/// What the types of OCI layers begin with.
pub const OCI_LAYER_PREFIX: &str = "application/vnd.oci.image.layer.";
/// What the types of Docker layers begin with.
pub const DOCKER_LAYER_PREFIX: &str = "application/vnd.docker.image.rootfs.";
/// A layer of Docker, compressed by gzip: fully interchangeable with that of the OCI
/// ([compatibility matrix](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#compatibility-matrix)).
pub const DOCKER_LAYER_GZIP: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";

/// The media types that the OCI defines, with the release since which it does
/// ([1.0](https://github.com/opencontainers/image-spec/blob/v1.0.2/media-types.md),
/// [1.1](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md)).
pub const OCI: [(&str, Spec); 12] = [
    ("application/vnd.oci.descriptor.v1+json", Spec::V1_0),
    (EMPTY, Spec::V1_1),
    (OCI_IMAGE_CONFIG, Spec::V1_0),
    (OCI_INDEX, Spec::V1_0),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar", Spec::V1_0),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Spec::V1_0),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", Spec::V1_1),
    ("application/vnd.oci.image.layer.v1.tar", Spec::V1_0),
    ("application/vnd.oci.image.layer.v1.tar+gzip", Spec::V1_0),
    ("application/vnd.oci.image.layer.v1.tar+zstd", Spec::V1_1),
    (OCI_MANIFEST, Spec::V1_0),
    ("application/vnd.oci.layout.header.v1+json", Spec::V1_0),
];

/// Media types of drafts that no release has, with what took their place: those of image-spec before 1.0
/// ([0.1.0](https://github.com/opencontainers/image-spec/blob/v0.1.0/media-types.md),
/// [0.5.0](https://github.com/opencontainers/image-spec/blob/v0.5.0/media-types.md),
/// [1.0.0-rc1](https://github.com/opencontainers/image-spec/blob/v1.0.0-rc1/media-types.md),
/// [1.0.0-rc4](https://github.com/opencontainers/image-spec/blob/v1.0.0-rc4/media-types.md)) and of the candidates for 1.1
/// ([1.1.0-rc2](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/artifact.md),
/// [1.1.0-rc3](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc3/manifest.md)).
pub const OCI_WITHDRAWN: [(&str, Option<&str>); 10] = [
    (OCI_ARTIFACT_MANIFEST, None),
    ("application/vnd.oci.image.layer.nondistributable.tar+gzip", Some("application/vnd.oci.image.layer.v1.tar+gzip")),
    ("application/vnd.oci.image.layer.tar+gzip", Some("application/vnd.oci.image.layer.v1.tar+gzip")),
    ("application/vnd.oci.image.manifest.list.v1+json", Some(OCI_INDEX)),
    ("application/vnd.oci.image.rootfs.tar.gzip", Some("application/vnd.oci.image.layer.v1.tar+gzip")),
    ("application/vnd.oci.image.serialization.combined.v1+json", None),
    ("application/vnd.oci.image.serialization.config.v1+json", Some(OCI_IMAGE_CONFIG)),
    ("application/vnd.oci.image.serialization.rootfs.tar.gzip", Some("application/vnd.oci.image.layer.v1.tar+gzip")),
    ("application/vnd.oci.image.serialization.v1+json", Some(OCI_IMAGE_CONFIG)),
    ("application/vnd.oci.scratch.v1+json", Some(EMPTY)),
];

/// Structured suffixes that the OCI uses and IANA has not registered
/// ([layer.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#zstd-media-types)).
pub const OCI_SUFFIXES: [&str; 1] = ["zstd"];

/// Media types of manifests and indexes: as `artifactType` they say nothing.
pub const MANIFESTS: [&str; 8] = [
    OCI_MANIFEST,
    OCI_INDEX,
    DOCKER_MANIFEST,
    DOCKER_MANIFEST_LIST,
    DOCKER_SCHEMA1,
    DOCKER_SCHEMA1_SIGNED,
    OCI_ARTIFACT_MANIFEST,
    ORAS_ARTIFACT_MANIFEST,
];

/// What ORAS writes where its user names no type: it says nothing
/// ([oras-go, content.go and pack.go](https://github.com/oras-project/oras-go/blob/v2.5.0/pack.go)).
pub const PLACEHOLDERS: [&str; 3] = [
    "application/vnd.unknown.artifact.v1",
    "application/vnd.unknown.config.v1+json",
    "application/vnd.oras.config.v1+json",
];

/// Media types that many artifact types share; none of them tells a type by itself.
pub const GENERIC: [&str; 22] = [
    OCI_IMAGE_CONFIG,
    DOCKER_IMAGE_CONFIG,
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    EMPTY,
    "application/json",
    "application/yaml",
    "application/octet-stream",
    "application/gzip",
    "application/x-tar",
    "application/tar+gzip",
    "application/zip",
    "text/plain",
    "text/markdown",
];

/// Whether a media type says nothing about the artifact when it stands as `artifactType` or as the config's type.
#[must_use]
pub fn says_nothing(media_type: &str) -> bool {
    media_type == EMPTY || PLACEHOLDERS.contains(&media_type) || MANIFESTS.contains(&media_type)
}

/// All media types that say nothing there, sorted.
#[must_use]
pub fn saying_nothing() -> Vec<&'static str> {
    let mut all = [&[EMPTY][..], &PLACEHOLDERS, &MANIFESTS].concat();
    all.sort_unstable();
    all
}

/// Whether many artifact types share a media type, so that it tells none by itself.
#[must_use]
pub fn is_generic(media_type: &str) -> bool {
    GENERIC.contains(&media_type) || MANIFESTS.contains(&media_type)
}

/// Whether the OCI or Docker defines a media type for images, or did so in a draft.
#[must_use]
pub fn is_defined(media_type: &str) -> bool {
    OCI.iter().any(|(name, _)| *name == media_type)
        || OCI_WITHDRAWN.iter().any(|(name, _)| *name == media_type)
        || MANIFESTS.contains(&media_type)
        || media_type == DOCKER_IMAGE_CONFIG
        || media_type.starts_with(DOCKER_LAYER_PREFIX)
}

/// Types of layers that are not uploaded with an image: those of OCI are deprecated since image-spec 1.1
/// ([layer.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#non-distributable-layers)), Docker
/// calls its own foreign
/// ([distribution](https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-2.md)).
#[must_use]
pub fn is_nondistributable(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.oci.image.layer.nondistributable.")
        || media_type.starts_with("application/vnd.docker.image.rootfs.foreign.diff.tar")
}

//! What stands at the top of a manifest or index.

use super::lint::{Lint, show};
use super::parts::{Document, Kind};
use crate::finding::{Rule, declare_rule};
use crate::oci::{MediaType, Spec, iana, well_known as known};
use crate::shape::ADVISED_JSON_BYTES;
use crate::source::tape::{self, Json};

declare_rule! {
    /// The `artifactType` of an index is not registered with IANA.
    ///
    /// ## Why
    /// A registration keeps others from using the same name for something else. The specification allows it and does
    /// not ask for it, so this is only reported on demand. The list is the one that this program was built with.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.collection.v1", "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.cncf.helm.config.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Register the media type, or leave it as it is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions),
    /// [IANA, media types](https://www.iana.org/assignments/media-types/media-types.xhtml)
    pub static INDEX_ARTIFACT_TYPE_REGISTERED = {
        id: "index-artifact-type-registered", level: Info, since: "0.1.0", subject: Manifest, spec: V1_1, opt_in: true,
    }
}

declare_rule! {
    /// An index has no `manifests`.
    ///
    /// ## Why
    /// Clients that find the media type of an index look for the list, and stop with an error or take the index for an
    /// empty one.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `manifests`; the list may be empty.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_MANIFESTS_REQUIRED = {
        id: "index-manifests-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An index has no `mediaType`.
    ///
    /// ## Why
    /// What the document is then follows from its members alone, or from what the registry or an archive happens to
    /// say beside it. Documents that two clients read in two ways came about like this (CVE-2021-41190).
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `"mediaType": "application/vnd.oci.image.index.v1+json"` where the index is made. This changes its digest.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions),
    /// [distribution-spec 1.1.1, spec.md, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)
    pub static INDEX_MEDIA_TYPE_PRESENT = {
        id: "index-media-type-present", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The `mediaType` of an index is not that of an index.
    ///
    /// ## Why
    /// Clients choose by the media type how to read a document, and refuse one that they do not know. The type of what
    /// the index is about belongs into `artifactType`.
    ///
    /// ## Reported
    /// ```json reported
    /// { "mediaType": "application/vnd.example.collection.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Write `application/vnd.oci.image.index.v1+json`, and put a type of your own into `artifactType`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_MEDIA_TYPE_VALUE = {
        id: "index-media-type-value", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A property of an index has a value of another JSON type than the specification gives.
    ///
    /// ## Why
    /// Clients decode into fixed types: they stop with an error, or read the value as if it were not there. `null` is
    /// no value of a string or list either.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": ["application/vnd.example.collection"], "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// Properties that the specification does not know may have any value.
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.collection", "manifests": [], "com.example.extra": [1] }
    /// ```
    ///
    /// ## How to fix
    /// Write a value of the right type, or leave the property out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_PROPERTY_TYPE = {
        id: "index-property-type", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An index has no `schemaVersion`.
    ///
    /// ## Why
    /// Clients look at this number first, to tell the formats of images apart. Without it some of them refuse the
    /// index.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `"schemaVersion": 2`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_SCHEMA_VERSION_REQUIRED = {
        id: "index-schema-version-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The `schemaVersion` of an index is not the number 2.
    ///
    /// ## Why
    /// There is only this version. Clients that find another value, or a string, refuse the index.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 1, "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Write `2`, without quotes.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_SCHEMA_VERSION_VALUE = {
        id: "index-schema-version-value", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The `artifactType` of a manifest is not registered with IANA.
    ///
    /// ## Why
    /// A registration keeps others from using the same name for something else. The specification allows it and does
    /// not ask for it, so this is only reported on demand. The list is the one that this program was built with.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.thing.v1" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.cncf.helm.config.v1+json" }
    /// ```
    ///
    /// ## How to fix
    /// Register the media type, or leave it as it is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions),
    /// [IANA, media types](https://www.iana.org/assignments/media-types/media-types.xhtml)
    pub static MANIFEST_ARTIFACT_TYPE_REGISTERED = {
        id: "manifest-artifact-type-registered", level: Info, since: "0.1.0", subject: Manifest, spec: V1_1, opt_in: true,
    }
}

declare_rule! {
    /// A manifest with the empty config has no `artifactType`.
    ///
    /// ## Why
    /// The type of an artifact stands in `artifactType`, or else in the media type of the config. The empty config
    /// names none, so nothing tells clients what the artifact is, and lists of referrers can not be filtered for it.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": { "mediaType": "application/vnd.oci.empty.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.content" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.oci.empty.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.content" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the `artifactType`; with ORAS, `oras push --artifact-type`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_ARTIFACT_TYPE_REQUIRED = {
        id: "manifest-artifact-type-required", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The `config` of a manifest is not a descriptor.
    ///
    /// ## Why
    /// A manifest has one config, and `config` is the object with its media type, digest and size. Clients stop with
    /// an error at anything else.
    ///
    /// ## Reported
    /// ```json reported
    /// { "config": ["application/vnd.oci.image.config.v1+json"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "config": { "mediaType": "application/vnd.oci.image.config.v1+json" } }
    /// ```
    ///
    /// ## How to fix
    /// Write the descriptor of the config: an object with `mediaType`, `digest` and `size`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_CONFIG_DESCRIPTOR = {
        id: "manifest-config-descriptor", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A manifest has no `config`.
    ///
    /// ## Why
    /// Every manifest has a config, if only the empty one. Clients that look for it stop with an error, and registries
    /// refuse the manifest.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 32654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.oci.empty.v1+json" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the descriptor of the config. An artifact without one uses the empty descriptor and an `artifactType`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions),
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static MANIFEST_CONFIG_REQUIRED = {
        id: "manifest-config-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An element of `layers` is not a descriptor.
    ///
    /// ## Why
    /// Each layer is an object with media type, digest and size. Clients stop with an error at anything else.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": ["sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 32654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the descriptor of the layer: an object with `mediaType`, `digest` and `size`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_LAYERS_DESCRIPTORS = {
        id: "manifest-layers-descriptors", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A manifest has no `layers`.
    ///
    /// ## Why
    /// The JSON schema of the specification demands the list, and registries and clients that check documents by it
    /// refuse the manifest.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json",
    ///     "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
    ///     "size": 7023
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }] }
    /// ```
    ///
    /// ## How to fix
    /// Add `layers`. An artifact without content has one layer, the empty descriptor.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-manifest-schema.json](https://github.com/opencontainers/image-spec/blob/v1.1.1/schema/image-manifest-schema.json)
    pub static MANIFEST_LAYERS_REQUIRED = {
        id: "manifest-layers-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A manifest has no `mediaType`.
    ///
    /// ## Why
    /// What the document is then follows from its members alone, or from what the registry or an archive happens to
    /// say beside it. Documents that two clients read in two ways came about like this (CVE-2021-41190).
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json",
    ///     "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
    ///     "size": 7023
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 32654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json",
    ///     "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
    ///     "size": 7023
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 32654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `"mediaType": "application/vnd.oci.image.manifest.v1+json"` where the manifest is made. This changes its
    /// digest.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions),
    /// [distribution-spec 1.1.1, spec.md, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)
    pub static MANIFEST_MEDIA_TYPE_PRESENT = {
        id: "manifest-media-type-present", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The `mediaType` of a manifest is not that of a manifest.
    ///
    /// ## Why
    /// Clients choose by the media type how to read a document, and refuse one that they do not know. The type of an
    /// artifact belongs into `artifactType`.
    ///
    /// ## Reported
    /// ```json reported
    /// { "mediaType": "application/vnd.example.thing.v1+json" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "mediaType": "application/vnd.oci.image.manifest.v1+json" }
    /// ```
    ///
    /// ## How to fix
    /// Write `application/vnd.oci.image.manifest.v1+json`, and put a type of your own into `artifactType`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_MEDIA_TYPE_VALUE = {
        id: "manifest-media-type-value", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A property of a manifest has a value of another JSON type than the specification gives.
    ///
    /// ## Why
    /// Clients decode into fixed types: they stop with an error, or read the value as if it were not there. `null` is
    /// no value of a string or list either; programs in Go write it for a list that was never filled.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": null }
    /// ```
    ///
    /// ## Accepted
    /// Properties that the specification does not know may have any value.
    /// ```json accepted
    /// { "com.example.extra": null }
    /// ```
    ///
    /// ## How to fix
    /// Write a value of the right type, or leave the property out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_PROPERTY_TYPE = {
        id: "manifest-property-type", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A manifest has no `schemaVersion`.
    ///
    /// ## Why
    /// Clients look at this number first, to tell the formats of images apart. Without it some of them refuse the
    /// manifest.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json",
    ///     "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
    ///     "size": 7023
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 32654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json",
    ///     "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
    ///     "size": 7023
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 32654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `"schemaVersion": 2`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_SCHEMA_VERSION_REQUIRED = {
        id: "manifest-schema-version-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The `schemaVersion` of a manifest is not the number 2.
    ///
    /// ## Why
    /// There is only this version. Clients that find another value, or a string, refuse the manifest.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": "2" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2 }
    /// ```
    ///
    /// ## How to fix
    /// Write `2`, without quotes.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_SCHEMA_VERSION_VALUE = {
        id: "manifest-schema-version-value", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A manifest or index has more than 4 MiB.
    ///
    /// ## Why
    /// Registries and clients need to support only 4 megabytes, and many refuse more: the push fails, or the pull does
    /// elsewhere.
    ///
    /// ## Reported
    /// A document of more than 4,194,304 bytes.
    ///
    /// ## Accepted
    /// A document of up to 4,194,304 bytes.
    ///
    /// ## How to fix
    /// Move large texts out of annotations and `data` into a layer of their own, and split long lists over several
    /// manifests.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, spec.md, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)
    pub static MANIFEST_SIZE_LIMIT = {
        id: "manifest-size-limit", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &INDEX_ARTIFACT_TYPE_REGISTERED,
    &INDEX_MANIFESTS_REQUIRED,
    &INDEX_MEDIA_TYPE_PRESENT,
    &INDEX_MEDIA_TYPE_VALUE,
    &INDEX_PROPERTY_TYPE,
    &INDEX_SCHEMA_VERSION_REQUIRED,
    &INDEX_SCHEMA_VERSION_VALUE,
    &MANIFEST_ARTIFACT_TYPE_REGISTERED,
    &MANIFEST_ARTIFACT_TYPE_REQUIRED,
    &MANIFEST_CONFIG_DESCRIPTOR,
    &MANIFEST_CONFIG_REQUIRED,
    &MANIFEST_LAYERS_DESCRIPTORS,
    &MANIFEST_LAYERS_REQUIRED,
    &MANIFEST_MEDIA_TYPE_PRESENT,
    &MANIFEST_MEDIA_TYPE_VALUE,
    &MANIFEST_PROPERTY_TYPE,
    &MANIFEST_SCHEMA_VERSION_REQUIRED,
    &MANIFEST_SCHEMA_VERSION_VALUE,
    &MANIFEST_SIZE_LIMIT,
];

/// Most findings of one rule in one list.
pub(super) const MOST: usize = 100;

/// What manifests and indexes have in common, each with rules of its own.
struct Head {
    /// In words for people.
    is: &'static str,
    media_type: &'static str,
    schema_version_required: &'static Rule,
    schema_version_value: &'static Rule,
    media_type_present: &'static Rule,
    media_type_value: &'static Rule,
    artifact_type_registered: &'static Rule,
    property_type: &'static Rule,
}

static MANIFEST: Head = Head {
    is: "manifest",
    media_type: known::OCI_MANIFEST,
    schema_version_required: &MANIFEST_SCHEMA_VERSION_REQUIRED,
    schema_version_value: &MANIFEST_SCHEMA_VERSION_VALUE,
    media_type_present: &MANIFEST_MEDIA_TYPE_PRESENT,
    media_type_value: &MANIFEST_MEDIA_TYPE_VALUE,
    artifact_type_registered: &MANIFEST_ARTIFACT_TYPE_REGISTERED,
    property_type: &MANIFEST_PROPERTY_TYPE,
};

static INDEX: Head = Head {
    is: "index",
    media_type: known::OCI_INDEX,
    schema_version_required: &INDEX_SCHEMA_VERSION_REQUIRED,
    schema_version_value: &INDEX_SCHEMA_VERSION_VALUE,
    media_type_present: &INDEX_MEDIA_TYPE_PRESENT,
    media_type_value: &INDEX_MEDIA_TYPE_VALUE,
    artifact_type_registered: &INDEX_ARTIFACT_TYPE_REGISTERED,
    property_type: &INDEX_PROPERTY_TYPE,
};

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let bytes = document.json.span().len();
    if bytes > ADVISED_JSON_BYTES {
        let message = format!("the document has {bytes} bytes, and registries need to take only {ADVISED_JSON_BYTES}");
        lint.key(&MANIFEST_SIZE_LIMIT, document.json, message)
            .help("move large annotations and `data` into layers, or split the document")
            .done();
    }
    let head = match document.kind {
        Kind::Manifest => &MANIFEST,
        Kind::Index => &INDEX,
        _ => return,
    };
    if document.docker {
        return;
    }
    schema_version(lint, document, head);
    media_type(lint, document, head);
    artifact_type(lint, document, head);
    match document.kind {
        Kind::Manifest => manifest(lint, document),
        _ => index(lint, document),
    }
}

fn schema_version<'a>(lint: &mut Lint<'a>, document: &Document<'a>, head: &Head) {
    match document.schema_version {
        None if lacks(document.json, "schemaVersion") => {
            lint.missing(head.schema_version_required, document.json, "schemaVersion", "`schemaVersion` is missing")
                .help("add `\"schemaVersion\": 2`")
                .done();
        }
        Some(found) if found.written() != "2" => {
            let message = match found.kind() {
                tape::Kind::Number => format!("the version is `{}`, and there is only `2`", show(found.written())),
                _ => format!("{} stands where the number `2` is expected", found.kind_name()),
            };
            lint.value(head.schema_version_value, found, message).help("write `2`").done();
        }
        _ => {}
    }
}

fn media_type<'a>(lint: &mut Lint<'a>, document: &Document<'a>, head: &Head) {
    let expected = head.media_type;
    let Some(found) = document.media_type else {
        // Where members of both kinds stand, the rule about that says it.
        if lacks(document.json, "mediaType") && super::kind::between(document).is_none() {
            lint.missing(head.media_type_present, document.json, "mediaType", "`mediaType` is missing")
                .help(format!("add `\"mediaType\": \"{expected}\"`"))
                .done();
        }
        return;
    };
    let Some(text) = found.as_str() else {
        property(lint, head.property_type, found, tape::Kind::String);
        return;
    };
    // Those of other manifests are reported as a contradiction to the body.
    if text != expected && !known::MANIFESTS.contains(&text) {
        let message = format!("`{}` is not the media type of an OCI {}", show(text), head.is);
        lint.value(head.media_type_value, found, message)
            .help(format!("write `{expected}`; a type of your own belongs into `artifactType`"))
            .done();
    }
}

fn artifact_type<'a>(lint: &mut Lint<'a>, document: &Document<'a>, head: &Head) {
    let Some(found) = document.artifact_type else { return };
    let Some(text) = found.as_str() else {
        // Before 1.1 it was a property like any other that the specification does not know.
        if lint.spec() >= Spec::V1_1 {
            property(lint, head.property_type, found, tape::Kind::String);
        }
        return;
    };
    if lint.wants(head.artifact_type_registered)
        && let Ok(media_type) = MediaType::parse(text)
        && !iana::is_registered(media_type.as_str())
    {
        let message = format!("`{}` is not registered, as of {}", show(text), iana::AS_OF);
        lint.value(head.artifact_type_registered, found, message)
            .help("register it with IANA, or leave it as it is")
            .done();
    }
}

fn manifest<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    match document.config {
        None if lacks(document.json, "config") => {
            lint.missing(&MANIFEST_CONFIG_REQUIRED, document.json, "config", "`config` is missing")
                .help(format!(
                    "add the descriptor of the config; an artifact without one uses `{}` and sets `artifactType`",
                    known::EMPTY
                ))
                .done();
        }
        Some(config) if !config.is_object() => {
            let message = format!("`config` is {}, not a descriptor", config.kind_name());
            lint.value(&MANIFEST_CONFIG_DESCRIPTOR, config, message)
                .help("write one object with `mediaType`, `digest` and `size`")
                .done();
        }
        _ => {}
    }
    match document.layers {
        None if lacks(document.json, "layers") => {
            lint.missing(&MANIFEST_LAYERS_REQUIRED, document.json, "layers", "`layers` is missing")
                .help("add the list of layers; an artifact without content has the empty descriptor as its only layer")
                .done();
        }
        Some(layers) => list(lint, layers, &MANIFEST_PROPERTY_TYPE, &MANIFEST_LAYERS_DESCRIPTORS),
        None => {}
    }
    let empty = document.config_media_type() == Some(known::EMPTY);
    if empty && document.artifact_type.is_none() && lacks(document.json, "artifactType") {
        lint.missing(
            &MANIFEST_ARTIFACT_TYPE_REQUIRED,
            document.json,
            "artifactType",
            "`artifactType` is missing, and the empty config does not name a type either",
        )
        .help("add `artifactType` with the media type of the artifact")
        .done();
    }
}

fn index<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    match document.manifests {
        None if lacks(document.json, "manifests") => {
            lint.missing(&INDEX_MANIFESTS_REQUIRED, document.json, "manifests", "`manifests` is missing")
                .help("add `manifests`; the list may be empty")
                .done();
        }
        Some(manifests) => list(lint, manifests, &INDEX_PROPERTY_TYPE, &super::index::INDEX_MANIFESTS_DESCRIPTORS),
        None => {}
    }
}

/// A list whose elements are descriptors.
fn list<'a>(lint: &mut Lint<'a>, list: Json<'a>, property_type: &'static Rule, descriptors: &'static Rule) {
    if !list.is_array() {
        property(lint, property_type, list, tape::Kind::Array);
        return;
    }
    for element in list.elements().filter(|element| !element.is_object()).take(MOST) {
        lint.value(descriptors, element, format!("{} stands where a descriptor is expected", element.kind_name()))
            .help("write an object with `mediaType`, `digest` and `size`")
            .done();
    }
}

/// Reports a property that is not of the type that it should be.
fn property<'a>(lint: &mut Lint<'a>, rule: &'static Rule, found: Json<'a>, expected: tape::Kind) {
    let name = found.key();
    let (expected, help) = match expected {
        tape::Kind::Array => ("an array", "write an array of descriptors".to_owned()),
        _ => ("a string", format!("write a string, or leave `{name}` out")),
    };
    lint.value(rule, found, format!("`{name}` is {}, not {expected}", found.kind_name())).help(help).done();
}

/// Whether a member is really not there, rather than misspelled: that is what the rule about names reports.
fn lacks(object: Json<'_>, name: &str) -> bool {
    !object.members().any(|member| member.key().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::lint::{Options, Origin};
    use super::super::{image, index, kind, subject};
    use super::*;
    use crate::source::tape::{Memory, Tape};

    /// What the rules about heads, images, entries and subjects find.
    fn found(text: &str, spec: Spec) -> Vec<String> {
        let file = Arc::from("manifest.json");
        let mut memory = Memory::default();
        let tape = Tape::read(text, &mut memory).unwrap();
        let options = Options { spec, ..Options::default() };
        let mut lint = Lint::new(Origin { file: &file, index: 0, start: (0, 1) }, text, tape, &options);
        let document = Document::read(tape.root(), Vec::new());
        image::check(&mut lint, &document, None);
        for check in [kind::check, check, index::check, subject::check] {
            check(&mut lint, &document);
        }
        let finding = |finding: crate::finding::Finding| {
            format!("{} {}", finding.rule.id, finding.pointer.map(|pointer| pointer.to_string()).unwrap_or_default())
        };
        lint.finish().into_iter().map(finding).collect()
    }

    const MANIFEST: &str = r#""schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json""#;
    const INDEX: &str = r#""schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json""#;
    const IMAGE: &str = r#""config":{"mediaType":"application/vnd.oci.image.config.v1+json"}"#;
    const OWN: &str = r#""config":{"mediaType":"application/vnd.example.config.v1+json"}"#;
    const EMPTY: &str = r#""config":{"mediaType":"application/vnd.oci.empty.v1+json"}"#;
    const LAYER: &str = r#""layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar"}]"#;

    #[test]
    fn one_mistake_is_one_finding() {
        for (text, expected) in [
            (format!("{{{MANIFEST},{IMAGE},{LAYER}}}"), vec![]),
            (format!("{{{INDEX},\"manifests\":[]}}"), vec![]),
            // A value of the wrong type is not missing, nor wrong in another way.
            (
                format!("{{\"schemaVersion\":null,{}", &format!("{{{MANIFEST},{IMAGE},{LAYER}}}")[19..]),
                vec!["manifest-schema-version-value /schemaVersion"],
            ),
            (
                format!("{{\"schemaVersion\":2,\"mediaType\":null,{IMAGE},{LAYER}}}"),
                vec!["manifest-property-type /mediaType"],
            ),
            (
                format!("{{{MANIFEST},\"artifactType\":null,{EMPTY},{LAYER}}}"),
                vec!["manifest-property-type /artifactType"],
            ),
            (format!("{{{MANIFEST},\"config\":null,{LAYER}}}"), vec!["manifest-config-descriptor /config"]),
            (
                format!("{{{MANIFEST},\"config\":[],\"layers\":null}}"),
                vec!["manifest-config-descriptor /config", "manifest-property-type /layers"],
            ),
            (format!("{{{MANIFEST},{IMAGE},{LAYER},\"subject\":null}}"), vec!["manifest-subject-descriptor /subject"]),
            // The media type is enough to miss what belongs to it.
            (format!("{{{MANIFEST}}}"), vec!["manifest-config-required /config", "manifest-layers-required /layers"]),
            (format!("{{{INDEX},\"manifests\":{{}}}}"), vec!["index-property-type /manifests"]),
            // The rule about names reports what is only misspelled.
            (format!("{{\"SchemaVersion\":2,{INDEX},\"manifests\":[]}}").replace("\"schemaVersion\":2,", ""), vec![]),
            // Of another kind of manifest: a contradiction, or a type that Docker defines.
            (format!("{{{INDEX},{IMAGE},{LAYER}}}"), vec!["media-type-structure-mismatch /mediaType"]),
            (
                r#"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","layers":[]}"#
                    .to_owned(),
                vec![],
            ),
            // Members of both kinds.
            (
                format!("{{\"schemaVersion\":2,{IMAGE},{LAYER},\"manifests\":null}}"),
                vec!["media-type-absent-ambiguous /manifests"],
            ),
            (
                r#"{"schemaVersion":2,"manifests":[],"layers":null}"#.to_owned(),
                vec!["media-type-absent-ambiguous /layers"],
            ),
            (format!("{{{INDEX},\"manifests\":[],\"blobs\":[]}}"), vec!["ambiguous-artifact-manifest /blobs"]),
        ] {
            assert_eq!(found(&text, Spec::V1_1), expected, "{text}");
        }
    }

    #[test]
    fn images_and_artifacts_are_told_apart() {
        let thing = r#""artifactType":"application/vnd.example.thing.v1""#;
        let layers = |types: &[&str]| {
            let layers: Vec<String> = types.iter().map(|name| format!("{{\"mediaType\":\"{name}\"}}")).collect();
            format!("\"layers\":[{}]", layers.join(","))
        };
        let encrypted = layers(&["application/vnd.oci.image.layer.v1.tar+gzip+encrypted"]);
        let filler = layers(&["application/vnd.oci.empty.v1+json"]);
        let foreign = layers(&["application/vnd.example.disk", "application/vnd.example.disk"]);
        let mixed = layers(&["application/vnd.oci.image.layer.v1.tar", "application/vnd.example.disk"]);
        for (members, expected) in [
            (format!("{IMAGE},{encrypted}"), vec![]),
            (format!("{IMAGE},{filler}"), vec![]),
            (format!("{IMAGE},{foreign}"), vec!["artifact-typed-by-layers /config/mediaType"]),
            (format!("{IMAGE},{mixed}"), vec!["manifest-layer-media-type-portable /layers/1/mediaType"]),
            (format!("{IMAGE},\"layers\":[]"), vec!["manifest-layers-nonempty /layers"]),
            (format!("{thing},{IMAGE},{mixed}"), vec!["artifact-image-config /config/mediaType"]),
            (format!("{thing},{EMPTY},{foreign}"), vec![]),
            (format!("{OWN},{foreign}"), vec![]),
            (format!("{OWN},{LAYER}"), vec![]),
            (format!("{OWN},\"layers\":[]"), vec!["artifact-layer-needed /layers"]),
            (format!("{EMPTY},{foreign}"), vec!["manifest-artifact-type-required /artifactType"]),
        ] {
            let text = format!("{{{MANIFEST},{members}}}");
            assert_eq!(found(&text, Spec::V1_1), expected, "{text}");
        }
    }

    #[test]
    fn before_1_1_there_were_no_artifacts_and_subjects() {
        for members in [
            format!("\"artifactType\":1,{IMAGE},{LAYER}"),
            format!("{EMPTY},{LAYER}"),
            format!("{IMAGE},{LAYER},\"subject\":null"),
        ] {
            let text = format!("{{{MANIFEST},{members}}}");
            assert_eq!(found(&text, Spec::V1_0), [""; 0], "{text}");
        }
    }
}

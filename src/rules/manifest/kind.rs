//! What kind of document it is: manifest, index, or a riddle that two readers solve differently.

use super::lint::Lint;
use super::parts::{Document, Kind};
use crate::finding::{Rule, declare_rule};
use crate::oci::well_known as known;
use crate::source::tape::Json;

declare_rule! {
    /// A manifest or index has the `blobs` of an artifact manifest besides.
    ///
    /// ## Why
    /// The artifact manifest was a draft and is in no release. Clients that still know it read `blobs`, all others
    /// read `layers` or `manifests`: the same digest means two things.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }],
    ///   "config": { "mediaType": "application/vnd.oci.image.config.v1+json" },
    ///   "blobs": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }],
    ///   "config": { "mediaType": "application/vnd.oci.image.config.v1+json" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove `blobs`, and list its descriptors in `layers` where they are missing.
    ///
    /// ## Specification
    /// [image-spec 1.1.0-rc2, artifact.md](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/artifact.md),
    /// [GHSA-77vh-xpmg-72qh](https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh)
    pub static AMBIGUOUS_ARTIFACT_MANIFEST = {
        id: "ambiguous-artifact-manifest", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A document is a manifest and an index at once.
    ///
    /// ## Why
    /// One client unpacks `layers`, another follows `manifests`: the same digest means two things (CVE-2021-41190).
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2, "manifests": [], "layers": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Keep `config` and `layers`, or `manifests`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static AMBIGUOUS_MANIFEST_INDEX = { id: "ambiguous-manifest-index", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document mixes Docker schema 1 with another kind.
    ///
    /// ## Why
    /// `fsLayers` belongs to the first image format of Docker; beside `layers` or `manifests` two clients read two
    /// images.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 1, "fsLayers": [], "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Remove `fsLayers` and `history`.
    ///
    /// ## Specification
    /// [distribution 2.8, schema 1](https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-1.md)
    pub static AMBIGUOUS_SCHEMA1 = { id: "ambiguous-schema1", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document without `mediaType` has members of a manifest and of an index.
    ///
    /// ## Why
    /// One of the members is empty or of the wrong JSON type, and without `mediaType` nothing else tells what the
    /// document is. Some clients pass over such a member, others go by it that it is there (CVE-2021-41190).
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
    ///   ],
    ///   "manifests": null
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
    /// Remove the member that does not belong there, and add `mediaType`.
    ///
    /// ## Specification
    /// [GHSA-77vh-xpmg-72qh](https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh),
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MEDIA_TYPE_ABSENT_AMBIGUOUS = {
        id: "media-type-absent-ambiguous", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The media type of a document contradicts its body.
    ///
    /// ## Why
    /// One client believes the media type, another the body.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Write the media type of what the body is, or leave it out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MEDIA_TYPE_STRUCTURE_MISMATCH = { id: "media-type-structure-mismatch", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is neither a manifest nor an index.
    ///
    /// ## Why
    /// It has none of `config`, `layers`, `manifests` and `fsLayers`, and no media type of an artifact manifest:
    /// nothing tells what it is.
    ///
    /// ## Reported
    /// ```json reported whole
    /// { "schemaVersion": 2 }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Give the manifest itself, not its config blob, its descriptor or the answer of an API.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md)
    pub static UNKNOWN_SHAPE = { id: "unknown-shape", level: Error, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &AMBIGUOUS_ARTIFACT_MANIFEST,
    &AMBIGUOUS_MANIFEST_INDEX,
    &AMBIGUOUS_SCHEMA1,
    &MEDIA_TYPE_ABSENT_AMBIGUOUS,
    &MEDIA_TYPE_STRUCTURE_MISMATCH,
    &UNKNOWN_SHAPE,
];

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let root = document.json;
    let array = |found: Option<Json<'a>>| found.filter(|json| json.is_array());
    let (manifests, layers, blobs) = (array(document.manifests), array(document.layers), array(document.blobs));
    let config = document.config.filter(|json| json.is_object());
    let manifest = config.is_some() || layers.is_some();
    if let (Some(manifests), Some(other)) = (manifests, layers.or(config)) {
        let message = format!("`{}` stands beside `manifests`", other.key());
        lint.key(&AMBIGUOUS_MANIFEST_INDEX, other, message)
            .help("keep `config` and `layers` for a manifest, or `manifests` for an index")
            .related_key(manifests, "the list of an index")
            .done();
    }
    if let (Some(blobs), Some(other)) = (blobs, manifests.or(layers).or(config)) {
        let message = format!("`blobs` of an artifact manifest stands beside `{}`", other.key());
        lint.key(&AMBIGUOUS_ARTIFACT_MANIFEST, blobs, message)
            .help(format!(
                "remove `blobs`; what it lists belongs into `{}`",
                if manifests.is_some() { "manifests" } else { "layers" }
            ))
            .related_key(other, "what clients of today read")
            .done();
    }
    if let Some((other, is)) = between(document) {
        let message = format!("`{}` does not belong to {is}, and no `mediaType` tells what this is", other.key());
        lint.key(&MEDIA_TYPE_ABSENT_AMBIGUOUS, other, message)
            .help(format!("remove `{}`, and add `mediaType`", other.key()))
            .done();
    }
    if document.kind == Kind::Unclear {
        let schema1 = array(root.get("fsLayers"));
        if let Some(schema1) = schema1.filter(|_| manifests.is_some() || manifest || blobs.is_some()) {
            lint.key(
                &AMBIGUOUS_SCHEMA1,
                schema1,
                "`fsLayers` of Docker schema 1 stands beside another kind of content",
            )
            .help("remove `fsLayers`")
            .done();
        }
        if schema1.is_none() && manifests.is_none() && !manifest && blobs.is_none() {
            lint.key(
                &UNKNOWN_SHAPE,
                root,
                "neither a manifest nor an index: there is no `config`, `layers` or `manifests`",
            )
            .help("give the manifest itself, not its config blob or descriptor")
            .done();
        }
    }
    mismatch(lint, document);
}

/// In a document without `mediaType`, a member that only the other kind has, though not in the form in which it would
/// make the document one of that kind; and what the document is by its other members.
pub(super) fn between<'a>(document: &Document<'a>) -> Option<(Json<'a>, &'static str)> {
    if document.media_type.is_some() {
        return None;
    }
    match document.kind {
        Kind::Manifest => Some((document.manifests?, "a manifest")),
        Kind::Index => Some((document.layers.or(document.config)?, "an index")),
        _ => None,
    }
}

fn mismatch<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let (is, wanted) = match document.kind {
        Kind::Index => ("an index", [known::OCI_INDEX, known::DOCKER_MANIFEST_LIST]),
        Kind::Manifest => ("a manifest", [known::OCI_MANIFEST, known::DOCKER_MANIFEST]),
        Kind::Schema1 => ("Docker schema 1", [known::DOCKER_SCHEMA1, known::DOCKER_SCHEMA1_SIGNED]),
        Kind::ArtifactManifest => {
            ("an artifact manifest", [known::OCI_ARTIFACT_MANIFEST, known::ORAS_ARTIFACT_MANIFEST])
        }
        Kind::Unclear => return,
    };
    let Some(found) = document.media_type else { return };
    let media_type = found.as_str().unwrap_or_default();
    if known::MANIFESTS.contains(&media_type) && !wanted.contains(&media_type) {
        lint.value(&MEDIA_TYPE_STRUCTURE_MISMATCH, found, format!("`{media_type}`, but the body is {is}"))
            .help(format!("write `{}`", wanted[0]))
            .done();
    }
}

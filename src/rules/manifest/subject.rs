//! What a document is attached to.

use super::lint::{Lint, show};
use super::parts::{Document, Kind, Role};
use crate::finding::{Rule, declare_rule};
use crate::oci::content::Content;

declare_rule! {
    /// The `subject` of an index is not a descriptor.
    ///
    /// ## Why
    /// Registries read the digest of the subject to list the index among its referrers. Without the object around it
    /// they refuse the index, or nobody ever finds it.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [],
    ///   "subject": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "manifests": [],
    ///   "subject": {
    ///     "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///     "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
    ///     "size": 7682
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write an object with `mediaType`, `digest` and `size`, or leave `subject` out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions),
    /// [distribution-spec 1.1.1, spec.md, listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static INDEX_SUBJECT_DESCRIPTOR = {
        id: "index-subject-descriptor", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The `subject` of an index has the media type of something that is no manifest.
    ///
    /// ## Why
    /// A subject is a manifest or an index. Referrers of a layer or a config are listed nowhere: clients ask for those
    /// of the image.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [],
    ///   "subject": { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "manifests": [],
    ///   "subject": { "mediaType": "application/vnd.oci.image.index.v1+json" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Name the manifest that has the blob, or correct the media type.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions),
    /// [distribution-spec 1.1.1, spec.md, listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static INDEX_SUBJECT_IS_MANIFEST = {
        id: "index-subject-is-manifest", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The `subject` of a manifest is not a descriptor.
    ///
    /// ## Why
    /// Registries read the digest of the subject to list the manifest among its referrers. Without the object around
    /// it they refuse the manifest, or nobody ever finds it.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "subject": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "subject": {
    ///     "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///     "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
    ///     "size": 7682
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write an object with `mediaType`, `digest` and `size`, or leave `subject` out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions),
    /// [distribution-spec 1.1.1, spec.md, listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static MANIFEST_SUBJECT_DESCRIPTOR = {
        id: "manifest-subject-descriptor", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The `subject` of a manifest has the media type of something that is no manifest.
    ///
    /// ## Why
    /// A subject is a manifest or an index. Referrers of a layer or a config are listed nowhere: clients ask for those
    /// of the image.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "subject": { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "subject": { "mediaType": "application/vnd.oci.image.manifest.v1+json" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Name the manifest that has the blob, or correct the media type.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions),
    /// [distribution-spec 1.1.1, spec.md, listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static MANIFEST_SUBJECT_IS_MANIFEST = {
        id: "manifest-subject-is-manifest", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The `subject` of a manifest is its own config or one of its own layers.
    ///
    /// ## Why
    /// The subject is another manifest, to which this one is attached. A registry that lists referrers by this digest
    /// lists them for a blob, where nobody looks.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": {
    ///     "mediaType": "application/vnd.example.thing.config.v1+json",
    ///     "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
    ///     "size": 7682
    ///   },
    ///   "subject": {
    ///     "mediaType": "application/vnd.example.thing.config.v1+json",
    ///     "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
    ///     "size": 7682
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "subject": { "mediaType": "application/vnd.oci.image.manifest.v1+json" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write media type, digest and size of the manifest to which this one is attached.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_SUBJECT_OTHER = {
        id: "manifest-subject-other", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &INDEX_SUBJECT_DESCRIPTOR,
    &INDEX_SUBJECT_IS_MANIFEST,
    &MANIFEST_SUBJECT_DESCRIPTOR,
    &MANIFEST_SUBJECT_IS_MANIFEST,
    &MANIFEST_SUBJECT_OTHER,
];

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let Some(subject) = document.subject.filter(|_| !document.docker) else { return };
    let (descriptor, is_manifest) = match document.kind {
        Kind::Manifest => (&MANIFEST_SUBJECT_DESCRIPTOR, &MANIFEST_SUBJECT_IS_MANIFEST),
        Kind::Index => (&INDEX_SUBJECT_DESCRIPTOR, &INDEX_SUBJECT_IS_MANIFEST),
        _ => return,
    };
    let Some(found) = document.of(Role::Subject).next() else {
        lint.value(descriptor, subject, format!("`subject` is {}, not a descriptor", subject.kind_name()))
            .help("write an object with `mediaType`, `digest` and `size`, or leave `subject` out")
            .done();
        return;
    };
    if let Some((at, media_type)) = found.media_type.zip(found.media_type())
        && let Some(content) = Content::of(media_type).filter(|content| *content != Content::Manifest)
    {
        lint.value(is_manifest, at, format!("`{media_type}` is {}, not a manifest", content.name()))
            .help("name the manifest or index to which this one is attached")
            .done();
        return;
    }
    if document.kind != Kind::Manifest {
        return;
    }
    let Some((at, digest)) = found.digest.zip(found.digest()) else { return };
    let own = document.of(Role::Config).chain(document.of(Role::Layer)).find(|own| own.digest() == Some(digest));
    if let Some((own, role)) = own.and_then(|own| own.digest.zip(Some(own.role))) {
        let what = if role == Role::Config { "config" } else { "layer" };
        lint.value(&MANIFEST_SUBJECT_OTHER, at, format!("`{}` is a {what} of this very manifest", show(digest)))
            .help("write the digest of the manifest to which this one is attached")
            .related(own, what)
            .done();
    }
}

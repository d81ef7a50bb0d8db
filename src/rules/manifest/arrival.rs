//! What led to a document: the descriptor, digest and content type under which it was fetched.

use super::lint::{Lint, show};
use super::parts::Document;
use crate::finding::{Rule, declare_rule};
use crate::oci::hash::digest;

declare_rule! {
    /// The content type with which a document was served has parameters.
    ///
    /// ## Why
    /// Clients compare the whole text with the document's media type, and refuse what has a `charset` behind it.
    ///
    /// ## Reported
    /// ```json reported fragment --content-type application/vnd.oci.image.index.v1+json;charset=utf-8
    /// { "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted fragment --content-type application/vnd.oci.image.index.v1+json
    /// { "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Configure the registry, or what stands before it, to add nothing to the content type.
    ///
    /// ## Specification
    /// [distribution-spec after 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/967efdc079b9/spec.md#pulling-manifests)
    pub static CONTENT_TYPE_PARAMETERS =
        { id: "content-type-parameters", level: Warning, since: "0.1.0", subject: Manifest, spec: Main, earlier: Warning }
}

declare_rule! {
    /// A document does not have the digest of the descriptor that led to it.
    ///
    /// ## Why
    /// It is not what the descriptor describes: damaged, exchanged, or written anew with other white space. Clients
    /// that verify refuse it.
    ///
    /// ## Reported
    /// ```json reported whole --descriptor descriptor.json
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    /// ```json reported descriptor.json
    /// {
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ///   "size": 89
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole --descriptor descriptor.json
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    /// ```json accepted descriptor.json
    /// {
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "digest": "sha256:3d60eec733f106e03a571223c6adb85a3dabd53590ae0d8339e8ea2de2d32c56",
    ///   "size": 89
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Fetch the document again, byte by byte as it is stored.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, verification](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#verification)
    pub static DESCRIPTOR_DIGEST_CONTENT =
        { id: "descriptor-digest-content", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is shorter or longer than the descriptor that led to it says.
    ///
    /// ## Why
    /// Clients do not trust content of another length; many stop reading at the size that they were told.
    ///
    /// ## Reported
    /// ```json reported whole --descriptor descriptor.json
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    /// ```json reported descriptor.json
    /// {
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "digest": "sha256:3d60eec733f106e03a571223c6adb85a3dabd53590ae0d8339e8ea2de2d32c56",
    ///   "size": 7
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole --descriptor descriptor.json
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    /// ```json accepted descriptor.json
    /// {
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "digest": "sha256:3d60eec733f106e03a571223c6adb85a3dabd53590ae0d8339e8ea2de2d32c56",
    ///   "size": 89
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the size of the document into the descriptor.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_SIZE_CONTENT =
        { id: "descriptor-size-content", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The content type with which a document was served is not its media type.
    ///
    /// ## Why
    /// One client believes the header, another the document, and the two treat it differently (CVE-2021-41190). Clients
    /// should refuse it.
    ///
    /// ## Reported
    /// ```json reported fragment --content-type application/json
    /// { "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted fragment --content-type application/vnd.oci.image.index.v1+json
    /// { "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Push the document again with its own media type as content type.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static MANIFEST_CONTENT_TYPE_PULLED =
        { id: "manifest-content-type-pulled", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document does not have the digest by which it was asked for.
    ///
    /// ## Why
    /// Whoever asks by digest wants that content and no other. Something on the way exchanged it.
    ///
    /// ## Reported
    /// ```json reported fragment --digest sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    /// { "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole --digest sha256:3d60eec733f106e03a571223c6adb85a3dabd53590ae0d8339e8ea2de2d32c56
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    ///
    /// ## How to fix
    /// Fetch the document again, byte by byte as it is stored.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static MANIFEST_REFERENCE_DIGEST =
        { id: "manifest-reference-digest", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The descriptor that led to a document calls it by another media type.
    ///
    /// ## Why
    /// One client believes the descriptor, another the document, and the two treat it differently.
    ///
    /// ## Reported
    /// ```json reported whole --descriptor descriptor.json
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    /// ```json reported descriptor.json
    /// {
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "digest": "sha256:3d60eec733f106e03a571223c6adb85a3dabd53590ae0d8339e8ea2de2d32c56",
    ///   "size": 89
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole --descriptor descriptor.json
    /// {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
    /// ```
    /// ```json accepted descriptor.json
    /// {
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "digest": "sha256:3d60eec733f106e03a571223c6adb85a3dabd53590ae0d8339e8ea2de2d32c56",
    ///   "size": 89
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the document's media type into the descriptor.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, media-types.md, media type conflicts](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#media-type-conflicts)
    pub static MEDIA_TYPE_CONFLICT_DESCRIPTOR =
        { id: "media-type-conflict-descriptor", level: Warning, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &CONTENT_TYPE_PARAMETERS,
    &DESCRIPTOR_DIGEST_CONTENT,
    &DESCRIPTOR_SIZE_CONTENT,
    &MANIFEST_CONTENT_TYPE_PULLED,
    &MANIFEST_REFERENCE_DIGEST,
    &MEDIA_TYPE_CONFLICT_DESCRIPTOR,
];

/// What led to a document.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The digest by which it was asked for.
    pub digest: Option<String>,
    /// The content type with which it was served.
    pub content_type: Option<String>,
    /// The descriptor that points to it.
    pub descriptor: Option<Pointing>,
}

/// What a descriptor says about a document.
#[derive(Debug, Clone, Default)]
pub struct Pointing {
    /// `mediaType`.
    pub media_type: Option<String>,
    /// `digest`.
    pub digest: Option<String>,
    /// `size` in bytes.
    pub size: Option<u64>,
}

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>, arrival: &Arrival) {
    let text = lint.text();
    // Of an algorithm that is not registered nothing can be said.
    let differs = |said: &str| {
        let found = digest(said.split(':').next().unwrap_or_default(), text.as_bytes());
        found.filter(|found| found != said)
    };
    if let Some(found) = arrival.digest.as_deref().and_then(differs) {
        lint.key(&MANIFEST_REFERENCE_DIGEST, document.json, format!("the document has the digest `{found}`"))
            .help("fetch the document again, byte by byte")
            .done();
    }
    let own = document.media_type.and_then(|media_type| Some((media_type, media_type.as_str()?)));
    if let Some(served) = &arrival.content_type {
        let bare = served.split(';').next().unwrap_or_default().trim();
        if served.contains(';') {
            lint.key(&CONTENT_TYPE_PARAMETERS, document.json, format!("it was served as `{}`", show(served)))
                .help(format!("serve it as `{}`", show(bare)))
                .done();
        }
        if let Some((at, own)) = own.filter(|(_, own)| *own != bare) {
            let message = format!("`{}`, but it was served as `{}`", show(own), show(bare));
            lint.value(&MANIFEST_CONTENT_TYPE_PULLED, at, message).help(format!("serve it as `{}`", show(own))).done();
        }
    }
    let Some(pointing) = &arrival.descriptor else { return };
    if let Some(found) = pointing.digest.as_deref().and_then(differs) {
        lint.key(&DESCRIPTOR_DIGEST_CONTENT, document.json, format!("the document has the digest `{found}`"))
            .help("fetch the document again, byte by byte")
            .done();
    }
    if let Some(said) = pointing.size.filter(|said| *said != text.len() as u64) {
        let message = format!("the document has {} bytes, but its descriptor says {said}", text.len());
        lint.key(&DESCRIPTOR_SIZE_CONTENT, document.json, message)
            .help(format!("write `{}` into the descriptor", text.len()))
            .done();
    }
    if let Some((said, (at, own))) = pointing.media_type.as_deref().zip(own).filter(|(said, (_, own))| said != own) {
        let message = format!("`{}`, but its descriptor says `{}`", show(own), show(said));
        lint.value(&MEDIA_TYPE_CONFLICT_DESCRIPTOR, at, message)
            .help(format!("write `{}` into the descriptor", show(own)))
            .done();
    }
}

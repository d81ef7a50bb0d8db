//! What a document of a layout says about the documents and blobs that it points to.

use std::collections::BTreeMap;

use super::{Job, annotations, descriptors};
use crate::archive::{Compression, is_tar};
use crate::finding::{Rule, declare_rule};
use crate::layout::{Document, File};
use crate::oci::well_known as known;
use crate::rules::lint::{Lint, show};
use crate::source::tape::{Json, Memory, Tape};

declare_rule! {
    /// The `artifactType` of a descriptor is not that of the manifest to which it points.
    ///
    /// ## Why
    /// Clients choose among the entries of an index by `artifactType` and find something else than they were promised.
    ///
    /// ## How to fix
    /// Write the manifest's `artifactType`; when it has none, the media type of its config.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_ARTIFACT_TYPE_VALUE =
        { id: "descriptor-artifact-type-value", level: Warning, since: "0.1.0", subject: Layout, spec: V1_1 }
}

declare_rule! {
    /// An entry of `index.json` is neither a manifest nor an index.
    ///
    /// ## Why
    /// That is legal: it is auxiliary content, which most clients pass over. It is only reported when it is asked for.
    ///
    /// ## How to fix
    /// Nothing, when it is meant so.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, index.json file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file)
    pub static LAYOUT_ENTRY_MEDIA_TYPE =
        { id: "layout-entry-media-type", level: Info, since: "0.1.0", subject: Layout, opt_in: true }
}

declare_rule! {
    /// A document calls itself by another media type than the descriptor that points to it.
    ///
    /// ## Why
    /// One client believes the descriptor, another the document, and the two treat it differently.
    ///
    /// ## How to fix
    /// Write the document's media type into the descriptor.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, media-types.md, media type conflicts](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#media-type-conflicts)
    pub static LAYOUT_MEDIA_TYPE_AGREES =
        { id: "layout-media-type-agrees", level: Warning, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// Two entries of `index.json` have the same reference name.
    ///
    /// ## Why
    /// Clients that look for the name take the first or the last of them.
    ///
    /// ## How to fix
    /// Give each entry a name of its own. What has several platforms is one index, to which one entry points.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, index.json file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file)
    pub static LAYOUT_REF_NAME_DUPLICATE =
        { id: "layout-ref-name-duplicate", level: Warning, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A reference name stands below `index.json`.
    ///
    /// ## Why
    /// Reference names count on the entries of `index.json` only; clients do not look for them in other indexes.
    ///
    /// ## How to fix
    /// Put the annotation on the entry of `index.json`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, index.json file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file)
    pub static LAYOUT_REF_NAME_NESTED =
        { id: "layout-ref-name-nested", level: Warning, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// Content does not have the syntax that the suffix of its media type promises.
    ///
    /// ## Why
    /// Programs that do not know a media type go by its suffix: they decode `+json` as JSON and unpack `+gzip`.
    ///
    /// ## How to fix
    /// Give the descriptor the media type of what the blob is.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2.8](https://www.rfc-editor.org/rfc/rfc6838#section-4.2.8)
    pub static MEDIA_TYPE_SUFFIX_TRUE = { id: "media-type-suffix-true", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// An entry of a referrers list does not carry the annotations of its manifest.
    ///
    /// ## Why
    /// Clients choose among referrers by the annotations in the list, without a look at each manifest.
    ///
    /// ## How to fix
    /// Copy all annotations of the manifest to its entry.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static REFERRERS_ENTRY_ANNOTATIONS =
        { id: "referrers-entry-annotations", level: Error, since: "0.1.0", subject: Layout, spec: V1_1 }
}

declare_rule! {
    /// An entry of a referrers list does not have the artifact type of its manifest.
    ///
    /// ## Why
    /// Clients filter referrers by `artifactType`: signatures or SBOMs are not found.
    ///
    /// ## How to fix
    /// Write the manifest's `artifactType`; when it has none, the media type of its config.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static REFERRERS_ENTRY_ARTIFACT_TYPE =
        { id: "referrers-entry-artifact-type", level: Error, since: "0.1.0", subject: Layout, spec: V1_1 }
}

declare_rule! {
    /// An entry of a referrers list is attached to something else.
    ///
    /// ## Why
    /// The list of `sha256-…` holds what has that digest as its subject. Clients take any entry for an attachment, such
    /// as a signature of something else.
    ///
    /// ## How to fix
    /// Remove the entry from the list, and add it to the list of its own subject.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, referrers tag schema](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema)
    pub static REFERRERS_ENTRY_SUBJECT =
        { id: "referrers-entry-subject", level: Error, since: "0.1.0", subject: Layout, spec: V1_1 }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &DESCRIPTOR_ARTIFACT_TYPE_VALUE,
    &LAYOUT_ENTRY_MEDIA_TYPE,
    &LAYOUT_MEDIA_TYPE_AGREES,
    &LAYOUT_REF_NAME_DUPLICATE,
    &LAYOUT_REF_NAME_NESTED,
    &MEDIA_TYPE_SUFFIX_TRUE,
    &REFERRERS_ENTRY_ANNOTATIONS,
    &REFERRERS_ENTRY_ARTIFACT_TYPE,
    &REFERRERS_ENTRY_SUBJECT,
];

/// The annotation by which a layout names its entries.
const REF_NAME: &str = "org.opencontainers.image.ref.name";

pub(super) fn check<'t>(job: &Job<'_, '_>, lint: &mut Lint<'t>, root: Json<'t>, document: &Document<'_>) {
    names(lint, root, document);
    let subject = referrers_of(job, document);
    for entry in root.get("manifests").into_iter().flat_map(Json::elements).filter(|entry| entry.is_object()) {
        let media_type = entry.get("mediaType");
        let said = media_type.and_then(Json::as_str).unwrap_or_default();
        if document.digest.is_none() && !known::MANIFESTS.contains(&said) {
            if let Some(media_type) = media_type {
                lint.value(&LAYOUT_ENTRY_MEDIA_TYPE, media_type, format!("`{}` is no manifest or index", show(said)))
                    .help("nothing, when it is meant so")
                    .done();
            }
            continue;
        }
        let blob = entry.get_str("digest").and_then(|digest| job.layout.blob(digest));
        let Some(bytes) = blob.and_then(|blob| blob.bytes.as_deref()) else { continue };
        let mut memory = Memory::default();
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let Ok(tape) = Tape::read(text, &mut memory) else { continue };
        pointed(lint, entry, tape.root(), subject.as_deref());
    }
    for descriptor in descriptors(root) {
        let blob = descriptor.get_str("digest").and_then(|digest| job.layout.blob(digest));
        if let (Some(media_type), Some(blob)) = (descriptor.get("mediaType"), blob) {
            suffix(lint, media_type, blob);
        }
    }
}

/// The digest whose referrers an index lists: an entry of `index.json` says so by its name, `sha256-…`.
fn referrers_of(job: &Job<'_, '_>, document: &Document<'_>) -> Option<String> {
    let (parent, pointer) = document.parent.as_ref().filter(|(parent, _)| *parent == 0)?;
    debug_assert_eq!(*parent, 0);
    let bytes = job.layout.files.get("index.json")?.bytes.as_deref()?;
    let mut memory = Memory::default();
    let tape = Tape::read(std::str::from_utf8(bytes).ok()?, &mut memory).ok()?;
    let names = annotations(tape.at(pointer)?);
    let name = names.get(REF_NAME)?;
    let tag = name.rsplit_once(':').map_or(*name, |(_, tag)| tag);
    let digest = tag.replacen('-', ":", 1);
    crate::oci::digest::is_digest(&digest).then_some(digest)
}

/// Reference names: each once, and on the entries of `index.json` only.
fn names<'t>(lint: &mut Lint<'t>, root: Json<'t>, document: &Document<'_>) {
    let mut first: BTreeMap<&str, Json<'t>> = BTreeMap::new();
    for entry in root.get("manifests").into_iter().flat_map(Json::elements) {
        let Some(found) = entry.get("annotations").and_then(|annotations| annotations.get(REF_NAME)) else { continue };
        let Some(name) = found.as_str() else { continue };
        if document.digest.is_some() {
            lint.key(
                &LAYOUT_REF_NAME_NESTED,
                found,
                format!("the reference name `{}` does not count here", show(name)),
            )
            .help("put it on the entry of `index.json`")
            .done();
        } else if let Some(first) = first.get(name) {
            lint.value(&LAYOUT_REF_NAME_DUPLICATE, found, format!("two entries have the name `{}`", show(name)))
                .help("give each entry a name of its own")
                .related(*first, "the other")
                .done();
        } else {
            first.insert(name, found);
        }
    }
}

/// An entry and the document to which it points.
fn pointed<'t>(lint: &mut Lint<'t>, entry: Json<'t>, target: Json<'_>, subject: Option<&str>) {
    if let (Some(media_type), Some(own)) = (entry.get("mediaType"), target.get_str("mediaType"))
        && let Some(said) = media_type.as_str()
        && said != own
    {
        lint.value(
            &LAYOUT_MEDIA_TYPE_AGREES,
            media_type,
            format!("`{}`, but the document says `{}`", show(said), show(own)),
        )
        .help(format!("write `{}`", show(own)))
        .done();
    }
    let config = target.get("config").and_then(|config| config.get_str("mediaType"));
    let own = target.get_str("artifactType");
    let expected = own.or(config);
    let found = entry.get("artifactType").filter(|found| found.as_str().is_some());
    let said = found.and_then(Json::as_str);
    if let Some(subject) = subject {
        referrer(lint, entry, target, subject);
        if said != expected {
            let message = match (said, expected) {
                (Some(said), Some(expected)) => format!("`{}`, but the manifest is `{}`", show(said), show(expected)),
                (Some(said), None) => format!("`{}`, but the document has no artifact type", show(said)),
                (None, _) => "the entry has no `artifactType`".to_owned(),
            };
            let help = expected.map_or("leave it out".to_owned(), |expected| format!("write `{}`", show(expected)));
            match found {
                Some(found) => lint.value(&REFERRERS_ENTRY_ARTIFACT_TYPE, found, message).help(help).done(),
                None => {
                    lint.missing(&REFERRERS_ENTRY_ARTIFACT_TYPE, entry, "artifactType", message).help(help).done();
                }
            }
        }
    } else if let Some((found, said)) = found.zip(said)
        && let Some(expected) = expected
        // The two specifications disagree on which of the two it is: either will do.
        && ![own, config].contains(&Some(said))
    {
        let message = format!("`{}`, but the manifest is `{}`", show(said), show(expected));
        lint.value(&DESCRIPTOR_ARTIFACT_TYPE_VALUE, found, message).help(format!("write `{}`", show(expected))).done();
    }
}

/// An entry of the referrers of a digest.
fn referrer<'t>(lint: &mut Lint<'t>, entry: Json<'t>, target: Json<'_>, subject: &str) {
    let own = target.get("subject").and_then(|subject| subject.get_str("digest"));
    if own != Some(subject)
        && let Some(digest) = entry.get("digest")
    {
        let attached = own.map_or("nothing".to_owned(), |own| format!("`{}`", show(own)));
        lint.value(&REFERRERS_ENTRY_SUBJECT, digest, format!("it is attached to {attached}, not to `{subject}`"))
            .help("remove the entry")
            .done();
    }
    let carried = annotations(entry);
    let lacking: Vec<String> = annotations(target)
        .into_iter()
        .filter(|(key, value)| carried.get(key) != Some(value))
        .map(|(key, _)| format!("`{}`", show(key)))
        .collect();
    if let Some(first) = lacking.first() {
        let more = if lacking.len() > 1 { format!(" and {} more", lacking.len() - 1) } else { String::new() };
        let message = format!("the entry does not carry the manifest's annotation {first}{more}");
        lint.missing(&REFERRERS_ENTRY_ANNOTATIONS, entry, "annotations", message)
            .help("copy all annotations of the manifest")
            .done();
    }
}

/// Whether the beginning of a blob is what the suffix of its media type says; image layers have a rule of their own.
fn suffix<'t>(lint: &mut Lint<'t>, media_type: Json<'t>, blob: &File) {
    let said = media_type.as_str().unwrap_or_default();
    if super::layers::compression(said).is_some() || !blob.regular {
        return;
    }
    let Some((_, suffix)) = said.rsplit_once('+') else { return };
    let head = blob.head.as_slice();
    let promise = match suffix {
        "json" => is_json(blob),
        "gzip" => Compression::of(head) == Compression::Gzip,
        "zstd" => Compression::of(head) == Compression::Zstd,
        "zip" => head.starts_with(b"PK"),
        "tar" => is_tar(head),
        _ => true,
    };
    if !promise {
        lint.value(
            &MEDIA_TYPE_SUFFIX_TRUE,
            media_type,
            format!("the blob is not {suffix}, as `{}` promises", show(said)),
        )
        .help("write the media type of what the blob is")
        .done();
    }
}

/// Whether a blob is JSON, as far as it was kept.
fn is_json(blob: &File) -> bool {
    let parses = |bytes: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
    match &blob.bytes {
        Some(bytes) => parses(bytes),
        None if blob.size <= crate::layout::HEAD as u64 => parses(&blob.head),
        // Too large to be kept: its first character must do.
        None => blob.head.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[\"".contains(byte)),
    }
}

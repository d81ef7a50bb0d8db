//! Entries of an index.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::head::MOST;
use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Kind, Role};
use crate::finding::{Rule, declare_rule};
use crate::oci::content::Content;
use crate::oci::well_known as known;
use crate::source::tape::Json;

declare_rule! {
    /// An entry of an index has the media type of something that is no manifest.
    ///
    /// ## Why
    /// Clients that walk the index fetch each entry as a manifest. A layer or a config is not found where manifests
    /// are, or can not be read as one.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "manifests": [
    ///     { "mediaType": "application/vnd.oci.image.manifest.v1+json" },
    ///     { "mediaType": "application/vnd.example.manifest.v2+json" }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Put blobs into the `layers` of a manifest, and list that manifest. If the entry is a manifest, write its media
    /// type.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_ENTRY_MEDIA_TYPE_PORTABLE = {
        id: "index-entry-media-type-portable", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An element of `manifests` is not a descriptor.
    ///
    /// ## Why
    /// Each entry is an object with media type, digest and size. Clients stop with an error at anything else.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": ["sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 2654
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the descriptor of the manifest: an object with `mediaType`, `digest` and `size`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_MANIFESTS_DESCRIPTORS = {
        id: "index-manifests-descriptors", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An index lists no manifests.
    ///
    /// ## Why
    /// The list may be empty, and is in a list of referrers that has none. Elsewhere it may be that something was
    /// forgotten, so this is reported on demand.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.manifest.v1+json" }] }
    /// ```
    ///
    /// ## How to fix
    /// List the manifests, or leave the index as it is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_MANIFESTS_EMPTY = {
        id: "index-manifests-empty", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// An entry of an index is an index itself.
    ///
    /// ## Why
    /// Clients must support manifests as entries, and should support indexes: some do not look into them. This is
    /// reported on demand.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.index.v1+json" }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.manifest.v1+json" }] }
    /// ```
    ///
    /// ## How to fix
    /// List the manifests of the inner index in the outer one, or leave it as it is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_NESTED = {
        id: "index-nested", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// An entry of an index has no `platform`, and another one has.
    ///
    /// ## Why
    /// Clients choose by the platform: an entry without one fits every client or none, depending on who reads it. What
    /// runs everywhere needs none, so this is reported on demand.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "platform": { "architecture": "amd64", "os": "linux" }
    ///     },
    ///     { "mediaType": "application/vnd.oci.image.manifest.v1+json" }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "platform": { "architecture": "amd64", "os": "linux" }
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "platform": { "architecture": "arm64", "os": "linux" }
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "artifactType": "application/vnd.example.thing.v1"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the platform for which the manifest was made; leave it out for what runs on all, and for artifacts.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_PLATFORM_PRESENT = {
        id: "index-platform-present", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// An entry of an index has the same platform as an earlier one, and nothing else tells them apart.
    ///
    /// ## Why
    /// Clients take the first entry that fits. The later one is never chosen, and who wanted it gets another image
    /// without notice.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [
    ///     { "platform": { "architecture": "amd64", "os": "linux" } },
    ///     { "platform": { "architecture": "arm64", "os": "linux" } },
    ///     { "platform": { "architecture": "amd64", "os": "linux" } }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// Entries that differ in media type, artifact type or annotations may share a platform, and so may attestations,
    /// whose platform is `unknown/unknown`.
    /// ```json accepted
    /// {
    ///   "manifests": [
    ///     { "platform": { "architecture": "amd64", "os": "linux" } },
    ///     { "platform": { "architecture": "arm64", "os": "linux" } },
    ///     {
    ///       "platform": { "architecture": "amd64", "os": "linux" },
    ///       "annotations": { "com.example.flavor": "debug" }
    ///     },
    ///     { "platform": { "architecture": "unknown", "os": "unknown" } },
    ///     { "platform": { "architecture": "unknown", "os": "unknown" } }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove one of the two, or complete the platform: a `variant`, an `os.version` or `os.features`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static INDEX_PLATFORM_SHADOWED = {
        id: "index-platform-shadowed", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A list of referrers has the same manifest twice.
    ///
    /// ## Why
    /// Clients that show or verify the referrers do the work twice and count a signature for two. The list came about
    /// without a look at what was already in it.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [
    ///     {
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 654,
    ///       "artifactType": "application/vnd.example.signature.v1"
    ///     },
    ///     {
    ///       "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
    ///       "size": 654,
    ///       "artifactType": "application/vnd.example.signature.v1"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// Several referrers of one type, with digests of their own.
    /// ```json accepted
    /// {
    ///   "manifests": [
    ///     { "artifactType": "application/vnd.example.signature.v1" },
    ///     { "artifactType": "application/vnd.example.signature.v1" }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove the second entry, and push the list under its tag again.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, spec.md, pushing manifests with subject](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject)
    pub static REFERRERS_ENTRY_DUPLICATE = {
        id: "referrers-entry-duplicate", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &INDEX_ENTRY_MEDIA_TYPE_PORTABLE,
    &INDEX_MANIFESTS_DESCRIPTORS,
    &INDEX_MANIFESTS_EMPTY,
    &INDEX_NESTED,
    &INDEX_PLATFORM_PRESENT,
    &INDEX_PLATFORM_SHADOWED,
    &REFERRERS_ENTRY_DUPLICATE,
];

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    if document.kind != Kind::Index || document.docker {
        return;
    }
    let mut reported = 0;
    for entry in document.of(Role::Child) {
        let Some((found, media_type)) = entry.media_type.zip(entry.media_type()) else { continue };
        match Content::of(media_type) {
            Some(Content::Manifest) => {}
            Some(content) if reported < MOST => {
                reported += 1;
                let message = format!("`{media_type}` is {}, not a manifest", content.name());
                lint.value(&INDEX_ENTRY_MEDIA_TYPE_PORTABLE, found, message)
                    .help(format!("list a manifest, `{}`, that has it in its `layers`", known::OCI_MANIFEST))
                    .done();
            }
            _ => {}
        }
    }
    on_demand(lint, document);
    repeated(lint, document);
    shadowed(lint, document);
}

/// What is reported only when somebody asks.
fn on_demand<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    if lint.wants(&INDEX_MANIFESTS_EMPTY)
        && let Some(manifests) = document.manifests.filter(|list| list.is_array() && list.elements().next().is_none())
    {
        lint.value(&INDEX_MANIFESTS_EMPTY, manifests, "the index lists no manifests")
            .help("list the manifests, or leave it as it is")
            .done();
    }
    if lint.wants(&INDEX_NESTED) {
        let nested = document.of(Role::Child).filter(|entry| entry.media_type() == Some(known::OCI_INDEX));
        for found in nested.filter_map(|entry| entry.media_type).take(MOST) {
            lint.value(&INDEX_NESTED, found, "clients need not look into an index within an index")
                .help("list the manifests of the inner index here, or leave it as it is")
                .done();
        }
    }
    if lint.wants(&INDEX_PLATFORM_PRESENT)
        && document.artifact_type.is_none()
        && document.of(Role::Child).any(|entry| entry.platform.is_some())
    {
        let plain = |entry: &&Descriptor<'a>| {
            entry.platform.is_none() && entry.artifact_type.is_none() && entry.media_type() == Some(known::OCI_MANIFEST)
        };
        for entry in document.of(Role::Child).filter(plain).take(MOST) {
            lint.missing(
                &INDEX_PLATFORM_PRESENT,
                entry.json,
                "platform",
                "`platform` is missing, and other entries have one",
            )
            .help("add the platform, unless it runs on all")
            .done();
        }
    }
}

/// Whether two entries with one digest are a matter of lists of referrers: only there do entries say their type.
pub(super) fn is_referrer(entry: &Descriptor<'_>) -> bool {
    entry.role == Role::Child && entry.artifact_type.is_some_and(|found| found.as_str().is_some())
}

/// Referrers that stand in the list twice.
fn repeated<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let digest = |entry: &Descriptor<'a>| entry.digest().filter(|_| is_referrer(entry));
    let pairs = repeats(document, |entry| digest(entry).map(|text| mix(0, "", text)));
    for (first, entry) in pairs.filter(|(first, entry)| digest(first) == digest(entry)).take(MOST) {
        if let Some((at, first)) = entry.digest.zip(first.digest) {
            let message = format!("`{}` is listed twice", show(at.as_str().unwrap_or_default()));
            lint.value(&REFERRERS_ENTRY_DUPLICATE, at, message)
                .help("remove this entry")
                .related(first, "the first")
                .done();
        }
    }
}

/// Entries that no client chooses, because an earlier one has the same platform.
fn shadowed<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    // The same manifest again is a repetition: it makes no difference which of the two is chosen.
    let pairs = repeats(document, distinction).filter(|(first, entry)| first.digest() != entry.digest());
    for (first, entry) in pairs.take(MOST) {
        if let Some((platform, chosen)) = entry.platform.zip(first.platform) {
            let message = format!("{} is the platform of an earlier entry, which clients choose", words(platform));
            lint.value(&INDEX_PLATFORM_SHADOWED, platform, message)
                .help("remove one of the two, or complete the platform with `variant`, `os.version` or `os.features`")
                .related(chosen, "the entry that is chosen")
                .done();
        }
    }
}

/// What tells an entry with a platform from others, in one number. There is none for a platform that lacks what it must
/// have, nor for that of an attestation.
fn distinction(entry: &Descriptor<'_>) -> Option<u64> {
    let platform = entry.platform?;
    if (platform.get_str("architecture")?, platform.get_str("os")?) == ("unknown", "unknown") {
        return None;
    }
    let mut sum = 0;
    for object in [Some(platform), entry.annotations].into_iter().flatten() {
        sum = object.members().fold(sum, |sum, member| mix(sum, member.key(), text(member)));
    }
    let types = [entry.media_type, entry.artifact_type].into_iter().flatten();
    Some(types.fold(sum, |sum, member| mix(sum, member.key(), text(member))))
}

fn text(value: Json<'_>) -> &str {
    value.as_str().unwrap_or_else(|| value.written())
}

/// Adds a member to a number that is the same for the same members in any order.
fn mix(sum: u64, key: &str, value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, value).hash(&mut hasher);
    sum.wrapping_add(hasher.finish())
}

/// A platform in short.
fn words(platform: Json<'_>) -> String {
    let parts = ["os", "architecture", "variant"].into_iter().filter_map(|name| platform.get_str(name));
    format!("`{}`", show(&parts.collect::<Vec<_>>().join("/")))
}

/// Each entry whose number an earlier one has, behind the first of these. Without allocation for few entries, and
/// without looking at every pair for many.
fn repeats<'d, 'a>(
    document: &'d Document<'a>,
    number: impl Fn(&Descriptor<'a>) -> Option<u64>,
) -> impl Iterator<Item = (&'d Descriptor<'a>, &'d Descriptor<'a>)> {
    const FEW: usize = 32;
    let mut few: [Option<(u64, &Descriptor<'a>)>; FEW] = [None; FEW];
    let mut count = 0;
    let mut many: HashMap<u64, &Descriptor<'a>> = HashMap::new();
    document.of(Role::Child).filter_map(move |entry| {
        let number = number(entry)?;
        let near = few.iter().take(count).flatten().find(|(other, _)| *other == number).map(|(_, first)| *first);
        let first = near.or_else(|| many.get(&number).copied());
        match few.get_mut(count) {
            _ if first.is_some() => {}
            Some(slot) => {
                *slot = Some((number, entry));
                count += 1;
            }
            None => {
                many.insert(number, entry);
            }
        }
        first.map(|first| (first, entry))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tape::{Memory, Tape};

    fn pairs(entries: &[String]) -> usize {
        let text = format!("{{\"manifests\":[{}]}}", entries.join(","));
        let mut memory = Memory::default();
        let document = Document::read(Tape::read(&text, &mut memory).unwrap().root(), Vec::new());
        repeats(&document, distinction).count()
    }

    fn entry(platform: &str, more: &str) -> String {
        format!("{{\"mediaType\":\"a/b\",\"platform\":{{{platform}}}{more}}}")
    }

    #[test]
    fn entries_are_alike_when_nothing_tells_them_apart() {
        let linux = r#""os":"linux","architecture":"arm64""#;
        for (other, more, alike) in [
            (linux, "", true),
            (r#""architecture":"arm64", "os":"linux""#, "", true),
            (r#""architecture":"arm64", "os":"l\u0069nux""#, "", true),
            (r#""os":"linux","architecture":"arm64","variant":"v8""#, "", false),
            (r#""os":"linux","architecture":"arm64","os.features":["x"]"#, "", false),
            (linux, r#","annotations":{"com.example.flavor":"debug"}"#, false),
            (linux, r#","annotations":{}"#, true),
            (linux, r#","artifactType":"a/c""#, false),
        ] {
            assert_eq!(pairs(&[entry(linux, ""), entry(other, more)]), usize::from(alike), "{other} {more}");
        }
        assert_eq!(pairs(&[entry(r#""os":"linux""#, ""), entry(r#""os":"linux""#, "")]), 0);
    }

    #[test]
    fn many_entries_are_compared_too() {
        let mut entries: Vec<String> =
            (0..100).map(|n| entry(&format!("\"os\":\"linux\",\"architecture\":\"a{n}\""), "")).collect();
        assert_eq!(pairs(&entries), 0);
        entries.extend([entries[3].clone(), entries[90].clone(), entries[90].clone()]);
        assert_eq!(pairs(&entries), 3);
    }
}

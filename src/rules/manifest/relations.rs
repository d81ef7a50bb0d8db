//! What the parts of a descriptor, and the descriptors of one document, say about each other.

use super::descriptor::is_image;
use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Role};
use crate::finding::{Rule, declare_rule};
use crate::oci::Spec;
use crate::oci::digest::{Algorithm, is_digest};
use crate::oci::well_known as known;
use crate::source::tape::{Json, Kind};

declare_rule! {
    /// A descriptor says that a manifest, an index or an image config is larger than 4 MiB.
    ///
    /// ## Why
    /// Registries and clients read these documents into memory and stop at 4 MiB: nobody gets this one. Some clients
    /// reserve as many bytes as the descriptor says before they read the first.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.index.v1+json", "size": 8388608 }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.index.v1+json", "size": 4194304 }] }
    /// ```
    ///
    /// ## How to fix
    /// Check whether the size and the media type belong together. If they do, move content from the document into blobs.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)
    pub static DESCRIPTOR_MANIFEST_SIZE_LARGE = {
        id: "descriptor-manifest-size-large", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// One digest has two media types.
    ///
    /// ## Why
    /// The same bytes are one thing to a client that looks at the first descriptor and another to a client that looks at
    /// the second. That is legal, and it is also how content passes a check as what it is not.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.index.v1+json",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024
    ///     }
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
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024,
    ///       "platform": { "architecture": "arm", "os": "linux", "variant": "v6" }
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024,
    ///       "platform": { "architecture": "arm", "os": "linux", "variant": "v7" }
    ///     }
    ///   ]
    /// }
    /// ```
    /// An artifact whose config is also one of its layers is not reported, nor is content of no bytes or of `{}`.
    ///
    /// ## How to fix
    /// Give both descriptors the media type that the content has.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md),
    /// [GHSA-77vh-xpmg-72qh](https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh)
    pub static DESCRIPTOR_SAME_DIGEST_MEDIA_TYPE = {
        id: "descriptor-same-digest-media-type", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// One digest has two sizes.
    ///
    /// ## Why
    /// A digest belongs to one content, and that has one length: at least one of the descriptors is wrong, and clients
    /// refuse what it describes.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 512
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 512
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///       "digest": "sha256:3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282",
    ///       "size": 1024
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Look up the size of the content and write it in both places; if both sizes are right, one digest is wrong.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_SAME_DIGEST_SIZE = {
        id: "descriptor-same-digest-size", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The size and the digest of a descriptor can not both be true.
    ///
    /// ## Why
    /// The digests of no bytes and of `{}` are well known, and so are their sizes. Where the two disagree no content can
    /// fit, and every client that verifies it refuses it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Calculate size and digest from the same bytes. The digest of no bytes is often the sign of a file that was read
    /// before it was written.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, digests](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests)
    pub static DESCRIPTOR_SIZE_DIGEST_CONTRADICTION = {
        id: "descriptor-size-digest-contradiction", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A layer or an entry is listed twice.
    ///
    /// ## Why
    /// The second adds nothing. It is often left over from a copy, and stands where something else was meant.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024,
    ///       "platform": { "architecture": "amd64", "os": "linux" }
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///       "size": 1024,
    ///       "platform": { "architecture": "amd64", "os": "linux" }
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// Some builders of images write a tiny layer for each step that changes nothing.
    /// ```json accepted
    /// {
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1",
    ///       "size": 32
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    ///       "digest": "sha256:4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1",
    ///       "size": 32
    ///     }
    ///   ]
    /// }
    /// ```
    /// The same content with another platform, title or other annotation is not reported either.
    ///
    /// ## How to fix
    /// Remove one of the two, or correct what it should have been.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    /// and [manifest.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    /// define the lists; neither forbids it
    pub static MANIFEST_ENTRY_REPEATED = {
        id: "manifest-entry-repeated", level: Info, since: "0.1.0", subject: Manifest,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &DESCRIPTOR_MANIFEST_SIZE_LARGE,
    &DESCRIPTOR_SAME_DIGEST_MEDIA_TYPE,
    &DESCRIPTOR_SAME_DIGEST_SIZE,
    &DESCRIPTOR_SIZE_DIGEST_CONTRADICTION,
    &MANIFEST_ENTRY_REPEATED,
];

/// What registries and clients take as a manifest or config, in bytes.
const LARGEST: i64 = 4 << 20;

/// Up to as many descriptors are compared each with each, and more by the order of their digests.
const FEW: usize = 16;

/// How often a rule that compares is reported at most.
const MOST: usize = 100;

/// An image layer of this many bytes holds no file to speak of.
const TINY: i64 = 1024;

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let descriptors = &document.descriptors;
    for descriptor in descriptors {
        alone(lint, descriptor);
    }
    let mut left = Left { sizes: MOST, media_types: MOST, entries: MOST };
    if descriptors.len() <= FEW {
        for (index, later) in descriptors.iter().enumerate() {
            let Some(digest) = later.digest() else { continue };
            let same =
                |earlier: &&Descriptor<'a>| earlier.digest_end == later.digest_end && earlier.digest() == Some(digest);
            let earlier = descriptors.iter().take(index).filter(same);
            together(lint, document, later, earlier, &mut left);
        }
        return;
    }
    let mut sorted: Vec<(&str, usize)> =
        descriptors.iter().enumerate().filter_map(|(index, found)| Some((found.digest()?, index))).collect();
    sorted.sort_unstable();
    for group in sorted.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1) {
        for (count, (_, later)) in group.iter().enumerate() {
            // Of many with one digest each is compared with the first few.
            let earlier = group.iter().take(count.min(FEW)).map(|(_, index)| &descriptors[*index]);
            together(lint, document, &descriptors[*later], earlier, &mut left);
        }
    }
}

/// How many findings may still be made.
struct Left {
    sizes: usize,
    media_types: usize,
    entries: usize,
}

/// What one descriptor says about itself.
fn alone<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>) {
    let Some((written, size)) = descriptor.size.zip(descriptor.size()) else { return };
    let media_type = descriptor.media_type().unwrap_or_default();
    if size > LARGEST {
        let config = descriptor.role == Role::Config
            && [known::OCI_IMAGE_CONFIG, known::DOCKER_IMAGE_CONFIG].contains(&media_type);
        if config || known::MANIFESTS.contains(&media_type) {
            let what = if config { "a config" } else { "a manifest" };
            lint.value(
                &DESCRIPTOR_MANIFEST_SIZE_LARGE,
                written,
                format!("{what} of {size} bytes, where clients take up to {LARGEST}"),
            )
            .help("check the size and the media type")
            .done();
        }
    }
    // Where the content is at hand, or known by its media type, other rules say which of the two is wrong.
    let at_hand = media_type == known::EMPTY || descriptor.data.is_some_and(|data| data.as_str().is_some());
    if contradicts(descriptor)
        && !(at_hand && lint.spec() >= Spec::V1_1)
        && let Some(digest) = descriptor.digest
    {
        let (message, help) = match content_of(digest.as_str().unwrap_or_default()) {
            Some(0) => (format!("the size is {size}, but the digest is that of no bytes"), "calculate both again"),
            Some(_) => {
                (format!("the size is {size}, but the digest is that of `{{}}`"), "write `2`, or another digest")
            }
            None => ("the size is 0, but the digest is not that of no bytes".to_owned(), "write the real size"),
        };
        lint.value(&DESCRIPTOR_SIZE_DIGEST_CONTRADICTION, written, message)
            .help(help)
            .related(digest, "the digest")
            .done();
    }
}

/// The length of the content that a digest belongs to, where everybody knows it.
fn content_of(digest: &str) -> Option<i64> {
    // Hardly any digest ends like one of these, and this is asked for each.
    if !matches!(digest.as_bytes().last_chunk(), Some(b"b855" | b"ff8a" | b"da3e" | b"63fd" | b"3262" | b"c279")) {
        return None;
    }
    Algorithm::ALL.into_iter().find_map(|algorithm| {
        if digest == algorithm.of_nothing() {
            Some(0)
        } else if digest == algorithm.of_empty_object() {
            Some(2)
        } else {
            None
        }
    })
}

/// Whether the size and the digest of a descriptor can not both be true.
pub(super) fn contradicts(descriptor: &Descriptor<'_>) -> bool {
    let (Some(digest), Some(size)) = (descriptor.digest(), descriptor.size()) else { return false };
    match content_of(digest) {
        Some(known) => size >= 0 && size != known,
        None => size == 0 && Algorithm::of_digest(digest).is_some(),
    }
}

/// What a descriptor and earlier ones with the same digest say about each other.
fn together<'d, 'a: 'd>(
    lint: &mut Lint<'a>,
    document: &Document<'a>,
    later: &Descriptor<'a>,
    mut earlier: impl Iterator<Item = &'d Descriptor<'a>> + Clone,
    left: &mut Left,
) {
    let digest = later.digest().unwrap_or_default();
    if earlier.clone().next().is_none() || !is_digest(digest) {
        return;
    }
    // Of known content the contradiction is reported, and any media type may be right.
    let known = content_of(digest).is_some();
    let size = earlier.clone().find(|first| !known && sizes_differ(first, later)).and_then(|first| first.size);
    // With another size it is another content, which may have another media type.
    let differs = |first: &&Descriptor<'a>| !known && size.is_none() && media_types_differ(first, later);
    let media_type = earlier.clone().find(differs).and_then(|first| first.media_type);
    if let Some((first, found)) = size.zip(later.size).filter(|_| left.sizes > 0) {
        left.sizes -= 1;
        let message = format!("the size is {}, but {} with the same digest before", found.written(), first.written());
        lint.value(&DESCRIPTOR_SAME_DIGEST_SIZE, found, message)
            .help("correct the size, or the digest that was copied")
            .related(first, "the other size")
            .done();
    }
    if let Some((first, found)) = media_type.zip(later.media_type).filter(|_| left.media_types > 0) {
        left.media_types -= 1;
        let shown = |json: Json<'a>| show(json.as_str().unwrap_or_default());
        let message = format!("`{}`, but `{}` with the same digest before", shown(found), shown(first));
        lint.value(&DESCRIPTOR_SAME_DIGEST_MEDIA_TYPE, found, message)
            .help("give both the media type that the content has")
            .related(first, "the other media type")
            .done();
    }
    if left.entries > 0
        && let Some(first) = earlier.find(|first| is_repeated(document, first, later))
        && let Some((found, first)) = later.digest.zip(first.digest)
    {
        left.entries -= 1;
        lint.value(&MANIFEST_ENTRY_REPEATED, found, format!("{} is listed twice", later.role.name()))
            .help("remove one of the two")
            .related(first, "the first")
            .done();
    }
}

/// Whether two sizes differ that may both be right.
fn sizes_differ(first: &Descriptor<'_>, later: &Descriptor<'_>) -> bool {
    first.size().zip(later.size()).is_some_and(|(first, later)| first != later && first > 0 && later > 0)
}

/// Whether two media types differ in one list, or between the config of an image and what stands beside it. The subject
/// is another document, and an artifact may list its config among its layers.
fn media_types_differ(first: &Descriptor<'_>, later: &Descriptor<'_>) -> bool {
    let Some((of_first, of_later)) = first.media_type().zip(later.media_type()) else { return false };
    let config = first.role == Role::Config
        && later.role == Role::Layer
        && [known::OCI_IMAGE_CONFIG, known::DOCKER_IMAGE_CONFIG].contains(&of_first);
    (first.role == later.role || config) && !of_first.eq_ignore_ascii_case(of_later)
}

/// Whether two descriptors of one list say the same, so that the second adds nothing.
fn is_repeated<'a>(document: &Document<'a>, first: &Descriptor<'a>, later: &Descriptor<'a>) -> bool {
    if first.role != later.role {
        return false;
    }
    let other_rule = match later.role {
        // Lists of referrers have a rule of their own.
        Role::Child => later.artifact_type.is_some_and(|found| found.as_str().is_some()),
        Role::Layer => is_image(document) && later.size().is_none_or(|size| size <= TINY),
        _ => false,
    };
    !other_rule && same(first.json, later.json)
}

/// Whether two values say the same with their members in the same order, however they are spaced.
fn same<'a>(a: Json<'a>, b: Json<'a>) -> bool {
    if a.kind() != b.kind() {
        return false;
    }
    match a.kind() {
        Kind::String => a.as_str() == b.as_str(),
        Kind::Object => {
            let mut others = b.members();
            a.members()
                .all(|member| others.next().is_some_and(|other| member.key() == other.key() && same(member, other)))
                && others.next().is_none()
        }
        Kind::Array => {
            let mut others = b.elements();
            a.elements().all(|element| others.next().is_some_and(|other| same(element, other)))
                && others.next().is_none()
        }
        Kind::Null | Kind::Bool | Kind::Number => a.written() == b.written(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tape::{Memory, Tape};

    #[test]
    fn known_content_is_known_by_every_algorithm() {
        for algorithm in Algorithm::ALL {
            assert_eq!(content_of(algorithm.of_nothing()), Some(0));
            assert_eq!(content_of(algorithm.of_empty_object()), Some(2));
            assert_eq!(content_of(&algorithm.digest(b"x")), None);
        }
    }

    #[test]
    fn values_are_the_same_however_they_are_spaced() {
        for (text, expected) in [
            (r#"[{"a":1,"b":["x",null]}, {"a": 1, "b": [ "\u0078", null ]}]"#, true),
            (r#"[{"a":1}, {"a":1,"b":2}]"#, false),
            (r#"[{"a":1,"b":2}, {"a":1}]"#, false),
            (r#"[{"a":1}, {"b":1}]"#, false),
            (r#"["1", 1]"#, false),
            ("[[1,2], [1]]", false),
        ] {
            let mut memory = Memory::default();
            let mut elements = Tape::read(text, &mut memory).unwrap().root().elements();
            assert_eq!(same(elements.next().unwrap(), elements.next().unwrap()), expected, "{text}");
        }
    }
}

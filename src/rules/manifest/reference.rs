//! The image that an image is based on: its reference and its digest, in annotations.

use std::ops::Range;

use super::lint::{Lint, show};
use crate::finding::{Rule, declare_rule};
use crate::oci::digest::is_digest;
use crate::oci::reference::{MAX_NAME, Reference};
use crate::rules::reference::{Part, explain};
use crate::source::tape::Json;

declare_rule! {
    /// The name of the base image is not a reference.
    ///
    /// ## Why
    /// Scanners and update services pull the base image by this name. A name that is no reference can not be pulled.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// {
    ///   "org.opencontainers.image.base.name": "registry.example.com/My-Org/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// {
    ///   "org.opencontainers.image.base.name": "registry.example.com/my-org/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// `scratch` is accepted too: it says that there is no base image.
    ///
    /// ## How to fix
    /// Write `registry/repository:tag`, the repository in small letters, as it is pulled.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
    /// [distribution/reference 0.6.0, grammar](https://github.com/distribution/reference/blob/v0.6.0/reference.go)
    pub static REFERENCE_GRAMMAR = {
        id: "reference-grammar", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The name of the base image is longer than 255 characters.
    ///
    /// ## Why
    /// Clients refuse references whose registry and repository have more than 255 characters together.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// {
    ///   "org.opencontainers.image.base.name": "registry.example.com/a-repository-whose-name-is-so-long-that-clients-refuse-it/a-repository-whose-name-is-so-long-that-clients-refuse-it/a-repository-whose-name-is-so-long-that-clients-refuse-it/a-repository-whose-name-is-so-long-that-clients-refuse-it/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// {
    ///   "org.opencontainers.image.base.name": "registry.example.com/a-repository-whose-name-is-long/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Check the value: an image of this name can hardly be pulled.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests),
    /// [distribution/reference 0.5.0, NameTotalLengthMax](https://github.com/distribution/reference/blob/v0.5.0/reference.go)
    pub static REFERENCE_NAME_LENGTH = {
        id: "reference-name-length", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The name of the base image does not say which registry it is in.
    ///
    /// ## Why
    /// Each client adds a registry of its own, mostly Docker Hub. Where another one is set, the name means another image,
    /// perhaps one of somebody else.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// {
    ///   "org.opencontainers.image.base.name": "my-org/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// {
    ///   "org.opencontainers.image.base.name": "docker.io/my-org/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Put the registry before the name. For images of Docker Hub it is `docker.io/`, and `docker.io/library/` for
    /// names of one part.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_BASE_NAME_QUALIFIED = {
        id: "annotation-base-name-qualified", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The base image has a name and no digest.
    ///
    /// ## Why
    /// The name alone says which image it is today, not which one was built on: nobody can tell whether the base has
    /// changed since.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.base.name": "registry.example.com/base:1.0" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// {
    ///   "org.opencontainers.image.base.name": "registry.example.com/base:1.0",
    ///   "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    /// }
    /// ```
    ///
    /// A name that holds the digest itself, `registry.example.com/base@sha256:…`, is accepted without.
    ///
    /// ## How to fix
    /// Add `org.opencontainers.image.base.digest` with the digest of the manifest that the name meant at the build.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_BASE_PAIR = {
        id: "annotation-base-pair", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The digest of the base image is not a digest.
    ///
    /// ## Why
    /// Scanners compare it with the digest that the base image has now. No image has a digest of another form.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.base.digest": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.base.digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" }
    /// ```
    ///
    /// ## How to fix
    /// Write the algorithm, a colon and the digits of the digest of the base image's manifest.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
    /// [descriptor.md, digests](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests)
    pub static ANNOTATION_BASE_DIGEST_GRAMMAR = {
        id: "annotation-base-digest-grammar", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &ANNOTATION_BASE_DIGEST_GRAMMAR,
    &ANNOTATION_BASE_NAME_QUALIFIED,
    &ANNOTATION_BASE_PAIR,
    &REFERENCE_GRAMMAR,
    &REFERENCE_NAME_LENGTH,
];

/// What Dockerfiles write for no base at all.
const SCRATCH: &str = "scratch";

/// Checks the name of the base image; `digest` says whether the annotations hold its digest too.
pub(super) fn name<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &'a str, digest: bool) {
    if text == SCRATCH {
        return;
    }
    let reference = Reference::split(text);
    if let Some((at, message, help)) = grammar(text, &reference) {
        lint.within(&REFERENCE_GRAMMAR, value, at, message).help(help).done();
    } else if reference.domain.is_none() {
        let help = match text.split(['/', ':', '@']).next() {
            Some(first) if first.contains('.') => "put the registry before it".to_owned(),
            _ if text.contains('/') => format!("write `docker.io/{}` if it is from Docker Hub", show(text)),
            _ => format!("write `docker.io/library/{}` if it is from Docker Hub", show(text)),
        };
        lint.value(&ANNOTATION_BASE_NAME_QUALIFIED, value, format!("`{}` does not name its registry", show(text)))
            .help(help)
            .done();
    }
    let length = reference.name_length();
    if length > MAX_NAME {
        let message = format!("registry and repository have {length} characters, more than {MAX_NAME}");
        lint.within(&REFERENCE_NAME_LENGTH, value, reference.name(), message)
            .help("check the value: clients refuse a name of this length")
            .done();
    }
    if !digest && reference.digest.is_none() {
        lint.key(&ANNOTATION_BASE_PAIR, value, "the base image has a name and no digest")
            .help("add `org.opencontainers.image.base.digest`")
            .done();
    }
}

/// Checks the digest of the base image.
pub(super) fn digest<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &'a str) {
    if is_digest(text) {
        return;
    }
    let hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let help = match text.len() {
        64 if hex => format!("write `sha256:{text}`"),
        _ if text.contains('@') => "write only what stands behind the `@`".to_owned(),
        _ => "write algorithm, colon and encoded hash, such as `sha256:` and 64 hex digits".to_owned(),
    };
    lint.value(&ANNOTATION_BASE_DIGEST_GRAMMAR, value, format!("`{}` is not a digest", show(text))).help(help).done();
}

/// How a text breaks the grammar of references: the bytes, what is wrong, what to do.
fn grammar(text: &str, reference: &Reference<'_>) -> Option<(Range<usize>, String, String)> {
    if let Some(scheme) = reference.scheme {
        let end = scheme.range().end + 3;
        let message = format!("`{}` stands before the reference", show(&text[..end]));
        return Some((0..end, message, format!("leave out `{}`", show(&text[..end]))));
    }
    let found = reference
        .domain_wrong()
        .map(|wrong| (Part::Registry, wrong))
        .or_else(|| reference.path_wrong().map(|wrong| (Part::Repository, wrong)))
        .or_else(|| reference.tag_wrong().map(|wrong| (Part::Tag, wrong)))
        .or_else(|| reference.digest_wrong().map(|wrong| (Part::Digest, wrong)));
    let (part, wrong) = found?;
    let (message, help) = explain(part, wrong.kind, &text[wrong.at.clone()], reference);
    Some((wrong.at, message, help))
}

//! The rules about a reference that the user gives with `--reference`: the one that led to the document.

use std::ops::Range;

use super::manifest::Options;
use crate::finding::{Finding, Place, Rule, declare_rule};
use crate::oci::digest::is_digest;
use crate::oci::reference::{Kind, MAX_NAME, MAX_TAG, Reference, Wrong};
use crate::source::text::{clip, visible};
use crate::source::{LineIndex, Span};

declare_rule! {
    /// The repository of a reference is no name of a repository.
    ///
    /// ## Why
    /// Registries answer such a name with an error, and clients refuse it before they ask.
    ///
    /// ## Reported
    /// ```text reported reference
    /// registry.example.com/My-Org/app:1.0
    /// ```
    ///
    /// ## Accepted
    /// ```text accepted reference
    /// registry.example.com/my-org/app:1.0
    /// ```
    ///
    /// ## How to fix
    /// Use small letters and digits, between them `.`, `_`, `__` or `-`, and slashes between the parts.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static REPOSITORY_NAME_GRAMMAR = {
        id: "repository-name-grammar", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// Registry and repository of a reference have more than 255 characters.
    ///
    /// ## Why
    /// Many clients take no more than 255 characters for registry, slash and repository together. Others can push what
    /// they can not pull.
    ///
    /// ## Reported
    /// ```text reported reference
    /// registry.example.com/a-repository-whose-name-is-so-long-that-clients-refuse-it/a-repository-whose-name-is-so-long-that-clients-refuse-it/a-repository-whose-name-is-so-long-that-clients-refuse-it/a-repository-whose-name-is-so-long-that-clients-refuse-it/app:1.0
    /// ```
    ///
    /// ## Accepted
    /// ```text accepted reference
    /// registry.example.com/a-repository-whose-name-is-long/app:1.0
    /// ```
    ///
    /// ## How to fix
    /// Choose a shorter name.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static REPOSITORY_NAME_LENGTH = {
        id: "repository-name-length", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The tag of a reference has a character that tags do not have.
    ///
    /// ## Why
    /// Registries answer such a tag with an error, and clients refuse it before they ask.
    ///
    /// ## Reported
    /// ```text reported reference
    /// registry.example.com/app:1.0+build5
    /// ```
    ///
    /// ## Accepted
    /// ```text accepted reference
    /// registry.example.com/app:1.0_build5
    /// ```
    ///
    /// ## How to fix
    /// Use letters, digits, `_`, `.` and `-`, and begin with a letter, a digit or `_`. Helm writes `_` for the `+` of a
    /// version.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static TAG_GRAMMAR = { id: "tag-grammar", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The tag of a reference has more than 128 characters.
    ///
    /// ## Why
    /// Registries answer such a tag with an error, and clients refuse it before they ask.
    ///
    /// ## Reported
    /// ```text reported reference
    /// registry.example.com/app:a-tag-that-tells-the-whole-story-of-the-branch-from-which-the-software-was-built-and-of-all-the-people-who-have-looked-at-the-change
    /// ```
    ///
    /// ## Accepted
    /// ```text accepted reference
    /// registry.example.com/app:a-tag-that-tells-the-branch
    /// ```
    ///
    /// ## How to fix
    /// Choose a shorter tag.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static TAG_LENGTH = { id: "tag-length", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A reference does not name a manifest by a tag or a digest.
    ///
    /// ## Why
    /// A manifest is asked for by its tag or its digest. Without one, each client takes a tag of its own choice, mostly
    /// `latest`.
    ///
    /// ## Reported
    /// ```text reported reference
    /// registry.example.com/app
    /// ```
    ///
    /// ## Accepted
    /// ```text accepted reference
    /// registry.example.com/app:1.0
    /// ```
    ///
    /// A tag and a digest together are accepted: clients take the digest.
    ///
    /// ## How to fix
    /// Write `registry/repository:tag` or `registry/repository@sha256:…`, with nothing before the registry.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
    pub static REFERENCE_FORM = { id: "reference-form", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A tag looks like one of referrers and is none.
    ///
    /// ## Why
    /// Where a registry has no referrers API, clients look for signatures and other referrers under the tag that follows
    /// from the digest. A list under another tag is never found.
    ///
    /// ## Reported
    /// ```text reported reference
    /// registry.example.com/app:sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e83
    /// ```
    ///
    /// ## Accepted
    /// ```text accepted reference
    /// registry.example.com/app:sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
    /// ```
    ///
    /// Tags with an ending of their own, such as the `.sig` of cosign, are accepted.
    ///
    /// ## How to fix
    /// Write the algorithm, `-`, and the first 64 characters of the encoded hash: all of SHA-256, half of SHA-512.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, referrers tag schema](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema)
    pub static REFERRERS_TAG_NAME = {
        id: "referrers-tag-name", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &REFERENCE_FORM,
    &REFERRERS_TAG_NAME,
    &REPOSITORY_NAME_GRAMMAR,
    &REPOSITORY_NAME_LENGTH,
    &TAG_GRAMMAR,
    &TAG_LENGTH,
];

/// What reports call the text, in place of a file: the option by which it was given.
pub const FILE: &str = "--reference";

/// A part of a reference, as messages call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Registry,
    Repository,
    Tag,
    Digest,
}

/// Lints a reference to a manifest.
#[must_use]
pub fn lint(reference: &str, options: &Options) -> Vec<Finding> {
    let mut lint = Lint { text: reference, options, findings: Vec::new() };
    lint.reference();
    lint.findings
}

struct Lint<'a> {
    text: &'a str,
    options: &'a Options,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn reference(&mut self) {
        let text = self.text;
        if is_digest(text) && text.split_once(':').is_some_and(|(algorithm, _)| ALGORITHMS.contains(&algorithm)) {
            let help = format!("write `REGISTRY/REPOSITORY@{text}`");
            self.report(&REFERENCE_FORM, 0..text.len(), "a digest alone does not name a repository", help);
            return;
        }
        let reference = Reference::split(text);
        if let Some(scheme) = reference.scheme {
            let end = scheme.range().end + 3;
            let message = format!("`{}` stands before the reference", show(&text[..end]));
            self.report(&REFERENCE_FORM, 0..end, message, format!("leave out `{}`", show(&text[..end])));
        }
        if let Some(wrong) = reference.domain_wrong() {
            self.wrong(&REFERENCE_FORM, Part::Registry, wrong, &reference);
        }
        if let Some(wrong) = reference.path_wrong() {
            self.wrong(&REPOSITORY_NAME_GRAMMAR, Part::Repository, wrong, &reference);
        }
        let length = reference.name_length();
        if length > MAX_NAME {
            let message = format!("registry and repository have {length} characters, more than {MAX_NAME}");
            self.report(&REPOSITORY_NAME_LENGTH, reference.name(), message, "choose a shorter name");
        }
        self.tag(&reference);
        if let Some(wrong) = reference.digest_wrong() {
            self.wrong(&REFERENCE_FORM, Part::Digest, wrong, &reference);
        }
        let named = reference.scheme.is_none() && !reference.path.text.split('/').any(str::is_empty);
        if named && reference.tag.is_none() && reference.digest.is_none() {
            let message = format!("`{}` has neither a tag nor a digest", show(text));
            self.report(&REFERENCE_FORM, 0..text.len(), message, "add `:TAG` or `@DIGEST`");
        }
    }

    fn tag(&mut self, reference: &Reference<'_>) {
        let Some(tag) = reference.tag else { return };
        if let Some((algorithm, encoded)) = referrers(tag.text) {
            let capitals = encoded.bytes().any(|b| b.is_ascii_uppercase());
            if encoded.len() != ENCODED || capitals {
                let message = match encoded.len() {
                    ENCODED => "a referrers tag has small letters, as the digest has".to_owned(),
                    length => format!("a referrers tag has {ENCODED} characters behind `{algorithm}-`, not {length}"),
                };
                let help = match encoded.get(..ENCODED) {
                    Some(first) => format!("write `{algorithm}-{}`", first.to_ascii_lowercase()),
                    None => format!("write all {ENCODED} characters"),
                };
                self.report(&REFERRERS_TAG_NAME, tag.range(), message, help);
                return;
            }
        }
        if let Some(wrong) = reference.tag_wrong() {
            let rule = if wrong.kind == Kind::Length { &TAG_LENGTH } else { &TAG_GRAMMAR };
            self.wrong(rule, Part::Tag, wrong, reference);
        }
    }

    fn wrong(&mut self, rule: &'static Rule, part: Part, wrong: Wrong, reference: &Reference<'_>) {
        let (message, help) = explain(part, wrong.kind, &self.text[wrong.at.clone()], reference);
        self.report(rule, wrong.at, message, help);
    }

    fn report(&mut self, rule: &'static Rule, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let Some(level) = self.options.level(rule) else { return };
        let (line, column) = LineIndex::new(self.text).line_column(self.text, at.start);
        let span = Span::new(at.start, at.end);
        let mut finding = Finding::new(rule, FILE.into(), message).help(help);
        finding.level = level;
        finding.place = Some(Place { offset: at.start, length: span.len(), line, column });
        self.findings.push(finding);
    }
}

/// What is wrong with a part of a reference, and what to do about it.
pub(super) fn explain(part: Part, kind: Kind, found: &str, reference: &Reference<'_>) -> (String, String) {
    let found = if found == " " { "a space".to_owned() } else { format!("`{}`", show(found)) };
    let path = reference.path.text;
    let repository = "use small letters and digits, between them `.`, `_`, `__` or `-`";
    let tag = "use letters, digits, `_`, `.` and `-`, and begin with a letter, a digit or `_`";
    let (message, help) = match (part, kind) {
        (Part::Repository, Kind::Empty) if path.is_empty() => {
            return ("there is no repository".to_owned(), "write `REGISTRY/REPOSITORY:TAG`".to_owned());
        }
        (Part::Repository, Kind::Empty) => {
            ("a part of the repository is empty".to_owned(), "remove the slash that is too many")
        }
        (Part::Repository, Kind::Capital) => {
            let help = format!("write `{}`", show(&path.to_ascii_lowercase()));
            return (format!("the capital letter {found} stands in the repository"), help);
        }
        (Part::Repository, Kind::Separator) => {
            (format!("{found} does not stand between letters or digits of the repository"), repository)
        }
        (Part::Repository, _) => (format!("a repository can not hold {found}"), repository),
        (Part::Registry, Kind::Empty) => {
            ("a part of the registry's name is empty".to_owned(), "write the name of the registry's host")
        }
        (Part::Registry, Kind::Port) => {
            (format!("{found} is not a port"), "write the number of the port, such as `:5000`, or leave it out")
        }
        (Part::Registry, Kind::Separator) => {
            (format!("{found} does not stand between letters or digits of the registry"), "write the name of a host")
        }
        (Part::Registry, _) => {
            (format!("the name of a registry can not hold {found}"), "write the name of the registry's host")
        }
        (Part::Tag, Kind::Empty) => ("the tag is empty".to_owned(), "write the tag, or leave the colon out"),
        (Part::Tag, Kind::Separator) => (format!("a tag can not begin with {found}"), tag),
        (Part::Tag, Kind::Length) => {
            let length = reference.tag.map_or(0, |tag| tag.text.len());
            return (
                format!("the tag has {length} characters, more than {MAX_TAG}"),
                "choose a shorter tag".to_owned(),
            );
        }
        (Part::Tag, _) if found == "`+`" => {
            ("a tag can not hold `+`".to_owned(), "write `_` in its place, as Helm does")
        }
        (Part::Tag, _) => (format!("a tag can not hold {found}"), tag),
        (Part::Digest, _) if reference.digest.is_some_and(|digest| digest.text.is_empty()) => {
            ("there is no digest behind `@`".to_owned(), "write the digest, or leave the `@` out")
        }
        (Part::Digest, _) => (
            format!("{found} is not a digest"),
            "write algorithm, colon and encoded hash, such as `sha256:` and 64 hex digits",
        ),
    };
    (message, help.to_owned())
}

/// Algorithms of digests that image-spec has registered.
const ALGORITHMS: [&str; 3] = ["sha256", "sha512", "blake3"];

/// Characters of the encoded hash in a referrers tag.
const ENCODED: usize = 64;

/// Algorithm and encoded hash of a tag that looks like a referrers tag: at least half a hash in hex digits, and nothing
/// else, so that commits and the endings of cosign are none.
fn referrers(tag: &str) -> Option<(&str, &str)> {
    let (algorithm, encoded) = tag.split_once('-')?;
    let known = ALGORITHMS.contains(&algorithm);
    (known && encoded.len() > 40 && encoded.bytes().all(|b| b.is_ascii_hexdigit())).then_some((algorithm, encoded))
}

fn show(text: &str) -> String {
    visible(&clip(text, 100)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    fn found(reference: &str) -> Vec<(&'static str, Range<usize>)> {
        lint(reference, &Options::default())
            .into_iter()
            .map(|finding| {
                let place = finding.place.unwrap();
                (finding.rule.id, place.offset..place.offset + place.length)
            })
            .collect()
    }

    #[test]
    fn what_clients_write_is_accepted() {
        for text in [
            "alpine:3.20".to_owned(),
            "localhost:5000/a/b__c:_x".to_owned(),
            format!("ghcr.io/org/app@sha256:{HASH}"),
            format!("ghcr.io/org/app:1@sha256:{HASH}"),
            format!("ghcr.io/org/app:sha256-{HASH}"),
            format!("ghcr.io/org/app:sha512-{HASH}"),
            format!("ghcr.io/org/app:sha256-{HASH}.sig"),
            format!("ghcr.io/org/app:sha256-{}", &HASH[..40]),
            "[2001:db8::1]:5000/app:1".to_owned(),
        ] {
            assert_eq!(found(&text), [], "{text}");
        }
    }

    #[test]
    fn each_mistake_is_reported_once() {
        for (text, rule, at) in [
            (format!("sha256:{HASH}"), "reference-form", 0..71),
            ("ghcr.io/app".to_owned(), "reference-form", 0..11),
            ("oci://ghcr.io/app:1".to_owned(), "reference-form", 0..6),
            ("gh_cr.io/app:1".to_owned(), "reference-form", 2..3),
            ("ghcr.io/app@sha256:12".to_owned(), "reference-form", 12..21),
            (":1".to_owned(), "repository-name-grammar", 0..0),
            ("http://ghcr.io/v2/app".to_owned(), "reference-form", 0..7),
            ("/v2/app".to_owned(), "repository-name-grammar", 0..0),
            (String::new(), "repository-name-grammar", 0..0),
            ("app:1@".to_owned(), "reference-form", 6..6),
            ("ghcr.io/a b:1".to_owned(), "repository-name-grammar", 9..10),
            ("ghcr.io/app:".to_owned(), "tag-grammar", 12..12),
            ("ghcr.io/app:a/b".to_owned(), "tag-grammar", 13..14),
            (format!("a:{}", "x".repeat(129)), "tag-length", 130..131),
            (format!("a:sha512-{HASH}{HASH}"), "referrers-tag-name", 2..137),
            (format!("a:sha256-{}", HASH.to_ascii_uppercase()), "referrers-tag-name", 2..73),
            (format!("{}:1", "a".repeat(256)), "repository-name-length", 0..256),
        ] {
            assert_eq!(found(&text), [(rule, at)], "{text}");
        }
        let first = Options { spec: crate::oci::Spec::V1_0, ..Options::default() };
        assert_eq!(lint(&format!("a:sha256-{HASH}0"), &first), []);
    }
}

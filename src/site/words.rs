//! Vocabulary and predicates in plain words: what a person reads where a program reads the data.

use askama::Template;

use super::html::SafeHtml;
use super::lookup::Lookup;
use crate::catalog::model::{AttachedBy, InputKind, Place, Presence, ScanAs, Shape, State, Tier};
use crate::catalog::order::Class;
use crate::catalog::predicate::{Condition, Each, Field, List, Need, Predicate, Quantifier, Scalar, Test};

/// Kind of a document with its article.
pub(super) const fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::OciManifest => "an OCI image manifest",
        Shape::OciIndex => "an OCI image index",
        Shape::DockerManifest => "a Docker image manifest (schema 2)",
        Shape::DockerManifestList => "a Docker manifest list",
        Shape::DockerSchema1 => "a Docker image manifest of the old schema 1",
        Shape::OciArtifactManifest => "an OCI artifact manifest (withdrawn)",
        Shape::OrasArtifactManifest => "an ORAS artifact manifest",
    }
}

/// State of a type in the world: word, and what it means.
pub(super) const fn state(state: State) -> (&'static str, &'static str) {
    match state {
        State::Active => ("active", "in use"),
        State::Proposed => ("proposed", "described, but no release writes it yet"),
        State::Deprecated => ("deprecated", "still written, but should not be any more"),
        State::Withdrawn => ("withdrawn", "no longer written; old instances may still be met"),
    }
}

/// How well an entry is proved: word, and what it means.
pub(super) const fn tier(tier: Tier) -> (&'static str, &'static str) {
    match tier {
        Tier::Listed => ("listed", "the entry and its examples hold together"),
        Tier::Verified => ("verified", "a source proves each media type"),
        Tier::WellKnown => ("well-known", "verified, and several independent programs implement it"),
    }
}

/// Whether something must be there.
pub(super) const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::Recommended => "recommended",
        Presence::Optional => "optional",
        Presence::Forbidden => "not allowed",
    }
}

/// Where a media type stands.
pub(super) const fn place(place: Place) -> &'static str {
    match place {
        Place::ArtifactType => "artifactType",
        Place::Config => "config",
        Place::Layer => "layer",
        Place::Manifest => "manifest",
        Place::Child => "child of an index",
    }
}

/// What decides between candidates.
pub(super) const fn need(need: Need) -> &'static str {
    match need {
        Need::Config => "the config blob",
        Need::Tag => "the tag",
        Need::Parent => "the descriptor in the parent index",
        Need::Children => "the manifests of the children",
        Need::Manifest => "more evidence in the manifest",
    }
}

/// Strength of evidence: its rank from 1, and what the evidence is.
pub(super) const fn class(class: Class) -> (u8, &'static str) {
    match class {
        Class::ArtifactType => (1, "a value of artifactType"),
        Class::Config => (2, "a config media type of its own"),
        Class::Layers => (3, "a telling layer or child"),
        Class::Annotations => (4, "an annotation"),
        Class::Base => (5, "what many types share"),
        Class::Placeholder => (6, "a placeholder that says nothing"),
    }
}

/// How an artifact is attached to another one.
pub(super) const fn attached_by(by: AttachedBy) -> &'static str {
    match by {
        AttachedBy::Subject => "by the subject property of its manifest",
        AttachedBy::Tag => "by a tag made of the other's digest",
        AttachedBy::Index => "as a sibling in the same index",
    }
}

/// As what a scanner can read an artifact.
pub(super) const fn scan_as(scan_as: ScanAs) -> &'static str {
    match scan_as {
        ScanAs::Image => "an image: unpack the layers in order",
        ScanAs::Archive => "an archive: unpack it and read its files",
        ScanAs::Document => "a document: read it as it is",
        ScanAs::None => "nothing: a scanner that finds nothing has looked at nothing",
    }
}

/// Kind of a value that a user supplies.
pub(super) const fn input(kind: InputKind) -> &'static str {
    match kind {
        InputKind::File => "a file",
        InputKind::Dir => "a folder",
        InputKind::Name => "a name",
    }
}

/// How often a part may stand.
pub(super) fn count(min: u32, max: Option<u32>) -> String {
    match (min, max) {
        (0, None) => "any number".to_owned(),
        (min, None) => format!("{min} or more"),
        (0, Some(max)) => format!("at most {max}"),
        (min, Some(max)) if min == max => format!("exactly {min}"),
        (min, Some(max)) => format!("{min} to {max}"),
    }
}

/// A doc comment without the space that follows its slashes.
pub(super) fn unindented(docs: &str) -> String {
    docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Plain words of ours.
    Text(String),
    /// A value or name from the entry.
    Code(String),
    /// A media type with the address of its page.
    Link(String, String),
}

/// A sentence, and the statements it announces.
#[derive(Debug, Template)]
#[template(path = "parts/statement.html")]
struct Statement {
    lead: Vec<Piece>,
    parts: Vec<SafeHtml>,
}

/// Says a predicate in words; `root` leads to the root of the site.
pub(super) fn predicate(predicate: &Predicate, root: &str, lookup: &Lookup<'_>) -> Result<SafeHtml, askama::Error> {
    Speaker { root, lookup }.say(predicate, false, Scope::Document)?.html()
}

impl Statement {
    fn html(self) -> Result<SafeHtml, askama::Error> {
        SafeHtml::render(&self)
    }
}

/// What the statements are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Document,
    /// A member of a list: "its".
    Member,
}

struct Speaker<'a, 'l> {
    root: &'a str,
    lookup: &'a Lookup<'l>,
}

fn words(text: impl Into<String>) -> Piece {
    Piece::Text(text.into())
}

fn code(text: impl Into<String>) -> Piece {
    Piece::Code(text.into())
}

impl Speaker<'_, '_> {
    fn say(&self, predicate: &Predicate, negated: bool, scope: Scope) -> Result<Statement, askama::Error> {
        match predicate {
            Predicate::All(parts) | Predicate::Any(parts) if parts.len() == 1 => self.say(&parts[0], negated, scope),
            Predicate::All(parts) => {
                self.list(if negated { "not all of these hold:" } else { "all of these hold:" }, parts, scope)
            }
            Predicate::Any(parts) => {
                self.list(if negated { "none of these holds:" } else { "one of these holds:" }, parts, scope)
            }
            Predicate::Not(part) => self.say(part, !negated, scope),
            Predicate::Each(each) => self.each(each, negated),
            Predicate::Test(test) => self.test(test, negated, scope),
        }
    }

    fn list(&self, lead: &str, parts: &[Predicate], scope: Scope) -> Result<Statement, askama::Error> {
        let parts = parts.iter().map(|part| self.say(part, false, scope)?.html()).collect::<Result<_, _>>()?;
        Ok(Statement { lead: vec![words(lead)], parts })
    }

    fn each(&self, each: &Each, negated: bool) -> Result<Statement, askama::Error> {
        let (one, scope) = match each.list {
            List::Layers => ("layer", Scope::Member),
            List::Manifests => ("child descriptor", Scope::Member),
            List::Children => ("child manifest", Scope::Document),
        };
        // "None that is not": every one, also when there is none.
        if let (true, Quantifier::Any, Predicate::Not(part)) = (negated, each.quantifier, &*each.predicate) {
            return Ok(self
                .say(part, false, scope)?
                .after(vec![words(format!("for every {one}, if there are any: "))]));
        }
        let lead = match (each.quantifier, negated) {
            (Quantifier::Any, false) => format!("for at least one {one}: "),
            (Quantifier::Any, true) => format!("for no {one}: "),
            (Quantifier::All, false) => format!("there is a {one}, and for every one: "),
            (Quantifier::All, true) => format!("there is no {one}, or for at least one this does not hold: "),
            (Quantifier::First, false) => format!("for the first {one}: "),
            (Quantifier::First, true) => format!("there is no {one}, or for the first this does not hold: "),
        };
        Ok(self.say(&each.predicate, false, scope)?.after(vec![words(lead)]))
    }

    fn test(&self, test: &Test, negated: bool, scope: Scope) -> Result<Statement, askama::Error> {
        let condition = match &test.condition {
            Condition::Present(present) => Condition::Present(*present != negated),
            other => other.clone(),
        };
        let negated = negated && !matches!(condition, Condition::Present(_));
        let mut lead = subject(test, scope);
        if test.field == Field::Shape {
            return Ok(self.shapes(&condition, negated));
        }
        let value = |scalar: &Scalar| self.value(test.field, scalar);
        let not = if negated { "not " } else { "" };
        match &condition {
            Condition::Present(present) => return Ok(present_or_absent(test, scope, *present)),
            Condition::Prefix(prefix) => {
                lead.push(words(if negated { " does not begin with " } else { " begins with " }));
                lead.push(code(prefix));
            }
            Condition::Equals(scalar) => {
                lead.push(words(format!(" is {not}")));
                lead.push(value(scalar));
            }
            Condition::OneOf(scalars) if scalars.len() > 2 => {
                lead.push(words(format!(" is {not}one of these:")));
                let parts =
                    scalars.iter().map(|scalar| Statement { lead: vec![value(scalar)], parts: Vec::new() }.html());
                return Ok(Statement { lead, parts: parts.collect::<Result<_, _>>()? });
            }
            Condition::OneOf(scalars) => {
                lead.push(words(if negated { " is neither " } else { " is " }));
                for (at, scalar) in scalars.iter().enumerate() {
                    if at > 0 {
                        lead.push(words(if negated { " nor " } else { " or " }));
                    }
                    lead.push(value(scalar));
                }
            }
        }
        Ok(Statement { lead, parts: Vec::new() })
    }

    fn shapes(&self, condition: &Condition, negated: bool) -> Statement {
        let not = if negated { "not " } else { "" };
        let name = |scalar: &Scalar| {
            let named =
                Shape::ALL.into_iter().find(|known| matches!(scalar, Scalar::Text(text) if text == known.name()));
            named.map_or_else(|| self.value(Field::Shape, scalar), |known| words(shape(known)))
        };
        let mut lead = vec![words(format!("the document is {not}"))];
        match condition {
            Condition::Equals(scalar) => lead.push(name(scalar)),
            Condition::OneOf(scalars) => {
                for (at, scalar) in scalars.iter().enumerate() {
                    if at > 0 {
                        lead.push(words(" or "));
                    }
                    lead.push(name(scalar));
                }
            }
            Condition::Present(true) => lead.push(words("of a known kind")),
            Condition::Present(false) => lead.push(words("of no known kind")),
            Condition::Prefix(prefix) => lead.extend([words("of a kind whose name begins with "), code(prefix)]),
        }
        Statement { lead, parts: Vec::new() }
    }

    fn value(&self, field: Field, scalar: &Scalar) -> Piece {
        match scalar {
            Scalar::Number(number) => code(number.to_string()),
            Scalar::Text(text) if field.is_media_type() => match self.lookup.media_type_page(text) {
                Some(page) => Piece::Link(text.clone(), format!("{}{}", self.root, super::paths::url(&page))),
                None => code(text),
            },
            Scalar::Text(text) => code(text),
        }
    }
}

impl Statement {
    /// The statement behind other words.
    fn after(mut self, mut lead: Vec<Piece>) -> Self {
        lead.append(&mut self.lead);
        self.lead = lead;
        self
    }
}

/// The value that a test looks at, as the subject of a sentence.
fn subject(test: &Test, scope: Scope) -> Vec<Piece> {
    let key = || code(test.key.as_deref().unwrap_or_default());
    match (test.field, scope) {
        (Field::Shape, _) => vec![words("the document")],
        (Field::MediaType, Scope::Document) => vec![words("the document's own "), code("mediaType")],
        (Field::MediaType, Scope::Member) => vec![words("its media type")],
        (Field::ArtifactType, Scope::Document) => vec![code("artifactType")],
        (Field::ArtifactType, Scope::Member) => vec![words("its "), code("artifactType")],
        (Field::Size, _) => vec![words("its size in bytes")],
        (Field::Digest, _) => vec![words("its digest")],
        (Field::Annotations, Scope::Document) => vec![words("the annotation "), key()],
        (Field::Annotations, Scope::Member) => vec![words("its annotation "), key()],
        (Field::ConfigMediaType, _) => vec![words("the media type of the config")],
        (Field::PlaceholderArtifactType, _) => vec![words("as a placeholder, "), code("artifactType")],
        (Field::PlaceholderConfigMediaType, _) => vec![words("as a placeholder, the media type of the config")],
        (Field::ConfigSize, _) => vec![words("the size of the config in bytes")],
        (Field::ConfigDigest, _) => vec![words("the digest of the config")],
        (Field::ConfigAnnotations, _) => vec![words("the annotation "), key(), words(" of the config's descriptor")],
        (Field::Subject, _) => vec![words("the media type of the subject")],
        (Field::LayersCount, _) => vec![words("the number of layers")],
        (Field::ManifestsCount, _) => vec![words("the number of children")],
        (Field::PlatformOs, _) => vec![words("the operating system of its platform")],
        (Field::PlatformArchitecture, _) => vec![words("the architecture of its platform")],
        (Field::PlatformOsFeatures, _) => vec![words("one of the "), code("os.features"), words(" of its platform")],
        (Field::ContextTag, _) => vec![words("the tag")],
        (Field::ContextConfig, _) => vec![words("in the config blob, the value at "), key()],
        (Field::ContextParentArtifactType, _) => {
            vec![code("artifactType"), words(" of its descriptor in the parent index")]
        }
        (Field::ContextParentAnnotations, _) => {
            vec![words("the annotation "), key(), words(" of its descriptor in the parent index")]
        }
        (Field::ContextParentPlatformOs, _) => vec![words("the operating system that the parent index gives for it")],
    }
}

fn present_or_absent(test: &Test, scope: Scope, present: bool) -> Statement {
    let lead = match (test.field, present) {
        (Field::Subject, true) => vec![words("there is a "), code("subject")],
        (Field::Subject, false) => vec![words("there is no "), code("subject")],
        (Field::PlaceholderArtifactType, true) => {
            vec![code("artifactType"), words(" is a placeholder that says nothing")]
        }
        (Field::PlaceholderArtifactType, false) => vec![code("artifactType"), words(" is no placeholder")],
        (Field::PlaceholderConfigMediaType, true) => vec![words("the media type of the config says nothing")],
        (Field::PlaceholderConfigMediaType, false) => vec![words("the media type of the config is no placeholder")],
        (Field::PlatformOsFeatures, true) => vec![words("its platform has "), code("os.features")],
        (Field::PlatformOsFeatures, false) => vec![words("its platform has no "), code("os.features")],
        (Field::ContextParentPlatformOs, true) => vec![words("the parent index gives a platform for it")],
        (Field::ContextParentPlatformOs, false) => vec![words("the parent index gives no platform for it")],
        (_, present) => {
            let mut lead = subject(test, scope);
            lead.push(words(if present { " is present" } else { " is absent" }));
            lead
        }
    };
    Statement { lead, parts: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(json: &str) -> String {
        let parsed: Predicate = serde_json::from_str(json).unwrap();
        let html = predicate(&parsed, "", &Lookup::default()).unwrap().to_string();
        html.replace("<code>", "`").replace("</code>", "`")
    }

    #[test]
    fn tests_and_their_negations() {
        assert_eq!(say(r#"{"field":"artifactType","equals":"a/b"}"#), "`artifactType` is `a/b`");
        assert_eq!(say(r#"{"not":{"field":"artifactType","equals":"a/b"}}"#), "`artifactType` is not `a/b`");
        assert_eq!(say(r#"{"not":{"field":"artifactType","present":true}}"#), "`artifactType` is absent");
        assert_eq!(
            say(r#"{"field":"config.mediaType","oneOf":["a/b","a/c"]}"#),
            "the media type of the config is `a/b` or `a/c`"
        );
        assert_eq!(
            say(r#"{"field":"context.config","key":"/a","equals":"x"}"#),
            "in the config blob, the value at `/a` is `x`"
        );
        assert_eq!(say(r#"{"field":"shape","equals":"oci-index"}"#), "the document is an OCI image index");
        assert_eq!(say(r#"{"field":"subject","present":true}"#), "there is a `subject`");
        assert_eq!(say(r#"{"field":"layers.count","equals":1}"#), "the number of layers is `1`");
        assert_eq!(
            say(r#"{"field":"annotations","key":"k","oneOf":["a","b","c"]}"#),
            "the annotation `k` is one of these:<ul><li>`a`</li><li>`b`</li><li>`c`</li></ul>"
        );
    }

    #[test]
    fn lists_and_groups() {
        assert_eq!(
            say(r#"{"not":{"layers":"any","match":{"not":{"field":"mediaType","equals":"a/b"}}}}"#),
            "for every layer, if there are any: its media type is `a/b`"
        );
        assert_eq!(
            say(
                r#"{"all":[{"manifests":"first","match":{"field":"platform.os","present":true}},{"not":{"layers":"any","match":{"field":"mediaType","prefix":"a/"}}}]}"#
            ),
            "all of these hold:<ul><li>for the first child descriptor: the operating system of its platform is present</li><li>for no layer: its media type begins with `a/`</li></ul>"
        );
    }

    #[test]
    fn values_are_escaped() {
        assert!(!say(r#"{"field":"annotations","key":"<i>","prefix":"<b>"}"#).contains("<b>"));
    }

    #[test]
    fn counts() {
        assert_eq!(count(0, None), "any number");
        assert_eq!(
            (count(1, Some(1)), count(1, Some(3)), count(0, Some(1))),
            ("exactly 1".into(), "1 to 3".into(), "at most 1".into())
        );
    }
}

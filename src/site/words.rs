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

/// The tier above one, and what it asks for.
pub(super) const fn next_tier(tier: Tier) -> Option<(&'static str, &'static str)> {
    match tier {
        Tier::Listed => Some((
            "verified",
            "a source for each media type, at a fixed revision or in a published specification, which a maintainer \
             opened and found to say so",
        )),
        Tier::Verified => Some((
            "well-known",
            "at least two implementations by different parties that share no code for it, each with a link",
        )),
        Tier::WellKnown => None,
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

/// A member of a document that is no list of descriptors and that only old formats have: name, and what it holds.
pub(super) fn member(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "fsLayers" => ("fsLayers", "The layers by their digests, the top one first."),
        "history" => ("history", "One JSON text for each layer, in the format of Docker's first image store."),
        "signatures" => ("signatures", "Signatures over the text of the document."),
        _ => return None,
    })
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
    Speaker { root, lookup, most: usize::MAX }.say(predicate, false, Scope::Document)?.html()
}

/// The same, but of many values only the first are named.
pub(super) fn briefly(predicate: &Predicate, root: &str, lookup: &Lookup<'_>) -> Result<SafeHtml, askama::Error> {
    Speaker { root, lookup, most: 3 }.say(predicate, false, Scope::Document)?.html()
}

impl Statement {
    fn html(self) -> Result<SafeHtml, askama::Error> {
        SafeHtml::render(&self)
    }
}

/// What the statements are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope<'s> {
    Document,
    /// A member of a list: "its".
    Member,
    /// Members of a list that the sentence names itself: "of at least one layer".
    Of(&'s str),
}

struct Speaker<'a, 'l> {
    root: &'a str,
    lookup: &'a Lookup<'l>,
    /// Most values of a list that are named.
    most: usize,
}

fn words(text: impl Into<String>) -> Piece {
    Piece::Text(text.into())
}

fn code(text: impl Into<String>) -> Piece {
    Piece::Code(text.into())
}

impl Speaker<'_, '_> {
    fn say(&self, predicate: &Predicate, negated: bool, scope: Scope<'_>) -> Result<Statement, askama::Error> {
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

    fn list(&self, lead: &str, parts: &[Predicate], scope: Scope<'_>) -> Result<Statement, askama::Error> {
        let parts = parts.iter().map(|part| self.say(part, false, scope)?.html()).collect::<Result<_, _>>()?;
        Ok(Statement { lead: vec![words(lead)], parts })
    }

    fn each(&self, each: &Each, negated: bool) -> Result<Statement, askama::Error> {
        let (one, many, scope) = match each.list {
            List::Layers => ("layer", "layers", Scope::Member),
            List::Manifests => ("child descriptor", "child descriptors", Scope::Member),
            List::Children => ("child manifest", "child manifests", Scope::Document),
        };
        let inner = only(&each.predicate);
        // What stands before the statement, and of whom it speaks.
        let (lead, owner, inner) = match (each.quantifier, negated, inner) {
            // "None that is not": every one, also when there is none.
            (Quantifier::Any, true, Predicate::Not(part)) => {
                (String::new(), format!("each {one}, if there are any,"), only(part))
            }
            (Quantifier::Any, false, _) => (String::new(), format!("at least one {one}"), inner),
            (Quantifier::Any, true, _) => (String::new(), format!("no {one}"), inner),
            (Quantifier::All, false, _) => (format!("there are {many}, and "), "each".to_owned(), inner),
            (Quantifier::First, false, _) => (String::new(), format!("the first {one}"), inner),
            (Quantifier::All | Quantifier::First, true, _) => {
                let which = if each.quantifier == Quantifier::All { "at least one" } else { "the first" };
                let lead = format!("there is no {one}, or for {which} this does not hold: ");
                return Ok(self.say(inner, false, scope)?.after(vec![words(lead)]));
            }
        };
        let folded = match inner {
            Predicate::Test(test) => Some((test, false)),
            Predicate::Not(part) => match &**part {
                Predicate::Test(test) => Some((test, true)),
                _ => None,
            },
            _ => None,
        };
        match folded {
            Some((test, not)) if test.field != Field::Shape => {
                Ok(self.test(test, not, Scope::Of(&owner))?.after(vec![words(lead)]))
            }
            _ => {
                let owner = if owner == "each" { "each of them" } else { owner.as_str() };
                Ok(self.say(inner, false, scope)?.after(vec![words(format!("{lead}for {owner} "))]))
            }
        }
    }

    fn test(&self, test: &Test, negated: bool, scope: Scope<'_>) -> Result<Statement, askama::Error> {
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
        let placeholder = matches!(test.field, Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType);
        let not = match (negated, placeholder) {
            (false, false) => "",
            (false, true) => "the placeholder ",
            (true, false) => "not ",
            (true, true) => "not the placeholder ",
        };
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
            Condition::OneOf(scalars) if scalars.len() > self.most => {
                lead.push(words(if negated { " is neither " } else { " is " }));
                lead.push(value(&scalars[0]));
                let others = scalars.len() - 1;
                let other = if test.field.is_media_type() { "other types" } else { "others" };
                lead.push(words(format!(" {} one of {others} {other}", if negated { "nor" } else { "or" })));
            }
            Condition::OneOf(scalars) if scalars.len() > 2 => {
                lead.push(words(format!(" is {not}one of these:")));
                let parts =
                    scalars.iter().map(|scalar| Statement { lead: vec![value(scalar)], parts: Vec::new() }.html());
                return Ok(Statement { lead, parts: parts.collect::<Result<_, _>>()? });
            }
            Condition::OneOf(scalars) => {
                let the = if placeholder { "the placeholder " } else { "" };
                lead.push(words(if negated { format!(" is neither {the}") } else { format!(" is {the}") }));
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

/// A group of one part is that part.
fn only(predicate: &Predicate) -> &Predicate {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) if parts.len() == 1 => only(&parts[0]),
        other => other,
    }
}

/// The value that a test looks at, as the subject of a sentence.
fn subject(test: &Test, scope: Scope<'_>) -> Vec<Piece> {
    let mut lead = match (test.field, scope) {
        (Field::MediaType, Scope::Document) => vec![words("the document's own "), code("mediaType")],
        (Field::MediaType, Scope::Member) => vec![words("its media type")],
        (Field::ArtifactType | Field::Annotations, Scope::Member) => vec![words("its ")],
        (Field::Annotations, _) => vec![words("the ")],
        _ => Vec::new(),
    };
    if lead.len() < 2 && !(test.field == Field::MediaType && scope == Scope::Member) {
        lead.extend(noun(test, scope));
    }
    if let Scope::Of(owner) = scope {
        lead.push(words(format!(" of {owner}")));
    }
    lead
}

/// The value that a test looks at, without what it is of where that is clear.
fn noun(test: &Test, scope: Scope<'_>) -> Vec<Piece> {
    let key = || code(test.key.as_deref().unwrap_or_default());
    let the = if matches!(scope, Scope::Of(_)) { "the" } else { "its" };
    match test.field {
        Field::Shape => vec![words("the document")],
        Field::MediaType => vec![words("the media type")],
        Field::ArtifactType => vec![code("artifactType")],
        Field::Size => vec![words(format!("{the} size in bytes"))],
        Field::Digest => vec![words(format!("{the} digest"))],
        Field::Annotations => vec![words("annotation "), key()],
        Field::ConfigMediaType => vec![words("the media type of the config")],
        Field::PlaceholderArtifactType => vec![code("artifactType")],
        Field::PlaceholderConfigMediaType => vec![words("the media type of the config")],
        Field::ConfigSize => vec![words("the size of the config in bytes")],
        Field::ConfigDigest => vec![words("the digest of the config")],
        Field::ConfigAnnotations => vec![words("the annotation "), key(), words(" of the config's descriptor")],
        Field::Subject => vec![words("the media type of the subject")],
        Field::LayersCount => vec![words("the number of layers")],
        Field::ManifestsCount => vec![words("the number of children")],
        Field::PlatformOs => vec![words(format!("the operating system in {the} platform"))],
        Field::PlatformArchitecture => vec![words(format!("the architecture in {the} platform"))],
        Field::PlatformOsFeatures => {
            vec![words("one of the "), code("os.features"), words(format!(" in {the} platform"))]
        }
        Field::ContextTag => vec![words("the tag")],
        Field::ContextConfig => config_value(test.key.as_deref().unwrap_or_default()),
        Field::ContextParentArtifactType => {
            vec![code("artifactType"), words(" of its descriptor in the parent index")]
        }
        Field::ContextParentAnnotations => {
            vec![words("the annotation "), key(), words(" of its descriptor in the parent index")]
        }
        Field::ContextParentPlatformOs => vec![words("the operating system that the parent index gives for it")],
    }
}

/// A value of the config blob; images keep labels there, which everybody knows by that name.
fn config_value(pointer: &str) -> Vec<Piece> {
    let label = pointer.strip_prefix("/config/Labels/").filter(|name| !name.contains('/'));
    match label {
        Some(name) => vec![words("in the config blob, the label "), code(name.replace("~1", "/").replace("~0", "~"))],
        None => vec![words("in the config blob, the value at "), code(pointer)],
    }
}

fn present_or_absent(test: &Test, scope: Scope<'_>, present: bool) -> Statement {
    let lead = match (test.field, scope, present) {
        (Field::Annotations | Field::ArtifactType | Field::MediaType, Scope::Of(owner), _) => {
            let mut lead = vec![words(format!("{owner} {} ", if present { "has" } else { "lacks" }))];
            let article = match (test.field, present) {
                (Field::Annotations, _) => "the ",
                (Field::ArtifactType, true) => "an ",
                (Field::MediaType, true) => "a media type",
                (Field::MediaType, false) => "media type",
                _ => "",
            };
            lead.push(words(article));
            if test.field != Field::MediaType {
                lead.extend(noun(test, scope));
            }
            lead
        }
        (Field::PlatformOs, Scope::Of(owner), _) => {
            let has = if present { "names" } else { "does not name" };
            vec![words(format!("the platform of {owner} {has} an operating system"))]
        }
        (Field::PlatformOs, _, true) => vec![words("its platform names an operating system")],
        (Field::PlatformOs, _, false) => vec![words("no platform names its operating system")],
        (Field::Subject, _, true) => vec![words("there is a "), code("subject")],
        (Field::Subject, _, false) => vec![words("there is no "), code("subject")],
        (Field::PlaceholderArtifactType, _, true) => {
            vec![code("artifactType"), words(" is a placeholder that says nothing")]
        }
        (Field::PlaceholderArtifactType, _, false) => vec![code("artifactType"), words(" is no placeholder")],
        (Field::PlaceholderConfigMediaType, _, true) => vec![words("the media type of the config says nothing")],
        (Field::PlaceholderConfigMediaType, _, false) => {
            vec![words("the media type of the config is no placeholder")]
        }
        (Field::PlatformOsFeatures, Scope::Of(owner), _) => {
            let has = if present { "has" } else { "has no" };
            vec![words(format!("the platform of {owner} {has} ")), code("os.features")]
        }
        (Field::PlatformOsFeatures, _, true) => vec![words("its platform has "), code("os.features")],
        (Field::PlatformOsFeatures, _, false) => vec![words("its platform has no "), code("os.features")],
        (Field::ContextParentPlatformOs, _, true) => vec![words("the parent index gives a platform for it")],
        (Field::ContextParentPlatformOs, _, false) => vec![words("the parent index gives no platform for it")],
        (_, _, present) => {
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
            "the media type of each layer, if there are any, is `a/b`"
        );
        assert_eq!(
            say(
                r#"{"all":[{"manifests":"first","match":{"field":"platform.os","present":true}},{"not":{"layers":"any","match":{"field":"mediaType","prefix":"a/"}}}]}"#
            ),
            "all of these hold:<ul><li>the platform of the first child descriptor names an operating system</li><li>the media type of no layer begins with `a/`</li></ul>"
        );
    }

    #[test]
    fn members_of_lists() {
        let layers = |quantifier: &str, part: &str| say(&format!(r#"{{"layers":"{quantifier}","match":{part}}}"#));
        let (is, has) =
            (r#"{"field":"mediaType","equals":"a/b"}"#, r#"{"field":"annotations","key":"k","present":true}"#);
        assert_eq!(layers("any", is), "the media type of at least one layer is `a/b`");
        assert_eq!(layers("all", is), "there are layers, and the media type of each is `a/b`");
        assert_eq!(layers("any", has), "at least one layer has the annotation `k`");
        assert_eq!(layers("any", &format!(r#"{{"not":{has}}}"#)), "at least one layer lacks the annotation `k`");
        assert_eq!(
            layers("all", &format!(r#"{{"all":[{is},{has}]}}"#)),
            "there are layers, and for each of them all of these hold:<ul><li>its media type is `a/b`</li><li>its annotation `k` is present</li></ul>"
        );
        assert_eq!(say(&format!(r#"{{"not":{{"layers":"any","match":{has}}}}}"#)), "no layer has the annotation `k`");
        assert_eq!(
            say(&format!(r#"{{"not":{{"layers":"all","match":{is}}}}}"#)),
            "there is no layer, or for at least one this does not hold: its media type is `a/b`"
        );
        assert_eq!(
            say(r#"{"children":"any","match":{"field":"config.mediaType","equals":"a/b"}}"#),
            "the media type of the config of at least one child manifest is `a/b`"
        );
        assert_eq!(
            say(r#"{"manifests":"any","match":{"field":"artifactType","present":true}}"#),
            "at least one child descriptor has an `artifactType`"
        );
        assert_eq!(
            say(r#"{"manifests":"any","match":{"field":"platform.os","equals":"wasi"}}"#),
            "the operating system in the platform of at least one child descriptor is `wasi`"
        );
    }

    #[test]
    fn placeholders_and_labels() {
        assert_eq!(
            say(r#"{"field":"placeholder.artifactType","equals":"a/b"}"#),
            "`artifactType` is the placeholder `a/b`"
        );
        assert_eq!(
            say(r#"{"not":{"field":"placeholder.config.mediaType","oneOf":["a/b","a/c"]}}"#),
            "the media type of the config is neither the placeholder `a/b` nor `a/c`"
        );
        assert_eq!(
            say(r#"{"field":"context.config","key":"/config/Labels/io.example~1x","present":true}"#),
            "in the config blob, the label `io.example/x` is present"
        );
        assert_eq!(say(r#"{"field":"context.tag","prefix":"v"}"#), "the tag begins with `v`");
        assert_eq!(
            say(r#"{"field":"context.parent.platform.os","present":false}"#),
            "the parent index gives no platform for it"
        );
    }

    #[test]
    fn of_many_values_the_first_is_enough_for_a_brief_statement() {
        let many = r#"{"field":"config.mediaType","oneOf":["a/b","a/c","a/d","a/e"]}"#;
        let parsed: Predicate = serde_json::from_str(many).unwrap();
        let brief = briefly(&parsed, "", &Lookup::default()).unwrap().to_string();
        assert_eq!(brief, "the media type of the config is <code>a/b</code> or one of 3 other types");
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

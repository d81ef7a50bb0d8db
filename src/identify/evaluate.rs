//! What a predicate means: the one definition that the engine, the linter and the vectors rest on.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::facts::{Descriptor, Facts};
use crate::catalog::predicate::{Condition, Each, Field, List, Predicate, Quantifier, Scalar, Test};
use crate::source::Pointer;

/// What the caller has besides the document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The tag that led to the document.
    pub tag: Option<&'a str>,
    /// The config blob.
    pub config: Option<&'a serde_json::Value>,
    /// The descriptor that the parent index holds.
    pub parent: Option<&'a Descriptor<'a>>,
    /// The documents of an index's children.
    pub children: &'a [Facts<'a>],
    /// Take tests of what the context lacks for true: what could hold, rather than what does.
    pub hopeful: bool,
}

impl Context<'_> {
    /// Whether the caller has nothing but the document.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tag.is_none() && self.config.is_none() && self.parent.is_none() && self.children.is_empty()
    }
}

/// A value that supports an answer, and where it stands. Values of the context have no pointer into the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// Where it stands; of the context, the field's name.
    pub pointer: Pointer,
    /// The value; `None` for something that is there and has no text.
    pub value: Option<Cow<'a, str>>,
}

/// Evidence as it is found, in which a value of a list stands once.
#[derive(Debug, Default)]
struct Collected<'a> {
    /// What was found, in order.
    evidence: Vec<Evidence<'a>>,
    /// Where it stands, once there is too much of it to look through.
    places: BTreeSet<Pointer>,
}

impl<'a> Collected<'a> {
    /// So much is looked through; a list of descriptors may be long.
    const FEW: usize = 32;

    fn push_once(&mut self, found: Evidence<'a>) {
        let new = if self.evidence.len() < Self::FEW {
            !self.evidence.contains(&found)
        } else {
            if self.places.is_empty() {
                self.places.extend(self.evidence.iter().map(|known| known.pointer.clone()));
            }
            self.places.insert(found.pointer.clone())
        };
        if new {
            self.evidence.push(found);
        }
    }
}

/// Whether a document satisfies a predicate.
#[must_use]
pub fn holds(predicate: &Predicate, facts: &Facts<'_>, context: &Context<'_>) -> bool {
    match predicate {
        Predicate::All(parts) => parts.iter().all(|part| holds(part, facts, context)),
        Predicate::Any(parts) => parts.iter().any(|part| holds(part, facts, context)),
        Predicate::Not(part) => !holds(part, facts, context),
        Predicate::Test(test) => document_test(test, facts, context),
        Predicate::Each(Each { list: List::Children, quantifier, predicate }) => {
            if context.hopeful && context.children.is_empty() {
                return true;
            }
            quantified(*quantifier, context.children.iter(), |child| holds(predicate, child, &Context::default()))
        }
        Predicate::Each(each) => {
            let members = if each.list == List::Layers { &facts.layers } else { &facts.manifests };
            // Runs of equal media types are the rule: each is judged once.
            let alike = members.len() > 1 && media_type_alone(&each.predicate);
            let mut last: Option<(&Descriptor<'_>, bool)> = None;
            quantified(each.quantifier, members.iter(), |member| match last {
                Some((before, verdict)) if alike && before.media_type == member.media_type => verdict,
                _ => last.insert((member, descriptor_holds(&each.predicate, member))).1,
            })
        }
    }
}

/// Whether a predicate of a descriptor looks at nothing but its media type.
fn media_type_alone(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().all(media_type_alone),
        Predicate::Not(part) => media_type_alone(part),
        Predicate::Test(test) => test.field == Field::MediaType,
        Predicate::Each(_) => false,
    }
}

fn quantified<T>(
    quantifier: Quantifier,
    mut members: impl ExactSizeIterator<Item = T>,
    mut test: impl FnMut(T) -> bool,
) -> bool {
    match quantifier {
        Quantifier::Any => members.any(test),
        Quantifier::All => members.len() > 0 && members.all(test),
        Quantifier::First => members.next().is_some_and(&mut test),
    }
}

fn descriptor_holds(predicate: &Predicate, descriptor: &Descriptor<'_>) -> bool {
    match predicate {
        Predicate::All(parts) => parts.iter().all(|part| descriptor_holds(part, descriptor)),
        Predicate::Any(parts) => parts.iter().any(|part| descriptor_holds(part, descriptor)),
        Predicate::Not(part) => !descriptor_holds(part, descriptor),
        Predicate::Test(test) => descriptor_test(test, descriptor),
        Predicate::Each(_) => false,
    }
}

fn document_test(test: &Test, facts: &Facts<'_>, context: &Context<'_>) -> bool {
    let condition = &test.condition;
    let key = test.key.as_deref().unwrap_or_default();
    let config = facts.config.as_ref();
    match test.field {
        Field::Shape => text(condition, facts.shape.map(super::super::catalog::model::Shape::name)),
        Field::MediaType => text(condition, facts.media_type.as_deref()),
        Field::ArtifactType => text(condition, facts.artifact_type.as_deref()),
        Field::PlaceholderArtifactType => text(condition, facts.placeholder_artifact_type.as_deref()),
        Field::ConfigMediaType => text(
            condition,
            config.filter(|_| !facts.config_says_nothing).and_then(|config| config.media_type.as_deref()),
        ),
        Field::PlaceholderConfigMediaType => text(
            condition,
            config.filter(|_| facts.config_says_nothing).and_then(|config| config.media_type.as_deref()),
        ),
        Field::ConfigSize => number(condition, config.and_then(|config| config.size)),
        Field::ConfigDigest => text(condition, config.and_then(|config| config.digest.as_deref())),
        Field::ConfigAnnotations => text(condition, config.and_then(|config| annotation(&config.annotations, key))),
        Field::Annotations => text(condition, annotation(&facts.annotations, key)),
        Field::Subject => match &facts.subject {
            Some(subject) => text(condition, Some(subject.media_type.as_deref().unwrap_or_default())),
            None => text(condition, None),
        },
        Field::LayersCount => number(condition, Some(facts.layers.len() as u64)),
        Field::ManifestsCount => number(condition, Some(facts.manifests.len() as u64)),
        Field::ContextTag => context.hopeful && context.tag.is_none() || text(condition, context.tag),
        Field::ContextConfig => match context.config {
            None => context.hopeful,
            Some(blob) => text(condition, blob.pointer(key).map(config_text).as_deref()),
        },
        Field::ContextParentArtifactType | Field::ContextParentAnnotations | Field::ContextParentPlatformOs => {
            let Some(parent) = context.parent else { return context.hopeful };
            match test.field {
                Field::ContextParentArtifactType => text(condition, parent.artifact_type.as_deref()),
                Field::ContextParentAnnotations => text(condition, annotation(&parent.annotations, key)),
                _ => {
                    text(condition, parent.platform.as_ref().map(|platform| platform.os.as_deref().unwrap_or_default()))
                }
            }
        }
        Field::Size | Field::Digest | Field::PlatformOs | Field::PlatformArchitecture | Field::PlatformOsFeatures => {
            false
        }
    }
}

fn descriptor_test(test: &Test, descriptor: &Descriptor<'_>) -> bool {
    let condition = &test.condition;
    let platform = descriptor.platform.as_ref();
    match test.field {
        Field::MediaType => text(condition, descriptor.media_type.as_deref()),
        Field::ArtifactType => text(condition, descriptor.artifact_type.as_deref()),
        Field::Digest => text(condition, descriptor.digest.as_deref()),
        Field::Size => number(condition, descriptor.size),
        Field::Annotations => {
            text(condition, annotation(&descriptor.annotations, test.key.as_deref().unwrap_or_default()))
        }
        Field::PlatformOs => text(condition, platform.and_then(|platform| platform.os.as_deref())),
        Field::PlatformArchitecture => text(condition, platform.and_then(|platform| platform.architecture.as_deref())),
        Field::PlatformOsFeatures => {
            let features = platform.map(|platform| platform.features.as_slice()).unwrap_or_default();
            match condition {
                Condition::Present(present) => features.is_empty() != *present,
                condition => features.iter().any(|feature| text(condition, Some(feature))),
            }
        }
        _ => false,
    }
}

fn annotation<'a>(annotations: &'a [(Cow<'_, str>, Cow<'_, str>)], key: &str) -> Option<&'a str> {
    annotations.iter().find(|(name, _)| name == key).map(|(_, value)| &**value)
}

/// A value of the config blob as text: strings as they are, other values as JSON.
fn config_text(value: &serde_json::Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

fn text(condition: &Condition, value: Option<&str>) -> bool {
    let is = |scalar: &Scalar, value: &str| matches!(scalar, Scalar::Text(text) if text == value);
    match (condition, value) {
        (Condition::Present(present), value) => value.is_some() == *present,
        (_, None) => false,
        (Condition::Equals(scalar), Some(value)) => is(scalar, value),
        (Condition::OneOf(scalars), Some(value)) => scalars.iter().any(|scalar| is(scalar, value)),
        (Condition::Prefix(prefix), Some(value)) => value.starts_with(prefix.as_str()),
    }
}

fn number(condition: &Condition, value: Option<u64>) -> bool {
    let is = |scalar: &Scalar| matches!((scalar, value), (Scalar::Number(a), Some(b)) if *a == b);
    match condition {
        Condition::Present(present) => value.is_some() == *present,
        Condition::Equals(scalar) => is(scalar),
        Condition::OneOf(scalars) => scalars.iter().any(is),
        Condition::Prefix(_) => false,
    }
}

/// The values by which a document satisfies a predicate that it satisfies, in the order of the predicate.
#[must_use]
pub fn evidence<'a>(predicate: &Predicate, facts: &'a Facts<'_>, context: &'a Context<'_>) -> Vec<Evidence<'a>> {
    let mut found = Collected::default();
    collect(predicate, facts, context, &mut found);
    found.evidence
}

fn collect<'a>(predicate: &Predicate, facts: &'a Facts<'_>, context: &'a Context<'_>, into: &mut Collected<'a>) {
    match predicate {
        Predicate::All(parts) => parts.iter().for_each(|part| collect(part, facts, context, into)),
        Predicate::Any(parts) => {
            if let Some(part) = parts.iter().find(|part| holds(part, facts, context)) {
                collect(part, facts, context, into);
            }
        }
        // What is absent has no place.
        Predicate::Not(_) => {}
        Predicate::Test(test) => into.evidence.extend(document_evidence(test, facts, context)),
        Predicate::Each(Each { list: List::Children, .. }) => {
            into.evidence.push(Evidence { pointer: Pointer::parse("children"), value: None });
        }
        Predicate::Each(each) => {
            let (name, members) = match each.list {
                List::Layers => (facts.layers_name, &facts.layers),
                _ => ("manifests", &facts.manifests),
            };
            let list = Pointer::root().key(name);
            for (index, member) in members.iter().enumerate() {
                if descriptor_holds(&each.predicate, member) {
                    descriptor_evidence(&each.predicate, member, &list.index(index), into);
                    if each.quantifier != Quantifier::All {
                        return;
                    }
                }
            }
        }
    }
}

fn descriptor_evidence<'a>(
    predicate: &Predicate,
    descriptor: &'a Descriptor<'_>,
    at: &Pointer,
    into: &mut Collected<'a>,
) {
    match predicate {
        Predicate::All(parts) => parts.iter().for_each(|part| descriptor_evidence(part, descriptor, at, into)),
        Predicate::Any(parts) => {
            if let Some(part) = parts.iter().find(|part| descriptor_holds(part, descriptor)) {
                descriptor_evidence(part, descriptor, at, into);
            }
        }
        Predicate::Not(_) | Predicate::Each(_) => {}
        Predicate::Test(test) => {
            if matches!(test.condition, Condition::Present(false)) {
                return;
            }
            let key = test.key.as_deref().unwrap_or_default();
            let platform = descriptor.platform.as_ref();
            let (pointer, value) = match test.field {
                Field::MediaType => (at.key("mediaType"), descriptor.media_type.as_deref()),
                Field::ArtifactType => (at.key("artifactType"), descriptor.artifact_type.as_deref()),
                Field::Digest => (at.key("digest"), descriptor.digest.as_deref()),
                Field::Annotations => (at.key("annotations").key(key), annotation(&descriptor.annotations, key)),
                Field::PlatformOs => (at.key("platform").key("os"), platform.and_then(|p| p.os.as_deref())),
                Field::PlatformArchitecture => {
                    (at.key("platform").key("architecture"), platform.and_then(|p| p.architecture.as_deref()))
                }
                Field::PlatformOsFeatures => (at.key("platform").key("os.features"), None),
                _ => (at.key("size"), None),
            };
            let value = match test.field {
                Field::Size => descriptor.size.map(|size| Cow::Owned(size.to_string())),
                _ => value.map(Cow::Borrowed),
            };
            into.push_once(Evidence { pointer, value });
        }
    }
}

fn document_evidence<'a>(test: &Test, facts: &'a Facts<'_>, context: &'a Context<'_>) -> Option<Evidence<'a>> {
    if matches!(test.condition, Condition::Present(false)) {
        return None;
    }
    let key = test.key.as_deref().unwrap_or_default();
    let config = facts.config.as_ref();
    let root = Pointer::root();
    let borrowed =
        |pointer: Pointer, value: Option<&'a str>| Some(Evidence { pointer, value: value.map(Cow::Borrowed) });
    let counted = |name: &str, value: u64| {
        Some(Evidence { pointer: Pointer::root().key(name), value: Some(Cow::Owned(value.to_string())) })
    };
    let context_value = |value: Option<Cow<'a, str>>| {
        let name = if key.is_empty() { test.field.name().to_owned() } else { format!("{} {key}", test.field.name()) };
        Some(Evidence { pointer: Pointer::parse(&name), value })
    };
    match test.field {
        Field::Shape => borrowed(root, facts.shape.map(super::super::catalog::model::Shape::name)),
        Field::MediaType => borrowed(Pointer::fixed("/mediaType"), facts.media_type.as_deref()),
        Field::ArtifactType => borrowed(Pointer::fixed("/artifactType"), facts.artifact_type.as_deref()),
        Field::PlaceholderArtifactType => {
            borrowed(Pointer::fixed("/artifactType"), facts.placeholder_artifact_type.as_deref())
        }
        Field::ConfigMediaType | Field::PlaceholderConfigMediaType => {
            borrowed(Pointer::fixed("/config/mediaType"), config.and_then(|config| config.media_type.as_deref()))
        }
        Field::ConfigDigest => {
            borrowed(Pointer::fixed("/config/digest"), config.and_then(|config| config.digest.as_deref()))
        }
        Field::ConfigSize => Some(Evidence {
            pointer: Pointer::fixed("/config/size"),
            value: config.and_then(|config| config.size).map(|size| Cow::Owned(size.to_string())),
        }),
        Field::ConfigAnnotations => borrowed(
            Pointer::fixed("/config/annotations").key(key),
            config.and_then(|config| annotation(&config.annotations, key)),
        ),
        Field::Annotations => borrowed(Pointer::fixed("/annotations").key(key), annotation(&facts.annotations, key)),
        Field::Subject => borrowed(
            Pointer::fixed("/subject"),
            facts.subject.as_ref().and_then(|subject| subject.media_type.as_deref()),
        ),
        Field::LayersCount => counted(facts.layers_name, facts.layers.len() as u64),
        Field::ManifestsCount => counted("manifests", facts.manifests.len() as u64),
        Field::ContextTag => context_value(context.tag.map(Cow::Borrowed)),
        Field::ContextConfig => context_value(context.config.and_then(|blob| blob.pointer(key)).map(config_text)),
        Field::ContextParentArtifactType => {
            context_value(context.parent.and_then(|parent| parent.artifact_type.as_deref()).map(Cow::Borrowed))
        }
        Field::ContextParentAnnotations => {
            context_value(context.parent.and_then(|parent| annotation(&parent.annotations, key)).map(Cow::Borrowed))
        }
        Field::ContextParentPlatformOs => context_value(
            context.parent.and_then(|parent| parent.platform.as_ref()).and_then(|p| p.os.as_deref()).map(Cow::Borrowed),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_a_long_list_is_evidence_once() {
        let layers = vec![r#"{"mediaType":"application/vnd.a"}"#; 500].join(",");
        let text = format!(r#"{{"config":{{}},"layers":[{layers}]}}"#);
        let facts = Facts::read(&text).unwrap();
        let all = r#"{"layers":"all","match":{"field":"mediaType","equals":"application/vnd.a"}}"#;
        let predicate: Predicate = serde_json::from_str(&format!(r#"{{"all":[{all},{all}]}}"#)).unwrap();
        let context = Context::default();
        let found = evidence(&predicate, &facts, &context);
        let expected = (0..500).map(|at| format!("/layers/{at}/mediaType"));
        assert!(found.iter().map(|one| one.pointer.as_str()).eq(expected), "{}", found.len());
    }
}

//! A smallest document that satisfies predicates: the proof that two rules overlap, or that a rule can match at all.
//!
//! Documents are built from what the predicates demand and then held against them, so a witness is always one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::evaluate::{Context, holds};
use super::facts::Facts;
use crate::catalog::model::Shape;
use crate::catalog::predicate::{Condition, Each, Field, List, Predicate, Quantifier, Scalar, Test};
use crate::oci::well_known as known;

/// Most documents that are tried.
const LIMIT: usize = 256;
/// A digest for descriptors whose content does not matter: that of the empty object.
const DIGEST: &str = known::EMPTY_DIGEST;

/// A document under construction.
#[derive(Debug, Clone, Default, PartialEq)]
struct Draft {
    /// Values of single-valued fields; an absent value that must stay absent is `None`.
    values: BTreeMap<(Field, String), Option<Scalar>>,
    layers: Vec<BTreeMap<(Field, String), Option<Scalar>>>,
    manifests: Vec<BTreeMap<(Field, String), Option<Scalar>>>,
}

/// A smallest document found that satisfies all predicates, taking context for granted; `None` when none was found.
#[must_use]
pub fn witness(predicates: &[&Predicate]) -> Option<Value> {
    let mut drafts = vec![Draft::default()];
    for predicate in predicates {
        drafts = extend(drafts, predicate);
    }
    let context = Context { hopeful: true, ..Context::default() };
    let mut smallest: Option<(usize, Value)> = None;
    for document in drafts.iter().flat_map(documents) {
        let text = document.to_string();
        // What is not smaller need not be looked at.
        if smallest.as_ref().is_some_and(|(length, _)| text.len() >= *length) {
            continue;
        }
        let satisfies = |facts: Facts<'_>| predicates.iter().all(|predicate| holds(predicate, &facts, &context));
        if Facts::read(&text).is_ok_and(satisfies) {
            smallest = Some((text.len(), document));
        }
    }
    smallest.map(|(_, document)| document)
}

fn extend(drafts: Vec<Draft>, predicate: &Predicate) -> Vec<Draft> {
    let mut extended: Vec<Draft> = match predicate {
        Predicate::All(parts) => {
            // Values first, lists second, so that lists see what is fixed.
            let lists = |part: &&Predicate| matches!(part, Predicate::Each(_));
            let (last, first): (Vec<_>, Vec<_>) = parts.iter().partition(lists);
            first.into_iter().chain(last).fold(drafts, extend)
        }
        Predicate::Any(parts) => parts.iter().flat_map(|part| extend(drafts.clone(), part)).collect(),
        Predicate::Not(inner) => match &**inner {
            Predicate::Not(double) => extend(drafts, double),
            Predicate::Test(Test { field, key, condition: Condition::Present(present) }) => {
                let test = Test { field: *field, key: key.clone(), condition: Condition::Present(!present) };
                extend(drafts, &Predicate::Test(test))
            }
            // Whatever is not demanded stays absent; the final check decides.
            _ => drafts,
        },
        Predicate::Test(test) if test.field.needs().is_some() => drafts,
        Predicate::Test(test) => drafts
            .into_iter()
            .flat_map(|draft| set(&draft.values, test).into_iter().map(move |values| Draft { values, ..draft.clone() }))
            .collect(),
        Predicate::Each(Each { list: List::Children, .. }) => drafts,
        Predicate::Each(each) => drafts.into_iter().flat_map(|draft| extend_list(&draft, each)).collect(),
    };
    extended.dedup();
    extended.truncate(LIMIT);
    extended
}

fn extend_list(draft: &Draft, each: &Each) -> Vec<Draft> {
    let members = if each.list == List::Layers { &draft.layers } else { &draft.manifests };
    let with = |members: Vec<_>| match each.list {
        List::Layers => Draft { layers: members, ..draft.clone() },
        _ => Draft { manifests: members, ..draft.clone() },
    };
    let mut found = Vec::new();
    match each.quantifier {
        Quantifier::All if !members.is_empty() => {
            let mut lists = vec![Vec::new()];
            for member in members {
                let choices = extend_member(vec![member.clone()], &each.predicate);
                lists = lists
                    .into_iter()
                    .flat_map(|list: Vec<_>| {
                        choices.iter().map(move |choice| list.iter().cloned().chain([choice.clone()]).collect())
                    })
                    .take(LIMIT)
                    .collect();
            }
            found.extend(lists.into_iter().map(with));
        }
        quantifier => {
            let reach = if quantifier == Quantifier::First { 1 } else { members.len() };
            for (at, member) in members.iter().enumerate().take(reach) {
                for choice in extend_member(vec![member.clone()], &each.predicate) {
                    let mut members = members.clone();
                    members[at] = choice;
                    found.push(with(members));
                }
            }
            if quantifier != Quantifier::First || members.is_empty() {
                for choice in extend_member(vec![BTreeMap::new()], &each.predicate) {
                    found.push(with(members.iter().cloned().chain([choice]).collect()));
                }
            }
        }
    }
    found
}

type Values = BTreeMap<(Field, String), Option<Scalar>>;

fn extend_member(members: Vec<Values>, predicate: &Predicate) -> Vec<Values> {
    let mut extended: Vec<Values> = match predicate {
        Predicate::All(parts) => parts.iter().fold(members, extend_member),
        Predicate::Any(parts) => parts.iter().flat_map(|part| extend_member(members.clone(), part)).collect(),
        Predicate::Test(test) => members.iter().flat_map(|member| set(member, test)).collect(),
        Predicate::Not(_) | Predicate::Each(_) => members,
    };
    extended.truncate(16);
    extended
}

/// The ways in which values can satisfy a test besides what is fixed already.
fn set(values: &Values, test: &Test) -> Vec<Values> {
    let slot = (test.field, test.key.clone().unwrap_or_default());
    let fixed = values.get(&slot);
    let with = |value: Option<Scalar>| {
        let mut values = values.clone();
        values.insert(slot.clone(), value);
        values
    };
    let text_begins = |scalar: &Scalar, prefix: &str| matches!(scalar, Scalar::Text(text) if text.starts_with(prefix));
    match (&test.condition, fixed) {
        (Condition::Present(false), None | Some(None)) => vec![with(None)],
        (Condition::Present(false), Some(Some(_))) | (_, Some(None)) => Vec::new(),
        (Condition::Present(true), Some(Some(_))) => vec![values.clone()],
        (Condition::Present(true), None) => vec![with(Some(sample(test.field)))],
        (Condition::Equals(value), None) => vec![with(Some(value.clone()))],
        (Condition::OneOf(options), None) => options.iter().take(8).map(|value| with(Some(value.clone()))).collect(),
        (Condition::Prefix(prefix), None) => vec![with(Some(Scalar::Text(prefix.clone())))],
        (Condition::Equals(value), Some(Some(there))) => {
            // A prefix that was only a beginning may grow into the value.
            if there == value || text_begins(value, text_of(there)) {
                vec![with(Some(value.clone()))]
            } else {
                Vec::new()
            }
        }
        (Condition::OneOf(options), Some(Some(there))) => {
            if options.contains(there) {
                vec![values.clone()]
            } else {
                Vec::new()
            }
        }
        (Condition::Prefix(prefix), Some(Some(there))) => {
            if text_begins(there, prefix) {
                vec![values.clone()]
            } else if prefix.starts_with(text_of(there)) {
                vec![with(Some(Scalar::Text(prefix.clone())))]
            } else {
                Vec::new()
            }
        }
    }
}

fn text_of(scalar: &Scalar) -> &str {
    match scalar {
        Scalar::Text(text) => text,
        Scalar::Number(_) => "\0",
    }
}

fn sample(field: Field) -> Scalar {
    match field {
        Field::Shape => Scalar::Text(Shape::OciManifest.name().to_owned()),
        Field::PlatformOs => Scalar::Text("linux".to_owned()),
        Field::PlatformArchitecture => Scalar::Text("amd64".to_owned()),
        Field::Subject | Field::MediaType => Scalar::Text(known::OCI_MANIFEST.to_owned()),
        Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType => {
            Scalar::Text(known::PLACEHOLDERS[0].to_owned())
        }
        field if field.is_number() => Scalar::Number(1),
        _ => Scalar::Text("example".to_owned()),
    }
}

/// The documents that a draft may become: in the shape that it demands, or in each that it may have.
fn documents(draft: &Draft) -> Vec<Value> {
    let has = |field: Field| draft.values.get(&(field, String::new())).and_then(|value| value.as_ref());
    let demanded = has(Field::Shape);
    let config = [Field::ConfigMediaType, Field::PlaceholderConfigMediaType, Field::ConfigDigest, Field::ConfigSize];
    let needs_config = config.into_iter().any(|field| has(field).is_some());
    let possible = |shape: &Shape| match shape {
        Shape::OciManifest | Shape::DockerManifest => draft.manifests.is_empty(),
        Shape::OciIndex | Shape::DockerManifestList => draft.layers.is_empty() && !needs_config,
        Shape::DockerSchema1 => draft.layers.is_empty() && draft.manifests.is_empty() && !needs_config,
        Shape::OciArtifactManifest | Shape::OrasArtifactManifest => draft.manifests.is_empty() && !needs_config,
    };
    Shape::ALL
        .into_iter()
        .filter(|shape| demanded.is_none_or(|demanded| text_of(demanded) == shape.name()) && possible(shape))
        .map(|shape| document(draft, shape))
        .collect()
}

fn document(draft: &Draft, shape: Shape) -> Value {
    let value = |field: Field| draft.values.get(&(field, String::new())).cloned().flatten();
    let mut root = Map::new();
    root.insert("schemaVersion".into(), json!(if shape == Shape::DockerSchema1 { 1 } else { 2 }));
    let media_type = match shape {
        Shape::DockerManifest => Some(known::DOCKER_MANIFEST),
        Shape::DockerManifestList => Some(known::DOCKER_MANIFEST_LIST),
        Shape::OciArtifactManifest => Some(known::OCI_ARTIFACT_MANIFEST),
        Shape::OrasArtifactManifest => Some(known::ORAS_ARTIFACT_MANIFEST),
        Shape::OciManifest => Some(known::OCI_MANIFEST),
        Shape::OciIndex => Some(known::OCI_INDEX),
        Shape::DockerSchema1 => None,
    };
    if let Some(media_type) = value(Field::MediaType).map(scalar).or_else(|| media_type.map(Value::from)) {
        root.insert("mediaType".into(), media_type);
    }
    if let Some(artifact_type) = value(Field::ArtifactType).or_else(|| value(Field::PlaceholderArtifactType)) {
        root.insert("artifactType".into(), scalar(artifact_type));
    }
    let list = |members: &[Values], count: Option<Scalar>| -> Vec<Value> {
        let count = match count {
            Some(Scalar::Number(count)) => usize::try_from(count).unwrap_or(0).min(64),
            _ => members.len(),
        };
        let filler = BTreeMap::new();
        (0..count.max(members.len())).map(|at| descriptor(members.get(at).unwrap_or(&filler), shape)).collect()
    };
    match shape {
        Shape::OciManifest | Shape::DockerManifest => {
            let config_type = value(Field::ConfigMediaType).or_else(|| value(Field::PlaceholderConfigMediaType));
            let mut config = Map::new();
            config.insert("mediaType".into(), config_type.map_or_else(|| known::EMPTY.into(), scalar));
            config.insert("digest".into(), value(Field::ConfigDigest).map_or_else(|| DIGEST.into(), scalar));
            config.insert("size".into(), value(Field::ConfigSize).map_or_else(|| 2.into(), scalar));
            insert_annotations(&mut config, &draft.values, Field::ConfigAnnotations);
            root.insert("config".into(), config.into());
            root.insert("layers".into(), list(&draft.layers, value(Field::LayersCount)).into());
        }
        Shape::OciIndex | Shape::DockerManifestList => {
            root.insert("manifests".into(), list(&draft.manifests, value(Field::ManifestsCount)).into());
        }
        Shape::DockerSchema1 => {
            root.insert("fsLayers".into(), json!([]));
        }
        Shape::OciArtifactManifest | Shape::OrasArtifactManifest => {
            root.insert("blobs".into(), list(&draft.layers, value(Field::LayersCount)).into());
        }
    }
    if let Some(subject) = value(Field::Subject) {
        root.insert("subject".into(), json!({ "mediaType": scalar(subject), "digest": DIGEST, "size": 2 }));
    }
    insert_annotations(&mut root, &draft.values, Field::Annotations);
    root.into()
}

fn descriptor(values: &Values, shape: Shape) -> Value {
    let value = |field: Field| values.get(&(field, String::new())).cloned().flatten().map(scalar);
    let default = match shape {
        Shape::OciIndex | Shape::DockerManifestList => known::OCI_MANIFEST,
        _ => "application/octet-stream",
    };
    let mut descriptor = Map::new();
    descriptor.insert("mediaType".into(), value(Field::MediaType).unwrap_or_else(|| default.into()));
    descriptor.insert("digest".into(), value(Field::Digest).unwrap_or_else(|| DIGEST.into()));
    descriptor.insert("size".into(), value(Field::Size).unwrap_or_else(|| 2.into()));
    if let Some(artifact_type) = value(Field::ArtifactType) {
        descriptor.insert("artifactType".into(), artifact_type);
    }
    let (os, architecture, features) =
        (value(Field::PlatformOs), value(Field::PlatformArchitecture), value(Field::PlatformOsFeatures));
    if os.is_some() || architecture.is_some() || features.is_some() {
        let mut platform = Map::new();
        platform.insert("architecture".into(), architecture.unwrap_or_else(|| "amd64".into()));
        platform.insert("os".into(), os.unwrap_or_else(|| "linux".into()));
        if let Some(feature) = features {
            platform.insert("os.features".into(), json!([feature]));
        }
        descriptor.insert("platform".into(), platform.into());
    }
    insert_annotations(&mut descriptor, values, Field::Annotations);
    descriptor.into()
}

fn insert_annotations(into: &mut Map<String, Value>, values: &Values, field: Field) {
    let annotations: Map<String, Value> = values
        .iter()
        .filter(|((other, _), _)| *other == field)
        .filter_map(|((_, key), value)| Some((key.clone(), scalar(value.clone()?))))
        .collect();
    if !annotations.is_empty() {
        into.insert("annotations".into(), annotations.into());
    }
}

fn scalar(scalar: Scalar) -> Value {
    match scalar {
        Scalar::Text(text) => text.into(),
        Scalar::Number(number) => number.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicate(json: &str) -> Predicate {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn finds_a_document_for_both_or_none() {
        let config = predicate(r#"{"field":"config.mediaType","equals":"a/b"}"#);
        let layer = predicate(
            r#"{"layers":"any","match":{"all":[{"field":"mediaType","prefix":"c/"},{"field":"annotations","key":"k","present":true}]}}"#,
        );
        let document = witness(&[&config, &layer]).unwrap();
        assert_eq!(document["config"]["mediaType"], "a/b");
        assert_eq!(document["layers"][0]["mediaType"], "c/");
        let other = predicate(r#"{"field":"config.mediaType","equals":"a/c"}"#);
        assert_eq!(witness(&[&config, &other]), None);
        let not = predicate(
            r#"{"all":[{"field":"config.mediaType","equals":"a/b"},{"not":{"layers":"any","match":{"field":"mediaType","prefix":"c/"}}}]}"#,
        );
        assert_eq!(witness(&[&not, &layer]), None);
        let index = predicate(r#"{"manifests":"any","match":{"field":"platform.os","present":true}}"#);
        assert_eq!(witness(&[&index]).unwrap()["manifests"][0]["platform"]["os"], "linux");
    }
}

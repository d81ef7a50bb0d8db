//! The media types that an entry claims: each needs a source, a page and an element of the mapping.

use super::index::MediaTypeUse;
use super::model::{ArtifactType, Place};
use super::predicate::{Condition, Each, Field, List, Predicate, Scalar};

/// The media types of an entry's structure, rules and history, with where they stand. May name one twice.
#[must_use]
pub fn claims(entry: &ArtifactType) -> Vec<(&str, MediaTypeUse<'_>)> {
    let mut claims = Vec::new();
    let usage = |place, part| MediaTypeUse { type_id: &entry.id, place, part, former: false, successor: None };
    if let Some(structure) = &entry.structure {
        let values = structure.artifact_type.iter().flat_map(|property| &property.media_types);
        claims.extend(values.map(|value| (value.as_str(), usage(Place::ArtifactType, None))));
        let values = structure.config.iter().flat_map(|config| &config.media_types);
        claims.extend(values.map(|value| (value.as_str(), usage(Place::Config, None))));
        for layer in &structure.layers {
            let role = Some(layer.role.as_str());
            claims.extend(layer.media_types.iter().map(|value| (value.as_str(), usage(Place::Layer, role))));
        }
        for child in &structure.manifests {
            let role = Some(child.role.as_str());
            let values = child.media_types.iter().chain(&child.artifact_types);
            claims.extend(values.map(|value| (value.as_str(), usage(Place::Child, role))));
        }
    }
    let former = |value: &str| entry.former_media_types.iter().any(|former| former.media_type == value);
    for rule in entry.identify.iter().flat_map(|identify| &identify.rules) {
        positive(&rule.when, None, &mut |place, value| {
            // A rule may also name a former media type; its history says more.
            if !former(value) && !claims.iter().any(|(other, claim)| *other == value && claim.place == place) {
                claims.push((value, usage(place, None)));
            }
        });
    }
    claims.extend(entry.former_media_types.iter().map(|former| {
        let successor = former.successor.as_deref();
        let claim = MediaTypeUse { type_id: &entry.id, place: former.place, part: None, former: true, successor };
        (former.media_type.as_str(), claim)
    }));
    // A pattern such as `application/vnd.example.*` names no media type.
    claims.retain(|(value, _)| !value.ends_with('*'));
    claims
}

/// The media types by which an entry's own rules recognise it, with where they stand. May name one twice.
#[must_use]
pub fn tested(entry: &ArtifactType) -> Vec<(Place, &str)> {
    let mut found = Vec::new();
    for rule in entry.identify.iter().flat_map(|identify| &identify.rules) {
        positive(&rule.when, None, &mut |place, value| found.push((place, value)));
    }
    found
}

/// Media types that a predicate tests for, not those that it excludes.
fn positive<'a>(predicate: &'a Predicate, list: Option<List>, found: &mut impl FnMut(Place, &'a str)) {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| positive(part, list, found)),
        Predicate::Not(_) | Predicate::Each(Each { list: List::Children, .. }) => {}
        Predicate::Each(each) => positive(&each.predicate, Some(each.list), found),
        Predicate::Test(test) => {
            let place = match (list, test.field) {
                (None, Field::ArtifactType | Field::PlaceholderArtifactType) => Place::ArtifactType,
                (None, Field::ConfigMediaType | Field::PlaceholderConfigMediaType) => Place::Config,
                (Some(List::Layers), Field::MediaType) => Place::Layer,
                (Some(_), Field::MediaType | Field::ArtifactType) => Place::Child,
                (None, Field::MediaType) => Place::Manifest,
                _ => return,
            };
            let values = match &test.condition {
                Condition::Equals(value) => std::slice::from_ref(value),
                Condition::OneOf(values) => values,
                _ => return,
            };
            for value in values {
                if let Scalar::Text(text) = value {
                    found(place, text);
                }
            }
        }
    }
}

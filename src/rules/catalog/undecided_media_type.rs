//! A telling media type decides for every type that claims it.

use std::collections::BTreeMap;

use super::text_checks::quoted;
use super::{CatalogView, Pending, PendingPlace};
use crate::catalog::ArtifactType;
use crate::catalog::claims::claims;
use crate::catalog::model::{Kind, Place};
use crate::catalog::predicate::{Condition, Field, Predicate, Scalar};
use crate::finding::declare_rule;
use crate::oci::well_known::{is_generic, says_nothing};
use crate::source::Pointer;

declare_rule! {
    /// Two types claim one media type, and one of them has no rule by which it could be told.
    ///
    /// ## Why
    /// A document with the media type is always taken for the other type. `artifactType` is asked before all else, so
    /// a type whose structure has a value that only the rules of another type ask for can never be the answer for it;
    /// and a type without any rule is never the answer at all.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: optional
    ///     mediaTypes: [application/vnd.example.other.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.other.v1]
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```yaml reported types/other/type.yaml
    /// id: other
    /// title: Other thing
    /// label: Other
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.other.v1 }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.other.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.oci.empty.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.other.v1]
    ///     fact: The type.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported types/other/examples/plain.json
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "artifactType": "application/vnd.example.other.v1",
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.empty.v1+json",
    ///     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///     "size": 2
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.empty.v1+json",
    ///       "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///       "size": 2
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: optional
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.sample.v1]
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## How to fix
    /// Decide which type owns the media type. The other one gets a rule that asks for it and for what makes the type
    /// different, or does not claim it.
    pub static RULE = { id: "undecided-media-type", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let mut owners: BTreeMap<(Place, &str), Vec<usize>> = BTreeMap::new();
    for (at, entry) in
        view.entries.iter().enumerate().filter(|(_, entry)| entry.kind == Kind::Type && entry.structure.is_some())
    {
        for (media_type, claim) in claims(entry) {
            let telling = matches!(claim.place, Place::ArtifactType | Place::Config) && !claim.former;
            if telling && !is_generic(media_type) && !says_nothing(media_type) {
                let owners = owners.entry((claim.place, media_type)).or_default();
                if owners.last() != Some(&at) {
                    owners.push(at);
                }
            }
        }
    }
    for ((place, media_type), owners) in owners.iter().filter(|(_, owners)| owners.len() > 1) {
        let entry = |at: usize| view.entries.get(at);
        let decided = |at: &usize| entry(*at).is_some_and(|entry| asks(entry, *place, media_type));
        let Some(deciding) = owners.iter().find(|at| decided(at)) else { continue };
        for at in owners.iter().filter(|at| !decided(at)) {
            let (Some(own), Some(other)) = (entry(*at), entry(*deciding)) else { continue };
            if *place == Place::Config && own.identify.is_some() {
                continue;
            }
            let message =
                format!("{} always means `{}`: no rule of `{}` asks for it", quoted(media_type), other.id, own.id);
            pending.push(
                Pending::new(&RULE, PendingPlace::value(*at, claimed(own, *place, media_type)), message)
                    .help("add a rule that asks for it and for what makes this type different, or do not claim it")
                    .related(PendingPlace::key(*deciding, Pointer::root().key("identify")), "the rules that decide"),
            );
        }
    }
}

/// Whether a rule of an entry asks for a media type at a place.
fn asks(entry: &ArtifactType, place: Place, media_type: &str) -> bool {
    let field = if place == Place::ArtifactType { Field::ArtifactType } else { Field::ConfigMediaType };
    let mut found = false;
    for rule in entry.identify.iter().flat_map(|identify| &identify.rules) {
        rule.when.walk(&mut |part| {
            let Predicate::Test(test) = part else { return };
            let is = |scalar: &Scalar| matches!(scalar, Scalar::Text(value) if value == media_type);
            found |= test.field == field
                && match &test.condition {
                    Condition::Equals(scalar) => is(scalar),
                    Condition::OneOf(scalars) => scalars.iter().any(is),
                    Condition::Prefix(prefix) => media_type.starts_with(prefix.as_str()),
                    Condition::Present(present) => *present,
                };
        });
    }
    found
}

/// The place in the structure where a media type is claimed.
fn claimed(entry: &ArtifactType, place: Place, media_type: &str) -> Pointer {
    let at = Pointer::root().key("structure");
    let Some(structure) = &entry.structure else { return at };
    let (key, values) = match place {
        Place::ArtifactType => ("artifactType", structure.artifact_type.as_ref().map(|property| &property.media_types)),
        _ => ("config", structure.config.as_ref().map(|config| &config.media_types)),
    };
    let at = at.key(key).key("mediaTypes");
    match values.and_then(|values| values.iter().position(|value| value == media_type)) {
        Some(index) => at.index(index),
        None => at,
    }
}

//! Two rules that rest on the same evidence and can both match, with no order between them.

use std::collections::BTreeSet;

use super::{CatalogView, Pending, PendingPlace};
use crate::catalog::order::{comparable_pairs, implies};
use crate::catalog::predicate::{List, Predicate};
use crate::finding::declare_rule;
use crate::identify::witness::witness;

declare_rule! {
    /// Two identification rules can match the same document, and nothing orders them.
    ///
    /// ## Why
    /// The answer must not depend on chance. Rules are ordered by the strength of the evidence that they demand
    /// (`artifactType`, a config type of one's own, layers, annotations, what many share), and within one strength
    /// the rule that implies the other comes first. These two demand the same evidence, and neither implies the
    /// other.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when:
    ///         all:
    ///           - { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///           - { field: annotations, key: com.example.colour, present: true }
    /// ```
    /// ```yaml reported types/other/type.yaml
    /// id: other
    /// title: Another type
    /// label: Other
    /// identify:
    ///   rules:
    ///     - when:
    ///         all:
    ///           - { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///           - { field: annotations, key: com.example.weight, present: true }
    /// ```
    /// ```json reported types/sample/examples/plain.json
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json",
    ///     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///     "size": 2
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content",
    ///       "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000001",
    ///       "size": 1001
    ///     }
    ///   ],
    ///   "annotations": { "com.example.colour": "3" }
    /// }
    /// ```
    /// ```json reported types/other/examples/plain.json
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json",
    ///     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///     "size": 2
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content",
    ///       "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000001",
    ///       "size": 1001
    ///     }
    ///   ],
    ///   "annotations": { "com.example.weight": "3" }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when:
    ///         all:
    ///           - { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///           - { field: annotations, key: com.example.weight, present: false }
    /// ```
    /// ```yaml accepted types/other/type.yaml
    /// id: other
    /// title: Another type
    /// label: Other
    /// identify:
    ///   rules:
    ///     - when:
    ///         all:
    ///           - { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///           - { field: annotations, key: com.example.weight, present: true }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// examples:
    ///   - file: plain.json
    ///     title: The other.
    /// ```
    /// ```json accepted types/other/examples/plain.json
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json",
    ///     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///     "size": 2
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content",
    ///       "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000001",
    ///       "size": 1001
    ///     }
    ///   ],
    ///   "annotations": { "com.example.weight": "3" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Narrow one of the two: add a test to it, or exclude the other's evidence with `not` or `present: false`.
    /// Where a document truly tells both types, give them a common parent with a rule of certainty `family`.
    pub static RULE = { id: "overlapping-rules", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let rules = &view.rules.rules;
    for (a, b) in comparable_pairs(rules) {
        let (a, b) = (&rules[a], &rules[b]);
        if a.class != b.class || a.type_id == b.type_id {
            continue;
        }
        if implies(&a.when, &b.when) != implies(&b.when, &a.when) || rest_on_other_context(&a.when, &b.when) {
            continue;
        }
        let Some(document) = witness(&[&a.when, &b.when]) else { continue };
        let (Some((entry, pointer)), Some((other, other_pointer))) = (view.rule_place(&a.id), view.rule_place(&b.id))
        else {
            continue;
        };
        let pretty = serde_json::to_string(&document).unwrap_or_default();
        pending.push(
            Pending::new(
                &RULE,
                PendingPlace::key(entry, pointer.key("when")),
                format!("rule `{}` and rule `{}` can match the same document", a.id, b.id),
            )
            .help(format!("narrow one of the two, or exclude the other's evidence with `not`; both match {pretty}"))
            .related(PendingPlace::key(other, other_pointer.key("when")), "the other rule"),
        );
    }
}

/// Whether two rules both need context and look at different parts of it: like different layers, such marks are
/// independent, and a document that carries both is decided by the order of ids.
fn rest_on_other_context(a: &Predicate, b: &Predicate) -> bool {
    let marks = |predicate: &Predicate| {
        let mut marks = BTreeSet::new();
        predicate.walk(&mut |part| match part {
            Predicate::Test(test) if test.field.needs().is_some() => {
                marks.insert((test.field.name(), test.key.clone()));
            }
            Predicate::Each(each) if each.list == List::Children => {
                marks.insert(("children", None));
            }
            _ => {}
        });
        marks
    };
    let (a, b) = (marks(a), marks(b));
    !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
}

//! The lint of one document of a registry: its shape, then the structure of the type that it is.

pub mod shape_rules;
pub mod structure_rules;

use crate::catalog::ArtifactType;
use crate::finding::{Finding, Rule};
use crate::identify::facts::Facts;
use crate::identify::{Context, Identifier};
use crate::shape::{Document, json_rules};
use crate::source::ProblemKind;

/// The rules of this folder; sorted by id within each file.
pub(crate) static RULES: &[&Rule] = &[
    &shape_rules::AMBIGUOUS_MANIFEST_INDEX,
    &shape_rules::AMBIGUOUS_SCHEMA1,
    &shape_rules::JSON_KEY_CASE_COLLISION,
    &shape_rules::JSON_KEY_CASE_VARIANT,
    &shape_rules::MEDIA_TYPE_STRUCTURE_MISMATCH,
    &shape_rules::UNKNOWN_SHAPE,
    &structure_rules::FOREIGN_ARTIFACT_TYPE,
    &structure_rules::FOREIGN_CHILD,
    &structure_rules::FOREIGN_CONFIG,
    &structure_rules::FOREIGN_LAYER,
    &structure_rules::FOREIGN_SHAPE,
    &structure_rules::FORMER_MEDIA_TYPE,
    &structure_rules::MALFORMED_ANNOTATION,
    &structure_rules::MISSING_ANNOTATION,
    &structure_rules::MISSING_ARTIFACT_TYPE,
    &structure_rules::MISSING_CHILD,
    &structure_rules::MISSING_LAYER,
    &structure_rules::MISSING_SUBJECT,
    &structure_rules::SURPLUS_CHILD,
    &structure_rules::SURPLUS_LAYER,
    &structure_rules::UNEXPECTED_SUBJECT,
    &structure_rules::UNKNOWN_ARTIFACT,
    &structure_rules::WITHDRAWN_TYPE,
];

/// Rules about what is no longer written.
pub const PAST: [&str; 2] = ["former-media-type", "withdrawn-type"];

/// Lints a document that was read: the findings besides those of its text.
///
/// `entry` gives the entry of a type's id.
#[must_use]
pub fn lint<'c>(
    document: &Document,
    identifier: &Identifier,
    context: &Context<'_>,
    entry: impl Fn(&str) -> Option<&'c ArtifactType>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(tree) = &document.tree else { return findings };
    if tree.members().is_empty() && !matches!(tree.value, crate::source::Value::Object(_)) {
        let message = format!("the document is {}", tree.kind());
        let at = crate::source::Pointer::root();
        findings.push(
            document
                .finding(json_rules::of(ProblemKind::Root), &at, crate::shape::Part::Key, message)
                .help("give one manifest or index, a JSON object"),
        );
        return findings;
    }
    shape_rules::check(document, tree, &mut findings);
    let Ok(facts) = Facts::read(&document.text) else { return findings };
    let answer = identifier.identify(&facts, context);
    match (answer.type_id.and_then(&entry), facts.shape) {
        (Some(entry), _) => structure_rules::check(document, &facts, entry, answer.verdict, &mut findings),
        (None, Some(_)) if answer.type_id.is_none() => {
            structure_rules::unknown(document, &identifier.nearest(&facts), &mut findings);
        }
        _ => {}
    }
    findings
}

//! Rules about selections: `selection.yaml`, held against the catalog that it selects from.

mod selection_pin_mismatch;
mod types;

use std::sync::LazyLock;

use crate::catalog::Catalog;
use crate::finding::{Finding, Rule};
use crate::selection::Selection;
use crate::shape::{Document, schema};

pub(super) static RULES: &[&Rule] = &[
    &selection_pin_mismatch::RULE,
    &types::EMPTY_RULE,
    &types::UNKNOWN_TYPE,
    &types::UNKNOWN_ACTION,
    &types::UNUSED_OVERRIDE,
];

static CHECKED: LazyLock<Result<schema::Schema, String>> =
    LazyLock::new(|| schema::Schema::new(schema::of::<Selection>()));

/// A selection that was read, with its places.
#[derive(Debug)]
pub struct SelectionView<'a> {
    /// The file, with places.
    pub document: &'a Document,
    /// The selection.
    pub selection: &'a Selection,
    /// The catalog, with the overlays of the selection.
    pub catalog: &'a Catalog,
    /// The digest of the mapping of the catalog alone.
    pub digest: &'a str,
}

/// Reads a selection: its value, unless the findings say why there is none.
#[must_use]
pub fn read(document: &Document, mut findings: Vec<Finding>) -> (Option<Selection>, Vec<Finding>) {
    let mut selection = None;
    if let (Some(tree), Ok(schema)) = (&document.tree, &*CHECKED) {
        let value = tree.to_json();
        let violations = schema.violations(document, &value);
        if violations.is_empty() && findings.is_empty() {
            selection = serde_json::from_value(value).ok();
        }
        findings.extend(violations);
    }
    (selection, findings)
}

/// Holds a selection against its catalog.
#[must_use]
pub fn lint(view: &SelectionView<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    selection_pin_mismatch::check(view, &mut findings);
    types::check(view, &mut findings);
    findings
}

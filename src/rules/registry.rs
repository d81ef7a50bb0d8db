//! Rules about the table of registries: one YAML file for each, held against the catalog that it names types of.

mod facts;
mod registry_id_differs_from_file;
mod versions;

use std::sync::LazyLock;

use crate::catalog::Catalog;
use crate::finding::{Finding, Rule};
use crate::portability::Registry;
use crate::shape::{Document, schema};

pub(super) static RULES: &[&Rule] = &[
    &registry_id_differs_from_file::RULE,
    &versions::EMPTY_RANGE,
    &versions::RANGE_ORDER,
    &facts::MOVING_SOURCE,
    &facts::IMPOSSIBLE_DATE,
    &facts::UNKNOWN_TYPE,
    &facts::UNREACHABLE_FACT,
];

static CHECKED: LazyLock<Result<schema::Schema, String>> =
    LazyLock::new(|| schema::Schema::new(schema::of::<Registry>()));

/// A file of the table that was read, with its places.
#[derive(Debug)]
struct RegistryView<'a> {
    /// The file, with places.
    document: &'a Document,
    /// Its name without `.yaml`.
    stem: &'a str,
    /// What it says.
    registry: &'a Registry,
    /// The catalog whose types it may name.
    catalog: &'a Catalog,
}

/// Lints a file of the table; `stem` is its name without `.yaml`.
#[must_use]
pub fn lint(document: &Document, stem: &str, mut findings: Vec<Finding>, catalog: &Catalog) -> Vec<Finding> {
    if let (Some(tree), Ok(schema)) = (&document.tree, &*CHECKED) {
        let value = tree.to_json();
        let violations = schema.violations(document, &value);
        if violations.is_empty()
            && findings.is_empty()
            && let Ok(registry) = serde_json::from_value(value)
        {
            let view = RegistryView { document, stem, registry: &registry, catalog };
            registry_id_differs_from_file::check(&view, &mut findings);
            versions::check(&view, &mut findings);
            facts::check(&view, &mut findings);
        }
        findings.extend(violations);
    }
    findings
}

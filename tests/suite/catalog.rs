//! The real catalog: clean, complete inside of the program, and identified by its own examples.

use oci_artifact_types::catalog::model::Kind;
use oci_artifact_types::catalog::{Catalog, RuleSet, embedded};
use oci_artifact_types::finding::Level;
use oci_artifact_types::rules::catalog::{Options, lint};

use crate::harness::root;

fn checked() -> (Vec<String>, Catalog) {
    let outcome = lint(&root().join("types"), "types", Options { keep: true, ..Options::default() }).unwrap();
    let findings = outcome
        .report
        .findings
        .iter()
        .filter(|f| f.level != Level::Info)
        .map(|f| format!("{}:{}: {} [{}] {}", f.file, f.place.map_or(0, |p| p.line), f.level, f.rule.id, f.message))
        .collect();
    (findings, outcome.catalog.expect("every entry can be read"))
}

#[test]
fn the_catalog_has_no_error_and_no_warning() {
    let (findings, _) = checked();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn the_embedded_catalog_equals_the_folder() {
    let (_, catalog) = checked();
    let embedded = embedded::catalog();
    assert!(embedded.entries.len() > 50, "{} entries", embedded.entries.len());
    assert_eq!(
        embedded.entries.iter().map(|e| &e.id).collect::<Vec<_>>(),
        catalog.entries.iter().map(|e| &e.id).collect::<Vec<_>>()
    );
    assert_eq!(embedded.entries, catalog.entries);
    assert_eq!(embedded.files, catalog.files);
    assert_eq!(embedded.rules, catalog.rules);
}

#[test]
fn the_order_of_rules_does_not_depend_on_the_order_of_entries() {
    let entries = embedded::entries();
    let forth = RuleSet::new(&entries);
    let back = RuleSet::new(entries.iter().rev());
    assert_eq!(forth, back);
    // An order that no sorting by name would give.
    let mut mixed: Vec<_> = entries.iter().collect();
    mixed.sort_by_key(|entry| entry.summary.len() * 31 % 17);
    assert_eq!(forth, RuleSet::new(mixed));
}

#[test]
fn every_entry_is_whole() {
    for entry in embedded::entries() {
        let id = &entry.id;
        assert!(entry.description.len() > 80, "{id}: the description tells too little");
        assert!(
            entry.identify.is_none() || entry.structure.is_some() || entry.kind == Kind::Facet,
            "{id}: no structure"
        );
        assert!(entry.identify.is_none() || entry.scanning.is_some(), "{id}: no scanning facts");
        assert!(!entry.sources.is_empty(), "{id}: no source");
    }
}

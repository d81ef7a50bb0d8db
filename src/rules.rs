//! The one list of rules, and the runs that apply them.
//!
//! A rule is a static value with its page in its doc comment; those of the text and form of documents stand on
//! the floors that find them, the others beside their check in `rules/`.

pub mod catalog;
pub mod config;
pub mod layout;
mod lint;
pub mod manifest;
mod platform;
pub mod profile;
pub mod reference;
pub mod registry;
pub mod selection;
pub mod suppress;

use crate::finding::Rule;
use crate::shape::{json_rules, schema_rules, yaml_rules};

/// Every rule, sorted by id.
#[must_use]
pub fn all() -> Vec<&'static Rule> {
    let mut all: Vec<&'static Rule> = Vec::new();
    all.extend(yaml_rules::RULES);
    all.extend(json_rules::RULES);
    all.extend(schema_rules::RULES);
    all.extend(suppress::RULES);
    all.extend(catalog::ENTRY_RULES.iter().map(|(rule, _)| *rule));
    all.extend(catalog::CATALOG_RULES.iter().map(|(rule, _)| *rule));
    all.extend(catalog::EXAMPLE_RULES);
    all.extend(catalog::OVERLAY_RULES);
    all.extend(manifest::all());
    all.extend(layout::all());
    all.extend(config::all());
    all.extend(reference::RULES);
    all.extend(registry::RULES);
    all.extend(selection::RULES);
    all.sort_unstable_by_key(|rule| rule.id);
    all.dedup_by_key(|rule| rule.id);
    all
}

/// The rule with an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.id == id)
}

//! The catalog inside of the program, as the build script compiled it: identification and pages work anywhere,
//! without a checkout and without network.

use std::collections::BTreeMap;

use super::{ArtifactType, Catalog, RuleSet};

const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));
const ENTRIES: &str = include_str!(concat!(env!("OUT_DIR"), "/entries.json"));
const FILES: &str = include_str!(concat!(env!("OUT_DIR"), "/files.json"));

/// The rules in evaluation order; all that identification needs, and a fraction of the catalog.
#[must_use]
pub fn rules() -> RuleSet {
    // The build script wrote the text from the same types; a test holds it equal to the folder.
    serde_json::from_str(RULES).unwrap_or_default()
}

/// The entries, sorted by id.
#[must_use]
pub fn entries() -> Vec<ArtifactType> {
    serde_json::from_str(ENTRIES).unwrap_or_default()
}

/// The whole catalog.
#[must_use]
pub fn catalog() -> Catalog {
    let files: BTreeMap<String, String> = serde_json::from_str(FILES).unwrap_or_default();
    Catalog { entries: entries(), files, rules: rules() }
}

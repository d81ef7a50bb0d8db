//! The catalog inside of the program, as the build script compiled it: identification and pages work anywhere,
//! without a checkout and without network.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{ArtifactType, Catalog, RuleSet};

const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));
/// A line for each entry, sorted by id: its id, a space, and the entry as JSON.
const ENTRIES: &str = include_str!(concat!(env!("OUT_DIR"), "/entries.txt"));
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
    lines().filter_map(|(_, text)| serde_json::from_str(text).ok()).collect()
}

/// Ids and texts of the entries, sorted by id.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    ENTRIES.lines().filter_map(|line| line.split_once(' '))
}

/// The entries, each read when it is first asked for: whoever needs a few pays for a few.
#[derive(Debug)]
pub struct Entries(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    id: &'static str,
    text: &'static str,
    read: OnceLock<Option<Box<ArtifactType>>>,
}

impl Entries {
    /// All of them, and none read.
    #[must_use]
    pub fn new() -> Self {
        Self(lines().map(|(id, text)| Entry { id, text, read: OnceLock::new() }).collect())
    }

    /// The entry with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&ArtifactType> {
        let entry = &self.0[self.0.binary_search_by_key(&id, |entry| entry.id).ok()?];
        entry.read.get_or_init(|| serde_json::from_str(entry.text).ok()).as_deref()
    }
}

impl Default for Entries {
    fn default() -> Self {
        Self::new()
    }
}

/// The whole catalog.
#[must_use]
pub fn catalog() -> Catalog {
    let files: BTreeMap<String, String> = serde_json::from_str(FILES).unwrap_or_default();
    Catalog { entries: entries(), files, rules: rules() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_is_had_alone_as_among_all() {
        let (all, few) = (entries(), Entries::new());
        assert!(all.len() > 100 && all.len() == few.0.len(), "{} {}", all.len(), few.0.len());
        for entry in &all {
            assert_eq!(few.get(&entry.id), Some(entry));
        }
        assert_eq!(few.get("no-such-type"), None);
    }
}

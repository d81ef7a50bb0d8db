//! A catalog that was read: its entries, the files beside them, and the order of its rules.

use std::collections::BTreeMap;

use super::model::{ArtifactType, Role};
use super::order::RuleSet;

/// A catalog.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The entries, sorted by id.
    pub entries: Vec<ArtifactType>,
    /// Files beside the entries, by `<id>/<path>`: examples, icons, schemas of config blobs.
    pub files: BTreeMap<String, String>,
    /// How its types are recognised.
    pub rules: RuleSet,
}

impl Catalog {
    /// A catalog of entries, in any order.
    #[must_use]
    pub fn new(mut entries: Vec<ArtifactType>, files: BTreeMap<String, String>) -> Self {
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        let rules = RuleSet::new(&entries);
        Self { entries, files, rules }
    }

    /// The entry with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&ArtifactType> {
        self.entries.binary_search_by(|entry| entry.id.as_str().cmp(id)).ok().map(|at| &self.entries[at])
    }

    /// The entry with an id or an alias, whatever its case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&ArtifactType> {
        self.get(name).or_else(|| {
            self.entries.iter().find(|entry| {
                entry.id.eq_ignore_ascii_case(name)
                    || entry.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
            })
        })
    }

    /// The types of a role, sorted by id.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &ArtifactType> {
        self.entries.iter().filter(move |entry| entry.roles.contains(&role))
    }

    /// The text of a file beside an entry.
    #[must_use]
    pub fn file(&self, id: &str, name: &str) -> Option<&str> {
        self.files.get(&format!("{id}/{name}")).map(String::as_str)
    }
}

/// Where an entry names a media type, and in which standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MediaTypeUse<'a> {
    /// Id of the entry.
    pub type_id: &'a str,
    /// Where in a document the media type stands.
    pub place: super::model::Place,
    /// Name of the layer or child, where it is one.
    pub part: Option<&'a str>,
    /// Its successor, when the media type is a former one.
    pub former: bool,
    /// The media type that took its place.
    pub successor: Option<&'a str>,
}

/// Every media type that entries name in their structure, rules and history, with its uses; sorted.
#[must_use]
pub fn media_types(entries: &[ArtifactType]) -> BTreeMap<&str, Vec<MediaTypeUse<'_>>> {
    let mut map: BTreeMap<&str, Vec<MediaTypeUse<'_>>> = BTreeMap::new();
    for entry in entries {
        for (media_type, usage) in super::claims::claims(entry) {
            map.entry(media_type).or_default().push(usage);
        }
    }
    for uses in map.values_mut() {
        uses.sort_unstable();
        uses.dedup();
    }
    map
}

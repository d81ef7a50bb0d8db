//! What a change of the catalog means for those who use it: two states compared on the level of the mapping, each
//! difference classed by the table of [`kinds`].

mod answers;
mod entry;
pub mod kinds;
mod media_types;
mod pairs;
mod recognition;
pub mod render;
mod structure;
mod version;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub use version::Proposal;

use crate::catalog::model::ArtifactType;
use crate::catalog::{Catalog, RuleSet};
use crate::mapping::MediaTypeMappings;
use crate::selection::{Chosen, Selection};
use kinds::{Class, Kind, SELECTION_ENTERED, SELECTION_LEFT, TYPE_ADDED, TYPE_REMOVED};
use pairs::Pairs;

/// One of the two states that are compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// How the user knows it.
    name: String,
    /// Version of the whole catalog.
    version: String,
    /// Digest of the mapping of the whole catalog, which a selection is pinned to.
    digest: String,
    /// The mapping, of what is selected.
    mapping: MediaTypeMappings,
    /// All entries, their files where they are known, and the rules of the mapping.
    catalog: Catalog,
    /// Ids of the selected types; none stands for all.
    chosen: Option<BTreeSet<String>>,
}

impl Side {
    /// A catalog.
    ///
    /// # Errors
    ///
    /// When an entry can not be written as JSON, which is a mistake of ours.
    pub fn of_catalog(name: impl Into<String>, catalog: Catalog) -> Result<Self, serde_json::Error> {
        let mapping = MediaTypeMappings::new(&catalog, None)?;
        let (version, digest) = (mapping.catalog_version.clone(), mapping.digest.clone());
        Ok(Self { name: name.into(), version, digest, mapping, catalog, chosen: None })
    }

    /// A `mediaTypeMappings.json`.
    ///
    /// # Errors
    ///
    /// Why the text is none that this program can read.
    pub fn of_mapping(name: impl Into<String>, text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
        match value.get("schemaVersion") {
            None => return Err("it is no mediaTypeMappings.json: it has no `schemaVersion`".to_owned()),
            Some(version) if *version != 1 => {
                return Err(format!("its `schemaVersion` is {version}, and this program reads 1: take a newer `oat`"));
            }
            Some(_) => {}
        }
        let mapping: MediaTypeMappings = serde_json::from_value(value)
            .map_err(|error| format!("its form is not the one that this program knows: {error}"))?;
        let mut entries: Vec<ArtifactType> = Vec::with_capacity(mapping.types.len());
        for (index, entry) in mapping.types.iter().enumerate() {
            let entry = serde_json::from_value(entry.clone()).map_err(|error| {
                format!("its entry /types/{index} has a form that this program does not know: {error}")
            })?;
            entries.push(entry);
        }
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(format!("it has two types `{}`", pair[0].id));
        }
        let catalog = Catalog { entries, rules: mapping.rule_set(), ..Catalog::default() };
        let (version, digest) = (mapping.catalog_version.clone(), mapping.digest.clone());
        Ok(Self { name: name.into(), version, digest, mapping, catalog, chosen: None })
    }

    /// The whole catalog.
    #[must_use]
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The digest of the whole catalog.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How the user knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same with in-house entries on top.
    ///
    /// # Errors
    ///
    /// When an entry can not be written as JSON, which is a mistake of ours.
    pub fn with_catalog(self, catalog: Catalog) -> Result<Self, serde_json::Error> {
        let mapping = MediaTypeMappings::new(&catalog, None)?;
        let mapping = MediaTypeMappings { placeholders: self.mapping.placeholders, ..mapping };
        Ok(Self { mapping, catalog, ..self })
    }

    /// Only what a selection takes.
    ///
    /// # Errors
    ///
    /// When an entry can not be written as JSON, which is a mistake of ours.
    pub fn select(self, selection: &Selection) -> Result<Self, serde_json::Error> {
        let chosen = Chosen::new(self.catalog, selection);
        let mapping = MediaTypeMappings::of(&chosen, None)?;
        let mapping = MediaTypeMappings { placeholders: self.mapping.placeholders, ..mapping };
        let ids = chosen.entries().map(|entry| entry.id.clone()).collect();
        Ok(Self { mapping, chosen: Some(ids), catalog: chosen.catalog.into_owned(), ..self })
    }

    /// Whether a type is selected.
    fn has(&self, id: &str) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.contains(id))
    }

    const fn rules(&self) -> &RuleSet {
        &self.catalog.rules
    }
}

/// One of the two states, as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// File, folder or revision.
    pub name: String,
    /// Version of the catalog.
    pub version: String,
    /// Digest of its whole `mediaTypeMappings.json`, which a selection is pinned to.
    pub digest: String,
}

/// A difference between two states of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What kind of change it is, a name of the table.
    pub kind: &'static Kind,
    /// What it means for those who use the mapping.
    pub class: Class,
    /// Id of the type, on the new side where it is there; absent when the change is about no single type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub type_id: Option<String>,
    /// Its id on the old side, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub former_type: Option<String>,
    /// What of the type it is about: a media type and its place, a rule, an action, a key of its structure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub part: Option<String>,
    /// What was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub before: Option<String>,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub after: Option<String>,
    /// What else is known of it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub note: Option<&'static str>,
    /// Examples that show it, as `<id>/<file>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

impl Change {
    fn new(kind: &'static Kind, type_id: &str) -> Self {
        Self {
            kind,
            class: kind.class,
            type_id: Some(type_id.to_owned()),
            former_type: None,
            part: None,
            before: None,
            after: None,
            note: None,
            examples: Vec::new(),
        }
    }

    /// A change that is about no single type.
    fn of_all(kind: &'static Kind) -> Self {
        Self { type_id: None, ..Self::new(kind, "") }
    }

    fn former(mut self, id: &str) -> Self {
        self.former_type = (Some(id) != self.type_id.as_deref()).then(|| id.to_owned());
        self
    }

    fn part(mut self, part: impl Into<String>) -> Self {
        self.part = Some(part.into());
        self
    }

    fn before(mut self, before: impl Into<Option<String>>) -> Self {
        self.before = before.into();
        self
    }

    fn after(mut self, after: impl Into<Option<String>>) -> Self {
        self.after = after.into();
        self
    }

    const fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }
}

/// How many changes there are of each class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// A consumer that did everything right gets a wrong result, or loses something.
    pub breaking: usize,
    /// Somebody should look.
    pub notable: usize,
    /// Nothing depends on it.
    pub harmless: usize,
}

/// What a change of the catalog means for those who use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Changes between two states of the catalog")]
pub struct Diff {
    /// Version of this form.
    pub schema_version: u32,
    /// The state before.
    pub old: State,
    /// The state after.
    pub new: State,
    /// Whether only what a selection takes was compared.
    pub selected: bool,
    /// How many changes there are of each class.
    pub counts: Counts,
    /// The version that the catalog should have next.
    pub proposal: Proposal,
    /// The changes: the gravest class first, then by kind, then by type.
    pub changes: Vec<Change>,
}

impl Diff {
    /// The gravest class of its changes; none when nothing changed.
    #[must_use]
    pub fn gravest(&self) -> Option<Class> {
        self.changes.iter().map(|change| change.class).min()
    }
}

/// Compares two states. With a selection, which both were made with, it says of types that enter or leave it why.
#[must_use]
pub fn compare(old: &Side, new: &Side, selection: Option<&Selection>) -> Diff {
    let mut changes = Vec::new();
    let pairs = Pairs::new(old, new);
    pairs.tell(old, new, &mut changes);
    for entry in pairs.added.iter().filter(|entry| new.has(&entry.id)) {
        changes.push(Change::new(&TYPE_ADDED, &entry.id).after(entry.title.clone()));
    }
    for entry in pairs.removed.iter().filter(|entry| old.has(&entry.id)) {
        let reused = new.catalog.get(&entry.id).is_some();
        if !reused {
            changes.push(Change::new(&TYPE_REMOVED, &entry.id).before(entry.title.clone()));
        }
    }
    for (before, after) in &pairs.both {
        let why = |entry: &ArtifactType| selection.map(|selection| selection.because(entry));
        match (old.has(&before.id), new.has(&after.id)) {
            (false, false) => {}
            (true, false) => changes
                .push(Change::new(&SELECTION_LEFT, &after.id).former(&before.id).before(why(before)).after(why(after))),
            (false, true) => changes.push(
                Change::new(&SELECTION_ENTERED, &after.id).former(&before.id).before(why(before)).after(why(after)),
            ),
            (true, true) => {
                entry::compare(before, after, &pairs, &mut changes);
                entry::compare_files(old, new, before, after, &mut changes);
            }
        }
    }
    media_types::compare(old, new, &pairs, &mut changes);
    recognition::compare(old, new, &pairs, &mut changes);
    answers::compare(old, new, &pairs, &mut changes);
    let key = |change: &Change| (change.class, change.kind.position(), change.type_id.clone(), change.part.clone());
    changes.sort_by_cached_key(key);
    let count = |class| changes.iter().filter(|change| change.class == class).count();
    Diff {
        schema_version: 1,
        old: state(old),
        new: state(new),
        selected: selection.is_some(),
        counts: Counts {
            breaking: count(Class::Breaking),
            notable: count(Class::Notable),
            harmless: count(Class::Harmless),
        },
        proposal: version::propose(old, new, &pairs, &changes),
        changes,
    }
}

fn state(side: &Side) -> State {
    State { name: side.name.clone(), version: side.version.clone(), digest: side.digest.clone() }
}

/// A word of a vocabulary, as entries spell it; anything else as JSON.
fn word<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or(text)
}

/// Words of a list, as one text.
fn words<T: Serialize>(values: &[T]) -> Option<String> {
    (!values.is_empty()).then(|| values.iter().map(word).collect::<Vec<_>>().join(", "))
}

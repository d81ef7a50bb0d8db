//! What a rule about the catalog gets to see, and how it points at places.

use serde_json::Value;

use crate::catalog::folder::Folder;
use crate::catalog::{ArtifactType, RuleSet};
use crate::finding::{Finding, Rule};
use crate::identify::Identifier;
use crate::shape::{Document, Part};
use crate::source::Pointer;

/// One entry, read.
#[derive(Debug)]
pub struct EntryView<'a> {
    /// Its folder and the files in it.
    pub folder: &'a Folder,
    /// Its document, with places.
    pub document: &'a Document,
    /// Its value as JSON.
    pub value: &'a Value,
    /// The typed entry. Keys that are missing or wrong hold neutral values: empty text, empty lists, `None`.
    pub entry: &'a ArtifactType,
    /// Its text values with their pointers.
    texts: Vec<(Pointer, &'a str)>,
}

impl<'a> EntryView<'a> {
    /// The view of an entry.
    #[must_use]
    pub fn new(folder: &'a Folder, document: &'a Document, value: &'a Value, entry: &'a ArtifactType) -> Self {
        let mut texts = Vec::new();
        if let Some(tree) = &document.tree {
            tree.walk(&mut |pointer, node| {
                if let Some(text) = node.as_str() {
                    texts.push((pointer.into_owned(), text));
                }
            });
        }
        Self { folder, document, value, entry, texts }
    }

    /// A finding at a pointer into `type.yaml`.
    #[must_use]
    pub fn at(&self, rule: &'static Rule, pointer: &Pointer, part: Part, message: impl Into<String>) -> Finding {
        self.document.finding(rule, pointer, part, message)
    }

    /// A finding about another file of the folder, without a place.
    #[must_use]
    pub fn in_file(&self, rule: &'static Rule, name: &str, message: impl Into<String>) -> Finding {
        Finding::new(rule, self.folder.shown(name).into(), message)
    }

    /// Calls `visit` for each text value of the entry with its pointer.
    pub fn each_text(&self, visit: &mut impl FnMut(&Pointer, &str)) {
        self.texts.iter().for_each(|(pointer, text)| visit(pointer, text));
    }
}

/// All entries, and the order of their rules.
#[derive(Debug)]
pub struct CatalogView<'a> {
    /// The entries, sorted by folder, then those of the catalog beneath; what rules over all entries do not need is
    /// emptied.
    pub entries: &'a [ArtifactType],
    /// The folders of those that have one, in the same order.
    pub folders: &'a [Folder],
    /// The rules in evaluation order.
    pub rules: &'a RuleSet,
    /// The rules, prepared for documents.
    pub identifier: &'a Identifier,
}

impl CatalogView<'_> {
    /// Position of the entry with an id.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        // Ids equal folder names but for the entries that another rule complains about.
        self.folders
            .binary_search_by(|folder| folder.name.as_str().cmp(id))
            .ok()
            .filter(|at| self.entries[*at].id == id)
            .or_else(|| self.entries.iter().position(|entry| entry.id == id))
    }

    /// Position of the entry that a rule id belongs to, and the pointer of the rule in it.
    #[must_use]
    pub fn rule_place(&self, rule_id: &str) -> Option<(usize, Pointer)> {
        let (type_id, number) = rule_id.rsplit_once('/')?;
        let index = number.parse::<usize>().ok()?.checked_sub(1)?;
        Some((self.position(type_id)?, Pointer::root().key("identify").key("rules").index(index)))
    }
}

/// A finding of a rule over all entries: its place is measured once all rules have run.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The rule.
    pub rule: &'static Rule,
    /// Where it is.
    pub place: PendingPlace,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places, with what is there.
    pub related: Vec<(PendingPlace, String)>,
}

/// A place in an entry that is not at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingPlace {
    /// Position of the entry.
    pub entry: usize,
    /// Path of keys.
    pub pointer: Pointer,
    /// Key or value.
    pub part: Part,
}

impl PendingPlace {
    /// The value at a pointer of an entry.
    #[must_use]
    pub const fn value(entry: usize, pointer: Pointer) -> Self {
        Self { entry, pointer, part: Part::Value }
    }

    /// The key at a pointer of an entry.
    #[must_use]
    pub const fn key(entry: usize, pointer: Pointer) -> Self {
        Self { entry, pointer, part: Part::Key }
    }
}

impl Pending {
    /// A finding without help and further places.
    #[must_use]
    pub fn new(rule: &'static Rule, place: PendingPlace, message: impl Into<String>) -> Self {
        Self { rule, place, message: message.into(), help: None, related: Vec::new() }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, place: PendingPlace, message: impl Into<String>) -> Self {
        self.related.push((place, message.into()));
        self
    }
}

//! Where a type can be stored: what is known of the newest versions of each registry, as its first example is.

use super::super::super::Site;
use super::super::super::html::Https;
use crate::catalog::ArtifactType;
use crate::identify::Facts;
use crate::portability::report::{Row, ScannerTold, Told};
use crate::portability::{Registry, lineage, registries};

/// What is known of one registry.
pub(super) struct StorageRow<'a> {
    pub(super) name: &'a str,
    /// The range of versions; nothing where it is any.
    pub(super) versions: String,
    pub(super) takes: Cell<'a>,
    /// Why it takes it only partly, or not.
    pub(super) note: Option<&'a str>,
    pub(super) shows: Option<Cell<'a>>,
    pub(super) scanners: Vec<(&'a str, Cell<'a>)>,
}

/// An answer with its proof.
pub(super) struct Cell<'a> {
    pub(super) text: &'a str,
    pub(super) source: Option<Https<'a>>,
    pub(super) checked: &'a str,
}

impl<'a> Cell<'a> {
    fn new(told: Told<'a>) -> Self {
        let text = match told.answer {
            "accepted" | "scanned" => "yes",
            "refused" | "skipped" => "no",
            other => other,
        };
        Self { text, source: told.source.and_then(Https::new), checked: told.checked.unwrap_or_default() }
    }
}

/// The registries of which anything is known, by name.
pub(super) fn view(site: &Site<'_>, entry: &ArtifactType) -> Vec<StorageRow<'static>> {
    let first = entry.examples.iter().find(|example| {
        example.expect.as_ref().is_none_or(|expect| expect.type_id.as_deref() == Some(entry.id.as_str()))
    });
    let text = first.and_then(|example| site.catalog.file(&entry.id, &format!("examples/{}", example.file)));
    let Some(Ok(facts)) = text.map(Facts::read) else { return Vec::new() };
    let lineage = lineage(site.catalog, &entry.id);
    registries().iter().filter_map(|registry| row(registry, &facts, &lineage)).collect()
}

fn row(registry: &'static Registry, facts: &Facts<'_>, lineage: &[&str]) -> Option<StorageRow<'static>> {
    let range = registry.versions.first()?;
    let row = Row::new(registry, range, &range.predict(facts, lineage), facts.subject.is_some());
    let known = |told: &Told<'static>| told.source.is_some();
    if !known(&row.accepts) && !known(&row.shows) && row.scanners.is_empty() {
        return None;
    }
    let versions = if range.from.is_none() && range.before.is_none() { String::new() } else { range.short() };
    Some(StorageRow {
        name: &registry.name,
        versions,
        takes: Cell::new(row.accepts),
        note: row.accepts.note.filter(|_| row.accepts.answer != "accepted"),
        shows: known(&row.shows).then(|| Cell::new(row.shows)),
        scanners: row.scanners.iter().map(|ScannerTold { scanner, told }| (*scanner, Cell::new(*told))).collect(),
    })
}

//! What changed, day by day.

use askama::Template;

use super::super::feed::{self, Dated};
use super::super::layout::{Layout, Section};
use super::super::lookup::TypeRef;
use super::super::{Error, Output, Site, markdown};
use super::{frame, stream};

#[derive(Template)]
#[template(path = "pages/changes.html")]
struct ChangesPage<'a> {
    layout: Layout,
    days: Vec<(&'a str, Vec<Item<'a>>)>,
}

/// A change of an entry.
struct Item<'a> {
    entry: TypeRef<'a>,
    number: usize,
    text: &'a str,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "changes/index.html";
    let layout = frame(
        site,
        path,
        Section::Changes,
        "Changes",
        "What was added to the catalog and what changed, the newest first.",
    );
    let mut days: Vec<(&str, Vec<Item<'_>>)> = Vec::new();
    for Dated { entry, change, number } in feed::changes(&site.catalog.entries) {
        let Some(found) = site.lookup.type_ref(&entry.id) else { continue };
        let item = Item { entry: found.clone(), number, text: &change.change };
        match days.last_mut() {
            Some((day, items)) if *day == change.date => items.push(item),
            _ => days.push((&change.date, vec![item])),
        }
    }
    stream(out, path, &ChangesPage { layout, days })
}

//! The catalog at a glance: figures whose numbers, widths and sentences are computed from the entries.
//!
//! A figure is a table, which is its accessible form; its bars are small pictures within cells. Each number leads to
//! the listing, filtered by the parameters of its address.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Site, glyphs, words};
use crate::catalog::model::{ArtifactType, State, Tier};
use crate::catalog::order::{self, Class};
use crate::oci::url::query_value;

/// Publishers that are shown by name.
const MAX_PUBLISHERS: usize = 15;

/// Strengths of evidence with their names in data, the strongest first.
const CLASSES: [(Class, &str); 6] = [
    (Class::ArtifactType, "artifact-type"),
    (Class::Config, "config"),
    (Class::Layers, "layers"),
    (Class::Annotations, "annotations"),
    (Class::Base, "base"),
    (Class::Placeholder, "placeholder"),
];

/// A figure.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// Anchor on its page.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: &'static str,
    /// What one sees, in a sentence or two.
    pub(super) says: String,
    /// What its rows are.
    pub(super) head: &'static str,
    /// What its numbers are: one column for each.
    pub(super) series: Vec<&'static str>,
    /// Whether the numbers of a row are parts of one bar.
    pub(super) stacked: bool,
    /// The rows.
    pub(super) rows: Vec<Row>,
}

/// A row of a figure.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What is counted.
    pub(super) label: String,
    /// Path of a picture, from the root.
    pub(super) icon: Option<String>,
    /// Query of the listing for the whole row.
    pub(super) query: Option<String>,
    /// One for each series.
    pub(super) cells: Vec<Cell>,
    /// Whether it is the sum of what has no row of its own, which no bar is compared with.
    pub(super) rest: bool,
}

/// A number with its bar.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// The number.
    pub(super) count: usize,
    /// Of how many, where that is said.
    pub(super) of: Option<usize>,
    /// Query of the listing.
    pub(super) query: Option<String>,
    /// Begin and length of the bar, in thousandths of the longest.
    start: usize,
    length: usize,
    /// Length of all of which it is a part, in thousandths of the longest.
    whole: usize,
}

impl Cell {
    fn new(count: usize, query: impl Into<Option<String>>) -> Self {
        Self { count, of: None, query: query.into(), start: 0, length: 0, whole: 0 }
    }

    /// Where the bar begins, in hundredths of the longest.
    pub(super) fn x(&self) -> String {
        tenths(self.start)
    }

    /// Length of the bar, in hundredths of the longest.
    pub(super) fn width(&self) -> String {
        tenths(self.length)
    }

    /// Length of the bar of all of which it is a part.
    pub(super) fn whole(&self) -> String {
        tenths(self.whole)
    }
}

impl Row {
    /// A row of one number.
    fn single(label: impl Into<String>, query: impl Into<Option<String>>, count: usize) -> Self {
        Self { label: label.into(), icon: None, cells: vec![Cell::new(count, None)], query: query.into(), rest: false }
    }

    /// Sum of the numbers.
    pub(super) fn total(&self) -> usize {
        self.cells.iter().map(|cell| cell.count).sum()
    }
}

impl Figure {
    /// Gives the bars their lengths.
    fn scaled(mut self) -> Self {
        let longest = |row: &Row| {
            if self.stacked {
                row.total()
            } else {
                row.cells.iter().map(|cell| cell.of.unwrap_or(cell.count)).max().unwrap_or_default()
            }
        };
        let max = self.rows.iter().filter(|row| !row.rest).map(longest).max().unwrap_or_default().max(1);
        for row in self.rows.iter_mut().filter(|row| !row.rest) {
            let mut before = 0;
            for cell in &mut row.cells {
                cell.start = before * 1_000 / max;
                cell.length = (before + cell.count) * 1_000 / max - cell.start;
                cell.whole = cell.of.unwrap_or_default() * 1_000 / max;
                before += if self.stacked { cell.count } else { 0 };
            }
        }
        self
    }
}

fn tenths(thousandths: usize) -> String {
    match (thousandths / 10, thousandths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

/// A query of the listing.
fn query(parameters: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", query_value(value));
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// A number with its noun.
fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The figures of a catalog, in the order of the page.
pub(super) fn figures(site: &Site<'_>) -> Vec<Figure> {
    let figures = [roles, standing, registration, publishers, years, evidence, missing];
    figures.into_iter().map(|figure| figure(site).scaled()).filter(|figure| !figure.rows.is_empty()).collect()
}

fn roles(site: &Site<'_>) -> Figure {
    let entries = site.catalog.entries.len();
    let mut rows: Vec<Row> = glyphs::ALL
        .into_iter()
        .map(|role| Row {
            icon: Some(glyphs::path(role.name)),
            ..Row::single(role.title, query(&[("role", role.name)]), site.lookup.with_role(role.role).len())
        })
        .filter(|row| row.total() > 0)
        .collect();
    rows.sort_by_key(|row| Reverse(row.total()));
    let most = rows.first().map_or_else(String::new, |row| {
        format!("; the role with the most, {}, is \u{201c}{}\u{201d}", row.total(), row.label)
    });
    let several = site.catalog.entries.iter().filter(|entry| entry.roles.len() > 1).count();
    let says = format!(
        "{} in {}{most}. {several} have several roles and are counted in each.",
        counted(entries, "type or facet", "types and facets"),
        counted(rows.len(), "role", "roles"),
    );
    let (title, head, series) = ("What they are for", "Role", vec!["Types"]);
    Figure { id: "roles", title, says, head, series, stacked: false, rows }
}

fn standing(site: &Site<'_>) -> Figure {
    const STATES: [State; 4] = [State::Active, State::Proposed, State::Deprecated, State::Withdrawn];
    const TIERS: [Tier; 3] = [Tier::WellKnown, Tier::Verified, Tier::Listed];
    let entries = &site.catalog.entries;
    let count = |wanted: &dyn Fn(&ArtifactType) -> bool| entries.iter().filter(|entry| wanted(entry)).count();
    let row = |state: State| {
        let status = words::state(state).0;
        let cell = |tier: Tier| {
            let found = count(&|entry| entry.status.state == state && entry.tier == tier);
            Cell::new(found, query(&[("status", status), ("tier", words::tier(tier).0)]))
        };
        let cells = TIERS.map(cell).to_vec();
        Row { label: status.to_owned(), icon: None, query: Some(query(&[("status", status)])), cells, rest: false }
    };
    let rows = STATES.into_iter().map(row).filter(|row| row.total() > 0).collect();
    let says = format!(
        "{} of {} are active. For {}, a source proves each media type; {} of these are well known, with several \
         independent programs.",
        count(&|entry| entry.status.state == State::Active),
        entries.len(),
        count(&|entry| entry.tier != Tier::Listed),
        count(&|entry| entry.tier == Tier::WellKnown),
    );
    let series = TIERS.map(|tier| words::tier(tier).0).to_vec();
    let title = "Where they stand, and how well they are proved";
    Figure { id: "standing", title, says, head: "Status", series, stacked: true, rows }
}

fn publishers(site: &Site<'_>) -> Figure {
    let mut publishers: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &site.catalog.entries {
        *publishers.entry(&entry.publisher.name).or_default() += 1;
    }
    let mut sorted: Vec<(&str, usize)> = publishers.into_iter().collect();
    sorted.sort_by_key(|(name, count)| (Reverse(*count), *name));
    let (named, others) = sorted.split_at(sorted.len().min(MAX_PUBLISHERS));
    let sum = |list: &[(&str, usize)]| list.iter().map(|(_, count)| count).sum::<usize>();
    let mut rows: Vec<Row> =
        named.iter().map(|(name, count)| Row::single(*name, query(&[("publisher", name)]), *count)).collect();
    if !others.is_empty() {
        rows.push(Row { rest: true, ..Row::single(counted(others.len(), "other", "others"), None, sum(others)) });
    }
    let says = format!(
        "{} define them; the first {} of the list define {} of {}.",
        counted(sorted.len(), "project or organisation", "projects and organisations"),
        named.len(),
        sum(named),
        sum(&sorted),
    );
    let (title, head, series) = ("Who defines them", "Publisher", vec!["Types"]);
    Figure { id: "publishers", title, says, head, series, stacked: false, rows }
}

fn years(site: &Site<'_>) -> Figure {
    let mut years: BTreeMap<&str, usize> = BTreeMap::new();
    for since in site.catalog.entries.iter().filter_map(|entry| entry.since.as_deref()) {
        *years.entry(since.split('-').next().unwrap_or_default()).or_default() += 1;
    }
    let known: usize = years.values().sum();
    let first = years.keys().next().map_or_else(String::new, |year| format!("; the oldest is of {year}"));
    let says = format!(
        "When a type was first published is known for {known} of {}{first}. The others are not in the figure.",
        site.catalog.entries.len()
    );
    let rows = years.into_iter().map(|(year, count)| Row::single(year, query(&[("year", year)]), count)).collect();
    let (title, head, series) = ("When they were first published", "Year", vec!["Types"]);
    Figure { id: "years", title, says, head, series, stacked: false, rows }
}

fn evidence(site: &Site<'_>) -> Figure {
    let first = |entry: &ArtifactType| Some(order::class(&entry.identify.as_ref()?.rules.first()?.when));
    let mut counts: BTreeMap<Option<Class>, usize> = BTreeMap::new();
    for entry in &site.catalog.entries {
        *counts.entry(first(entry)).or_default() += 1;
    }
    let count = |class: Option<Class>| counts.get(&class).copied().unwrap_or_default();
    let mut rows: Vec<Row> = CLASSES
        .into_iter()
        .map(|(class, name)| Row::single(words::class(class).1, query(&[("evidence", name)]), count(Some(class))))
        .filter(|row| row.total() > 0)
        .collect();
    if count(None) > 0 {
        rows.push(Row::single("no rule: nothing is recognised as it", None, count(None)));
    }
    let says = format!(
        "{} of {} are told by artifactType or by a config media type of their own, the strongest evidence. The first \
         rule of each entry counts.",
        count(Some(Class::ArtifactType)) + count(Some(Class::Config)),
        site.catalog.entries.len()
    );
    let (title, head, series) = ("How they are recognised", "Evidence", vec!["Types"]);
    Figure { id: "evidence", title, says, head, series, stacked: false, rows }
}

fn registration(site: &Site<'_>) -> Figure {
    let all = site.lookup.media_types.len();
    let registered = site.lookup.media_types.values().filter(|facts| facts.registered).count();
    let rows = if all == 0 {
        Vec::new()
    } else {
        vec![
            Row::single("registered", query(&[("iana", "registered")]), registered),
            Row::single("not registered", query(&[("iana", "not-registered")]), all - registered),
        ]
    };
    let says = format!(
        "{registered} of {all} media types are registered with IANA. The rows lead to the types that use them."
    );
    let (title, head, series) = ("Which media types are registered", "With IANA", vec!["Media types"]);
    Figure { id: "iana", title, says, head, series, stacked: false, rows }
}

fn missing(site: &Site<'_>) -> Figure {
    let entries = &site.catalog.entries;
    let pictured = |entry: &ArtifactType| site.catalog.file(&entry.id, "icon.svg").is_some();
    let row = |role: glyphs::RoleFacts| {
        let types = || site.lookup.with_role(role.role).iter().filter_map(|id| site.catalog.get(id));
        let of = Some(types().count());
        let cell = |count: usize, query: String| Cell { of, ..Cell::new(count, query) };
        Row {
            label: role.title.to_owned(),
            icon: Some(glyphs::path(role.name)),
            query: None,
            rest: false,
            cells: vec![
                cell(types().filter(|entry| !pictured(entry)).count(), query(&[("role", role.name), ("icon", "role")])),
                cell(
                    types().filter(|entry| entry.actions.is_empty()).count(),
                    query(&[("role", role.name), ("actions", "no")]),
                ),
            ],
        }
    };
    let mut rows: Vec<Row> = glyphs::ALL.into_iter().map(row).filter(|row| row.total() > 0).collect();
    rows.sort_by_key(|row| Reverse(row.total()));
    let says = format!(
        "{} of {} have a picture of their own, and {} offer a command. The others show the picture of their role; the \
         rows count them by role, and are a list of what would help.",
        entries.iter().filter(|entry| pictured(entry)).count(),
        entries.len(),
        entries.iter().filter(|entry| !entry.actions.is_empty()).count(),
    );
    let series = vec!["Without a picture of their own", "Without a command"];
    Figure { id: "missing", title: "What is missing", says, head: "Role", series, stacked: false, rows }
}

#[cfg(test)]
mod tests {
    use super::super::lookup::Lookup;
    use super::*;
    use crate::catalog::{Catalog, embedded};

    fn of(catalog: &Catalog) -> Vec<Figure> {
        figures(&Site { catalog, lookup: Lookup::new(catalog), base: None })
    }

    #[test]
    fn names_of_evidence_are_those_of_data() {
        for (class, name) in CLASSES {
            assert_eq!(serde_json::to_value(class).unwrap(), name);
        }
    }

    #[test]
    fn every_entry_is_counted_once_where_one_value_is_counted() {
        let catalog = embedded::catalog();
        let figures = of(&catalog);
        assert_eq!(figures.len(), 7);
        for id in ["standing", "publishers", "evidence"] {
            let figure = figures.iter().find(|figure| figure.id == id).unwrap();
            assert_eq!(figure.rows.iter().map(Row::total).sum::<usize>(), catalog.entries.len(), "{id}");
        }
    }

    #[test]
    fn the_longest_bar_is_whole_and_none_is_longer() {
        for figure in of(&embedded::catalog()) {
            let ends = figure.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.start + cell.length);
            let longest = ends.max().unwrap();
            assert!(longest <= 1_000 && (longest == 1_000 || figure.id == "missing"), "{}: {longest}", figure.id);
        }
    }

    #[test]
    fn a_catalog_of_nothing_has_no_figures() {
        assert!(of(&Catalog::default()).is_empty());
    }

    #[test]
    fn lengths_are_written_with_at_most_one_digit() {
        assert_eq!([0, 5, 10, 333, 1_000].map(tenths), ["0", "0.5", "1", "33.3", "100"]);
    }
}

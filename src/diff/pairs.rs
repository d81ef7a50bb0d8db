//! Which entry of the new side is which entry of the old one. An id is a name: what an entry recognises says more.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{ID_RENAMED, ID_REUSED, IDS_SWAPPED};
use super::{Change, Side};
use crate::catalog::ArtifactType;
use crate::mapping::MediaTypeMappings;

/// The entries of both sides, each with its counterpart.
pub(super) struct Pairs<'a> {
    /// Entries that are on both sides, the old one first; by the new id.
    pub(super) both: Vec<(&'a ArtifactType, &'a ArtifactType)>,
    /// Entries of the old side alone.
    pub(super) removed: Vec<&'a ArtifactType>,
    /// Entries of the new side alone.
    pub(super) added: Vec<&'a ArtifactType>,
    /// From the old id to the new one, where they differ.
    moved: BTreeMap<&'a str, &'a str>,
}

impl<'a> Pairs<'a> {
    /// Finds the counterparts: by what is recognised, then by an alias that is a former id, then by the same id.
    pub(super) fn new(old: &'a Side, new: &'a Side) -> Self {
        let mut moved = moved_by_rules(old, new);
        let taken: BTreeSet<&str> = moved.values().copied().collect();
        let fresh: Vec<&ArtifactType> = new
            .catalog
            .entries
            .iter()
            .filter(|entry| old.catalog.get(&entry.id).is_none() && !taken.contains(entry.id.as_str()))
            .collect();
        for entry in &old.catalog.entries {
            if new.catalog.get(&entry.id).is_some() || moved.contains_key(entry.id.as_str()) {
                continue;
            }
            let mut named = fresh.iter().filter(|other| other.aliases.contains(&entry.id));
            if let (Some(one), None) = (named.next(), named.next())
                && moved.values().all(|taken| *taken != one.id)
            {
                moved.insert(&entry.id, &one.id);
            }
        }
        let taken: BTreeSet<&str> = moved.values().copied().collect();
        let mut pairs = Self { both: Vec::new(), removed: Vec::new(), added: Vec::new(), moved };
        for entry in &old.catalog.entries {
            let id = entry.id.as_str();
            let to = pairs.moved.get(id).copied();
            let counterpart = match to {
                Some(to) => new.catalog.get(to),
                None if taken.contains(id) => None,
                None => new.catalog.get(id),
            };
            match counterpart {
                Some(other) => pairs.both.push((entry, other)),
                None => pairs.removed.push(entry),
            }
        }
        let known: BTreeSet<&str> = pairs.both.iter().map(|(_, after)| after.id.as_str()).collect();
        pairs.added = new.catalog.entries.iter().filter(|entry| !known.contains(entry.id.as_str())).collect();
        pairs.both.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        pairs
    }

    /// The id on the new side of what an id of the old side stands for.
    pub(super) fn id<'b>(&'b self, old: &'b str) -> &'b str {
        self.moved.get(old).copied().unwrap_or(old)
    }

    /// The old entry of a new id.
    pub(super) fn before(&self, new: &str) -> Option<&'a ArtifactType> {
        self.both.binary_search_by(|(_, after)| after.id.as_str().cmp(new)).ok().map(|at| self.both[at].0)
    }

    /// Whether a new id stands for a type that is selected on both sides.
    pub(super) fn shown(&self, old: &Side, new: &Side, id: &str) -> bool {
        new.has(id) && self.before(id).is_some_and(|before| old.has(&before.id))
    }

    /// Tells which ids changed.
    pub(super) fn tell(&self, old: &Side, new: &Side, changes: &mut Vec<Change>) {
        for (from, to) in &self.moved {
            if !old.has(from) && !new.has(to) {
                continue;
            }
            if self.in_cycle(from) {
                let pair = self.id(to) == *from;
                // Of two that changed places, one line says all.
                if !pair || from < to {
                    let change = Change::new(&IDS_SWAPPED, to).former(from);
                    changes.push(change.note(if pair {
                        "each id now stands for what the other one was"
                    } else {
                        "several ids changed places in a circle"
                    }));
                }
                continue;
            }
            let alias = new.catalog.get(to).is_some_and(|entry| entry.aliases.iter().any(|alias| alias == from));
            changes.push(Change::new(&ID_RENAMED, to).former(from).note(if alias {
                "the former id is an alias"
            } else {
                "the former id is no alias: add it, so that searches still find the type"
            }));
            if old.catalog.get(to).is_some() {
                changes.push(Change::new(&ID_REUSED, to).note("it stands now for a type that had another id"));
            }
        }
    }

    fn in_cycle(&self, start: &str) -> bool {
        let mut at = start;
        for _ in 0..=self.moved.len() {
            match self.moved.get(at) {
                Some(next) if *next == start => return true,
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    }
}

/// Ids whose whole recognition stands under another id now.
fn moved_by_rules<'a>(old: &'a Side, new: &'a Side) -> BTreeMap<&'a str, &'a str> {
    let (before, after) = (fingerprints(&old.mapping), fingerprints(&new.mapping));
    let by_print = unique(&after);
    let alone = unique(&before);
    let known = |side: &'a Side, id: &str| side.catalog.get(id).is_some();
    before
        .iter()
        .filter(|(id, print)| alone.get(print) == Some(*id))
        .filter_map(|(id, print)| Some((*id, *by_print.get(print)?)))
        .filter(|(id, to)| id != to && known(old, id) && known(new, to))
        .collect()
}

/// What each id recognises.
fn fingerprints(mapping: &MediaTypeMappings) -> BTreeMap<&str, Vec<String>> {
    let mut prints: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for rule in &mapping.rules {
        prints.entry(&rule.type_id).or_default().push(super::word(&(rule.certainty, &rule.when)));
    }
    for rule in &mapping.facets {
        prints.entry(&rule.facet).or_default().push(super::word(&rule.when));
    }
    for print in prints.values_mut() {
        print.sort_unstable();
    }
    prints
}

/// The ids that alone have their print.
fn unique<'a, 'b>(prints: &'b BTreeMap<&'a str, Vec<String>>) -> BTreeMap<&'b Vec<String>, &'a str> {
    let mut seen: BTreeMap<&Vec<String>, Option<&'a str>> = BTreeMap::new();
    for (id, print) in prints {
        seen.entry(print).and_modify(|one| *one = None).or_insert(Some(id));
    }
    seen.into_iter().filter_map(|(print, id)| Some((print, id?))).collect()
}

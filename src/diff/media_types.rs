//! Media types: which types name them, and what the list of 2019 says of them.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{
    FORMER_MEDIA_TYPE_ADDED, MAPPED_MEDIA_TYPE_ADDED, MAPPED_MEDIA_TYPE_MOVED, MAPPED_MEDIA_TYPE_REMOVED,
    MEDIA_TYPE_ADDED, MEDIA_TYPE_FORMER, MEDIA_TYPE_MOVED, MEDIA_TYPE_REMOVED,
};
use super::pairs::Pairs;
use super::{Change, Side, word};
use crate::catalog::ArtifactType;
use crate::catalog::claims::claims;
use crate::catalog::model::Place;

/// A media type and where it stands.
type Use<'a> = (&'a str, Place);

/// What a type names.
#[derive(Default)]
struct Named<'a> {
    current: BTreeSet<Use<'a>>,
    former: BTreeSet<Use<'a>>,
}

impl<'a> Named<'a> {
    fn of(entry: &'a ArtifactType) -> Self {
        let mut named = Self::default();
        for (media_type, usage) in claims(entry) {
            let list = if usage.former { &mut named.former } else { &mut named.current };
            list.insert((media_type, usage.place));
        }
        named
    }

    fn has_former(&self, media_type: &str) -> bool {
        self.former.iter().any(|(former, _)| *former == media_type)
    }
}

fn part((media_type, place): Use<'_>) -> String {
    format!("{media_type} ({})", word(&place))
}

pub(super) fn compare(old: &Side, new: &Side, pairs: &Pairs<'_>, changes: &mut Vec<Change>) {
    // Who names a media type newly, by the media type and its place.
    let mut gained: BTreeMap<Use<'_>, Vec<&str>> = BTreeMap::new();
    let added = pairs.added.iter().map(|entry| (None, *entry));
    for (before, after) in pairs.both.iter().map(|(before, after)| (Some(*before), *after)).chain(added) {
        let had = before.map(Named::of).unwrap_or_default();
        for usage in Named::of(after).current.difference(&had.current) {
            gained.entry(*usage).or_default().push(&after.id);
        }
    }
    // A media type that several types share goes nowhere when one of them gives it up.
    let mut owners: BTreeMap<Use<'_>, usize> = BTreeMap::new();
    for usage in old.catalog.entries.iter().flat_map(|entry| Named::of(entry).current) {
        *owners.entry(usage).or_default() += 1;
    }
    gained.retain(|usage, _| owners.get(usage) == Some(&1));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut moved: BTreeSet<(&str, Use<'_>)> = BTreeSet::new();
    for (before, after) in pairs.both.iter().filter(|(_, after)| pairs.shown(old, new, &after.id)) {
        let (had, has) = (Named::of(before), Named::of(after));
        let change = |kind, usage| Change::new(kind, &after.id).former(&before.id).part(part(usage));
        for usage in had.current.difference(&has.current) {
            told.insert(usage.0);
            if has.has_former(usage.0) {
                changes.push(change(&MEDIA_TYPE_FORMER, *usage));
            } else if let Some(to) = gained.get(usage) {
                moved.extend(to.iter().map(|to| (*to, *usage)));
                changes.push(change(&MEDIA_TYPE_MOVED, *usage).before(after.id.clone()).after(to.join(", ")));
            } else {
                changes.push(change(&MEDIA_TYPE_REMOVED, *usage));
            }
        }
        for usage in had.former.difference(&has.former).filter(|usage| !has.current.contains(*usage)) {
            told.insert(usage.0);
            changes.push(change(&MEDIA_TYPE_REMOVED, *usage).note("it was a former media type"));
        }
    }
    for entry in pairs.removed.iter().filter(|entry| old.has(&entry.id)) {
        for usage in Named::of(entry).current {
            told.insert(usage.0);
            if let Some(to) = gained.get(&usage) {
                moved.extend(to.iter().map(|to| (*to, usage)));
                let change = Change::new(&MEDIA_TYPE_MOVED, &entry.id).part(part(usage));
                changes.push(change.before(entry.id.clone()).after(to.join(", ")));
            }
        }
    }
    for (before, after) in pairs.both.iter().filter(|(_, after)| pairs.shown(old, new, &after.id)) {
        let (had, has) = (Named::of(before), Named::of(after));
        let change = |kind, usage| Change::new(kind, &after.id).former(&before.id).part(part(usage));
        for usage in has.current.difference(&had.current).filter(|usage| !moved.contains(&(after.id.as_str(), **usage)))
        {
            told.insert(usage.0);
            let change = change(&MEDIA_TYPE_ADDED, *usage);
            changes.push(if had.has_former(usage.0) { change.note("it was a former media type") } else { change });
        }
        for usage in has.former.difference(&had.former).filter(|usage| !had.current.contains(*usage)) {
            told.insert(usage.0);
            changes.push(change(&FORMER_MEDIA_TYPE_ADDED, *usage));
        }
    }
    mapped(old, new, pairs, &told, changes);
}

/// The elements of `mediaTypes`, as far as nothing else says what became of them.
fn mapped(old: &Side, new: &Side, pairs: &Pairs<'_>, told: &BTreeSet<&str>, changes: &mut Vec<Change>) {
    let list = |side: &'_ Side| -> BTreeMap<String, String> {
        side.mapping.media_types.iter().map(|one| (one.media_type.clone(), one.type_id.clone())).collect()
    };
    let (before, after) = (list(old), list(new));
    let silent = |media_type: &str| told.contains(media_type);
    for (media_type, was) in &before {
        let id = pairs.id(was);
        match after.get(media_type) {
            Some(is) if is == id || silent(media_type) => {}
            Some(is) => changes.push(
                Change::new(&MAPPED_MEDIA_TYPE_MOVED, is)
                    .part(media_type.clone())
                    .before(was.clone())
                    .after(is.clone()),
            ),
            None if silent(media_type) || !pairs.shown(old, new, id) => {}
            None => changes.push(Change::new(&MAPPED_MEDIA_TYPE_REMOVED, id).part(media_type.clone())),
        }
    }
    for (media_type, is) in &after {
        if !before.contains_key(media_type) && !silent(media_type) && pairs.shown(old, new, is) {
            changes.push(Change::new(&MAPPED_MEDIA_TYPE_ADDED, is).part(media_type.clone()));
        }
    }
}

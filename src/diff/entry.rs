//! What an entry says of its type, field by field.

use std::collections::BTreeMap;

use serde::Serialize;

use super::kinds::{
    ACTION_ADDED, ACTION_CHANGED, ACTION_REMOVED, ACTIONS_DESCRIBED, ALIAS_ADDED, ALIAS_REMOVED, ATTACHMENT_CHANGED,
    CONFIG_SCHEMA_CHANGED, DESCRIPTION_CHANGED, EXAMPLES_CHANGED, HISTORY_CHANGED, IANA_CHANGED, ICON_CHANGED,
    KIND_CHANGED, Kind, LABEL_CHANGED, LINKS_CHANGED, NOTES_CHANGED, ORIGIN_CHANGED, PARENT_CHANGED,
    REFINEMENT_CHANGED, ROLES_CHANGED, SCANNING_CHANGED, SOURCES_CHANGED, STATUS_CHANGED, SUCCESSOR_CHANGED,
    SUMMARY_CHANGED, TIER_CHANGED, TITLE_CHANGED, TOOLS_CHANGED,
};
use super::pairs::Pairs;
use super::{Change, Side, structure, word, words};
use crate::catalog::ArtifactType;
use crate::catalog::model::{Action, Attachment, Status};

/// Collects the changes of one entry.
struct Told<'a> {
    id: &'a str,
    former: &'a str,
    changes: &'a mut Vec<Change>,
}

impl Told<'_> {
    fn change(&self, kind: &'static Kind) -> Change {
        Change::new(kind, self.id).former(self.former)
    }

    /// A value that is shown.
    fn value<T: PartialEq + Serialize>(&mut self, kind: &'static Kind, was: &T, is: &T) {
        if was != is {
            let change = self.change(kind).before(word(was)).after(word(is));
            self.changes.push(change);
        }
    }

    /// A value that may be absent.
    fn optional(&mut self, kind: &'static Kind, was: Option<String>, is: Option<String>) {
        if was != is {
            let change = self.change(kind).before(was).after(is);
            self.changes.push(change);
        }
    }

    /// A value that is too long to show: only that it changed.
    fn silent<T: PartialEq>(&mut self, kind: &'static Kind, part: &str, was: &T, is: &T) {
        if was != is {
            let change = self.change(kind).part(part);
            self.changes.push(change);
        }
    }
}

/// Compares what both entries say. Every field is named, so that a new one is not forgotten.
pub(super) fn compare(was: &ArtifactType, is: &ArtifactType, pairs: &Pairs<'_>, changes: &mut Vec<Change>) {
    let ArtifactType {
        id: _,
        kind,
        title,
        label,
        summary,
        description,
        aliases,
        status,
        replaced_by,
        tier,
        since,
        publisher,
        owner,
        roles,
        is_a,
        attaches_to,
        identify,
        structure,
        former_media_types,
        tools,
        actions,
        scanning,
        icon,
        links,
        iana,
        sources,
        examples,
        changes: history,
    } = was;
    let renamed = |id: &Option<String>| id.as_deref().map(|id| pairs.id(id).to_owned());
    let told = &mut Told { id: &is.id, former: &was.id, changes };
    told.value(&KIND_CHANGED, kind, &is.kind);
    told.value(&TITLE_CHANGED, title, &is.title);
    told.value(&LABEL_CHANGED, label, &is.label);
    told.value(&SUMMARY_CHANGED, summary, &is.summary);
    told.silent(&DESCRIPTION_CHANGED, "description", description, &is.description);
    self::aliases(told, aliases, &is.aliases);
    told.optional(&STATUS_CHANGED, Some(standing(status)), Some(standing(&is.status)));
    told.optional(&SUCCESSOR_CHANGED, renamed(replaced_by), is.replaced_by.clone());
    told.value(&TIER_CHANGED, tier, &is.tier);
    told.silent(&ORIGIN_CHANGED, "since", since, &is.since);
    told.silent(&ORIGIN_CHANGED, "publisher", publisher, &is.publisher);
    told.silent(&ORIGIN_CHANGED, "owner", owner, &is.owner);
    told.optional(&ROLES_CHANGED, words(roles), words(&is.roles));
    told.optional(&PARENT_CHANGED, renamed(is_a), is.is_a.clone());
    let attachment = attaches_to.clone().map(|attachment| Attachment {
        targets: attachment.targets.iter().map(|id| pairs.id(id).to_owned()).collect(),
        ..attachment
    });
    told.optional(&ATTACHMENT_CHANGED, attachment.as_ref().map(word), is.attaches_to.as_ref().map(word));
    // The rules themselves are compared in the mapping, with those of the other types.
    let refines = |entry: &ArtifactType, id: &dyn Fn(&str) -> String| {
        let ids = entry.identify.iter().flat_map(|identify| &identify.refines);
        words(&ids.map(|one| id(one)).collect::<Vec<_>>())
    };
    told.optional(&REFINEMENT_CHANGED, refines(was, &|one| pairs.id(one).to_owned()), refines(is, &ToOwned::to_owned));
    let notes = |entry: &ArtifactType| {
        let identify = entry.identify.as_ref();
        let notes = identify.map(|identify| identify.rules.iter().map(|rule| rule.note.clone()).collect::<Vec<_>>());
        let titles = identify.map(|identify| {
            identify.subtypes.iter().map(|one| (one.id.clone(), one.title.clone())).collect::<BTreeMap<_, _>>()
        });
        (notes.unwrap_or_default(), titles.unwrap_or_default())
    };
    if identify != &is.identify {
        let ((notes, titles), (new_notes, new_titles)) = (notes(was), notes(is));
        // Where there are other rules, other notes are no news.
        if notes.len() == new_notes.len() {
            told.silent(&NOTES_CHANGED, "notes of rules", &notes, &new_notes);
        }
        if titles.keys().eq(new_titles.keys()) {
            told.silent(&NOTES_CHANGED, "titles of sub-types", &titles, &new_titles);
        }
    }
    if former_media_types.iter().any(|former| {
        let same = |other: &&_| {
            let other: &crate::catalog::model::FormerMediaType = other;
            other.media_type == former.media_type && other.place == former.place
        };
        is.former_media_types.iter().find(same).is_some_and(|other| other != former)
    }) {
        let change = told.change(&NOTES_CHANGED).part("former media types");
        told.changes.push(change);
    }
    let install = |entry: &ArtifactType| -> Vec<String> {
        entry
            .tools
            .iter()
            .map(|tool| format!("{} ({})", tool.title, tool.install.as_ref().unwrap_or(&tool.home)))
            .collect()
    };
    if tools != &is.tools {
        let change = told.change(&TOOLS_CHANGED).before(words(&install(was))).after(words(&install(is)));
        told.changes.push(change);
    }
    self::actions(told, actions, &is.actions);
    told.optional(&SCANNING_CHANGED, scanning.as_ref().map(word), is.scanning.as_ref().map(word));
    told.silent(&ICON_CHANGED, "icon", icon, &is.icon);
    told.silent(&LINKS_CHANGED, "links", links, &is.links);
    told.silent(&IANA_CHANGED, "iana", iana, &is.iana);
    told.silent(&SOURCES_CHANGED, "sources", sources, &is.sources);
    told.silent(&EXAMPLES_CHANGED, "examples", examples, &is.examples);
    told.silent(&HISTORY_CHANGED, "changes", history, &is.changes);
    structure::compare(&is.id, &was.id, structure.as_ref(), is.structure.as_ref(), told.changes);
}

/// The files beside both entries, where both are known.
pub(super) fn compare_files(old: &Side, new: &Side, was: &ArtifactType, is: &ArtifactType, changes: &mut Vec<Change>) {
    if old.catalog.files.is_empty() || new.catalog.files.is_empty() {
        return;
    }
    let file = |name| (old.catalog.file(&was.id, name), new.catalog.file(&is.id, name));
    let (before, after) = file("icon.svg");
    if before != after && was.icon == is.icon {
        changes.push(Change::new(&ICON_CHANGED, &is.id).former(&was.id).part("icon.svg"));
    }
    if let (Some(before), Some(after)) = file("config.schema.json")
        && before != after
    {
        changes.push(Change::new(&CONFIG_SCHEMA_CHANGED, &is.id).former(&was.id));
    }
}

fn aliases(told: &mut Told<'_>, was: &[String], is: &[String]) {
    for alias in was.iter().filter(|alias| !is.contains(alias)) {
        let change = told.change(&ALIAS_REMOVED).part(alias.clone());
        told.changes.push(change);
    }
    for alias in is.iter().filter(|alias| !was.contains(alias)) {
        let change = told.change(&ALIAS_ADDED).part(alias.clone());
        told.changes.push(change);
    }
}

fn standing(status: &Status) -> String {
    let mut text = word(&status.state);
    if let Some(since) = &status.since {
        text = format!("{text} since {since}");
    }
    match &status.reason {
        Some(reason) => format!("{text}: {reason}"),
        None => text,
    }
}

/// Actions with their number among those of the same title.
fn numbered(actions: &[Action]) -> BTreeMap<(&str, usize), &Action> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    actions
        .iter()
        .map(|action| {
            let count = seen.entry(&action.title).or_default();
            *count += 1;
            ((action.title.as_str(), *count), action)
        })
        .collect()
}

fn actions(told: &mut Told<'_>, was: &[Action], is: &[Action]) {
    let before = told.changes.len();
    let (old, new) = (numbered(was), numbered(is));
    let argv = |action: &Action| word(&action.argv);
    for ((title, n), action) in &old {
        match new.get(&(title, *n)) {
            None => {
                let change = told.change(&ACTION_REMOVED).part(*title).before(argv(action));
                told.changes.push(change);
            }
            Some(other) if action.argv != other.argv => {
                let change = told.change(&ACTION_CHANGED).part(*title).before(argv(action)).after(argv(other));
                told.changes.push(change);
            }
            Some(other) if action.inputs != other.inputs || action.tool != other.tool => {
                let about = |action: &Action| word(&(&action.tool, &action.inputs));
                let change = told.change(&ACTION_CHANGED).part(*title).before(about(action)).after(about(other));
                told.changes.push(change.note("its tool or what the user supplies is another one"));
            }
            Some(_) => {}
        }
    }
    for ((title, _), action) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        let change = told.change(&ACTION_ADDED).part(*title).after(argv(action));
        told.changes.push(change);
    }
    if was != is && told.changes.len() == before {
        let change = told.change(&ACTIONS_DESCRIBED);
        told.changes.push(change);
    }
}

//! Forms of a comparison for people. Everything that entries say is foreign text: shown, never interpreted.

pub mod human;
pub mod markdown;

use super::kinds::{Class, Kind};
use super::{Change, Diff};
use crate::source::text::clip;

/// Most characters of a value that are shown.
const MOST_CHARACTERS: usize = 300;
/// Most examples of a change that are named.
const MOST_EXAMPLES: usize = 5;

/// What was there and what is there, as much as is shown: of long values from shortly before they differ.
fn values(change: &Change) -> [Option<String>; 2] {
    let (before, after) = (change.before.as_deref().unwrap_or_default(), change.after.as_deref().unwrap_or_default());
    let same = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
    let long = [before, after].into_iter().any(|text| text.chars().count() > MOST_CHARACTERS);
    let skipped = if long && change.before.is_some() && change.after.is_some() { same.saturating_sub(40) } else { 0 };
    [&change.before, &change.after].map(|value| {
        value.as_deref().map(|text| {
            let rest: String = text.chars().skip(skipped).collect();
            let shown = clip(&rest, MOST_CHARACTERS);
            if skipped > 0 { format!("…{shown}") } else { shown.into_owned() }
        })
    })
}

/// The changes of a class, by kind.
fn groups(diff: &Diff, class: Class) -> Vec<(&'static Kind, &[Change])> {
    let of_class = |change: &&[Change]| change[0].class == class;
    diff.changes.chunk_by(|a, b| a.kind == b.kind).filter(of_class).map(|changes| (changes[0].kind, changes)).collect()
}

fn count(diff: &Diff, class: Class) -> usize {
    match class {
        Class::Breaking => diff.counts.breaking,
        Class::Notable => diff.counts.notable,
        Class::Harmless => diff.counts.harmless,
    }
}

/// `1 change`, `2 changes`.
fn changes(count: usize) -> String {
    format!("{count} change{}", if count == 1 { "" } else { "s" })
}

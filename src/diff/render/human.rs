//! For a terminal.

use std::fmt::Write as _;

use super::{MOST_CHARACTERS, MOST_EXAMPLES, changes, count, groups, values};
use crate::diff::kinds::Class;
use crate::diff::{Change, Diff, State};
use crate::source::text::{clip, visible};

/// The comparison for people, the gravest changes first.
#[must_use]
pub fn render(diff: &Diff) -> String {
    let mut text = String::new();
    for (name, state) in [("old", &diff.old), ("new", &diff.new)] {
        let State { name: side, version, digest } = state;
        let _ = writeln!(text, "{name}  {}  {}  {}", visible(side), visible(version), visible(digest));
    }
    for class in Class::ALL {
        let groups = groups(diff, class);
        if groups.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{}: {}", class.name(), changes(count(diff, class)));
        for (kind, changes) in groups {
            let _ = writeln!(text, "\n  {}: {}.\n  {}", kind.id, kind.summary(), kind.why());
            for change in changes {
                line(change, &mut text);
            }
        }
    }
    let proposal = &diff.proposal;
    if diff.changes.is_empty() {
        let of = if diff.selected { "the selection" } else { "those who use the mapping" };
        let _ = writeln!(text, "\nnothing changes for {of}");
    } else {
        let _ = writeln!(text, "\nnext version: {}\n  {}", visible(&proposal.version), proposal.reason);
        if !proposal.undated.is_empty() {
            let ids: Vec<_> = proposal.undated.iter().map(|id| visible(id)).collect();
            let _ = writeln!(text, "  `changes` has no new line that says what breaks: {}", ids.join(", "));
        }
    }
    text
}

fn line(change: &Change, text: &mut String) {
    text.push_str("    ");
    if let Some(id) = &change.type_id {
        text.push_str(&visible(id));
    }
    if let Some(former) = &change.former_type {
        let _ = write!(text, " (was {})", visible(former));
    }
    if let Some(part) = &change.part {
        let colon = if change.type_id.is_some() { ": " } else { "" };
        let _ = write!(text, "{colon}{}", visible(&clip(part, MOST_CHARACTERS)));
    }
    text.push('\n');
    for (sign, value) in ['-', '+'].into_iter().zip(values(change)) {
        if let Some(value) = value {
            let _ = writeln!(text, "      {sign} {}", visible(&value));
        }
    }
    if let Some(note) = change.note {
        let _ = writeln!(text, "      {note}");
    }
    if !change.examples.is_empty() {
        let named: Vec<_> = change.examples.iter().take(MOST_EXAMPLES).map(|example| visible(example)).collect();
        let more = change.examples.len() - named.len();
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let _ = writeln!(text, "      examples: {}{more}", named.join(", "));
    }
}

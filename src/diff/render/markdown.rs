//! For a pull request and a changelog.
//!
//! Foreign text stands in code spans only, on one line, where Markdown gives no character a meaning but the backtick;
//! the fence of a span is longer than every run of backticks in it.

use std::fmt::Write as _;

use super::{MOST_CHARACTERS, MOST_EXAMPLES, count, groups, values};
use crate::diff::kinds::Class;
use crate::diff::{Change, Diff};
use crate::source::text::{clip, visible};

/// Most changes of a kind that are listed.
const MOST_CHANGES: usize = 50;

/// The comparison as Markdown, bounded in size.
#[must_use]
pub fn render(diff: &Diff) -> String {
    let mut text = "## What changes for consumers\n\n".to_owned();
    let (old, new) = (code(&diff.old.version), code(&diff.new.version));
    let of = if diff.selected { " of the selection" } else { "" };
    if diff.changes.is_empty() {
        let _ = writeln!(text, "Nothing{of} changes from catalog {old} to {new}.");
        return text;
    }
    let counts: Vec<String> =
        Class::ALL.into_iter().map(|class| format!("{} {}", count(diff, class), class.name())).collect();
    let _ = writeln!(text, "From catalog {old} to {new}{of}: {}.", counts.join(", "));
    for class in Class::ALL {
        let groups = groups(diff, class);
        if groups.is_empty() {
            continue;
        }
        let title = match class {
            Class::Breaking => "Breaking",
            Class::Notable => "Notable",
            Class::Harmless => "Harmless",
        };
        let _ = writeln!(text, "\n### {title}");
        for (kind, all) in groups {
            let _ = writeln!(text, "\n**{}.** {} ({})\n", kind.summary(), kind.why(), code(kind.id));
            all.iter().take(MOST_CHANGES).for_each(|change| item(change, &mut text));
            if all.len() > MOST_CHANGES {
                let _ = writeln!(text, "- and {} more", all.len() - MOST_CHANGES);
            }
        }
    }
    let proposal = &diff.proposal;
    let _ = writeln!(text, "\nNext version: {}: {}.", code(&proposal.version), proposal.reason);
    if !proposal.undated.is_empty() {
        let ids = list(&proposal.undated, MOST_CHANGES);
        let _ = writeln!(text, "\n`changes` has no new line that says what breaks: {ids}.");
    }
    text
}

fn item(change: &Change, text: &mut String) {
    text.push_str("- ");
    if let Some(id) = &change.type_id {
        text.push_str(&code(id));
    }
    if let Some(former) = &change.former_type {
        let _ = write!(text, " (was {})", code(former));
    }
    if let Some(part) = &change.part {
        let colon = if change.type_id.is_some() { ": " } else { "" };
        let _ = write!(text, "{colon}{}", code(part));
    }
    let _ = match values(change) {
        [Some(before), Some(after)] => write!(text, ": {} → {}", code(&before), code(&after)),
        [Some(before), None] => write!(text, ": was {}", code(&before)),
        [None, Some(after)] => write!(text, ": now {}", code(&after)),
        [None, None] => Ok(()),
    };
    if let Some(note) = change.note {
        let _ = write!(text, "; {note}");
    }
    if !change.examples.is_empty() {
        let _ = write!(text, "; examples: {}", list(&change.examples, MOST_EXAMPLES));
    }
    text.push('\n');
}

fn list(values: &[String], most: usize) -> String {
    let named: Vec<String> = values.iter().take(most).map(|value| code(value)).collect();
    let more = values.len() - named.len();
    if more > 0 { format!("{}, and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// Foreign text as a code span.
fn code(text: &str) -> String {
    let shown = clip(text, MOST_CHARACTERS + 1);
    let shown = visible(&shown);
    // A span of nothing, or of spaces alone, is none.
    if shown.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space on both sides is taken away again.
    let odd = shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']);
    let pad = if odd { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser};

    use super::code;

    #[test]
    fn foreign_text_stays_in_its_span() {
        for text in [
            "a",
            "`",
            "``` ``",
            "a`b``c",
            "<script>alert(1)</script>",
            "![x](https://example.com/x.png)",
            "@everyone #1 </details>",
            "a | b",
            " padded ",
            "\\`",
            "*x* _y_ [z](javascript:1)",
            "$(x) && ${{ secrets.X }}",
        ] {
            let markdown = format!("- {}: {}", code(text), code(text));
            let events: Vec<Event<'_>> = Parser::new(&markdown).collect();
            let spans: Vec<&str> = events
                .iter()
                .filter_map(|event| if let Event::Code(code) = event { Some(&**code) } else { None })
                .collect();
            assert_eq!(spans, [text, text], "{markdown}");
            assert_eq!(events.len(), 4 + 3, "{markdown}: {events:?}");
        }
        assert_eq!(code(""), "(empty)");
        assert_eq!(code("a\nb\u{202e}"), "`a\\nb\\u{202e}`");
    }
}

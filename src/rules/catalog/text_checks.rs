//! What several rules about texts share: how messages quote a text, and where in a value a snippet stands.

use super::EntryView;
use crate::finding::Finding;
use crate::shape::Part;
use crate::source::text::{clip, visible};
use crate::source::{Pointer, Span};

/// A text as messages show it: in backticks, short, nothing hidden.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", visible(&clip(text, 80)))
}

/// Points a finding at a snippet of the value at a pointer, when the file shows the snippet as it is.
pub(super) fn at_snippet(view: &EntryView<'_>, mut finding: Finding, pointer: &Pointer, snippet: &str) -> Finding {
    let line = snippet.lines().next().unwrap_or_default().trim();
    if let Some(span) = view.document.span(pointer, Part::Value)
        && !line.is_empty()
        && let Some(at) = view.document.text.get(span.range()).and_then(|text| text.find(line))
    {
        let start = span.range().start + at;
        finding.place = Some(view.document.place(Span::new(start, start + line.len())));
    }
    finding
}

//! An entry names its schema to editors.

use std::sync::Arc;

use super::EntryView;
use super::text_checks::quoted;
use crate::finding::{Edit, Finding, declare_rule};
use crate::source::Span;

declare_rule! {
    /// An entry does not begin with the comment by which editors find its schema.
    ///
    /// ## Why
    /// With it, an editor that knows the YAML language server completes keys and words, explains them, and marks
    /// mistakes while one types.
    ///
    /// ## Reported
    /// ```yaml reported
    /// # A sample.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// # yaml-language-server: $schema=../../schemas/artifact-type.schema.json
    /// ```
    ///
    /// ## How to fix
    /// Begin the file with `# yaml-language-server: $schema=../../schemas/artifact-type.schema.json`. An entry outside of
    /// this repository may give another address of the same schema.
    pub static RULE = { id: "missing-schema-line", level: Warning, since: "0.1.0", subject: Catalog }
}

const PREFIX: &str = "# yaml-language-server: $schema=";
const LINE: &str = "# yaml-language-server: $schema=../../schemas/artifact-type.schema.json";

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let first = view.document.text.lines().next().unwrap_or_default();
    // A byte order mark in front of it is a finding of its own.
    let Some(message) = complaint(first.trim_start_matches('\u{FEFF}')) else { return };
    let mut finding =
        Finding::new(&RULE, Arc::clone(&view.document.file), message).help(format!("begin the file with `{LINE}`"));
    finding.place = Some(view.document.place(Span::new(0, first.len())));
    let mark = first.len() - first.trim_start_matches('\u{FEFF}').len();
    finding.fix.push(if first[mark..].starts_with(PREFIX) {
        Edit { offset: mark, length: first.len() - mark, text: LINE.to_owned() }
    } else {
        Edit { offset: mark, length: 0, text: format!("{LINE}\n") }
    });
    findings.push(finding);
}

fn complaint(first: &str) -> Option<String> {
    if first.trim_end() == LINE {
        return None;
    }
    match first.strip_prefix(PREFIX).map(str::trim) {
        Some(address) if address.ends_with("schemas/artifact-type.schema.json") => None,
        Some(address) => Some(format!("the first line names another schema, {}", quoted(address))),
        None => Some("the first line does not name the schema".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_exact_but_for_the_address() {
        assert_eq!(complaint(LINE), None);
        assert_eq!(
            complaint("# yaml-language-server: $schema=https://example.com/schemas/artifact-type.schema.json"),
            None
        );
        assert!(complaint("# yaml-language-server: $schema=other.json").is_some());
        assert!(complaint("id: sample").is_some());
    }
}

//! What `oat new` left to a person is done.

use std::sync::Arc;

use super::EntryView;
use crate::draft::MARK;
use crate::finding::{Finding, declare_rule};
use crate::source::Span;

declare_rule! {
    /// An entry holds a mark that something is still to be written.
    ///
    /// ## Why
    /// `oat new` proposes what a document tells and marks the rest with `TODO`. What is not known is left out of an
    /// entry; a reader can not tell a guess from a fact.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: TODO what it is, in one line.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: The recipe of a soup.
    /// ```
    ///
    /// ## How to fix
    /// Write what belongs there, or remove the key when it is optional.
    pub static RULE = { id: "unfinished-entry", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let text = &*view.document.text;
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    for (at, _) in text.match_indices(MARK) {
        let end = at + MARK.len();
        if at.checked_sub(1).is_some_and(|before| word(text.as_bytes().get(before))) || word(text.as_bytes().get(end)) {
            continue;
        }
        let line = text[at..].lines().next().unwrap_or(MARK).trim_end_matches(['"', '\'']);
        let message = match line[MARK.len()..].trim_start_matches([' ', ':']) {
            "" => "this is still to be written".to_owned(),
            rest => format!("still to be written: {rest}"),
        };
        let mut finding = Finding::new(&RULE, Arc::clone(&view.document.file), message);
        finding.place = Some(view.document.place(Span::new(at, end)));
        findings.push(finding.help("write it, or remove the key when it is optional"));
    }
}

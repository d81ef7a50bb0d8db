//! The date of the first publication has a source.

use super::EntryView;
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// No source of an entry names the year of `since`.
    ///
    /// ## Why
    /// A date is remembered easily and wrongly: the year of a release, of a specification and of the first commit differ.
    /// A date that nobody can look up is left out.
    ///
    /// ## Reported
    /// ```yaml reported
    /// since: "2019"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// since: "2019"
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///     fact: The config, in the first release of March 2019.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## How to fix
    /// Add a source whose `fact` says when the type was first published, or remove `since`.
    pub static RULE = { id: "unproved-date", level: Warning, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let Some(since) = &view.entry.since else { return };
    let Some(year) = since.get(..4) else { return };
    if view.entry.sources.iter().any(|source| source.fact.contains(year)) {
        return;
    }
    let message = format!("no source says what happened in {}", quoted(year));
    let finding = view.at(&RULE, &Pointer::root().key("since"), Part::Value, message);
    findings.push(finding.help("add a source whose `fact` names the year of the first publication, or remove `since`"));
}

//! What is not active says why.

use super::EntryView;
use crate::catalog::model::State;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A type that is not active gives no reason, or an active one names a successor.
    ///
    /// ## Why
    /// Whoever meets a deprecated type in a registry asks why, and what to use. The page and the linter of manifests
    /// answer with the reason and with `replacedBy`.
    ///
    /// ## Reported
    /// ```yaml reported
    /// status:
    ///   state: deprecated
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// status:
    ///   state: deprecated
    ///   since: "2024-05"
    ///   reason: The tool writes another form since 3.0.
    /// ```
    ///
    /// ## How to fix
    /// Add `reason` in one sentence. `replacedBy` belongs to deprecated and withdrawn types only.
    pub static RULE = { id: "status-without-reason", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let status = &view.entry.status;
    let root = Pointer::root();
    let state = match status.state {
        State::Active => "active",
        State::Proposed => "proposed",
        State::Deprecated => "deprecated",
        State::Withdrawn => "withdrawn",
    };
    if status.state != State::Active && status.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        let message = format!("the type is {state}, and no reason is given");
        let finding = view.at(&RULE, &root.key("status").key("state"), Part::Value, message);
        findings.push(finding.help("add `reason:` with one sentence"));
    }
    let gone = matches!(status.state, State::Deprecated | State::Withdrawn);
    // Where the state can not be read, nothing is known of it.
    let known = view.value.pointer("/status/state").and_then(|state| state.as_str()) == Some(state);
    if known && !gone && view.entry.replaced_by.is_some() {
        let message = format!("the type is {state}, and has a successor");
        let finding = view.at(&RULE, &root.key("replacedBy"), Part::Key, message);
        findings.push(finding.help("remove `replacedBy`, or set the state to `deprecated` or `withdrawn`"));
    }
}

//! An action names a tool of its entry.

use super::EntryView;
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::shape::schema::suggestion;
use crate::source::Pointer;

declare_rule! {
    /// An action names a tool that its entry does not have.
    ///
    /// ## Why
    /// Who shows the command shows the tool beside it, with its home page and how to install it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tools:
    ///   - id: oras
    ///     title: ORAS
    ///     home: https://oras.land
    /// actions:
    ///   - title: Pull
    ///     tool: orass
    ///     argv: [oras, pull, "{reference}"]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tools:
    ///   - id: oras
    ///     title: ORAS
    ///     home: https://oras.land
    /// actions:
    ///   - title: Pull
    ///     tool: oras
    ///     argv: [oras, pull, "{reference}"]
    /// ```
    ///
    /// ## How to fix
    /// Correct the name, or add the tool under `tools`.
    pub static RULE = { id: "unknown-tool", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    // Where the tools can not be read, nothing is known to be missing.
    if view.entry.tools.is_empty() && view.value.get("tools").is_some() {
        return;
    }
    let known: Vec<String> = view.entry.tools.iter().map(|tool| tool.id.clone()).collect();
    for (index, action) in view.entry.actions.iter().enumerate().filter(|(_, action)| !known.contains(&action.tool)) {
        let at = Pointer::root().key("actions").index(index).key("tool");
        let help = if known.is_empty() {
            "add the tool under `tools`".to_owned()
        } else {
            suggestion(&action.tool, &known, "the entry has")
        };
        let message = format!("the entry has no tool {}", quoted(&action.tool));
        findings.push(view.at(&RULE, &at, Part::Value, message).help(help));
    }
}

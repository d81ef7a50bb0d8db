//! Placeholders of commands are known, and inputs are used.

use super::EntryView;
use super::arguments::{PLACEHOLDERS, placeholders};
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::shape::schema::suggestion;
use crate::source::Pointer;

declare_rule! {
    /// A command holds a placeholder that nothing fills, or an action declares an input that its command does not use.
    ///
    /// ## Why
    /// Who shows the command puts values in the place of the placeholders. One that is neither built in nor an input of
    /// the action would stay in the command as it is; an input that is not used is asked for in vain.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tools:
    ///   - id: oras
    ///     title: ORAS
    ///     home: https://oras.land
    /// actions:
    ///   - title: Pull
    ///     tool: oras
    ///     argv: [oras, pull, "{refrence}"]
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
    ///     argv: [oras, pull, "{reference}", --output, "{folder}"]
    ///     inputs:
    ///       - name: folder
    ///         kind: dir
    ///         description: Where to put the files.
    /// ```
    ///
    /// ## How to fix
    /// Use `{reference}`, `{location}`, `{registry}`, `{repository}`, `{name}`, `{tag}` or `{digest}`, or declare the
    /// placeholder under `inputs`.
    pub static RULE = { id: "unknown-placeholder", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (index, action) in view.entry.actions.iter().enumerate() {
        let at = Pointer::root().key("actions").index(index);
        let inputs = || action.inputs.iter().map(|input| input.name.as_str());
        let known: Vec<String> = PLACEHOLDERS.into_iter().chain(inputs()).map(|name| format!("{{{name}}}")).collect();
        let mut used = Vec::new();
        for (position, element) in action.argv.iter().enumerate() {
            for name in placeholders(element) {
                used.push(name);
                let written = format!("{{{name}}}");
                if !known.contains(&written) {
                    let message = format!("nothing fills the placeholder {}", quoted(&written));
                    let finding = view.at(&RULE, &at.key("argv").index(position), Part::Value, message);
                    findings.push(finding.help(suggestion(
                        &written,
                        &known,
                        "declare it under `inputs`, or use one of",
                    )));
                }
            }
        }
        for (position, input) in action.inputs.iter().enumerate() {
            let at = at.key("inputs").index(position).key("name");
            let name = input.name.as_str();
            if PLACEHOLDERS.contains(&name) {
                let message = format!("the input {} has the name of a placeholder that is built in", quoted(name));
                findings.push(view.at(&RULE, &at, Part::Value, message).help("choose another name"));
            } else if !used.contains(&name) {
                let message = format!("the command does not use the input {}", quoted(name));
                let finding = view.at(&RULE, &at, Part::Value, message);
                findings.push(finding.help(format!("put `{{{name}}}` into `argv`, or remove the input")));
            }
        }
    }
}

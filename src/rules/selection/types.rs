//! What a selection names is there.

use std::collections::BTreeSet;

use super::SelectionView;
use crate::catalog::Catalog;
use crate::finding::{Finding, declare_rule};
use crate::selection::Verdict;
use crate::shape::{Part, schema};
use crate::source::Pointer;
use crate::source::text::visible;

declare_rule! {
    /// A rule of a selection matches no type.
    ///
    /// ## Why
    /// Most often it is a slip of the pen, and the types that were meant are taken or left out against the will of who
    /// wrote it.
    ///
    /// ## Reported
    /// ```yaml reported selection.yaml
    /// default: include
    /// rules:
    ///   - verdict: exclude
    ///     ids: ["helmet-*"]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted selection.yaml
    /// default: include
    /// rules:
    ///   - verdict: exclude
    ///     ids: ["helm-*"]
    /// ```
    ///
    /// ## How to fix
    /// `oat types` lists the types, with `--role`, `--tier` and `--status` those of a rule. Remove the rule when what it
    /// was about is gone.
    ///
    /// ## Specification
    /// The form of a selection: [the guide for operators](../../guides/operators/index.html).
    pub static EMPTY_RULE = { id: "selection-matches-nothing", level: Error, since: "0.1.0", subject: Selection }
}

declare_rule! {
    /// A selection names a type that the catalog does not have.
    ///
    /// ## Why
    /// What it says of that type has no effect.
    ///
    /// ## Reported
    /// ```yaml reported selection.yaml
    /// default: exclude
    /// rules:
    ///   - verdict: include
    ///     ids: [helm-chart, helm-chrat]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted selection.yaml
    /// default: exclude
    /// rules:
    ///   - verdict: include
    ///     ids: [helm-chart]
    /// ```
    ///
    /// ## How to fix
    /// Write the id as `oat types` lists it. Where the type left the catalog, its former entry or the changes say what
    /// took its place.
    ///
    /// ## Specification
    /// The form of a selection: [the guide for operators](../../guides/operators/index.html).
    pub static UNKNOWN_TYPE = { id: "selection-unknown-type", level: Error, since: "0.1.0", subject: Selection }
}

declare_rule! {
    /// A selection keeps an action that the type does not have.
    ///
    /// ## Why
    /// The action is not offered, though somebody meant it to be.
    ///
    /// ## Reported
    /// ```yaml reported selection.yaml
    /// default: include
    /// overrides:
    ///   helm-chart:
    ///     actions: [Pull, Upgrade]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted selection.yaml
    /// default: include
    /// overrides:
    ///   helm-chart:
    ///     actions: [Install, Pull]
    /// ```
    ///
    /// ## How to fix
    /// Write the titles as `oat show` lists them. Commands of your own belong into an entry of an overlay that takes the
    /// place of the catalog's.
    ///
    /// ## Specification
    /// The form of a selection: [the guide for operators](../../guides/operators/index.html).
    pub static UNKNOWN_ACTION = { id: "selection-unknown-action", level: Error, since: "0.1.0", subject: Selection }
}

declare_rule! {
    /// A selection says how to show a type that it leaves out.
    ///
    /// ## Why
    /// The override has no effect. Either it is left over, or the type was to be taken.
    ///
    /// ## Reported
    /// ```yaml reported selection.yaml
    /// default: exclude
    /// rules:
    ///   - verdict: include
    ///     roles: [sbom]
    /// overrides:
    ///   helm-chart:
    ///     label: Chart
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted selection.yaml
    /// default: exclude
    /// rules:
    ///   - verdict: include
    ///     ids: [helm-chart]
    /// overrides:
    ///   helm-chart:
    ///     label: Chart
    /// ```
    ///
    /// ## How to fix
    /// Remove the override, or include the type. `oat types --select selection.yaml --why ID` tells which rule decided.
    ///
    /// ## Specification
    /// The form of a selection: [the guide for operators](../../guides/operators/index.html).
    pub static UNUSED_OVERRIDE = { id: "selection-unused-override", level: Warning, since: "0.1.0", subject: Selection }
}

pub(super) fn check(view: &SelectionView<'_>, findings: &mut Vec<Finding>) {
    rules(view, findings);
    overrides(view, findings);
}

fn rules(view: &SelectionView<'_>, findings: &mut Vec<Finding>) {
    let known: BTreeSet<&str> = view.catalog.entries.iter().map(|entry| entry.id.as_str()).collect();
    for (at, rule) in view.selection.rules.iter().enumerate() {
        let place = Pointer::root().key("rules").index(at);
        let mut unknown = 0;
        for (number, id) in rule.ids.iter().enumerate() {
            if !id.contains('*') && !known.contains(id.as_str()) {
                unknown += 1;
                let place = place.key("ids").index(number);
                findings.push(unknown_type(view, &place, Part::Value, id));
            }
        }
        // That ids which are all unknown match nothing says nothing new.
        let said = unknown > 0 && unknown == rule.ids.len();
        if !said && !view.catalog.entries.iter().any(|entry| rule.matches(entry)) {
            findings.push(
                view.document
                    .finding(&EMPTY_RULE, &place, Part::Value, "no type matches this rule")
                    .help("every list that a rule has must hold a word of the type; `oat types` lists the types"),
            );
        }
    }
}

fn overrides(view: &SelectionView<'_>, findings: &mut Vec<Finding>) {
    for (id, shown) in &view.selection.overrides {
        let place = Pointer::root().key("overrides").key(id);
        let Some(entry) = view.catalog.get(id) else {
            findings.push(unknown_type(view, &place, Part::Key, id));
            continue;
        };
        if view.selection.decide(entry).verdict == Verdict::Exclude {
            let message = format!("the selection leaves `{id}` out");
            let help = format!("remove the override, or see why: `oat types --select FILE --why {id}`");
            findings.push(view.document.finding(&UNUSED_OVERRIDE, &place, Part::Key, message).help(help));
        }
        for (number, title) in shown.actions.iter().flatten().enumerate() {
            if !entry.actions.iter().any(|action| action.title == *title) {
                let titles: Vec<String> = entry.actions.iter().map(|action| action.title.clone()).collect();
                let message = format!("`{id}` has no action `{}`", visible(title));
                findings.push(
                    view.document
                        .finding(&UNKNOWN_ACTION, &place.key("actions").index(number), Part::Value, message)
                        .help(schema::suggestion(title, &titles, "there are")),
                );
            }
        }
    }
}

fn unknown_type(view: &SelectionView<'_>, place: &Pointer, part: Part, id: &str) -> Finding {
    let message = format!("the catalog has no type `{}`", visible(id));
    view.document.finding(&UNKNOWN_TYPE, place, part, message).help(nearest(view.catalog, id))
}

/// Help that names the type that was meant: the one with such an alias, or with a similar id.
fn nearest(catalog: &Catalog, id: &str) -> String {
    let near = catalog.find(id).map(|entry| entry.id.as_str());
    let near = near.or_else(|| schema::nearest_word(id, catalog.entries.iter().map(|entry| entry.id.as_str())));
    near.map_or_else(|| "`oat types` lists the types".to_owned(), |near| format!("did you mean `{near}`?"))
}

//! A rule that no document can reach.

use super::{CatalogView, Pending, PendingPlace};
use crate::finding::declare_rule;
use crate::identify::witness::witness;
use crate::identify::{Context, Facts};
use crate::parallel::in_parallel;

declare_rule! {
    /// No document can be decided by an identification rule.
    ///
    /// ## Why
    /// Either its parts contradict each other, or a rule that is asked before it matches all that it would match.
    /// The type would never be the answer by this rule.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///     - when:
    ///         all:
    ///           - { field: artifactType, present: false }
    ///           - { field: artifactType, equals: application/vnd.example.sample.config.v1+json }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    /// ```
    ///
    /// ## How to fix
    /// Remove the rule, or mend the part that can never hold. Media types are compared in lower case; a test of a
    /// placeholder needs `placeholder.artifactType` or `placeholder.config.mediaType`.
    pub static RULE = { id: "unreachable-rule", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let found = in_parallel(view.rules.rules.len(), |position| one(view, position));
    pending.extend(found.into_iter().flatten());
}

fn one(view: &CatalogView<'_>, position: usize) -> Option<Pending> {
    let rules = &view.rules.rules;
    let rule = &rules[position];
    let (entry, pointer) = view.rule_place(&rule.id)?;
    let place = PendingPlace::key(entry, pointer.key("when"));
    let Some(document) = witness(&[&rule.when]) else {
        let message = format!("rule `{}` can not match any document", rule.id);
        return Some(Pending::new(&RULE, place, message).help("two of its parts contradict each other"));
    };
    // Rules that need context are judged with the context taken for granted, against rules that need none.
    if !rule.needs.is_empty() {
        return None;
    }
    let text = document.to_string();
    let facts = Facts::read(&text).ok()?;
    let first = view.identifier.first_match(&facts, &Context::default(), &mut Vec::new())?;
    let winner = &rules[first];
    if first >= position {
        return None;
    }
    if winner.type_id == rule.type_id {
        let message = format!(
            "rule `{}` adds nothing: rule `{}` of the same type matches what it would match",
            rule.id, winner.id
        );
        return Some(Pending::new(&RULE, place, message).help("remove one of the two"));
    }
    let message = format!("rule `{}` is never asked: rule `{}` matches what it would match", rule.id, winner.id);
    let help = format!("both match {text}; narrow the one that is asked first");
    let mut found = Pending::new(&RULE, place, message).help(help);
    if let Some((other, pointer)) = view.rule_place(&winner.id) {
        found = found.related(PendingPlace::key(other, pointer.key("when")), "this rule is asked first");
    }
    Some(found)
}

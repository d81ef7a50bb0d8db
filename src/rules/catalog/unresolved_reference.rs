//! What an entry names is in the catalog.

use super::references::references;
use super::text_checks::quoted;
use super::{CatalogView, Pending, PendingPlace};
use crate::finding::declare_rule;
use crate::shape::schema::nearest_word;

declare_rule! {
    /// An entry names another one that the catalog does not have.
    ///
    /// ## Why
    /// `isA`, `replacedBy`, `identify.refines` and `attachesTo.targets` become links, families and candidates. A name
    /// that leads nowhere is a misspelling, or an entry that is yet to be written.
    ///
    /// ## Reported
    /// ```yaml reported
    /// attachesTo:
    ///   by: [subject]
    ///   targets: [smaple]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// attachesTo:
    ///   by: [subject]
    ///   targets: [sample]
    /// ```
    ///
    /// ## How to fix
    /// Correct the id, or add the entry. A former id is an alias of the entry that has it now: name that entry.
    pub static RULE = { id: "unresolved-reference", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    for (at, entry) in view.entries.iter().enumerate() {
        for (relation, place, id) in references(entry) {
            // An entry that could not be read is there all the same.
            let folder = || view.folders.iter().any(|folder| folder.name == id && folder.has("type.yaml"));
            if view.position(id).is_some() || folder() {
                continue;
            }
            let alias =
                view.entries.iter().find(|other| other.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(id)));
            let near = || {
                nearest_word(id, view.entries.iter().map(|other| other.id.as_str()).filter(|other| !other.is_empty()))
            };
            let help = match (alias, near()) {
                (Some(other), _) => format!("`{}` has it as an alias: write `{}`", other.id, other.id),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => "`oat types` lists all entries".to_owned(),
            };
            let message = format!("`{}` names {}, which is no entry", relation.key(), quoted(id));
            pending.push(Pending::new(&RULE, PendingPlace::value(at, place), message).help(help));
        }
    }
}

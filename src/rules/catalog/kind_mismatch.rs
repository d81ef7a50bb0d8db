//! Types descend from types, facets from facets.

use super::references::{Relation, references};
use super::{CatalogView, Pending, PendingPlace};
use crate::catalog::model::Kind;
use crate::finding::declare_rule;
use crate::source::Pointer;

declare_rule! {
    /// A type descends from a facet or refines one, or a facet does so with a type.
    ///
    /// ## Why
    /// The answer to "what is this" is a type, and a facet applies besides it. A family of both has no meaning, and a
    /// facet can not be the answer where a refinement is not known.
    ///
    /// ## Reported
    /// ```yaml reported
    /// isA: other
    /// ```
    /// ```yaml reported types/other/type.yaml
    /// id: other
    /// kind: facet
    /// title: Other thing
    /// label: Other
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.thing, present: true }
    /// examples: []
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted types/other/type.yaml
    /// id: other
    /// kind: facet
    /// title: Other thing
    /// label: Other
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.thing, present: true }
    /// examples: []
    /// ```
    ///
    /// ## How to fix
    /// Remove the reference, or correct `kind` of one of the two.
    pub static RULE = { id: "kind-mismatch", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let name = |kind: Kind| if kind == Kind::Type { "type" } else { "facet" };
    for (at, entry) in view.entries.iter().enumerate() {
        for (relation, place, id) in references(entry) {
            if !matches!(relation, Relation::IsA | Relation::Refines) {
                continue;
            }
            let Some((position, other)) = view.position(id).and_then(|at| Some((at, view.entries.get(at)?))) else {
                continue;
            };
            if other.kind != entry.kind {
                let message = format!(
                    "`{}` of a {} names `{}`, which is a {}",
                    relation.key(),
                    name(entry.kind),
                    other.id,
                    name(other.kind)
                );
                pending.push(
                    Pending::new(&RULE, PendingPlace::value(at, place), message)
                        .help("remove the reference, or correct `kind` of one of the two")
                        .related(PendingPlace::key(position, Pointer::root().key("kind")), "the kind of the other"),
                );
            }
        }
    }
}

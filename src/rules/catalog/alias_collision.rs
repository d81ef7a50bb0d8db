//! An alias leads to one entry.

use std::collections::BTreeMap;

use super::text_checks::quoted;
use super::{CatalogView, Pending, PendingPlace};
use crate::finding::declare_rule;
use crate::source::Pointer;

declare_rule! {
    /// An alias of an entry is the id or an alias of another one.
    ///
    /// ## Why
    /// `oat show NAME` and links by a former id lead to one entry. Where a name belongs to two, the answer depends on
    /// chance, and an alias that is the id of another entry is never asked.
    ///
    /// ## Reported
    /// ```yaml reported
    /// aliases: [specimen]
    /// ```
    /// ```yaml reported types/other/type.yaml
    /// id: other
    /// kind: facet
    /// title: Other thing
    /// label: Other
    /// aliases: [Specimen]
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.thing, present: true }
    /// examples: []
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// aliases: [specimen]
    /// ```
    /// ```yaml accepted types/other/type.yaml
    /// id: other
    /// kind: facet
    /// title: Other thing
    /// label: Other
    /// aliases: [thing]
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.thing, present: true }
    /// examples: []
    /// ```
    ///
    /// ## How to fix
    /// Keep the alias where most people mean it, and make the other one say more. Search finds entries by the words of
    /// their title and summary too.
    pub static RULE = { id: "alias-collision", level: Warning, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let id = Pointer::root().key("id");
    let mut taken: BTreeMap<String, (usize, Pointer, &str)> = view
        .entries
        .iter()
        .enumerate()
        .map(|(at, entry)| (entry.id.to_ascii_lowercase(), (at, id.clone(), "the id")))
        .collect();
    for (at, entry) in view.entries.iter().enumerate() {
        for (index, alias) in entry.aliases.iter().enumerate() {
            let place = Pointer::root().key("aliases").index(index);
            let folded = alias.to_lowercase();
            let Some((owner, other, what)) = taken.get(&folded) else {
                taken.insert(folded, (at, place, "the alias"));
                continue;
            };
            let Some(owning) = view.entries.get(*owner).filter(|_| *owner != at) else { continue };
            let message = match *what {
                "the id" => format!("the alias {} is the id of another entry", quoted(alias)),
                _ => format!("the alias {} belongs to `{}` too", quoted(alias), owning.id),
            };
            pending.push(
                Pending::new(&RULE, PendingPlace::value(at, place), message)
                    .help("keep the name where most people mean it, and remove the other")
                    .related(PendingPlace::value(*owner, other.clone()), *what),
            );
        }
    }
}

//! Ids can be told apart.

use super::text_checks::quoted;
use super::{CatalogView, Pending, PendingPlace, confusables};
use crate::finding::declare_rule;
use crate::source::Pointer;

declare_rule! {
    /// The ids of two entries differ only in hyphens or in characters that look alike.
    ///
    /// ## Why
    /// People type ids from memory and read them in small print. `helm-chart`, `helmchart` and `he1m-chart` would be
    /// taken for each other, by mistake or on purpose.
    ///
    /// ## Reported
    /// ```yaml reported types/samp1e/type.yaml
    /// id: samp1e
    /// kind: facet
    /// title: Another thing
    /// label: Another
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.thing, present: true }
    /// examples: []
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted types/another-thing/type.yaml
    /// id: another-thing
    /// kind: facet
    /// title: Another thing
    /// label: Another
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.thing, present: true }
    /// examples: []
    /// ```
    ///
    /// ## How to fix
    /// Give the new entry an id that says what makes it different.
    ///
    /// ## Specification
    /// [UTS 39, section 4](https://www.unicode.org/reports/tr39/#Confusable_Detection)
    pub static RULE = { id: "confusable-id", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let id = Pointer::root().key("id");
    let ids = || view.entries.iter().map(|entry| entry.id.as_str());
    for (first, second) in confusables::pairs(ids()) {
        let (Some(one), Some(other)) = (view.entries.get(first), view.entries.get(second)) else { continue };
        // Equal ids stand in folders of different names, and one of them breaks the rule about that.
        if one.id == other.id {
            continue;
        }
        let message = format!("the ids {} and {} look alike", quoted(&other.id), quoted(&one.id));
        pending.push(
            Pending::new(&RULE, PendingPlace::value(second, id.clone()), message)
                .help("give the new entry an id that says what makes it different")
                .related(PendingPlace::value(first, id.clone()), "the other id"),
        );
    }
}

//! Titles can be told apart.

use super::text_checks::quoted;
use super::{CatalogView, Pending, PendingPlace, confusables};
use crate::finding::declare_rule;
use crate::source::Pointer;

declare_rule! {
    /// The titles of two entries are the same to a reader.
    ///
    /// ## Why
    /// The title is what listings and registries show. Two types with one title can not be told apart there, and letters
    /// of another script make a title that only looks like a known one.
    ///
    /// ## Reported
    /// ```yaml reported types/other/type.yaml
    /// id: other
    /// kind: facet
    /// title: "S\u0430mple"
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
    /// Say in the title what makes the type different, such as the project that defines it.
    ///
    /// ## Specification
    /// [UTS 39, section 4](https://www.unicode.org/reports/tr39/#Confusable_Detection)
    pub static RULE = { id: "confusable-title", level: Warning, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    let title = Pointer::root().key("title");
    for (first, second) in confusables::pairs(view.entries.iter().map(|entry| entry.title.as_str())) {
        let (Some(one), Some(other)) = (view.entries.get(first), view.entries.get(second)) else { continue };
        let message = format!("the title {} looks like that of `{}`", quoted(&other.title), one.id);
        pending.push(
            Pending::new(&RULE, PendingPlace::value(second, title.clone()), message)
                .help("say what makes this type different")
                .related(PendingPlace::value(first, title.clone()), "the other title"),
        );
    }
}

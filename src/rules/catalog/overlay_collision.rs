//! An overlay adds to the catalog, and takes the place of an entry only where that was declared.

use std::io;
use std::sync::Arc;

use super::Collision;
use crate::finding::{Report, declare_rule};
use crate::shape::{Document, Part};
use crate::source::{Pointer, yaml};

declare_rule! {
    /// An overlay has an entry that is in the catalog already.
    ///
    /// ## Why
    /// Two entries would claim one name, and which of them is shown would depend on where each of them lies. It happens
    /// without anybody's doing, when the catalog takes up a type that was in-house until then.
    ///
    /// ## Reported
    /// ```yaml reported overlay/types/sample/type.yaml --overlay overlay
    /// id: sample
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
    /// ```yaml accepted overlay/types/in-house/type.yaml --overlay overlay
    /// id: in-house
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
    /// Remove the entry from the overlay, or give it another id. Where it shall take the place of the catalog's, declare
    /// that in the selection:
    ///
    /// ```yaml
    /// overlays:
    ///   - folder: overlay
    ///     replaces: [sample]
    /// ```
    ///
    /// ## Specification
    /// Overlays: [the guide for operators](../../guides/operators/index.html).
    pub static RULE = { id: "overlay-collision", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(collisions: &[Collision], report: &mut Report) -> io::Result<()> {
    for Collision { folder, beneath } in collisions {
        let file: Arc<str> = folder.shown("type.yaml").into();
        let document = Document::yaml(&file, &folder.read("type.yaml", yaml::MAX_BYTES)?).0;
        let message = format!("`{}` is in {beneath} already", folder.name);
        report.findings.push(
            document
                .finding(&RULE, &Pointer::root().key("id"), Part::Value, message)
                .help(format!("remove it, or declare `replaces: [{}]` for the overlay in a selection", folder.name)),
        );
        report.sources.insert((file, 0), document.source_text());
    }
    Ok(())
}

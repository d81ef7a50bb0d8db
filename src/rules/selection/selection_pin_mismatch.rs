//! A pin names the catalog at hand.

use super::SelectionView;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A selection is pinned to another state of the catalog.
    ///
    /// ## Why
    /// The pin says for which catalog somebody looked at the result. Another one may recognise, name or offer things
    /// differently, and nobody looked at that.
    ///
    /// ## Reported
    /// ```yaml reported selection.yaml
    /// catalog:
    ///   digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
    /// default: include
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted selection.yaml
    /// default: include
    /// ```
    ///
    /// ## How to fix
    /// See what the change means for the selection with `oat diff OLD NEW --select selection.yaml`, in which `OLD` is the
    /// mapping that was pinned. Then write the digest that the finding names. Without `catalog`, the selection follows
    /// whatever catalog is at hand.
    ///
    /// ## Specification
    /// The value is the member `digest` of
    /// [mediaTypeMappings.json](../../downloads/index.html) of the whole catalog.
    pub static RULE = { id: "selection-pin-mismatch", level: Error, since: "0.1.0", subject: Selection }
}

pub(super) fn check(view: &SelectionView<'_>, findings: &mut Vec<Finding>) {
    if let Some(pin) = &view.selection.catalog
        && pin.digest != view.digest
    {
        let place = Pointer::root().key("catalog").key("digest");
        let message = format!("the digest of the catalog is {}", view.digest);
        findings.push(
            view.document
                .finding(&RULE, &place, Part::Value, message)
                .help("see with `oat diff` what changed since the pin, then write this digest"),
        );
    }
}

//! An icon has its terms, and terms have their icon.

use super::EntryView;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// An entry says `icon.file` and has no `icon.svg`, or has one without saying so.
    ///
    /// ## Why
    /// Nobody may publish a picture without knowing its licence and where it comes from.
    ///
    /// ## Reported
    /// ```yaml reported
    /// icon:
    ///   file:
    ///     licence: CC0-1.0
    ///     provenance: Drawn for this catalog.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// icon:
    ///   file:
    ///     licence: CC0-1.0
    ///     provenance: Drawn for this catalog.
    /// ```
    /// ```svg accepted types/sample/icon.svg
    /// <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20v20H2z"/></svg>
    /// ```
    ///
    /// ## How to fix
    /// Add `icon.svg` beside the entry, or `icon.file` with `licence` and `provenance` to it.
    pub static RULE = { id: "icon-mismatch", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let said = view.value.pointer("/icon/file").is_some();
    match (said, view.folder.has("icon.svg")) {
        (true, false) => {
            let at = Pointer::root().key("icon").key("file");
            let finding = view.at(&RULE, &at, Part::Key, "there is no `icon.svg` beside the entry");
            findings.push(finding.help("add the file, or remove `file`"));
        }
        (false, true) => {
            let finding = view.in_file(&RULE, "icon.svg", "the entry says nothing about this icon");
            findings.push(
                finding.help("add `icon.file` with `licence` and `provenance` to `type.yaml`, or remove the icon"),
            );
        }
        _ => {}
    }
}

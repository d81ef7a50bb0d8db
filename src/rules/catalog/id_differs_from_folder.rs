//! The folder is the id.

use super::EntryView;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;
use crate::source::text::visible;

declare_rule! {
    /// The id of an entry differs from the name of its folder.
    ///
    /// ## Why
    /// Addresses of pages, files of the API and references of other entries are made of the id; a folder of another
    /// name would hide the entry from whoever looks for it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// id: another-name
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// id: sample
    /// ```
    ///
    /// ## How to fix
    /// Rename the folder, or the id. An id that was published once stays: keep it and rename the folder.
    pub static RULE = { id: "id-differs-from-folder", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let (id, folder) = (&view.entry.id, &view.folder.name);
    if !id.is_empty() && id != folder {
        let message = format!("the id is `{id}`, the folder is `{}`", visible(folder));
        let finding = view.at(&RULE, &Pointer::root().key("id"), Part::Value, message);
        findings.push(finding.help(format!("rename the folder to `{id}`, or write `id: {}`", visible(folder))));
    }
}

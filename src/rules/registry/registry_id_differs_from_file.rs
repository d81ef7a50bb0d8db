//! The id of a registry is the name of its file.

use super::RegistryView;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;
use crate::source::text::visible;

declare_rule! {
    /// The id of a registry differs from the name of its file.
    ///
    /// ## Why
    /// The id is what people type after `--registry`, and the file is what they look for to correct it.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: sample
    /// name: Example
    /// homepage: https://example.com/
    /// versions: [{}]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions: [{}]
    /// ```
    ///
    /// ## How to fix
    /// Rename the file, or write its name without `.yaml` as the id.
    pub static RULE = { id: "registry-id-differs-from-file", level: Error, since: "0.1.0", subject: Registry }
}

pub(super) fn check(view: &RegistryView<'_>, findings: &mut Vec<Finding>) {
    let RegistryView { document, stem, registry, .. } = view;
    if registry.id != *stem {
        let message = format!("the id is `{}`, and the file `{}.yaml`", registry.id, visible(stem));
        let help = format!("rename the file to `{}.yaml`, or the registry", registry.id);
        findings.push(document.finding(&RULE, &Pointer::root().key("id"), Part::Value, message).help(help));
    }
}

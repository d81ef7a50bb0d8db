//! What an entry says about registration agrees with the registry.

use std::collections::BTreeSet;

use super::EntryView;
use super::media_types::{self, Form};
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::oci::iana;
use crate::oci::well_known::is_generic;
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// An entry and the registry of IANA disagree about a media type.
    ///
    /// ## Why
    /// OCI does not require registration, but readers ask for it: a registered name has a description that stays, and
    /// an owner. So an entry names those of the media types by which it is recognised that are registered, and no
    /// other. The program carries the names of a day, which `oat` never refreshes by itself: a registration that is
    /// newer may stand in an entry with `# oat: allow(iana-mismatch)` and the address of the registration.
    ///
    /// ## Reported
    /// ```yaml reported
    /// iana:
    ///   - mediaType: application/vnd.example.sample.config.v1+json
    ///     registered: true
    ///     link: https://www.iana.org/assignments/media-types/application/vnd.example.sample.config.v1+json
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// iana:
    ///   - mediaType: application/vnd.example.sample.config.v1+json
    ///     registered: false
    /// ```
    ///
    /// ## How to fix
    /// Correct `registered`, or add what the message names to `iana`.
    ///
    /// ## Specification
    /// [The registry](https://www.iana.org/assignments/media-types/media-types.xhtml)
    pub static RULE = { id: "iana-mismatch", level: Warning, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (index, status) in view.entry.iana.iter().enumerate() {
        let registered = iana::is_registered(&status.media_type);
        if registered == status.registered {
            continue;
        }
        let (is, help) = if registered {
            ("registered", format!("write `registered: true` and `link: {}`", iana::registration(&status.media_type)))
        } else {
            ("not registered", "write `registered: false`, or remove the line".to_owned())
        };
        let message = format!("{} was {is} on {}", quoted(&status.media_type), iana::AS_OF);
        let at = Pointer::root().key("iana").index(index).key("registered");
        findings.push(view.at(&RULE, &at, Part::Value, message).help(help));
    }
    let stated: BTreeSet<&str> = view.entry.iana.iter().map(|status| status.media_type.as_str()).collect();
    let mut seen = BTreeSet::new();
    media_types::everywhere(view.entry, &mut |pointer, text, form| {
        let told = form != Form::Whole || stated.contains(text) || is_generic(text);
        if told || !pointer.as_str().starts_with("/identify/rules/") || !iana::is_registered(text) || !seen.insert(text)
        {
            return;
        }
        let message = format!("{} is registered with IANA, and `iana` does not say so", quoted(text));
        let help =
            format!("add to `iana`: `mediaType: {text}`, `registered: true`, `link: {}`", iana::registration(text));
        findings.push(view.at(&RULE, pointer, Part::Value, message).help(help));
    });
}

//! Addresses lead where they seem to lead.

use pulldown_cmark::{Event, Parser, Tag};

use super::text_checks::{at_snippet, quoted};
use super::{EntryView, links};
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// An address does not plainly lead to a public host.
    ///
    /// ## Why
    /// Readers of the site and users of registries click what entries say. An address with a user name shows one host
    /// and leads to another; an IP address or a local name leads into the reader's own network; an international host
    /// can look like any other. Links in the description are held to the same.
    ///
    /// ## Reported
    /// ```yaml reported
    /// links:
    ///   home: https://192.0.2.7/sample
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// links:
    ///   home: https://example.com/sample
    /// ```
    ///
    /// ## How to fix
    /// Write the whole `https` address, with a public host in ASCII, as the address bar of a browser shows it after
    /// the page has loaded.
    ///
    /// ## Specification
    /// [URL standard, hosts](https://url.spec.whatwg.org/#hosts-(domains-and-ip-addresses))
    pub static RULE = { id: "suspicious-link", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (at, url) in links::fields(view.entry) {
        if let Some((message, help)) = links::complaint(url) {
            findings
                .push(view.at(&RULE, &at, Part::Value, format!("the address {} {message}", quoted(url))).help(help));
        }
    }
    let at = Pointer::root().key("description");
    for event in Parser::new(&view.entry.description) {
        let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
        if let Some((message, help)) = links::complaint(&dest_url) {
            let finding = view.at(&RULE, &at, Part::Value, format!("the link to {} {message}", quoted(&dest_url)));
            findings.push(at_snippet(view, finding.help(help), &at, &dest_url));
        }
    }
}

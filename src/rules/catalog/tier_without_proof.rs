//! A tier above `listed` rests on sources and examples.

use std::collections::BTreeSet;

use super::EntryView;
use crate::catalog::claims::claims;
use crate::catalog::model::{State, Tier};
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// An entry has a tier that its sources and examples do not support.
    ///
    /// ## Why
    /// Operators select by tier. `verified` says that somebody can check each media type and has a manifest to see;
    /// `well-known` says that several parties implement the type, so sources of at least two places show it. A
    /// proposal that names no media type has nothing to verify.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tier: well-known
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tier: verified
    /// ```
    ///
    /// ## How to fix
    /// Add what is missing, or lower the tier. What each tier demands stands in `.github/CONTRIBUTING.md`.
    pub static RULE = { id: "tier-without-proof", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let entry = view.entry;
    let name = match entry.tier {
        Tier::Listed => return,
        Tier::Verified => "verified",
        Tier::WellKnown => "well-known",
    };
    // A list that can not be read is not an empty one.
    let empty = |key: &str| view.value.get(key).and_then(|list| list.as_array()).is_none_or(Vec::is_empty);
    let mut report = |message: String, help: &str| {
        findings.push(view.at(&RULE, &Pointer::root().key("tier"), Part::Value, message).help(help));
    };
    if empty("sources") {
        report(format!("the tier is `{name}`, and there is no source"), "add sources, or write `tier: listed`");
    }
    if empty("examples") {
        report(format!("the tier is `{name}`, and there is no example"), "add an example, or write `tier: listed`");
    }
    let places: BTreeSet<String> = entry
        .sources
        .iter()
        .filter_map(|source| source.repository.as_ref().or(source.specification.as_ref()))
        .map(|url| place(url))
        .collect();
    if entry.tier == Tier::WellKnown && places.len() == 1 {
        let message = "the tier is `well-known`, and all sources are of one place".to_owned();
        report(message, "add a source of another implementation, or write `tier: verified`");
    }
    if entry.status.state == State::Proposed
        && claims(entry).is_empty()
        && entry.identify.is_none()
        && view.value.get("identify").is_none()
    {
        let message = format!("the tier is `{name}`, and the proposal names no media type that could be verified");
        report(message, "write `tier: listed`");
    }
}

/// A repository or specification, however its address is written.
fn place(url: &str) -> String {
    let url = url.split(['#', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let url = url.trim_end_matches('/');
    url.strip_suffix(".git").unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn one_repository_is_one_place() {
        assert_eq!(place("https://github.com/Example/Sample.git"), place("https://github.com/example/sample/"));
        assert_ne!(place("https://example.com/a"), place("https://example.com/b"));
    }
}

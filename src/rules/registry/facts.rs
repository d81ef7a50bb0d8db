//! Each fact about a registry can be read where it says, and has an effect.

use super::RegistryView;
use crate::finding::{Finding, declare_rule};
use crate::oci::datetime::DateTime;
use crate::portability::Fact;
use crate::rules::catalog::moves;
use crate::shape::{Part, schema};
use crate::source::Pointer;
use crate::source::text::visible;

declare_rule! {
    /// A fact about a registry rests on a file that changes.
    ///
    /// ## Why
    /// A branch shows another file tomorrow, and then nobody can check what was read, or for which version it is true.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         source: https://github.com/example/registry/blob/main/push.go
    ///         checked: "2026-01-31"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         source: https://github.com/example/registry/blob/v2.1.0/push.go
    ///         checked: "2026-01-31"
    /// ```
    ///
    /// ## How to fix
    /// Link the file at a release tag, or at all 40 digits of a commit.
    pub static MOVING_SOURCE = { id: "registry-moving-source", level: Error, since: "0.1.0", subject: Registry }
}

declare_rule! {
    /// The day on which a fact about a registry was checked is in no calendar.
    ///
    /// ## Why
    /// The day tells how old the fact is. One that never was tells nothing.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         source: https://example.com/formats
    ///         checked: "2026-02-30"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         source: https://example.com/formats
    ///         checked: "2026-02-28"
    /// ```
    ///
    /// ## How to fix
    /// Write the day on which you read the source.
    pub static IMPOSSIBLE_DATE = { id: "registry-impossible-date", level: Error, since: "0.1.0", subject: Registry }
}

declare_rule! {
    /// A fact about a registry names a type that the catalog does not have.
    ///
    /// ## Why
    /// It holds of nothing.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         types: [helm-chrat]
    ///         source: https://example.com/formats
    ///         checked: "2026-01-31"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         types: [helm-chart]
    ///         source: https://example.com/formats
    ///         checked: "2026-01-31"
    /// ```
    ///
    /// ## How to fix
    /// Write the id as `oat types` lists it.
    pub static UNKNOWN_TYPE = { id: "registry-unknown-type", level: Error, since: "0.1.0", subject: Registry }
}

declare_rule! {
    /// A fact about a registry stands behind one that holds of every document.
    ///
    /// ## Why
    /// The first fact of a list that holds decides, so this one never does.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: accepted
    ///         source: https://example.com/formats
    ///         checked: "2026-01-31"
    ///       - answer: refused
    ///         types: [helm-chart]
    ///         source: https://example.com/formats
    ///         checked: "2026-01-31"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - accepts:
    ///       - answer: refused
    ///         types: [helm-chart]
    ///         source: https://example.com/formats
    ///         checked: "2026-01-31"
    ///       - answer: accepted
    ///         source: https://example.com/formats
    ///         checked: "2026-01-31"
    /// ```
    ///
    /// ## How to fix
    /// Put the fact without `types` and `when` last, or remove what stands behind it.
    pub static UNREACHABLE_FACT = { id: "registry-unreachable-fact", level: Error, since: "0.1.0", subject: Registry }
}

pub(super) fn check(view: &RegistryView<'_>, findings: &mut Vec<Finding>) {
    for (at, range) in view.registry.versions.iter().enumerate() {
        let range_at = Pointer::root().key("versions").index(at);
        list(view, &range.accepts, &range_at.key("accepts"), findings);
        list(view, &range.referrers, &range_at.key("referrers"), findings);
        list(view, &range.shows, &range_at.key("shows"), findings);
        for (number, scanner) in range.scanners.iter().enumerate() {
            let place = range_at.key("scanners").index(number).key("looks");
            list(view, &scanner.looks, &place, findings);
        }
    }
}

fn list<A>(view: &RegistryView<'_>, facts: &[Fact<A>], at: &Pointer, findings: &mut Vec<Finding>) {
    let last = facts.iter().position(Fact::is_about_all).unwrap_or(facts.len());
    for (number, fact) in facts.iter().enumerate() {
        let at = at.index(number);
        source(view, &fact.source, &at.key("source"), findings);
        if !DateTime::is_valid(&format!("{}T00:00:00Z", fact.checked)) {
            let message = format!("`{}` is no day of a calendar", visible(&fact.checked));
            let finding = view.document.finding(&IMPOSSIBLE_DATE, &at.key("checked"), Part::Value, message);
            findings.push(finding.help("write the day on which you read the source"));
        }
        for (which, id) in fact.types.iter().enumerate().filter(|(_, id)| view.catalog.get(id).is_none()) {
            let entries = view.catalog.entries.iter().map(|entry| entry.id.as_str());
            let help = schema::nearest_word(id, entries)
                .map_or_else(|| "`oat types` lists the types".to_owned(), |near| format!("did you mean `{near}`?"));
            let message = format!("the catalog has no type `{}`", visible(id));
            let place = at.key("types").index(which);
            findings.push(view.document.finding(&UNKNOWN_TYPE, &place, Part::Value, message).help(help));
        }
        if number > last {
            let message = "the fact above it holds of every document";
            let finding = view.document.finding(&UNREACHABLE_FACT, &at.key("answer"), Part::Key, message);
            findings.push(finding.help("put the fact without `types` and `when` last"));
        }
    }
}

fn source(view: &RegistryView<'_>, url: &str, at: &Pointer, findings: &mut Vec<Finding>) {
    let revision = ["/blob/", "/tree/", "/raw/"].iter().find_map(|part| url.split_once(part));
    let revision = revision.and_then(|(_, rest)| rest.split('/').next());
    if let Some(revision) = revision
        && let Some(reason) = moves(revision)
    {
        let message = format!("the revision `{}` is {reason}", visible(revision));
        let help = "link a release tag, or all 40 digits of a commit";
        findings.push(view.document.finding(&MOVING_SOURCE, at, Part::Value, message).help(help));
    }
}

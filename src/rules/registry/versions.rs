//! The ranges of versions of a registry stand side by side, newest first.

use std::cmp::Ordering;

use super::RegistryView;
use crate::finding::{Finding, declare_rule};
use crate::portability::{Range, compare};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A range of versions holds no version.
    ///
    /// ## Why
    /// What is said of it is said of nothing, and the range that was meant has no facts.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - from: "2.13"
    ///     before: "2.9"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - from: "2.9"
    ///     before: "2.13"
    /// ```
    ///
    /// ## How to fix
    /// `from` is the first version of the range, and `before` the first one behind it. Their numbers are compared: 2.13 is
    /// newer than 2.9.
    pub static EMPTY_RANGE = { id: "registry-empty-range", level: Error, since: "0.1.0", subject: Registry }
}

declare_rule! {
    /// Ranges of versions overlap, or do not stand in order, newest first.
    ///
    /// ## Why
    /// A version in two ranges has two answers. In order, a gap is seen.
    ///
    /// ## Reported
    /// ```yaml reported registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - from: "3.0"
    ///   - from: "2.0"
    ///     before: "3.1"
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted registries/example.yaml
    /// id: example
    /// name: Example
    /// homepage: https://example.com/
    /// versions:
    ///   - from: "3.0"
    ///   - from: "2.0"
    ///     before: "3.0"
    /// ```
    ///
    /// ## How to fix
    /// Put the newest range first, and let each end with `before` where the one above it begins, or earlier.
    pub static RANGE_ORDER = { id: "registry-range-order", level: Error, since: "0.1.0", subject: Registry }
}

pub(super) fn check(view: &RegistryView<'_>, findings: &mut Vec<Finding>) {
    let ranges = &view.registry.versions;
    let list = Pointer::root().key("versions");
    let empty = |range: &Range| {
        let bounds = range.from.as_ref().zip(range.before.as_ref());
        bounds.is_some_and(|(from, before)| compare(from, before) != Ordering::Less)
    };
    for (at, range) in ranges.iter().enumerate().filter(|(_, range)| empty(range)) {
        let message = format!("no version is in `{}`", range.short());
        let place = list.index(at).key("before");
        let help = "`before` is the first version behind the range";
        findings.push(view.document.finding(&EMPTY_RANGE, &place, Part::Value, message).help(help));
    }
    for (at, pair) in ranges.windows(2).enumerate() {
        let [newer, older] = pair else { continue };
        let apart = newer.from.as_ref().zip(older.before.as_ref());
        let in_order = apart.is_some_and(|(from, before)| compare(before, from) != Ordering::Greater);
        // What an empty range touches says nothing new.
        if !in_order && !empty(newer) && !empty(older) {
            let message = format!("`{}` is not wholly older than `{}` above it", older.short(), newer.short());
            let place = list.index(at + 1);
            let key = if older.before.is_some() { "before" } else { "from" };
            findings.push(
                view.document
                    .finding(&RANGE_ORDER, &place.key(key), Part::Value, message)
                    .help("newest first: each range ends with `before` where the one above it begins, or earlier"),
            );
        }
    }
}

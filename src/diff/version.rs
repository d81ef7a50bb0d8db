//! The version that the catalog should have next.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::kinds::Class;
use super::pairs::Pairs;
use super::{Change, Side};

/// The version that the catalog should have next.
///
/// A version is the day of the newest dated change of an entry, so nothing in it can say that something breaks. What
/// can be asked is that a pin by version never means two things: a state with breaking changes has a version of its
/// own, later than the one before. Where no entry's history gives it one, the day after the old version is proposed,
/// and the entries are named whose history is to say what happened. What breaks nothing may share a day: the digest
/// still tells two states apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// The version, as `year.month.day`.
    pub version: String,
    /// Why it is this one.
    pub reason: &'static str,
    /// Types with a breaking change of which their history has no new line, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undated: Vec<String>,
}

pub(super) fn propose(old: &Side, new: &Side, pairs: &Pairs<'_>, changes: &[Change]) -> Proposal {
    let (before, after) = (old.version.as_str(), new.version.as_str());
    let gravest = changes.iter().map(|change| change.class).min();
    let propose = |version: &str, reason| Proposal { version: version.to_owned(), reason, undated: Vec::new() };
    let mut proposal = match gravest {
        None => propose(after, "nothing changes"),
        Some(Class::Breaking) if after > before => {
            propose(after, "something breaks, and the newest dated change is later than the old version")
        }
        Some(Class::Breaking) => match next_day(before) {
            Some(next) => propose(
                &next,
                "something breaks, and no entry has a change that is dated later than the old version: it must not share its day",
            ),
            None => propose(after, "the old version is no day"),
        },
        Some(_) if after > before => propose(after, "the day of the newest dated change"),
        Some(_) => {
            propose(after, "no entry has a change that is dated later; nothing breaks, so the day may be shared")
        }
    };
    let undated = |id: &&str| {
        pairs.before(id).is_some_and(|before| {
            new.catalog.get(id).is_some_and(|after| after.changes.iter().all(|line| before.changes.contains(line)))
        })
    };
    let breaking = changes.iter().filter(|change| change.class == Class::Breaking);
    let ids: BTreeSet<&str> = breaking.filter_map(|change| change.type_id.as_deref()).filter(undated).collect();
    proposal.undated = ids.into_iter().map(str::to_owned).collect();
    proposal
}

/// The day after a version, which is a day.
fn next_day(version: &str) -> Option<String> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let (year, month, day) = match (month, day) {
        (_, day) if day < days => (year, month, day + 1),
        (12, _) => (year + 1, 1, 1),
        _ => (year, month + 1, 1),
    };
    (year <= 9999).then(|| format!("{year:04}.{month:02}.{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::next_day;

    #[test]
    fn days_follow_each_other() {
        for (day, next) in [
            ("2026.11.21", Some("2026.11.22")),
            ("2026.12.31", Some("2027.01.01")),
            ("2028.02.28", Some("2028.02.29")),
            ("2100.02.28", Some("2100.03.01")),
            ("2026.04.30", Some("2026.05.01")),
            ("0000.00.00", None),
            ("1.0", None),
            ("9999.12.31", None),
        ] {
            assert_eq!(next_day(day).as_deref(), next, "{day}");
        }
    }
}

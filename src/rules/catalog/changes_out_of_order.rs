//! The changes of an entry are days, the newest first.

use super::EntryView;
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// The changes of an entry are not in order, or name a day that no calendar has.
    ///
    /// ## Why
    /// The feed and the page show the first change as the latest.
    ///
    /// ## Reported
    /// ```yaml reported
    /// changes:
    ///   - date: "2026-01-01"
    ///     change: Added.
    ///   - date: "2026-02-01"
    ///     change: Another layer.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// changes:
    ///   - date: "2026-02-01"
    ///     change: Another layer.
    ///   - date: "2026-01-01"
    ///     change: Added.
    /// ```
    ///
    /// ## How to fix
    /// Put the newest change first, and correct the day.
    pub static RULE = { id: "changes-out-of-order", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let changes = &view.entry.changes;
    for (index, change) in changes.iter().enumerate() {
        let at = Pointer::root().key("changes").index(index).key("date");
        if !is_day(&change.date) {
            let message = format!("{} is no day of the calendar", quoted(&change.date));
            findings.push(view.at(&RULE, &at, Part::Value, message).help("correct the day"));
        }
        // Days compare as text, since each part has its full width.
        if let Some(newer) = index.checked_sub(1).and_then(|before| changes.get(before))
            && change.date > newer.date
        {
            let message =
                format!("the change of {} stands below the older one of {}", quoted(&change.date), quoted(&newer.date));
            findings.push(view.at(&RULE, &at, Part::Value, message).help("put the newest change first"));
        }
    }
}

/// Whether a text is a day of the Gregorian calendar, as `2024-02-29`.
fn is_day(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_of_the_calendar() {
        for day in ["2024-02-29", "2000-02-29", "2026-12-31"] {
            assert!(is_day(day), "{day}");
        }
        for none in ["2023-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01", "2026-01-01-01"] {
            assert!(!is_day(none), "{none}");
        }
    }
}

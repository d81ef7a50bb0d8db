//! Dates and times in annotations.

use super::lint::{Lint, show};
use crate::finding::{Rule, declare_rule};
use crate::oci::datetime::{self, DateTime, Malformed};
use crate::source::tape::Json;

declare_rule! {
    /// The time of creation is not a date and time of RFC 3339.
    ///
    /// ## Why
    /// Clients parse the value to sort and to show when an artifact was built. What they can not parse they show as
    /// missing, or refuse.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.created": "2024-05-15" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.created": "2024-05-15T18:45:32Z" }
    /// ```
    ///
    /// ## How to fix
    /// Write date, `T`, time and offset. `date -u +%Y-%m-%dT%H:%M:%SZ` prints it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
    /// [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)
    pub static DATETIME_GRAMMAR = { id: "datetime-grammar", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The offset from UTC of a date and time is missing or malformed.
    ///
    /// ## Why
    /// Without an offset the time means another moment in every time zone. Parsers of RFC 3339 refuse the value.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.created": "2024-05-15T18:45:32" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.created": "2024-05-15T20:45:32+02:00" }
    /// ```
    ///
    /// ## How to fix
    /// Add `Z` for UTC, or an offset with a colon such as `+02:00`.
    ///
    /// ## Specification
    /// [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)
    pub static DATETIME_OFFSET = { id: "datetime-offset", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A number in a date and time is out of its range.
    ///
    /// ## Why
    /// The date does not exist. Some parsers refuse it, others roll it over to another day.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.created": "2023-02-29T18:45:32Z" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.created": "2024-02-29T18:45:32Z" }
    /// ```
    ///
    /// The second 60 is accepted where leap seconds were inserted: as the last second of June or December in UTC.
    ///
    /// ## How to fix
    /// Write a date and time that exist.
    ///
    /// ## Specification
    /// [RFC 3339, section 5.7](https://www.rfc-editor.org/rfc/rfc3339#section-5.7)
    pub static DATETIME_RANGE = { id: "datetime-range", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A space stands between date and time.
    ///
    /// ## Why
    /// The grammar has `T` there. A note in the RFC lets applications use a space for people to read; the parser of Go,
    /// which most clients of registries use, refuses it.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.created": "2024-05-15 18:45:32Z" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.created": "2024-05-15T18:45:32Z" }
    /// ```
    ///
    /// ## How to fix
    /// Write `T` in place of the space.
    ///
    /// ## Specification
    /// [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)
    pub static DATETIME_SEPARATOR = { id: "datetime-separator", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A date and time has a small `t` or `z`.
    ///
    /// ## Why
    /// The RFC allows small letters, and the parser of Go, which most clients of registries use, refuses them.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.created": "2024-05-15T18:45:32z" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.created": "2024-05-15T18:45:32Z" }
    /// ```
    ///
    /// ## How to fix
    /// Write `T` and `Z`.
    ///
    /// ## Specification
    /// [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6),
    /// [RFC 7493, section 4.3](https://www.rfc-editor.org/rfc/rfc7493#section-4.3)
    pub static DATETIME_CASE = { id: "datetime-case", level: Info, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The time of creation lies where nothing was built.
    ///
    /// ## Why
    /// The year 1 is what Go prints for a time that nobody set. A time before 1970 or after 2099 comes from a wrong
    /// clock or a wrong unit: the artifact sorts before or behind all others.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.created": "0001-01-01T00:00:00Z" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.created": "1970-01-01T00:00:00Z" }
    /// ```
    ///
    /// The beginning of 1970 is accepted: reproducible builds write it. The clock of the computer is not asked, so that
    /// the same document gets the same findings every day.
    ///
    /// ## How to fix
    /// Write when the artifact was built, or leave the annotation out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static DATETIME_FUTURE = { id: "datetime-future", level: Info, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] =
    &[&DATETIME_CASE, &DATETIME_FUTURE, &DATETIME_GRAMMAR, &DATETIME_OFFSET, &DATETIME_RANGE, &DATETIME_SEPARATOR];

/// The beginning of 2100, in seconds since that of 1970.
const YEAR_2100: i64 = 4_102_444_800;

pub(super) fn check<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &'a str) {
    match DateTime::parse(text) {
        Ok(found) => {
            spelling(lint, value, text, found);
            moment(lint, value, text, found);
        }
        Err(Malformed::Grammar { at, expected }) => {
            let message = if at.is_empty() {
                format!("`{}` ends where {expected} must follow", show(text))
            } else {
                format!("`{}` stands where {expected} must be", show(&text[at.start..]))
            };
            lint.within(&DATETIME_GRAMMAR, value, at, message).help(example(text)).done();
        }
        Err(Malformed::NoOffset) => {
            lint.value(&DATETIME_OFFSET, value, format!("`{}` does not say how far it is from UTC", show(text)))
                .help("add `Z` when it is in UTC, or an offset such as `+02:00`")
                .done();
        }
        Err(Malformed::Offset(at)) => {
            let offset = &text[at.clone()];
            let (sign, digits) = offset.split_at(1);
            let help = match digits.len() {
                4 => format!("write `{sign}{}:{}`", &digits[..2], &digits[2..]),
                2 => format!("write `{offset}:00`"),
                _ => "write hours and minutes, such as `+02:00`".to_owned(),
            };
            let message = format!("the offset `{offset}` is not of the form `+hh:mm`");
            lint.within(&DATETIME_OFFSET, value, at, message).help(help).done();
        }
    }
}

/// What to write in place of a text that is no date and time.
fn example(text: &str) -> String {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(seconds) if digits && (9..=10).contains(&text.len()) => {
            format!("write `{}`, if these are seconds since 1970", datetime::from_unix(seconds))
        }
        _ if DateTime::parse(&format!("{text}T00:00:00Z")).is_ok_and(|day| day.out_of_range().is_none()) => {
            format!("add the time and the offset, such as `{text}T00:00:00Z`")
        }
        _ => "write date, time and offset in this form: `2024-05-15T18:45:32Z`".to_owned(),
    }
}

fn spelling<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &str, found: DateTime) {
    if found.separator == b' ' {
        lint.within(&DATETIME_SEPARATOR, value, 10..11, "a space stands between date and time")
            .help(format!("write `{}T{}`", &text[..10], show(&text[11..])))
            .done();
    }
    if found.separator == b't' || found.small_zone {
        let at = if found.separator == b't' { 10 } else { found.zone };
        let message = format!("the `{}` is a small letter, which parsers written in Go refuse", &text[at..=at]);
        lint.within(&DATETIME_CASE, value, at..at + 1, message)
            .help(format!("write `{}`", show(&text.to_ascii_uppercase())))
            .done();
    }
}

fn moment<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &str, found: DateTime) {
    if let Some(wrong) = found.out_of_range() {
        let message = format!("the {} is `{}`, and must be {}", wrong.what, &text[wrong.at.clone()], wrong.allowed);
        lint.within(&DATETIME_RANGE, value, wrong.at, message).help("write a date and time that exist").done();
        return;
    }
    let seconds = found.unix();
    if (0..YEAR_2100).contains(&seconds) {
        return;
    }
    let message = match seconds {
        _ if text.starts_with("0001-01-01T00:00:00") => "the year 1 is what Go prints for a time that nobody set",
        ..0 => "nothing was built before 1970",
        _ => "the time lies behind the year 2099",
    };
    lint.value(&DATETIME_FUTURE, value, message).help("write when it was built, or leave the annotation out").done();
}

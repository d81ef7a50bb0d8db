//! Dates and times: the grammar of [RFC 3339 section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6).

use std::ops::Range;

/// A date and time, as it is written; its numbers may still be out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime {
    /// The six numbers, year first.
    numbers: [u16; 6],
    /// What stands between date and time: `T`, `t` or a space.
    pub separator: u8,
    offset: Offset,
    /// Where the offset begins: `Z`, `z` or a sign.
    pub zone: usize,
    /// Whether the offset is a small `z`.
    pub small_zone: bool,
}

/// How far a time is from UTC, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Offset {
    behind: bool,
    hour: u16,
    minute: u16,
}

/// Why a text is no date and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// Something else is expected at these bytes; they are empty at the end of the text.
    Grammar {
        /// The bytes.
        at: Range<usize>,
        /// What is expected there.
        expected: &'static str,
    },
    /// Date and time are complete, and nothing says how far they are from UTC.
    NoOffset,
    /// The offset at these bytes is not of the form `+hh:mm`.
    Offset(Range<usize>),
}

/// A number that no clock shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfRange {
    /// The bytes of the number.
    pub at: Range<usize>,
    /// What the number is.
    pub what: &'static str,
    /// The numbers that it may be.
    pub allowed: String,
}

/// The numbers of a date and time: the byte where each begins, its digits, what it is, what stands behind it.
const PARTS: [(usize, usize, &str, &str); 6] = [
    (0, 4, "a year of four digits", "`-` and the month"),
    (5, 2, "a month of two digits", "`-` and the day"),
    (8, 2, "a day of two digits", "`T` and the time"),
    (11, 2, "an hour of two digits", "`:` and the minute"),
    (14, 2, "a minute of two digits", "`:` and the second"),
    (17, 2, "a second of two digits", ""),
];

/// Bytes of a date and time without fraction and offset.
const LENGTH: usize = 19;

impl DateTime {
    /// Reads a text. Where RFC 3339 leaves a choice, a space for `T` and small letters among it, all is read.
    ///
    /// # Errors
    ///
    /// The first thing by which the text breaks the grammar.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let bytes = text.as_bytes();
        let mut numbers = [0; 6];
        for (index, (start, digits, expected, behind)) in PARTS.into_iter().enumerate() {
            for at in start..start + digits {
                let digit = bytes.get(at).filter(|byte| byte.is_ascii_digit());
                let digit = digit.ok_or_else(|| unexpected(text, at, expected))?;
                numbers[index] = numbers[index] * 10 + u16::from(digit - b'0');
            }
            let end = start + digits;
            let fits = match index {
                0 | 1 => bytes.get(end) == Some(&b'-'),
                2 => matches!(bytes.get(end), Some(b'T' | b't' | b' ')),
                3 | 4 => bytes.get(end) == Some(&b':'),
                _ => true,
            };
            if !fits {
                return Err(unexpected(text, end, behind));
            }
        }
        let mut zone = LENGTH;
        if bytes.get(zone) == Some(&b'.') {
            let digits = bytes[zone + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return Err(unexpected(text, zone + 1, "digits of a fraction"));
            }
            zone += 1 + digits;
        }
        let offset = offset(text, zone)?;
        Ok(Self { numbers, separator: bytes[10], offset, zone, small_zone: bytes[zone] == b'z' })
    }

    /// Whether a text is a date and time of RFC 3339 whose numbers are in range, with a `T` or `t` in its middle.
    #[must_use]
    pub fn is_valid(text: &str) -> bool {
        Self::parse(text).is_ok_and(|time| time.separator != b' ' && time.out_of_range().is_none())
    }

    /// The first number that is out of its range ([section 5.7](https://www.rfc-editor.org/rfc/rfc3339#section-5.7)).
    #[must_use]
    pub fn out_of_range(&self) -> Option<OutOfRange> {
        let [year, month, ..] = self.numbers;
        let beyond = |index: usize, what, least: u16, most: u16| {
            let (start, digits, ..) = PARTS[index];
            (!(least..=most).contains(&self.numbers[index])).then(|| OutOfRange {
                at: start..start + digits,
                what,
                allowed: format!("{least:02} to {most:02}"),
            })
        };
        let last = days_in(year, month);
        let most_seconds = if self.may_leap() { 60 } else { 59 };
        let offset = |at: usize, what, number: u16, most: u16| {
            (number > most).then(|| OutOfRange { at: at..at + 2, what, allowed: format!("00 to {most}") })
        };
        beyond(1, "month", 1, 12)
            .or_else(|| beyond(2, "day", 1, last))
            .or_else(|| beyond(3, "hour", 0, 23))
            .or_else(|| beyond(4, "minute", 0, 59))
            .or_else(|| beyond(5, "second", 0, most_seconds))
            .or_else(|| offset(self.zone + 1, "hour of the offset", self.offset.hour, 23))
            .or_else(|| offset(self.zone + 4, "minute of the offset", self.offset.minute, 59))
    }

    /// Seconds since the beginning of 1970 in UTC; only of a date and time whose numbers are in range.
    #[must_use]
    pub fn unix(&self) -> i64 {
        let [year, month, day, hour, minute, second] = self.numbers.map(i64::from);
        // Years begin in March here, so that the leap day is their last.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let days = days + (153 * month + 2) / 5 + day - 1 - 719_468;
        days * 86_400 + hour * 3_600 + minute * 60 + second - i64::from(self.offset.minutes()) * 60
    }

    /// Whether leap seconds were inserted at such a time: at the end of June and December in UTC.
    fn may_leap(&self) -> bool {
        let [_, month, day, hour, minute, _] = self.numbers.map(i32::from);
        let of_day = hour * 60 + minute - self.offset.minutes();
        match of_day.div_euclid(1_440) {
            0 => matches!((month, day), (6, 30) | (12, 31)) && of_day == 1_439,
            -1 => matches!((month, day), (7 | 1, 1)) && of_day == -1,
            _ => matches!((month, day), (6, 29) | (12, 30)) && of_day == 2_879,
        }
    }
}

impl Offset {
    /// Minutes that the time is ahead of UTC.
    fn minutes(self) -> i32 {
        let minutes = i32::from(self.hour) * 60 + i32::from(self.minute);
        if self.behind { -minutes } else { minutes }
    }
}

/// Reads the offset at the end of a text.
fn offset(text: &str, zone: usize) -> Result<Offset, Malformed> {
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let number = |tens: u8, ones: u8| u16::from(tens - b'0') * 10 + u16::from(ones - b'0');
    match text.as_bytes()[zone..] {
        [] => Err(Malformed::NoOffset),
        [b'Z' | b'z'] => Ok(Offset::default()),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] if digits(&[a, b, c, d]) => {
            Ok(Offset { behind: sign == b'-', hour: number(a, b), minute: number(c, d) })
        }
        [b'+' | b'-', ref shown @ ..] if digits(shown) && (1..=4).contains(&shown.len()) => {
            Err(Malformed::Offset(zone..text.len()))
        }
        [b'Z' | b'z', ..] => Err(unexpected(text, zone + 1, "the end")),
        _ => Err(unexpected(text, zone, "`Z`, or an offset such as `+02:00`")),
    }
}

fn unexpected(text: &str, at: usize, expected: &'static str) -> Malformed {
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Malformed::Grammar { at: at.min(text.len())..at.min(text.len()) + length, expected }
}

/// Days of a month of the Gregorian calendar.
const fn days_in(year: u16, month: u16) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The date and time in UTC that a number of seconds since the beginning of 1970 means.
#[must_use]
pub fn from_unix(seconds: u32) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let mut year: u16 = 1970;
    let mut left = days;
    let year_days = |year: u16| 337 + u32::from(days_in(year, 2));
    while left >= year_days(year) {
        left -= year_days(year);
        year += 1;
    }
    let mut month: u16 = 1;
    while left >= u32::from(days_in(year, month)) {
        left -= u32::from(days_in(year, month));
        month += 1;
    }
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_that_of_rfc_3339() {
        for text in [
            "2024-05-15T18:45:32Z",
            "2024-05-15t18:45:32.123456789+05:45",
            "2024-05-15 18:45:32-00:00",
            "9999-99-99T99:99:99+99:99",
        ] {
            assert!(DateTime::parse(text).is_ok(), "{text}");
        }
        let wrong = |text: &str| match DateTime::parse(text) {
            Err(Malformed::Grammar { at, expected }) => (at, expected),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(wrong("2024-05-15"), (10..10, "`T` and the time"));
        assert_eq!(wrong("1715798732"), (4..5, "`-` and the month"));
        assert_eq!(wrong("24-05-15T18:45:32Z"), (2..3, "a year of four digits"));
        assert_eq!(wrong("2024-05-15T18:45Z"), (16..17, "`:` and the second"));
        assert_eq!(wrong("2024-05-15T18:45:32.Z"), (20..21, "digits of a fraction"));
        assert_eq!(wrong("2024-05-15T18:45:32,5Z").0, 19..20);
        assert_eq!(wrong("2024-05-15T18:45:32\u{2212}02:00").0, 19..22);
        assert_eq!(wrong("2024-05-15T18:45:32Z\n"), (20..21, "the end"));
        assert_eq!(wrong("2024-05-15 18:45:32 +0000 UTC").0, 19..20);
        assert_eq!(wrong("\u{666}024-05-15T18:45:32Z").0, 0..2);
        assert_eq!(wrong(""), (0..0, "a year of four digits"));
        assert_eq!(DateTime::parse("2024-05-15T18:45:32"), Err(Malformed::NoOffset));
        assert_eq!(DateTime::parse("2024-05-15T18:45:32.5+0200"), Err(Malformed::Offset(21..26)));
        assert_eq!(DateTime::parse("2024-05-15T18:45:32+02"), Err(Malformed::Offset(19..22)));
    }

    #[test]
    fn numbers_have_ranges() {
        let range = |text: &str| DateTime::parse(text).unwrap().out_of_range().map(|wrong| (wrong.at, wrong.allowed));
        for text in [
            "2024-02-29T00:00:00Z",
            "2000-02-29T23:59:59+23:59",
            "1990-12-31T23:59:60Z",
            "1990-12-31T15:59:60-08:00",
            "2015-07-01T01:59:60+02:00",
            "0000-01-01T00:00:00-00:00",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
        for (text, at, allowed) in [
            ("2024-13-01T00:00:00Z", 5..7, "01 to 12"),
            ("2024-00-01T00:00:00Z", 5..7, "01 to 12"),
            ("2023-02-29T00:00:00Z", 8..10, "01 to 28"),
            ("1900-02-29T00:00:00Z", 8..10, "01 to 28"),
            ("2024-04-31T00:00:00Z", 8..10, "01 to 30"),
            ("2024-04-30T24:00:00Z", 11..13, "00 to 23"),
            ("2024-04-30T23:60:00Z", 14..16, "00 to 59"),
            ("2024-04-30T23:59:60Z", 17..19, "00 to 59"),
            ("1990-12-31T23:59:61Z", 17..19, "00 to 60"),
            ("1990-12-31T23:59:60+01:00", 17..19, "00 to 59"),
            ("2024-04-30T23:59:00+24:00", 20..22, "00 to 23"),
            ("2024-04-30T23:59:00.25-02:60", 26..28, "00 to 59"),
        ] {
            assert_eq!(range(text), Some((at, allowed.to_owned())), "{text}");
        }
    }

    #[test]
    fn seconds_are_counted_from_1970() {
        let unix = |text: &str| DateTime::parse(text).unwrap().unix();
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T19:00:00-05:00", 0),
            ("2024-05-15T18:45:32Z", 1_715_798_732),
            ("2100-01-01T00:00:00Z", 4_102_444_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("2000-02-29T12:00:00+12:00", 951_782_400),
        ] {
            assert_eq!(unix(text), seconds, "{text}");
        }
        for seconds in [0, 951_782_400, 951_868_799, 1_715_798_732, u32::MAX] {
            assert_eq!(DateTime::parse(&from_unix(seconds)).unwrap().unix(), i64::from(seconds));
        }
    }
}

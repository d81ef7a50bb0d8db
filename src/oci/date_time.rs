//! Times as [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6) writes them.

/// Whether a text is a `date-time`: a day that exists, a time and an offset.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |at: usize, length: usize| -> Option<u32> {
        let digits = text.get(at..at + length)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    };
    let is = |at: usize, wanted: u8| bytes.get(at) == Some(&wanted);
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 2), number(8, 2)) else { return false };
    let (Some(hour), Some(minute), Some(second)) = (number(11, 2), number(14, 2), number(17, 2)) else { return false };
    let marks = is(4, b'-') && is(7, b'-') && (is(10, b'T') || is(10, b't')) && is(13, b':') && is(16, b':');
    // A leap second is second 60.
    let clock = |hour, minute| hour < 24 && minute < 60;
    if !marks || day == 0 || day > days(year, month) || !clock(hour, minute) || second > 60 {
        return false;
    }
    let mut at = 19;
    if is(at, b'.') {
        let fraction = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    match bytes.get(at) {
        Some(b'Z' | b'z') => bytes.len() == at + 1,
        Some(b'+' | b'-') => {
            bytes.len() == at + 6
                && is(at + 3, b':')
                && number(at + 1, 2).zip(number(at + 4, 2)).is_some_and(|(hour, minute)| clock(hour, minute))
        }
        _ => false,
    }
}

/// Days of a month; none of a month that does not exist.
const fn days(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::is_date_time;

    #[test]
    fn the_grammar_and_the_calendar() {
        for text in [
            "2015-10-31T22:22:56.015925234Z",
            "2015-10-31T22:22:56Z",
            "2015-10-31t22:22:56z",
            "2024-02-29T00:00:00+05:30",
            "0001-01-01T00:00:00Z",
            "1990-12-31T23:59:60Z",
        ] {
            assert!(is_date_time(text), "{text}");
        }
        for text in [
            "",
            "2015-10-31",
            "2015-10-31 22:22:56Z",
            "2015-10-31T22:22:56",
            "2015-10-31T22:22Z",
            "2015-10-31T22:22:56.Z",
            "2015-10-31T22:22:56+0530",
            "2015-10-31T24:00:00Z",
            "2023-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "+015-10-31T22:22:56Z",
            "2015-10-31T22:22:56Zé",
            "2015-10-é1T22:22:56Z",
            "1700000000",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }
}

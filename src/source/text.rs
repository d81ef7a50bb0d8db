//! Bytes to text, and text that is safe to show.
//!
//! What reads bytes passes through [`decode`]; what writes somebody else's text to a terminal, a log or a
//! message passes through [`visible`].

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Problem, ProblemKind, Span};

/// Bytes as UTF-8 text.
///
/// # Errors
///
/// A [`Problem`] of kind `Encoding` at the first byte that is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let end = start + error.error_len().unwrap_or(bytes.len() - start);
        let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let help = if wide { "the file begins like UTF-16: save it as UTF-8" } else { "save the file as UTF-8" };
        let found: Vec<String> = bytes[start..end].iter().map(|byte| format!("0x{byte:02X}")).collect();
        Problem::new(ProblemKind::Encoding, Span::new(start, end), format!("not UTF-8: {}", found.join(" "))).help(help)
    })
}

/// Whether a character can deceive a reader or a terminal: controls, bidirectional and invisible formatting,
/// line and paragraph separators, private use and noncharacters. Line feed and tab are among them.
#[must_use]
pub const fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}'
        | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
        || is_noncharacter(c)
}

/// Whether Unicode reserves a code point for internal use.
#[must_use]
pub const fn is_noncharacter(c: char) -> bool {
    matches!(c as u32, 0xFDD0..=0xFDEF) || (c as u32) & 0xFFFE == 0xFFFE
}

/// Whether a character selects the form of the picture before it.
#[must_use]
pub const fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

/// Whether a character joins its neighbours, or keeps them apart, and is not seen itself.
#[must_use]
pub const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether a joiner between two characters has a meaning: in scripts that join letters, and in composed pictures.
#[must_use]
pub fn joins(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    joined_script(before) && joined_script(after) || (is_picture(before) || is_selector(before)) && is_picture(after)
}

/// Arabic, Syriac, N'Ko and their extensions; the scripts of India and South-East Asia; Mongolian.
const fn joined_script(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
        && !is_deceptive(c)
}

/// Symbols that have a form in colour, and what modifies them.
#[must_use]
pub const fn is_picture(c: char) -> bool {
    matches!(c, '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{27FF}' | '\u{2900}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}'
        | '\u{3297}' | '\u{3299}' | '\u{A9}' | '\u{AE}' | '\u{1F000}'..='\u{1FAFF}')
}

/// The name by which messages call a character that can not be shown: `U+202E`.
#[must_use]
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", c as u32)
}

/// Text with every deceptive character written as an escape, such as `\u{1b}`, so that the reader sees it.
///
/// Line feeds are escaped too: the result is one line.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if is_deceptive(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", c as u32);
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// At most `limit` characters of a text, with `…` where it was cut.
#[must_use]
pub fn clip(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

/// A number of bytes for people.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceptive_characters_become_visible() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\u{9b}"), "a\\u{1b}[31mb\\u{202e}c\\u{9b}");
        assert_eq!(visible("日本 é 🐋"), "日本 é 🐋");
    }

    #[test]
    fn undecodable_bytes_have_a_place() {
        let problem = decode(b"ab\xFFcd").unwrap_err();
        assert_eq!((problem.span, problem.kind), (Span::new(2, 3), ProblemKind::Encoding));
        assert!(decode(b"\xFF\xFEa\0").unwrap_err().help.unwrap().contains("UTF-16"));
    }

    #[test]
    fn sizes() {
        assert_eq!([999, 1_000, 12_345].map(bytes), ["999 bytes", "1.0 kB", "12.3 kB"]);
        assert_eq!([2_590_000, 8_050_000_000].map(bytes), ["2.5 MB", "8.0 GB"]);
    }
}

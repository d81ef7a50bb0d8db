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
}

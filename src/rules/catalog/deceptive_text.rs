//! Texts show what they hold.

use unicode_normalization::is_nfc;

use super::EntryView;
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::text::{code_point, is_deceptive, is_joiner, is_picture, is_selector, joins};

declare_rule! {
    /// A text holds a character that can not be seen or that changes how others are shown.
    ///
    /// ## Why
    /// Control characters move the cursor of a terminal, bidirectional ones reorder what stands around them, and
    /// invisible ones make two texts look alike that are not. Escapes in double quotes bring them past the eye of a
    /// reviewer, so texts are judged after they were read. Only the description has more than one line.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: "A sample \u202Ethat turns around."
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: "A sample for AT&T <-> \"R&D\", \u65e5\u672c and cafés."
    /// ```
    ///
    /// ## How to fix
    /// Remove the character. Letters of every script are welcome, composed as NFC composes them; joiners may stand
    /// between letters of the scripts that need them.
    ///
    /// ## Specification
    /// [UTS 39](https://www.unicode.org/reports/tr39/), [UAX 15](https://www.unicode.org/reports/tr15/)
    pub static RULE = { id: "deceptive-text", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    view.each_text(&mut |pointer, text| {
        if is_plain(text) {
            return;
        }
        let lines = pointer.as_str() == "/description";
        // What stands in the file as it is, the reader of the text has complained about.
        let raw = view
            .document
            .span(pointer, Part::Value)
            .and_then(|span| view.document.text.get(span.range()))
            .unwrap_or_default();
        if let Some((message, help)) = complaint(text, lines, &|c| !may_stand(c) && raw.contains(c)) {
            let name =
                pointer.keys().filter(|key| !key.bytes().all(|byte| byte.is_ascii_digit())).last().unwrap_or_default();
            findings.push(view.at(&RULE, pointer, Part::Value, format!("{} {message}", quoted(&name))).help(help));
        }
    });
}

/// Characters that the reader of the text lets pass, because what stands around them decides.
const fn may_stand(c: char) -> bool {
    c == '\n' || is_joiner(c) || matches!(c, '\u{FE00}'..='\u{FE0F}')
}

/// Whether a text holds nothing but visible ASCII and spaces.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// What deceives in a text; `lines` when it may have several, `known` for characters that need no second word.
fn complaint(text: &str, lines: bool, known: &dyn Fn(char) -> bool) -> Option<(String, &'static str)> {
    if is_plain(text) {
        return None;
    }
    let mut before = None;
    let mut marks = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        marks = if is_stackable(c) { marks + 1 } else { 0 };
        if marks > 2 {
            return Some(("stacks more than two marks on a letter".to_owned(), "remove the marks"));
        }
        if c == '\n' && lines
            || is_selector(c) && before.is_some_and(is_picture)
            || is_joiner(c) && joins(before, after)
        {
            before = Some(c);
            continue;
        }
        if c == '\n' {
            return Some(("has a line break".to_owned(), "write it in one line, or use `>-` to fold it"));
        }
        if is_deceptive(c) && !known(c) {
            return Some((format!("holds the invisible or control character {}", code_point(c)), "remove it"));
        }
        before = Some(c);
    }
    (!is_nfc(text))
        .then(|| ("is not composed as NFC composes it".to_owned(), "write letters and their marks as one character"))
}

/// Marks that go with any letter. The vowel signs of a script, of which three may follow each other, are none of them.
const fn is_stackable(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_texts_of_all_scripts_pass() {
        for text in [
            "plain",
            "日本語の説明",
            "وصف عربي",
            "Только кириллица",
            "क्\u{200D}ष",
            "می\u{200C}خواهم",
            "AT&T <-> \"R&D\"",
            "null",
            "❤\u{FE0F}",
            "👩\u{200D}💻",
            "café",
            "Tiếng Việt",
        ] {
            assert_eq!(complaint(text, false, &|_| false), None, "{text}");
        }
        assert_eq!(complaint("two\nlines", true, &|_| false), None);
    }

    #[test]
    fn what_hides_is_found() {
        for text in [
            "a\u{1b}[31m",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{ad}b",
            "two\nlines",
            "tab\t",
            "a\u{200d}b",
            "\u{200d}",
            "a\u{fe0f}",
            "\u{3164}",
            "\u{feff}a",
            "a\u{2028}b",
            "z\u{301}\u{302}\u{303}",
            "cafe\u{301}",
            "\u{e0041}",
            "\u{fdd0}",
            "\u{0}",
        ] {
            assert!(complaint(text, false, &|_| false).is_some(), "{text:?}");
        }
        assert!(complaint("a\rb\n", true, &|_| false).is_some());
        assert!(complaint("a\u{202e}b", false, &|c| c == '\u{202e}').is_none());
    }
}

//! JSON (RFC 8259) as bytes: one strict scanner, on which the tree with places and the fast readers stand.

use std::borrow::Cow;

use super::text::{code_point, is_noncharacter};
use super::{Member, Node, Problem, ProblemKind, Span, Value};

/// Greatest integer that a double holds exactly, together with all smaller ones: 2⁵³ − 1.
const MAX_EXACT: u64 = (1 << 53) - 1;

/// Deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 64;

/// A reader over the bytes of one JSON text, which accepts what RFC 8259 accepts and nothing else.
///
/// The text is UTF-8 already. Each method consumes what it names, or fails without a promise about its place.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// A string as it stands between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a> {
    /// The bytes between the quotes.
    pub text: &'a str,
    /// Whether there is a backslash among them.
    pub escaped: bool,
}

/// A failure is rare and large: behind a pointer it costs nothing where all goes well.
type Result<T> = std::result::Result<T, Box<Problem>>;

impl<'a> Scanner<'a> {
    /// A scanner at the start of a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The whole text.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// Offset of the next byte.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.at
    }

    /// Skips white space and shows the next byte, or 0 at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return *byte,
            }
        }
        0
    }

    /// Consumes the byte that [`peek`](Self::peek) showed.
    #[inline]
    pub const fn bump(&mut self) {
        self.at += 1;
    }

    /// Whether nothing but white space is left.
    #[inline]
    pub fn at_end(&mut self) -> bool {
        self.peek();
        self.at >= self.text.len()
    }

    /// Consumes a string, without decoding it.
    ///
    /// # Errors
    ///
    /// When it is not closed, or holds a raw control character or a wrong escape.
    #[inline]
    pub fn string(&mut self) -> Result<Raw<'a>> {
        if self.peek() != b'"' {
            return Err(self.unexpected("a string"));
        }
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut escaped = false;
        loop {
            at = skip_plain(bytes, at);
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                Some(_) => {
                    let c = bytes[at] as char;
                    let message = format!("a string holds the raw control character {}", code_point(c));
                    return Err(Box::new(self.problem(at, at + 1, message).help("write it as an escape")));
                }
                None => return Err(Box::new(self.problem(start - 1, bytes.len(), "a string is not closed"))),
            }
        }
        self.at = at + 1;
        Ok(Raw { text: &self.text[start..at], escaped })
    }

    /// Checks the escape at `at` and returns the place behind it.
    fn escape(&self, at: usize) -> Result<usize> {
        let bytes = self.text.as_bytes();
        match bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') if bytes.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {
                Ok(at + 6)
            }
            _ => Err(Box::new(
                self.problem(at, at + 2, "a string holds a wrong escape")
                    .help("JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits"),
            )),
        }
    }

    /// Consumes a number and returns its text.
    ///
    /// # Errors
    ///
    /// When it is not a number of JSON.
    #[inline]
    pub fn number(&mut self) -> Result<&'a str> {
        self.peek();
        let bytes = self.text.as_bytes();
        let start = self.at;
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let first = start + usize::from(bytes.get(start) == Some(&b'-'));
        let mut at = digits(first);
        if at == first || (bytes[first] == b'0' && at > first + 1) {
            return Err(Box::new(self.problem(start, at.max(start + 1), "not a number of JSON")));
        }
        if bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            if end == at + 1 {
                return Err(Box::new(self.problem(start, end, "a number ends with its point")));
            }
            at = end;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let end = digits(sign);
            if end == sign {
                return Err(Box::new(self.problem(start, end, "a number ends with its exponent sign")));
            }
            at = end;
        }
        self.at = at;
        Ok(&self.text[start..at])
    }

    /// Consumes a number and returns it when it is a natural one, written as such.
    ///
    /// # Errors
    ///
    /// When it is not a number of JSON.
    #[inline]
    pub fn natural(&mut self) -> Result<Option<u64>> {
        self.peek();
        let bytes = self.text.as_bytes();
        let (mut at, mut value) = (self.at, 0_u64);
        while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            at += 1;
        }
        let fraction = matches!(bytes.get(at), Some(b'.' | b'e' | b'E'));
        match at - self.at {
            // No number of so many digits is too large.
            1..=19 if !fraction && (bytes[self.at] != b'0' || at == self.at + 1) => {
                self.at = at;
                Ok(Some(value))
            }
            _ => Ok(self.number()?.parse().ok()),
        }
    }

    /// Consumes `true`, `false` or `null` and returns it.
    ///
    /// # Errors
    ///
    /// When something else stands there.
    pub fn literal(&mut self) -> Result<&'static str> {
        self.peek();
        for word in ["true", "false", "null"] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(word);
            }
        }
        Err(self.unexpected("a value"))
    }

    /// Consumes a value of any kind.
    ///
    /// # Errors
    ///
    /// When it is malformed or deeper than [`MAX_DEPTH`], counted from `depth`.
    pub fn skip(&mut self, depth: usize) -> Result<()> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'{' => self.object(depth, |scanner, _| scanner.skip(depth + 1)),
            b'[' => self.array(depth, |scanner, _| scanner.skip(depth + 1)),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            _ => self.literal().map(drop),
        }
    }

    /// Consumes an object; `member` gets each key and consumes its value.
    ///
    /// # Errors
    ///
    /// When it is malformed or deeper than [`MAX_DEPTH`], or when `member` fails.
    #[inline]
    pub fn object(&mut self, depth: usize, mut member: impl FnMut(&mut Self, Raw<'a>) -> Result<()>) -> Result<()> {
        self.open(b'{', "an object", depth)?;
        if self.peek() == b'}' {
            self.bump();
            return Ok(());
        }
        loop {
            if self.peek() != b'"' {
                return Err(self.unexpected("a key in double quotes"));
            }
            let key = self.string()?;
            if self.peek() != b':' {
                return Err(self.unexpected("`:` after the key"));
            }
            self.bump();
            member(self, key)?;
            match self.peek() {
                b',' => self.bump(),
                b'}' => {
                    self.bump();
                    return Ok(());
                }
                _ => return Err(self.unexpected("`,` or `}`")),
            }
        }
    }

    /// Consumes an array; `element` gets each index and consumes the element.
    ///
    /// # Errors
    ///
    /// When it is malformed or deeper than [`MAX_DEPTH`], or when `element` fails.
    #[inline]
    pub fn array(&mut self, depth: usize, mut element: impl FnMut(&mut Self, usize) -> Result<()>) -> Result<()> {
        self.open(b'[', "an array", depth)?;
        if self.peek() == b']' {
            self.bump();
            return Ok(());
        }
        for index in 0.. {
            element(self, index)?;
            match self.peek() {
                b',' => self.bump(),
                b']' => {
                    self.bump();
                    return Ok(());
                }
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
        Ok(())
    }

    fn open(&mut self, bracket: u8, what: &str, depth: usize) -> Result<()> {
        if self.peek() != bracket {
            return Err(self.unexpected(what));
        }
        if depth >= MAX_DEPTH {
            let span = Span::new(self.at, self.at + 1);
            return Err(Box::new(Problem::new(
                ProblemKind::Depth,
                span,
                format!("nested deeper than {MAX_DEPTH} levels"),
            )));
        }
        self.bump();
        Ok(())
    }

    /// The problem that the next byte is not what was expected.
    #[cold]
    pub fn unexpected(&mut self, expected: &str) -> Box<Problem> {
        self.peek();
        let found = self.text[self.at..].chars().next();
        let (end, found) = match found {
            None => (self.at, "the text ends".to_owned()),
            Some(c) => (self.at + c.len_utf8(), format!("found `{}`", super::text::visible(&c.to_string()))),
        };
        let problem = self.problem(self.at, end, format!("expected {expected}, {found}"));
        Box::new(match self.text[self.at..].bytes().next() {
            Some(b'}' | b']') => problem.help("JSON allows no comma before a closing bracket"),
            Some(b'/' | b'#') => problem.help("JSON has no comments"),
            Some(b'\'') => problem.help("JSON strings stand in double quotes"),
            _ => problem,
        })
    }

    fn problem(&self, start: usize, end: usize, message: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::Syntax, Span::new(start, end.min(self.text.len())), message)
    }
}

/// First place from `at` on that holds a quote, a backslash or a control character; many bytes at a time.
#[inline]
fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // Without a branch for each byte, so that sixteen are looked at in one step.
    let special = |byte: u8| u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte < 0x20);
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        if chunk.iter().fold(0, |any, byte| any | special(*byte)) != 0 {
            break;
        }
        at += 16;
    }
    while let Some(chunk) = bytes.get(at..at + 8) {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        // A byte that is zero after the subtrahend is taken from it borrows into its high bit. A byte above 0x7F, which
        // would show there too, is excluded by `!word`; a wrong hit can only stand above a right one.
        let quotes = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
        let backslashes = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
        let controls = word.wrapping_sub(ONES * 0x20);
        let hits = (quotes | backslashes | controls) & !word & HIGHS;
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| *byte >= 0x20 && *byte != b'"' && *byte != b'\\') {
        at += 1;
    }
    at
}

impl<'a> Raw<'a> {
    /// The text that the string stands for; half surrogate pairs become U+FFFD.
    #[inline]
    #[must_use]
    pub fn decode(self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(self.unescape(&mut |_, _| {})) } else { Cow::Borrowed(self.text) }
    }

    /// Unescapes; `lone` gets the place within the string and the value of each half surrogate pair.
    fn unescape(self, lone: &mut dyn FnMut(usize, u32)) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some(at) = rest.find('\\') {
            text.push_str(&rest[..at]);
            let offset = self.text.len() - rest.len() + at;
            rest = &rest[at + 1..];
            let kind = rest.as_bytes().first().copied().unwrap_or(b'\\');
            rest = rest.get(1..).unwrap_or_default();
            if kind == b'u' {
                let high = hex4(rest);
                rest = rest.get(4..).unwrap_or_default();
                let low = rest.strip_prefix("\\u").map(hex4);
                match (high, low) {
                    (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                        rest = rest.get(6..).unwrap_or_default();
                        let c = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        text.push(char::from_u32(c).unwrap_or('\u{FFFD}'));
                    }
                    (0xD800..=0xDFFF, _) => {
                        lone(offset, high);
                        text.push('\u{FFFD}');
                    }
                    _ => text.push(char::from_u32(high).unwrap_or('\u{FFFD}')),
                }
            } else {
                text.push(match kind {
                    b'b' => '\u{8}',
                    b'f' => '\u{C}',
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    other => other as char,
                });
            }
        }
        text.push_str(rest);
        text
    }
}

fn hex4(text: &str) -> u32 {
    text.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0xFFFD)
}

/// A JSON text as a tree with places, and everything about it that readers may disagree on.
///
/// The tree is absent when the text is malformed; the problems then say why, the fatal one last.
#[must_use]
pub fn read(text: &str) -> (Option<Node>, Vec<Problem>) {
    let mut reader = Reader { scanner: Scanner::new(text), problems: Vec::new() };
    if text.starts_with('\u{FEFF}') {
        reader.problems.push(
            Problem::new(ProblemKind::ByteOrderMark, Span::new(0, 3), "the text begins with a byte order mark")
                .help("save the file as UTF-8 without BOM; RFC 8259 section 8.1 forbids it"),
        );
        reader.scanner.at = 3;
    }
    let node = reader.value(0);
    let tree = match node {
        Err(problem) => {
            reader.problems.push(*problem);
            None
        }
        Ok(node) => {
            if !reader.scanner.at_end() {
                reader.problems.push(Problem::new(
                    ProblemKind::TrailingData,
                    Span::new(reader.scanner.at, text.trim_end().len()),
                    "text after the end of the document",
                ));
            }
            Some(node)
        }
    };
    (tree, reader.problems)
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Node> {
        let first = self.scanner.peek();
        let start = self.scanner.at;
        let value = match first {
            b'"' => Value::String(self.text()?.0),
            b'{' => Value::Object(self.object(depth)?),
            b'[' => Value::Array(self.array(depth)?),
            b'-' | b'0'..=b'9' => Value::Number(self.number()?),
            _ => match self.scanner.literal()? {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::Null,
            },
        };
        Ok(Node { value, span: Span::new(start, self.scanner.at) })
    }

    fn text(&mut self) -> Result<(String, Span)> {
        self.scanner.peek();
        let start = self.scanner.at;
        let raw = self.scanner.string()?;
        let span = Span::new(start, self.scanner.at);
        let problems = &mut self.problems;
        let text = if raw.escaped {
            raw.unescape(&mut |offset, unit| {
                problems.push(
                    Problem::new(
                        ProblemKind::LoneSurrogate,
                        Span::new(start + 1 + offset, start + 7 + offset),
                        format!("the escape \\u{unit:04x} is half of a surrogate pair"),
                    )
                    .help("write both halves, or the character itself"),
                );
            })
        } else {
            raw.text.to_owned()
        };
        if let Some(c) = text.chars().find(|c| is_noncharacter(*c)) {
            problems.push(Problem::new(
                ProblemKind::Noncharacter,
                span,
                format!("a string holds the noncharacter {}", code_point(c)),
            ));
        }
        Ok((text, span))
    }

    fn number(&mut self) -> Result<serde_json::Number> {
        let start = self.scanner.at;
        let text = self.scanner.number()?;
        let span = Span::new(start, self.scanner.at);
        let integer = !text.contains(['.', 'e', 'E']);
        if integer && text.parse::<i64>().map_or(true, |number| number.unsigned_abs() > MAX_EXACT) {
            let message = format!("the integer {text} is beyond what a double holds exactly");
            self.problems.push(
                Problem::new(ProblemKind::NumberPrecision, span, message).help("readers round it, each in its own way"),
            );
        }
        let number = text.parse::<serde_json::Number>().ok();
        Ok(number.unwrap_or_else(|| {
            self.problems.push(Problem::new(
                ProblemKind::NumberPrecision,
                span,
                format!("the number {text} is beyond a double"),
            ));
            serde_json::Number::from(0)
        }))
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Node>> {
        let mut elements = Vec::new();
        self.scanner.open(b'[', "an array", depth)?;
        if self.scanner.peek() == b']' {
            self.scanner.bump();
            return Ok(elements);
        }
        loop {
            elements.push(self.value(depth + 1)?);
            match self.scanner.peek() {
                b',' => self.scanner.bump(),
                b']' => {
                    self.scanner.bump();
                    return Ok(elements);
                }
                _ => return Err(self.scanner.unexpected("`,` or `]`")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member>> {
        let mut members: Vec<Member> = Vec::new();
        let mut seen = std::collections::HashMap::<String, Span>::new();
        self.scanner.open(b'{', "an object", depth)?;
        if self.scanner.peek() == b'}' {
            self.scanner.bump();
            return Ok(members);
        }
        loop {
            if self.scanner.peek() != b'"' {
                return Err(self.scanner.unexpected("a key in double quotes"));
            }
            let (key, key_span) = self.text()?;
            if self.scanner.peek() != b':' {
                return Err(self.scanner.unexpected("`:` after the key"));
            }
            self.scanner.bump();
            let value = self.value(depth + 1)?;
            if let Some(first) = seen.get(&key) {
                self.problems.push(
                    Problem::new(
                        ProblemKind::DuplicateKey,
                        key_span,
                        format!("the name `{}` stands twice in this object", super::text::visible(&key)),
                    )
                    .help("some readers take the first, others the last: keep one")
                    .other(*first),
                );
            } else {
                seen.insert(key.clone(), key_span);
                members.push(Member { key, key_span, value });
            }
            match self.scanner.peek() {
                b',' => self.scanner.bump(),
                b'}' => {
                    self.scanner.bump();
                    return Ok(members);
                }
                _ => return Err(self.scanner.unexpected("`,` or `}`")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<ProblemKind> {
        read(text).1.into_iter().map(|problem| problem.kind).collect()
    }

    #[test]
    fn natural_numbers_are_read_as_they_are_written() {
        let natural = |text| Scanner::new(text).natural().ok();
        for (text, value) in [
            ("0", Some(0)),
            (" 12,", Some(12)),
            ("9999999999999999999", Some(9_999_999_999_999_999_999)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("1.0", None),
            ("1e3", None),
            ("-1", None),
        ] {
            assert_eq!(natural(text), Some(value), "{text}");
        }
        for wrong in ["", "01", "1.", "x", "1e"] {
            assert_eq!(natural(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn places_of_keys_and_values_are_bytes() {
        let text = "{ \"é\" : [1, \"日\\n\"] }";
        let (tree, problems) = read(text);
        assert!(problems.is_empty());
        let tree = tree.unwrap();
        let member = &tree.members()[0];
        assert_eq!(&text[member.key_span.range()], "\"é\"");
        assert_eq!(&text[member.value.span.range()], "[1, \"日\\n\"]");
        assert_eq!(member.value.elements()[1].as_str(), Some("日\n"));
    }

    #[test]
    fn refuses_what_rfc_8259_refuses() {
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            "1e",
            "+1",
            "nul",
            "'a'",
            "{a:1}",
            "\"\u{1}\"",
            "\"\\x\"",
            "[1 2]",
            "\"",
            "-",
        ] {
            let (tree, problems) = read(bad);
            assert!(tree.is_none() && problems.last().unwrap().kind == ProblemKind::Syntax, "{bad}");
            assert!(serde_json::from_str::<serde_json::Value>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn reports_what_readers_disagree_on() {
        assert_eq!(kinds(r#"{"a":1,"\u0061":2}"#), [ProblemKind::DuplicateKey]);
        assert_eq!(kinds(r#"["\ud800"]"#), [ProblemKind::LoneSurrogate]);
        assert_eq!(kinds(r#"["\ud83d\ude00"]"#), []);
        assert_eq!(kinds(r#"["\ufffe"]"#), [ProblemKind::Noncharacter]);
        assert_eq!(kinds("9223372036854775808"), [ProblemKind::NumberPrecision]);
        assert_eq!(kinds("{} x"), [ProblemKind::TrailingData]);
        assert_eq!(kinds("\u{FEFF}{}"), [ProblemKind::ByteOrderMark]);
        assert_eq!(kinds(&"[".repeat(100_000)), [ProblemKind::Depth]);
    }
}

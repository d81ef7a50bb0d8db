//! YAML as every reader takes it: the portable subset of YAML 1.2, read into the tree with places.
//!
//! Bytes and size are checked first, then the events of one parser build the tree; that tree is the only truth
//! about a YAML value. `second_reader.rs` asks another parser and says where the two disagree.
//! The portable subset: UTF-8, LF, no tab, no control or separator character but LF; one document with a mapping
//! at the root; keys are text; no anchor, alias, tag, merge key or directive; text that YAML 1.1 or 1.2 could take
//! for something else is quoted; a final line feed.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};

use super::text::{clip, code_point, is_deceptive, visible};
use super::{Member, Node, Problem, ProblemKind, Span, Value};

/// Largest YAML file that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Most collections open at once.
pub const MAX_DEPTH: usize = 16;

/// A YAML text as a tree with places, and everything in it that is outside of the portable subset.
///
/// The tree is absent when the text can not be read to its end; the problems then say why.
#[must_use]
pub fn read(text: &str) -> (Option<Node>, Vec<Problem>) {
    let mut problems = gate(text);
    if problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Size)) {
        return (None, problems);
    }
    let whole_text = text;
    let body = text.strip_prefix('\u{FEFF}');
    let (text, shift) = body.map_or((text, 0), |rest| (rest, 3));
    let mut builder = Builder { text, shift, problems: Vec::new(), events: parser(text) };
    let tree = match builder.document() {
        Ok(node) => node,
        Err(problem) => {
            builder.problems.push(problem);
            None
        }
    };
    problems.append(&mut builder.problems);
    problems.sort_by_key(|problem| problem.span);
    // A tab or separator is one problem, not a second one from the parser that stumbled over it in the same line.
    let gated: Vec<Span> = problems.iter().filter(|p| p.kind == ProblemKind::Character).map(|p| p.span).collect();
    let same_line = |a: Span, b: Span| {
        let (from, to) = (a.start.min(b.start) as usize, a.start.max(b.start) as usize);
        !whole_text.get(from..to).unwrap_or_default().contains('\n')
    };
    problems.retain(|p| p.kind != ProblemKind::Syntax || !gated.iter().any(|span| same_line(*span, p.span)));
    (tree, problems)
}

fn parser(text: &str) -> Parser<'_, granit_parser::StrInput<'_>> {
    let mut options = Options::default();
    options.strict_indentation = true;
    options.disallow_directives = true;
    options.emit_unresolved_aliases = true;
    options.emit_anchor_events = true;
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    options.set_emit_comments(false);
    Parser::new_from_str_with_options(text, options)
}

/// What is wrong with the characters of the text, before any parser sees it.
fn gate(text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than the {MAX_BYTES} that are read", text.len());
        problems.push(Problem::new(ProblemKind::Size, Span::new(0, 0), message));
        return problems;
    }
    if text.starts_with('\u{FEFF}') {
        problems.push(
            Problem::new(ProblemKind::ByteOrderMark, Span::new(0, 3), "the file begins with a byte order mark")
                .help("save the file as UTF-8 without BOM"),
        );
    }
    // Plain ASCII with line feeds needs no look at each character.
    if text.bytes().any(|byte| byte != b'\n' && !(0x20..0x7F).contains(&byte)) {
        characters(text, &mut problems);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        let start = text.rfind('\n').map_or(0, |at| at + 1);
        problems.push(
            Problem::new(ProblemKind::Character, Span::new(start, text.len()), "the last line has no line feed")
                .help("end the file with a line feed; without it readers disagree on block scalars"),
        );
    }
    problems
}

fn characters(text: &str, problems: &mut Vec<Problem>) {
    let mut crlf = false;
    for (at, c) in text.char_indices().filter(|(at, c)| is_deceptive(*c) && *c != '\n' && *at + c.len_utf8() > 0) {
        let span = Span::new(at, at + c.len_utf8());
        let (message, help) = match c {
            '\u{FEFF}' if at == 0 => continue,
            '\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => {
                if std::mem::replace(&mut crlf, true) {
                    continue;
                }
                ("lines end with CR LF".to_owned(), "save the file with LF line ends")
            }
            '\t' => ("a tab character".to_owned(), "use spaces; inside of a text write `\\t` in double quotes"),
            '\u{200C}' | '\u{200D}' => continue,
            '\u{FE00}'..='\u{FE0F}' => continue,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\r' => (
                format!("the character {} ends a line for some readers and not for others", code_point(c)),
                "remove it, or write it as an escape in double quotes",
            ),
            c => (format!("the invisible or control character {}", code_point(c)), "remove it"),
        };
        problems.push(Problem::new(ProblemKind::Character, span, message).help(help));
        if problems.len() >= 100 {
            return;
        }
    }
}

struct Builder<'a> {
    text: &'a str,
    shift: usize,
    problems: Vec<Problem>,
    events: Parser<'a, granit_parser::StrInput<'a>>,
}

type Item<'a> = (Event<'a>, Span);

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<Option<Item<'a>>, Problem> {
        match self.events.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or_default();
                Ok(Some((event, Span::new(range.start + self.shift, range.end + self.shift))))
            }
            Some(Err(error)) => Err(self.syntax(&error)),
        }
    }

    fn syntax(&self, error: &ScanError) -> Problem {
        let start = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let end = self.text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
        let span = Span::new(start + self.shift, end + self.shift);
        match error.kind() {
            ErrorKind::DirectiveDisallowed => Problem::new(ProblemKind::Profile, span, "a directive")
                .help("remove it; entries are YAML 1.2 without directives"),
            kind => {
                let text = kind.to_string();
                if text.contains("nest") || text.contains("recursion") {
                    return Problem::new(ProblemKind::Depth, span, format!("nested deeper than {MAX_DEPTH} levels"));
                }
                Problem::new(ProblemKind::Syntax, span, visible(&text).into_owned())
            }
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Problem> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    self.problems.push(
                        Problem::new(ProblemKind::Profile, span, "a second document begins here")
                            .help("one file holds one document: remove the `---`"),
                    );
                    break;
                }
                Event::DocumentStart(..) => {}
                event => root = Some(self.node(event, span, 0)?),
            }
        }
        let Some(root) = root else {
            self.problems.push(Problem::new(
                ProblemKind::Root,
                Span::new(self.shift, self.shift),
                "the file holds no document",
            ));
            return Ok(None);
        };
        if !matches!(root.value, Value::Object(_)) {
            self.problems.push(Problem::new(
                ProblemKind::Root,
                root.span,
                format!("the document is {}, not a mapping of keys to values", root.kind()),
            ));
        }
        Ok(Some(root))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Problem> {
        if depth > MAX_DEPTH {
            return Err(Problem::new(ProblemKind::Depth, span, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        match event {
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    self.profile(span, "a tag", "remove it; the value itself says what it is");
                }
                Ok(self.scalar(&text, style, span))
            }
            Event::SequenceStart(style, _, tag) => {
                if tag.is_some() {
                    self.profile(span, "a tag", "remove it; the value itself says what it is");
                }
                self.sequence(style, span, depth)
            }
            Event::MappingStart(style, _, tag) => {
                if tag.is_some() {
                    self.profile(span, "a tag", "remove it; the value itself says what it is");
                }
                self.mapping(style, span, depth)
            }
            Event::Alias(..) | Event::UnresolvedAlias(..) => {
                self.profile(span, "an alias", "write the value out; entries have no anchors and aliases");
                Ok(Node { value: Value::Null, span })
            }
            _ => Ok(Node { value: Value::Null, span }),
        }
    }

    fn profile(&mut self, span: Span, what: &str, help: &str) {
        self.problems.push(Problem::new(ProblemKind::Profile, span, what).help(help));
    }

    fn anchor(&mut self, span: Span) {
        self.profile(span, "an anchor", "remove it; entries have no anchors and aliases");
    }

    fn sequence(&mut self, style: StructureStyle, span: Span, depth: usize) -> Result<Node, Problem> {
        let mut elements: Vec<Node> = Vec::new();
        while let Some((event, at)) = self.next()? {
            match event {
                Event::SequenceEnd => {
                    let last = elements.last().map(|node| node.span);
                    return Ok(Node { value: Value::Array(elements), span: whole(style, span, at, last) });
                }
                Event::Anchor(..) => self.anchor(at),
                event => elements.push(self.node(event, at, depth + 1)?),
            }
        }
        Ok(Node { value: Value::Array(elements), span })
    }

    fn mapping(&mut self, style: StructureStyle, span: Span, depth: usize) -> Result<Node, Problem> {
        let mut members: Vec<Member> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut last = None;
        while let Some((event, at)) = self.next()? {
            let (key, key_span) = match event {
                Event::MappingEnd => {
                    return Ok(Node { value: Value::Object(members), span: whole(style, span, at, last) });
                }
                Event::Anchor(..) => {
                    self.anchor(at);
                    continue;
                }
                Event::Scalar(text, style, _, tag) => {
                    if tag.is_some() {
                        self.profile(at, "a tag", "remove it; the value itself says what it is");
                    }
                    (Some(self.key(&text, style, at)), at)
                }
                event => {
                    let node = self.node(event, at, depth + 1)?;
                    self.profile(node.span, "a key that is not text", "keys are plain words");
                    (None, node.span)
                }
            };
            let value = loop {
                match self.next()? {
                    Some((Event::Anchor(..), at)) => self.anchor(at),
                    Some((event, at)) => break self.node(event, at, depth + 1)?,
                    None => break Node { value: Value::Null, span: key_span },
                }
            };
            last = Some(if value.span.is_empty() { key_span } else { value.span });
            let Some(key) = key else { continue };
            if let Some(first) = seen.get(&key) {
                self.problems.push(
                    Problem::new(
                        ProblemKind::DuplicateKey,
                        key_span,
                        format!("the key `{}` stands twice in this mapping", visible(&key)),
                    )
                    .help("keep one of the two")
                    .other(*first),
                );
                continue;
            }
            seen.insert(key.clone(), key_span);
            members.push(Member { key, key_span, value });
        }
        Ok(Node { value: Value::Object(members), span })
    }

    fn key(&mut self, text: &str, style: ScalarStyle, span: Span) -> String {
        if text == "<<" && style == ScalarStyle::Plain {
            self.profile(span, "a merge key", "write the members out; some readers merge and others do not");
        } else if style == ScalarStyle::Plain {
            match resolve(text) {
                Resolved::Text => {}
                _ => self.profile(span, "a key that is not text", "put it in quotes"),
            }
        }
        text.to_owned()
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Node {
        if style != ScalarStyle::Plain {
            return Node { value: Value::String(text.to_owned()), span };
        }
        let value = match resolve(text) {
            Resolved::Text => Value::String(text.to_owned()),
            Resolved::Null => Value::Null,
            Resolved::Bool(value) => Value::Bool(value),
            Resolved::Number(number) => Value::Number(number),
            Resolved::Ambiguous(as_what) => {
                self.problems.push(
                    Problem::new(
                        ProblemKind::AmbiguousScalar,
                        span,
                        format!("some readers take `{}` for {as_what}, others for text", visible(&clip(text, 40))),
                    )
                    .help("put it in double quotes if it is text"),
                );
                Value::String(text.to_owned())
            }
        };
        Node { value, span }
    }
}

/// A collection's span: up to its closing bracket in flow style, up to the end of its last child in block style.
fn whole(style: StructureStyle, start: Span, end: Span, last: Option<Span>) -> Span {
    match (style, last) {
        (StructureStyle::Flow, _) => Span { start: start.start, end: end.end },
        (StructureStyle::Block, Some(last)) => Span { start: start.start, end: last.end },
        (StructureStyle::Block, None) => start,
    }
}

/// What a plain scalar is.
pub(super) enum Resolved {
    Text,
    Null,
    Bool(bool),
    Number(serde_json::Number),
    /// Readers of YAML 1.1 and 1.2 disagree; the text says what some take it for.
    Ambiguous(&'static str),
}

/// A plain scalar by the core schema of YAML 1.2 (section 10.3.2), where YAML 1.1 agrees.
pub(super) fn resolve(text: &str) -> Resolved {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return Resolved::Null };
    match first {
        b'0'..=b'9' | b'-' | b'+' | b'.' => return numeric(text),
        b'?' | b':' => return Resolved::Ambiguous("the start of a mapping"),
        b'=' if bytes.len() == 1 => return Resolved::Ambiguous("a default value"),
        b'<' if text == "<<" => return Resolved::Ambiguous("a merge key"),
        _ => {}
    }
    if bytes.len() > 5 {
        return Resolved::Text;
    }
    match text {
        "null" | "~" => Resolved::Null,
        "true" => Resolved::Bool(true),
        "false" => Resolved::Bool(false),
        _ => match text.to_ascii_lowercase().as_str() {
            "yes" | "no" | "on" | "off" | "y" | "n" => Resolved::Ambiguous("a boolean"),
            "true" | "false" => Resolved::Ambiguous("a boolean"),
            "null" => Resolved::Ambiguous("null"),
            _ => Resolved::Text,
        },
    }
}

fn numeric(text: &str) -> Resolved {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return Resolved::Ambiguous("a number that JSON can not hold");
    }
    let Some(first) = unsigned.bytes().next().filter(|byte| byte.is_ascii_digit() || *byte == b'.') else {
        return Resolved::Text;
    };
    let all = |allowed: &dyn Fn(u8) -> bool| unsigned.bytes().all(allowed);
    if all(&|b| b.is_ascii_digit()) {
        let leading_zero = first == b'0' && unsigned.len() > 1;
        return match text.parse::<i64>() {
            _ if leading_zero => Resolved::Ambiguous("an octal number"),
            _ if text.starts_with('+') => Resolved::Ambiguous("a number"),
            Ok(number) if unsigned.len() <= 18 => Resolved::Number(number.into()),
            _ => Resolved::Ambiguous("a number that is too large for some"),
        };
    }
    let digits_and = |extra: &[u8]| unsigned.bytes().all(|b| b.is_ascii_digit() || extra.contains(&b));
    if first.is_ascii_digit() && digits_and(b"_") {
        return Resolved::Ambiguous("a number");
    }
    if first.is_ascii_digit() && digits_and(b":.") && unsigned.contains(':') {
        return Resolved::Ambiguous("a time or a number in base 60");
    }
    if is_date(unsigned) {
        return Resolved::Ambiguous("a date");
    }
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = lower.strip_prefix(prefix) {
            let looks = !rest.is_empty() && rest.chars().all(|c| c.is_digit(base) || c == '_');
            return if looks { Resolved::Ambiguous("a number in another base") } else { Resolved::Text };
        }
    }
    if digits_and(b".eE+-_") && unsigned.bytes().any(|b| b.is_ascii_digit()) {
        let plain = unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let decimal =
            plain && unsigned.matches('.').count() == 1 && !unsigned.starts_with('.') && !unsigned.ends_with('.');
        let octal_like = first == b'0' && unsigned.len() > 1 && !unsigned.starts_with("0.");
        if decimal && !octal_like && !text.starts_with('+') {
            return text
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map_or(Resolved::Text, Resolved::Number);
        }
        // `1.2.3` and `1-2` are text for every reader; `1e3`, `.5`, `5.` are a number for some only.
        let number_like = text.replace('_', "").parse::<f64>().is_ok();
        return if number_like { Resolved::Ambiguous("a number") } else { Resolved::Text };
    }
    Resolved::Text
}

/// Whether YAML 1.1 would take the text for a timestamp.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|p| !p.is_empty() && p.len() <= most && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let year = parts.next();
    year.is_some_and(|y| y.len() == 4)
        && digits(year, 4)
        && digits(parts.next(), 2)
        && parts.next().is_some_and(|day| day.bytes().next().is_some_and(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::Pointer;
    use super::*;

    fn kinds(text: &str) -> Vec<ProblemKind> {
        read(text).1.into_iter().map(|problem| problem.kind).collect()
    }

    #[test]
    fn spans_cover_block_flow_and_wide_text() {
        let text = "# é\na: [1, 'zwei']\nb:\n  - 日本: x # c\n  - z\nc: |\n  text\n";
        let (tree, problems) = read(text);
        assert_eq!(problems, []);
        let tree = tree.unwrap();
        let slice = |pointer: &str| &text[tree.at(&Pointer::parse(pointer)).unwrap().0.span.range()];
        assert_eq!(slice("/a"), "[1, 'zwei']");
        assert_eq!(slice("/a/1"), "'zwei'");
        assert_eq!(slice("/b/0/日本"), "x");
        assert_eq!(slice("/b"), "- 日本: x # c\n  - z");
        let (_, key) = tree.at(&Pointer::parse("/b/0/日本")).unwrap();
        assert_eq!(&text[key.unwrap().range()], "日本");
    }

    #[test]
    fn each_deviation_from_the_profile_is_a_problem() {
        use ProblemKind as K;
        assert_eq!(kinds("a: &x 1\nb: *x\n"), [K::Profile, K::Profile]);
        assert_eq!(kinds("a: *nowhere\n"), [K::Profile]);
        assert_eq!(kinds("a: !t 1\n"), [K::Profile]);
        assert_eq!(kinds("%YAML 1.1\n---\na: 1\n"), [K::Profile]);
        assert_eq!(kinds("a: 1\n---\nb: 2\n"), [K::Profile]);
        assert_eq!(kinds("a: 1\na: 2\n"), [K::DuplicateKey]);
        assert_eq!(kinds("<<: 1\n"), [K::Profile]);
        assert_eq!(kinds("1: 2\n"), [K::Profile]);
        assert_eq!(kinds("\u{FEFF}a: 1\nb: 2\n"), [K::ByteOrderMark]);
        assert_eq!(kinds("a: 1\r\nb: 2\r\n"), [K::Character]);
        assert_eq!(kinds("a: x\u{2028}b: 1\n"), [K::Character]);
        assert_eq!(kinds("a: 1"), [K::Character]);
        assert_eq!(kinds("- 1\n"), [K::Root]);
        assert_eq!(kinds(""), [K::Root]);
        assert_eq!(kinds(&format!("a: {}\n", "[".repeat(40_000))), [K::Depth]);
        assert_eq!(kinds(&format!("{}\n", "- ".repeat(30_000))), [K::Depth]);
        assert_eq!(kinds(&format!("{}\n", "? ".repeat(30_000))), [K::Depth]);
        assert_eq!(kinds(&format!("a: {}\n", "x".repeat(70_000))), [K::Size]);
    }

    #[test]
    fn ambiguous_scalars_are_named() {
        for text in [
            "yes",
            "No",
            "on",
            "y",
            "017",
            "0b11",
            "0x1F",
            "1_000",
            ".inf",
            "12:30",
            "2024-01-01",
            "1e3",
            ".5",
            "+1",
            "True",
            "99999999999999999999",
        ] {
            assert_eq!(kinds(&format!("a: {text}\n")), [ProblemKind::AmbiguousScalar], "{text}");
        }
        for text in ["yesterday", "1.2.3", "v1", "1-2", "-", "2024", "1.5", "-3", "true", "null", "sha256:1"] {
            assert!(
                kinds(&format!("a: {text}x\nb: {text}\n")).iter().all(|k| *k != ProblemKind::AmbiguousScalar),
                "{text}"
            );
        }
    }
}

//! The fast lane for YAML in its plain style: what formatters and people write, without places.
//!
//! It reads block mappings and sequences, one-line scalars and flow collections, and literal block scalars. On
//! anything else it gives up, and the reader in `yaml.rs` decides; a test holds the two equal. Its spans are empty:
//! whoever needs a place reads again.

use super::yaml::{MAX_BYTES, Resolved, resolve};
use super::{Member, Node, Span, Value};

/// Deepest nesting that the fast lane follows, below the limit of the other reader.
const MAX_DEPTH: usize = 12;

/// The value of a text in plain style; `None` when it is not, or when there is anything to complain about.
#[must_use]
pub fn read(text: &str) -> Option<Node> {
    let plain = |byte: u8| (byte == b'\n') | (0x20..0x7F).contains(&byte);
    if text.len() > MAX_BYTES || !text.ends_with('\n') || !text.bytes().fold(true, |all, byte| all & plain(byte)) {
        return None;
    }
    let mut reader = Reader { rest: text, line: None };
    reader.advance();
    let root = reader.line.filter(|line| line.indent == 0 && !line.text.starts_with('-'))?;
    let node = reader.mapping(root.indent, 0)?;
    reader.line.is_none().then_some(node)
}

/// A line with content.
#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
}

struct Reader<'a> {
    /// What follows the current line.
    rest: &'a str,
    line: Option<Line<'a>>,
}

impl<'a> Reader<'a> {
    /// Goes to the next line that is neither blank nor a comment.
    fn advance(&mut self) {
        self.line = None;
        while !self.rest.is_empty() {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.rest = rest;
            let text = line.trim_start_matches(' ');
            if !text.is_empty() && !text.starts_with('#') {
                self.line = Some(Line { indent: line.len() - text.len(), text: text.trim_end_matches(' ') });
                return;
            }
        }
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        let line = self.line?;
        if depth > MAX_DEPTH {
            return None;
        }
        if is_item(line.text) { self.sequence(line.indent, depth) } else { self.mapping(line.indent, depth) }
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Option<Node> {
        let mut elements = Vec::new();
        while let Some(line) = self.line.filter(|line| line.indent == indent && is_item(line.text)) {
            let inner = line.text.get(1..)?.trim_start_matches(' ');
            let at = indent + line.text.len() - inner.len();
            if inner.is_empty() || inner.starts_with('#') || is_item(inner) {
                return None;
            }
            if key_of(inner).is_some() {
                self.line = Some(Line { indent: at, text: inner });
                elements.push(self.mapping(at, depth + 1)?);
            } else {
                elements.push(self.scalar(inner, indent, depth)?);
            }
        }
        self.ended(indent)?;
        Some(node(Value::Array(elements)))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Node> {
        let mut members: Vec<Member> = Vec::new();
        while let Some(line) = self.line.filter(|line| line.indent == indent && !is_item(line.text)) {
            let (key, rest) = key_of(line.text)?;
            if depth > MAX_DEPTH || members.iter().any(|member| member.key == key) {
                return None;
            }
            let value = if rest.is_empty() {
                self.advance();
                let next = self.line?;
                let deeper = next.indent > indent || next.indent == indent && is_item(next.text);
                if !deeper {
                    return None;
                }
                self.node(depth + 1)?
            } else {
                self.scalar(rest, indent, depth)?
            };
            members.push(Member { key: key.to_owned(), key_span: Span::default(), value });
        }
        self.ended(indent)?;
        Some(node(Value::Object(members)))
    }

    /// A collection ends at a line that is less indented, or at the end of the text.
    fn ended(&self, indent: usize) -> Option<()> {
        self.line.is_none_or(|line| line.indent <= indent).then_some(())
    }

    /// A value that begins behind a key or a dash; `indent` is that of its parent.
    fn scalar(&mut self, text: &'a str, indent: usize, depth: usize) -> Option<Node> {
        if text == "|" || text == "|-" {
            return self.literal(indent, text.len() == 1);
        }
        let value = match text.as_bytes().first()? {
            b'[' | b'{' => {
                let mut flow = Flow { text, at: 0 };
                let value = flow.value(depth + 1)?;
                comment_or_end(&text[flow.at..])?;
                value
            }
            b'"' | b'\'' => {
                let (quoted, rest) = quoted(text)?;
                comment_or_end(rest)?;
                Value::String(quoted.to_owned())
            }
            _ => plain(text.split(" #").next().unwrap_or(text).trim_end())?,
        };
        self.advance();
        // A deeper line would continue the scalar.
        if self.line.is_some_and(|line| line.indent > indent) {
            return None;
        }
        Some(node(value))
    }

    /// A literal block scalar; its lines follow.
    fn literal(&mut self, indent: usize, keep_end: bool) -> Option<Node> {
        let mut text = String::new();
        let mut block = None;
        loop {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            let bare = line.trim_start_matches(' ');
            let spaces = line.len() - bare.len();
            if bare.is_empty() {
                if self.rest.is_empty() {
                    break;
                }
                // A blank line with more spaces than the block, or before its first line, has rules of its own.
                if block.is_none_or(|block| spaces > block) {
                    return None;
                }
                text.push('\n');
                self.rest = rest;
                continue;
            }
            let block = *block.get_or_insert(spaces);
            if block <= indent {
                return None;
            }
            if spaces < block {
                if spaces > indent {
                    return None;
                }
                break;
            }
            text.push_str(line.get(block..)?);
            text.push('\n');
            self.rest = rest;
        }
        let kept = text.trim_end_matches('\n').len();
        if kept == 0 {
            return None;
        }
        text.truncate(kept);
        if keep_end {
            text.push('\n');
        }
        self.advance();
        Some(node(Value::String(text)))
    }
}

fn node(value: Value) -> Node {
    Node { value, span: Span::default() }
}

/// Whether a line is an element of a block sequence.
fn is_item(text: &str) -> bool {
    text.starts_with("- ") || text == "-"
}

/// The key that a line begins with, and what follows its colon; comments behind the colon count as nothing.
fn key_of(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'))?;
    let (key, rest) = text.split_at(end);
    let rest = rest.strip_prefix(':')?;
    if !(rest.is_empty() || rest.starts_with(' ')) || !key.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if !matches!(resolve(key), Resolved::Text) {
        return None;
    }
    let rest = rest.trim_start_matches(' ');
    Some((key, if rest.starts_with('#') { "" } else { rest }))
}

fn comment_or_end(rest: &str) -> Option<()> {
    let bare = rest.trim_start_matches(' ');
    (bare.is_empty() || bare.starts_with('#') && bare.len() < rest.len()).then_some(())
}

/// A quoted scalar without escapes, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.as_bytes().first()?;
    let end = text[1..].bytes().position(|byte| byte == *quote)? + 1;
    let inner = &text[1..end];
    let rest = &text[end + 1..];
    let escaped = inner.contains('\\') && *quote == b'"' || rest.starts_with('\'') && *quote == b'\'';
    (!escaped).then_some((inner, rest))
}

/// A plain scalar of one line.
fn plain(text: &str) -> Option<Value> {
    let first = *text.as_bytes().first()?;
    // Indicators of YAML, and a dash, question mark or colon that could be one.
    let indicator = matches!(
        first,
        b'[' | b']'
            | b'{'
            | b'}'
            | b','
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
            | b'?'
            | b':'
    );
    let dash = first == b'-' && !text[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if indicator
        || dash
        || text.contains(": ")
        || text.ends_with(':')
        || text.starts_with("---")
        || text.starts_with("...")
    {
        return None;
    }
    match resolve(text) {
        Resolved::Text => Some(Value::String(text.to_owned())),
        Resolved::Bool(value) => Some(Value::Bool(value)),
        Resolved::Number(number) => Some(Value::Number(number)),
        Resolved::Null | Resolved::Ambiguous(_) => None,
    }
}

/// Flow collections within one line.
struct Flow<'a> {
    text: &'a str,
    at: usize,
}

impl Flow<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.text.as_bytes().get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'[' => {
                self.at += 1;
                let mut elements = Vec::new();
                if self.peek()? == b']' {
                    self.at += 1;
                    return Some(Value::Array(elements));
                }
                loop {
                    elements.push(node(self.value(depth + 1)?));
                    match self.peek()? {
                        b',' => self.at += 1,
                        b']' => {
                            self.at += 1;
                            return Some(Value::Array(elements));
                        }
                        _ => return None,
                    }
                }
            }
            b'{' => {
                self.at += 1;
                let mut members: Vec<Member> = Vec::new();
                loop {
                    self.peek()?;
                    let (key, rest) = key_of(&self.text[self.at..])?;
                    if rest.is_empty() || members.iter().any(|member| member.key == key) {
                        return None;
                    }
                    self.at = self.text.len() - rest.len();
                    let value = node(self.value(depth + 1)?);
                    members.push(Member { key: key.to_owned(), key_span: Span::default(), value });
                    match self.peek()? {
                        b',' => self.at += 1,
                        b'}' => {
                            self.at += 1;
                            return Some(Value::Object(members));
                        }
                        _ => return None,
                    }
                }
            }
            b'"' | b'\'' => {
                let (inner, rest) = quoted(&self.text[self.at..])?;
                self.at = self.text.len() - rest.len();
                Some(Value::String(inner.to_owned()))
            }
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find([',', ']', '}', '[', '{'])?;
                let text = rest[..end].trim_end_matches(' ');
                if rest[end..].starts_with(['[', '{']) || text.contains(" #") || text.contains(['?', '"', '\'']) {
                    return None;
                }
                self.at += end;
                plain(text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml;
    use super::*;

    #[test]
    fn plain_style_is_read_and_the_rest_is_left() {
        let text = "# c\na: x # d\nb:\n  - k: [1, \"two\", 'three']\n    l: { m: true, o: p/q+r }\n  - y/z\nc: |\n  one\n\n    two\nd:\n- e\nf: |-\n  g\n";
        let fast = read(text).unwrap();
        assert_eq!(fast.to_json(), yaml::read(text).0.unwrap().to_json());
        for left in [
            "a: &x b\n",
            "a: yes\n",
            "a: b\n  c\n",
            "a: >\n  b\n",
            "a: \"\\u0041\"\n",
            "a: 1\na: 2\n",
            "a:\n",
            "- a\n",
            "a: \"b\" c\n",
            "a: é\n",
            "a: b: c\n",
            "a: [b\n  ]\n",
        ] {
            assert!(read(left).is_none(), "{left:?}");
        }
    }
}

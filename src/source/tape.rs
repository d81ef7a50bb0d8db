//! A JSON document as one flat list of its values: what rules over many documents look at.
//!
//! Reading allocates nothing once the memory has grown, and no place is worked out before somebody asks for it.

use std::collections::BTreeSet;

use super::json::{Raw, Scanner};
use super::text::is_noncharacter;
use super::{Pointer, Problem, Span};

/// A failure is rare and large: behind a pointer it costs nothing where all goes well.
type Result<T> = std::result::Result<T, Box<Problem>>;

/// The memory of tapes, used again from document to document.
#[derive(Debug, Default)]
pub struct Memory {
    text: String,
    slots: Vec<Slot>,
    decoded: Vec<(u32, String)>,
    odd: bool,
}

/// A document that was read.
#[derive(Debug, Clone, Copy)]
pub struct Tape<'a>(&'a Memory);

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a> {
    memory: &'a Memory,
    at: u32,
}

/// What kind of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Text.
    String,
    /// A sequence.
    Array,
    /// An object.
    Object,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// Of a member: its key with the quotes. Of an element: its index, as a span without bytes.
    key: Span,
    value: Span,
    /// The slot of the array or object that holds it.
    parent: u32,
    /// The slot behind its last descendant.
    next: u32,
    kind: Kind,
    escaped_key: bool,
    escaped: bool,
}

impl<'a> Tape<'a> {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON value, or is nested deeper than the limit.
    pub fn read(text: &str, memory: &'a mut Memory) -> Result<Self> {
        // A copy costs next to nothing beside the reading, and makes every value half as large.
        memory.text.clear();
        memory.text.push_str(text);
        memory.slots.clear();
        memory.decoded.clear();
        memory.odd = false;
        let mut scanner = Scanner::new(text);
        memory.value(&mut scanner, 0, None, 0, 0)?;
        memory.odd |= !scanner.at_end();
        Ok(Self(memory))
    }

    /// Whether readers may disagree on the text: names that stand twice, numbers that do not fit, half characters,
    /// text behind the end. The whole reader says where.
    #[must_use]
    pub const fn is_odd(&self) -> bool {
        self.0.odd
    }

    /// The whole text.
    #[must_use]
    pub fn text(self) -> &'a str {
        &self.0.text
    }

    /// The whole value.
    #[must_use]
    pub const fn root(self) -> Json<'a> {
        Json { memory: self.0, at: 0 }
    }

    /// The value at a pointer.
    #[must_use]
    pub fn at(self, pointer: &Pointer) -> Option<Json<'a>> {
        pointer.keys().try_fold(self.root(), |value, key| match value.kind() {
            Kind::Object => value.get(&key),
            Kind::Array => value.elements().nth(key.parse().ok()?),
            _ => None,
        })
    }
}

impl Memory {
    fn value(
        &mut self,
        scanner: &mut Scanner<'_>,
        parent: u32,
        key: Option<(Raw<'_>, Span)>,
        index: usize,
        depth: usize,
    ) -> Result<()> {
        let first = scanner.peek();
        let start = scanner.offset();
        let at = narrow(self.slots.len());
        let mut slot = Slot {
            key: key.map_or(Span::new(index, index), |(_, span)| span),
            value: Span::new(start, start),
            parent,
            next: at + 1,
            kind: Kind::Null,
            escaped_key: key.is_some_and(|(raw, _)| raw.escaped),
            escaped: false,
        };
        if let Some((raw, _)) = key {
            self.text(raw, at * 2);
        }
        match first {
            b'"' => {
                let raw = scanner.string()?;
                slot.kind = Kind::String;
                slot.escaped = raw.escaped;
                self.text(raw, at * 2 + 1);
                self.slots.push(slot);
            }
            b'{' => {
                slot.kind = Kind::Object;
                self.slots.push(slot);
                scanner.object(depth, |scanner, key| {
                    // Behind a key stands its colon already: its place is counted from the text itself.
                    let span = key_span(scanner, key);
                    self.value(scanner, at, Some((key, span)), 0, depth + 1)
                })?;
                self.names(at, scanner);
            }
            b'[' => {
                slot.kind = Kind::Array;
                self.slots.push(slot);
                scanner.array(depth, |scanner, index| self.value(scanner, at, None, index, depth + 1))?;
            }
            b'-' | b'0'..=b'9' => {
                let text = scanner.number()?;
                slot.kind = Kind::Number;
                self.odd |= text.len() > 15 || text.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'));
                self.slots.push(slot);
            }
            _ => {
                slot.kind = if scanner.literal()? == "null" { Kind::Null } else { Kind::Bool };
                self.slots.push(slot);
            }
        }
        let next = narrow(self.slots.len());
        let slot = &mut self.slots[at as usize];
        slot.value = Span::new(start, scanner.offset());
        slot.next = next;
        Ok(())
    }

    /// Keeps what an escaped string stands for, and looks for what readers disagree on.
    #[inline]
    fn text(&mut self, raw: Raw<'_>, id: u32) {
        if raw.escaped {
            self.decoded.push((id, raw.decode().into_owned()));
            self.odd |= raw.text.contains("\\u");
        }
        if !raw.text.is_ascii() {
            self.odd |= raw.text.chars().any(is_noncharacter);
        }
    }

    /// Whether a name stands twice in the object at `at`, whose members were read.
    fn names(&mut self, at: u32, scanner: &Scanner<'_>) {
        const FEW: usize = 24;
        let end = narrow(self.slots.len());
        let mut seen: [&str; FEW] = [""; FEW];
        let mut count = 0;
        let mut many: BTreeSet<&str> = BTreeSet::new();
        let mut odd = false;
        let mut member = at + 1;
        while member < end {
            let slot = &self.slots[member as usize];
            let name = if slot.escaped_key { self.decoded(member * 2) } else { inner(scanner.text(), slot.key) };
            if count < FEW {
                odd |= seen[..count].contains(&name);
                seen[count] = name;
            } else {
                if count == FEW {
                    many.extend(seen);
                }
                odd |= !many.insert(name);
            }
            count += 1;
            member = slot.next;
        }
        self.odd |= odd;
    }

    fn decoded(&self, id: u32) -> &str {
        let at = self.decoded.partition_point(|(other, _)| *other < id);
        self.decoded.get(at).filter(|(other, _)| *other == id).map_or("", |(_, text)| text)
    }
}

/// The span of a key whose colon was consumed.
fn key_span(scanner: &Scanner<'_>, key: Raw<'_>) -> Span {
    let start = key.text.as_ptr() as usize - scanner.text().as_ptr() as usize;
    Span::new(start - 1, start + key.text.len() + 1)
}

fn inner(text: &str, quoted: Span) -> &str {
    let range = quoted.range();
    text.get(range.start + 1..range.end.saturating_sub(1)).unwrap_or_default()
}

/// Documents are far below 2³¹ bytes, and a slot takes at least one of them.
#[expect(clippy::cast_possible_truncation, reason = "documents are at most 8 MiB")]
const fn narrow(n: usize) -> u32 {
    n as u32
}

impl<'a> Json<'a> {
    fn slot(self) -> &'a Slot {
        &self.memory.slots[self.at as usize]
    }

    /// What kind of value it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.slot().kind
    }

    /// What kind of value it is, in the words of JSON.
    #[must_use]
    pub fn kind_name(self) -> &'static str {
        match self.kind() {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether it is an array.
    #[must_use]
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// The bytes of the value, quotes and brackets included.
    #[must_use]
    pub fn span(self) -> Span {
        self.slot().value
    }

    /// The value as it is written.
    #[must_use]
    pub fn written(self) -> &'a str {
        self.memory.text.get(self.span().range()).unwrap_or_default()
    }

    /// The text of a string, unescaped.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        let slot = self.slot();
        match slot.kind {
            Kind::String if slot.escaped => Some(self.memory.decoded(self.at * 2 + 1)),
            Kind::String => Some(inner(&self.memory.text, slot.value)),
            _ => None,
        }
    }

    /// Whether a string is written with escapes, so that its bytes are not those of its text.
    #[must_use]
    pub fn is_escaped(self) -> bool {
        self.slot().escaped
    }

    /// A number that is written as an integer and fits 64 bits.
    #[must_use]
    pub fn as_integer(self) -> Option<i64> {
        if self.kind() == Kind::Number { self.written().parse().ok() } else { None }
    }

    /// The key of a member, unescaped; empty for an element and for the root.
    #[must_use]
    pub fn key(self) -> &'a str {
        let slot = self.slot();
        if slot.escaped_key { self.memory.decoded(self.at * 2) } else { inner(&self.memory.text, slot.key) }
    }

    /// The bytes of a member's key, quotes included; `None` for an element and for the root.
    #[must_use]
    pub fn key_span(self) -> Option<Span> {
        Some(self.slot().key).filter(|span| !span.is_empty())
    }

    /// The array or object that holds it; `None` for the root.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        (self.at > 0).then(|| Self { at: self.slot().parent, ..self })
    }

    fn children(self) -> impl Iterator<Item = Self> {
        let end = self.slot().next;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = Self { at, ..self };
                at = child.slot().next;
                child
            })
        })
    }

    /// The members of an object; none of any other value.
    pub fn members(self) -> impl Iterator<Item = Self> {
        self.children().take_while(move |_| self.is_object())
    }

    /// The elements of an array; none of any other value.
    pub fn elements(self) -> impl Iterator<Item = Self> {
        self.children().take_while(move |_| self.is_array())
    }

    /// The value of a member of an object; of equal names the first.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.members().find(|member| member.key() == key)
    }

    /// The text of a member that is a string.
    #[must_use]
    pub fn get_str(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// Every value in it, itself first.
    pub fn walk(self) -> impl Iterator<Item = Self> {
        (self.at..self.slot().next).map(move |at| Self { at, ..self })
    }

    /// The path of keys to it.
    #[must_use]
    pub fn pointer(self) -> Pointer {
        let Some(parent) = self.parent() else { return Pointer::root() };
        if self.key_span().is_some() {
            parent.pointer().key(self.key())
        } else {
            parent.pointer().index(self.slot().key.range().start)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::json;

    const TEXT: &str = "{\"a\": [1, {\"b\\n\": \"x\\ty\"}, -2.5], \"é\": null, \"\": {\"/\": true, \"~\": \"é\"}}";

    #[test]
    fn is_the_tree_with_the_same_places() {
        let mut memory = Memory::default();
        let tape = Tape::read(TEXT, &mut memory).unwrap();
        let tree = json::read(TEXT).0.unwrap();
        let mut seen = 0;
        tree.walk(&mut |pointer, node| {
            let value = tape.at(&pointer).unwrap();
            assert_eq!(value.span(), node.span, "{pointer}");
            assert_eq!(value.pointer(), *pointer);
            assert_eq!(value.kind_name(), node.kind());
            assert_eq!(value.as_str(), node.as_str());
            let members: Vec<_> = value.members().map(|member| (member.key(), member.key_span().unwrap())).collect();
            let expected: Vec<_> = node.members().iter().map(|member| (&*member.key, member.key_span)).collect();
            assert_eq!(members, expected);
            assert_eq!(value.elements().count(), node.elements().len());
            seen += 1;
        });
        assert_eq!((seen, tape.root().walk().count()), (10, 10));
    }

    #[test]
    fn is_odd_when_readers_may_disagree() {
        let mut memory = Memory::default();
        let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":0")).collect();
        let again = format!("{{{},\"k39\":1}}", many.join(","));
        for text in
            ["{\"a\":1,\"\\u0061\":2}", "[\"\\ud800\"]", "[\"\u{FFFE}\"]", "9007199254740993", "{} x", "1.5", &again]
        {
            assert!(Tape::read(text, &mut memory).unwrap().is_odd(), "{text}");
        }
        for text in ["{\"a\":1,\"b\":2}", "{\"a\":{\"a\":1}}", "[12345, \"é\"]", &format!("{{{}}}", many.join(","))] {
            assert!(!Tape::read(text, &mut memory).unwrap().is_odd(), "{text}");
        }
        assert!(Tape::read("[1,]", &mut memory).is_err());
    }
}

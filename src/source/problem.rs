//! What a reader can not accept in a text, with its place.

use super::Span;

/// Something a text must not contain, found while it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Where it stands.
    pub span: Span,
    /// What exactly was found, as one clause; may hold untrusted text.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that belongs to it, such as the first of two equal keys.
    pub other: Option<Span>,
}

/// Kinds of problem, each the ground of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// Bytes that are not UTF-8.
    Encoding,
    /// A byte order mark.
    ByteOrderMark,
    /// A control, line separator or other character that readers treat differently.
    Character,
    /// Larger than the limit.
    Size,
    /// Nested deeper than the limit.
    Depth,
    /// Not well-formed; nothing after it was read.
    Syntax,
    /// Text after the end of the document.
    TrailingData,
    /// The root is not an object or mapping.
    Root,
    /// The same key twice in one object.
    DuplicateKey,
    /// YAML outside of the portable profile: anchors, aliases, tags, directives, markers, tabs.
    Profile,
    /// A plain YAML scalar that readers take for different values.
    AmbiguousScalar,
    /// A number that not every reader can hold.
    NumberPrecision,
    /// An escape that names half of a surrogate pair.
    LoneSurrogate,
    /// A code point that Unicode reserves for internal use.
    Noncharacter,
}

impl Problem {
    /// A problem without help and second place.
    #[must_use]
    pub fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), help: None, other: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub const fn other(mut self, span: Span) -> Self {
        self.other = Some(span);
        self
    }
}

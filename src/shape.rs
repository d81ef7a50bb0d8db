//! From files to documents of the right shape; each complaint is a finding with its place.

pub mod json_rules;
pub mod schema;
pub mod schema_rules;
pub mod yaml_rules;

use std::cell::OnceCell;
use std::sync::Arc;

use crate::finding::{Finding, Place, Related, Rule, SourceText};
use crate::source::text::decode;
use crate::source::{LineIndex, Node, Pointer, Problem, ProblemKind, Span, json, plain_yaml, yaml};

/// Largest JSON document that is read, in bytes.
pub const MAX_JSON_BYTES: usize = 8 * 1024 * 1024;
/// Size above which registries need not accept a manifest, in bytes
/// ([distribution-spec, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)).
pub const ADVISED_JSON_BYTES: usize = 4 * 1024 * 1024;

/// A text with its value and the means to say where something in it stands.
#[derive(Debug)]
pub struct Document {
    /// The file as shown to the user.
    pub file: Arc<str>,
    /// Index within a stream or archive.
    pub index: usize,
    /// The text of this document alone.
    pub text: Arc<str>,
    /// Offset of its first byte in the file.
    pub offset: usize,
    /// Line of its first byte in the file, from 1.
    pub line: usize,
    /// The value; absent when the text can not be read.
    pub tree: Option<Node>,
    lines: OnceCell<LineIndex>,
}

/// Which part of a member a finding points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key; the value where there is no key.
    Key,
    /// The value; the key where the value is empty.
    Value,
}

impl Document {
    /// An entry or another YAML file.
    #[must_use]
    pub fn yaml(file: &Arc<str>, bytes: &[u8]) -> (Self, Vec<Finding>) {
        Self::read(file, 0, bytes, (0, 1), Language::Yaml)
    }

    /// An entry in plain style, read by the fast lane: its value without places. `None` when it is not in plain
    /// style, or when there is anything to complain about.
    #[must_use]
    pub fn plain_yaml(file: &Arc<str>, bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let tree = plain_yaml::read(text)?;
        Some(Self {
            file: Arc::clone(file),
            index: 0,
            text: text.into(),
            offset: 0,
            line: 1,
            tree: Some(tree),
            lines: OnceCell::new(),
        })
    }

    /// A JSON document; `start` is the offset and line of its first byte in the file.
    #[must_use]
    pub fn json(file: &Arc<str>, index: usize, bytes: &[u8], start: (usize, usize)) -> (Self, Vec<Finding>) {
        Self::read(file, index, bytes, start, Language::Json)
    }

    fn read(
        file: &Arc<str>,
        index: usize,
        bytes: &[u8],
        start: (usize, usize),
        language: Language,
    ) -> (Self, Vec<Finding>) {
        let (text, problem) = match decode(bytes) {
            Ok(text) => (text.to_owned(), None),
            // The valid beginning is enough to say where the bytes go wrong.
            Err(problem) => (String::from_utf8_lossy(&bytes[..problem.span.range().start]).into_owned(), Some(problem)),
        };
        let (tree, problems) = match (&problem, language) {
            (Some(problem), _) => (None, vec![problem.clone()]),
            (None, Language::Yaml) => yaml::read(&text),
            (None, Language::Json) if text.len() > MAX_JSON_BYTES => {
                let message =
                    format!("the document has {} bytes, more than the {MAX_JSON_BYTES} that are read", text.len());
                (None, vec![Problem::new(ProblemKind::Size, Span::new(0, 0), message)])
            }
            (None, Language::Json) => json::read(&text),
        };
        let document = Self {
            file: Arc::clone(file),
            index,
            text: text.into(),
            offset: start.0,
            line: start.1,
            tree,
            lines: OnceCell::new(),
        };
        let rule = match language {
            Language::Yaml => yaml_rules::of,
            Language::Json => json_rules::of,
        };
        let findings = problems.into_iter().map(|problem| document.problem(rule(problem.kind), problem)).collect();
        (document, findings)
    }

    fn problem(&self, rule: &'static Rule, problem: Problem) -> Finding {
        let mut finding = Finding::new(rule, Arc::clone(&self.file), problem.message);
        finding.document = self.index;
        finding.place = Some(self.place(problem.span));
        finding.help = problem.help;
        if let Some(other) = problem.other {
            finding.related.push(Related {
                file: Arc::clone(&self.file),
                pointer: None,
                place: Some(self.place(other)),
                message: "first here".to_owned(),
            });
        }
        finding
    }

    /// Bytes, line and column of a span, counted from the start of the file.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let (line, column) =
            self.lines.get_or_init(|| LineIndex::new(&self.text)).line_column(&self.text, span.range().start);
        Place { offset: span.range().start + self.offset, length: span.len(), line: line + self.line - 1, column }
    }

    /// A finding at a pointer; where nothing stands there, at the nearest place above it.
    #[must_use]
    pub fn finding(&self, rule: &'static Rule, pointer: &Pointer, part: Part, message: impl Into<String>) -> Finding {
        let mut finding = Finding::new(rule, Arc::clone(&self.file), message);
        finding.document = self.index;
        finding.place = self.span(pointer, part).map(|span| self.place(span));
        finding.pointer = Some(pointer.clone());
        finding
    }

    /// A further place for a finding, at a pointer of this document.
    #[must_use]
    pub fn related(&self, pointer: &Pointer, part: Part, message: impl Into<String>) -> Related {
        Related {
            file: Arc::clone(&self.file),
            pointer: Some(pointer.clone()),
            place: self.span(pointer, part).map(|span| self.place(span)),
            message: message.into(),
        }
    }

    /// The span of a pointer's key or value, or of the nearest place above it.
    #[must_use]
    pub fn span(&self, pointer: &Pointer, part: Part) -> Option<Span> {
        let tree = self.tree.as_ref()?;
        let mut at = pointer.clone();
        loop {
            if let Some((node, key)) = tree.at(&at) {
                // What is missing is missed at the key of what should hold it, not in its whole extent.
                let wanted = if at == *pointer { part } else { Part::Key };
                return Some(match (wanted, key) {
                    (Part::Key, Some(key)) => key,
                    (Part::Value, Some(key)) if node.span.is_empty() => key,
                    (Part::Key, None) if at.as_str().is_empty() => {
                        Span::new(node.span.range().start, node.span.range().start)
                    }
                    _ => node.span,
                });
            }
            at = at.parent()?;
        }
    }

    /// The text, for reports that show excerpts.
    #[must_use]
    pub fn source_text(&self) -> SourceText {
        SourceText { text: Arc::clone(&self.text), offset: self.offset, line: self.line }
    }
}

#[derive(Clone, Copy)]
enum Language {
    Yaml,
    Json,
}

//! How a document is read for its rules, and where they put what they find: places and messages are made only for
//! what is reported.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::finding::{Finding, Level, Place, Related, Rule, SourceText};
use crate::oci::Spec;
use crate::shape::{self, MAX_JSON_BYTES, json_rules};
use crate::source::tape::{Json, Memory, Tape};
use crate::source::text::{clip, visible};
use crate::source::{LineIndex, Pointer, ProblemKind, Span, Value};

/// What the user wants of the rules over documents.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The release of the specifications that documents are held against.
    pub spec: Spec,
    /// The rules to report of those that are reported only when somebody asks.
    pub asked: Asked,
}

/// Which of the rules that are reported only when somebody asks are to be reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Asked {
    /// None.
    #[default]
    Nothing,
    /// Those with these ids.
    These(BTreeSet<String>),
    /// All.
    Everything,
}

impl Options {
    /// The level of a rule under these options; `None` when it is not to be reported.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        if rule.opt_in {
            match &self.asked {
                Asked::Nothing => return None,
                Asked::These(ids) if !ids.contains(rule.id) => return None,
                _ => {}
            }
        }
        if self.spec >= rule.spec { Some(rule.level) } else { rule.earlier }
    }
}

/// A text as reports call it: its file, its index there, and where in the file it begins.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The file as shown to the user.
    pub file: &'a Arc<str>,
    /// Index within a stream or archive.
    pub index: usize,
    /// Offset and line of its first byte in the file; the line from 1.
    pub start: (usize, usize),
}

/// A document whose text was read, with what is wrong with the text itself.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    origin: Origin<'a>,
    object: Option<(&'a str, Tape<'a>)>,
    findings: Vec<Finding>,
    source: Option<SourceText>,
}

impl<'a> Reading<'a> {
    /// Reads the bytes of a document that must be one JSON object; `wanted` says which, for who gives something else.
    pub(super) fn of(
        origin: Origin<'a>,
        bytes: &'a [u8],
        options: &Options,
        memory: &'a mut Memory,
        wanted: &str,
    ) -> Self {
        let mut findings = Vec::new();
        let mut source = None;
        let text = std::str::from_utf8(bytes).ok().filter(|text| is_plain(text));
        let tape = text.and_then(|text| Tape::read(text, memory).ok().map(|tape| (text, tape)));
        if tape.is_none_or(|(_, tape)| tape.is_odd() || !tape.root().is_object()) {
            // Something is wrong with the text: the reader that says where.
            let (document, problems) = shape::Document::json(origin.file, origin.index, bytes, origin.start);
            findings.extend(problems.into_iter().filter_map(|mut problem| {
                problem.level = options.level(problem.rule)?;
                Some(problem)
            }));
            if let Some(tree) = document.tree.as_ref().filter(|tree| !matches!(tree.value, Value::Object(_))) {
                let (rule, message) = (json_rules::of(ProblemKind::Root), format!("the document is {}", tree.kind()));
                let finding = document.finding(rule, &Pointer::root(), shape::Part::Key, message);
                findings.push(finding.help(wanted));
            }
            source = Some(document.source_text());
        }
        Self { origin, object: tape.filter(|(_, tape)| tape.root().is_object()), findings, source }
    }

    /// Its text and its values, when it is an object.
    pub(super) const fn object(&self) -> Option<(&'a str, Tape<'a>)> {
        self.object
    }

    /// The findings, these ones behind those of the text, and the text that they point into.
    pub(super) fn finish(mut self, further: Vec<Finding>) -> (Vec<Finding>, Option<SourceText>) {
        self.findings.extend(further);
        if self.findings.is_empty() {
            return (self.findings, None);
        }
        let (offset, line) = self.origin.start;
        let source =
            self.source.or_else(|| self.object.map(|(text, _)| SourceText { text: text.into(), offset, line }));
        (self.findings, source)
    }
}

/// Whether a text may be read at once: no byte order mark, no NUL, not too large.
fn is_plain(text: &str) -> bool {
    text.len() <= MAX_JSON_BYTES && !text.starts_with('\u{FEFF}')
}

/// The lint of one document.
#[derive(Debug)]
pub(in crate::rules) struct Lint<'a> {
    origin: Origin<'a>,
    text: &'a str,
    tape: Tape<'a>,
    options: &'a Options,
    findings: Vec<Finding>,
    lines: OnceCell<LineIndex>,
}

/// A finding that was just made, or nothing when its rule is not to be reported.
#[must_use = "a finding says what to do about it"]
pub(in crate::rules) struct Reported<'l, 'a> {
    lint: &'l mut Lint<'a>,
    made: bool,
}

impl<'a> Lint<'a> {
    pub(in crate::rules) fn new(origin: Origin<'a>, text: &'a str, tape: Tape<'a>, options: &'a Options) -> Self {
        Self { origin, text, tape, options, findings: Vec::new(), lines: OnceCell::new() }
    }

    pub(in crate::rules) fn finish(self) -> Vec<Finding> {
        self.findings
    }

    /// The whole text.
    pub(in crate::rules) const fn text(&self) -> &'a str {
        self.text
    }

    /// How many findings there are so far.
    pub(in crate::rules) const fn count(&self) -> usize {
        self.findings.len()
    }

    /// Whether a rule is to be reported; asked before work that only this rule needs.
    pub(in crate::rules) fn wants(&self, rule: &Rule) -> bool {
        self.options.level(rule).is_some()
    }

    /// The release of the specifications that the document is held against.
    pub(in crate::rules) const fn spec(&self) -> Spec {
        self.options.spec
    }

    /// Reports at the key of a member; at the value of an element, at the beginning of the document for the root.
    pub(in crate::rules) fn key(
        &mut self,
        rule: &'static Rule,
        at: Json<'a>,
        message: impl Into<String>,
    ) -> Reported<'_, 'a> {
        self.push(rule, &at.pointer(), key_span(at), message.into())
    }

    /// Reports at a value.
    pub(in crate::rules) fn value(
        &mut self,
        rule: &'static Rule,
        at: Json<'a>,
        message: impl Into<String>,
    ) -> Reported<'_, 'a> {
        self.push(rule, &at.pointer(), value_span(at), message.into())
    }

    /// Reports at some bytes of a string's text; at the whole string when it is written with escapes.
    pub(in crate::rules) fn within(
        &mut self,
        rule: &'static Rule,
        at: Json<'a>,
        bytes: Range<usize>,
        message: impl Into<String>,
    ) -> Reported<'_, 'a> {
        let span = at.span();
        let start = span.range().start + 1;
        let part = Span::new(start + bytes.start, start + bytes.end);
        let inside = !at.is_escaped() && !part.is_empty() && part.end < span.end;
        self.push(rule, &at.pointer(), if inside { part } else { span }, message.into())
    }

    /// Reports what an object lacks, at the key under which the object stands.
    pub(in crate::rules) fn missing(
        &mut self,
        rule: &'static Rule,
        object: Json<'a>,
        name: &str,
        message: impl Into<String>,
    ) -> Reported<'_, 'a> {
        self.push(rule, &object.pointer().key(name), key_span(object), message.into())
    }

    /// Reports at a pointer: at the key or the value there, or at the nearest place above it.
    pub(in crate::rules) fn pointer(
        &mut self,
        rule: &'static Rule,
        pointer: &Pointer,
        part: Part,
        message: impl Into<String>,
    ) -> Reported<'_, 'a> {
        let span = match (self.tape.at(pointer), part) {
            (Some(found), Part::Key) => key_span(found),
            (Some(found), Part::Value) => value_span(found),
            (None, _) => {
                let mut above = pointer.parent();
                loop {
                    match above {
                        Some(place) => match self.tape.at(&place) {
                            Some(found) => break key_span(found),
                            None => above = place.parent(),
                        },
                        None => break Span::default(),
                    }
                }
            }
        };
        self.push(rule, pointer, span, message.into())
    }

    fn push(&mut self, rule: &'static Rule, pointer: &Pointer, span: Span, message: String) -> Reported<'_, 'a> {
        let level = self.options.level(rule);
        if let Some(level) = level {
            let mut finding = Finding::new(rule, Arc::clone(self.origin.file), message);
            finding.level = level;
            finding.document = self.origin.index;
            finding.place = Some(self.place(span));
            finding.pointer = Some(pointer.clone());
            self.findings.push(finding);
        }
        Reported { lint: self, made: level.is_some() }
    }

    fn place(&self, span: Span) -> Place {
        let (line, column) =
            self.lines.get_or_init(|| LineIndex::new(self.text)).line_column(self.text, span.range().start);
        let (offset, first) = self.origin.start;
        Place { offset: span.range().start + offset, length: span.len(), line: line + first - 1, column }
    }

    fn further(&self, at: Json<'a>, span: Span, message: &str) -> Related {
        Related {
            file: Arc::clone(self.origin.file),
            pointer: Some(at.pointer()),
            place: Some(self.place(span)),
            message: message.to_owned(),
        }
    }
}

/// Which part of a member a finding points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Part {
    Key,
    Value,
}

impl<'a> Reported<'_, 'a> {
    /// Adds what to do about it.
    pub(in crate::rules) fn help(self, help: impl Into<String>) -> Self {
        self.change(|finding| finding.help = Some(help.into()))
    }

    /// Gives it another level than its rule has.
    pub(in crate::rules) fn level(self, level: Level) -> Self {
        self.change(|finding| finding.level = level)
    }

    /// Adds a further place: a value.
    pub(in crate::rules) fn related(self, at: Json<'a>, message: &str) -> Self {
        let further = self.lint.further(at, value_span(at), message);
        self.change(|finding| finding.related.push(further))
    }

    /// Adds a further place: the key of a member.
    pub(in crate::rules) fn related_key(self, at: Json<'a>, message: &str) -> Self {
        let further = self.lint.further(at, key_span(at), message);
        self.change(|finding| finding.related.push(further))
    }

    /// Nothing more is to be said.
    #[expect(clippy::unused_self, reason = "it ends the sentence of calls")]
    pub(in crate::rules) fn done(self) {}

    fn change(self, change: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.lint.findings.last_mut().filter(|_| self.made) {
            change(finding);
        }
        self
    }
}

/// The key of a member; what is missed in the whole document is missed at its beginning.
fn key_span(at: Json<'_>) -> Span {
    match at.key_span() {
        Some(key) => key,
        None if at.parent().is_none() => Span::new(at.span().range().start, at.span().range().start),
        None => at.span(),
    }
}

fn value_span(at: Json<'_>) -> Span {
    at.span()
}

/// Text of the document as messages quote it: short, and visible.
pub(in crate::rules) fn show(text: &str) -> String {
    visible(&clip(text, 100)).into_owned()
}

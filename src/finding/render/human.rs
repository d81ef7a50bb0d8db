//! Findings for people: a block for each, with the lines of the file around its place, and a summary.
//!
//! miette draws the blocks. It receives no file but short pieces of it, in which nothing is left that a terminal
//! could obey, so that neither the size nor the content of a file matters to it.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::{MAX_SHOWN_PER_FILE, counted, link, select, source_of, source_of_related};
use crate::finding::{Finding, Level, Place, Report, SourceText};
use crate::source::Pointer;
use crate::source::text::{clip, is_deceptive, visible};

/// Longest line, in bytes, that is shown whole.
const LONG_LINE: usize = 160;
/// Most lines of one place that are shown; of a longer place only the first line is.
const MAX_LINES: usize = 6;
/// Most further places of a finding that are shown.
const MAX_RELATED: usize = 10;
/// Longest label, in characters.
const MAX_LABEL: usize = 100;
/// Least width to which text is wrapped.
const MIN_WIDTH: usize = 40;

/// How findings are shown.
#[derive(Debug, Clone)]
pub struct Options {
    /// Columns to which text is wrapped.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
    /// Address of the site, for links to the rules' pages.
    pub base_url: Option<String>,
}

/// The report in blocks, with the summary as last line; empty without findings.
#[must_use]
pub fn render(report: &Report, options: &Options) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let selection = select(report, MAX_SHOWN_PER_FILE);
    let theme = if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let width = options.width.max(MIN_WIDTH);
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false).without_syntax_highlighting();
    let mut text = String::new();
    for finding in &selection.findings {
        let block = Block::of(report, finding, width, options.base_url.as_deref());
        let mut drawn = String::new();
        // Text accepts everything; a piece that miette can not draw still has its message.
        if handler.render_report(&mut drawn, &block).is_err() {
            drawn.push('\n');
        }
        for line in drawn.trim_end().lines() {
            push_line(&mut text, line);
        }
        if finding.related.len() > MAX_RELATED {
            push_line(&mut text, &format!("  … and {}", counted(finding.related.len() - MAX_RELATED, "more place")));
        }
        text.push('\n');
    }
    for line in selection.rest() {
        push_line(&mut text, &line);
    }
    push_line(&mut text, &summary(report));
    text
}

/// What was found, in one line: `2 errors, 1 warning in 1 file`.
#[must_use]
pub fn summary(report: &Report) -> String {
    if report.findings.is_empty() {
        return format!("no findings in {}", counted(report.files, "file"));
    }
    let counts: Vec<String> = [Level::Error, Level::Warning, Level::Info]
        .into_iter()
        .map(|level| (report.count(level), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| counted(count, level.name()))
        .collect();
    let files: BTreeSet<&str> = report.findings.iter().map(|finding| &*finding.file).collect();
    format!("{} in {}", counts.join(", "), counted(files.len(), "file"))
}

/// Adds a line without the spaces at its end.
///
/// Wrapped text of others can come to stand first in a line; `::` there would be a command to GitHub's runner.
fn push_line(text: &mut String, line: &str) {
    let line = line.trim_end();
    let content = line.trim_start();
    if content.starts_with("::") {
        text.push_str(line.get(..line.len() - content.len()).unwrap_or_default());
        text.push('·');
        text.push_str(content);
    } else {
        text.push_str(line);
    }
    text.push('\n');
}

/// A finding, or a further place of one, as miette draws it. All its texts are safe to show.
#[derive(Debug)]
struct Block {
    code: Option<&'static str>,
    severity: Severity,
    message: String,
    help: Option<String>,
    url: Option<String>,
    /// Where it is, when there is no piece of the file to show.
    location: Option<Location>,
    pieces: Pieces,
    related: Vec<Self>,
}

impl Block {
    fn of(report: &Report, finding: &Finding, width: usize, base_url: Option<&str>) -> Self {
        let source = source_of(report, finding);
        let mut marks = Vec::new();
        let mut location = None;
        match source.zip(finding.place).and_then(|(source, place)| Mark::new(source, place)) {
            Some(mark) => {
                let pointer = finding.pointer.as_ref().map_or("", Pointer::as_str);
                marks.push(mark.label(pointer));
            }
            None => location = Some(Location::of(&finding.file, finding.place)),
        }
        let mut elsewhere = Vec::new();
        for related in finding.related.iter().take(MAX_RELATED) {
            let source = source_of_related(report, finding, related);
            let mark = source.zip(related.place).and_then(|(source, place)| Mark::new(source, place));
            match (mark, source) {
                (Some(mark), _) if related.file == finding.file && location.is_none() => {
                    marks.push(mark.label(&related.message));
                }
                (mark, source) => elsewhere.push(Self {
                    code: None,
                    severity: Severity::Advice,
                    message: visible(&related.message).into_owned(),
                    help: None,
                    url: None,
                    location: if mark.is_none() { Some(Location::of(&related.file, related.place)) } else { None },
                    pieces: Pieces::of(&related.file, source, mark.into_iter().collect(), width),
                    related: Vec::new(),
                }),
            }
        }
        Self {
            code: Some(finding.rule.id),
            severity: match finding.level {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Info => Severity::Advice,
            },
            message: visible(&finding.message).into_owned(),
            help: finding.help.as_deref().map(|help| visible(help).into_owned()),
            url: base_url.map(|_| visible(&link(finding.rule, base_url)).into_owned()),
            location,
            pieces: Pieces::of(&finding.file, source, marks, width),
            related: elsewhere,
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Block {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.location.as_ref().map(|location| location as &(dyn Error + 'static))
    }
}

impl Diagnostic for Block {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|url| Box::new(url) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.pieces)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.pieces.labels.is_empty() {
            return None;
        }
        Some(Box::new(self.pieces.labels.iter().map(|label| label.span.clone())))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(self.related.iter().map(|block| block as &dyn Diagnostic)))
    }
}

/// A file's name, and line and column where they are known; miette draws it as the cause of the message.
#[derive(Debug)]
struct Location(String);

impl Location {
    fn of(file: &str, place: Option<Place>) -> Self {
        let file = visible(file);
        Self(match place {
            Some(place) => format!("{file}:{}:{}", place.line, place.column),
            None => file.into_owned(),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Location {}

/// A place within the text of its document, with what is written below it.
#[derive(Debug, Clone)]
struct Mark {
    range: Range<usize>,
    place: Place,
    label: Option<String>,
}

impl Mark {
    /// `None` when the place lies before the document.
    fn new(source: &SourceText, place: Place) -> Option<Self> {
        let text = &*source.text;
        let start = floor(text, place.offset.checked_sub(source.offset)?);
        let end = ceil(text, start.saturating_add(place.length));
        Some(Self { range: start..end, place, label: None })
    }

    fn label(mut self, label: &str) -> Self {
        self.label = (!label.is_empty()).then(|| clip(&visible(label), MAX_LABEL).into_owned());
        self
    }
}

/// Pieces of a file, one after the other, in offsets of their own.
#[derive(Debug, Default)]
struct Pieces {
    file: String,
    text: String,
    list: Vec<Piece>,
    labels: Vec<Label>,
}

/// Some lines of the file, as bytes of the text of [`Pieces`].
#[derive(Debug)]
struct Piece {
    range: Range<usize>,
    /// Line of the first byte, from 1.
    line: usize,
    lines: usize,
}

/// What is drawn below a line, and the place in the file that it stands for.
#[derive(Debug)]
struct Label {
    span: LabeledSpan,
    place: Place,
}

/// Bytes of the document that are shown together.
#[derive(Debug)]
struct Window {
    range: Range<usize>,
    /// Line of the first byte, from 1.
    line: usize,
    /// Whether something of the line is left out before and behind.
    cut: (bool, bool),
    marks: Vec<(Mark, bool)>,
}

impl Pieces {
    /// The surroundings of marks; the first mark is the primary one.
    fn of(file: &str, source: Option<&SourceText>, marks: Vec<Mark>, width: usize) -> Self {
        let mut pieces = Self { file: visible(file).into_owned(), ..Self::default() };
        let Some(source) = source else { return pieces };
        let text = &*source.text;
        let mut windows: Vec<Window> =
            marks.into_iter().enumerate().map(|(index, mark)| Window::around(text, mark, index == 0, width)).collect();
        windows.sort_by_key(|window| window.range.start);
        windows.dedup_by(|next, last| last.take_in(next));
        for window in windows {
            pieces.push(text, window);
        }
        pieces
    }

    fn push(&mut self, text: &str, window: Window) {
        let start = self.text.len();
        if window.cut.0 {
            self.text.push_str("… ");
        }
        let shift = self.text.len();
        push_harmless(&mut self.text, text.get(window.range.clone()).unwrap_or_default());
        if window.cut.1 {
            self.text.push_str(" …");
        }
        // Each piece ends a line, because miette draws no mark at the end of a text without one.
        self.text.push('\n');
        let range = start..self.text.len();
        let lines = self.text.get(range.clone()).unwrap_or_default().matches('\n').count();
        for (mark, primary) in window.marks {
            let within = |at: usize| at.clamp(window.range.start, window.range.end) - window.range.start + shift;
            let (start, end) = (within(mark.range.start), within(mark.range.end));
            let span = SourceSpan::from((start, end - start));
            let span = if primary {
                LabeledSpan::new_primary_with_span(mark.label, span)
            } else {
                LabeledSpan::new_with_span(mark.label, span)
            };
            self.labels.push(Label { span, place: mark.place });
        }
        self.list.push(Piece { range, line: window.line, lines });
        // A byte between two pieces belongs to none, so no span reaches from one into the next.
        self.text.push('\n');
    }

    fn contents<'a>(
        &'a self,
        range: &Range<usize>,
        line: usize,
        column: usize,
        lines: usize,
    ) -> Box<dyn SpanContents<'a> + 'a> {
        let data = self.text.as_bytes().get(range.clone()).unwrap_or_default();
        let span = SourceSpan::from((range.start, range.len()));
        let (line, column) = (line.saturating_sub(1), column.saturating_sub(1));
        Box::new(MietteSpanContents::new_named(self.file.clone(), data, span, line, column, lines))
    }
}

impl SourceCode for Pieces {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        // Without context miette asks for line and column of a label, which the place knows better than the piece.
        if lines_before == 0
            && lines_after == 0
            && let Some(label) = self.labels.iter().find(|label| label.span.inner() == span)
        {
            return Ok(self.contents(&range, label.place.line, label.place.column, 1));
        }
        let holds = |piece: &&Piece| piece.range.start <= range.start && range.end <= piece.range.end;
        let piece = self.list.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        Ok(self.contents(&piece.range, piece.line, 1, piece.lines))
    }
}

impl Window {
    /// The lines of a mark and one on each side, or a part of its line when that is long.
    fn around(text: &str, mut mark: Mark, primary: bool, width: usize) -> Self {
        let Some(first) = short_line(text, mark.range.start) else {
            return Self::within_line(text, mark, primary, width);
        };
        let mut range = first.clone();
        let mut lines = 1;
        // The line feed at the end of a line belongs to it.
        while mark.range.end > range.end + 1 {
            match short_line(text, range.end + 1) {
                Some(next) if lines < MAX_LINES => {
                    range.end = next.end;
                    lines += 1;
                }
                _ => {
                    range = first.clone();
                    mark.range.end = first.end;
                }
            }
        }
        let mut line = mark.place.line;
        if let Some(before) = range.start.checked_sub(1).and_then(|at| short_line(text, at)) {
            range.start = before.start;
            line = line.saturating_sub(1);
        }
        if let Some(after) = short_line(text, range.end + 1).filter(|after| after.start < text.len()) {
            range.end = after.end;
        }
        Self { range, line, cut: (false, false), marks: vec![(mark, primary)] }
    }

    fn within_line(text: &str, mut mark: Mark, primary: bool, width: usize) -> Self {
        let budget = width.saturating_sub(16).clamp(MIN_WIDTH / 2, LONG_LINE);
        let Range { start, end } = mark.range.clone();
        let before = budget.saturating_sub(end - start).max(budget / 4) / 2;
        let mut range = ceil(text, start.saturating_sub(before)).min(start)..0;
        range.end = floor(text, range.start + budget).max(start);
        if let Some(feed) = text.get(range.start..start).and_then(|part| part.rfind('\n')) {
            range.start += feed + 1;
        }
        if let Some(feed) = text.get(start..range.end).and_then(|part| part.find('\n')) {
            range.end = start + feed;
        }
        mark.range.end = end.min(range.end);
        let begins = |at: usize| at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
        let ends = |at: usize| text.as_bytes().get(at).is_none_or(|byte| *byte == b'\n');
        let cut = (!begins(range.start), !ends(range.end));
        Self { range, line: mark.place.line, cut, marks: vec![(mark, primary)] }
    }

    /// Joins the next window to this one when they meet; says whether it did.
    fn take_in(&mut self, next: &mut Self) -> bool {
        let whole = |window: &Self| window.cut == (false, false);
        let meet = whole(self) && whole(next) && next.range.start <= self.range.end + 1;
        if meet {
            self.range.end = self.range.end.max(next.range.end);
            self.marks.append(&mut next.marks);
        }
        meet
    }
}

/// The line that holds a byte, without its line feed, when it is at most [`LONG_LINE`] bytes long.
///
/// The search stops there too, since a document may be one line of megabytes.
fn short_line(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let low = at.saturating_sub(LONG_LINE);
    let start = match bytes.get(low..at)?.iter().rposition(|byte| *byte == b'\n') {
        Some(feed) => low + feed + 1,
        None if low == 0 => 0,
        None => return None,
    };
    let high = bytes.len().min(start + LONG_LINE + 1);
    match bytes.get(start..high)?.iter().position(|byte| *byte == b'\n') {
        Some(feed) => Some(start..start + feed),
        None if high == bytes.len() && high - start <= LONG_LINE => Some(start..high),
        None => None,
    }
}

/// Adds text in which every deceptive character is replaced by harmless ones of as many bytes.
fn push_harmless(shown: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // miette draws tabs as spaces.
            '\n' | '\t' => shown.push(c),
            '\r' if rest.peek().is_none_or(|next| *next == '\n') => shown.push(' '),
            c if is_deceptive(c) => shown.push_str(match c.len_utf8() {
                1 => "?",
                2 => "¿",
                3 => "\u{FFFD}",
                _ => "\u{FFFD}?",
            }),
            c => shown.push(c),
        }
    }
}

/// The boundary of a character at or before an offset; the end for offsets beyond it.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The boundary of a character at or behind an offset; the end for offsets beyond it.
fn ceil(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::fixture::{ERROR_RULE, INFO_RULE, WARNING_RULE, finding, related, report};
    use super::*;
    use crate::finding::Related;
    use crate::source::LineIndex;

    const FILE: &str = "types/sample/type.yaml";

    fn options_of(width: usize) -> Options {
        Options { width, color: false, base_url: None }
    }

    /// The report as it is shown; a blank line and the summary are left out.
    fn shown(files: &[(&str, &str)], findings: Vec<Finding>) -> String {
        let report = report(files, findings);
        let text = render(&report, &options_of(80));
        assert!(!text.contains("Failed to read"), "{text}");
        text.strip_suffix(&format!("\n{}\n", summary(&report))).unwrap().to_owned()
    }

    fn at(text: &str, found: &str) -> Finding {
        finding(&ERROR_RULE, FILE, text, found)
    }

    #[test]
    fn a_finding_has_message_excerpt_label_and_help() {
        let text = "id: sample\nlable: é日本 x\nroles:\n  - chart\n";
        let mut one = at(text, "日本");
        one.pointer = Some(Pointer::parse("/lable"));
        one.help =
            Some("did you mean `label`? keys here: `id`, `label`, `title`, `summary`, `roles`, `status`".to_owned());
        let expected = "\
unknown-key

  × something is wrong
   ╭─[types/sample/type.yaml:2:9]
 1 │ id: sample
 2 │ lable: é日本 x
   ·         ──┬─
   ·           ╰── /lable
 3 │ roles:
   ╰────
  help: did you mean `label`? keys here: `id`, `label`, `title`, `summary`,
        `roles`, `status`
";
        assert_eq!(shown(&[(FILE, text)], vec![one]), expected);
    }

    #[test]
    fn further_places_are_labels_here_and_excerpts_elsewhere() {
        let text = "a: 1\nb:\n  - 2\n  - 3\nc: 4\nd: 5\ne: 6\nf: 7\n";
        let one = finding(&WARNING_RULE, FILE, text, "b:\n  - 2\n  - 3")
            .related(related(FILE, text, "d", "and here"))
            .related(related(FILE, text, "f", "far away"))
            .related(related("other.yaml", "x: y\r\nz: 1\r\n", "y", "is there too"))
            .related(related("unread.yaml", "x: y\n", "y", "and there"));
        let expected = "\
unreachable-rule

  ⚠ something is wrong
   ╭─[types/sample/type.yaml:2:1]
 1 │     a: 1
 2 │ ╭─▶ b:
 3 │ │     - 2
 4 │ ╰─▶   - 3
 5 │     c: 4
 6 │     d: 5
   ·     ┬
   ·     ╰── and here
 7 │     e: 6
 8 │     f: 7
   ·     ┬
   ·     ╰── far away
   ╰────

Advice:
  ☞ is there too
   ╭─[other.yaml:1:4]
 1 │ x: y
   ·    ─
 2 │ z: 1
   ╰────

Advice:
  ☞ and there
  ╰─▶ unread.yaml:1:4
";
        assert_eq!(shown(&[(FILE, text), ("other.yaml", "x: y\r\nz: 1\r\n")], vec![one]), expected);
    }

    #[test]
    fn empty_places_and_the_end_of_the_file_are_drawn() {
        let expected = |name: &str, lines: &str| {
            format!("listed-draft\n\n  ☞ something is wrong\n   ╭─[{name}]\n{lines}   ╰────\n")
        };
        let draw = |text: &str| shown(&[("f", text)], vec![finding(&INFO_RULE, "f", text, "")]);
        assert_eq!(draw(""), expected("f:1:1", " 1 │\n   · ▲\n"));
        assert_eq!(draw("a: 1"), expected("f:1:5", " 1 │ a: 1\n   ·     ▲\n"));
        assert_eq!(draw("a: 1\r\n"), expected("f:2:1", " 1 │ a: 1\n 2 │\n   · ▲\n"));
        let text = "a: 1\r\nb: 2\r\nc: 3\r\n";
        let mut empty = finding(&INFO_RULE, "f", text, "2");
        empty.place = empty.place.map(|place| Place { length: 0, ..place });
        let lines = " 1 │ a: 1\n 2 │ b: 2\n   ·    ▲\n 3 │ c: 3\n";
        assert_eq!(shown(&[("f", text)], vec![empty.clone()]), expected("f:2:4", lines));
        // The text ends where the bytes are no text any more; the place lies behind it.
        empty.place = Some(Place { offset: 18, length: 1, line: 4, column: 1 });
        assert_eq!(shown(&[("f", text)], vec![empty]), expected("f:4:1", " 3 │ c: 3\n 4 │\n   · ▲\n"));
    }

    #[test]
    fn without_place_or_text_the_file_is_named() {
        let long = "there is no icon, and the message is so long that it has to be wrapped at the width";
        let one = Finding::new(&INFO_RULE, "types/sample/icon.svg".into(), long).help("draw one");
        let expected = "\
listed-draft

  ☞ there is no icon, and the message is so long that it has to be wrapped at
  │ the width
  ╰─▶ types/sample/icon.svg
  help: draw one
";
        assert_eq!(shown(&[], vec![one]), expected);
        assert_eq!(
            shown(&[], vec![at("a\nb", "b")]),
            format!("unknown-key\n\n  × something is wrong\n  ╰─▶ {FILE}:2:1\n")
        );
    }

    #[test]
    fn documents_of_a_stream_have_the_lines_of_the_file() {
        let mut one = finding(&ERROR_RULE, "s.ndjson", "{\"a\": 1}\n", "\"a\"");
        one.document = 7;
        one.place = one.place.map(|place| Place { offset: place.offset + 5000, line: 120, ..place });
        let mut report = report(&[], vec![one]);
        report
            .sources
            .insert(("s.ndjson".into(), 7), SourceText { text: "{\"a\": 1}\n".into(), offset: 5000, line: 120 });
        let text = render(&report, &options_of(80));
        let expected = "     ╭─[s.ndjson:120:2]\n 120 │ {\"a\": 1}\n     ·  ───\n     ╰────\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn nothing_raw_is_left_in_an_excerpt_and_marks_stay_in_place() {
        let text = "\ta\u{1b}[31m\u{9b}\u{202e}\u{e0041}\rX: é\r\n";
        let mut one = finding(&ERROR_RULE, "f\u{1b}", text, "X").help("h\u{9b}");
        one.message = "m\u{202e}\n".to_owned();
        one.pointer = Some(Pointer::parse("/p\u{1b}"));
        let expected = "\
unknown-key

  × m\\u{202e}\\n
   ╭─[f\\u{1b}:1:12]
 1 │     a?[31m¿\u{FFFD}\u{FFFD}??X: é
   ·                ┬
   ·                ╰── /p\\u{1b}
   ╰────
  help: h\\u{9b}
";
        assert_eq!(shown(&[("f\u{1b}", text)], vec![one]), expected);
        let mut harmless = String::new();
        push_harmless(&mut harmless, text);
        assert_eq!(harmless.len(), text.len());
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let text = format!("{{\"a\":\"{}\",\"b\":\"{}\"}}", "é".repeat(1000), "x".repeat(5_000_000));
        let one = at(&text, "\"b\"").related(related(FILE, &text, "\"a\"", "the first"));
        let expected = "\
unknown-key

  × something is wrong
   ╭─[types/sample/type.yaml:1:2]
 1 │ {\"a\":\"ééééééééééééééééééééééééééééé …
   ·  ─┬─
   ·   ╰── the first
   ╰────
   ╭─[types/sample/type.yaml:1:1009]
 1 │ … éééééééééééééé\",\"b\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx …
   ·                   ───
   ╰────
";
        assert_eq!(shown(&[(FILE, &text)], vec![one]), expected);
        let whole = at(&text, &text);
        assert!(shown(&[(FILE, &text)], vec![whole]).len() < 1000);
    }

    #[test]
    fn a_place_of_many_lines_is_shown_by_its_first_one() {
        let text = format!("a:\n{}b: 1\n", "  - x\n".repeat(MAX_LINES));
        let long = text.strip_suffix("b: 1\n").unwrap();
        let drawn = shown(&[("f", &text)], vec![finding(&ERROR_RULE, "f", &text, long)]);
        assert!(drawn.contains("   ╭─[f:1:1]\n 1 │ a:\n   · ──\n 2 │   - x\n   ╰────\n"), "{drawn}");
        let short = long.strip_suffix("  - x\n").unwrap();
        let drawn = shown(&[("f", &text)], vec![finding(&ERROR_RULE, "f", &text, short)]);
        assert!(drawn.contains(&format!(" {MAX_LINES} │ ╰─▶   - x\n")), "{drawn}");
    }

    #[test]
    fn only_some_of_many_places_and_findings_are_shown() {
        let text = "a: 1\n".repeat(40);
        let mut one = at(&text, "a");
        for n in 0..MAX_RELATED + 2 {
            one = one.related(related("other", &text, "a", &n.to_string()));
        }
        let drawn = shown(&[(FILE, &text)], vec![one]);
        assert!(drawn.ends_with("  … and 2 more places\n") && !drawn.contains("☞ 10\n"), "{drawn}");
        let many = (0..=MAX_SHOWN_PER_FILE).map(|n| Finding::new(&WARNING_RULE, "f".into(), n.to_string())).collect();
        let drawn = render(&report(&[], many), &options_of(80));
        assert!(drawn.ends_with("  ╰─▶ f\n\n… and 1 more finding in f\n101 warnings in 1 file\n"), "{drawn}");
    }

    #[test]
    fn colour_and_links_are_there_when_wanted() {
        let text = "lable: x\n";
        let files = report(&[(FILE, text)], vec![at(text, "lable")]);
        let base_url = Some("https://example.com/oat/".to_owned());
        let plain = render(&files, &Options { base_url, ..options_of(80) });
        assert!(plain.starts_with("unknown-key (https://example.com/oat/rules/unknown-key/)\n"), "{plain}");
        let colored = render(&files, &Options { color: true, ..options_of(80) });
        assert!(colored.starts_with("\u{1b}[31munknown-key\u{1b}[0m\n"), "{colored:?}");
        assert!(!colored.contains("\u{1b}]8"), "a link is text: {colored:?}");
    }

    #[test]
    fn no_line_gives_a_command_to_the_runner_of_github() {
        let help = format!("{} ::add-mask::x", "w".repeat(69));
        let drawn = shown(&[], vec![Finding::new(&ERROR_RULE, "f".into(), "m").help(help)]);
        assert!(drawn.ends_with("\n        ·::add-mask::x\n"), "{drawn}");
    }

    #[test]
    fn the_summary_counts_levels_and_files_with_findings() {
        let of = |rule, file: &str| Finding::new(rule, file.into(), "x");
        let mut found = report(&[("a", ""), ("b", ""), ("c", "")], Vec::new());
        assert_eq!(
            (summary(&found).as_str(), render(&found, &options_of(80)).as_str()),
            ("no findings in 3 files", "")
        );
        found.findings = vec![of(&ERROR_RULE, "a"), of(&ERROR_RULE, "a"), of(&WARNING_RULE, "a")];
        assert_eq!(summary(&found), "2 errors, 1 warning in 1 file");
        found.findings.push(of(&INFO_RULE, "b"));
        assert_eq!(summary(&found), "2 errors, 1 warning, 1 info in 2 files");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn every_place_in_every_text_is_drawn_and_harmless(
            words in vec(select(&WORDS[..]), 0..40),
            places in vec((0..900_usize, 0..300_usize), 1..5),
            width in 0..120_usize,
        ) {
            let text = words.concat();
            let index = LineIndex::new(&text);
            let mut places = places.into_iter().map(|(offset, length)| {
                let offset = (0..=offset.min(text.len() + 2)).rev().find(|at| *at > text.len() || text.is_char_boundary(*at)).unwrap();
                let (line, column) = index.line_column(&text, offset);
                Place { offset, length, line, column }
            });
            let mut one = Finding::new(&ERROR_RULE, "f".into(), text.clone()).help(text.clone());
            one.place = places.next();
            one.pointer = Some(Pointer::parse(&text));
            for place in places {
                one.related.push(Related { file: "f".into(), pointer: None, place: Some(place), message: text.clone() });
            }
            let drawn = render(&report(&[("f", &text)], vec![one]), &options_of(width));
            prop_assert!(!drawn.contains("Failed to read"), "{}", drawn);
            prop_assert!(drawn.contains("╭─[f:"), "{}", drawn);
            prop_assert!(!drawn.chars().any(|c| c != '\n' && is_deceptive(c)), "{:?}", drawn);
            prop_assert!(!drawn.lines().any(|line| line.trim_start().starts_with("::")), "{}", drawn);
        }
    }

    /// Text that is hard to draw.
    const WORDS: [&str; 12] = [
        "a: 1",
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "é日本",
        "\u{1b}[2J",
        "\u{202e}\u{e0041}",
        "::error::",
        "e\u{301}\u{1F40B}",
        LONG,
    ];
    const LONG: &str = concat!(
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "é日012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    );
}

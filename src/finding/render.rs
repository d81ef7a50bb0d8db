//! Forms in which a report is shown; each returns text, none prints.
//!
//! All text of others leaves through here: what a person reads passes through
//! [`visible`], what a program reads has such characters as JSON escapes.

pub mod github;
pub mod human;
pub mod json;
pub mod sarif;
pub mod statistics;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::{Finding, Place, Related, Report, Rule, SourceText};
use crate::source::text::{is_deceptive, visible};

/// Most findings of one file that are shown to people; JSON and SARIF have more.
pub const MAX_SHOWN_PER_FILE: usize = 100;
/// Most findings of one run that are shown; JSON has all.
pub const MAX_SHOWN: usize = 5_000;
/// Most files whose hidden findings are counted one by one.
const MAX_FILES_COUNTED: usize = 20;

/// The findings of a report that a form shows, in the report's order, and how many each file has beyond them.
struct Selection<'a> {
    findings: Vec<&'a Finding>,
    hidden: BTreeMap<&'a str, usize>,
}

/// Selects the gravest findings, at most so many of one file and [`MAX_SHOWN`] in all.
fn select(report: &Report, per_file: usize) -> Selection<'_> {
    let mut gravest_first: Vec<(usize, &Finding)> = report.findings.iter().enumerate().collect();
    gravest_first.sort_by_key(|(_, finding)| finding.level);
    let mut shown = Vec::new();
    let mut shown_of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hidden: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, finding) in gravest_first {
        let count = shown_of.entry(&finding.file).or_default();
        if *count < per_file && shown.len() < MAX_SHOWN {
            *count += 1;
            shown.push((index, finding));
        } else {
            *hidden.entry(&finding.file).or_default() += 1;
        }
    }
    shown.sort_unstable_by_key(|(index, _)| *index);
    Selection { findings: shown.into_iter().map(|(_, finding)| finding).collect(), hidden }
}

impl Selection<'_> {
    /// What is not shown, in lines such as `… and 3 more findings in FILE`.
    fn rest(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .hidden
            .iter()
            .take(MAX_FILES_COUNTED)
            .map(|(file, count)| format!("… and {} in {}", counted(*count, "more finding"), visible(file)))
            .collect();
        let beyond: Vec<usize> = self.hidden.values().skip(MAX_FILES_COUNTED).copied().collect();
        if !beyond.is_empty() {
            let findings = counted(beyond.iter().sum(), "more finding");
            lines.push(format!("… and {findings} in {}", counted(beyond.len(), "more file")));
        }
        lines
    }
}

/// A number and its noun: `1 error`, `2 errors`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Line and column one past the last byte of a place, both from 1 and counted as the place's own are.
///
/// What lies outside of the text is left out of the count.
fn end_of(place: Place, source: &SourceText) -> (usize, usize) {
    let start = place.offset.saturating_sub(source.offset).min(source.text.len());
    let end = start.saturating_add(place.length).min(source.text.len());
    let bytes = source.text.as_bytes().get(start..end).unwrap_or_default();
    // Bytes that continue a scalar value (10xxxxxx) do not count.
    let characters = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
    let mut lines = bytes.rsplit(|byte| *byte == b'\n');
    let last = characters(lines.next().unwrap_or_default());
    match lines.count() {
        0 => (place.line, place.column + last),
        feeds => (place.line + feeds, 1 + last),
    }
}

/// The text that a finding is about.
fn source_of<'a>(report: &'a Report, finding: &Finding) -> Option<&'a SourceText> {
    report.sources.get(&(Arc::clone(&finding.file), finding.document))
}

/// The text that a further place of a finding is about.
fn source_of_related<'a>(report: &'a Report, finding: &Finding, related: &Related) -> Option<&'a SourceText> {
    let document = if related.file == finding.file { finding.document } else { 0 };
    report.sources.get(&(Arc::clone(&related.file), document))
}

/// Address of a rule's page: absolute with a base address, else relative to the site's root.
fn link(rule: &Rule, base_url: Option<&str>) -> String {
    match base_url {
        Some(base) => format!("{}/{}", base.trim_end_matches('/'), rule.page()),
        None => rule.page(),
    }
}

/// JSON with two spaces of indentation and a final line feed, in which deceptive characters are escapes.
fn json_text(value: &impl Serialize) -> String {
    // Only maps with keys that are no text, and failing implementations, are refused; the outputs have none.
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut text = String::with_capacity(pretty.len() + 1);
    for c in pretty.chars() {
        if c != '\n' && is_deceptive(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod fixture {
    //! Small reports for the tests of all forms.

    use std::sync::Arc;

    use crate::finding::{Finding, Level, Place, Related, Report, Rule, SourceText};
    use crate::source::{LineIndex, Pointer};

    pub(super) static ERROR_RULE: Rule = rule(
        "unknown-key",
        Level::Error,
        concat!(
            " A key is not known.\n\n ## Why\n It is most likely a misspelling,\n and nothing reads it.\n\n",
            " ## Reported\n ```yaml reported\n lable: Sample\n ```\n",
        ),
    );
    pub(super) static WARNING_RULE: Rule = rule("unreachable-rule", Level::Warning, " A rule can not be reached.\n");
    pub(super) static INFO_RULE: Rule = rule("listed-draft", Level::Info, " A draft is listed.\n");

    const fn rule(id: &'static str, level: Level, docs: &'static str) -> Rule {
        Rule { id, level, since: "0.1.0", docs, source_file: file!(), source_line: line!(), ..Rule::PLAIN }
    }

    /// The place of the first occurrence of a text; an empty one is the end of the file.
    pub(super) fn place(text: &str, found: &str) -> Place {
        let offset = if found.is_empty() { text.len() } else { text.find(found).unwrap() };
        let (line, column) = LineIndex::new(text).line_column(text, offset);
        Place { offset, length: found.len(), line, column }
    }

    /// A finding at the first occurrence of a text.
    pub(super) fn finding(rule: &'static Rule, file: &str, text: &str, found: &str) -> Finding {
        let mut finding = Finding::new(rule, file.into(), "something is wrong");
        finding.place = Some(place(text, found));
        finding
    }

    /// A further place at the first occurrence of a text.
    pub(super) fn related(file: &str, text: &str, found: &str, message: &str) -> Related {
        let pointer = Some(Pointer::parse("/other"));
        Related { file: file.into(), pointer, place: Some(place(text, found)), message: message.to_owned() }
    }

    /// A report over files that are one document each.
    pub(super) fn report(files: &[(&str, &str)], findings: Vec<Finding>) -> Report {
        let source = |text: &str| SourceText { text: text.into(), offset: 0, line: 1 };
        let sources = files.iter().map(|(file, text)| ((Arc::from(*file), 0), source(text))).collect();
        Report { findings, sources, files: files.len(), documents: files.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{ERROR_RULE, INFO_RULE, finding, report};
    use super::*;
    use crate::source::LineIndex;

    #[test]
    fn the_end_of_a_place_counts_as_its_start_does() {
        let text = "é: ü\r\n日本: \"y\u{1F40B}\"\r\n\r\nlast";
        let index = LineIndex::new(text);
        let boundaries: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        // The document begins somewhere in its file.
        let source = SourceText { text: text.into(), offset: 1000, line: 21 };
        for start in &boundaries {
            for end in boundaries.iter().filter(|end| *end >= start) {
                let (line, column) = index.line_column(text, *start);
                let place = Place { offset: 1000 + start, length: end - start, line: line + 20, column };
                let (end_line, end_column) = index.line_column(text, *end);
                assert_eq!(end_of(place, &source), (end_line + 20, end_column), "{start}..{end}");
            }
        }
        let place = Place { offset: 1000 + text.len(), length: 7, line: 24, column: 5 };
        assert_eq!(end_of(place, &source), (24, 5), "a place beyond the text ends with it");
    }

    #[test]
    fn caps_keep_the_gravest_findings_in_the_order_of_the_report() {
        let mut findings: Vec<Finding> =
            (0..MAX_SHOWN_PER_FILE + 2).map(|n| Finding::new(&INFO_RULE, "a".into(), n.to_string())).collect();
        findings.push(Finding::new(&ERROR_RULE, "a".into(), "grave"));
        findings.push(Finding::new(&INFO_RULE, "b\u{1b}".into(), "b"));
        let report = report(&[], findings);
        let selection = select(&report, MAX_SHOWN_PER_FILE);
        assert_eq!(selection.rest(), ["… and 3 more findings in a"]);
        let messages: Vec<&str> = selection.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            (messages.len(), messages[0], messages[98], messages[99], messages[100]),
            (101, "0", "98", "grave", "b")
        );
    }

    #[test]
    fn what_a_run_hides_is_counted_without_a_line_for_each_of_many_files() {
        let one = |n: usize| Finding::new(&INFO_RULE, format!("{n:05}\u{1b}").into(), "x");
        let report = report(&[], (0..MAX_SHOWN + 30).map(one).collect());
        let selection = select(&report, 1);
        assert_eq!(selection.findings.len(), MAX_SHOWN);
        let rest = selection.rest();
        assert_eq!((rest.len(), rest[0].as_str()), (21, "… and 1 more finding in 05000\\u{1b}"));
        assert_eq!(rest[20], "… and 10 more findings in 10 more files");
    }

    #[test]
    fn deceptive_characters_are_escapes_in_json_and_read_back_as_themselves() {
        let hostile = "a\u{1b}\u{9b}\u{202e}\u{e0041}\u{7f}\"\\é\n";
        let text = json_text(&[hostile]);
        assert_eq!(text, "[\n  \"a\\u001b\\u009b\\u202e\\udb40\\udc41\\u007f\\\"\\\\é\\n\"\n]\n");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [hostile]);
    }

    #[test]
    fn links_are_absolute_only_with_a_base_address() {
        assert_eq!(link(&ERROR_RULE, None), "rules/unknown-key/");
        assert_eq!(link(&ERROR_RULE, Some("https://example.com/oat/")), "https://example.com/oat/rules/unknown-key/");
    }

    #[test]
    fn a_further_place_is_looked_up_in_the_document_of_its_finding() {
        let mut one = finding(&ERROR_RULE, "s.ndjson", "{}", "{}");
        one.document = 1;
        let mut report = report(&[("s.ndjson", "first"), ("other", "x")], vec![]);
        report.sources.insert(("s.ndjson".into(), 1), SourceText { text: "{}".into(), offset: 6, line: 2 });
        let same = fixture::related("s.ndjson", "{}", "{", "here");
        let other = fixture::related("other", "x", "x", "there");
        assert_eq!(&*source_of(&report, &one).unwrap().text, "{}");
        assert_eq!(&*source_of_related(&report, &one, &same).unwrap().text, "{}");
        assert_eq!(&*source_of_related(&report, &one, &other).unwrap().text, "x");
    }
}

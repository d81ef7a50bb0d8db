//! Suppressions: a comment in an entry by which its author accepts a finding, with a reason.
//!
//! `# oat: allow(rule-id) reason` covers its own line, or the next one when it stands alone. On the line that names
//! an example it covers the findings in that example.

use std::sync::Arc;

use crate::finding::{Finding, Report, Rule, declare_rule};
use crate::shape::Document;
use crate::shape::schema::nearest_word;
use crate::source::Span;
use crate::source::text::{clip, visible};

declare_rule! {
    /// A suppression gives no reason, or names no rule.
    ///
    /// ## Why
    /// A list of exceptions without reasons becomes a dump: nobody dares to remove one. The form is
    /// `# oat: allow(rule-id) reason`.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: A sample. # oat: allow(html-in-text)
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: A sample. # A comment of another kind.
    /// ```
    ///
    /// ## How to fix
    /// Say why the finding is accepted, behind the closing parenthesis.
    pub static SUPPRESSION_WITHOUT_REASON = { id: "suppression-without-reason", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A suppression suppresses nothing.
    ///
    /// ## Why
    /// What it once accepted is gone; left in place it would hide the next mistake.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: A sample. # oat: allow(html-in-text) there is none
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: A sample.
    /// ```
    ///
    /// ## How to fix
    /// Remove the comment.
    pub static UNUSED_SUPPRESSION = { id: "unused-suppression", level: Warning, since: "0.1.0", subject: Catalog }
}

/// The rules of this file.
pub(crate) static RULES: [&Rule; 2] = [&SUPPRESSION_WITHOUT_REASON, &UNUSED_SUPPRESSION];

/// A suppression that has the right form.
#[derive(Debug, Clone)]
pub struct Suppression {
    file: Arc<str>,
    rule: &'static str,
    /// The line that it covers, from 1.
    line: usize,
    /// The example that the covered line names.
    example: Option<String>,
    /// The finding that it suppresses nothing, kept until it is known.
    unused: Finding,
}

/// The suppressions in the comments of an entry; those without the right form are findings.
pub fn collect(document: &Document, findings: &mut Vec<Finding>) -> Vec<Suppression> {
    const MARK: &str = "# oat:";
    let mut found = Vec::new();
    if !document.text.contains(MARK) {
        return found;
    }
    let mut offset = 0;
    let lines: Vec<&str> = document.text.split_inclusive('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        let start = offset;
        offset += line.len();
        let Some(at) = line.find(MARK) else { continue };
        let alone = line[..at].trim().is_empty();
        if !alone && !line[..at].ends_with(' ') {
            continue;
        }
        let text = line[at + MARK.len()..].trim();
        let place = document.place(Span::new(start + at, start + line.trim_end().len()));
        let report = |rule: &'static Rule, message: String| {
            let mut finding = Finding::new(rule, Arc::clone(&document.file), message);
            finding.place = Some(place);
            finding
        };
        let parsed = text.strip_prefix("allow(").and_then(|rest| rest.split_once(')'));
        let Some((id, reason)) = parsed else {
            let message = "a suppression does not have the form `# oat: allow(rule-id) reason`".to_owned();
            findings.push(report(&SUPPRESSION_WITHOUT_REASON, message));
            continue;
        };
        let all = super::all();
        let Some(rule) = all.iter().find(|rule| rule.id == id.trim()) else {
            let message = format!("a suppression names `{}`, which is no rule", visible(&clip(id, 60)));
            let near = nearest_word(id.trim(), all.iter().map(|rule| rule.id));
            let help =
                near.map_or_else(|| "`oat rules` lists all rules".to_owned(), |near| format!("did you mean `{near}`?"));
            findings.push(report(&SUPPRESSION_WITHOUT_REASON, message).help(help));
            continue;
        };
        if reason.trim().is_empty() {
            let message = format!("the suppression of `{}` gives no reason", rule.id);
            findings.push(report(&SUPPRESSION_WITHOUT_REASON, message).help("say why behind the closing parenthesis"));
            continue;
        }
        // A comment that stands alone covers the next line that is no comment.
        let comment = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
        let covered =
            if alone { index + 1 + lines[index + 1..].iter().take_while(|line| comment(line)).count() } else { index };
        let covered_text = lines.get(covered).copied().unwrap_or_default();
        let example = covered_text
            .split_once("file:")
            .map(|(_, rest)| rest.split('#').next().unwrap_or_default().trim().trim_matches('"').to_owned());
        let message = format!("nothing on the line that it covers breaks `{}`", rule.id);
        found.push(Suppression {
            file: Arc::clone(&document.file),
            rule: rule.id,
            line: covered + 1,
            example,
            unused: report(&UNUSED_SUPPRESSION, message).help("remove the comment"),
        });
    }
    found
}

/// Drops what is suppressed, and reports suppressions of nothing.
pub fn apply(report: &mut Report, suppressions: Vec<Suppression>) {
    for one in suppressions {
        let folder = one.file.strip_suffix("type.yaml").unwrap_or_default();
        let example = one.example.as_ref().map(|example| format!("{folder}examples/{example}"));
        let before = report.findings.len();
        report.findings.retain(|finding| {
            let here = finding.file == one.file && finding.place.is_some_and(|place| place.line == one.line);
            let there = example.as_deref() == Some(&*finding.file);
            finding.rule.id != one.rule || !(here || there)
        });
        if report.findings.len() == before {
            report.findings.push(one.unused);
        }
    }
}

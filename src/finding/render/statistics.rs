//! What a run found, counted by rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{counted, json_text};
use crate::finding::{Level, Report};

/// How often one rule was broken at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// Id of the rule.
    pub rule: &'static str,
    /// Level of these findings.
    pub level: &'static str,
    /// Number of findings.
    pub findings: usize,
    /// Number of documents or files with such a finding.
    pub documents: usize,
    /// What the rule finds, in one line.
    pub summary: &'static str,
}

/// The counts of a report, the gravest level and the most frequent rule first.
#[must_use]
pub fn count(report: &Report) -> Vec<Count> {
    let mut counts: BTreeMap<(Level, &'static str), (Count, Option<(&str, usize)>)> = BTreeMap::new();
    for finding in &report.findings {
        let (count, last) = counts.entry((finding.level, finding.rule.id)).or_insert_with(|| {
            let (rule, level) = (finding.rule.id, finding.level.name());
            (Count { rule, level, findings: 0, documents: 0, summary: finding.rule.summary() }, None)
        });
        count.findings += 1;
        // Findings are in the order of files and documents.
        let document = (&*finding.file, finding.document);
        if *last != Some(document) {
            count.documents += 1;
            *last = Some(document);
        }
    }
    let mut counts: Vec<(Level, Count)> = counts.into_iter().map(|((level, _), (count, _))| (level, count)).collect();
    counts.sort_by(|(a, one), (b, other)| {
        a.cmp(b).then(other.findings.cmp(&one.findings)).then_with(|| one.rule.cmp(other.rule))
    });
    counts.into_iter().map(|(_, count)| count).collect()
}

/// The counts as a table, with the summary as last line; empty without findings.
#[must_use]
pub fn human(report: &Report) -> String {
    let counts = count(report);
    let width = |of: fn(&Count) -> usize| counts.iter().map(of).max().unwrap_or(0);
    let (number, rule) = (width(|count| count.findings.to_string().len()), width(|count| count.rule.len()));
    let mut text = String::new();
    for Count { rule: id, level, findings, summary, .. } in &counts {
        let _ = writeln!(text, "{findings:number$}  {level:7}  {id:rule$}  {summary}");
    }
    if !counts.is_empty() {
        let total = report.findings.len();
        let _ = writeln!(
            text,
            "{} of {} in {}",
            counted(total, "finding"),
            counted(counts.len(), "rule"),
            counted(report.documents, "document")
        );
    }
    text
}

/// The counts as one JSON object.
#[must_use]
pub fn json(report: &Report) -> String {
    json_text(&serde_json::json!({
        "schemaVersion": 1,
        "statistics": count(report),
        "summary": {
            "files": report.files,
            "documents": report.documents,
            "errors": report.count(Level::Error),
            "warnings": report.count(Level::Warning),
            "infos": report.count(Level::Info),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ERROR_RULE, INFO_RULE, finding, report};
    use super::*;

    #[test]
    fn rules_are_counted_with_the_gravest_first() {
        let text = "a b";
        let info = |file| finding(&INFO_RULE, file, text, "a");
        let findings = vec![info("a"), info("a"), info("b"), finding(&ERROR_RULE, "b", text, "b")];
        let report = report(&[("a", text), ("b", text)], findings);
        let counts: Vec<_> = count(&report).iter().map(|it| (it.rule, it.findings, it.documents)).collect();
        assert_eq!(counts, [("unknown-key", 1, 1), ("listed-draft", 3, 2)]);
        assert_eq!(
            human(&report),
            "1  error    unknown-key   A key is not known\n\
             3  info     listed-draft  A draft is listed\n\
             4 findings of 2 rules in 2 documents\n"
        );
    }
}

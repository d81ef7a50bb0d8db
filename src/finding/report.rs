//! Findings of a run: collected, levelled, ordered, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Finding, Level};

/// Everything that a run found, and the texts that it is about.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings; in order after [`sort`](Self::sort).
    pub findings: Vec<Finding>,
    /// Texts of the documents that have findings, by file and index of the document.
    pub sources: BTreeMap<(Arc<str>, usize), SourceText>,
    /// Number of files that were read.
    pub files: usize,
    /// Number of documents that were read.
    pub documents: usize,
}

/// The text of a document and where in its file it begins.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// The text of this document alone.
    pub text: Arc<str>,
    /// Offset of its first byte in the file.
    pub offset: usize,
    /// Line of its first byte in the file, from 1.
    pub line: usize,
}

/// What the user made of the rules' levels.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// Rule ids with the level that the user gave them; `None` allows what the rule reports.
    pub by_rule: BTreeMap<String, Option<Level>>,
    /// The least grave level at which a run fails.
    pub fail_at: Option<Level>,
}

impl Report {
    /// Applies the user's levels, then drops what is allowed.
    pub fn apply(&mut self, levels: &Levels) {
        self.findings.retain_mut(|finding| match levels.by_rule.get(finding.rule.id) {
            Some(None) => false,
            Some(Some(level)) => {
                finding.level = *level;
                true
            }
            None => true,
        });
    }

    /// Puts findings in the order of files, documents and places, and drops equal ones.
    pub fn sort(&mut self) {
        let key = |f: &Finding| (f.file.clone(), f.document, f.place.map_or((0, 0), |p| (p.offset, p.length)));
        self.findings.sort_by(|a, b| {
            key(a).cmp(&key(b)).then_with(|| a.rule.id.cmp(b.rule.id)).then_with(|| a.message.cmp(&b.message))
        });
        self.findings.dedup();
    }

    /// Number of findings at a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Whether the run fails: a finding at error level, or at the level at which the user wants it to.
    #[must_use]
    pub fn fails(&self, levels: &Levels) -> bool {
        let threshold = levels.fail_at.unwrap_or(Level::Error);
        self.findings.iter().any(|finding| finding.level <= threshold)
    }

    /// Adds what another part of the run found.
    pub fn merge(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.sources.extend(other.sources);
        self.files += other.files;
        self.documents += other.documents;
    }
}

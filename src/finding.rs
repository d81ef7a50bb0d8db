//! What is wrong with somebody's file: rules, findings, reports.
//!
//! A finding is about the user's file and is collected; what prevents the program from working is an error of
//! `std::error::Error` and ends the run.

pub mod level;
pub mod render;
pub mod report;
pub mod rule;

use std::sync::Arc;

pub use level::Level;
pub use report::{Report, SourceText};
pub(crate) use rule::declare_rule;
pub use rule::{Rule, Subject};

use crate::source::Pointer;

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// How grave it is: the rule's level unless the user changed it.
    pub level: Level,
    /// The file as shown to the user; `-` for standard input.
    pub file: Arc<str>,
    /// Index of the document within a stream or archive.
    pub document: usize,
    /// Path of keys to the place.
    pub pointer: Option<Pointer>,
    /// Bytes, line and column of the place.
    pub place: Option<Place>,
    /// What is wrong, as one clause; may hold untrusted text and is escaped when it is shown.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places that belong to it.
    pub related: Vec<Related>,
    /// Edits that repair it for certain, all of them together; empty where a person must decide.
    pub fix: Vec<Edit>,
}

/// Bytes of a file and what to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// First byte, from zero, counted from the start of the file.
    pub offset: usize,
    /// Number of bytes; zero for an insertion.
    pub length: usize,
    /// What stands there afterwards.
    pub text: String,
}

/// Bytes, line and column of a finding, counted from the start of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// First byte, from zero.
    pub offset: usize,
    /// Number of bytes.
    pub length: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
}

/// A further place of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The file as shown to the user.
    pub file: Arc<str>,
    /// Path of keys to the place.
    pub pointer: Option<Pointer>,
    /// Bytes, line and column.
    pub place: Option<Place>,
    /// What is there.
    pub message: String,
}

impl Finding {
    /// A finding without a place, at the rule's own level.
    #[must_use]
    pub fn new(rule: &'static Rule, file: Arc<str>, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            file,
            document: 0,
            pointer: None,
            place: None,
            message: message.into(),
            help: None,
            related: Vec::new(),
            fix: Vec::new(),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }
}

//! What a finding cites: a rule, whose doc comment is its page.

use super::Level;

/// A rule. Its doc comment is its page on the site and the text of `oat explain`.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kebab case; names the defect; equals the file's name with `-` for `_`.
    pub id: &'static str,
    /// How grave a finding of it is.
    pub level: Level,
    /// Version of the program since which it exists.
    pub since: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// The doc comment: first line the summary, then sections in Markdown.
    pub docs: &'static str,
    /// Source file in which it is declared.
    pub source_file: &'static str,
    /// Line of its declaration, from 1.
    pub source_line: u32,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Entries and the catalog as a whole.
    Catalog,
    /// Manifests, indexes and other documents of a registry.
    Manifest,
}

impl Subject {
    /// Its spelling in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Manifest => "manifest",
        }
    }
}

impl Rule {
    /// The first line of its doc comment, without the final full stop.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.docs.lines().next().unwrap_or_default().trim().trim_end_matches('.')
    }

    /// Path of its page below the site's root.
    #[must_use]
    pub fn page(&self) -> String {
        format!("rules/{}/", self.id)
    }
}

/// Declares a rule: the doc comment becomes its page.
///
/// ```text
/// declare_rule! {
///     /// The id of an entry differs from its folder.
///     ///
///     /// ## Why
///     /// …
///     pub static ID_DIFFERS_FROM_FOLDER = {
///         id: "id-differs-from-folder", level: Error, since: "0.1.0", subject: Catalog,
///     }
/// }
/// ```
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        pub static $name:ident = {
            id: $id:literal, level: $level:ident, since: $since:literal, subject: $subject:ident $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub(crate) static $name: $crate::finding::Rule = $crate::finding::Rule {
            id: $id,
            level: $crate::finding::Level::$level,
            since: $since,
            subject: $crate::finding::Subject::$subject,
            docs: concat!($($doc, "\n"),+),
            source_file: file!(),
            source_line: line!(),
        };
    };
}
pub(crate) use declare_rule;

//! What a finding cites: a rule, whose doc comment is its page.

use super::Level;
use crate::oci::Spec;

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
    /// The first release of the specifications that it follows from.
    pub spec: Spec,
    /// Its level for documents that are held against an earlier release; `None` when it says nothing there.
    pub earlier: Option<Level>,
    /// Whether it is only reported when the user asks for it: what it finds is nothing wrong.
    pub opt_in: bool,
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
    /// Configs of images.
    Config,
    /// Image layouts and archives, with their blobs.
    Layout,
    /// What a registry takes of the catalog.
    Selection,
    /// What is known of registries.
    Registry,
}

impl Subject {
    /// Its spelling in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Manifest => "manifest",
            Self::Config => "config",
            Self::Layout => "layout",
            Self::Selection => "selection",
            Self::Registry => "registry",
        }
    }

    /// What it is, in words for people.
    #[must_use]
    pub const fn documents(self) -> &'static str {
        match self {
            Self::Catalog => "entries of the catalog",
            Self::Manifest => "manifests, indexes and other documents",
            Self::Config => "configs of images",
            Self::Layout => "image layouts, archives and their blobs",
            Self::Selection => "selections of the catalog",
            Self::Registry => "the table of registries",
        }
    }
}

impl Rule {
    /// What a rule is where its declaration says nothing else.
    pub(crate) const PLAIN: Self = Self {
        id: "",
        level: Level::Error,
        since: "",
        subject: Subject::Catalog,
        spec: Spec::V1_0,
        earlier: None,
        opt_in: false,
        docs: "",
        source_file: "",
        source_line: 0,
    };

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
///
/// A rule of a later release of the specifications adds `spec: V1_1`, and `earlier: Warning` when it says something
/// for earlier ones too. `opt_in: true` makes it one that is only reported when somebody asks for it.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        pub static $name:ident = {
            id: $id:literal, level: $level:ident, since: $since:literal, subject: $subject:ident
            $(, spec: $spec:ident)? $(, earlier: $earlier:ident)? $(, opt_in: $opt_in:literal)? $(,)?
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
            $(spec: $crate::oci::Spec::$spec,)?
            $(earlier: Some($crate::finding::Level::$earlier),)?
            $(opt_in: $opt_in,)?
            ..$crate::finding::Rule::PLAIN
        };
    };
}
pub(crate) use declare_rule;

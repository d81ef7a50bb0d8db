//! Exports: what other programs can be configured with, made from the catalog.
//!
//! One file for each consumer; its doc comment is its page on the site, with the consumer's versions and traps. An
//! export is a pure function of what was chosen of a catalog: same choice, same bytes.

#![allow(clippy::unnecessary_wraps, reason = "all exports are made in one form, and some can fail")]

mod argocd;
mod cel;
mod distribution;
mod flux;
mod gitlab;
mod harbor;
mod kyverno;
mod material;
mod media_types;
mod mime_db;
mod opa;
mod pulp;
mod quay;
mod ratify;
mod referrers;
mod regsync;
mod scanner_gate;
mod shared_mime_info;
mod sql;
mod titles;
mod xregistry;
mod yaml;
mod zot;

use std::collections::BTreeMap;
use std::{fmt, io};

use serde::Serialize;

use crate::selection::Chosen;

/// The one list of exports, sorted by id.
pub static EXPORTS: &[&Export] = &[
    &argocd::ARGOCD,
    &cel::CEL,
    &distribution::DISTRIBUTION,
    &sql::duckdb::DUCKDB,
    &flux::FLUX,
    &gitlab::GITLAB,
    &harbor::HARBOR,
    &kyverno::KYVERNO,
    &media_types::MEDIA_TYPES,
    &mime_db::MIME_DB,
    &opa::OPA,
    &sql::postgresql::POSTGRESQL,
    &pulp::PULP,
    &quay::QUAY,
    &ratify::RATIFY,
    &referrers::REFERRERS,
    &regsync::REGSYNC,
    &scanner_gate::SCANNER_GATE,
    &shared_mime_info::SHARED_MIME_INFO,
    &sql::spark::SPARK_SQL,
    &titles::TITLES,
    &xregistry::XREGISTRY,
    &zot::ZOT,
];

/// An export: configuration or data for one consumer.
#[derive(Debug)]
pub struct Export {
    /// Kebab case, as `oat export` knows it.
    pub id: &'static str,
    /// Name of the consumer, as people know it.
    pub title: &'static str,
    /// Which of its versions take what is exported, newest first; the first is the default. Empty where it does not
    /// depend on the version.
    pub versions: &'static [&'static str],
    /// Whether the consumer takes it as it is.
    pub standing: Standing,
    /// The doc comment: first line the summary, then sections in Markdown.
    pub docs: &'static str,
    /// Source file in which it is declared.
    pub source_file: &'static str,
    /// Line of its declaration, from 1.
    pub source_line: u32,
    /// Makes the files.
    pub make: Make,
}

/// Makes an export.
pub type Make = for<'a> fn(&'a Order<'a>) -> Result<Exported<'a>, serde_json::Error>;

/// Whether a consumer takes what is exported as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Current releases do.
    Live,
    /// Only older releases do.
    Old,
    /// It is material for a change of the consumer's code.
    Code,
}

impl Standing {
    /// In words for people.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Live => "current releases take it as it is",
            Self::Old => "only older releases take it",
            Self::Code => "material for a change of its code",
        }
    }
}

/// What is to be exported.
#[derive(Debug)]
pub struct Order<'a> {
    /// What was chosen of the catalog.
    pub chosen: &'a Chosen<'a>,
    /// Version of the consumer, one of the export's; the empty text where it has none.
    pub version: &'a str,
}

/// What an export makes.
#[derive(Debug, Default)]
pub struct Exported<'a> {
    /// File name, or path below the export's folder, to content.
    pub files: BTreeMap<String, Content<'a>>,
    /// What the user must know before relying on it, each one sentence without a full stop. They stand in comments of
    /// the files too, where their form has comments.
    pub warnings: Vec<String>,
}

/// The content of a file, which is made while it is written where it may be large.
pub struct Content<'a>(Write<'a>);

/// Writes the content of a file.
type Write<'a> = Box<dyn Fn(&mut dyn io::Write) -> io::Result<()> + 'a>;

impl<'a> Content<'a> {
    /// JSON as people read it, with a final line feed.
    fn json(value: impl Serialize + 'a) -> Self {
        Self(Box::new(move |writer| {
            serde_json::to_writer_pretty(&mut *writer, &value)?;
            writer.write_all(b"\n")
        }))
    }

    /// Writes it; the same each time.
    ///
    /// # Errors
    ///
    /// When the writer does not take it.
    pub fn write(&self, writer: &mut dyn io::Write) -> io::Result<()> {
        (self.0)(writer)
    }
}

impl From<String> for Content<'_> {
    fn from(text: String) -> Self {
        Self(Box::new(move |writer| writer.write_all(text.as_bytes())))
    }
}

impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content")
    }
}

impl<'a> Exported<'a> {
    /// An export of one file.
    #[must_use]
    pub fn file(name: &str, content: impl Into<Content<'a>>) -> Self {
        Self::default().and(name, content)
    }

    /// Adds a file.
    #[must_use]
    pub fn and(mut self, name: &str, content: impl Into<Content<'a>>) -> Self {
        self.files.insert(name.to_owned(), content.into());
        self
    }

    /// Adds a warning.
    #[must_use]
    pub fn warning(mut self, text: impl Into<String>) -> Self {
        self.warnings.push(text.into());
        self
    }

    /// The files and warnings of an export.
    fn of<const N: usize>(files: [(&str, impl Into<Content<'a>>); N], warnings: Vec<String>) -> Self {
        let exported = files.into_iter().fold(Self::default(), |all, (name, content)| all.and(name, content));
        Self { warnings, ..exported }
    }
}

impl Export {
    /// The first line of its doc comment, without the final full stop.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.docs.lines().next().unwrap_or_default().trim().trim_end_matches('.')
    }

    /// The version that is exported for when none is named.
    #[must_use]
    pub fn default_version(&self) -> &'static str {
        self.versions.first().copied().unwrap_or_default()
    }
}

/// The export with an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Export> {
    EXPORTS.iter().copied().find(|export| export.id == id)
}

/// Declares an export: the doc comment becomes its page.
///
/// ```text
/// declare_export! {
///     /// The allow-list of Quay.
///     ///
///     /// ## How to use it
///     /// …
///     pub static QUAY = {
///         id: "quay", title: "Quay", versions: ["3.11"], standing: Old, make: make,
///     }
/// }
/// ```
macro_rules! declare_export {
    (
        $(#[doc = $doc:literal])+
        pub static $name:ident = {
            id: $id:literal, title: $title:literal, versions: [$($version:literal),* $(,)?], standing: $standing:ident,
            make: $make:ident $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub(crate) static $name: $crate::export::Export = $crate::export::Export {
            id: $id,
            title: $title,
            versions: &[$($version),*],
            standing: $crate::export::Standing::$standing,
            docs: concat!($($doc, "\n"),+),
            source_file: file!(),
            source_line: line!(),
            make: $make,
        };
    };
}
pub(crate) use declare_export;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    #[test]
    fn ids_are_sorted_and_every_page_is_whole() {
        assert!(EXPORTS.windows(2).all(|pair| pair[0].id < pair[1].id), "sorted by id, none twice");
        for export in EXPORTS {
            assert!(export.docs.lines().next().is_some_and(|line| line.trim().ends_with('.')), "{}", export.id);
            for section in ["## How to use it", "## Traps", "## Source"] {
                assert!(export.docs.contains(section), "{}: no section {section}", export.id);
            }
        }
    }

    #[test]
    fn the_same_choice_gives_the_same_files_for_every_version() {
        let catalog = embedded::catalog();
        let chosen = Chosen::all(&catalog);
        for export in EXPORTS {
            let versions = if export.versions.is_empty() { &[""][..] } else { export.versions };
            for version in versions {
                let order = Order { chosen: &chosen, version };
                let made = || material::sample::whole(&(export.make)(&order).unwrap());
                let (one, two) = (made(), made());
                assert!(!one.files.is_empty() && one.files == two.files, "{} {version}", export.id);
                for (path, bytes) in &one.files {
                    assert!(
                        !bytes.is_empty() && !path.starts_with('/') && !path.contains(".."),
                        "{}: {path}",
                        export.id
                    );
                }
            }
        }
    }
}

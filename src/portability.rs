//! What registries are known to do with artifacts: a table of facts, each with its source and the day on which it was
//! read, and what follows from it for one document.
//!
//! The table is one YAML file for each registry in `src/export/registries/`. What no fact says is unknown: nothing is
//! guessed from the behaviour of other registries or versions.

pub mod report;

use std::cmp::Ordering;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::Catalog;
use crate::catalog::model::{DAY_PATTERN, ID_PATTERN, URL_PATTERN};
use crate::catalog::predicate::Predicate;
use crate::identify::Facts;
use crate::identify::evaluate::{Context, holds};

/// Most kinds that lie between a type and the one that all of them are.
const MAX_LINEAGE: usize = 16;

/// What is known of one registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Registry")]
pub struct Registry {
    /// The name of the file, without `.yaml`.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub id: String,
    /// Its name, as people know it.
    #[schemars(length(min = 1, max = 40))]
    pub name: String,
    /// Address of its home page.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub homepage: String,
    /// Ranges of versions with what is known of them, newest first. A service has one range without bounds.
    #[schemars(length(min = 1))]
    pub versions: Vec<Range>,
}

/// What is known of a range of versions. Of each list, the first fact that holds of a document decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Range {
    /// The first version; absent where all older ones are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = VERSION_PATTERN))]
    pub from: Option<String>,
    /// The first version that is newer than the range; absent where all newer ones are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = VERSION_PATTERN))]
    pub before: Option<String>,
    /// Whether a push of the manifest is accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepts: Vec<Fact<Accepted>>,
    /// How what refers to a subject is found: by the referrers API, or by a tag that clients keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referrers: Vec<Fact<Referrers>>,
    /// What its own pages call the artifact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<Fact<Label>>,
    /// Whether scanners look into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scanners: Vec<Scanner>,
}

/// Something that is known of a registry and of some documents, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "{A}Fact")]
pub struct Fact<A> {
    /// What is known.
    pub answer: A,
    /// Ids of types of the catalog: it is about these and what is a kind of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = ID_PATTERN)))]
    pub types: Vec<String>,
    /// A statement about the document, as entries have it: it is about those of which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Predicate")]
    pub when: Option<Predicate>,
    /// What else is to know, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 160), regex(pattern = "^[^\\n]*$"))]
    pub note: Option<String>,
    /// Address of the code at a release or commit, of the documentation, or of a report.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub source: String,
    /// The day on which somebody read it there.
    #[schemars(regex(pattern = DAY_PATTERN))]
    pub checked: String,
}

/// What becomes of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Accepted {
    Accepted,
    Partly,
    Refused,
}

/// How what refers to a subject is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Referrers {
    Api,
    Fallback,
}

/// Whether a scanner looks into something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Scanned {
    Scanned,
    Skipped,
}

/// What a registry's own pages call an artifact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Label(#[schemars(length(min = 1, max = 40))] pub String);

/// What a scanner of a registry looks into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scanner {
    /// Its name.
    #[schemars(length(min = 1, max = 40))]
    pub scanner: String,
    /// Whether it looks into a document.
    #[schemars(length(min = 1))]
    pub looks: Vec<Fact<Scanned>>,
}

/// The form of a version: numbers and dots.
const VERSION_PATTERN: &str = "^[0-9]{1,6}(\\.[0-9]{1,6}){0,3}$";

impl<A> Fact<A> {
    /// Whether it is about every document.
    #[must_use]
    pub const fn is_about_all(&self) -> bool {
        self.types.is_empty() && self.when.is_none()
    }

    /// Whether it is about a document; `lineage` is its type and what that is a kind of.
    fn holds(&self, facts: &Facts<'_>, lineage: &[&str]) -> bool {
        let of_type = self.types.is_empty() || self.types.iter().any(|id| lineage.contains(&id.as_str()));
        of_type && self.when.as_ref().is_none_or(|when| holds(when, facts, &Context::default()))
    }
}

impl Range {
    /// Whether a version is in the range.
    #[must_use]
    pub fn contains(&self, version: &str) -> bool {
        self.from.as_ref().is_none_or(|from| compare(from, version) != Ordering::Greater)
            && self.before.as_ref().is_none_or(|before| compare(version, before) == Ordering::Less)
    }

    /// The range in few characters: `>=2.8 <2.13`, `any`.
    #[must_use]
    pub fn short(&self) -> String {
        short(self.from.as_deref(), self.before.as_deref())
    }

    /// What is known of a document.
    #[must_use]
    pub fn predict(&self, facts: &Facts<'_>, lineage: &[&str]) -> Prediction<'_> {
        let accepts = first(&self.accepts, facts, lineage);
        if accepts.is_some_and(|fact| fact.answer == Accepted::Refused) {
            return Prediction { accepts, referrers: None, shows: None, scanners: Vec::new() };
        }
        Prediction {
            accepts,
            referrers: facts.subject.as_ref().and_then(|_| first(&self.referrers, facts, lineage)),
            shows: first(&self.shows, facts, lineage),
            scanners: self
                .scanners
                .iter()
                .filter_map(|one| Some((one.scanner.as_str(), first(&one.looks, facts, lineage)?)))
                .collect(),
        }
    }
}

fn short(from: Option<&str>, before: Option<&str>) -> String {
    match (from, before) {
        (Some(from), Some(before)) => format!(">={from} <{before}"),
        (Some(from), None) => format!(">={from}"),
        (None, Some(before)) => format!("<{before}"),
        (None, None) => "any".to_owned(),
    }
}

fn first<'a, A>(of: &'a [Fact<A>], facts: &Facts<'_>, lineage: &[&str]) -> Option<&'a Fact<A>> {
    of.iter().find(|fact| fact.holds(facts, lineage))
}

/// What is known of one document in a range of versions; what is absent is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction<'a> {
    /// Whether a push is accepted.
    pub accepts: Option<&'a Fact<Accepted>>,
    /// How it is found from its subject; absent too where it has none.
    pub referrers: Option<&'a Fact<Referrers>>,
    /// What the registry's pages call it.
    pub shows: Option<&'a Fact<Label>>,
    /// Whether scanners look into it, by their names.
    pub scanners: Vec<(&'a str, &'a Fact<Scanned>)>,
}

/// Compares versions by their numbers; what is missing counts as zero.
#[must_use]
pub fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |text: &str| -> [u64; 4] {
        let mut all = [0; 4];
        for (slot, part) in all.iter_mut().zip(text.split('.')) {
            *slot = part.parse().unwrap_or(0);
        }
        all
    };
    numbers(a).cmp(&numbers(b))
}

/// A type and what it is a kind of, the nearest first.
#[must_use]
pub fn lineage<'a>(catalog: &'a Catalog, id: &'a str) -> Vec<&'a str> {
    let above = |id: &&'a str| catalog.get(id)?.is_a.as_deref();
    std::iter::successors(Some(id), above).take(MAX_LINEAGE).collect()
}

/// The table inside of the program, sorted by name; the build script compiled it.
static TABLE: LazyLock<Vec<Registry>> = LazyLock::new(|| {
    let values: Vec<Value> =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/registries.json"))).unwrap_or_default();
    // A file that the linter refuses is left out; a test holds that there is none.
    let mut table: Vec<Registry> = values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect();
    table.sort_by_key(|registry| registry.name.to_lowercase());
    table
});

/// What is known of each registry, sorted by name.
#[must_use]
pub fn registries() -> &'static [Registry] {
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    fn range(from: Option<&str>, before: Option<&str>) -> Range {
        Range { from: from.map(str::to_owned), before: before.map(str::to_owned), ..Range::default() }
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (a, b, expected) in [
            ("2.9", "2.13", Ordering::Less),
            ("2.13", "2.13.0", Ordering::Equal),
            ("3", "2.99.1", Ordering::Greater),
            ("7.90.1", "7.90", Ordering::Greater),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
        }
        let middle = range(Some("2.8"), Some("2.13"));
        assert!(
            middle.contains("2.8") && middle.contains("2.12.9") && !middle.contains("2.13") && !middle.contains("2.7")
        );
        assert_eq!(middle.short(), ">=2.8 <2.13");
        assert_eq!(range(None, None).short(), "any");
        assert!(range(None, None).contains("1"));
    }

    #[test]
    fn every_file_of_the_table_is_inside_of_the_program() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/export/registries");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap().trim_end_matches(".yaml").to_owned())
            .collect();
        names.sort_unstable();
        let mut ids: Vec<&str> = registries().iter().map(|registry| registry.id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, names);
    }

    #[test]
    fn the_first_fact_that_holds_decides_and_nothing_is_guessed() {
        let table = r#"{"accepts": [
            {"answer": "accepted", "types": ["oci-image"], "source": "https://example.com", "checked": "2026-01-01"},
            {"answer": "refused", "when": {"field": "subject", "present": true},
             "source": "https://example.com", "checked": "2026-01-01"}]}"#;
        let range: Range = serde_json::from_str(table).unwrap();
        let answer = |text: &str, lineage: &[&str]| {
            let facts = Facts::read(text).unwrap();
            range.predict(&facts, lineage).accepts.map(|fact| fact.answer)
        };
        let attached = r#"{"config": {}, "subject": {}}"#;
        assert_eq!(answer(attached, &["docker-extension", "oci-image"]), Some(Accepted::Accepted));
        assert_eq!(answer(attached, &["helm-chart"]), Some(Accepted::Refused));
        assert_eq!(answer(r#"{"config": {}}"#, &["helm-chart"]), None);
    }

    #[test]
    fn harbor_names_what_its_own_code_names() {
        let catalog = embedded::catalog();
        let harbor = registries().iter().find(|registry| registry.id == "harbor").unwrap();
        let shown = |text: &str, at: usize| {
            let facts = Facts::read(text).unwrap();
            harbor.versions[at].predict(&facts, &[]).shows.map(|fact| fact.answer.0.clone()).unwrap()
        };
        let chart = catalog.file("helm-chart", "examples/plain.json").unwrap();
        assert_eq!((shown(chart, 0), shown(chart, 1)), ("CHART".to_owned(), "CHART".to_owned()));
        let empty = r#"{"artifactType": "application/vnd.example.x", "config": {"mediaType": "application/vnd.oci.empty.v1+json"}, "layers": []}"#;
        assert_eq!(shown(empty, 0), "UNKNOWN");
    }
}

//! What `oat portability --format json` writes.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Accepted, Fact, Label, Prediction, Range, Referrers, Registry, Scanned};

/// What registries are known to do with documents.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Portability")]
pub struct Portability<'a> {
    /// Version of this form.
    #[schemars(extend("const" = 1))]
    pub schema_version: u32,
    /// The documents, in the order in which they were given.
    pub documents: Vec<Document<'a>>,
}

/// One document.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Document<'a> {
    /// One that was read.
    Judged(Judged<'a>),
    /// One that can not be read.
    Unreadable(Unreadable<'a>),
}

/// A document that can not be read, as in answers of `oat identify`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unreadable<'a> {
    /// The file, as it was named to the program; `-` is standard input.
    pub file: &'a str,
    /// Index within a stream, from zero.
    pub document: usize,
    /// Why, and where.
    pub error: ReadError<'a>,
}

/// Why a document can not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReadError<'a> {
    /// Id of the rule that it breaks.
    pub rule: &'a str,
    /// What is wrong.
    pub message: &'a str,
    /// First byte of the place, from zero.
    pub offset: usize,
    /// Line of the place, from 1.
    pub line: usize,
    /// Column of the place in Unicode scalar values, from 1.
    pub column: usize,
}

/// A document that was read, and what registries do with it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Judged<'a> {
    /// The file, as it was named to the program, or an example of the type; `-` is standard input.
    pub file: &'a str,
    /// Index within a stream, from zero.
    pub document: usize,
    /// Id of its type; null where it is unknown.
    #[serde(rename = "type")]
    pub type_id: Option<&'a str>,
    /// How sure that is.
    #[schemars(extend("enum" = ["exact", "family", "unknown"]))]
    pub certainty: &'a str,
    /// Each registry and range of its versions, in the order of names, newest first.
    pub registries: Vec<Row<'a>>,
}

/// What is known of one document in a range of versions of a registry.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Row")]
pub struct Row<'a> {
    /// Id of the registry.
    pub registry: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The first version of the range; null where all older ones are meant.
    pub from: Option<&'a str>,
    /// The first version behind the range; null where all newer ones are meant.
    pub before: Option<&'a str>,
    /// Whether a push is accepted: `accepted`, `partly`, `refused` or `unknown`.
    pub accepts: Told<'a>,
    /// How it is found from its subject: `api`, `fallback` or `unknown`; null where it has no subject.
    pub referrers: Option<Told<'a>>,
    /// What the registry's own pages call it, or `unknown`.
    pub shows: Told<'a>,
    /// Whether scanners look into it; empty where nothing is known.
    pub scanners: Vec<ScannerTold<'a>>,
}

/// What a fact tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Told")]
pub struct Told<'a> {
    /// The answer; `unknown` where no fact is known.
    pub answer: &'a str,
    /// What else is to know.
    pub note: Option<&'a str>,
    /// Where it can be read.
    pub source: Option<&'a str>,
    /// The day on which somebody read it there.
    pub checked: Option<&'a str>,
}

/// Whether a scanner looks into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Scanner")]
pub struct ScannerTold<'a> {
    /// Name of the scanner.
    pub scanner: &'a str,
    /// `scanned` or `skipped`, with its proof.
    #[serde(flatten)]
    pub told: Told<'a>,
}

impl<'a> Told<'a> {
    const UNKNOWN: Self = Self { answer: "unknown", note: None, source: None, checked: None };

    fn of<A>(fact: Option<&'a Fact<A>>, word: impl FnOnce(&'a A) -> &'a str) -> Self {
        fact.map_or(Self::UNKNOWN, |fact| Self {
            answer: word(&fact.answer),
            note: fact.note.as_deref(),
            source: Some(&fact.source),
            checked: Some(&fact.checked),
        })
    }
}

impl<'a> Row<'a> {
    /// A row of the report; `attached` tells whether the document has a subject.
    #[must_use]
    pub fn new(registry: &'a Registry, range: &'a Range, prediction: &Prediction<'a>, attached: bool) -> Self {
        let accepts = |answer: &Accepted| match answer {
            Accepted::Accepted => "accepted",
            Accepted::Partly => "partly",
            Accepted::Refused => "refused",
        };
        let referrers = |answer: &Referrers| match answer {
            Referrers::Api => "api",
            Referrers::Fallback => "fallback",
        };
        let scanned = |answer: &Scanned| match answer {
            Scanned::Scanned => "scanned",
            Scanned::Skipped => "skipped",
        };
        Self {
            registry: &registry.id,
            name: &registry.name,
            from: range.from.as_deref(),
            before: range.before.as_deref(),
            accepts: Told::of(prediction.accepts, accepts),
            referrers: attached.then(|| Told::of(prediction.referrers, referrers)),
            shows: Told::of(prediction.shows, |Label(text)| text),
            scanners: prediction
                .scanners
                .iter()
                .map(|(scanner, fact)| ScannerTold { scanner, told: Told::of(Some(fact), scanned) })
                .collect(),
        }
    }

    /// The range of versions in few characters.
    #[must_use]
    pub fn versions(&self) -> String {
        super::short(self.from, self.before)
    }
}

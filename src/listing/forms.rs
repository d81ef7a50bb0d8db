//! Listings as data: JSON and CSV.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Relation, Row, What};
use crate::catalog::command::Token;
use crate::source::text::visible;

/// An artifact of a listing; the JSON Schema of `oat list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item<'a> {
    /// Registry and repository with tag or digest.
    reference: &'a str,
    /// Digest of the manifest or index.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'a str>,
    /// How it belongs to the artifact that holds it; absent for what a tag or digest was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    relation: Option<How>,
    /// Id of its type, or of the common parent of a family; null when it is unknown.
    #[serde(rename = "type")]
    type_id: Option<&'a str>,
    /// Whether the type is exact, only its family is known, or nothing is.
    certainty: &'static str,
    /// Short name of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    /// Name of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    /// Ids of the types that it may be, when only the family is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<&'a str>,
    /// Ids of facets that apply besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    facets: Vec<&'a str>,
    /// What an unknown document says that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<&'a str>,
    /// Operating systems and architectures, as `linux/amd64`.
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    platforms: &'a [String],
    /// Bytes of the document and of all that it names; absent for an index whose children were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// Commands for it, with everything filled in that its reference tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Command<'a>>,
    /// Why it could not be had or read, or what is missing of what belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    /// What it lists, where that was looked at, and what is attached to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    below: Vec<Self>,
}

/// How an artifact belongs to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum How {
    /// An index lists it.
    Child,
    /// Its `subject` names the other.
    Subject,
    /// Its tag is made of the other's digest.
    Tag,
}

/// A command.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Command<'a> {
    /// What it does.
    title: &'a str,
    /// The command line, quoted for a POSIX shell.
    #[serde(rename = "command")]
    line: String,
    /// What is left to fill in: names that stand in braces in the line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<&'a str>,
}

/// A whole listing; the JSON Schema of `oat list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// Version of this form.
    schema_version: u32,
    /// The artifacts, by repository and tag.
    artifacts: Vec<Item<'a>>,
}

/// What begins the JSON form, what stands between two artifacts, and what ends it.
pub const JSON_FRAME: [&str; 3] = ["{\"schemaVersion\":1,\"artifacts\":[", ",", "]}\n"];
/// The columns of the CSV form.
pub const CSV_COLUMNS: [&str; 11] =
    ["reference", "digest", "of", "relation", "type", "certainty", "label", "title", "platforms", "size", "problem"];

impl How {
    const fn of(relation: &Relation) -> Self {
        match relation {
            Relation::Child(_) => Self::Child,
            Relation::Subject => Self::Subject,
            Relation::Tag => Self::Tag,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Subject => "subject",
            Self::Tag => "tag",
        }
    }
}

/// The artifact at a position of rows, with all below it.
#[must_use]
pub fn item<'a>(rows: &'a [Row<'_>], at: usize) -> Item<'a> {
    let row = &rows[at];
    let below = |other: &usize| rows[*other].under.as_ref().is_some_and(|(above, _)| *above == at);
    let command = |offer: &'a super::Offer<'_>| match &offer.what {
        What::Line(tokens) => Some(Command {
            title: offer.title,
            line: tokens.iter().map(ToString::to_string).collect(),
            inputs: tokens
                .iter()
                .filter_map(|token| match token {
                    Token::Placeholder(name) => Some(*name),
                    Token::Text(_) => None,
                })
                .collect(),
        }),
        What::Page(_) => None,
    };
    Item {
        reference: &row.reference,
        digest: Some(row.digest.as_str()).filter(|digest| !digest.is_empty()),
        relation: row.under.as_ref().map(|(_, relation)| How::of(relation)),
        type_id: row.type_id(),
        certainty: row.certainty(),
        label: row.entry.map(|entry| entry.label.as_str()),
        title: row.entry.map(|entry| entry.title.as_str()),
        candidates: row.members.iter().flatten().map(|entry| entry.id.as_str()).collect(),
        facets: row.facets.iter().map(|entry| entry.id.as_str()).collect(),
        says: row.says.as_deref(),
        platforms: &row.platforms,
        size: row.bytes,
        actions: row.offers.iter().filter_map(command).collect(),
        problem: row.problem.as_deref(),
        below: (at + 1..rows.len()).filter(below).map(|other| item(rows, other)).collect(),
    }
}

/// Rows as lines of CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), without the line of columns.
///
/// # Errors
///
/// None that a vector of bytes has.
pub fn csv(rows: &[Row<'_>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    for row in rows {
        let above = row.under.as_ref().map(|(above, _)| rows[*above].reference.as_str());
        let size = row.bytes.map(|bytes| bytes.to_string()).unwrap_or_default();
        let platforms = row.platforms.join(" ");
        let cells = [
            row.reference.as_str(),
            row.digest.as_str(),
            above.unwrap_or_default(),
            row.under.as_ref().map_or("", |(_, relation)| How::of(relation).word()),
            row.type_id().unwrap_or_default(),
            row.certainty(),
            row.entry.map_or("", |entry| entry.label.as_str()),
            row.entry.map_or("", |entry| entry.title.as_str()),
            platforms.as_str(),
            size.as_str(),
            row.problem.as_deref().unwrap_or_default(),
        ];
        writer.write_record(cells.map(harmless))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A cell that no terminal obeys and no table program takes for a formula.
fn harmless(cell: &str) -> String {
    let cell = visible(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.into_owned() }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::{Found, rows};
    use super::*;

    fn with_rows<R>(with: impl FnOnce(&[Row<'_>]) -> R) -> R {
        let catalog = crate::catalog::embedded::catalog();
        let chart =
            r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"},"layers":[]}"#;
        let found = |reference: &str, document: Result<&'static str, String>, under| Found {
            reference: reference.to_owned(),
            digest: String::new(),
            document: document.map(Cow::Borrowed),
            config: None,
            under,
            incomplete: None,
        };
        let found = [
            found("a.b/c:1", Ok(chart), None),
            found("a.b/c:sha256-x", Ok("{}"), Some((0, Relation::Tag))),
            found("a.b/c:sha256-y", Err("=1+1, \"lost\"".to_owned()), Some((1, Relation::Subject))),
        ];
        with(&rows(
            &catalog.rules,
            |id| catalog.get(id),
            &found,
            |facts, context| crate::identify::first_match(&catalog.rules.rules, facts, context),
        ))
    }

    #[test]
    fn what_belongs_to_an_artifact_stands_in_it() {
        let value = with_rows(|rows| serde_json::to_value(item(rows, 0)).unwrap());
        assert_eq!(value["type"], "helm-chart");
        assert_eq!(value["below"][0]["relation"], "tag");
        assert_eq!(value["below"][0]["certainty"], "unknown");
        assert_eq!(value["below"][0]["below"][0]["problem"], "=1+1, \"lost\"");
        let schema = crate::shape::schema::of::<Listing<'_>>();
        let whole = serde_json::json!({ "schemaVersion": 1, "artifacts": [value] });
        assert!(jsonschema::is_valid(&schema, &whole), "{whole}");
    }

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let text = String::from_utf8(with_rows(|rows| csv(rows).unwrap())).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("a.b/c:1,,,,helm-chart,exact,"), "{text}");
        assert_eq!(lines[1], "a.b/c:sha256-x,,a.b/c:1,tag,,unknown,,,,2,");
        assert!(lines[2].ends_with(",\"'=1+1, \"\"lost\"\"\""), "{text}");
        assert!(lines.iter().all(|line| !line.is_empty()) && lines.len() == 3);
    }
}

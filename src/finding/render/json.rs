//! Findings for programs: one JSON object, all findings, the same keys in the same order.
//!
//! The object is a contract; its schema is generated from these types and published as `findings`.

use std::borrow::Cow;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde::Serialize;

use super::{json_text, link};
use crate::finding::{Level, Place, Report};
use crate::source::Pointer;
use crate::source::text::visible;

/// What a lint found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Findings")]
struct Output<'a> {
    /// Version of this form.
    #[schemars(extend("const" = 1))]
    schema_version: u32,
    /// All findings, in the order of files, documents and places.
    findings: Vec<Entry<'a>>,
    /// Counts of the run.
    summary: Summary,
}

/// One thing that is wrong, with its place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct Entry<'a> {
    /// Id of the rule that it breaks.
    rule: &'static str,
    /// How grave it is.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    level: &'static str,
    /// The file, as it was named to the program; `-` is standard input.
    file: &'a str,
    /// Index of the document within a stream or archive, from zero.
    document: usize,
    /// JSON Pointer to the place; null where there is none.
    pointer: Option<&'a str>,
    /// Bytes, line and column of the place; null where there is none.
    span: Option<SpanOf>,
    /// What is wrong.
    message: Cow<'a, str>,
    /// What to do about it; null where nothing is to be said.
    help: Option<Cow<'a, str>>,
    /// The rule's page, relative to the site where its address is not known.
    link: String,
    /// Further places that belong to it.
    related: Vec<RelatedPlace<'a>>,
    /// Edits that repair it for certain, all of them together; absent where a person must decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fix: Vec<EditOf<'a>>,
}

/// Bytes of the file and what to put in their place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
struct EditOf<'a> {
    /// First byte, from zero.
    offset: usize,
    /// Number of bytes; zero for an insertion.
    length: usize,
    /// What stands there afterwards.
    text: &'a str,
}

/// Bytes, line and column of a place, counted from the start of the file, or of the member of an archive.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Span")]
struct SpanOf {
    /// First byte, from zero.
    offset: usize,
    /// Number of bytes.
    length: usize,
    /// Line, from 1.
    #[schemars(range(min = 1))]
    line: usize,
    /// Column in Unicode scalar values, from 1.
    #[schemars(range(min = 1))]
    column: usize,
}

/// A further place of a finding.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Related")]
struct RelatedPlace<'a> {
    /// The file, as it was named to the program.
    file: &'a str,
    /// JSON Pointer to the place; null where there is none.
    pointer: Option<&'a str>,
    /// Bytes, line and column of the place; null where there is none.
    span: Option<SpanOf>,
    /// What is there.
    message: Cow<'a, str>,
}

/// Counts of a run.
#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    /// Files that were read.
    files: usize,
    /// Documents that were read.
    documents: usize,
    /// Findings at level error.
    errors: usize,
    /// Findings at level warning.
    warnings: usize,
    /// Findings at level info.
    infos: usize,
}

/// The report as one JSON object. Files and pointers are exact; messages and helps are safe to print.
#[must_use]
pub fn render(report: &Report, base_url: Option<&str>) -> String {
    let findings = report.findings.iter().map(|finding| Entry {
        rule: finding.rule.id,
        level: finding.level.name(),
        file: &finding.file,
        document: finding.document,
        pointer: finding.pointer.as_ref().map(Pointer::as_str),
        span: finding.place.map(SpanOf::from),
        message: visible(&finding.message),
        help: finding.help.as_deref().map(visible),
        link: link(finding.rule, base_url),
        related: finding
            .related
            .iter()
            .map(|related| RelatedPlace {
                file: &related.file,
                pointer: related.pointer.as_ref().map(Pointer::as_str),
                span: related.place.map(SpanOf::from),
                message: visible(&related.message),
            })
            .collect(),
        fix: finding
            .fix
            .iter()
            .map(|edit| EditOf { offset: edit.offset, length: edit.length, text: &edit.text })
            .collect(),
    });
    json_text(&Output {
        schema_version: 1,
        findings: findings.collect(),
        summary: Summary {
            files: report.files,
            documents: report.documents,
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            infos: report.count(Level::Info),
        },
    })
}

/// The JSON Schema of what [`render`] writes, by draft 2020-12.
#[must_use]
pub fn schema() -> schemars::Schema {
    let strip_rust_formats = |schema: &mut schemars::Schema| {
        // JSON Schema does not know `uint`; the minimum beside it says the same.
        if schema.get("format").and_then(serde_json::Value::as_str).is_some_and(|format| format.starts_with("uint")) {
            schema.remove("format");
        }
    };
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(strip_rust_formats))
        .into_generator()
        .into_root_schema_for::<Output<'_>>()
}

impl From<Place> for SpanOf {
    fn from(place: Place) -> Self {
        let Place { offset, length, line, column } = place;
        Self { offset, length, line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::super::MAX_SHOWN;
    use super::super::fixture::{ERROR_RULE, WARNING_RULE, finding, related, report};
    use super::*;
    use crate::finding::Finding;

    fn sample() -> Report {
        let text = "id: sample\nlable: é\n";
        let mut one = finding(&ERROR_RULE, "types/sample/type.yaml", text, "lable")
            .help("did you mean `label`?")
            .related(related("types/other/type.yaml", "label: x\n", "label", "as \u{1b}[31mhere"));
        one.pointer = Some(Pointer::parse("/lable\u{202e}"));
        one.message = "unknown key `lable\u{202e}`".to_owned();
        let other = Finding::new(&WARNING_RULE, "-".into(), "nothing is here");
        report(&[("types/sample/type.yaml", text), ("-", "")], vec![one, other])
    }

    #[test]
    fn the_object_is_as_promised() {
        let expected = r#"{
  "schemaVersion": 1,
  "findings": [
    {
      "rule": "unknown-key",
      "level": "error",
      "file": "types/sample/type.yaml",
      "document": 0,
      "pointer": "/lable\u202e",
      "span": {
        "offset": 11,
        "length": 5,
        "line": 2,
        "column": 1
      },
      "message": "unknown key `lable\\u{202e}`",
      "help": "did you mean `label`?",
      "link": "https://example.com/rules/unknown-key/",
      "related": [
        {
          "file": "types/other/type.yaml",
          "pointer": "/other",
          "span": {
            "offset": 0,
            "length": 5,
            "line": 1,
            "column": 1
          },
          "message": "as \\u{1b}[31mhere"
        }
      ]
    },
    {
      "rule": "unreachable-rule",
      "level": "warning",
      "file": "-",
      "document": 0,
      "pointer": null,
      "span": null,
      "message": "nothing is here",
      "help": null,
      "link": "https://example.com/rules/unreachable-rule/",
      "related": []
    }
  ],
  "summary": {
    "files": 2,
    "documents": 2,
    "errors": 1,
    "warnings": 1,
    "infos": 0
  }
}
"#;
        assert_eq!(render(&sample(), Some("https://example.com")), expected);
    }

    #[test]
    fn json_is_never_capped_and_links_are_relative_without_a_base_address() {
        let findings = (0..=MAX_SHOWN).map(|n| Finding::new(&ERROR_RULE, "a".into(), n.to_string()));
        let text = render(&report(&[], findings.collect()), None);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["findings"].as_array().unwrap().len(), MAX_SHOWN + 1);
        assert_eq!(value["findings"][0]["link"], "rules/unknown-key/");
    }

    #[test]
    fn the_schema_accepts_the_object_and_needs_each_key() {
        let schema = schema().to_value();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let value: serde_json::Value = serde_json::from_str(&render(&sample(), None)).unwrap();
        assert_eq!(validator.iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
        for key in value["findings"][0].as_object().unwrap().keys() {
            let mut less = value.clone();
            less["findings"][0].as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&less), "`{key}` may be missing");
        }
        let mut wrong = value.clone();
        wrong["findings"][0]["level"] = "grave".into();
        assert!(!validator.is_valid(&wrong));
        assert!(!schema.to_string().contains("uint"), "{schema}");
    }
}

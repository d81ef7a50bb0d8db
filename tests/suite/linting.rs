//! The lint of documents, held against documents that went wrong and against a schema.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use oci_artifact_types::catalog::{Catalog, embedded};
use oci_artifact_types::finding::{Finding, Level};
use oci_artifact_types::identify::{Context, Identifier};
use oci_artifact_types::oci::Spec;
use oci_artifact_types::rules::manifest::{self, Arrival, Asked, Claimed, Known, Options, Origin, Scratch};
use serde_json::Value;

use crate::mutations::{Random, mutated, seeds};

/// Documents to make; `OAT_CASES` asks for more or fewer.
fn cases() -> u64 {
    std::env::var("OAT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000)
}

struct Linter {
    catalog: Catalog,
    identifier: Identifier,
    claimed: Claimed,
    scratch: Scratch,
}

impl Linter {
    fn new() -> Self {
        let catalog = embedded::catalog();
        let identifier = Identifier::new(catalog.rules.clone());
        Self { catalog, identifier, claimed: Claimed::default(), scratch: Scratch::default() }
    }

    fn lint(&mut self, bytes: &[u8], options: &Options) -> Vec<Finding> {
        let known = Known {
            identifier: &self.identifier,
            context: &Context::default(),
            arrival: &Arrival::default(),
            claimed: &self.claimed,
            entry: &|id| self.catalog.get(id),
        };
        let file: Arc<str> = Arc::from("m.json");
        let origin = Origin { file: &file, index: 0, start: (0, 1) };
        manifest::lint(origin, bytes, known, options, &mut self.scratch).0
    }
}

#[test]
fn documents_that_went_wrong_are_linted_without_a_panic_and_with_places_inside() {
    let (seeds, mut linter) = (seeds(), Linter::new());
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for case in 0..cases() {
        let mut random = Random::new(case);
        let text = mutated(&seeds, &mut random);
        let spec = Spec::ALL[random.below(3)];
        let options = Options { spec, asked: if case % 2 == 0 { Asked::Everything } else { Asked::Nothing } };
        let start = Instant::now();
        let findings = linter.lint(&text, &options);
        assert!(start.elapsed() < Duration::from_secs(5), "case {case} takes too long");
        for finding in findings {
            *met.entry(finding.rule.id).or_default() += 1;
            assert!(!finding.message.is_empty(), "case {case}: {}", finding.rule.id);
            let place = finding.place.unwrap_or_else(|| panic!("case {case}: {} has no place", finding.rule.id));
            assert!(place.offset + place.length <= text.len(), "case {case}: {} {place:?}", finding.rule.id);
            assert!(place.line >= 1 && place.column >= 1, "case {case}: {}", finding.rule.id);
        }
    }
    // Mutations that reach few rules would prove little.
    assert!(met.len() > 120, "{} rules: {met:?}", met.len());
}

/// What the schema of the documents says about a document: the first thing that it refuses.
fn refused(schema: &jsonschema::Validator, value: &Value) -> Option<String> {
    let error = schema.iter_errors(value).next()?;
    Some(format!("{} at {}", error, error.instance_path()))
}

/// Rules at error level that say more than the schema can, by the beginnings of their ids, and why.
const BEYOND_THE_SCHEMA: [(&str, &str); 20] = [
    ("ambiguous-", "a document of two kinds is right for the schema of either"),
    ("annotation-", "the forms of values are those of other specifications, and a title may lead out of its folder"),
    ("annotations-reserved-image-namespace", "the defined keys are a list in prose"),
    ("datetime-", "a value of an annotation is any text for the schema"),
    ("descriptor-data-", "the bytes behind base64 are compared with size and digest"),
    ("descriptor-property-type", "the schema describes `platform` on the entries of an index only"),
    ("descriptor-same-digest-size", "two places of a document are compared"),
    ("descriptor-size-digest-contradiction", "size and digest are compared"),
    ("descriptor-size-int64", "2.0 is an integer for JSON Schema"),
    ("digest-path-characters", "dots may stand in the names of members that the schema does not describe"),
    ("empty-descriptor-", "members are compared with the media type beside them"),
    ("index-subject-is-manifest", "a grammar does not know what defined media types are"),
    ("index-schema-version-value", "2.0 is 2 for JSON Schema"),
    ("manifest-subject-is-manifest", "a grammar does not know what defined media types are"),
    ("manifest-schema-version-value", "2.0 is 2 for JSON Schema"),
    ("json-", "the text is read before any schema sees it"),
    ("media-type-case-variant", "a grammar does not know which names are defined"),
    ("media-type-structure-mismatch", "the body is compared with the media type"),
    ("platform-", "the schema describes `platform` on the entries of an index only"),
    ("url-", "a URI is any text for the schema"),
];

#[test]
fn what_a_schema_of_the_requirements_refuses_is_an_error_here_too() {
    let schema: Value = serde_json::from_str(include_str!("linting/requirements.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let (seeds, mut linter) = (seeds(), Linter::new());
    let (mut both, mut only_here, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for case in 0..cases() / 2 {
        let text = mutated(&seeds, &mut Random::new(case));
        let Ok(value) = serde_json::from_slice::<Value>(&text) else { continue };
        // Other kinds of document are bound by other specifications.
        let media_type = value.get("mediaType").and_then(Value::as_str).unwrap_or_default();
        let other = ["fsLayers", "blobs"].iter().any(|name| value.get(name).is_some());
        let known = ["manifests", "layers", "config"].iter().any(|name| value.get(name).is_some());
        if other || !known || media_type.contains("docker") || media_type.contains("artifact.manifest") {
            continue;
        }
        let errors: Vec<&str> = linter
            .lint(&text, &Options::default())
            .into_iter()
            .filter(|finding| finding.level == Level::Error)
            .map(|finding| finding.rule.id)
            .collect();
        match (refused(&schema, &value), errors.is_empty()) {
            (Some(_), false) => both += 1,
            (Some(why), true) => wrong.push(format!("case {case}: {why}\n{}", String::from_utf8_lossy(&text))),
            (None, false) => only_here.extend(errors),
            (None, true) => {}
        }
    }
    assert!(wrong.is_empty(), "{} documents, such as\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n"));
    assert!(both > 100, "only {both} documents were refused by both");
    let explained = |rule: &&str| BEYOND_THE_SCHEMA.iter().any(|(known, _)| rule.starts_with(known));
    let unexplained: Vec<&str> = only_here.into_iter().filter(|rule| !explained(rule)).collect();
    assert!(unexplained.is_empty(), "errors in documents that the schema takes: {unexplained:?}");
}

//! Findings as people and programs meet them: all at once, each at its exact place, harmless to show.

use serde_json::Value;

use crate::harness::{World, merged, root};

/// An entry with ten different mistakes.
const BROKEN: &str = r#"# yaml-language-server: $schema=../../schemas/artifact-type.schema.json
id: samples
title: Sample
lable: Sample
summary: Ein Beispiel für die Prüfung.
description: |
  A type that exists <b>only</b> in tests.
status:
  state: activ
tier: listed
publisher:
  name: Example
  url: http://example.com
roles: [config]
roles: [chart]
isA: smple
identify:
  rules:
    - when:
        field: config.mediaType
        equals: application/vnd.example.sample.config.v1+json
structure:
  shapes: [oci-manifest]
  config:
    mediaTypes: [application/vnd.example.sample.config.v1+json]
  otherLayers: optional
  subject: optional
tools:
  - id: oras
    title: ORAS
    home: https://oras.land
actions:
  - title: Pull
    tool: orass
    argv: [oras, pull, "{refrence}"]
links:
  home: https://example.com
sources: []
examples:
  - file: plain.json
    title: The plain form.
changes:
  - date: 2026-01-01
    change: Added.
"#;

#[test]
fn an_entry_with_ten_mistakes_gives_them_all_with_their_places() {
    let world = World::sample().file("types/sample/type.yaml", BROKEN);
    let findings = world.findings(&["types"]);
    let found = |rule: &str| -> Vec<(u64, u64)> {
        let of = findings.iter().filter(|finding| finding["rule"] == rule);
        of.map(|finding| {
            (finding["span"]["line"].as_u64().unwrap_or(0), finding["span"]["column"].as_u64().unwrap_or(0))
        })
        .collect()
    };
    assert_eq!(found("id-differs-from-folder"), [(2, 5)]);
    assert_eq!(found("unknown-key"), [(4, 1)]);
    assert!(!found("html-in-text").is_empty());
    assert_eq!(found("unknown-value"), [(9, 10)]);
    assert_eq!(found("invalid-value"), [(13, 8)]);
    assert_eq!(found("duplicate-key"), [(15, 1)]);
    assert_eq!(found("unknown-tool"), [(34, 11)]);
    assert_eq!(found("unknown-placeholder"), [(35, 24)]);
    assert_eq!(found("unresolved-reference"), [(16, 6)]);
    assert_eq!(found("ambiguous-scalar"), [(43, 11)]);
    assert!(!found("unproved-media-type").is_empty());
    assert!(!found("missing-key").is_empty(), "`label` is missing");
    let spelling = findings.iter().find(|finding| finding["rule"] == "unknown-key").unwrap();
    assert!(spelling["help"].as_str().unwrap().contains("`label`"), "{spelling}");
}

#[test]
fn spans_are_bytes_and_columns_are_characters() {
    let text = merged("summary: \"é日本\" # ü\nlable: x\n").replace("lable: x\n", "") + "ünknown: 1\n";
    let world = World::sample().file("types/sample/type.yaml", &text);
    let findings = world.findings(&["types"]);
    let unknown = findings.iter().find(|finding| finding["rule"] == "unknown-key").unwrap();
    let (offset, length) = (unknown["span"]["offset"].as_u64().unwrap(), unknown["span"]["length"].as_u64().unwrap());
    let (offset, length) = (usize::try_from(offset).unwrap(), usize::try_from(length).unwrap());
    assert_eq!(&text[offset..offset + length], "ünknown");
    assert_eq!(unknown["span"]["column"], 1);
    assert_eq!(unknown["pointer"], "/ünknown");
}

#[test]
fn a_single_entry_is_linted_with_its_siblings() {
    let other = merged("id: other\ntitle: Another\nlabel: Other\n");
    let world = World::sample()
        .file("types/other/type.yaml", other)
        .file("types/other/examples/plain.json", crate::harness::SAMPLE_EXAMPLE);
    let findings = world.findings(&["types/other/type.yaml"]);
    assert!(findings.iter().any(|finding| finding["rule"] == "overlapping-rules"), "{findings:#?}");
    assert!(
        findings.iter().all(|finding| finding["file"].as_str().unwrap().starts_with("types/other/")),
        "{findings:#?}"
    );
    let overlap = findings.iter().find(|finding| finding["rule"] == "overlapping-rules").unwrap();
    assert!(overlap["help"].as_str().unwrap().contains("\"config\""), "the smallest document is shown: {overlap}");
}

#[test]
fn findings_of_a_stream_count_lines_from_its_start() {
    let stream = "{\"manifests\":[]}\n{\"manifests\":[],\"manifests\":[]}\n{\"layers\": 1}\n";
    let world = World::new().file("s.ndjson", stream);
    let findings = world.findings(&["s.ndjson"]);
    let twice = findings.iter().find(|finding| finding["rule"] == "json-duplicate-names").unwrap();
    assert_eq!((twice["document"].as_u64(), twice["span"]["line"].as_u64()), (Some(1), Some(2)));
    let offset = usize::try_from(twice["span"]["offset"].as_u64().unwrap()).unwrap();
    assert!(stream[offset..].starts_with("\"manifests\":[]}\n{\"layers\""));
}

#[test]
fn nothing_raw_reaches_a_terminal() {
    let hostile = "{\"manifests\":[],\"\\u001b[31m\":1,\"annotations\":{\"a\\u202e\":\"\\u009b2J\"},\"mani\u{202e}fests\":1,\"x\":\"\\ud800\"}";
    let world = World::new().file("m\u{1b}[31m.json", hostile).file("n.json", "{\"a\u{202e}\": tru}");
    for format in ["human", "json", "sarif", "github"] {
        let run = world.run(&["lint", "--format", format, "m\u{1b}[31m.json", "n.json"]);
        for text in [&run.out, &run.err] {
            let raw = text.chars().find(|c| *c != '\n' && oci_artifact_types::source::text::is_deceptive(*c));
            assert_eq!(raw, None, "{format}: {text:?}");
        }
    }
    for args in [
        &["identify", "m\u{1b}[31m.json"][..],
        &["identify", "--format", "ndjson", "n.json"],
        &["show", "x\u{1b}"],
        &["lint", "no\u{1b}"],
    ] {
        let run = world.run(args);
        let raw = run
            .out
            .chars()
            .chain(run.err.chars())
            .find(|c| *c != '\n' && oci_artifact_types::source::text::is_deceptive(*c));
        assert_eq!(raw, None, "{args:?}");
    }
}

#[test]
fn sarif_satisfies_the_form_and_formats_agree_on_the_exit_code() {
    let world = World::sample().file("types/sample/type.yaml", BROKEN);
    let codes: Vec<i32> = ["human", "json", "sarif", "github"]
        .iter()
        .map(|format| world.run(&["lint", "--format", format]).code)
        .collect();
    assert_eq!(codes, [1, 1, 1, 1]);
    let run = world.run(&["lint", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() > 0);
    assert!(
        log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == result["ruleId"])
    );
    // A fingerprint does not move with its line.
    let moved =
        World::sample().file("types/sample/type.yaml", BROKEN.replacen("id: samples", "# a comment\nid: samples", 1));
    let moved: Value = serde_json::from_str(&moved.run(&["lint", "--format", "sarif"]).out).unwrap();
    let prints = |log: &Value| -> std::collections::BTreeSet<String> {
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        results.filter(|r| r["ruleId"] != "missing-schema-line").map(|r| r["partialFingerprints"].to_string()).collect()
    };
    assert_eq!(prints(&log), prints(&moved));
}

#[test]
fn human_output_is_as_it_was_read_and_found_clear() {
    let world = World::sample().file("types/sample/type.yaml", BROKEN);
    let run = world.run(&["lint"]);
    snapbox::assert_data_eq!(
        run.err,
        snapbox::Data::read_from(&root().join("tests/golden/ten-mistakes.txt"), None).raw()
    );
}

#[test]
fn a_suppression_needs_a_reason_and_a_finding() {
    let with = |comment: &str| {
        World::sample().file("types/sample/type.yaml", merged(&format!("since: 2024-01-01{comment}\n")))
    };
    assert_eq!(with("").findings(&["types"]).len(), 1);
    assert!(with(" # oat: allow(ambiguous-scalar) readers of this file are known").findings(&["types"]).is_empty());
    let rules = |world: World| -> Vec<String> {
        world.findings(&["types"]).iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(rules(with(" # oat: allow(ambiguous-scalar)")), ["ambiguous-scalar", "suppression-without-reason"]);
    assert_eq!(rules(with(" # oat: allow(ambigous-scalar) x")), ["ambiguous-scalar", "suppression-without-reason"]);
}

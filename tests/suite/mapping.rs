//! `mediaTypeMappings.json`: the 2019 form, the new parts, the published schema, the same bytes.

use std::collections::BTreeSet;

use oci_artifact_types::catalog::embedded;
use oci_artifact_types::mapping::MediaTypeMappings;
use oci_artifact_types::oci::hash::sha256;
use oci_artifact_types::oci::well_known::{PLACEHOLDERS, says_nothing};
use oci_artifact_types::{conformance, schemas};
use serde_json::Value;

use crate::harness::{World, root};

fn mapping() -> (String, Value) {
    let text = MediaTypeMappings::new(&embedded::catalog(), None).unwrap().to_json().unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

#[test]
fn the_form_of_2019_is_readable() {
    let (_, mapping) = mapping();
    assert_eq!(mapping["schemaVersion"], 1);
    let chart = mapping["mediaTypes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["mediaType"] == "application/vnd.cncf.helm.config.v1+json")
        .unwrap();
    assert_eq!(chart["title"], "Helm chart");
    assert!(chart["icon.svg"].as_str().unwrap().ends_with(".svg"));
    assert!(chart["moreInfo"].as_str().unwrap().starts_with("https://"));
    assert!(chart["tools"][0]["installer"].as_str().unwrap().starts_with("https://"));
    // Of a media type that many types borrow, the base type.
    let image = mapping["mediaTypes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["mediaType"] == "application/vnd.oci.image.config.v1+json")
        .unwrap();
    assert_eq!(image["type"], "oci-image");
}

#[test]
fn what_says_nothing_stands_in_it_sorted() {
    let (_, mapping) = mapping();
    let placeholders: Vec<&str> =
        mapping["placeholders"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        placeholders.len() > 10 && placeholders.is_sorted() && placeholders.iter().all(|value| says_nothing(value))
    );
    // It is written down in no other place of the site: consumers read it from the mapping.
    for path in ["consumers/identify.go", "consumers/identify.mjs", "consumers/identify.py", "static/identify.js"] {
        let text = std::fs::read_to_string(root().join("site-templates").join(path)).unwrap();
        assert!(!PLACEHOLDERS.iter().any(|value| text.contains(value)), "{path}");
    }
}

#[test]
fn it_satisfies_its_schema_and_its_digest() {
    let (text, mapping) = mapping();
    let schema = &schemas::all()["media-type-mappings"];
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&mapping).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let named = mapping["digest"].as_str().unwrap();
    assert_eq!(sha256(text.replacen(named, "", 1).as_bytes()), named);
    assert!(!text.contains(['<', '>', '&']) && text.ends_with("}\n"));
}

#[test]
fn no_two_keys_of_an_object_are_equal_after_folding_case() {
    fn walk(value: &Value) {
        match value {
            Value::Object(object) => {
                let folded: BTreeSet<String> = object.keys().map(|key| key.to_lowercase()).collect();
                assert_eq!(folded.len(), object.len(), "{:?}", object.keys());
                object.values().for_each(walk);
            }
            Value::Array(items) => items.iter().for_each(walk),
            _ => {}
        }
    }
    walk(&mapping().1);
}

#[test]
fn paths_are_absolute_with_a_base_address_only() {
    let run = World::new().run(&["mapping", "--base-url", "https://example.com/types/"]);
    let mapping: Value = serde_json::from_str(&run.out).unwrap();
    for element in mapping["mediaTypes"].as_array().unwrap() {
        assert!(element["icon.svg"].as_str().unwrap().starts_with("https://example.com/types/icons/"));
    }
    let run = World::new().run(&["mapping"]);
    assert_eq!(run.out, self::mapping().0);
}

#[test]
fn vector_files_satisfy_their_schema() {
    let validator = jsonschema::validator_for(&schemas::all()["conformance"]).unwrap();
    let index = jsonschema::validator_for(&schemas::all()["conformance-index"]).unwrap();
    for (path, bytes) in conformance::files(&embedded::catalog()).unwrap() {
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let validator = if path == "conformance/index.json" { &index } else { &validator };
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

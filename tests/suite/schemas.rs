//! The checked-in schemas are what the types say. `SNAPSHOTS=overwrite cargo test` refreshes them.

use oci_artifact_types::schemas;
use serde_json::Value;

use crate::harness::{files, root};

#[test]
fn checked_in_schemas_equal_the_types() {
    let all = schemas::all();
    for (name, schema) in &all {
        let path = root().join(format!("schemas/{name}.schema.json"));
        let text = schemas::text(name, schema, None);
        if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
            std::fs::write(&path, &text).unwrap();
        }
        let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(checked_in == text, "{} differs from the types: run `SNAPSHOTS=overwrite cargo test`", path.display());
    }
    let names: Vec<String> = all.keys().map(|name| format!("{name}.schema.json")).collect();
    for file in files("schemas") {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(names.contains(&name), "schemas/{name} is the schema of nothing");
    }
}

#[test]
fn schemas_are_valid_and_name_only_known_keywords() {
    const KNOWN: [&str; 36] = [
        "$schema",
        "$defs",
        "$ref",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "oneOf",
        "allOf",
        "anyOf",
        "if",
        "then",
        "else",
        "pattern",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minimum",
        "maximum",
        "maxProperties",
        "minProperties",
        "default",
        "format",
        "examples",
        "not",
        "propertyNames",
        "$id",
        "deprecated",
        "readOnly",
    ];
    fn walk(schema: &Value, names: bool, path: &str) {
        match schema {
            Value::Object(object) => {
                for (key, value) in object {
                    assert!(names || KNOWN.contains(&key.as_str()), "unknown keyword `{key}` at {path}");
                    let values = matches!(key.as_str(), "enum" | "const" | "default" | "examples" | "required");
                    if !values || names {
                        walk(value, !names && matches!(key.as_str(), "properties" | "$defs"), &format!("{path}/{key}"));
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, false, path)),
            _ => {}
        }
    }
    for (name, schema) in schemas::all() {
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        walk(&schema, false, name);
    }
}

#[test]
fn every_entry_satisfies_the_published_schema() {
    let validator = jsonschema::validator_for(&schemas::all()["artifact-type"]).unwrap();
    for entry in oci_artifact_types::catalog::embedded::entries() {
        let value = serde_json::to_value(&entry).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", entry.id);
    }
}

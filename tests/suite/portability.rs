//! What registries are known to do with artifacts: every answer has its source, and what is not known is unknown.

use jsonschema::validator_for;
use oci_artifact_types::portability::registries;
use oci_artifact_types::schemas;
use serde_json::Value;

use crate::harness::{SAMPLE_EXAMPLE, World, root};

const EMPTY_CONFIG: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.example.x","config":{"mediaType":"application/vnd.oci.empty.v1+json"},"layers":[],"subject":{}}"#;

/// The rows of `--format json` of one document.
fn rows(world: &World, args: &[&str]) -> Vec<Value> {
    let run = world.run(&[&["portability", "--format", "json"], args].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let validator = validator_for(&schemas::all()["portability"]).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    report["documents"][0]["registries"].as_array().unwrap().clone()
}

#[test]
fn every_answer_has_a_source_and_a_day_and_the_rest_is_unknown() {
    let world = World::new().file("m.json", EMPTY_CONFIG);
    for args in [&["m.json"][..], &["helm-chart"], &["helm"], &["cosign-signature"], &["docker-schema1"]] {
        let rows = rows(&world, args);
        assert_eq!(rows.len(), registries().iter().map(|registry| registry.versions.len()).sum::<usize>());
        for row in rows {
            let scanners = row["scanners"].as_array().unwrap().iter();
            for told in [&row["accepts"], &row["referrers"], &row["shows"]].into_iter().chain(scanners) {
                let proved = told["source"].is_string() && told["checked"].is_string();
                assert!(told.is_null() || proved || told["answer"] == "unknown", "{row:#}");
            }
        }
    }
}

#[test]
fn a_registry_is_named_by_id_or_name_and_a_version_chooses_its_range() {
    let world = World::new().file("m.json", EMPTY_CONFIG);
    let shown = |name: &str, version: &str| {
        rows(&world, &["m.json", "--registry", name, "--registry-version", version])
            .iter()
            .map(|row| (row["from"].clone(), row["shows"]["answer"].clone(), row["referrers"]["answer"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("harbor", "2.13.1"), [("2.13".into(), "UNKNOWN".into(), "api".into())]);
    assert_eq!(shown("HARBOR", "2.7"), [("2.0".into(), "unknown".into(), "fallback".into())]);
    assert_eq!(shown("cncf distribution", "3")[0].2, "fallback");
}

#[test]
fn wrong_use_says_what_to_do() {
    let world = World::sample().file("m.json", SAMPLE_EXAMPLE).file("broken.json", "{");
    for (args, code, message) in [
        (&["x.json"][..], 2, "error: x.json: no such file or directory\n"),
        (&["helmchart"], 2, "error: there is no file and no type `helmchart`; did you mean `helm-chart`?\n"),
        (
            &["m.json", "--registry", "harbour"],
            2,
            "error: nothing is known of the registry `harbour`; did you mean `harbor`?\n",
        ),
        (
            &["m.json", "--registry", "harbor", "--registry-version", "1.9"],
            2,
            "error: nothing is known of version 1.9\n",
        ),
        (&["types"], 2, "error: a catalog is no document: give the ids of types, or their examples\n"),
        (&["broken.json", "m.json"], 1, ""),
    ] {
        let run = world.run(&[&["portability"], args].concat());
        assert_eq!((run.code, run.err.as_str()), (code, message), "{args:?}");
    }
}

#[test]
fn streams_and_names_of_files_stay_harmless() {
    let stream = format!("{EMPTY_CONFIG}\n{{\n{EMPTY_CONFIG}\n");
    let run = World::new().run_with(&["portability", "--registry", "zot", "-"], stream.as_bytes());
    assert_eq!(run.code, 1);
    assert_eq!(run.out.matches("REGISTRY").count(), 2);
    assert!(run.out.contains("-:2: can not be read"), "{}", run.out);
    let run = World::new().run_with(&["portability", "--format", "json", "-"], stream.as_bytes());
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["documents"].as_array().unwrap().len(), 3);
    assert!(validator_for(&schemas::all()["portability"]).unwrap().is_valid(&report), "{report:#}");
    let world = World::new().file("a\u{1b}[31m.json", EMPTY_CONFIG);
    let run = world.run(&["portability", "a\u{1b}[31m.json"]);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
}

#[test]
fn the_table_is_read_at_eighty_columns() {
    let run = World::new().run(&["portability", "spdx-sbom"]);
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
}

#[test]
fn the_table_of_the_repository_is_clean_and_is_linted_with_the_catalog() {
    let folder = root().join("src/export/registries");
    let world = World::sample();
    let run = world.run(&["lint", folder.to_str().unwrap()]);
    assert_eq!((run.code, run.err.as_str()), (0, format!("no findings in {} files\n", registries().len()).as_str()));
    let world = world.file("src/export/registries/x.yaml", "id: x\n");
    let run = world.run(&["lint"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("the key `versions` is missing"), "{}", run.err);
}

//! Selections choose, overlays add, and neither changes what a document is.

use serde_json::Value;

use crate::harness::{World, merged};

const SELECTION: &str = "\
default: exclude
overlays:
  - folder: in-house
    replaces: [helm-chart]
rules:
  - verdict: include
    roles: [chart, sbom]
  - verdict: exclude
    ids: [\"*-sbom\"]
  - verdict: include
    ids: [spdx-sbom]
overrides:
  spdx-sbom:
    label: SPDX
    icon: { svg: icons/own/spdx.svg, png: icons/own/spdx.png }
    actions: []
";

/// An entry that takes the place of the catalog's.
fn world() -> World {
    let own = "id: helm-chart\ntitle: Chart of ours\nkind: facet\nroles: [chart]\nidentify:\n  rules:\n    - when: { field: annotations, key: com.example.own, present: true }\nexamples: []\n";
    World::new().file("selection.yaml", SELECTION).file("in-house/types/helm-chart/type.yaml", merged(own))
}

#[test]
fn a_selection_takes_types_and_shows_them_its_way() {
    let run = world().run(&["mapping", "--select", "selection.yaml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mapping: Value = serde_json::from_str(&run.out).unwrap();
    let types = mapping["types"].as_array().unwrap();
    let get = |id: &str| types.iter().find(|entry| entry["id"] == id);
    assert!(get("cyclonedx-sbom").is_none() && get("oci-image").is_none());
    assert_eq!(get("spdx-sbom").unwrap()["label"], "SPDX");
    assert!(get("spdx-sbom").unwrap().get("actions").is_none());
    assert_eq!(get("helm-chart").unwrap()["title"], "Chart of ours");
    let old = mapping["mediaTypes"].as_array().unwrap();
    assert!(old.iter().all(|one| get(one["type"].as_str().unwrap()).is_some()));
    assert!(old.iter().any(|one| one["icon.svg"] == "icons/own/spdx.svg"));
    // What was left out is still told from the rest.
    assert!(mapping["rules"].as_array().unwrap().iter().any(|rule| rule["type"] == "cyclonedx-sbom"));
}

#[test]
fn why_names_the_rule_that_decided() {
    let why = |id: &str| world().run(&["types", "--select", "selection.yaml", "--why", id]).out;
    assert_eq!(
        why("spdx-sbom"),
        "spdx-sbom is included by rule 3: include ids spdx-sbom\n  \
         rule 1 matches too, and stands before: include roles chart, sbom\n  \
         rule 2 matches too, and stands before: exclude ids *-sbom\n"
    );
    assert_eq!(why("oci-image"), "oci-image is excluded by default: no rule matches it\n");
}

#[test]
fn a_pin_holds_until_the_catalog_changes() {
    let digest = |world: &World| {
        let mapping: Value = serde_json::from_str(&world.run(&["mapping"]).out).unwrap();
        mapping["digest"].as_str().unwrap().to_owned()
    };
    let world = world();
    let pinned = format!("catalog: {{ digest: \"{}\" }}\n{SELECTION}", digest(&world));
    let world = world.file("selection.yaml", &pinned);
    let run = world.run(&["lint", "selection.yaml"]);
    assert_eq!((run.code, run.err.as_str()), (0, "no findings in 1 file\n"));
    let world = world.file("selection.yaml", pinned.replace("sha256:", "sha256:0").replace("0\"", "\""));
    assert_eq!(world.run(&["lint", "selection.yaml"]).code, 1);
}

#[test]
fn an_overlay_without_declaration_replaces_nothing() {
    let run = world().run(&["lint", "--overlay", "in-house"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("`helm-chart` is in the embedded catalog already"), "{}", run.err);
    assert!(run.err.contains("in-house/types/helm-chart/type.yaml:"), "{}", run.err);
}

#[test]
fn exports_follow_the_selection() {
    let run = world().run(&["export", "titles", "--select", "selection.yaml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let titles: Value = serde_json::from_str(&run.out).unwrap();
    assert!(titles.get("text/spdx+json").is_some() || titles.get("application/spdx+json").is_some(), "{titles}");
    assert!(titles.get("application/vnd.oci.image.config.v1+json").is_none());
    let run = world().run(&["export", "quai"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("there is no export for `quai`"), "{}", run.err);
}

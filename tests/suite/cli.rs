//! The command line: exit codes, which catalog, which form.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{SAMPLE_EXAMPLE, World, merged};

const CHART: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:b1d0d0a9ac1f19ea4ee1e5d2d2a0d5b0e5f4ff2a9c6ce7c2f6ecaf4dfc9e1f5a","size":1001}]}"#;

#[test]
fn exit_codes_are_those_of_the_contract() {
    let world = World::sample()
        .file("chart.json", CHART)
        .file("unknown.json", r#"{"config":{"mediaType":"application/vnd.example.none"},"layers":[]}"#)
        .file("broken.json", "{")
        .file("warned.json", r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}"#);
    for (args, code) in [
        (&["lint"][..], 0),
        (&["lint", "chart.json"], 0),
        (&["lint", "broken.json"], 1),
        (&["lint", "warned.json"], 0),
        (&["lint", "--deny", "warning", "warned.json"], 1),
        (&["lint", "--deny", "missing-layer", "warned.json"], 1),
        (&["lint", "--deny", "warning", "--allow", "missing-layer", "--allow", "missing-annotation", "warned.json"], 0),
        (&["lint", "--deny", "no-such-rule", "chart.json"], 2),
        (&["lint", "absent.json"], 2),
        (&["lint", "--format", "yaml"], 2),
        (&["identify", "chart.json"], 0),
        (&["identify", "unknown.json"], 0),
        (&["identify", "broken.json", "chart.json"], 1),
        (&["identify", "absent.json"], 2),
        (&["identify"], 2),
        (&["frobnicate"], 2),
        (&["types"], 0),
        (&["types", "--role", "nonsense"], 2),
        (&["show", "helm"], 0),
        (&["show", "helmm"], 2),
        (&["explain", "overlapping-rules"], 0),
        (&["explain", "overlaping-rules"], 2),
        (&["rules"], 0),
        (&["schema", "artifact-type"], 0),
        (&["schema", "x"], 2),
        (&["completions", "bash"], 0),
        (&["mapping", "--out", "no/such/folder/m.json"], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let run = world.run(args);
        assert_eq!(run.code, code, "{args:?}\n{}\n{}", run.out, run.err);
    }
}

#[test]
fn wrong_use_says_what_to_do() {
    let world = World::new();
    let advice = |args: &[&str]| world.run(args).err;
    assert_eq!(
        advice(&["lint"]),
        "error: there is no catalog in `./types`: give the path of a catalog, an entry or a manifest\n"
    );
    assert_eq!(
        advice(&["explain", "overlaping-rules"]),
        "error: there is no rule `overlaping-rules`; did you mean `overlapping-rules`?\n"
    );
    assert_eq!(advice(&["show", "helm-chrt"]), "error: there is no type `helm-chrt`; did you mean `helm-chart`?\n");
    assert_eq!(advice(&["lint", "absent.json"]), "error: absent.json: no such file or directory\n");
    let world = World::new().file("m.json", SAMPLE_EXAMPLE);
    let run = world.run(&["lint", "--config", "c.json", "m.json", "m.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("give the file of its manifest and nothing else"), "{}", run.err);
}

#[test]
fn findings_for_people_go_to_standard_error_and_products_to_standard_output() {
    let world = World::new().file("broken.json", "{");
    let run = world.run(&["lint", "broken.json"]);
    assert!(run.out.is_empty() && run.err.contains("json-syntax"));
    let run = world.run(&["lint", "--format", "json", "broken.json"]);
    assert!(run.err.is_empty());
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["summary"]["errors"], 1);
    assert!(!world.run(&["lint", "broken.json"]).err.contains('\u{1b}'));
    assert!(world.run(&["lint", "--color", "always", "broken.json"]).err.contains('\u{1b}'));
}

#[test]
fn the_catalog_of_a_folder_is_used_where_it_is_named() {
    let world = World::sample().file("m.json", SAMPLE_EXAMPLE);
    let identify = |args: &[&str]| world.run(&[&["identify"], args, &["m.json"]].concat()).out;
    assert!(identify(&[]).starts_with("m.json: unknown"));
    assert_eq!(identify(&["--catalog", "."]), "m.json: sample\n");
    assert_eq!(identify(&["--catalog", "types"]), "m.json: sample\n");
    assert_eq!(identify(&["--overlay", "types"]), "m.json: sample\n");
    let run =
        world.run(&["types", "--overlay", "types", "--media-type", "application/vnd.example.sample.config.v1+json"]);
    assert!(run.out.starts_with("sample "), "{}", run.out);
    let world = world.file("types/helm-chart/type.yaml", merged("id: helm-chart\n"));
    let run = world.run(&["types", "--overlay", "types"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("the catalog has an error; `oat lint --overlay types` tells it"), "{}", run.err);
    let run = world.run(&["lint", "--overlay", "types", "--catalog", "types"]);
    assert!(run.err.contains("`helm-chart` is in types/helm-chart already"), "{}", run.err);
}

#[test]
fn context_decides_between_a_base_and_its_refinements() {
    let manifest = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json"},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip"}]}"#;
    let world = World::new()
        .file("m.json", manifest)
        .file("config.json", r#"{"config":{"Labels":{"com.docker.desktop.extension.api.version":"0.3.4"}}}"#);
    let run = world.run(&["identify", "--format", "ndjson", "m.json"]);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((answer["type"].as_str(), answer["certainty"].as_str()), (Some("oci-image"), Some("exact")));
    let candidates: Vec<&str> =
        answer["candidates"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert!(candidates.contains(&"docker-extension"), "{candidates:?}");
    let run = world.run(&["identify", "--config", "config.json", "m.json"]);
    assert!(run.out.starts_with("m.json: docker-extension\n"), "{}", run.out);
}

#[test]
fn an_image_layout_is_read_by_its_digests() {
    let digest = oci_artifact_types::oci::hash::sha256(CHART.as_bytes());
    let blob = format!("layout/blobs/sha256/{}", digest.strip_prefix("sha256:").unwrap());
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":2}},{{"digest":"sha256:../../../etc/passwd"}}]}}"#
    );
    let world = World::new()
        .file("layout/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#)
        .file("layout/index.json", index)
        .file(&blob, CHART);
    let run = world.run(&["identify", "layout"]);
    assert_eq!((run.code, run.out.as_str()), (0, format!("{blob}: helm-chart\n").as_str()));
    let world = world.file(&blob, CHART.replace("size\":2", "size\":3"));
    assert_eq!(world.run(&["identify", "layout"]).code, 2);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_oat"))
        .args(["mapping"])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn help_is_complete() {
    let world = World::new();
    let help = world.run(&["--help"]).out;
    for command in
        ["lint", "identify", "build", "mapping", "types", "show", "explain", "rules", "schema", "completions"]
    {
        assert!(help.contains(&format!("  {command} ")), "{command} is not in the help");
        assert_eq!(world.run(&[command, "--help"]).code, 0);
    }
}

#[test]
fn fix_repairs_what_is_certain_and_nothing_else() {
    let entry = merged("summary: A sample for tests\n")
        .replace("# yaml-language-server: $schema=../../schemas/artifact-type.schema.json\n", "")
        .replace("state: active", "state: Active")
        .replace("publisher:", "publsher:")
        .replace("tier: listed\n", "")
        .replace("links:\n", "# kept\ntier: listed\nlinks:\n");
    let world = World::sample().file("types/sample/type.yaml", &entry).file("chart.json", CHART);
    let before = world.findings(&[]);
    let rules = |findings: &[Value]| -> Vec<String> {
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    for rule in ["missing-schema-line", "unknown-value", "unknown-key", "key-order"] {
        assert!(rules(&before).contains(&rule.to_owned()), "{rule}: {before:#?}");
    }
    let spelling = before.iter().find(|finding| finding["rule"] == "unknown-value").unwrap();
    assert_eq!(spelling["fix"][0]["text"], "active");
    assert_eq!(spelling["fix"][0]["offset"], spelling["span"]["offset"]);
    let run = world.run(&["lint", "--fix"]);
    assert!(run.err.starts_with("repaired 4 findings in 1 file\n"), "{}", run.err);
    assert_eq!(rules(&world.findings(&[])), Vec::<String>::new());
    let fixed = std::fs::read_to_string(world.path("types/sample/type.yaml")).unwrap();
    let expected = merged("summary: A sample for tests\n").replace("tier: listed", "# kept\ntier: listed");
    assert_eq!(fixed, expected);
    // Nothing is left to do, an allowed rule is not repaired, and manifests are never touched.
    assert_eq!(world.run(&["lint", "--fix"]).err, "no findings in 2 files\n");
    let world = world.file("types/sample/type.yaml", &entry);
    let run = world.run(&["lint", "--fix", "--allow", "missing-schema-line", "types/sample/type.yaml", "chart.json"]);
    assert!(run.err.starts_with("repaired 3 findings in 1 file\n"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(world.path("chart.json")).unwrap(), CHART);
}

#[test]
fn a_new_entry_says_what_the_document_tells_and_marks_the_rest() {
    const FLOW: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.example.flow.v1+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[{"mediaType":"application/vnd.example.flow.content.v1.tar+gzip","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","size":7,"annotations":{"org.opencontainers.image.title":"private.tgz"}}]}"#;
    let world = World::new().file("flow.json", FLOW).file("chart.json", CHART).file("list.json", "[]");
    let run = world.run(&[
        "new",
        "example-flow",
        "--from",
        "flow.json",
        "--title",
        "Example flow",
        "--owner",
        "@example/flows",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out, "types/example-flow/examples/plain.json\ntypes/example-flow/type.yaml\n");
    let path = world.path("types/example-flow/type.yaml");
    let entry = std::fs::read_to_string(&path).unwrap();
    let example = std::fs::read_to_string(world.path("types/example-flow/examples/plain.json")).unwrap();
    assert!(!example.contains("private") && !example.contains("1111"), "{example}");
    let rules = || -> Vec<String> {
        let findings = world.findings(&["types/example-flow/type.yaml"]);
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    assert!(rules().iter().all(|rule| rule == "unfinished-entry"), "{:?}", rules());
    assert_eq!(rules().len(), entry.matches("TODO").count());
    // What a person writes is enough: no Rust, nothing but words and a source.
    let written = entry
        .lines()
        .filter(|line| !line.starts_with("# TODO"))
        .map(|line| {
            line.replace("https://example.com/TODO", "https://example.com")
                .replace("TODO/path/to/file", "docs/flow.md")
                .replace("TODO-commit-or-tag", "v1.0.0")
                .replace("TODO ", "Said: ")
                .replace(": Said: ", ": Said ")
        })
        .collect::<Vec<_>>()
        .join("\n");
    std::fs::write(&path, written + "\n").unwrap();
    assert_eq!(rules(), Vec::<String>::new());
    let lines = "/types/example-flow/ @example/flows\n";
    assert!(world.run(&["lint", "types/example-flow/type.yaml"]).err.ends_with(lines));
    assert_eq!(world.run(&["codeowners", "--catalog", "."]).out, lines);
    // Nothing is overwritten, nothing known is drafted again, nothing else is taken for a manifest.
    for (args, message) in [
        (&["new", "example-flow"][..], "types/example-flow: exists already, and is left as it is"),
        (&["new", "helm"], "`helm` is a name of helm-chart already: `oat show helm-chart`"),
        (&["new", "Example"], "`Example` is no id: small letters, digits and single hyphens, at most 64"),
        (&["new", "../evil"], "`../evil` is no id: small letters, digits and single hyphens, at most 64"),
        (
            &["new", "my-chart", "--from", "chart.json"],
            "the document is a helm-chart already: `oat show helm-chart`; change that entry, or give --anyway",
        ),
        (&["new", "my-list", "--from", "list.json"], "list.json: can not be read: the document is no JSON object"),
        (&["new", "my-none", "--from", "none.json"], "none.json: no such file or directory"),
    ] {
        let run = world.run(args);
        assert_eq!((run.code, run.err), (2, format!("error: {message}\n")), "{args:?}");
    }
    let mut left: Vec<_> =
        std::fs::read_dir(world.path("types")).unwrap().map(|one| one.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["example-flow"]);
}

/// A manifest of an unknown type, with a name in a wrong case.
const ODD: &str =
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],"Annotations":{}}"#;

#[test]
fn settings_come_from_the_nearest_file_and_options_win() {
    let world = World::new()
        .file("oat.toml", "allow = [\"json-key-case-variant\"]\n")
        .file("a/b/m.json", ODD)
        .file("c/oat.toml", "deny = [\"json-key-case-variant\"]\n")
        .file("c/m.json", ODD)
        .file("d/oat.toml", "allow = [\"json-key-case-variante\"]\n")
        .file("d/m.json", ODD)
        .file("e/oat.toml", "profil = \"image\"\n")
        .file("e/m.json", ODD);
    let level = |folder: &str, args: &[&str]| -> Option<String> {
        let run =
            crate::harness::run_in(&world.path(folder), &[&["lint", "--format", "json", "m.json"], args].concat(), b"");
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["rule"] == "json-key-case-variant");
        found.map(|finding| finding["level"].as_str().unwrap().to_owned())
    };
    assert_eq!(level("a/b", &[]), None);
    assert_eq!(level("a/b", &["--isolated"]).as_deref(), Some("warning"));
    assert_eq!(level("a/b", &["--deny", "json-key-case-variant"]).as_deref(), Some("error"));
    assert_eq!(level("c", &[]).as_deref(), Some("error"));
    assert_eq!(level("c", &["--allow", "json-key-case-variant"]), None);
    assert_eq!(level("c", &["--profile", "registry"]).as_deref(), Some("error"), "the file goes before the profile");
    assert_eq!(level("a/b", &["--isolated", "--profile", "registry"]), None);
    let run = crate::harness::run_in(&world.path("d"), &["lint", "m.json"], b"");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("oat.toml: there is no rule `json-key-case-variante`"), "{}", run.err);
    assert!(run.err.contains("did you mean `json-key-case-variant`?"), "{}", run.err);
    let run = crate::harness::run_in(&world.path("e"), &["lint", "m.json"], b"");
    assert!(run.code == 2 && run.err.contains("oat.toml:1:1: unknown field `profil`"), "{}", run.err);
}

#[test]
fn statistics_count_by_rule() {
    let world = World::new().file("m.ndjson", format!("{ODD}\n{ODD}\n"));
    let run = world.run(&["lint", "--statistics", "--allow", "unknown-artifact", "m.ndjson"]);
    assert_eq!(
        run.out,
        "2  warning  json-key-case-variant  A name differs from one of the specification only in case\n\
         2 findings of 1 rule in 2 documents\n"
    );
    let run = world.run(&["lint", "--statistics", "--format", "json", "--allow", "unknown-artifact", "m.ndjson"]);
    let counts: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(counts["statistics"][0]["documents"], 2);
    assert_eq!(counts["summary"]["warnings"], 2);
    assert_eq!(world.run(&["lint", "--statistics", "--format", "sarif", "m.ndjson"]).code, 2);
}

#[test]
fn what_led_to_a_document_is_about_one_document() {
    let world = World::new().file("m.json", ODD).file("n.json", ODD);
    let run = world.run(&["lint", "--digest", "sha256:00", "m.json", "n.json"]);
    assert!(run.code == 2 && run.err.contains("about one document"), "{}", run.err);
}

//! The house: floors import downward, each outside crate has its door, the list of rules is whole.

use std::collections::BTreeMap;
use std::fs;

use crate::harness::{files, root};

/// Modules by floor; a module imports only from lower floors, and from itself.
const FLOORS: [(&str, u8); 26] = [
    ("archive", 0),
    ("source", 0),
    ("oci", 0),
    ("parallel", 0),
    ("picture", 0),
    ("serve", 0),
    ("finding", 1),
    ("registry", 1),
    ("shape", 2),
    ("catalog", 3),
    ("layout", 3),
    ("identify", 4),
    ("selection", 4),
    ("listing", 5),
    ("artifact", 1),
    ("mapping", 5),
    ("portability", 5),
    ("diff", 6),
    ("export", 6),
    ("draft", 6),
    ("conformance", 4),
    ("rules", 7),
    ("schemas", 8),
    ("site", 8),
    ("cli", 9),
    ("main", 10),
];

/// Outside crates and the only files that may name them. The derives of serde and schemars and the values of
/// `serde_json` are the common language of data.
const DOORS: [(&str, &[&str]); 39] = [
    ("percent_encoding", &["src/oci/url.rs"]),
    ("granit_parser", &["src/source/yaml.rs"]),
    ("serde_yaml", &["src/source/second_reader.rs", "src/export/yaml.rs"]),
    ("miette", &["src/finding/render/human.rs"]),
    ("jsonschema", &["src/shape/schema.rs"]),
    (
        "strsim",
        &[
            "src/shape/schema.rs",
            "src/identify/nearest.rs",
            "src/rules/manifest/annotation_keys.rs",
            "src/rules/manifest/media_type.rs",
        ],
    ),
    ("askama", &["src/site.rs", "src/site/"]),
    ("pulldown_cmark", &["src/site/markdown.rs", "src/rules/catalog/"]),
    ("resvg", &["src/picture.rs"]),
    ("png", &["src/picture.rs"]),
    ("roxmltree", &["src/rules/catalog/"]),
    ("clap", &["src/cli.rs", "src/cli/"]),
    ("clap_complete", &["src/cli.rs"]),
    ("tempfile", &["src/cli/output_files.rs", "src/cli/fix.rs", "src/cli/new.rs"]),
    ("rustix", &["src/cli/output_files.rs"]),
    ("notify", &["src/cli/serve.rs"]),
    ("hyper", &["src/serve.rs"]),
    ("hyper_util", &["src/serve.rs"]),
    ("http_body_util", &["src/serve.rs"]),
    ("tokio", &["src/serve.rs"]),
    ("tokio_stream", &["src/serve.rs"]),
    ("walkdir", &["src/cli/input.rs", "src/archive.rs"]),
    ("tar", &["src/archive.rs", "src/rules/layout/layers.rs"]),
    ("flate2", &["src/archive.rs"]),
    ("ruzstd", &["src/archive.rs"]),
    ("blake3", &["src/oci/hash.rs"]),
    ("fluent_uri", &["src/oci/url.rs"]),
    ("memchr", &["src/cli/stream.rs"]),
    ("regex", &["src/rules/"]),
    ("sha2", &["src/oci/hash.rs"]),
    ("base64", &["src/rules/manifest/data.rs", "src/registry/", "src/site/registry.rs"]),
    ("ureq", &["src/registry.rs", "src/registry/"]),
    ("docker_credential", &["src/registry/credentials.rs"]),
    ("http_auth", &["src/registry/auth.rs"]),
    ("rustls_native_certs", &["src/registry/wire.rs"]),
    ("csv", &["src/listing/forms.rs"]),
    ("spdx", &["src/rules/manifest/license.rs"]),
    ("time", &["src/cli/new.rs"]),
    ("rustc_hash", &["src/identify.rs", "src/identify/"]),
];

fn sources() -> BTreeMap<String, String> {
    files("src")
        .into_iter()
        .map(|path| {
            (
                path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

fn floor(module: &str) -> u8 {
    FLOORS.iter().find(|(name, _)| *name == module).unwrap_or_else(|| panic!("`{module}` has no floor")).1
}

/// Lines of a file that are code: no comments, no tests.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| *line != "#[cfg(test)]").filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn floors_import_downward_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if path == "src/lib.rs" || path == "src/main.rs" {
            continue;
        }
        let module = path.strip_prefix("src/").unwrap().split(['/', '.']).next().unwrap().to_owned();
        for line in code(&text) {
            for rest in line.split("crate::").skip(1) {
                let names: Vec<&str> = match rest.strip_prefix('{') {
                    Some(group) => group
                        .split('}')
                        .next()
                        .unwrap()
                        .split(',')
                        .map(|name| name.trim().split("::").next().unwrap())
                        .collect(),
                    None => vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()],
                };
                for name in names.into_iter().filter(|name| FLOORS.iter().any(|(known, _)| known == name)) {
                    if name != module && floor(name) >= floor(&module) {
                        wrong.push(format!("{path} ({}) imports {name} ({})", floor(&module), floor(name)));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_outside_crate_has_its_door() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (name, doors) in DOORS {
            let named = code(&text).any(|line| {
                line.match_indices(&format!("{name}::"))
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
            });
            if named && !doors.iter().any(|door| path == *door || (door.ends_with('/') && path.starts_with(door))) {
                wrong.push(format!("{path} names {name}, whose door is {doors:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_command_line_prints_and_reads_its_surroundings() {
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.starts_with("src/cli") && path != "src/main.rs")
    {
        for line in code(&text) {
            for bad in [
                "println!",
                "eprint!",
                "print!(",
                "std::env::",
                "SystemTime",
                "Instant::now",
                "process::exit",
                "HashSet<",
                "TcpStream",
            ] {
                assert!(!line.contains(bad) || line.contains("env!("), "{path}: {line}");
            }
        }
    }
}

#[test]
fn every_rule_file_is_in_the_list() {
    let listed: Vec<&str> = oci_artifact_types::rules::all().into_iter().map(|rule| rule.source_file).collect();
    for (path, text) in sources() {
        let declares = text.lines().any(|line| line.trim_start() == "declare_rule! {");
        if declares && path != "src/finding/rule.rs" {
            assert!(listed.contains(&path.as_str()), "{path} declares a rule that no list has");
        }
    }
    for rule in oci_artifact_types::rules::all() {
        // A file with one rule carries its id; a family of rules shares a file.
        let name = rule.source_file.rsplit('/').next().unwrap().trim_end_matches(".rs").replace('_', "-");
        let alone =
            oci_artifact_types::rules::all().iter().filter(|other| other.source_file == rule.source_file).count() == 1;
        assert!(!alone || name == rule.id, "{} stands in {}", rule.id, rule.source_file);
    }
}

#[test]
fn templates_print_nothing_raw_but_what_the_site_made_itself() {
    for path in files("site-templates") {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for line in text.lines().filter(|line| line.contains("|safe")) {
            assert!(line.contains("html|safe") || line.contains("_html"), "{}: {line}", path.display());
        }
    }
}

#[test]
fn the_package_holds_what_the_program_needs() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for folder in ["types", "schemas", "site-templates", "src"] {
        assert!(manifest.contains(&format!("\"/{folder}/**\"")), "{folder} is not in the package");
    }
}

#[test]
fn no_label_was_unreadable() {
    // miette says so in its output and goes on; no expected text may hold that line.
    for path in files("tests") {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains("Failed to read contents"), "{}", path.display());
        }
    }
}

//! Every rule reports what its page says it reports, and is silent where its page says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use oci_artifact_types::finding::Rule;
use oci_artifact_types::oci::digest::Algorithm;
use oci_artifact_types::rules;
use serde_json::{Value, json};

use crate::harness::{EMPTY_DIGEST, SAMPLE_EXAMPLE, World, files, merged, root};
use crate::layouts::{self, Files};

/// The option whose value stands in place of a file.
const REFERENCE: &str = "--reference";

/// An executed example: the files of its fences, by path; one without path is a fragment or a manifest.
#[derive(Debug, Default)]
struct Case {
    name: String,
    reported: bool,
    files: Vec<(String, String)>,
    /// Options of the program.
    options: Vec<String>,
}

/// The examples on a rule's page: the fences under one heading are one case.
///
/// A fence says `LANGUAGE reported|accepted [FORM [OPTIONS]]`, the options being those of the program. Of YAML, the form
/// is the path of the file, and the text replaces keys of the sample entry. Of JSON, the form is one of [`document`], or
/// `config` or `whole-config`: the config of an image, all of it or what makes it no plain one; its manifest has one
/// layer unless there is another fence for it. Of text, the form `reference` is what the option of that name is given,
/// beside a valid manifest.
fn page_cases(rule: &Rule) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut fence: Option<(String, String)> = None;
    let mut fresh = true;
    for line in rule.docs.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some((info, text)) = &mut fence {
            if line == "```" {
                let (info, options) = info.split_once(" --").unwrap_or((info, ""));
                let mut words = info.split(' ');
                let (language, verdict, path) = (words.next().unwrap(), words.next(), words.next());
                if let Some(verdict) = verdict {
                    let file = if matches!(path, Some("config" | "whole-config")) {
                        ("config.json".to_owned(), config(rule, path == Some("config"), text))
                    } else if language == "json" && path.is_none_or(|path| !path.contains(['.', '/'])) {
                        ("manifest.json".to_owned(), document(rule, path.unwrap_or("fragment"), text))
                    } else if (language, path) == ("text", Some("reference")) {
                        (REFERENCE.to_owned(), text.trim_end().to_owned())
                    } else {
                        (path.unwrap_or("types/sample/type.yaml").to_owned(), text.clone())
                    };
                    let reported = verdict == "reported";
                    assert!(reported || verdict == "accepted", "{}: a fence says `{verdict}`", rule.id);
                    if std::mem::take(&mut fresh) {
                        cases.push(Case {
                            name: format!("page, case {}", cases.len() + 1),
                            reported,
                            ..Case::default()
                        });
                    }
                    if !options.is_empty() {
                        let words = format!("--{options}");
                        cases.last_mut().unwrap().options.extend(words.split(' ').map(str::to_owned));
                    }
                    cases.last_mut().unwrap().files.push(file);
                }
                fence = None;
            } else {
                text.push_str(line);
                text.push('\n');
            }
        } else if let Some(info) = line.strip_prefix("```") {
            fence = Some((info.to_owned(), String::new()));
        } else if line.starts_with("## ") {
            fresh = true;
        }
    }
    assert!(fence.is_none(), "{}: a fence is not closed", rule.id);
    for case in &mut cases {
        let has = |path: &str| case.files.iter().any(|(other, _)| other == path);
        if has("config.json") && !has("manifest.json") {
            case.files.push(("manifest.json".to_owned(), completed(json!({}), false).to_string()));
        }
    }
    cases
}

/// The config of an image of one layer, from some of its members.
fn config(rule: &Rule, complete: bool, text: &str) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", rule.id));
    if complete {
        let members = value.as_object_mut().unwrap();
        members.entry("architecture").or_insert(json!("amd64"));
        members.entry("os").or_insert(json!("linux"));
        members.entry("rootfs").or_insert(json!({ "type": "layers", "diff_ids": [format!("sha256:{:064x}", 1)] }));
    }
    value.to_string()
}

/// The files that a case gives to the program, as arguments.
fn arguments<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let paths = paths.filter(|path| !path.ends_with("/type.yaml") && !path.starts_with("types/"));
    paths.flat_map(|path| if path == "config.json" { vec!["--config", path] } else { vec![path] }).collect()
}

/// The document that an example on a page stands for; so that examples show what they are about and no more, all but
/// `whole` leave out what a document must have besides.
fn document(rule: &Rule, form: &str, text: &str) -> String {
    if form == "whole" {
        return text.to_owned();
    }
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", rule.id));
    let fragment = match form {
        "fragment" => value,
        "descriptor" => json!({ "layers": [value] }),
        "annotations" => json!({ "annotations": value }),
        "platform" => json!({ "manifests": [{ "platform": value }] }),
        other => panic!("{}: a fence has the form `{other}`", rule.id),
    };
    completed(fragment, form == "descriptor").to_string()
}

/// A manifest or index from some of its members; descriptors get what they lack, unless they are `exact`.
fn completed(mut fragment: Value, exact: bool) -> Value {
    const EMPTY: &str = "application/vnd.oci.empty.v1+json";
    let members = fragment.as_object_mut().unwrap();
    let index = members.contains_key("manifests");
    let artifact = members.contains_key("artifactType");
    members.entry("schemaVersion").or_insert(json!(2));
    let kind = if index { "index" } else { "manifest" };
    if !members.contains_key("fsLayers") && !members.contains_key("blobs") {
        members.entry("mediaType").or_insert(json!(format!("application/vnd.oci.image.{kind}.v1+json")));
        if !index {
            let config = if artifact { EMPTY } else { "application/vnd.oci.image.config.v1+json" };
            members.entry("config").or_insert(json!({ "mediaType": config }));
            let layer = if artifact {
                "application/vnd.example.content"
            } else {
                "application/vnd.oci.image.layer.v1.tar+gzip"
            };
            members.entry("layers").or_insert(json!([{ "mediaType": layer }]));
        }
    }
    let mut count = 0;
    let mut complete = |descriptor: &mut Value, media_type: &str| {
        count += 1;
        let Some(descriptor) = descriptor.as_object_mut() else { return };
        let media_type = descriptor.entry("mediaType").or_insert(json!(media_type)).clone();
        let empty = media_type == EMPTY;
        let digest = if empty { EMPTY_DIGEST.to_owned() } else { format!("sha256:{count:064x}") };
        descriptor.entry("digest").or_insert(json!(digest));
        descriptor.entry("size").or_insert(json!(if empty { 2 } else { 1000 + count }));
    };
    for (name, media_type) in [
        ("config", "application/vnd.oci.image.config.v1+json"),
        ("layers", "application/vnd.oci.image.layer.v1.tar+gzip"),
        ("blobs", "application/vnd.example.content"),
        ("manifests", "application/vnd.oci.image.manifest.v1+json"),
        ("subject", "application/vnd.oci.image.manifest.v1+json"),
    ] {
        match members.get_mut(name) {
            Some(Value::Array(descriptors)) if !(exact && name == "layers") => {
                for descriptor in descriptors {
                    complete(descriptor, media_type);
                }
            }
            Some(one @ Value::Object(_)) => complete(one, media_type),
            _ => {}
        }
    }
    fragment
}

/// The folders `tests/rules/<rule>/<case>/`: reported when `expected.txt` holds something.
fn folder_cases(rule: &Rule) -> Vec<Case> {
    let folder = format!("tests/rules/{}", rule.id);
    if !root().join(&folder).is_dir() {
        return Vec::new();
    }
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for path in files(&folder) {
        let relative = path.strip_prefix(root().join(&folder)).unwrap().to_str().unwrap().replace('\\', "/");
        let (name, file) = relative.split_once('/').unwrap();
        let case = cases.entry(name.to_owned()).or_default();
        case.name = format!("{folder}/{name}");
        let text = fs::read_to_string(&path).unwrap();
        if file == "expected.txt" {
            case.reported = !text.is_empty();
        } else {
            case.files.push((file.to_owned(), text));
        }
    }
    cases.into_values().collect()
}

/// Cases that no text file can hold.
fn made_cases(rule: &Rule) -> Vec<(bool, &'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    let manifest = |text: String| ("manifest.json", text.into_bytes());
    // An index with something behind its list.
    let index = |more: &str| {
        let head = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]";
        format!("{head}{more}}}")
    };
    let entry = |text: String| ("types/sample/type.yaml", text.into_bytes());
    let one = |reported: bool, (path, bytes): (&'static str, Vec<u8>)| (reported, path, bytes);
    match rule.id {
        "unreadable-text" => vec![
            (true, "types/sample/type.yaml", b"id: sam\xFFple\n".to_vec()),
            one(true, entry(format!("\u{FEFF}{}", merged("")))),
            one(false, entry(merged("summary: \"\u{e9}t\u{e9}\"\n"))),
        ],
        "oversized-file" => vec![
            one(true, entry(merged(&format!("description: {}\n", "x ".repeat(40_000))))),
            one(false, entry(merged("summary: Short.\n"))),
        ],
        "deep-nesting" => vec![
            one(true, entry(merged(&format!("roles: {}\n", deep("[", "]", 30_000))))),
            one(true, entry(merged(&format!("roles: {}\n", deep("[", "]", 40))))),
            one(false, entry(merged(""))),
        ],
        "root-not-a-mapping" => {
            vec![one(true, entry("- id\n".to_owned())), one(true, entry(String::new())), one(false, entry(merged("")))]
        }
        "reader-disagreement" => vec![
            // Valid in YAML 1.2, refused by readers of YAML 1.1.
            one(true, entry(merged("summary: \"A \\ud83d\\ude00 sample.\"\n"))),
            one(false, entry(merged("summary: \"A \u{1F600} sample.\"\n"))),
        ],
        "json-encoding-utf8" => vec![
            (true, "manifest.json", b"{\"manifests\":[],\"x\":\"\xFF\"}".to_vec()),
            one(false, manifest(index(",\"x\":\"\u{e9}\""))),
        ],
        "json-bom" => vec![one(true, manifest(format!("\u{FEFF}{}", index("")))), one(false, manifest(index("")))],
        "json-depth" => vec![
            one(true, manifest(index(&format!(",\"x\":{}", deep("[", "]", 65))))),
            one(true, manifest(deep("[", "]", 1_000_000))),
            one(false, manifest(index(&format!(",\"x\":{}", deep("[", "]", 60))))),
        ],
        "json-input-size" => vec![
            one(true, manifest(index(&format!(",\"x\":\"{}\"", "x".repeat(8 << 20))))),
            one(false, manifest(index(&format!(",\"x\":\"{}\"", "x".repeat(1 << 20))))),
        ],
        "manifest-size-limit" => vec![
            one(true, manifest(index(&format!(",\"x\":\"{}\"", "x".repeat(4 << 20))))),
            one(false, manifest(index(&format!(",\"x\":\"{}\"", "x".repeat((4 << 20) - 100))))),
        ],
        "descriptor-data-large" => {
            let embedded = |bytes: usize| {
                let content = vec![0; bytes];
                let layer = json!({
                    "mediaType": "application/vnd.oci.image.layer.v1.tar",
                    "digest": Algorithm::Sha256.digest(&content),
                    "size": bytes,
                    "data": "AAAA".repeat(bytes / 3),
                });
                manifest(completed(json!({ "layers": [layer] }), true).to_string())
            };
            vec![one(true, embedded(900_000)), one(false, embedded(300_000))]
        }
        "missing-entry" => {
            vec![(true, "types/empty/examples/plain.json", SAMPLE_EXAMPLE.into()), one(false, entry(merged("")))]
        }
        _ => Vec::new(),
    }
}

/// The rules that a case breaks.
fn broken(rule: &Rule, files: &[(String, Vec<u8>)], options: &[String]) -> (BTreeSet<String>, Vec<Value>) {
    let mut world = World::new();
    if let [(REFERENCE, reference)] = files.iter().map(|(path, text)| (path.as_str(), text)).collect::<Vec<_>>()[..] {
        let reference = std::str::from_utf8(reference).unwrap();
        world = world.file("manifest.json", document(rule, "fragment", "{}"));
        return run(&world, rule, &[REFERENCE, reference, "manifest.json"], options);
    }
    let manifests = arguments(files.iter().map(|(path, _)| path.as_str()).filter(|path| *path != "descriptor.json"));
    // A folder `layout` is linted as a whole, and so is what `archive` holds, as a tar.
    let within = |folder: &str| -> Files {
        let own = files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(folder)?.to_owned(), bytes.clone())));
        own.collect()
    };
    let (layout, archive) = (within("layout/"), within("archive/"));
    let manifests = if layout.is_empty() { manifests } else { vec!["layout"] };
    let manifests = if archive.is_empty() { manifests } else { vec!["archive.tar"] };
    if !archive.is_empty() {
        world = world.file("archive.tar", layouts::packed(&layouts::docker().into_iter().chain(archive).collect()));
    }
    // A page shows only the file that matters.
    if !layout.is_empty() && layout.len() < 2 {
        for (path, bytes) in layouts::layout(&layouts::Recipe::default()) {
            world = world.file(&format!("layout/{path}"), bytes);
        }
    }
    if manifests.is_empty() {
        world = World::sample();
    }
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("archive/")) {
        world = world.file(path, bytes);
    }
    // A manifest beside entries is held against them.
    let own = files.iter().any(|(path, _)| path.starts_with("types/"));
    if own && !manifests.is_empty() {
        let example = world.path("types/sample/examples/plain.json");
        fs::create_dir_all(example.parent().unwrap()).unwrap();
        fs::write(example, SAMPLE_EXAMPLE).unwrap();
    }
    let catalog: &[&str] = if own && !manifests.is_empty() { &["--catalog", "."] } else { &[] };
    run(&world, rule, &[catalog, &manifests].concat(), options)
}

fn run(world: &World, rule: &Rule, args: &[&str], options: &[String]) -> (BTreeSet<String>, Vec<Value>) {
    // The strictest release; a rule that is only reported when somebody asks is asked for.
    let mut options: Vec<&str> = options.iter().map(String::as_str).chain(["--spec", "main"]).collect();
    if rule.opt_in {
        options.extend(["--warn", rule.id]);
    }
    let findings = world.findings(&[&options, args].concat());
    (findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect(), findings)
}

fn all_cases(rule: &Rule) -> Vec<(String, bool, Vec<(String, Vec<u8>)>, Vec<String>)> {
    let mut all = Vec::new();
    for case in page_cases(rule).into_iter().chain(folder_cases(rule)) {
        let on_page = case.name.starts_with("page");
        let files = case.files.into_iter().map(|(path, text)| {
            let text = if on_page && path.ends_with("type.yaml") { merged(&text) } else { text };
            (path, text.into_bytes())
        });
        all.push((case.name, case.reported, files.collect(), case.options));
    }
    for (index, (reported, path, bytes)) in made_cases(rule).into_iter().enumerate() {
        all.push((format!("made {}", index + 1), reported, vec![(path.to_owned(), bytes)], Vec::new()));
    }
    for (index, (reported, files)) in layouts::cases(rule.id).into_iter().enumerate() {
        let folder = if files.contains_key("archive.tar") { "" } else { "layout/" };
        let files = files.into_iter().map(|(path, bytes)| (format!("{folder}{path}"), bytes));
        all.push((format!("layout {}", index + 1), reported, files.collect(), Vec::new()));
    }
    all
}

#[test]
fn every_case_reports_its_own_rule_and_nothing_else() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        for (name, reported, files, options) in all_cases(rule) {
            let (broken, findings) = broken(rule, &files, &options);
            // Information about an unknown type belongs to manifests of invented types.
            let others: Vec<&String> = broken.iter().filter(|id| *id != rule.id && *id != "unknown-artifact").collect();
            let own = broken.contains(rule.id);
            if own != reported || !others.is_empty() {
                wrong.push(format!(
                    "{}, {name}: reported {own}, expected {reported}; others {others:?}\n{findings:#?}",
                    rule.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_a_reported_and_an_accepted_case() {
    let lacking: Vec<String> = rules::all()
        .into_iter()
        .filter_map(|rule| {
            let cases = all_cases(rule);
            let (yes, no) =
                (cases.iter().any(|(_, reported, ..)| *reported), cases.iter().any(|(_, reported, ..)| !reported));
            (!yes || !no).then(|| format!("{}: reported {yes}, accepted {no}", rule.id))
        })
        .collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn every_folder_of_cases_belongs_to_a_rule() {
    for entry in fs::read_dir(root().join("tests/rules")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            assert!(rules::find(&name).is_some(), "tests/rules/{name} belongs to no rule");
        }
    }
}

#[test]
fn folder_cases_render_as_expected() {
    for rule in rules::all() {
        for case in folder_cases(rule) {
            let mut world = World::new();
            let paths: Vec<String> = case.files.iter().map(|(path, _)| path.clone()).collect();
            for (path, text) in &case.files {
                world = world.file(path, text);
            }
            let mut args = vec!["lint"];
            args.extend(arguments(paths.iter().map(String::as_str)));
            let run = world.run(&args);
            let shown = if run.err.starts_with("no findings") { String::new() } else { run.err };
            snapbox::assert_data_eq!(
                shown,
                snapbox::Data::read_from(&root().join(&case.name).join("expected.txt"), None).raw()
            );
        }
    }
}

#[test]
fn pages_have_their_headings_and_ids_are_well_formed() {
    for rule in rules::all() {
        let id = rule.id;
        assert!(
            id.split('-')
                .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())),
            "{id}"
        );
        assert!(!["error", "warning", "info"].contains(&id), "{id} is a level");
        assert!(
            !["no-", "check-", "use-", "banned-", "disallow-"].iter().any(|bad| id.starts_with(bad)),
            "{id} names a remedy"
        );
        for heading in ["## Why", "## How to fix"] {
            assert!(rule.docs.contains(heading), "{id} has no `{heading}`");
        }
        assert!(rule.docs.lines().next().unwrap().trim_end().ends_with('.'), "{id}: the first line is a sentence");
        assert!(rule.source_file.starts_with("src/"), "{id}");
    }
}

#[test]
fn every_requirement_is_a_rule_or_explained() {
    let read = |name: &str| fs::read_to_string(root().join("tests/rules").join(name)).unwrap();
    let inventory = read("inventory.txt");
    let explained: BTreeSet<String> = read("README.md")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once("` | ")?.0.to_owned()))
        .collect();
    let wanted: BTreeSet<&str> = inventory.lines().collect();
    for id in &wanted {
        let (rule, told) = (rules::find(id).is_some(), explained.contains(*id));
        assert!(rule != told, "{id}: a rule {rule}, explained {told}");
    }
    assert!(explained.iter().all(|id| wanted.contains(id.as_str())), "{explained:?}");
}

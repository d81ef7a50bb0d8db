//! Each kind of change is called what it is, in every form of output, wherever the two states come from.

use std::path::Path;
use std::process::Command;

use oci_artifact_types::schemas;
use serde_json::{Value, json};

use crate::harness::{Run, SAMPLE, SAMPLE_EXAMPLE, World, merged, root};

const ONE: &str = "application/vnd.example.sample.config.v1+json";
const TWO: &str = "application/vnd.example.sample.config.v2+json";

/// Another entry than the sample, which shares nothing with it.
fn other(text: &str) -> String {
    text.replace("sample", "other").replace("Sample", "Other")
}

/// A world with two catalogs, `old` and `new`: the sample entry with the keys of a fragment in place of its own.
fn world(old: &str, new: &str) -> World {
    let mut world = World::new();
    for (side, fragment) in [("old", old), ("new", new)] {
        world = add(world, side, "sample", &merged(fragment), SAMPLE_EXAMPLE);
    }
    world
}

fn add(world: World, side: &str, id: &str, entry: &str, example: &str) -> World {
    world
        .file(&format!("{side}/types/{id}/type.yaml"), entry)
        .file(&format!("{side}/types/{id}/examples/plain.json"), example)
}

/// The comparison as JSON, which satisfies its schema.
fn diff(world: &World, args: &[&str]) -> Value {
    let run = world.run(&[&["diff", "--format", "json"], args].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let diff: Value = serde_json::from_str(&run.out).unwrap();
    let validator = jsonschema::validator_for(&schemas::all()["diff"]).unwrap();
    let errors: Vec<String> = validator.iter_errors(&diff).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    diff
}

/// Class, kind and type of each change.
fn told(diff: &Value) -> Vec<[String; 3]> {
    let of = |change: &Value| ["class", "kind", "type"].map(|key| change[key].as_str().unwrap().to_owned());
    diff["changes"].as_array().unwrap().iter().map(of).collect()
}

/// The kinds alone.
fn kinds(diff: &Value) -> Vec<String> {
    told(diff).into_iter().map(|[_, kind, _]| kind).collect()
}

fn changes(old: &str, new: &str) -> Vec<[String; 3]> {
    told(&diff(&world(old, new), &["old", "new"]))
}

#[test]
fn the_same_inputs_have_no_difference() {
    let world = world("", "");
    assert_eq!(world.run(&["mapping", "--catalog", "old", "--out", "old.json"]).code, 0);
    assert_eq!(
        world.run(&["mapping", "--catalog", "old", "--base-url", "https://example.com", "--out", "site.json"]).code,
        0
    );
    for pair in
        [["old", "new"], ["old.json", "new"], ["old", "old.json"], ["old.json", "old.json"], ["old.json", "site.json"]]
    {
        let run = world.run(&["diff", "--deny", "notable", pair[0], pair[1]]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        assert!(run.out.ends_with("\nnothing changes for those who use the mapping\n"), "{}", run.out);
    }
    let run = world.run(&["diff", "--format", "markdown", "old", "new"]);
    assert_eq!(
        run.out,
        "## What changes for consumers\n\nNothing changes from catalog `2026.01.01` to `2026.01.01`.\n"
    );
    // Without NEW, the catalog at hand.
    let run = world.run(&["diff", "old.json", "--catalog", "new"]);
    assert!(run.out.contains("nothing changes"), "{}", run.out);
    let embedded = World::new();
    assert_eq!(embedded.run(&["mapping", "--out", "m.json"]).code, 0);
    let run = embedded.run(&["diff", "m.json"]);
    assert!(run.out.contains("new  the catalog of this program") && run.out.contains("nothing changes"), "{}", run.out);
}

#[test]
fn what_is_shown_and_how_a_type_stands_is_notable() {
    for (new, kind) in [
        ("label: Probe\n", "label-changed"),
        ("title: Probe\n", "title-changed"),
        ("tier: verified\n", "tier-changed"),
        ("roles: [config, chart]\n", "roles-changed"),
        ("status: { state: deprecated, since: \"2026-02\", reason: Not written any more. }\n", "status-changed"),
    ] {
        assert_eq!(changes("", new), [["notable", kind, "sample"]], "{new}");
    }
    assert_eq!(changes("", "summary: Said otherwise.\n"), [["harmless", "summary-changed", "sample"]]);
    assert_eq!(changes("", "description: Said otherwise.\n"), [["harmless", "description-changed", "sample"]]);
    assert_eq!(changes("", "links: { home: \"https://example.org\" }\n"), [["harmless", "links-changed", "sample"]]);
    assert_eq!(changes("", "aliases: [probe]\n"), [["harmless", "alias-added", "sample"]]);
    assert_eq!(changes("aliases: [probe]\n", ""), [["notable", "alias-removed", "sample"]]);
}

#[test]
fn what_says_nothing_changes_answers() {
    let mut world = world("", "");
    assert_eq!(world.run(&["mapping", "--catalog", "old", "--out", "old.json"]).code, 0);
    let mapping: Value = serde_json::from_str(&std::fs::read_to_string(world.path("old.json")).unwrap()).unwrap();
    let list = mapping["placeholders"].as_array().unwrap().clone();
    for (name, placeholders) in [("fewer.json", Some(list[1..].to_vec())), ("older.json", None)] {
        let mut mapping = mapping.clone();
        match placeholders {
            Some(placeholders) => mapping["placeholders"] = placeholders.into(),
            None => drop(mapping.as_object_mut().unwrap().remove("placeholders")),
        }
        world = world.file(name, mapping.to_string());
    }
    let one = list[0].as_str().unwrap();
    for (old, new, kind) in [("fewer.json", "old", "placeholder-added"), ("old", "fewer.json", "placeholder-removed")] {
        let found = diff(&world, &[old, new]);
        assert_eq!(found["changes"], json!([{ "kind": kind, "class": "breaking", "part": one }]));
        assert_eq!(found["proposal"]["version"], "2026.01.02");
        let human = world.run(&["diff", old, new]).out;
        assert!(human.contains(&format!("\n    {one}\n")), "{human}");
        let markdown = world.run(&["diff", "--format", "markdown", old, new]).out;
        assert!(markdown.contains(&format!("\n- `{one}`\n")), "{markdown}");
    }
    // A selection changes nothing of it.
    let world = world.file("selection.yaml", "default: include\n");
    let found = diff(&world, &["fewer.json", "old", "--select", "selection.yaml"]);
    assert_eq!(found["changes"][0]["kind"], "placeholder-added");
    // A mapping that is older than the list is read as if it had that of this program.
    assert_eq!(kinds(&diff(&world, &["older.json", "new"])), [""; 0]);
}

#[test]
fn entries_that_come_and_go() {
    let added = add(world("", ""), "new", "other", &other(SAMPLE), &other(SAMPLE_EXAMPLE));
    assert_eq!(told(&diff(&added, &["old", "new"])), [["notable", "type-added", "other"]]);
    let back = diff(&added, &["new", "old"]);
    assert_eq!(told(&back), [["breaking", "type-removed", "other"], ["breaking", "answer-changed", "other"]]);
    assert_eq!(back["changes"][1]["examples"], json!(["other/plain.json"]));
    assert_eq!(back["changes"][1]["after"], "unknown");
    assert_eq!(back["proposal"]["version"], "2026.01.02");
}

#[test]
fn a_media_type_that_goes_is_breaking_and_one_that_comes_is_not() {
    let with = |types: &str, former: &str| {
        format!(
            "structure:\n  shapes: [oci-manifest]\n  config:\n    mediaTypes: [{types}]\n  otherLayers: optional\n  subject: optional\n\
             {former}sources:\n  - mediaTypes: [{ONE}, {TWO}]\n    fact: Both.\n    specification: https://example.com/specification\n"
        )
    };
    let (both, one) = (with(&format!("{TWO}, {ONE}"), ""), with(ONE, ""));
    let gone = [["breaking", "media-type-removed", "sample"], ["breaking", "structure-tightened", "sample"]];
    assert_eq!(changes(&both, &one), gone);
    let came = [["notable", "media-type-added", "sample"], ["notable", "structure-loosened", "sample"]];
    assert_eq!(changes(&one, &both), came);
    let former = format!("formerMediaTypes:\n  - {{ mediaType: {TWO}, place: config, successor: {ONE} }}\n");
    let former = with(ONE, &former);
    assert_eq!(changes(&one, &former), [["notable", "former-media-type-added", "sample"]]);
    assert_eq!(changes(&both, &former)[1], ["notable", "media-type-former", "sample"]);
    assert_eq!(changes(&former, &one), [["breaking", "media-type-removed", "sample"]]);
}

#[test]
fn a_media_type_that_moves_names_both_types() {
    let moved = |sample: bool| {
        let more = "artifactType:\n    presence: optional\n    mediaTypes: [application/vnd.example.shared]\n  ";
        let structure = |with: bool| {
            format!(
                "structure:\n  shapes: [oci-manifest]\n  {}config:\n    mediaTypes: [application/vnd.example.sample.config.v1+json]\n  otherLayers: optional\n  subject: optional\nsources:\n  - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.shared]\n    fact: Both.\n    specification: https://example.com/specification\n",
                if with { more } else { "" }
            )
        };
        (merged(&structure(sample)), other(&merged(&structure(!sample))))
    };
    let mut world = World::new();
    for (side, sample) in [("old", true), ("new", false)] {
        let (one, two) = moved(sample);
        world = add(world, side, "sample", &one, SAMPLE_EXAMPLE);
        world = add(world, side, "other", &two, &other(SAMPLE_EXAMPLE));
    }
    let diff = diff(&world, &["old", "new"]);
    assert_eq!(
        told(&diff),
        [
            ["breaking", "media-type-moved", "sample"],
            ["breaking", "structure-tightened", "sample"],
            ["notable", "structure-loosened", "other"]
        ]
    );
    assert_eq!(diff["changes"][0]["part"], "application/vnd.example.shared (artifact-type)");
    assert_eq!(
        (diff["changes"][0]["before"].as_str(), diff["changes"][0]["after"].as_str()),
        (Some("sample"), Some("other"))
    );
}

#[test]
fn a_changed_predicate_is_breaking_and_names_the_example() {
    let rule = |value: &str| {
        format!("identify:\n  rules:\n    - when: {{ field: annotations, key: com.example.{value}, present: true }}\n")
    };
    let changed = diff(&world("", &rule("x")), &["old", "new"]);
    assert_eq!(kinds(&changed), ["answer-changed", "rule-changed", "mapped-media-type-removed"]);
    assert_eq!(changed["changes"][0]["examples"], json!(["sample/plain.json"]));
    assert_eq!(changed["changes"][0]["before"], "sample (exact)");
    let when = json!({ "field": "annotations", "key": "com.example.x", "present": true });
    assert_eq!(serde_json::from_str::<Value>(changed["changes"][1]["after"].as_str().unwrap()).unwrap(), when);
    let wider = "identify:\n  rules:\n    - when: { field: config.mediaType, oneOf: [application/vnd.example.sample.config.v1+json, application/vnd.example.sample.config.v2+json] }\nsources:\n  - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.sample.config.v2+json]\n    fact: Both.\n    specification: https://example.com/specification\n";
    let wider = diff(&world("", wider), &["old", "new"]);
    assert_eq!(told(&wider)[0], ["breaking", "rule-changed", "sample"]);
    assert_eq!(wider["changes"][0]["note"], "it holds of every document of before, and of more");
    let more = "identify:\n  rules:\n    - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }\n    - when: { field: annotations, key: com.example.x, present: true }\n";
    assert_eq!(changes("", more), [["notable", "rule-added", "sample"]]);
    assert_eq!(changes(more, ""), [["breaking", "rule-removed", "sample"]]);
}

#[test]
fn a_command_that_changes_is_shown_as_it_is() {
    let action = |tag: &str| {
        format!(
            "tools:\n  - {{ id: oras, title: ORAS, home: \"https://oras.land\" }}\nactions:\n  - title: Pull\n    tool: oras\n    argv: [oras, pull, {tag}]\n"
        )
    };
    let (one, two) = (action("\"{reference}\""), action("\"{location}\""));
    let diff = diff(&world(&one, &two), &["old", "new"]);
    assert_eq!(told(&diff), [["notable", "action-changed", "sample"]]);
    let change = &diff["changes"][0];
    assert_eq!(change["before"], r#"["oras","pull","{reference}"]"#);
    assert_eq!(
        (change["part"].as_str(), change["after"].as_str()),
        (Some("Pull"), Some(r#"["oras","pull","{location}"]"#))
    );
    let came = changes("", &one);
    assert_eq!(came, [["notable", "action-added", "sample"], ["notable", "tools-changed", "sample"]]);
    assert_eq!(changes(&one, "")[0], ["notable", "action-removed", "sample"]);
}

#[test]
fn ids_that_changed_places_are_called_that() {
    let mut world = World::new();
    let under = |id: &str, text: &str| {
        let line = text.lines().find(|line| line.starts_with("id: ")).unwrap();
        text.replacen(line, &format!("id: {id}"), 1)
    };
    for (side, one, two) in [("old", "sample", "other"), ("new", "other", "sample")] {
        world = add(world, side, one, &under(one, SAMPLE), SAMPLE_EXAMPLE);
        world = add(world, side, two, &under(two, &other(SAMPLE)), &other(SAMPLE_EXAMPLE));
    }
    let swapped = diff(&world, &["old", "new"]);
    assert_eq!(told(&swapped), [["breaking", "ids-swapped", "sample"]]);
    assert_eq!(swapped["changes"][0]["formerType"], "other");
    // The same by the mappings alone.
    for side in ["old", "new"] {
        assert_eq!(world.run(&["mapping", "--catalog", side, "--out", &format!("{side}.json")]).code, 0);
    }
    assert_eq!(told(&diff(&world, &["old.json", "new.json"])), [["breaking", "ids-swapped", "sample"]]);
    // One goes, and the other takes its id.
    let world = add(World::new(), "old", "sample", SAMPLE, SAMPLE_EXAMPLE);
    let world = add(world, "old", "other", &other(SAMPLE), &other(SAMPLE_EXAMPLE));
    let world = add(world, "new", "other", &under("other", SAMPLE), SAMPLE_EXAMPLE);
    assert_eq!(kinds(&diff(&world, &["old", "new"])), ["id-reused", "id-renamed", "answer-changed"]);
}

#[test]
fn another_id_for_the_same_rules_is_a_renaming() {
    for (aliases, label) in [("", "Sample"), ("aliases: [sample]\n", "Sample"), ("aliases: [sample]\n", "Probe")] {
        let world = add(World::new(), "old", "sample", SAMPLE, SAMPLE_EXAMPLE);
        let entry = merged(&format!("id: probe\n{aliases}label: {label}\n"));
        let world = add(world, "new", "probe", &entry, SAMPLE_EXAMPLE);
        let diff = diff(&world, &["old", "new"]);
        let change = &diff["changes"][0];
        assert_eq!(told(&diff)[0], ["breaking", "id-renamed", "probe"]);
        assert_eq!(change["formerType"], "sample");
        assert_eq!(change["note"] == "the former id is an alias", !aliases.is_empty(), "{change}");
        assert_eq!(kinds(&diff).iter().any(|kind| kind == "label-changed"), label == "Probe");
    }
}

#[test]
fn a_selection_narrows_to_what_it_takes() {
    let world = world("tier: listed\n", "tier: verified\nlabel: Probe\n");
    let mut world = add(world, "old", "other", &other(SAMPLE), &other(SAMPLE_EXAMPLE));
    let relabelled = other(&merged("label: Third\n"));
    world = add(world, "new", "other", &relabelled, &other(SAMPLE_EXAMPLE));
    let select = |world: World, rule: &str| {
        world.file("selection.yaml", format!("default: exclude\nrules:\n  - {{ verdict: include, {rule} }}\n"))
    };
    let by = |world: &World| {
        let diff = diff(world, &["old", "new", "--select", "selection.yaml"]);
        assert_eq!(diff["selected"], true);
        diff
    };
    let world = select(world, "tiers: [verified]");
    let entered = by(&world);
    assert_eq!(told(&entered), [["notable", "selection-entered", "sample"]]);
    assert_eq!(entered["changes"][0]["before"], "exclude by default");
    assert_eq!(entered["changes"][0]["after"], "rule 1: include tiers verified");
    let world = select(world, "tiers: [listed]");
    assert_eq!(told(&by(&world)), [["breaking", "selection-left", "sample"], ["notable", "label-changed", "other"]]);
    let world = select(world, "ids: [sample]");
    let both = [["notable", "label-changed", "sample"], ["notable", "tier-changed", "sample"]];
    assert_eq!(told(&by(&world)), both);
    // What the selection shows differently does not change.
    let text = "default: include\noverrides:\n  sample: { label: Ours }\n  other: { label: Theirs }\n";
    let world = world.file("selection.yaml", text);
    assert_eq!(told(&by(&world)), [["notable", "tier-changed", "sample"]]);
    // In-house entries stand on both sides.
    let house = other(&merged("id: house\n")).replace("vnd.example.other", "vnd.example.house");
    let world = world.file("house/types/house/type.yaml", house).file(
        "selection.yaml",
        "default: exclude\noverlays: [{ folder: house }]\nrules:\n  - { verdict: include, ids: [house] }\n",
    );
    assert_eq!(told(&by(&world)), Vec::<[&str; 3]>::new());
    // A pin to another state is said.
    let pin = "0".repeat(64);
    let world = world.file("selection.yaml", format!("catalog: {{ digest: \"sha256:{pin}\" }}\ndefault: include\n"));
    let run = world.run(&["diff", "old", "new", "--select", "selection.yaml"]);
    assert!(run.err.starts_with("warning: the selection is pinned to sha256:0000"), "{}", run.err);
    let world = world.file("selection.yaml", "default: perhaps\n");
    assert_eq!(world.run(&["diff", "old", "new", "--select", "selection.yaml"]).code, 1);
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_revision_is_read_from_the_repository() {
    let world = World::sample().file("types/README.md", "Not an entry.\n");
    let folder = world.path("");
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "--message", "One"]);
    let world = world.file("types/sample/type.yaml", merged("label: Probe\n"));
    assert_eq!(told(&diff(&world, &["--against", "HEAD"])), [["notable", "label-changed", "sample"]]);
    git(&folder, &["commit", "--quiet", "--all", "--message", "Two"]);
    let diff = diff(&world, &["--against", "main~1"]);
    assert_eq!((told(&diff).len(), diff["old"]["name"].as_str()), (1, Some("types at main~1")));
    // What is compared with may be named.
    assert_eq!(world.run(&["mapping", "--catalog", ".", "--out", "m.json"]).code, 0);
    let run = world.run(&["diff", "--against", "HEAD", "m.json", "--deny", "notable"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    // Nothing but the folder of entries is read, and a name is never an option.
    for (revision, message) in [
        ("nothing", "Not a valid object name nothing"),
        ("--output=x", "Not a valid object name --output=x"),
        ("-h", "Not a valid object name -h"),
        ("$(touch x)", "Not a valid object name $(touch x)"),
    ] {
        let run = world.run(&["diff", &format!("--against={revision}")]);
        assert!(run.code == 2 && run.err.contains(message), "{revision}: {} {}", run.code, run.err);
    }
    assert!(!world.path("x").exists());
    git(&folder, &["rm", "-r", "--quiet", "--cached", "types"]);
    git(&folder, &["commit", "--quiet", "--allow-empty", "--message", "Three"]);
    let run = world.run(&["diff", "--against", "HEAD"]);
    assert!(run.code == 2 && run.err.contains("HEAD: no catalog"), "{}", run.err);
    let world = world.file("types/sample/type.yaml", "id: sample\nodd: [\n");
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "--message", "Four"]);
    let run = world.run(&["diff", "--against", "HEAD", "m.json"]);
    assert!(run.code == 2 && run.err.starts_with("error: HEAD:types/sample/type.yaml: "), "{}", run.err);
}

#[test]
fn what_can_not_be_compared_is_refused_with_its_reason() {
    let world = world("", "");
    assert_eq!(world.run(&["mapping", "--catalog", "old", "--out", "m.json"]).code, 0);
    let text = std::fs::read_to_string(world.path("m.json")).unwrap();
    let mapping: Value = serde_json::from_str(&text).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut mapping = mapping.clone();
        *mapping.pointer_mut(pointer).unwrap() = value;
        mapping.to_string()
    };
    let mut odd_entry = mapping.clone();
    odd_entry["types"][0]["colour"] = json!("red");
    let mut twice = mapping.clone();
    twice["types"] = json!([mapping["types"][0], mapping["types"][0]]);
    let cases: [(String, &str); 10] = [
        (String::new(), "bad.json: it is not JSON: "),
        ("{".to_owned(), "bad.json: it is not JSON: "),
        ("[".repeat(100_000), "bad.json: it is not JSON: "),
        ("[]".to_owned(), "bad.json: it is no mediaTypeMappings.json: it has no `schemaVersion`"),
        ("{\"schemaVersion\": 1}".to_owned(), "its form is not the one that this program knows: missing field"),
        (with("/schemaVersion", json!(2)), "its `schemaVersion` is 2, and this program reads 1: take a newer `oat`"),
        (with("/rules/0/when", json!({ "field": "moon", "equals": "x" })), "its form is not the one"),
        (
            odd_entry.to_string(),
            "its entry /types/0 has a form that this program does not know: unknown field `colour`",
        ),
        (twice.to_string(), "it has two types `sample`"),
        ("\u{1b}[31m".to_owned(), "bad.json: it is not JSON: "),
    ];
    let refused = |run: &Run, message: &str| {
        assert!(run.code == 2 && run.out.is_empty(), "{message}: {} {}", run.code, run.out);
        assert!(run.err.starts_with("error: ") && run.err.contains(message), "{message}: {}", run.err);
        assert!(!run.err.contains('\u{1b}'), "{message}");
    };
    let mut world = world;
    for (text, message) in cases {
        world = world.file("bad.json", text);
        refused(&world.run(&["diff", "bad.json", "new"]), message);
        refused(&world.run(&["diff", "old", "bad.json"]), message);
    }
    world = world.file("bad.json", b"\xFF\xFE");
    refused(&world.run(&["diff", "bad.json", "new"]), "not UTF-8");
    refused(&world.run(&["diff"]), "there is nothing to compare with");
    refused(&world.run(&["diff", "nowhere", "new"]), "nowhere: ");
    refused(&world.run(&["diff", "new/types/sample", "new"]), "no catalog");
    refused(&world.run(&["diff", "--against", "HEAD", "new"]), "HEAD: git says: ");
    assert_eq!(world.run(&["diff", "old", "new", "--against", "HEAD"]).code, 2);
    let edited = text.replace("\"Sample\"", "\"Probe\"");
    let run = world.file("m.json", edited).run(&["diff", "m.json", "new"]);
    assert!(run.code == 0 && run.err.starts_with("warning: m.json was edited after it was made"), "{}", run.err);
}

#[test]
fn a_class_that_is_denied_fails() {
    for (new, breaking, notable) in [
        ("summary: Said otherwise.\n", 0, 0),
        ("label: Probe\n", 0, 1),
        ("identify:\n  rules:\n    - when: { field: annotations, key: x, present: true }\n", 1, 1),
    ] {
        let world = world("", new);
        let code = |class: &str| world.run(&["diff", "old", "new", "--deny", class]).code;
        assert_eq!((code("breaking"), code("notable")), (breaking, notable), "{new}");
    }
}

#[test]
fn a_breaking_change_gets_a_version_of_its_own() {
    let broken = "identify:\n  rules:\n    - when: { field: annotations, key: x, present: true }\n";
    let proposal = |new: &str| diff(&world("", new), &["old", "new"])["proposal"].clone();
    let undated = proposal(broken);
    assert_eq!((undated["version"].as_str(), &undated["undated"]), (Some("2026.01.02"), &json!(["sample"])));
    let line = "changes:\n  - { date: \"2026-03-01\", change: Recognised by an annotation. }\n  - { date: \"2026-01-01\", change: Added. }\n";
    let dated = proposal(&format!("{broken}{line}"));
    assert_eq!((dated["version"].as_str(), dated.get("undated")), (Some("2026.03.01"), None));
    assert_eq!(proposal("label: Probe\n")["version"], "2026.01.01");
}

/// Both forms for people, with an entry that would like to be more than text.
#[test]
fn forms_for_people_are_as_expected() {
    const HOSTILE: &str = "](x) `` @all <b>| \u{1b}[31m\u{202e}\n\n# Hi ";
    let world = add(world("", ""), "old", "other", &other(SAMPLE), &other(SAMPLE_EXAMPLE));
    let action = "tools:\n  - { id: oras, title: ORAS, home: \"https://oras.land\" }\nactions:\n  - title: Pull\n    tool: oras\n    argv: [oras, pull, \"{reference}\"]\n";
    let rule = "identify:\n  rules:\n    - when: { field: annotations, key: com.example.x, present: true }\n";
    let world = world.file("new/types/sample/type.yaml", merged(&format!("{action}{rule}summary: Otherwise.\n")));
    assert_eq!(world.run(&["mapping", "--catalog", "new", "--out", "new.json"]).code, 0);
    let text = std::fs::read_to_string(world.path("new.json")).unwrap();
    let mut mapping: Value = serde_json::from_str(&text).unwrap();
    mapping["types"][0]["title"] = json!(HOSTILE);
    mapping["types"][0]["actions"][0]["title"] = json!(HOSTILE);
    let world = world.file("new.json", mapping.to_string());
    let human = world.run(&["diff", "old", "new.json"]);
    let markdown = world.run(&["diff", "old", "new.json", "--format", "markdown"]);
    assert_eq!((human.code, markdown.code), (0, 0), "{}", human.err);
    for text in [&human.out, &markdown.out] {
        assert!(!text.chars().any(|c| c != '\n' && oci_artifact_types::source::text::is_deceptive(c)), "{text}");
    }
    let expected = |name: &str| snapbox::Data::read_from(&root().join("tests/golden").join(name), None).raw();
    let assert = snapbox::Assert::new().action_env("SNAPSHOTS");
    assert.eq(human.out, expected("diff.txt"));
    assert.eq(markdown.out, expected("diff.md"));
}

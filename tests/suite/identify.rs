//! Identification: the engine equals the plain loop, and real manifests get the right answer.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use oci_artifact_types::catalog::embedded;
use oci_artifact_types::catalog::order::RuleSet;
use oci_artifact_types::identify::{Context, Facts, Identifier, first_match, witness};
use oci_artifact_types::source::tape::{Memory, Tape};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::harness::World;

/// Parts of which the catalog's documents are made: what its rules look at, and near misses of it.
struct Pool {
    media_types: Vec<String>,
    keys: Vec<String>,
    values: Vec<String>,
}

fn pool(set: &RuleSet) -> Pool {
    fn strings(value: &Value, key: &str, into: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    let wanted = match name.as_str() {
                        "equals" | "prefix" | "oneOf" => key == "values",
                        "key" => key == "keys",
                        _ => false,
                    };
                    match value {
                        Value::String(text) if wanted => into.push(text.clone()),
                        Value::Array(items) if wanted => {
                            into.extend(items.iter().filter_map(|i| i.as_str().map(str::to_owned)));
                        }
                        other => strings(other, key, into),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| strings(item, key, into)),
            _ => {}
        }
    }
    let rules = serde_json::to_value(set).unwrap();
    let (mut values, mut keys) = (Vec::new(), Vec::new());
    strings(&rules, "values", &mut values);
    strings(&rules, "keys", &mut keys);
    let mut media_types: Vec<String> = values.iter().filter(|value| value.contains('/')).cloned().collect();
    media_types.extend([
        "application/vnd.example.none".to_owned(),
        "APPLICATION/VND.OCI.IMAGE.CONFIG.V1+JSON; a=b".to_owned(),
    ]);
    values.push("other".to_owned());
    Pool { media_types, keys, values }
}

fn document(pool: &'static Pool) -> impl Strategy<Value = Value> {
    let media_type = || proptest::sample::select(&pool.media_types[..]);
    let annotations = || {
        proptest::collection::vec(
            (proptest::sample::select(&pool.keys[..]), proptest::sample::select(&pool.values[..])),
            0..3,
        )
    };
    let platform = || proptest::option::of(proptest::sample::select(&["linux", "unknown"][..]));
    let descriptor = move || {
        (media_type(), proptest::option::weighted(0.2, media_type()), annotations(), platform()).prop_map(
            |(media_type, artifact_type, annotations, os)| {
                let mut descriptor =
                    json!({ "mediaType": media_type, "digest": format!("sha256:{}", "0".repeat(64)), "size": 2 });
                let object = descriptor.as_object_mut().unwrap();
                if let Some(artifact_type) = artifact_type {
                    object.insert("artifactType".into(), artifact_type.into());
                }
                if let Some(os) = os {
                    object.insert("platform".into(), json!({ "os": os, "architecture": "amd64" }));
                }
                object.insert("annotations".into(), map(&annotations));
                descriptor
            },
        )
    };
    let shape = (
        any::<bool>(),
        any::<bool>(),
        proptest::option::weighted(0.3, media_type()),
        proptest::option::weighted(0.3, media_type()),
    );
    (shape, descriptor(), proptest::collection::vec(descriptor(), 0..4), annotations(), any::<bool>()).prop_map(
        |((index, both, artifact_type, media_type), config, members, annotations, subject)| {
            let mut document = Map::new();
            document.insert("schemaVersion".into(), 2.into());
            if let Some(artifact_type) = artifact_type {
                document.insert("artifactType".into(), artifact_type.into());
            }
            if let Some(media_type) = media_type {
                document.insert("mediaType".into(), media_type.into());
            }
            if index {
                document.insert("manifests".into(), members.clone().into());
            }
            if !index || (both && members.len() == 3) {
                document.insert("config".into(), config.clone());
                document.insert("layers".into(), members.into());
            }
            if subject {
                document.insert("subject".into(), config);
            }
            document.insert("annotations".into(), map(&annotations));
            document.into()
        },
    )
}

fn map(pairs: &[(String, String)]) -> Value {
    pairs.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))).collect::<Map<_, _>>().into()
}

#[test]
fn the_engine_equals_the_plain_loop() {
    let set = embedded::rules();
    let pool: &'static Pool = Box::leak(Box::new(pool(&set)));
    let identifier = Identifier::new(set.clone());
    let cases = std::env::var("OAT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let decided = std::cell::Cell::new(0_u32);
    let blob = json!({ "config": { "Labels": { "containers.bootc": "1", "devcontainer.metadata": "[]" } } });
    let children =
        [Facts::read(r#"{"config":{"mediaType":"application/vnd.oci.image.config.v1+json"},"layers":[]}"#).unwrap()];
    runner
        .run(&document(pool), |document| {
            let text = document.to_string();
            let facts = Facts::read(&text).unwrap();
            let mut memory = Memory::default();
            let mut of_tape = Facts::default();
            of_tape.read_json(Tape::read(&text, &mut memory).unwrap().root());
            assert_eq!(of_tape, facts, "{text}");
            let parent = facts.manifests.first();
            let contexts = [
                Context::default(),
                Context { tag: Some("sha256-00.sig"), config: Some(&blob), ..Context::default() },
                Context { parent, children: &children, ..Context::default() },
                Context { hopeful: true, ..Context::default() },
            ];
            for context in &contexts {
                let plain = first_match(&set.rules, &facts, context);
                prop_assert_eq!(identifier.first_match(&facts, context, &mut Vec::new()), plain);
                decided.set(decided.get() + u32::from(plain.is_some()));
            }
            Ok(())
        })
        .unwrap();
    assert!(decided.get() > cases / 20, "only {} of {cases} documents were of a known type", decided.get());
}

/// The order of rules, and with it every answer, is a function of the set of entries.
#[test]
fn the_order_of_entries_has_no_part_in_any_answer() {
    let catalog = embedded::catalog();
    let mut entries: Vec<_> = catalog.entries.iter().collect();
    let whole = serde_json::to_string(&embedded::rules()).unwrap();
    // A generator of our own, so that every run shuffles alike.
    let mut state = 20_261_121_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..12 {
        for last in (1..entries.len()).rev() {
            entries.swap(last, next(last + 1));
        }
        let shuffled = RuleSet::new(entries.iter().copied());
        assert!(serde_json::to_string(&shuffled).unwrap() == whole, "another order of entries gives other rules");
    }
}

#[test]
fn every_rule_has_a_witness_that_it_matches() {
    for rule in embedded::rules().rules {
        let document = witness::witness(&[&rule.when]).unwrap_or_else(|| panic!("{} matches nothing", rule.id));
        let text = document.to_string();
        let facts = Facts::read(&text).unwrap();
        let hopeful = Context { hopeful: true, ..Context::default() };
        assert!(oci_artifact_types::identify::evaluate::holds(&rule.when, &facts, &hopeful), "{}: {text}", rule.id);
    }
}

/// Real manifests, where a folder with them is named by `OAT_CORPUS`: `index.json` says what each is.
#[test]
fn real_manifests_are_identified_as_labelled() {
    let Some(folder) = std::env::var_os("OAT_CORPUS") else {
        eprintln!("skipped: OAT_CORPUS names no folder with real manifests");
        return;
    };
    let folder = Path::new(&folder);
    let index: Value = serde_json::from_str(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let catalog = embedded::catalog();
    let identifier = Identifier::new(catalog.rules.clone());
    let mut wrong = Vec::new();
    for item in index.as_array().unwrap() {
        let (file, label) = (item["file"].as_str().unwrap(), item["expected"].as_str().unwrap());
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let facts = Facts::read(&text).unwrap();
        // A lone descriptor is no document of a registry.
        if facts.shape.is_none() && item["abridged"] == true {
            continue;
        }
        let context = Context::default();
        let answer = identifier.identify(&facts, &context);
        // Labels are ids, or names that an entry lists as its aliases.
        let wanted = catalog.find(label).map(|entry| entry.id.as_str());
        let right = match (label, wanted) {
            ("unknown", _) => answer.type_id.is_none(),
            (_, None) => answer.verdict.name() != "exact",
            (_, Some(wanted)) => {
                answer.type_id == Some(wanted) || answer.candidates.iter().any(|candidate| candidate.type_id == wanted)
            }
        };
        if !right {
            wrong.push(format!("{file}: labelled {label}, got {:?} by {:?}", answer.type_id, answer.rule));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_stream_goes_on_after_a_document_that_can_not_be_read() {
    let input = concat!(
        r#"{"manifests":[],"annotations":{}}"#,
        "\n",
        "\n",
        "{\"broken\": \n",
        r#"{"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"},"layers":[]}"#,
        "\n",
    );
    let run = World::new().run_with(&["identify", "--format", "ndjson", "-"], input.as_bytes());
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(run.code, 1, "{}", run.err);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1]["error"]["line"], 3);
    assert_eq!(lines[1]["document"], 1);
    assert_eq!((lines[2]["type"].as_str(), lines[2]["document"].as_u64()), (Some("helm-chart"), Some(2)));
    let pretty =
        "{\n  \"config\": {\"mediaType\": \"application/vnd.cncf.helm.config.v1+json\"},\n  \"layers\": []\n}\n";
    let run = World::new().run_with(&["identify", "--format", "ndjson", "-"], pretty.as_bytes());
    assert_eq!((run.code, run.out.lines().count()), (0, 1));
}

#[test]
fn long_streams_keep_their_order() {
    let mut input = String::new();
    for n in 0..20_000 {
        let config = format!("{{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"size\":{n}}}");
        let padding = "y".repeat(n % 300);
        writeln!(input, "{{\"config\":{config},\"layers\":[],\"x\":\"{padding}\"}}").unwrap();
    }
    let run = World::new().run_with(&["identify", "--format", "ndjson", "-"], input.as_bytes());
    assert_eq!(run.code, 0);
    for (index, line) in run.out.lines().enumerate() {
        let answer: Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer["document"], index);
    }
    assert_eq!(run.out.lines().count(), 20_000);
}

#[test]
fn the_answer_of_the_contract() {
    let manifest =
        r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"},"layers":[]}"#;
    let run = World::new().file("m.json", manifest).run(&["identify", "--format", "ndjson", "m.json"]);
    assert_eq!(
        run.out,
        "{\"file\":\"m.json\",\"document\":0,\"type\":\"helm-chart\",\"certainty\":\"exact\",\"rule\":\"helm-chart/1\",\
         \"evidence\":[{\"pointer\":\"/config/mediaType\",\"value\":\"application/vnd.cncf.helm.config.v1+json\"}],\
         \"candidates\":[],\"facets\":[],\"subtypes\":[]}\n"
    );
    let run = World::new().file("m.json", manifest).run(&["identify", "--format", "json", "m.json", "m.json"]);
    let answers: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((answers["schemaVersion"].as_u64(), answers["answers"].as_array().unwrap().len()), (Some(1), 2));
}

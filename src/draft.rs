//! The draft of an entry: what a document tells about its type, and marks where a person must go on.
//!
//! A pure function. The example keeps the form of the document and none of its content: digests, names and values are
//! made up, since a manifest from a private registry says more than its author may think.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::catalog::model::Shape;
use crate::identify::{Descriptor, Facts};
use crate::oci::hash::sha256;
use crate::oci::iana;
use crate::oci::well_known::{EMPTY_DIGEST, is_generic, says_nothing};

/// What a person says about the type; what is missing is marked in the draft.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Name for people.
    pub title: Option<String>,
    /// One line that says what it is.
    pub summary: Option<String>,
    /// Who defines the type.
    pub publisher: Option<String>,
    /// Home page of the publisher.
    pub url: Option<String>,
    /// Account or team that is asked about changes, with its `@`.
    pub owner: Option<String>,
    /// Day of the first change, as `YYYY-MM-DD`.
    pub today: String,
}

/// A mark that a person must go on here. `oat lint` reports each.
pub const MARK: &str = "TODO";

/// The files of a new entry by their path below its folder.
///
/// `text` is the document, which `facts` were read from.
#[must_use]
pub fn draft(id: &str, document: Option<(&Value, &Facts<'_>)>, answers: &Answers) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    if let Some((value, _)) = document {
        files.insert("examples/plain.json".to_owned(), example(id, value));
    }
    files.insert("type.yaml".to_owned(), entry(id, document.map(|(_, facts)| facts), answers));
    files
}

fn entry(id: &str, facts: Option<&Facts<'_>>, answers: &Answers) -> String {
    let empty = Facts::default();
    let facts = facts.unwrap_or(&empty);
    let named = title(id);
    let title = answers.title.as_deref().unwrap_or(&named);
    let label = label(title);
    let given = |answer: &Option<String>, todo: &str| quoted(answer.as_deref().unwrap_or(todo));
    let mut text = String::from("# yaml-language-server: $schema=../../schemas/artifact-type.schema.json\n");
    let mut line = |args: std::fmt::Arguments<'_>| {
        let _ = text.write_fmt(args);
        text.push('\n');
    };
    line(format_args!("id: {id}"));
    line(format_args!("title: {}", quoted(title)));
    line(format_args!("label: {}", quoted(&label)));
    line(format_args!("summary: {}", given(&answers.summary, "TODO what it is, in one line.")));
    line(format_args!(
        "description: |\n  TODO what it is, when one meets it, how it is stored, what to watch out for."
    ));
    line(format_args!("status:\n  state: active"));
    line(format_args!("tier: listed"));
    line(format_args!("publisher:"));
    line(format_args!("  name: {}", given(&answers.publisher, "TODO who defines the type")));
    line(format_args!("  url: {}", given(&answers.url, "https://example.com/TODO")));
    if let Some(owner) = &answers.owner {
        line(format_args!("owner:"));
        line(format_args!("  name: {}", quoted(owner.trim_start_matches('@'))));
        line(format_args!("  url: {}", given(&answers.url, "https://example.com/TODO")));
        line(format_args!("  contacts: [{}]", quoted(owner)));
    }
    match role(id, facts) {
        Some(role) => line(format_args!("roles: [{role}]")),
        None => line(format_args!("# TODO choose the role: types/README.md lists them\nroles: [generic]")),
    }
    if facts.subject.is_some() {
        line(format_args!("attachesTo:\n  by: [subject]"));
    }
    let mut claimed: Vec<&str> = Vec::new();
    if facts.shape.is_some() {
        line(format_args!("{}", recognition(facts)));
        line(format_args!("{}", structure(facts, &mut claimed)));
    }
    line(format_args!("links:\n  home: {}", given(&answers.url, "https://example.com/TODO")));
    let registered: Vec<&str> = marks(facts).into_iter().filter(|mark| iana::is_registered(mark)).collect();
    if !registered.is_empty() {
        line(format_args!("iana:"));
        for media_type in registered {
            let link = iana::registration(media_type);
            line(format_args!("  - mediaType: {media_type}\n    registered: true\n    link: {link}"));
        }
    }
    if !claimed.is_empty() {
        line(format_args!("sources:\n  - mediaTypes:"));
        for media_type in claimed {
            line(format_args!("      - {}", quoted(media_type)));
        }
        line(format_args!(
            "    fact: TODO what this file says about them; one source for each place that proves some."
        ));
        line(format_args!("    repository: https://example.com/TODO"));
        line(format_args!("    path: TODO/path/to/file"));
        line(format_args!("    revision: TODO-commit-or-tag"));
    }
    if facts.shape.is_some() {
        line(format_args!("examples:\n  - file: plain.json\n    title: The plain form."));
    }
    line(format_args!("changes:\n  - date: {}\n    change: Added.", quoted(&answers.today)));
    text
}

/// The media types that tell the type: those that no other type uses for its content.
fn marks<'a>(facts: &'a Facts<'_>) -> Vec<&'a str> {
    let mut marks: Vec<&str> = Vec::new();
    let config = facts.config.as_ref().and_then(|config| config.media_type.as_deref());
    let members = facts.layers.iter().chain(&facts.manifests);
    let all =
        facts.artifact_type.as_deref().into_iter().chain(config).chain(
            members.flat_map(|member| [member.artifact_type.as_deref(), member.media_type.as_deref()]).flatten(),
        );
    for mark in all {
        if telling(mark) && !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    marks
}

fn telling(media_type: &str) -> bool {
    !media_type.is_empty() && !is_generic(media_type) && !says_nothing(media_type)
}

/// A rule of the strongest kind that the document allows.
fn recognition(facts: &Facts<'_>) -> String {
    let rule = |when: &str| format!("identify:\n  rules:\n    - when:\n{when}");
    let test = |field: &str, value: &str| rule(&format!("        field: {field}\n        equals: {}", quoted(value)));
    let of = |list: &str, field: &str, value: &str| {
        let value = quoted(value);
        rule(&format!("        {list}: any\n        match:\n          field: {field}\n          equals: {value}"))
    };
    if let Some(value) = facts.artifact_type.as_deref().filter(|value| telling(value)) {
        return test("artifactType", value);
    }
    let config = facts.config.as_ref().and_then(|config| config.media_type.as_deref());
    if let Some(value) = config.filter(|value| telling(value)) {
        return test("config.mediaType", value);
    }
    let among = |members: &'_ [Descriptor<'_>], of_child: bool| -> Option<String> {
        let mut values = members
            .iter()
            .filter_map(|member| if of_child { member.artifact_type.as_deref() } else { member.media_type.as_deref() });
        values.find(|value| telling(value)).map(str::to_owned)
    };
    if let Some(value) = among(&facts.layers, false) {
        return of("layers", "mediaType", &value);
    }
    if let Some(value) = among(&facts.manifests, true) {
        return of("manifests", "artifactType", &value);
    }
    if let Some(value) = among(&facts.manifests, false) {
        return of("manifests", "mediaType", &value);
    }
    if let Some((key, _)) = facts.annotations.iter().find(|(key, _)| !key.starts_with("org.opencontainers.")) {
        return rule(&format!("        field: annotations\n        key: {}\n        present: true", quoted(key)));
    }
    let shape = facts.shape.map_or("oci-manifest", Shape::name);
    format!(
        "# TODO nothing in the document tells the type by itself: say what does, see \"The grammar of when\" in types/README.md\n{}",
        test("shape", shape)
    )
}

fn structure<'a>(facts: &'a Facts<'_>, claimed: &mut Vec<&'a str>) -> String {
    let mut text = format!("structure:\n  shapes: [{}]\n", facts.shape.map_or("oci-manifest", Shape::name));
    let mut claim = |media_type: &'a str| {
        if !claimed.contains(&media_type) {
            claimed.push(media_type);
        }
    };
    if let Some(value) = facts.artifact_type.as_deref().or(facts.placeholder_artifact_type.as_deref()) {
        claim(value);
        let _ = writeln!(text, "  artifactType:\n    presence: required\n    mediaTypes: [{}]", quoted(value));
    }
    if let Some(value) = facts.config.as_ref().and_then(|config| config.media_type.as_deref()) {
        claim(value);
        let _ = writeln!(text, "  config:\n    mediaTypes: [{}]", quoted(value));
        let empty = facts.config.as_ref().and_then(|config| config.digest.as_deref()) == Some(EMPTY_DIGEST);
        text.push_str(if empty {
            "    description: Empty.\n"
        } else {
            "    description: TODO what the config holds.\n"
        });
    }
    let mut roles = BTreeSet::new();
    for (name, members) in [("layers", &facts.layers), ("manifests", &facts.manifests)] {
        let mut seen: Vec<(Option<&str>, Option<&str>)> = Vec::new();
        for member in members {
            let pair = (member.media_type.as_deref(), member.artifact_type.as_deref());
            if pair.0.is_none() || seen.contains(&pair) {
                continue;
            }
            if seen.is_empty() {
                let _ = writeln!(text, "  {name}:");
            }
            seen.push(pair);
            let media_type = pair.0.unwrap_or_default();
            claim(media_type);
            let part = part(pair.1.unwrap_or(media_type), &mut roles);
            let _ = writeln!(text, "    - role: {part}\n      mediaTypes: [{}]", quoted(media_type));
            if let Some(artifact_type) = pair.1 {
                claim(artifact_type);
                let _ = writeln!(text, "      artifactTypes: [{}]", quoted(artifact_type));
            }
            let _ = writeln!(text, "      min: 1\n      description: TODO what it holds.");
        }
    }
    let own: Vec<&str> = facts
        .annotations
        .iter()
        .map(|(key, _)| &**key)
        .filter(|key| !key.starts_with("org.opencontainers.image."))
        .collect();
    if !own.is_empty() {
        text.push_str("  annotations:\n");
        for key in own {
            let _ = writeln!(text, "    - key: {}\n      presence: optional", quoted(key));
            let _ = writeln!(text, "      description: TODO what its value says.");
        }
    }
    let _ = write!(text, "  subject: {}", if facts.subject.is_some() { "required" } else { "optional" });
    text
}

/// A name for the part with a media type: the last word of it that says something.
fn part(media_type: &str, taken: &mut BTreeSet<String>) -> String {
    const EMPTY: [&str; 9] = ["vnd", "layer", "tar", "gzip", "manifest", "image", "blob", "raw", "octet-stream"];
    let subtype = media_type.split_once('/').map_or(media_type, |(_, subtype)| subtype);
    let bare = subtype.split('+').next().unwrap_or(subtype);
    let says = |word: &&str| {
        let version = word.starts_with('v') && word[1..].bytes().all(|byte| byte.is_ascii_digit());
        !version && !word.is_empty() && !EMPTY.contains(word) && word.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let word = if is_generic(media_type) { None } else { bare.split('.').rev().find(says) };
    let mut name: String = word.unwrap_or("content").to_ascii_lowercase();
    name = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = name.trim_matches('-').to_owned();
    let name = if name.is_empty() { "content".to_owned() } else { name };
    let mut unique = name.clone();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}

/// The role that the words of the id and the media types speak of.
fn role(id: &str, facts: &Facts<'_>) -> Option<&'static str> {
    const WORDS: [(&str, &str); 26] = [
        ("sbom", "sbom"),
        ("spdx", "sbom"),
        ("cyclonedx", "sbom"),
        ("provenance", "provenance"),
        ("signature", "signature"),
        ("attestation", "attestation"),
        ("in-toto", "attestation"),
        ("vulnerabilit", "vulnerability-report"),
        ("sarif", "vulnerability-report"),
        ("wasm", "wasm"),
        ("polic", "policy"),
        ("rules", "ruleset"),
        ("chart", "chart"),
        ("model", "model"),
        ("plugin", "plugin"),
        ("profile", "profile"),
        ("firmware", "firmware"),
        ("module", "module"),
        ("cache", "cache"),
        ("volume", "volume"),
        (".db.", "database"),
        ("database", "database"),
        ("package", "package"),
        ("bundle", "bundle"),
        ("docs", "documentation"),
        ("application.", "application"),
    ];
    let words = marks(facts).join(" ") + " " + id;
    WORDS.iter().find(|(word, _)| words.contains(word)).map(|(_, role)| *role)
}

/// The words of a title that fit into a label, or the beginning of the first.
fn label(title: &str) -> String {
    const MOST: usize = 16;
    let mut label = String::new();
    for word in title.split_whitespace() {
        let length = label.chars().count() + word.chars().count() + usize::from(!label.is_empty());
        if length > MOST {
            break;
        }
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(word);
    }
    if label.is_empty() { title.chars().take(MOST).collect() } else { label }
}

/// A title from an id: its words, the first with a capital.
fn title(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut chars = words.chars();
    let title: String = chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect();
    title.chars().take(40).collect::<String>().trim_end().to_owned()
}

/// A scalar of YAML that every reader takes for this text.
fn quoted(text: &str) -> String {
    let plain = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ./+_-".contains(&byte))
        && !text.ends_with(' ')
        // Words that some reader takes for a truth value, nothing or a number.
        && text.len() > 5;
    if plain { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}

/// The document with its form and without its content.
fn example(id: &str, value: &Value) -> String {
    let mut number = 0_usize;
    let shown = pseudonym(id, "", value, &mut number);
    let mut text = String::new();
    write_json(&shown, "", &mut text);
    text.push('\n');
    text
}

fn pseudonym(id: &str, key: &str, value: &Value, number: &mut usize) -> Value {
    match value {
        Value::Object(object) => {
            let mut shown = Map::new();
            for (name, value) in object {
                // The content itself, and addresses, stay at home.
                if name == "data" || name == "urls" {
                    continue;
                }
                let inner = if key == "annotations" { "annotation" } else { name.as_str() };
                let value = match value {
                    Value::String(text) if inner == "annotation" => {
                        *number += 1;
                        Value::String(annotation(name, text, *number))
                    }
                    other => pseudonym(id, inner, other, number),
                };
                shown.insert(name.clone(), value);
            }
            Value::Object(shown)
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| pseudonym(id, key, item, number)).collect()),
        Value::String(text) if key == "digest" && text != EMPTY_DIGEST => {
            *number += 1;
            Value::String(sha256(format!("{id} {number}").as_bytes()))
        }
        other => other.clone(),
    }
}

/// A value of the same kind as the one of an annotation.
fn annotation(key: &str, value: &str, number: usize) -> String {
    let day = value.len() >= 20 && value.as_bytes().get(10) == Some(&b'T') && value.as_bytes()[0].is_ascii_digit();
    if day {
        return "2026-01-01T00:00:00Z".to_owned();
    }
    if value.starts_with("https://") || value.starts_with("http://") {
        return "https://example.com/example".to_owned();
    }
    if key.ends_with(".title")
        && let Some((_, ending)) = value.rsplit_once('.')
        && ending.len() <= 8
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return format!("example-{number}.{ending}");
    }
    let version = value.trim_start_matches('v');
    if version.split('.').count() == 3 && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return "1.0.0".to_owned();
    }
    "example".to_owned()
}

/// JSON with the members in the order in which the specifications name them.
fn write_json(value: &Value, indent: &str, into: &mut String) {
    const ORDER: [&str; 14] = [
        "schemaVersion",
        "mediaType",
        "artifactType",
        "config",
        "blobs",
        "layers",
        "manifests",
        "subject",
        "digest",
        "size",
        "platform",
        "architecture",
        "os",
        "annotations",
    ];
    let deeper = format!("{indent}  ");
    let list = |open: char, close: char, items: Vec<(String, &Value)>, into: &mut String| {
        into.push(open);
        for (index, (prefix, item)) in items.iter().enumerate() {
            into.push_str(if index == 0 { "\n" } else { ",\n" });
            into.push_str(&deeper);
            into.push_str(prefix);
            write_json(item, &deeper, into);
        }
        if !items.is_empty() {
            into.push('\n');
            into.push_str(indent);
        }
        into.push(close);
    };
    match value {
        Value::Object(object) => {
            let mut members: Vec<(&String, &Value)> = object.iter().collect();
            members.sort_by_key(|(key, _)| ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len()));
            let named = |(key, value): (&String, _)| (format!("{}: ", Value::String(key.clone())), value);
            list('{', '}', members.into_iter().map(named).collect(), into);
        }
        Value::Array(items) => list('[', ']', items.iter().map(|item| (String::new(), item)).collect(), into),
        other => into.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "artifactType":"application/vnd.acme.policy.v1","config":{"mediaType":"application/vnd.oci.empty.v1+json",
        "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"data":"e30="},
        "layers":[{"mediaType":"application/vnd.acme.policy.content.v1.tar+gzip","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","size":7,
        "annotations":{"org.opencontainers.image.title":"secret-plan.tar.gz"}}],
        "annotations":{"com.acme.customer":"Jane","org.opencontainers.image.created":"2024-05-06T07:08:09Z"}}"#;

    fn files(answers: &Answers) -> BTreeMap<String, String> {
        let value: Value = serde_json::from_str(DOCUMENT).unwrap();
        let facts = Facts::read(DOCUMENT).unwrap();
        draft("acme-policy", Some((&value, &facts)), answers)
    }

    #[test]
    fn the_example_keeps_the_form_and_loses_the_content() {
        let text = &files(&Answers::default())["examples/plain.json"];
        for private in ["secret-plan", "Jane", "1111", "2024", "e30="] {
            assert!(!text.contains(private), "{private}: {text}");
        }
        for kept in ["application/vnd.acme.policy.v1", EMPTY_DIGEST, "com.acme.customer", ".gz\"", "\"size\": 7"] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        let shown = Facts::read(text).unwrap();
        assert_eq!(shown.shape, Facts::read(DOCUMENT).unwrap().shape);
        assert!(text.find("\"config\"").unwrap() < text.find("\"layers\"").unwrap());
    }

    #[test]
    fn what_the_document_tells_is_there_and_the_rest_is_marked() {
        let text = &files(&Answers::default())["type.yaml"];
        for part in [
            "roles: [policy]",
            "equals: application/vnd.acme.policy.v1",
            "role: content",
            "- key: com.acme.customer",
            "subject: optional",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains(MARK));
        let answers = Answers { title: Some("yes".to_owned()), ..Answers::default() };
        assert!(files(&answers)["type.yaml"].contains("title: \"yes\"\n"));
    }

    #[test]
    fn labels_end_with_a_word() {
        assert_eq!(label("Example dashboard"), "Example");
        assert_eq!(label("A chart"), "A chart");
        assert_eq!(label("Verylongnameofathing"), "Verylongnameofat");
    }

    #[test]
    fn parts_have_names_of_their_own() {
        let mut taken = BTreeSet::new();
        let names: Vec<String> = [
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.acme.Signature_File.v1",
        ]
        .iter()
        .map(|media_type| part(media_type, &mut taken))
        .collect();
        assert_eq!(names, ["content", "content-2", "signature-file"]);
    }
}

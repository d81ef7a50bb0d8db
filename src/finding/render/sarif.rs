//! Findings for code scanning: a log of SARIF 2.1.0.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{end_of, json_text, link, select, source_of, source_of_related};
use crate::finding::{Finding, Level, Place, Report, Rule, SourceText};
use crate::oci::hash::sha256;
use crate::source::Pointer;
use crate::source::text::visible;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invocations: Vec<Invocation>,
    column_kind: &'static str,
    results: Vec<ResultOf>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<String>,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOf {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [LocationOf; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<LocationOf>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: [ArtifactChange; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Bytes,
    inserted_content: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bytes {
    byte_offset: usize,
    byte_length: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LocationOf {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "oatFinding/v1")]
    own: String,
    /// The only key that GitHub reads; without it, GitHub hashes the line, and takes a change of it for a new finding.
    #[serde(rename = "primaryLocationLineHash")]
    for_github: String,
}

/// The report as a log with one run, of at most [`MAX_SHOWN`](super::MAX_SHOWN) results.
#[must_use]
pub fn render(report: &Report, base_url: Option<&str>) -> String {
    let selection = select(report, usize::MAX);
    let mut rules: BTreeMap<&str, (usize, &Rule)> = BTreeMap::new();
    for finding in &selection.findings {
        rules.entry(finding.rule.id).or_insert((0, finding.rule));
    }
    for (index, (at, _)) in rules.values_mut().enumerate() {
        *at = index;
    }
    let mut seen = BTreeMap::new();
    let results = selection.findings.iter().map(|finding| {
        let index = rules.get(finding.rule.id).map_or(0, |(index, _)| *index);
        result(report, finding, index, &mut seen)
    });
    let results = results.collect();
    let rest = selection.rest();
    let invocations = if rest.is_empty() {
        Vec::new()
    } else {
        let notification = |line: &String| Notification { level: "note", message: plain(line) };
        vec![Invocation {
            execution_successful: true,
            tool_execution_notifications: rest.iter().map(notification).collect(),
        }]
    };
    let driver = Driver {
        name: "oat",
        version: env!("CARGO_PKG_VERSION"),
        information_uri: base_url.map(|base| format!("{}/", base.trim_end_matches('/'))),
        rules: rules.values().map(|(_, rule)| descriptor(rule, base_url)).collect(),
    };
    let run = Run { tool: Tool { driver }, invocations, column_kind: "unicodeCodePoints", results };
    json_text(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

fn descriptor(rule: &Rule, base_url: Option<&str>) -> Descriptor {
    let page = page(rule);
    let summary = format!("{}.", rule.summary());
    Descriptor {
        id: rule.id,
        full_description: plain(&reason(&page).unwrap_or_else(|| summary.clone())),
        short_description: plain(&summary),
        help: Message { text: escape(&page), markdown: Some(page) },
        help_uri: base_url.map(|_| link(rule, base_url)),
        default_configuration: Configuration { level: level(rule.level) },
    }
}

/// A rule's page in Markdown, without the words that stand for the tests in its fences.
fn page(rule: &Rule) -> String {
    let mut page = String::with_capacity(rule.docs.len());
    for line in rule.docs.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let fence = line.starts_with("```").then(|| line.split(' ').next()).flatten();
        page.push_str(fence.unwrap_or(line));
        page.push('\n');
    }
    page
}

/// The text under the heading `Why`, as one paragraph.
fn reason(page: &str) -> Option<String> {
    let section = page.lines().skip_while(|line| *line != "## Why").skip(1).take_while(|line| !line.starts_with("## "));
    let words: Vec<&str> = section.flat_map(str::split_whitespace).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn result(report: &Report, finding: &Finding, rule_index: usize, seen: &mut BTreeMap<String, usize>) -> ResultOf {
    let mut message = visible(&finding.message).into_owned();
    if let Some(help) = &finding.help {
        // This line feed is ours; those of others are escapes by now.
        message.push_str("\nhelp: ");
        message.push_str(&visible(help));
    }
    let related = finding.related.iter().enumerate().map(|(index, related)| {
        let source = source_of_related(report, finding, related);
        LocationOf {
            id: Some(index + 1),
            message: Some(plain(&related.message)),
            ..location(&related.file, related.pointer.as_ref(), related.place, source)
        }
    });
    let fingerprint = fingerprint(finding, seen);
    ResultOf {
        rule_id: finding.rule.id,
        rule_index,
        level: level(finding.level),
        message: Message { text: escape(&message), markdown: None },
        locations: [location(&finding.file, finding.pointer.as_ref(), finding.place, source_of(report, finding))],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints { own: fingerprint.clone(), for_github: fingerprint },
        fixes: fix(finding).into_iter().collect(),
    }
}

/// The edits of a finding, for programs that offer them.
fn fix(finding: &Finding) -> Option<Fix> {
    let replacements: Vec<Replacement> = finding
        .fix
        .iter()
        .map(|edit| Replacement {
            deleted_region: Bytes { byte_offset: edit.offset, byte_length: edit.length },
            inserted_content: Message { text: edit.text.clone(), markdown: None },
        })
        .collect();
    let description = Message { text: escape(finding.help.as_deref().unwrap_or("repair it")), markdown: None };
    let artifact_location = ArtifactLocation { uri: uri(&finding.file) };
    (!replacements.is_empty())
        .then_some(Fix { description, artifact_changes: [ArtifactChange { artifact_location, replacements }] })
}

fn location(file: &str, pointer: Option<&Pointer>, place: Option<Place>, source: Option<&SourceText>) -> LocationOf {
    let pointer = pointer.map(Pointer::as_str).filter(|pointer| !pointer.is_empty());
    let name = pointer.map(|pointer| LogicalLocation { fully_qualified_name: visible(pointer).into_owned() });
    let region = place.map(|place| {
        let (end_line, end_column) = source.map_or((place.line, place.column), |source| end_of(place, source));
        Region {
            start_line: place.line,
            start_column: place.column,
            end_line,
            end_column,
            byte_offset: place.offset,
            byte_length: place.length,
        }
    });
    LocationOf {
        id: None,
        physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri: uri(file) }, region },
        logical_locations: name.into_iter().collect(),
        message: None,
    }
}

/// What identifies a finding in two versions of a file: nothing of lines, and a number where several are alike.
fn fingerprint(finding: &Finding, seen: &mut BTreeMap<String, usize>) -> String {
    let mut bytes = Vec::new();
    let pointer = finding.pointer.as_ref().map_or("", Pointer::as_str);
    for part in [finding.rule.id, &finding.file, pointer, &finding.message] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    // Half of the digest's digits are more than enough.
    let text = sha256(&bytes)["sha256:".len()..][..32].to_owned();
    let count = seen.entry(text.clone()).or_default();
    *count += 1;
    format!("{text}:{count}")
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn plain(text: &str) -> Message {
    Message { text: escape(&visible(text)), markdown: None }
}

/// Plain text as SARIF writes it: brackets could be a link (3.11.6), braces a placeholder (3.11.5).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '[' | ']' => escaped.extend(['\\', c]),
            '{' | '}' => escaped.extend([c, c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A path as a reference that nobody takes for one with a scheme or a host.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.trim_start_matches('/').bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::MAX_SHOWN;
    use super::super::fixture::{ERROR_RULE, INFO_RULE, finding, related, report};
    use super::*;

    const EXPECTED: &str = r#"{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "oat",
          "version": "VERSION",
          "informationUri": "https://example.com/",
          "rules": [
            {
              "id": "unknown-key",
              "shortDescription": {
                "text": "A key is not known."
              },
              "fullDescription": {
                "text": "It is most likely a misspelling, and nothing reads it."
              },
              "help": {
                "text": "A key is not known.\n\n## Why\nIt is most likely a misspelling,\nand nothing reads it.\n\n## Reported\n```yaml\nlable: Sample\n```\n",
                "markdown": "A key is not known.\n\n## Why\nIt is most likely a misspelling,\nand nothing reads it.\n\n## Reported\n```yaml\nlable: Sample\n```\n"
              },
              "helpUri": "https://example.com/rules/unknown-key/",
              "defaultConfiguration": {
                "level": "error"
              }
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "unknown-key",
          "ruleIndex": 0,
          "level": "note",
          "message": {
            "text": "something is wrong\nhelp: did you mean `label`?"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "types/sample/type.yaml"
                },
                "region": {
                  "startLine": 2,
                  "startColumn": 1,
                  "endLine": 2,
                  "endColumn": 9,
                  "byteOffset": 12,
                  "byteLength": 9
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "/lable"
                }
              ]
            }
          ],
          "relatedLocations": [
            {
              "id": 1,
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "types/other/type.yaml"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 1,
                  "endLine": 1,
                  "endColumn": 1,
                  "byteOffset": 0,
                  "byteLength": 0
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "/other"
                }
              ],
              "message": {
                "text": "as \\[here\\](1)"
              }
            }
          ],
          "partialFingerprints": {
            "oatFinding/v1": "FINGERPRINT",
            "primaryLocationLineHash": "FINGERPRINT"
          }
        }
      ]
    }
  ]
}
"#;

    fn parsed(report: &Report, base_url: Option<&str>) -> serde_json::Value {
        serde_json::from_str(&render(report, base_url)).unwrap()
    }

    #[test]
    fn the_log_is_whole() {
        let text = "id: sample\r\nlable: é\r\n";
        let mut one = finding(&ERROR_RULE, "types/sample/type.yaml", text, "lable: é")
            .help("did you mean `label`?")
            .related(related("types/other/type.yaml", "", "", "as [here](1)"));
        one.pointer = Some(Pointer::parse("/lable"));
        one.level = Level::Info;
        let fingerprint = fingerprint(&one, &mut BTreeMap::new());
        let expected = EXPECTED.replace("VERSION", env!("CARGO_PKG_VERSION")).replace("FINGERPRINT", &fingerprint);
        let report = report(&[("types/sample/type.yaml", text)], vec![one]);
        assert_eq!(render(&report, Some("https://example.com/")), expected);
    }

    #[test]
    fn addresses_are_left_out_without_a_base_address_and_rules_that_do_not_occur_always() {
        let one = Finding::new(&INFO_RULE, "a".into(), "x");
        let two = Finding::new(&ERROR_RULE, "a".into(), "x");
        let log = parsed(&report(&[], vec![two, one]), None);
        let driver = &log["runs"][0]["tool"]["driver"];
        assert!(driver.get("informationUri").is_none() && driver["rules"][0].get("helpUri").is_none(), "{driver:#}");
        let ids: Vec<&str> =
            driver["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["listed-draft", "unknown-key"]);
        assert_eq!(driver["rules"][0]["defaultConfiguration"]["level"], "note");
        assert_eq!(driver["rules"][0]["fullDescription"]["text"], "A draft is listed.");
        assert_eq!(log["runs"][0]["results"][0]["ruleIndex"], 1);
        assert_eq!(parsed(&Report::default(), None)["runs"][0]["results"], serde_json::json!([]));
    }

    #[test]
    fn text_of_others_makes_no_link_and_no_placeholder() {
        assert_eq!(escape(r"[x](https://evil.example) \ {0}"), r"\[x\](https://evil.example) \\ {{0}}");
        let log = parsed(&report(&[], vec![Finding::new(&ERROR_RULE, "a".into(), "a\u{1b}[31m\n")]), None);
        assert_eq!(log["runs"][0]["results"][0]["message"]["text"], r"a\\u{{1b}}\[31m\\n");
    }

    #[test]
    fn paths_are_references_without_scheme_and_host() {
        assert_eq!(uri("types/a b/é#?.yaml"), "types/a%20b/%C3%A9%23%3F.yaml");
        assert_eq!(uri("https://evil.example/x"), "https%3A//evil.example/x");
        assert_eq!(uri("//evil.example/x"), "/evil.example/x");
        assert_eq!(uri("a\u{1b}%41"), "a%1B%2541");
    }

    #[test]
    fn fingerprints_survive_moved_lines_and_tell_repeats_apart() {
        let text = "a\nb\n";
        let one = finding(&ERROR_RULE, "f", text, "a");
        let moved = finding(&ERROR_RULE, "f", text, "b");
        let mut elsewhere = one.clone();
        elsewhere.pointer = Some(Pointer::parse("/x"));
        let mut seen = BTreeMap::new();
        let [first, second, third] = [&one, &moved, &elsewhere].map(|finding| fingerprint(finding, &mut seen));
        assert_eq!((first.len(), first.strip_suffix(":1")), (34, second.strip_suffix(":2")));
        assert!(third.ends_with(":1") && third != first);
        assert_eq!(fingerprint(&moved, &mut BTreeMap::new()), first);
    }

    #[test]
    fn results_are_capped_and_the_rest_is_told() {
        let findings = (0..MAX_SHOWN + 2).map(|n| Finding::new(&ERROR_RULE, "a".into(), n.to_string()));
        let log = parsed(&report(&[], findings.collect()), None);
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), MAX_SHOWN);
        let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        assert_eq!(told, "… and 2 more findings in a");
    }
}

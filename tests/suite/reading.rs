//! Reading: hostile texts end in findings, quickly; the JSON reader accepts what the reference accepts.

use std::time::{Duration, Instant};

use oci_artifact_types::identify::Facts;
use oci_artifact_types::source::{ProblemKind, json, plain_yaml, second_reader, yaml};
use proptest::prelude::*;

/// Pieces of which hostile YAML is made.
const YAML: [&str; 40] = [
    "a: ",
    "b",
    "\n",
    "  ",
    "- ",
    "? ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|",
    ">",
    "&x ",
    "*x",
    "!t ",
    "#",
    "%",
    "---\n",
    "...\n",
    "yes",
    "017",
    "1_000",
    ".inf",
    "é",
    "\u{2028}",
    "\u{feff}",
    "\t",
    "\r\n",
    "\\u0041",
    "\\ud83d\\ude00",
    "<<: ",
    "null",
    "~",
    "1e3",
    "-1",
    "text text",
];

/// Pieces of which plain YAML and its neighbours are made.
const PLAIN: [&str; 44] = [
    "a:",
    "b:",
    "c: ",
    "d: x\n",
    "e: [",
    "f: {g: h}",
    "- ",
    "- i: j\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n\n",
    "  ",
    " ",
    "x",
    "y z",
    "1",
    "true",
    "\"q\"",
    "'s'",
    "]",
    "}",
    ",",
    ", ",
    ":",
    ": ",
    "#",
    " # c",
    "|\n",
    "|-\n",
    ">\n",
    "-",
    "--",
    "text",
    "o/p+q",
    "https://x",
    "\"a: b\"",
    "k: v",
    "{",
    "m: |\n  n\n",
    "  t\n",
    "?",
    "\n- u\n",
];

const JSON: [&str; 36] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"b\"",
    "\"",
    "\\",
    "\\u0041",
    "\\ud800",
    "\\udc00",
    "1",
    "0",
    "-",
    ".5",
    "e9",
    "E+1",
    "true",
    "false",
    "null",
    " ",
    "\n",
    "\t",
    "é",
    "\u{1}",
    "\u{2028}",
    "//",
    "'",
    "NaN",
    "9223372036854775808",
    "1e999",
    "\u{feff}",
    "\"\\n\"",
    "{\"a\":1,\"a\":2}",
];

fn pieces(all: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(all), 0..most).prop_map(|pieces| pieces.concat())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(20_000))]

    /// What passes without a complaint is the same value for a second, independent reader; places lie in the text.
    #[test]
    fn yaml_without_complaint_means_one_thing(body in pieces(&YAML, 24)) {
        let text = format!("k: 1\n{body}\n");
        let (tree, problems) = yaml::read(&text);
        for problem in &problems {
            prop_assert!(problem.span.range().end <= text.len());
        }
        if let Some(tree) = tree {
            tree.walk(&mut |pointer, node| {
                assert!(text.get(node.span.range()).is_some(), "{pointer} of {text:?} has the span {:?}", node.span);
            });
            if problems.is_empty()
                && let Some((_, message)) = second_reader::disagreement(&text, &tree)
            {
                // A refusal is a finding of its own; another value would be the danger.
                prop_assert!(message.contains("refuses"), "{text:?}: {message}");
            }
        }
    }

    /// The fast lane reads nothing that the whole reader complains about, and the same values.
    #[test]
    fn the_fast_lane_is_the_whole_reader(body in pieces(&PLAIN, 20)) {
        let text = format!("k: 1\n{body}\n");
        if let Some(fast) = plain_yaml::read(&text) {
            let (tree, problems) = yaml::read(&text);
            prop_assert!(problems.is_empty(), "{text:?}: {problems:?}");
            prop_assert_eq!(fast.to_json(), tree.unwrap().to_json(), "{:?}", text);
        }
    }

    /// The tree and the fast reader accept what serde_json accepts, and the tree has its values.
    #[test]
    fn json_is_what_the_reference_reads(text in pieces(&JSON, 16)) {
        let reference = serde_json::from_str::<serde_json::Value>(&text);
        let (tree, problems) = json::read(&text);
        let fatal = problems.iter().any(|p| matches!(p.kind, ProblemKind::Syntax | ProblemKind::TrailingData | ProblemKind::ByteOrderMark));
        let soft = problems.iter().any(|p| matches!(p.kind, ProblemKind::LoneSurrogate | ProblemKind::NumberPrecision | ProblemKind::DuplicateKey));
        match reference {
            Ok(value) => {
                prop_assert!(!fatal, "{text:?}: {problems:?}");
                if !soft {
                    prop_assert_eq!(tree.unwrap().to_json(), value);
                }
            }
            Err(error) => prop_assert!(fatal || soft, "{text:?}: {error}"),
        }
        // Identification asks for an object, and minds fewer things.
        if Facts::read(&text).is_ok() {
            prop_assert!(!fatal, "{text:?}");
        }
    }
}

#[test]
fn the_fast_lane_reads_most_entries_and_reads_them_right() {
    let mut read = 0;
    let entries: Vec<_> =
        crate::harness::files("types").into_iter().filter(|path| path.ends_with("type.yaml")).collect();
    for path in &entries {
        let text = std::fs::read_to_string(path).unwrap();
        if let Some(fast) = plain_yaml::read(&text) {
            read += 1;
            assert_eq!(fast.to_json(), yaml::read(&text).0.unwrap().to_json(), "{}", path.display());
        }
    }
    assert!(read * 2 > entries.len(), "only {read} of {} entries", entries.len());
}

#[test]
fn hostile_texts_end_quickly() {
    let n = 30_000;
    let mut texts: Vec<String> =
        ["[", "{a: ", "- ", "? ", ": ", "&a ", "!a ", "\"", "'", "|\n", "a: *b\n", "[a, ", "{? ", "- - "]
            .iter()
            .map(|piece| format!("x: {}", piece.repeat(n)))
            .collect();
    let aliases: Vec<String> = (0..500).map(|i| format!("b{i}: &b{i} [*a, *a]\n")).collect();
    texts.push(format!("a: &a [x]\n{}", aliases.concat()));
    for text in texts {
        let text = &text[..text.len().min(yaml::MAX_BYTES)];
        let start = Instant::now();
        let (_, problems) = yaml::read(text);
        assert!(!problems.is_empty(), "{}", &text[..40]);
        assert!(start.elapsed() < Duration::from_secs(2), "{}: {:?}", &text[..40], start.elapsed());
    }
    for piece in ["[", "{\"a\":", "\"", "[[],", "-", "\\"] {
        let start = Instant::now();
        let (_, problems) = json::read(&piece.repeat(1_000_000));
        assert!((1..10).contains(&problems.len()), "{piece}: {}", problems.len());
        assert!(start.elapsed() < Duration::from_secs(2), "{piece}");
    }
}

#[test]
fn a_small_stack_is_enough() {
    let read = || {
        let deep = format!("a: {}", "[".repeat(60_000));
        assert!(yaml::read(&deep).0.is_none());
        assert!(json::read(&"[".repeat(1_000_000)).0.is_none());
        let nested = format!("{}1{}", "[".repeat(64), "]".repeat(64));
        assert!(json::read(&nested).0.is_some());
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(read).unwrap().join().unwrap();
}

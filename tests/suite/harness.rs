//! Worlds on disk and the program in a scrubbed environment.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A complete entry, clean under every rule; fragments replace its top-level keys.
pub(crate) const SAMPLE: &str = r#"# yaml-language-server: $schema=../../schemas/artifact-type.schema.json
id: sample
title: Sample
label: Sample
summary: A sample for tests.
description: |
  A type that exists only in tests.
status:
  state: active
tier: listed
publisher:
  name: Example
  url: https://example.com
roles: [config]
identify:
  rules:
    - when:
        field: config.mediaType
        equals: application/vnd.example.sample.config.v1+json
structure:
  shapes: [oci-manifest]
  config:
    mediaTypes: [application/vnd.example.sample.config.v1+json]
  otherLayers: optional
  subject: optional
links:
  home: https://example.com
sources:
  - mediaTypes: [application/vnd.example.sample.config.v1+json]
    fact: The config, in the first release of 2024.
    specification: https://example.com/specification
examples:
  - file: plain.json
    title: The plain form.
changes:
  - date: "2026-01-01"
    change: Added.
"#;

/// Digest of the empty JSON object.
pub(crate) const EMPTY_DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

/// The example of [`SAMPLE`].
pub(crate) const SAMPLE_EXAMPLE: &str = r#"{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {
    "mediaType": "application/vnd.example.sample.config.v1+json",
    "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000001",
    "size": 1001
  },
  "layers": [
    {
      "mediaType": "application/vnd.oci.empty.v1+json",
      "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      "size": 2
    }
  ]
}
"#;

/// Keys that the sample lacks, each with the key of the sample before which it stands in the format.
const BEFORE: [(&str, &str); 13] = [
    ("kind", "title"),
    ("aliases", "status"),
    ("replacedBy", "tier"),
    ("since", "publisher"),
    ("owner", "roles"),
    ("isA", "identify"),
    ("attachesTo", "identify"),
    ("formerMediaTypes", "links"),
    ("tools", "links"),
    ("actions", "links"),
    ("scanning", "links"),
    ("icon", "links"),
    ("iana", "sources"),
];

/// The sample entry with the top-level keys of a fragment in place of its own; new keys stand where the format has
/// them, unknown ones at the end.
pub(crate) fn merged(fragment: &str) -> String {
    let blocks = |text: &str| -> Vec<(String, String)> {
        let mut blocks: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            let starts = !line.starts_with([' ', '#', '\n', '-', '}', ']']);
            if starts || blocks.is_empty() {
                let key = line.split(':').next().unwrap_or_default().to_owned();
                blocks.push((key, line.to_owned()));
            } else if let Some(last) = blocks.last_mut() {
                last.1.push_str(line);
            }
        }
        blocks
    };
    let new = blocks(fragment);
    let mut merged = String::new();
    let mut placed = Vec::new();
    for (key, text) in blocks(SAMPLE) {
        for (name, text) in new.iter().filter(|(name, _)| BEFORE.contains(&(name.as_str(), key.as_str()))) {
            placed.push(name.clone());
            merged.push_str(text);
        }
        let replacements: Vec<&(String, String)> = new.iter().filter(|(other, _)| *other == key).collect();
        if replacements.is_empty() {
            merged.push_str(&text);
        }
        for (key, text) in replacements {
            placed.push(key.clone());
            merged.push_str(text);
        }
    }
    for (key, text) in new.iter().filter(|(key, _)| !placed.contains(key)) {
        // A first line that is a comment belongs to the top.
        if key.starts_with('#') { merged.insert_str(0, text) } else { merged.push_str(text) }
    }
    merged
}

/// A folder that lasts as long as the test.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

/// What a run of the program gave.
pub(crate) struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A catalog with the sample entry.
    pub(crate) fn sample() -> Self {
        Self::new().file("types/sample/type.yaml", SAMPLE).file("types/sample/examples/plain.json", SAMPLE_EXAMPLE)
    }

    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, b"")
    }

    /// Runs the program in this folder, with nothing in its environment that could change what it says.
    pub(crate) fn run_with(&self, args: &[&str], input: &[u8]) -> Run {
        run_in(self.folder.path(), args, input)
    }

    /// The findings of `oat lint --format json`.
    pub(crate) fn findings(&self, args: &[&str]) -> Vec<Value> {
        let run = self.run(&[&["lint", "--format", "json"], args].concat());
        let report: Value =
            serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err));
        report["findings"].as_array().unwrap().clone()
    }
}

pub(crate) fn run_in(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_oat"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("COLUMNS", "80")
        .env("HOME", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feed = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    Run {
        code: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder of the repository, sorted.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(root().join(folder))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

//! `w3 typed|schema THREADS FILE.ndjson`: what a library alone costs on a stream of manifests.
//!
//! `typed` is a borrowed, typed `serde_json` parse with the fields that identification and a lint read; `schema` is
//! crate `jsonschema` with a schema of manifests and indexes over `serde_json::Value`. Neither says what a document is.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Mutex;
use std::thread;

use serde::Deserialize;

const SCHEMA: &str = include_str!("../documents.schema.json");
const BLOCK: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    #[serde(borrow, default)]
    media_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    artifact_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    config: Option<Descriptor<'a>>,
    #[serde(borrow, default)]
    layers: Vec<Descriptor<'a>>,
    #[serde(borrow, default)]
    manifests: Vec<Descriptor<'a>>,
    #[serde(borrow, default)]
    subject: Option<Descriptor<'a>>,
    #[serde(borrow, default)]
    annotations: Annotations<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    #[serde(borrow)]
    media_type: Cow<'a, str>,
    #[serde(borrow)]
    digest: Cow<'a, str>,
    size: u64,
    #[serde(borrow, default)]
    artifact_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    annotations: Annotations<'a>,
}

/// Pairs in a vector, without a map's hashing; strings are borrowed unless they hold an escape.
#[derive(Default)]
struct Annotations<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Annotations<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Annotations<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("annotations")
            }
            fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text<'de>, Text<'de>>()? {
                    pairs.push((key.0, value.0));
                }
                Ok(Annotations(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// Whether what the parse found is plausible; reads every part, so that nothing is optimised away.
fn typed(line: &[u8]) -> bool {
    let Ok(document) = serde_json::from_slice::<Document<'_>>(line) else { return false };
    let descriptors = document.config.iter().chain(&document.layers).chain(&document.manifests).chain(&document.subject);
    document.schema_version == 2
        && document.media_type.is_none_or(|text| !text.is_empty())
        && document.artifact_type.is_none_or(|text| !text.is_empty())
        && document.annotations.0.iter().all(|(key, _)| !key.is_empty())
        && descriptors.into_iter().all(|descriptor| {
            !descriptor.media_type.is_empty()
                && descriptor.digest.contains(':')
                && descriptor.size < 1 << 60
                && descriptor.artifact_type.as_ref().is_none_or(|text| !text.is_empty())
                && descriptor.annotations.0.iter().all(|(key, _)| !key.is_empty())
        })
}

struct Lines {
    file: File,
    carry: Vec<u8>,
}

impl Lines {
    /// Fills `block`, which is used again and again, with the next whole lines; leaves it empty at the end.
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<()> {
        block.clear();
        block.append(&mut self.carry);
        loop {
            let before = block.len();
            self.file.by_ref().take(BLOCK as u64).read_to_end(block)?;
            if block.len() == before {
                return Ok(());
            }
            if let Some(end) = memchr::memrchr(b'\n', block) {
                self.carry.extend_from_slice(&block[end + 1..]);
                block.truncate(end + 1);
                return Ok(());
            }
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, threads, path] = arguments.as_slice() else { return Err("w3 typed|schema THREADS FILE".into()) };
    let check: Box<dyn Fn(&[u8]) -> bool + Sync> = match mode.as_str() {
        "typed" => Box::new(typed),
        "schema" => {
            let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA)?)?;
            Box::new(move |line| serde_json::from_slice(line).is_ok_and(|value| validator.is_valid(&value)))
        }
        _ => return Err("which mode?".into()),
    };
    let lines = Mutex::new(Lines { file: File::open(path)?, carry: Vec::new() });
    let work = || -> (usize, usize) {
        let (mut good, mut bad) = (0, 0);
        let mut block = Vec::with_capacity(2 * BLOCK);
        loop {
            lines.lock().expect("no thread panics").next(&mut block).expect("the file can be read");
            if block.is_empty() {
                return (good, bad);
            }
            let mut rest = block.as_slice();
            while !rest.is_empty() {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                if check(&rest[..end]) { good += 1 } else { bad += 1 }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
        }
    };
    let (good, bad) = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.parse().unwrap_or(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no thread panics")).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    });
    println!("{good} good, {bad} bad");
    Ok(())
}

//! What a path is: a catalog, an entry, an image layout, documents.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{Failure, catalogs};
use crate::source::text::visible;

/// An input of `lint` or `identify`.
#[derive(Debug)]
pub(super) enum Input {
    /// A catalog: the folder that holds the entries' folders.
    Catalog(PathBuf),
    /// One `type.yaml`.
    Entry(PathBuf),
    /// An OCI image layout in a folder.
    Layout(PathBuf),
    /// A file with one document.
    Document(PathBuf),
    /// A file that may be one document or a stream with one document a line; `-` is standard input.
    Stream(PathBuf),
}

/// Finds out what a path is. A folder of documents becomes several inputs, sorted.
pub(super) fn classify(path: &Path) -> Result<Vec<Input>, Failure> {
    if path == Path::new("-") {
        return Ok(vec![Input::Stream(path.to_owned())]);
    }
    let metadata = std::fs::metadata(path).map_err(|error| Failure::path(path, &error))?;
    if metadata.is_dir() {
        return folder(path);
    }
    if path.file_name().is_some_and(|name| name == "type.yaml") {
        return Ok(vec![Input::Entry(path.to_owned())]);
    }
    refuse_archive(path)?;
    Ok(vec![document(path.to_owned())])
}

fn document(path: PathBuf) -> Input {
    let stream = path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl");
    if stream { Input::Stream(path) } else { Input::Document(path) }
}

fn folder(path: &Path) -> Result<Vec<Input>, Failure> {
    if path.join("oci-layout").is_file() {
        return Ok(vec![Input::Layout(path.to_owned())]);
    }
    if let Some(types) = catalogs::types_folder(path) {
        return Ok(vec![Input::Catalog(types)]);
    }
    let mut inputs = Vec::new();
    for entry in walkdir::WalkDir::new(path).follow_links(false).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(path).to_owned();
            Failure::path(&path, &error.into())
        })?;
        let known = entry.path().extension().is_some_and(|e| e == "json" || e == "ndjson" || e == "jsonl");
        if entry.file_type().is_file() && known {
            inputs.push(document(entry.into_path()));
        }
    }
    if inputs.is_empty() {
        let shown = catalogs::shown(path);
        return Err(Failure::new(format!(
            "{shown}: neither a catalog nor an image layout, and without .json, .ndjson or .jsonl files"
        )));
    }
    Ok(inputs)
}

/// Archives are known by their first bytes.
fn refuse_archive(path: &Path) -> Result<(), Failure> {
    let mut head = [0_u8; 262];
    let mut file = File::open(path).map_err(|error| Failure::path(path, &error))?;
    let length = read_up_to(&mut file, &mut head).map_err(|error| Failure::path(path, &error))?;
    let head = &head[..length];
    let kind = if head.starts_with(&[0x1F, 0x8B]) {
        "a gzip archive"
    } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        "a zstd archive"
    } else if head.get(257..262) == Some(b"ustar") {
        "a tar archive"
    } else {
        return Ok(());
    };
    let shown = catalogs::shown(path);
    Err(Failure::new(format!("{shown} is {kind}, which this version does not read: unpack it and give the folder")))
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..])? {
            0 => break,
            n => length += n,
        }
    }
    Ok(length)
}

/// Opens a file or, for `-`, standard input.
pub(super) fn open(path: &Path) -> Result<Box<dyn io::Read + Send>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path).map_err(|error| Failure::path(path, &error))?))
}

/// A manifest or index of an image layout.
#[derive(Debug)]
pub(super) struct LayoutDocument {
    /// How messages call it.
    pub shown: String,
    /// Its bytes, verified against its digest.
    pub bytes: Vec<u8>,
}

/// Most documents of a layout, and the deepest nesting of indexes that is followed.
const MAX_DOCUMENTS: usize = 10_000;
const MAX_DEPTH: usize = 8;

/// The manifests and indexes that are reachable from an image layout's `index.json`, each once, in its order.
///
/// Content that does not match its digest is a failure: nothing can be said about it.
pub(super) fn layout(path: &Path) -> Result<Vec<LayoutDocument>, Failure> {
    let index = path.join("index.json");
    let bytes = crate::catalog::folder::read_bounded(&index, crate::shape::MAX_JSON_BYTES)
        .map_err(|error| Failure::path(&index, &error))?;
    let mut documents = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    follow(path, &bytes, 0, &mut seen, &mut documents)?;
    Ok(documents)
}

fn follow(
    root: &Path,
    index: &[u8],
    depth: usize,
    seen: &mut std::collections::BTreeSet<String>,
    documents: &mut Vec<LayoutDocument>,
) -> Result<(), Failure> {
    let value: serde_json::Value = serde_json::from_slice(index).unwrap_or_default();
    let children = value.get("manifests").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    for child in children {
        let digest = child.get("digest").and_then(serde_json::Value::as_str).unwrap_or_default();
        // The path is made of a checked digest only: no contributed text can lead out of the layout.
        let Some((algorithm, encoded)) = digest.split_once(':').filter(|_| crate::oci::digest::is_digest(digest))
        else {
            continue;
        };
        if !seen.insert(digest.to_owned()) || documents.len() >= MAX_DOCUMENTS || depth >= MAX_DEPTH {
            continue;
        }
        let blob = root.join("blobs").join(algorithm).join(encoded);
        let Ok(bytes) = crate::catalog::folder::read_bounded(&blob, crate::shape::MAX_JSON_BYTES) else { continue };
        if algorithm == "sha256" && crate::mapping::digest(&bytes) != digest {
            let shown = catalogs::shown(&blob);
            return Err(Failure::new(format!("{shown}: the content does not have the digest that its name says")));
        }
        let shown = visible(&catalogs::shown(&blob)).into_owned();
        documents.push(LayoutDocument { shown, bytes: bytes.clone() });
        follow(root, &bytes, depth + 1, seen, documents)?;
    }
    Ok(())
}

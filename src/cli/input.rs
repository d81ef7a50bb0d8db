//! What a path is: a catalog, an entry, an image layout, documents; or no path but a reference.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{Failure, catalogs};
use crate::archive::{self, Container};
use crate::registry::Repository;

/// An input of `lint` or `identify`.
#[derive(Debug)]
pub(super) enum Input {
    /// A catalog: the folder that holds the entries' folders; none stands for the embedded one.
    Catalog(Option<PathBuf>),
    /// A file that says what a registry takes of the catalog: `selection.yaml` or `NAME.selection.yaml`.
    Selection(PathBuf),
    /// A file of the table of registries: any YAML file in a folder of the name `registries`.
    Registry(PathBuf),
    /// One `type.yaml`.
    Entry(PathBuf),
    /// An OCI image layout in a folder, or an archive.
    Layout(Container),
    /// A file with one document.
    Document(PathBuf),
    /// A reference to what a registry holds.
    Reference(String),
    /// A file that may be one document or a stream with one document a line; `-` is standard input.
    Stream(PathBuf),
}

/// Finds out what a path is. A folder of documents becomes several inputs, sorted.
pub(super) fn classify(path: &Path) -> Result<Vec<Input>, Failure> {
    if path == Path::new("-") {
        return Ok(vec![Input::Stream(path.to_owned())]);
    }
    let metadata = match (std::fs::metadata(path), path.to_str()) {
        (Err(_), Some(text)) if Repository::is_meant(text) => return Ok(vec![Input::Reference(text.to_owned())]),
        (metadata, _) => metadata.map_err(|error| Failure::path(path, &error))?,
    };
    if metadata.is_dir() {
        return folder(path);
    }
    if path.file_name().is_some_and(|name| name == "type.yaml") {
        return Ok(vec![Input::Entry(path.to_owned())]);
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name == "selection.yaml" || name.ends_with(".selection.yaml") {
        return Ok(vec![Input::Selection(path.to_owned())]);
    }
    if is_registry(path) {
        return Ok(vec![Input::Registry(path.to_owned())]);
    }
    let container = Container::of_file(path).map_err(|error| Failure::path(path, &error))?;
    Ok(vec![container.map_or_else(|| document(path.to_owned()), Input::Layout)])
}

fn document(path: PathBuf) -> Input {
    let stream = path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl");
    if stream { Input::Stream(path) } else { Input::Document(path) }
}

fn folder(path: &Path) -> Result<Vec<Input>, Failure> {
    // A layout that lost its marker is still one.
    if archive::has_file(path, "oci-layout") || archive::has_file(path, "index.json") && path.join("blobs").is_dir() {
        return Ok(vec![Input::Layout(Container::folder(path))]);
    }
    if let Some(types) = catalogs::types_folder(path) {
        return Ok(vec![Input::Catalog(Some(types))]);
    }
    let mut inputs = registries(path)?;
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

fn is_registry(path: &Path) -> bool {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let within = path.parent().and_then(Path::file_name).is_some_and(|name| name == "registries");
    within && path.extension().is_some_and(|extension| extension == "yaml")
}

/// The files of the table of registries in a folder, sorted.
pub(super) fn registries(folder: &Path) -> Result<Vec<Input>, Failure> {
    let fail = |error: io::Error| Failure::path(folder, &error);
    let files = std::fs::read_dir(folder).map_err(fail)?.map(|file| Ok(file?.path()));
    let mut files: Vec<PathBuf> = files.collect::<io::Result<_>>().map_err(fail)?;
    files.retain(|path| is_registry(path));
    files.sort_unstable();
    Ok(files.into_iter().map(Input::Registry).collect())
}

/// Opens a file or, for `-`, standard input.
pub(super) fn open(path: &Path) -> Result<Box<dyn io::Read + Send>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path).map_err(|error| Failure::path(path, &error))?))
}

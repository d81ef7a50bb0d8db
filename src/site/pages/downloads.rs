//! Files to download, with sizes and digests.

use std::collections::BTreeMap;

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::{Error, Site, api};
use super::guides::CONSUMERS;
use super::{frame, put, size};
use crate::mapping;
use crate::oci::hash::sha256;

/// Files that somebody else makes, in the order of the page, with what each is.
const KNOWN: [(&str, &str); 9] = [
    (mapping::FILE, "The mapping: every type, the rules of recognition in evaluation order, and the list of 2019."),
    ("schemas/media-type-mappings.schema.json", "JSON Schema of the mapping."),
    ("schemas/when.schema.json", "JSON Schema of the predicates in rules, the grammar of when."),
    ("schemas/artifact-type.schema.json", "JSON Schema of an entry, types/ID/type.yaml; editors complete by it."),
    ("schemas/findings.schema.json", "JSON Schema of what oat lint --format json prints."),
    ("schemas/diff.schema.json", "JSON Schema of what oat diff --format json prints."),
    ("schemas/selection.schema.json", "JSON Schema of a selection, selection.yaml; editors complete by it."),
    ("schemas/conformance-index.schema.json", "JSON Schema of the list of conformance vectors."),
    ("schemas/conformance.schema.json", "JSON Schema of a file of conformance vectors."),
];
const VECTORS: &str = "conformance/index.json";
/// Digests of every download, as `sha256sum` reads them from the root of the site.
const SUMS: &str = "downloads/SHA256SUMS";

#[derive(Template)]
#[template(path = "pages/downloads.html")]
struct DownloadsPage {
    layout: Layout,
    groups: Vec<Group>,
    patterns: [(&'static str, &'static str, &'static str); 14],
    sums: &'static str,
    files: usize,
}

/// A table of files.
struct Group {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    files: Vec<File>,
}

/// A file.
struct File {
    path: String,
    about: String,
    size: String,
    digest: String,
}

pub(super) fn write(
    site: &Site<'_>,
    downloads: &BTreeMap<String, Vec<u8>>,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Error> {
    let path = "downloads/index.html";
    let known: Vec<(&str, &str)> =
        KNOWN.into_iter().chain([(VECTORS, "List of the files of conformance vectors.")]).collect();
    api::write_index(site, &known, downloads, files)?;
    let sums = sums(downloads, files);
    let listed = sums.lines().count();
    files.insert(SUMS.to_owned(), sums.into_bytes());
    let file = |path: &str, about: String, bytes: &[u8]| File {
        path: path.to_owned(),
        about,
        size: size(bytes.len()),
        digest: sha256(bytes),
    };
    let known = |wanted: &dyn Fn(&str) -> bool| -> Vec<File> {
        let chosen = KNOWN.iter().filter(|(path, _)| wanted(path));
        chosen.filter_map(|(path, about)| Some(file(path, (*about).to_owned(), downloads.get(*path)?))).collect()
    };
    let config_schemas = downloads.iter().filter_map(|(path, bytes)| {
        let id = path.strip_prefix("schemas/config/")?.strip_suffix(".schema.json")?;
        let title = site.lookup.type_ref(id)?.title;
        Some(file(path, format!("JSON Schema of the config blob of the type {title}."), bytes))
    });
    let schemas: Vec<File> = known(&|path| path.starts_with("schemas/")).into_iter().chain(config_schemas).collect();
    let vector_files = downloads.keys().filter(|path| path.starts_with("conformance/") && *path != VECTORS).count();
    let vectors = downloads.get(VECTORS).map(|bytes| {
        let about = format!("List of the {vector_files} files of conformance vectors, which stand beside it: documents with the answer that each must get.");
        file(VECTORS, about, bytes)
    });
    let api = api::FILES.iter().filter_map(|(path, about)| Some(file(path, (*about).to_owned(), files.get(*path)?)));
    let consumers = CONSUMERS.into_iter().map(|(path, language, text)| {
        file(path, format!("Identifies manifests with nothing but the mapping, in {language}."), text.as_bytes())
    });
    let groups = vec![
        Group {
            id: "mapping",
            title: "The mapping",
            about: "All that a registry, a scanner or a user interface needs, in one file.",
            files: known(&|path| path == mapping::FILE),
        },
        Group { id: "schemas", title: "Schemas", about: "JSON Schema, draft 2020-12.", files: schemas },
        Group {
            id: "conformance",
            title: "Conformance vectors",
            about: "What an implementation of identification must answer.",
            files: vectors.into_iter().collect(),
        },
        Group {
            id: "consumers",
            title: "Reference consumers",
            about: "The whole of identification in one file each, without packages; they pass every conformance vector.",
            files: consumers.collect(),
        },
        Group {
            id: "api",
            title: "JSON interface",
            about: "The content of this site for programs, at stable addresses.",
            files: api.collect(),
        },
    ];
    let layout = frame(
        site,
        path,
        Section::Downloads,
        "Downloads",
        "The mapping, schemas, conformance vectors, reference consumers and the JSON interface, with digests.",
    );
    let groups = groups.into_iter().filter(|group| !group.files.is_empty()).collect();
    put(files, path.to_owned(), &DownloadsPage { layout, groups, patterns: api::PATTERNS, sums: SUMS, files: listed })
}

/// A line for each file that programs download, sorted by path: those that somebody else makes, the interface,
/// and the exports.
fn sums(downloads: &BTreeMap<String, Vec<u8>>, files: &BTreeMap<String, Vec<u8>>) -> String {
    let wanted = |path: &str| {
        ["api/", "examples/"].iter().any(|folder| path.starts_with(folder))
            || (path.starts_with("exports/") && !path.ends_with(".html"))
    };
    let own = files.iter().filter(|(path, _)| wanted(path));
    let all: BTreeMap<&String, &Vec<u8>> = downloads.iter().chain(own).collect();
    let line = |(path, bytes): (&String, &Vec<u8>)| {
        let digest = sha256(bytes);
        format!("{}  {path}\n", digest.strip_prefix("sha256:").unwrap_or(&digest))
    };
    all.into_iter().map(line).collect()
}

//! Files to download, with sizes and digests.

use std::fmt::Write as _;

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::output::{Download, Output};
use super::super::{Error, Site, api};
use super::guides::{CONSUMERS, GO_TEST};
use super::{frame, put};
use crate::mapping;
use crate::source::text;

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

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "downloads/index.html";
    let known: Vec<(&str, &str)> =
        KNOWN.into_iter().chain([(VECTORS, "List of the files of conformance vectors.")]).collect();
    api::write_index(site, &known, out)?;
    let (sums, listed) = sums(out);
    out.put(SUMS, sums.into_bytes())?;
    let file = |path: &str, about: String, download: &Download| File {
        path: path.to_owned(),
        about,
        size: text::bytes(download.size),
        digest: download.digest.to_string(),
    };
    let made = |path: &str, about: String| out.download(path).map(|download| file(path, about, &download));
    let known = |wanted: &dyn Fn(&str) -> bool| -> Vec<File> {
        let chosen = KNOWN.iter().filter(|(path, _)| wanted(path));
        chosen.filter_map(|(path, about)| made(path, (*about).to_owned())).collect()
    };
    let mut schemas = known(&|path| path.starts_with("schemas/"));
    out.below("schemas/config/", |path, download| {
        let id = path.strip_prefix("schemas/config/").and_then(|name| name.strip_suffix(".schema.json"));
        if let (Some(entry), Some(download)) = (id.and_then(|id| site.lookup.type_ref(id)), download) {
            schemas.push(file(path, format!("JSON Schema of the config blob of the type {}.", entry.title), download));
        }
    });
    let mut vector_files = 0;
    out.below("conformance/", |path, _| vector_files += usize::from(path != VECTORS));
    let about = format!(
        "List of the {vector_files} files of conformance vectors, which stand beside it: documents with the answer that each must get."
    );
    let vectors = made(VECTORS, about);
    let api = api::FILES.iter().filter_map(|(path, about)| made(path, (*about).to_owned()));
    let consumers = CONSUMERS.into_iter().filter_map(|(path, language, _)| {
        made(path, format!("Identifies manifests with nothing but the mapping, in {language}."))
    });
    let consumers =
        consumers.chain(made(GO_TEST.0, "Holds the consumer in Go against the conformance vectors.".to_owned()));
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
    put(out, path, &DownloadsPage { layout, groups, patterns: api::PATTERNS, sums: SUMS, files: listed })
}

/// A line for each file that programs download, sorted by path, and the number of lines.
fn sums(out: &Output<'_>) -> (String, usize) {
    let (mut sums, mut lines) = (String::new(), 0);
    out.below("", |path, download| {
        if let Some(Download { digest, .. }) = download {
            // Writing into a string does not fail.
            let _ = writeln!(sums, "{}  {path}", digest.strip_prefix("sha256:").unwrap_or(digest));
            lines += 1;
        }
    });
    (sums, lines)
}

//! Conformance vectors: documents with the answer that every implementation must give.
//!
//! The answers are what the entries say, never what the engine says.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::catalog::model::{ArtifactType, Example, ExpectedCertainty, Kind};

/// Vectors of one entry: a file `conformance/<id>.json`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Conformance vectors")]
pub struct VectorFile {
    /// Version of this form.
    pub schema_version: u32,
    /// The vectors, in the order of the entry.
    pub vectors: Vec<Vector>,
}

/// A document with the answer that it must get.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vector {
    /// `<id>/<file>`, unique.
    pub id: String,
    /// What it shows, in one line.
    pub title: String,
    /// The document.
    pub document: Value,
    /// What the caller has besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "VectorContext")]
    pub context: Option<VectorContext>,
    /// The answer.
    pub expect: Expect,
}

/// What the caller has besides the document.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VectorContext {
    /// The tag that led to the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tag: Option<String>,
    /// The config blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value")]
    pub config: Option<Value>,
    /// The descriptor that the parent index holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value")]
    pub parent: Option<Value>,
    /// The manifests of the children.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Value>,
}

/// The answer that a vector must get.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Expect {
    /// Id of the type, or null.
    #[serde(rename = "type")]
    pub type_id: Option<String>,
    /// How sure the answer is.
    pub certainty: ExpectedCertainty,
    /// A facet that must be among those of the answer; type and certainty are then not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub facet: Option<String>,
}

/// List of the vector files: `conformance/index.json`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Index of conformance vectors")]
pub struct VectorIndex {
    /// Version of this form.
    pub schema_version: u32,
    /// Names of the files beside this one, sorted.
    pub files: Vec<String>,
    /// Number of vectors in all files.
    pub vectors: usize,
}

/// The vectors of a catalog: path below the site's root to content.
///
/// # Errors
///
/// When one can not be written as JSON, which is a mistake of ours.
pub fn files(catalog: &Catalog) -> Result<BTreeMap<String, Vec<u8>>, serde_json::Error> {
    let mut files = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for entry in &catalog.entries {
        if let Some(File { vectors, text }) = file(catalog, entry)? {
            files.insert(path(&entry.id), text.into_bytes());
            counts.insert(entry.id.as_str(), vectors);
        }
    }
    files.insert(INDEX.to_owned(), index(&counts)?.into_bytes());
    Ok(files)
}

/// Path below the site's root of the list of the vector files.
pub const INDEX: &str = "conformance/index.json";

/// The vectors of an entry as a file.
#[derive(Debug)]
pub struct File {
    /// Number of its vectors.
    pub vectors: usize,
    /// Its content.
    pub text: String,
}

/// Path below the site's root of the vectors of an entry.
#[must_use]
pub fn path(id: &str) -> String {
    format!("conformance/{id}.json")
}

/// The vectors of one entry; none when it has no example that can be read.
///
/// # Errors
///
/// When they can not be written as JSON, which is a mistake of ours.
pub fn file(catalog: &Catalog, entry: &ArtifactType) -> Result<Option<File>, serde_json::Error> {
    let vectors: Vec<Vector> = entry.examples.iter().filter_map(|example| vector(catalog, entry, example)).collect();
    if vectors.is_empty() {
        return Ok(None);
    }
    let count = vectors.len();
    let text = serde_json::to_string_pretty(&VectorFile { schema_version: 1, vectors })? + "\n";
    Ok(Some(File { vectors: count, text }))
}

/// The list of vector files, from the ids of their entries, each with the number of its vectors.
///
/// # Errors
///
/// When it can not be written as JSON, which is a mistake of ours.
pub fn index(counts: &BTreeMap<&str, usize>) -> Result<String, serde_json::Error> {
    let files = counts.keys().map(|id| format!("{id}.json")).collect();
    let index = VectorIndex { schema_version: 1, files, vectors: counts.values().sum() };
    Ok(serde_json::to_string_pretty(&index)? + "\n")
}

/// All vectors of a catalog, in the order of the entries.
#[must_use]
pub fn vectors(catalog: &Catalog) -> Vec<Vector> {
    let of = |entry: &ArtifactType| -> Vec<Vector> {
        entry.examples.iter().filter_map(|example| vector(catalog, entry, example)).collect()
    };
    catalog.entries.iter().flat_map(of).collect()
}

fn vector(catalog: &Catalog, entry: &ArtifactType, example: &Example) -> Option<Vector> {
    let read = |file: &str| -> Option<Value> {
        serde_json::from_str(catalog.file(&entry.id, &format!("examples/{file}"))?).ok()
    };
    let context = example.context.as_ref().map(|context| VectorContext {
        tag: context.tag.clone(),
        config: context.config.as_deref().and_then(read),
        parent: context.parent.as_deref().and_then(read),
        children: context.children.iter().filter_map(|file| read(file)).collect(),
    });
    let (type_id, certainty) = match &example.expect {
        Some(expect) => (expect.type_id.clone(), expect.certainty),
        None => (Some(entry.id.clone()), ExpectedCertainty::Exact),
    };
    let facet = (entry.kind == Kind::Facet && example.expect.is_none()).then(|| entry.id.clone());
    Some(Vector {
        id: format!("{}/{}", entry.id, example.file),
        title: example.title.clone(),
        document: read(&example.file)?,
        context,
        expect: Expect { type_id: type_id.filter(|_| facet.is_none()), certainty, facet },
    })
}

//! The catalog as an OCI artifact: the mapping, its schema and the conformance vectors, as `oat publish` stores them.
//!
//! Its type has an entry in the catalog, `artifact-type-catalog`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::oci::hash::sha256;
use crate::oci::well_known::{EMPTY, EMPTY_DIGEST, OCI_MANIFEST};

/// Type of the artifact.
pub const ARTIFACT_TYPE: &str = "application/vnd.oci-artifact-types.catalog.v1";
/// Annotation with the file name of a layer
/// ([annotations.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)).
const TITLE: &str = "org.opencontainers.image.title";
const VERSION: &str = "org.opencontainers.image.version";
const SOURCE: &str = "org.opencontainers.image.source";
const DESCRIPTION: &str = "org.opencontainers.image.description";
const LICENSES: &str = "org.opencontainers.image.licenses";
/// Where the catalog is worked on.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// A file of the artifact: a layer with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// Its name, in the layer's title and on disk.
    pub name: &'static str,
    /// Media type of the layer.
    pub media_type: &'static str,
}

/// The files, in the order of the layers.
pub const FILES: [File; 3] = [
    File { name: "mediaTypeMappings.json", media_type: "application/vnd.oci-artifact-types.mapping.v1+json" },
    File { name: "media-type-mappings.schema.json", media_type: "application/schema+json" },
    File { name: "conformance.json", media_type: "application/vnd.oci-artifact-types.vectors.v1+json" },
];

/// A manifest, as it is written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    schema_version: u32,
    media_type: &'a str,
    artifact_type: &'a str,
    config: Descriptor<'a>,
    layers: Vec<Descriptor<'a>>,
    annotations: BTreeMap<&'a str, &'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    media_type: &'a str,
    digest: String,
    size: usize,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
}

/// A manifest, as far as it is read back.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    artifact_type: Option<String>,
    #[serde(default)]
    layers: Vec<Layer>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    media_type: String,
    digest: String,
}

/// The manifest for the contents of [`FILES`], with the version of the catalog: the same bytes for the same contents.
///
/// # Errors
///
/// When it can not be written as JSON, which is a mistake of ours.
pub fn manifest(contents: &[Vec<u8>; FILES.len()], version: &str) -> Result<Vec<u8>, serde_json::Error> {
    let layers = FILES.iter().zip(contents).map(|(file, content)| Descriptor {
        media_type: file.media_type,
        digest: sha256(content),
        size: content.len(),
        annotations: [(TITLE, file.name)].into(),
    });
    serde_json::to_vec(&Manifest {
        schema_version: 2,
        media_type: OCI_MANIFEST,
        artifact_type: ARTIFACT_TYPE,
        config: Descriptor {
            media_type: EMPTY,
            digest: EMPTY_DIGEST.to_owned(),
            size: 2,
            annotations: BTreeMap::new(),
        },
        layers: layers.collect(),
        annotations: [
            (VERSION, version),
            (SOURCE, REPOSITORY),
            (DESCRIPTION, "Artifact types: how to recognise each, what to show for it and what to offer."),
            (LICENSES, env!("CARGO_PKG_LICENSE")),
        ]
        .into(),
    })
}

/// The digest of each file that a manifest holds, by its media type; the names in it are not looked at.
///
/// # Errors
///
/// Why the manifest is none of a catalog.
pub fn layers(manifest: &str) -> Result<Vec<(File, String)>, String> {
    let stored: Stored = serde_json::from_str(manifest).map_err(|_| "it is no manifest".to_owned())?;
    if stored.artifact_type.as_deref() != Some(ARTIFACT_TYPE) {
        return Err(format!("it is no catalog: its artifactType is not {ARTIFACT_TYPE}"));
    }
    let find = |file: File| {
        let layer = stored.layers.iter().find(|layer| layer.media_type == file.media_type)?;
        Some((file, layer.digest.clone()))
    };
    let found: Vec<(File, String)> = FILES.into_iter().filter_map(find).collect();
    match found.first() {
        Some((file, _)) if *file == FILES[0] => Ok(found),
        _ => Err("it holds no mapping".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let contents = [b"{}".to_vec(), b"[]".to_vec(), b"1".to_vec()];
        let text = String::from_utf8(manifest(&contents, "2026.11.21").unwrap()).unwrap();
        let found = layers(&text).unwrap();
        assert_eq!(found.iter().map(|(file, _)| *file).collect::<Vec<_>>(), FILES);
        assert!(found.iter().zip(&contents).all(|((_, digest), content)| *digest == sha256(content)));
        for (wrong, why) in [("[]", "no manifest"), ("{}", "no catalog"), ("x", "no manifest")] {
            assert!(layers(wrong).unwrap_err().contains(why), "{wrong}");
        }
        let empty = format!(r#"{{"artifactType":"{ARTIFACT_TYPE}","layers":[]}}"#);
        assert!(layers(&empty).unwrap_err().contains("no mapping"));
    }
}

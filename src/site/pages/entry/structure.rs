//! What a valid instance looks like, as rows of a table.

use super::super::super::{Site, words};
use super::super::{MediaTypeRef, pieces};
use crate::catalog::ArtifactType;
use crate::catalog::model::{AnnotationPart, Presence, Structure};
use crate::mapping::config_schema_path;

/// The section.
pub(super) struct StructureView<'a> {
    /// Kinds of document, with articles, the usual one first.
    pub(super) shapes: Vec<&'static str>,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) annotations: Vec<Annotation<'a>>,
    /// Path of the JSON Schema of the config blob.
    pub(super) config_schema: Option<String>,
}

/// A part of a document.
pub(super) struct Part<'a> {
    /// The property that holds it.
    pub(super) property: &'static str,
    /// Its name within the entry.
    pub(super) role: Option<&'a str>,
    pub(super) media_types: Vec<MediaTypeRef<'a>>,
    /// Values of `artifactType` of a child.
    pub(super) artifact_types: Vec<MediaTypeRef<'a>>,
    /// How often, or whether.
    pub(super) count: String,
    pub(super) description: Option<&'a str>,
}

/// An annotation, of the document or of a layer.
pub(super) struct Annotation<'a> {
    /// What carries it.
    pub(super) of: String,
    /// The pieces of its key, between which a line may break.
    pub(super) key: Vec<&'a str>,
    pub(super) presence: &'static str,
    pub(super) pattern: Option<&'a str>,
    pub(super) description: Option<&'a str>,
}

pub(super) fn view<'a>(
    site: &Site<'a>,
    entry: &'a ArtifactType,
    structure: &'a Structure,
    root: &str,
) -> StructureView<'a> {
    let refs = |texts: &'a [String]| -> Vec<MediaTypeRef<'a>> {
        texts.iter().map(|text| MediaTypeRef::new(site, root, text)).collect()
    };
    let plain = |property, count: &str, description| Part {
        property,
        role: None,
        media_types: Vec::new(),
        artifact_types: Vec::new(),
        count: count.to_owned(),
        description,
    };
    let mut parts = Vec::new();
    if let Some(property) = &structure.artifact_type {
        let media_types = refs(&property.media_types);
        parts.push(Part { media_types, ..plain("artifactType", words::presence(property.presence), None) });
    }
    if let Some(config) = &structure.config {
        let media_types = refs(&config.media_types);
        parts.push(Part { media_types, ..plain("config", "exactly 1", config.description.as_deref()) });
    }
    for layer in &structure.layers {
        parts.push(Part {
            role: Some(&layer.role),
            media_types: refs(&layer.media_types),
            ..plain("layers", &words::count(layer.min, layer.max), layer.description.as_deref())
        });
    }
    if !structure.layers.is_empty() || structure.other_layers != Presence::Forbidden {
        let count = if structure.other_layers == Presence::Forbidden { "not allowed" } else { "any number" };
        parts.push(plain("layers", count, Some("Layers of other media types.")));
    }
    for child in &structure.manifests {
        parts.push(Part {
            role: Some(&child.role),
            media_types: refs(&child.media_types),
            artifact_types: refs(&child.artifact_types),
            ..plain("manifests", &words::count(child.min, child.max), child.description.as_deref())
        });
    }
    let subject = (structure.subject != Presence::Forbidden).then_some("The manifest that this one is attached to.");
    parts.push(plain("subject", words::presence(structure.subject), subject));

    let annotation = |of: &str, part: &'a AnnotationPart| Annotation {
        of: of.to_owned(),
        key: pieces(&part.key),
        presence: words::presence(part.presence),
        pattern: part.pattern.as_deref(),
        description: part.description.as_deref(),
    };
    let mut annotations: Vec<Annotation<'_>> =
        structure.annotations.iter().map(|part| annotation("the document", part)).collect();
    for layer in &structure.layers {
        let of = format!("layer ({})", layer.role);
        annotations.extend(layer.annotations.iter().map(|part| annotation(&of, part)));
    }
    StructureView {
        shapes: structure.shapes.iter().copied().map(words::shape).collect(),
        parts,
        annotations,
        config_schema: site.catalog.file(&entry.id, "config.schema.json").map(|_| config_schema_path(&entry.id)),
    }
}

//! Which part of an entry's structure a layer or a child is.

use super::model::{ArtifactType, ChildPart, FormerMediaType, LayerPart, Place, Structure};

/// Whether a media type of an entry is the found one; a final `*` stands for any ending.
#[must_use]
pub fn covers(known: &str, found: &str) -> bool {
    known.strip_suffix('*').map_or(known == found, |prefix| found.starts_with(prefix))
}

/// The part that a layer is: one that names its media type, or the successor of it.
#[must_use]
pub fn layer_part(entry: &ArtifactType, structure: &Structure, media_type: &str) -> Option<usize> {
    structure.layers.iter().position(|part| layer_is(entry, part, media_type))
}

fn layer_is(entry: &ArtifactType, part: &LayerPart, found: &str) -> bool {
    let former = |former: &FormerMediaType| {
        former.place == Place::Layer
            && former.media_type == found
            && former.successor.as_ref().is_none_or(|successor| part.media_types.contains(successor))
    };
    part.media_types.iter().any(|known| covers(known, found)) || entry.former_media_types.iter().any(former)
}

/// The part that a child is: one that names its `artifactType`, else one that names none, else one of its media type
/// when the child says nothing more.
#[must_use]
pub fn child_part(parts: &[ChildPart], media_type: &str, artifact_type: Option<&str>) -> Option<usize> {
    let of_media_type = |part: &ChildPart| part.media_types.iter().any(|known| covers(known, media_type));
    let names = |part: &ChildPart| {
        artifact_type.is_some_and(|found| part.artifact_types.iter().any(|known| covers(known, found)))
    };
    let find = |test: &dyn Fn(&ChildPart) -> bool| parts.iter().position(|part| of_media_type(part) && test(part));
    find(&names).or_else(|| find(&|part| part.artifact_types.is_empty())).or_else(|| find(&|_| artifact_type.is_none()))
}

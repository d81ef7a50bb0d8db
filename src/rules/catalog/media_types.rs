//! The places of an entry where media types stand.

use crate::catalog::ArtifactType;
use crate::catalog::predicate::{Condition, Predicate, Scalar};
use crate::oci::media_type::{Malformed, MediaType};
use crate::source::Pointer;

use super::scopes;

/// How a text names media types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One media type.
    Whole,
    /// One media type, or with a final `*` all that begin so.
    Pattern,
    /// All that begin so.
    Prefix,
}

/// Calls `visit` for every media type of the structure.
pub(super) fn in_structure<'a>(entry: &'a ArtifactType, visit: &mut impl FnMut(&Pointer, &'a str, Form)) {
    let Some(structure) = &entry.structure else { return };
    let root = Pointer::root().key("structure");
    if let Some(property) = &structure.artifact_type {
        each(&root.key("artifactType").key("mediaTypes"), &property.media_types, Form::Pattern, visit);
    }
    if let Some(config) = &structure.config {
        each(&root.key("config").key("mediaTypes"), &config.media_types, Form::Pattern, visit);
    }
    for (index, layer) in structure.layers.iter().enumerate() {
        each(&root.key("layers").index(index).key("mediaTypes"), &layer.media_types, Form::Pattern, visit);
    }
    for (index, child) in structure.manifests.iter().enumerate() {
        let at = root.key("manifests").index(index);
        each(&at.key("mediaTypes"), &child.media_types, Form::Pattern, visit);
        each(&at.key("artifactTypes"), &child.artifact_types, Form::Pattern, visit);
    }
}

/// Calls `visit` for every media type of the entry.
pub(super) fn everywhere<'a>(entry: &'a ArtifactType, visit: &mut impl FnMut(&Pointer, &'a str, Form)) {
    in_structure(entry, visit);
    scopes::walk(entry, &mut |part, at, _| {
        let Predicate::Test(test) = part else { return };
        if !test.field.is_media_type() {
            return;
        }
        match &test.condition {
            Condition::Equals(Scalar::Text(value)) => visit(&at.key("equals"), value, Form::Whole),
            Condition::OneOf(values) => {
                for (index, value) in values.iter().enumerate() {
                    if let Scalar::Text(value) = value {
                        visit(&at.key("oneOf").index(index), value, Form::Whole);
                    }
                }
            }
            Condition::Prefix(prefix) => visit(&at.key("prefix"), prefix, Form::Prefix),
            Condition::Equals(Scalar::Number(_)) | Condition::Present(_) => {}
        }
    });
    for (index, former) in entry.former_media_types.iter().enumerate() {
        let at = Pointer::root().key("formerMediaTypes").index(index);
        visit(&at.key("mediaType"), &former.media_type, Form::Pattern);
        if let Some(successor) = &former.successor {
            visit(&at.key("successor"), successor, Form::Pattern);
        }
    }
    for (index, status) in entry.iana.iter().enumerate() {
        visit(&Pointer::root().key("iana").index(index).key("mediaType"), &status.media_type, Form::Whole);
    }
    for (index, source) in entry.sources.iter().enumerate() {
        let at = Pointer::root().key("sources").index(index).key("mediaTypes");
        each(&at, &source.media_types, Form::Pattern, visit);
    }
}

fn each<'a>(at: &Pointer, values: &'a [String], form: Form, visit: &mut impl FnMut(&Pointer, &'a str, Form)) {
    for (index, value) in values.iter().enumerate() {
        visit(&at.index(index), value, form);
    }
}

/// Reads a text of an entry as a media type; of a pattern or prefix, the beginning must be that of one.
///
/// # Errors
///
/// The first thing by which the text breaks the grammar.
pub(super) fn check(text: &str, form: Form) -> Result<(), Malformed> {
    let beginning = match form {
        Form::Whole => None,
        Form::Pattern => text.strip_suffix('*'),
        Form::Prefix => Some(text),
    };
    match beginning {
        Some(beginning) => MediaType::parse(&format!("{beginning}x")).map(|_| ()),
        None => MediaType::parse(text).map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_may_end_anywhere_behind_the_slash() {
        assert_eq!(check("application/vnd.example.*", Form::Pattern), Ok(()));
        assert_eq!(check("application/vnd.example.*", Form::Whole), Err(Malformed::Character(24)));
        assert_eq!(check("application/", Form::Prefix), Ok(()));
        assert_eq!(check("*", Form::Pattern), Err(Malformed::Parts));
        assert_eq!(check("dadi.image.v1", Form::Whole), Err(Malformed::Parts));
    }
}

//! Names that readers take for each other because they fold case.

use std::collections::BTreeMap;

use super::lint::{Lint, show};
use crate::finding::{Level, Rule, declare_rule};
use crate::source::tape::Json;

declare_rule! {
    /// Two names in one object differ only in case.
    ///
    /// ## Why
    /// Decoders written in Go fold case: they see one member, and which of the two wins depends on their order.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [], "Manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Keep one of the two, spelled as the specification does.
    ///
    /// ## Specification
    /// [RFC 8259, section 4](https://www.rfc-editor.org/rfc/rfc8259#section-4)
    pub static JSON_KEY_CASE_COLLISION = { id: "json-key-case-collision", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A name differs from one of the specification only in case.
    ///
    /// ## Why
    /// Decoders written in Go accept it, others do not see the member at all. It is an error when the member has to be
    /// there.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2, "manifests": [], "Annotations": {} }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [], "annotations": {} }
    /// ```
    ///
    /// ## How to fix
    /// Spell the name as the specification does.
    ///
    /// ## Specification
    /// [RFC 8259, section 8.3](https://www.rfc-editor.org/rfc/rfc8259#section-8.3)
    pub static JSON_KEY_CASE_VARIANT = { id: "json-key-case-variant", level: Warning, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&JSON_KEY_CASE_COLLISION, &JSON_KEY_CASE_VARIANT];

/// Names that the specifications give to members of manifests, indexes and descriptors.
const NAMES: [&str; 14] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "config",
    "layers",
    "manifests",
    "subject",
    "annotations",
    "digest",
    "size",
    "urls",
    "data",
    "platform",
    "blobs",
];

/// Those that have to be there: in a document, then in a descriptor.
const REQUIRED: [&str; 7] = ["schemaVersion", "config", "layers", "manifests", "mediaType", "digest", "size"];

/// Names that a decoder in Go takes for one of the specification, whatever their case; annotations are the author's own.
pub(super) fn check<'a>(lint: &mut Lint<'a>, root: Json<'a>) {
    let odd =
        |name: &str| !is_name(name) && (!name.is_ascii() || NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)));
    for object in root.walk().filter(|json| json.is_object()) {
        if matches!(object.key(), "annotations" | "Labels") || !object.members().any(|member| odd(member.key())) {
            continue;
        }
        let mut first: BTreeMap<&str, Json<'a>> = BTreeMap::new();
        for member in object.members() {
            let fold = fold(member.key());
            let Some(name) = NAMES.iter().find(|name| name.to_ascii_lowercase() == fold) else { continue };
            if let Some(first) = first.get(name) {
                let message = format!("`{}` and `{}` differ only in case", show(member.key()), show(first.key()));
                lint.key(&JSON_KEY_CASE_COLLISION, member, message)
                    .help(format!("keep one of the two, as `{name}`"))
                    .related_key(*first, "the other")
                    .done();
            } else if member.key() != *name && object.get(name).is_none() {
                let message = format!("`{}` differs from `{name}` only in case", show(member.key()));
                let reported = lint.key(&JSON_KEY_CASE_VARIANT, member, message).help(format!("write `{name}`"));
                // What has to be there and is not, for all readers but those written in Go.
                let required = if object.parent().is_none() { &REQUIRED[..4] } else { &REQUIRED[4..] };
                if required.contains(name) {
                    reported.level(Level::Error).done();
                }
            }
            first.entry(name).or_insert(member);
        }
    }
}

/// Whether a name is one of [`NAMES`]: nearly all are, and this is asked for each.
fn is_name(name: &str) -> bool {
    matches!(
        name,
        "schemaVersion"
            | "mediaType"
            | "artifactType"
            | "config"
            | "layers"
            | "manifests"
            | "subject"
            | "annotations"
            | "digest"
            | "size"
            | "urls"
            | "data"
            | "platform"
            | "blobs"
    )
}

/// A name as decoders in Go compare it: simple case folding, to which the long s and the Kelvin sign belong.
fn fold(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            '\u{17F}' => 's',
            '\u{212A}' => 'k',
            c => c.to_lowercase().next().unwrap_or(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, is_name};

    #[test]
    fn both_lists_of_names_are_one() {
        assert!(NAMES.iter().all(|name| is_name(name)));
        assert!(!is_name("mediatype") && !is_name(""));
    }
}

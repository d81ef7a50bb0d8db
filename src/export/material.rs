//! What several exports take from the chosen entries: media types by place, words, and comments.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::Order;
use crate::catalog::claims::{claims, tested};
use crate::catalog::model::{ArtifactType, AttachedBy, Place, Presence, Role, Shape, Structure};
use crate::catalog::predicate::{Condition, Field, Predicate, Scalar, Test};
use crate::mapping;
use crate::oci::media_type::{MediaType, Tree};
use crate::oci::well_known::{EMPTY, OCI_IMAGE_CONFIG, is_generic, says_nothing};
use crate::source::text::visible;

/// Roles of what is attached to another artifact and says something of it.
pub(super) const STATEMENTS: [Role; 5] =
    [Role::Signature, Role::Sbom, Role::Attestation, Role::Provenance, Role::VulnerabilityReport];

/// Media types of an entry in one place, former ones too; sorted.
pub(super) fn in_place(entry: &ArtifactType, place: Place) -> BTreeSet<&str> {
    claims(entry).into_iter().filter(|(_, claim)| claim.place == place).map(|(value, _)| value).collect()
}

/// Media types of all chosen entries in one place, former ones too; sorted.
pub(super) fn all_in_place<'a>(order: &'a Order<'_>, place: Place) -> BTreeSet<&'a str> {
    order.chosen.entries().flat_map(|entry| in_place(entry, place)).collect()
}

/// Patterns of layers, such as `application/vnd.example.*`, that no list of media types can hold; sorted.
pub(super) fn layer_patterns(entry: &ArtifactType) -> BTreeSet<&str> {
    let layers = entry.structure.iter().flat_map(|structure| &structure.layers);
    layers.flat_map(|layer| &layer.media_types).map(String::as_str).filter(|value| value.ends_with('*')).collect()
}

/// Values of `artifactType` that tell an entry; sorted.
pub(super) fn telling_artifact_types(entry: &ArtifactType) -> BTreeSet<&str> {
    in_place(entry, Place::ArtifactType).into_iter().filter(|value| !says_nothing(value)).collect()
}

/// Media types of the config that tell an entry without more; sorted. One that many types share tells it only when the
/// entry's rule asks for nothing else, or when its layers are all its own.
pub(super) fn telling_config_types(entry: &ArtifactType) -> BTreeSet<&str> {
    let tested = tested(entry).into_iter().filter(|(place, _)| *place == Place::Config).map(|(_, value)| value);
    let former = entry.former_media_types.iter().filter(|former| former.place == Place::Config);
    let alone = alone(entry);
    let own = tested.chain(former.map(|former| former.media_type.as_str()));
    own.filter(|value| !says_nothing(value) && (!is_generic(value) || alone.contains(value) || own_layers(entry)))
        .collect()
}

/// Media types of the config that a rule of the entry asks for, and for no other positive sign.
fn alone(entry: &ArtifactType) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for rule in entry.identify.iter().flat_map(|identify| &identify.rules) {
        let parts = match &rule.when {
            Predicate::All(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let harmless = |part: &Predicate| match part {
            Predicate::Not(_) => true,
            Predicate::Test(Test { field: Field::ConfigMediaType, .. }) => true,
            Predicate::Test(Test { field: Field::ArtifactType, condition: Condition::Present(false), .. }) => true,
            Predicate::Test(Test {
                field: Field::Shape, condition: Condition::Equals(Scalar::Text(shape)), ..
            }) => shape == Shape::OciManifest.name(),
            _ => false,
        };
        if !parts.iter().all(harmless) {
            continue;
        }
        for part in parts {
            let Predicate::Test(Test { field: Field::ConfigMediaType, condition, .. }) = part else { continue };
            let values = match condition {
                Condition::Equals(value) => std::slice::from_ref(value),
                Condition::OneOf(values) => values,
                _ => continue,
            };
            found.extend(values.iter().filter_map(|value| match value {
                Scalar::Text(text) => Some(text.as_str()),
                Scalar::Number(_) => None,
            }));
        }
    }
    found
}

/// Whether every layer of an instance has a media type that no other kind of artifact shares.
fn own_layers(entry: &ArtifactType) -> bool {
    let own = |structure: &Structure| {
        structure.other_layers == Presence::Forbidden
            && structure.layers.iter().any(|layer| layer.min > 0)
            && structure.layers.iter().flat_map(|layer| &layer.media_types).all(|value| !is_generic(value))
    };
    entry.structure.as_ref().is_some_and(own)
}

/// Media types of a layer by which an entry's own rules recognise it, and that no other kind of artifact shares; sorted.
pub(super) fn telling_layer_types(entry: &ArtifactType) -> BTreeSet<&str> {
    let tested = tested(entry).into_iter().filter(|(place, _)| *place == Place::Layer).map(|(_, value)| value);
    tested.filter(|value| !is_generic(value) && !says_nothing(value)).collect()
}

/// Media types by which an entry is told, with those that tell another chosen entry too; by media type.
pub(super) fn told_by<'a>(
    order: &'a Order<'_>,
    tell: fn(&ArtifactType) -> BTreeSet<&str>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in order.chosen.entries() {
        for value in tell(entry) {
            told.entry(value).or_default().insert(&entry.id);
        }
    }
    told
}

/// The values of `artifactType` under which a list of referrers shows an entry: its own, and the media type of its
/// config where the manifest may lack an `artifactType`. Empty for what is not attached by `subject`.
pub(super) fn referrer_types(entry: &ArtifactType) -> BTreeSet<&str> {
    let attached = entry.attaches_to.iter().any(|attachment| attachment.by.contains(&AttachedBy::Subject));
    if !attached {
        return BTreeSet::new();
    }
    let property = entry.structure.as_ref().and_then(|structure| structure.artifact_type.as_ref());
    let always = property.is_some_and(|property| property.presence == Presence::Required);
    let mut found = telling_artifact_types(entry);
    if !always {
        found.extend(in_place(entry, Place::Config).into_iter().filter(|value| !is_generic(value)));
    }
    found.retain(|value| !says_nothing(value) && *value != OCI_IMAGE_CONFIG);
    found
}

/// What referrers are listed under, by role and in the order of the roles; a type with several stands in each.
pub(super) fn referrers_by_role<'a>(order: &'a Order<'_>) -> BTreeMap<Role, BTreeMap<&'a str, &'a ArtifactType>> {
    let mut roles: BTreeMap<Role, BTreeMap<&str, &ArtifactType>> = BTreeMap::new();
    for entry in order.chosen.entries() {
        for value in referrer_types(entry) {
            for role in &entry.roles {
                roles.entry(*role).or_default().entry(value).or_insert(entry);
            }
        }
    }
    roles
}

/// Media types of config that an instance has: those of its structure and rules; the empty one where only
/// `artifactType` is known.
pub(super) fn configs(entry: &ArtifactType) -> BTreeSet<&str> {
    let found = in_place(entry, Place::Config);
    if found.is_empty() && !in_place(entry, Place::ArtifactType).is_empty() {
        return BTreeSet::from([EMPTY]);
    }
    found
}

/// Whether a media type is well formed and somebody's own, not one of the standards tree such as `image/png`.
pub(super) fn is_of_a_tree(media_type: &str) -> bool {
    MediaType::parse(media_type).is_ok_and(|parsed| parsed.tree() != Tree::Standards)
}

/// Whether a media type says that it is a tar archive compressed by gzip.
pub(super) fn is_tar_gzip(media_type: &str) -> bool {
    media_type.ends_with("tar+gzip") || media_type.ends_with("tar.gzip")
}

/// A word of the vocabulary, as entries write it.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Words of the vocabulary, as entries write them.
pub(super) fn words<T: Serialize>(values: &[T]) -> Vec<String> {
    values.iter().map(word).collect()
}

/// `a, b and 3 more`, for warnings.
pub(super) fn some_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 4 { format!("{shown} and {} more", names.len() - 4) } else { shown }
}

/// Texts, one a line.
pub(super) fn lines<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().fold(String::new(), |all, text| all + text + "\n")
}

/// Longest line of a comment, with its mark.
const COMMENT_WIDTH: usize = 110;

/// A comment: each line begins with the mark, none holds a character that could end it.
pub(super) fn comment(mark: &str, text: &str) -> String {
    let text = visible(text);
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && mark.len() + 1 + line.chars().count() + word.chars().count() >= COMMENT_WIDTH {
            let _ = writeln!(lines, "{mark} {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + &format!("{mark} {line}\n")
}

/// What stands at the top of a file that has comments: by what it was made of which catalog, and the warnings.
pub(super) fn header(mark: &str, id: &str, order: &Order<'_>, warnings: &[String]) -> String {
    let made = format!(
        "Made by `oat export {id}` from the catalog of OCI artifact types, version {}.",
        mapping::version(&order.chosen.catalog)
    );
    let mut text = comment(mark, &made);
    for warning in warnings {
        text.push_str(&comment(mark, &format!("Mind: {warning}.")));
    }
    text
}

/// A small invented catalog, and what an export makes of it.
#[cfg(test)]
pub(super) mod sample {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use crate::catalog::Catalog;
    use crate::export::{Content, Export, Exported, Order};
    use crate::selection::Chosen;

    /// A title that tries to leave every kind of quotes and comments.
    pub(crate) const HOSTILE: &str = "B'o\"x\\ ]]> <b> ${x} -- */\n# #{y}";

    fn entry(id: &str, role: &str, rest: Value) -> Value {
        let mut entry = json!({
            "id": id, "title": id, "label": id, "summary": "A thing.", "description": "A thing.",
            "status": {"state": "active"}, "tier": "verified", "roles": [role], "links": {},
            "publisher": {"name": "Example", "url": "https://example.org"},
            "changes": [{"date": "2026-01-02", "change": "Added."}],
        });
        if let (Value::Object(entry), Value::Object(rest)) = (&mut entry, rest) {
            entry.extend(rest);
        }
        entry
    }

    /// A chart told by its config, an SBOM told by its artifactType and attached, a model, and an image.
    pub(crate) fn catalog() -> Catalog {
        let entries = json!([
            entry(
                "box-chart",
                "chart",
                json!({
                    "title": HOSTILE,
                    "identify": {"rules": [{"when": {"field": "config.mediaType", "equals": "application/vnd.example.box.config.v1+json"}}]},
                    "structure": {
                        "shapes": ["oci-manifest"], "subject": "optional",
                        "config": {"mediaTypes": ["application/vnd.example.box.config.v1+json"]},
                        "layers": [
                            {"role": "content", "mediaTypes": ["application/vnd.example.box.v1.tar+gzip"], "min": 1, "max": 1},
                            {"role": "notes", "mediaTypes": ["application/vnd.example.notes.*"]},
                        ],
                        "annotations": [{"key": "org.example.box", "presence": "required"}],
                    },
                    "formerMediaTypes": [{"mediaType": "application/vnd.example.box.layer", "place": "layer",
                        "successor": "application/vnd.example.box.v1.tar+gzip"}],
                    "scanning": {"runnable": false, "as": "archive"},
                    "tools": [{"id": "box", "title": "Box", "home": "https://example.org"}],
                    "actions": [{"title": "Pull", "tool": "box", "argv": ["box", "pull", "{reference}"]}],
                    "iana": [{"mediaType": "application/vnd.example.box.config.v1+json", "registered": true}],
                })
            ),
            entry(
                "box-sbom",
                "sbom",
                json!({
                    "roles": ["sbom", "attestation"],
                    "attachesTo": {"by": ["subject"]},
                    "identify": {"rules": [{"when": {"field": "artifactType", "equals": "application/vnd.example.sbom+json"}}]},
                    "structure": {
                        "shapes": ["oci-manifest"], "subject": "required",
                        "artifactType": {"presence": "required", "mediaTypes": ["application/vnd.example.sbom+json"]},
                        "config": {"mediaTypes": ["application/vnd.oci.empty.v1+json"]},
                        "layers": [{"role": "document", "mediaTypes": ["application/vnd.example.sbom+json"], "min": 1}],
                        "otherLayers": "optional",
                    },
                    "scanning": {"runnable": false, "as": "document"},
                    "sources": [{"mediaTypes": ["application/vnd.example.sbom+json"], "fact": "A constant.",
                        "repository": "https://github.com/example/sbom", "path": "types.go", "revision": "v1.0.0"}],
                })
            ),
            entry(
                "box-model",
                "model",
                json!({
                    "identify": {"rules": [{"when": {"field": "artifactType", "equals": "application/vnd.example.model"}}]},
                    "structure": {
                        "shapes": ["oci-manifest"], "subject": "forbidden",
                        "artifactType": {"presence": "required", "mediaTypes": ["application/vnd.example.model"]},
                    },
                })
            ),
            entry(
                "box-image",
                "image",
                json!({
                    "identify": {"rules": [{"when": {"field": "config.mediaType", "equals": "application/vnd.oci.image.config.v1+json"}}]},
                    "structure": {
                        "shapes": ["oci-manifest"], "subject": "optional",
                        "config": {"mediaTypes": ["application/vnd.oci.image.config.v1+json"]},
                        "layers": [{"role": "layer", "mediaTypes": ["application/vnd.oci.image.layer.v1.tar+gzip"]}],
                    },
                    "scanning": {"runnable": true, "as": "image"},
                })
            ),
        ]);
        Catalog::new(serde_json::from_value(entries).unwrap(), BTreeMap::new())
    }

    /// What an export makes of some entries of the catalog, of all when none is named.
    pub(crate) fn made(export: &Export, version: &str, ids: &[&str]) -> Made {
        let mut catalog = catalog();
        catalog.entries.retain(|entry| ids.is_empty() || ids.contains(&entry.id.as_str()));
        let chosen = Chosen::all(&catalog);
        whole(&(export.make)(&Order { chosen: &chosen, version }).unwrap())
    }

    /// What an export made, written.
    pub(crate) struct Made {
        pub(crate) files: BTreeMap<String, Vec<u8>>,
        pub(crate) warnings: Vec<String>,
    }

    /// Writes what an export made.
    pub(crate) fn whole(exported: &Exported<'_>) -> Made {
        let write = |content: &Content<'_>| {
            let mut bytes = Vec::new();
            content.write(&mut bytes).unwrap();
            bytes
        };
        let files = exported.files.iter().map(|(name, content)| (name.clone(), write(content))).collect();
        Made { files, warnings: exported.warnings.clone() }
    }

    /// A file of an export as text.
    pub(crate) fn text<'a>(made: &'a Made, name: &str) -> &'a str {
        std::str::from_utf8(&made.files[name]).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::Chosen;

    #[test]
    fn comments_keep_to_their_lines() {
        assert_eq!(comment("#", "a\nb\u{2028}c"), "# a\\nb\\u{2028}c\n");
        let long = comment("#", &"word ".repeat(60));
        assert!(
            long.lines().count() > 2 && long.lines().all(|line| line.starts_with('#') && line.len() <= COMMENT_WIDTH)
        );
    }

    #[test]
    fn media_types_stand_where_the_entry_says() {
        let catalog = sample::catalog();
        let chart = catalog.get("box-chart").unwrap();
        assert_eq!(
            in_place(chart, Place::Layer),
            BTreeSet::from(["application/vnd.example.box.layer", "application/vnd.example.box.v1.tar+gzip"])
        );
        assert_eq!(layer_patterns(chart), BTreeSet::from(["application/vnd.example.notes.*"]));
        assert_eq!(telling_config_types(chart), BTreeSet::from(["application/vnd.example.box.config.v1+json"]));
        assert!(telling_config_types(catalog.get("box-sbom").unwrap()).is_empty());
        assert_eq!(configs(catalog.get("box-model").unwrap()), BTreeSet::from([EMPTY]));
        let chosen = Chosen::all(&catalog);
        let order = Order { chosen: &chosen, version: "" };
        let roles = referrers_by_role(&order);
        assert_eq!(roles.keys().copied().collect::<Vec<_>>(), [Role::Sbom, Role::Attestation]);
    }

    #[test]
    fn lists_in_warnings_are_short() {
        assert_eq!(some_of(["a", "b"]), "a, b");
        assert_eq!(some_of(["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
    }
}

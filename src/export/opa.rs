//! Open Policy Agent: the chosen types as data, and a rule over them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::material::{
    self, layer_patterns, telling_artifact_types, telling_config_types, telling_layer_types, told_by,
};
use super::{Content, Exported, Order, declare_export};
use crate::catalog::model::{ArtifactType, Place, Presence, Role, Shape};
use crate::mapping;
use crate::oci::well_known::{EMPTY, PLACEHOLDERS};

declare_export! {
    /// The chosen types as data for Open Policy Agent, with a reference rule in Rego and its tests.
    ///
    /// Members of `data.oci_artifact_types` say which media types tell a type: `artifactTypes`, `configTypes` and `layerTypes`
    /// (from media type to ids), `plainIndexes` (ids of indexes that say nothing of themselves) and `types` (by id: title,
    /// roles, tier, status, media types of the layers, whether other layers may stand beside them). Former media types are
    /// among them. The rule allows a manifest when its `artifactType`, or without one the media type of its config or of a
    /// layer, is of a chosen type, and each layer is one of that type's. What it does not understand is denied.
    ///
    /// ## How to use it
    /// Give the gateway the folder as a bundle, the document as `input.manifest`, and ask for
    /// `data.oci_artifact_policy.allow`; `data.oci_artifact_policy.deny` says why not.
    ///
    /// ```console
    /// $ oat export opa --select selection.yaml --out policy
    /// $ opa test policy
    /// $ opa eval --bundle policy --stdin-input data.oci_artifact_policy.deny < input.json
    /// ```
    ///
    /// ## Traps
    /// A media type does not tell every type: one that is known by an annotation, by the lack of something or by context only is
    /// not in the data, and the rule denies it unless it passes as the type that it looks like. The warnings name such types;
    /// use `oat identify` or [the mapping](../../downloads/index.html) where they matter.
    ///
    /// Types that share the config of container images can not be told from one another by the rule: choosing one of them
    /// whose layers may be of any kind is choosing all.
    ///
    /// The rule is written in Rego v1 with `import rego.v1`, which OPA 1.0 reads without a flag and late releases before it read too.
    ///
    /// A rule asked for in a package without data is undefined or false, never true; a gateway must deny on both.
    ///
    /// What reads it here: the tests of this catalog run the rule's own tests, an allowed and a denied manifest through
    /// regorus, another implementation of Rego. OPA itself comes in no package of PyPI, npm or crates.io.
    ///
    /// ## Source
    /// [Bundles: data.json and policies](https://github.com/open-policy-agent/opa/blob/0035ca9d629fa5e607224a29f4b1d26ab4bdc0d6/docs/content/management-bundles.md),
    /// [Rego v1 and its import](https://github.com/open-policy-agent/opa/blob/0fd1d5a60aedc07d0f794d4717c78b1bd3521b30/docs/content/opa-1.md),
    /// [regorus](https://github.com/microsoft/regorus)
    pub static OPA = { id: "opa", title: "Open Policy Agent", versions: [], standing: Live, make: make }
}

/// `data.json`.
#[derive(Serialize)]
struct Document<'a> {
    oci_artifact_types: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    catalog_version: String,
    artifact_types: BTreeMap<&'a str, BTreeSet<&'a str>>,
    config_types: BTreeMap<&'a str, BTreeSet<&'a str>>,
    layer_types: BTreeMap<&'a str, BTreeSet<&'a str>>,
    placeholders: BTreeSet<&'a str>,
    plain_indexes: Vec<&'a str>,
    types: BTreeMap<&'a str, Type<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Type<'a> {
    title: &'a str,
    roles: Vec<String>,
    tier: String,
    status: String,
    layer_types: BTreeSet<&'a str>,
    other_layers: bool,
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let data = Data {
        catalog_version: mapping::version(&order.chosen.catalog),
        artifact_types: told_by(order, telling_artifact_types),
        config_types: told_by(order, telling_config_types),
        layer_types: told_by(order, telling_layer_types),
        placeholders: PLACEHOLDERS.into_iter().chain([EMPTY]).collect(),
        plain_indexes: order.chosen.entries().filter(|entry| is_plain_index(entry)).map(|e| e.id.as_str()).collect(),
        types: order.chosen.entries().map(|entry| (entry.id.as_str(), Type::of(entry))).collect(),
    };
    let told = |entry: &ArtifactType| is_plain_index(entry) || !telling_layer_types(entry).is_empty();
    let warnings: Vec<String> = untold(order, told).into_iter().collect();
    let header = material::header("#", "opa", order, &warnings);
    Ok(Exported::of(
        [
            ("data.json", Content::json(Document { oci_artifact_types: data })),
            ("policy.rego", format!("{header}\n{}", include_str!("opa/policy.rego")).into()),
            ("policy_test.rego", format!("{header}\n{}", include_str!("opa/policy_test.rego")).into()),
        ],
        warnings,
    ))
}

/// A warning that names the chosen types that no media type tells, except those that are told in another way.
pub(super) fn untold(order: &Order<'_>, otherwise: impl Fn(&ArtifactType) -> bool) -> Option<String> {
    let told = |entry: &ArtifactType| {
        !telling_artifact_types(entry).is_empty() || !telling_config_types(entry).is_empty() || otherwise(entry)
    };
    let untold: Vec<&str> = order
        .chosen
        .entries()
        .filter(|entry| entry.kind.is_type() && !told(entry))
        .map(|entry| entry.id.as_str())
        .collect();
    (!untold.is_empty()).then(|| {
        format!(
            "{} chosen types are told by no media type that the data has, and are not in it: {}",
            untold.len(),
            material::some_of(untold)
        )
    })
}

/// Whether an entry is an index that needs no sign to be one.
fn is_plain_index(entry: &ArtifactType) -> bool {
    let index = |shape: &Shape| matches!(shape, Shape::OciIndex | Shape::DockerManifestList);
    entry.structure.iter().any(|structure| structure.shapes.first().is_some_and(index))
        && entry.is_a.is_none()
        && entry.identify.iter().all(|identify| identify.refines.is_empty())
        && telling_artifact_types(entry).is_empty()
        && entry.roles == [Role::ImageIndex]
}

impl<'a> Type<'a> {
    fn of(entry: &'a ArtifactType) -> Self {
        let mut layer_types = material::in_place(entry, Place::Layer);
        layer_types.extend(layer_patterns(entry));
        // What has no layers of its own carries the empty descriptor.
        if layer_types.is_empty() {
            layer_types.insert(EMPTY);
        }
        Self {
            title: &entry.title,
            roles: material::words(&entry.roles),
            tier: material::word(&entry.tier),
            status: material::word(&entry.status.state),
            layer_types,
            other_layers: entry
                .structure
                .as_ref()
                .is_none_or(|structure| structure.other_layers != Presence::Forbidden),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::export::material::sample::{HOSTILE, made, text};

    #[test]
    fn data_says_what_tells_a_type() {
        let made = made(&OPA, "", &[]);
        let data: Value = serde_json::from_str(text(&made, "data.json")).unwrap();
        let data = &data["oci_artifact_types"];
        assert_eq!(data["artifactTypes"]["application/vnd.example.sbom+json"], json!(["box-sbom"]));
        assert_eq!(data["configTypes"]["application/vnd.example.box.config.v1+json"], json!(["box-chart"]));
        assert_eq!(data["configTypes"]["application/vnd.oci.image.config.v1+json"], json!(["box-image"]));
        assert!(data["configTypes"].get(EMPTY).is_none(), "a placeholder tells nothing");
        assert_eq!(data["types"]["box-chart"]["title"], HOSTILE);
        assert_eq!(data["types"]["box-chart"]["otherLayers"], false);
        assert_eq!(
            data["types"]["box-chart"]["layerTypes"],
            json!([
                "application/vnd.example.box.layer",
                "application/vnd.example.box.v1.tar+gzip",
                "application/vnd.example.notes.*"
            ])
        );
        assert!(made.warnings.is_empty(), "{:?}", made.warnings);
    }

    #[test]
    fn only_what_was_chosen_is_in_the_data() {
        let made = made(&OPA, "", &["box-sbom"]);
        assert!(!text(&made, "data.json").contains("box-chart") && text(&made, "data.json").contains("box-sbom"));
    }
}

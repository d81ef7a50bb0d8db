//! Quay: the list of allowed types of old releases, and the model card of new ones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::material::{self, configs, in_place, layer_patterns, some_of};
use super::{Exported, Order, declare_export, yaml};
use crate::catalog::model::{ArtifactType, Place, Role, State};

declare_export! {
    /// The list of allowed types of Quay up to 3.11, and the keys of its model card since 3.14.
    ///
    /// For 3.11 and older: `ALLOWED_OCI_ARTIFACT_TYPES`, from the media type of the config to the media types of the layers,
    /// of every chosen type that has a config, former media types too. A type that is only known by `artifactType` stands
    /// under the empty config. Quay's own defaults of that version are repeated, since the key takes their place. For 3.14:
    /// `UI_MODELCARD_ARTIFACT_TYPE`, the `artifactType` of one chosen type with the role model.
    ///
    /// ## How to use it
    /// Add the keys to Quay's `config.yaml` and restart it.
    ///
    /// ```console
    /// $ oat export quay --for-version 3.11 --select selection.yaml --out quay.yaml
    /// ```
    ///
    /// ## Traps
    /// Up to 3.11:
    ///
    /// - The key replaces the built-in dictionary. Those of 3.7, 3.8, and 3.9 to 3.11 differ.
    /// - All layer types go into one list: a layer that is allowed for one type is allowed for all. Only the types of config
    ///   and layers are looked at, never `artifactType`; so the empty config opens the door to every type that uses it.
    /// - Media types are compared as they are written. A kind of layer that only a pattern describes can not be listed.
    /// - `IGNORE_UNKNOWN_MEDIATYPES: true` turns the check off in 3.9 to 3.11; the export does not set it.
    ///
    /// From 3.12 on Quay still reads the dictionary and does not enforce it: there is no list of allowed types any more, and
    /// nothing to export for 3.12 and 3.13.
    ///
    /// Since 3.14 one `artifactType` has a model card in the user interface, a second one can not be named. Quay compares it
    /// with the manifest's `artifactType` only. With one layer, that layer is the card; with several, the one whose
    /// annotations hold `UI_MODELCARD_LAYER_ANNOTATION`, by default the title `README.md`.
    ///
    /// What reads it here: the file as YAML. Quay's schema is part of its source and in no package, so keys and kinds of
    /// values were compared with `config.py` and `util/config/schema.py`.
    ///
    /// ## Source
    /// [Defaults of 3.11.0](https://github.com/quay/quay/blob/v3.11.0/config.py),
    /// [its check of layers](https://github.com/quay/quay/blob/v3.11.0/image/oci/manifest.py),
    /// [one list for all](https://github.com/quay/quay/blob/v3.11.0/image/oci/__init__.py),
    /// [defaults of 3.8.0](https://github.com/quay/quay/blob/v3.8.0/config.py) and
    /// [of 3.7.0](https://github.com/quay/quay/blob/v3.7.0/config.py),
    /// [no check in 3.12.0](https://github.com/quay/quay/blob/v3.12.0/image/oci/descriptor.py),
    /// [the model card since 3.14.0](https://github.com/quay/quay/blob/v3.14.0/config.py) and
    /// [where it is looked for](https://github.com/quay/quay/blob/v3.14.0/endpoints/api/manifest.py)
    pub static QUAY = { id: "quay", title: "Quay", versions: ["3.14", "3.11", "3.8", "3.7"], standing: Live, make: make }
}

/// Layers that the defaults of every version allow for the config of images.
const COSIGN: &[&str] = &["application/vnd.dev.cosign.simplesigning.v1+json", "application/vnd.dsse.envelope.v1+json"];
/// Layers that the defaults allow for the config of images since 3.8.
const STATEMENTS: &[&str] = &[
    "application/vnd.cyclonedx",
    "application/vnd.cyclonedx+json",
    "application/vnd.cyclonedx+xml",
    "application/vnd.in-toto+json",
    "application/vnd.syft+json",
    "text/spdx",
    "text/spdx+json",
    "text/spdx+xml",
];

/// Quay's own dictionary: oldest version that has the row, type of the config, types of the layers.
const DEFAULTS: [(&str, &str, &[&str]); 5] = [
    ("3.7", "application/vnd.oci.image.config.v1+json", COSIGN),
    (
        "3.7",
        "application/vnd.cncf.helm.config.v1+json",
        &["application/tar+gzip", "application/vnd.cncf.helm.chart.content.v1.tar+gzip"],
    ),
    ("3.7", "application/vnd.oci.source.image.config.v1+json", &["application/vnd.oci.image.layer.v1.tar+gzip"]),
    ("3.8", "application/vnd.oci.image.config.v1+json", STATEMENTS),
    (
        "3.11",
        "application/vnd.unknown.config.v1+json",
        &[
            "application/vnd.cncf.openpolicyagent.data.layer.v1+json",
            "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego",
        ],
    ),
];

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let (keys, warnings) = match order.version {
        "3.7" | "3.8" | "3.11" => allowed(order),
        _ => model_card(order),
    };
    let text = material::header("#", "quay", order, &warnings) + &yaml::to_yaml(&keys)?;
    Ok(Exported::of([("config.yaml", text)], warnings))
}

fn allowed(order: &Order<'_>) -> (Value, Vec<String>) {
    let rank = |version: &str| ["3.7", "3.8", "3.11"].iter().position(|one| *one == version);
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, config, layers) in DEFAULTS.iter().filter(|(since, ..)| rank(since) <= rank(order.version)) {
        types.entry(config).or_default().extend(layers.iter());
    }
    let (mut without, mut patterns) = (Vec::new(), Vec::new());
    for entry in order.chosen.entries().filter(|entry| entry.kind.is_type()) {
        let configs = configs(entry);
        if configs.is_empty() {
            without.push(entry.id.as_str());
        }
        for config in configs {
            types.entry(config).or_default().extend(in_place(entry, Place::Layer));
        }
        if !layer_patterns(entry).is_empty() {
            patterns.push(entry.id.as_str());
        }
    }
    let mut warnings = vec![
        "Quay 3.12 and later read this list and do not enforce it".to_owned(),
        "Quay flattens it: a layer that is allowed for one type is allowed for all, and artifactType is not looked at"
            .to_owned(),
    ];
    if types.contains_key(crate::oci::well_known::EMPTY) {
        warnings.push("the empty config is allowed, and with it every type that uses it".to_owned());
    }
    if !without.is_empty() {
        warnings.push(format!("these chosen types have no config and are not in the list: {}", some_of(without)));
    }
    if !patterns.is_empty() {
        warnings.push(format!(
            "some layers of these chosen types are known by a pattern only and are not in the list: {}",
            some_of(patterns)
        ));
    }
    (json!({"FEATURE_GENERAL_OCI_SUPPORT": true, "ALLOWED_OCI_ARTIFACT_TYPES": types}), warnings)
}

fn model_card(order: &Order<'_>) -> (Value, Vec<String>) {
    let current = |entry: &'_ ArtifactType| {
        entry.structure.as_ref()?.artifact_type.as_ref()?.media_types.iter().find(|one| !one.ends_with('*')).cloned()
    };
    let mut models: Vec<(&ArtifactType, String)> = order
        .chosen
        .entries()
        .filter(|entry| entry.roles.contains(&Role::Model))
        .filter_map(|entry| Some((entry, current(entry)?)))
        .collect();
    models.sort_by_key(|(entry, _)| (entry.status.state != State::Active, Reverse(entry.tier), entry.id.clone()));
    let Some((chosen, media_type)) = models.first() else {
        let warning = "no chosen type with the role model has an artifactType, so the model card is turned off";
        return (json!({"FEATURE_UI_MODELCARD": false}), vec![warning.to_owned()]);
    };
    let mut warnings = Vec::new();
    if models.len() > 1 {
        let others = some_of(models[1..].iter().map(|(entry, _)| entry.id.as_str()));
        warnings.push(format!(
            "Quay shows the model card of one artifactType: {} was taken; choose with a selection to have another of {others}",
            chosen.id
        ));
    }
    let keys = json!({
        "FEATURE_UI_MODELCARD": true,
        "UI_MODELCARD_ARTIFACT_TYPE": media_type,
        "UI_MODELCARD_LAYER_ANNOTATION": {"org.opencontainers.image.title": "README.md"},
    });
    (keys, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{Made, made, text};

    fn read(made: &Made) -> Value {
        serde_yaml::from_str(text(made, "config.yaml")).unwrap()
    }

    #[test]
    fn old_versions_get_the_list_with_their_defaults() {
        let made_of = |version| read(&made(&QUAY, version, &[]));
        let new = made_of("3.11");
        let types = &new["ALLOWED_OCI_ARTIFACT_TYPES"];
        assert_eq!(
            types["application/vnd.example.box.config.v1+json"],
            json!(["application/vnd.example.box.layer", "application/vnd.example.box.v1.tar+gzip"])
        );
        assert_eq!(types["application/vnd.oci.empty.v1+json"], json!(["application/vnd.example.sbom+json"]));
        assert_eq!(types["application/vnd.oci.image.config.v1+json"].as_array().unwrap().len(), 11);
        assert_eq!(types["application/vnd.unknown.config.v1+json"].as_array().unwrap().len(), 2);
        let old = made_of("3.7");
        assert_eq!(
            old["ALLOWED_OCI_ARTIFACT_TYPES"]["application/vnd.oci.image.config.v1+json"].as_array().unwrap().len(),
            3
        );
        assert!(old["ALLOWED_OCI_ARTIFACT_TYPES"].get("application/vnd.unknown.config.v1+json").is_none());
        assert!(made_of("3.8")["ALLOWED_OCI_ARTIFACT_TYPES"].get("application/vnd.unknown.config.v1+json").is_none());
    }

    #[test]
    fn new_versions_get_one_model() {
        let made_of = |ids| read(&made(&QUAY, "3.14", ids));
        assert_eq!(made_of(&[])["UI_MODELCARD_ARTIFACT_TYPE"], "application/vnd.example.model");
        assert_eq!(made_of(&["box-chart"]), json!({"FEATURE_UI_MODELCARD": false}));
    }
}

//! Harbor: what its portal shows for each type, as data, and how an artifact gets an icon.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::material::{configs, some_of, telling_artifact_types};
use super::{Content, Exported, Order, declare_export};
use crate::catalog::model::{ArtifactType, Presence, Shape};
use crate::mapping::{self, OneByOne, icon_path};
use crate::picture::png_path;

declare_export! {
    /// What Harbor shows for each chosen type, as data for its processors, and the command that gives an artifact an icon.
    ///
    /// `harbor.json` has for each type every pair of `artifactType` and config type that its entry names, with the name that
    /// Harbor 2.13 and later show (`UNKNOWN` where they know none), the processor that gives it, and whether the config must
    /// be a JSON object for that. `icon` names the picture with 50 by 50 pixels and the arguments of `oras push` that add it
    /// as a layer. `annotations.json` is the file of annotations for that command.
    ///
    /// ## How to use it
    /// The names are a prediction, for authors and for those who run Harbor; the media types by processor are the data for
    /// a change of Harbor's code. An icon is part of each artifact: its author adds it with the push.
    ///
    /// ```console
    /// $ oat export harbor --select selection.yaml --out harbor
    /// $ jq -r '.types[] | select(any(.shown[]; .name == "UNKNOWN")) | .id' harbor/harbor.json
    /// ```
    ///
    /// ## Traps
    /// - A processor is chosen by `artifactType`, or without one by the media type of the config. Where none is registered, the
    ///   default one reads the name from the media type of the config only: an artifact with the empty config is `UNKNOWN`
    ///   whatever its `artifactType` says. Before 2.13 the media type of the config alone chose the processor.
    /// - The processor for models knows the `artifactType` that ModelPack had until June 2025; up to 2.15.2 the present one
    ///   has none.
    /// - Where the media type of the config has the form `application/vnd.<vendor>.<name>.config.<version>+json`, the config
    ///   blob must be a JSON object, else the push of the manifest fails.
    /// - The icon is a layer with the annotation `io.goharbor.artifact.v1alpha1.icon`, whatever its value. PNG, JPEG and GIF
    ///   are taken, SVG is refused, at most 1 MiB is read. Larger pictures are shrunk to 50 by 50 pixels, nearest neighbour.
    ///   Only the default processor looks for it.
    /// - The icon layer changes the manifest. A type that forbids other layers is marked: its tools may refuse the artifact.
    ///
    /// What reads it here: the files as JSON. Harbor's processors are Go code, so names were compared with its source.
    ///
    /// ## Source
    /// [The default processor](https://github.com/goharbor/harbor/blob/v2.15.2/src/controller/artifact/processor/default.go),
    /// [artifactType before config](https://github.com/goharbor/harbor/blob/v2.13.0/src/pkg/artifact/model.go),
    /// [what is read of a manifest and of an index](https://github.com/goharbor/harbor/blob/v2.15.2/src/controller/artifact/abstractor.go),
    /// [the processors](https://github.com/goharbor/harbor/tree/v2.15.2/src/controller/artifact/processor),
    /// [the version of ModelPack that it has](https://github.com/goharbor/harbor/blob/v2.15.2/src/go.mod) and
    /// [the type there](https://github.com/modelpack/model-spec/blob/v0.0.5/specs-go/v1/mediatype.go),
    /// [the annotation](https://github.com/goharbor/harbor/blob/v2.15.2/src/controller/artifact/annotation/v1alpha1.go),
    /// [the size of icons](https://github.com/goharbor/harbor/blob/v2.15.2/src/controller/icon/controller.go),
    /// [oras push and its annotation file](https://github.com/oras-project/oras/blob/v1.3.3/cmd/oras/root/push.go)
    pub static HARBOR = { id: "harbor", title: "Harbor", versions: [], standing: Code, make: make }
}

/// Media types for which Harbor has a processor, and the name that it gives.
const PROCESSORS: [(&str, &str); 10] = [
    ("application/vnd.cnab.manifest.v1", "CNAB"),
    ("application/vnd.cnai.model.manifest.v1+json", "CNAI"),
    ("application/vnd.cncf.helm.config.v1+json", "CHART"),
    ("application/vnd.docker.container.image.v1+json", "IMAGE"),
    ("application/vnd.docker.distribution.manifest.list.v2+json", "IMAGE"),
    ("application/vnd.docker.distribution.manifest.v1+prettyjws", "IMAGE"),
    ("application/vnd.goharbor.harbor.sbom.v1", "SBOM"),
    ("application/vnd.oci.image.config.v1+json", "IMAGE"),
    ("application/vnd.oci.image.index.v1+json", "IMAGE"),
    ("application/vnd.wasm.config.v1+json", "WASM"),
];
const UNKNOWN: &str = "UNKNOWN";
const ICON: &str = "io.goharbor.artifact.v1alpha1.icon";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<T> {
    catalog_version: String,
    warnings: Vec<String>,
    types: T,
}

#[derive(Serialize)]
struct Type<'a> {
    id: &'a str,
    title: &'a str,
    label: &'a str,
    shown: Vec<Shown<'a>>,
    icon: Icon,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<&'a str>,
    config_type: &'a str,
    processor: &'static str,
    name: String,
    config_must_be_object: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Icon {
    path: String,
    /// Whether the type's own structure lets the layer be.
    other_layers: bool,
    argv: Vec<String>,
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let types = move || order.chosen.entries().filter(|entry| is_manifest(entry)).map(|entry| Type::of(order, entry));
    let (mut unknown, mut annotations) = (Vec::new(), BTreeMap::new());
    for one in types() {
        unknown.extend(one.shown.iter().any(|shown| shown.name == UNKNOWN).then_some(one.id));
        annotations.insert(one.icon.path, BTreeMap::from([(ICON, "")]));
    }
    let mut warnings = Vec::new();
    if !unknown.is_empty() {
        warnings.push(format!(
            "Harbor shows UNKNOWN for forms of {} chosen types: {}",
            unknown.len(),
            some_of(unknown)
        ));
    }
    let catalog_version = mapping::version(&order.chosen.catalog);
    let document = Document { catalog_version, warnings: warnings.clone(), types: OneByOne(types) };
    Ok(Exported::of(
        [("harbor.json", Content::json(document)), ("annotations.json", Content::json(annotations))],
        warnings,
    ))
}

/// Whether a type is stored as a manifest with a config.
fn is_manifest(entry: &ArtifactType) -> bool {
    let shapes = entry.structure.iter().flat_map(|structure| &structure.shapes);
    entry.kind.is_type() && shapes.into_iter().any(|shape| matches!(shape, Shape::OciManifest | Shape::DockerManifest))
}

impl<'a> Type<'a> {
    fn of(order: &Order<'_>, entry: &'a ArtifactType) -> Self {
        let property = entry.structure.as_ref().and_then(|structure| structure.artifact_type.as_ref());
        let mut properties: BTreeSet<Option<&str>> = telling_artifact_types(entry).into_iter().map(Some).collect();
        if property.is_none_or(|property| property.presence != Presence::Required) {
            properties.insert(None);
        }
        let configs = configs(entry);
        let shown = properties
            .iter()
            .flat_map(|artifact_type| configs.iter().map(|config| Shown::of(*artifact_type, config)))
            .collect();
        Self { id: &entry.id, title: &entry.title, label: &entry.label, shown, icon: Icon::of(order, entry) }
    }
}

impl<'a> Shown<'a> {
    fn of(artifact_type: Option<&'a str>, config_type: &'a str) -> Self {
        let resolved = artifact_type.unwrap_or(config_type);
        let known = PROCESSORS.iter().find(|(media_type, _)| *media_type == resolved);
        let (processor, name, config_must_be_object) = match known {
            Some((_, name)) => ("built-in", (*name).to_owned(), false),
            None => match name_in_config_type(config_type) {
                Some(name) => ("default", name.to_ascii_uppercase(), true),
                None => ("default", UNKNOWN.to_owned(), false),
            },
        };
        Self { artifact_type, config_type, processor, name, config_must_be_object }
    }
}

/// The group of `^application/vnd\.[^.]*\.(.*)\.config\.[^.]*\+json$`.
fn name_in_config_type(media_type: &str) -> Option<&str> {
    let (_, rest) = media_type.strip_prefix("application/vnd.")?.split_once('.')?;
    let (name, version) = rest.strip_suffix("+json")?.rsplit_once(".config.")?;
    (!version.contains('.')).then_some(name)
}

impl Icon {
    fn of(order: &Order<'_>, entry: &ArtifactType) -> Self {
        let path = png_path(&icon_path(&order.chosen.catalog, entry), 50);
        let mut argv: Vec<String> =
            ["oras", "push", "--annotation-file", "annotations.json"].map(str::to_owned).to_vec();
        let structure = entry.structure.as_ref();
        let first = |values: Option<&Vec<String>>| {
            values.and_then(|values| values.iter().find(|one| !one.ends_with('*')).cloned())
        };
        if let Some(artifact_type) = first(structure.and_then(|s| s.artifact_type.as_ref()).map(|one| &one.media_types))
        {
            argv.extend(["--artifact-type".to_owned(), artifact_type]);
        }
        let config = first(structure.and_then(|s| s.config.as_ref()).map(|one| &one.media_types));
        if let Some(config) = config.filter(|config| config != crate::oci::well_known::EMPTY) {
            argv.extend(["--config".to_owned(), format!("{{config}}:{config}")]);
        }
        argv.push("{reference}".to_owned());
        if let Some(layer) = first(structure.and_then(|s| s.layers.first()).map(|one| &one.media_types)) {
            argv.push(format!("{{content}}:{layer}"));
        }
        argv.push(format!("{path}:image/png"));
        let other_layers = structure.is_none_or(|structure| structure.other_layers != Presence::Forbidden);
        Self { path, other_layers, argv }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn names_are_those_of_harbor() {
        for (config, name) in [
            ("application/vnd.caicloud.model.config.v1alpha1+json", Some("model")),
            ("application/vnd.oci.image.config.v1+json", Some("image")),
            ("application/vnd.cncf.helm.chart.config.v1+json", Some("helm.chart")),
            ("application/vnd.a.b.config.c.config.v1+json", Some("b.config.c")),
            ("application/vnd.oci.config.v1+json", None),
            ("application/vnd.oci.empty.v1+json", None),
            ("application/vnd.cncf.model.config.v1.1+json", None),
            ("application/vnd.x.y.config.v1", None),
        ] {
            assert_eq!(name_in_config_type(config), name, "{config}");
        }
    }

    #[test]
    fn artifact_type_chooses_the_processor_and_the_config_the_name() {
        let known = Shown::of(Some("application/vnd.goharbor.harbor.sbom.v1"), "application/vnd.oci.empty.v1+json");
        assert_eq!((known.processor, known.name.as_str()), ("built-in", "SBOM"));
        let other = Shown::of(Some("application/x"), "application/vnd.oci.image.config.v1+json");
        assert_eq!((other.processor, other.name.as_str(), other.config_must_be_object), ("default", "IMAGE", true));
        let unknown = Shown::of(Some("application/x"), "application/vnd.oci.empty.v1+json");
        assert_eq!(unknown.name, UNKNOWN);
    }

    #[test]
    fn every_type_has_an_icon_and_a_command() {
        let made = made(&HARBOR, "", &[]);
        let read: Value = serde_json::from_str(text(&made, "harbor.json")).unwrap();
        let chart = read["types"].as_array().unwrap().iter().find(|one| one["id"] == "box-chart").unwrap();
        assert_eq!(chart["shown"][0]["name"], "BOX");
        assert_eq!(chart["icon"]["path"], "icons/roles/chart-50.png");
        assert_eq!(chart["icon"]["otherLayers"], false);
        assert_eq!(made.warnings, ["Harbor shows UNKNOWN for forms of 2 chosen types: box-model, box-sbom"]);
        assert!(text(&made, "annotations.json").contains("icons/roles/sbom-50.png"));
    }
}

//! Flux: a source for each type whose content is an archive.

use serde_json::json;

use super::material::{self, is_tar_gzip, some_of};
use super::{Exported, Order, declare_export, yaml};
use crate::catalog::model::{ArtifactType, Role};

declare_export! {
    /// One `OCIRepository` for each chosen type of which a layer is an archive that Flux can unpack.
    ///
    /// Taken are the chosen types that have a layer of which there is at most one, when exactly one current media type of such
    /// layers ends with `tar+gzip` or `tar.gzip`; it becomes the `layerSelector`. For charts the operation is `copy`, as a HelmRelease wants them, for all others `extract`.
    /// There is a file for each type, `<id>.yaml`.
    ///
    /// ## How to use it
    /// They are samples: put your address and tag in.
    ///
    /// ```console
    /// $ oat export flux --select selection.yaml --out sources
    /// $ kubectl apply --namespace flux-system --filename sources/helm-chart.yaml
    /// ```
    ///
    /// ## Traps
    /// - One object has one layer type, and the first layer that has it is taken. Without a selector the first layer is.
    /// - The layer must be a tar archive compressed by gzip, whatever its media type says. The media type is compared letter
    ///   by letter: an artifact of an older tool, with a former media type, is not found.
    /// - `v1` is served since source-controller 1.6.0, which Flux 2.6 has.
    ///
    /// What reads it here: the schema that the npm package `@kubernetes-models/flux-cd` has from Flux's CRD. They were not
    /// applied to a cluster.
    ///
    /// ## Source
    /// [The type](https://github.com/fluxcd/source-controller/blob/v1.9.1/api/v1/ocirepository_types.go),
    /// [its first release](https://github.com/fluxcd/source-controller/blob/v1.6.0/api/v1/ocirepository_types.go),
    /// [layer selector](https://github.com/fluxcd/source-controller/blob/v1.9.1/docs/spec/v1/ocirepositories.md#layer-selector),
    /// [how the layer is taken](https://github.com/fluxcd/source-controller/blob/v1.9.1/internal/controller/ocirepository_controller.go)
    pub static FLUX = { id: "flux", title: "Flux", versions: [], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let mut exported = Exported::default();
    let mut several = Vec::new();
    let mut samples = Vec::new();
    for entry in order.chosen.entries() {
        let archives: Vec<&str> = entry
            .structure
            .iter()
            .flat_map(|structure| &structure.layers)
            .filter(|layer| layer.max == Some(1))
            .flat_map(|layer| &layer.media_types)
            .map(String::as_str)
            .filter(|value| is_tar_gzip(value))
            .collect();
        match archives[..] {
            [] => {}
            [media_type] => samples.push((entry, media_type)),
            _ => several.push(entry.id.as_str()),
        }
    }
    if !several.is_empty() {
        exported = exported.warning(format!(
            "these chosen types have several media types of such archives, and there is no sample of them: {}",
            some_of(several)
        ));
    }
    if samples.is_empty() {
        exported = exported.warning("no chosen type has one media type of an archive that Flux unpacks");
        let text = material::header("#", "flux", order, &exported.warnings);
        return Ok(exported.and("none.yaml", text));
    }
    let header = material::header("#", "flux", order, &[]);
    for (entry, media_type) in samples {
        let text = header.clone() + &sample(entry, media_type)?;
        exported = exported.and(&format!("{}.yaml", entry.id), text);
    }
    Ok(exported)
}

fn sample(entry: &ArtifactType, media_type: &str) -> Result<String, serde_json::Error> {
    let operation = if entry.roles.contains(&Role::Chart) { "copy" } else { "extract" };
    let text = yaml::to_yaml(&json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "OCIRepository",
        "metadata": {"name": entry.id},
        "spec": {
            "interval": "10m",
            "url": format!("oci://registry.example/{}", entry.id),
            "ref": {"tag": "latest"},
            "layerSelector": {"mediaType": media_type, "operation": operation},
        },
    }))?;
    Ok(material::comment("#", &entry.title) + &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn a_chart_is_copied_and_a_title_stays_a_comment() {
        let made = made(&FLUX, "", &["box-chart", "box-sbom"]);
        assert_eq!(made.files.keys().collect::<Vec<_>>(), ["box-chart.yaml"]);
        let read: serde_json::Value = serde_yaml::from_str(text(&made, "box-chart.yaml")).unwrap();
        assert_eq!(
            read["spec"]["layerSelector"],
            json!({"mediaType": "application/vnd.example.box.v1.tar+gzip", "operation": "copy"})
        );
    }

    #[test]
    fn without_archives_there_is_a_comment() {
        let made = made(&FLUX, "", &["box-model"]);
        assert!(text(&made, "none.yaml").lines().all(|line| line.starts_with('#')));
    }
}

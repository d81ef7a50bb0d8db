//! Argo CD: media types of layers that it unpacks.

use std::collections::BTreeSet;

use serde_json::json;

use super::material::{self, all_in_place, in_place, some_of};
use super::{Exported, Order, declare_export, yaml};
use crate::catalog::model::{ArtifactType, Place};

declare_export! {
    /// The media types of layers that the repository server of Argo CD may unpack.
    ///
    /// A patch of the ConfigMap `argocd-cmd-params-cm` with the key `reposerver.oci.layer.media.types`: the three defaults of
    /// Argo CD, which the key replaces, and the layers of the chosen types that Argo CD takes for content: those whose media
    /// type ends with `tar`, `tar+gzip` or `tar.gzip`. Former media types are among them.
    ///
    /// ## How to use it
    /// Choose few types. The key is read when the repository server starts.
    ///
    /// ```console
    /// $ oat export argocd --select selection.yaml --out layers.yaml
    /// $ kubectl --namespace argocd patch configmap argocd-cmd-params-cm --patch-file layers.yaml
    /// $ kubectl --namespace argocd rollout restart deployment argocd-repo-server
    /// ```
    ///
    /// ## Traps
    /// - Sources from OCI are there since Argo CD 3.1, and the key with them.
    /// - A manifest must have exactly one layer that is content, and at most ten layers. Layers with other endings are passed
    ///   over, so listing them does nothing; the export leaves them out.
    /// - For a manifest with the config of Helm, only the layer of Helm's charts counts, whatever is listed.
    /// - Only layers are looked at: neither `artifactType` nor, but for Helm's, the config. A listed layer is unpacked in
    ///   whatever artifact it stands.
    /// - The comparison is letter by letter.
    ///
    /// What reads it here: the ConfigMap by the schema of Kubernetes in the PyPI package `kubernetes-validate`. The key and
    /// the comma-separated form were compared with Argo CD's source.
    ///
    /// ## Source
    /// [The key](https://github.com/argoproj/argo-cd/blob/v3.5.1/docs/operator-manual/argocd-cmd-params-cm.yaml),
    /// [its default and form](https://github.com/argoproj/argo-cd/blob/v3.5.1/cmd/argocd-repo-server/commands/argocd_repo_server.go),
    /// [which layers are content](https://github.com/argoproj/argo-cd/blob/v3.5.1/util/oci/client.go),
    /// [the first release that has it](https://github.com/argoproj/argo-cd/blob/v3.1.0/cmd/argocd-repo-server/commands/argocd_repo_server.go)
    pub static ARGOCD = { id: "argocd", title: "Argo CD", versions: [], standing: Live, make: make }
}

/// What Argo CD allows when the key is absent.
const DEFAULTS: [&str; 3] = [
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
];

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let found: BTreeSet<&str> = all_in_place(order, Place::Layer)
        .into_iter()
        .filter(|one| is_content(one) && !DEFAULTS.contains(one))
        .collect();
    let mut warnings = Vec::new();
    if !found.is_empty() {
        warnings.push(
            "a listed layer is unpacked in whatever artifact it stands: choose the types that hold manifests for a cluster"
                .to_owned(),
        );
    }
    let many: Vec<&str> =
        order.chosen.entries().filter(|entry| needs_several(entry)).map(|entry| entry.id.as_str()).collect();
    if !many.is_empty() {
        warnings.push(format!(
            "Argo CD takes one layer of content, these chosen types have several kinds of it: {}",
            some_of(many)
        ));
    }
    let list: Vec<&str> = DEFAULTS.into_iter().chain(found).collect();
    let patch = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cmd-params-cm"},
        "data": {"reposerver.oci.layer.media.types": list.join(",")},
    });
    let text = material::header("#", "argocd", order, &warnings) + &yaml::to_yaml(&patch)?;
    Ok(Exported::of([("argocd-cmd-params-cm.yaml", text)], warnings))
}

/// Whether Argo CD takes a layer for content.
fn is_content(media_type: &str) -> bool {
    media_type.ends_with("tar+gzip") || media_type.ends_with("tar.gzip") || media_type.ends_with("tar")
}

/// Whether an instance has two layers of content or more.
fn needs_several(entry: &ArtifactType) -> bool {
    let parts = entry.structure.iter().flat_map(|structure| &structure.layers);
    let content: Vec<_> =
        parts.filter(|part| part.min > 0 && part.media_types.iter().all(|one| is_content(one))).collect();
    !in_place(entry, Place::Layer).is_empty() && content.iter().map(|part| part.min).sum::<u32>() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn the_defaults_are_repeated() {
        let made = made(&ARGOCD, "", &[]);
        let read: serde_json::Value = serde_yaml::from_str(text(&made, "argocd-cmd-params-cm.yaml")).unwrap();
        assert_eq!(
            read["data"]["reposerver.oci.layer.media.types"],
            "application/vnd.oci.image.layer.v1.tar,application/vnd.oci.image.layer.v1.tar+gzip,\
             application/vnd.cncf.helm.chart.content.v1.tar+gzip,application/vnd.example.box.v1.tar+gzip"
        );
    }

    #[test]
    fn what_is_passed_over_is_left_out() {
        assert!(is_content("application/tar+gzip") && is_content("a/x.tar.gzip"));
        assert!(!is_content("application/vnd.x.tar+zstd") && !is_content("application/vnd.x+gzip"));
    }
}

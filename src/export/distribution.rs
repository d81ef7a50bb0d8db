//! Distribution: what its only knob for types does to the chosen ones.

use std::fmt::Write as _;

use super::material::{self, comment, configs, in_place, some_of};
use super::{Exported, Order, declare_export};
use crate::catalog::model::{ArtifactType, Place, Shape};
use crate::oci::well_known::{DOCKER_IMAGE_CONFIG, OCI_IMAGE_CONFIG};

declare_export! {
    /// The policy of Distribution 3, and the truth about it: it knows images and Docker plugins, and refuses all else.
    ///
    /// `policy.repository.classes` is set to the classes that the chosen types need. As soon as one chosen type is neither an
    /// image nor a Docker plugin the list is empty, which allows everything, and a comment names the types that any class in
    /// the list would refuse.
    ///
    /// ## How to use it
    /// Put the key into the registry's `config.yml`. With a selection of images only it turns away what is no image.
    ///
    /// ```console
    /// $ oat export distribution --select selection.yaml --out config.yml
    /// $ registry serve config.yml
    /// ```
    ///
    /// ## Traps
    /// - It is all or nothing. Only the media type of the config is compared, with three values: that of OCI images and of
    ///   Docker images is the class `image`, that of Docker plugins in a Docker manifest the class `plugin`. Any other config
    ///   is denied as `unknown manifest class`, and so is every artifact with the empty config.
    /// - What borrows the config of images passes: signatures of cosign, attestations of BuildKit. Neither `artifactType` nor
    ///   layers are looked at. Indexes always pass.
    /// - The key is in the code and not in the documentation of the configuration.
    /// - There is no list of allowed media types: the proposal for one was not merged. `notifications.endpoints[].ignore`
    ///   concerns events only.
    ///
    /// What reads it here: the file as YAML. The configuration has no schema, so key and values were compared with the source.
    ///
    /// ## Source
    /// [The key](https://github.com/distribution/distribution/blob/v3.1.1/configuration/configuration.go),
    /// [what it does](https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/manifests.go),
    /// [the documentation without it](https://github.com/distribution/distribution/blob/v3.1.1/docs/content/about/configuration.md),
    /// [the proposal of a list, pull request 2934](https://github.com/distribution/distribution/pull/2934)
    pub static DISTRIBUTION = { id: "distribution", title: "Distribution", versions: ["3"], standing: Live, make: make }
}

const PLUGIN_CONFIG: &str = "application/vnd.docker.plugin.v1+json";

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let chosen: Vec<&ArtifactType> =
        order.chosen.entries().filter(|entry| entry.kind.is_type() && has_config(entry)).collect();
    let refused: Vec<&str> =
        chosen.iter().filter(|entry| !always_known(entry)).map(|entry| entry.id.as_str()).collect();
    let plugin = chosen.iter().any(|entry| in_place(entry, Place::Config).contains(PLUGIN_CONFIG));
    let classes = match (refused.is_empty() && !chosen.is_empty(), plugin) {
        (false, _) => "[]",
        (true, false) => "[image]",
        (true, true) => "[image, plugin]",
    };
    let mut warnings = Vec::new();
    if !refused.is_empty() {
        warnings.push(format!(
            "any class would refuse {} chosen types, so none is set and everything is allowed: {}",
            refused.len(),
            some_of(refused.iter().copied())
        ));
    } else if !chosen.is_empty() {
        warnings.push("what borrows the config of images passes too, such as signatures of cosign".to_owned());
    }
    let mut text = material::header("#", "distribution", order, &warnings);
    if !refused.is_empty() {
        text.push_str(&comment("#", "A class in the list would refuse forms of:"));
        for id in &refused {
            text.push_str(&comment("#", &format!("- {id}")));
        }
    }
    let _ = writeln!(text, "policy:\n  repository:\n    classes: {classes}");
    Ok(Exported::of([("config.yml", text)], warnings))
}

/// Whether a type is stored as a manifest with a config, which the policy looks at.
fn has_config(entry: &ArtifactType) -> bool {
    let shapes = entry.structure.iter().flat_map(|structure| &structure.shapes);
    shapes.into_iter().any(|shape| matches!(shape, Shape::OciManifest | Shape::DockerManifest))
}

/// Whether the policy has a class for every config of a type.
fn always_known(entry: &ArtifactType) -> bool {
    let configs = configs(entry);
    let docker = entry.structure.iter().any(|structure| structure.shapes.contains(&Shape::DockerManifest));
    !configs.is_empty()
        && configs.iter().all(|one| match *one {
            OCI_IMAGE_CONFIG => true,
            // Distribution takes these two for what they are in a Docker manifest only.
            DOCKER_IMAGE_CONFIG | PLUGIN_CONFIG => docker,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn images_alone_have_a_class() {
        let made = made(&DISTRIBUTION, "3", &["box-image"]);
        assert!(text(&made, "config.yml").ends_with("policy:\n  repository:\n    classes: [image]\n"));
    }

    #[test]
    fn with_anything_else_nothing_is_refused() {
        let made = made(&DISTRIBUTION, "3", &["box-image", "box-sbom"]);
        let text = text(&made, "config.yml");
        assert!(text.contains("# - box-sbom\n") && text.ends_with("classes: []\n"), "{text}");
        let read: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(read["policy"]["repository"]["classes"], serde_json::json!([]));
    }
}

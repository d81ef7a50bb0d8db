//! Whether a config says the same as the manifest and the index entry above it.

use std::collections::BTreeMap;

use super::super::lint::{Lint, show};
use super::super::platform::MOST;
use super::{Belongs, Config};
use crate::finding::{Rule, declare_rule};
use crate::oci::platform::{meant_architecture, meant_os, meant_variant};
use crate::source::tape::Json;

declare_rule! {
    /// A label of the config and an annotation of the manifest have one key and two values.
    ///
    /// ## Why
    /// Registries and scanners show the annotation, runtimes and `docker inspect` the label. Often the label was
    /// inherited from the base image and nobody noticed.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Labels": { "org.opencontainers.image.version": "24.04" } } }
    /// ```
    /// ```json reported
    /// { "annotations": { "org.opencontainers.image.version": "2.0.0" } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "Labels": { "org.opencontainers.image.version": "2.0.0" } } }
    /// ```
    /// ```json accepted
    /// { "annotations": { "org.opencontainers.image.version": "2.0.0" } }
    /// ```
    ///
    /// ## How to fix
    /// Write the same value in both places, or leave one out. Where a runtime configuration is made of the image, the
    /// label wins.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, conversion.md, annotations](https://github.com/opencontainers/image-spec/blob/v1.1.1/conversion.md#annotations)
    pub static CONFIG_LABEL_ANNOTATION_CONFLICT = {
        id: "config-label-annotation-conflict", level: Info, since: "0.1.0", subject: Config,
    }
}

declare_rule! {
    /// A config names another platform than the index entry that led to it.
    ///
    /// ## Why
    /// Clients choose the image by the index and run it by its config. When the two differ, an image is pulled that
    /// does not run on the machine, or a right one is refused.
    ///
    /// ## Reported
    /// A config:
    /// ```json
    /// { "architecture": "amd64", "os": "linux" }
    /// ```
    /// and the entry of the index:
    /// ```json
    /// { "platform": { "architecture": "arm64", "os": "linux" } }
    /// ```
    ///
    /// ## Accepted
    /// A config:
    /// ```json
    /// { "architecture": "arm64", "os": "linux" }
    /// ```
    /// and the entry of the index:
    /// ```json
    /// { "platform": { "architecture": "arm64", "os": "linux" } }
    /// ```
    ///
    /// ## How to fix
    /// Find out which of the two is right. An image that was built on one machine and tagged for another needs a new
    /// build; a slip in the index is corrected there.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static CONFIG_PLATFORM_AGREES = {
        id: "config-platform-agrees", level: Warning, since: "0.1.0", subject: Config,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&CONFIG_LABEL_ANNOTATION_CONFLICT, &CONFIG_PLATFORM_AGREES];

pub(super) fn check<'a>(lint: &mut Lint<'a>, config: &Config<'a>, belongs: Belongs<'_>) {
    if let Some(platform) = belongs.descriptor.and_then(|descriptor| descriptor.get("platform")) {
        agrees(lint, config, platform);
    }
    let annotations = belongs.manifest.and_then(|manifest| manifest.get("annotations"));
    if let (Some(labels), Some(annotations)) = (config.parameter("Labels"), annotations) {
        conflict(lint, labels, annotations);
    }
}

/// What one of the two leaves out or empty is not compared.
fn agrees<'a>(lint: &mut Lint<'a>, config: &Config<'a>, platform: Json<'_>) {
    let texts = |own: Option<Json<'a>>, name: &str| {
        let own = own.and_then(|at| Some((at, at.as_str()?))).filter(|(_, text)| !text.is_empty());
        own.zip(platform.get_str(name).filter(|text| !text.is_empty()))
    };
    let mut report = |at: Json<'a>, what: &str, own: &str, other: &str| {
        let message = format!("the {what} is `{}`, but the index says `{}`", show(own), show(other));
        lint.value(&CONFIG_PLATFORM_AGREES, at, message).help("correct the one that is wrong").done();
    };
    if let Some(((at, own), other)) = texts(config.os, "os")
        && own != other
        && (meant_os(own).is_none() || meant_os(own) != meant_os(other))
    {
        report(at, "operating system", own, other);
    }
    let Some(((at, own), other)) = texts(config.architecture, "architecture") else { return };
    let name = |text| meant_architecture(text).map(|(name, _)| name);
    if own != other && (name(own).is_none() || name(own) != name(other)) {
        return report(at, "architecture", own, other);
    }
    let architecture = name(own).unwrap_or(own);
    if let Some(((at, own), other)) = texts(config.variant, "variant")
        && own != other
        && meant_variant(architecture, own).as_deref().unwrap_or(own)
            != meant_variant(architecture, other).as_deref().unwrap_or(other)
    {
        report(at, "variant", own, other);
    }
}

fn conflict<'a>(lint: &mut Lint<'a>, labels: Json<'a>, annotations: Json<'_>) {
    let annotations: BTreeMap<&str, &str> =
        annotations.members().filter_map(|annotation| Some((annotation.key(), annotation.as_str()?))).collect();
    if annotations.is_empty() {
        return;
    }
    let differs = |label: &Json<'a>| {
        label.as_str().zip(annotations.get(label.key()).copied()).is_some_and(|(own, other)| own != other)
    };
    for label in labels.members().filter(differs).take(MOST) {
        let own = label.as_str().unwrap_or_default();
        let other = annotations.get(label.key()).copied().unwrap_or_default();
        let message = format!("the label is `{}`, but the annotation of the manifest is `{}`", show(own), show(other));
        lint.value(&CONFIG_LABEL_ANNOTATION_CONFLICT, label, message)
            .help("write the same value in both places, or leave one out")
            .done();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Belongs, lint};
    use crate::rules::manifest::{Options, Origin};
    use crate::source::tape::{Memory, Tape};

    /// The messages about a config that an index entry with this platform led to.
    fn messages(config: &str, platform: &str) -> Vec<String> {
        let config = config.replace('}', ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
        let descriptor = format!("{{\"platform\":{platform}}}");
        let mut memory = Memory::default();
        let descriptor = Tape::read(&descriptor, &mut memory).unwrap().root();
        let file: Arc<str> = "config.json".into();
        let origin = Origin { file: &file, index: 0, start: (0, 1) };
        let belongs = Belongs { manifest: None, descriptor: Some(descriptor), schema: None };
        let (findings, _) = lint(origin, config.as_bytes(), belongs, &Options::default());
        let own = findings.into_iter().filter(|finding| finding.rule.id == "config-platform-agrees");
        own.map(|finding| finding.message).collect()
    }

    #[test]
    fn the_platform_is_that_of_the_index() {
        let amd64 = "{\"architecture\":\"amd64\",\"os\":\"linux\"}";
        let arm = |variant: &str| format!("{{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"{variant}\"}}");
        let wrong = "{\"architecture\":\"arm64\",\"os\":\"windows\",\"variant\":\"v8\"}";
        let unknown = "{\"architecture\":\"unknown\",\"os\":\"unknown\"}";
        assert_eq!(
            messages(amd64, wrong),
            [
                "the operating system is `linux`, but the index says `windows`",
                "the architecture is `amd64`, but the index says `arm64`"
            ]
        );
        assert_eq!(messages(&arm("v6"), &arm("v7")), ["the variant is `v6`, but the index says `v7`"]);
        for (config, platform) in [
            (amd64, amd64),
            (unknown, unknown),
            (amd64, "{}"),
            (amd64, "null"),
            // Each of these is the business of another rule, or of none.
            (amd64, "{\"architecture\":\"x86_64\",\"os\":\"Linux\"}"),
            (&arm("v7"), &arm("7")),
            (&arm("v7"), "{\"architecture\":\"arm\",\"os\":\"linux\"}"),
            ("{\"architecture\":\"\",\"os\":\"\"}", amd64),
        ] {
            assert_eq!(messages(config, platform), [""; 0], "{config} {platform}");
        }
    }
}

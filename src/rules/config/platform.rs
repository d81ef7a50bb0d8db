//! The platform that a config names.

use super::super::lint::Lint;
use super::super::platform as names;
use super::{Belongs, Config};
use crate::finding::{Rule, declare_rule};
use crate::source::tape::Json;

declare_rule! {
    /// The architecture of a config is not one of Go's names.
    ///
    /// ## Why
    /// Clients compare the architecture of the machine, in Go's spelling, with this text, and refuse the image or warn
    /// of it when they differ.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "architecture": "aarch64" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "architecture": "arm64" }
    /// ```
    ///
    /// ## How to fix
    /// Write the value of `GOARCH`: `amd64` for `x86_64`, `arm64` for `aarch64`, `arm` with a `variant` for `armv7`.
    /// `unknown` for both, the architecture and the operating system, is what BuildKit writes for attestations; nothing
    /// is said about it.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [Go, installing from source, GOOS and GOARCH](https://go.dev/doc/install/source#environment)
    pub static CONFIG_ARCHITECTURE_GOARCH = {
        id: "config-architecture-goarch", level: Warning, since: "0.1.0", subject: Config,
    }
}

declare_rule! {
    /// The config of a Windows image asks for a feature that the specification does not have.
    ///
    /// ## Why
    /// Clients know `win32k` only. One that meets another value can not tell whether its host has the feature, and may
    /// refuse the image.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "os": "windows", "os.features": ["win32"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "os": "windows", "os.features": ["win32k"] }
    /// ```
    ///
    /// ## How to fix
    /// Write `win32k` when the image needs `win32k.sys`, otherwise remove the feature.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_OS_FEATURES_WINDOWS = {
        id: "config-os-features-windows", level: Warning, since: "0.1.0", subject: Config, spec: V1_1,
    }
}

declare_rule! {
    /// The operating system of a config is not one of Go's names.
    ///
    /// ## Why
    /// Clients compare the operating system of the machine, in Go's spelling, with this text, and refuse the image when
    /// they differ.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "os": "Linux" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "os": "linux" }
    /// ```
    ///
    /// ## How to fix
    /// Write the value of `GOOS`: `linux`, `windows`, `darwin` for macOS, `wasip1` for WASI.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [Go, installing from source, GOOS and GOARCH](https://go.dev/doc/install/source#environment)
    pub static CONFIG_OS_GOOS = { id: "config-os-goos", level: Warning, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// The variant of a config is not one that its architecture has.
    ///
    /// ## Why
    /// Builders copy it into the index, where clients compare it to choose between images of one architecture.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "architecture": "arm", "variant": "7" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "architecture": "arm", "variant": "v7" }
    /// ```
    ///
    /// ## How to fix
    /// Write a variant of the table, or the value of Go that continues it: `v6`, `v7` and `v8` for `arm`, `v8` and
    /// `v8.1` for `arm64`, `v1` to `v4` for `amd64`.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [image-spec 1.1.1, image-index.md, platform variants](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#platform-variants)
    pub static CONFIG_VARIANT_KNOWN = {
        id: "config-variant-known", level: Warning, since: "0.1.0", subject: Config, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] =
    &[&CONFIG_ARCHITECTURE_GOARCH, &CONFIG_OS_FEATURES_WINDOWS, &CONFIG_OS_GOOS, &CONFIG_VARIANT_KNOWN];

pub(super) fn check<'a>(lint: &mut Lint<'a>, config: &Config<'a>, belongs: Belongs<'_>) {
    if names::is_unknown(config.os, config.architecture) {
        return;
    }
    // Builders leave both empty in artifacts that are no images.
    let told = |found: &Json<'_>| found.as_str() != Some("") || belongs.is_runnable();
    if let Some(architecture) = config.architecture.filter(told) {
        names::architecture(lint, &CONFIG_ARCHITECTURE_GOARCH, architecture);
    }
    if let Some(os) = config.os.filter(told) {
        names::os(lint, &CONFIG_OS_GOOS, os);
    }
    if config.docker {
        return;
    }
    if let Some((at, architecture)) = config.variant.zip(config.architecture.and_then(Json::as_str)) {
        names::variant(lint, &CONFIG_VARIANT_KNOWN, architecture, at);
    }
    if let Some(features) = config.os_features.filter(|_| config.is_windows()) {
        names::windows_features(lint, &CONFIG_OS_FEATURES_WINDOWS, features);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Belongs, lint};
    use crate::rules::manifest::{Options, Origin};
    use crate::source::tape::{Memory, Tape};

    #[test]
    fn an_empty_platform_is_wrong_for_images_only() {
        let config = "{\"architecture\":\"\",\"os\":\"\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"]}}";
        let file: Arc<str> = "config.json".into();
        for (layer, count) in [
            ("application/vnd.oci.image.layer.v1.tar+gzip", 2),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip", 2),
            ("application/vnd.dev.cosign.simplesigning.v1+json", 0),
        ] {
            let manifest = format!(
                "{{\"config\":{{\"mediaType\":\"application/vnd.oci.image.config.v1+json\"}},\"layers\":[{{\"mediaType\":\"{layer}\"}}]}}"
            );
            let mut memory = Memory::default();
            let manifest = Tape::read(&manifest, &mut memory).unwrap().root();
            let origin = Origin { file: &file, index: 0, start: (0, 1) };
            let belongs = Belongs { manifest: Some(manifest), descriptor: None, schema: None };
            let (findings, _) = lint(origin, config.as_bytes(), belongs, &Options::default());
            assert_eq!(findings.len(), count, "{layer} {findings:?}");
        }
    }
}

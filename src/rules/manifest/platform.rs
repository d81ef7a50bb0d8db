//! Platforms of an index's entries.

use super::super::platform as names;
use super::lint::{Lint, show};
use super::parts::Document;
use crate::finding::{Rule, declare_rule};
use crate::oci::platform::{self, Standing};
use crate::source::tape::{Json, Kind};

declare_rule! {
    /// The architecture of a platform is not one of Go's names.
    ///
    /// ## Why
    /// Clients compare the architecture of the machine, in Go's spelling, with this text. An image for `x86_64` is
    /// never chosen on a machine that calls itself `amd64`.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "x86_64", "os": "linux" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "linux" }
    /// ```
    ///
    /// ## How to fix
    /// Write the value of `GOARCH`: `amd64` for `x86_64`, `arm64` for `aarch64`, `arm` with a `variant` for `armv7`.
    /// `unknown` for both, the architecture and the operating system, is what BuildKit writes for attestations; nothing
    /// is said about it.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    /// - [Go, installing from source, GOOS and GOARCH](https://go.dev/doc/install/source#environment)
    pub static PLATFORM_ARCHITECTURE_GOARCH = {
        id: "platform-architecture-goarch", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A platform has no architecture.
    ///
    /// ## Why
    /// A client that looks for the image of its machine can not tell whether this one is meant. Some take it for a
    /// match, others skip it.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "os": "linux" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "linux" }
    /// ```
    ///
    /// ## How to fix
    /// Add `architecture`, or remove the whole `platform` when the content does not depend on one.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_ARCHITECTURE_REQUIRED = {
        id: "platform-architecture-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A platform uses the reserved property `features`.
    ///
    /// ## Why
    /// The property comes from Docker manifest lists. In an index it is kept for later releases, and clients look at it
    /// differently or not at all.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "amd64", "os": "linux", "features": ["sse4"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "linux", "variant": "v3" }
    /// ```
    ///
    /// ## How to fix
    /// Remove it. A level of the processor is said with `variant`, a demand on the operating system with `os.features`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_FEATURES_RESERVED = {
        id: "platform-features-reserved", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A platform asks for a feature of the operating system that no specification defines.
    ///
    /// ## Why
    /// Outside Windows the values belong to implementations. They should be proposed for the specification, so that
    /// clients of other makers understand them.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "amd64", "os": "linux", "os.features": ["nydus.remoteimage.v1"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "windows", "os.features": ["win32k"] }
    /// ```
    ///
    /// ## How to fix
    /// Nothing has to be changed. Propose the value for image-spec when other implementations are to read it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_OS_FEATURES_OTHER = {
        id: "platform-os-features-other", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// A Windows platform asks for a feature that the specification does not have.
    ///
    /// ## Why
    /// Clients know `win32k` only. One that meets another value can not tell whether its host has the feature, and may
    /// refuse the image.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "amd64", "os": "windows", "os.features": ["win32k.sys"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "windows", "os.features": ["win32k"] }
    /// ```
    ///
    /// ## How to fix
    /// Write `win32k` when the image needs `win32k.sys`, otherwise remove the feature.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_OS_FEATURES_WINDOWS = {
        id: "platform-os-features-windows", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The operating system of a platform is not one of Go's names.
    ///
    /// ## Why
    /// Clients compare the operating system of the machine, in Go's spelling, with this text. An image for `macos` or
    /// `Linux` is never chosen.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "arm64", "os": "macos" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "arm64", "os": "darwin" }
    /// ```
    ///
    /// ## How to fix
    /// Write the value of `GOOS`: `linux`, `windows`, `darwin` for macOS, `wasip1` for WASI.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    /// - [Go, installing from source, GOOS and GOARCH](https://go.dev/doc/install/source#environment)
    pub static PLATFORM_OS_GOOS = { id: "platform-os-goos", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A platform has no operating system.
    ///
    /// ## Why
    /// A client that looks for the image of its machine can not tell whether this one is meant. Some take it for a
    /// match, others skip it.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "amd64" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "linux" }
    /// ```
    ///
    /// ## How to fix
    /// Add `os`, or remove the whole `platform` when the content does not depend on one.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_OS_REQUIRED = { id: "platform-os-required", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The version of a Windows platform has not four numbers.
    ///
    /// ## Why
    /// Clients compare it with the build of the host, which has four numbers, such as `10.0.14393.1066`. What they can
    /// not compare may fit no host.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "amd64", "os": "windows", "os.version": "Server 2022" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "windows", "os.version": "10.0.20348.2113" }
    /// ```
    ///
    /// ## How to fix
    /// Write the version of the base image as it stands in its config, four numbers with dots between them.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_OS_VERSION_FORMAT = {
        id: "platform-os-version-format", level: Info, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A platform is a pair of operating system and architecture that Go does not build for.
    ///
    /// ## Why
    /// Both names are right, but together they are probably a slip, such as a copied line with one of the two changed.
    /// The specification takes the names from Go's list of pairs.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "s390x", "os": "windows" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "s390x", "os": "linux" }
    /// ```
    ///
    /// ## How to fix
    /// Correct the one that is wrong. Leave it when the pair is meant.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    /// - [Go, installing from source, GOOS and GOARCH](https://go.dev/doc/install/source#environment)
    pub static PLATFORM_PAIR_KNOWN = { id: "platform-pair-known", level: Info, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A property of a platform has the wrong JSON type.
    ///
    /// ## Why
    /// Decoders with fixed types, such as those of Go, refuse the whole index because of one such value.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "amd64", "os": "windows", "os.features": "win32k" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "amd64", "os": "windows", "os.features": ["win32k"] }
    /// ```
    ///
    /// ## How to fix
    /// Write a string for `architecture`, `os`, `os.version` and `variant`, and a list of strings for `os.features`.
    /// Leave out what has no value; `null` is not a substitute.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
    pub static PLATFORM_PROPERTY_TYPE = {
        id: "platform-property-type", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The variant of a platform is not one that its architecture has.
    ///
    /// ## Why
    /// Clients compare variants to choose between images of one architecture. An image for `armv7` is not found by a
    /// client that looks for `v7`.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "arm", "os": "linux", "variant": "armv7" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "arm", "os": "linux", "variant": "v7" }
    /// ```
    ///
    /// ## How to fix
    /// Write a variant of the table, or the value of Go that continues it: `v6`, `v7` and `v8` for `arm`, `v8` and
    /// `v8.1` for `arm64`, `v1` to `v4` for `amd64`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform variants](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#platform-variants)
    pub static PLATFORM_VARIANT_KNOWN = {
        id: "platform-variant-known", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The variant of a platform is not in the specification's table.
    ///
    /// ## Why
    /// Variants outside the table belong to implementations. They should be proposed for the specification, so that
    /// clients of other makers understand them.
    ///
    /// ## Reported
    /// ```json reported platform
    /// { "architecture": "mips64le", "os": "linux", "variant": "softfloat" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted platform
    /// { "architecture": "arm64", "os": "linux", "variant": "v8" }
    /// ```
    ///
    /// ## How to fix
    /// Nothing has to be changed. Propose the value for image-spec when other implementations are to read it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-index.md, platform variants](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#platform-variants)
    pub static PLATFORM_VARIANT_SUBMITTED = {
        id: "platform-variant-submitted", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &PLATFORM_ARCHITECTURE_GOARCH,
    &PLATFORM_ARCHITECTURE_REQUIRED,
    &PLATFORM_FEATURES_RESERVED,
    &PLATFORM_OS_FEATURES_OTHER,
    &PLATFORM_OS_FEATURES_WINDOWS,
    &PLATFORM_OS_GOOS,
    &PLATFORM_OS_REQUIRED,
    &PLATFORM_OS_VERSION_FORMAT,
    &PLATFORM_PAIR_KNOWN,
    &PLATFORM_PROPERTY_TYPE,
    &PLATFORM_VARIANT_KNOWN,
    &PLATFORM_VARIANT_SUBMITTED,
];

/// The properties of a platform that rules look at.
#[derive(Default)]
struct Platform<'a> {
    architecture: Option<Json<'a>>,
    os: Option<Json<'a>>,
    os_version: Option<Json<'a>>,
    os_features: Option<Json<'a>>,
    variant: Option<Json<'a>>,
    features: Option<Json<'a>>,
}

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>, value: Json<'a>) {
    if !value.is_object() {
        return;
    }
    let platform = Platform::read(value);
    types(lint, &platform);
    for (found, rule, name) in [
        (platform.architecture, &PLATFORM_ARCHITECTURE_REQUIRED, "architecture"),
        (platform.os, &PLATFORM_OS_REQUIRED, "os"),
    ] {
        if found.is_none() {
            lint.missing(rule, value, name, format!("the platform has no `{name}`"))
                .help(format!("add `{name}`, or remove the platform"))
                .done();
        }
    }
    if names::is_unknown(platform.os, platform.architecture) {
        return;
    }
    pair(lint, &platform);
    // What follows is not said of Docker manifest lists.
    if !document.docker {
        version(lint, &platform);
        variant(lint, &platform);
        features(lint, &platform);
    }
}

impl<'a> Platform<'a> {
    fn read(json: Json<'a>) -> Self {
        let mut platform = Self::default();
        for member in json.members() {
            let slot = match member.key() {
                "architecture" => &mut platform.architecture,
                "os" => &mut platform.os,
                "os.version" => &mut platform.os_version,
                "os.features" => &mut platform.os_features,
                "variant" => &mut platform.variant,
                "features" => &mut platform.features,
                _ => continue,
            };
            slot.get_or_insert(member);
        }
        platform
    }

    fn os(&self) -> Option<&'a str> {
        self.os.and_then(Json::as_str)
    }

    fn architecture(&self) -> Option<&'a str> {
        self.architecture.and_then(Json::as_str)
    }
}

fn types<'a>(lint: &mut Lint<'a>, platform: &Platform<'a>) {
    for found in [platform.architecture, platform.os, platform.os_version, platform.variant].into_iter().flatten() {
        if found.kind() != Kind::String {
            let message = format!("`{}` is {}, not a string", found.key(), found.kind_name());
            lint.value(&PLATFORM_PROPERTY_TYPE, found, message).help("write a string").done();
        }
    }
    let Some(list) = platform.os_features else { return };
    if !list.is_array() {
        let message = format!("`os.features` is {}, not a list of strings", list.kind_name());
        lint.value(&PLATFORM_PROPERTY_TYPE, list, message).help("write a list of strings").done();
    }
    for found in list.elements().filter(|feature| feature.kind() != Kind::String).take(names::MOST) {
        let message = format!("a value of `os.features` is {}, not a string", found.kind_name());
        lint.value(&PLATFORM_PROPERTY_TYPE, found, message).help("write a string").done();
    }
}

fn pair<'a>(lint: &mut Lint<'a>, platform: &Platform<'a>) {
    if let Some(architecture) = platform.architecture {
        names::architecture(lint, &PLATFORM_ARCHITECTURE_GOARCH, architecture);
    }
    if let Some(os) = platform.os {
        names::os(lint, &PLATFORM_OS_GOOS, os);
    }
    if let (Some(at), Some(architecture), Some(os)) = (platform.architecture, platform.architecture(), platform.os())
        && platform::is_goos(os)
        && platform::is_goarch(architecture)
        && !platform::is_pair(os, architecture)
    {
        let with = platform::architectures(os).join(", ");
        let help = if with.is_empty() {
            format!("Go builds nothing for `{os}`: correct it unless it is meant")
        } else {
            format!("Go knows `{os}` with {with}")
        };
        lint.value(&PLATFORM_PAIR_KNOWN, at, format!("Go does not build for `{os}` on `{architecture}`"))
            .help(help)
            .done();
    }
}

fn version<'a>(lint: &mut Lint<'a>, platform: &Platform<'a>) {
    if let Some((at, found)) = platform.os_version.and_then(|at| Some((at, at.as_str()?)))
        && platform.os() == Some("windows")
        && !platform::is_windows_version(found)
    {
        let message = format!("`{}` is not a version of Windows with four numbers", show(found));
        lint.value(&PLATFORM_OS_VERSION_FORMAT, at, message)
            .help("write the version of the base image, such as `10.0.20348.2113`")
            .done();
    }
}

fn variant<'a>(lint: &mut Lint<'a>, platform: &Platform<'a>) {
    let (Some(at), Some(architecture)) = (platform.variant, platform.architecture()) else { return };
    names::variant(lint, &PLATFORM_VARIANT_KNOWN, architecture, at);
    if let Some(found) = at.as_str().filter(|found| !found.is_empty() && lint.wants(&PLATFORM_VARIANT_SUBMITTED))
        && platform::is_goarch(architecture)
        && matches!(platform::standing(architecture, found), Standing::Open | Standing::Analog)
    {
        let message = format!("the table of variants has no `{}` for `{architecture}`", show(found));
        lint.value(&PLATFORM_VARIANT_SUBMITTED, at, message)
            .help("propose it for image-spec when other implementations are to read it")
            .done();
    }
}

fn features<'a>(lint: &mut Lint<'a>, platform: &Platform<'a>) {
    if let Some(features) = platform.features {
        lint.key(&PLATFORM_FEATURES_RESERVED, features, "`features` is reserved for later releases")
            .help("remove it; `variant` says the level of a processor")
            .done();
    }
    let Some(list) = platform.os_features else { return };
    match platform.os() {
        Some("windows") => names::windows_features(lint, &PLATFORM_OS_FEATURES_WINDOWS, list),
        Some(os) if lint.wants(&PLATFORM_OS_FEATURES_OTHER) => {
            for feature in list.elements().take(names::MOST) {
                let Some(found) = feature.as_str() else { continue };
                let message = format!("no specification defines the feature `{}` of `{}`", show(found), show(os));
                lint.value(&PLATFORM_OS_FEATURES_OTHER, feature, message)
                    .help("propose it for image-spec when other implementations are to read it")
                    .done();
            }
        }
        _ => {}
    }
}

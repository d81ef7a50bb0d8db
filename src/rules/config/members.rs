//! The members of a config: which must be there, and of what type they are.

use super::super::lint::{Lint, show};
use super::super::platform::MOST;
use super::{Config, is_null};
use crate::finding::{Rule, declare_rule};
use crate::oci::datetime::DateTime;
use crate::source::tape::{Json, Kind};

declare_rule! {
    /// A config has no architecture.
    ///
    /// ## Why
    /// Clients that pull by tag without an index learn only here what machine the image is for. Without it they guess
    /// or refuse.
    ///
    /// ## Reported
    /// ```json reported whole-config
    /// {
    ///   "os": "linux",
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole-config
    /// {
    ///   "architecture": "amd64",
    ///   "os": "linux",
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `architecture`, such as `amd64` or `arm64`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_ARCHITECTURE_REQUIRED = {
        id: "config-architecture-required", level: Error, since: "0.1.0", subject: Config,
    }
}

declare_rule! {
    /// The time at which an image was created is not written as RFC 3339 says.
    ///
    /// ## Why
    /// Clients written in Go decode it as a time: they refuse the whole config when it has another form.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "created": "2026-03-01" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "created": "2026-03-01T12:00:00Z" }
    /// ```
    ///
    /// ## How to fix
    /// Write the day, `T`, the time with seconds, and `Z` or an offset: `2026-03-01T12:00:00Z`. Leave `created` out
    /// when the time is not to be told.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)
    pub static CONFIG_CREATED_RFC3339 = { id: "config-created-rfc3339", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// The time of an entry of the history is not written as RFC 3339 says.
    ///
    /// ## Why
    /// Clients written in Go decode it as a time: they refuse the whole config when it has another form.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "history": [{ "created": "yesterday" }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "history": [{ "created": "2026-03-01T12:00:00Z" }] }
    /// ```
    ///
    /// ## How to fix
    /// Write the day, `T`, the time with seconds, and `Z` or an offset: `2026-03-01T12:00:00Z`. Leave `created` out
    /// when the time is not to be told.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)
    pub static CONFIG_HISTORY_CREATED_RFC3339 = {
        id: "config-history-created-rfc3339", level: Error, since: "0.1.0", subject: Config,
    }
}

declare_rule! {
    /// A config has no operating system.
    ///
    /// ## Why
    /// Clients that pull by tag without an index learn only here what machine the image is for. Without it they guess
    /// or refuse.
    ///
    /// ## Reported
    /// ```json reported whole-config
    /// {
    ///   "architecture": "amd64",
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole-config
    /// {
    ///   "architecture": "amd64",
    ///   "os": "linux",
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `os`, such as `linux` or `windows`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_OS_REQUIRED = { id: "config-os-required", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// A property of a config has the wrong JSON type.
    ///
    /// ## Why
    /// Decoders with fixed types, such as those of Go, refuse the whole config because of one such value, and the image
    /// can not be pulled.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Cmd": "/bin/server" } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "author": null, "config": { "Cmd": ["/bin/server"], "Entrypoint": null, "example.extension": 1 } }
    /// ```
    ///
    /// ## How to fix
    /// Write the type that the specification names. An optional property may be `null`, a required one not. Properties
    /// that the specification does not name are free.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_PROPERTY_TYPE = { id: "config-property-type", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// A config does not say what its layers are.
    ///
    /// ## Why
    /// `rootfs` ties the config to the content of its layers: from it clients know the layers that they have already,
    /// and by it the digest of the config stands for the whole image.
    ///
    /// ## Reported
    /// ```json reported whole-config
    /// { "architecture": "amd64", "os": "linux" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole-config
    /// {
    ///   "architecture": "amd64",
    ///   "os": "linux",
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `rootfs` with `type` and `diff_ids`, one DiffID for each layer. When the content is no image, give its
    /// config another media type.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_ROOTFS_REQUIRED = { id: "config-rootfs-required", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// The type of `rootfs` is not `layers`.
    ///
    /// ## Why
    /// Implementations must stop with an error at a value that they do not know.
    ///
    /// ## Reported
    /// ```json reported config
    /// {
    ///   "rootfs": {
    ///     "type": "squashfs",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// {
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write `layers`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_ROOTFS_TYPE = { id: "config-rootfs-type", level: Error, since: "0.1.0", subject: Config }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &CONFIG_ARCHITECTURE_REQUIRED,
    &CONFIG_CREATED_RFC3339,
    &CONFIG_HISTORY_CREATED_RFC3339,
    &CONFIG_OS_REQUIRED,
    &CONFIG_PROPERTY_TYPE,
    &CONFIG_ROOTFS_REQUIRED,
    &CONFIG_ROOTFS_TYPE,
];

/// What a property must be.
#[derive(Clone, Copy)]
enum Wanted {
    Text,
    Texts,
    Object,
    Objects,
    Boolean,
    Integer,
}

/// The properties of a config, and those that may not be null.
const PROPERTIES: &[(&str, Wanted)] = &[
    ("created", Wanted::Text),
    ("author", Wanted::Text),
    ("architecture", Wanted::Text),
    ("os", Wanted::Text),
    ("os.version", Wanted::Text),
    ("os.features", Wanted::Texts),
    ("variant", Wanted::Text),
    ("config", Wanted::Object),
    ("rootfs", Wanted::Object),
    ("history", Wanted::Objects),
];

/// The execution parameters.
const PARAMETERS: &[(&str, Wanted)] = &[
    ("User", Wanted::Text),
    ("ExposedPorts", Wanted::Object),
    ("Env", Wanted::Texts),
    ("Entrypoint", Wanted::Texts),
    ("Cmd", Wanted::Texts),
    ("Volumes", Wanted::Object),
    ("WorkingDir", Wanted::Text),
    ("Labels", Wanted::Object),
    ("StopSignal", Wanted::Text),
    ("ArgsEscaped", Wanted::Boolean),
    ("Memory", Wanted::Integer),
    ("MemorySwap", Wanted::Integer),
    ("CpuShares", Wanted::Integer),
    ("Healthcheck", Wanted::Object),
];

/// The properties of `rootfs`.
const ROOTFS: &[(&str, Wanted)] = &[("type", Wanted::Text), ("diff_ids", Wanted::Texts)];

/// The properties of an entry of the history.
const HISTORY: &[(&str, Wanted)] = &[
    ("created", Wanted::Text),
    ("author", Wanted::Text),
    ("created_by", Wanted::Text),
    ("comment", Wanted::Text),
    ("empty_layer", Wanted::Boolean),
];

/// Properties that may not be null.
const REQUIRED: [&str; 5] = ["architecture", "os", "rootfs", "type", "diff_ids"];

impl Wanted {
    fn is(self, json: Json<'_>) -> bool {
        match self {
            Self::Text => json.kind() == Kind::String,
            Self::Texts | Self::Objects => json.is_array(),
            Self::Object => json.is_object(),
            Self::Boolean => json.kind() == Kind::Bool,
            Self::Integer => json.as_integer().is_some(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Texts => "a list of strings",
            Self::Object => "an object",
            Self::Objects => "a list of objects",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
        }
    }

    /// What the elements must be.
    const fn element(self) -> Option<Self> {
        match self {
            Self::Texts => Some(Self::Text),
            Self::Objects => Some(Self::Object),
            _ => None,
        }
    }
}

pub(super) fn check<'a>(lint: &mut Lint<'a>, config: &Config<'a>) {
    required(lint, config);
    let docker = config.docker;
    types(lint, config.json, PROPERTIES, docker);
    if let Some(parameters) = config.parameters {
        types(lint, parameters, PARAMETERS, docker);
    }
    if let Some(rootfs) = config.rootfs {
        types(lint, rootfs, ROOTFS, docker);
        kind(lint, rootfs, docker);
    }
    if let Some(created) = config.created {
        time(lint, &CONFIG_CREATED_RFC3339, created);
    }
    let wrong = |entry: &Json<'a>| {
        entry.members().any(|member| {
            HISTORY.iter().any(|(name, wanted)| *name == member.key() && !wanted.is(member) && !is_null(member))
                || (member.key() == "created" && member.as_str().is_some_and(|text| !DateTime::is_valid(text)))
        })
    };
    for entry in config.history.into_iter().flat_map(Json::elements).filter(wrong).take(MOST) {
        types(lint, entry, HISTORY, docker);
        if let Some(created) = entry.get("created") {
            time(lint, &CONFIG_HISTORY_CREATED_RFC3339, created);
        }
    }
}

fn required<'a>(lint: &mut Lint<'a>, config: &Config<'a>) {
    for (rule, name) in [
        (&CONFIG_ARCHITECTURE_REQUIRED, "architecture"),
        (&CONFIG_OS_REQUIRED, "os"),
        (&CONFIG_ROOTFS_REQUIRED, "rootfs"),
    ] {
        absent(lint, rule, config.json, name, "the config");
    }
    if let Some(rootfs) = config.rootfs {
        absent(lint, &CONFIG_ROOTFS_REQUIRED, rootfs, "type", "`rootfs`");
        // Docker leaves the list out when there are no layers.
        if !config.docker {
            absent(lint, &CONFIG_ROOTFS_REQUIRED, rootfs, "diff_ids", "`rootfs`");
        }
    }
}

fn absent<'a>(lint: &mut Lint<'a>, rule: &'static Rule, object: Json<'a>, name: &str, owner: &str) {
    if object.get(name).is_some() {
        return;
    }
    let similar = object.members().find(|member| member.key().eq_ignore_ascii_case(name));
    let help = match similar {
        Some(member) => format!("write `{name}` in place of `{}`", show(member.key())),
        None => format!("add `{name}`"),
    };
    lint.missing(rule, object, name, format!("{owner} has no `{name}`")).help(help).done();
}

fn types<'a>(lint: &mut Lint<'a>, object: Json<'a>, properties: &[(&str, Wanted)], docker: bool) {
    for member in object.members() {
        let name = member.key();
        let Some((_, wanted)) = properties.iter().find(|(other, _)| *other == name) else { continue };
        // Null is as good as absent, which Docker's list of layers may be too.
        if is_null(member) && (!REQUIRED.contains(&name) || (docker && name == "diff_ids")) {
            continue;
        }
        if !wanted.is(member) {
            let number = matches!(wanted, Wanted::Integer) && member.kind() == Kind::Number;
            let found = if number { show(member.written()) } else { member.kind_name().to_owned() };
            let message = format!("`{name}` is {found}, not {}", wanted.words());
            lint.value(&CONFIG_PROPERTY_TYPE, member, message).help(format!("write {}", wanted.words())).done();
        } else if let Some(each) = wanted.element() {
            for element in member.elements().filter(|element| !each.is(*element)).take(MOST) {
                let message = format!("an element of `{name}` is {}, not {}", element.kind_name(), each.words());
                lint.value(&CONFIG_PROPERTY_TYPE, element, message).help(format!("write {}", each.words())).done();
            }
        }
    }
}

fn kind<'a>(lint: &mut Lint<'a>, rootfs: Json<'a>, docker: bool) {
    let Some((at, found)) = rootfs.get("type").and_then(|at| Some((at, at.as_str()?))) else { return };
    // The second is of old images for Windows.
    if found != "layers" && !(docker && found == "layers+base") {
        lint.value(&CONFIG_ROOTFS_TYPE, at, format!("the type of `rootfs` is `{}`", show(found)))
            .help("write `layers`")
            .done();
    }
}

fn time<'a>(lint: &mut Lint<'a>, rule: &'static Rule, at: Json<'a>) {
    if let Some(found) = at.as_str().filter(|found| !DateTime::is_valid(found)) {
        let message = if found.is_empty() {
            "the time is empty".to_owned()
        } else {
            format!("`{}` is not a time as RFC 3339 writes it", show(found))
        };
        lint.value(rule, at, message).help("write it as in `2026-03-01T12:00:00Z`, or leave `created` out").done();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Belongs, lint};
    use crate::rules::manifest::{Options, Origin};
    use crate::source::tape::{Memory, Tape};

    const OCI: &str = "application/vnd.oci.image.config.v1+json";
    const DOCKER: &str = "application/vnd.docker.container.image.v1+json";

    /// The rules that a config breaks in a manifest without layers, with its media type.
    fn broken(media_type: &str, config: &str) -> Vec<&'static str> {
        let manifest = format!("{{\"config\":{{\"mediaType\":\"{media_type}\"}},\"layers\":[]}}");
        let mut memory = Memory::default();
        let manifest = Tape::read(&manifest, &mut memory).unwrap().root();
        let file: Arc<str> = "config.json".into();
        let origin = Origin { file: &file, index: 0, start: (0, 1) };
        let belongs = Belongs { manifest: Some(manifest), descriptor: None, schema: None };
        let (findings, source) = lint(origin, config.as_bytes(), belongs, &Options::default());
        assert_eq!(source.is_some(), !findings.is_empty());
        findings.into_iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn only_configs_of_images_are_read() {
        assert_eq!(broken("application/vnd.example.config", "[]"), [""; 0]);
        assert_eq!(broken(OCI, "[]"), ["json-top-level-object"]);
        assert_eq!(broken(DOCKER, "{"), ["json-syntax"]);
        assert_eq!(broken(OCI, "{}"), ["config-architecture-required", "config-os-required", "config-rootfs-required"]);
    }

    #[test]
    fn what_docker_writes_is_right_for_docker() {
        let config = |rootfs: &str| {
            format!(
                "{{\"architecture\":\"amd64\",\"os\":\"linux\",\"container\":\"6f\",\"docker_version\":\"20.10\",\"config\":\
                 {{\"Hostname\":\"\",\"ArgsEscaped\":true,\"Healthcheck\":{{\"Interval\":1000}},\"OnBuild\":null,\
                 \"Memory\":0,\"Labels\":null}},\"history\":null,\"rootfs\":{rootfs}}}"
            )
        };
        for rootfs in ["{\"type\":\"layers\"}", "{\"type\":\"layers\",\"diff_ids\":null}", "{\"type\":\"layers+base\"}"]
        {
            assert_eq!(broken(DOCKER, &config(rootfs)), [""; 0], "{rootfs}");
        }
        assert_eq!(broken(OCI, &config("{\"type\":\"layers\"}")), ["config-rootfs-required"]);
        assert_eq!(broken(OCI, &config("{\"type\":\"layers\",\"diff_ids\":null}")), ["config-property-type"]);
    }
}

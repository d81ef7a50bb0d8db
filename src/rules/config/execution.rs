//! The execution parameters of a config.

use super::super::lint::{Lint, show};
use super::super::platform::MOST;
use super::{Config, is_null};
use crate::finding::{Rule, declare_rule};
use crate::source::tape::Json;

declare_rule! {
    /// A config has the deprecated property `ArgsEscaped`.
    ///
    /// ## Why
    /// It stands for an accident of Docker on Windows, and runtimes differ in what they make of it. BuildKit still
    /// writes it for Docker's sake, so that this is only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Cmd": ["/bin/server"], "ArgsEscaped": true } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "Cmd": ["/bin/server"] } }
    /// ```
    ///
    /// ## How to fix
    /// Leave it out in a new builder. In an image that another builder made nothing has to be changed.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_ARGS_ESCAPED = {
        id: "config-args-escaped", level: Warning, since: "0.1.0", subject: Config, spec: V1_1, opt_in: true,
    }
}

declare_rule! {
    /// An entry of `Env` is not `NAME=VALUE`.
    ///
    /// ## Why
    /// Runtimes hand the entries to the process as they are. A variable without `=` or without a name is lost, or the
    /// container does not start.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Env": ["PATH"] } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "Env": ["PATH=/usr/bin:/bin", "EMPTY="] } }
    /// ```
    ///
    /// ## How to fix
    /// Write the name, `=` and the value, which may be empty.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_ENV_FORMAT = { id: "config-env-format", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// A port of `ExposedPorts` is not written as the specification says.
    ///
    /// ## Why
    /// Runtimes that can not read the port do not publish it, or refuse to start the container.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "ExposedPorts": { "8000-8010/tcp": {} } } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "ExposedPorts": { "8080": {}, "53/udp": {} } } }
    /// ```
    ///
    /// ## How to fix
    /// Write the port as a number from 1 to 65535, with `/tcp` or `/udp` behind it where wanted, and `{}` as its value.
    /// `/sctp`, which Docker knows besides, is not reported.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_EXPOSED_PORTS_FORMAT = {
        id: "config-exposed-ports-format", level: Warning, since: "0.1.0", subject: Config,
    }
}

declare_rule! {
    /// The value of a label is not a string.
    ///
    /// ## Why
    /// Labels follow the rules of annotations: their values are strings. Decoders with fixed types, such as those of
    /// Go, refuse the whole config because of one other value.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Labels": { "com.example.retries": 3 } } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "Labels": { "com.example.retries": "3", "com.example.note": "" } } }
    /// ```
    ///
    /// ## How to fix
    /// Write the value as a string, or remove the label. The empty string is a value.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static CONFIG_LABELS_RULES = { id: "config-labels-rules", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// A config has a property that is only reserved.
    ///
    /// ## Why
    /// `Memory`, `MemorySwap`, `CpuShares` and `Healthcheck` stand in the OCI specification without a meaning, so that
    /// Docker's configs remain readable. Runtimes other than Docker pass over them: a health check written here is not
    /// run by Kubernetes or containerd.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Healthcheck": { "Test": ["CMD", "/bin/check"] } } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "Cmd": ["/bin/server"] } }
    /// ```
    ///
    /// ## How to fix
    /// Nothing has to be changed for images that Docker runs. For other runtimes say it in their own configuration.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [image-spec 1.1.1, media-types.md, compatibility matrix](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#compatibility-matrix)
    pub static CONFIG_RESERVED_FIELDS = {
        id: "config-reserved-fields", level: Info, since: "0.1.0", subject: Config, spec: V1_1, opt_in: true,
    }
}

declare_rule! {
    /// A stop signal is not written as the specification says.
    ///
    /// ## Why
    /// Runtimes that do not know the name send another signal or refuse to start the container.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "StopSignal": "term" } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "StopSignal": "SIGRTMIN+3" } }
    /// ```
    ///
    /// ## How to fix
    /// Write the name in capital letters with `SIG` before it: `SIGTERM`, `SIGRTMIN+3`. A plain number, which Docker
    /// accepts besides, is not reported.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_STOP_SIGNAL = { id: "config-stop-signal", level: Info, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// A volume of a config is not a path with an empty object.
    ///
    /// ## Why
    /// Runtimes mount something at each path. They refuse to start the container when the path is relative, as it is
    /// when the brackets of `VOLUME [...]` in a Dockerfile hold single quotes.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "config": { "Volumes": { "['/data']": {} } } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "config": { "Volumes": { "/data": {} } } }
    /// ```
    ///
    /// ## How to fix
    /// Write absolute paths as names, and `{}` as the value of each.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_VOLUMES_FORMAT = { id: "config-volumes-format", level: Warning, since: "0.1.0", subject: Config }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &CONFIG_ARGS_ESCAPED,
    &CONFIG_ENV_FORMAT,
    &CONFIG_EXPOSED_PORTS_FORMAT,
    &CONFIG_LABELS_RULES,
    &CONFIG_RESERVED_FIELDS,
    &CONFIG_STOP_SIGNAL,
    &CONFIG_VOLUMES_FORMAT,
];

pub(super) fn check<'a>(lint: &mut Lint<'a>, config: &Config<'a>) {
    environment(lint, config);
    if let Some(ports) = config.parameter("ExposedPorts") {
        exposed_ports(lint, ports);
    }
    if let Some(volumes) = config.parameter("Volumes") {
        volumes_of(lint, volumes, config.is_windows());
    }
    if let Some(labels) = config.parameter("Labels") {
        labels_of(lint, labels);
    }
    if let Some(signal) = config.parameter("StopSignal") {
        stop_signal(lint, signal);
    }
    if !config.docker {
        outdated(lint, config);
    }
}

fn environment<'a>(lint: &mut Lint<'a>, config: &Config<'a>) {
    let Some(list) = config.parameter("Env") else { return };
    // Windows keeps the working directory of each drive in a variable such as `=C:`.
    let windows = config.is_windows();
    let wrong = |entry: &Json<'_>| {
        entry.as_str().is_some_and(|entry| !entry.contains('=') || (entry.starts_with('=') && !windows))
    };
    for entry in list.elements().filter(wrong).take(MOST) {
        let found = entry.as_str().unwrap_or_default();
        let (message, help) = if found.is_empty() {
            ("an entry of `Env` is empty".to_owned(), "remove it".to_owned())
        } else if found.starts_with('=') {
            (format!("the variable `{}` has no name", show(found)), "write a name before the `=`".to_owned())
        } else {
            (format!("the variable `{}` has no `=`", show(found)), "write `NAME=VALUE`".to_owned())
        };
        lint.value(&CONFIG_ENV_FORMAT, entry, message).help(help).done();
    }
}

fn exposed_ports<'a>(lint: &mut Lint<'a>, ports: Json<'a>) {
    let wrong = |port: &Json<'_>| !is_port(port.key()) || !is_empty_object(*port);
    for port in ports.members().filter(wrong).take(MOST) {
        let name = port.key();
        if is_port(name) {
            value(lint, &CONFIG_EXPOSED_PORTS_FORMAT, port);
            continue;
        }
        let lower = name.trim().to_ascii_lowercase();
        let help = if is_port(&lower) {
            format!("write `{lower}`")
        } else {
            "write a number from 1 to 65535, with `/tcp` or `/udp` behind it where wanted".to_owned()
        };
        lint.key(&CONFIG_EXPOSED_PORTS_FORMAT, port, format!("`{}` is not a port", show(name))).help(help).done();
    }
}

fn volumes_of<'a>(lint: &mut Lint<'a>, volumes: Json<'a>, windows: bool) {
    let path = |name: &str| name.starts_with('/') || (windows && !name.is_empty());
    for volume in volumes.members().filter(|volume| !path(volume.key()) || !is_empty_object(*volume)).take(MOST) {
        let name = volume.key();
        if path(name) {
            value(lint, &CONFIG_VOLUMES_FORMAT, volume);
            continue;
        }
        let help = if name.starts_with('[') {
            "write the path alone; in a Dockerfile the list needs double quotes"
        } else {
            "write a path that begins with `/`"
        };
        lint.key(&CONFIG_VOLUMES_FORMAT, volume, format!("the volume `{}` is not an absolute path", show(name)))
            .help(help)
            .done();
    }
}

/// Reports the value of a member of a set that is written as an object.
fn value<'a>(lint: &mut Lint<'a>, rule: &'static Rule, member: Json<'a>) {
    let is = if member.is_object() { "an object with members" } else { member.kind_name() };
    let message = format!("the value of `{}` is {is}, not an empty object", show(member.key()));
    lint.value(rule, member, message).help("write `{}`").done();
}

fn labels_of<'a>(lint: &mut Lint<'a>, labels: Json<'a>) {
    for label in labels.members().filter(|label| label.as_str().is_none()).take(MOST) {
        let message = format!("the label `{}` is {}, not a string", show(label.key()), label.kind_name());
        let help = if is_null(label) { "write a string, or remove the label" } else { "write a string" };
        lint.value(&CONFIG_LABELS_RULES, label, message).help(help).done();
    }
}

fn stop_signal<'a>(lint: &mut Lint<'a>, at: Json<'a>) {
    let Some(found) = at.as_str().filter(|found| !is_signal(found)) else { return };
    let upper = found.trim().to_ascii_uppercase();
    let help = [upper.clone(), format!("SIG{upper}")]
        .into_iter()
        .find(|spelling| is_signal(spelling) && !found.is_empty())
        .map_or_else(|| "write a name such as `SIGTERM`".to_owned(), |spelling| format!("write `{spelling}`"));
    let message = if found.is_empty() {
        "the stop signal is empty".to_owned()
    } else {
        format!("`{}` is not the name of a signal", show(found))
    };
    lint.value(&CONFIG_STOP_SIGNAL, at, message).help(help).done();
}

fn outdated<'a>(lint: &mut Lint<'a>, config: &Config<'a>) {
    if let Some(found) = config.parameter("ArgsEscaped") {
        lint.key(&CONFIG_ARGS_ESCAPED, found, "`ArgsEscaped` is deprecated")
            .help("leave it out in a new builder")
            .done();
    }
    if !lint.wants(&CONFIG_RESERVED_FIELDS) {
        return;
    }
    for name in ["Memory", "MemorySwap", "CpuShares", "Healthcheck"] {
        if let Some(found) = config.parameter(name) {
            lint.key(&CONFIG_RESERVED_FIELDS, found, format!("`{name}` is reserved and has no meaning"))
                .help("say it in the configuration of the runtime")
                .done();
        }
    }
}

fn is_empty_object(json: Json<'_>) -> bool {
    json.is_object() && json.members().next().is_none()
}

/// Whether a text is a port, alone or with its protocol.
fn is_port(text: &str) -> bool {
    let (port, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    port.bytes().all(|b| b.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port > 0)
        && matches!(protocol, "tcp" | "udp" | "sctp")
}

/// Whether a text is `SIGNAME`, `SIGRTMIN+n`, `SIGRTMAX-n` or the number of a signal.
fn is_signal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    if digits(text) {
        return true;
    }
    let Some(name) = text.strip_prefix("SIG") else { return false };
    let (name, real_time) = match name.split_once(['+', '-']) {
        Some((name, offset)) => (name, matches!(name, "RTMIN" | "RTMAX") && digits(offset)),
        None => (name, true),
    };
    real_time && !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_port, is_signal};

    #[test]
    fn ports_and_signals() {
        for text in ["80", "80/tcp", "53/udp", "65535", "5000/sctp"] {
            assert!(is_port(text), "{text}");
        }
        for text in ["", "/tcp", "0", "65536", "80/TCP", "80/", "80/tcp/", "8000-8010", "+80", "$PORT", " 80"] {
            assert!(!is_port(text), "{text}");
        }
        for text in ["SIGTERM", "SIGUSR1", "SIGRTMIN+3", "SIGRTMAX-1", "15"] {
            assert!(is_signal(text), "{text}");
        }
        for text in ["", "SIG", "TERM", "sigterm", "SIGTERM+1", "SIGRTMIN+", "SIG TERM", "-1"] {
            assert!(!is_signal(text), "{text}");
        }
    }
}

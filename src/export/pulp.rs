//! Pulp: the list of allowed types of old releases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::material::{self, configs, in_place, layer_patterns, some_of};
use super::{Exported, Order, declare_export};
use crate::catalog::model::Place;

declare_export! {
    /// The list of allowed types of Pulp's container plugin from 2.16 to 2.19.
    ///
    /// `ADDITIONAL_OCI_ARTIFACT_TYPES`, from the media type of the config to the media types of the layers, of every chosen type
    /// that has a config, former media types too. A type that is only known by `artifactType` stands under the empty
    /// config. The plugin's own defaults are repeated, since the setting takes their place.
    ///
    /// ## How to use it
    /// Put the setting into Pulp's `settings.py`, by default `/etc/pulp/settings.py`, and restart Pulp.
    ///
    /// ```console
    /// $ oat export pulp --select selection.yaml --out settings.py
    /// ```
    ///
    /// ## Traps
    /// - 2.16 brought the setting, 2.19 deprecated it, 2.20 removed it together with the check: later releases accept
    ///   every media type, and there is nothing to export for them.
    /// - The setting replaces the defaults. It is Python: it is read when Pulp starts, and a mistake keeps it from starting.
    /// - `artifactType` is not looked at. A kind of layer that only a pattern describes can not be listed.
    ///
    /// What reads it here: Python itself reads the literal, and the defaults are compared. The plugin's package was not run.
    ///
    /// ## Source
    /// [Defaults of 2.19.13](https://github.com/pulp/pulp_container/blob/2.19.13/pulp_container/app/settings.py),
    /// [how they are registered](https://github.com/pulp/pulp_container/blob/2.19.13/pulp_container/app/__init__.py),
    /// [added, deprecated and removed](https://github.com/pulp/pulp_container/blob/2.29.0/CHANGES.md)
    pub static PULP = { id: "pulp", title: "Pulp container", versions: ["2.19"], standing: Old, make: make }
}

/// The plugin's own dictionary in 2.19: type of the config, types of the layers.
const DEFAULTS: [(&str, &[&str]); 6] = [
    (
        "application/vnd.cncf.helm.config.v1+json",
        &[
            "application/tar+gzip",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            "application/vnd.cncf.helm.chart.provenance.v1.prov",
        ],
    ),
    (
        "application/vnd.cncf.openpolicyagent.config.v1+json",
        &[
            "application/vnd.cncf.openpolicyagent.data.layer.v1+json",
            "application/vnd.cncf.openpolicyagent.manifest.layer.v1+json",
            "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego",
            "application/vnd.cncf.openpolicyagent.rego.layer.v1+rego",
        ],
    ),
    (
        "application/vnd.oci.image.config.v1+json",
        &[
            "application/vnd.cyclonedx",
            "application/vnd.cyclonedx+json",
            "application/vnd.cyclonedx+xml",
            "application/vnd.dev.cosign.simplesigning.v1+json",
            "application/vnd.dsse.envelope.v1+json",
            "application/vnd.in-toto+json",
            "application/vnd.syft+json",
            "text/spdx",
            "text/spdx+json",
            "text/spdx+xml",
        ],
    ),
    ("application/vnd.oci.source.image.config.v1+json", &["application/vnd.oci.image.layer.v1.tar+gzip"]),
    ("application/vnd.sylabs.sif.config.v1+json", &["application/vnd.sylabs.sif.layer.v1.sif"]),
    ("application/vnd.wasm.config.v1+json", &["application/vnd.wasm.content.layer.v1+wasm"]),
];

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let mut types: BTreeMap<&str, BTreeSet<&str>> =
        DEFAULTS.iter().map(|(config, layers)| (*config, layers.iter().copied().collect())).collect();
    let mut patterns = Vec::new();
    for entry in order.chosen.entries().filter(|entry| entry.kind.is_type()) {
        for config in configs(entry) {
            types.entry(config).or_default().extend(in_place(entry, Place::Layer));
        }
        if !layer_patterns(entry).is_empty() {
            patterns.push(entry.id.as_str());
        }
    }
    let mut warnings =
        vec!["Pulp container 2.20 and later have no such setting and accept every media type".to_owned()];
    if !patterns.is_empty() {
        warnings.push(format!(
            "some layers of these chosen types are known by a pattern only and are not in the list: {}",
            some_of(patterns)
        ));
    }
    let mut text = material::header("#", "pulp", order, &warnings);
    text.push_str("ADDITIONAL_OCI_ARTIFACT_TYPES = {\n");
    for (config, layers) in types {
        let _ = writeln!(text, "    {}: [", quoted(config)?);
        for layer in layers {
            let _ = writeln!(text, "        {},", quoted(layer)?);
        }
        text.push_str("    ],\n");
    }
    text.push_str("}\n");
    Ok(Exported::of([("settings.py", text)], warnings))
}

/// A text as a literal of Python, whose escapes include those of JSON.
fn quoted(text: &str) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(text)?;
    let mut ascii = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() && byte != 0x7f => ascii.push(char::from(byte)),
            // Writing into a string does not fail.
            _ => _ = write!(ascii, "\\u{unit:04x}"),
        }
    }
    Ok(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn the_defaults_and_the_chosen_stand_together() {
        let made = made(&PULP, "2.19", &["box-chart"]);
        let text = text(&made, "settings.py");
        assert!(text.contains(
            "    \"application/vnd.example.box.config.v1+json\": [\n        \"application/vnd.example.box.layer\",\n"
        ));
        assert!(text.contains("    \"application/vnd.wasm.config.v1+json\": [\n"));
    }

    #[test]
    fn literals_are_plain_ascii() {
        assert_eq!(quoted("a\"b\\c\n\u{e9}").unwrap(), "\"a\\\"b\\\\c\\n\\u00e9\"");
    }
}

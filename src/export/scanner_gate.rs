//! What a scanner may do with what it is given.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::material::{self, some_of, telling_artifact_types, telling_config_types, told_by};
use super::{Content, Exported, Order, declare_export};
use crate::catalog::model::{ArtifactType, ScanAs};
use crate::mapping;

declare_export! {
    /// What a scanner may do with each type: scan it, unpack it first, or skip it.
    ///
    /// `types` has the verdict by id, `mediaTypes` by the `artifactType` or the media type of the config, former ones too.
    /// `scan` stands for a container image or a document that is read as it is, such as an SBOM; `unpack` for an archive that
    /// must be opened first; `skip` for what a scanner finds nothing in. `runnable` lists what a container runtime can run.
    /// `ambiguous` has the media types whose types differ, with the ids: they are in `mediaTypes` only when all agree.
    ///
    /// ## How to use it
    /// Identify the manifest and look up its id: that is exact. Without that, look up `artifactType`, else the media type of
    /// the config; treat what is in `ambiguous`, and what is nowhere, as not scanned. Report `skip` as skipped, never as clean.
    ///
    /// ```console
    /// $ oat identify manifest.json --format json | jq -r .type
    /// $ oat export scanner-gate --out gate.json
    /// ```
    ///
    /// ## Traps
    /// Signatures, SBOMs and caches borrow the config of container images. A scanner that goes by the config takes them for
    /// images without packages and calls them clean; Trivy for its part refused manifests with an `artifactType`. The media
    /// type of the image config is therefore ambiguous as soon as one such type was chosen. A verdict is about the type, not
    /// about a scanner: which one knows it is on the page of the type.
    ///
    /// What reads it here: the file as JSON; every media type of it is looked up.
    ///
    /// ## Source
    /// [Trivy and artifactType, issue 9052](https://github.com/aquasecurity/trivy/issues/9052),
    /// [artifactType and config](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage)
    pub static SCANNER_GATE = { id: "scanner-gate", title: "Gate before a scanner", versions: [], standing: Live, make: make }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gate<'a> {
    catalog_version: String,
    types: BTreeMap<&'a str, &'static str>,
    runnable: Vec<&'a str>,
    media_types: BTreeMap<&'a str, &'static str>,
    ambiguous: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let types: BTreeMap<&str, &str> =
        order.chosen.entries().filter_map(|entry| Some((entry.id.as_str(), verdict(entry)?))).collect();
    let runnable = order.chosen.entries().filter(|entry| entry.scanning.as_ref().is_some_and(|one| one.runnable));
    let runnable = runnable.map(|entry| entry.id.as_str()).collect();
    let mut media_types = BTreeMap::new();
    let mut ambiguous = BTreeMap::new();
    for (media_type, ids) in told_by(order, telling) {
        let verdicts: BTreeSet<Option<&str>> = ids.iter().map(|id| types.get(id).copied()).collect();
        match (verdicts.len(), verdicts.first().copied().flatten()) {
            (1, Some(verdict)) => {
                media_types.insert(media_type, verdict);
            }
            _ => {
                ambiguous.insert(media_type, ids);
            }
        }
    }
    let mut warnings = Vec::new();
    if !ambiguous.is_empty() {
        warnings.push(format!(
            "{} media types belong to types with several verdicts or none, identify the manifest there: {}",
            ambiguous.len(),
            some_of(ambiguous.keys().copied())
        ));
    }
    let gate =
        Gate { catalog_version: mapping::version(&order.chosen.catalog), types, runnable, media_types, ambiguous };
    Ok(Exported::of([("scanner-gate.json", Content::json(gate))], warnings))
}

/// Media types under which an entry may be met, also one of the config that it only borrows.
fn telling(entry: &ArtifactType) -> BTreeSet<&str> {
    let mut found = telling_artifact_types(entry);
    found.extend(telling_config_types(entry));
    // The disguise is what the gate is for.
    let property = entry.structure.as_ref().and_then(|structure| structure.artifact_type.as_ref());
    if property.is_none_or(|property| property.presence != crate::catalog::model::Presence::Required) {
        let configs = material::in_place(entry, crate::catalog::model::Place::Config);
        found.extend(configs.into_iter().filter(|value| !crate::oci::well_known::says_nothing(value)));
    }
    found
}

const fn verdict(entry: &ArtifactType) -> Option<&'static str> {
    match &entry.scanning {
        Some(scanning) => Some(match scanning.scan_as {
            ScanAs::Image | ScanAs::Document => "scan",
            ScanAs::Archive => "unpack",
            ScanAs::None => "skip",
        }),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn verdicts_by_type_and_media_type() {
        let made = made(&SCANNER_GATE, "", &[]);
        let gate: Value = serde_json::from_str(text(&made, "scanner-gate.json")).unwrap();
        assert_eq!(gate["types"], json!({"box-chart": "unpack", "box-image": "scan", "box-sbom": "scan"}));
        assert_eq!(gate["runnable"], json!(["box-image"]));
        assert_eq!(gate["mediaTypes"]["application/vnd.example.box.config.v1+json"], "unpack");
        assert_eq!(gate["ambiguous"], json!({"application/vnd.example.model": ["box-model"]}));
    }
}

//! Ratify: which of its verifiers handle the chosen types.

use std::collections::BTreeSet;

use serde_json::json;

use super::material::{self, referrer_types};
use super::{Exported, Order, declare_export, yaml};

declare_export! {
    /// The verifiers of Ratify 1 that handle chosen types.
    ///
    /// One `Verifier` for each of Ratify's own verifiers that understands a media type of a chosen type which is attached by
    /// `subject`: `notation`, `cosign`, `sbom` and `vulnerabilityreport`. What no verifier of Ratify understands is not listed.
    ///
    /// ## How to use it
    /// Add the parameters that the verifier needs, such as keys, and apply it.
    ///
    /// ```console
    /// $ oat export ratify --select selection.yaml --out verifiers.yaml
    /// $ kubectl apply --filename verifiers.yaml
    /// ```
    ///
    /// ## Traps
    /// `spec.artifactTypes` is one text: several types stand in it with commas and without spaces, and `*` means all. A
    /// verifier is given whatever has the type, and fails on what it can not read: do not add a type because its role fits.
    ///
    /// Ratify 2 has neither this kind nor the key: its verifiers stand in an `Executor` of the group `config.ratify.sh` and
    /// name no media types. The export is for version 1.
    ///
    /// What reads it here: the file as YAML, and its keys compared with the CRD of 1.4.4, which no package carries.
    ///
    /// ## Source
    /// [The CRD of 1.4.4](https://github.com/notaryproject/ratify/blob/v1.4.4/config/crd/bases/config.ratify.deislabs.io_verifiers.yaml),
    /// [the verifiers of its chart](https://github.com/notaryproject/ratify/blob/v1.4.4/charts/ratify/templates/verifier.yaml),
    /// [the text is split at commas](https://github.com/notaryproject/ratify/blob/v1.4.4/pkg/verifier/plugin/plugin.go),
    /// [what `sbom` reads](https://github.com/notaryproject/ratify/blob/v1.4.4/plugins/verifier/sbom/sbom.go),
    /// [what `vulnerabilityreport` reads](https://github.com/notaryproject/ratify/blob/v1.4.4/plugins/verifier/vulnerabilityreport/vulnerability_report.go),
    /// [the Executor of 2.0](https://github.com/notaryproject/ratify/blob/v2.0.0-beta.1/config/samples/config_v2alpha1_executor.yaml)
    pub static RATIFY = { id: "ratify", title: "Ratify", versions: ["1.4"], standing: Live, make: make }
}

/// Ratify's verifiers, with the media types that each understands.
const VERIFIERS: [(&str, &[&str]); 4] = [
    ("cosign", &["application/vnd.dev.cosign.artifact.sig.v1+json"]),
    ("notation", &["application/vnd.cncf.notary.signature"]),
    ("sbom", &["application/spdx+json"]),
    ("vulnerabilityreport", &["application/sarif+json"]),
];

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let found: BTreeSet<&str> = order.chosen.entries().flat_map(referrer_types).collect();
    let mut warnings = Vec::new();
    let mut documents = String::new();
    for (name, understood) in VERIFIERS {
        let types: Vec<&str> = understood.iter().copied().filter(|one| found.contains(one)).collect();
        if types.is_empty() {
            continue;
        }
        let verifier = json!({
            "apiVersion": "config.ratify.deislabs.io/v1beta1",
            "kind": "Verifier",
            "metadata": {"name": format!("verifier-{name}")},
            "spec": {"name": name, "version": "1.0.0", "artifactTypes": types.join(",")},
        });
        documents.push_str("---\n");
        documents.push_str(&yaml::to_yaml(&verifier)?);
    }
    warnings.push(if documents.is_empty() {
        "no verifier of Ratify 1 understands a chosen type".to_owned()
    } else {
        "each verifier also needs `parameters` of yours, such as keys".to_owned()
    });
    let text = material::header("#", "ratify", order, &warnings) + &documents;
    Ok(Exported::of([("verifiers.yaml", text)], warnings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;
    use crate::export::material::sample::{made, text, whole};
    use crate::selection::Chosen;

    #[test]
    fn what_no_verifier_understands_is_not_listed() {
        let made = made(&RATIFY, "1.4", &[]);
        assert!(text(&made, "verifiers.yaml").lines().all(|line| line.starts_with('#')));
        assert_eq!(made.warnings, ["no verifier of Ratify 1 understands a chosen type"]);
    }

    #[test]
    fn each_verifier_has_a_type_of_the_catalog() {
        let catalog = embedded::catalog();
        let chosen = Chosen::all(&catalog);
        let made = whole(&make(&Order { chosen: &chosen, version: "1.4" }).unwrap());
        for (name, types) in VERIFIERS {
            let line = format!("artifactTypes: {}", types.join(","));
            assert!(text(&made, "verifiers.yaml").contains(&line), "{name}");
        }
    }
}

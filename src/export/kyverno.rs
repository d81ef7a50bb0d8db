//! Kyverno: attestations of a policy over images.

use serde_json::json;

use super::material::{self, STATEMENTS, referrer_types};
use super::{Exported, Order, declare_export, yaml};
use crate::catalog::model::ArtifactType;

declare_export! {
    /// The attestations of a Kyverno policy over images, one for each media type of a statement that is attached by `subject`.
    ///
    /// Taken are the chosen types with one of the roles signature, sbom, attestation, provenance and vulnerability-report
    /// that are attached by `subject`: their values of `artifactType`, former ones too, and where the manifest may lack an
    /// `artifactType` the media types of their config. Names are the ids in camel case, so that an expression can say
    /// `attestations.spdxSbom`; a second media type of a type has a number.
    ///
    /// ## How to use it
    /// It is a part of a policy: who is trusted (`attestors`) and what must hold (`validations`) only you can say. Put it
    /// into your `ImageValidatingPolicy`, keep the attestations that you need, or patch one that exists.
    ///
    /// ```console
    /// $ oat export kyverno --select selection.yaml --out attestations.yaml
    /// $ kubectl patch imagevalidatingpolicy check-images --type merge --patch-file attestations.yaml
    /// ```
    ///
    /// A validation then names an attestation and an attestor of yours:
    ///
    /// ```text
    /// images.containers.map(image, verifyAttestationSignatures(image, attestations.spdxSbom, [attestors.notary])).all(e, e > 0)
    /// ```
    ///
    /// ## Traps
    /// A merge patch replaces the whole list `spec.attestations`.
    ///
    /// One attestation has one type: a role becomes as many attestations as it has media types, and a validation that asks
    /// for each of them demands that every image has all. `referrer` finds what is attached by `subject`, so what cosign
    /// attaches by tag is not here. A predicate within an in-toto statement is another thing: write `intoto` for it.
    ///
    /// `ImageValidatingPolicy` is there since Kyverno 1.14 as `v1alpha1`, since 1.16 as `v1beta1`, and since 1.17 as `v1`; up
    /// to 1.19 the older ones are still served.
    ///
    /// What reads it here: the schema that the npm package `@kubernetes-models/kyverno` has from Kyverno's CRD, with an
    /// attestor and a validation added. It was not applied to a cluster.
    ///
    /// ## Source
    /// [The CRD of 1.19.0](https://github.com/kyverno/kyverno/blob/v1.19.0/config/crds/policies.kyverno.io/policies.kyverno.io_imagevalidatingpolicies.yaml),
    /// [of 1.16.0](https://github.com/kyverno/kyverno/blob/v1.16.0/config/crds/policies.kyverno.io/policies.kyverno.io_imagevalidatingpolicies.yaml),
    /// [of 1.14.0](https://github.com/kyverno/kyverno/blob/v1.14.0/config/crds/policies.kyverno.io/policies.kyverno.io_imagevalidatingpolicies.yaml),
    /// [a policy with an attestation by referrer](https://github.com/kyverno/kyverno/blob/v1.19.0/test/cli/test-image-validating-policy/sample-policy/policy.yaml)
    pub static KYVERNO = { id: "kyverno", title: "Kyverno", versions: ["1.17", "1.16", "1.14"], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let version = match order.version {
        "1.14" => "v1alpha1",
        "1.16" => "v1beta1",
        _ => "v1",
    };
    let mut attestations = Vec::new();
    for entry in order.chosen.entries().filter(|entry| makes_statements(entry)) {
        for (at, media_type) in referrer_types(entry).into_iter().enumerate() {
            let number = if at == 0 { String::new() } else { (at + 1).to_string() };
            attestations.push(json!({
                "name": format!("{}{number}", camel_case(&entry.id)),
                "referrer": {"type": media_type},
            }));
        }
    }
    let mut warnings =
        vec!["it is a part of a policy, which also needs `attestors` and `validations` of yours".to_owned()];
    if attestations.is_empty() {
        warnings.push("no chosen type is a statement that is attached by `subject`".to_owned());
    }
    let policy = json!({
        "apiVersion": format!("policies.kyverno.io/{version}"),
        "kind": "ImageValidatingPolicy",
        "spec": {"attestations": attestations},
    });
    let text = material::header("#", "kyverno", order, &warnings) + &yaml::to_yaml(&policy)?;
    Ok(Exported::of([("attestations.yaml", text)], warnings))
}

fn makes_statements(entry: &ArtifactType) -> bool {
    entry.roles.iter().any(|role| STATEMENTS.contains(role))
}

/// An id as a name that an expression can select: `spdx-sbom` becomes `spdxSbom`.
fn camel_case(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for (at, word) in id.split('-').enumerate() {
        match word.chars().next() {
            Some(first) if at > 0 => {
                name.extend(first.to_uppercase());
                name.push_str(&word[first.len_utf8()..]);
            }
            _ => name.push_str(word),
        }
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("t{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn statements_become_attestations() {
        let made = made(&KYVERNO, "1.17", &[]);
        let text = text(&made, "attestations.yaml");
        let body = material::lines(text.lines().filter(|line| !line.starts_with('#')));
        assert_eq!(
            body,
            "apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\nspec:\n  attestations:\n  - name: boxSbom\n    \
             referrer:\n      type: application/vnd.example.sbom+json\n"
        );
        assert!(text.starts_with("# Made by `oat export kyverno`"));
    }

    #[test]
    fn names_can_be_selected() {
        assert_eq!(camel_case("spdx-sbom"), "spdxSbom");
        assert_eq!(camel_case("3d-box"), "t3dBox");
    }
}

//! The Common Expression Language: lists and one expression over a manifest.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::json;

use super::material::{self, all_in_place, is_tar_gzip, telling_artifact_types, telling_config_types, told_by};
use super::{Exported, Order, declare_export, opa, yaml};
use crate::catalog::model::Place;
use crate::oci::well_known::{EMPTY, PLACEHOLDERS};

declare_export! {
    /// Expressions in CEL: lists of media types, a test of a manifest, and a policy of Kubernetes that uses a list.
    ///
    /// `artifact-types.cel` and `config-types.cel` are lists of the media types that tell the chosen types, `layer-types.cel`
    /// of the media types of their layers; former ones are among them. `manifest.cel` is true for a variable `manifest`
    /// whose `artifactType`, or without one the media type of its config, tells a chosen type.
    /// `validating-admission-policy.yaml` lets Flux's `OCIRepository` select only layers of chosen types.
    ///
    /// ## How to use it
    /// Give the variable as a map and take an error for false. Put a list behind `in`:
    ///
    /// ```text
    /// object.spec.layerSelector.mediaType in ["application/vnd.cncf.helm.chart.content.v1.tar+gzip"]
    /// ```
    ///
    /// ```console
    /// $ oat export cel --select selection.yaml --out cel
    /// $ kubectl apply --dry-run=server --filename cel/validating-admission-policy.yaml
    /// ```
    ///
    /// ## Traps
    /// - Admission in Kubernetes sees objects of the cluster, never a manifest of a registry: `manifest.cel` is for gateways
    ///   and for engines that fetch the manifest.
    /// - The comparison is letter by letter: CEL's standard functions do not lower the case, and parameters stay.
    /// - A selection that tells no type by media type makes an empty list, which nothing is in.
    /// - Types that are told by annotations, layers or context only are in neither list; the warnings name some.
    /// - Parsers limit an expression to 100 000 characters by default; the lists of the whole catalog have fewer.
    /// - A policy of Kubernetes does nothing without a `ValidatingAdmissionPolicyBinding`.
    ///
    /// What reads it here: cel-cpp, the engine of the language's authors, from the PyPI package `cel-expr-python`, over all
    /// examples of the catalog; the policy by the schema of Kubernetes 1.37 in `kubernetes-validate`.
    ///
    /// ## Source
    /// [The language](https://github.com/google/cel-spec/blob/cab4548c3d3601db084a24d994d5205062343a23/doc/langdef.md),
    /// [the limit of the parser](https://github.com/google/cel-cpp/blob/ab1252312e85c554aedec68394cf01653819604c/parser/options.h),
    /// [validating admission policies and their variables](https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/),
    /// [OCIRepository](https://github.com/fluxcd/source-controller/blob/v1.9.1/api/v1/ocirepository_types.go)
    pub static CEL = { id: "cel", title: "Common Expression Language", versions: [], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let artifact_types: BTreeSet<&str> = told_by(order, telling_artifact_types).into_keys().collect();
    let config_types: BTreeSet<&str> = told_by(order, telling_config_types).into_keys().collect();
    let layer_types = all_in_place(order, Place::Layer);
    let warnings: Vec<String> = opa::untold(order, |_| false).into_iter().collect();
    let header = |mark| material::header(mark, "cel", order, &warnings);
    let file = |expression: &str| format!("{}{expression}\n", header("//"));
    Ok(Exported::of(
        [
            ("artifact-types.cel", file(&list(&artifact_types))),
            ("config-types.cel", file(&list(&config_types))),
            ("layer-types.cel", file(&list(&layer_types))),
            ("manifest.cel", file(&manifest(&artifact_types, &config_types))),
            ("validating-admission-policy.yaml", header("#") + &policy(&layer_types)?),
        ],
        warnings,
    ))
}

/// A list of texts, one a line.
fn list(values: &BTreeSet<&str>) -> String {
    if values.is_empty() {
        return "[]".to_owned();
    }
    let lines: Vec<String> = values.iter().map(|value| format!("  {}", quoted(value))).collect();
    format!("[\n{}\n]", lines.join(",\n"))
}

/// A text as a literal: every character that could end it or begin an escape is an escape itself.
fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            c if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) => {
                let _ = write!(literal, "\\u{:04X}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal + "\""
}

fn manifest(artifact_types: &BTreeSet<&str>, config_types: &BTreeSet<&str>) -> String {
    let mut nothing: BTreeSet<&str> = PLACEHOLDERS.into_iter().chain([EMPTY, ""]).collect();
    nothing.retain(|value| !artifact_types.contains(value));
    format!(
        "has(manifest.artifactType) && !(manifest.artifactType in {})\n? manifest.artifactType in {}\n: \
         has(manifest.config) && has(manifest.config.mediaType) && manifest.config.mediaType in {}",
        list(&nothing),
        list(artifact_types),
        list(config_types)
    )
}

fn policy(layer_types: &BTreeSet<&str>) -> Result<String, serde_json::Error> {
    let archives: BTreeSet<&str> = layer_types.iter().copied().filter(|value| is_tar_gzip(value)).collect();
    yaml::to_yaml(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "oci-artifact-types"},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [{
                "apiGroups": ["source.toolkit.fluxcd.io"],
                "apiVersions": ["*"],
                "operations": ["CREATE", "UPDATE"],
                "resources": ["ocirepositories"],
            }]},
            "variables": [{"name": "ociLayerTypes", "expression": list(&archives)}],
            "validations": [{
                "expression": "has(object.spec.layerSelector) && has(object.spec.layerSelector.mediaType) && \
                               object.spec.layerSelector.mediaType in variables.ociLayerTypes",
                "message": "the source must select a layer of an allowed artifact type",
            }],
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{HOSTILE, made, text};

    #[test]
    fn lists_are_expressions() {
        let made = made(&CEL, "", &["box-sbom"]);
        let text = text(&made, "artifact-types.cel");
        assert!(text.ends_with("[\n  \"application/vnd.example.sbom+json\"\n]\n"), "{text}");
        assert!(text.starts_with("// Made by `oat export cel`"));
        assert_eq!(list(&BTreeSet::new()), "[]");
    }

    #[test]
    fn literals_end_where_they_should() {
        assert_eq!(quoted(HOSTILE), "\"B'o\\\"x\\\\ ]]> <b> ${x} -- */\\u000A# #{y}\"");
    }

    #[test]
    fn the_policy_holds_its_list() {
        let made = made(&CEL, "", &[]);
        let read: serde_json::Value = serde_yaml::from_str(text(&made, "validating-admission-policy.yaml")).unwrap();
        let expression = read["spec"]["variables"][0]["expression"].as_str().unwrap();
        assert!(expression.contains("\"application/vnd.example.box.v1.tar+gzip\""), "{expression}");
    }
}

//! xRegistry: the catalog as a registry document with its model.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::material::{self, in_place, word, words};
use super::{Content, Exported, Order, declare_export};
use crate::catalog::model::{ArtifactType, Kind, Place, State};
use crate::mapping;

declare_export! {
    /// The chosen types as resources of an xRegistry, with the model that describes them.
    ///
    /// One JSON document of the CNCF's xRegistry specification: `modelsource` defines the group type `artifactcatalogs` and
    /// in it the resource type `artifacttypes`, resources without a document of their own. The group `oci` holds one
    /// resource for each chosen type: title, summary and documentation under the common names, and under names of the model
    /// its standing, its roles, and the media types by place, former ones apart. A type that is deprecated or withdrawn
    /// has `meta.deprecated`.
    ///
    /// ## How to use it
    /// Send it to a server that may change its model, or keep it as a file: the specification has a view as one document.
    /// A dialect without its own group type can link the types by their `xid`, `/artifactcatalogs/oci/artifacttypes/ID`.
    ///
    /// ```console
    /// $ oat export xregistry --select selection.yaml --out registry.xreg.json
    /// $ curl --request PATCH --json @registry.xreg.json http://localhost:8080/
    /// ```
    ///
    /// ## Traps
    /// - The specification is a release candidate: this is the form of 1.0-rc4, which changed names of earlier candidates.
    /// - It is the body of a request. What a server makes by itself is left out: `self`, `xid`, `epoch`, `createdat`,
    ///   `modifiedat`, the counts and addresses of collections. A validator of what a server answers misses them.
    /// - `modelsource` takes the place of the whole model of the server: with `PUT` or `PATCH` to its root, other group types
    ///   are gone. Add the group type to a model that is there by hand.
    /// - Each resource has one version: a change of an entry takes the place of what was known before.
    /// - How a type is recognised is not in it, since attributes have no form for rules: that is in the
    ///   [mapping](../../downloads/index.html).
    ///
    /// What reads it here: the rules of the specification about names, ids and types of attributes, each value against the
    /// model in the document. The published JSON Schema of models was held against it once, and is not part of a package.
    ///
    /// ## Source
    /// [The form of a document](https://github.com/xregistry/spec/blob/v1.0-rc4/core/spec.md#design-json-serialization),
    /// [models](https://github.com/xregistry/spec/blob/v1.0-rc4/core/model.md),
    /// [the JSON Schema of models](https://github.com/xregistry/spec/blob/v1.0-rc4/core/model.schema.json),
    /// [requests to the root](https://github.com/xregistry/spec/blob/v1.0-rc4/core/http.md#patch-and-put-)
    pub static XREGISTRY = {
        id: "xregistry", title: "xRegistry", versions: ["1.0-rc4"], standing: Live, make: make
    }
}

const GROUPS: (&str, &str) = ("artifactcatalogs", "artifactcatalog");
const RESOURCES: (&str, &str) = ("artifacttypes", "artifacttype");
/// The only group.
const GROUP: &str = "oci";

/// Attributes of a type beside the common ones: name, type, type of the items, what it is.
const ATTRIBUTES: [(&str, &str, Option<&str>, &str); 14] = [
    ("kind", "string", None, "A type, or a facet that applies besides a type."),
    ("label", "string", None, "Short text for listings."),
    ("status", "string", None, "State of the type in the world: active, proposed, deprecated or withdrawn."),
    ("statusreason", "string", None, "Why it is not active."),
    ("tier", "string", None, "How well the entry is proved: listed, verified or well-known."),
    ("publisher", "string", None, "Who defines the type."),
    ("roles", "array", Some("string"), "What it is for, in words of the catalog."),
    ("isa", "string", None, "Id of the type that it is a kind of."),
    ("replacedby", "string", None, "Id of the type that took its place."),
    ("aliases", "array", Some("string"), "Other names."),
    ("artifacttypevalues", "array", Some("string"), "Values of artifactType."),
    ("configmediatypes", "array", Some("string"), "Media types of the config."),
    ("layermediatypes", "array", Some("string"), "Media types of layers; a final * stands for any ending."),
    ("formermediatypes", "array", Some("string"), "Media types that it had before, in any place."),
];

/// The document; the names of its last member and of what it holds are those of the model.
#[derive(Serialize)]
struct Document<'a> {
    specversion: &'a str,
    registryid: &'a str,
    name: &'a str,
    description: String,
    modelsource: Value,
    artifactcatalogs: BTreeMap<&'a str, Group<'a>>,
}

/// A group of resources.
#[derive(Serialize)]
struct Group<'a> {
    artifactcatalogid: &'a str,
    name: &'a str,
    artifacttypes: BTreeMap<&'a str, Resource<'a>>,
}

/// A type as a resource.
#[derive(Serialize)]
struct Resource<'a> {
    artifacttypeid: &'a str,
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    documentation: Option<&'a str>,
    kind: String,
    label: &'a str,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    statusreason: Option<&'a str>,
    tier: String,
    publisher: &'a str,
    roles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    isa: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacedby: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'a str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    artifacttypevalues: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    configmediatypes: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    layermediatypes: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    formermediatypes: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Value>,
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let resources: BTreeMap<&str, Resource<'_>> =
        order.chosen.entries().map(|entry| (entry.id.as_str(), resource(entry))).collect();
    let mut warnings = Vec::new();
    if resources.is_empty() {
        warnings.push("the selection takes no type".to_owned());
    }
    warnings.push("`modelsource` takes the place of the whole model of a server that it is sent to".to_owned());
    let version = mapping::version(&order.chosen.catalog);
    let document = Document {
        specversion: order.version,
        registryid: "oci-artifact-types",
        name: "OCI artifact types",
        description: format!(
            "Made by `oat export xregistry` from the catalog of OCI artifact types, version {version}."
        ),
        modelsource: model(),
        artifactcatalogs: BTreeMap::from([(
            GROUP,
            Group { artifactcatalogid: GROUP, name: "OCI artifact types", artifacttypes: resources },
        )]),
    };
    Ok(Exported::of([("registry.xreg.json", Content::json(document))], warnings))
}

fn model() -> Value {
    let attributes: serde_json::Map<String, Value> = ATTRIBUTES
        .into_iter()
        .map(|(name, kind, item, about)| {
            let mut attribute = json!({"name": name, "type": kind, "description": about});
            if let Some(item) = item {
                attribute["item"] = json!({"type": item});
            }
            (name.to_owned(), attribute)
        })
        .collect();
    json!({
        "groups": {
            (GROUPS.0): {
                "plural": GROUPS.0,
                "singular": GROUPS.1,
                "description": "A catalog of artifact types.",
                "resources": {
                    (RESOURCES.0): {
                        "plural": RESOURCES.0,
                        "singular": RESOURCES.1,
                        "description": "A kind of artifact that registries store.",
                        "hasdocument": false,
                        "maxversions": 1,
                        "attributes": attributes,
                    }
                }
            }
        }
    })
}

fn resource(entry: &ArtifactType) -> Resource<'_> {
    let former: BTreeSet<&str> = entry.former_media_types.iter().map(|former| former.media_type.as_str()).collect();
    let current = |place: Place| -> BTreeSet<&str> {
        let mut found = in_place(entry, place);
        found.retain(|value| !former.contains(value));
        found
    };
    let mut layers = current(Place::Layer);
    layers.extend(material::layer_patterns(entry));
    let links = &entry.links;
    Resource {
        artifacttypeid: &entry.id,
        name: &entry.title,
        description: &entry.summary,
        documentation: links.documentation.as_deref().or(links.specification.as_deref()).or(links.home.as_deref()),
        kind: if entry.kind == Kind::Facet { "facet" } else { "type" }.to_owned(),
        label: &entry.label,
        status: word(&entry.status.state),
        statusreason: entry.status.reason.as_deref(),
        tier: word(&entry.tier),
        publisher: &entry.publisher.name,
        roles: words(&entry.roles),
        isa: entry.is_a.as_deref(),
        replacedby: entry.replaced_by.as_deref(),
        aliases: entry.aliases.iter().map(String::as_str).collect(),
        artifacttypevalues: current(Place::ArtifactType),
        configmediatypes: current(Place::Config),
        layermediatypes: layers,
        formermediatypes: former,
        meta: deprecated(entry).map(|deprecated| json!({"deprecated": deprecated})),
    }
}

/// What a deprecated or withdrawn type says of it: since when, where a whole day is known.
fn deprecated(entry: &ArtifactType) -> Option<Value> {
    matches!(entry.status.state, State::Deprecated | State::Withdrawn).then(|| {
        let since = entry.status.since.as_ref().filter(|since| since.len() == "2026-01-31".len());
        since.map_or_else(|| json!({}), |since| json!({"effective": format!("{since}T00:00:00Z")}))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn each_type_is_a_resource_of_the_model_beside_it() {
        let made = made(&XREGISTRY, "1.0-rc4", &["box-chart"]);
        let document: Value = serde_json::from_str(text(&made, "registry.xreg.json")).unwrap();
        assert_eq!(document["specversion"], "1.0-rc4");
        let attributes = &document["modelsource"]["groups"][GROUPS.0]["resources"][RESOURCES.0]["attributes"];
        let chart = &document[GROUPS.0][GROUP][RESOURCES.0]["box-chart"];
        assert_eq!(chart["configmediatypes"], json!(["application/vnd.example.box.config.v1+json"]));
        assert_eq!(
            chart["layermediatypes"],
            json!(["application/vnd.example.box.v1.tar+gzip", "application/vnd.example.notes.*"])
        );
        assert_eq!(chart["formermediatypes"], json!(["application/vnd.example.box.layer"]));
        let common = ["artifacttypeid", "name", "description", "documentation", "meta"];
        for name in chart.as_object().unwrap().keys().filter(|name| !common.contains(&name.as_str())) {
            assert_eq!(attributes[name]["name"], name.as_str(), "{name}");
        }
    }

    #[test]
    fn a_withdrawn_type_is_deprecated_since_a_whole_day() {
        let entry = |since: &str| -> ArtifactType {
            let mut entry = ArtifactType::default();
            entry.status.state = State::Withdrawn;
            entry.status.since = Some(since.to_owned());
            entry
        };
        assert_eq!(deprecated(&entry("2024-05-31")), Some(json!({"effective": "2024-05-31T00:00:00Z"})));
        assert_eq!(deprecated(&entry("2024-05")), Some(json!({})));
        assert_eq!(deprecated(&ArtifactType::default()), None);
    }
}

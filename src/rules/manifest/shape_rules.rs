//! What kind of document it is: manifest, index, or a riddle that two readers solve differently.

use std::collections::BTreeMap;

use crate::finding::{Finding, declare_rule};
use crate::oci::well_known as known;
use crate::shape::{Document, Part};
use crate::source::text::{clip, visible};
use crate::source::{Node, Pointer, Value};

declare_rule! {
    /// A document is a manifest and an index at once.
    ///
    /// ## Why
    /// One client unpacks `layers`, another follows `manifests`: the same digest means two things (CVE-2021-41190).
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2, "manifests": [], "layers": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Keep `config` and `layers`, or `manifests`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static AMBIGUOUS_MANIFEST_INDEX = { id: "ambiguous-manifest-index", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document mixes Docker schema 1 with another kind.
    ///
    /// ## Why
    /// `fsLayers` belongs to the first image format of Docker; beside `layers` or `manifests` two clients read two
    /// images.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 1, "fsLayers": [], "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Remove `fsLayers` and `history`.
    ///
    /// ## Specification
    /// [distribution 2.8, schema 1](https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-1.md)
    pub static AMBIGUOUS_SCHEMA1 = { id: "ambiguous-schema1", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// Two names in one object differ only in case.
    ///
    /// ## Why
    /// Decoders written in Go fold case: they see one member, and which of the two wins depends on their order.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [], "Manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Keep one of the two, spelled as the specification does.
    ///
    /// ## Specification
    /// [RFC 8259, section 4](https://www.rfc-editor.org/rfc/rfc8259#section-4)
    pub static JSON_KEY_CASE_COLLISION = { id: "json-key-case-collision", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A name differs from one of the specification only in case.
    ///
    /// ## Why
    /// Decoders written in Go accept it, others do not see the member at all.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2, "manifests": [], "Annotations": {} }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [], "annotations": {} }
    /// ```
    ///
    /// ## How to fix
    /// Spell the name as the specification does.
    ///
    /// ## Specification
    /// [RFC 8259, section 8.3](https://www.rfc-editor.org/rfc/rfc8259#section-8.3)
    pub static JSON_KEY_CASE_VARIANT = { id: "json-key-case-variant", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The media type of a document contradicts its body.
    ///
    /// ## Why
    /// One client believes the media type, another the body.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Write the media type of what the body is, or leave it out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MEDIA_TYPE_STRUCTURE_MISMATCH = { id: "media-type-structure-mismatch", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is neither a manifest nor an index.
    ///
    /// ## Why
    /// It has none of `config`, `layers`, `manifests` and `fsLayers`, and no media type of an artifact manifest:
    /// nothing tells what it is.
    ///
    /// ## Reported
    /// ```json reported
    /// { "schemaVersion": 2 }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "schemaVersion": 2, "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Give the manifest itself, not its config blob, its descriptor or the answer of an API.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md)
    pub static UNKNOWN_SHAPE = { id: "unknown-shape", level: Error, since: "0.1.0", subject: Manifest }
}

/// Names that the specifications give to members of manifests, indexes and descriptors.
const NAMES: [&str; 14] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "config",
    "layers",
    "manifests",
    "subject",
    "annotations",
    "digest",
    "size",
    "urls",
    "data",
    "platform",
    "blobs",
];

pub(super) fn check(document: &Document, tree: &Node, findings: &mut Vec<Finding>) {
    let array = |name: &str| tree.get(name).is_some_and(|node| matches!(node.value, Value::Array(_)));
    let object = |name: &str| tree.get(name).is_some_and(|node| matches!(node.value, Value::Object(_)));
    let root = Pointer::root();
    let (manifests, schema1, blobs) = (array("manifests"), array("fsLayers"), array("blobs"));
    let manifest = object("config") || array("layers");
    let at = |name: &str| root.key(name);
    if manifests && (manifest || blobs) {
        let other = ["layers", "config", "blobs"].into_iter().find(|name| tree.get(name).is_some()).unwrap_or("config");
        findings.push(
            document
                .finding(
                    &AMBIGUOUS_MANIFEST_INDEX,
                    &at(other),
                    Part::Key,
                    format!("`{other}` stands beside `manifests`"),
                )
                .help("keep `config` and `layers` for a manifest, or `manifests` for an index")
                .related(document.related(&at("manifests"), Part::Key, "the list of an index")),
        );
    }
    if schema1 && (manifests || manifest || blobs) {
        findings.push(
            document
                .finding(
                    &AMBIGUOUS_SCHEMA1,
                    &at("fsLayers"),
                    Part::Key,
                    "`fsLayers` of Docker schema 1 stands beside another kind of content",
                )
                .help("remove `fsLayers`"),
        );
    }
    let media_type = tree.get("mediaType").and_then(Node::as_str).unwrap_or_default();
    let artifact = [known::OCI_ARTIFACT_MANIFEST, known::ORAS_ARTIFACT_MANIFEST].contains(&media_type);
    let known_shape = manifests || manifest || schema1 || blobs || artifact;
    if !known_shape {
        findings.push(
            document
                .finding(
                    &UNKNOWN_SHAPE,
                    &root,
                    Part::Key,
                    "neither a manifest nor an index: there is no `config`, `layers` or `manifests`",
                )
                .help("give the manifest itself, not its config blob or descriptor"),
        );
    }
    mismatch(document, media_type, (manifests, manifest, schema1, blobs), findings);
    cases(document, tree, findings);
}

fn mismatch(document: &Document, media_type: &str, body: (bool, bool, bool, bool), findings: &mut Vec<Finding>) {
    let (is, wanted) = match body {
        (true, false, false, false) => ("an index", [known::OCI_INDEX, known::DOCKER_MANIFEST_LIST]),
        (false, true, false, false) => ("a manifest", [known::OCI_MANIFEST, known::DOCKER_MANIFEST]),
        (false, false, true, false) => ("Docker schema 1", [known::DOCKER_SCHEMA1, known::DOCKER_SCHEMA1_SIGNED]),
        (false, false, false, true) => {
            ("an artifact manifest", [known::OCI_ARTIFACT_MANIFEST, known::ORAS_ARTIFACT_MANIFEST])
        }
        _ => return,
    };
    if known::MANIFESTS.contains(&media_type) && !wanted.contains(&media_type) {
        findings.push(
            document
                .finding(
                    &MEDIA_TYPE_STRUCTURE_MISMATCH,
                    &Pointer::root().key("mediaType"),
                    Part::Value,
                    format!("`{media_type}`, but the body is {is}"),
                )
                .help(format!("write `{}`", wanted[0])),
        );
    }
}

/// Names that differ in case from each other or from those of the specification; annotations are the author's own.
fn cases(document: &Document, tree: &Node, findings: &mut Vec<Finding>) {
    tree.walk(&mut |pointer, node| {
        if matches!(pointer.keys().last().as_deref(), Some("annotations" | "Labels")) {
            return;
        }
        let mut folded: BTreeMap<String, &str> = BTreeMap::new();
        for member in node.members() {
            let fold = member.key.to_lowercase();
            let shown = visible(&clip(&member.key, 60)).into_owned();
            if let Some(first) = folded.get(&fold) {
                findings.push(
                    document
                        .finding(
                            &JSON_KEY_CASE_COLLISION,
                            &pointer.key(&member.key),
                            Part::Key,
                            format!("`{shown}` and `{}` differ only in case", visible(&clip(first, 60))),
                        )
                        .help("keep one of the two")
                        .related(document.related(&pointer.key(first), Part::Key, "the other")),
                );
            } else if let Some(name) =
                NAMES.iter().find(|name| name.eq_ignore_ascii_case(&member.key) && **name != member.key)
            {
                findings.push(
                    document
                        .finding(
                            &JSON_KEY_CASE_VARIANT,
                            &pointer.key(&member.key),
                            Part::Key,
                            format!("`{shown}` differs from `{name}` only in case"),
                        )
                        .help(format!("write `{name}`")),
                );
            }
            folded.entry(fold).or_insert(&member.key);
        }
    });
}

//! Whether a document has the structure of the type that it is.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::Regex;

use super::lint::{Lint, Part, show};
use crate::catalog::ArtifactType;
use crate::catalog::model::{AnnotationPart, Place, Presence, Shape, State, Structure};
use crate::catalog::parts::{child_part, covers, layer_part};
use crate::finding::{Rule, declare_rule};
use crate::identify::Verdict;
use crate::identify::facts::{Descriptor, Facts, Text};
use crate::oci::well_known::says_nothing;
use crate::source::Pointer;

declare_rule! {
    /// The `artifactType` of a document is none that its type has.
    ///
    /// ## Why
    /// Clients that filter referrers or show types go by `artifactType`.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: optional
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "artifactType": "application/vnd.example.other"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: optional
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "artifactType": "application/vnd.example.sample.v1"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the value that the type's specification names, or leave `artifactType` out where the type has none.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, artifactType](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static FOREIGN_ARTIFACT_TYPE = { id: "foreign-artifact-type", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An index has a child that its type does not have.
    ///
    /// ## Why
    /// Clients of the type do not know what to do with it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-index]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   manifests:
    ///     - role: part
    ///       mediaTypes: [application/vnd.oci.image.manifest.v1+json]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.example.other"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-index]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   manifests:
    ///     - role: part
    ///       mediaTypes: [application/vnd.oci.image.manifest.v1+json]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove the child, or correct its media type.
    pub static FOREIGN_CHILD = { id: "foreign-child", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The media type of the config is none that the type has.
    ///
    /// ## Why
    /// Clients decode the config by its media type.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.other"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "artifactType": "application/vnd.example.sample.v1"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "artifactType": "application/vnd.example.sample.v1"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the config media type that the type's specification names.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, config](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static FOREIGN_CONFIG = { id: "foreign-config", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A layer has a media type that the type does not have.
    ///
    /// ## Why
    /// Clients of the type skip the layer or refuse the artifact.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.example.sample.other"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Correct the media type, or remove the layer.
    pub static FOREIGN_LAYER = { id: "foreign-layer", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A type is stored in a kind of document in which it is not defined.
    ///
    /// ## Why
    /// Clients of the type ask for another kind of document.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "artifactType": "application/vnd.example.sample.v1"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Store it as the type's specification says.
    pub static FOREIGN_SHAPE = { id: "foreign-shape", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document uses a media type that its type gave up.
    ///
    /// ## Why
    /// Newer clients may no longer read it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// formerMediaTypes:
    ///   - mediaType: application/vnd.example.sample.old
    ///     place: layer
    ///     successor: application/vnd.example.sample.content
    ///     since: Sample 2.0
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///       - application/vnd.example.sample.old
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.old"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// formerMediaTypes:
    ///   - mediaType: application/vnd.example.sample.old
    ///     place: layer
    ///     successor: application/vnd.example.sample.content
    ///     since: Sample 2.0
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///       - application/vnd.example.sample.old
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Push again with a current version of the tool, which writes the successor.
    pub static FORMER_MEDIA_TYPE = { id: "former-media-type", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The value of an annotation does not have the form that the type defines.
    ///
    /// ## Why
    /// Clients of the type parse the value.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: required
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "annotations": {
    ///     "com.example.weight": "heavy"
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: required
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "annotations": {
    ///     "com.example.weight": "3"
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the value in the form that the type's page shows.
    pub static MALFORMED_ANNOTATION = { id: "malformed-annotation", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An annotation that the type demands is missing.
    ///
    /// ## Why
    /// Clients of the type rely on it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: required
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: required
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "annotations": {
    ///     "com.example.weight": "3"
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the annotation.
    pub static MISSING_ANNOTATION = { id: "missing-annotation", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The `artifactType` that the type demands is missing.
    ///
    /// ## Why
    /// Registries list referrers by it, and clients find the type by it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "artifactType": "application/vnd.example.sample.v1"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `artifactType` with the type's value.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, artifactType](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MISSING_ARTIFACT_TYPE = { id: "missing-artifact-type", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An index lacks a child that its type demands.
    ///
    /// ## Why
    /// Clients of the type have nothing to work with.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-index]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   manifests:
    ///     - role: part
    ///       mediaTypes: [application/vnd.oci.image.manifest.v1+json]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-index]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   manifests:
    ///     - role: part
    ///       mediaTypes: [application/vnd.oci.image.manifest.v1+json]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the child.
    pub static MISSING_CHILD = { id: "missing-child", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A layer that the type demands is missing.
    ///
    /// ## Why
    /// Clients of the type have nothing to work with: the content is that layer.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the layer, or correct the media type of the layer that was meant.
    pub static MISSING_LAYER = { id: "missing-layer", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An annotation that the type recommends is missing.
    ///
    /// ## Why
    /// Nothing is wrong without it, but clients of the type show less. It is only reported when it is asked for.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: recommended
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: recommended
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "annotations": {
    ///     "com.example.weight": "3"
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the annotation.
    pub static MISSING_RECOMMENDED_ANNOTATION =
        { id: "missing-recommended-annotation", level: Info, since: "0.1.0", subject: Manifest, opt_in: true }
}

declare_rule! {
    /// The subject that the type demands is missing.
    ///
    /// ## Why
    /// A type that is attached to another artifact is found through the subject's referrers; without `subject` it
    /// is attached to nothing.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: required
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: required
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "subject": {
    ///     "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `subject` with the descriptor of what it is attached to.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, subject](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MISSING_SUBJECT = { id: "missing-subject", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An index has more children of a kind than its type allows.
    ///
    /// ## Why
    /// Clients of the type take one of them, and not all the same.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-index]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   manifests:
    ///     - role: part
    ///       mediaTypes: [application/vnd.oci.image.manifest.v1+json]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.v1 }
    /// structure:
    ///   shapes: [oci-index]
    ///   artifactType:
    ///     presence: required
    ///     mediaTypes: [application/vnd.example.sample.v1]
    ///   manifests:
    ///     - role: part
    ///       mediaTypes: [application/vnd.oci.image.manifest.v1+json]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.v1
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "artifactType": "application/vnd.example.sample.v1",
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Keep as many as the type's page says.
    pub static SURPLUS_CHILD = { id: "surplus-child", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document has more layers of a kind than its type allows.
    ///
    /// ## Why
    /// Clients of the type take one of them, and not all the same.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     },
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.sample.content]
    ///       min: 1
    ///       max: 1
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///       - application/vnd.example.sample.content
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Keep as many as the type's page says.
    pub static SURPLUS_LAYER = { id: "surplus-layer", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document has a subject, and its type is not attached to anything.
    ///
    /// ## Why
    /// It shows up among the referrers of something that it does not belong to.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: forbidden
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }],
    ///   "subject": {
    ///     "mediaType": "application/vnd.oci.image.manifest.v1+json"
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: forbidden
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove `subject`.
    pub static UNEXPECTED_SUBJECT = { id: "unexpected-subject", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is of no type that the catalog knows.
    ///
    /// ## Why
    /// Registries and user interfaces can show no more than its media types. That is no mistake: types of one's own
    /// are what `artifactType` is for.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.other"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// If the type is used by others, add an entry for it; if a media type is misspelt, correct it.
    pub static UNKNOWN_ARTIFACT = { id: "unknown-artifact", level: Info, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is of a type that is deprecated or withdrawn.
    ///
    /// ## Why
    /// Clients and registries drop what is withdrawn.
    ///
    /// ## Reported
    /// ```yaml reported
    /// status:
    ///   state: withdrawn
    ///   since: "2024"
    ///   reason: Another one took its place.
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   subject: optional
    /// sources:
    ///   - mediaTypes:
    ///       - application/vnd.example.sample.config.v1+json
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json accepted
    /// {
    ///   "schemaVersion": 2,
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json"
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use the type that took its place; the entry's page names it.
    pub static WITHDRAWN_TYPE = { id: "withdrawn-type", level: Warning, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &FOREIGN_ARTIFACT_TYPE,
    &FOREIGN_CHILD,
    &FOREIGN_CONFIG,
    &FOREIGN_LAYER,
    &FOREIGN_SHAPE,
    &FORMER_MEDIA_TYPE,
    &MALFORMED_ANNOTATION,
    &MISSING_ANNOTATION,
    &MISSING_ARTIFACT_TYPE,
    &MISSING_CHILD,
    &MISSING_LAYER,
    &MISSING_RECOMMENDED_ANNOTATION,
    &MISSING_SUBJECT,
    &SURPLUS_CHILD,
    &SURPLUS_LAYER,
    &UNEXPECTED_SUBJECT,
    &UNKNOWN_ARTIFACT,
    &WITHDRAWN_TYPE,
];

/// Most findings of one rule for one list of a document; an index may have thousands of children.
const MOST: usize = 100;

pub(super) fn unknown(lint: &mut Lint<'_>, nearest: impl FnOnce() -> Option<String>) {
    if !lint.wants(&UNKNOWN_ARTIFACT) {
        return;
    }
    let message = "the catalog knows no type with these marks";
    let reported = lint.pointer(&UNKNOWN_ARTIFACT, &Pointer::root(), Part::Key, message);
    match nearest() {
        Some(near) => reported.help(near).done(),
        None => reported.done(),
    }
}

pub(super) fn check(lint: &mut Lint<'_>, facts: &Facts<'_>, entry: &ArtifactType, verdict: Verdict) {
    let mut checker = Checker { lint, entry };
    if matches!(entry.status.state, State::Deprecated | State::Withdrawn) {
        checker.withdrawn();
    }
    // The family's structure is what its members share; a member may have more.
    if let Some(structure) = entry.structure.as_ref().filter(|_| verdict == Verdict::Exact) {
        checker.structure(facts, structure);
    }
    checker.former(facts);
}

struct Checker<'l, 'a> {
    lint: &'l mut Lint<'a>,
    entry: &'l ArtifactType,
}

impl Checker<'_, '_> {
    fn push(&mut self, rule: &'static Rule, at: &Pointer, part: Part, message: String, help: String) {
        self.lint.pointer(rule, at, part, message).help(help).done();
    }

    fn withdrawn(&mut self) {
        let state = if self.entry.status.state == State::Withdrawn { "withdrawn" } else { "deprecated" };
        let since = self.entry.status.since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
        let message = format!("{} is {state}{since}", self.entry.title);
        let help = match &self.entry.replaced_by {
            Some(successor) => format!("use `{successor}`"),
            None => self.entry.status.reason.clone().unwrap_or_default(),
        };
        self.push(&WITHDRAWN_TYPE, &Pointer::root(), Part::Key, message, help);
    }

    fn structure(&mut self, facts: &Facts<'_>, structure: &Structure) {
        let root = Pointer::root();
        let title = &self.entry.title;
        if let Some(shape) = facts.shape
            && !structure.shapes.contains(&shape)
        {
            let shapes: Vec<&str> = structure.shapes.iter().map(|shape| shape.name()).collect();
            let message = format!("{title} in a document of shape {}", shape.name());
            let help = format!("the type is defined for {}", shapes.join(", "));
            self.push(&FOREIGN_SHAPE, &root, Part::Key, message, help);
            return;
        }
        self.artifact_type(facts, structure);
        self.config(facts, structure);
        self.layers(facts, structure);
        self.children(facts, structure);
        self.annotations(&structure.annotations, &facts.annotations, Pointer::root);
        let title = &self.entry.title;
        match (structure.subject, &facts.subject) {
            (Presence::Required, None) => {
                let message = format!("{title} without `subject`");
                self.push(
                    &MISSING_SUBJECT,
                    &root.key("subject"),
                    Part::Key,
                    message,
                    "add the descriptor of what it is attached to".to_owned(),
                );
            }
            (Presence::Forbidden, Some(_)) => {
                let message = format!("{title} is not attached to anything, but there is a `subject`");
                self.push(&UNEXPECTED_SUBJECT, &root.key("subject"), Part::Key, message, "remove `subject`".to_owned());
            }
            _ => {}
        }
    }

    fn artifact_type(&mut self, facts: &Facts<'_>, structure: &Structure) {
        let at = Pointer::root().key("artifactType");
        let Some(property) = &structure.artifact_type else {
            if let Some(found) = &facts.artifact_type {
                let message = format!("`{}`, but {} has no `artifactType`", show(found), self.entry.title);
                self.push(&FOREIGN_ARTIFACT_TYPE, &at, Part::Value, message, "leave `artifactType` out".to_owned());
            }
            return;
        };
        let found = facts.artifact_type.as_deref().or(facts.placeholder_artifact_type.as_deref());
        match (property.presence, found) {
            (Presence::Required, None) => {
                let message = format!("{} without `artifactType`", self.entry.title);
                self.push(&MISSING_ARTIFACT_TYPE, &at, Part::Key, message, one_of(&property.media_types));
            }
            (Presence::Forbidden, Some(found)) => {
                let message = format!("`{}`, but {} has no `artifactType`", show(found), self.entry.title);
                self.push(&FOREIGN_ARTIFACT_TYPE, &at, Part::Value, message, "leave `artifactType` out".to_owned());
            }
            (_, Some(found))
                if !property.media_types.is_empty()
                    && !self.known(&property.media_types, found, Place::ArtifactType) =>
            {
                let message = format!("`{}` is no `artifactType` of {}", show(found), self.entry.title);
                self.push(&FOREIGN_ARTIFACT_TYPE, &at, Part::Value, message, one_of(&property.media_types));
            }
            _ => {}
        }
    }

    fn config(&mut self, facts: &Facts<'_>, structure: &Structure) {
        let (Some(part), Some(found)) =
            (&structure.config, facts.config.as_ref().and_then(|config| config.media_type.as_deref()))
        else {
            return;
        };
        if !self.known(&part.media_types, found, Place::Config) {
            let message = format!("`{}` is no config media type of {}", show(found), self.entry.title);
            self.push(
                &FOREIGN_CONFIG,
                &Pointer::root().key("config").key("mediaType"),
                Part::Value,
                message,
                one_of(&part.media_types),
            );
        }
    }

    /// Whether a value is one of a part's media types, or a former one in that place.
    fn known(&self, media_types: &[String], found: &str, place: Place) -> bool {
        media_types.iter().any(|known| covers(known, found))
            || self.entry.former_media_types.iter().any(|former| former.place == place && former.media_type == found)
    }

    fn layers(&mut self, facts: &Facts<'_>, structure: &Structure) {
        if is_index(facts) || structure.layers.is_empty() && structure.other_layers != Presence::Forbidden {
            return;
        }
        let list = Pointer::root().key(facts.layers_name);
        let mut counts = vec![0_u32; structure.layers.len()];
        let mut foreign = 0;
        for (index, layer) in facts.layers.iter().enumerate() {
            let found = layer.media_type.as_deref().unwrap_or_default();
            let part = layer_part(self.entry, structure, found);
            let at = || list.index(index);
            if let Some(part) = part {
                counts[part] += 1;
                let part = &structure.layers[part];
                if part
                    .max
                    .is_some_and(|max| counts[structure.layers.iter().position(|p| p == part).unwrap_or(0)] == max + 1)
                {
                    let message = format!(
                        "{} has more than {} of layer `{}`",
                        self.entry.title,
                        part.max.unwrap_or(0),
                        part.role
                    );
                    self.push(
                        &SURPLUS_LAYER,
                        &at().key("mediaType"),
                        Part::Value,
                        message,
                        "keep as many as the type allows".to_owned(),
                    );
                }
                self.annotations(&part.annotations, &layer.annotations, at);
            } else if structure.other_layers == Presence::Forbidden && !is_empty_placeholder(layer) && foreign < MOST {
                foreign += 1;
                let known: Vec<String> = structure.layers.iter().flat_map(|part| part.media_types.clone()).collect();
                let message = format!("`{}` is no layer media type of {}", show(found), self.entry.title);
                let help = if known.is_empty() { "the type has no layers".to_owned() } else { one_of(&known) };
                self.push(&FOREIGN_LAYER, &at().key("mediaType"), Part::Value, message, help);
            }
        }
        for (part, count) in structure.layers.iter().zip(counts) {
            if count < part.min {
                let message = format!("{} without its layer `{}`", self.entry.title, part.role);
                let help =
                    format!("add a layer of media type `{}`", part.media_types.first().map_or("", String::as_str));
                self.push(&MISSING_LAYER, &list, Part::Key, message, help);
            }
        }
    }

    fn children(&mut self, facts: &Facts<'_>, structure: &Structure) {
        if structure.manifests.is_empty() || !is_index(facts) {
            return;
        }
        let list = Pointer::root().key("manifests");
        let mut counts = vec![0_u32; structure.manifests.len()];
        let mut foreign = 0;
        for (index, child) in facts.manifests.iter().enumerate() {
            let media_type = child.media_type.as_deref().unwrap_or_default();
            match child_part(&structure.manifests, media_type, child.artifact_type.as_deref()) {
                Some(part) => counts[part] += 1,
                None if foreign < MOST => {
                    foreign += 1;
                    let message = format!("`{}` is no child of {}", show(media_type), self.entry.title);
                    let known: Vec<String> =
                        structure.manifests.iter().flat_map(|part| part.media_types.clone()).collect();
                    self.push(
                        &FOREIGN_CHILD,
                        &list.index(index).key("mediaType"),
                        Part::Value,
                        message,
                        one_of(&known),
                    );
                }
                None => {}
            }
        }
        for (part, count) in structure.manifests.iter().zip(counts) {
            if count < part.min {
                let message = format!("{} without its child `{}`", self.entry.title, part.role);
                self.push(&MISSING_CHILD, &list, Part::Key, message, one_of(&part.media_types));
            }
            if part.max.is_some_and(|max| count > max) {
                let message = format!(
                    "{} has {count} of child `{}`, {} allowed",
                    self.entry.title,
                    part.role,
                    part.max.unwrap_or(0)
                );
                self.push(&SURPLUS_CHILD, &list, Part::Key, message, "keep as many as the type allows".to_owned());
            }
        }
    }

    /// `at` gives the place of what has the annotations; it is only asked when something is wrong.
    fn annotations(&mut self, parts: &[AnnotationPart], found: &[(Text<'_>, Text<'_>)], at: impl Fn() -> Pointer) {
        for part in parts {
            let value = found.iter().find(|(key, _)| *key == part.key).map(|(_, value)| &**value);
            let at = || at().key("annotations").key(&part.key);
            let rule = match (value, part.presence) {
                (Some(value), _) => {
                    if let Some(pattern) = &part.pattern
                        && !matches_whole(pattern, value)
                    {
                        let message =
                            format!("the value `{}` of `{}` does not match `{pattern}`", show(value), part.key);
                        let help = part.description.clone().unwrap_or_else(|| "see the type's page".to_owned());
                        self.push(&MALFORMED_ANNOTATION, &at(), Part::Value, message, help);
                    }
                    continue;
                }
                (None, Presence::Required) => &MISSING_ANNOTATION,
                (None, Presence::Recommended) if self.lint.wants(&MISSING_RECOMMENDED_ANNOTATION) => {
                    &MISSING_RECOMMENDED_ANNOTATION
                }
                _ => continue,
            };
            let message = format!("the annotation `{}` is missing", part.key);
            let help = part.description.clone().unwrap_or_else(|| "add it".to_owned());
            self.push(rule, &at(), Part::Key, message, help);
        }
    }

    fn former(&mut self, facts: &Facts<'_>) {
        let root = Pointer::root();
        let entry = self.entry;
        for former in &entry.former_media_types {
            let mut places = Vec::new();
            let is = |found: Option<&str>| found == Some(former.media_type.as_str());
            match former.place {
                Place::ArtifactType if is(facts.artifact_type.as_deref()) => places.push(root.key("artifactType")),
                Place::Config if is(facts.config.as_ref().and_then(|config| config.media_type.as_deref())) => {
                    places.push(root.key("config").key("mediaType"));
                }
                Place::Manifest if is(facts.media_type.as_deref()) => places.push(root.key("mediaType")),
                Place::Layer | Place::Child => {
                    let (name, members) = if former.place == Place::Layer {
                        (facts.layers_name, &facts.layers)
                    } else {
                        ("manifests", &facts.manifests)
                    };
                    let at = members.iter().enumerate().filter(|(_, member)| is(member.media_type.as_deref()));
                    places.extend(at.take(MOST).map(|(index, _)| root.key(name).index(index).key("mediaType")));
                }
                _ => {}
            }
            for at in places {
                let since = former.since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
                let message = format!("`{}` is a former media type of {}", former.media_type, self.entry.title);
                let help = match &former.successor {
                    Some(successor) => format!("its successor{since} is `{successor}`"),
                    None => former.note.clone().unwrap_or_else(|| "it has no successor".to_owned()),
                };
                self.push(&FORMER_MEDIA_TYPE, &at, Part::Value, message, help);
            }
        }
    }
}

/// Whether a document has children, and no config and layers.
const fn is_index(facts: &Facts<'_>) -> bool {
    matches!(facts.shape, Some(Shape::OciIndex | Shape::DockerManifestList))
}

/// Whether a layer is the empty object that stands for no content.
fn is_empty_placeholder(layer: &Descriptor<'_>) -> bool {
    layer.media_type.as_deref().is_some_and(says_nothing)
}

fn one_of(media_types: &[String]) -> String {
    match media_types {
        [] => "see the type's page".to_owned(),
        [one] => format!("expected `{one}`"),
        [first, second] => format!("expected `{first}` or `{second}`"),
        [first, second, rest @ ..] => format!("expected `{first}`, `{second}` or one of {} more", rest.len()),
    }
}

fn matches_whole(pattern: &str, value: &str) -> bool {
    thread_local! {
        static PATTERNS: RefCell<HashMap<String, Option<Regex>>> = RefCell::new(HashMap::new());
    }
    PATTERNS.with_borrow_mut(|patterns| {
        let compiled =
            patterns.entry(pattern.to_owned()).or_insert_with(|| Regex::new(&format!("^(?:{pattern})$")).ok());
        // A pattern that is none is a finding about the entry, not about the document.
        compiled.as_ref().is_none_or(|regex| regex.is_match(value))
    })
}

//! Media types: the grammar of RFC 6838, its advice, and the names that OCI defines.
//!
//! Advice is for who chooses a name. It says nothing of media types that IANA or the catalog knows: programs write them
//! already, and whoever packs an artifact can not choose another.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use super::Known;
use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Role};
use crate::catalog::claims::claims;
use crate::finding::{Rule, declare_rule};
use crate::oci::iana;
use crate::oci::media_type::{ADVISED_NAME, MAX_NAME, Malformed, MediaType, SUFFIXES, TOP_LEVEL, Tree};
use crate::oci::well_known as known;
use crate::source::tape::Json;
use crate::source::text::code_point;

declare_rule! {
    /// A media type is not a type and a subtype with one slash between them.
    ///
    /// ## Why
    /// Registries that check media types refuse the document, and clients that parse them fail.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Write a media type such as `application/vnd.example.thing`, with a name that is yours.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_TWO_PARTS = { id: "media-type-two-parts", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The type or subtype of a media type begins with neither a letter nor a digit.
    ///
    /// ## Why
    /// Registries that check media types refuse the document, and clients that parse them fail.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/.example" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Begin both names with a letter or digit.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_FIRST_CHARACTER = {
        id: "media-type-first-character", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A media type holds a character that media types do not have.
    ///
    /// ## Why
    /// Registries that check media types refuse the document, and clients that parse them fail. A wildcard such as `*`
    /// names no type: it belongs into an `Accept` header.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Use letters, digits and `! # $ & - ^ _ . +` only.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_CHARACTERS = { id: "media-type-characters", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type has parameters.
    ///
    /// ## Why
    /// A descriptor holds a name, not a header of HTTP. Clients compare the whole text, so `text/plain; charset=utf-8`
    /// is not `text/plain` to them, and registries that check media types refuse it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.thing;version=2" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing.v2" }
    /// ```
    ///
    /// ## How to fix
    /// Remove the semicolon and what follows it. Put a version into the name, other facts into an annotation.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    /// on the name and
    /// [section 4.3](https://www.rfc-editor.org/rfc/rfc6838#section-4.3) on parameters
    pub static MEDIA_TYPE_PARAMETERS = { id: "media-type-parameters", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The type or subtype of a media type has more than 127 characters.
    ///
    /// ## Why
    /// Registries that check media types refuse the document.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Shorten the name; what it tells can stand in annotations.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, mediaType](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_LENGTH_127 = { id: "media-type-length-127", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The type or subtype of a media type has more than 64 characters.
    ///
    /// ## Why
    /// RFC 6838 allows 127, but asks to stay within 64, because some implementations keep no more. Media types that the
    /// catalog knows are not judged: who follows a definition can not shorten it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.thing.v1" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Choose a shorter name for a new type.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_LENGTH_64 = { id: "media-type-length-64", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type has upper-case letters.
    ///
    /// ## Why
    /// Media types do not distinguish case, but registries and clients compare bytes: to them, two spellings are two
    /// types.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.myThing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.my-thing" }
    /// ```
    ///
    /// ## How to fix
    /// Write lower case, and a hyphen between words.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2),
    /// [OCI artifacts, artifact-authors.md](https://github.com/opencontainers/artifacts/blob/8fb48d340d166509ee11757c1722155e11bea929/artifact-authors.md#defining-a-unique-artifact-type)
    pub static MEDIA_TYPE_CASE = { id: "media-type-case", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type differs from a well-known one only in case.
    ///
    /// ## Why
    /// One client takes it for the well-known type, another for an unknown one. A scanner that skips what it does not
    /// know can be passed in this way.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.TAR+gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the type in lower case.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2),
    /// [image-spec 1.1.1, media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#oci-image-media-types)
    pub static MEDIA_TYPE_CASE_VARIANT = {
        id: "media-type-case-variant", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A media type has a misspelled registration tree.
    ///
    /// ## Why
    /// The text before the first dot is the tree: `vnd`, `prs` or `x`. With a slip in it the type is another one, which
    /// no program knows. Only what is surely meant as `vnd` is reported; other words are a matter of
    /// media-type-standards-tree.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vdn.example.thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Write `vnd.`.
    ///
    /// ## Specification
    /// [RFC 6838, section 3.2](https://www.rfc-editor.org/rfc/rfc6838#section-3.2),
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_FACET = { id: "media-type-facet", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type of the standards tree is not registered with IANA.
    ///
    /// ## Why
    /// Names without `vnd.`, `prs.` or `x.` belong to standards organisations. A later standard may give the same name
    /// to something else. Many tools have such names, so this is only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/com.example.thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// For a new type, choose a name in the `vnd.` tree.
    ///
    /// ## Specification
    /// [RFC 6838, section 3.1](https://www.rfc-editor.org/rfc/rfc6838#section-3.1)
    pub static MEDIA_TYPE_STANDARDS_TREE = {
        id: "media-type-standards-tree", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// A media type stands in the unregistered tree `x.`.
    ///
    /// ## Why
    /// Such names are for parties that agreed on them in private. Two makers may use the same name, and none of them
    /// can register it. RFC 6838 strongly discourages the tree. Media types that the catalog knows are not judged.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/x.example.thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Choose a name in the `vnd.` tree: it needs no registration to be free of collisions in practice.
    ///
    /// ## Specification
    /// [RFC 6838, section 3.4](https://www.rfc-editor.org/rfc/rfc6838#section-3.4)
    pub static MEDIA_TYPE_X_TREE = { id: "media-type-x-tree", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type begins with `x-`.
    ///
    /// ## Why
    /// The prefix says experimental, and stays when the experiment is over: such a name can not be registered. Media
    /// types that IANA or the catalog knows are not judged.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/x-example-thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Choose a name in the `vnd.` tree for a new type.
    ///
    /// ## Specification
    /// [RFC 6838, section 3.4](https://www.rfc-editor.org/rfc/rfc6838#section-3.4),
    /// [RFC 6648, section 3](https://www.rfc-editor.org/rfc/rfc6648#section-3)
    pub static MEDIA_TYPE_X_DASH = { id: "media-type-x-dash", level: Info, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type ends with a structured suffix that is not registered.
    ///
    /// ## Why
    /// What follows the last `+` tells programs that do not know the type how to read it. A suffix that is not
    /// registered tells them nothing, and may be registered for something else later. Of those that are not registered,
    /// `+zstd` is accepted, because image-spec defines layers with it. Media types that the catalog knows are not
    /// judged.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.thing.v1+binary" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing.v1+json" }
    /// ```
    ///
    /// ## How to fix
    /// Use a registered suffix, or write a dot in the place of the `+`.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2.8](https://www.rfc-editor.org/rfc/rfc6838#section-4.2.8),
    /// [registered suffixes](https://www.iana.org/assignments/media-type-structured-suffix)
    pub static MEDIA_TYPE_SUFFIX_REGISTERED = {
        id: "media-type-suffix-registered", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A media type names a syntax without the suffix that is registered for it.
    ///
    /// ## Why
    /// A program that does not know the type could still show its JSON or YAML, but looks for `+json` and `+yaml`.
    /// Guidance for authors of artifacts itself puts formats behind a dot, so this is only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.thing.v1.json" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing.v1+json" }
    /// ```
    ///
    /// ## How to fix
    /// Write the suffix with a `+`.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2.8](https://www.rfc-editor.org/rfc/rfc6838#section-4.2.8)
    pub static MEDIA_TYPE_SUFFIX_USED = {
        id: "media-type-suffix-used", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// A media type has several structured suffixes.
    ///
    /// ## Why
    /// Only what follows the last `+` is a suffix; RFC 6838 gives no meaning to those before it. Media types that the
    /// catalog knows are not judged.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.thing.v1+tar+gzip" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing.v1.tar+gzip" }
    /// ```
    ///
    /// ## How to fix
    /// Keep the last `+` and write a dot for the others.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static MEDIA_TYPE_SUFFIX_MULTIPLE = {
        id: "media-type-suffix-multiple", level: Info, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// The top-level type of a media type is not registered.
    ///
    /// ## Why
    /// Libraries that know the top-level types refuse it, and a new one needs an RFC. Media types that the catalog
    /// knows are not judged.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "artifact/vnd.example.thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Write `application`, which is for everything that is not text, image, audio, video, a font or a model.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2.7](https://www.rfc-editor.org/rfc/rfc6838#section-4.2.7),
    /// [registered top-level types](https://www.iana.org/assignments/top-level-media-types)
    pub static MEDIA_TYPE_TOP_LEVEL = { id: "media-type-top-level", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type is one for examples in documents.
    ///
    /// ## Why
    /// `application/example` and the type `example` are reserved for texts about media types: a real artifact with such
    /// a type was copied from one.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/example" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.thing" }
    /// ```
    ///
    /// ## How to fix
    /// Choose a name of your own in the `vnd.` tree.
    ///
    /// ## Specification
    /// [RFC 4735](https://www.rfc-editor.org/rfc/rfc4735)
    pub static MEDIA_TYPE_EXAMPLE = { id: "media-type-example", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A media type below `application/vnd.oci.` is none that the OCI defines.
    ///
    /// ## Why
    /// Mostly it is a slip, and no client unpacks the content. Otherwise the name takes from the OCI what a later
    /// release may define. Media types that the catalog knows are not judged. With `--spec 1.0`, types of release 1.1
    /// are unknown too.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar.gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the type as the specification does, or choose a name below `application/vnd.` that is yours.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#oci-image-media-types)
    pub static MEDIA_TYPE_OCI_UNKNOWN = {
        id: "media-type-oci-unknown", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A media type is one of a draft that no release has.
    ///
    /// ## Why
    /// Drafts of image-spec had an artifact manifest, a manifest list and other names for layers and configs. Clients
    /// of today do not know them.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the type that took its place.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#oci-image-media-types),
    /// [image-spec 1.1.0-rc3, which withdrew the artifact manifest](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc3/media-types.md)
    pub static MEDIA_TYPE_OCI_WITHDRAWN = {
        id: "media-type-oci-withdrawn", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1, earlier: Warning,
    }
}

declare_rule! {
    /// A layer has a deprecated non-distributable type.
    ///
    /// ## Why
    /// Clients do not upload such layers, so a copy of the image lacks them wherever the first place is out of reach.
    /// New ones should not be made.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use the type of an ordinary layer, and push the layer with the image.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, non-distributable layers](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#non-distributable-layers)
    pub static MEDIA_TYPE_DEPRECATED = {
        id: "media-type-deprecated", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// An OCI manifest holds a config or layer with a media type of Docker.
    ///
    /// ## Why
    /// Only Docker's type of gzip layers is fully interchangeable with that of the OCI. Clients that read the manifest
    /// by the rules of the OCI take other types for an unknown artifact: containers/image, and with it Podman, refuses
    /// to read the config of such an image.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.diff.tar" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing",
    ///   "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the types of one of the two formats throughout.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#compatibility-matrix),
    /// [containers/image 5.36.1, oci.go](https://github.com/containers/image/blob/v5.36.1/internal/image/oci.go)
    pub static MEDIA_TYPE_DOCKER_MIXED = {
        id: "media-type-docker-mixed", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A Docker manifest has members that only the OCI formats define.
    ///
    /// ## Why
    /// Docker's formats have no `annotations`, and `urls` only at layers. Many tools write and read them nevertheless,
    /// so this is only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    ///   "config": { "mediaType": "application/vnd.docker.container.image.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip" }],
    ///   "annotations": { "com.example.key": "value" }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    ///   "config": { "mediaType": "application/vnd.docker.container.image.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the document in the OCI format, or remove the member.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#compatibility-matrix)
    pub static DOCKER_MANIFEST_OCI_FIELD = {
        id: "docker-manifest-oci-field", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// The words of a media type are joined by an underscore.
    ///
    /// ## Why
    /// Guidance for authors of artifacts joins words or puts a hyphen between them. Another sign is allowed, so this is
    /// only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported
    /// { "artifactType": "application/vnd.example.my_thing" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "artifactType": "application/vnd.example.my-thing" }
    /// ```
    ///
    /// ## How to fix
    /// Write a hyphen in a new type.
    ///
    /// ## Specification
    /// [OCI artifacts, artifact-authors.md](https://github.com/opencontainers/artifacts/blob/8fb48d340d166509ee11757c1722155e11bea929/artifact-authors.md#defining-a-unique-artifact-type)
    pub static TYPEDEF_WORD_SEPARATOR = {
        id: "typedef-word-separator", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &DOCKER_MANIFEST_OCI_FIELD,
    &MEDIA_TYPE_CASE,
    &MEDIA_TYPE_CASE_VARIANT,
    &MEDIA_TYPE_CHARACTERS,
    &MEDIA_TYPE_DEPRECATED,
    &MEDIA_TYPE_DOCKER_MIXED,
    &MEDIA_TYPE_EXAMPLE,
    &MEDIA_TYPE_FACET,
    &MEDIA_TYPE_FIRST_CHARACTER,
    &MEDIA_TYPE_LENGTH_127,
    &MEDIA_TYPE_LENGTH_64,
    &MEDIA_TYPE_OCI_UNKNOWN,
    &MEDIA_TYPE_OCI_WITHDRAWN,
    &MEDIA_TYPE_PARAMETERS,
    &MEDIA_TYPE_STANDARDS_TREE,
    &MEDIA_TYPE_SUFFIX_MULTIPLE,
    &MEDIA_TYPE_SUFFIX_REGISTERED,
    &MEDIA_TYPE_SUFFIX_USED,
    &MEDIA_TYPE_TOP_LEVEL,
    &MEDIA_TYPE_TWO_PARTS,
    &MEDIA_TYPE_X_DASH,
    &MEDIA_TYPE_X_TREE,
    &TYPEDEF_WORD_SEPARATOR,
];

/// Most media types of a document of which something is said.
const MOST: usize = 100;

/// Slips for `vnd` that are the name of nothing else.
const MISSPELLED_VENDOR: [&str; 6] = ["vdn", "vendor", "vndd", "vndr", "vnnd", "vvnd"];

/// Ends of names that tell a syntax, with the suffix that is registered for it.
const SYNTAXES: [(&str, &str); 8] = [
    ("cbor", "cbor"),
    ("gz", "gzip"),
    ("gzip", "gzip"),
    ("json", "json"),
    ("xml", "xml"),
    ("yaml", "yaml"),
    ("yml", "yaml"),
    ("zip", "zip"),
];

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>, known: Known<'_, '_>) {
    let names = Names { known };
    let mut clean = "";
    let mut reported = BTreeSet::new();
    let of_descriptors =
        document.descriptors.iter().flat_map(|descriptor| [descriptor.media_type, descriptor.artifact_type]);
    for value in [document.artifact_type].into_iter().chain(of_descriptors).flatten() {
        let Some(text) = value.as_str() else { continue };
        // Runs of equal media types are the rule; of equal ones the first is reported.
        if (text == clean && !text.is_empty()) || reported.contains(text) {
            continue;
        }
        let before = lint.count();
        one(lint, value, text, document.docker, &names);
        if lint.count() == before {
            clean = text;
        } else if reported.insert(text) && reported.len() == MOST {
            break;
        }
    }
    mixed(lint, document);
    if document.docker && lint.wants(&DOCKER_MANIFEST_OCI_FIELD) {
        members_of_oci(lint, document);
    }
}

fn one<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &'a str, docker: bool, names: &Names<'_, '_>) {
    match MediaType::parse(text) {
        // Docker's format takes the parameters of a MIME type.
        Err(Malformed::Parameters) if docker => {}
        Err(malformed) => syntax(lint, at, text, malformed),
        Ok(parsed) if parsed.as_str() != text && known::is_defined(parsed.as_str()) => {
            let message = format!("`{}` differs from `{}` only in case", show(text), parsed.as_str());
            lint.value(&MEDIA_TYPE_CASE_VARIANT, at, message).help(format!("write `{}`", parsed.as_str())).done();
        }
        Ok(_) if docker => {}
        Ok(parsed) if parsed.as_str().starts_with(known::OCI_PREFIX) => of_oci(lint, at, &parsed, names),
        Ok(parsed) => {
            case(lint, at, text, &parsed);
            if !known::is_generic(parsed.as_str()) {
                tree(lint, at, text, &parsed, names);
                suffix(lint, at, text, &parsed, names);
                form(lint, at, text, &parsed, names);
            }
        }
    }
}

/// What a media type is called where it stands.
fn called(at: Json<'_>) -> &'static str {
    if at.key() == "artifactType" { "artifact type" } else { "media type" }
}

/// The bytes of the type and of the subtype; the second are none where there is no slash.
fn parts(text: &str) -> [Range<usize>; 2] {
    let slash = text.find('/').unwrap_or(text.len());
    [0..slash, (slash + 1).min(text.len())..text.len()]
}

fn syntax<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, malformed: Malformed) {
    let shown = show(text);
    let part = |test: &dyn Fn(&str) -> bool| {
        parts(text).into_iter().find(|part| test(&text[part.clone()])).unwrap_or(0..text.len())
    };
    match malformed {
        Malformed::Parts => {
            let message = match text.matches('/').count() {
                _ if text.is_empty() => format!("the {} is empty", called(at)),
                0 => format!("`{shown}` has no slash between a type and a subtype"),
                1 => format!("`{shown}` lacks the type or the subtype"),
                _ => format!("`{shown}` has more than one slash"),
            };
            let help = if text.starts_with("vnd.") && !text.contains('/') {
                format!("write `application/{shown}`")
            } else {
                "write a media type such as `application/vnd.example.thing`".to_owned()
            };
            lint.value(&MEDIA_TYPE_TWO_PARTS, at, message).help(help).done();
        }
        Malformed::FirstCharacter => {
            let bytes = part(&|name| !name.starts_with(|c: char| c.is_ascii_alphanumeric()));
            let message = format!("`{}` begins with neither a letter nor a digit", show(&text[bytes.clone()]));
            lint.within(&MEDIA_TYPE_FIRST_CHARACTER, at, bytes.start..bytes.start + 1, message)
                .help("begin the type and the subtype with a letter or digit")
                .done();
        }
        Malformed::Character(byte) => {
            let c = text.get(byte..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
            let name = match c {
                ' ' => "a space".to_owned(),
                '`' => "a backtick".to_owned(),
                c if c.is_ascii_graphic() => format!("`{c}`"),
                c if c.is_alphanumeric() => format!("`{c}` ({})", code_point(c)),
                c => code_point(c),
            };
            let message = format!("the {} `{shown}` holds {name}", called(at));
            let help = if text.trim().len() < text.len() && MediaType::parse(text.trim()).is_ok() {
                format!("write `{}`", text.trim())
            } else {
                "use letters, digits and `! # $ & - ^ _ . +` only".to_owned()
            };
            lint.within(&MEDIA_TYPE_CHARACTERS, at, byte..byte + c.len_utf8(), message).help(help).done();
        }
        Malformed::Parameters => {
            let end = text.find(';').unwrap_or(text.len());
            let message = format!("the {} `{shown}` has parameters", called(at));
            lint.within(&MEDIA_TYPE_PARAMETERS, at, end..text.len(), message)
                .help(format!("write `{}`", show(text[..end].trim())))
                .done();
        }
        Malformed::Length => {
            let bytes = part(&|name| name.len() > MAX_NAME);
            let message = format!("a name of {} characters, of which {MAX_NAME} are allowed", bytes.len());
            lint.within(&MEDIA_TYPE_LENGTH_127, at, bytes, message).help("shorten it").done();
        }
    }
}

/// A name below `application/vnd.oci.`.
fn of_oci<'a>(lint: &mut Lint<'a>, at: Json<'a>, parsed: &MediaType<'_>, names: &Names<'_, '_>) {
    let name = parsed.as_str();
    let defined = known::OCI.iter().find(|(other, _)| *other == name);
    if let Some((_, since)) = defined.filter(|(_, since)| *since > lint.spec()) {
        let message = format!("`{name}` exists only since image-spec {since}");
        lint.value(&MEDIA_TYPE_OCI_UNKNOWN, at, message).help("use a type of the release that you write for").done();
    } else if defined.is_some() {
        if known::is_nondistributable(name) {
            let message = format!("`{name}` is deprecated");
            let help = format!("write `{}`", name.replacen("nondistributable.", "", 1));
            lint.value(&MEDIA_TYPE_DEPRECATED, at, message).help(help).done();
        }
    } else if let Some((_, successor)) = known::OCI_WITHDRAWN.iter().find(|(other, _)| *other == name) {
        lint.value(&MEDIA_TYPE_OCI_WITHDRAWN, at, format!("`{name}` is of a draft that no release has"))
            .help(match successor {
                Some(successor) => format!("write `{successor}`"),
                None => "write the document as an image manifest".to_owned(),
            })
            .done();
    } else if !names.are_fixed(parsed.as_str()) {
        let help = match nearest_of_oci(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "choose a name below `application/vnd.` that is yours".to_owned(),
        };
        lint.value(&MEDIA_TYPE_OCI_UNKNOWN, at, format!("`{}` is no media type of the OCI", show(name)))
            .help(help)
            .done();
    }
}

/// The defined type that a name was meant for: equal but for the signs between its words, or a few letters away.
fn nearest_of_oci(name: &str) -> Option<&'static str> {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(['.', '+', '-', '_', '/']).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let mine = words(name);
    known::OCI.iter().map(|(other, _)| *other).find(|other| words(other) == mine).or_else(|| {
        let near = known::OCI.iter().map(|(other, _)| (strsim::osa_distance(other, name), *other));
        near.min().filter(|(distance, _)| *distance <= 3).map(|(_, other)| other)
    })
}

fn case<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, parsed: &MediaType<'_>) {
    if parsed.as_str() == text {
        return;
    }
    let upper = text.find(|c: char| c.is_ascii_uppercase()).unwrap_or_default();
    let message = format!("the {} `{}` has upper case", called(at), show(text));
    lint.within(&MEDIA_TYPE_CASE, at, upper..upper + 1, message)
        .help(format!("write `{}`", show(parsed.as_str())))
        .done();
}

/// The top-level type, and the registration tree.
fn tree<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, parsed: &MediaType<'_>, names: &Names<'_, '_>) {
    let (top, sub) = (parsed.top_level(), parsed.subtype());
    let [type_name, subtype] = parts(text);
    if !TOP_LEVEL.contains(&top) {
        if !names.are_fixed(parsed.as_str()) {
            lint.within(
                &MEDIA_TYPE_TOP_LEVEL,
                at,
                type_name,
                format!("`{}` is no registered top-level type", show(top)),
            )
            .help(match TOP_LEVEL.into_iter().find(|known| strsim::osa_distance(known, top) < 3) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "write `application`".to_owned(),
            })
            .done();
        }
        return;
    }
    if top == "example" || sub == "example" {
        lint.value(&MEDIA_TYPE_EXAMPLE, at, format!("`{}` is for examples in documents", show(text)))
            .help("choose a name of your own, such as `application/vnd.<organisation>.<thing>`")
            .done();
        return;
    }
    let facet = &sub[..sub.find('.').unwrap_or_default()];
    match parsed.tree() {
        Tree::Vendor | Tree::Personal => {}
        // Most of these are in order, and nothing is to be looked up for them.
        Tree::Standards
            if !sub.starts_with("x-")
                && !is_misspelled_vendor(facet, sub)
                && !lint.wants(&MEDIA_TYPE_STANDARDS_TREE) => {}
        _ if names.are_fixed(parsed.as_str()) => {}
        Tree::Unregistered => {
            let bytes = subtype.start..subtype.start + 2;
            lint.within(
                &MEDIA_TYPE_X_TREE,
                at,
                bytes,
                format!("`{}` stands in the unregistered tree `x.`", show(text)),
            )
            .help("choose a name in the `vnd.` tree")
            .done();
        }
        Tree::Standards if sub.starts_with("x-") => {
            let bytes = subtype.start..subtype.start + 2;
            lint.within(&MEDIA_TYPE_X_DASH, at, bytes, format!("`{}` begins with `x-`", show(sub)))
                .help("choose a name in the `vnd.` tree")
                .done();
        }
        Tree::Standards if is_misspelled_vendor(facet, sub) => {
            let length = if facet.is_empty() || facet.starts_with("vnd") { 4 } else { facet.len() };
            let bytes = subtype.start..subtype.start + length;
            let slip = sub[..length].to_owned();
            lint.within(&MEDIA_TYPE_FACET, at, bytes, format!("`{slip}` is no registration tree"))
                .help("did you mean `vnd.`?")
                .done();
        }
        Tree::Standards => {
            lint.within(
                &MEDIA_TYPE_STANDARDS_TREE,
                at,
                subtype,
                format!("`{}` is not registered with IANA", show(text)),
            )
            .help("choose a name in the `vnd.` tree for a new type")
            .done();
        }
    }
}

/// Whether the beginning of a subtype is surely meant as `vnd.`.
fn is_misspelled_vendor(facet: &str, subtype: &str) -> bool {
    MISSPELLED_VENDOR.contains(&facet) || subtype.starts_with("vnd-") || subtype.starts_with("vnd_")
}

/// What follows the last `+`.
fn suffix<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, parsed: &MediaType<'_>, names: &Names<'_, '_>) {
    let sub = parsed.subtype();
    let start = parts(text)[1].start;
    let registered = SUFFIXES.iter().find(|suffix| sub.strip_suffix(**suffix).is_some_and(|rest| rest.ends_with('+')));
    let last = registered.copied().or(parsed.suffix());
    let Some(last) = last else {
        let end = sub.rsplit('.').next().unwrap_or_default();
        let syntax = SYNTAXES.iter().find(|(name, _)| *name == end && sub.len() > end.len());
        if let Some((end, suffix)) =
            syntax.filter(|_| lint.wants(&MEDIA_TYPE_SUFFIX_USED) && !names.are_fixed(parsed.as_str()))
        {
            let bytes = text.len() - end.len() - 1..text.len();
            lint.within(&MEDIA_TYPE_SUFFIX_USED, at, bytes, format!("`.{end}` is not the suffix `+{suffix}`"))
                .help(format!("write `{}+{suffix}`", show(&text[..text.len() - end.len() - 1])))
                .done();
        }
        return;
    };
    let bytes = text.len() - last.len() - 1..text.len();
    let before = &sub[..sub.len() - last.len() - 1];
    let whole = &parsed.as_str()[..parsed.as_str().len() - last.len() - 1];
    if let Some(first) = before.find('+') {
        if !names.are_fixed(parsed.as_str()) {
            let message = format!("`{}` has several suffixes", show(sub));
            let help = format!("write `{}/{}+{last}`", parsed.top_level(), show(&before.replace('+', ".")));
            lint.within(&MEDIA_TYPE_SUFFIX_MULTIPLE, at, start + first..text.len(), message).help(help).done();
        }
    } else if registered.is_none() && !known::OCI_SUFFIXES.contains(&last) && !names.are_fixed(parsed.as_str()) {
        let message = if last.is_empty() {
            format!("`{}` ends with a `+` and no suffix", show(text))
        } else {
            format!("the suffix `+{}` is not registered", show(last))
        };
        lint.within(&MEDIA_TYPE_SUFFIX_REGISTERED, at, bytes, message).help(instead_of(whole, last)).done();
    }
}

/// What to write instead of a suffix that is not registered.
fn instead_of(before: &str, suffix: &str) -> String {
    let known = SYNTAXES.iter().find(|(name, _)| *name == suffix).map(|(_, suffix)| *suffix);
    let near = || SUFFIXES.into_iter().find(|known| known.len() > 3 && strsim::osa_distance(known, suffix) == 1);
    match (suffix, known.or_else(near)) {
        ("", _) => "remove the `+`".to_owned(),
        ("tar.gz" | "tgz", _) => format!("write `{}.tar+gzip`", show(before)),
        (_, Some(known)) => format!("write `+{known}`"),
        _ => format!("use a registered suffix, or write a dot: `{}.{}`", show(before), show(suffix)),
    }
}

/// How long the names are, and what joins their words.
fn form<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, parsed: &MediaType<'_>, names: &Names<'_, '_>) {
    for part in parts(text) {
        if part.len() > ADVISED_NAME && !names.are_fixed(parsed.as_str()) {
            let message = format!("a name of {} characters, of which some programs keep {ADVISED_NAME}", part.len());
            lint.within(&MEDIA_TYPE_LENGTH_64, at, part, message).help("choose a shorter name for a new type").done();
        }
    }
    if lint.wants(&TYPEDEF_WORD_SEPARATOR)
        && let Some(underscore) = text.find('_')
        && parsed.tree() == Tree::Vendor
        && !names.are_fixed(parsed.as_str())
    {
        let message = format!("an underscore joins words in `{}`", show(text));
        lint.within(&TYPEDEF_WORD_SEPARATOR, at, underscore..underscore + 1, message).help("write a hyphen").done();
    }
}

/// Types of Docker in what calls itself an OCI manifest.
fn mixed<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    if document.media_type.and_then(Json::as_str) != Some(known::OCI_MANIFEST) {
        return;
    }
    let named = |descriptor: &Descriptor<'a>| descriptor.media_type.zip(descriptor.media_type());
    let mut oci = false;
    let mut found = 0;
    for (at, name) in document.of(Role::Layer).filter_map(named) {
        oci = oci || name.starts_with(known::OCI_LAYER_PREFIX);
        if name.starts_with(known::DOCKER_LAYER_PREFIX) && name != known::DOCKER_LAYER_GZIP && found < MOST {
            found += 1;
            let help = match name.strip_prefix(known::DOCKER_LAYER_PREFIX) {
                Some("diff.tar") => format!("write `{}v1.tar`", known::OCI_LAYER_PREFIX),
                Some("diff.tar.zstd") => format!("write `{}v1.tar+zstd`", known::OCI_LAYER_PREFIX),
                _ => "write the layer type of the OCI".to_owned(),
            };
            lint.value(&MEDIA_TYPE_DOCKER_MIXED, at, format!("`{}` of Docker in an OCI manifest", show(name)))
                .help(help)
                .done();
        }
    }
    // Where the layers are Docker's too, nothing was mixed: some builders change the type of the manifest only.
    let config = document.of(Role::Config).find_map(named);
    if let Some((at, name)) = config.filter(|(_, name)| oci && *name == known::DOCKER_IMAGE_CONFIG) {
        lint.value(&MEDIA_TYPE_DOCKER_MIXED, at, format!("`{name}` of Docker beside layers of the OCI"))
            .help(format!("write `{}`", known::OCI_IMAGE_CONFIG))
            .done();
    }
}

/// Members that Docker's formats do not have.
fn members_of_oci<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let of_descriptors = document.descriptors.iter().flat_map(|descriptor| {
        let urls = descriptor.urls.filter(|_| matches!(descriptor.role, Role::Config | Role::Child));
        [descriptor.annotations, urls]
    });
    for member in [document.annotations].into_iter().chain(of_descriptors).flatten().take(MOST) {
        lint.key(&DOCKER_MANIFEST_OCI_FIELD, member, format!("Docker's formats have no `{}` here", member.key()))
            .help("write the document in the OCI format, or remove the member")
            .done();
    }
}

/// The media types of a catalog, collected when something is to be said about a name for the first time.
#[derive(Debug, Default)]
pub struct Claimed(OnceLock<Catalog>);

/// The names, and the beginnings of names, that entries give.
#[derive(Debug)]
struct Catalog {
    names: BTreeSet<String>,
    beginnings: Vec<String>,
}

struct Names<'k, 'c> {
    known: Known<'k, 'c>,
}

impl Names<'_, '_> {
    /// Whether a media type is registered, or programs write it already: who packs an artifact can not choose another.
    fn are_fixed(&self, name: &str) -> bool {
        if iana::is_registered(name) {
            return true;
        }
        let catalog = self.known.claimed.0.get_or_init(|| Catalog::of(self.known));
        catalog.names.contains(name) || catalog.beginnings.iter().any(|beginning| name.starts_with(beginning))
    }
}

impl Catalog {
    fn of(known: Known<'_, '_>) -> Self {
        let rules = &known.identifier.rules().rules;
        let types: BTreeSet<&str> = rules.iter().map(|rule| rule.type_id.as_str()).collect();
        let mut catalog = Self { names: BTreeSet::new(), beginnings: Vec::new() };
        for entry in types.into_iter().filter_map(|id| (known.entry)(id)) {
            catalog.names.extend(claims(entry).into_iter().map(|(name, _)| name.to_owned()));
            let layers = entry.structure.iter().flat_map(|structure| &structure.layers);
            let patterns = layers.flat_map(|layer| &layer.media_types).filter_map(|name| name.strip_suffix('*'));
            catalog.beginnings.extend(patterns.map(str::to_owned));
        }
        catalog
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_in_names_of_the_oci_are_understood() {
        let near = |name: &str| nearest_of_oci(&format!("application/vnd.oci.{name}"));
        assert_eq!(near("image.layer.v1.tar.gzip"), Some("application/vnd.oci.image.layer.v1.tar+gzip"));
        assert_eq!(near("image.layer.v1.tar+gz"), Some("application/vnd.oci.image.layer.v1.tar+gzip"));
        assert_eq!(near("image.v1.manifest+json"), Some("application/vnd.oci.image.manifest.v1+json"));
        assert_eq!(near("image.idnex.v1+json"), Some("application/vnd.oci.image.index.v1+json"));
        assert_eq!(near("thing.v1"), None);
    }

    #[test]
    fn only_sure_slips_are_the_vendor_tree() {
        let slip = |subtype: &str| is_misspelled_vendor(&subtype[..subtype.find('.').unwrap_or_default()], subtype);
        for subtype in ["vdn.oci.image", "vendor.example.thing", "vnd-example.thing", "vnd_example", "vnnd.example"] {
            assert!(slip(subtype), "{subtype}");
        }
        for subtype in
            ["com.example.thing", "io.gardenlinux.kernel", "nvd.cve", "dnv.class", "fleet.file", "json", "vndb.list"]
        {
            assert!(!slip(subtype), "{subtype}");
        }
    }

    #[test]
    fn a_suffix_has_its_remedy() {
        assert_eq!(instead_of("vnd.x.v1", "tar.gz"), "write `vnd.x.v1.tar+gzip`");
        assert_eq!(instead_of("vnd.x.v1", "yml"), "write `+yaml`");
        assert_eq!(instead_of("vnd.x.v1", "josn"), "write `+json`");
        assert_eq!(instead_of("vnd.x.v1", "wasm"), "use a registered suffix, or write a dot: `vnd.x.v1.wasm`");
        assert_eq!(instead_of("vnd.x.v1", ""), "remove the `+`");
    }
}

//! Images and artifacts: which media types go together, and what artifacts are asked to have.

use super::head::MOST;
use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Kind, Role};
use crate::catalog::ArtifactType;
use crate::finding::{Level, Rule, declare_rule};
use crate::oci::content::{Content, is_image_layer};
use crate::oci::well_known as known;
use crate::source::tape::Json;

declare_rule! {
    /// The config of an artifact has a media type that says nothing about the artifact.
    ///
    /// ## Why
    /// The media type of the config is to be specific to the type of artifact, because clients tell by it what they
    /// have before them. `application/json` or a placeholder of a tool says the same of everything.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": { "mediaType": "application/json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.thing.content.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "config": { "mediaType": "application/vnd.example.thing.config.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.thing.content.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Give the config a media type of your own. If there is nothing to configure, use the empty descriptor as the
    /// config and name the type in `artifactType`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage)
    pub static ARTIFACT_CONFIG_SPECIFIC = {
        id: "artifact-config-specific", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// An artifact has the config of an image.
    ///
    /// ## Why
    /// `artifactType` says that it is no image, the media type of the config says that it is one. Clients that know
    /// only images unpack and run it, and scanners report on it as an image.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.oci.image.config.v1+json" }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.oci.empty.v1+json" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use a config media type of your own, or the empty descriptor. If it is an image after all, leave `artifactType`
    /// out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, artifacts-guidance.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/artifacts-guidance.md),
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage)
    pub static ARTIFACT_IMAGE_CONFIG = {
        id: "artifact-image-config", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// An artifact has no layers.
    ///
    /// ## Why
    /// Not every registry and client takes a manifest whose `layers` is empty: the JSON schema of the specification
    /// demands one element.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "layers": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the empty descriptor as the only layer.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage),
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static ARTIFACT_LAYER_NEEDED = {
        id: "artifact-layer-needed", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The only layer of an artifact has a size of 0.
    ///
    /// ## Why
    /// A layer that only fills the list should have content: some registries refuse blobs of no bytes, and some
    /// clients do not ask for them.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.thing.content.v1",
    ///       "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ///       "size": 0
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "layers": [{ "mediaType": "application/vnd.oci.empty.v1+json" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use the empty descriptor, whose content is `{}`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage),
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static ARTIFACT_LAYER_NONZERO = {
        id: "artifact-layer-nonzero", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// An artifact with a config of its own has no `artifactType`.
    ///
    /// ## Why
    /// Clients then take the media type of the config for the type, which is allowed and was the custom before
    /// image-spec 1.1. The guidelines for new artifacts name the type in `artifactType` as well; this is only reported
    /// on demand.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": { "mediaType": "application/vnd.example.thing.config.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.thing.content.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.example.thing.config.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.thing.content.v1.tar+gzip" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `artifactType`, or leave it as it is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage)
    pub static ARTIFACT_TYPE_WITH_CONFIG = {
        id: "artifact-type-with-config", level: Info, since: "0.1.0", subject: Manifest, spec: V1_1, opt_in: true,
    }
}

declare_rule! {
    /// A manifest has the config of an image, and none of its layers is one of an image.
    ///
    /// ## Why
    /// This is how tools typed artifacts while registries took nothing but images. Clients that know only images pull
    /// and run it and fail at the layers, and lists of referrers show it as an image.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": { "mediaType": "application/vnd.oci.image.config.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.thing.content.v1" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "config": { "mediaType": "application/vnd.example.thing.config.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.example.thing.content.v1" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use a config media type of your own, or the empty descriptor and `artifactType`; readers of the old form may
    /// have to learn the new one first. If it is an image after all, store its layers under the media types that the
    /// specification lists.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, artifacts-guidance.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/artifacts-guidance.md),
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage)
    pub static ARTIFACT_TYPED_BY_LAYERS = {
        id: "artifact-typed-by-layers", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The layer of an artifact is `{}`, under another media type than that of the empty descriptor.
    ///
    /// ## Why
    /// Clients know the empty descriptor and need not fetch it. Under another media type they fetch the two bytes and
    /// try to make something of them. The empty descriptor is only suggested, so this is reported on demand.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.example.thing.config.v1+json" },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.thing.content.v1+json",
    ///       "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///       "size": 2
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.thing.v1",
    ///   "config": { "mediaType": "application/vnd.example.thing.config.v1+json" },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.oci.empty.v1+json",
    ///       "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///       "size": 2
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the media type `application/vnd.oci.empty.v1+json`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidelines for artifact usage](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage),
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static ARTIFACT_UNUSED_LAYER_EMPTY_DESCRIPTOR = {
        id: "artifact-unused-layer-empty-descriptor", level: Info, since: "0.1.0", subject: Manifest, spec: V1_1, opt_in: true,
    }
}

declare_rule! {
    /// The config has the media type of something that is no config.
    ///
    /// ## Why
    /// Clients that know the media type read the config as a layer, a manifest or a descriptor and fail; those that do
    /// not know it can tell neither an image nor a type of artifact.
    ///
    /// ## Reported
    /// ```json reported
    /// { "config": { "mediaType": "application/vnd.oci.image.manifest.v1+json" } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "config": { "mediaType": "application/vnd.oci.image.config.v1+json" } }
    /// ```
    ///
    /// ## How to fix
    /// Write `application/vnd.oci.image.config.v1+json` for an image, and a media type of your own for an artifact.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_CONFIG_MEDIA_TYPE_PORTABLE = {
        id: "manifest-config-media-type-portable", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A layer of an image has a media type that images do not have.
    ///
    /// ## Why
    /// Clients that unpack the image do not know what to do with the layer: some stop, others leave it out.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "layers": [
    ///     { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" },
    ///     { "mediaType": "application/vnd.example.disk.v1.raw" }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "layers": [
    ///     { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" },
    ///     { "mediaType": "application/vnd.oci.image.layer.v1.tar" }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Store the layer as a tar archive under one of the media types that the specification lists, or keep it in an
    /// artifact of its own that names the image as its subject.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_LAYER_MEDIA_TYPE_PORTABLE = {
        id: "manifest-layer-media-type-portable", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A layer of an image is compressed with zstd.
    ///
    /// ## Why
    /// Clients must support gzip, and should support zstd: old ones do not. Most of today do, so this is only reported
    /// on demand.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+zstd" }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }] }
    /// ```
    ///
    /// ## How to fix
    /// Compress with gzip where old clients matter, or leave it as it is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_LAYER_MEDIA_TYPE_ZSTD = {
        id: "manifest-layer-media-type-zstd", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// An image has no layers.
    ///
    /// ## Why
    /// Not every registry and client takes a manifest whose `layers` is empty: the JSON schema of the specification
    /// demands one element.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }] }
    /// ```
    ///
    /// ## How to fix
    /// Add a layer; if the image really has no files, an empty tar archive will do.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, property descriptions](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static MANIFEST_LAYERS_NONEMPTY = {
        id: "manifest-layers-nonempty", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &ARTIFACT_CONFIG_SPECIFIC,
    &ARTIFACT_IMAGE_CONFIG,
    &ARTIFACT_LAYER_NEEDED,
    &ARTIFACT_LAYER_NONZERO,
    &ARTIFACT_TYPE_WITH_CONFIG,
    &ARTIFACT_TYPED_BY_LAYERS,
    &ARTIFACT_UNUSED_LAYER_EMPTY_DESCRIPTOR,
    &MANIFEST_CONFIG_MEDIA_TYPE_PORTABLE,
    &MANIFEST_LAYER_MEDIA_TYPE_PORTABLE,
    &MANIFEST_LAYER_MEDIA_TYPE_ZSTD,
    &MANIFEST_LAYERS_NONEMPTY,
];

/// `entry` is the type that the document is, when that is known.
pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>, entry: Option<&ArtifactType>) {
    if document.kind != Kind::Manifest || document.docker {
        return;
    }
    let Some((found, media_type)) =
        document.of(Role::Config).next().and_then(|config| config.media_type.zip(config.media_type()))
    else {
        no_layers(lint, document, &MANIFEST_LAYERS_NONEMPTY);
        return;
    };
    match media_type {
        known::OCI_IMAGE_CONFIG if document.artifact_type.is_some() => {
            let message = "the media type of an image's config, beside an `artifactType`";
            lint.value(&ARTIFACT_IMAGE_CONFIG, found, message)
                .help(format!("use a config media type of your own, or `{}`", known::EMPTY))
                .done();
            no_layers(lint, document, &MANIFEST_LAYERS_NONEMPTY);
        }
        known::OCI_IMAGE_CONFIG => {
            no_layers(lint, document, &MANIFEST_LAYERS_NONEMPTY);
            image(lint, document, found, entry);
        }
        known::DOCKER_IMAGE_CONFIG => no_layers(lint, document, &MANIFEST_LAYERS_NONEMPTY),
        _ => artifact(lint, document, found, media_type, entry),
    }
}

/// An image, or what has the config of one.
fn image<'a>(lint: &mut Lint<'a>, document: &Document<'a>, config: Json<'a>, entry: Option<&ArtifactType>) {
    // The empty descriptor fills the list of an image without files.
    let foreign = |layer: &&Descriptor<'a>| {
        layer.media_type().is_some_and(|media_type| !is_image_layer(media_type) && media_type != known::EMPTY)
    };
    let first = document.of(Role::Layer).find(foreign).and_then(|layer| layer.media_type);
    if let Some(first) = first {
        if document.of(Role::Layer).all(|layer| foreign(&layer)) {
            typed_by_layers(lint, config, first, entry.filter(|entry| entry.id != "oci-image"));
        } else {
            let layers = document.of(Role::Layer).filter(foreign).filter_map(|layer| layer.media_type);
            for found in layers.take(MOST) {
                let message = format!("`{}` is no layer of an image", show(found.as_str().unwrap_or_default()));
                lint.value(&MANIFEST_LAYER_MEDIA_TYPE_PORTABLE, found, message)
                    .help("write `application/vnd.oci.image.layer.v1.tar`, with `+gzip` when it is compressed")
                    .done();
            }
        }
    }
    if lint.wants(&MANIFEST_LAYER_MEDIA_TYPE_ZSTD) {
        let layers = document.of(Role::Layer).filter_map(|layer| layer.media_type);
        let zstd = layers.filter(|found| found.as_str() == Some("application/vnd.oci.image.layer.v1.tar+zstd"));
        for found in zstd.take(MOST) {
            lint.value(&MANIFEST_LAYER_MEDIA_TYPE_ZSTD, found, "clients need not support layers compressed with zstd")
                .help("compress with gzip where old clients matter")
                .done();
        }
    }
}

/// What is no image, by the media type of its config.
fn artifact<'a>(
    lint: &mut Lint<'a>,
    document: &Document<'a>,
    config: Json<'a>,
    media_type: &'a str,
    entry: Option<&ArtifactType>,
) {
    // Which layer a known type lacks is said where its structure is looked at.
    let structure = entry.and_then(|entry| entry.structure.as_ref());
    if !structure.is_some_and(|structure| structure.layers.iter().any(|layer| layer.min > 0)) {
        no_layers(lint, document, &ARTIFACT_LAYER_NEEDED);
    }
    match Content::of(media_type) {
        Some(Content::Empty | Content::Config) => {}
        Some(content) => {
            let message = format!("`{media_type}` is {}, not a config", content.name());
            lint.value(&MANIFEST_CONFIG_MEDIA_TYPE_PORTABLE, config, message)
                .help(format!("write `{}` for an image, and a media type of your own else", known::OCI_IMAGE_CONFIG))
                .done();
        }
        // Deprecated and withdrawn types and those of Docker have rules of their own.
        None if media_type.starts_with("application/vnd.oci.") || media_type.starts_with("application/vnd.docker.") => {
        }
        None if known::is_generic(media_type) || known::says_nothing(media_type) => {
            lint.value(
                &ARTIFACT_CONFIG_SPECIFIC,
                config,
                format!("`{media_type}` says nothing about what the artifact is"),
            )
            .help(format!("use a media type of your own, or `{}` and an `artifactType`", known::EMPTY))
            .done();
        }
        None => own_config(lint, document, config, media_type),
    }
    only_layer(lint, document);
}

/// An artifact whose config has a media type of its own.
fn own_config<'a>(lint: &mut Lint<'a>, document: &Document<'a>, config: Json<'a>, media_type: &'a str) {
    if document.artifact_type.is_none() && lint.wants(&ARTIFACT_TYPE_WITH_CONFIG) {
        let message = format!("only the config says that this is `{}`: `artifactType` is missing", show(media_type));
        lint.value(&ARTIFACT_TYPE_WITH_CONFIG, config, message).help("add `artifactType`, or leave it as it is").done();
    }
}

/// A layer that may only fill the list.
fn only_layer<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let mut layers = document.of(Role::Layer);
    let (Some(layer), None) = (layers.next(), layers.next()) else { return };
    if let Some(size) = layer.size.filter(|_| layer.size() == Some(0)) {
        lint.value(&ARTIFACT_LAYER_NONZERO, size, "the only layer of the artifact has no content")
            .help(format!("use the empty descriptor, `{}` with a size of 2", known::EMPTY))
            .done();
    }
    if let Some((found, media_type)) = layer.media_type.zip(layer.media_type())
        && layer.digest() == Some(known::EMPTY_DIGEST)
        && media_type != known::EMPTY
    {
        let message = format!("the layer is `{{}}`, under the media type `{}`", show(media_type));
        lint.value(&ARTIFACT_UNUSED_LAYER_EMPTY_DESCRIPTOR, found, message)
            .help(format!("write `{}`", known::EMPTY))
            .done();
    }
}

fn no_layers<'a>(lint: &mut Lint<'a>, document: &Document<'a>, rule: &'static Rule) {
    let Some(layers) = document.layers.filter(|layers| layers.is_array() && layers.elements().next().is_none()) else {
        return;
    };
    let (message, help) = if *rule == ARTIFACT_LAYER_NEEDED {
        ("the artifact has no layers", "add the empty descriptor as the only layer")
    } else {
        ("the image has no layers", "add a layer, if only an empty tar archive")
    };
    lint.value(rule, layers, message).help(help).done();
}

/// The config of an image with layers that are none. Of a type that is known this is how the type is: its users can
/// not change it, but should know what others make of it.
fn typed_by_layers<'a>(lint: &mut Lint<'a>, config: Json<'a>, first: Json<'a>, entry: Option<&ArtifactType>) {
    let text = show(first.as_str().unwrap_or_default());
    let message = match entry {
        Some(entry) => format!("this is `{}` with the config of an image: the first layer is `{text}`", entry.title),
        None => format!("the config is that of an image, but no layer is: the first is `{text}`"),
    };
    let help = match entry {
        Some(_) => "scanners and clients that do not know the type skip it or misread it".to_owned(),
        None => format!("use a config media type of your own, or `{}` and an `artifactType`", known::EMPTY),
    };
    let reported = lint.value(&ARTIFACT_TYPED_BY_LAYERS, config, message).help(help).related(first, "the first layer");
    if entry.is_some() {
        reported.level(Level::Info).done();
    } else {
        reported.done();
    }
}

//! What a descriptor must have and may have.

use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Role};
use crate::finding::{Rule, declare_rule};
use crate::oci::content::is_image_layer;
use crate::oci::{Spec, well_known as known};
use crate::source::tape::{Json, Kind};

declare_rule! {
    /// A descriptor has no digest.
    ///
    /// ## Why
    /// The content can neither be fetched nor verified: registries know it by its digest only.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// { "mediaType": "application/vnd.oci.image.layer.v1.tar", "size": 1024 }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the digest of the content as `digest`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_DIGEST_REQUIRED = {
        id: "descriptor-digest-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A descriptor has a property that the specification does not define.
    ///
    /// ## Why
    /// Other tools pass over it, and a later release may give the name a meaning of its own. It is not forbidden, so this
    /// rule is only reported when somebody asks for it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024,
    ///   "fileName": "rootfs.tar"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024,
    ///   "annotations": { "org.opencontainers.image.title": "rootfs.tar" }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Say it in `annotations`, or propose the property to image-spec.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, reserved](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#reserved)
    pub static DESCRIPTOR_EXTENDED_FIELD = {
        id: "descriptor-extended-field", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// A descriptor has no media type.
    ///
    /// ## Why
    /// Nothing says what the content is: clients refuse the document, or guess.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the media type of the content as `mediaType`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_MEDIA_TYPE_REQUIRED = {
        id: "descriptor-media-type-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A platform stands on what is no manifest.
    ///
    /// ## Why
    /// Clients choose among manifests by platform, and never among the config and the layers of one image: they fetch
    /// all of them whatever the platform says.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.image.config.v1+json",
    ///     "platform": { "architecture": "amd64", "os": "linux" }
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// On layers that are no file system layers `platform` means what the artifact type says.
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.artifact.v1",
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.content",
    ///       "platform": { "architecture": "amd64", "os": "linux" }
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove `platform`. The platform of an image stands in its config, and in the index that lists the image.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.go](https://github.com/opencontainers/image-spec/blob/v1.1.1/specs-go/v1/descriptor.go#L43-L46)
    pub static DESCRIPTOR_PLATFORM_MISPLACED = {
        id: "descriptor-platform-misplaced", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An entry for an image manifest has no platform.
    ///
    /// ## Why
    /// A client that looks for its platform must fetch the manifest and its config to learn which it is, or takes the
    /// first entry. Images that run on any platform need none, so this rule is only reported when somebody asks for it,
    /// and not for entries with an `artifactType`.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [{ "mediaType": "application/vnd.oci.image.manifest.v1+json" }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "manifests": [
    ///     {
    ///       "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///       "platform": { "architecture": "amd64", "os": "linux" }
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `platform` with the `architecture` and `os` of the image's config.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_PLATFORM_PRESENT = {
        id: "descriptor-platform-present", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// A property of a descriptor has the wrong type.
    ///
    /// ## Why
    /// Clients with typed decoders refuse the whole document; others read zero or nothing.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": "1024"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write `mediaType`, `digest`, `data` and `artifactType` as strings, `size` as a number, `urls` as an array of
    /// strings and `platform` as an object. Leave out what has no value: `null` is none of these.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_PROPERTY_TYPE = {
        id: "descriptor-property-type", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A size is not an integer of 64 bits.
    ///
    /// ## Why
    /// Decoders of many languages refuse a fraction or an exponent where they expect an integer, also when the value is
    /// whole. A number beyond 64 bits is refused or cut off.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024.0
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the number of bytes in decimal digits, without point and exponent.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_SIZE_INT64 = {
        id: "descriptor-size-int64", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A size is negative.
    ///
    /// ## Why
    /// No content is that long. Tools take a negative size for an unknown one, skip the comparison, or crash when they
    /// allocate that many bytes. The releases before the rule say only that it is an integer; it is an error there too.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": -1
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the number of bytes of the content.
    ///
    /// ## Specification
    /// [image-spec, main branch, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/13cff54902ec9ad6320cbc487a685b66fcd67171/descriptor.md#properties)
    pub static DESCRIPTOR_SIZE_NEGATIVE = {
        id: "descriptor-size-negative", level: Error, since: "0.1.0", subject: Manifest, spec: Main, earlier: Error,
    }
}

declare_rule! {
    /// A descriptor has no size.
    ///
    /// ## Why
    /// A client does not know how much to expect: decoders take a missing size for 0, and then the content is too long.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the number of bytes of the content as `size`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_SIZE_REQUIRED = {
        id: "descriptor-size-required", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A descriptor has the size 0.
    ///
    /// ## Why
    /// Content without bytes is legal, but not every registry and client supports it; that is why the specification
    /// defines the empty descriptor. Many tools write an empty config that way, so this rule is only reported when
    /// somebody asks for it.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "config": {
    ///     "mediaType": "application/vnd.example.config.v1+json",
    ///     "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ///     "size": 0
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.example.content" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.artifact.v1",
    ///   "config": {
    ///     "mediaType": "application/vnd.oci.empty.v1+json",
    ///     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///     "size": 2
    ///   },
    ///   "layers": [{ "mediaType": "application/vnd.example.content" }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use the empty descriptor: `{}` with the media type `application/vnd.oci.empty.v1+json`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static DESCRIPTOR_ZERO_SIZE = {
        id: "descriptor-zero-size", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1, opt_in: true,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &DESCRIPTOR_DIGEST_REQUIRED,
    &DESCRIPTOR_EXTENDED_FIELD,
    &DESCRIPTOR_MEDIA_TYPE_REQUIRED,
    &DESCRIPTOR_PLATFORM_MISPLACED,
    &DESCRIPTOR_PLATFORM_PRESENT,
    &DESCRIPTOR_PROPERTY_TYPE,
    &DESCRIPTOR_SIZE_INT64,
    &DESCRIPTOR_SIZE_NEGATIVE,
    &DESCRIPTOR_SIZE_REQUIRED,
    &DESCRIPTOR_ZERO_SIZE,
];

/// Properties that the specification defines.
const PROPERTIES: [&str; 8] =
    ["mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform"];

/// How many elements of one list are reported at most.
const MOST: usize = 100;

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>, descriptor: &Descriptor<'a>) {
    for (rule, name, found, help) in [
        (
            &DESCRIPTOR_MEDIA_TYPE_REQUIRED,
            "mediaType",
            descriptor.media_type,
            "add `mediaType` with the media type of the content",
        ),
        (&DESCRIPTOR_DIGEST_REQUIRED, "digest", descriptor.digest, "add `digest` with the digest of the content"),
        (&DESCRIPTOR_SIZE_REQUIRED, "size", descriptor.size, "add `size` with the number of bytes of the content"),
    ] {
        if found.is_none() {
            required(lint, descriptor, rule, name, help);
        }
    }
    types(lint, descriptor);
    size(lint, document, descriptor);
    platform(lint, document, descriptor);
    if !document.docker && lint.wants(&DESCRIPTOR_EXTENDED_FIELD) {
        extended(lint, descriptor);
    }
}

fn required<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>, rule: &'static Rule, name: &str, help: &str) {
    let object = descriptor.json;
    // A name that differs in case only is another rule's business.
    if object.members().any(|member| member.key().eq_ignore_ascii_case(name)) {
        return;
    }
    let plain = |key: &str| key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let meant = object.members().find(|member| plain(member.key()) == name.to_ascii_lowercase());
    let help = match meant {
        Some(meant) => format!("did you mean `{name}` where `{}` stands?", show(meant.key())),
        None => help.to_owned(),
    };
    lint.missing(rule, object, name, format!("{} has no `{name}`", descriptor.role.name())).help(help).done();
}

fn types<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>) {
    // Release 1.0 defines neither of the two.
    let newer = |found: Option<Json<'a>>| found.filter(|_| lint.spec() >= Spec::V1_1);
    let (data, artifact_type) = (newer(descriptor.data), newer(descriptor.artifact_type));
    for (found, kind, expected) in [
        (descriptor.media_type, Kind::String, "a string"),
        (descriptor.digest, Kind::String, "a string"),
        (descriptor.size, Kind::Number, "a number"),
        (descriptor.urls, Kind::Array, "an array of strings"),
        (data, Kind::String, "a string"),
        (artifact_type, Kind::String, "a string"),
        (descriptor.platform, Kind::Object, "an object"),
    ] {
        if let Some(found) = found.filter(|found| found.kind() != kind) {
            let message = format!("`{}` is {}, not {expected}", found.key(), found.kind_name());
            let unquoted = found.as_str().filter(|text| kind == Kind::Number && text.parse::<u64>().is_ok());
            let help = match (found.kind(), unquoted) {
                (_, Some(number)) => format!("write `{number}` without quotes"),
                (Kind::Null, _) => "write the value, or leave the property out when it is optional".to_owned(),
                (Kind::String, _) if kind == Kind::Array => format!("write `[{}]`", show(found.written())),
                _ => format!("write {expected}"),
            };
            lint.value(&DESCRIPTOR_PROPERTY_TYPE, found, message).help(help).done();
        }
    }
    let urls = descriptor.urls.into_iter().flat_map(Json::elements);
    for url in urls.filter(|url| url.kind() != Kind::String).take(MOST) {
        lint.value(
            &DESCRIPTOR_PROPERTY_TYPE,
            url,
            format!("an element of `urls` is {}, not a string", url.kind_name()),
        )
        .help("write the address as a string, or remove the element")
        .done();
    }
}

fn size<'a>(lint: &mut Lint<'a>, document: &Document<'a>, descriptor: &Descriptor<'a>) {
    let Some(written) = descriptor.size.filter(|size| size.kind() == Kind::Number) else { return };
    match written.as_integer() {
        None => {
            let message = format!("the size `{}` is not an integer of 64 bits", show(written.written()));
            let help = match written.written().split_once('.') {
                Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') && whole.parse::<i64>().is_ok() => {
                    format!("write `{whole}`")
                }
                _ => "write the number of bytes in decimal digits".to_owned(),
            };
            lint.value(&DESCRIPTOR_SIZE_INT64, written, message).help(help).done();
        }
        Some(size) if size < 0 => {
            lint.value(&DESCRIPTOR_SIZE_NEGATIVE, written, format!("the size {size} is negative"))
                .help("write the number of bytes of the content")
                .done();
        }
        Some(0) if lint.wants(&DESCRIPTOR_ZERO_SIZE) && !is_reported_otherwise(document, descriptor) => {
            let message = format!("{} has no bytes, which not every registry supports", descriptor.role.name());
            lint.value(&DESCRIPTOR_ZERO_SIZE, written, message)
                .help(format!("use `{{}}` with the media type `{}`", known::EMPTY))
                .done();
        }
        Some(_) => {}
    }
}

/// Whether a more specific rule speaks about a size of 0: an empty descriptor, the only layer of an artifact, a digest
/// of something else.
fn is_reported_otherwise<'a>(document: &Document<'a>, descriptor: &Descriptor<'a>) -> bool {
    let alone = descriptor.role == Role::Layer && document.of(Role::Layer).nth(1).is_none() && !is_image(document);
    alone || descriptor.media_type() == Some(known::EMPTY) || super::relations::contradicts(descriptor)
}

fn platform<'a>(lint: &mut Lint<'a>, document: &Document<'a>, descriptor: &Descriptor<'a>) {
    let media_type = descriptor.media_type().unwrap_or_default();
    match (descriptor.role, descriptor.platform) {
        (Role::Config, Some(platform)) if platform.is_object() => misplaced(lint, descriptor, platform),
        (Role::Layer, Some(platform)) if platform.is_object() && is_image_layer(media_type) && is_image(document) => {
            misplaced(lint, descriptor, platform);
        }
        (Role::Child, None)
            if media_type == known::OCI_MANIFEST
                && descriptor.artifact_type.is_none()
                && lint.wants(&DESCRIPTOR_PLATFORM_PRESENT) =>
        {
            lint.missing(
                &DESCRIPTOR_PLATFORM_PRESENT,
                descriptor.json,
                "platform",
                "an entry for an image manifest has no `platform`",
            )
            .help("add `platform` with the `architecture` and `os` of the image")
            .done();
        }
        _ => {}
    }
}

fn misplaced<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>, platform: Json<'a>) {
    let message = format!("`platform` is for manifests, but {} has it", descriptor.role.name());
    lint.key(&DESCRIPTOR_PLATFORM_MISPLACED, platform, message)
        .help("remove it: the platform of an image stands in its config and in the index that lists the image")
        .done();
}

fn extended<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>) {
    // Names that differ in case only are another rule's business.
    let known = |name: &str| PROPERTIES.iter().any(|property| property.eq_ignore_ascii_case(name));
    for member in descriptor.json.members().filter(|member| !known(member.key())).take(MOST) {
        let message = format!("`{}` is not a property of descriptors", show(member.key()));
        lint.key(&DESCRIPTOR_EXTENDED_FIELD, member, message)
            .help("say it in `annotations`, or propose the property to image-spec")
            .done();
    }
}

/// Whether a document is the manifest of a container image, by its config.
pub(super) fn is_image(document: &Document<'_>) -> bool {
    matches!(document.config_media_type(), Some(known::OCI_IMAGE_CONFIG | known::DOCKER_IMAGE_CONFIG))
}

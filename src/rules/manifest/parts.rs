//! The parts of a document that rules look at, found once: its kind, its members, its descriptors.

use crate::oci::well_known as known;
use crate::source::tape::Json;

/// What a document is, by its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `config` or `layers`; without any body, the media type.
    Manifest,
    /// `manifests`; without any body, the media type.
    Index,
    /// `blobs`, or the media type of a withdrawn artifact manifest.
    ArtifactManifest,
    /// `fsLayers`.
    Schema1,
    /// Nothing of these, or several of them at once.
    Unclear,
}

/// A manifest or index.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub json: Json<'a>,
    pub kind: Kind,
    /// Whether it calls itself a Docker manifest or manifest list: the OCI specifications do not bind it.
    pub docker: bool,
    pub schema_version: Option<Json<'a>>,
    pub media_type: Option<Json<'a>>,
    pub artifact_type: Option<Json<'a>>,
    pub config: Option<Json<'a>>,
    pub layers: Option<Json<'a>>,
    pub manifests: Option<Json<'a>>,
    pub blobs: Option<Json<'a>>,
    pub subject: Option<Json<'a>>,
    pub annotations: Option<Json<'a>>,
    /// The descriptors that are objects, in the order config, layers, blobs, manifests, subject.
    pub descriptors: Vec<Descriptor<'a>>,
}

/// Where a descriptor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `config` of a manifest.
    Config,
    /// An element of `layers`.
    Layer,
    /// An element of `blobs` of an artifact manifest.
    Blob,
    /// An element of `manifests` of an index.
    Child,
    /// `subject`.
    Subject,
}

impl Role {
    /// What stands there, in words for people.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Config => "the config",
            Self::Layer => "the layer",
            Self::Blob => "the blob",
            Self::Child => "the entry",
            Self::Subject => "the subject",
        }
    }
}

/// A descriptor that is an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Descriptor<'a> {
    pub json: Json<'a>,
    pub role: Role,
    pub media_type: Option<Json<'a>>,
    pub digest: Option<Json<'a>>,
    pub size: Option<Json<'a>>,
    pub artifact_type: Option<Json<'a>>,
    pub annotations: Option<Json<'a>>,
    pub platform: Option<Json<'a>>,
    pub urls: Option<Json<'a>>,
    pub data: Option<Json<'a>>,
    media_type_text: Option<&'a str>,
    digest_text: Option<&'a str>,
    size_value: Option<i64>,
    /// The last bytes of the digest: two that differ here differ.
    pub digest_end: u64,
}

impl<'a> Document<'a> {
    /// Reads a document; `descriptors` is an empty list whose memory is used.
    pub(super) fn read(json: Json<'a>, descriptors: Vec<Descriptor<'a>>) -> Self {
        let mut document = Self {
            json,
            kind: Kind::Unclear,
            docker: false,
            schema_version: None,
            media_type: None,
            artifact_type: None,
            config: None,
            layers: None,
            manifests: None,
            blobs: None,
            subject: None,
            annotations: None,
            descriptors,
        };
        let mut fs_layers = None;
        for member in json.members() {
            let slot = match member.key() {
                "schemaVersion" => &mut document.schema_version,
                "mediaType" => &mut document.media_type,
                "artifactType" => &mut document.artifact_type,
                "config" => &mut document.config,
                "layers" => &mut document.layers,
                "manifests" => &mut document.manifests,
                "blobs" => &mut document.blobs,
                "subject" => &mut document.subject,
                "annotations" => &mut document.annotations,
                "fsLayers" => &mut fs_layers,
                _ => continue,
            };
            slot.get_or_insert(member);
        }
        let media_type = document.media_type.and_then(Json::as_str).unwrap_or_default();
        document.docker = [known::DOCKER_MANIFEST, known::DOCKER_MANIFEST_LIST].contains(&media_type);
        let array = |found: Option<Json<'_>>| found.is_some_and(Json::is_array);
        let manifest = document.config.is_some_and(Json::is_object) || array(document.layers);
        let artifact = [known::OCI_ARTIFACT_MANIFEST, known::ORAS_ARTIFACT_MANIFEST].contains(&media_type);
        document.kind = match (manifest, array(document.manifests), array(document.blobs), array(fs_layers)) {
            (true, false, false, false) => Kind::Manifest,
            (false, true, false, false) => Kind::Index,
            (false, false, true, false) => Kind::ArtifactManifest,
            (false, false, false, true) => Kind::Schema1,
            (false, false, false, false) if artifact => Kind::ArtifactManifest,
            (false, false, false, false) if media_type == known::OCI_MANIFEST => Kind::Manifest,
            (false, false, false, false) if media_type == known::OCI_INDEX => Kind::Index,
            _ => Kind::Unclear,
        };
        document.descriptors();
        document
    }

    fn descriptors(&mut self) {
        let one = |found: Option<Json<'a>>, role| {
            found.filter(|json| json.is_object()).map(|json| Descriptor::read(json, role)).into_iter()
        };
        let many = |found: Option<Json<'a>>, role| {
            let elements = found.into_iter().flat_map(Json::elements);
            elements.filter(|json| json.is_object()).map(move |json| Descriptor::read(json, role))
        };
        self.descriptors.extend(one(self.config, Role::Config));
        self.descriptors.extend(many(self.layers, Role::Layer));
        self.descriptors.extend(many(self.blobs, Role::Blob));
        self.descriptors.extend(many(self.manifests, Role::Child));
        self.descriptors.extend(one(self.subject, Role::Subject));
    }

    /// Its annotations and those of its descriptors, whatever they are; with the descriptor.
    pub(super) fn annotated(&self) -> impl Iterator<Item = (Option<&Descriptor<'a>>, Json<'a>)> {
        let own = self.annotations.map(|annotations| (None, annotations));
        let theirs = self.descriptors.iter();
        own.into_iter()
            .chain(theirs.filter_map(|descriptor| descriptor.annotations.map(|found| (Some(descriptor), found))))
    }

    /// Its descriptors in one place.
    pub(super) fn of(&self, role: Role) -> impl Iterator<Item = &Descriptor<'a>> {
        self.descriptors.iter().filter(move |descriptor| descriptor.role == role)
    }

    /// The media type of its config.
    pub(super) fn config_media_type(&self) -> Option<&'a str> {
        self.of(Role::Config).next().and_then(Descriptor::media_type)
    }
}

impl<'a> Descriptor<'a> {
    pub(super) fn read(json: Json<'a>, role: Role) -> Self {
        let mut descriptor = Self {
            json,
            role,
            media_type: None,
            digest: None,
            size: None,
            artifact_type: None,
            annotations: None,
            platform: None,
            urls: None,
            data: None,
            media_type_text: None,
            digest_text: None,
            size_value: None,
            digest_end: 0,
        };
        for member in json.members() {
            let slot = match member.key() {
                "mediaType" => &mut descriptor.media_type,
                "digest" => &mut descriptor.digest,
                "size" => &mut descriptor.size,
                "artifactType" => &mut descriptor.artifact_type,
                "annotations" => &mut descriptor.annotations,
                "platform" => &mut descriptor.platform,
                "urls" => &mut descriptor.urls,
                "data" => &mut descriptor.data,
                _ => continue,
            };
            slot.get_or_insert(member);
        }
        descriptor.media_type_text = descriptor.media_type.and_then(Json::as_str);
        descriptor.digest_text = descriptor.digest.and_then(Json::as_str);
        descriptor.size_value = descriptor.size.and_then(Json::as_integer);
        let end = descriptor.digest_text.and_then(|digest| digest.as_bytes().last_chunk());
        descriptor.digest_end = end.map_or(0, |end| u64::from_le_bytes(*end));
        descriptor
    }

    /// Its media type as it is written.
    pub(super) const fn media_type(&self) -> Option<&'a str> {
        self.media_type_text
    }

    /// Its digest as it is written.
    pub(super) const fn digest(&self) -> Option<&'a str> {
        self.digest_text
    }

    /// Its size, when it is an integer of 64 bits.
    pub(super) const fn size(&self) -> Option<i64> {
        self.size_value
    }
}

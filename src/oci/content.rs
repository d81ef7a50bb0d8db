//! What a media type of the specifications describes: so that a layer is not taken for a manifest
//! ([media-types.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md)).

/// What a media type describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// An image manifest or an index.
    Manifest,
    /// The config of an image.
    Config,
    /// A layer of an image.
    Layer,
    /// The empty JSON object.
    Empty,
    /// A descriptor by itself.
    Descriptor,
    /// The file `oci-layout`.
    Layout,
}

impl Content {
    /// What a media type describes, when the OCI specifications define it and advise its use; Docker's types,
    /// deprecated and withdrawn ones are none of these.
    #[must_use]
    pub fn of(media_type: &str) -> Option<Self> {
        let content = match media_type.strip_prefix("application/vnd.oci.")? {
            "image.manifest.v1+json" | "image.index.v1+json" => Self::Manifest,
            "image.config.v1+json" => Self::Config,
            "image.layer.v1.tar" | "image.layer.v1.tar+gzip" | "image.layer.v1.tar+zstd" => Self::Layer,
            "empty.v1+json" => Self::Empty,
            "descriptor.v1+json" => Self::Descriptor,
            "layout.header.v1+json" => Self::Layout,
            _ => return None,
        };
        Some(content)
    }

    /// What it is, in words for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manifest => "a manifest",
            Self::Config => "the config of an image",
            Self::Layer => "a layer of an image",
            Self::Empty => "the empty JSON object",
            Self::Descriptor => "a descriptor",
            Self::Layout => "the header of an image layout",
        }
    }
}

/// Whether a media type is that of a layer of an image, or is derived from one: compressed, encrypted or indexed in
/// another way than the specification lists.
#[must_use]
pub fn is_image_layer(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.oci.image.layer.")
        || media_type.starts_with("application/vnd.docker.image.rootfs.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::well_known as known;

    #[test]
    fn media_types_describe_what_the_specification_says() {
        for (media_type, content) in [
            (known::OCI_MANIFEST, Some(Content::Manifest)),
            (known::OCI_INDEX, Some(Content::Manifest)),
            (known::OCI_IMAGE_CONFIG, Some(Content::Config)),
            (known::EMPTY, Some(Content::Empty)),
            ("application/vnd.oci.image.layer.v1.tar+zstd", Some(Content::Layer)),
            ("application/vnd.oci.image.layer.nondistributable.v1.tar", None),
            (known::DOCKER_MANIFEST, None),
            ("application/vnd.example", None),
            ("application/json", None),
        ] {
            assert_eq!(Content::of(media_type), content, "{media_type}");
        }
    }

    #[test]
    fn layers_of_images_are_told_by_their_beginning() {
        assert!(is_image_layer("application/vnd.oci.image.layer.v1.tar+gzip+encrypted"));
        assert!(is_image_layer("application/vnd.docker.image.rootfs.diff.tar.gzip"));
        assert!(!is_image_layer(known::OCI_IMAGE_CONFIG));
        assert!(!is_image_layer("application/vnd.in-toto+json"));
    }
}

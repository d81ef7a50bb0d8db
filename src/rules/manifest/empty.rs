//! The empty descriptor: `{}` in place of a config or of content that is not there.

use super::lint::{Lint, show};
use super::parts::Descriptor;
use crate::finding::{Rule, declare_rule};
use crate::oci::digest::Algorithm;
use crate::oci::well_known as known;
use crate::source::tape::Json;

declare_rule! {
    /// The data of an empty descriptor is not `{}`.
    ///
    /// ## Why
    /// The media type says that the content is the empty JSON object, and clients never look at it. Whatever else
    /// stands in `data` is read by one client and passed over by the next.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.empty.v1+json",
    ///   "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///   "size": 2,
    ///   "data": "W10="
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.empty.v1+json",
    ///   "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///   "size": 2,
    ///   "data": "e30="
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write `e30=`, which is `{}` in base64, or leave `data` out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static EMPTY_DESCRIPTOR_DATA = {
        id: "empty-descriptor-data", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The digest of an empty descriptor is not that of `{}`.
    ///
    /// ## Why
    /// The media type says that the content is the empty JSON object, whose digest every client knows by heart. With
    /// another digest the content is something else, or does not exist.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.empty.v1+json",
    ///   "digest": "sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.empty.v1+json",
    ///   "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Store `{}` and write its digest, or give the descriptor the media type of what it really describes.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static EMPTY_DESCRIPTOR_DIGEST = {
        id: "empty-descriptor-digest", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The size of an empty descriptor is not 2.
    ///
    /// ## Why
    /// The content is `{}`, two bytes. Clients that check sizes before they look at digests refuse the whole manifest.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.empty.v1+json",
    ///   "digest": "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd",
    ///   "size": 3
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.empty.v1+json",
    ///   "digest": "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write `2`, or give the descriptor the media type of what it really describes.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md, guidance for an empty descriptor](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor)
    pub static EMPTY_DESCRIPTOR_SIZE = {
        id: "empty-descriptor-size", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&EMPTY_DESCRIPTOR_DATA, &EMPTY_DESCRIPTOR_DIGEST, &EMPTY_DESCRIPTOR_SIZE];

pub(super) fn check<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>) {
    if descriptor.media_type() != Some(known::EMPTY) {
        return;
    }
    if let Some((size, found)) = descriptor.size.zip(descriptor.size())
        && found != 2
    {
        lint.value(&EMPTY_DESCRIPTOR_SIZE, size, format!("the size is {found}, but `{{}}` has 2 bytes"))
            .help("write `2`")
            .done();
    }
    if let Some((digest, found)) = descriptor.digest.zip(descriptor.digest()) {
        // Of an algorithm that is not registered nobody knows the digest of `{}`, and a malformed one is told as that.
        let expected = Algorithm::of_digest(found).map_or(found, |algorithm| algorithm.of_empty_object());
        if found != expected {
            lint.value(&EMPTY_DESCRIPTOR_DIGEST, digest, format!("`{}` is not the digest of `{{}}`", show(found)))
                .help(format!("write `{expected}`"))
                .done();
        }
    }
    if let Some((data, found)) = descriptor.data.zip(descriptor.data.and_then(Json::as_str))
        && found != "e30="
    {
        lint.value(&EMPTY_DESCRIPTOR_DATA, data, format!("`{}` is not `{{}}` in base64", show(found)))
            .help("write `e30=`, or leave `data` out")
            .done();
    }
}

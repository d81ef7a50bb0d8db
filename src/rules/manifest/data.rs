//! Content that a descriptor carries in itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::lint::{Lint, show};
use super::parts::Descriptor;
use crate::finding::{Rule, declare_rule};
use crate::oci::digest::Algorithm;
use crate::oci::well_known as known;
use crate::source::tape::Json;

declare_rule! {
    /// The data of a descriptor is not base64.
    ///
    /// ## Why
    /// One decoder refuses it, another skips what it does not know, a third passes over surplus bits: the same text is
    /// different content to each of them.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2bd7e9b1c2fe8c42e4f18d9cff1b1f22d9a2bbc3c2b3fc23ab98df8fdb8a9c0a",
    ///   "size": 4,
    ///   "data": "_-_-Pw=="
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ///   "size": 3,
    ///   "data": "Zm9v"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Encode the content with the standard alphabet (`+` and `/`, not `-` and `_`), with `=` up to a multiple of four
    /// characters, and without line breaks.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 4648, section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4),
    /// [section 3](https://www.rfc-editor.org/rfc/rfc4648#section-3) on line breaks, padding and surplus bits
    pub static DESCRIPTOR_DATA_BASE64 = {
        id: "descriptor-data-base64", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The data of a descriptor does not have its digest.
    ///
    /// ## Why
    /// A client that uses the data and one that fetches the content see different things. That can be an accident, or a
    /// way to show a scanner something harmless.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ///   "size": 3,
    ///   "data": "YmFy"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ///   "size": 3,
    ///   "data": "Zm9v"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Embed the content that the digest belongs to, or remove `data`. Write another digest only if the data is the
    /// content that is meant.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_DATA_DIGEST = {
        id: "descriptor-data-digest", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The data of a descriptor is larger than 1 MiB.
    ///
    /// ## Why
    /// Registries and clients refuse manifests above a certain size, many above 4 MiB, and everybody who reads the
    /// manifest must fetch the data with it. Embedding is meant for content that is smaller than the cost of a request.
    ///
    /// ## Reported
    /// A `data` of more than 1,048,576 characters.
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ///   "size": 3,
    ///   "data": "Zm9v"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Remove `data` before the manifest is published, and leave the content in its blob.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, embedded content](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#embedded-content),
    /// [distribution-spec 1.1.1, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)
    pub static DESCRIPTOR_DATA_LARGE = {
        id: "descriptor-data-large", level: Warning, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

declare_rule! {
    /// The data of a descriptor does not have its size.
    ///
    /// ## Why
    /// A client that checks sizes first refuses the descriptor; one that does not takes content of another length for
    /// the one that is described.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ///   "size": 4,
    ///   "data": "Zm9v"
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ///   "size": 3,
    ///   "data": "Zm9v"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the number of bytes before the encoding as `size`; the text in base64 is a third longer. If the digest does
    /// not fit either, the data is another content.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_DATA_SIZE = {
        id: "descriptor-data-size", level: Error, since: "0.1.0", subject: Manifest, spec: V1_1,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] =
    &[&DESCRIPTOR_DATA_BASE64, &DESCRIPTOR_DATA_DIGEST, &DESCRIPTOR_DATA_LARGE, &DESCRIPTOR_DATA_SIZE];

/// Number of characters above which data is large: a quarter of what every registry should take as a manifest.
const LARGE: usize = 1 << 20;

pub(super) fn check<'a>(lint: &mut Lint<'a>, descriptor: &Descriptor<'a>) {
    let Some((data, text)) = descriptor.data.zip(descriptor.data.and_then(Json::as_str)) else { return };
    // All parts of an empty descriptor are known, and have their own rules.
    if descriptor.media_type() == Some(known::EMPTY) || !lint.wants(&DESCRIPTOR_DATA_BASE64) {
        return;
    }
    if text.len() > LARGE {
        lint.key(&DESCRIPTOR_DATA_LARGE, data, format!("`data` has {} characters", text.len()))
            .help("remove `data`, and let clients fetch the content")
            .done();
    }
    let Ok(content) = STANDARD.decode(text) else {
        malformed(lint, data, text);
        return;
    };
    let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
    if let Some((size, expected)) = descriptor.size.zip(descriptor.size())
        && expected >= 0
        && expected != length
    {
        lint.value(&DESCRIPTOR_DATA_SIZE, size, format!("the size is {expected}, but `data` holds {length} bytes"))
            .help(format!("write `{length}`, if `data` is the right content"))
            .related(data, "the data")
            .done();
    }
    if let Some((digest, expected)) = descriptor.digest.zip(descriptor.digest())
        && let Some(algorithm) = Algorithm::of_digest(expected)
        && algorithm.since() <= lint.spec()
    {
        let found = algorithm.digest(&content);
        if found != expected {
            lint.value(&DESCRIPTOR_DATA_DIGEST, digest, format!("`data` has the digest `{found}`, not this one"))
                .help("embed the content that the digest belongs to, or remove `data`")
                .related(data, "the data")
                .done();
        }
    }
}

/// Says where a text stops being base64.
fn malformed<'a>(lint: &mut Lint<'a>, data: Json<'a>, text: &str) {
    let standard = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    let body = text.trim_end_matches('=');
    if let Some((at, found)) = body.char_indices().find(|(_, c)| !standard(*c)) {
        let (what, help) = match found {
            '-' | '_' => (None, "write `+` for `-` and `/` for `_`: this is the alphabet for URLs"),
            '=' => (None, "keep padding at the end only; encode the whole content at once"),
            '\n' | '\r' => (Some("a line break"), "write the data in one line"),
            ' ' | '\t' => (Some("white space"), "write the data without gaps"),
            _ => (None, "encode the content as base64, or leave `data` out"),
        };
        let shown = show(found.encode_utf8(&mut [0; 4]));
        let message = match what {
            Some(what) => format!("{what} in base64"),
            None => format!("`{shown}` has no place there in base64"),
        };
        lint.within(&DESCRIPTOR_DATA_BASE64, data, at..at + found.len_utf8(), message).help(help).done();
        return;
    }
    let missing = body.len().next_multiple_of(4) - body.len();
    let padding = text.len() - body.len();
    let (message, help) = match missing {
        3 => (format!("{} characters of base64 can not be decoded: one is missing or too many", body.len()), None),
        _ if padding != missing => {
            let message = match padding {
                0 => "the padding is missing".to_owned(),
                _ => format!("{padding} `=` at the end, instead of {missing}"),
            };
            let help = match missing {
                0 => "remove the `=`".to_owned(),
                _ => format!("end the data with `{}`", "=".repeat(missing)),
            };
            (message, Some(help))
        }
        _ => ("the last character has bits that belong to no byte".to_owned(), None),
    };
    let help = help.unwrap_or_else(|| "encode the content again".to_owned());
    let end = body.len().saturating_sub(1)..text.len();
    lint.within(&DESCRIPTOR_DATA_BASE64, data, end, message).help(help).done();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoder_is_strict() {
        for good in ["", "Zg==", "Zm8=", "Zm9v", "+/+/"] {
            assert!(STANDARD.decode(good).is_ok(), "{good}");
        }
        for bad in ["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9v", "-_-_", "Zg==Zg==", "Z", "=", "====", "é"]
        {
            assert!(STANDARD.decode(bad).is_err(), "{bad}");
        }
    }
}

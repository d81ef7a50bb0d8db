//! Digests: their grammar, their algorithms, their length.

use super::lint::{Lint, show};
use crate::finding::{Rule, declare_rule};
use crate::oci::Spec;
use crate::oci::digest::{Algorithm, is_algorithm, is_encoded_byte};
use crate::source::tape::Json;

declare_rule! {
    /// A digest uses an algorithm that the specification does not register.
    ///
    /// ## Why
    /// Only clients that happen to know the algorithm can verify the content. The others refuse it, or take it
    /// unverified.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
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
    /// Describe the content by its SHA-256. An algorithm that is of use to others can be submitted to image-spec. The
    /// algorithm `blake3` is registered on its main branch, and in no release so far.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, registered algorithms](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms)
    pub static DIGEST_ALGORITHM_REGISTERED = {
        id: "digest-algorithm-registered", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A BLAKE3 digest is not 64 hexadecimal digits.
    ///
    /// ## Why
    /// No content has such a digest, so nothing can be fetched or verified by it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "blake3:6c3c624b58dbbcd3c0dd82b4c53f0419",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "blake3:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Calculate the digest of the content again, with 256 bits of output, and write all its digits.
    ///
    /// ## Specification
    /// [image-spec, main branch, descriptor.md, BLAKE3](https://github.com/opencontainers/image-spec/blob/13cff54902ec9ad6320cbc487a685b66fcd67171/descriptor.md#blake3)
    pub static DIGEST_BLAKE3_ENCODING = {
        id: "digest-blake3-encoding", level: Error, since: "0.1.0", subject: Manifest, spec: Main,
    }
}

declare_rule! {
    /// A digest does not follow the grammar.
    ///
    /// ## Why
    /// Clients and registries refuse the whole document when they read it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b",
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
    /// Write the algorithm, a colon and the encoded hash. The algorithm has small letters and digits, in components with
    /// one of `+`, `.`, `_` and `-` between them; the rest has letters, digits, `=`, `_` and `-`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, digests](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests)
    pub static DIGEST_GRAMMAR = { id: "digest-grammar", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A digest has upper-case hexadecimal digits.
    ///
    /// ## Why
    /// Digests are compared as text. One with capitals equals none that a client calculates, and the content counts as
    /// corrupt or missing.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:6C3C624B58DBBCD3C0DD82B4C53F04194D1247C6EEBDAAB7C610CF7D66709B3B",
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
    /// Write the same digits in lower case.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, SHA-256](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#sha-256)
    pub static DIGEST_HEX_UPPERCASE = { id: "digest-hex-uppercase", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A digest is longer than 255 characters.
    ///
    /// ## Why
    /// The grammar has no limit, but content is stored under its digest, and most file systems refuse such a name. A text
    /// of any length in place of a hash is also a way to fill the memory of a registry.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "example:00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    ///   "size": 1024
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Describe the content by its SHA-256.
    ///
    /// ## Specification
    /// [distribution-spec, issue 260](https://github.com/opencontainers/distribution-spec/issues/260), on texts of any length in manifests
    pub static DIGEST_LENGTH = { id: "digest-length", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A digest has characters that lead out of a path.
    ///
    /// ## Why
    /// Tools put digests into the paths of files and into addresses of registries. With `/`, `\`, `%` or `..` in one, a
    /// tool that does not check it reads or writes elsewhere, or asks a registry for something else with the
    /// credentials of the user.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:../../../etc/passwd",
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
    /// Write the digest of the content. Do not use a document of unknown origin that is written like this.
    ///
    /// ## Specification
    /// [CVE-2024-3727](https://www.cve.org/CVERecord?id=CVE-2024-3727),
    /// [image-spec 1.1.1, descriptor.md, digests](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests)
    pub static DIGEST_PATH_CHARACTERS = { id: "digest-path-characters", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A SHA-256 digest is not 64 hexadecimal digits.
    ///
    /// ## Why
    /// No content has such a digest: clients refuse the document, and nothing can be fetched by it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:da39a3ee5e6b4b0d3255bfef95601890afd80709",
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
    /// Calculate the digest of the content again, for example with `sha256sum`, and write all its digits.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, SHA-256](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#sha-256)
    pub static DIGEST_SHA256_ENCODING = {
        id: "digest-sha256-encoding", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A digest uses another registered algorithm than SHA-256.
    ///
    /// ## Why
    /// Every client must be able to verify SHA-256; support for the other registered algorithms is optional. Nothing is
    /// wrong with such a digest, so this rule is only reported when somebody asks for it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Describe the content by its SHA-256, unless all its users are known to support the other algorithm.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, registered algorithms](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms)
    pub static DIGEST_SHA256_PREFERRED = {
        id: "digest-sha256-preferred", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

declare_rule! {
    /// A SHA-512 digest is not 128 hexadecimal digits.
    ///
    /// ## Why
    /// No content has such a digest: clients refuse the document, and nothing can be fetched by it.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## Accepted
    /// Each descriptor chooses its algorithm: the digest of this layer stands beside the SHA-256 of a config.
    /// ```json accepted descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd",
    ///   "size": 2
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Calculate the digest of the content again, for example with `sha512sum`, and write all its digits.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, SHA-512](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#sha-512)
    pub static DIGEST_SHA512_ENCODING = {
        id: "digest-sha512-encoding", level: Error, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A digest uses an algorithm for which collisions are known.
    ///
    /// ## Why
    /// Somebody can make two contents with the same digest, have one of them checked and deliver the other.
    ///
    /// ## Reported
    /// ```json reported descriptor
    /// {
    ///   "mediaType": "application/vnd.oci.image.layer.v1.tar",
    ///   "digest": "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
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
    /// Describe the content by its SHA-256.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, digests](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests),
    /// [RFC 6151, section 2.1](https://www.rfc-editor.org/rfc/rfc6151#section-2.1) on MD5,
    /// [RFC 6194, section 3](https://www.rfc-editor.org/rfc/rfc6194#section-3) on SHA-1
    pub static DIGEST_WEAK_ALGORITHM = { id: "digest-weak-algorithm", level: Warning, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &DIGEST_ALGORITHM_REGISTERED,
    &DIGEST_BLAKE3_ENCODING,
    &DIGEST_GRAMMAR,
    &DIGEST_HEX_UPPERCASE,
    &DIGEST_LENGTH,
    &DIGEST_PATH_CHARACTERS,
    &DIGEST_SHA256_ENCODING,
    &DIGEST_SHA256_PREFERRED,
    &DIGEST_SHA512_ENCODING,
    &DIGEST_WEAK_ALGORITHM,
];

/// The longest name of a file on most file systems.
const LONGEST: usize = 255;

/// Algorithms for which collisions were published, or that are no cryptographic hashes.
const WEAK: [&str; 7] = ["md4", "md5", "sha0", "sha1", "sha-1", "crc32", "adler32"];

pub(super) fn check<'a>(lint: &mut Lint<'a>, digest: Json<'a>) {
    let Some(text) = digest.as_str() else { return };
    if text.strip_prefix("sha256:").is_some_and(|encoded| Algorithm::Sha256.encodes(encoded)) {
        return;
    }
    // Digests are cut off in documentation, and then in documents that were copied from there.
    let whole = text.trim_end_matches("...").trim_end_matches('\u{2026}');
    if let Some(at) = ["..", "/", "\\", "%"].iter().filter_map(|part| whole.find(part)).min() {
        let length = if whole[at..].starts_with("..") { 2 } else { 1 };
        let message = format!("`{}` in the digest `{}` leads out of a path", &text[at..at + length], show(text));
        lint.within(&DIGEST_PATH_CHARACTERS, digest, at..at + length, message)
            .help("write the digest of the content, and do not trust a document that has this")
            .done();
        return;
    }
    let Some((algorithm, encoded)) = text.split_once(':') else {
        unsplit(lint, digest, text);
        return;
    };
    match Algorithm::named(algorithm) {
        Some(registered) if registered.since() <= lint.spec() => of_registered(lint, digest, registered, encoded),
        _ if grammar(lint, digest, algorithm, encoded) => of_unregistered(lint, digest, text, algorithm),
        _ => {}
    }
}

/// A digest without a colon.
fn unsplit<'a>(lint: &mut Lint<'a>, digest: Json<'a>, text: &str) {
    if text.is_empty() {
        lint.value(&DIGEST_GRAMMAR, digest, "the digest is empty")
            .help("write the algorithm, a colon and the encoded hash, as in `sha256:…`")
            .done();
        return;
    }
    let guess = [Algorithm::Sha256, Algorithm::Sha512].into_iter().find(|algorithm| algorithm.encodes(text));
    let help = match guess {
        Some(algorithm) => format!("did you mean `{}:{}`?", algorithm.name(), show(text)),
        None => "write the algorithm, a colon and the encoded hash, as in `sha256:…`".to_owned(),
    };
    lint.value(&DIGEST_GRAMMAR, digest, format!("the digest `{}` names no algorithm before a colon", show(text)))
        .help(help)
        .done();
}

/// Whether the two parts of a digest follow the grammar; reports when not.
fn grammar<'a>(lint: &mut Lint<'a>, digest: Json<'a>, algorithm: &str, encoded: &str) -> bool {
    if !is_algorithm(algorithm) {
        let lower = algorithm.trim().to_lowercase();
        let help = if algorithm.is_empty() {
            "write the algorithm before the colon, as in `sha256:…`".to_owned()
        } else if let Some(known) = near(&lower) {
            format!("did you mean `{}`?", known.name())
        } else if is_algorithm(&lower) {
            format!("write `{lower}`")
        } else {
            "write small letters and digits, in components with one of `+`, `.`, `_` and `-` between them".to_owned()
        };
        let message = match algorithm {
            "" => "no algorithm stands before the colon".to_owned(),
            _ => format!("`{}` is not the name of an algorithm", show(algorithm)),
        };
        lint.within(&DIGEST_GRAMMAR, digest, 0..algorithm.len(), message).help(help).done();
        return false;
    }
    let first = algorithm.len() + 1;
    if encoded.is_empty() {
        lint.value(&DIGEST_GRAMMAR, digest, format!("nothing stands behind the colon of `{algorithm}:`"))
            .help("write the encoded hash behind the colon")
            .done();
        return false;
    }
    let Some((at, found)) = encoded.char_indices().find(|(_, c)| !u8::try_from(*c).is_ok_and(is_encoded_byte)) else {
        return true;
    };
    let bytes = first + at..first + at + found.len_utf8();
    let message = if is_cut(encoded, at) {
        "the digest is cut off".to_owned()
    } else {
        format!("`{}` may not stand in a digest", show(found.encode_utf8(&mut [0; 4])))
    };
    lint.within(&DIGEST_GRAMMAR, digest, bytes, message)
        .help("write the encoded hash behind the colon: letters, digits, `=`, `_` and `-`")
        .done();
    false
}

/// A digest whose algorithm is registered, and that is perhaps well-formed.
fn of_registered<'a>(lint: &mut Lint<'a>, digest: Json<'a>, algorithm: Algorithm, encoded: &str) {
    let (name, digits) = (algorithm.name(), algorithm.digits());
    if algorithm.encodes(encoded) {
        if algorithm != Algorithm::Sha256 && lint.wants(&DIGEST_SHA256_PREFERRED) {
            lint.within(&DIGEST_SHA256_PREFERRED, digest, 0..name.len(), format!("`{name}` where SHA-256 is advised"))
                .help("use `sha256`, which every client verifies")
                .done();
        }
        return;
    }
    let first = name.len() + 1;
    let hex = encoded.bytes().all(|b| b.is_ascii_hexdigit());
    if hex && encoded.len() == digits {
        let at = encoded.bytes().position(|b| b.is_ascii_uppercase()).unwrap_or(0);
        lint.within(&DIGEST_HEX_UPPERCASE, digest, first + at..first + encoded.len(), "the digest has capital letters")
            .help(format!("write `{name}:{}`", encoded.to_ascii_lowercase()))
            .done();
        return;
    }
    let rule = match algorithm {
        Algorithm::Sha256 => &DIGEST_SHA256_ENCODING,
        Algorithm::Sha512 => &DIGEST_SHA512_ENCODING,
        Algorithm::Blake3 => &DIGEST_BLAKE3_ENCODING,
    };
    if let Some((at, found)) = encoded.char_indices().find(|(_, c)| !c.is_ascii_hexdigit()) {
        let bytes = first + at..first + at + found.len_utf8();
        let message = if is_cut(encoded, at) {
            "the digest is cut off".to_owned()
        } else {
            format!("`{}` is no hexadecimal digit", show(found.encode_utf8(&mut [0; 4])))
        };
        let help = format!("write all {digits} digits of the hash, `0` to `9` and `a` to `f`");
        lint.within(rule, digest, bytes, message).help(help).done();
        return;
    }
    let message = match encoded.len() {
        0 => format!("nothing stands behind the colon of `{name}:`"),
        found => format!("a `{name}` digest has {digits} hexadecimal digits, not {found}"),
    };
    let other = Algorithm::ALL.into_iter().find(|other| other.since() <= lint.spec() && other.encodes(encoded));
    let help = match (encoded.len(), other) {
        (_, Some(other)) => format!("{} digits are those of `{}`", encoded.len(), other.name()),
        (32, None) => "32 digits are those of MD5: calculate the digest again".to_owned(),
        (40, None) => "40 digits are those of SHA-1: calculate the digest again".to_owned(),
        _ => format!("write all {digits} digits of the hash"),
    };
    lint.within(rule, digest, first..first + encoded.len(), message).help(help).done();
}

/// A digest that follows the grammar and whose algorithm is not registered.
fn of_unregistered<'a>(lint: &mut Lint<'a>, digest: Json<'a>, text: &str, algorithm: &str) {
    if text.len() > LONGEST {
        lint.value(
            &DIGEST_LENGTH,
            digest,
            format!("the digest has {} characters, more than a file name can have", text.len()),
        )
        .help("use `sha256`")
        .done();
        return;
    }
    let weak = |name: &str| {
        algorithm.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', '.', '_', '-']))
    };
    if WEAK.iter().any(|name| weak(name)) {
        let message = format!("collisions of `{algorithm}` are known");
        lint.within(&DIGEST_WEAK_ALGORITHM, digest, 0..algorithm.len(), message).help("use `sha256`").done();
        return;
    }
    let message = match Algorithm::named(algorithm) {
        Some(_) => format!("`{algorithm}` is not registered by image-spec {}", lint.spec()),
        None => format!("`{}` is not a registered algorithm", show(algorithm)),
    };
    let help = match near(algorithm) {
        Some(known) if known.name() != algorithm => format!("did you mean `{}`?", known.name()),
        _ => "use `sha256`, which every client verifies".to_owned(),
    };
    lint.within(&DIGEST_ALGORITHM_REGISTERED, digest, 0..algorithm.len(), message).help(help).done();
}

/// Whether an encoded part is written as far as `at`, and then as dots.
fn is_cut(encoded: &str, at: usize) -> bool {
    encoded
        .get(at..)
        .is_some_and(|rest| at > 0 && (rest == "\u{2026}" || rest.len() > 2 && rest.bytes().all(|b| b == b'.')))
}

/// The registered algorithm that somebody meant who wrote it with capitals or separators.
fn near(algorithm: &str) -> Option<Algorithm> {
    let plain: String = algorithm.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Algorithm::named(&plain).filter(|known| known.since() == Spec::V1_0)
}

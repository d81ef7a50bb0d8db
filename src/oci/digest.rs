//! Digests: the grammar of [image-spec descriptor.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests),
//! and the registered algorithms.

use super::Spec;
use super::hash::Hasher;

/// An algorithm that the specification registers
/// ([descriptor.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// BLAKE3 with 256 bits.
    Blake3,
}

impl Algorithm {
    /// All.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha512, Self::Blake3];

    /// The algorithm with an identifier.
    #[must_use]
    pub fn named(identifier: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == identifier)
    }

    /// The algorithm of a digest that is well-formed.
    #[must_use]
    pub fn of_digest(text: &str) -> Option<Self> {
        let (algorithm, encoded) = text.split_once(':')?;
        Self::named(algorithm).filter(|algorithm| algorithm.encodes(encoded))
    }

    /// Its identifier.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Blake3 => "blake3",
        }
    }

    /// How many hexadecimal digits follow the colon.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Sha256 | Self::Blake3 => 64,
            Self::Sha512 => 128,
        }
    }

    /// The first release of the specification that registers it.
    #[must_use]
    pub const fn since(self) -> Spec {
        match self {
            Self::Sha256 | Self::Sha512 => Spec::V1_0,
            Self::Blake3 => Spec::Main,
        }
    }

    /// Whether a text is the encoded part of a digest by it.
    #[must_use]
    pub fn encodes(self, encoded: &str) -> bool {
        // Without a branch for each byte, so that many are looked at in one step.
        encoded.len() == self.digits()
            && encoded.bytes().fold(true, |all, b| all & matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// The digest of some content.
    #[must_use]
    pub fn digest(self, content: &[u8]) -> String {
        let mut hasher = Hasher::new(self);
        hasher.update(content);
        hasher.finish()
    }

    /// The digest of no bytes.
    #[must_use]
    pub const fn of_nothing(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            Self::Sha512 => {
                "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
            }
            Self::Blake3 => "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
        }
    }

    /// The digest of the empty JSON object `{}`.
    #[must_use]
    pub const fn of_empty_object(self) -> &'static str {
        match self {
            Self::Sha256 => super::well_known::EMPTY_DIGEST,
            Self::Sha512 => {
                "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd"
            }
            Self::Blake3 => "blake3:6e46dd10defc9b56c29a6ec56b508c21f54c08192194e4df25bf36f0c9c3c279",
        }
    }
}

/// Whether the text is `algorithm:encoded` by the specification's grammar, and well-formed for a registered algorithm.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    match Algorithm::named(algorithm) {
        Some(registered) => registered.encodes(encoded),
        None => is_algorithm(algorithm) && !encoded.is_empty() && encoded.bytes().all(is_encoded_byte),
    }
}

/// Whether the text is an algorithm by the grammar: components of small letters and digits, separated by one of `+._-`.
#[must_use]
pub fn is_algorithm(text: &str) -> bool {
    let component = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split(['+', '.', '_', '-']).all(component)
}

/// Whether a byte may stand in the encoded part by the grammar.
#[must_use]
pub const fn is_encoded_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_algorithms_have_a_length() {
        assert!(is_digest(&format!("sha256:{}", "a".repeat(64))));
        assert!(!is_digest(&format!("sha256:{}", "A".repeat(64))));
        assert!(!is_digest("sha256:abc"));
        assert!(is_digest("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8"));
        assert!(!is_digest("sha256"));
        assert!(!is_digest("SHA256:aa"));
    }

    #[test]
    fn algorithms_are_components_with_one_separator_between() {
        for good in ["sha256", "sha256+b64u", "a.b_c-d", "0"] {
            assert!(is_algorithm(good), "{good}");
        }
        for bad in ["", "+", "a+", "+a", "a..b", "a+-b", "A", "a b", "é"] {
            assert!(!is_algorithm(bad), "{bad}");
        }
    }

    #[test]
    fn known_digests_are_those_of_their_content() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.digest(b""), algorithm.of_nothing());
            assert_eq!(algorithm.digest(b"{}"), algorithm.of_empty_object());
            assert_eq!(Algorithm::of_digest(algorithm.of_nothing()), Some(algorithm));
        }
    }
}

//! The one place that calculates digests.

use sha2::Digest as _;

use super::digest::Algorithm;

/// Content that is being hashed.
pub enum Hasher {
    /// SHA-256.
    Sha256(sha2::Sha256),
    /// SHA-512.
    Sha512(sha2::Sha512),
    /// BLAKE3 with 256 bits, which no release has yet.
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    /// A hasher of an algorithm.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            Algorithm::Blake3 => Self::Blake3(Box::new(blake3::Hasher::new())),
        }
    }

    /// Adds content.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
            Self::Blake3(hasher) => {
                hasher.update(bytes);
            }
        }
    }

    /// The digest, with the name of its algorithm.
    #[must_use]
    pub fn finish(self) -> String {
        match self {
            Self::Sha256(hasher) => written("sha256", &hasher.finalize()),
            Self::Sha512(hasher) => written("sha512", &hasher.finalize()),
            Self::Blake3(hasher) => written("blake3", hasher.finalize().as_bytes()),
        }
    }
}

/// The digest of some bytes; `None` when the algorithm is not registered.
#[must_use]
pub fn digest(algorithm: &str, bytes: &[u8]) -> Option<String> {
    Algorithm::named(algorithm).map(|algorithm| algorithm.digest(bytes))
}

/// `sha256:` and the digest of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    written("sha256", &sha2::Sha256::digest(bytes))
}

fn written(algorithm: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(algorithm.len() + 1 + 2 * bytes.len());
    text.push_str(algorithm);
    text.push(':');
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn digests_of_the_empty_object() {
        let of = |algorithm| digest(algorithm, b"{}").unwrap();
        assert_eq!(of("sha256"), crate::oci::well_known::EMPTY_DIGEST);
        assert!(of("sha512").starts_with("sha512:27c74670adb75075"));
        // Of nothing at all, as the paper on BLAKE3 and its reference implementation have it.
        let nothing = digest("blake3", b"").unwrap();
        assert_eq!(nothing, "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
        assert_eq!(digest("md5", b""), None);
    }
}

//! Digests: the grammar of [image-spec descriptor.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests).

/// Whether the text is `algorithm:encoded` by the specification's grammar, and well-formed for a registered algorithm.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let component = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !algorithm.split(['+', '.', '_', '-']).all(component) {
        return false;
    }
    let hex =
        |length: usize| encoded.len() == length && encoded.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match algorithm {
        "sha256" | "blake3" => hex(64),
        "sha512" => hex(128),
        _ => {
            !encoded.is_empty() && encoded.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'=' | b'_' | b'-'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_digest;

    #[test]
    fn registered_algorithms_have_a_length() {
        assert!(is_digest(&format!("sha256:{}", "a".repeat(64))));
        assert!(!is_digest(&format!("sha256:{}", "A".repeat(64))));
        assert!(!is_digest("sha256:abc"));
        assert!(is_digest("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8"));
        assert!(!is_digest("sha256"));
        assert!(!is_digest("SHA256:aa"));
    }
}

//! Media types by [RFC 6838](https://www.rfc-editor.org/rfc/rfc6838): names, trees, facets and suffixes.

use std::borrow::Cow;

/// Most characters of a type name and of a subtype name (RFC 6838 section 4.2).
pub const MAX_NAME: usize = 127;
/// Characters of a name that some implementations stop at (RFC 6838 section 4.2).
pub const ADVISED_NAME: usize = 64;

/// Top-level types that IANA has registered, sorted.
pub const TOP_LEVEL: [&str; 11] =
    ["application", "audio", "example", "font", "haptics", "image", "message", "model", "multipart", "text", "video"];

/// Structured syntax suffixes that IANA has registered, sorted
/// ([registry](https://www.iana.org/assignments/media-type-structured-suffix)).
pub const SUFFIXES: [&str; 22] = [
    "ber",
    "bhttp",
    "cbor",
    "cbor-seq",
    "cose",
    "cwt",
    "der",
    "eat+jwt",
    "fastinfoset",
    "gzip",
    "json",
    "json-seq",
    "jwt",
    "protobuf",
    "sd-cwt",
    "sd-jwt",
    "sqlite3",
    "tlv",
    "wbxml",
    "xml",
    "yaml",
    "zip",
];

/// A media type that satisfies RFC 6838 section 4.2, in lower case and without parameters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaType<'a> {
    text: Cow<'a, str>,
    slash: usize,
}

/// Why a text is no media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// There is no slash, or more than one, or nothing on one side of it.
    Parts,
    /// A part begins with something else than a letter or digit.
    FirstCharacter,
    /// A character that the grammar does not have, at this byte.
    Character(usize),
    /// Parameters behind a semicolon.
    Parameters,
    /// A part has more than 127 characters.
    Length,
}

/// Registration tree of a subtype (RFC 6838 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tree {
    /// No prefix: registered by a standards organisation.
    Standards,
    /// `vnd.`: a vendor's.
    Vendor,
    /// `prs.`: a person's.
    Personal,
    /// `x.`: unregistered.
    Unregistered,
}

impl<'a> MediaType<'a> {
    /// Reads a media type; upper case is folded.
    ///
    /// # Errors
    ///
    /// The first thing by which the text breaks the grammar.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        if text.contains(';') {
            return Err(Malformed::Parameters);
        }
        let slash = text.find('/').ok_or(Malformed::Parts)?;
        let (name, sub) = (&text[..slash], &text[slash + 1..]);
        if name.is_empty() || sub.is_empty() || sub.contains('/') {
            return Err(Malformed::Parts);
        }
        for (part, at) in [(name, 0), (sub, slash + 1)] {
            if let Some(bad) = part.bytes().position(|b| !is_restricted_name_character(b)) {
                return Err(Malformed::Character(at + bad));
            }
            if !part.as_bytes()[0].is_ascii_alphanumeric() {
                return Err(Malformed::FirstCharacter);
            }
            if part.len() > MAX_NAME {
                return Err(Malformed::Length);
            }
        }
        let upper = text.bytes().any(|b| b.is_ascii_uppercase());
        let text = if upper { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) };
        Ok(Self { text, slash })
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The top-level type.
    #[must_use]
    pub fn top_level(&self) -> &str {
        &self.text[..self.slash]
    }

    /// The subtype, with tree and suffix.
    #[must_use]
    pub fn subtype(&self) -> &str {
        &self.text[self.slash + 1..]
    }

    /// What follows the last `+` of the subtype.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        self.subtype().rsplit_once('+').map(|(_, suffix)| suffix)
    }

    /// The registration tree.
    #[must_use]
    pub fn tree(&self) -> Tree {
        match self.subtype().split_once('.') {
            Some(("vnd", _)) => Tree::Vendor,
            Some(("prs", _)) => Tree::Personal,
            Some(("x", _)) => Tree::Unregistered,
            _ => Tree::Standards,
        }
    }
}

/// Whether a byte is a `restricted-name-chars` of RFC 6838 section 4.2.
const fn is_restricted_name_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'#' | b'$' | b'&' | b'-' | b'^' | b'_' | b'.' | b'+')
}

/// A media type as identification compares it: lower case, without parameters and white space around it.
#[inline]
#[must_use]
pub fn normalise(text: Cow<'_, str>) -> Cow<'_, str> {
    // Without a branch for each byte, so that many are looked at in one step.
    let odd = |b: u8| b.is_ascii_uppercase() || (b == b';') || (b <= b' ');
    if !text.bytes().fold(false, |any, b| any | odd(b)) {
        return text;
    }
    let bare = text.split(';').next().unwrap_or_default().trim_ascii();
    Cow::Owned(bare.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar_and_parts() {
        let helm = MediaType::parse("application/vnd.cncf.helm.config.v1+json").unwrap();
        assert_eq!((helm.top_level(), helm.suffix(), helm.tree()), ("application", Some("json"), Tree::Vendor));
        assert_eq!(MediaType::parse("dadi.image.v1"), Err(Malformed::Parts));
        assert_eq!(MediaType::parse("application/.x"), Err(Malformed::FirstCharacter));
        assert_eq!(MediaType::parse("application/a b"), Err(Malformed::Character(13)));
        assert_eq!(MediaType::parse("text/plain; charset=utf-8"), Err(Malformed::Parameters));
        assert_eq!(MediaType::parse(&format!("application/{}", "a".repeat(128))), Err(Malformed::Length));
        assert!(MediaType::parse(&format!("application/{}", "a".repeat(127))).is_ok());
        assert_eq!(MediaType::parse("Application/JSON").unwrap().as_str(), "application/json");
    }

    #[test]
    fn normalisation_folds_case_and_drops_parameters() {
        assert_eq!(normalise("Application/JSON ; a=b".into()), "application/json");
        assert!(matches!(normalise("application/json".into()), Cow::Borrowed(_)));
    }
}

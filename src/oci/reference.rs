//! References to manifests, `[domain/]path[:tag][@digest]`: the grammar of
//! [distribution/reference](https://github.com/distribution/reference/blob/v0.6.0/reference.go), which is that of
//! [distribution-spec, pulling manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests)
//! with a registry before it.

use std::ops::Range;

use super::digest::is_digest;

/// Most characters of a tag.
pub const MAX_TAG: usize = 128;
/// Most characters of registry, slash and repository that many clients take.
pub const MAX_NAME: usize = 255;

/// A reference in its parts, none of which was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// What stands before `://`; references have nothing of the kind.
    pub scheme: Option<Part<'a>>,
    /// The registry, when there is one: a name with a dot or a port, or `localhost`.
    pub domain: Option<Part<'a>>,
    /// The repository.
    pub path: Part<'a>,
    /// What stands behind the colon.
    pub tag: Option<Part<'a>>,
    /// What stands behind the at sign.
    pub digest: Option<Part<'a>>,
}

/// A part of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its text.
    pub text: &'a str,
    /// The byte of the reference where it begins.
    pub start: usize,
}

/// What is wrong with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// How it breaks the grammar.
    pub kind: Kind,
    /// The bytes of the reference; empty where something is missing.
    pub at: Range<usize>,
}

/// How a part breaks the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is nothing.
    Empty,
    /// A capital letter in a repository.
    Capital,
    /// A character that the part can not hold.
    Character,
    /// A separator where a letter or digit must stand: at an end, or behind another separator.
    Separator,
    /// More characters than there may be.
    Length,
    /// A port that is not a number.
    Port,
    /// Not a digest.
    Digest,
}

impl<'a> Reference<'a> {
    /// Finds the parts of a reference.
    #[must_use]
    pub fn split(text: &'a str) -> Self {
        let scheme = text.find("://").map(|end| Part { text: &text[..end], start: 0 });
        let start = scheme.map_or(0, |scheme| scheme.text.len() + 3);
        let (named, digest) = match text[start..].find('@') {
            Some(at) => (&text[start..start + at], Some(Part::of(text, start + at + 1))),
            None => (&text[start..], None),
        };
        let domain = named.find('/').map(|end| &named[..end]).filter(|first| is_domain(first));
        let path_start = domain.map_or(0, |domain| domain.len() + 1);
        let rest = &named[path_start..];
        let (path, tag) = match rest.find(':') {
            Some(colon) => {
                let tag_start = start + path_start + colon + 1;
                (&rest[..colon], Some(Part { text: &rest[colon + 1..], start: tag_start }))
            }
            None => (rest, None),
        };
        Self {
            scheme,
            domain: domain.map(|domain| Part { text: domain, start }),
            path: Part { text: path, start: start + path_start },
            tag,
            digest,
        }
    }

    /// Characters of registry, slash and repository.
    #[must_use]
    pub fn name_length(&self) -> usize {
        let domain = self.domain.map_or(0, |domain| domain.text.chars().count() + 1);
        domain + self.path.text.chars().count()
    }

    /// The bytes of registry, slash and repository.
    #[must_use]
    pub fn name(&self) -> Range<usize> {
        self.domain.map_or(self.path.start, |domain| domain.start)..self.path.range().end
    }

    /// What is wrong with the registry.
    #[must_use]
    pub fn domain_wrong(&self) -> Option<Wrong> {
        let domain = self.domain?;
        let (host, port) = match (domain.text.starts_with('['), domain.text.rfind(':')) {
            (true, _) => {
                let end = domain.text.find(']').map_or(domain.text.len(), |end| end + 1);
                domain.text.split_at(end)
            }
            (false, Some(colon)) => domain.text.split_at(colon),
            (false, None) => (domain.text, ""),
        };
        let host_wrong = if host.starts_with('[') { address(host) } else { labels(host) };
        let port_wrong = || {
            let number = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            let fits = port.is_empty() || port.strip_prefix(':').is_some_and(number);
            (!fits).then_some((Kind::Port, host.len()..domain.text.len()))
        };
        host_wrong.or_else(port_wrong).map(|found| domain.wrong(found))
    }

    /// What is wrong with the repository.
    #[must_use]
    pub fn path_wrong(&self) -> Option<Wrong> {
        let mut start = 0;
        for component in self.path.text.split('/') {
            if let Some((kind, at)) = component_wrong(component) {
                return Some(self.path.wrong((kind, at.start + start..at.end + start)));
            }
            start += component.len() + 1;
        }
        None
    }

    /// What is wrong with the tag.
    #[must_use]
    pub fn tag_wrong(&self) -> Option<Wrong> {
        let tag = self.tag?;
        let fits =
            |(at, c): &(usize, char)| c.is_ascii_alphanumeric() || *c == '_' || (*at > 0 && matches!(c, '.' | '-'));
        let found = match tag.text.char_indices().find(|found| !fits(found)) {
            _ if tag.text.is_empty() => Some((Kind::Empty, 0..0)),
            Some((at, c)) => {
                let kind = if matches!(c, '.' | '-') { Kind::Separator } else { Kind::Character };
                Some((kind, at..at + c.len_utf8()))
            }
            None => (tag.text.len() > MAX_TAG).then_some((Kind::Length, MAX_TAG..tag.text.len())),
        };
        found.map(|found| tag.wrong(found))
    }

    /// What is wrong with the digest.
    #[must_use]
    pub fn digest_wrong(&self) -> Option<Wrong> {
        let digest = self.digest?;
        (!is_digest(digest.text)).then(|| digest.wrong((Kind::Digest, 0..digest.text.len())))
    }
}

impl<'a> Part<'a> {
    fn of(text: &'a str, start: usize) -> Self {
        Self { text: &text[start..], start }
    }

    /// Its bytes in the reference.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    fn wrong(self, (kind, at): (Kind, Range<usize>)) -> Wrong {
        Wrong { kind, at: self.start + at.start..self.start + at.end }
    }
}

/// Whether the first component of a name is a registry. Behind the colon of a tag stands something else than a number.
fn is_domain(first: &str) -> bool {
    match first.split_once(':') {
        _ if first.starts_with('[') => true,
        Some((host, port)) => port.bytes().all(|b| b.is_ascii_digit()) || host.contains('.') || host == "localhost",
        None => first.contains('.') || first == "localhost",
    }
}

/// What is wrong with the labels of a host.
fn labels(host: &str) -> Option<(Kind, Range<usize>)> {
    let mut start = 0;
    for label in host.split('.') {
        if label.is_empty() {
            return Some((Kind::Empty, start..start));
        }
        if let Some((at, c)) = label.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '-') {
            return Some((Kind::Character, start + at..start + at + c.len_utf8()));
        }
        if label.starts_with('-') || label.ends_with('-') {
            let at = if label.starts_with('-') { start } else { start + label.len() - 1 };
            return Some((Kind::Separator, at..at + 1));
        }
        start += label.len() + 1;
    }
    None
}

/// What is wrong with an address in brackets.
fn address(host: &str) -> Option<(Kind, Range<usize>)> {
    let inner = host[1..].strip_suffix(']');
    let Some(inner) = inner.filter(|inner| !inner.is_empty()) else { return Some((Kind::Character, 0..1)) };
    let (at, c) = inner.char_indices().find(|(_, c)| !c.is_ascii_hexdigit() && *c != ':')?;
    Some((Kind::Character, at + 1..at + 1 + c.len_utf8()))
}

/// What is wrong with a component of a repository: small letters and digits, between them `.`, `_`, `__` or any number
/// of `-`.
fn component_wrong(component: &str) -> Option<(Kind, Range<usize>)> {
    let odd = |c: char| !matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-');
    if component.is_empty() {
        return Some((Kind::Empty, 0..0));
    }
    if let Some((at, c)) = component.char_indices().find(|(_, c)| odd(*c)) {
        let kind = if c.is_ascii_uppercase() { Kind::Capital } else { Kind::Character };
        return Some((kind, at..at + c.len_utf8()));
    }
    let mut at = 0;
    for run in component.split_inclusive(|c: char| c.is_ascii_alphanumeric()) {
        // A run is separators, then one letter or digit; at the end the letter may be missing.
        let separators = run.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        let inside = at > 0 && separators.len() < run.len();
        let fits = matches!(separators, "." | "_" | "__") || separators.bytes().all(|b| b == b'-');
        if !(separators.is_empty() || (inside && fits)) {
            return Some((Kind::Separator, at..at + separators.len()));
        }
        at += run.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    fn parts(text: &str) -> (Option<&str>, &str, Option<&str>, Option<&str>) {
        let found = Reference::split(text);
        for part in [found.scheme, found.domain, Some(found.path), found.tag, found.digest].into_iter().flatten() {
            assert_eq!(&text[part.range()], part.text, "{text}");
        }
        let text = |part: Option<Part<'static>>| part.map(|part| part.text);
        let leak = |part: Option<Part<'_>>| {
            part.map(|part| Part { text: Box::leak(part.text.to_owned().into_boxed_str()), start: part.start })
        };
        (
            text(leak(found.domain)),
            text(leak(Some(found.path))).unwrap(),
            text(leak(found.tag)),
            text(leak(found.digest)),
        )
    }

    #[test]
    fn a_reference_has_parts() {
        assert_eq!(parts("alpine"), (None, "alpine", None, None));
        assert_eq!(parts("alpine:3.20"), (None, "alpine", Some("3.20"), None));
        assert_eq!(parts("my-org/app:1"), (None, "my-org/app", Some("1"), None));
        assert_eq!(parts("ghcr.io/org/app:1"), (Some("ghcr.io"), "org/app", Some("1"), None));
        assert_eq!(parts("localhost/app"), (Some("localhost"), "app", None, None));
        assert_eq!(parts("host:5000/app"), (Some("host:5000"), "app", None, None));
        assert_eq!(parts("[::1]:5000/app:1"), (Some("[::1]:5000"), "app", Some("1"), None));
        assert_eq!(parts("app:feature/x"), (None, "app", Some("feature/x"), None));
        assert_eq!(parts("docker://ghcr.io/app"), (Some("ghcr.io"), "app", None, None));
        let whole = format!("ghcr.io/app:1@{DIGEST}");
        assert_eq!(parts(&whole), (Some("ghcr.io"), "app", Some("1"), Some(DIGEST)));
        assert_eq!(parts(""), (None, "", None, None));
        assert_eq!(parts("@:/"), (None, "", None, Some(":/")));
    }

    #[test]
    fn repositories_have_a_grammar() {
        for text in ["a", "a/b", "a.b/c_d/e__f/g---h", "0", "library/hello-world"] {
            assert_eq!(Reference::split(text).path_wrong(), None, "{text}");
        }
        for (text, kind, at) in [
            ("", Kind::Empty, 0..0),
            ("a//b", Kind::Empty, 2..2),
            ("a/", Kind::Empty, 2..2),
            ("My/app", Kind::Capital, 0..1),
            ("ghcr.io/org/App", Kind::Capital, 12..13),
            ("a b", Kind::Character, 1..2),
            ("\u{e4}", Kind::Character, 0..2),
            ("-a", Kind::Separator, 0..1),
            ("a/b-", Kind::Separator, 3..4),
            ("x/a..b", Kind::Separator, 3..5),
            ("a___b", Kind::Separator, 1..4),
            ("a._b", Kind::Separator, 1..3),
            ("ab/_", Kind::Separator, 3..4),
        ] {
            assert_eq!(Reference::split(text).path_wrong(), Some(Wrong { kind, at }), "{text}");
        }
    }

    #[test]
    fn registries_and_tags_have_a_grammar() {
        for text in ["ghcr.io/a", "LOCAL.example/a", "127.0.0.1:5000/a", "[2001:db8::1]/a", "[::1]:80/a", "localhost/a"]
        {
            assert_eq!(Reference::split(text).domain_wrong(), None, "{text}");
        }
        for (text, kind, at) in [
            ("ghcr..io/a", Kind::Empty, 5..5),
            ("g_cr.io/a", Kind::Character, 1..2),
            ("-a.io/a", Kind::Separator, 0..1),
            ("a-.io/a", Kind::Separator, 1..2),
            ("ghcr.io:/a", Kind::Port, 7..8),
            ("ghcr.io:x/a", Kind::Port, 7..9),
            ("[::1]80/a", Kind::Port, 5..7),
            ("[fe80::1%eth0]/a", Kind::Character, 8..9),
            ("[]/a", Kind::Character, 0..1),
            ("[::1/a", Kind::Character, 0..1),
        ] {
            assert_eq!(Reference::split(text).domain_wrong(), Some(Wrong { kind, at }), "{text}");
        }
        let long = format!("a:{}", "x".repeat(129));
        for (text, kind, at) in [
            ("a:", Kind::Empty, 2..2),
            ("a:.x", Kind::Separator, 2..3),
            ("a:x+y", Kind::Character, 3..4),
            ("a:x/y", Kind::Character, 3..4),
            (&long, Kind::Length, 130..131),
        ] {
            assert_eq!(Reference::split(text).tag_wrong(), Some(Wrong { kind, at }), "{text}");
        }
        for text in ["a:1", "a:_x.Y-z", &long[..130]] {
            assert_eq!(Reference::split(text).tag_wrong(), None, "{text}");
        }
    }
}

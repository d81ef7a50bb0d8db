//! URIs by [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986), and what http and https ask of them besides.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use fluent_uri::component::Host;
use fluent_uri::{ParseError, ParseErrorKind, Uri, UriRef};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Why a text is no URI that a client can fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// There is no scheme: the text is a relative reference, or something else altogether.
    Relative,
    /// A character that no URI has there.
    Character,
    /// A `%` that two hexadecimal digits do not follow.
    Percent,
    /// A host, an address in brackets or a port that is not well-formed.
    Authority,
    /// An http or https URI without a host.
    Host,
}

/// Where a host lies that not everybody can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The machine of whoever asks.
    Loopback,
    /// The nearest network; the metadata service of a cloud answers there.
    LinkLocal,
    /// A network behind a router.
    Private,
}

/// A URI that was read.
#[derive(Debug, Clone, Copy)]
pub struct Url<'a> {
    uri: Uri<&'a str>,
}

/// Schemes that run a program or read a file where a person or a program follows them.
const DANGEROUS: [&str; 4] = ["data", "file", "javascript", "vbscript"];

/// What is wrong with a URI, and at which bytes; the first thing that is.
#[must_use]
pub fn problem(text: &str) -> Option<(Problem, Range<usize>)> {
    Url::read(text).err()
}

/// The scheme of a text, when it begins with one; the rest may be anything.
#[must_use]
pub fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let rest = scheme.strip_prefix(|c: char| c.is_ascii_alphabetic())?;
    rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).then_some(scheme)
}

/// Whether a scheme is that of what runs a program or reads a file.
#[must_use]
pub fn is_dangerous(scheme: &str) -> bool {
    DANGEROUS.iter().any(|dangerous| dangerous.eq_ignore_ascii_case(scheme))
}

/// Whether a scheme is http or https.
#[must_use]
pub fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

impl<'a> Url<'a> {
    /// Reads a URI.
    ///
    /// # Errors
    ///
    /// The first thing by which the text is none, and its bytes.
    pub fn read(text: &'a str) -> Result<Self, (Problem, Range<usize>)> {
        let uri = Uri::parse(text).map_err(|error| explain(text, error))?;
        let url = Self { uri };
        if is_web(url.scheme()) {
            let authority = authority(text);
            if url.host().is_empty() {
                return Err((Problem::Host, 0..authority.end));
            }
            if uri.authority().is_some_and(|authority| authority.port_to_u16().is_err()) {
                let port = text[..authority.end].rfind(':').unwrap_or(authority.start) + 1;
                return Err((Problem::Authority, port..authority.end));
            }
        }
        Ok(url)
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        self.uri.scheme().as_str()
    }

    /// The bytes of the user, with a password behind its colon.
    #[must_use]
    pub fn user(&self) -> Option<Range<usize>> {
        let user = self.uri.authority()?.userinfo()?.as_str();
        let start = self.scheme().len() + 3;
        Some(start..start + user.len())
    }

    /// The bytes of the host; none where there is none.
    #[must_use]
    pub fn host(&self) -> Range<usize> {
        let Some(authority) = self.uri.authority() else { return 0..0 };
        let start = self.user().map_or(self.scheme().len() + 3, |user| user.end + 1);
        start..start + authority.host().len()
    }

    /// The bytes of the fragment and of the `#` before it.
    #[must_use]
    pub fn fragment(&self) -> Option<Range<usize>> {
        let end = self.uri.as_str().len();
        self.uri.fragment().map(|fragment| end - fragment.as_str().len() - 1..end)
    }

    /// Where the host lies, when its address or name says that not everybody can reach it
    /// ([RFC 6890](https://www.rfc-editor.org/rfc/rfc6890), [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761)).
    #[must_use]
    #[expect(clippy::match_wildcard_for_single_variants, reason = "the crate does not show its last variant")]
    pub fn network(&self) -> Option<Network> {
        match self.uri.authority()?.host_parsed() {
            Host::Ipv4(address) => ipv4(address),
            Host::Ipv6(address) => ipv6(address),
            Host::RegName(name) => {
                let name = name.as_str().trim_end_matches('.');
                let last = name.rsplit('.').next().unwrap_or_default();
                last.eq_ignore_ascii_case("localhost").then_some(Network::Loopback)
            }
            _ => None,
        }
    }
}

/// Where an address lies, when not everybody can reach it.
#[must_use]
pub const fn network_of(address: IpAddr) -> Option<Network> {
    match address {
        IpAddr::V4(address) => ipv4(address),
        IpAddr::V6(address) => ipv6(address),
    }
}

/// What a reference of a document at `base` leads to
/// ([RFC 3986, section 5](https://www.rfc-editor.org/rfc/rfc3986#section-5)); `None` when one of the two is no URI.
#[must_use]
pub fn resolve(base: &str, reference: &str) -> Option<String> {
    let base = Uri::parse(base).ok()?;
    UriRef::parse(reference).ok()?.resolve_against(&base).ok().map(|uri| uri.as_str().to_owned())
}

/// All but the unreserved characters
/// ([RFC 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a path does not hold as it is.
const NOT_IN_PATH: &AsciiSet = &RESERVED
    .remove(b'/')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b',')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// A text as the value of a query: every byte that is not unreserved is percent-encoded.
#[must_use]
pub fn query_value(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A path as an address: what has a meaning in addresses is percent-encoded.
#[must_use]
pub fn path(text: &str) -> String {
    utf8_percent_encode(text, NOT_IN_PATH).to_string()
}

/// An address that is not specified is, for a client, its own machine.
const fn ipv4(address: Ipv4Addr) -> Option<Network> {
    if address.is_loopback() || address.is_unspecified() {
        Some(Network::Loopback)
    } else if address.is_link_local() {
        Some(Network::LinkLocal)
    } else if address.is_private() {
        Some(Network::Private)
    } else {
        None
    }
}

const fn ipv6(address: Ipv6Addr) -> Option<Network> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        ipv4(mapped)
    } else if address.is_loopback() || address.is_unspecified() {
        Some(Network::Loopback)
    } else if address.is_unicast_link_local() {
        Some(Network::LinkLocal)
    } else if address.is_unique_local() {
        Some(Network::Private)
    } else {
        None
    }
}

/// The bytes between `//` and the path; none behind the colon where there is no `//`.
fn authority(text: &str) -> Range<usize> {
    let colon = scheme(text).map_or(0, |scheme| scheme.len() + 1);
    let Some(rest) = text[colon..].strip_prefix("//") else { return colon..colon };
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    colon + 2..colon + 2 + length
}

/// What the grammar's complaint at a byte means.
fn explain(text: &str, error: ParseError) -> (Problem, Range<usize>) {
    let at = error.index();
    let rest = text.get(at..).unwrap_or_default();
    let found = rest.chars().next();
    let here = at..at + found.map_or(0, char::len_utf8);
    let authority = authority(text);
    match error.kind() {
        ParseErrorKind::InvalidPctEncodedOctet => {
            let length = rest.chars().take(3).map(char::len_utf8).sum::<usize>();
            (Problem::Percent, at..at + length)
        }
        ParseErrorKind::InvalidIpv6Addr => {
            let length = rest.find([']', '/']).unwrap_or(rest.len());
            (Problem::Authority, at..at + length)
        }
        // A character that stands in no URI says more than a scheme that is not there, but only where one begins.
        ParseErrorKind::UnexpectedChar
            if found.is_some_and(|c| !is_of_a_uri(c)) && (scheme(text).is_some() || rest.contains("://")) =>
        {
            (Problem::Character, here)
        }
        ParseErrorKind::UnexpectedChar if scheme(text).is_none() => (Problem::Relative, 0..text.len()),
        ParseErrorKind::UnexpectedChar if authority.contains(&at) => (Problem::Authority, here),
        ParseErrorKind::UnexpectedChar if authority.end == at => (Problem::Authority, authority),
        ParseErrorKind::UnexpectedChar => (Problem::Character, here),
    }
}

/// Whether a character may stand somewhere in a URI: reserved, unreserved, or the `%` of an encoded one.
fn is_of_a_uri(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_queries_are_encoded() {
        assert_eq!(query_value("A & B=\"é\""), "A%20%26%20B%3D%22%C3%A9%22");
        assert_eq!(query_value("-._~"), "-._~");
    }

    fn found(text: &str) -> Option<(Problem, &str)> {
        problem(text).map(|(problem, bytes)| (problem, &text[bytes]))
    }

    #[test]
    fn uris_are_accepted() {
        for text in [
            "https://example.com",
            "https://example.com/a/b.tar.gz?sig=a%2Fb&x=1#part",
            "HTTP://user:secret@example.com:8080/",
            "http://[2001:db8::1]:443/x",
            "http://[v1.future]/",
            "https://example.com:/",
            "https://xn--bcher-kva.example/",
            "ftp://ftp.example.com/a",
            "oci://registry.example/repo",
            "urn:isbn:0451450523",
            "mailto:a@example.com",
            "file:///etc/passwd",
            "localhost:8080/x",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn each_problem_has_its_place() {
        for (text, problem, part) in [
            ("", Problem::Relative, ""),
            ("/a/b", Problem::Relative, "/a/b"),
            ("//example.com/a", Problem::Relative, "//example.com/a"),
            ("www.example.com/a", Problem::Relative, "www.example.com/a"),
            ("not a url", Problem::Relative, "not a url"),
            ("1http://example.com", Problem::Relative, "1http://example.com"),
            ("../a?b:c", Problem::Relative, "../a?b:c"),
            (" https://example.com", Problem::Character, " "),
            ("https://example.com/a b", Problem::Character, " "),
            ("https://example.com/\u{e9}t\u{e9}", Problem::Character, "\u{e9}"),
            ("https://b\u{fc}cher.example/", Problem::Character, "\u{fc}"),
            ("https://example.com\\a", Problem::Character, "\\"),
            ("C:\\a", Problem::Character, "\\"),
            ("https://example.com/{id}", Problem::Character, "{"),
            ("https://example.com/a\u{0}", Problem::Character, "\u{0}"),
            ("https://example.com/a[1]", Problem::Character, "["),
            ("https://example.com/#a#b", Problem::Character, "#"),
            ("https://example.com/100%", Problem::Percent, "%"),
            ("https://example.com/%zz/", Problem::Percent, "%zz"),
            ("https://example.com/%\u{e9}", Problem::Percent, "%\u{e9}"),
            ("https://example.com:port/", Problem::Authority, "p"),
            ("https://example.com:80:80/", Problem::Authority, ":"),
            ("https://::1/", Problem::Authority, ":"),
            ("https://[::1/", Problem::Authority, "[::1"),
            ("https://[12345::1]/", Problem::Authority, "12345::1"),
            ("https://[example.com]/", Problem::Authority, "example.com"),
            ("https://a[b]/", Problem::Authority, "["),
            ("https://example.com:65536/", Problem::Authority, "65536"),
            ("https:///a", Problem::Host, "https://"),
            ("https://:80/a", Problem::Host, "https://:80"),
            ("https://user@/a", Problem::Host, "https://user@"),
            ("https:example.com", Problem::Host, "https:"),
        ] {
            assert_eq!(found(text), Some((problem, part)), "{text}");
        }
    }

    #[test]
    fn parts_have_their_bytes() {
        let text = "https://user:secret@example.com:1/a#b";
        let url = Url::read(text).unwrap();
        assert_eq!(url.user().map(|bytes| &text[bytes]), Some("user:secret"));
        assert_eq!(&text[url.host()], "example.com");
        assert_eq!(url.fragment().map(|bytes| &text[bytes]), Some("#b"));
        assert_eq!(Url::read("https://example.com").unwrap().user(), None);
        assert_eq!(
            (scheme("a+b.c-1:x"), scheme("+a:x"), scheme("ax"), scheme(":x")),
            (Some("a+b.c-1"), None, None, None)
        );
    }

    #[test]
    fn networks_are_told_apart() {
        for (text, network) in [
            ("http://localhost/", Some(Network::Loopback)),
            ("http://a.LOCALHOST.:1/", Some(Network::Loopback)),
            ("http://127.8.8.8/", Some(Network::Loopback)),
            ("http://0.0.0.0/", Some(Network::Loopback)),
            ("http://[::1]/", Some(Network::Loopback)),
            ("http://[::ffff:127.0.0.1]/", Some(Network::Loopback)),
            ("http://169.254.169.254/latest/meta-data", Some(Network::LinkLocal)),
            ("http://[fe80::1]/", Some(Network::LinkLocal)),
            ("http://10.0.0.1/", Some(Network::Private)),
            ("http://172.31.0.1/", Some(Network::Private)),
            ("http://172.32.0.1/", None),
            ("http://192.168.0.1/", Some(Network::Private)),
            ("http://[fd00::1]/", Some(Network::Private)),
            ("http://[2001:db8::1]/", None),
            ("http://localhost.example.com/", None),
            ("http://8.8.8.8/", None),
        ] {
            assert_eq!(Url::read(text).unwrap().network(), network, "{text}");
        }
    }
}

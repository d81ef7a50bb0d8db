//! Where a request goes: scheme, host and port. Credentials belong to one origin and never leave it.

use std::net::IpAddr;

use super::failure::{Failure, Kind};
use crate::oci::url::{Network, Url, network_of};

/// Scheme, host and port ([RFC 6454, section 4](https://www.rfc-editor.org/rfc/rfc6454#section-4)).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Origin {
    /// Whether the connection is encrypted.
    pub(super) secure: bool,
    /// Lower case; an IPv6 address in its brackets.
    host: String,
    port: u16,
}

/// The name by which people call Docker Hub, and the one by which its API is reached.
const DOCKER_HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");

impl Origin {
    /// The origin of a registry's API. Without encryption only on this machine, and when the user says so.
    pub(super) fn of_registry(registry: &str, plain_http: bool) -> Result<Self, Failure> {
        let host = if registry == DOCKER_HUB.0 { DOCKER_HUB.1 } else { registry };
        let scheme = if plain_http { "http" } else { "https" };
        let origin = Self::of_url(&format!("{scheme}://{host}/"))
            .ok_or_else(|| Failure::new(Kind::Usage, format!("{registry}: this is no name of a registry")))?;
        if plain_http && !origin.is_here() {
            let message = format!(
                "{registry}: without encryption only a registry on this machine is asked; leave out `--plain-http`"
            );
            return Err(Failure::new(Kind::Usage, message));
        }
        Ok(origin)
    }

    /// The origin of an address; `None` unless it is one of http or https without user and fragment.
    pub(super) fn of_url(text: &str) -> Option<Self> {
        let url = Url::read(text).ok()?;
        let secure = match url.scheme().to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        if url.user().is_some() || url.fragment().is_some() {
            return None;
        }
        let host = &text[url.host()];
        let rest = &text[url.host().end..];
        let port = match rest.strip_prefix(':').map(|rest| rest.split(['/', '?']).next().unwrap_or_default()) {
            None | Some("") => {
                if secure {
                    443
                } else {
                    80
                }
            }
            Some(port) => port.parse().ok()?,
        };
        Some(Self { secure, host: host.to_ascii_lowercase(), port })
    }

    /// Its form in an address: scheme, host, and the port unless it is the usual one.
    pub(super) fn written(&self) -> String {
        let (scheme, usual) = if self.secure { ("https", 443) } else { ("http", 80) };
        if self.port == usual {
            format!("{scheme}://{}", self.host)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }

    /// Whether its name says that it is this machine.
    pub(super) fn is_here(&self) -> bool {
        let name = self.host.trim_end_matches('.');
        match address(&self.host) {
            Some(address) => network_of(address) == Some(Network::Loopback),
            None => name == "localhost" || name.ends_with(".localhost"),
        }
    }

    /// The address that its host is, when it is one.
    pub(super) fn address(&self) -> Option<IpAddr> {
        address(&self.host)
    }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether everybody can reach an address: no address of one machine, of one network, of tests or of groups, and none
/// that wraps such an address.
pub(super) fn is_public(address: IpAddr) -> bool {
    if network_of(address).is_some() || address.is_multicast() {
        return false;
    }
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            // RFC 6890: this network, shared by carriers, protocol assignments, benchmarks, documentation, reserved.
            !(a == 0
                || (a == 100 && b & 0xC0 == 64)
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && b & 0xFE == 18)
                || v4.is_documentation()
                || a >= 240)
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            // Those of the global range, without 6to4 (RFC 3056), Teredo (RFC 4380) and documentation (RFC 3849).
            first & 0xE000 == 0x2000
                && first != 0x2002
                && (first, second) != (0x2001, 0)
                && (first, second) != (0x2001, 0xDB8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let of = |text: &str| Origin::of_url(text).map(|origin| origin.written());
        assert_eq!(of("https://Example.COM/v2/").as_deref(), Some("https://example.com"));
        assert_eq!(of("https://example.com:443/").as_deref(), Some("https://example.com"));
        assert_eq!(of("http://[::1]:5000?x").as_deref(), Some("http://[::1]:5000"));
        for wrong in ["ftp://a/", "https://user@a/", "https://u:p@a/", "https://a/#b", "//a/", "a", "https:///", ""] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        assert_ne!(Origin::of_url("https://a/"), Origin::of_url("https://a:444/"));
        assert_ne!(Origin::of_url("https://a/"), Origin::of_url("http://a:443/"));
    }

    #[test]
    fn without_encryption_only_this_machine() {
        for here in ["localhost", "localhost:5000", "127.0.0.1:5000", "127.9.9.9", "[::1]:5000", "a.localhost"] {
            assert!(Origin::of_registry(here, true).is_ok(), "{here}");
        }
        for there in ["example.com", "10.0.0.1:5000", "localhost.example.com", "[fe80::1]", "127.0.0.1.example.com"] {
            assert_eq!(Origin::of_registry(there, true).unwrap_err().kind, Kind::Usage, "{there}");
        }
        assert_eq!(Origin::of_registry("docker.io", false).unwrap().written(), "https://registry-1.docker.io");
    }

    #[test]
    fn addresses_that_not_everybody_can_reach_are_told_apart() {
        for public in ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "100.128.0.1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fc00::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }
}

//! Addresses in `urls`.

use std::ops::Range;

use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Role};
use crate::finding::{Rule, declare_rule};
use crate::oci::url::{self, Network, Problem, Url};
use crate::oci::well_known as known;
use crate::source::tape::Json;
use crate::source::text::code_point;

declare_rule! {
    /// An entry of `urls` has no scheme.
    ///
    /// ## Why
    /// A reference such as `/layer.tar.gz` or `example.com/layer.tar.gz` means something only beside a base, and a
    /// descriptor has none: no client can fetch it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Write the whole address, with `https://` at its beginning.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 3986, section 3](https://www.rfc-editor.org/rfc/rfc3986#section-3)
    pub static URL_ABSOLUTE = { id: "url-absolute", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An entry of `urls` holds a character that no URI has there.
    ///
    /// ## Why
    /// Clients refuse it, or each encodes the character in its own way and asks for another address.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://example.com/my layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/my%20layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Percent-encode the bytes of the character in UTF-8, such as `%20` for a space. In a host that is not ASCII,
    /// write the form with `xn--`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 3986, section 2](https://www.rfc-editor.org/rfc/rfc3986#section-2)
    pub static URL_CHARACTERS = { id: "url-characters", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// In an entry of `urls`, two hexadecimal digits do not follow a `%`.
    ///
    /// ## Why
    /// Parsers refuse the whole address.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://example.com/100%.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/100%25.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Write `%25` where a percent sign is meant, otherwise both digits of the byte.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 3986, section 2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1)
    pub static URL_PERCENT_ENCODING = { id: "url-percent-encoding", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The host or port in an entry of `urls` is not well-formed.
    ///
    /// ## Why
    /// Parsers refuse the whole address, or each finds another host in it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://2001:db8::1/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://[2001:db8::1]/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Write a host name or an address, IPv6 in brackets, and at most one port, a number up to 65535.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 3986, section 3.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2)
    pub static URL_AUTHORITY = { id: "url-authority", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An http or https URL has no host.
    ///
    /// ## Why
    /// There is nobody to ask. RFC 7230 has recipients reject such a URL.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https:///layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Write the host behind the two slashes.
    ///
    /// ## Specification
    /// [RFC 7230, section 2.7.1](https://www.rfc-editor.org/rfc/rfc7230#section-2.7.1)
    pub static URL_HTTP_HOST = { id: "url-http-host", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An http or https URL holds a user or a password.
    ///
    /// ## Why
    /// Whoever may pull the manifest reads the password. RFC 7230 advises recipients to treat a user in a URL as an
    /// error, since it often hides the true host.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://user:secret@example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Remove what stands before the `@` with the `@`, and change the password: copies of the manifest keep it.
    ///
    /// ## Specification
    /// [RFC 7230, section 2.7.1](https://www.rfc-editor.org/rfc/rfc7230#section-2.7.1)
    pub static URL_USERINFO = { id: "url-userinfo", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An entry of `urls` has a fragment.
    ///
    /// ## Why
    /// A fragment is never sent to the server, so it changes nothing in a download. The registry distribution refuses
    /// image manifests whose layers have such a URL.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz#top"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Remove the `#` and what follows it; where the name of a file holds it, write `%23`.
    ///
    /// ## Specification
    /// [RFC 3986, section 3.5](https://www.rfc-editor.org/rfc/rfc3986#section-3.5),
    /// [distribution 3.0, ocimanifesthandler.go](https://github.com/distribution/distribution/blob/v3.0.0/registry/storage/ocimanifesthandler.go)
    pub static URL_FRAGMENT = { id: "url-fragment", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An entry of `urls` uses http without encryption.
    ///
    /// ## Why
    /// The digest shows when the content was changed on the way. But everybody on the way sees what is fetched, and can
    /// make the pull fail.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["http://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Write `https` where the server offers it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static URL_PLAIN_HTTP = { id: "url-plain-http", level: Info, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An entry of `urls` uses another scheme than http and https.
    ///
    /// ## Why
    /// Clients know how to fetch by these two. With another scheme, most skip the entry or fail.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["ftp://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Offer the content by https, or remove the entry.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static DESCRIPTOR_URLS_SCHEME = {
        id: "descriptor-urls-scheme", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// An entry of `urls` uses a scheme that runs a script or reads a file.
    ///
    /// ## Why
    /// A page that shows `urls` as links runs what stands behind `javascript:`, and a client that follows `file:` reads
    /// the disk of its user. Nothing that a registry serves needs such an address.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["javascript:alert(1)"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Remove the entry, or write the https address of the content.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [RFC 3986, section 7](https://www.rfc-editor.org/rfc/rfc3986#section-7)
    pub static URL_DANGEROUS_SCHEME = { id: "url-dangerous-scheme", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An entry of `urls` names a host that not everybody can reach.
    ///
    /// ## Why
    /// Elsewhere the same address is another machine or none. An attacker can use it to make a client ask services of
    /// its own network, such as the one at 169.254.169.254 from which virtual machines of clouds get credentials.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://192.168.0.10/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## How to fix
    /// Write a host that everybody who pulls can reach, or remove the entry.
    ///
    /// ## Specification
    /// [RFC 6890, section 2.2](https://www.rfc-editor.org/rfc/rfc6890#section-2.2),
    /// [RFC 6761, section 6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)
    pub static URL_PRIVATE_HOST = { id: "url-private-host", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A descriptor has `urls`.
    ///
    /// ## Why
    /// Clients may fetch the content from there and not from the registry: they tell a third server who pulls what.
    /// containerd 1.2 even sent it the credentials of the registry (CVE-2020-15157). Only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "urls": ["https://example.com/layer.tar.gz"] }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{}] }
    /// ```
    ///
    /// ## How to fix
    /// Push the content to the registry and remove `urls`, unless it may not be copied.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, urls](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties),
    /// [GHSA-742w-89gc-8m9c](https://github.com/containerd/containerd/security/advisories/GHSA-742w-89gc-8m9c)
    pub static URL_PRESENT = { id: "url-present", level: Info, since: "0.1.0", subject: Manifest, opt_in: true }
}

declare_rule! {
    /// A non-distributable layer has no `urls`.
    ///
    /// ## Why
    /// Clients do not upload such a layer with the rest of an image. Where the registry has it not, `urls` are the only
    /// way to it. The specification allows their absence, so this is only reported when somebody asks.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    ///   "config": { "mediaType": "application/vnd.docker.container.image.v1+json" },
    ///   "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    ///   "config": { "mediaType": "application/vnd.docker.container.image.v1+json" },
    ///   "layers": [{
    ///     "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ///     "urls": ["https://example.com/layer.tar.gz"]
    ///   }]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add the address from which the layer can be fetched, or use the type of an ordinary layer.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, non-distributable layers](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#non-distributable-layers)
    pub static LAYER_NONDISTRIBUTABLE_URLS = {
        id: "layer-nondistributable-urls", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &DESCRIPTOR_URLS_SCHEME,
    &LAYER_NONDISTRIBUTABLE_URLS,
    &URL_ABSOLUTE,
    &URL_AUTHORITY,
    &URL_CHARACTERS,
    &URL_DANGEROUS_SCHEME,
    &URL_FRAGMENT,
    &URL_HTTP_HOST,
    &URL_PERCENT_ENCODING,
    &URL_PLAIN_HTTP,
    &URL_PRESENT,
    &URL_PRIVATE_HOST,
    &URL_USERINFO,
];

/// Most findings about `urls` in one document.
const MOST: usize = 100;

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let mut left = MOST;
    for descriptor in &document.descriptors {
        let Some(urls) = descriptor.urls else { continue };
        for url in urls.elements() {
            let Some(text) = url.as_str() else { continue };
            if address(lint, url, text) {
                left -= 1;
            }
            if left == 0 {
                return;
            }
        }
    }
}

/// What is only reported when somebody asks: whether there are `urls` at all.
pub(super) fn presence<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let some = |descriptor: &Descriptor<'a>| descriptor.urls.filter(|urls| urls.elements().next().is_some());
    if lint.wants(&URL_PRESENT) {
        for urls in document.descriptors.iter().filter_map(some).take(MOST) {
            let count = urls.elements().count();
            let what = if count == 1 { "an address".to_owned() } else { format!("{count} addresses") };
            lint.key(&URL_PRESENT, urls, format!("`urls` name {what} besides the registry"))
                .help("push the content to the registry and remove `urls`")
                .done();
        }
    }
    if lint.wants(&LAYER_NONDISTRIBUTABLE_URLS) {
        let lacking = |layer: &&Descriptor<'a>| {
            some(layer).is_none() && layer.media_type().is_some_and(known::is_nondistributable)
        };
        for layer in document.of(Role::Layer).filter(lacking).take(MOST) {
            lint.missing(&LAYER_NONDISTRIBUTABLE_URLS, layer.json, "urls", "a non-distributable layer without `urls`")
                .help("add the address from which the layer can be fetched")
                .done();
        }
    }
}

/// Checks one address; whether something was found.
fn address<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str) -> bool {
    let scheme = url::scheme(text).unwrap_or_default();
    if url::is_dangerous(scheme) {
        lint.within(&URL_DANGEROUS_SCHEME, at, 0..scheme.len(), format!("an address with the scheme `{scheme}`"))
            .help("remove it, or write the https address of the content")
            .done();
        return true;
    }
    match Url::read(text) {
        Err((problem, bytes)) => {
            malformed(lint, at, text, problem, bytes);
            true
        }
        Ok(_) if !url::is_web(scheme) => {
            lint.within(&DESCRIPTOR_URLS_SCHEME, at, 0..scheme.len(), other_scheme(text, scheme))
                .help("write an https address")
                .done();
            true
        }
        Ok(url) => advice(lint, at, text, &url),
    }
}

/// `example.com:443/x` begins with a scheme by the grammar, but a host was meant.
fn other_scheme(text: &str, scheme: &str) -> String {
    let host = scheme.contains('.') || scheme.eq_ignore_ascii_case("localhost");
    let port = text[scheme.len() + 1..].starts_with(|c: char| c.is_ascii_digit());
    if host && port {
        format!("`{}` is read as a scheme: `https://` is missing before it", show(scheme))
    } else {
        format!("the scheme `{}` is neither http nor https", show(scheme))
    }
}

fn malformed<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, problem: Problem, bytes: Range<usize>) {
    let part = text.get(bytes.clone()).unwrap_or_default();
    let (rule, message, help) = match problem {
        Problem::Relative if text.is_empty() => {
            (&URL_ABSOLUTE, "an empty address".to_owned(), "write the address or remove the entry".to_owned())
        }
        Problem::Relative => (&URL_ABSOLUTE, format!("`{}` has no scheme", show(text)), with_scheme(text)),
        Problem::Character => character(part),
        Problem::Percent => (
            &URL_PERCENT_ENCODING,
            format!("`{}` is no percent-encoded byte", show(part)),
            "write `%` and two hexadecimal digits, `%25` for a percent sign".to_owned(),
        ),
        Problem::Authority => (
            &URL_AUTHORITY,
            format!("`{}` in the host or port of `{}` is not well-formed", show(part), show(text)),
            "write a host and at most one port; an IPv6 address stands in brackets".to_owned(),
        ),
        Problem::Host => {
            (&URL_HTTP_HOST, format!("`{}` has no host", show(text)), "write the host behind `//`".to_owned())
        }
    };
    lint.within(rule, at, bytes, message).help(help).done();
}

/// What to write for a text without a scheme: certain only when it begins with a host.
fn with_scheme(text: &str) -> String {
    let rest = text.trim_start_matches('/');
    let host = rest.split('/').next().unwrap_or_default();
    let whole = format!("https://{rest}");
    let slashes = text.len() - rest.len();
    if matches!(slashes, 0 | 2) && host.contains('.') && !host.contains("..") && url::problem(&whole).is_none() {
        format!("write `{}`", show(&whole))
    } else {
        "write the whole address, with `https://` at its beginning".to_owned()
    }
}

fn character(found: &str) -> (&'static Rule, String, String) {
    let c = found.chars().next().unwrap_or(' ');
    let name = match c {
        ' ' => "a space".to_owned(),
        c if c.is_ascii_graphic() => format!("`{c}`"),
        c if c.is_alphanumeric() => format!("`{c}` ({})", code_point(c)),
        c => code_point(c),
    };
    let encoded = found.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    (&URL_CHARACTERS, format!("{name} can not stand there in a URI"), format!("write `{encoded}` for it, or remove it"))
}

/// What a URI may be and an address of content should not.
fn advice<'a>(lint: &mut Lint<'a>, at: Json<'a>, text: &str, url: &Url<'_>) -> bool {
    let mut found = false;
    if let Some(user) = url.user() {
        // The password is not repeated.
        lint.within(&URL_USERINFO, at, user.start..user.end + 1, "a user or password stands before the host")
            .help("remove it with the `@`, and change the password")
            .done();
        found = true;
    }
    if let Some(fragment) = url.fragment() {
        let message = format!("the fragment `{}` is never sent", show(&text[fragment.clone()]));
        lint.within(&URL_FRAGMENT, at, fragment, message)
            .help("remove it, or write `%23` where the name of a file holds the `#`")
            .done();
        found = true;
    }
    if let Some(network) = url.network() {
        let host = url.host();
        let place = match network {
            Network::Loopback => "is the machine of whoever pulls",
            Network::LinkLocal => "is an address of the nearest network only",
            Network::Private => "is an address of private networks",
        };
        let message = format!("`{}` {place}", show(&text[host.clone()]));
        lint.within(&URL_PRIVATE_HOST, at, host, message).help("write a host that everybody can reach").done();
        found = true;
    } else if url.scheme().eq_ignore_ascii_case("http") {
        lint.within(&URL_PLAIN_HTTP, at, 0..4, "http without encryption")
            .help("write `https` where the server offers it")
            .done();
        found = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_proposed_only_before_a_host() {
        assert_eq!(with_scheme("example.com/a"), "write `https://example.com/a`");
        assert_eq!(with_scheme("//example.com/a"), "write `https://example.com/a`");
        for text in ["/a.b/c", "../a", "layer", "a b.c/d"] {
            assert_eq!(with_scheme(text), "write the whole address, with `https://` at its beginning", "{text}");
        }
    }

    #[test]
    fn a_host_is_no_scheme() {
        assert!(other_scheme("example.com:443/a", "example.com").contains("`https://` is missing"));
        assert!(other_scheme("ftp://example.com", "ftp").contains("neither"));
    }

    #[test]
    fn characters_are_encoded_in_utf8() {
        assert_eq!(character("\u{e9}").2, "write `%C3%A9` for it, or remove it");
        assert_eq!(character(" ").1, "a space can not stand there in a URI");
    }
}

//! The addresses of an entry, and what makes one suspicious.

use crate::catalog::ArtifactType;
use crate::source::Pointer;
use crate::source::text::code_point;

/// Longest address, in bytes.
const MAX_BYTES: usize = 2000;

/// Top-level names that lead nowhere in public, sorted: [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761),
/// [RFC 6762](https://www.rfc-editor.org/rfc/rfc6762), [RFC 7686](https://www.rfc-editor.org/rfc/rfc7686), and custom.
const LOCAL: [&str; 9] = ["corp", "home", "internal", "invalid", "lan", "local", "localhost", "onion", "test"];

/// Every field of an entry that holds an address, with its place.
pub(super) fn fields(entry: &ArtifactType) -> Vec<(Pointer, &str)> {
    fn add<'a>(fields: &mut Vec<(Pointer, &'a str)>, at: &Pointer, members: &[(&str, Option<&'a String>)]) {
        fields.extend(members.iter().filter_map(|(key, value)| value.map(|value| (at.key(key), value.as_str()))));
    }
    let root = Pointer::root();
    let mut fields = Vec::new();
    let all = &mut fields;
    add(all, &root.key("publisher"), &[("url", Some(&entry.publisher.url).filter(|url| !url.is_empty()))]);
    if let Some(owner) = &entry.owner {
        add(all, &root.key("owner"), &[("url", Some(&owner.url))]);
    }
    for (index, tool) in entry.tools.iter().enumerate() {
        add(all, &root.key("tools").index(index), &[("home", Some(&tool.home)), ("install", tool.install.as_ref())]);
    }
    for (index, action) in entry.actions.iter().enumerate() {
        add(all, &root.key("actions").index(index), &[("documentation", action.documentation.as_ref())]);
    }
    for (index, scanner) in entry.scanning.iter().flat_map(|scanning| &scanning.scanners).enumerate() {
        add(all, &root.key("scanning").key("scanners").index(index), &[("url", Some(&scanner.url))]);
    }
    if let Some(mark) = entry.icon.as_ref().and_then(|icon| icon.mark.as_ref()) {
        let at = root.key("icon").key("mark");
        add(all, &at, &[("url", Some(&mark.url)), ("guideline", mark.guideline.as_ref())]);
    }
    let links = &entry.links;
    add(
        all,
        &root.key("links"),
        &[
            ("home", links.home.as_ref()),
            ("specification", links.specification.as_ref()),
            ("documentation", links.documentation.as_ref()),
            ("source", links.source.as_ref()),
        ],
    );
    for (index, status) in entry.iana.iter().enumerate() {
        add(all, &root.key("iana").index(index), &[("link", status.link.as_ref())]);
    }
    for (index, source) in entry.sources.iter().enumerate() {
        let members = [("repository", source.repository.as_ref()), ("specification", source.specification.as_ref())];
        add(all, &root.key("sources").index(index), &members);
    }
    fields
}

/// What is wrong with an address, and what to do; `None` when a browser and every parser read it alike and it leads
/// to a public host that says its name plainly.
pub(super) fn complaint(url: &str) -> Option<(String, &'static str)> {
    let wrong = |message: &str, help| Some((message.to_owned(), help));
    if url.len() > MAX_BYTES {
        return Some((format!("has {} bytes, {MAX_BYTES} are allowed", url.len()), "link a shorter address"));
    }
    let Some(rest) = url.strip_prefix("https://") else {
        return wrong("is no `https` address", "write the whole address, beginning with `https://`");
    };
    if let Some(c) = url.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c)) {
        let name = if c.is_ascii_graphic() { format!("`{c}`") } else { code_point(c) };
        return Some((format!("holds {name}"), "write the character percent-encoded, and hosts in ASCII"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let path = rest.get(authority.len()..).unwrap_or_default();
    if authority.contains('@') {
        return wrong("has user information before the host", "remove what stands before the `@`");
    }
    host(authority).or_else(|| tail(path))
}

/// What is wrong with host and port.
fn host(authority: &str) -> Option<(String, &'static str)> {
    let wrong = |message: &str, help| Some((message.to_owned(), help));
    if authority.starts_with('[') {
        return wrong("leads to an IP address", "link the host by its name");
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if let Some(port) = port
        && (port.starts_with('0') || port.parse::<u16>().is_err() || !port.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return wrong("has a port that is none", "remove the port, or write one from 1 to 65535");
    }
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return wrong("has upper case in its host", "write the host in lower case");
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if !host.split('.').all(label) {
        return wrong("has a host that is no name", "link a public host by its name");
    }
    if host.split('.').any(|label| label.starts_with("xn--")) {
        return wrong(
            "has an encoded international host, which shows as other letters",
            "link a host that is spelled in ASCII",
        );
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return wrong("leads to an IP address", "link the host by its name");
    }
    if !host.contains('.') || LOCAL.binary_search(&last).is_ok() {
        return wrong("leads to a host that is known only locally", "link a public host");
    }
    None
}

/// What is wrong with path, query and fragment.
fn tail(path: &str) -> Option<(String, &'static str)> {
    let wrong = |message: &str, help| Some((message.to_owned(), help));
    let escaped = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !path.split('%').skip(1).all(escaped) {
        return wrong("has a `%` that escapes nothing", "write `%25` for a percent sign");
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if path.split('/').any(|segment| matches!(segment, "." | ".." | "%2e" | "%2E" | "%2e%2e" | "%2E%2E")) {
        return wrong("has `.` or `..` in its path", "write the path that is meant");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_pass() {
        assert!(LOCAL.is_sorted());
        for good in [
            "https://example.com",
            "https://example.com:8443/a?b=c&d=%20#e",
            "https://helm.sh/docs/topics/registries/",
            "https://github.com/a/b/blob/main/c.md#l1-2",
            "https://3com.com/x",
            "https://e.co/@scope/x",
        ] {
            assert_eq!(complaint(good), None, "{good}");
        }
    }

    #[test]
    fn what_deceives_is_named() {
        let cases = [
            ("http://example.com", "https"),
            ("javascript:alert(1)", "https"),
            ("//example.com", "https"),
            ("#top", "https"),
            ("https://a@example.com", "user information"),
            ("https://example.com\\@evil.example", "holds `\\`"),
            ("https://192.0.2.1/x", "IP"),
            ("https://[::1]/", "IP"),
            ("https://0x7f.1/", "IP"),
            ("https://2130706433", "IP"),
            ("https://localhost/x", "locally"),
            ("https://intranet", "locally"),
            ("https://a.internal", "locally"),
            ("https://example.com:0/", "port"),
            ("https://example.com:65536", "port"),
            ("https://example.com:", "port"),
            ("https://xn--e1afmkfd.com", "international"),
            ("https://ex\u{430}mple.com", "U+0430"),
            ("https://Example.com", "upper case"),
            ("https://", "no name"),
            ("https://example..com", "no name"),
            ("https://example.com.", "no name"),
            ("https://ex%61mple.com", "no name"),
            ("https://example.com/a/../b", ".."),
            ("https://example.com/%zz", "%"),
            ("https://example.com/a b", "U+0020"),
        ];
        for (url, part) in cases {
            let (message, _) = complaint(url).unwrap_or_default();
            assert!(message.contains(part), "{url}: {message}");
        }
        assert!(complaint(&format!("https://example.com/{}", "a".repeat(2000))).is_some());
    }
}

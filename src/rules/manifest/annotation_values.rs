//! Values of annotations whose form a specification defines.

use std::ops::Range;

use super::lint::{Lint, show};
use super::{created, license, reference};
use crate::finding::{Rule, declare_rule};
use crate::source::tape::Json;

declare_rule! {
    /// An annotation that holds a URL holds something else.
    ///
    /// ## Why
    /// Registries and user interfaces make a link of the value, and update services look for release notes there. What
    /// is no URL leads nowhere.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.source": "github.com/my-org/app" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.source": "https://github.com/my-org/app" }
    /// ```
    ///
    /// ## How to fix
    /// Write the whole URL with its scheme. The short form of Git, `git@github.com:my-org/app`, is
    /// `ssh://git@github.com/my-org/app` as a URL.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
    /// [RFC 3986, section 3](https://www.rfc-editor.org/rfc/rfc3986#section-3)
    pub static ANNOTATION_URL_VALUE = {
        id: "annotation-url-value", level: Warning, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A version is not one of semantic versioning.
    ///
    /// ## Why
    /// Nothing is wrong: the version is that of the packaged software, which may count as it likes. Teams that have
    /// chosen semantic versioning ask for this rule.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.version": "v1.2" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.version": "1.2.0-rc.1+build.5" }
    /// ```
    ///
    /// ## How to fix
    /// Write major, minor and patch, without `v` before them.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
    /// [Semantic Versioning 2.0.0](https://semver.org/spec/v2.0.0.html)
    pub static ANNOTATION_VERSION_SEMVER = {
        id: "annotation-version-semver", level: Info, since: "0.1.0", subject: Manifest, opt_in: true,
    }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&ANNOTATION_URL_VALUE, &ANNOTATION_VERSION_SEMVER];

/// What the keys begin with whose values are looked at.
const PREFIX: &str = "org.opencontainers.image.";

/// Every value may be empty, and then says nothing.
pub(super) fn check<'a>(lint: &mut Lint<'a>, annotations: Json<'a>) {
    for value in annotations.members() {
        let Some(key) = value.key().strip_prefix(PREFIX) else { continue };
        let Some(text) = value.as_str().filter(|text| !text.is_empty() && !is_disturbed(text)) else { continue };
        match key {
            "created" => created::check(lint, value, text),
            "url" | "documentation" | "source" => url(lint, value, text),
            "version" => version(lint, value, text),
            "licenses" => license::check(lint, value, text),
            "base.name" => {
                let digest = annotations.get("org.opencontainers.image.base.digest").is_some();
                reference::name(lint, value, text, digest);
            }
            "base.digest" => reference::digest(lint, value, text),
            _ => {}
        }
    }
}

/// Whether a text holds characters that the rules about the text of annotations report: then they come first.
fn is_disturbed(text: &str) -> bool {
    // Plain ASCII, which nearly every value is, is seen at once.
    let odd = |b: u8| !(b' '..=b'~').contains(&b);
    text.bytes().fold(false, |any, b| any | odd(b))
        && text.chars().any(|c| {
            let bidi = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            bidi || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        })
}

fn url<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &str) {
    if let Some((at, message, help)) = url_wrong(text) {
        lint.within(&ANNOTATION_URL_VALUE, value, at, message).help(help).done();
    }
}

/// Why a text is no absolute URL: the bytes, what is wrong, what to do.
fn url_wrong(text: &str) -> Option<(Range<usize>, String, String)> {
    let bad = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`');
    let whole = |message: String, help: String| Some((0..text.len(), message, help));
    let example = || "write the whole URL, such as `https://example.com/app`".to_owned();
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) && !is_port(rest) => (scheme, rest),
        // The short form of Git for ssh.
        Some((user, path)) if user.contains('@') && !user.contains(['/', ' ']) && !path.contains([':', ' ']) => {
            let help = format!("write `ssh://{}/{}`", show(user), show(path.trim_start_matches('/')));
            return whole(format!("`{}` is a short form of Git, not a URL", show(text)), help);
        }
        _ => {
            let host = text.split('/').next().unwrap_or_default();
            let hosted = host.len() < text.len() && host.trim_start_matches('.').contains('.') && !text.contains(bad);
            let help = if hosted { format!("write `https://{}`", show(text)) } else { example() };
            return whole(format!("`{}` is not a URL: it has no scheme", show(text)), help);
        }
    };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| bad(*c)) {
        let (found, help) = match c {
            ' ' => ("a space".to_owned(), "write one URL, and nothing else".to_owned()),
            c => (format!("`{}`", show(c.encode_utf8(&mut [0; 4]))), example()),
        };
        return Some((at..at + c.len_utf8(), format!("a URL can not hold {found}"), help));
    }
    let host = rest.strip_prefix("//");
    let web = ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme));
    let lost = rest.is_empty()
        || host.is_some_and(|host| host.is_empty() || host.starts_with(['?', '#']))
        || (web && host.is_none_or(|host| host.starts_with('/')));
    if lost { whole(format!("`{}` has no host", show(text)), example()) } else { None }
}

/// Whether a text is a scheme; with a dot it would rather be a host.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'))
}

/// Whether what stands behind a colon begins with a port, as in `localhost:5000/app`.
fn is_port(rest: &str) -> bool {
    let first = rest.split('/').next().unwrap_or_default();
    !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit())
}

fn version<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &str) {
    if !lint.wants(&ANNOTATION_VERSION_SEMVER) || is_semantic(text) {
        return;
    }
    let bare = text.trim_start_matches(['v', 'V']);
    let help = if bare.len() < text.len() && is_semantic(bare) {
        format!("write `{}`", show(bare))
    } else {
        "write major, minor and patch, such as `1.2.0`".to_owned()
    };
    lint.value(&ANNOTATION_VERSION_SEMVER, value, format!("`{}` is not a semantic version", show(text)))
        .help(help)
        .done();
}

/// Whether a text is a version of [Semantic Versioning 2.0.0](https://semver.org/spec/v2.0.0.html).
fn is_semantic(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| digits(part) && (part == "0" || !part.starts_with('0'));
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, before) = text.split_once('-').map_or((text, None), |(core, before)| (core, Some(before)));
    core.split('.').count() == 3
        && core.split('.').all(number)
        && before.is_none_or(|parts| parts.split('.').all(|part| word(part) && (!digits(part) || number(part))))
        && build.is_none_or(|parts| parts.split('.').all(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_absolute() {
        for text in [
            "https://example.com",
            "http://example.com:8080/a?b=c#d",
            "https://github.com/my-org/app.git#main:docker",
            "git+ssh://git@example.com/app.git",
            "ssh://git@example.com:22/app.git",
            "mailto:team@example.com",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "https://example.com/\u{e9}",
            "file:///srv/docs",
        ] {
            assert_eq!(url_wrong(text), None, "{text}");
        }
        for (text, at, help) in [
            ("github.com/my-org/app", 0..21, "write `https://github.com/my-org/app`"),
            ("git@github.com:my-org/app.git", 0..29, "write `ssh://git@github.com/my-org/app.git`"),
            ("https://a.example, https://b.example", 18..19, "write one URL, and nothing else"),
            ("https://example.com/<id>", 20..21, "write the whole URL, such as `https://example.com/app`"),
            ("localhost:5000/app", 0..18, "write the whole URL, such as `https://example.com/app`"),
            ("https://", 0..8, "write the whole URL, such as `https://example.com/app`"),
            ("https:example.com", 0..17, "write the whole URL, such as `https://example.com/app`"),
            ("https:///docs", 0..13, "write the whole URL, such as `https://example.com/app`"),
            ("see the README", 0..14, "write the whole URL, such as `https://example.com/app`"),
            ("<url>", 0..5, "write the whole URL, such as `https://example.com/app`"),
            ("./docs", 0..6, "write the whole URL, such as `https://example.com/app`"),
            ("C:\\docs", 0..7, "write the whole URL, such as `https://example.com/app`"),
        ] {
            let (found, _, found_help) = url_wrong(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found, found_help.as_str()), (at, help), "{text}");
        }
    }

    #[test]
    fn versions_are_semantic() {
        for text in
            ["0.0.0", "1.2.3", "1.0.0-alpha.1", "1.0.0--", "1.0.0+001", "1.0.0-0a.x-y+exp.sha.5114f85", "10.20.30"]
        {
            assert!(is_semantic(text), "{text}");
        }
        for text in
            ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "1.2.3-a..b", "1.2.3.4", "1.2.x"]
        {
            assert!(!is_semantic(text), "{text}");
        }
    }
}

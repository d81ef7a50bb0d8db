//! Text of annotations that deceives readers, terminals and file systems.

use std::collections::BTreeMap;
use std::ops::Range;

use super::annotation_keys::{Said, near};
use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Role};
use crate::finding::{Level, Rule, declare_rule};
use crate::oci::annotations;
use crate::source::tape::Json;
use crate::source::text::{code_point, is_deceptive, is_joiner, is_noncharacter, is_picture, is_selector, joins};

declare_rule! {
    /// An annotation has control characters.
    ///
    /// ## Why
    /// Tools print annotations to terminals and logs. An escape sequence moves the cursor, hides lines or sets the title of
    /// the window, and a lone carriage return overwrites what stood before it.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "com.example.note": "checked \u001b[2K\u001b[1A" }
    /// ```
    ///
    /// ## Accepted
    /// Tabs and line breaks, but not in keys and titles.
    ///
    /// ```json accepted annotations
    /// { "com.example.note": "two\n\tlines\r\n" }
    /// ```
    ///
    /// ## How to fix
    /// Remove the characters. Bytes that are no text can be written in base64.
    ///
    /// ## Specification
    /// [CWE-150](https://cwe.mitre.org/data/definitions/150.html)
    pub static ANNOTATION_CONTROL_CHARACTERS = { id: "annotation-control-characters", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An annotation changes the direction of text.
    ///
    /// ## Why
    /// Characters that override or isolate a direction make a text look like another one: the reviewer reads a harmless
    /// name, the tool something else.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "com.example.note": "\u202etxt.exe" }
    /// ```
    ///
    /// ## Accepted
    /// Text of every script, also of those that run from right to left.
    ///
    /// ```json accepted annotations
    /// { "com.example.note": "وصف" }
    /// ```
    ///
    /// ## How to fix
    /// Remove the characters: letters bring their own direction.
    ///
    /// ## Specification
    /// [CVE-2021-42574](https://www.cve.org/CVERecord?id=CVE-2021-42574),
    /// [UAX 9](https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings)
    pub static ANNOTATION_BIDI_CONTROLS = { id: "annotation-bidi-controls", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A key or a title has characters that nobody sees.
    ///
    /// ## Why
    /// Two keys or names of files look equal and are not: the one that is shown is not the one that is found.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.title": "app\u200b" }
    /// ```
    ///
    /// ## Accepted
    /// In titles, joiners where a script or a picture needs them.
    ///
    /// ```json accepted annotations
    /// { "org.opencontainers.image.title": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645" }
    /// ```
    ///
    /// ## How to fix
    /// Remove the characters. Mostly they were copied from a web page.
    ///
    /// ## Specification
    /// [UTS 39](https://www.unicode.org/reports/tr39/)
    pub static ANNOTATION_INVISIBLE_CHARACTERS = { id: "annotation-invisible-characters", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The key of an annotation has letters that are not of ASCII.
    ///
    /// ## Why
    /// Letters of other scripts look like those of defined keys, as the Cyrillic `о` does. Policies that ask for the key do
    /// not find it, while the reviewer sees it.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.\u043epencontainers.image.title": "app" }
    /// ```
    ///
    /// ## Accepted
    /// Values of every script.
    ///
    /// ```json accepted annotations
    /// { "com.example.note": "Привет" }
    /// ```
    ///
    /// ## How to fix
    /// Write the key in letters of ASCII.
    ///
    /// ## Specification
    /// [UTS 39](https://www.unicode.org/reports/tr39/)
    pub static ANNOTATION_KEY_NON_ASCII = { id: "annotation-key-non-ascii", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An annotation has a URL with a password.
    ///
    /// ## Why
    /// Whoever can pull the document can read its annotations, and registries and tools copy them on. Build scripts write
    /// the address of the repository with the token that it was cloned with.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "com.example.clone": "https://builder:hunter2@git.example.com/app" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "com.example.clone": "https://git.example.com/app", "com.example.ssh": "ssh://git@git.example.com/app" }
    /// ```
    ///
    /// ## How to fix
    /// Remove it, and revoke it: it may have been read already.
    ///
    /// ## Specification
    /// [RFC 3986, section 3.2.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1)
    pub static ANNOTATION_CREDENTIALS = { id: "annotation-credentials", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The title of a layer leads out of the folder that it is unpacked in.
    ///
    /// ## Why
    /// Clients such as ORAS take the title of a layer for the name of a file. They refuse absolute paths and those that
    /// climb with `..`, and one that does not would write over files of its user. A backslash separates folders on
    /// Windows and nowhere else, so it is reported too, as a warning.
    ///
    /// ## Reported
    /// ```json reported
    /// { "layers": [{ "annotations": { "org.opencontainers.image.title": "../app.txt" } }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "layers": [{ "annotations": { "org.opencontainers.image.title": "docs/app.txt" } }] }
    /// ```
    ///
    /// ## How to fix
    /// Write a path relative to the folder, with `/` between its parts.
    ///
    /// ## Specification
    /// [oras-go 2.6.2, `resolveWritePath`](https://github.com/oras-project/oras-go/blob/v2.6.2/content/file/file.go#L608)
    pub static ANNOTATION_TITLE_PATH = { id: "annotation-title-path", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// Two layers of one media type have the same title.
    ///
    /// ## Why
    /// Clients such as ORAS take the title of a layer for the name of a file. ORAS stops at the second, others write it
    /// over the first.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "layers": [
    ///     { "annotations": { "org.opencontainers.image.title": "app.txt" } },
    ///     { "annotations": { "org.opencontainers.image.title": "app.txt" } }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// The same title on layers of different media types: who wants one form of a file asks for its media type. The same
    /// layer twice.
    ///
    /// ```json accepted
    /// {
    ///   "artifactType": "application/vnd.example.plugin",
    ///   "layers": [
    ///     { "mediaType": "application/vnd.example.amd64", "annotations": { "org.opencontainers.image.title": "app" } },
    ///     { "mediaType": "application/vnd.example.arm64", "annotations": { "org.opencontainers.image.title": "app" } }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Give each layer its own title, for example with the folder it belongs to.
    ///
    /// ## Specification
    /// [oras-go 2.6.2, `push`](https://github.com/oras-project/oras-go/blob/v2.6.2/content/file/file.go#L252)
    pub static ANNOTATION_TITLE_DUPLICATE = { id: "annotation-title-duplicate", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The titles of two layers differ only in case.
    ///
    /// ## Why
    /// Clients such as ORAS take the title of a layer for the name of a file. The file systems of Windows and macOS do not
    /// tell the two apart, so that one of the files is lost there.
    ///
    /// ## Reported
    /// ```json reported
    /// {
    ///   "layers": [
    ///     { "annotations": { "org.opencontainers.image.title": "readme.md" } },
    ///     { "annotations": { "org.opencontainers.image.title": "README.md" } }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// {
    ///   "layers": [
    ///     { "annotations": { "org.opencontainers.image.title": "readme.md" } },
    ///     { "annotations": { "org.opencontainers.image.title": "readme.txt" } }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Give one of them another title.
    pub static ANNOTATION_TITLE_CASE_COLLISION = { id: "annotation-title-case-collision", level: Info, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &ANNOTATION_BIDI_CONTROLS,
    &ANNOTATION_CONTROL_CHARACTERS,
    &ANNOTATION_CREDENTIALS,
    &ANNOTATION_INVISIBLE_CHARACTERS,
    &ANNOTATION_KEY_NON_ASCII,
    &ANNOTATION_TITLE_CASE_COLLISION,
    &ANNOTATION_TITLE_DUPLICATE,
    &ANNOTATION_TITLE_PATH,
];

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    let mut said = Said::default();
    for member in document.annotated().flat_map(|(_, annotations)| annotations.members()) {
        key(lint, member, &mut said);
        if let Some(text) = member.as_str() {
            value(lint, member, text, &mut said);
        }
    }
    titles(lint, document, &mut said);
}

/// What a character does to those who read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Control,
    Direction,
    Invisible,
    Foreign,
}

impl Flaw {
    const ALL: [Self; 4] = [Self::Control, Self::Direction, Self::Invisible, Self::Foreign];

    /// The flaw of a character that is not printable ASCII; those of [`is_noncharacter`] are a flaw of any text.
    const fn of(c: char) -> Option<Self> {
        match c {
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Some(Self::Control),
            ' '..='~' => None,
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Some(Self::Direction),
            // Private use has a form in some font.
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => Some(Self::Foreign),
            c if is_noncharacter(c) => None,
            c if is_deceptive(c) => Some(Self::Invisible),
            _ => Some(Self::Foreign),
        }
    }

    const fn rule(self) -> &'static Rule {
        match self {
            Self::Control => &ANNOTATION_CONTROL_CHARACTERS,
            Self::Direction => &ANNOTATION_BIDI_CONTROLS,
            Self::Invisible => &ANNOTATION_INVISIBLE_CHARACTERS,
            Self::Foreign => &ANNOTATION_KEY_NON_ASCII,
        }
    }

    fn named(self, c: char) -> String {
        match self {
            Self::Control => format!("the control character {}", code_point(c)),
            Self::Direction => format!("{}, which changes the direction of text", code_point(c)),
            Self::Invisible => format!("the invisible character {}", code_point(c)),
            Self::Foreign => format!("`{}` ({}), which is not ASCII", show(c.encode_utf8(&mut [0; 4])), code_point(c)),
        }
    }
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A key may have nothing but printable ASCII; of each flaw the first is reported.
fn key<'a>(lint: &mut Lint<'a>, member: Json<'a>, said: &mut Said<'a>) {
    let key = member.key();
    if is_printable(key) {
        return;
    }
    for flaw in Flaw::ALL {
        let Some(c) = key.chars().find(|c| Flaw::of(*c) == Some(flaw)) else { continue };
        if !said.first(flaw.rule(), key) {
            continue;
        }
        let message = format!("the key `{}` has {}", show(key), flaw.named(c));
        let plain: String = key
            .chars()
            .filter(|c| !matches!(Flaw::of(*c), Some(Flaw::Control | Flaw::Direction | Flaw::Invisible)))
            .collect();
        let help = match annotations::defined(&plain).map(|key| key.name).or_else(|| near(&plain)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if flaw == Flaw::Foreign => "write it in letters of ASCII".to_owned(),
            None => "remove the character".to_owned(),
        };
        lint.key(flaw.rule(), member, message).help(help).done();
    }
}

fn value<'a>(lint: &mut Lint<'a>, member: Json<'a>, text: &'a str, said: &mut Said<'a>) {
    if !is_printable(text) {
        let title = member.key() == annotations::TITLE;
        for flaw in [Flaw::Control, Flaw::Direction, Flaw::Invisible] {
            if let Some((at, c)) = flawed(text, flaw, title)
                && said.more(flaw.rule())
            {
                let message = format!("the value of `{}` has {}", show(member.key()), flaw.named(c));
                lint.within(flaw.rule(), member, at..at + c.len_utf8(), message).help("remove the character").done();
            }
        }
    }
    if let Some(range) = credentials(text)
        && said.more(&ANNOTATION_CREDENTIALS)
    {
        // The message does not repeat it: reports are kept and shown.
        let message = format!("the value of `{}` has a URL with a password", show(member.key()));
        lint.within(&ANNOTATION_CREDENTIALS, member, range, message)
            .help("remove it and revoke it, it may have been read already")
            .done();
    }
}

/// The first character of a value that has a flaw. Of a title clients make the name of a file: it has one line, and shows
/// all that it holds.
fn flawed(text: &str, flaw: Flaw, title: bool) -> Option<(usize, char)> {
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map(|(_, c)| *c);
        let fits = match flaw {
            Flaw::Control => !title && (matches!(c, '\t' | '\n') || c == '\r' && after == Some('\n')),
            Flaw::Invisible => {
                !title || is_joiner(c) && joins(before, after) || is_selector(c) && before.is_some_and(is_picture)
            }
            Flaw::Direction | Flaw::Foreign => false,
        };
        if !fits && Flaw::of(c) == Some(flaw) {
            return Some((at, c));
        }
        before = Some(c);
    }
    None
}

/// User and password of the first URL in a text that has them; examples of a password are none.
fn credentials(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find("://") {
        let start = from + found + 3;
        let rest = &text[start..];
        let end = rest
            .find(|c: char| c.is_whitespace() || c.is_control() || "/?#\"'`<>\\,;(){}|".contains(c))
            .unwrap_or(rest.len());
        if let Some(at) = rest[..end].rfind('@')
            && is_secret(&rest[..at])
        {
            return Some(start..start + at);
        }
        from = start;
    }
    None
}

/// Whether what stands before the host of a URL tells a secret.
fn is_secret(user: &str) -> bool {
    const TOKENS: [&str; 6] = ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "dckr_pat_"];
    const EXAMPLES: [&str; 8] = ["pass", "password", "passwd", "pw", "pwd", "secret", "token", "redacted"];
    let Some((_, password)) = user.split_once(':') else {
        return TOKENS.iter().any(|token| user.starts_with(token));
    };
    let masked = password.chars().all(|c| "*xX.…-".contains(c));
    !masked && !password.starts_with(['$', '%']) && !EXAMPLES.iter().any(|word| word.eq_ignore_ascii_case(password))
}

/// A layer or blob of which clients make a file.
#[derive(Debug, Clone, Copy)]
struct Titled<'d, 'a> {
    title: Json<'a>,
    text: &'a str,
    of: &'d Descriptor<'a>,
}

fn titles<'a>(lint: &mut Lint<'a>, document: &Document<'a>, said: &mut Said<'a>) {
    const FEW: usize = 16;
    let titled = || {
        let files = document.descriptors.iter().filter(|of| matches!(of.role, Role::Layer | Role::Blob));
        files.filter_map(|of| {
            let title = of.annotations?.get(annotations::TITLE)?;
            let text = title.as_str().filter(|text| !text.is_empty())?;
            Some(Titled { title, text, of })
        })
    };
    let mut few = [None; FEW];
    let mut count = 0;
    for one in titled() {
        path(lint, one, said);
        if let Some(place) = few.get_mut(count) {
            *place = Some(one);
        }
        count += 1;
    }
    if count <= FEW {
        for (at, one) in few.iter().enumerate() {
            let Some(one) = *one else { break };
            let same = |other: &Titled<'_, '_>| {
                other.text.eq_ignore_ascii_case(one.text) && other.of.media_type() == one.of.media_type()
            };
            if let Some(other) = few[..at].iter().flatten().find(|other| same(other)) {
                collision(lint, *other, one, said);
            }
        }
    } else {
        let mut seen = BTreeMap::new();
        for one in titled() {
            let other = *seen.entry((one.text.to_ascii_lowercase(), one.of.media_type())).or_insert(one);
            collision(lint, other, one, said);
        }
    }
}

/// Reports two layers of one media type whose titles are the same but for case.
fn collision<'a>(lint: &mut Lint<'a>, first: Titled<'_, 'a>, second: Titled<'_, 'a>, said: &mut Said<'a>) {
    // What has the same digest is the same file.
    if first.of.digest() == second.of.digest() {
        return;
    }
    if first.text == second.text {
        if said.more(&ANNOTATION_TITLE_DUPLICATE) {
            let message = format!("`{}` is the title of another layer too", show(second.text));
            lint.value(&ANNOTATION_TITLE_DUPLICATE, second.title, message)
                .help("give each layer its own title")
                .related(first.title, "the first layer of this title")
                .done();
        }
    } else if said.more(&ANNOTATION_TITLE_CASE_COLLISION) {
        let message =
            format!("`{}` and `{}` are one file where case does not count", show(second.text), show(first.text));
        lint.value(&ANNOTATION_TITLE_CASE_COLLISION, second.title, message)
            .help("give one of them another title")
            .related(first.title, "the other title")
            .done();
    }
}

fn path<'a>(lint: &mut Lint<'a>, file: Titled<'_, 'a>, said: &mut Said<'a>) {
    let Some((level, range, what)) = path_flaw(file.text) else { return };
    if said.more(&ANNOTATION_TITLE_PATH) {
        lint.within(&ANNOTATION_TITLE_PATH, file.title, range, format!("the title `{}` {what}", show(file.text)))
            .help("write a path relative to the folder that is unpacked in, with `/` between its parts")
            .level(level)
            .done();
    }
}

/// What is wrong with a title as the path of a file, and where.
fn path_flaw(title: &str) -> Option<(Level, Range<usize>, &'static str)> {
    let bytes = title.as_bytes();
    if bytes.first() == Some(&b'/') {
        return Some((Level::Error, 0..1, "is an absolute path"));
    }
    let drive = bytes.first().is_some_and(u8::is_ascii_alphabetic) && matches!(bytes.get(1..3), Some(b":\\" | b":/"));
    if drive || bytes.first() == Some(&b'\\') {
        return Some((Level::Error, 0..if drive { 3 } else { 1 }, "is an absolute path on Windows"));
    }
    let mut depth = 0_usize;
    let mut start = 0;
    for part in title.split(['/', '\\']) {
        match part {
            ".." if depth == 0 => return Some((Level::Error, start..start + 2, "leads out of the folder")),
            ".." => depth -= 1,
            "" | "." => {}
            _ => depth += 1,
        }
        start += part.len() + 1;
    }
    let at = title.find('\\')?;
    Some((Level::Warning, at..at + 1, "has a backslash, which separates folders on Windows only"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_their_flaw() {
        for (c, flaw) in [
            ('a', None),
            (' ', None),
            ('\n', Some(Flaw::Control)),
            ('\u{7f}', Some(Flaw::Control)),
            ('\u{9b}', Some(Flaw::Control)),
            ('\u{202e}', Some(Flaw::Direction)),
            ('\u{2069}', Some(Flaw::Direction)),
            ('\u{200b}', Some(Flaw::Invisible)),
            ('\u{feff}', Some(Flaw::Invisible)),
            ('\u{e0041}', Some(Flaw::Invisible)),
            ('\u{e000}', Some(Flaw::Foreign)),
            ('\u{43e}', Some(Flaw::Foreign)),
            ('\u{fffe}', None),
        ] {
            assert_eq!(Flaw::of(c), flaw, "{c:?}");
        }
    }

    #[test]
    fn titles_are_stricter_than_other_values() {
        for (text, flaw, other, title) in [
            ("a\n\tb\r\n", Flaw::Control, None, Some(1)),
            ("a\rb", Flaw::Control, Some(1), Some(1)),
            ("a\u{1b}[0m", Flaw::Control, Some(1), Some(1)),
            ("é\u{202e}b", Flaw::Direction, Some(2), Some(2)),
            ("a\u{200b}", Flaw::Invisible, None, Some(1)),
            ("a\u{200d}b", Flaw::Invisible, None, Some(1)),
            ("👩\u{200d}💻 ❤\u{fe0f}", Flaw::Invisible, None, None),
            ("日本", Flaw::Invisible, None, None),
        ] {
            assert_eq!(flawed(text, flaw, false).map(|(at, _)| at), other, "{text:?}");
            assert_eq!(flawed(text, flaw, true).map(|(at, _)| at), title, "{text:?}, a title");
        }
    }

    #[test]
    fn passwords_in_urls_are_found() {
        for (text, found) in [
            ("https://a:b1@example.com", Some("a:b1")),
            ("git+https://oauth2:abc123@example.com/a.git#main", Some("oauth2:abc123")),
            ("see https://example.com and https://:k9@example.org", Some(":k9")),
            ("https://ghp_abcdef@github.com/a/b", Some("ghp_abcdef")),
            ("postgres://a:p@ss@db/x", Some("a:p@ss")),
            ("https://example.com/a:b@c", None),
            ("https://example.com?x=a:b@c", None),
            ("ssh://git@example.com/a", None),
            ("https://user:password@example.com", None),
            ("https://user:***@example.com", None),
            ("https://user:$TOKEN@example.com", None),
            ("https://user:${TOKEN}@example.com", None),
            ("https://user:<token>@example.com", None),
            ("https://user:@example.com", None),
            ("mail a:b@example.com", None),
            ("pkg:docker/a@sha256:00?x=://", None),
        ] {
            assert_eq!(credentials(text).map(|range| &text[range]), found, "{text}");
        }
    }

    #[test]
    fn paths_stay_below_the_folder() {
        for good in ["a", "a/b", "./a", ".", "a/../b", "a..b", "..a", "c:4", "é/b"] {
            assert_eq!(path_flaw(good), None, "{good}");
        }
        for (bad, level) in [
            ("/a", Level::Error),
            ("..", Level::Error),
            ("../a", Level::Error),
            ("a/../../b", Level::Error),
            ("a/..\\..\\b", Level::Error),
            ("C:\\a", Level::Error),
            ("c:/a", Level::Error),
            ("\\\\host\\a", Level::Error),
            ("a\\b", Level::Warning),
        ] {
            assert_eq!(path_flaw(bad).map(|(level, ..)| level), Some(level), "{bad}");
        }
    }
}

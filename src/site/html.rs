//! The two things that a template must not take on trust: text that is HTML already, and addresses for `href`.

use std::borrow::Cow;
use std::fmt;

use askama::Template;

/// Text that is HTML already. It comes from a template, which escapes what it prints, or from the Markdown filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SafeHtml(String);

impl SafeHtml {
    /// What a template renders.
    pub(super) fn render(template: &impl Template) -> Result<Self, askama::Error> {
        template.render().map(Self)
    }

    /// A style of the site, with pictures in base64; for nothing else.
    pub(super) const fn ours(text: String) -> Self {
        Self(text)
    }

    /// What the Markdown filter let through; for nothing else.
    pub(super) fn filtered(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An `https` address that may stand in `href`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Https<'a>(Cow<'a, str>);

impl<'a> Https<'a> {
    /// Checks an address: `https`, a host, no user name, nothing that a browser would strip or a page could stumble over.
    pub(super) fn new(text: impl Into<Cow<'a, str>>) -> Option<Self> {
        let text = text.into();
        let rest = text.strip_prefix("https://")?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let odd = |c: char| {
            c.is_control()
                || c.is_whitespace()
                || matches!(c, '<' | '>' | '"' | '\'' | '`' | '{' | '}' | '|' | '\\' | '^')
        };
        let good = !host.is_empty() && !host.contains('@') && !text.contains(odd);
        good.then_some(Self(text))
    }
}

impl fmt::Display for Https<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that leads somewhere when its address is good.
#[derive(Debug, Clone)]
pub(super) struct Outward<'a> {
    /// What is shown.
    pub(super) text: Cow<'a, str>,
    /// Where it leads.
    pub(super) url: Option<Https<'a>>,
}

impl<'a> Outward<'a> {
    /// Text with an address that is checked here.
    pub(super) fn new(text: impl Into<Cow<'a, str>>, url: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), url: Https::new(url) }
    }
}

/// The text of HTML that this site made: without tags, entities resolved, white space folded.
pub(super) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (at, part) in html.split('<').enumerate() {
        match (at, part.split_once('>')) {
            (0, _) => text.push_str(part),
            (_, Some((tag, after))) => {
                // The end of a block is the end of a word; that of a phrase is not.
                let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
                if !["a", "b", "bdi", "code", "em", "span", "strong", "var", "wbr"].contains(&name) {
                    text.push(' ');
                }
                text.push_str(after);
            }
            (_, None) => {}
        }
    }
    for (entity, c) in
        [("#60", "<"), ("lt", "<"), ("#62", ">"), ("gt", ">"), ("#34", "\""), ("quot", "\""), ("#39", "'")]
    {
        text = text.replace(&format!("&{entity};"), c);
    }
    text = text.replace("&nbsp;", " ").replace("&#38;", "&").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_html_is_what_a_reader_sees() {
        let html = "<p>One <code>a&#60;b</code>, <b>t</b>wo</p><ul><li>&amp;lt;</li><li>x</li></ul>";
        assert_eq!(plain_text(html), "One a<b, two &lt; x");
    }

    #[test]
    fn only_plain_https_addresses_pass() {
        for good in ["https://example.com", "https://example.com/a?b=c&d#e", "https://[::1]/"] {
            assert!(Https::new(good).is_some(), "{good}");
        }
        for bad in [
            "http://example.com",
            "javascript:alert(1)",
            "//example.com",
            "https://",
            "https:///x",
            "https://u@example.com/",
            "https://example.com/a b",
            "https://example.com/\"x",
            "https://example.com\\@evil",
            "https://example.com/\u{7f}",
            "HTTPS://example.com",
        ] {
            assert!(Https::new(bad).is_none(), "{bad}");
        }
    }
}

//! Markdown of contributors and of rules, made harmless over its events: nothing but tags of our own can come out.
//!
//! Raw HTML becomes text, images vanish and leave their text, links that lead anywhere else than an allowed place
//! leave their text, headings move below those of the page.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::html::{Https, SafeHtml};

/// What a text may contain besides plain paragraphs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy<'a> {
    /// By how many levels headings move down.
    pub(super) shift: usize,
    /// Whether headings get anchors; only for our own texts, since names of anchors belong to the page.
    pub(super) anchors: bool,
    /// Ids on the page to which a `#fragment` may lead, besides the text's own headings.
    pub(super) fragments: &'a [&'a str],
    /// Relative addresses that are allowed, with the address that takes their place.
    pub(super) pages: Option<&'a BTreeMap<String, String>>,
}

/// Renders Markdown.
pub(super) fn render(markdown: &str, policy: Policy<'_>) -> SafeHtml {
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::empty()).collect();
    let names = if policy.anchors { heading_names(&events) } else { Vec::new() };
    let mut filter =
        Filter { policy, names: &names, heading: 0, links: Vec::new(), images: 0, fence: None, out: Vec::new() };
    for event in events {
        filter.event(event);
    }
    let mut text = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut text, filter.out.into_iter());
    SafeHtml::filtered(text)
}

/// A line of plain text, in which only `code` between backticks has a meaning.
pub(super) fn line_html(text: impl AsRef<str>) -> SafeHtml {
    let text = text.as_ref();
    let mut html = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, code, after)) = rest.split_once('`').and_then(|(before, rest)| {
        let (code, after) = rest.split_once('`').filter(|(code, _)| !code.trim().is_empty())?;
        Some((before, code, after))
    }) {
        escape(before, &mut html);
        html.push_str("<code>");
        escape(code, &mut html);
        html.push_str("</code>");
        rest = after;
    }
    escape(rest, &mut html);
    SafeHtml::filtered(html)
}

/// Ids of the headings in order: what the heading says in kebab case, each once.
fn heading_names(events: &[Event<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut open: Option<String> = None;
    for event in events {
        match event {
            Event::Start(Tag::Heading { .. }) => open = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut open {
                    heading.push_str(text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let words = open.take().unwrap_or_default().to_lowercase();
                let words: Vec<&str> =
                    words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
                let base = if words.is_empty() { "section".to_owned() } else { words.join("-") };
                let mut name = base.clone();
                let mut count = 1;
                while names.contains(&name) {
                    count += 1;
                    name = format!("{base}-{count}");
                }
                names.push(name);
            }
            _ => {}
        }
    }
    names
}

struct Filter<'a, 'p> {
    policy: Policy<'p>,
    names: &'a [String],
    heading: usize,
    /// Open links: whether each was let through.
    links: Vec<bool>,
    images: usize,
    /// Lines of an open code block, with the file that its fence names.
    fence: Option<(String, Option<String>)>,
    out: Vec<Event<'a>>,
}

impl<'a> Filter<'a, '_> {
    fn event(&mut self, event: Event<'a>) {
        if let Some((code, _)) = &mut self.fence {
            match event {
                Event::Text(text) => code.push_str(&text),
                Event::End(TagEnd::CodeBlock) => self.end_fence(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Html(text) | Event::InlineHtml(text) => self.out.push(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => self.out.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => self.out.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) => self.images += 1,
            Event::End(TagEnd::Image) => self.images = self.images.saturating_sub(1),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                // `<me@example.com>` comes without its scheme.
                let scheme = if link_type == LinkType::Email { "mailto:" } else { "" };
                let target = self.target(&format!("{scheme}{dest_url}")).filter(|_| self.images == 0);
                self.links.push(target.is_some());
                if let Some(target) = target {
                    let mut tag = String::from("<a href=\"");
                    escape(&target, &mut tag);
                    tag.push_str("\">");
                    self.out.push(Event::InlineHtml(tag.into()));
                }
            }
            Event::End(TagEnd::Link) => {
                if self.links.pop() == Some(true) {
                    self.out.push(Event::InlineHtml("</a>".into()));
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let id = self.names.get(self.heading).map(|name| CowStr::from(name.clone()));
                self.heading += 1;
                let level = lower(level, self.policy.shift);
                self.out.push(Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }));
            }
            Event::End(TagEnd::Heading(level)) => {
                self.out.push(Event::End(TagEnd::Heading(lower(level, self.policy.shift))));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let file = match kind {
                    CodeBlockKind::Fenced(info) => caption(&info),
                    CodeBlockKind::Indented => None,
                };
                self.fence = Some((String::new(), file));
            }
            event => self.out.push(event),
        }
    }

    fn end_fence(&mut self) {
        let Some((code, file)) = self.fence.take() else { return };
        let mut block = String::with_capacity(code.len() + 64);
        if let Some(file) = &file {
            block.push_str("<figure><figcaption><code>");
            escape(file, &mut block);
            block.push_str("</code></figcaption>");
        }
        // What scrolls must be reachable with the keyboard.
        block.push_str("<pre tabindex=\"0\"><code>");
        escape(&code, &mut block);
        block.push_str("</code></pre>");
        block.push_str(if file.is_some() { "</figure>\n" } else { "\n" });
        self.out.push(Event::Html(block.into()));
    }

    /// The address of a link, when it may lead there.
    fn target(&self, address: &str) -> Option<String> {
        if let Some(fragment) = address.strip_prefix('#') {
            let known: BTreeSet<&str> =
                self.policy.fragments.iter().copied().chain(self.names.iter().map(String::as_str)).collect();
            return known.contains(fragment).then(|| address.to_owned());
        }
        if let Some(mailbox) = address.strip_prefix("mailto:") {
            let plain =
                mailbox.bytes().all(|b| b.is_ascii_alphanumeric() || b"@._+-".contains(&b)) && mailbox.contains('@');
            return plain.then(|| address.to_owned());
        }
        if let Some(url) = Https::new(address) {
            return Some(url.to_string());
        }
        self.policy.pages?.get(address).cloned()
    }
}

fn lower(level: HeadingLevel, by: usize) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + by).min(6)).unwrap_or(HeadingLevel::H6)
}

/// Escapes text for an element or a quoted attribute.
fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            c => into.push(c),
        }
    }
}

/// What stands above a fence: those of rules say `yaml reported path/of/file`, or `json reported FORM --option VALUE`.
fn caption(info: &str) -> Option<String> {
    let (info, options) = info.split_once(" --").map_or((info, None), |(info, options)| (info, Some(options)));
    let what = info.split_whitespace().nth(2).unwrap_or_default();
    let what = match what {
        "fragment" | "whole" => "manifest.json",
        "descriptor" => "a descriptor",
        "annotations" => "annotations",
        "platform" => "the platform of an entry",
        "config" | "whole-config" => "config.json",
        "reference" => "a reference",
        path => path,
    };
    match options {
        Some(options) => Some(format!("{what}, with --{options}")),
        None if what.is_empty() || what == "manifest.json" => None,
        None => Some(what.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Policy<'_> = Policy { shift: 2, anchors: false, fragments: &["sources"], pages: None };

    fn plain(markdown: &str) -> String {
        render(markdown, PLAIN).to_string()
    }

    #[test]
    fn html_becomes_text() {
        assert_eq!(plain("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n");
        let block = plain("<script>\nalert(1)\n</script>\n");
        assert!(block.contains("&lt;script&gt;") && !block.contains("<script"), "{block}");
        assert!(!plain("```x\"><img src=y\n<i>\n```").contains("<i"), "a fence");
    }

    #[test]
    fn links_lead_to_allowed_places_only() {
        assert_eq!(
            plain("[a](https://example.com/?a=b&c)"),
            "<p><a href=\"https://example.com/?a=b&amp;c\">a</a></p>\n"
        );
        assert_eq!(plain("[a](#sources) [b](#nowhere)"), "<p><a href=\"#sources\">a</a> b</p>\n");
        assert_eq!(plain("<me@example.com>"), "<p><a href=\"mailto:me@example.com\">me@example.com</a></p>\n");
        for bad in [
            "javascript:alert(1)",
            "&#106;avascript:alert(1)",
            "java&#10;script:x",
            "//example.com",
            "/x",
            "x.html",
            "http://example.com",
            "data:text/html,x",
            "https:example.com",
            "mailto:a@b?body=x",
            "https://u@example.com",
        ] {
            assert!(!plain(&format!("[a]({bad})")).contains("<a"), "{bad}");
        }
    }

    #[test]
    fn lines_know_nothing_but_code() {
        assert_eq!(line_html("the `a<b>` of *x* & `").to_string(), "the <code>a&lt;b&gt;</code> of *x* &amp; `");
        assert_eq!(line_html("`a``b` ``").to_string(), "<code>a</code><code>b</code> ``");
    }

    #[test]
    fn images_vanish_and_headings_move_down() {
        assert_eq!(plain("![alt](https://example.com/x.png) b"), "<p>alt b</p>\n");
        assert_eq!(plain("[![alt](x.png)](https://example.com)"), "<p><a href=\"https://example.com\">alt</a></p>\n");
        assert_eq!(plain("# A {#x}\n"), "<h3>A {#x}</h3>\n");
        assert_eq!(plain("##### A\n"), "<h6>A</h6>\n");
    }

    #[test]
    fn our_own_texts_have_anchors_and_links_to_rules() {
        let pages = BTreeMap::from([("other-rule".to_owned(), "../other-rule/index.html".to_owned())]);
        let policy = Policy { shift: 0, anchors: true, fragments: &[], pages: Some(&pages) };
        let html = render("## Why\n[x](other-rule) [y](third-rule) [z](#why)\n## Why\n", policy).to_string();
        assert!(html.contains("<h2 id=\"why\">Why</h2>") && html.contains("<h2 id=\"why-2\">"), "{html}");
        assert!(html.contains("<a href=\"../other-rule/index.html\">x</a> y <a href=\"#why\">z</a>"), "{html}");
        let fence = render("```yaml reported types/a/type.yaml\nid: <a>\n```\n", policy).to_string();
        assert!(fence.contains("<figcaption><code>types/a/type.yaml</code></figcaption>"), "{fence}");
        assert!(fence.contains("id: &lt;a&gt;"), "{fence}");
    }
}

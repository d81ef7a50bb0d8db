//! Texts hold neither HTML nor pictures.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::EntryView;
use super::text_checks::{at_snippet, quoted};
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;

declare_rule! {
    /// A text holds an HTML tag or comment, or a picture.
    ///
    /// ## Why
    /// Texts of entries go to pages, terminals, feeds and user interfaces of registries. What is a tag for one of them
    /// is text for another, and a picture asks another host. Outputs escape every text; a tag would be shown as it is.
    ///
    /// ## Reported
    /// ```yaml reported
    /// description: |
    ///   A <b>sample</b> for tests.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// description: |
    ///   A **sample** for tests, tagged `<name>-<version>`.
    /// ```
    ///
    /// ## How to fix
    /// Use Markdown in the description. Put text in angle brackets between backticks; write a link in the place of a
    /// picture.
    ///
    /// ## Specification
    /// [CommonMark, raw HTML](https://spec.commonmark.org/0.31.2/#raw-html)
    pub static RULE = { id: "html-in-text", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    view.each_text(&mut |pointer, text| {
        if !may_hold_markup(text) {
            return;
        }
        // Patterns and arguments are no prose; rules of their own say what they may hold.
        if pointer.keys().any(|key| matches!(key.as_str(), "pattern" | "argv")) {
            return;
        }
        for (what, snippet) in markup(text) {
            let (message, help) = match what {
                Markup::Html => (
                    format!("the text holds the HTML {}", quoted(&snippet)),
                    "put it between backticks, or use Markdown",
                ),
                Markup::Picture => {
                    (format!("the text holds a picture, {}", quoted(&snippet)), "write a link in its place")
                }
            };
            let finding = view.at(&RULE, pointer, Part::Value, message).help(help);
            findings.push(at_snippet(view, finding, pointer, &snippet));
        }
    });
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Markup {
    Html,
    Picture,
}

/// Whether a text is worth a closer look.
fn may_hold_markup(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'<' | b'!'))
}

/// The HTML and the pictures of a text; a block of HTML lines counts once.
fn markup(text: &str) -> Vec<(Markup, String)> {
    let mut found = Vec::new();
    if !may_hold_markup(text) {
        return found;
    }
    let mut in_block = false;
    for event in Parser::new(text) {
        match event {
            Event::Html(html) if !in_block => {
                found.push((Markup::Html, html.trim().to_owned()));
                in_block = true;
            }
            Event::InlineHtml(html) => found.push((Markup::Html, html.trim().to_owned())),
            Event::End(TagEnd::HtmlBlock) => in_block = false,
            Event::Start(Tag::Image { dest_url, .. }) => found.push((Markup::Picture, dest_url.into_string())),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_from_text() {
        for good in [
            "a `<name>` b",
            "1 < 2 > 0",
            "<https://example.com>",
            "AT&T <-> R",
            "```\n<b>\n```\n",
            "Done!",
            "[a](https://example.com)",
        ] {
            assert!(markup(good).is_empty(), "{good}");
        }
        for bad in [
            "a <b>c",
            "<!-- x -->",
            "a <name> b",
            "![x](https://example.com/x.png)",
            "</p>",
            "<script>alert(1)</script>",
        ] {
            assert!(!markup(bad).is_empty(), "{bad}");
        }
        assert_eq!(markup("<div>\nx\n</div>\n").len(), 1);
    }
}

//! The profile of icons: what an SVG file may hold. What it does not name is refused; nothing is repaired.

use std::collections::BTreeMap;
use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use super::text_checks::quoted;
use crate::shape::schema::nearest_word;
use crate::source::text::is_deceptive;

/// Largest icon, in bytes.
pub(super) const MAX_BYTES: usize = 32 * 1024;
/// Most elements.
const MAX_ELEMENTS: usize = 500;
/// Most elements within each other.
const MAX_DEPTH: usize = 12;
/// Most attributes of one element, declarations of namespaces included.
const MAX_ATTRIBUTES: usize = 24;
/// Numbers are smaller than this, with either sign.
const MAX_NUMBER: f64 = 1e6;
/// Flaws that are named; a file with more is no icon.
const MAX_FLAWS: usize = 50;

const SVG: &str = "http://www.w3.org/2000/svg";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Elements, sorted.
const ELEMENTS: [&str; 15] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "path",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
];
/// The element that names the picture, which may hold text as `desc` may.
const TITLE: &str = "title";

/// What the value of an attribute may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Numbers with spaces or commas between, with `%` or `px`.
    Numbers,
    /// Commands and numbers of a path.
    Path,
    /// A colour, or a reference to a gradient.
    Paint,
    /// A reference to a clip path.
    Clip,
    /// Functions of numbers.
    Transform,
    /// Words.
    Words,
    /// The name by which others refer to the element.
    Id,
    /// Text for screen readers.
    Text,
}

/// Attributes with what they may hold, sorted by name.
const ATTRIBUTES: [(&str, Kind); 53] = [
    ("aria-hidden", Kind::Words),
    ("aria-label", Kind::Text),
    ("clip-path", Kind::Clip),
    ("clip-rule", Kind::Words),
    ("clipPathUnits", Kind::Words),
    ("color", Kind::Paint),
    ("cx", Kind::Numbers),
    ("cy", Kind::Numbers),
    ("d", Kind::Path),
    ("fill", Kind::Paint),
    ("fill-opacity", Kind::Numbers),
    ("fill-rule", Kind::Words),
    ("fr", Kind::Numbers),
    ("fx", Kind::Numbers),
    ("fy", Kind::Numbers),
    ("gradientTransform", Kind::Transform),
    ("gradientUnits", Kind::Words),
    ("height", Kind::Numbers),
    ("id", Kind::Id),
    ("offset", Kind::Numbers),
    ("opacity", Kind::Numbers),
    ("paint-order", Kind::Words),
    ("pathLength", Kind::Numbers),
    ("points", Kind::Numbers),
    ("preserveAspectRatio", Kind::Words),
    ("r", Kind::Numbers),
    ("role", Kind::Words),
    ("rx", Kind::Numbers),
    ("ry", Kind::Numbers),
    ("shape-rendering", Kind::Words),
    ("spreadMethod", Kind::Words),
    ("stop-color", Kind::Paint),
    ("stop-opacity", Kind::Numbers),
    ("stroke", Kind::Paint),
    ("stroke-dasharray", Kind::Numbers),
    ("stroke-dashoffset", Kind::Numbers),
    ("stroke-linecap", Kind::Words),
    ("stroke-linejoin", Kind::Words),
    ("stroke-miterlimit", Kind::Numbers),
    ("stroke-opacity", Kind::Numbers),
    ("stroke-width", Kind::Numbers),
    ("transform", Kind::Transform),
    ("transform-origin", Kind::Numbers),
    ("vector-effect", Kind::Words),
    ("version", Kind::Numbers),
    ("viewBox", Kind::Numbers),
    ("width", Kind::Numbers),
    ("x", Kind::Numbers),
    ("x1", Kind::Numbers),
    ("x2", Kind::Numbers),
    ("y", Kind::Numbers),
    ("y1", Kind::Numbers),
    ("y2", Kind::Numbers),
];

/// Something that an icon may not hold, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

/// Everything in an icon that the profile does not allow, in the order of the text.
pub(super) fn flaws(text: &str) -> Vec<Flaw> {
    let mut check = Check { text, flaws: Vec::new(), ids: BTreeMap::new(), foreign: Vec::new() };
    check.file();
    check.flaws.sort_by_key(|flaw| flaw.span.start);
    check.flaws.truncate(MAX_FLAWS);
    check.flaws
}

struct Check<'a> {
    text: &'a str,
    flaws: Vec<Flaw>,
    /// Names of elements by their id.
    ids: BTreeMap<String, String>,
    /// Namespaces that were complained about.
    foreign: Vec<String>,
}

impl Check<'_> {
    fn add(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.flaws.push(Flaw { span, message: message.into(), help: help.into() });
    }

    /// The bytes of a text where it first stands, or the start.
    fn find(&self, needle: &str) -> Range<usize> {
        self.text.find(needle).map_or(0..0, |at| at..at + needle.len())
    }

    fn file(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.add(0..3, "the icon begins with a byte order mark", "save it as UTF-8 without BOM");
            return;
        }
        self.declaration();
        for (at, mark) in self.text.match_indices("<![CDATA[") {
            self.add(at..at + mark.len(), "the icon has a CDATA section", "remove it");
        }
        let nodes = u32::try_from(MAX_BYTES).unwrap_or(u32::MAX);
        let options = ParsingOptions { allow_dtd: false, nodes_limit: nodes, ..ParsingOptions::default() };
        match Document::parse_with_options(self.text, options) {
            Ok(document) => self.document(&document),
            Err(roxmltree::Error::DtdDetected) => {
                self.add(self.find("<!DOCTYPE"), "the icon has a document type declaration", "remove it");
            }
            Err(error) => {
                let at = offset(self.text, error.pos());
                // Messages of the parser end with the position, which findings have in their own form.
                let reason = error.to_string();
                let reason = reason.rsplit_once(" at ").map_or(reason.as_str(), |(reason, _)| reason);
                self.add(
                    at..at,
                    format!("the icon is not well-formed XML: {}", reason.trim_end_matches('.')),
                    "correct the file",
                );
            }
        }
    }

    /// The XML declaration may say what is so anyway.
    fn declaration(&mut self) {
        let Some(declaration) = self.text.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else {
            return;
        };
        let folded = declaration.to_ascii_lowercase();
        if folded.contains("encoding") && !folded.contains("\"utf-8\"") && !folded.contains("'utf-8'") {
            self.add(0..declaration.len() + 5, "the icon declares another encoding than UTF-8", "save it as UTF-8");
        }
    }

    fn document(&mut self, document: &Document<'_>) {
        let root = document.root_element();
        if root.tag_name().namespace() != Some(SVG) || root.tag_name().name() != "svg" {
            let help = format!("begin the icon with `<svg xmlns=\"{SVG}\" viewBox=\"0 0 24 24\">`");
            self.add(start_tag(root), "the icon is no SVG picture", help);
            return;
        }
        self.collect_ids(document);
        self.view_box(root);
        let mut elements = 0;
        let mut too_deep = false;
        let mut stack: Vec<(Node<'_, '_>, usize)> = vec![(document.root(), 0)];
        while let Some((node, depth)) = stack.pop() {
            if node.is_pi() {
                self.add(node.range(), "the icon has a processing instruction", "remove it");
            }
            if node.is_text() {
                self.text_node(node);
            }
            if node.is_element() {
                elements += 1;
                if elements == MAX_ELEMENTS + 1 {
                    let message = format!("the icon has more than {MAX_ELEMENTS} elements");
                    self.add(start_tag(node), message, "join paths, or simplify the drawing");
                }
                if depth > MAX_DEPTH && !std::mem::replace(&mut too_deep, true) {
                    let message = format!("elements stand within each other more than {MAX_DEPTH} deep");
                    self.add(start_tag(node), message, "remove groups that do nothing");
                }
                self.element(node, node == root);
            }
            if self.flaws.len() > MAX_FLAWS {
                return;
            }
            stack.extend(node.children().rev().map(|child| (child, depth + 1)));
        }
    }

    fn collect_ids(&mut self, document: &Document<'_>) {
        for node in document.descendants().filter(Node::is_element) {
            let Some(attribute) = node.attribute_node("id") else { continue };
            let name = node.tag_name().name().to_owned();
            if self.ids.insert(attribute.value().to_owned(), name).is_some() {
                let message = format!("the id {} stands twice", quoted(attribute.value()));
                self.add(attribute.range(), message, "give each element an id of its own");
            }
        }
    }

    fn view_box(&mut self, root: Node<'_, '_>) {
        let Some(attribute) = root.attribute_node("viewBox") else {
            self.add(start_tag(root), "the icon has no `viewBox`", "add a square one, such as `viewBox=\"0 0 24 24\"`");
            return;
        };
        let numbers: Vec<Option<f64>> = attribute
            .value()
            .split([' ', ',', '\n', '\t'])
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok())
            .collect();
        let square = match numbers.as_slice() {
            [Some(x), Some(y), Some(width), Some(height)] => {
                x.abs() == 0.0 && y.abs() == 0.0 && *width > 0.0 && (width - height).abs() == 0.0
            }
            _ => false,
        };
        if !square {
            let message = format!("the `viewBox` {} is not square from `0 0`", quoted(attribute.value()));
            self.add(attribute.range(), message, "move the drawing to `0 0` and give it a square, such as `0 0 24 24`");
        }
    }

    fn text_node(&mut self, node: Node<'_, '_>) {
        let text = node.text().unwrap_or_default();
        let parent = node.parent().map_or("", |parent| parent.tag_name().name());
        if matches!(parent, "desc" | TITLE) {
            if text.chars().any(|c| is_deceptive(c) && c != '\n' && c != '\t') {
                self.add(node.range(), format!("the `{parent}` holds invisible or control characters"), "remove them");
            }
        } else if !text.trim().is_empty() {
            self.add(node.range(), "the icon has text between its elements", "remove it; draw letters as paths");
        }
    }

    fn element(&mut self, node: Node<'_, '_>, is_root: bool) {
        let name = node.tag_name().name();
        for namespace in node.namespaces().filter(|namespace| ![SVG, XML].contains(&namespace.uri())) {
            if !self.foreign.iter().any(|known| known == namespace.uri()) {
                self.foreign.push(namespace.uri().to_owned());
                let message = format!("the icon declares the foreign namespace {}", quoted(namespace.uri()));
                self.add(self.find(namespace.uri()), message, "remove the declaration and what uses it");
            }
        }
        let written = self.text.get(node.range().start + 1..).unwrap_or_default();
        let written = written.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default();
        let allowed = node.tag_name().namespace() == Some(SVG)
            && (ELEMENTS.binary_search(&name).is_ok() || name == TITLE)
            && (name != "svg" || is_root);
        if !allowed {
            self.add(start_tag(node), format!("the element {} is not allowed", quoted(written)), element_help(name));
        } else if written.contains(':') {
            self.add(
                start_tag(node),
                format!("the element {} has a prefix", quoted(written)),
                "declare SVG as the default namespace",
            );
        }
        if matches!(name, "desc" | TITLE) && node.children().any(|child| child.is_element()) {
            self.add(start_tag(node), format!("the `{name}` holds elements"), "write plain text in it");
        }
        let own = node.attributes().len() + declarations(self.text.get(start_tag(node)).unwrap_or_default());
        if own > MAX_ATTRIBUTES {
            let message = format!("an element has {own} attributes, {MAX_ATTRIBUTES} are allowed");
            self.add(start_tag(node), message, "remove those that do nothing");
        }
        for attribute in node.attributes() {
            let range = attribute.range();
            let written = self.text.get(attribute.range_qname()).unwrap_or_default();
            let kind = ATTRIBUTES.binary_search_by(|(known, _)| (*known).cmp(attribute.name()));
            let kind = kind.ok().filter(|_| attribute.namespace().is_none()).and_then(|at| ATTRIBUTES.get(at));
            let Some((_, kind)) = kind else {
                self.add(
                    range,
                    format!("the attribute {} is not allowed", quoted(written)),
                    attribute_help(attribute.name()),
                );
                continue;
            };
            if *kind == Kind::Clip && node.ancestors().any(|above| above.tag_name().name() == "clipPath") {
                self.add(range, "a clip path is itself clipped", "clip once");
                continue;
            }
            if let Err((message, help)) = self.value(*kind, attribute.value()) {
                self.add(range, format!("the attribute {} {message}", quoted(written)), help);
            }
        }
    }

    /// Whether a value is what its attribute may hold.
    fn value(&self, kind: Kind, value: &str) -> Result<(), (String, &'static str)> {
        match kind {
            Kind::Numbers | Kind::Clip if value == "none" => Ok(()),
            Kind::Numbers => numbers(value, "", true),
            Kind::Path => numbers(value, "MmZzLlHhVvCcSsQqTtAa", false),
            Kind::Transform => transform(value),
            Kind::Paint if value.contains("url") => self.reference(value, &["linearGradient", "radialGradient"]),
            Kind::Paint => colour(value),
            Kind::Clip => self.reference(value, &["clipPath"]),
            Kind::Words if value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b' ')) => {
                Ok(())
            }
            Kind::Words => Err((format!("holds {}, which is no word", quoted(value)), "write a word that SVG knows")),
            Kind::Id if is_id(value) => Ok(()),
            Kind::Id => {
                Err((format!("holds {}, which is no plain name", quoted(value)), "use letters, digits, `-` and `_`"))
            }
            Kind::Text if value.chars().any(is_deceptive) => {
                Err(("holds invisible or control characters".to_owned(), "remove them"))
            }
            Kind::Text => Ok(()),
        }
    }

    fn reference(&self, value: &str, targets: &[&str]) -> Result<(), (String, &'static str)> {
        let id = value.strip_prefix("url(#").and_then(|rest| rest.strip_suffix(')')).filter(|id| is_id(id));
        let Some(id) = id else {
            return Err((
                format!("holds {}, which is no reference within the file", quoted(value)),
                "write `url(#id)` with the id of an element of this icon",
            ));
        };
        match self.ids.get(id) {
            Some(name) if targets.contains(&name.as_str()) => Ok(()),
            Some(name) => Err((
                format!("refers to a `{name}`"),
                "refer to a gradient with `fill` and `stroke`, to a `clipPath` with `clip-path`",
            )),
            None => {
                Err((format!("refers to {}, which is not there", quoted(id)), "correct the id, or add the element"))
            }
        }
    }
}

/// The bytes of the tag that opens an element.
fn start_tag(node: Node<'_, '_>) -> Range<usize> {
    let range = node.range();
    let text = node.document().input_text().get(range.clone()).unwrap_or_default();
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return range.start..range.start + at + 1,
            _ => {}
        }
    }
    range
}

/// Number of declarations of namespaces in a tag.
fn declarations(tag: &str) -> usize {
    tag.match_indices("xmlns")
        .filter(|(at, _)| tag.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace)))
        .count()
}

/// The byte at a line and column of the parser, both from 1, the column in characters.
fn offset(text: &str, at: roxmltree::TextPos) -> usize {
    let (row, column) = (at.row.max(1) as usize - 1, at.col.max(1) as usize - 1);
    let start: usize = text.split_inclusive('\n').take(row).map(str::len).sum();
    let line = text.get(start..).unwrap_or_default();
    start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Reads numbers and the letters that may stand between them; `units` when a number may have `%` or `px`.
fn numbers(value: &str, letters: &str, units: bool) -> Result<(), (String, &'static str)> {
    let bytes = value.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let mut at = 0;
    while at < bytes.len() {
        let c = byte(at);
        if c.is_ascii_whitespace() || c == b',' || letters.as_bytes().contains(&c) {
            at += 1;
            continue;
        }
        let start = at;
        at += usize::from(matches!(c, b'+' | b'-'));
        let digits = |mut at: usize| {
            while byte(at).is_ascii_digit() {
                at += 1;
            }
            at
        };
        at = digits(at);
        if byte(at) == b'.' {
            at = digits(at + 1);
        }
        if matches!(byte(at), b'e' | b'E') {
            let sign = at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
            if byte(sign).is_ascii_digit() {
                at = digits(sign);
            }
        }
        let number = value.get(start..at).and_then(|text| text.parse::<f64>().ok());
        match number {
            None => {
                let rest: String = value.get(start..).unwrap_or_default().chars().take(12).collect();
                return Err((format!("holds {}, which is no number", quoted(&rest)), "write plain numbers"));
            }
            Some(number) if number.abs() >= MAX_NUMBER => {
                return Err((
                    format!(
                        "holds the number {}, which is too large",
                        quoted(value.get(start..at).unwrap_or_default())
                    ),
                    "scale the drawing down",
                ));
            }
            Some(_) => {}
        }
        if units && byte(at) == b'%' {
            at += 1;
        } else if units && byte(at) == b'p' && byte(at + 1) == b'x' {
            at += 2;
        }
    }
    Ok(())
}

fn transform(value: &str) -> Result<(), (String, &'static str)> {
    const FUNCTIONS: [&str; 6] = ["matrix", "rotate", "scale", "skewX", "skewY", "translate"];
    let mut rest = value.trim();
    while !rest.is_empty() {
        let parts = rest.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.split_once(')')?)));
        let Some((name, (inside, after))) = parts.filter(|(name, _)| FUNCTIONS.contains(name)) else {
            return Err((
                format!("holds {}, which is no transformation", quoted(rest)),
                "use matrix, translate, scale, rotate, skewX and skewY",
            ));
        };
        numbers(inside, "", false).map_err(|(message, help)| (format!("{message} in `{name}`"), help))?;
        rest = after.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    }
    Ok(())
}

fn colour(value: &str) -> Result<(), (String, &'static str)> {
    let wrong = || Err((format!("holds {}, which is no colour", quoted(value)), "write a name, `#rrggbb` or `none`"));
    let word = |text: &str| !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if let Some(digits) = value.strip_prefix('#') {
        let plain = matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return if plain { Ok(()) } else { wrong() };
    }
    match value.split_once('(') {
        None if word(value) => Ok(()),
        Some(("rgb" | "rgba" | "hsl" | "hsla", rest)) => match rest.strip_suffix(')') {
            Some(inside) => numbers(inside, "/", true),
            None => wrong(),
        },
        _ => wrong(),
    }
}

fn element_help(name: &str) -> String {
    let known = || ELEMENTS.iter().copied().chain([TITLE]);
    match name {
        "style" => "write properties as attributes of the shapes".to_owned(),
        "text" | "tspan" | "textPath" => "turn text into paths".to_owned(),
        "image" | "use" | "symbol" => "draw the shapes themselves".to_owned(),
        "metadata" => "remove it".to_owned(),
        "svg" => "one `svg` holds the whole picture; use `g`".to_owned(),
        name => match nearest_word(name, known()).filter(|near| *near != name) {
            Some(near) => format!("did you mean `{near}`? otherwise remove it"),
            None => format!("remove it; allowed are {}", known().collect::<Vec<_>>().join(", ")),
        },
    }
}

fn attribute_help(name: &str) -> String {
    match name {
        "style" => "write each property as an attribute".to_owned(),
        "class" => "write the properties of the class as attributes".to_owned(),
        "href" => "draw the shapes themselves; gradients and clip paths are referred to by `url(#id)`".to_owned(),
        name => match nearest_word(name, ATTRIBUTES.iter().map(|(known, _)| *known)).filter(|near| *near != name) {
            Some(near) => format!("did you mean `{near}`? otherwise remove it"),
            None => "remove it".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(inner: &str) -> Vec<String> {
        let text = format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 24 24\">{inner}</svg>");
        flaws(&text).into_iter().map(|flaw| flaw.message).collect()
    }

    #[test]
    fn lists_are_sorted() {
        assert!(ELEMENTS.is_sorted());
        assert!(ATTRIBUTES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn plain_drawings_pass() {
        for inner in [
            "<title>A sample &amp; more</title><desc>Drawn.</desc><path d=\"M2 2h20v-.5.5L1e2,3A1 1 0 01 2 2z\" fill-rule=\"evenodd\"/>",
            "<defs><radialGradient id=\"a\" gradientTransform=\"rotate(45) translate(-1,.5)\"><stop offset=\"50%\" stop-color=\"rgb(1, 2, 3)\"/></radialGradient></defs><circle r=\"3\" fill=\"url(#a)\"/>",
            "<clipPath id=\"c\"><rect width=\"2\" height=\"3px\"/></clipPath><g clip-path=\"url(#c)\"><path d=\"M0 0\" stroke=\"currentColor\" stroke-dasharray=\"none\"/></g>",
            "<!-- a comment -->\n<polygon points=\"0,0 1,1 -2.5-3\" fill=\"#8cf\"/>",
        ] {
            assert_eq!(messages(inner), Vec::<String>::new(), "{inner}");
        }
        assert!(
            flaws(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns='{SVG}' viewBox='0 0 1 1'/>"))
                .is_empty()
        );
    }

    #[test]
    fn what_is_not_listed_is_refused() {
        let cases = [
            ("<script>alert(1)</script>", "`script`"),
            ("<style>a{}</style>", "`style`"),
            ("<image/>", "`image`"),
            ("<use/>", "`use`"),
            ("<foreignObject/>", "`foreignObject`"),
            ("<animate/>", "`animate`"),
            ("<filter/>", "`filter`"),
            ("<svg/>", "`svg`"),
            ("<a/>", "`a`"),
            ("<g onclick=\"x\"/>", "`onclick`"),
            ("<g style=\"fill:red\"/>", "`style`"),
            ("<g class=\"a\"/>", "`class`"),
            ("<g href=\"#a\"/>", "`href`"),
            ("<g xmlns:x=\"urn:x\" x:y=\"1\"/>", "`urn:x`"),
            ("<x:g xmlns:x=\"http://www.w3.org/2000/svg\"/>", "prefix"),
            ("<g xml:space=\"preserve\"/>", "`xml:space`"),
            ("<g xmlns=\"http://www.w3.org/1999/xhtml\"/>", "foreign namespace"),
            ("<?php x?>", "processing instruction"),
            ("<![CDATA[x]]>", "CDATA"),
            ("text", "text between"),
            ("<rect fill=\"url(https://example.com/#a)\"/>", "no reference"),
            ("<rect fill=\"url(#none)\"/>", "not there"),
            ("<rect id=\"r\" fill=\"url(#r)\"/>", "refers to a `rect`"),
            ("<rect fill=\"red;x\"/>", "no colour"),
            ("<rect fill=\"javascript:x\"/>", "no colour"),
            ("<rect width=\"1e6\"/>", "too large"),
            ("<rect width=\"calc(1)\"/>", "no number"),
            ("<path d=\"M0 0 X1\"/>", "no number"),
            ("<g transform=\"foo(1)\"/>", "no transformation"),
            ("<g id=\"a b\"/>", "no plain name"),
            ("<g id=\"a\"/><g id=\"a\"/>", "twice"),
            ("<clipPath id=\"a\"><rect clip-path=\"url(#a)\"/></clipPath>", "itself clipped"),
            ("<title><b/></title>", "`b`"),
            ("<g>", "well-formed"),
        ];
        for (inner, part) in cases {
            let found = messages(inner);
            assert!(found.iter().any(|message| message.contains(part)), "{inner}: {found:?}");
        }
    }

    #[test]
    fn the_frame_is_checked() {
        let only = |text: &str| flaws(text).into_iter().map(|flaw| flaw.message).collect::<Vec<_>>().join("; ");
        assert!(only("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>").contains("document type"));
        assert!(only("<svg viewBox=\"0 0 1 1\"/>").contains("no SVG picture"));
        assert!(only(&format!("<svg xmlns=\"{SVG}\"/>")).contains("no `viewBox`"));
        assert!(only(&format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 24 25\"/>")).contains("not square"));
        assert!(only(&format!("<svg xmlns=\"{SVG}\" viewBox=\"1 0 24 24\"/>")).contains("not square"));
        assert!(only("<?xml version=\"1.0\" encoding=\"UTF-16\"?><svg/>").contains("another encoding"));
    }

    #[test]
    fn size_is_bounded() {
        let deep = |n: usize| format!("{}{}", "<g>".repeat(n), "</g>".repeat(n));
        assert!(messages(&deep(MAX_DEPTH - 1)).is_empty());
        assert_eq!(messages(&deep(MAX_DEPTH)).len(), 1);
        assert_eq!(messages(&deep(4000)).len(), 2);
        assert!(messages(&"<g/>".repeat(MAX_ELEMENTS - 1)).is_empty());
        assert_eq!(messages(&"<g/>".repeat(MAX_ELEMENTS)).len(), 1);
        let many: Vec<String> = ATTRIBUTES.iter().map(|(name, _)| format!("{name}=\"none\"")).collect();
        assert!(messages(&format!("<g {}/>", many.join(" "))).iter().any(|message| message.contains("attributes")));
    }

    #[test]
    fn places_are_exact() {
        let text = format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 1 1\">\n<g onload=\"x\"/></svg>");
        let flaw = &flaws(&text)[0];
        assert_eq!(&text[flaw.span.clone()], "onload=\"x\"");
    }
}

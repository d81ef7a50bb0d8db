//! A small drawing of relations: what leads to a type on the left, what it leads to on the right, all arrows from left
//! to right. A pure function of titles; colours and fonts are the stylesheet's.
//!
//! The drawing repeats what a list beside it says, so it is hidden from those who hear the page.

use askama::Template;

use super::html::SafeHtml;

/// Width and height of a box.
const BOX: (u32, u32) = (208, 34);
/// Between two columns.
const GAP: u32 = 76;
/// Between two boxes of a group, and between two groups.
const SPACE: (u32, u32) = (8, 14);
/// Height of a group's label.
const LABEL: u32 = 20;
/// Most boxes of a group.
const MOST: usize = 4;
/// Around everything, so that no line is cut.
const EDGE: u32 = 2;
/// Letters of usual width that fit into a box.
const LETTERS: f32 = 22.5;

/// What is drawn.
pub(super) struct Diagram<'a> {
    /// Title of the type in the middle.
    pub(super) centre: &'a str,
    /// What leads to it.
    pub(super) incoming: Vec<Group<'a>>,
    /// What it leads to.
    pub(super) outgoing: Vec<Group<'a>>,
}

/// A relation.
pub(super) struct Group<'a> {
    /// What it says of the middle.
    pub(super) label: &'static str,
    /// Title and address of each.
    pub(super) nodes: Vec<(&'a str, Option<String>)>,
}

#[derive(Template)]
#[template(path = "parts/diagram.html")]
struct Drawing<'a> {
    width: u32,
    height: u32,
    labels: Vec<Label>,
    boxes: Vec<Placed<'a>>,
    lines: Vec<String>,
    heads: Vec<String>,
}

struct Label {
    x: u32,
    y: u32,
    text: &'static str,
    more: usize,
}

struct Placed<'a> {
    x: u32,
    y: u32,
    title: &'a str,
    shown: String,
    url: Option<&'a str>,
    /// Whether it is the one in the middle.
    own: bool,
}

/// Draws it; nothing when there is nothing to draw.
pub(super) fn draw(diagram: &Diagram<'_>) -> Result<Option<SafeHtml>, askama::Error> {
    let count = |groups: &[Group<'_>]| groups.iter().map(|group| group.nodes.len()).sum::<usize>();
    let (left, right) = (count(&diagram.incoming), count(&diagram.outgoing));
    if left + right == 0 {
        return Ok(None);
    }
    let step = BOX.0 + GAP;
    let centre_x = EDGE + if left > 0 { step } else { 0 };
    let height = height(&diagram.incoming).max(height(&diagram.outgoing)).max(BOX.1);
    // In the middle of the boxes beside it, above the first of which a label stands.
    let middle = EDGE + height.midpoint(LABEL);
    let mut drawing = Drawing {
        width: centre_x + BOX.0 + if right > 0 { step } else { 0 } + EDGE,
        height: height + 2 * EDGE,
        labels: Vec::new(),
        boxes: vec![placed(centre_x, middle - BOX.1 / 2, diagram.centre, None, true)],
        lines: Vec::new(),
        heads: Vec::new(),
    };
    if left > 0 {
        let rows = drawing.column(&diagram.incoming, EDGE, height);
        let (from, to) = (EDGE + BOX.0, centre_x);
        drawing.lines.push(format!("M{} {middle}H{to}", from + GAP / 2));
        drawing.lines.extend(rows.iter().map(|y| format!("M{from} {y}H{}V{middle}", from + GAP / 2)));
        drawing.heads.push(head(to, middle));
    }
    if right > 0 {
        let (from, to) = (centre_x + BOX.0, centre_x + step);
        let rows = drawing.column(&diagram.outgoing, to, height);
        drawing.lines.push(format!("M{from} {middle}H{}", from + GAP / 2));
        drawing.lines.extend(rows.iter().map(|y| format!("M{} {middle}V{y}H{to}", from + GAP / 2)));
        drawing.heads.extend(rows.iter().map(|y| head(to, *y)));
    }
    SafeHtml::render(&drawing).map(Some)
}

/// Height of a column.
fn height(groups: &[Group<'_>]) -> u32 {
    let rows = |group: &Group<'_>| u32::try_from(group.nodes.len().min(MOST)).unwrap_or(0);
    let heights = groups.iter().filter(|group| !group.nodes.is_empty());
    let heights = heights.map(|group| LABEL + rows(group) * (BOX.1 + SPACE.0) - SPACE.0 + SPACE.1);
    heights.sum::<u32>().saturating_sub(SPACE.1)
}

impl<'a> Drawing<'a> {
    /// Places the groups of a column in its middle, and gives the middle of each box.
    fn column(&mut self, groups: &'a [Group<'a>], x: u32, height_of_all: u32) -> Vec<u32> {
        let mut y = EDGE + (height_of_all - height(groups)) / 2;
        let mut middles = Vec::new();
        for group in groups.iter().filter(|group| !group.nodes.is_empty()) {
            let more = group.nodes.len().saturating_sub(MOST);
            self.labels.push(Label { x, y: y + LABEL - 7, text: group.label, more });
            y += LABEL;
            for (title, url) in group.nodes.iter().take(MOST) {
                self.boxes.push(placed(x, y, title, url.as_deref(), false));
                middles.push(y + BOX.1 / 2);
                y += BOX.1 + SPACE.0;
            }
            y = y - SPACE.0 + SPACE.1;
        }
        middles
    }
}

fn placed<'a>(x: u32, y: u32, title: &'a str, url: Option<&'a str>, own: bool) -> Placed<'a> {
    Placed { x, y, title, shown: fitting(title), url, own }
}

/// An arrow head whose point is at a place.
fn head(x: u32, y: u32) -> String {
    format!("M{} {}L{x} {y}L{} {}z", x - 7, y - 4, x - 7, y + 4)
}

/// As much of a title as fits into a box.
fn fitting(title: &str) -> String {
    let width = |c: char| match c {
        'm' | 'w' | 'A'..='Z' => 1.3,
        'i' | 'l' | 'j' | 't' | 'f' | '.' | ',' | ' ' => 0.6,
        '\u{1100}'.. => 2.0,
        _ => 1.0,
    };
    let mut used = 0.0;
    for (at, c) in title.char_indices() {
        used += width(c);
        if used > LETTERS {
            let kept: String = title[..at].chars().collect();
            let mut kept = kept.trim_end().to_owned();
            kept.pop();
            return format!("{}…", kept.trim_end());
        }
    }
    title.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group<'a>(label: &'static str, titles: &[&'a str]) -> Group<'a> {
        Group { label, nodes: titles.iter().map(|title| (*title, Some(format!("../{title}/index.html")))).collect() }
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let diagram = Diagram { centre: "x", incoming: vec![group("kinds of it", &[])], outgoing: Vec::new() };
        assert!(draw(&diagram).unwrap().is_none());
    }

    #[test]
    fn everything_lies_within_the_drawing() {
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        let diagram = Diagram {
            centre: "middle",
            incoming: vec![group("kinds of it", &many), group("attached to it", &["h"])],
            outgoing: vec![group("is a", &["i"])],
        };
        let html = draw(&diagram).unwrap().unwrap().to_string();
        assert_eq!(html.matches("<a ").count(), MOST + 2);
        assert!(html.contains("kinds of it, 3 more"), "{html}");
        let value = |text: &str| text.split('"').next().unwrap().parse::<u32>().unwrap();
        let height = value(html.split("height=\"").nth(1).unwrap());
        for y in html.split(" y=\"").skip(1) {
            assert!(value(y) < height, "{html}");
        }
        // The same titles, the same bytes.
        assert_eq!(draw(&diagram).unwrap().unwrap().to_string(), html);
    }

    #[test]
    fn titles_are_text_and_long_ones_are_cut() {
        assert_eq!(fitting("Helm chart"), "Helm chart");
        assert_eq!(fitting("An artifact type with a long title, forty"), "An artifact type with a lo…");
        assert_eq!(fitting("ÄÖÜ語語語語語語語語語語語語語語語語語語語語"), "ÄÖÜ語語語語語語語語…");
        let diagram = Diagram { centre: "<b>\"&'", incoming: vec![group("x", &["</text>"])], outgoing: Vec::new() };
        let html = draw(&diagram).unwrap().unwrap().to_string();
        assert!(!html.contains("<b>") && html.matches("</text>").count() == 3, "{html}");
    }
}

//! Badges: a small picture for each type, for the readme files of projects, and the same as data for shields.io.

use std::fmt::Write as _;

use serde::Serialize;

use super::feed::xml;
use super::{Error, Output, Site, api, paths, words};
use crate::catalog::ArtifactType;
use crate::catalog::model::{State, Tier};
use crate::parallel::Work;

/// Text of the left part.
const LABEL: &str = "artifact type";
/// Left edge of the text of the left part: behind the mark.
const LABEL_START: u32 = 23;
/// Space before and behind a text.
const PADDING: u32 = 6;

/// Advance of each character from space to tilde in `DejaVu Sans` at 11 pixels, which Verdana shares, in tenths of a
/// pixel. Measured once; `textLength` makes every other font fit.
const ADVANCE: [u32; 95] = [
    35, 44, 51, 92, 70, 105, 86, 30, 43, 43, 55, 92, 35, 40, 35, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 37, 37,
    92, 92, 92, 58, 110, 75, 75, 77, 85, 70, 63, 85, 83, 32, 32, 72, 61, 95, 82, 87, 66, 87, 76, 70, 67, 81, 75, 109,
    75, 67, 75, 43, 37, 43, 92, 55, 55, 67, 70, 60, 70, 68, 39, 70, 70, 31, 31, 64, 31, 107, 70, 67, 70, 70, 45, 57,
    43, 70, 65, 90, 65, 65, 58, 70, 37, 70, 92,
];

/// A badge as the page of its type shows it.
#[derive(Debug, Clone)]
pub(super) struct Badge {
    /// Path of the picture, from the root.
    pub(super) svg: String,
    /// Path of the data, from the root.
    pub(super) json: String,
    /// What it says.
    pub(super) text: String,
    /// Width of the picture.
    pub(super) width: u32,
    /// The picture with a link, as Markdown.
    pub(super) markdown: String,
    /// Whether its addresses are whole.
    pub(super) absolute: bool,
}

/// The form that the endpoint badge of shields.io reads.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    schema_version: u32,
    label: &'static str,
    message: String,
    color: &'static str,
}

/// Writes the badge of every entry, as a picture and as data.
pub(super) fn plan<'w>(site: &'w Site<'_>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    work.each(site.catalog.entries.len(), move |at| {
        let entry = &site.catalog.entries[at];
        let message = message(entry);
        out.put(&svg_path(&entry.id), svg(&message, color(entry)).into_bytes())?;
        let endpoint = Endpoint { schema_version: 1, label: LABEL, message, color: color(entry) };
        api::put(out, &json_path(&entry.id), &endpoint)
    });
}

/// The badge of an entry.
pub(super) fn badge(site: &Site<'_>, entry: &ArtifactType) -> Badge {
    let at = |path: &str| match site.base {
        Some(base) => paths::absolute(base, path),
        None => path.to_owned(),
    };
    let (svg, text) = (svg_path(&entry.id), format!("{LABEL}: {}", message(entry)));
    // What is copied into a readme must not grow old: the standing is only in the picture.
    let name = plain(&format!("{LABEL}: {}", entry.title));
    let markdown = format!("[![{name}]({})]({})", at(&svg), at(&paths::type_page(&entry.id)));
    Badge {
        json: json_path(&entry.id),
        width: widths(&message(entry)).1,
        svg,
        text,
        markdown,
        absolute: site.base.is_some(),
    }
}

fn svg_path(id: &str) -> String {
    format!("badges/{id}.svg")
}

fn json_path(id: &str) -> String {
    format!("badges/{id}.json")
}

/// Text of the right part: the name, and the state, or for what is in use how well it is proved.
fn message(entry: &ArtifactType) -> String {
    let standing = match entry.status.state {
        State::Active => words::tier(entry.tier).0,
        state => words::state(state).0,
    };
    format!("{} \u{b7} {standing}", entry.title)
}

/// Colour of the right part, on which white is readable.
const fn color(entry: &ArtifactType) -> &'static str {
    match (entry.status.state, entry.tier) {
        (State::Active, Tier::Listed) => "566273",
        (State::Active, Tier::Verified | Tier::WellKnown) => "1b6438",
        (State::Proposed, _) => "0b5a8c",
        (State::Deprecated, _) => "7d4a00",
        (State::Withdrawn, _) => "9b1c2c",
    }
}

/// Width of a text, in pixels.
fn width(text: &str) -> u32 {
    let advance = |c: char| match u32::from(c) {
        c @ 0x20..=0x7E => ADVANCE.get((c - 0x20) as usize).copied().unwrap_or(70),
        0xB7 => 35,
        // The scripts of East Asia, and pictures.
        0x1100..=0x115F | 0x2E80..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0x1_F000.. => 110,
        _ => 70,
    };
    text.chars().map(advance).sum::<u32>().div_ceil(10)
}

/// Width of the left part, and of the whole badge.
fn widths(message: &str) -> (u32, u32) {
    let left = LABEL_START + width(LABEL) + PADDING;
    (left, left + 2 * PADDING + width(message))
}

fn svg(message: &str, color: &str) -> String {
    let (left, whole) = widths(message);
    let (label_width, message_width, right) = (width(LABEL), width(message), left + PADDING);
    let name = format!("{LABEL}: {}", xml(message));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" viewBox=\"0 0 {whole} 20\" \
         role=\"img\" aria-label=\"{name}\">\n<title>{name}</title>\n"
    );
    // Writing into a string does not fail.
    let _ = write!(
        svg,
        "<path fill=\"#39434f\" d=\"M3 0H{left}V20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z\"/>\n\
         <path fill=\"#{color}\" d=\"M{left} 0H{}a3 3 0 0 1 3 3V17a3 3 0 0 1-3 3H{left}z\"/>\n\
         <g transform=\"translate(5 3.2) scale(.425)\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2.6\" \
         stroke-linejoin=\"round\"><rect x=\"4\" y=\"4\" width=\"10\" height=\"10\" rx=\"2\"/>\
         <circle cx=\"23\" cy=\"9\" r=\"5\"/><rect x=\"4\" y=\"18\" width=\"10\" height=\"10\" rx=\"2\"/>\
         <path d=\"M23 18l5.5 10h-11z\"/></g>\n\
         <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,Geneva,sans-serif\" font-size=\"11\">\n\
         <text x=\"{LABEL_START}\" y=\"14\" textLength=\"{label_width}\" lengthAdjust=\"spacingAndGlyphs\">{LABEL}</text>\n\
         <text x=\"{right}\" y=\"14\" textLength=\"{message_width}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n</g>\n</svg>\n",
        whole - 3,
        xml(message),
    );
    svg
}

/// Text for the alternative text of a picture in Markdown: its marks are escaped, and it stays on one line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            plain.push(' ');
            continue;
        }
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '!' | '|' | '~') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        assert_eq!(width("artifact type"), 68);
        assert_eq!(width("\u{5b57}"), 11);
        assert_eq!(width(""), 0);
    }

    #[test]
    fn hostile_text_stays_text() {
        let svg = svg("\"><script>x</script>&\u{0}\u{1b}'", "1b6438");
        assert!(!svg.contains("<script") && !svg.contains('\u{0}') && !svg.contains('\u{1b}'), "{svg}");
        assert!(crate::picture::Picture::read(&svg).is_ok(), "{svg}");
        assert_eq!(plain("a]](x)`<b>\n"), "a\\]\\](x)\\`\\<b\\> ");
    }

    #[test]
    fn a_badge_says_the_state_unless_the_type_is_in_use() {
        let mut entry = ArtifactType { id: "a".into(), title: "A".into(), ..ArtifactType::default() };
        assert_eq!((message(&entry).as_str(), color(&entry)), ("A \u{b7} listed", "566273"));
        entry.tier = Tier::WellKnown;
        assert_eq!((message(&entry).as_str(), color(&entry)), ("A \u{b7} well-known", "1b6438"));
        entry.status.state = State::Withdrawn;
        assert_eq!((message(&entry).as_str(), color(&entry)), ("A \u{b7} withdrawn", "9b1c2c"));
    }
}

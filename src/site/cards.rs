//! Cards: the pictures that other sites show beside a link to a page, one for each role and one for all else.
//!
//! They hold no text, since the renderer has no fonts: a large glyph before a calm pattern. They are drawn in black
//! and white and coloured when they are rendered.

use std::fmt::Write as _;

use super::pictures::{self, Kind, Pictures};
use super::{Error, Output, glyphs};
use crate::parallel::Work;
use crate::picture::{self, Picture};

/// Width and height that sites ask for.
pub(super) const SIZE: (u32, u32) = (1200, 630);
/// The soft accent of the light theme, `--accent-soft`.
const GROUND: [u8; 3] = [0xE6, 0xF0, 0xF7];
/// The accent of the light theme, `--accent`.
const INK: [u8; 3] = [0x0B, 0x5A, 0x8C];
/// Name of the card that stands for the whole site.
const SITE: &str = "site";
/// The mark of the site.
const MARK: &str = include_str!("../../site-templates/static/favicon.svg");

/// A card as a page names it.
#[derive(Debug, Clone)]
pub(super) struct Card {
    /// Path from the root of the site.
    pub(super) path: String,
    /// What is to be seen.
    pub(super) alt: String,
}

impl Card {
    /// The card of a role.
    pub(super) fn of_role(role: &glyphs::RoleFacts) -> Self {
        Self { path: path(role.name), alt: format!("The sign for {}", role.title) }
    }

    /// The card of the site.
    pub(super) fn of_site() -> Self {
        Self { path: path(SITE), alt: "The mark of the catalog of OCI artifact types".to_owned() }
    }
}

fn path(name: &str) -> String {
    format!("cards/{name}.png")
}

/// Renders every card.
pub(super) fn plan<'w>(out: &'w Output<'_>, pictures: Option<&'w Pictures>, work: &mut Work<'w, Error>) {
    let roles = glyphs::ALL.iter().enumerate().map(|(at, role)| (path(role.name), svg(role.svg, 24, at)));
    for (path, svg) in roles.chain([(path(SITE), svg(MARK, 32, 0))]) {
        work.one(move || {
            let fail = |error| Error::Picture(path.clone(), error);
            let drawn = pictures::drawn(pictures, Kind::Card, &svg).map_err(fail)?;
            drawn.iter().try_for_each(|png| out.put(&path, png))
        });
    }
}

/// The pixels of a card.
pub(super) fn png(picture: &Picture) -> Result<Vec<u8>, picture::Error> {
    picture.two_tone_png(SIZE, GROUND, INK)
}

/// A card with a glyph of some units, its pattern chosen by a number.
fn svg(glyph: &str, units: u32, number: usize) -> String {
    let inner = glyph.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>")).map_or("", |(inner, _)| inner);
    let mark = MARK.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>")).map_or("", |(inner, _)| inner);
    let line = "fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"";
    let scale = 330.0 / f64::from(units);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 630\">\
         <path d=\"{}\" fill=\"#2f2f2f\" shape-rendering=\"crispEdges\"/>\
         <rect x=\"365\" y=\"80\" width=\"470\" height=\"470\" rx=\"56\" stroke=\"#3f3f3f\" stroke-width=\"4\"/>\
         <g transform=\"translate(435 150) scale({scale:.4})\" {line} stroke=\"#fff\" stroke-width=\"{}\">{inner}</g>",
        pattern(number),
        if units == 24 { "1.6" } else { "2.2" },
    );
    if units == 24 {
        // Writing into a string does not fail.
        let _ = write!(
            svg,
            "<rect x=\"40\" y=\"526\" width=\"64\" height=\"64\" rx=\"12\"/>\
             <g transform=\"translate(48 534) scale(1.5)\" {line} stroke=\"#9f9f9f\" stroke-width=\"2.2\">{mark}</g>"
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Lines along one or both sides, or dots where they would cross: as a path of rectangles.
fn pattern(number: usize) -> String {
    let step = [30, 42, 54][number / 4 % 3];
    let (rows, columns) = ((step / 2..630).step_by(step), (step / 2..1200).step_by(step));
    let mut path = String::new();
    // Writing into a string does not fail.
    match number % 4 {
        0 => rows.for_each(|y| _ = write!(path, "M0 {y}h1200v2H0z")),
        1 => columns.for_each(|x| _ = write!(path, "M{x} 0h2v630h-2z")),
        2 => {
            rows.for_each(|y| _ = write!(path, "M0 {y}h1200v2H0z"));
            columns.for_each(|x| _ = write!(path, "M{x} 0h2v630h-2z"));
        }
        _ => {
            for y in rows {
                columns.clone().for_each(|x| _ = write!(path, "M{x} {y}h5v5h-5z"));
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::Files;
    use super::*;

    #[test]
    fn colours_are_those_of_the_light_theme() {
        let style = include_str!("../../site-templates/static/style.css");
        for (token, [red, green, blue]) in [("--accent", INK), ("--accent-soft", GROUND)] {
            let wanted = format!("{token}: light-dark(#{red:02x}{green:02x}{blue:02x},");
            assert!(style.contains(&wanted), "{wanted}");
        }
    }

    #[test]
    fn every_role_has_a_card_of_the_size_that_is_said() {
        let files = Files::default();
        let out = Output::new(&files);
        let mut work = Work::default();
        plan(&out, None, &mut work);
        work.run().unwrap();
        drop(work);
        let files = files.into_map();
        assert_eq!(files.len(), glyphs::ALL.len() + 1);
        for (path, png) in &files {
            assert_eq!((&png[16..20], &png[20..24]), (&SIZE.0.to_be_bytes()[..], &SIZE.1.to_be_bytes()[..]), "{path}");
            assert!(png.len() < 40_000, "{path} has {} bytes", png.len());
        }
        assert!(glyphs::ALL.iter().all(|role| files.contains_key(&Card::of_role(role).path)));
    }
}

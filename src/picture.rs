//! Pictures: from the plain shapes of an SVG document to the pixels that registries show.
//!
//! Only documents that keep to the profile of icons are given to the renderer: it has no limit of its own on time.
//! It never looks outside the document: what an image element names is answered with nothing.

use std::fmt;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// Sides of the published pictures, in pixels; the last is the one that `icon.png` of the mapping names.
pub const SIDES: [u32; 4] = [16, 32, 50, 128];

/// Path of a picture as PNG, from that of the SVG document.
#[must_use]
pub fn png_path(svg_path: &str, side: u32) -> String {
    let stem = svg_path.strip_suffix(".svg").unwrap_or(svg_path);
    format!("{stem}-{side}.png")
}

/// Why a picture can not be rendered.
#[derive(Debug)]
pub enum Error {
    /// The document is no SVG that the renderer reads.
    Document(resvg::usvg::Error),
    /// The pixels could not be written as PNG.
    Png(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(error) => write!(f, "{error}"),
            Self::Png(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for Error {}

/// A parsed picture, which is rendered at several sizes.
#[derive(Debug)]
pub struct Picture(Tree);

impl Picture {
    /// Reads an SVG document.
    ///
    /// # Errors
    ///
    /// When the renderer can not read it.
    pub fn read(svg: &str) -> Result<Self, Error> {
        let options = Options {
            resources_dir: None,
            image_href_resolver: ImageHrefResolver {
                resolve_data: Box::new(|_, _, _| None),
                resolve_string: Box::new(|_, _| None),
            },
            ..Options::default()
        };
        Tree::from_str(svg, &options).map(Self).map_err(Error::Document)
    }

    /// The picture as PNG, in a square of `side` pixels, its background transparent.
    ///
    /// # Errors
    ///
    /// When there are no such pixels.
    pub fn png(&self, side: u32) -> Result<Vec<u8>, Error> {
        self.pixels(side)?.encode_png().map_err(|error| Error::Png(error.to_string()))
    }

    /// The picture as PNG in two colours and what lies between them, sixteen in all, which makes a large picture small.
    /// It is drawn in black and white: what is white becomes `white`, what is black or not drawn `black`.
    ///
    /// # Errors
    ///
    /// When there are no such pixels.
    pub fn two_tone_png(&self, (width, height): (u32, u32), black: [u8; 3], white: [u8; 3]) -> Result<Vec<u8>, Error> {
        let fail = |error: png::EncodingError| Error::Png(error.to_string());
        let mut pixels = Pixmap::new(width, height).ok_or_else(|| Error::Png("no such picture".to_owned()))?;
        let size = self.0.size();
        #[expect(clippy::cast_precision_loss, reason = "sides are small")]
        let transform = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
        resvg::render(&self.0, transform, &mut pixels.as_mut());
        // The upper four bits of red, two pixels in a byte, each row from a byte of its own.
        let row = pixels.data().chunks_exact(4 * width as usize);
        let packed: Vec<u8> = row
            .flat_map(|row| row.chunks(8).map(|two| (two[0] & 0xF0) | (two.get(4).copied().unwrap_or_default() >> 4)))
            .collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_palette(palette(black, white));
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().map_err(fail)?;
        writer.write_image_data(&packed).map_err(fail)?;
        writer.finish().map_err(fail)?;
        Ok(bytes)
    }

    /// Whether nothing is to be seen of it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.pixels(50).is_ok_and(|pixels| pixels.pixels().iter().all(|pixel| pixel.alpha() == 0))
    }

    fn pixels(&self, side: u32) -> Result<Pixmap, Error> {
        let mut pixels = Pixmap::new(side, side).ok_or_else(|| Error::Png(format!("no picture has {side} pixels")))?;
        let size = self.0.size();
        // Icons are square; another one is fitted by its longer side.
        #[expect(clippy::cast_precision_loss, reason = "sides are small")]
        let scale = side as f32 / size.width().max(size.height());
        resvg::render(&self.0, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        Ok(pixels)
    }
}

/// Sixteen colours from one to another.
fn palette(from: [u8; 3], to: [u8; 3]) -> Vec<u8> {
    let mix = |step: u16, at: usize| (u16::from(from[at]) * (15 - step) + u16::from(to[at]) * step + 7) / 15;
    (0..16).flat_map(|step| (0..3).map(move |at| (step, at))).map(|(step, at)| mix(step, at).to_le_bytes()[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_fills_the_picture_and_nothing_is_blank() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0h24v24H0z" fill="#123456"/></svg>"##;
        let picture = Picture::read(svg).unwrap();
        assert!(!picture.is_blank());
        for side in SIDES {
            let png = picture.png(side).unwrap();
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
            assert_eq!(png[16..20], side.to_be_bytes());
            assert_eq!(png[20..24], side.to_be_bytes());
        }
        let pixels = picture.pixels(50).unwrap();
        assert!(pixels.pixels().iter().all(|pixel| (pixel.red(), pixel.alpha()) == (0x12, 0xFF)));
        let empty = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0"/></svg>"#;
        assert!(Picture::read(empty).unwrap().is_blank());
        assert!(Picture::read("<html/>").is_err());
    }

    #[test]
    fn two_tones_are_those_that_were_asked_for() {
        let svg =
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5 2"><path d="M1 0h4v1H1z" fill="#fff"/></svg>"##;
        let png = Picture::read(svg).unwrap().two_tone_png((5, 2), [0, 10, 20], [255, 110, 20]).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let palette = reader.info().palette.clone().unwrap().into_owned();
        assert_eq!((&palette[..3], &palette[45..], palette.len()), (&[0, 10, 20][..], &[255, 110, 20][..], 48));
        let mut rows = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut rows).unwrap();
        assert_eq!(rows, [0x0F, 0xFF, 0xF0, 0, 0, 0]);
    }

    #[test]
    fn nothing_outside_of_the_document_is_looked_at() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="/etc/hostname.png" width="9" height="9"/></svg>"#;
        assert!(Picture::read(svg).unwrap().is_blank());
    }

    #[test]
    fn paths_name_the_side() {
        assert_eq!(png_path("icons/roles/chart.svg", 50), "icons/roles/chart-50.png");
    }
}

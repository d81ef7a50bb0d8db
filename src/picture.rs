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
    fn nothing_outside_of_the_document_is_looked_at() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="/etc/hostname.png" width="9" height="9"/></svg>"#;
        assert!(Picture::read(svg).unwrap().is_blank());
    }

    #[test]
    fn paths_name_the_side() {
        assert_eq!(png_path("icons/roles/chart.svg", 50), "icons/roles/chart-50.png");
    }
}

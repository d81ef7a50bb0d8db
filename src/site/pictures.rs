//! Pictures of types, byte for byte, and the glyphs of roles; each also as PNG.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Error, Output, Site, glyphs};
use crate::parallel::Work;
use crate::picture::{self, Picture};

/// Renders every picture; those that are equal once.
pub(super) fn plan<'w>(
    site: &'w Site<'_>,
    pictures: Option<&'w Pictures>,
    out: &'w Output<'_>,
    work: &mut Work<'w, Error>,
) {
    let roles = glyphs::ALL.iter().map(|role| (glyphs::path(role.name), role.svg));
    let types = site.catalog.entries.iter().filter_map(|entry| {
        site.catalog.file(&entry.id, "icon.svg").map(|svg| (format!("icons/{}.svg", entry.id), svg))
    });
    let mut paths: BTreeMap<&'w str, Vec<String>> = BTreeMap::new();
    for (path, svg) in roles.chain(types) {
        paths.entry(svg).or_default().push(path);
    }
    for (svg, paths) in paths {
        work.one(move || {
            let fail = |error| Error::Picture(paths.first().cloned().unwrap_or_default(), error);
            let drawn = drawn(pictures, Kind::Icon, svg).map_err(fail)?;
            for path in &paths {
                out.put(path, svg.as_bytes())?;
                for (side, png) in picture::SIDES.into_iter().zip(drawn.iter()) {
                    out.put(&picture::png_path(path, side), png)?;
                }
            }
            Ok(())
        });
    }
}

/// What is drawn of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An icon in all its sides.
    Icon,
    /// A card.
    Card,
}

impl Kind {
    fn draw(self, svg: &str) -> Result<Vec<Vec<u8>>, picture::Error> {
        let picture = Picture::read(svg)?;
        match self {
            Self::Icon => picture::SIDES.into_iter().map(|side| picture.png(side)).collect(),
            Self::Card => super::cards::png(&picture).map(|png| vec![png]),
        }
    }
}

/// The pictures in PNG of a document: those that were drawn before, or drawn now.
pub(super) fn drawn(pictures: Option<&Pictures>, kind: Kind, svg: &str) -> Result<Arc<Vec<Vec<u8>>>, picture::Error> {
    match pictures {
        Some(pictures) => pictures.drawn(kind, svg),
        None => kind.draw(svg).map(Arc::new),
    }
}

/// Pictures that earlier builds drew, each by what it was drawn of, for who builds again and again. One that a build
/// does not ask for is forgotten with the next.
#[derive(Debug, Default)]
pub struct Pictures(Mutex<[Drawn; 2]>);

/// Pictures by what they were drawn of.
type Drawn = BTreeMap<(Kind, String), Arc<Vec<Vec<u8>>>>;

impl Pictures {
    /// Another build begins.
    pub fn turn(&self) {
        let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.swap(0, 1);
        pictures[0].clear();
    }

    fn drawn(&self, kind: Kind, svg: &str) -> Result<Arc<Vec<Vec<u8>>>, picture::Error> {
        let key = (kind, svg.to_owned());
        {
            let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let [now, before] = &mut *pictures;
            if let Some(drawn) = now.get(&key) {
                return Ok(Arc::clone(drawn));
            }
            if let Some(drawn) = before.remove(&key) {
                now.insert(key, Arc::clone(&drawn));
                return Ok(drawn);
            }
        }
        let drawn = Arc::new(kind.draw(svg)?);
        let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pictures[0].insert(key, Arc::clone(&drawn));
        Ok(drawn)
    }
}

//! Media types over time: what is written today, and what stood in its place before.

use super::super::super::{Site, words};
use super::super::MediaTypeRef;
use crate::catalog::ArtifactType;
use crate::catalog::model::{FormerMediaType, Place};

/// One place of a document through time.
pub(super) struct Era<'a> {
    /// The place, unless it is that of the era before.
    pub(super) place: Option<&'static str>,
    /// What took the place of the others; `None` when nothing did.
    pub(super) successor: Option<MediaTypeRef<'a>>,
    /// Whether the successor is still written.
    pub(super) today: bool,
    /// The version since which it is written, when all say the same.
    pub(super) since: Option<&'a str>,
    pub(super) former: Vec<Former<'a>>,
}

/// A media type that is written no more.
pub(super) struct Former<'a> {
    pub(super) media_type: MediaTypeRef<'a>,
    /// The version that wrote another one first, when it is not that of the whole era.
    pub(super) before: Option<&'a str>,
    pub(super) note: Option<&'a str>,
}

/// The former media types of an entry, those with one successor together.
pub(super) fn view<'a>(site: &Site<'a>, entry: &'a ArtifactType, root: &str) -> Vec<Era<'a>> {
    let mut eras: Vec<(Place, Option<&str>, Vec<&'a FormerMediaType>)> = Vec::new();
    for former in &entry.former_media_types {
        let successor = former.successor.as_deref();
        match eras.iter_mut().find(|(place, other, _)| *place == former.place && *other == successor) {
            Some((_, _, members)) => members.push(former),
            None => eras.push((former.place, successor, vec![former])),
        }
    }
    let named = |text| MediaTypeRef::new(site, root, text);
    let written = |text: &str| entry.former_media_types.iter().all(|former| former.media_type != text);
    eras.sort_by_key(|(place, ..)| *place);
    let mut last = None;
    eras.into_iter()
        .map(|(place, successor, members)| {
            let since = members[0].since.as_deref().filter(|since| {
                members.iter().all(|former| former.since.as_deref() == Some(since)) && successor.is_some()
            });
            let former = members.into_iter().map(|former| Former {
                media_type: named(&former.media_type),
                before: former.since.as_deref().filter(|_| since.is_none()),
                note: former.note.as_deref(),
            });
            Era {
                place: (last.replace(place) != Some(place)).then(|| words::place(place)),
                successor: successor.map(named),
                today: successor.is_some_and(written),
                since,
                former: former.collect(),
            }
        })
        .collect()
}

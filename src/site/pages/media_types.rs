//! The media types: who uses each, in which place, and what became of it.

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::lookup::{MediaTypeFacts, TypeRef};
use super::super::{Error, Output, Site, markdown, paths, words};
use super::entry::{SourceView, source};
use super::{MediaTypeRef, Named, frame, pieces, put, stream};
use crate::oci::iana;
use crate::oci::media_type::{MediaType, Tree};
use crate::oci::well_known::{is_generic, says_nothing};
use crate::parallel::Work;

#[derive(Template)]
#[template(path = "pages/media_types.html")]
struct MediaTypesPage<'a> {
    layout: Layout,
    site: &'a Site<'a>,
}

impl<'a> MediaTypesPage<'a> {
    /// The rows, each made when it is written: there are many.
    fn rows(&self) -> impl Iterator<Item = Row<'a>> {
        self.site.lookup.media_types.iter().map(|(name, facts)| row(self.site, &self.layout.root, name, facts))
    }
}

/// A media type in the list.
struct Row<'a> {
    media_type: MediaTypeRef<'a>,
    types: Vec<&'a TypeRef<'a>>,
    places: String,
    former: bool,
}

#[derive(Template)]
#[template(path = "pages/media_type.html")]
struct MediaTypePage<'a> {
    layout: Layout,
    pieces: Vec<&'a str>,
    tree: &'static str,
    suffix: Option<&'a str>,
    generic: bool,
    placeholder: bool,
    registration: Option<String>,
    uses: Vec<Use<'a>>,
    former: Vec<Step<'a>>,
    succeeds: Vec<Step<'a>>,
    rules: Vec<RuleLink<'a>>,
    sources: Vec<(Named<'a>, SourceView<'a>)>,
}

/// A place in which a type uses the media type.
struct Use<'a> {
    entry: Named<'a>,
    place: &'static str,
    part: Option<&'a str>,
    former: bool,
}

/// A step in the history: a type's former media type and what took its place.
struct Step<'a> {
    entry: Named<'a>,
    place: &'static str,
    former: MediaTypeRef<'a>,
    successor: Option<MediaTypeRef<'a>>,
    since: Option<&'a str>,
    note: Option<&'a str>,
}

/// A rule of recognition on the page of its type.
struct RuleLink<'a> {
    id: &'a str,
    type_id: &'a str,
    number: &'a str,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "media-types/index.html";
    let about = "Every media type that an artifact type uses, in which place, and whether it is a former one.";
    let layout = frame(site, path, Section::MediaTypes, "Media types", about);
    stream(out, path, &MediaTypesPage { layout, site })
}

/// The page of each.
pub(super) fn plan<'w>(site: &'w Site<'_>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    let all: Vec<_> = site.lookup.media_types.iter().collect();
    work.each(all.len(), move |at| match MediaType::parse(all[at].0) {
        Ok(media_type) => write_one(site, all[at].0, &media_type, all[at].1, out),
        Err(_) => Ok(()),
    });
}

fn row<'a>(site: &'a Site<'a>, root: &str, name: &'a str, facts: &MediaTypeFacts<'a>) -> Row<'a> {
    let mut ids: Vec<&str> = facts.uses.iter().map(|usage| usage.type_id).collect();
    ids.dedup();
    let mut places: Vec<&str> = facts.uses.iter().map(|usage| words::place(usage.place)).collect();
    places.sort_unstable();
    places.dedup();
    Row {
        media_type: MediaTypeRef::new(site, root, name),
        types: ids.into_iter().filter_map(|id| site.lookup.type_ref(id)).collect(),
        places: places.join(", "),
        former: facts.uses.iter().all(|usage| usage.former),
    }
}

/// The page of a media type.
fn write_one<'a>(
    site: &'a Site<'_>,
    name: &'a str,
    media_type: &'a MediaType<'_>,
    facts: &'a MediaTypeFacts<'_>,
    out: &Output<'_>,
) -> Result<(), Error> {
    let path = paths::media_type_page(media_type);
    let layout =
        frame(site, &path, Section::MediaTypes, name, &format!("Which artifact types use {name}, and in which place."));
    let step = |(id, former): &(&'a str, &'a crate::catalog::model::FormerMediaType)| Step {
        entry: Named::new(site, id),
        place: words::place(former.place),
        former: MediaTypeRef::new(site, &layout.root, &former.media_type),
        successor: former.successor.as_deref().map(|text| MediaTypeRef::new(site, &layout.root, text)),
        since: former.since.as_deref(),
        note: former.note.as_deref(),
    };
    let page = MediaTypePage {
        pieces: pieces(name),
        tree: match media_type.tree() {
            Tree::Standards => "standards tree, for what a standards organisation registers",
            Tree::Vendor => "vendor tree (vnd.)",
            Tree::Personal => "personal tree (prs.)",
            Tree::Unregistered => "unregistered tree (x.)",
        },
        suffix: media_type.suffix(),
        generic: is_generic(name),
        placeholder: says_nothing(name),
        registration: facts.registered.then(|| iana::registration(name)),
        uses: facts
            .uses
            .iter()
            .map(|usage| Use {
                entry: Named::new(site, usage.type_id),
                place: words::place(usage.place),
                part: usage.part,
                former: usage.former,
            })
            .collect(),
        former: facts.former.iter().map(step).collect(),
        succeeds: facts.succeeds.iter().map(step).collect(),
        rules: facts
            .rules
            .iter()
            .filter_map(|id| id.rsplit_once('/').map(|(type_id, number)| RuleLink { id, type_id, number }))
            .collect(),
        sources: facts
            .sources
            .iter()
            .map(|(id, proof)| (Named::new(site, id), source(site, &layout.root, proof)))
            .collect(),
        layout,
    };
    put(out, &path, &page)
}

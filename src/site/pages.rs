//! The pages: one file and one view for each kind.

mod changes;
mod downloads;
mod entry;
mod exports;
mod figures;
mod guides;
mod listing;
mod media_types;
mod not_found;
mod playground;
mod redirects;
mod registry;
mod roles;
mod rules;
mod search;

use std::collections::BTreeMap;

use askama::Template;

use super::layout::{Layout, Section};
use super::{Error, Output, Site};
use crate::parallel::Work;
use crate::selection::Chosen;

/// What several pages need, made once.
pub(super) struct Shared<'a> {
    entries: entry::Shared<'a>,
    chosen: Chosen<'a>,
    rules: rules::Links,
}

impl<'a> Shared<'a> {
    pub(super) fn new(site: &Site<'a>) -> Self {
        Self { entries: entry::Shared::new(site), chosen: Chosen::all(site.catalog), rules: rules::links() }
    }
}

/// Writes every page but that of the downloads.
pub(super) fn plan<'w>(site: &'w Site<'w>, shared: &'w Shared<'w>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    entry::plan(site, &shared.entries, out, work);
    // Those that list everything take long; while they are made, small ones fill the gaps.
    work.one(|| listing::write(site, out));
    work.one(|| listing::write_names(site, out));
    work.one(|| media_types::write(site, out));
    work.one(|| changes::write(site, out));
    exports::plan(site, &shared.chosen, out, work);
    work.one(|| roles::write(site, out));
    work.one(|| registry::write(site, out));
    work.one(|| figures::write(site, out));
    rules::plan(site, &shared.rules, out, work);
    media_types::plan(site, out, work);
    work.one(|| playground::write(site, out));
    work.one(|| guides::write(site, out));
    work.one(|| search::write(site, out));
    work.one(|| redirects::write(site, out));
    work.one(|| not_found::write(site, out));
}

/// Writes the page of the downloads, which names what the other pages do not hold.
pub(super) fn write_downloads(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    downloads::write(site, out)
}

/// Renders a page.
fn put(out: &Output<'_>, path: &str, page: &impl Template) -> Result<(), Error> {
    match page.render() {
        Ok(text) => out.put(path, text.into_bytes()),
        Err(error) => Err(Error::Page(path.to_owned(), error)),
    }
}

/// Renders a page that may be large, into the output as it is made.
fn stream(out: &Output<'_>, path: &str, page: &impl Template) -> Result<(), Error> {
    out.stream(path, |writer| Template::write_into(page, writer))
}

/// The frame of a page of a site.
fn frame(site: &Site<'_>, path: &str, section: Section, title: &str, description: &str) -> Layout {
    Layout::new(site.base, path, section, title, description)
}

/// A media type, with the address of its page when it has one.
#[derive(Debug, Clone)]
struct MediaTypeRef<'a> {
    /// As it is written.
    text: &'a str,
    /// Address of its page.
    url: Option<String>,
}

impl<'a> MediaTypeRef<'a> {
    fn new(site: &Site<'_>, root: &str, text: &'a str) -> Self {
        let url = site.lookup.media_type_page(text).map(|page| format!("{root}{}", super::paths::url(&page)));
        Self { text, url }
    }

    /// Its pieces, between which a line may break.
    fn pieces(&self) -> Vec<&'a str> {
        pieces(self.text)
    }
}

/// A technical name cut where a line may break: after slashes, dots, colons and before a plus.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = match c {
            '/' | '.' | ':' | '@' => at + 1,
            '+' => at,
            _ => continue,
        };
        if end - start > 3 && text.len() - end > 2 {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// A type that another page names: with its entry, or only its id when there is none.
#[derive(Debug, Clone)]
struct Named<'a> {
    /// Its id.
    id: &'a str,
    /// Its entry.
    entry: Option<super::lookup::TypeRef<'a>>,
}

impl<'a> Named<'a> {
    fn new(site: &Site<'a>, id: &'a str) -> Self {
        Self { id, entry: site.lookup.type_ref(id).cloned() }
    }
}

/// Pages of the site that texts of our own, two folders below its root, may name by their relative address.
fn site_pages() -> BTreeMap<String, String> {
    let pages =
        ["downloads/index.html", "guides/operators/index.html", "guides/tool-builders/index.html", "types/index.html"];
    pages.into_iter().map(|page| format!("../../{page}")).map(|page| (page.clone(), page)).collect()
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn names_break_at_their_joints() {
        assert_eq!(pieces("application/vnd.oci.image+json"), ["application/", "vnd.", "oci.", "image", "+json"]);
        assert_eq!(pieces("registry.example.com/é:1.0"), ["registry.", "example.", "com/", "é:1.0"]);
        assert_eq!(pieces(""), [""]);
    }
}

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
use super::{Error, Site};
use crate::parallel::in_parallel;

/// Writes every page but that of the downloads.
pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    listing::write(site, files)?;
    entry::write(site, files)?;
    media_types::write(site, files)?;
    roles::write(site, files)?;
    playground::write(site, files)?;
    rules::write(site, files)?;
    exports::write(site, files)?;
    guides::write(site, files)?;
    changes::write(site, files)?;
    search::write(site, files)?;
    registry::write(site, files)?;
    figures::write(site, files)?;
    redirects::write(site, files)?;
    not_found::write(site, files)
}

/// Writes the page of the downloads, which names what the other pages do not hold.
pub(super) fn write_downloads(
    site: &Site<'_>,
    downloads: &BTreeMap<String, Vec<u8>>,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Error> {
    downloads::write(site, downloads, files)
}

/// Renders a page into the files.
fn put(files: &mut BTreeMap<String, Vec<u8>>, path: String, page: &impl Template) -> Result<(), Error> {
    let (path, bytes) = rendered(path, page)?;
    files.insert(path, bytes);
    Ok(())
}

/// Puts pages into the files that several threads render.
fn put_all(
    files: &mut BTreeMap<String, Vec<u8>>,
    count: usize,
    render: impl Fn(usize) -> Result<(String, Vec<u8>), Error> + Sync,
) -> Result<(), Error> {
    for page in in_parallel(count, render) {
        let (path, bytes) = page?;
        files.insert(path, bytes);
    }
    Ok(())
}

/// A page with its path.
fn rendered(path: String, page: &impl Template) -> Result<(String, Vec<u8>), Error> {
    match page.render() {
        Ok(text) => Ok((path, text.into_bytes())),
        Err(error) => Err(Error::Page(path, error)),
    }
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

/// A number of bytes for people.
fn size(bytes: usize) -> String {
    crate::source::text::bytes(u64::try_from(bytes).unwrap_or(u64::MAX))
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

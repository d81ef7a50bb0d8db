//! The page of all results of a search; a script fills it.

use std::collections::BTreeMap;

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::{Error, Site, search};
use super::{frame, put};

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage {
    layout: Layout,
}

pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let about = "Find artifact types, media types, rules, roles and guides.";
    let layout = frame(site, search::PAGE, Section::None, "Search", about);
    put(files, search::PAGE.to_owned(), &SearchPage { layout })
}

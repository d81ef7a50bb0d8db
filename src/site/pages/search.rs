//! The page of all results of a search; a script fills it.

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::{Error, Output, Site, search};
use super::{frame, put};

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage {
    layout: Layout,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let about = "Find artifact types, media types, rules, roles and guides.";
    let layout = frame(site, search::PAGE, Section::None, "Search", about);
    put(out, search::PAGE, &SearchPage { layout })
}

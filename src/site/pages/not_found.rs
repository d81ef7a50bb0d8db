//! The page that a server shows for an address that it does not know.

use askama::Template;

use super::super::layout::Layout;
use super::super::{Error, Output, Site};
use super::put;

#[derive(Template)]
#[template(path = "pages/not_found.html")]
struct NotFoundPage {
    layout: Layout,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "404.html";
    let layout = Layout::not_found(site.base, path, "Not found", "There is no page at this address.");
    put(out, path, &NotFoundPage { layout })
}

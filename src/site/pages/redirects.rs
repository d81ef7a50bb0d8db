//! A page for each name that leads on to a type.

use askama::Template;

use super::super::{Error, Output, Site, paths, redirects};
use super::put;

#[derive(Template)]
#[template(path = "pages/redirect.html")]
struct RedirectPage<'a> {
    root: String,
    alias: &'a str,
    title: &'a str,
    /// Where it leads, from this page.
    target: String,
    /// The address of that page, when the site has one.
    canonical: String,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    for (alias, id) in redirects::redirects(site.catalog) {
        let Some(entry) = site.lookup.type_ref(id) else { continue };
        let path = paths::type_page(alias);
        let target = format!("../{id}/index.html");
        let page = RedirectPage {
            root: paths::root(&path),
            alias,
            title: entry.title,
            canonical: site.base.map_or_else(|| target.clone(), |base| paths::absolute(base, &paths::type_page(id))),
            target,
        };
        put(out, &path, &page)?;
    }
    Ok(())
}

//! The exports; the page of each is its doc comment.

use askama::Template;

use super::super::html::SafeHtml;
use super::super::layout::{Layout, Section};
use super::super::markdown::{self, Policy};
use super::super::{Error, Output, Site, paths, words};
use super::{frame, put, site_pages};
use crate::export::{EXPORTS, Export, Order};
use crate::parallel::Work;
use crate::selection::Chosen;
use crate::source::text;

#[derive(Template)]
#[template(path = "pages/exports.html")]
struct ExportsPage {
    layout: Layout,
    exports: &'static [&'static Export],
}

#[derive(Template)]
#[template(path = "pages/export.html")]
struct ExportPage {
    layout: Layout,
    export: &'static Export,
    docs_html: SafeHtml,
    /// What was made of the whole catalog, for each version.
    made: Vec<Made>,
}

/// The files for one version of the consumer.
struct Made {
    version: &'static str,
    /// Path below the site's root, name and size.
    files: Vec<(String, String, String)>,
    warnings: Vec<String>,
}

/// Most files of a version that a page names.
const MAX_NAMED: usize = 12;

/// Writes the list of the exports, and each with its page.
pub(super) fn plan<'w>(site: &'w Site<'w>, chosen: &'w Chosen<'w>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    for export in EXPORTS {
        work.one(|| write_one(site, chosen, export, out));
    }
    work.one(|| {
        let path = "exports/index.html";
        let about = "Configuration and data for registries, scanners and policy engines, made from the catalog.";
        let layout = frame(site, path, Section::Exports, "Exports", about);
        put(out, path, &ExportsPage { layout, exports: EXPORTS })
    });
}

fn write_one(site: &Site<'_>, chosen: &Chosen<'_>, export: &'static Export, out: &Output<'_>) -> Result<(), Error> {
    let mut made = Vec::new();
    let versions = if export.versions.is_empty() { &[""][..] } else { export.versions };
    for version in versions {
        let order = Order { chosen, version };
        let exported = (export.make)(&order)?;
        let folder = if version.is_empty() {
            format!("exports/{}", export.id)
        } else {
            format!("exports/{}/{version}", export.id)
        };
        let mut files = Vec::new();
        for (at, (name, content)) in exported.files.iter().enumerate() {
            let path = format!("{folder}/{name}");
            out.stream(&path, |writer| content.write(writer))?;
            if at < MAX_NAMED {
                let size = out.download(&path).map(|download| text::bytes(download.size)).unwrap_or_default();
                files.push((path, name.clone(), size));
            }
        }
        made.push(Made { version, files, warnings: exported.warnings });
    }
    let path = paths::export_page(export.id);
    let docs = words::unindented(export.docs);
    let body = docs.split_once('\n').map_or("", |(_, body)| body);
    let pages = site_pages();
    let policy = Policy { shift: 0, anchors: true, fragments: &[], pages: Some(&pages) };
    let page = ExportPage {
        layout: frame(site, &path, Section::Exports, export.title, export.summary()),
        export,
        docs_html: markdown::render(body, policy),
        made,
    };
    put(out, &path, &page)
}

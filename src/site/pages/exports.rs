//! The exports; the page of each is its doc comment.

use std::collections::BTreeMap;

use askama::Template;

use super::super::html::SafeHtml;
use super::super::layout::{Layout, Section};
use super::super::markdown::{self, Policy};
use super::super::{Error, Site, paths, words};
use super::{frame, put, site_pages, size};
use crate::export::{EXPORTS, Export, Order};
use crate::selection::Chosen;

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

pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let path = "exports/index.html";
    let about = "Configuration and data for registries, scanners and policy engines, made from the catalog.";
    put(
        files,
        path.to_owned(),
        &ExportsPage { layout: frame(site, path, Section::Exports, "Exports", about), exports: EXPORTS },
    )?;
    let pages = site_pages();
    let chosen = Chosen::all(site.catalog);
    for export in EXPORTS {
        let mut made = Vec::new();
        let versions = if export.versions.is_empty() { &[""][..] } else { export.versions };
        for version in versions {
            let exported = (export.make)(&Order { chosen: &chosen, version })?;
            let folder = if version.is_empty() {
                format!("exports/{}", export.id)
            } else {
                format!("exports/{}/{version}", export.id)
            };
            let named = exported.files.iter().take(MAX_NAMED);
            made.push(Made {
                version,
                files: named
                    .map(|(name, bytes)| (format!("{folder}/{name}"), name.clone(), size(bytes.len())))
                    .collect(),
                warnings: exported.warnings,
            });
            files.extend(exported.files.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
        }
        let path = paths::export_page(export.id);
        let docs = words::unindented(export.docs);
        let body = docs.split_once('\n').map_or("", |(_, body)| body);
        let policy = Policy { shift: 0, anchors: true, fragments: &[], pages: Some(&pages) };
        let page = ExportPage {
            layout: frame(site, &path, Section::Exports, export.title, export.summary()),
            export,
            docs_html: markdown::render(body, policy),
            made,
        };
        put(files, path, &page)?;
    }
    Ok(())
}

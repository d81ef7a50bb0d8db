//! The catalog at a glance.

use std::collections::BTreeMap;

use askama::Template;

use super::super::figures::{self, Figure};
use super::super::layout::{Layout, Section};
use super::super::{Error, Site};
use super::{frame, put};

#[derive(Template)]
#[template(path = "pages/figures.html")]
struct FiguresPage {
    layout: Layout,
    figures: Vec<Figure>,
}

pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let path = "figures/index.html";
    let about = "The catalog at a glance: roles, standing, publishers, evidence, and what is missing.";
    let layout = frame(site, path, Section::None, "The catalog in figures", about);
    put(files, path.to_owned(), &FiguresPage { layout, figures: figures::figures(site) })
}

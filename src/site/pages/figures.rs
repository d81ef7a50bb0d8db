//! The catalog at a glance.

use askama::Template;

use super::super::figures::{self, Figure};
use super::super::layout::{Layout, Section};
use super::super::{Error, Output, Site};
use super::{frame, put};

#[derive(Template)]
#[template(path = "pages/figures.html")]
struct FiguresPage {
    layout: Layout,
    figures: Vec<Figure>,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "figures/index.html";
    let about = "The catalog at a glance: roles, standing, publishers, evidence, and what is missing.";
    let layout = frame(site, path, Section::None, "The catalog in figures", about);
    put(out, path, &FiguresPage { layout, figures: figures::figures(site) })
}

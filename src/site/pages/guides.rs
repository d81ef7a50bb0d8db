//! Guidance for the three kinds of readers; the texts stand in the templates.

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::{Error, Output, Site, markdown, words};
use super::{frame, put};
use crate::catalog::command;
use crate::catalog::model::Shape;
use crate::catalog::order::Class;
use crate::diff::kinds::{KINDS, Kind};
use crate::oci::well_known::saying_nothing;

/// The consumers that the guide for tool builders explains, each the whole of identification in one file: path below
/// the site's root, language, text.
pub(super) const CONSUMERS: [(&str, &str, &str); 3] = [
    ("examples/consumers/identify.go", "Go 1.19", include_str!("../../../site-templates/consumers/identify.go")),
    (
        "examples/consumers/identify.mjs",
        "JavaScript (Node.js 18)",
        include_str!("../../../site-templates/consumers/identify.mjs"),
    ),
    ("examples/consumers/identify.py", "Python 3.10", PYTHON),
];
/// The test of the consumer in Go, which has none inside: path below the site's root, text.
pub(super) const GO_TEST: (&str, &str) =
    ("examples/consumers/identify_test.go", include_str!("../../../site-templates/consumers/identify_test.go"));
/// The one that the guide shows.
const PYTHON: &str = include_str!("../../../site-templates/consumers/identify.py");

#[derive(Template)]
#[template(path = "guides/index.html")]
struct Guides {
    layout: Layout,
}

#[derive(Template)]
#[template(path = "guides/authors.html")]
struct Authors {
    layout: Layout,
    repository: &'static str,
}

#[derive(Template)]
#[template(path = "guides/operators.html")]
struct Operators {
    layout: Layout,
    placeholders: [(&'static str, &'static str); 7],
    kinds: &'static [&'static Kind],
}

#[derive(Template)]
#[template(path = "guides/tool-builders.html")]
struct ToolBuilders {
    layout: Layout,
    program: &'static str,
    consumers: [(&'static str, &'static str, &'static str); 3],
    says_nothing: Vec<&'static str>,
    shapes: Vec<(&'static str, &'static str)>,
    classes: Vec<(u8, &'static str)>,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let page = |path: &str, title: &str, about: &str| frame(site, path, Section::Guides, title, about);

    let path = "guides/index.html";
    let layout = page(path, "Guides", "For authors of artifact types, for registry operators, and for tool builders.");
    put(out, path, &Guides { layout })?;

    let path = "guides/authors/index.html";
    let about =
        "How to choose artifactType, config and layers under OCI 1.1, and how to bring a type into the catalog.";
    let layout = page(path, "For authors of artifact types", about);
    put(out, path, &Authors { layout, repository: env!("CARGO_PKG_REPOSITORY") })?;

    let path = "guides/operators/index.html";
    let about = "How a registry uses mediaTypeMappings.json: what to show, what to offer, what to scan, what to allow.";
    let layout = page(path, "For registry operators", about);
    put(out, path, &Operators { layout, placeholders: command::PLACEHOLDERS, kinds: KINDS })?;

    let path = "guides/tool-builders/index.html";
    let layout = page(
        path,
        "For tool builders",
        "How to identify a manifest with nothing but the mapping and a loop, in any language.",
    );
    let classes =
        [Class::ArtifactType, Class::Config, Class::Layers, Class::Annotations, Class::Base, Class::Placeholder]
            .map(words::class);
    let page = ToolBuilders {
        layout,
        program: PYTHON,
        consumers: CONSUMERS,
        says_nothing: saying_nothing(),
        shapes: Shape::ALL.into_iter().map(|shape| (shape.name(), words::shape(shape))).collect(),
        classes: classes.to_vec(),
    };
    put(out, path, &page)?;
    out.put(GO_TEST.0, GO_TEST.1.as_bytes())?;
    CONSUMERS.into_iter().try_for_each(|(path, _, text)| out.put(path, text.as_bytes()))
}

//! The listing: every type as a registry would show it, and the same in alphabetical order with all its names.

use std::collections::BTreeMap;

use askama::Template;

use super::super::glyphs::{self, RoleFacts};
use super::super::layout::{Layout, Section};
use super::super::lookup::TypeRef;
use super::super::{Error, Site, markdown, words};
use super::{MediaTypeRef, frame, pieces, put};
use crate::catalog::ArtifactType;
use crate::catalog::model::Kind;
use crate::oci::well_known::{is_generic, says_nothing};

#[derive(Template)]
#[template(path = "pages/listing.html")]
struct ListingPage<'a> {
    layout: Layout,
    types: usize,
    facets: usize,
    media_types: usize,
    rows: Vec<Row<'a>>,
}

/// A type in the table.
struct Row<'a> {
    entry: TypeRef<'a>,
    /// What a reference to such an artifact looks like.
    reference: String,
    roles: Vec<RoleFacts>,
    /// The media type that tells most, and where it stands.
    primary: Option<(MediaTypeRef<'a>, &'static str)>,
    state: &'static str,
    tier: &'static str,
    actions: Vec<ActionLink<'a>>,
}

impl Row<'_> {
    /// The pieces of the reference, between which a line may break.
    fn reference_pieces(&self) -> Vec<&str> {
        pieces(&self.reference)
    }
}

/// An action in the table.
struct ActionLink<'a> {
    /// Its number on the type's page.
    number: usize,
    title: &'a str,
    /// The tool, where several actions have one title.
    tool: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "pages/types.html")]
struct TypesPage<'a> {
    layout: Layout,
    groups: Vec<(char, Vec<Item<'a>>)>,
}

/// A type in the alphabetical list.
struct Item<'a> {
    entry: TypeRef<'a>,
    aliases: &'a [String],
}

pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let path = "index.html";
    let description =
        "Which artifact types registries store, how to recognise each, what to show and which commands to offer.";
    let entries = || site.lookup.by_title().into_iter().filter_map(|found| Some((found, site.catalog.get(found.id)?)));
    let facets = site.catalog.entries.iter().filter(|entry| entry.kind == Kind::Facet).count();
    let layout = frame(site, path, Section::Types, "OCI artifact types", description);
    let page = ListingPage {
        types: site.catalog.entries.len() - facets,
        facets,
        media_types: site.lookup.media_types.len(),
        rows: entries().map(|(found, entry)| row(site, &layout.root, found, entry)).collect(),
        layout,
    };
    put(files, path.to_owned(), &page)?;

    let path = "types/index.html";
    let mut groups: Vec<(char, Vec<Item<'_>>)> = Vec::new();
    for (found, entry) in entries() {
        let letter = found
            .title
            .chars()
            .next()
            .map_or('#', |c| if c.is_ascii_digit() { '#' } else { c.to_uppercase().next().unwrap_or(c) });
        let item = Item { entry: found.clone(), aliases: &entry.aliases };
        match groups.last_mut() {
            Some((last, items)) if *last == letter => items.push(item),
            _ => groups.push((letter, vec![item])),
        }
    }
    let layout = frame(
        site,
        path,
        Section::Types,
        "Types from A to Z",
        "All artifact types and facets in alphabetical order, with their other names.",
    );
    put(files, path.to_owned(), &TypesPage { layout, groups })
}

fn row<'a>(site: &Site<'a>, root: &str, found: &TypeRef<'a>, entry: &'a ArtifactType) -> Row<'a> {
    let titles = |title: &str| entry.actions.iter().filter(|action| action.title == title).count();
    let tool = |id: &str| entry.tools.iter().find(|tool| tool.id == id).map(|tool| tool.title.as_str());
    let actions = entry.actions.iter().enumerate().map(|(at, action)| ActionLink {
        number: at + 1,
        title: &action.title,
        tool: if titles(&action.title) > 1 { tool(&action.tool) } else { None },
    });
    Row {
        entry: found.clone(),
        reference: reference(entry),
        roles: entry.roles.iter().copied().map(glyphs::facts).collect(),
        primary: primary(entry).map(|(text, place)| (MediaTypeRef::new(site, root, text), place)),
        state: words::state(entry.status.state).0,
        tier: words::tier(entry.tier).0,
        actions: actions.collect(),
    }
}

/// A made-up reference of the usual form.
fn reference(entry: &ArtifactType) -> String {
    let by_tag = entry.attaches_to.as_ref().and_then(|attachment| attachment.tag.as_deref());
    let tag = by_tag.map_or_else(
        || "1.0".to_owned(),
        |pattern| pattern.replace("{algorithm}", "sha256").replace("{encoded}", "2c26b46b\u{2026}"),
    );
    format!("registry.example.com/{}:{tag}", entry.id)
}

/// The media type that tells most: the first of `artifactType`, config, layers and children that is the type's own,
/// else the first that says something.
fn primary(entry: &ArtifactType) -> Option<(&str, &'static str)> {
    let structure = entry.structure.as_ref()?;
    let artifact_type =
        structure.artifact_type.iter().flat_map(|property| &property.media_types).map(|text| (text, "artifactType"));
    let config = structure.config.iter().flat_map(|config| &config.media_types).map(|text| (text, "config"));
    let layers = structure.layers.iter().flat_map(|layer| &layer.media_types).map(|text| (text, "layer"));
    let children = structure
        .manifests
        .iter()
        .flat_map(|child| child.artifact_types.iter().chain(&child.media_types))
        .map(|text| (text, "child"));
    let all: Vec<(&String, &'static str)> = artifact_type.chain(config).chain(layers).chain(children).collect();
    let own = all.iter().find(|(text, _)| !is_generic(text) && !text.ends_with('*'));
    own.or_else(|| all.iter().find(|(text, _)| !says_nothing(text))).map(|(text, place)| (text.as_str(), *place))
}

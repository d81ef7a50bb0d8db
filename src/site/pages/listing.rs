//! The listing: every type as a registry would show it, and the same in alphabetical order with all its names.

use std::collections::BTreeSet;

use askama::Template;

use super::super::glyphs::{self, RoleFacts};
use super::super::layout::{Layout, Section};
use super::super::lookup::TypeRef;
use super::super::{Error, Output, Site, markdown, words};
use super::{MediaTypeRef, frame, pieces, stream};
use crate::catalog::ArtifactType;
use crate::catalog::model::Kind;
use crate::catalog::order;
use crate::oci::media_type::{MediaType, Tree, normalise};
use crate::oci::well_known::{is_generic, says_nothing};

#[derive(Template)]
#[template(path = "pages/listing.html")]
struct ListingPage<'a> {
    layout: Layout,
    types: usize,
    facets: usize,
    media_types: usize,
    filters: [Filter; 7],
    more: [Filter; 5],
    site: &'a Site<'a>,
}

impl<'a> ListingPage<'a> {
    /// The rows, each made when it is written: there are many.
    fn rows(&self) -> impl Iterator<Item = Row<'a>> {
        entries(self.site).map(|(found, entry)| row(self.site, &self.layout.root, found, entry))
    }
}

/// A way to narrow the table: its parameter in the address, which is also the attribute of the rows, and its name.
struct Filter(&'static str, &'static str);

/// The filters that stand beside each other. Other pages link to filtered listings: the parameters stay.
const FILTERS: [Filter; 7] = [
    Filter("role", "Role"),
    Filter("status", "Status"),
    Filter("tier", "Tier"),
    Filter("family", "Family"),
    Filter("tool", "Tool"),
    Filter("publisher", "Publisher"),
    Filter("year", "Year"),
];

/// The filters that stand together behind one button.
const MORE: [Filter; 5] = [
    Filter("evidence", "Recognised by"),
    Filter("iana", "Media type at IANA"),
    Filter("actions", "Commands"),
    Filter("icon", "Icon"),
    Filter("kind", "Kind"),
];

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
    publisher: &'a str,
    /// Year of the first publication.
    year: Option<&'a str>,
    /// Ids of its tools.
    tools: Vec<&'a str>,
    /// Vendor trees of its own media types.
    families: BTreeSet<String>,
    /// Whether a media type of its own is registered.
    registered: bool,
    /// What its first rule recognises it by.
    evidence: Option<String>,
    /// Whether it has a picture of its own.
    own_icon: bool,
    aliases: &'a [String],
}

impl Row<'_> {
    /// Words joined for an attribute.
    fn joined<'t>(words: impl IntoIterator<Item = &'t (impl AsRef<str> + 't)>) -> String {
        words.into_iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" ")
    }

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

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "index.html";
    let description =
        "Which artifact types registries store, how to recognise each, what to show and which commands to offer.";
    let facets = site.catalog.entries.iter().filter(|entry| entry.kind == Kind::Facet).count();
    let layout = frame(site, path, Section::Types, "OCI artifact types", description);
    let page = ListingPage {
        types: site.catalog.entries.len() - facets,
        facets,
        media_types: site.lookup.media_types.len(),
        filters: FILTERS,
        more: MORE,
        site,
        layout,
    };
    stream(out, path, &page)
}

/// The same in alphabetical order.
pub(super) fn write_names(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "types/index.html";
    let mut groups: Vec<(char, Vec<Item<'_>>)> = Vec::new();
    for (found, entry) in entries(site) {
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
    stream(out, path, &TypesPage { layout, groups })
}

/// Every entry, sorted by title.
fn entries<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = (&'s TypeRef<'a>, &'a ArtifactType)> {
    site.lookup.by_title().into_iter().filter_map(|found| Some((found, site.catalog.get(found.id)?)))
}

fn row<'a>(site: &Site<'a>, root: &str, found: &TypeRef<'a>, entry: &'a ArtifactType) -> Row<'a> {
    let titles = |title: &str| entry.actions.iter().filter(|action| action.title == title).count();
    let tool = |id: &str| entry.tools.iter().find(|tool| tool.id == id).map(|tool| tool.title.as_str());
    let actions = entry.actions.iter().enumerate().map(|(at, action)| ActionLink {
        number: at + 1,
        title: &action.title,
        tool: if titles(&action.title) > 1 { tool(&action.tool) } else { None },
    });
    let own = own_media_types(entry);
    Row {
        publisher: &entry.publisher.name,
        year: entry.since.as_deref().and_then(|since| since.get(..4)),
        tools: entry.tools.iter().map(|tool| tool.id.as_str()).collect(),
        families: own.iter().filter_map(|name| family(name)).collect(),
        registered: own.iter().any(|name| site.lookup.media_type(name).is_some_and(|facts| facts.registered)),
        evidence: evidence(entry),
        own_icon: *found.icon == *format!("icons/{}.svg", entry.id),
        aliases: &entry.aliases,
        entry: found.clone(),
        reference: reference(entry),
        roles: entry.roles.iter().copied().map(glyphs::facts).collect(),
        primary: primary(entry).map(|(text, place)| (MediaTypeRef::new(site, root, text), place)),
        state: words::state(entry.status.state).0,
        tier: words::tier(entry.tier).0,
        actions: actions.collect(),
    }
}

/// The media types of a type's structure that not many others share.
fn own_media_types(entry: &ArtifactType) -> Vec<&str> {
    let Some(structure) = &entry.structure else { return Vec::new() };
    let artifact_type = structure.artifact_type.iter().flat_map(|property| &property.media_types);
    let config = structure.config.iter().flat_map(|config| &config.media_types);
    let layers = structure.layers.iter().flat_map(|layer| &layer.media_types);
    let children = structure.manifests.iter().flat_map(|child| child.artifact_types.iter().chain(&child.media_types));
    let all = artifact_type.chain(config).chain(layers).chain(children).map(String::as_str);
    all.filter(|name| !is_generic(name) && !says_nothing(name)).collect()
}

/// The vendor tree of a media type, such as `vnd.cncf`; also a personal or unregistered one.
fn family(name: &str) -> Option<String> {
    let name = normalise(name.trim_end_matches('*').trim_end_matches('.').into());
    let media_type = MediaType::parse(&name).ok()?;
    if media_type.tree() == Tree::Standards {
        return None;
    }
    let mut labels = media_type.subtype().split(['.', '+']);
    Some(format!("{}.{}", labels.next()?, labels.next()?))
}

/// What the first rule of a type recognises it by, as the rules' order names it.
fn evidence(entry: &ArtifactType) -> Option<String> {
    let rule = entry.identify.as_ref()?.rules.first()?;
    serde_json::to_value(order::class(&rule.when)).ok()?.as_str().map(str::to_owned)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    #[test]
    fn families_are_vendor_trees() {
        for (name, wanted) in [
            ("application/vnd.cncf.helm.config.v1+json", Some("vnd.cncf")),
            ("application/vnd.gitRepo+json", Some("vnd.gitrepo")),
            ("application/vnd.example.*", Some("vnd.example")),
            ("application/x.foo.bar", Some("x.foo")),
            ("application/json", None),
            ("dadi.image.v1", None),
        ] {
            assert_eq!(family(name).as_deref(), wanted, "{name}");
        }
    }

    #[test]
    fn evidence_is_that_of_the_first_rule() {
        let catalog = embedded::catalog();
        let of = |id: &str| catalog.get(id).and_then(evidence);
        assert_eq!(of("helm-chart").as_deref(), Some("config"));
        assert_eq!(of("oci-image").as_deref(), Some("base"));
    }
}

//! What a listing can look like: a made-up registry of the catalog's own examples, identified here.

use std::collections::BTreeSet;

use askama::Template;
use serde::Deserialize;

use super::super::glyphs;
use super::super::html::SafeHtml;
use super::super::layout::{Layout, Section};
use super::super::registry::{self, Dress, Icon};
use super::super::{Error, Output, Site};
use super::{frame, put};
use crate::catalog::ArtifactType;
use crate::identify::first_match;
use crate::listing::{self, Found, Relation};
use crate::oci::hash::sha256;
use crate::source::tape::{Json, Memory, Tape};

/// The references of the sample, each with the example that stands there.
const SAMPLE: &str = include_str!("../../../site-templates/registry-sample.json");

#[derive(Template)]
#[template(path = "pages/registry.html")]
struct RegistryPage {
    layout: Layout,
    references: usize,
    types: usize,
    table_html: SafeHtml,
}

/// The sample.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    #[serde(rename = "about")]
    _about: String,
    registry: String,
    references: Vec<Item>,
}

/// A reference of the sample.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    /// Repository and tag; what belongs to another item gets its own from that.
    #[serde(default)]
    reference: String,
    /// The entry whose example stands there.
    #[serde(rename = "type")]
    entry: String,
    /// File name of the example.
    example: String,
    /// File name of the config blob.
    config: Option<String>,
    /// How it is attached.
    #[serde(default)]
    by: By,
    /// The children of an index, in its order.
    #[serde(default)]
    children: Vec<Item>,
    /// What is attached to it.
    #[serde(default)]
    attached: Vec<Item>,
}

/// How an item is attached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    #[default]
    Subject,
    Tag,
}

/// Where an item stands.
enum Stand<'s> {
    Root,
    Child { above: usize, descriptor: String },
    Attached { above: usize, item: &'s Item },
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "registry/index.html";
    let sample: Sample = serde_json::from_str(SAMPLE)?;
    let mut found = Vec::new();
    for item in &sample.references {
        let reference = format!("{}/{}", sample.registry, item.reference);
        enter(site, item, reference, Stand::Root, &mut found);
    }
    let rules = &site.catalog.rules;
    let entry = |id: &str| site.catalog.get(id);
    let rows = listing::rows(rules, entry, &found, |facts, context| first_match(&rules.rules, facts, context));
    let layout = frame(
        site,
        path,
        Section::Guides,
        "A registry, listed",
        "What a listing of a registry can look like: type, picture, what is attached, and commands for each reference.",
    );
    let root = &layout.root;
    let dress = |entry: Option<&ArtifactType>| {
        let known = entry.and_then(|entry| site.lookup.type_ref(&entry.id));
        let icon = known.map_or_else(|| glyphs::path("generic"), |known| known.icon.to_string());
        Dress {
            label: known.map_or("Unknown", |known| known.label).to_owned(),
            link: known.map(|known| format!("{root}types/{}/index.html", known.id)),
            icon: Icon::File(format!("{root}{icon}")),
        }
    };
    let table_html = registry::table(&rows, dress).map_err(|error| Error::Page(path.to_owned(), error))?;
    let types: BTreeSet<&str> = rows.iter().filter_map(listing::Row::type_id).collect();
    put(out, path, &RegistryPage { layout, references: rows.len(), types: types.len(), table_html })
}

/// Enters an item and what belongs to it. An example that the catalog does not have is left out with all of that.
fn enter<'a>(site: &Site<'a>, item: &Item, reference: String, stand: Stand<'_>, found: &mut Vec<Found<'a>>) {
    let file = |name: &str| site.catalog.file(&item.entry, &format!("examples/{name}"));
    let Some(document) = file(&item.example) else { return };
    let digest = sha256(document.as_bytes());
    let reference = match &stand {
        Stand::Root => reference,
        Stand::Child { .. } => format!("{reference}@{digest}"),
        Stand::Attached { above, item } => match attached_tag(site, item, &found[*above].digest) {
            Some(tag) => format!("{reference}:{tag}"),
            None => format!("{reference}@{digest}"),
        },
    };
    let name = reference[..crate::oci::reference::Reference::split(&reference).name().end].to_owned();
    let under = match stand {
        Stand::Root => None,
        Stand::Child { above, descriptor } => Some((above, Relation::Child(descriptor))),
        Stand::Attached { above, item } if item.by == By::Tag => Some((above, Relation::Tag)),
        Stand::Attached { above, .. } => Some((above, Relation::Subject)),
    };
    let at = found.len();
    let config = item.config.as_deref().and_then(file).map(Into::into);
    found.push(Found { reference, digest, document: Ok(document.into()), config, under, incomplete: None });
    for (child, descriptor) in item.children.iter().zip(descriptors(document)) {
        enter(site, child, name.clone(), Stand::Child { above: at, descriptor }, found);
    }
    for attached in &item.attached {
        enter(site, attached, name.clone(), Stand::Attached { above: at, item: attached }, found);
    }
}

/// The tag of what is attached by tag, by the pattern of its entry.
fn attached_tag(site: &Site<'_>, item: &Item, subject: &str) -> Option<String> {
    if item.by != By::Tag {
        return None;
    }
    let pattern = site.catalog.get(&item.entry)?.attaches_to.as_ref()?.tag.as_ref()?;
    let (algorithm, encoded) = subject.split_once(':')?;
    Some(pattern.replace("{algorithm}", algorithm).replace("{encoded}", encoded))
}

/// The descriptors of an index, as they are written.
fn descriptors(document: &str) -> Vec<String> {
    let mut memory = Memory::default();
    let Ok(tape) = Tape::read(document, &mut memory) else { return Vec::new() };
    let children = tape.root().get("manifests").into_iter().flat_map(Json::elements);
    children.map(|child| child.written().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_the_sample_is_an_example_of_the_catalog() {
        fn check(catalog: &crate::catalog::Catalog, item: &Item) {
            for name in std::iter::once(&item.example).chain(&item.config) {
                let path = format!("examples/{name}");
                assert!(catalog.file(&item.entry, &path).is_some(), "{} has no {path}", item.entry);
            }
            item.children.iter().chain(&item.attached).for_each(|below| check(catalog, below));
        }
        let catalog = crate::catalog::embedded::catalog();
        let sample: Sample = serde_json::from_str(SAMPLE).unwrap();
        sample.references.iter().for_each(|item| check(&catalog, item));
    }
}

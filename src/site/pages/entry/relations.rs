//! How a type stands to others.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::diagram::{self, Diagram, Group};
use super::super::super::html::SafeHtml;
use super::super::super::{Site, words};
use super::super::Named;
use super::Failure;
use super::specimen::Specimen;
use crate::catalog::ArtifactType;
use crate::catalog::model::{Kind, Place};
use crate::identify::first_match;
use crate::oci::well_known::is_generic;

/// A relation with all types on its other side.
pub(super) struct Relation<'a> {
    /// Its name, before the types.
    pub(super) title: &'static str,
    pub(super) types: Vec<Named<'a>>,
    /// What else is to say of it.
    pub(super) notes: Vec<String>,
    /// A pattern of tags.
    pub(super) tag: Option<&'a str>,
    /// Its name in the drawing.
    label: &'static str,
    /// Whether it leads from the others to the type.
    incoming: bool,
}

/// Facets and the types of the documents that show them, both ways.
#[derive(Default)]
pub(super) struct Facets<'a>(BTreeMap<&'a str, Vec<&'a str>>);

impl<'a> Facets<'a> {
    /// Looks at the example of each facet.
    pub(super) fn new(site: &Site<'a>) -> Self {
        let mut facets = Self::default();
        for facet in site.catalog.entries.iter().filter(|entry| entry.kind == Kind::Facet) {
            let rules = &site.catalog.rules.rules;
            let decided = Specimen::first(site, facet).and_then(|specimen| {
                specimen.within(|facts, context| first_match(rules, facts, context)).map(|at| &rules[at].type_id)
            });
            if let Some(type_id) = decided {
                facets.0.entry(&facet.id).or_default().push(type_id);
                facets.0.entry(type_id).or_default().push(&facet.id);
            }
        }
        facets
    }

    fn of(&self, id: &str) -> &[&'a str] {
        self.0.get(id).map(Vec::as_slice).unwrap_or_default()
    }
}

pub(super) fn view<'a>(site: &Site<'a>, entry: &'a ArtifactType, facets: &Facets<'a>) -> Vec<Relation<'a>> {
    let lookup = &site.lookup;
    let relation = |title, label, incoming, ids: Vec<&'a str>| {
        let types = ids.into_iter().map(|id| Named::new(site, id)).collect();
        Relation { title, types, notes: Vec::new(), tag: None, label, incoming }
    };
    let strings = |ids: &'a [String]| -> Vec<&'a str> { ids.iter().map(String::as_str).collect() };
    let facet = entry.kind == Kind::Facet;
    let members = site.catalog.rules.families.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
    let bases = entry.identify.as_ref().map(|identify| identify.refines.as_slice()).unwrap_or_default();
    let mut relations = vec![
        relation("Is a kind of", "is a kind of", false, entry.is_a.as_deref().into_iter().collect()),
        relation("Kinds of it", "kinds of it", true, strings(members)),
        relation("Refines", "refines", false, strings(bases)),
        relation("Refined by", "refine it", true, lookup.refined_by(&entry.id).iter().map(|(id, _)| *id).collect()),
        relation("Contains", "contains", false, children(site, entry)),
        relation("Replaced by", "replaced by", false, entry.replaced_by.as_deref().into_iter().collect()),
        relation("Takes the place of", "replaced by it", true, lookup.replaces(&entry.id).to_vec()),
        relation("Attached to it", "attach to it", true, lookup.attached(&entry.id).to_vec()),
        relation(
            if facet { "Applies to" } else { "Facets" },
            if facet { "applies to" } else { "apply besides" },
            !facet,
            facets.of(&entry.id).to_vec(),
        ),
    ];
    if let Some(attachment) = &entry.attaches_to {
        let mut attaches = relation("Attaches to", "attaches to", false, strings(&attachment.targets));
        if attachment.targets.is_empty() {
            attaches.notes.push("Any artifact.".to_owned());
        }
        let ways: Vec<&str> = attachment.by.iter().copied().map(words::attached_by).collect();
        attaches.notes.push(format!("It is attached {}.", ways.join(", or ")));
        attaches.tag = attachment.tag.as_deref();
        relations.push(attaches);
    }
    relations.retain(|relation| !relation.types.is_empty() || !relation.notes.is_empty());
    relations
}

/// Types that an index of this type lists, by the values of `artifactType` that it knows.
fn children<'a>(site: &Site<'a>, entry: &'a ArtifactType) -> Vec<&'a str> {
    let parts = entry.structure.iter().flat_map(|structure| &structure.manifests);
    let values = parts.flat_map(|part| &part.artifact_types).filter(|value| !is_generic(value));
    let facts = values.filter_map(|value| site.lookup.media_type(value));
    let uses = facts.flat_map(|facts| &facts.uses).filter(|usage| usage.place == Place::ArtifactType && !usage.former);
    let mut found: Vec<&str> = uses.map(|usage| usage.type_id).filter(|id| *id != entry.id).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The drawing of relations; nothing when no other type is named.
pub(super) fn drawing<'a>(
    entry: &'a ArtifactType,
    relations: &[Relation<'a>],
    root: &str,
) -> Result<Option<SafeHtml>, Failure> {
    let mut diagram = Diagram { centre: &entry.title, incoming: Vec::new(), outgoing: Vec::new() };
    let mut drawn = BTreeSet::new();
    for relation in relations {
        // A kind that also refines is drawn once; the list names both relations.
        let fresh = relation.types.iter().filter(|named| drawn.insert((relation.incoming, named.id)));
        let node = |named: &'_ Named<'a>| match &named.entry {
            Some(entry) => (entry.title, Some(format!("{root}types/{}/index.html", entry.id))),
            None => (named.id, None),
        };
        let group = Group { label: relation.label, nodes: fresh.map(node).collect() };
        if relation.incoming { &mut diagram.incoming } else { &mut diagram.outgoing }.push(group);
    }
    Ok(diagram::draw(&diagram)?)
}

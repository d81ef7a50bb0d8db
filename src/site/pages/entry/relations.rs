//! How a type stands to others.

use super::super::super::{Site, words};
use super::super::Named;
use crate::catalog::ArtifactType;

/// A relation with all types on its other side.
pub(super) struct Relation<'a> {
    /// Its name, before the types.
    pub(super) title: &'static str,
    pub(super) types: Vec<Named<'a>>,
    /// What else is to say of it.
    pub(super) notes: Vec<String>,
    /// A pattern of tags.
    pub(super) tag: Option<&'a str>,
}

pub(super) fn view<'a>(site: &Site<'a>, entry: &'a ArtifactType) -> Vec<Relation<'a>> {
    let lookup = &site.lookup;
    let named =
        |ids: &mut dyn Iterator<Item = &'a str>| -> Vec<Named<'a>> { ids.map(|id| Named::new(site, id)).collect() };
    let plain = |title, types| Relation { title, types, notes: Vec::new(), tag: None };
    let mut relations = vec![
        plain("Is a kind of", named(&mut entry.is_a.as_deref().into_iter())),
        plain(
            "Kinds of it",
            named(&mut site.catalog.rules.families.get(&entry.id).into_iter().flatten().map(String::as_str)),
        ),
        plain("Refines", named(&mut entry.identify.iter().flat_map(|identify| &identify.refines).map(String::as_str))),
        plain("Refined by", named(&mut lookup.refined_by(&entry.id).iter().map(|(id, _)| *id))),
        plain("Replaced by", named(&mut entry.replaced_by.as_deref().into_iter())),
        plain("Takes the place of", named(&mut lookup.replaces(&entry.id).iter().copied())),
        plain("Attached to it", named(&mut lookup.attached(&entry.id).iter().copied())),
    ];
    if let Some(attachment) = &entry.attaches_to {
        let mut notes = Vec::new();
        if attachment.targets.is_empty() {
            notes.push("Any artifact.".to_owned());
        }
        let ways: Vec<&str> = attachment.by.iter().copied().map(words::attached_by).collect();
        notes.push(format!("It is attached {}.", ways.join(", or ")));
        let types = named(&mut attachment.targets.iter().map(String::as_str));
        relations.push(Relation { title: "Attaches to", types, notes, tag: attachment.tag.as_deref() });
    }
    relations.retain(|relation| !relation.types.is_empty() || !relation.notes.is_empty());
    relations
}

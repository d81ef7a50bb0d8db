//! What the pages of one entry need of all the others: who uses a media type, what refines, replaces or attaches
//! to what, and where a rule stands in the order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{glyphs, paths};
use crate::catalog::Catalog;
use crate::catalog::index::{MediaTypeUse, media_types};
use crate::catalog::model::{ArtifactType, FormerMediaType, Kind, Role, Source, State};
use crate::catalog::order::OrderedRule;
use crate::catalog::predicate::{Condition, Need, Predicate, Scalar};
use crate::mapping::icon_path;
use crate::oci::iana;
use crate::oci::media_type::{MediaType, normalise};

/// Cross-references of a catalog.
#[derive(Debug, Default)]
pub(super) struct Lookup<'a> {
    /// Media types that have a page, in lower case, with what is known of them.
    pub(super) media_types: BTreeMap<String, MediaTypeFacts<'a>>,
    types: BTreeMap<&'a str, TypeRef<'a>>,
    rules: BTreeMap<&'a str, (usize, &'a OrderedRule)>,
    refined_by: BTreeMap<&'a str, Vec<(&'a str, Vec<Need>)>>,
    attached: BTreeMap<&'a str, Vec<&'a str>>,
    replaces: BTreeMap<&'a str, Vec<&'a str>>,
    near: BTreeMap<&'a str, Vec<&'a str>>,
    by_role: BTreeMap<Role, Vec<&'a str>>,
}

/// What the catalog knows of a media type.
#[derive(Debug, Default)]
pub(super) struct MediaTypeFacts<'a> {
    /// Where entries use it.
    pub(super) uses: Vec<MediaTypeUse<'a>>,
    /// Ids of the rules of recognition that ask for it.
    pub(super) rules: Vec<&'a str>,
    /// Entries that prove it, each with the source.
    pub(super) sources: Vec<(&'a str, &'a Source)>,
    /// Whether IANA has registered it, by the data of the program or by the word of an entry.
    pub(super) registered: bool,
    /// Entries for which it is a former media type.
    pub(super) former: Vec<(&'a str, &'a FormerMediaType)>,
    /// Media types whose successor it is, each with the entry that says so.
    pub(super) succeeds: Vec<(&'a str, &'a FormerMediaType)>,
}

/// An entry as other pages show it.
#[derive(Debug, Clone)]
pub(super) struct TypeRef<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its name.
    pub(super) title: &'a str,
    /// Its short name.
    pub(super) label: &'a str,
    /// What it is.
    pub(super) summary: &'a str,
    /// Path of its picture.
    pub(super) icon: Arc<str>,
    /// Whether it is a facet.
    pub(super) facet: bool,
    /// Its state in the world, in words; `None` when active.
    pub(super) state: Option<&'static str>,
}

impl<'a> Lookup<'a> {
    /// Looks once through a catalog.
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let mut lookup = Self::default();
        let names = media_types(&catalog.entries);
        // Made at once, which fills the nodes of the map.
        lookup.media_types = names.keys().filter_map(|name| Some((known(name)?, MediaTypeFacts::default()))).collect();
        for (media_type, uses) in names {
            if let Some(facts) = lookup.facts_mut(media_type) {
                facts.uses.extend(uses);
            }
        }
        for facts in lookup.media_types.values_mut() {
            facts.uses.sort_unstable();
            facts.uses.dedup();
        }
        for entry in &catalog.entries {
            lookup.enter(catalog, entry);
        }
        for (position, rule) in catalog.rules.rules.iter().enumerate() {
            lookup.rules.insert(&rule.id, (position + 1, rule));
            lookup.asks(&rule.id, &rule.when);
        }
        for rule in &catalog.rules.facets {
            lookup.asks(&rule.id, &rule.when);
        }
        for (name, facts) in &mut lookup.media_types {
            facts.rules.sort_unstable();
            facts.rules.dedup();
            facts.registered |= iana::is_registered(name);
            // Most media types have one user, and there are many.
            facts.uses.shrink_to_fit();
            facts.rules.shrink_to_fit();
            facts.sources.shrink_to_fit();
        }
        lookup
    }

    fn enter(&mut self, catalog: &'a Catalog, entry: &'a ArtifactType) {
        let id = entry.id.as_str();
        self.types.insert(id, TypeRef::new(catalog, entry));
        for role in &entry.roles {
            self.by_role.entry(*role).or_default().push(id);
        }
        if let Some(successor) = &entry.replaced_by {
            self.replaces.entry(successor).or_default().push(id);
        }
        for target in entry.attaches_to.iter().flat_map(|attachment| &attachment.targets) {
            self.attached.entry(target).or_default().push(id);
        }
        for example in &entry.examples {
            if let Some(other) = example.expect.as_ref().and_then(|expect| expect.type_id.as_deref())
                && other != id
            {
                self.near.entry(other).or_default().push(id);
            }
        }
        if let Some(identify) = &entry.identify {
            let mut needs: Vec<Need> = identify.rules.iter().flat_map(|rule| rule.when.needs()).collect();
            needs.sort_unstable();
            needs.dedup();
            for base in &identify.refines {
                self.refined_by.entry(base).or_default().push((id, needs.clone()));
            }
        }
        for source in &entry.sources {
            for media_type in &source.media_types {
                if let Some(facts) = self.facts_mut(media_type) {
                    facts.sources.push((id, source));
                }
            }
        }
        for status in entry.iana.iter().filter(|status| status.registered) {
            if let Some(facts) = self.facts_mut(&status.media_type) {
                facts.registered = true;
            }
        }
        for former in &entry.former_media_types {
            if let Some(facts) = self.facts_mut(&former.media_type) {
                facts.former.push((id, former));
            }
            if let Some(facts) = former.successor.as_deref().and_then(|successor| self.facts_mut(successor)) {
                facts.succeeds.push((id, former));
            }
        }
    }

    /// Notes the media types that a rule asks for, not those that it excludes.
    fn asks(&mut self, rule: &'a str, predicate: &'a Predicate) {
        match predicate {
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| self.asks(rule, part)),
            Predicate::Not(_) => {}
            Predicate::Each(each) => self.asks(rule, &each.predicate),
            Predicate::Test(test) => {
                let values = match &test.condition {
                    Condition::Equals(value) if test.field.is_media_type() => std::slice::from_ref(value),
                    Condition::OneOf(values) if test.field.is_media_type() => values,
                    _ => return,
                };
                for value in values {
                    if let Scalar::Text(text) = value
                        && let Some(facts) = self.facts_mut(text)
                    {
                        facts.rules.push(rule);
                    }
                }
            }
        }
    }

    fn facts_mut(&mut self, text: &str) -> Option<&mut MediaTypeFacts<'a>> {
        self.media_types.get_mut(&*normalise(text.into()))
    }

    /// The page of a media type, when there is one.
    pub(super) fn media_type_page(&self, text: &str) -> Option<String> {
        let text = normalise(text.into());
        let (name, _) = self.media_types.get_key_value(&*text)?;
        MediaType::parse(name).ok().map(|media_type| paths::media_type_page(&media_type))
    }

    /// What is known of a media type.
    pub(super) fn media_type(&self, text: &str) -> Option<&MediaTypeFacts<'a>> {
        self.media_types.get(&*normalise(text.into()))
    }

    /// An entry, when there is one of this id.
    pub(super) fn type_ref(&self, id: &str) -> Option<&TypeRef<'a>> {
        self.types.get(id)
    }

    /// Every entry, sorted by title.
    pub(super) fn by_title(&self) -> Vec<&TypeRef<'a>> {
        let mut all: Vec<&TypeRef<'a>> = self.types.values().collect();
        all.sort_by_cached_key(|entry| (entry.title.to_lowercase(), entry.id));
        all
    }

    /// A rule of recognition with its position, from 1.
    pub(super) fn rule(&self, id: &str) -> Option<(usize, &'a OrderedRule)> {
        self.rules.get(id).copied()
    }

    /// Types that refine a base, each with what decides.
    pub(super) fn refined_by(&self, id: &str) -> &[(&'a str, Vec<Need>)] {
        self.refined_by.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Types that attach to a type.
    pub(super) fn attached(&self, id: &str) -> &[&'a str] {
        self.attached.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Types whose place a type takes.
    pub(super) fn replaces(&self, id: &str) -> &[&'a str] {
        self.replaces.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Types that have a near miss which is of a type.
    pub(super) fn near(&self, id: &str) -> &[&'a str] {
        self.near.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Ids of the types of a role, sorted.
    pub(super) fn with_role(&self, role: Role) -> &[&'a str] {
        self.by_role.get(&role).map(Vec::as_slice).unwrap_or_default()
    }
}

impl<'a> TypeRef<'a> {
    fn new(catalog: &'a Catalog, entry: &'a ArtifactType) -> Self {
        let state = (entry.status.state != State::Active).then(|| super::words::state(entry.status.state).0);
        Self {
            id: &entry.id,
            title: &entry.title,
            label: &entry.label,
            summary: &entry.summary,
            icon: icon(catalog, entry).into(),
            facet: entry.kind == Kind::Facet,
            state,
        }
    }
}

/// A media type as the lookup knows it; none when it has not the form of one.
fn known(text: &str) -> Option<String> {
    let text = normalise(text.into());
    MediaType::parse(&text).ok().map(|media_type| media_type.as_str().to_owned())
}

/// Path of an entry's picture: the one that the mapping names, which is its own or the glyph of its main role.
fn icon(catalog: &Catalog, entry: &ArtifactType) -> String {
    match entry.roles.first() {
        Some(_) => icon_path(catalog, entry),
        None => glyphs::path("generic"),
    }
}

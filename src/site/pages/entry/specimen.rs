//! An example that was read, with what its caller has besides, and the rule that decides on it.

use super::super::super::Site;
use crate::catalog::ArtifactType;
use crate::catalog::model::{Example, ExpectedCertainty};
use crate::catalog::predicate::Predicate;
use crate::identify::evaluate::{evidence, holds};
use crate::identify::{Context, Descriptor, Facts};

/// A document of the catalog.
pub(super) struct Specimen<'a> {
    /// Its number among the examples of its entry, from 1.
    pub(super) number: usize,
    /// What the entry says of it.
    pub(super) example: &'a Example,
    /// Its text, as the file is.
    pub(super) text: &'a str,
    facts: Facts<'a>,
    config: Option<serde_json::Value>,
    parent: Option<Descriptor<'a>>,
    children: Vec<Facts<'a>>,
    /// Number within the entry of the rule that decides, from 1, with its predicate.
    pub(super) rule: Option<(usize, &'a Predicate)>,
}

impl<'a> Specimen<'a> {
    /// The first example that is what the entry describes, exactly where there is one, else as its family.
    pub(super) fn first(site: &Site<'a>, entry: &'a ArtifactType) -> Option<Self> {
        let own = |example: &Example| example.expect.is_none();
        let family = |example: &Example| {
            example.expect.as_ref().is_some_and(|expect| {
                expect.certainty == ExpectedCertainty::Family && expect.type_id.as_deref() == Some(&entry.id)
            })
        };
        let at = entry.examples.iter().position(own).or_else(|| entry.examples.iter().position(family))?;
        Self::read(site, entry, at, &entry.id)
    }

    /// Reads an example; `shown` is the type that it is.
    pub(super) fn read(site: &Site<'a>, entry: &'a ArtifactType, at: usize, shown: &str) -> Option<Self> {
        let example = entry.examples.get(at)?;
        let file = |name: &str| site.catalog.file(&entry.id, &format!("examples/{name}"));
        let text = file(&example.file)?;
        let context = example.context.as_ref();
        let named = |name: Option<&'a String>| name.and_then(|name| file(name));
        let mut specimen = Self {
            number: at + 1,
            example,
            text,
            facts: Facts::read(text).ok()?,
            config: named(context.and_then(|context| context.config.as_ref()))
                .and_then(|text| serde_json::from_str(text).ok()),
            parent: named(context.and_then(|context| context.parent.as_ref()))
                .and_then(|text| Descriptor::read(text).ok()),
            children: context
                .iter()
                .flat_map(|context| &context.children)
                .filter_map(|name| Facts::read(file(name)?).ok())
                .collect(),
            rule: None,
        };
        specimen.rule = specimen.deciding(site, shown);
        Some(specimen)
    }

    /// What the caller has besides.
    fn context(&self) -> Context<'_> {
        Context {
            tag: self.example.context.as_ref().and_then(|context| context.tag.as_deref()),
            config: self.config.as_ref(),
            parent: self.parent.as_ref(),
            children: &self.children,
            hopeful: false,
        }
    }

    /// Of the rules of a type that hold, the one that is tried first.
    fn deciding(&self, site: &Site<'a>, id: &str) -> Option<(usize, &'a Predicate)> {
        let identify = site.catalog.get(id)?.identify.as_ref()?;
        let holding = identify.rules.iter().enumerate().filter(|(_, rule)| self.satisfies(&rule.when));
        holding
            .map(|(at, rule)| (at + 1, &rule.when))
            .min_by_key(|(number, _)| site.lookup.rule(&format!("{id}/{number}")).map(|(position, _)| position))
    }

    /// Asks something of the document and of what the caller has besides.
    pub(super) fn within<R>(&self, ask: impl FnOnce(&Facts<'a>, &Context<'_>) -> R) -> R {
        ask(&self.facts, &self.context())
    }

    /// Whether a predicate holds of it.
    pub(super) fn satisfies(&self, predicate: &Predicate) -> bool {
        holds(predicate, &self.facts, &self.context())
    }

    /// The values by which it satisfies a predicate: pointers into the document, and names of the context.
    pub(super) fn evidence(&self, predicate: &Predicate) -> Vec<String> {
        let context = self.context();
        let found = evidence(predicate, &self.facts, &context);
        found.into_iter().map(|evidence| evidence.pointer.as_str().to_owned()).collect()
    }

    /// A layer.
    pub(super) fn layer(&self, index: usize) -> Option<&Descriptor<'a>> {
        self.facts.layers.get(index)
    }

    /// A child of an index.
    pub(super) fn child(&self, index: usize) -> Option<&Descriptor<'a>> {
        self.facts.manifests.get(index)
    }

    /// The facts of the document.
    pub(super) const fn facts(&self) -> &Facts<'a> {
        &self.facts
    }
}

/// The parts of which each must hold.
pub(super) fn conjuncts(predicate: &Predicate) -> Vec<&Predicate> {
    match predicate {
        Predicate::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

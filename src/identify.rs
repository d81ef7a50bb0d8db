//! What is this document? A pure function of the document and of the context that the caller has.
//!
//! The first rule that matches decides, in the order of [`RuleSet`]. [`Identifier`] looks rules up by the values
//! of the document; [`first_match`] is the plain loop that consumers in other languages write, and property tests
//! hold the two equal.

pub mod answer;
pub mod evaluate;
pub mod facts;
pub mod nearest;
pub mod surroundings;
pub mod witness;

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

pub use answer::{Answer, Candidate, Rival, Verdict};
pub use evaluate::{Context, Evidence};
pub use facts::{Descriptor, Facts};
pub use nearest::Nearest;

use crate::catalog::order::{OrderedRule, RuleSet, index_anchors};
use crate::catalog::predicate::{Condition, Field, List, Predicate};

/// The plain loop: the position of the first rule that the document satisfies.
#[must_use]
pub fn first_match(rules: &[OrderedRule], facts: &Facts<'_>, context: &Context<'_>) -> Option<usize> {
    rules.iter().position(|rule| evaluate::holds(&rule.when, facts, context))
}

/// A rule that refines a type, seen from a rule that shows this type.
#[derive(Debug)]
struct Refining {
    /// Its position.
    rule: usize,
    /// What it demands and the other rule does not imply.
    open: Vec<Predicate>,
    /// Whether this may hold of any document of which nothing but itself is known.
    unbound: bool,
}

/// Rules, prepared for many documents.
#[derive(Debug)]
pub struct Identifier {
    set: RuleSet,
    /// Of the rules, and behind them of those for facets.
    index: Index,
    /// For each rule, what of the context it can not do without.
    demands: Vec<Given>,
    /// By the position of a rule: the rules that refine its type.
    refining: FxHashMap<usize, Vec<Refining>>,
    /// For each rule, where the sub-types of its type stand.
    subtypes: Vec<Range<usize>>,
    /// Made when the first unknown document asks for it.
    known: OnceLock<nearest::Known>,
}

/// Where a value stands, for the look-up of rules.
type Slot = (Option<List>, Field);

/// Parts of the context, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Given(u8);

impl Given {
    const NOTHING: Self = Self(0);
    const TAG: Self = Self(1);
    const CONFIG: Self = Self(2);
    const PARENT: Self = Self(4);
    const CHILDREN: Self = Self(8);
    const ALL: Self = Self(15);

    /// What a caller has.
    fn of(context: &Context<'_>) -> Self {
        if context.hopeful {
            return Self::ALL;
        }
        let part = |part: Self, given: bool| if given { part.0 } else { 0 };
        Self(
            part(Self::TAG, context.tag.is_some())
                | part(Self::CONFIG, context.config.is_some())
                | part(Self::PARENT, context.parent.is_some())
                | part(Self::CHILDREN, !context.children.is_empty()),
        )
    }

    /// Without what a predicate holds for no document.
    fn demanded(predicate: &Predicate) -> Self {
        match predicate {
            Predicate::All(parts) => Self(parts.iter().fold(0, |all, part| all | Self::demanded(part).0)),
            Predicate::Any(parts) => Self(parts.iter().fold(Self::ALL.0, |all, part| all & Self::demanded(part).0)),
            Predicate::Not(_) => Self::NOTHING,
            Predicate::Each(each) if each.list == List::Children => Self::CHILDREN,
            Predicate::Each(_) => Self::NOTHING,
            Predicate::Test(test) if matches!(test.condition, Condition::Present(false)) => Self::NOTHING,
            Predicate::Test(test) => match test.field {
                Field::ContextTag => Self::TAG,
                Field::ContextConfig => Self::CONFIG,
                Field::ContextParentArtifactType | Field::ContextParentAnnotations | Field::ContextParentPlatformOs => {
                    Self::PARENT
                }
                _ => Self::NOTHING,
            },
        }
    }

    const fn within(self, given: Self) -> bool {
        self.0 & !given.0 == 0
    }
}

/// Positions of rules by the values that they demand.
#[derive(Debug, Default)]
struct Index {
    by_value: Vec<(Slot, FxHashMap<Box<str>, Vec<u32>>)>,
    always: Vec<u32>,
}

impl Index {
    fn new<'p>(predicates: impl Iterator<Item = &'p Predicate>) -> Self {
        let mut index = Self::default();
        for (position, predicate) in (0_u32..).zip(predicates) {
            let Some(anchors) = index_anchors(predicate) else {
                index.always.push(position);
                continue;
            };
            for (list, field, key, value) in anchors {
                let name = if field.takes_key() { key } else { value };
                let slot = (list, field);
                let at = index.by_value.iter().position(|(other, _)| *other == slot).unwrap_or_else(|| {
                    index.by_value.push((slot, FxHashMap::default()));
                    index.by_value.len() - 1
                });
                let positions = index.by_value[at].1.entry(name.into()).or_default();
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            }
        }
        index
    }

    /// Positions of the rules that the document may satisfy, sorted, into `found`.
    fn candidates(&self, facts: &Facts<'_>, found: &mut Vec<u32>) {
        found.clear();
        found.extend_from_slice(&self.always);
        for ((list, field), map) in &self.by_value {
            let mut look_up = |value: Option<&str>| {
                if let Some(positions) = value.and_then(|value| map.get(value)) {
                    found.extend_from_slice(positions);
                }
            };
            let members: &[Descriptor<'_>] = match list {
                None => {
                    match field {
                        Field::Shape => look_up(facts.shape.map(super::catalog::model::Shape::name)),
                        Field::ArtifactType => look_up(facts.artifact_type.as_deref()),
                        Field::PlaceholderArtifactType => look_up(facts.placeholder_artifact_type.as_deref()),
                        Field::ConfigMediaType | Field::PlaceholderConfigMediaType => {
                            look_up(facts.config.as_ref().and_then(|config| config.media_type.as_deref()));
                        }
                        _ => facts.annotations.iter().for_each(|(key, _)| look_up(Some(key))),
                    }
                    continue;
                }
                Some(List::Layers) => &facts.layers,
                Some(_) => &facts.manifests,
            };
            let mut last = None;
            for member in members {
                match field {
                    // Runs of equal media types are the rule: look each up once.
                    Field::MediaType => {
                        if last != Some(&member.media_type) {
                            look_up(member.media_type.as_deref());
                            last = Some(&member.media_type);
                        }
                    }
                    Field::ArtifactType => look_up(member.artifact_type.as_deref()),
                    _ => member.annotations.iter().for_each(|(key, _)| look_up(Some(key))),
                }
            }
        }
        found.sort_unstable();
        found.dedup();
    }
}

/// Where the rules for the sub-types of a type stand.
fn subtypes(set: &RuleSet, type_id: &str) -> Range<usize> {
    let first = set.subtypes.partition_point(|subtype| subtype.type_id.as_str() < type_id);
    first..first + set.subtypes[first..].partition_point(|subtype| subtype.type_id == type_id)
}

impl Identifier {
    /// Prepares rules.
    #[must_use]
    pub fn new(set: RuleSet) -> Self {
        let facets = set.facets.iter().map(|rule| &rule.when);
        let index = Index::new(set.rules.iter().map(|rule| &rule.when).chain(facets));
        let refining = answer::refining(&set);
        let demands = set.rules.iter().map(|rule| Given::demanded(&rule.when)).collect();
        let subtypes = set.rules.iter().map(|rule| subtypes(&set, &rule.type_id)).collect();
        Self { index, demands, refining, subtypes, known: OnceLock::new(), set }
    }

    /// The rules, in evaluation order.
    #[must_use]
    pub const fn rules(&self) -> &RuleSet {
        &self.set
    }

    /// The rules, for who goes on with them alone.
    #[must_use]
    pub fn into_rules(self) -> RuleSet {
        self.set
    }

    /// The position of the first rule that the document satisfies; `found` is memory to use again.
    #[must_use]
    pub fn first_match(&self, facts: &Facts<'_>, context: &Context<'_>, found: &mut Vec<u32>) -> Option<usize> {
        self.index.candidates(facts, found);
        let given = Given::of(context);
        found
            .iter()
            .map(|position| *position as usize)
            .take_while(|position| *position < self.set.rules.len())
            .filter(|position| self.demands[*position].within(given))
            .find(|position| evaluate::holds(&self.set.rules[*position].when, facts, context))
    }

    /// What the document is.
    #[must_use]
    pub fn identify<'a>(&'a self, facts: &'a Facts<'_>, context: &'a Context<'_>) -> Answer<'a> {
        let mut found = Vec::new();
        let decided = self.first_match(facts, context, &mut found);
        let refining = decided.and_then(|position| self.refining.get(&position)).map_or(&[][..], Vec::as_slice);
        let subtypes = decided.map_or(&[][..], |position| &self.set.subtypes[self.subtypes[position].clone()]);
        let rules = self.set.rules.len();
        let facets = found.partition_point(|position| (*position as usize) < rules);
        let facets = found[facets..].iter().map(|position| &self.set.facets[*position as usize - rules]);
        answer::answer(&self.set, facts, context, decided, (refining, subtypes), facets)
    }

    /// The type that decides, and whether it is certain: [`identify`](Self::identify) without what explains it.
    #[must_use]
    pub fn decide<'a>(&'a self, facts: &Facts<'_>, context: &Context<'_>) -> Option<(&'a str, Verdict)> {
        let rule = &self.set.rules[self.first_match(facts, context, &mut Vec::new())?];
        Some((&rule.type_id, answer::verdict(rule)))
    }

    /// The known types that an unidentified document is closest to, at most three.
    #[must_use]
    pub fn nearest<'a>(&'a self, facts: &Facts<'_>) -> Vec<Nearest<'a>> {
        nearest::nearest(self.known.get_or_init(|| nearest::known(&self.set)), facts)
    }

    /// The other rules that the document satisfies too, and why they lost.
    #[must_use]
    pub fn rivals<'a>(&'a self, facts: &Facts<'_>, context: &Context<'_>) -> Vec<Rival<'a>> {
        answer::rivals(&self.set.rules, facts, context)
    }
}

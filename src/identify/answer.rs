//! From the rule that decided to the answer that is given.

use rustc_hash::FxHashMap;

use super::Refining;
use super::evaluate::{Context, Evidence, evidence, holds};
use super::facts::Facts;
use crate::catalog::model::Certainty;
use crate::catalog::order::{FacetRule, OrderedRule, RuleSet, SubtypeRule, implies};
use crate::catalog::predicate::{List, Need, Predicate};

/// How sure an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The document is of this type.
    Exact,
    /// The document fits several types of one family and none alone.
    Family,
    /// No rule matches.
    Unknown,
}

impl Verdict {
    /// Its spelling in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Family => "family",
            Self::Unknown => "unknown",
        }
    }
}

/// What a document is, and by what it is known.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// Id of the type, of the family's common parent, or nothing.
    pub type_id: Option<&'a str>,
    /// How sure it is.
    pub verdict: Verdict,
    /// Id of the rule that decided.
    pub rule: Option<&'a str>,
    /// What the rule saw.
    pub evidence: Vec<Evidence<'a>>,
    /// Types that it may be more exactly, sorted by id.
    pub candidates: Vec<Candidate<'a>>,
    /// Facets that apply besides, sorted.
    pub facets: Vec<&'a str>,
    /// Sub-types of the type that it shows, sorted.
    pub subtypes: Vec<&'a str>,
}

/// A type that a document may be more exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate<'a> {
    /// Its id.
    pub type_id: &'a str,
    /// What would decide.
    pub needs: Need,
}

/// A rule that matches too and was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rival<'a> {
    /// The type that it shows.
    pub type_id: &'a str,
    /// Its id.
    pub rule: &'a str,
    /// Why it lost, in words.
    pub why: &'static str,
}

/// For each rule whose type is refined, the rules that refine it.
pub(super) fn refining(set: &RuleSet) -> FxHashMap<usize, Vec<Refining>> {
    let parts = |when: &Predicate| match when {
        Predicate::All(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    let mut refining: FxHashMap<usize, Vec<Refining>> = FxHashMap::default();
    // By type, which is the order of answers.
    let mut refinements: Vec<(usize, &OrderedRule)> =
        set.rules.iter().enumerate().filter(|(_, rule)| !rule.refines.is_empty()).collect();
    refinements.sort_by(|a, b| a.1.type_id.cmp(&b.1.type_id));
    for (rule, refinement) in refinements {
        let bases = set.rules.iter().enumerate().filter(|(_, base)| refinement.refines.contains(&base.type_id));
        for (position, base) in bases {
            let mut open = parts(&refinement.when);
            open.retain(|part| !implies(&base.when, part));
            let unbound = open.iter().all(unbound);
            refining.entry(position).or_default().push(Refining { rule, open, unbound });
        }
    }
    refining
}

/// Whether a predicate rests on the context alone, so that without one it could hold.
fn unbound(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::All(parts) => parts.iter().all(unbound),
        Predicate::Any(parts) => parts.iter().any(unbound),
        Predicate::Not(_) => false,
        Predicate::Each(each) => each.list == List::Children,
        Predicate::Test(test) => test.field.is_context(),
    }
}

/// The verdict of a rule that decides.
pub(super) fn verdict(rule: &OrderedRule) -> Verdict {
    if rule.certainty == Certainty::Exact { Verdict::Exact } else { Verdict::Family }
}

pub(super) fn answer<'a>(
    set: &'a RuleSet,
    facts: &'a Facts<'_>,
    context: &'a Context<'_>,
    decided: Option<usize>,
    (refining, subtypes): (&[Refining], &'a [SubtypeRule]),
    facets: impl Iterator<Item = &'a FacetRule>,
) -> Answer<'a> {
    let mut facets: Vec<&str> =
        facets.filter(|rule| holds(&rule.when, facts, context)).map(|rule| rule.facet.as_str()).collect();
    facets.dedup();
    let Some(rule) = decided.map(|position| &set.rules[position]) else {
        return Answer {
            type_id: None,
            verdict: Verdict::Unknown,
            rule: None,
            evidence: Vec::new(),
            candidates: Vec::new(),
            facets,
            subtypes: Vec::new(),
        };
    };
    let seen = evidence(&rule.when, facts, context);
    let candidates = match rule.certainty {
        Certainty::Family => members(set, &rule.type_id),
        Certainty::Exact => refinements(set, refining, facts, context),
    };
    let subtypes = subtypes
        .iter()
        .filter(|subtype| holds(&subtype.when, facts, context))
        .map(|subtype| subtype.subtype.as_str())
        .collect();
    Answer {
        type_id: Some(&rule.type_id),
        verdict: verdict(rule),
        rule: Some(&rule.id),
        evidence: seen,
        candidates,
        facets,
        subtypes,
    }
}

/// The members of a family, with what would decide for each.
fn members<'a>(set: &'a RuleSet, family: &str) -> Vec<Candidate<'a>> {
    let Some(members) = set.families.get(family) else { return Vec::new() };
    let mut candidates: Vec<Candidate<'a>> = members
        .iter()
        .map(|member| {
            let rules = set.rules.iter().filter(|rule| rule.type_id == *member);
            let needs = rules.filter_map(|rule| rule.needs.first()).min().copied();
            Candidate { type_id: member, needs: needs.unwrap_or(Need::Manifest) }
        })
        .collect();
    candidates.sort_unstable();
    candidates
}

/// Refinements of an exact base type that the context, if the caller had more of it, could show.
fn refinements<'a>(
    set: &'a RuleSet,
    refining: &[Refining],
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> Vec<Candidate<'a>> {
    let hopeful = Context { hopeful: true, ..*context };
    let missing = |need: &&Need| match need {
        Need::Config => context.config.is_none(),
        Need::Tag => context.tag.is_none(),
        Need::Parent => context.parent.is_none(),
        Need::Children => context.children.is_empty(),
        Need::Manifest => true,
    };
    let mut candidates: Vec<Candidate<'a>> = Vec::with_capacity(refining.len());
    let alone = context.is_empty();
    for Refining { rule, open, unbound } in refining {
        let rule = &set.rules[*rule];
        let Some(needs) = rule.needs.iter().find(missing).copied() else { continue };
        let possible = alone && *unbound || open.iter().all(|part| holds(part, facts, &hopeful));
        if !possible {
            continue;
        }
        match candidates.last_mut() {
            // Several rules of one type: the least that would decide.
            Some(last) if last.type_id == rule.type_id => last.needs = last.needs.min(needs),
            _ => candidates.push(Candidate { type_id: &rule.type_id, needs }),
        }
    }
    candidates
}

pub(super) fn rivals<'a>(rules: &'a [OrderedRule], facts: &Facts<'_>, context: &Context<'_>) -> Vec<Rival<'a>> {
    let mut matching = rules.iter().filter(|rule| holds(&rule.when, facts, context));
    let Some(winner) = matching.next() else { return Vec::new() };
    matching
        .filter(|rule| rule.type_id != winner.type_id)
        .map(|rule| Rival {
            type_id: &rule.type_id,
            rule: &rule.id,
            why: if rule.class > winner.class {
                "its evidence is weaker"
            } else if implies(&winner.when, &rule.when) {
                "it is less specific"
            } else {
                "the document carries the marks of both; the order of ids decides"
            },
        })
        .collect()
}

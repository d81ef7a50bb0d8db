//! How a type is recognised, in words: its rules with their places in the order of all rules.

use super::super::super::html::SafeHtml;
use super::super::super::{Site, words};
use super::super::Named;
use super::Failure;
use super::rivals::{self, Refinement, Rival};
use super::specimen::Specimen;
use crate::catalog::ArtifactType;
use crate::catalog::model::Certainty;
use crate::catalog::order;
use crate::catalog::predicate::{Need, Predicate};

/// The section.
pub(super) struct Recognition<'a> {
    /// Number of rules of the whole catalog.
    pub(super) total: usize,
    /// The base types that it refines.
    pub(super) refines: Vec<Named<'a>>,
    /// What tells it from its base.
    pub(super) needs: String,
    /// Types that refine it, with what the caller must have and what decides.
    pub(super) refined_by: Vec<(Refinement<'a>, String)>,
    /// Types with which it could be confused.
    pub(super) rivals: Vec<Rival<'a>>,
    /// Members of the family whose common parent it is.
    pub(super) members: Vec<Named<'a>>,
    /// Whether some rule shows only the family.
    pub(super) family: bool,
    pub(super) rules: Vec<RuleView<'a>>,
    pub(super) subtypes: Vec<SubtypeView<'a>>,
}

/// A rule.
pub(super) struct RuleView<'a> {
    pub(super) id: String,
    pub(super) number: usize,
    pub(super) note: Option<&'a str>,
    /// Place in the order of all rules, from 1; facets have none.
    pub(super) position: Option<usize>,
    /// Strength of the evidence: rank and words.
    pub(super) class: (u8, &'static str),
    pub(super) family: bool,
    pub(super) needs: String,
    pub(super) statement_html: SafeHtml,
    pub(super) json: String,
}

/// A sub-type.
pub(super) struct SubtypeView<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) statement_html: SafeHtml,
}

pub(super) fn view<'a>(
    site: &Site<'a>,
    entry: &'a ArtifactType,
    own: Option<&Specimen<'a>>,
    root: &str,
) -> Result<Option<Recognition<'a>>, Failure> {
    let Some(identify) = &entry.identify else { return Ok(None) };
    let say = |predicate: &Predicate| words::predicate(predicate, root, &site.lookup);
    let mut rules = Vec::new();
    for (at, rule) in identify.rules.iter().enumerate() {
        let id = format!("{}/{}", entry.id, at + 1);
        let ordered = site.lookup.rule(&id);
        rules.push(RuleView {
            number: at + 1,
            note: rule.note.as_deref(),
            position: ordered.map(|(position, _)| position),
            class: words::class(ordered.map_or_else(|| order::class(&rule.when), |(_, rule)| rule.class)),
            family: rule.certainty == Certainty::Family,
            needs: needs(&rule.when.needs()),
            statement_html: say(&rule.when)?,
            json: serde_json::to_string_pretty(&rule.when)?,
            id,
        });
    }
    let mut subtypes = Vec::new();
    for subtype in &identify.subtypes {
        subtypes.push(SubtypeView { id: &subtype.id, title: &subtype.title, statement_html: say(&subtype.when)? });
    }
    let mut wanted: Vec<Need> = identify.rules.iter().flat_map(|rule| rule.when.needs()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let refined_by = rivals::refinements(site, entry, identify, root)?.into_iter().map(|refinement| {
        let wanted = needs(&refinement.needs);
        (refinement, wanted)
    });
    let members = site.catalog.rules.families.get(&entry.id);
    let family = rules.iter().any(|rule| rule.family);
    Ok(Some(Recognition {
        total: site.catalog.rules.rules.len(),
        refines: identify.refines.iter().map(|id| Named::new(site, id)).collect(),
        needs: needs(&wanted),
        refined_by: refined_by.collect(),
        rivals: rivals::view(site, entry, identify, own, root)?,
        members: members.into_iter().flatten().filter(|_| family).map(|id| Named::new(site, id)).collect(),
        family,
        rules,
        subtypes,
    }))
}

/// What the caller must have, in words; empty when the document is enough.
fn needs(needs: &[Need]) -> String {
    needs.iter().copied().map(words::need).collect::<Vec<_>>().join(" and ")
}

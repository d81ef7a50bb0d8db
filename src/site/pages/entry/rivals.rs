//! Types that are close to one, and how they differ: computed from the rules of both and from documents of both.

use std::collections::BTreeSet;

use super::super::super::html::SafeHtml;
use super::super::super::{Site, words};
use super::super::Named;
use super::Failure;
use super::specimen::{Specimen, conjuncts};
use crate::catalog::ArtifactType;
use crate::catalog::claims::claims;
use crate::catalog::model::{ExpectedCertainty, Identify, Kind};
use crate::catalog::order::implies;
use crate::catalog::predicate::{Need, Predicate};
use crate::oci::well_known::is_generic;

/// Most types in the table.
const MOST: usize = 8;
/// A media type of more types than this tells nothing of their nearness.
const SHARED: usize = 4;

/// A type, or an unknown form, that could be taken for the entry.
pub(super) struct Rival<'a> {
    /// The type; `None` for a form that is of no known type.
    pub(super) named: Option<Named<'a>>,
    /// Whether only its family is recognised.
    pub(super) family: bool,
    /// What holds of it and not of the entry.
    pub(super) there: Vec<SafeHtml>,
    /// What holds of the entry and not of it.
    pub(super) here: Vec<SafeHtml>,
    /// The example that shows it: number and title.
    pub(super) example: Option<(usize, String)>,
}

/// A type that refines the entry.
pub(super) struct Refinement<'a> {
    pub(super) named: Named<'a>,
    /// What the caller must have.
    pub(super) needs: Vec<Need>,
    /// What tells it from the entry, in its first form.
    pub(super) parts: Vec<SafeHtml>,
    /// Whether there are other forms.
    pub(super) more: bool,
}

/// The types that are close to an entry: those that its near misses are, then those whose near misses it is, then
/// those with which it shares a media type.
pub(super) fn view<'a>(
    site: &Site<'a>,
    entry: &'a ArtifactType,
    identify: &'a Identify,
    own: Option<&Specimen<'a>>,
    root: &str,
) -> Result<Vec<Rival<'a>>, Failure> {
    let contrast = Contrast { site, root, identify, own };
    let mut rivals = Vec::new();
    let mut named = BTreeSet::from([entry.id.as_str()]);
    for (at, example) in entry.examples.iter().enumerate() {
        let Some(expect) = &example.expect else { continue };
        let family = expect.certainty == ExpectedCertainty::Family;
        let id = expect.type_id.as_deref().filter(|_| expect.certainty != ExpectedCertainty::Unknown);
        if id == Some(&entry.id) || id.is_some_and(|id| !named.insert(id)) {
            continue;
        }
        let Some(other) = Specimen::read(site, entry, at, id.unwrap_or_default()) else { continue };
        let (there, here) = contrast.differences(&other, entry.kind == Kind::Facet)?;
        let example = Some((at + 1, told(&example.title)));
        rivals.push(Rival { named: id.map(|id| Named::new(site, id)), family, there, here, example });
    }
    // What has a name comes first.
    rivals.sort_by_key(|rival| rival.named.is_none());
    if entry.kind == Kind::Facet {
        return Ok(rivals);
    }
    for id in neighbours(site, entry) {
        if rivals.len() >= MOST {
            break;
        }
        if named.contains(id) {
            continue;
        }
        let Some(other) = site.catalog.get(id).and_then(|other| Specimen::first(site, other)) else { continue };
        named.insert(id);
        let (there, here) = contrast.differences(&other, false)?;
        if !there.is_empty() || !here.is_empty() {
            rivals.push(Rival { named: Some(Named::new(site, id)), family: false, there, here, example: None });
        }
    }
    Ok(rivals)
}

/// The title of a near miss, without the word that each begins with.
fn told(title: &str) -> String {
    let title = title.strip_prefix("Near miss, ").or_else(|| title.strip_prefix("Near miss: ")).unwrap_or(title);
    let mut letters = title.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Ids of types that name the entry in a near miss, or share a telling media type with it; not its refinements and
/// bases, of which the page speaks elsewhere.
fn neighbours<'a>(site: &Site<'a>, entry: &'a ArtifactType) -> Vec<&'a str> {
    let refines = entry.identify.iter().flat_map(|identify| &identify.refines);
    let mut told: BTreeSet<&str> = refines.map(String::as_str).collect();
    told.extend(site.lookup.refined_by(&entry.id).iter().map(|(id, _)| *id));
    // A base of everybody's near misses is close to nobody.
    let mut found: Vec<&str> =
        Some(site.lookup.near(&entry.id)).filter(|near| near.len() <= MOST).unwrap_or_default().to_vec();
    for (media_type, _) in claims(entry).into_iter().filter(|(media_type, _)| !is_generic(media_type)) {
        let Some(facts) = site.lookup.media_type(media_type) else { continue };
        let users: BTreeSet<&str> = facts.uses.iter().map(|usage| usage.type_id).collect();
        if users.len() <= SHARED {
            found.extend(users);
        }
    }
    found.retain(|id| !told.contains(id) && site.lookup.type_ref(id).is_some_and(|other| !other.facet));
    found
}

/// The types that refine an entry, with what tells each from it.
pub(super) fn refinements<'a>(
    site: &Site<'a>,
    entry: &'a ArtifactType,
    identify: &'a Identify,
    root: &str,
) -> Result<Vec<Refinement<'a>>, Failure> {
    let mut found = Vec::new();
    for (id, needs) in site.lookup.refined_by(&entry.id) {
        let rules = site.catalog.get(id).and_then(|other| other.identify.as_ref()).map(|other| &other.rules);
        let first = rules.and_then(|rules| rules.first());
        let open = first.map(|rule| {
            let implied = |part: &&Predicate| identify.rules.iter().any(|base| implies(&base.when, part));
            conjuncts(&rule.when).into_iter().filter(|part| !implied(part)).collect::<Vec<_>>()
        });
        found.push(Refinement {
            named: Named::new(site, id),
            needs: needs.clone(),
            parts: say(site, root, &open.unwrap_or_default())?,
            more: rules.is_some_and(|rules| rules.len() > 1),
        });
    }
    Ok(found)
}

fn say(site: &Site<'_>, root: &str, parts: &[&Predicate]) -> Result<Vec<SafeHtml>, Failure> {
    parts.iter().map(|part| Ok(words::briefly(part, root, &site.lookup)?)).collect()
}

struct Contrast<'a, 's> {
    site: &'s Site<'a>,
    root: &'s str,
    identify: &'a Identify,
    own: Option<&'s Specimen<'a>>,
}

impl<'a> Contrast<'a, '_> {
    /// What the rule that decides on another document demands and the entry's own document lacks, and the reverse, of
    /// the entry's rule that comes closest.
    fn differences(&self, other: &Specimen<'a>, only_here: bool) -> Result<(Vec<SafeHtml>, Vec<SafeHtml>), Failure> {
        let theirs = other.rule.map(|(_, when)| conjuncts(when)).unwrap_or_default();
        let lacking = |part: &&Predicate| self.own.is_none_or(|own| !own.satisfies(part));
        let there: Vec<&Predicate> = theirs.into_iter().filter(lacking).filter(|_| !only_here).collect();
        let open =
            |when: &'a Predicate| conjuncts(when).into_iter().filter(|part| !other.satisfies(part)).collect::<Vec<_>>();
        // Its own rule comes first; another one only when less is missing.
        let own = self.own.and_then(|own| own.rule).map(|(_, when)| when);
        let rules = own.into_iter().chain(self.identify.rules.iter().map(|rule| &rule.when));
        let here = rules.map(open).min_by_key(Vec::len).unwrap_or_default();
        Ok((say(self.site, self.root, &there)?, say(self.site, self.root, &here)?))
    }
}

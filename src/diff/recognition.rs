//! How types are recognised: the rules by what they say, the order in which they are tried, and what says nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{
    PLACEHOLDER_ADDED, PLACEHOLDER_REMOVED, RULE_ADDED, RULE_CHANGED, RULE_ORDER_CHANGED, RULE_REMOVED, SUBTYPE_ADDED,
    SUBTYPE_CHANGED, SUBTYPE_REMOVED,
};
use super::pairs::Pairs;
use super::{Change, Side, word};
use crate::catalog::model::Certainty;
use crate::catalog::order::implies;
use crate::catalog::predicate::Predicate;
use crate::identify::witness::witness;

/// A rule, by what it says: a facet's has no certainty.
#[derive(Clone, Copy, PartialEq)]
struct Said<'a> {
    id: &'a str,
    certainty: Option<Certainty>,
    when: &'a Predicate,
}

/// Most pairs of rules of which the order is looked at.
const MOST_PAIRS: usize = 2000;

pub(super) fn compare(old: &Side, new: &Side, pairs: &Pairs<'_>, changes: &mut Vec<Change>) {
    let (before, after) = (by_type(old), by_type(new));
    let none = Vec::new();
    for (was, is) in pairs.both.iter().filter(|(_, is)| pairs.shown(old, new, &is.id)) {
        let had = before.get(was.id.as_str()).unwrap_or(&none);
        let has = after.get(is.id.as_str()).unwrap_or(&none);
        rules(&is.id, &was.id, had, has, changes);
        subtypes(old, new, &was.id, &is.id, changes);
    }
    order(old, new, pairs, changes);
    placeholders(old, new, changes);
}

/// The media types that say nothing, which are those of no type.
fn placeholders(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let of = |side: &'_ Side| -> BTreeSet<String> { side.mapping.placeholders.iter().cloned().collect() };
    let (had, has) = (of(old), of(new));
    changes.extend(has.difference(&had).map(|value| Change::of_all(&PLACEHOLDER_ADDED).part(value.as_str())));
    changes.extend(had.difference(&has).map(|value| Change::of_all(&PLACEHOLDER_REMOVED).part(value.as_str())));
}

/// The rules of each type and facet.
fn by_type(side: &Side) -> BTreeMap<&str, Vec<Said<'_>>> {
    let mut map: BTreeMap<&str, Vec<Said<'_>>> = BTreeMap::new();
    for rule in &side.mapping.rules {
        let said = Said { id: &rule.id, certainty: Some(rule.certainty), when: &rule.when };
        map.entry(&rule.type_id).or_default().push(said);
    }
    for rule in &side.mapping.facets {
        map.entry(&rule.facet).or_default().push(Said { id: &rule.id, certainty: None, when: &rule.when });
    }
    map
}

fn rules(id: &str, former: &str, had: &[Said<'_>], has: &[Said<'_>], changes: &mut Vec<Change>) {
    let same = |a: &Said<'_>, b: &Said<'_>| a.certainty == b.certainty && a.when == b.when;
    let gone: Vec<&Said<'_>> = had.iter().filter(|rule| !has.iter().any(|other| same(rule, other))).collect();
    let mut fresh: Vec<&Said<'_>> = has.iter().filter(|rule| !had.iter().any(|other| same(rule, other))).collect();
    let mut left = Vec::new();
    // What says nearly the same is the same rule; what is left is paired in order.
    for rule in gone {
        let akin = |other: &&Said<'_>| implies(rule.when, other.when) || implies(other.when, rule.when);
        match fresh.iter().position(akin) {
            Some(at) => changes.push(changed(id, former, rule, fresh.remove(at))),
            None => left.push(rule),
        }
    }
    let mut fresh = fresh.into_iter();
    for rule in left {
        changes.push(match fresh.next() {
            Some(other) => changed(id, former, rule, other),
            None => Change::new(&RULE_REMOVED, id).former(former).part(rule.id).before(word(rule.when)),
        });
    }
    changes.extend(fresh.map(|rule| Change::new(&RULE_ADDED, id).former(former).part(rule.id).after(word(rule.when))));
}

fn changed(id: &str, former: &str, was: &Said<'_>, is: &Said<'_>) -> Change {
    let change = Change::new(&RULE_CHANGED, id).former(former).part(is.id);
    if was.when == is.when {
        let name = |rule: &Said<'_>| rule.certainty.as_ref().map(word);
        return change.before(name(was)).after(name(is)).note("its certainty is another one");
    }
    let change = change.before(word(was.when)).after(word(is.when));
    match (implies(was.when, is.when), implies(is.when, was.when)) {
        (true, true) => change.note("it is written differently, and holds of the same documents"),
        (true, false) => change.note("it holds of every document of before, and of more"),
        (false, true) => change.note("it holds of fewer documents than before"),
        (false, false) => change,
    }
}

fn subtypes(old: &Side, new: &Side, former: &str, id: &str, changes: &mut Vec<Change>) {
    let of = |side: &'_ Side, id: &str| -> BTreeMap<String, Predicate> {
        let rules = side.mapping.subtypes.iter().filter(|rule| rule.type_id == id);
        rules.map(|rule| (rule.subtype.clone(), rule.when.clone())).collect()
    };
    let (had, has) = (of(old, former), of(new, id));
    let change = |kind, part: &str| Change::new(kind, id).former(former).part(part);
    for (name, was) in &had {
        match has.get(name) {
            None => changes.push(change(&SUBTYPE_REMOVED, name).before(word(was))),
            Some(is) if is != was => changes.push(change(&SUBTYPE_CHANGED, name).before(word(was)).after(word(is))),
            Some(_) => {}
        }
    }
    for (name, is) in has.iter().filter(|(name, _)| !had.contains_key(*name)) {
        changes.push(change(&SUBTYPE_ADDED, name).after(word(is)));
    }
}

/// Rules of both sides that are tried the other way round now, where a document can satisfy both.
fn order(old: &Side, new: &Side, pairs: &Pairs<'_>, changes: &mut Vec<Change>) {
    let key = |type_id: &str, certainty: Certainty, when: &Predicate| (type_id.to_owned(), word(&(certainty, when)));
    let rules = new.mapping.rules.iter().enumerate();
    let positions: BTreeMap<(String, String), usize> =
        rules.map(|(at, rule)| (key(&rule.type_id, rule.certainty, &rule.when), at)).collect();
    let common: Vec<usize> = old
        .mapping
        .rules
        .iter()
        .filter_map(|rule| positions.get(&key(pairs.id(&rule.type_id), rule.certainty, &rule.when)).copied())
        .collect();
    if common.is_sorted() {
        return;
    }
    let mut looked_at = 0;
    let mut told = BTreeSet::new();
    for (at, first) in common.iter().enumerate() {
        for later in common[at + 1..].iter().filter(|later| *later < first) {
            let (lost, won) = (&new.mapping.rules[*first], &new.mapping.rules[*later]);
            if lost.type_id == won.type_id || !new.has(&lost.type_id) && !new.has(&won.type_id) {
                continue;
            }
            looked_at += 1;
            if looked_at > MOST_PAIRS {
                return;
            }
            if told.insert((&lost.id, &won.id)) && witness(&[&lost.when, &won.when]).is_some() {
                changes.push(
                    Change::new(&RULE_ORDER_CHANGED, &won.type_id)
                        .part(won.id.clone())
                        .before(format!("after {}", lost.id))
                        .after(format!("before {}", lost.id)),
                );
            }
        }
    }
}

//! The order in which rules are tried: computed from what the rules say, never from where they stand.
//!
//! 1. By the strongest evidence that a rule demands ([`Class`]).
//! 2. Within a class, a rule that implies another one comes before it.
//! 3. What is left is ordered by rule id, so that the same catalog always gives the same order. Two rules that
//!    rest on the same evidence and can both match are a finding, not a matter of this step.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};

use super::model::{ArtifactType, Certainty, Kind};
use super::predicate::{Condition, Each, Field, List, Need, Predicate, Quantifier, Scalar, Test};
use crate::oci::well_known::is_generic;

/// Strength of the evidence that a rule demands, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A value of `artifactType`.
    ArtifactType,
    /// A media type of the config that is the type's own.
    Config,
    /// A telling layer, blob or child.
    Layers,
    /// An annotation of the manifest or index.
    Annotations,
    /// What many types share: shapes, image configs, image layers, platforms.
    Base,
    /// A placeholder that says nothing.
    Placeholder,
}

/// A rule in evaluation order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderedRule {
    /// `<type id>/<n>`, n from 1 in the order of the entry.
    pub id: String,
    /// The type that it shows.
    #[serde(rename = "type")]
    pub type_id: String,
    /// What a match proves.
    pub certainty: Certainty,
    /// The predicate.
    pub when: Predicate,
    /// What the caller must have for the rule to match; empty when the document is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// The base types whose refinement the rule shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refines: Vec<String>,
    /// Strength of the evidence that it demands.
    pub class: Class,
}

/// A facet: it applies besides the type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FacetRule {
    /// `<facet id>/<n>`.
    pub id: String,
    /// Id of the facet's entry.
    pub facet: String,
    /// The predicate.
    pub when: Predicate,
}

/// A sub-type of a type: one instance may show several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubtypeRule {
    /// The type that has it.
    #[serde(rename = "type")]
    pub type_id: String,
    /// Its name within the type.
    pub subtype: String,
    /// The predicate.
    pub when: Predicate,
}

/// Everything by which a document is identified.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleSet {
    /// Rules of types in evaluation order: the first that matches decides.
    pub rules: Vec<OrderedRule>,
    /// Rules of facets, ordered by id: every one that matches applies.
    pub facets: Vec<FacetRule>,
    /// Sub-types, ordered by type and name: every one of the answer's type that matches applies.
    pub subtypes: Vec<SubtypeRule>,
    /// The members of each family: types whose `isA` it is.
    pub families: BTreeMap<String, Vec<String>>,
}

impl RuleSet {
    /// The rules of all entries in evaluation order. The order of the entries does not matter.
    #[must_use]
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a ArtifactType>) -> Self {
        let mut set = Self::default();
        for entry in entries {
            if let Some(parent) = &entry.is_a {
                set.families.entry(parent.clone()).or_default().push(entry.id.clone());
            }
            let Some(identify) = &entry.identify else { continue };
            for (index, rule) in identify.rules.iter().enumerate() {
                let id = format!("{}/{}", entry.id, index + 1);
                match entry.kind {
                    Kind::Facet => set.facets.push(FacetRule { id, facet: entry.id.clone(), when: rule.when.clone() }),
                    Kind::Type => set.rules.push(OrderedRule {
                        id,
                        type_id: entry.id.clone(),
                        certainty: rule.certainty,
                        needs: rule.when.needs(),
                        refines: identify.refines.clone(),
                        class: class(&rule.when),
                        when: rule.when.clone(),
                    }),
                }
            }
            set.subtypes.extend(identify.subtypes.iter().map(|subtype| SubtypeRule {
                type_id: entry.id.clone(),
                subtype: subtype.id.clone(),
                when: subtype.when.clone(),
            }));
        }
        set.families.values_mut().for_each(|members| members.sort_unstable());
        set.facets.sort_by(|a, b| rule_key(&a.id).cmp(&rule_key(&b.id)));
        set.subtypes.sort_by(|a, b| (&a.type_id, &a.subtype).cmp(&(&b.type_id, &b.subtype)));
        set.rules = ordered(set.rules);
        set
    }
}

/// Sorts rule ids by type, then by number, so that `x/10` follows `x/9`.
fn rule_key(id: &str) -> (&str, u32) {
    id.rsplit_once('/').map_or((id, 0), |(type_id, n)| (type_id, n.parse().unwrap_or(0)))
}

fn ordered(mut rules: Vec<OrderedRule>) -> Vec<OrderedRule> {
    rules.sort_by(|a, b| a.class.cmp(&b.class).then_with(|| rule_key(&a.id).cmp(&rule_key(&b.id))));
    // `after[i]` are the rules that rule i must precede; `before[i]` counts those that precede it.
    let mut after = vec![Vec::new(); rules.len()];
    let mut before = vec![0_usize; rules.len()];
    for (a, b) in comparable_pairs(&rules) {
        let (forth, back) = (implies(&rules[a].when, &rules[b].when), implies(&rules[b].when, &rules[a].when));
        if forth && !back {
            after[a].push(b);
            before[b] += 1;
        } else if back && !forth {
            after[b].push(a);
            before[a] += 1;
        }
    }
    // Positions are sorted by class and id already, so the smallest free one is the next.
    let mut free: BinaryHeap<Reverse<usize>> = (0..rules.len()).filter(|i| before[*i] == 0).map(Reverse).collect();
    let mut sequence = Vec::with_capacity(rules.len());
    while let Some(Reverse(next)) = free.pop() {
        sequence.push(next);
        for later in &after[next] {
            before[*later] -= 1;
            if before[*later] == 0 {
                free.push(Reverse(*later));
            }
        }
    }
    sequence.sort_by_key(|i| rules[*i].class);
    let mut slots: Vec<Option<OrderedRule>> = rules.into_iter().map(Some).collect();
    sequence.into_iter().filter_map(|i| slots[i].take()).collect()
}

/// Pairs of rules of one class that rest on the same evidence, each pair once, the first index smaller.
///
/// Only such pairs can imply or contradict each other in a way that matters for their order.
#[must_use]
pub fn comparable_pairs(rules: &[OrderedRule]) -> Vec<(usize, usize)> {
    let mut buckets: BTreeMap<(Class, Anchor<'_>), Vec<usize>> = BTreeMap::new();
    let mut wild: BTreeMap<Class, Vec<usize>> = BTreeMap::new();
    let mut members: BTreeMap<Class, Vec<usize>> = BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        members.entry(rule.class).or_default().push(index);
        match anchors(&rule.when, rule.class) {
            Some(anchors) => {
                for anchor in anchors {
                    buckets.entry((rule.class, anchor)).or_default().push(index);
                }
            }
            None => wild.entry(rule.class).or_default().push(index),
        }
    }
    let mut pairs = Vec::new();
    for bucket in buckets.values() {
        for (at, a) in bucket.iter().enumerate() {
            pairs.extend(bucket[at + 1..].iter().filter(|b| *b != a).map(|b| (*a.min(b), *a.max(b))));
        }
    }
    for (class, wild) in &wild {
        for a in wild {
            pairs.extend(members[class].iter().filter(|b| *b != a).map(|b| (*a.min(b), *a.max(b))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// A piece of telling evidence: the list it stands in, the field, the key of an annotation, the value.
pub type Anchor<'a> = (Option<List>, Field, &'a str, &'a str);

/// The telling evidence of a rule's class, of which each alternative demands one piece;
/// `None` when some alternative demands none that can be named.
#[must_use]
pub fn anchors(predicate: &Predicate, class: Class) -> Option<Vec<Anchor<'_>>> {
    if class >= Class::Base {
        None
    } else {
        collect(predicate, None, &|test, in_list| test_class(test, in_list) <= class)
    }
}

/// Values of which a document must have one to satisfy the predicate, whatever their strength;
/// `None` when some alternative demands none that [`is_enumerable`].
#[must_use]
pub fn index_anchors(predicate: &Predicate) -> Option<Vec<Anchor<'_>>> {
    collect(predicate, None, &|test, in_list| is_enumerable(test.field, in_list))
}

/// Whether a document can list its values of a field, so that rules can be looked up by them.
#[must_use]
pub const fn is_enumerable(field: Field, in_list: bool) -> bool {
    match field {
        Field::MediaType => in_list,
        Field::ArtifactType | Field::Annotations => true,
        Field::Shape | Field::ConfigMediaType | Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType => {
            !in_list
        }
        _ => false,
    }
}

fn collect<'a>(
    predicate: &'a Predicate,
    list: Option<List>,
    counts: &dyn Fn(&Test, bool) -> bool,
) -> Option<Vec<Anchor<'a>>> {
    match predicate {
        // One part with a named value is enough; the strongest is the most selective.
        Predicate::All(parts) => parts
            .iter()
            .filter_map(|part| Some((class_in(part, list.is_some()), collect(part, list, counts)?)))
            .min_by_key(|(class, _)| *class)
            .map(|(_, anchors)| anchors),
        Predicate::Any(parts) => {
            let all: Option<Vec<_>> = parts.iter().map(|part| collect(part, list, counts)).collect();
            all.map(|parts| parts.into_iter().flatten().collect())
        }
        Predicate::Not(_) | Predicate::Each(Each { list: List::Children, .. }) => None,
        Predicate::Each(each) => collect(&each.predicate, Some(each.list), counts),
        Predicate::Test(test) => {
            if !counts(test, list.is_some()) || matches!(test.condition, Condition::Present(false)) {
                return None;
            }
            let key = test.key.as_deref().unwrap_or_default();
            let anchor = |value: &'a Scalar| match value {
                Scalar::Text(value) => Some((list, test.field, key, value.as_str())),
                Scalar::Number(_) => None,
            };
            match &test.condition {
                // A key of an annotation is evidence whatever its value.
                _ if test.field.takes_key() => Some(vec![(list, test.field, key, "")]),
                Condition::Equals(value) => anchor(value).map(|anchor| vec![anchor]),
                Condition::OneOf(values) => values.iter().map(anchor).collect(),
                _ => None,
            }
        }
    }
}

/// The strongest evidence that a predicate demands in every way of being true.
#[must_use]
pub fn class(predicate: &Predicate) -> Class {
    match class_in(predicate, false) {
        // Without a placeholder's value a rule of nothing but negations is a base rule.
        Class::Placeholder if !tests_placeholder(predicate) => Class::Base,
        class => class,
    }
}

fn class_in(predicate: &Predicate, in_list: bool) -> Class {
    match predicate {
        Predicate::All(parts) => parts.iter().map(|part| class_in(part, in_list)).min().unwrap_or(Class::Base),
        Predicate::Any(parts) => parts.iter().map(|part| class_in(part, in_list)).max().unwrap_or(Class::Base),
        // What must not be there, and what only the context has, does not make a rule stronger.
        Predicate::Not(_) => Class::Placeholder,
        Predicate::Each(Each { list: List::Children, .. }) => Class::Base,
        Predicate::Each(each) => class_in(&each.predicate, true),
        Predicate::Test(test) => test_class(test, in_list),
    }
}

fn tests_placeholder(predicate: &Predicate) -> bool {
    let mut found = false;
    predicate.walk(&mut |part| {
        if let Predicate::Test(test) = part {
            found |= matches!(test.field, Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType);
        }
    });
    found
}

fn test_class(test: &Test, in_list: bool) -> Class {
    let valued = !matches!(test.condition, Condition::Present(_));
    let named = matches!(test.condition, Condition::Present(true)) && test.field == Field::Annotations || valued;
    let telling = |value: &Scalar| matches!(value, Scalar::Text(text) if !is_generic(text));
    let own = match &test.condition {
        Condition::Equals(value) => telling(value),
        Condition::OneOf(values) => values.iter().all(telling),
        Condition::Prefix(_) => true,
        Condition::Present(_) => false,
    };
    match test.field {
        Field::ArtifactType | Field::MediaType | Field::PlatformOsFeatures if in_list && own => Class::Layers,
        Field::Annotations if in_list && named => Class::Layers,
        Field::ArtifactType if own => Class::ArtifactType,
        Field::ConfigMediaType if own => Class::Config,
        Field::Annotations | Field::ConfigAnnotations if named => Class::Annotations,
        Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType => Class::Placeholder,
        _ => Class::Base,
    }
}

/// Whether every document that satisfies `a` satisfies `b`, as far as their form shows it.
///
/// `true` is certain; `false` may also mean that the form does not show it.
#[must_use]
pub fn implies(a: &Predicate, b: &Predicate) -> bool {
    if a == b {
        return true;
    }
    // not not p
    if let Predicate::Not(inner) = b
        && let Predicate::Not(double) = &**inner
        && implies(a, double)
    {
        return true;
    }
    match (a, b) {
        (_, Predicate::All(parts)) => parts.iter().all(|part| implies(a, part)),
        (Predicate::Any(parts), _) => parts.iter().all(|part| implies(part, b)),
        (_, Predicate::Any(parts)) if parts.iter().any(|part| implies(a, part)) => true,
        (Predicate::All(parts), _) if parts.iter().any(|part| implies(part, b)) => true,
        (Predicate::Not(a), Predicate::Not(b)) => implies(b, a),
        (Predicate::All(_), _) => false,
        (Predicate::Test(a), Predicate::Test(b)) => {
            a.field == b.field && a.key == b.key && narrower(&a.condition, &b.condition)
        }
        (Predicate::Test(a), Predicate::Not(b)) => matches!(&**b, Predicate::Test(b) if excludes(a, b)),
        (Predicate::Not(a), Predicate::Test(b)) => {
            // not present = absent, and the reverse.
            matches!(&**a, Predicate::Test(a) if a.field == b.field && a.key == b.key
                && matches!((&a.condition, &b.condition), (Condition::Present(x), Condition::Present(y)) if x != y))
        }
        (Predicate::Each(a), Predicate::Each(b)) => {
            let quantifier = a.quantifier == b.quantifier
                || b.quantifier == Quantifier::Any
                || (a.quantifier, b.quantifier) == (Quantifier::All, Quantifier::First);
            a.list == b.list && quantifier && implies(&a.predicate, &b.predicate)
        }
        // Every member does: so none does not.
        (Predicate::Each(a), Predicate::Not(b)) => match &**b {
            Predicate::Each(b) => {
                a.list == b.list
                    && a.quantifier == Quantifier::All
                    && implies(&a.predicate, &Predicate::Not(b.predicate.clone()))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether every value that satisfies `a` satisfies `b`.
fn narrower(a: &Condition, b: &Condition) -> bool {
    let text = |value: &Scalar| match value {
        Scalar::Text(text) => Some(text.clone()),
        Scalar::Number(_) => None,
    };
    match (a, b) {
        (Condition::Present(x), Condition::Present(y)) => x == y,
        (_, Condition::Present(true)) => true,
        (Condition::Present(_), _) | (_, Condition::Present(false)) => false,
        (Condition::Equals(x), Condition::Equals(y)) => x == y,
        (Condition::Equals(x), Condition::OneOf(ys)) => ys.contains(x),
        (Condition::OneOf(xs), Condition::Equals(y)) => xs.iter().all(|x| x == y),
        (Condition::OneOf(xs), Condition::OneOf(ys)) => xs.iter().all(|x| ys.contains(x)),
        (Condition::Equals(x), Condition::Prefix(p)) => text(x).is_some_and(|x| x.starts_with(p.as_str())),
        (Condition::OneOf(xs), Condition::Prefix(p)) => {
            xs.iter().all(|x| text(x).is_some_and(|x| x.starts_with(p.as_str())))
        }
        (Condition::Prefix(p), Condition::Prefix(q)) => p.starts_with(q.as_str()),
        (Condition::Prefix(_), _) => false,
    }
}

/// Whether no value satisfies both tests.
fn excludes(a: &Test, b: &Test) -> bool {
    // A list of features may satisfy several tests at once.
    if a.field != b.field || a.key != b.key || a.field == Field::PlatformOsFeatures {
        return false;
    }
    let values = |condition: &Condition| match condition {
        Condition::Equals(value) => Some(vec![value.clone()]),
        Condition::OneOf(values) => Some(values.clone()),
        _ => None,
    };
    match (&a.condition, &b.condition) {
        (Condition::Present(x), Condition::Present(y)) => x != y,
        (Condition::Present(false), _) | (_, Condition::Present(false)) => true,
        (Condition::Prefix(p), Condition::Prefix(q)) => !p.starts_with(q.as_str()) && !q.starts_with(p.as_str()),
        (Condition::Prefix(p), other) | (other, Condition::Prefix(p)) => values(other).is_some_and(|values| {
            values.iter().all(|value| matches!(value, Scalar::Text(text) if !text.starts_with(p.as_str())))
        }),
        (x, y) => match (values(x), values(y)) {
            (Some(xs), Some(ys)) => xs.iter().all(|x| !ys.contains(x)),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicate(json: &str) -> Predicate {
        serde_json::from_str(json).unwrap()
    }

    const IMAGE: &str = r#"{"all":[{"field":"config.mediaType","equals":"application/vnd.oci.image.config.v1+json"},{"field":"artifactType","present":false}]}"#;

    #[test]
    fn classes_follow_the_strongest_required_evidence() {
        assert_eq!(class(&predicate(IMAGE)), Class::Base);
        assert_eq!(class(&predicate(r#"{"field":"artifactType","equals":"application/vnd.a"}"#)), Class::ArtifactType);
        assert_eq!(
            class(&predicate(
                r#"{"any":[{"field":"artifactType","equals":"a/b"},{"field":"config.mediaType","equals":"a/b"}]}"#
            )),
            Class::Config
        );
        assert_eq!(
            class(&predicate(r#"{"layers":"any","match":{"field":"annotations","key":"k","present":true}}"#)),
            Class::Layers
        );
        assert_eq!(class(&predicate(r#"{"field":"annotations","key":"k","present":true}"#)), Class::Annotations);
        assert_eq!(
            class(&predicate(
                r#"{"field":"placeholder.config.mediaType","equals":"application/vnd.unknown.config.v1+json"}"#
            )),
            Class::Placeholder
        );
        assert_eq!(
            class(&predicate(
                r#"{"all":[{"field":"placeholder.artifactType","present":true},{"layers":"any","match":{"field":"mediaType","equals":"a/b"}}]}"#
            )),
            Class::Layers
        );
        assert_eq!(class(&predicate(r#"{"not":{"field":"subject","present":true}}"#)), Class::Base);
    }

    #[test]
    fn implication_sees_narrowing() {
        let image = predicate(IMAGE);
        let label = predicate(&format!(
            r#"{{"all":[{},{}]}}"#,
            &IMAGE, r#"{"field":"context.config","key":"/config/Labels/x","present":true}"#
        ));
        assert!(implies(&label, &image) && !implies(&image, &label));
        let any = |p: &str| predicate(&format!(r#"{{"layers":"any","match":{p}}}"#));
        let all = |p: &str| predicate(&format!(r#"{{"layers":"all","match":{p}}}"#));
        let (x, xy) = (r#"{"field":"mediaType","equals":"a/x"}"#, r#"{"field":"mediaType","oneOf":["a/x","a/y"]}"#);
        assert!(implies(&any(x), &any(xy)) && !implies(&any(xy), &any(x)));
        assert!(implies(&all(x), &any(x)) && !implies(&any(x), &all(x)));
        let none_but = predicate(&format!(r#"{{"not":{{"layers":"any","match":{{"not":{xy}}}}}}}"#));
        assert!(implies(&all(x), &none_but));
        assert!(implies(
            &predicate(r#"{"field":"artifactType","present":false}"#),
            &predicate(r#"{"not":{"field":"artifactType","equals":"a/b"}}"#)
        ));
    }
}

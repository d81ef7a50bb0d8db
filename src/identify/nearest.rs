//! What an unknown document resembles: types that name the same media type in another place, or a similar one.

use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::facts::Facts;
use crate::catalog::order::RuleSet;
use crate::catalog::predicate::{Condition, Each, Field, List, Predicate, Scalar};
use crate::oci::well_known::{is_generic, says_nothing};

/// A known type that an unidentified document is close to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest<'a> {
    /// Its id.
    pub type_id: &'a str,
    /// What the document would need: a media type, and where.
    pub missing: String,
}

/// The media types that tell types, and what was found for documents with the same media types before.
#[derive(Debug)]
pub(super) struct Known {
    telling: Vec<Telling>,
    found: Mutex<FxHashMap<String, Vec<(f64, usize)>>>,
}

/// Most answers that are kept.
const KEPT: usize = 4096;

/// A media type that tells a type.
#[derive(Debug)]
struct Telling {
    media_type: String,
    place: &'static str,
    type_id: String,
    /// Length of its own part.
    own: usize,
    letters: Letters,
}

/// How often each letter stands in a media type: two that differ in too many letters are not similar.
type Letters = [u8; 32];

/// Most types named for one document.
const LIMIT: usize = 3;
/// Least similarity, from 0 to 1, of media types that are not equal; [`too_far`] says the same.
const SIMILAR: f64 = 0.8;

pub(super) fn known(set: &RuleSet) -> Known {
    let mut telling = Vec::new();
    for rule in &set.rules {
        collect(&rule.when, None, &mut |place, media_type| {
            telling.push(Telling {
                media_type: media_type.to_owned(),
                place,
                type_id: rule.type_id.clone(),
                own: own_part(media_type).len(),
                letters: letters(own_part(media_type)),
            });
        });
    }
    Known { telling, found: Mutex::new(FxHashMap::default()) }
}

fn collect(predicate: &Predicate, list: Option<List>, found: &mut impl FnMut(&'static str, &str)) {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| collect(part, list, found)),
        Predicate::Not(_) | Predicate::Each(Each { list: List::Children, .. }) => {}
        Predicate::Each(each) => collect(&each.predicate, Some(each.list), found),
        Predicate::Test(test) => {
            let place = match (list, test.field) {
                (None, Field::ArtifactType) => "artifactType",
                (None, Field::ConfigMediaType) => "config.mediaType",
                (Some(List::Layers), Field::MediaType) => "a layer's mediaType",
                (Some(_), Field::MediaType) => "a child's mediaType",
                (Some(_), Field::ArtifactType) => "a child's artifactType",
                _ => return,
            };
            let values = match &test.condition {
                Condition::Equals(value) => std::slice::from_ref(value),
                Condition::OneOf(values) => values,
                _ => return,
            };
            for value in values {
                if let Scalar::Text(text) = value
                    && !is_generic(text)
                {
                    found(place, text);
                }
            }
        }
    }
}

pub(super) fn nearest<'a>(known: &'a Known, facts: &Facts<'_>) -> Vec<Nearest<'a>> {
    let mut marks: Vec<&str> = Vec::new();
    marks.extend(facts.artifact_type.as_deref());
    marks.extend(facts.config.as_ref().and_then(|config| config.media_type.as_deref()));
    for member in facts.layers.iter().chain(&facts.manifests).take(64) {
        marks.extend(member.media_type.as_deref());
        marks.extend(member.artifact_type.as_deref());
    }
    // Runs of equal media types are the rule.
    marks.dedup();
    marks.retain(|value| !is_generic(value) && !says_nothing(value));
    marks.sort_unstable();
    marks.dedup();
    marks.truncate(32);
    if marks.is_empty() {
        return Vec::new();
    }
    let mut best: Vec<(f64, usize)> = Vec::new();
    let mut take = |(score, position): (f64, usize)| {
        let type_id = &known.telling[position].type_id;
        match best.iter_mut().find(|(_, other)| known.telling[*other].type_id == *type_id) {
            Some(entry) if entry.0 >= score => {}
            Some(entry) => *entry = (score, position),
            None => best.push((score, position)),
        }
    };
    for mark in marks {
        // Streams repeat themselves, so the answer is kept.
        if let Ok(found) = known.found.lock()
            && let Some(kept) = found.get(mark)
        {
            kept.iter().copied().for_each(&mut take);
            continue;
        }
        let similar = similar(known, mark);
        similar.iter().copied().for_each(&mut take);
        if let Ok(mut found) = known.found.lock()
            && found.len() < KEPT
        {
            found.insert(mark.to_owned(), similar);
        }
    }
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| known.telling[a.1].type_id.cmp(&known.telling[b.1].type_id)));
    best.truncate(LIMIT);
    best.into_iter()
        .map(|(_, position)| {
            let telling = &known.telling[position];
            Nearest { type_id: &telling.type_id, missing: format!("`{}` as {}", telling.media_type, telling.place) }
        })
        .collect()
}

/// The known media types that are similar to one, with their similarity.
fn similar(known: &Known, mark: &str) -> Vec<(f64, usize)> {
    let own = own_part(mark);
    let letters = letters(own);
    let mut similar = Vec::new();
    for (position, telling) in known.telling.iter().enumerate() {
        // An edit changes the length by one at most, and two counts of letters.
        let longest = own.len().max(telling.own);
        if too_far(own.len().abs_diff(telling.own) * 2, longest) {
            continue;
        }
        let differing = letters.iter().zip(&telling.letters).map(|(a, b)| usize::from(a.abs_diff(*b))).sum();
        if too_far(differing, longest) {
            continue;
        }
        let other = own_part(&telling.media_type);
        let score = similarity(own, other);
        if score >= SIMILAR {
            similar.push((score, position));
        }
    }
    similar
}

fn letters(text: &str) -> Letters {
    let mut letters = [0_u8; 32];
    for byte in text.bytes() {
        let count = &mut letters[usize::from(byte & 31)];
        *count = count.saturating_add(1);
    }
    letters
}

/// Whether half as many edits leave less than [`SIMILAR`] of a text in place.
const fn too_far(twice_edits: usize, longest: usize) -> bool {
    twice_edits * 5 > longest * 2
}

/// A media type without what all vendor types share, which must not make them similar.
fn own_part(media_type: &str) -> &str {
    media_type.strip_prefix("application/vnd.").unwrap_or(media_type)
}

/// From 0 to 1; what differs much in length, or is longer than any media type, is not compared letter by letter.
fn similarity(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    if a.len() > 255 || a.len() * 2 < b.len() || b.len() * 2 < a.len() {
        return 0.0;
    }
    strsim::normalized_levenshtein(a, b)
}

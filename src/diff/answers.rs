//! What the examples of both sides are, by the rules of each side.

use std::collections::BTreeMap;

use serde_json::Value;

use super::kinds::{ANSWER_CHANGED, ANSWER_GAINED, ANSWER_REFINED, Kind};
use super::pairs::Pairs;
use super::{Change, Side};
use crate::catalog::order::Class;
use crate::conformance::{Vector, vectors};
use crate::identify::{Context, Descriptor, Facts, Identifier};

/// What a document is; unknown sorts first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Unknown,
    Known {
        id: String,
        certainty: &'static str,
        /// Strength of the evidence.
        class: Class,
    },
}

pub(super) fn compare(old: &Side, new: &Side, pairs: &Pairs<'_>, changes: &mut Vec<Change>) {
    let mut examples: BTreeMap<(String, String), (Vector, bool)> = BTreeMap::new();
    let of = |side: &Side, known: bool| vectors(&side.catalog).into_iter().map(move |vector| (vector, known));
    for (vector, known) in of(old, true).chain(of(new, false)) {
        let text = serde_json::to_string(&(&vector.document, &vector.context)).unwrap_or_default();
        examples.entry((vector.id.clone(), text)).or_insert((vector, known));
    }
    if examples.is_empty() {
        return;
    }
    let (before, after) = (Identifier::new(old.rules().clone()), Identifier::new(new.rules().clone()));
    let mut groups: BTreeMap<(usize, Answer, Answer), (&'static Kind, Vec<String>)> = BTreeMap::new();
    for (vector, known) in examples.into_values() {
        let Some((was, is)) = answers(&vector, &before, &after) else { continue };
        if let Some(kind) = judge(&was, &is, known, new, pairs) {
            let group = groups.entry((kind.position(), was, is)).or_insert((kind, Vec::new()));
            if group.1.last() != Some(&vector.id) {
                group.1.push(vector.id);
            }
        }
    }
    for ((_, was, is), (kind, examples)) in groups {
        let selected = |side: &Side, answer: &Answer| matches!(answer, Answer::Known { id, .. } if side.has(id));
        if !selected(old, &was) && !selected(new, &is) {
            continue;
        }
        let id = match (&was, &is) {
            (_, Answer::Known { id, .. }) => id.clone(),
            (Answer::Known { id, .. }, Answer::Unknown) => pairs.id(id).to_owned(),
            (Answer::Unknown, Answer::Unknown) => continue,
        };
        let change = Change::new(kind, &id).before(shown(was)).after(shown(is));
        changes.push(Change { examples, ..change });
    }
}

/// What another answer means for an example, which the old side may know; none when the answer is the same, or when
/// something else says so already.
fn judge(was: &Answer, is: &Answer, known: bool, new: &Side, pairs: &Pairs<'_>) -> Option<&'static Kind> {
    match (was, is) {
        (Answer::Unknown, Answer::Unknown) => None,
        (Answer::Known { .. }, Answer::Unknown) => Some(&ANSWER_CHANGED),
        // That there is a type now says it.
        (Answer::Unknown, Answer::Known { id, .. }) => pairs.before(id).is_some().then_some(&ANSWER_GAINED),
        (Answer::Known { id: former, certainty: how, class, .. }, Answer::Known { id, certainty: now, .. }) => {
            let former = pairs.id(former);
            if former == id && how == now {
                return None;
            }
            let general = *class >= Class::Base || descends(new, id, former);
            let own = !known && pairs.before(id).is_none();
            Some(if own && general { &ANSWER_REFINED } else { &ANSWER_CHANGED })
        }
    }
}

/// Whether a type names another one as what is more general.
fn descends(side: &Side, id: &str, general: &str) -> bool {
    side.catalog.get(id).is_some_and(|entry| {
        entry.is_a.as_deref() == Some(general)
            || entry.identify.iter().flat_map(|identify| &identify.refines).any(|base| base == general)
    })
}

fn shown(answer: Answer) -> String {
    match answer {
        Answer::Unknown => "unknown".to_owned(),
        Answer::Known { id, certainty, .. } => format!("{id} ({certainty})"),
    }
}

/// The answers of both sides; none when the document can not be read.
fn answers(vector: &Vector, before: &Identifier, after: &Identifier) -> Option<(Answer, Answer)> {
    let text = vector.document.to_string();
    let facts = Facts::read(&text).ok()?;
    let given = vector.context.as_ref();
    let parent = given.and_then(|context| context.parent.as_ref()).map(Value::to_string);
    let parent = parent.as_deref().map(Descriptor::read).transpose().ok()?;
    let children: Vec<String> = given.iter().flat_map(|context| &context.children).map(Value::to_string).collect();
    let children: Vec<Facts<'_>> = children.iter().map(|text| Facts::read(text)).collect::<Result<_, _>>().ok()?;
    let context = Context {
        tag: given.and_then(|context| context.tag.as_deref()),
        config: given.and_then(|context| context.config.as_ref()),
        parent: parent.as_ref(),
        children: &children,
        hopeful: false,
    };
    let answer = |identifier: &Identifier| match identifier.first_match(&facts, &context, &mut Vec::new()) {
        None => Answer::Unknown,
        Some(at) => {
            let rule = &identifier.rules().rules[at];
            let certainty = if rule.certainty.is_exact() { "exact" } else { "family" };
            Answer::Known { id: rule.type_id.clone(), certainty, class: rule.class }
        }
    };
    Some((answer(before), answer(after)))
}

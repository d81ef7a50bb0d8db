//! Walks the predicates of an entry: each part with its place and with what stands around it.

use crate::catalog::ArtifactType;
use crate::catalog::predicate::{List, Predicate};
use crate::source::Pointer;

/// What stands around a part of a predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scope {
    /// The list whose members the part speaks of; `None` for the document itself.
    pub(super) list: Option<List>,
    /// Whether a `not` stands somewhere above it.
    pub(super) negated: bool,
}

/// Calls `visit` for every part of every predicate of an entry, the whole before its parts.
pub(super) fn walk<'a>(entry: &'a ArtifactType, visit: &mut impl FnMut(&'a Predicate, &Pointer, Scope)) {
    let Some(identify) = &entry.identify else { return };
    let root = Pointer::root().key("identify");
    for (index, rule) in identify.rules.iter().enumerate() {
        go(&rule.when, &root.key("rules").index(index).key("when"), Scope::default(), visit);
    }
    for (index, subtype) in identify.subtypes.iter().enumerate() {
        go(&subtype.when, &root.key("subtypes").index(index).key("when"), Scope::default(), visit);
    }
}

fn go<'a>(part: &'a Predicate, at: &Pointer, scope: Scope, visit: &mut impl FnMut(&'a Predicate, &Pointer, Scope)) {
    visit(part, at, scope);
    let mut each = |parts: &'a [Predicate], key: &str| {
        for (index, part) in parts.iter().enumerate() {
            go(part, &at.key(key).index(index), scope, visit);
        }
    };
    match part {
        Predicate::All(parts) => each(parts, "all"),
        Predicate::Any(parts) => each(parts, "any"),
        Predicate::Not(inner) => go(inner, &at.key("not"), Scope { negated: true, ..scope }, visit),
        Predicate::Each(each) => go(&each.predicate, &at.key("match"), Scope { list: Some(each.list), ..scope }, visit),
        Predicate::Test(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_their_place_and_scope() {
        let identify = serde_json::json!({ "rules": [{ "when": { "all": [
            { "not": { "layers": "any", "match": { "field": "size", "equals": 2 } } },
        ] } }] });
        let entry = ArtifactType { identify: serde_json::from_value(identify).unwrap(), ..ArtifactType::default() };
        let mut seen = Vec::new();
        walk(&entry, &mut |_, at, scope| seen.push((at.as_str().to_owned(), scope)));
        let expected =
            ("/identify/rules/0/when/all/0/not/match".to_owned(), Scope { list: Some(List::Layers), negated: true });
        assert_eq!((seen.len(), seen.last()), (4, Some(&expected)));
    }
}

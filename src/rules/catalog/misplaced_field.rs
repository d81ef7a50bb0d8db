//! Tests look at values that are there, and compare them with values of their kind.

use super::{EntryView, scopes};
use crate::catalog::predicate::{Condition, Each, Field, List, Predicate, Scalar, Test};
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;

declare_rule! {
    /// A predicate looks at a value that can not be there, or compares it with one of another kind.
    ///
    /// ## Why
    /// A document has no `platform.os`, a descriptor no `config.mediaType`; sizes and counts are numbers, all else is
    /// text. Such a test never holds, and under `not` it always does. What only the context has must not stand under
    /// `not`: without the context it would count as seen and absent.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///   subtypes:
    ///     - id: small
    ///       title: Small sample
    ///       when: { field: size, equals: 2 }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///   subtypes:
    ///     - id: small
    ///       title: Small sample
    ///       when: { layers: all, match: { field: size, equals: 2 } }
    /// ```
    ///
    /// ## How to fix
    /// Put the test where its value is: the table of fields in `types/README.md` says which ones a document, a
    /// descriptor and the context have. Write numbers without quotes, and text with them where it looks like a number.
    pub static RULE = { id: "misplaced-field", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    scopes::walk(view.entry, &mut |part, at, scope| {
        let mut report = |key: &str, message: String, help: &str| {
            findings.push(view.at(&RULE, &at.key(key), Part::Value, message).help(help));
        };
        match part {
            Predicate::Test(test) => {
                if let Some((message, help)) = misplaced(test, scope) {
                    report("field", message, help);
                }
                if let Some((key, message, help)) = miscompared(test) {
                    report(key, message, help);
                }
            }
            Predicate::Each(each) => {
                if let Some((message, help)) = misnested(each, scope) {
                    report(name(each.list), message, help);
                }
            }
            Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) => {}
        }
    });
}

const fn name(list: List) -> &'static str {
    match list {
        List::Layers => "layers",
        List::Manifests => "manifests",
        List::Children => "children",
    }
}

/// Why a field is not where the test stands.
fn misplaced(test: &Test, scope: scopes::Scope) -> Option<(String, &'static str)> {
    let field = test.field.name();
    match scope.list {
        Some(List::Layers | List::Manifests) if !test.field.in_descriptor() => {
            Some((format!("`{field}` is no value of a descriptor"), "test it outside of `match`"))
        }
        Some(List::Children) if test.field.needs().is_some() => {
            Some((format!("`{field}` is no value of a child"), "test it outside of `match`"))
        }
        None | Some(List::Children) if !test.field.in_document() => {
            Some((format!("`{field}` is no value of a document"), "test it in the `match` of `layers` or `manifests`"))
        }
        None if scope.negated && test.field.needs().is_some() => Some((
            format!("`{field}` stands under `not`, which holds where the context is not known"),
            "test for what is there, or for `present: false`",
        )),
        _ => None,
    }
}

/// Why a test compares its value with something of another kind.
fn miscompared(test: &Test) -> Option<(&'static str, String, &'static str)> {
    let field = test.field.name();
    let wrong = |scalar: &Scalar| matches!(scalar, Scalar::Number(_)) != test.field.is_number();
    let kind = if test.field.is_number() { "a number" } else { "text" };
    let help = if test.field.is_number() { "write a number without quotes" } else { "put the value in double quotes" };
    match &test.condition {
        Condition::Equals(scalar) if wrong(scalar) => Some(("equals", format!("`{field}` is {kind}"), help)),
        Condition::OneOf(scalars) if scalars.iter().any(wrong) => Some(("oneOf", format!("`{field}` is {kind}"), help)),
        Condition::Prefix(_) if test.field.is_number() => {
            Some(("prefix", format!("`{field}` is a number, which has no beginning"), "use `equals` or `oneOf`"))
        }
        _ if test.field == Field::ContextConfig && test.key.as_deref().is_some_and(|key| !key.starts_with('/')) => {
            Some((
                "key",
                "the key of `context.config` is no JSON pointer".to_owned(),
                "begin it with `/`, such as `/config/Labels/name`",
            ))
        }
        _ => None,
    }
}

/// Why a list is not where it is looked for.
fn misnested(each: &Each, scope: scopes::Scope) -> Option<(String, &'static str)> {
    let list = name(each.list);
    match (scope.list, each.list) {
        (Some(List::Layers | List::Manifests), _) => {
            Some((format!("a descriptor has no `{list}`"), "look into the list outside of `match`"))
        }
        (Some(List::Children), List::Children) => {
            Some(("nobody has the children of a child".to_owned(), "look into `manifests`"))
        }
        (None, List::Children) if scope.negated => Some((
            "`children` stands under `not`, which holds where the children are not known".to_owned(),
            "say with `all` or `any` what must hold of them",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(when: &serde_json::Value) -> Vec<String> {
        let identify = serde_json::json!({ "rules": [{ "when": when }] });
        let entry =
            crate::catalog::ArtifactType { identify: serde_json::from_value(identify).unwrap(), ..Default::default() };
        let mut found = Vec::new();
        scopes::walk(&entry, &mut |part, _, scope| match part {
            Predicate::Test(test) => {
                found.extend(misplaced(test, scope).map(|(message, _)| message));
                found.extend(miscompared(test).map(|(_, message, _)| message));
            }
            Predicate::Each(each) => found.extend(misnested(each, scope).map(|(message, _)| message)),
            _ => {}
        });
        found
    }

    #[test]
    fn values_are_looked_for_where_they_are() {
        let cases = [
            (serde_json::json!({ "field": "platform.os", "equals": "linux" }), "no value of a document"),
            (
                serde_json::json!({ "layers": "any", "match": { "field": "config.size", "equals": 2 } }),
                "no value of a descriptor",
            ),
            (
                serde_json::json!({ "layers": "any", "match": { "field": "context.tag", "equals": "x" } }),
                "no value of a descriptor",
            ),
            (
                serde_json::json!({ "children": "any", "match": { "field": "context.tag", "equals": "x" } }),
                "no value of a child",
            ),
            (
                serde_json::json!({ "layers": "any", "match": { "layers": "any", "match": { "field": "size", "equals": 2 } } }),
                "has no `layers`",
            ),
            (serde_json::json!({ "not": { "field": "context.tag", "equals": "x" } }), "under `not`"),
            (
                serde_json::json!({ "not": { "children": "any", "match": { "field": "shape", "equals": "oci-index" } } }),
                "under `not`",
            ),
            (serde_json::json!({ "field": "layers.count", "equals": "2" }), "is a number"),
            (serde_json::json!({ "field": "layers.count", "prefix": "2" }), "no beginning"),
            (serde_json::json!({ "field": "artifactType", "oneOf": ["a/b", 2] }), "is text"),
            (serde_json::json!({ "field": "context.config", "key": "config", "present": true }), "JSON pointer"),
        ];
        for (when, part) in cases {
            let found = complaints(&when);
            assert!(found.len() == 1 && found[0].contains(part), "{when}: {found:?}");
        }
        for when in [
            serde_json::json!({ "children": "any", "match": { "not": { "layers": "any", "match": { "field": "size", "equals": 2 } } } }),
            serde_json::json!({ "not": { "manifests": "all", "match": { "field": "platform.os.features", "equals": "x" } } }),
        ] {
            assert!(complaints(&when).is_empty(), "{when}");
        }
    }
}

//! Identification as SQL: the ordered rules as one expression over a table of manifests, in several dialects.
//!
//! [`statement`] is what a rule demands, [`decision`] the order in which rules are tried; a [`Dialect`] says how its
//! engine reads a document and compares values. Only what the document shows counts: a rule that needs the context
//! never holds.

mod decision;
pub(super) mod duckdb;
pub(super) mod postgresql;
pub(super) mod spark;
mod statement;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::{Exported, Order};
use crate::catalog::model::{Certainty, Kind, Shape};
use crate::catalog::order::RuleSet;
use crate::catalog::predicate::{Field, List, Quantifier};
use crate::mapping;
use crate::oci::well_known::{self as known, saying_nothing};
use decision::{Rules, Step, steps};
use statement::{Check, Members, Scope, Statement, Value};

/// How an engine writes what all of them have.
trait Dialect {
    /// A text as a literal.
    fn text(&self, text: &str) -> String;

    /// The expression of a value, null when it is absent.
    fn value(&self, scope: Scope, field: Field, key: &str) -> String;

    /// Whether a text begins with another one.
    fn starts_with(&self, value: &str, prefix: &str) -> String;

    /// Whether a member of a list has one of these media types.
    fn overlaps(&self, list: List, media_types: &[&str]) -> String;

    /// Whether no member of a list has another media type than these.
    fn within(&self, list: List, media_types: &[&str]) -> String;

    /// Whether a statement holds of a member of a list, or of the first.
    fn some(&self, list: List, first: bool, each: &Statement<'_>) -> String;

    /// A list of texts.
    fn texts(&self, texts: &[String]) -> String;

    /// A statement about one value.
    fn check(&self, scope: Scope, value: &Value<'_>) -> String {
        self.compare(&self.value(scope, value.field, value.key), &value.check)
    }

    /// What must hold of an expression.
    fn compare(&self, value: &str, check: &Check<'_>) -> String {
        match check {
            Check::Present(present) => format!("{value} IS {}NULL", if *present { "NOT " } else { "" }),
            Check::Prefix(prefix) => self.starts_with(value, prefix),
            Check::Text(texts) => among(value, texts.iter().map(|text| self.text(text))),
            Check::Number(numbers) => among(value, numbers.iter().map(u64::to_string)),
        }
    }
}

/// Whether a value is one of several.
fn among(value: &str, literals: impl Iterator<Item = String>) -> String {
    let literals: Vec<String> = literals.collect();
    match &literals[..] {
        [one] => format!("{value} = {one}"),
        _ => format!("{value} IN ({})", literals.join(", ")),
    }
}

/// Literals with commas.
fn literals(dialect: &dyn Dialect, texts: &[&str]) -> String {
    texts.iter().map(|text| dialect.text(text)).collect::<Vec<_>>().join(", ")
}

/// What the variable or column with a value of the document is called.
const fn column(field: Field) -> &'static str {
    match field {
        Field::Shape => "shape",
        Field::MediaType => "media_type",
        Field::ArtifactType => "artifact_type",
        Field::PlaceholderArtifactType => "placeholder_artifact_type",
        Field::ConfigMediaType => "config_type",
        Field::PlaceholderConfigMediaType => "placeholder_config_type",
        Field::Subject => "subject_type",
        Field::LayersCount => "layers_count",
        Field::ManifestsCount => "manifests_count",
        // Every dialect writes the rest otherwise.
        _ => "NULL",
    }
}

/// The variable or column with a list.
const fn list(list: List) -> &'static str {
    match list {
        List::Layers => "layers",
        List::Manifests | List::Children => "manifests",
    }
}

/// The variable or column with the media types of a list's members, each once; the empty text for absent ones.
const fn types_of(list: List) -> &'static str {
    match list {
        List::Layers => "layer_types",
        List::Manifests | List::Children => "manifest_types",
    }
}

/// A statement as a condition, in which null means that it does not hold.
fn condition(dialect: &dyn Dialect, scope: Scope, statement: &Statement<'_>) -> String {
    let part = |part: &Statement<'_>| {
        let text = condition(dialect, scope, part);
        if matches!(part, Statement::All(_) | Statement::Any(_)) { format!("({text})") } else { text }
    };
    match statement {
        Statement::Constant(constant) => if *constant { "TRUE" } else { "FALSE" }.to_owned(),
        Statement::All(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" AND "),
        Statement::Any(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" OR "),
        Statement::Not(inner) => format!("(({}) IS NOT TRUE)", condition(dialect, scope, inner)),
        Statement::Value(value) => dialect.check(scope, value),
        Statement::Members(members) => of_members(dialect, members),
    }
}

fn of_members(dialect: &dyn Dialect, members: &Members<'_>) -> String {
    let Members { list: of, quantifier, each } = members;
    let some = |statement: &Statement<'_>| dialect.some(*of, false, statement);
    let not_empty = format!("{}_count > 0", list(*of));
    match (quantifier, each.media_types()) {
        (Quantifier::First, _) => dialect.some(*of, true, each),
        (Quantifier::Any, Some((true, types))) => dialect.overlaps(*of, types),
        (Quantifier::Any, Some((false, types))) => format!("(NOT {})", dialect.within(*of, types)),
        (Quantifier::Any, None) => some(each),
        (Quantifier::All, Some((true, types))) => format!("({not_empty} AND {})", dialect.within(*of, types)),
        (Quantifier::All, Some((false, types))) => format!("({not_empty} AND NOT {})", dialect.overlaps(*of, types)),
        (Quantifier::All, None) => {
            let other = (**each).clone().negated();
            if other == Statement::Constant(false) {
                return not_empty;
            }
            format!("({not_empty} AND (({}) IS NOT TRUE))", some(&other))
        }
    }
}

/// The decision as an expression, the id of the rule or null; `indent` stands before each line but the first.
fn decision(dialect: &dyn Dialect, rules: Rules<'_>, indent: &str) -> String {
    let inner = format!("{indent}  ");
    let parts: Vec<String> = steps(rules).iter().map(|step| self::step(dialect, step, &inner)).collect();
    if parts.is_empty() {
        return "NULL".to_owned();
    }
    format!("COALESCE(\n{inner}{}\n{indent})", parts.join(&format!(",\n{inner}")))
}

fn step(dialect: &dyn Dialect, step: &Step<'_>, indent: &str) -> String {
    let inner = format!("{indent}  ");
    match step {
        Step::Try(rules) => cases(dialect, rules, indent),
        Step::Switch { field, cases: values } => {
            let column = column(*field);
            let mut text = format!("CASE WHEN {column} IS NOT NULL THEN CASE {column}");
            for (value, rules) in values {
                let _ = write!(text, "\n{inner}WHEN {} THEN {}", dialect.text(value), cases(dialect, rules, &inner));
            }
            text + &format!("\n{indent}END END")
        }
        Step::Layers { media_types, rules } => format!(
            "CASE WHEN {} THEN {}\n{indent}END",
            dialect.overlaps(List::Layers, media_types),
            cases(dialect, rules, &inner)
        ),
    }
}

fn cases(dialect: &dyn Dialect, rules: &Rules<'_>, indent: &str) -> String {
    if let [(id, Statement::Constant(true))] = &rules[..] {
        return dialect.text(id);
    }
    let mut text = "CASE".to_owned();
    for (id, statement) in rules {
        let condition = condition(dialect, Scope::Document, statement);
        let _ = write!(text, "\n{indent}  WHEN {condition} THEN {}", dialect.text(id));
    }
    text + &format!("\n{indent}END")
}

/// Rules that can hold without context, in evaluation order.
fn rules(set: &RuleSet) -> Rules<'_> {
    let statements = set.rules.iter().map(|rule| (rule.id.as_str(), Statement::new(&rule.when)));
    statements.filter(|(_, statement)| *statement != Statement::Constant(false)).collect()
}

/// The facets with what they demand, sorted by id.
fn facets(set: &RuleSet) -> Vec<(&str, Statement<'_>)> {
    let mut facets: BTreeMap<&str, Vec<Statement<'_>>> = BTreeMap::new();
    for rule in &set.facets {
        facets.entry(&rule.facet).or_default().push(Statement::new(&rule.when));
    }
    let facets = facets.into_iter().map(|(id, rules)| (id, Statement::any(rules)));
    facets.filter(|(_, statement)| *statement != Statement::Constant(false)).collect()
}

/// One expression for each facet: its id, or null.
fn facet_cases(dialect: &dyn Dialect, set: &RuleSet) -> Vec<String> {
    let one = |(id, statement): (&str, Statement<'_>)| {
        format!("CASE WHEN {} THEN {} END", condition(dialect, Scope::Document, &statement), dialect.text(id))
    };
    facets(set).into_iter().map(one).collect()
}

/// Fields of members that some rule looks at, besides their media type.
fn member_fields(set: &RuleSet) -> Vec<Field> {
    let mut fields = Vec::new();
    let rules = rules(set).into_iter().chain(facets(set));
    rules.for_each(|(_, statement)| statement.member_values(&mut |value| fields.push(value.field)));
    fields.retain(|field| *field != Field::MediaType);
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// The kind of document as an expression over the columns that say what it has.
fn shape(dialect: &dyn Dialect, config_type: &str, indent: &str) -> String {
    let name = |shape: Shape| dialect.text(shape.name());
    let written = |media_type: &str| format!("media_type = {}", dialect.text(media_type));
    let (list, index) = (name(Shape::DockerManifestList), name(Shape::OciIndex));
    let (docker, oci) = (name(Shape::DockerManifest), name(Shape::OciManifest));
    let lines = [
        "CASE".to_owned(),
        "  WHEN has_manifests AND (has_config OR has_layers OR has_blobs OR has_fs_layers) THEN NULL".to_owned(),
        format!("  WHEN has_manifests AND {} THEN {list}", written(known::DOCKER_MANIFEST_LIST)),
        format!("  WHEN has_manifests THEN {index}"),
        "  WHEN has_fs_layers AND (has_config OR has_layers) THEN NULL".to_owned(),
        format!("  WHEN has_fs_layers THEN {}", name(Shape::DockerSchema1)),
        format!("  WHEN (has_config OR has_layers) AND {} THEN {docker}", written(known::DOCKER_MANIFEST)),
        format!("  WHEN (has_config OR has_layers) AND {} THEN {oci}", written(known::OCI_MANIFEST)),
        format!(
            "  WHEN (has_config OR has_layers) AND {config_type} = {} THEN {docker}",
            dialect.text(known::DOCKER_IMAGE_CONFIG)
        ),
        format!("  WHEN has_config OR has_layers THEN {oci}"),
        format!("  WHEN {} THEN {}", written(known::ORAS_ARTIFACT_MANIFEST), name(Shape::OrasArtifactManifest)),
        format!("  WHEN {} THEN {}", written(known::OCI_ARTIFACT_MANIFEST), name(Shape::OciArtifactManifest)),
        "END".to_owned(),
    ];
    lines.join(&format!("\n{indent}"))
}

/// Rows of the table of types: id, label, title, roles, status, tier.
fn type_rows(dialect: &dyn Dialect, order: &Order<'_>) -> Vec<String> {
    let entries = order.chosen.entries().filter(|entry| entry.kind == Kind::Type);
    let row = |entry: &crate::catalog::ArtifactType| {
        let roles: Vec<String> = entry.roles.iter().map(|role| dialect.text(&word(role))).collect();
        let [id, label, title] = [&entry.id, &entry.label, &entry.title].map(|text| dialect.text(text));
        let [state, tier] = [word(&entry.status.state), word(&entry.tier)].map(|text| dialect.text(&text));
        format!("({id}, {label}, {title}, {}, {state}, {tier})", dialect.texts(&roles))
    };
    entries.map(row).collect()
}

/// Rows of the table of rules: id, type, certainty.
fn rule_rows(dialect: &dyn Dialect, set: &RuleSet) -> Vec<String> {
    let known: BTreeSet<&str> = rules(set).into_iter().map(|(id, _)| id).collect();
    let row = |id: &str, type_id: &str, certainty: Certainty| {
        let [id, type_id, certainty] = [id, type_id, &word(&certainty)].map(|text| dialect.text(text));
        format!("({id}, {type_id}, {certainty})")
    };
    let mut rows: Vec<String> = set
        .rules
        .iter()
        .filter(|rule| known.contains(rule.id.as_str()))
        .map(|rule| row(&rule.id, &rule.type_id, rule.certainty))
        .collect();
    rows.sort_unstable();
    rows
}

/// A word of a vocabulary, as it is written.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The head of a file.
fn head(id: &str, order: &Order<'_>, lines: &[&str]) -> String {
    let version = mapping::version(&order.chosen.catalog);
    // What stands in a comment must not end it.
    let version: String = version.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let mut head = format!("-- Made by `oat export {id}` from version {version} of the catalog. Do not edit.\n--\n");
    for line in lines.iter().chain(&COMMENTS) {
        let _ = writeln!(head, "-- {line}");
    }
    head
}

/// What every file says of itself.
const COMMENTS: [&str; 4] = [
    "Only what the document shows counts: rules that need the config blob, the tag, the parent or the children are",
    "left out, so an image may be of a more exact type than the answer, and candidates and sub-types are not given.",
    "A value of another kind than expected counts as absent; a document that nothing recognises has null as its rule.",
    "A type without label and title was left out by the selection: it is still told from the others.",
];

/// A file with the warnings that all dialects share.
fn exported(name: &str, text: String) -> Exported<'static> {
    Exported::file(name, text)
        .warning("rules that need the config blob, the tag, the parent or the children are left out")
        .warning("candidates and sub-types are not given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, embedded};
    use crate::export::Make;
    use crate::export::material::sample::whole;
    use crate::selection::{Chosen, Selection};

    /// A catalog of two types, one by its artifactType or layers, the other by its config, with a hostile name.
    pub(super) fn catalog() -> Catalog {
        let entry = |id: &str, label: &str, rules: &str| {
            let json = format!(
                r#"{{"id": "{id}", "title": "It's \\ \"{id}\"\n$oci$ ${{x}} --", "label": "{label}", "summary": "s", "description": "d",
                "status": {{"state": "active"}}, "tier": "listed", "publisher": {{"name": "p", "url": "https://p.example"}},
                "roles": ["chart", "sbom"], "links": {{}}, "identify": {{"rules": {rules}}},
                "changes": [{{"date": "2025-01-02", "change": "s"}}]}}"#
            );
            serde_json::from_str(&json).unwrap()
        };
        let one = r#"[{"when": {"field": "artifactType", "equals": "application/vnd.one"}},
            {"certainty": "family", "when": {"all": [{"field": "config.mediaType", "present": false},
            {"layers": "any", "match": {"all": [{"field": "mediaType", "equals": "application/vnd.l"},
                {"field": "annotations", "key": "a'b\"c", "equals": "it's"}]}},
            {"not": {"layers": "any", "match": {"not": {"field": "mediaType", "equals": "application/vnd.l"}}}}]}}]"#;
        let two = r#"[{"when": {"all": [{"field": "config.mediaType", "oneOf": ["application/vnd.two", "application/vnd.$oci$"]},
            {"field": "annotations", "key": "k", "prefix": "v"}]}},
            {"when": {"field": "context.tag", "equals": "two"}}]"#;
        let entries = vec![entry("one", "One", one), entry("two", "Two", two)];
        Catalog::new(entries, BTreeMap::new())
    }

    pub(super) fn made(make: Make) -> String {
        let catalog = catalog();
        let chosen = Chosen::all(&catalog);
        let made = whole(&make(&Order { chosen: &chosen, version: "" }).unwrap());
        String::from_utf8(made.files.into_values().next().unwrap()).unwrap()
    }

    #[test]
    fn rules_of_types_that_were_left_out_stay() {
        let selection: Selection =
            serde_json::from_str(r#"{"default": "include", "rules": [{"verdict": "exclude", "ids": ["one"]}]}"#)
                .unwrap();
        let chosen = Chosen::new(catalog(), &selection);
        for make in [duckdb::make, postgresql::make, spark::make] {
            let made = whole(&make(&Order { chosen: &chosen, version: "" }).unwrap());
            let text = String::from_utf8(made.files.into_values().next().unwrap()).unwrap();
            assert!(
                text.contains("('one/1', 'one', 'exact')") && text.contains("('one/2', 'one', 'family')"),
                "{text}"
            );
            assert!(!text.contains("'One'") && text.contains("'Two'"), "{text}");
            assert!(!text.contains("'two/2'"), "its rule needs the tag");
        }
    }

    #[test]
    fn a_catalog_without_rules_is_still_whole() {
        let empty = Catalog::new(Vec::new(), BTreeMap::new());
        let chosen = Chosen::all(&empty);
        for make in [duckdb::make, postgresql::make, spark::make] {
            let made = whole(&make(&Order { chosen: &chosen, version: "" }).unwrap());
            assert!(!made.files.values().next().unwrap().is_empty());
        }
    }

    #[test]
    fn every_rule_that_needs_no_context_is_there() {
        let catalog = embedded::catalog();
        let ids: Vec<&str> = rules(&catalog.rules).into_iter().map(|(id, _)| id).collect();
        for rule in &catalog.rules.rules {
            assert_eq!(ids.contains(&rule.id.as_str()), rule.needs.is_empty(), "{}", rule.id);
        }
        let chosen = Chosen::all(&catalog);
        for make in [duckdb::make, postgresql::make, spark::make] {
            let made = whole(&make(&Order { chosen: &chosen, version: "" }).unwrap());
            let text = String::from_utf8(made.files.into_values().next().unwrap()).unwrap();
            for id in &ids {
                assert!(text.contains(&format!("'{id}'")), "{id}");
            }
        }
    }
}

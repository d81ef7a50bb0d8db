//! JSON Schemas in both directions: from our types, and a document held against one.

use std::borrow::Cow;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{PatternOptions, ValidationError, Validator};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::schema_rules::{INVALID_VALUE, MISSING_KEY, PREDICATE_FORM, UNKNOWN_KEY, UNKNOWN_VALUE};
use super::{Document, Part};
use crate::finding::{Edit, Finding, Place};
use crate::source::text::{clip, visible};
use crate::source::{Node, Pointer};

/// The JSON Schema of a type, by draft 2020-12.
#[must_use]
pub fn of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value();
    strip_rust_formats(&mut schema);
    schema
}

/// Removes formats that JSON Schema does not know, such as `uint32`; the minimum beside them says the same.
fn strip_rust_formats(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint")) {
                object.remove("format");
            }
            object.values_mut().for_each(strip_rust_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_rust_formats),
        _ => {}
    }
}

/// A schema, prepared for many documents. Patterns are matched in linear time; nothing outside is fetched.
#[derive(Debug)]
pub struct Schema {
    value: Value,
    validator: Validator,
}

impl Schema {
    /// Prepares a schema.
    ///
    /// # Errors
    ///
    /// When the schema itself is wrong, with the reason.
    pub fn new(value: Value) -> Result<Self, String> {
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_pattern_options(PatternOptions::regex())
            .build(&value)
            .map_err(|error| error.to_string())?;
        Ok(Self { value, validator })
    }

    /// Whether a value satisfies it.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// All violations as findings, each at its exact place. `value` is the value of the document's tree.
    #[must_use]
    pub fn violations(&self, document: &Document, value: &Value) -> Vec<Finding> {
        if self.is_valid(value) {
            return Vec::new();
        }
        let errors = self.validator.iter_errors(value);
        let mut findings: Vec<Finding> = errors.flat_map(|error| self.violation(document, &error)).collect();
        // A property that two branches of the schema mention is one mistake.
        findings.dedup_by(|a, b| a.rule == b.rule && a.pointer == b.pointer && a.message == b.message);
        // Where a predicate's form is wrong, its keys are judged by that alone.
        let forms: Vec<Pointer> =
            findings.iter().filter(|f| f.rule.id == PREDICATE_FORM.id).filter_map(|f| f.pointer.clone()).collect();
        findings.retain(|f| {
            [PREDICATE_FORM.id, UNKNOWN_KEY.id, UNKNOWN_VALUE.id].contains(&f.rule.id)
                || !f.pointer.as_ref().is_some_and(|p| forms.contains(p))
        });
        findings
    }

    /// Keys that the schema allows beside an unexpected one, found by following the path of the violation.
    fn known_keys(&self, error: &ValidationError<'_>) -> Vec<String> {
        let path = error.schema_path().as_str();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let mut at = &self.value;
        for key in Pointer::parse(parent).keys() {
            if key == "$ref" {
                let target = at.get("$ref").and_then(Value::as_str).unwrap_or_default().trim_start_matches('#');
                at = self.value.pointer(target).unwrap_or(&self.value);
                continue;
            }
            let next = match at {
                Value::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get(index)),
                other => other.get(&key),
            };
            let Some(next) = next else { break };
            at = next;
        }
        at.get("properties").and_then(Value::as_object).map(|keys| keys.keys().cloned().collect()).unwrap_or_default()
    }

    fn violation(&self, document: &Document, error: &ValidationError<'_>) -> Vec<Finding> {
        let at = Pointer::parse(error.instance_path().as_str());
        let node = document.tree.as_ref().and_then(|tree| tree.at(&at)).map(|(node, _)| node);
        let one = |finding: Finding| vec![finding];
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.known_keys(error);
                unexpected
                    .iter()
                    .map(|key| {
                        let message = format!("unknown key `{}`", visible(&clip(key, 60)));
                        let mut finding = document.finding(&UNKNOWN_KEY, &at.key(key), Part::Key, message);
                        let taken = |word: &&str| node.is_some_and(|node| node.get(word).is_some());
                        if let Some(word) = certain_word(key, &known).filter(|word| !taken(word)) {
                            finding.fix.extend(replace(document, finding.place, key, word));
                        }
                        finding.help(suggestion(key, &known, "keys here"))
                    })
                    .collect()
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let message = match at.keys().last() {
                    None => format!("the key `{key}` is missing"),
                    Some(parent) => format!("the key `{key}` is missing in {}", name_of(&parent, &at)),
                };
                one(document.finding(&MISSING_KEY, &at.key(key), Part::Key, message).help(format!("add `{key}:` here")))
            }
            ValidationErrorKind::Enum { options } => {
                let words: Vec<String> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|word| word.as_str().map(str::to_owned))
                    .collect();
                let found = node.map_or_else(|| error.instance().to_string(), shown);
                let message = format!("{found} is not one of the words that {} may be", subject(&at));
                let near = node.and_then(Node::as_str).unwrap_or_default();
                let mut finding = document.finding(&UNKNOWN_VALUE, &at, Part::Value, message);
                if let Some(word) = certain_word(near, &words) {
                    finding.fix.extend(replace(document, finding.place, near, word));
                }
                one(finding.help(suggestion(near, &words, "one of")))
            }
            ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
                let (message, help) =
                    node.map_or_else(|| ("a predicate has the wrong form".to_owned(), String::new()), predicate_form);
                one(document.finding(&PREDICATE_FORM, &at, Part::Key, message).help(help))
            }
            kind => {
                let (message, help) = plain(kind, node, error, &at);
                one(document.finding(&INVALID_VALUE, &at, Part::Value, message).help(help))
            }
        }
    }
}

/// Message and help for the kinds of violation that concern one value.
fn plain(
    kind: &ValidationErrorKind,
    node: Option<&Node>,
    error: &ValidationError<'_>,
    at: &Pointer,
) -> (String, String) {
    let what = subject(at);
    let length = node.and_then(Node::as_str).map_or(0, |text| text.chars().count());
    let count = node.map_or(0, |node| node.elements().len());
    let found = || node.map_or_else(|| error.instance().to_string(), shown);
    match kind {
        ValidationErrorKind::Type { kind } => {
            let expected = match kind {
                TypeKind::Single(one) => one.to_string(),
                TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
            };
            let kind = node.map_or("another value", |node| node.kind());
            (
                format!("{what} is {kind}, expected {}", article(&expected)),
                match node.map(|node| &node.value) {
                    Some(crate::source::Value::Null) => "write a value, or remove the key".to_owned(),
                    Some(crate::source::Value::Number(_) | crate::source::Value::Bool(_)) if expected == "string" => {
                        "put it in double quotes".to_owned()
                    }
                    _ => format!("write {}", article(&expected)),
                },
            )
        }
        ValidationErrorKind::Pattern { pattern } => {
            let (form, example) = describe_pattern(pattern);
            (format!("{what} {} is not {form}", found()), format!("write {form}, such as {example}"))
        }
        ValidationErrorKind::MaxLength { limit } => (
            format!("{what} has {length} characters, {limit} are allowed"),
            format!("shorten it by {}", length.saturating_sub(usize::try_from(*limit).unwrap_or(0))),
        ),
        ValidationErrorKind::MinLength { .. } => {
            (format!("{what} is empty"), "write a value, or remove the key".to_owned())
        }
        ValidationErrorKind::MinItems { limit } => (
            format!("{what} has {count} elements, at least {limit} is needed"),
            "add one, or remove the key".to_owned(),
        ),
        ValidationErrorKind::MaxItems { limit } => {
            (format!("{what} has {count} elements, {limit} are allowed"), "remove some".to_owned())
        }
        ValidationErrorKind::UniqueItems => {
            (format!("{what} names an element twice"), "keep one of the two".to_owned())
        }
        ValidationErrorKind::Minimum { limit } => {
            (format!("{what} is {}, the least is {limit}", found()), format!("write {limit} or more"))
        }
        _ => (format!("{what}: {}", visible(&error.to_string())), "see the schema".to_owned()),
    }
}

/// What is wrong with the form of a predicate, and what to do.
fn predicate_form(node: &Node) -> (String, String) {
    const HEADS: [&str; 7] = ["all", "any", "not", "field", "layers", "manifests", "children"];
    const CONDITIONS: [&str; 4] = ["equals", "oneOf", "prefix", "present"];
    let present = |names: &[&'static str]| -> Vec<&'static str> {
        names.iter().copied().filter(|name| node.get(name).is_some()).collect()
    };
    let list = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let heads = present(&HEADS);
    let conditions = present(&CONDITIONS);
    match heads.as_slice() {
        [] => ("a predicate says nothing".to_owned(), format!("add one of {}", list(&HEADS))),
        ["field"] if conditions.is_empty() => {
            ("a test has no condition".to_owned(), format!("add one of {}", list(&CONDITIONS)))
        }
        ["field"] if conditions.len() > 1 => (
            format!("a test has {} conditions: {}", conditions.len(), list(&conditions)),
            "split it into two parts of `all`".to_owned(),
        ),
        ["field"] if node.get("key").is_some() => (
            "this field takes no `key`".to_owned(),
            "remove `key`, or test `annotations`, `config.annotations`, `context.config` or `context.parent.annotations`".to_owned(),
        ),
        ["field"] if node.get("match").is_some() => {
            ("a test of a field has no `match`".to_owned(), "`match` stands beside `layers`, `manifests` or `children`".to_owned())
        }
        ["field"] => ("this field needs a `key`".to_owned(), "add `key:` with the annotation's key or the pointer".to_owned()),
        [list @ ("layers" | "manifests" | "children")] if node.get("match").is_none() => {
            (format!("`{list}` has no `match`"), "add `match:` with what must hold of its members".to_owned())
        }
        [head] => (
            format!("a predicate has other keys beside `{head}`"),
            "put each part into an element of `all`".to_owned(),
        ),
        several => (
            format!("a predicate has {} heads: {}", several.len(), list(several)),
            "put each part into an element of `all`".to_owned(),
        ),
    }
}

/// Help that names the likely word, and all words when they are few.
#[must_use]
pub fn suggestion(found: &str, known: &[String], intro: &str) -> String {
    let near = nearest_word(found, known.iter().map(String::as_str));
    let listed = || known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match near {
        Some(word) if known.len() > 12 => format!("did you mean `{word}`?"),
        Some(word) => format!("did you mean `{word}`? {intro}: {}", listed()),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("{intro}: {}", listed()),
    }
}

/// The word that is meant for certain: the only one that differs in nothing but case, `-` and `_`, or by one letter.
fn certain_word<'a>(found: &str, known: &'a [String]) -> Option<&'a str> {
    let bare = |word: &str| word.to_ascii_lowercase().replace(['-', '_', ' '], "");
    let only = |matches: &dyn Fn(&str) -> bool| {
        let mut all = known.iter().map(String::as_str).filter(|word| matches(word));
        all.next().filter(|_| all.next().is_none())
    };
    let wanted = bare(found);
    only(&|word| bare(word) == wanted)
        .or_else(|| only(&|word| word.len() > 3 && strsim::damerau_levenshtein(found, word) == 1))
}

/// Puts a word in the place of another that stands there as it is, without quotes and escapes.
fn replace(document: &Document, place: Option<Place>, found: &str, word: &str) -> Option<Edit> {
    let place = place?;
    let start = place.offset.checked_sub(document.offset)?;
    let written = document.text.get(start..start + place.length)?;
    (written == found).then(|| Edit { offset: place.offset, length: place.length, text: word.to_owned() })
}

/// The word that a misspelling is closest to, when one is close enough.
#[must_use]
pub fn nearest_word<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if found.is_empty() || found.len() > 100 {
        return None;
    }
    let folded = found.to_ascii_lowercase().replace(['_', ' '], "-");
    known
        .map(|word| (strsim::damerau_levenshtein(&folded, &word.to_ascii_lowercase()), word))
        .filter(|(distance, word)| *distance <= 1 + word.len().min(found.len()) / 4)
        .min()
        .map(|(_, word)| word)
}

/// A value as messages show it.
fn shown(node: &Node) -> String {
    match &node.value {
        crate::source::Value::String(text) => format!("`{}`", visible(&clip(text, 60))),
        crate::source::Value::Array(_) | crate::source::Value::Object(_) => node.kind().to_owned(),
        _ => format!("`{}`", node.to_json()),
    }
}

/// How messages call the value at a pointer.
fn subject(at: &Pointer) -> String {
    match at.keys().last() {
        None => "the entry".to_owned(),
        Some(last) => name_of(&last, at),
    }
}

fn name_of(last: &str, at: &Pointer) -> String {
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        let list = at.parent().and_then(|parent| parent.keys().last()).unwrap_or_default();
        return format!("an element of `{list}`");
    }
    format!("`{}`", visible(&clip(last, 60)))
}

fn article(kind: &str) -> Cow<'_, str> {
    match kind {
        "array" | "integer" | "object" => format!("an {kind}").into(),
        "string" => "text".into(),
        other => format!("a {other}").into(),
    }
}

/// A pattern of the entry schema in words, with an example.
fn describe_pattern(pattern: &str) -> (&'static str, &'static str) {
    match pattern {
        "^[a-z0-9]+(-[a-z0-9]+)*$" => ("kebab case", "`helm-chart`"),
        p if p.starts_with("^https") => {
            ("an `https` address without user information and spaces", "`https://example.com/docs`")
        }
        p if p.starts_with("^[0-9]{4}(-") => ("a year, month or day", "`\"2019\"` or `\"2019-05-31\"`"),
        p if p.starts_with("^[0-9]{4}-") => ("a day", "`\"2019-05-31\"`"),
        "^[!-~]+$" => {
            ("a media type of visible ASCII characters without spaces", "`application/vnd.example.config.v1+json`")
        }
        p if p.starts_with("^[a-z0-9]+(-[a-z0-9]+)*\\.json") => {
            ("the name of a JSON file in kebab case", "`plain.json`")
        }
        p if p.starts_with("^@") => ("an account or team", "`@account` or `@organisation/team`"),
        "^[^\\n]*$" => ("one line", "`A chart.`"),
        p if p.starts_with("^[A-Za-z0-9]") => ("an SPDX licence identifier", "`Apache-2.0`"),
        p if p.starts_with("^[0-9A-Za-z]") => ("a commit or a release tag", "`v1.2.3`"),
        _ => ("of the form that the schema demands", "the examples of other entries"),
    }
}

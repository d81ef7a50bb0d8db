//! What a rule demands of a document, without what only the context shows: the form between predicates and SQL.

use crate::catalog::predicate::{Condition, Each, Field, List, Predicate, Quantifier, Scalar, Test};

/// A statement about a document, or about a member of one of its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Statement<'a> {
    /// True or false whatever the document is.
    Constant(bool),
    /// True when every part is.
    All(Vec<Self>),
    /// True when some part is.
    Any(Vec<Self>),
    /// True when the part is not.
    Not(Box<Self>),
    /// About one value.
    Value(Value<'a>),
    /// About the members of a list.
    Members(Members<'a>),
}

/// A statement about one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value<'a> {
    pub(super) field: Field,
    /// Key of an annotation; empty for other fields.
    pub(super) key: &'a str,
    pub(super) check: Check<'a>,
}

/// What must hold of a value. One that is absent passes `Present(false)` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Check<'a> {
    /// It is one of these texts; never empty.
    Text(Vec<&'a str>),
    /// It is one of these numbers; never empty.
    Number(Vec<u64>),
    /// It begins with this text.
    Prefix(&'a str),
    /// It is there, or is not.
    Present(bool),
}

/// A statement about the members of a list; an empty list passes none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Members<'a> {
    pub(super) list: List,
    pub(super) quantifier: Quantifier,
    pub(super) each: Box<Statement<'a>>,
}

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The document.
    Document,
    /// A descriptor in one of its lists.
    Member,
}

impl<'a> Statement<'a> {
    /// What a predicate says when there is no context.
    pub(super) fn new(predicate: &'a Predicate) -> Self {
        Self::lower(predicate, Scope::Document)
    }

    fn lower(predicate: &'a Predicate, scope: Scope) -> Self {
        match predicate {
            Predicate::All(parts) => Self::all(parts.iter().map(|part| Self::lower(part, scope))),
            Predicate::Any(parts) => Self::any(parts.iter().map(|part| Self::lower(part, scope))),
            Predicate::Not(part) => Self::lower(part, scope).negated(),
            Predicate::Test(test) => Self::value(test, scope),
            Predicate::Each(Each { list: List::Children, .. }) => Self::Constant(false),
            Predicate::Each(_) if scope == Scope::Member => Self::Constant(false),
            Predicate::Each(each) => match Self::lower(&each.predicate, Scope::Member) {
                Self::Constant(false) => Self::Constant(false),
                inner => Self::Members(Members { list: each.list, quantifier: each.quantifier, each: Box::new(inner) }),
            },
        }
    }

    fn value(test: &'a Test, scope: Scope) -> Self {
        let field = test.field;
        match field {
            // The engine takes what the caller does not have for absent, in a tag, and for unknown in the rest.
            Field::ContextTag => return Self::Constant(test.condition == Condition::Present(false)),
            _ if scope == Scope::Document && !field.in_document() => return Self::Constant(false),
            _ if scope == Scope::Member && !field.in_descriptor() => return Self::Constant(false),
            _ if field.needs().is_some() => return Self::Constant(false),
            _ => {}
        }
        let scalars = match &test.condition {
            Condition::Equals(scalar) => std::slice::from_ref(scalar),
            Condition::OneOf(scalars) => scalars,
            Condition::Prefix(_) if field.is_number() => return Self::Constant(false),
            Condition::Prefix(prefix) => return Self::of(test, Check::Prefix(prefix)),
            // A list that is not there has no members: their number is always there.
            Condition::Present(present) if matches!(field, Field::LayersCount | Field::ManifestsCount) => {
                return Self::Constant(*present);
            }
            Condition::Present(present) => return Self::of(test, Check::Present(*present)),
        };
        if field.is_number() {
            let numbers: Vec<u64> = scalars.iter().filter_map(number).collect();
            if numbers.is_empty() { Self::Constant(false) } else { Self::of(test, Check::Number(numbers)) }
        } else {
            let texts: Vec<&str> = scalars.iter().filter_map(text).collect();
            if texts.is_empty() { Self::Constant(false) } else { Self::of(test, Check::Text(texts)) }
        }
    }

    fn of(test: &'a Test, check: Check<'a>) -> Self {
        Self::Value(Value { field: test.field, key: test.key.as_deref().unwrap_or_default(), check })
    }

    /// True when every part is.
    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Self::Constant(true) => {}
                Self::Constant(false) => return part,
                Self::All(parts) => all.extend(parts),
                part if all.contains(&part) => {}
                part => all.push(part),
            }
        }
        match all.len() {
            0 => Self::Constant(true),
            1 => all.swap_remove(0),
            _ => Self::All(all),
        }
    }

    /// True when some part is.
    pub(super) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Vec::new();
        for part in parts {
            match part {
                Self::Constant(false) => {}
                Self::Constant(true) => return part,
                Self::Any(parts) => any.extend(parts),
                part if any.contains(&part) => {}
                part => any.push(part),
            }
        }
        match any.len() {
            0 => Self::Constant(false),
            1 => any.swap_remove(0),
            _ => Self::Any(any),
        }
    }

    /// True when this is not.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Constant(constant) => Self::Constant(!constant),
            Self::Not(part) => *part,
            Self::Value(Value { check: Check::Present(present), field, key }) => {
                Self::Value(Value { check: Check::Present(!present), field, key })
            }
            other => Self::Not(Box::new(other)),
        }
    }

    /// What is left of it in documents whose field has this value.
    pub(super) fn given(self, known: Field, is: &str) -> Self {
        match self {
            Self::All(parts) => Self::all(parts.into_iter().map(|part| part.given(known, is))),
            Self::Any(parts) => Self::any(parts.into_iter().map(|part| part.given(known, is))),
            Self::Not(part) => part.given(known, is).negated(),
            Self::Value(Value { field, check, .. }) if field == known => Self::Constant(match check {
                Check::Text(texts) => texts.contains(&is),
                Check::Prefix(prefix) => is.starts_with(prefix),
                Check::Present(present) => present,
                Check::Number(_) => false,
            }),
            other => other,
        }
    }

    /// Values of the field of which it demands one; none when it can hold without any of them.
    pub(super) fn demanded(&self, wanted: Field) -> Option<Vec<&'a str>> {
        self.one_of(&|statement| match statement {
            Self::Value(Value { field, check: Check::Text(texts), .. }) if *field == wanted => Some(texts.clone()),
            _ => None,
        })
    }

    /// Media types of which it demands one of some layer; none when it can hold without any of them.
    pub(super) fn demanded_layers(&self) -> Option<Vec<&'a str>> {
        self.one_of(&|statement| match statement {
            Self::Members(Members { list: List::Layers, each, .. }) => each.demanded(Field::MediaType),
            _ => None,
        })
    }

    fn one_of(&self, own: &dyn Fn(&Self) -> Option<Vec<&'a str>>) -> Option<Vec<&'a str>> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.one_of(own)),
            Self::Any(parts) => {
                let mut found: Vec<&'a str> = Vec::new();
                for part in parts {
                    for value in part.one_of(own)? {
                        if !found.contains(&value) {
                            found.push(value);
                        }
                    }
                }
                Some(found)
            }
            other => own(other),
        }
    }

    /// Whether it can only hold of what has the field.
    pub(super) fn requires(&self, wanted: Field) -> bool {
        match self {
            Self::All(parts) => parts.iter().any(|part| part.requires(wanted)),
            Self::Any(parts) => parts.iter().all(|part| part.requires(wanted)),
            Self::Value(Value { field, check, .. }) => *field == wanted && *check != Check::Present(false),
            _ => false,
        }
    }

    /// The media types that it is about, when it says nothing but that a member is one of them (true) or none (false).
    pub(super) fn media_types(&self) -> Option<(bool, &[&'a str])> {
        match self {
            // The empty text stands for an absent media type in sets of them.
            Self::Value(Value { field: Field::MediaType, check: Check::Text(texts), .. })
                if texts.iter().all(|text| !text.is_empty()) =>
            {
                Some((true, texts))
            }
            Self::Not(part) => part.media_types().map(|(among, texts)| (!among, texts)),
            _ => None,
        }
    }

    /// Calls `visit` for each value of a member that it looks at.
    pub(super) fn member_values(&self, visit: &mut impl FnMut(&Value<'a>)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.member_values(visit)),
            Self::Not(part) => part.member_values(visit),
            Self::Members(members) => members.each.values(visit),
            Self::Constant(_) | Self::Value(_) => {}
        }
    }

    fn values(&self, visit: &mut impl FnMut(&Value<'a>)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.values(visit)),
            Self::Not(part) => part.values(visit),
            Self::Value(value) => visit(value),
            Self::Constant(_) | Self::Members(_) => {}
        }
    }
}

const fn number(scalar: &Scalar) -> Option<u64> {
    match scalar {
        Scalar::Number(number) => Some(*number),
        Scalar::Text(_) => None,
    }
}

const fn text(scalar: &Scalar) -> Option<&str> {
    match scalar {
        Scalar::Text(text) => Some(text.as_str()),
        Scalar::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicate(json: &str) -> Predicate {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_needs_the_context_is_left_out() {
        for (json, left) in [
            (r#"{"field":"context.config","key":"/os","present":false}"#, false),
            (r#"{"field":"context.tag","present":false}"#, true),
            (r#"{"field":"context.tag","equals":"latest"}"#, false),
            (r#"{"field":"context.parent.artifactType","present":false}"#, false),
            (r#"{"children":"any","match":{"field":"artifactType","present":true}}"#, false),
            (r#"{"not":{"children":"any","match":{"field":"artifactType","present":true}}}"#, true),
            (r#"{"field":"layers.count","present":true}"#, true),
            (r#"{"field":"layers.count","equals":"1"}"#, false),
            (r#"{"field":"size","present":false}"#, false),
            (r#"{"layers":"any","match":{"field":"shape","present":false}}"#, false),
        ] {
            assert_eq!(Statement::new(&predicate(json)), Statement::Constant(left), "{json}");
        }
    }

    #[test]
    fn a_known_value_leaves_the_rest() {
        let when = predicate(
            r#"{"all":[{"field":"artifactType","oneOf":["a/b","a/c"]},{"any":[{"field":"artifactType","equals":"a/b"},
                {"field":"subject","present":true}]},{"not":{"field":"artifactType","prefix":"a/d"}}]}"#,
        );
        let statement = Statement::new(&when);
        assert_eq!(statement.demanded(Field::ArtifactType), Some(vec!["a/b", "a/c"]));
        assert_eq!(statement.demanded_layers(), None);
        assert_eq!(statement.clone().given(Field::ArtifactType, "a/b"), Statement::Constant(true));
        let subject = Value { field: Field::Subject, key: "", check: Check::Present(true) };
        assert_eq!(statement.clone().given(Field::ArtifactType, "a/c"), Statement::Value(subject));
        assert_eq!(statement.given(Field::ArtifactType, "a/d"), Statement::Constant(false));
    }

    #[test]
    fn demanded_layers_are_those_of_every_alternative() {
        let when = predicate(
            r#"{"any":[{"layers":"all","match":{"field":"mediaType","equals":"a/b"}},
                {"layers":"any","match":{"all":[{"field":"mediaType","equals":"a/c"},
                    {"field":"annotations","key":"k","present":true}]}}]}"#,
        );
        let statement = Statement::new(&when);
        assert_eq!(statement.demanded_layers(), Some(vec!["a/b", "a/c"]));
        let mut seen = Vec::new();
        statement.member_values(&mut |value| seen.push(value.field));
        assert_eq!(seen, [Field::MediaType, Field::MediaType, Field::Annotations]);
        let open = predicate(r#"{"not":{"layers":"any","match":{"field":"mediaType","equals":"a/b"}}}"#);
        assert_eq!(Statement::new(&open).demanded_layers(), None);
    }
}

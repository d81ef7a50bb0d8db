//! The one tree that YAML and JSON documents become: values with the span of every key and value.

use std::borrow::Cow;

use super::{Pointer, Span};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes in the text, quotes and brackets included.
    pub span: Span,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as `serde_json` holds it.
    Number(serde_json::Number),
    /// Text, unescaped.
    String(String),
    /// A sequence.
    Array(Vec<Node>),
    /// An object, its members in the order of the text. Of equal keys only the first is kept.
    Object(Vec<Member>),
}

/// A key of an object with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    /// The member `key` of an object, with the place of its key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// The members of an object; empty for every other value.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        if let Value::Object(members) = &self.value { members } else { &[] }
    }

    /// The elements of an array; empty for every other value.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        if let Value::Array(elements) = &self.value { elements } else { &[] }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// What kind of value it is, in the words of JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The node at a pointer, with the span of its key where it is a member.
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<(&Self, Option<Span>)> {
        let mut node = self;
        let mut key_span = None;
        for key in pointer.keys() {
            match &node.value {
                Value::Object(members) => {
                    let member = members.iter().find(|member| member.key == key)?;
                    key_span = Some(member.key_span);
                    node = &member.value;
                }
                Value::Array(elements) => {
                    key_span = None;
                    node = elements.get(key.parse::<usize>().ok()?)?;
                }
                _ => return None,
            }
        }
        Some((node, key_span))
    }

    /// Calls `visit` for every node with its pointer, parents first.
    pub fn walk<'t>(&'t self, visit: &mut impl FnMut(Cow<'_, Pointer>, &'t Self)) {
        fn go<'t>(node: &'t Node, pointer: Pointer, visit: &mut impl FnMut(Cow<'_, Pointer>, &'t Node)) {
            match &node.value {
                Value::Object(members) => {
                    visit(Cow::Borrowed(&pointer), node);
                    for member in members {
                        go(&member.value, pointer.key(&member.key), visit);
                    }
                }
                Value::Array(elements) => {
                    visit(Cow::Borrowed(&pointer), node);
                    for (index, element) in elements.iter().enumerate() {
                        go(element, pointer.index(index), visit);
                    }
                }
                _ => visit(Cow::Owned(pointer), node),
            }
        }
        go(self, Pointer::root(), visit);
    }

    /// The same value without places.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::String(text) => serde_json::Value::String(text.clone()),
            Value::Array(elements) => elements.iter().map(Self::to_json).collect(),
            Value::Object(members) => {
                members.iter().map(|member| (member.key.clone(), member.value.to_json())).collect()
            }
        }
    }
}

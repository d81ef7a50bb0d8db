//! The second witness: an independent YAML reader, asked whether it takes a text for the same value.

use super::{Node, Pointer, Value};

/// Where a second, independent YAML reader takes the text for another value than the tree; `None` when it agrees.
#[must_use]
pub fn disagreement(text: &str, tree: &Node) -> Option<(Pointer, String)> {
    match serde_yaml::from_str::<serde_yaml::Value>(text) {
        Ok(value) => compare(tree, &value, &Pointer::root()),
        Err(error) => Some((Pointer::root(), format!("the second reader refuses the file: {error}"))),
    }
}

fn compare(node: &Node, other: &serde_yaml::Value, at: &Pointer) -> Option<(Pointer, String)> {
    use serde_yaml::Value as Other;
    let differs = || Some((at.clone(), format!("one reader takes {} here, the second another value", node.kind())));
    match (&node.value, other) {
        (Value::Null, Other::Null) => None,
        (Value::Bool(a), Other::Bool(b)) if a == b => None,
        (Value::String(a), Other::String(b)) if a == b => None,
        (Value::Number(a), Other::Number(b)) if a.as_f64() == b.as_f64() => None,
        (Value::Array(elements), Other::Sequence(others)) if elements.len() == others.len() => {
            elements.iter().zip(others).enumerate().find_map(|(i, (a, b))| compare(a, b, &at.index(i)))
        }
        (Value::Object(members), Other::Mapping(others)) if members.len() == others.len() => {
            members.iter().find_map(|member| match others.get(member.key.as_str()) {
                Some(other) => compare(&member.value, other, &at.key(&member.key)),
                None => Some((at.key(&member.key), "the second reader does not see this key".to_owned())),
            })
        }
        _ => differs(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml::read;
    use super::*;

    #[test]
    fn agrees_on_the_portable_subset_and_notices_another_value() {
        let text = "a: \"x\"\nb: [1, true, null, 1.5]\nc:\n  d: >-\n    folded\n    text\n";
        let (tree, _) = read(text);
        assert_eq!(disagreement(text, &tree.unwrap()), None);
        let (other, _) = read("a: \"y\"\nb: [1, true, null, 1.5]\nc: {d: folded text}\n");
        assert_eq!(disagreement(text, &other.unwrap()).unwrap().0.as_str(), "/a");
    }
}

//! When two names look alike to a reader.

use std::collections::BTreeMap;

use unicode_security::skeleton;

/// What a name looks like: equal for names that a reader may take for each other
/// ([UTS 39, section 4](https://www.unicode.org/reports/tr39/#Confusable_Detection)). Case, spaces and the characters
/// that join words do not count.
pub(super) fn look(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace() && !"-_.".contains(*c)).collect();
    skeleton(&plain).collect()
}

/// Pairs of positions whose names look alike, the first with each later one. Empty names are left out.
pub(super) fn pairs<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(usize, usize)> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (at, name) in names.enumerate().filter(|(_, name)| !name.is_empty()) {
        let look = look(name);
        match first.get(&look) {
            Some(before) => pairs.push((*before, at)),
            None => {
                first.insert(look, at);
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_pair() {
        assert_eq!(look("He1m-Chart"), look("helm chart"));
        assert_eq!(look("\u{41d}elm"), look("helm").replacen('h', &look("\u{43d}"), 1));
        assert_ne!(look("wasm-v1"), look("wasm-v2"));
        assert_eq!(pairs(["a-b", "c", "", "ab", "", "AB"].into_iter()), [(0, 3), (0, 5)]);
    }
}

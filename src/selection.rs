//! What a registry takes of the catalog: which types, under which names, with which in-house entries on top.
//!
//! A selection never changes how documents are recognised: a type that was left out is still told from the others, it
//! is only not shown, listed or allowed. The last rule of the selection that matches a type decides.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::catalog::model::{ArtifactType, ID_PATTERN, Role, State, Tier};

/// What a registry takes of the catalog. The last rule that matches a type decides; without one, the default does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Selection")]
pub struct Selection {
    /// The catalog that the selection was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Pin")]
    pub catalog: Option<Pin>,
    /// Folders of in-house entries on top of the catalog, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<Overlay>,
    /// What becomes of a type that no rule matches.
    pub default: Verdict,
    /// Rules; the last one that matches a type decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<SelectionRule>,
    /// What is shown differently, by the id of the type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, Override>,
}

/// A certain state of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The `digest` of its whole `mediaTypeMappings.json`, without overlays and before the selection.
    #[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    pub digest: String,
}

/// A folder of in-house entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The folder that contains `types`, or is it; relative to this file.
    #[schemars(length(min = 1))]
    pub folder: String,
    /// Ids of entries beneath whose place its entries take. Any other that is there twice is a mistake.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = ID_PATTERN)))]
    pub replaces: Vec<String>,
}

/// What becomes of a type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Verdict {
    #[default]
    Include,
    Exclude,
}

/// Matches a type when every list that it has holds one of the type's words; without any list, every type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionRule {
    /// What becomes of the types that it matches.
    pub verdict: Verdict,
    /// Ids, in which `*` stands for any characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = "^[a-z0-9*-]+$")))]
    pub ids: Vec<String>,
    /// Roles, of which a type has one or several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Tiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    /// States of their status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<State>,
}

/// What is shown of a type instead of what its entry says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Name shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 40))]
    pub title: Option<String>,
    /// Short text identifier for listings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 16))]
    pub label: Option<String>,
    /// The picture, as the mapping shall name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Picture")]
    pub icon: Option<Picture>,
    /// Titles of the entry's actions to keep, in the order in which they are offered; none when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    pub actions: Option<Vec<String>>,
}

/// Addresses of a picture: `https://`, or a path relative to the mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// As SVG.
    #[schemars(regex(pattern = PICTURE_PATTERN))]
    pub svg: String,
    /// As PNG.
    #[schemars(regex(pattern = PICTURE_PATTERN))]
    pub png: String,
}

const PICTURE_PATTERN: &str = "^(https://|[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_.-]+\\.(svg|png)$";

impl SelectionRule {
    /// Whether it matches a type.
    #[must_use]
    pub fn matches(&self, entry: &ArtifactType) -> bool {
        let has = |empty: bool, found: bool| empty || found;
        has(self.ids.is_empty(), self.ids.iter().any(|pattern| matches(pattern, &entry.id)))
            && has(self.roles.is_empty(), self.roles.iter().any(|role| entry.roles.contains(role)))
            && has(self.tiers.is_empty(), self.tiers.contains(&entry.tier))
            && has(self.statuses.is_empty(), self.statuses.contains(&entry.status.state))
    }
}

impl fmt::Display for SelectionRule {
    /// In words: `include roles sbom, signature and tiers verified`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            ("ids", self.ids.clone()),
            ("roles", self.roles.iter().map(word).collect()),
            ("tiers", self.tiers.iter().map(word).collect()),
            ("statuses", self.statuses.iter().map(word).collect()),
        ];
        let lists = lists.into_iter().filter(|(_, words)| !words.is_empty());
        let lists: Vec<String> = lists.map(|(name, words)| format!("{name} {}", words.join(", "))).collect();
        let all = if lists.is_empty() { "every type".to_owned() } else { lists.join(" and ") };
        write!(f, "{} {all}", word(&self.verdict))
    }
}

/// A word of the vocabulary, as it is written.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Whether an id has the form of a pattern, in which `*` stands for any characters.
#[must_use]
pub fn matches(pattern: &str, id: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == id };
    let Some(mut left) = id.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

/// What a selection says of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of it.
    pub verdict: Verdict,
    /// Index of the rule that decided; none stands for the default.
    pub by: Option<usize>,
}

impl Selection {
    /// What becomes of a type, and why.
    #[must_use]
    pub fn decide(&self, entry: &ArtifactType) -> Decision {
        match self.rules.iter().enumerate().rev().find(|(_, rule)| rule.matches(entry)) {
            Some((index, rule)) => Decision { verdict: rule.verdict, by: Some(index) },
            None => Decision { verdict: self.default, by: None },
        }
    }

    /// What becomes of a type, and why, in words: `rule 2: include tiers verified`.
    #[must_use]
    pub fn because(&self, entry: &ArtifactType) -> String {
        match self.decide(entry) {
            Decision { by: Some(at), .. } => format!("rule {}: {}", at + 1, self.rules[at]),
            Decision { verdict, by: None } => format!("{} by default", word(&verdict)),
        }
    }
}

/// A catalog, and what was chosen of it.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    /// The whole catalog, with what the selection shows differently.
    pub catalog: Cow<'a, Catalog>,
    /// Ids of the chosen entries; none stands for all.
    ids: Option<BTreeSet<String>>,
    /// Pictures that the selection puts in the place of the catalog's, by id.
    pictures: BTreeMap<String, Picture>,
}

impl<'a> Chosen<'a> {
    /// All of a catalog.
    #[must_use]
    pub const fn all(catalog: &'a Catalog) -> Self {
        Self { catalog: Cow::Borrowed(catalog), ids: None, pictures: BTreeMap::new() }
    }

    /// What a selection takes of a catalog.
    #[must_use]
    pub fn new(mut catalog: Catalog, selection: &Selection) -> Self {
        let included = |entry: &&ArtifactType| selection.decide(entry).verdict == Verdict::Include;
        let ids = catalog.entries.iter().filter(included).map(|entry| entry.id.clone()).collect();
        let mut pictures = BTreeMap::new();
        for entry in &mut catalog.entries {
            let Some(shown) = selection.overrides.get(&entry.id) else { continue };
            let Override { title, label, icon, actions } = shown.clone();
            entry.title = title.unwrap_or_else(|| std::mem::take(&mut entry.title));
            entry.label = label.unwrap_or_else(|| std::mem::take(&mut entry.label));
            if let Some(titles) = actions {
                let find = |title: &String| entry.actions.iter().find(|action| action.title == *title).cloned();
                entry.actions = titles.iter().filter_map(find).collect();
            }
            pictures.extend(icon.map(|icon| (entry.id.clone(), icon)));
        }
        Self { catalog: Cow::Owned(catalog), ids: Some(ids), pictures }
    }

    /// Whether an entry was chosen.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(id))
    }

    /// Whether something may have been left out.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.ids.is_some()
    }

    /// The chosen entries, sorted by id.
    pub fn entries(&self) -> impl Iterator<Item = &ArtifactType> {
        self.catalog.entries.iter().filter(|entry| self.has(&entry.id))
    }

    /// The picture that the selection puts in the place of the catalog's.
    #[must_use]
    pub fn picture(&self, id: &str) -> Option<&Picture> {
        self.pictures.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_ids() {
        for (pattern, id, expected) in [
            ("helm-chart", "helm-chart", true),
            ("helm-chart", "helm-chart-x", false),
            ("helm-*", "helm-chart", true),
            ("*-chart", "helm-chart", true),
            ("*", "x", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*b", "ab", false),
            ("*a*a*", "a", false),
        ] {
            assert_eq!(matches(pattern, id), expected, "{pattern} {id}");
        }
    }

    #[test]
    fn the_last_matching_rule_decides() {
        let selection: Selection = serde_json::from_str(
            r#"{"default": "exclude", "rules": [
                {"verdict": "include", "roles": ["sbom", "signature"]},
                {"verdict": "exclude", "ids": ["acr-*"], "tiers": ["listed"]},
                {"verdict": "include", "ids": ["acr-one"]}]}"#,
        )
        .unwrap();
        let decide = |id: &str, role, tier| {
            let entry = ArtifactType { id: id.to_owned(), roles: vec![role], tier, ..ArtifactType::default() };
            let Decision { verdict, by } = selection.decide(&entry);
            (verdict, by)
        };
        assert_eq!(decide("x", Role::Chart, Tier::Listed), (Verdict::Exclude, None));
        assert_eq!(decide("x", Role::Sbom, Tier::Listed), (Verdict::Include, Some(0)));
        assert_eq!(decide("acr-two", Role::Sbom, Tier::Listed), (Verdict::Exclude, Some(1)));
        assert_eq!(decide("acr-two", Role::Sbom, Tier::Verified), (Verdict::Include, Some(0)));
        assert_eq!(decide("acr-one", Role::Sbom, Tier::Listed), (Verdict::Include, Some(2)));
    }
}

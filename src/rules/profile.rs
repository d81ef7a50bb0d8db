//! Profiles: levels of rules that suit a purpose.

use crate::finding::{Level, Rule, Subject};

/// A purpose for which documents are linted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A container image that every client runs.
    Image,
    /// An artifact by the guidelines of OCI.
    Artifact,
    /// What a registry should refuse.
    Registry,
}

/// What makes an image less portable.
const IMAGE: &[&str] = &[
    "artifact-image-config",
    "artifact-typed-by-layers",
    "config-architecture-goarch",
    "config-history-count",
    "config-os-goos",
    "config-variant-known",
    "index-entry-media-type-portable",
    "index-media-type-present",
    "index-platform-shadowed",
    "manifest-config-media-type-portable",
    "manifest-layer-media-type-portable",
    "manifest-layers-nonempty",
    "manifest-media-type-present",
    "platform-architecture-goarch",
    "platform-os-goos",
    "platform-variant-known",
    "unknown-artifact",
];

/// What departs from the guidelines for artifacts.
const ARTIFACT: &[&str] = &[
    "annotations-key-reverse-domain",
    "annotations-reserved-prefix",
    "artifact-config-specific",
    "artifact-image-config",
    "artifact-layer-needed",
    "artifact-layer-nonzero",
    "artifact-type-with-config",
    "artifact-typed-by-layers",
    "index-media-type-present",
    "manifest-media-type-present",
];

impl Profile {
    /// The rules whose level it changes, with that level; `None` for what it allows.
    #[must_use]
    pub fn levels(self) -> Vec<(&'static Rule, Option<Level>)> {
        let all = super::all().into_iter();
        match self {
            Self::Image => all.filter(|rule| IMAGE.contains(&rule.id)).map(|rule| (rule, Some(Level::Error))).collect(),
            Self::Artifact => {
                all.filter(|rule| ARTIFACT.contains(&rule.id)).map(|rule| (rule, Some(Level::Error))).collect()
            }
            Self::Registry => all
                .filter(|rule| rule.subject != Subject::Catalog && rule.level != Level::Error)
                .map(|rule| (rule, None))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_name_rules_that_exist() {
        for id in IMAGE.iter().chain(ARTIFACT) {
            assert!(crate::rules::find(id).is_some(), "{id}");
        }
        assert!(Profile::Registry.levels().iter().all(|(_, level)| level.is_none()));
    }
}

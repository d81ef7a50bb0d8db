//! A source names a place that stays what it is.

use super::EntryView;
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A source does not say where its fact can be read, or names a place that moves.
    ///
    /// ## Why
    /// A proof is a file of a repository at a fixed revision, or a specification. A branch shows another file
    /// tomorrow, and then nobody can check what was read.
    ///
    /// ## Reported
    /// ```yaml reported
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///     fact: The config.
    ///     repository: https://github.com/example/sample
    ///     path: types.go
    ///     revision: main
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///     fact: The config.
    ///     repository: https://github.com/example/sample
    ///     path: types.go
    ///     revision: v1.2.3
    /// ```
    ///
    /// ## How to fix
    /// Give `repository`, `path` and `revision`, the revision as a tag or as all 40 digits of a commit; or give
    /// `specification`.
    pub static RULE = { id: "incomplete-source", level: Error, since: "0.1.0", subject: Catalog }
}

/// Names that are branches by custom; sorted.
const BRANCHES: [&str; 14] = [
    "canary",
    "dev",
    "devel",
    "develop",
    "development",
    "edge",
    "gh-pages",
    "head",
    "latest",
    "main",
    "master",
    "next",
    "nightly",
    "trunk",
];

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (index, source) in view.entry.sources.iter().enumerate() {
        let at = Pointer::root().key("sources").index(index);
        let parts = [("repository", &source.repository), ("path", &source.path), ("revision", &source.revision)];
        let missing: Vec<&str> = parts.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| *key).collect();
        let report =
            |key: &str, part, message: String, help: &str| view.at(&RULE, &at.key(key), part, message).help(help);
        if source.specification.is_none() && missing.len() == parts.len() {
            let help = "add `repository`, `path` and `revision`, or `specification`";
            findings.push(report(
                "fact",
                Part::Key,
                "the source says nowhere where its fact can be read".to_owned(),
                help,
            ));
        } else if !missing.is_empty() && (source.repository.is_some() || source.specification.is_none()) {
            let listed = missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
            let known = parts.iter().find(|(_, value)| value.is_some()).map_or("fact", |(key, _)| *key);
            findings.push(report(
                known,
                Part::Key,
                format!("the source lacks {listed}"),
                "name the file and a commit or tag",
            ));
        }
        if source.section.is_some() && source.specification.is_none() {
            let message = "the source names a section, and no specification".to_owned();
            findings.push(report("section", Part::Key, message, "add `specification` with its address"));
        }
        if let Some(revision) = &source.revision
            && let Some(reason) = moves(revision)
        {
            let help = "write a release tag, or all 40 digits of a commit";
            findings.push(report(
                "revision",
                Part::Value,
                format!("the revision {} is {reason}", quoted(revision)),
                help,
            ));
        }
    }
}

/// Why a revision is not fixed.
pub(in crate::rules) fn moves(revision: &str) -> Option<&'static str> {
    let name = revision.to_ascii_lowercase();
    let name = name.trim_start_matches("refs/heads/").trim_start_matches("origin/");
    if BRANCHES.binary_search(&name).is_ok() || name.len() < revision.len() {
        return Some("a branch, which moves");
    }
    let hex = name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letters = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    (hex && letters && (7..40).contains(&name.len())).then_some("an abbreviated commit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_commits_are_fixed() {
        assert!(BRANCHES.is_sorted());
        for fixed in ["v1.2.3", "20240101", "release-1.2", "e9b85e4de16ad45805843fb121748018cf89094b", "1.0"] {
            assert_eq!(moves(fixed), None, "{fixed}");
        }
        for moving in ["main", "HEAD", "refs/heads/v2", "origin/release", "e9b85e4"] {
            assert!(moves(moving).is_some(), "{moving}");
        }
    }
}

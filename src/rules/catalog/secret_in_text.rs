//! No credential is published with an entry.

use std::sync::LazyLock;

use regex::Regex;

use super::EntryView;
use super::text_checks::at_snippet;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;

declare_rule! {
    /// A text looks like it holds a credential.
    ///
    /// ## Why
    /// What stands in an entry is public at once and for ever. Private keys, access tokens and passwords come in with
    /// text that was copied from a terminal.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: A sample, pulled with password=hunter2hunter2.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: A sample, pulled with the password of the registry.
    /// ```
    ///
    /// ## How to fix
    /// Remove it, and revoke it: it may have been read already.
    pub static RULE = { id: "secret-in-text", level: Error, since: "0.1.0", subject: Catalog }
}

/// Forms of credentials, with what they are. Digests have none of these forms.
const FORMS: [(&str, &str); 11] = [
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    ("an access key of AWS", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a token of GitHub", r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    ("a token of GitHub", r"\bgithub_pat_[A-Za-z0-9_]{20,}"),
    ("a token of GitLab", r"\bgl(?:pat|dt|rt)-[A-Za-z0-9_-]{20,}"),
    ("a token of Slack", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("a token of Docker Hub", r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    ("a token of npm", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a key of Google", r"\bAIza[0-9A-Za-z_-]{35}"),
    ("a signed token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    ("an address with a password", r"://[^\s/:@]+:[^\s/:@]{3,}@"),
];

/// What is in every text that has one of these forms; most texts have nothing of it.
const SIGNS: &str =
    r"PRIVATE KEY|AKIA|ASIA|gh[pousr]_|github_pat_|gl(?:pat|dt|rt)-|xox[abeoprs]-|dckr_(?:pat|oat)_|npm_|AIza|eyJ|@";

static SIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(SIGNS).ok());

static PATTERNS: LazyLock<Vec<(&str, Regex)>> =
    LazyLock::new(|| FORMS.iter().filter_map(|(what, form)| Some((*what, Regex::new(form).ok()?))).collect());

/// A name that announces a credential, and a value.
static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)(?:password|passwd|secret|token|api[_-]?key)["']?\s?[:=]\s?["']?([A-Za-z0-9!@#$%^&*+=._-]{8,})"#)
        .ok()
});

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    view.each_text(&mut |pointer, text| {
        if let Some((what, secret)) = secret(text) {
            // The message does not repeat it: reports are kept and shown.
            let finding = view.at(&RULE, pointer, Part::Value, format!("the text looks like it holds {what}"));
            let finding = finding.help("remove it and revoke it; an example of one can be shortened with `…`");
            findings.push(at_snippet(view, finding, pointer, secret));
        }
    });
}

/// The first credential in a text, and what it is.
fn secret(text: &str) -> Option<(&'static str, &str)> {
    if text.len() < 12 {
        return None;
    }
    if SIGNED.as_ref().is_none_or(|signs| signs.is_match(text))
        && let Some(found) = PATTERNS.iter().find_map(|(what, pattern)| Some((*what, pattern.find(text)?.as_str())))
    {
        return Some(found);
    }
    if !text.bytes().any(|byte| matches!(byte, b':' | b'=')) {
        return None;
    }
    let mixed = |value: &str| {
        value.bytes().any(|byte| byte.is_ascii_digit()) && value.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let assigned = ASSIGNED.as_ref()?;
    assigned
        .captures_iter(text)
        .find(|found| found.get(1).is_some_and(|value| mixed(value.as_str())))
        .and_then(|found| found.get(0))
        .map(|found| ("a password or token", found.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), FORMS.len());
        assert!(ASSIGNED.is_some() && SIGNED.is_some());
    }

    #[test]
    fn credentials_are_found_and_digests_are_none() {
        let long = "a1".repeat(20);
        for bad in [
            format!("-----BEGIN {}PRIVATE KEY-----", "RSA "),
            format!("AK{}", "IAABCDEFGHIJKLMNOP"),
            format!("gh{}{long}", "p_"),
            format!("github{}{long}", "_pat_"),
            format!("glp{}{long}", "at-"),
            format!("xo{}{long}", "xb-"),
            format!("e{0}.e{0}.{long}", "yJhbGciOiJub25l"),
            format!("ASI{}", "ABCDEFGHIJKLMNOP1"),
            format!("dckr{}{long}", "_oat_"),
            format!("np{}{}", "m_", &long[..36]),
            format!("AI{}{}", "za", &long[..35]),
            "password: hunter2hunter2".to_owned(),
            "--token=abcdef123456".to_owned(),
            "https://me:pass1@example.com".to_owned(),
        ] {
            assert!(secret(&bad).is_some(), "{bad}");
        }
        for good in [
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            "token=sha256:44136fa355b3678a",
            "e9b85e4de16ad45805843fb121748018cf89094b",
            "the token: application/vnd.example.v1",
            "password: ${PASSWORD}",
            "token: required by the registry",
            "application/vnd.example.secret.v1+json",
        ] {
            assert_eq!(secret(good), None, "{good}");
        }
    }
}

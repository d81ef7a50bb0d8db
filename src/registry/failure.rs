//! Why a registry did not give what it was asked for, in words that hold no secret.

use std::fmt;

use crate::source::text::{clip, visible};

/// Most characters of what a registry says that are shown.
const SHOWN: usize = 200;

/// Why a registry did not give what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of trouble it is.
    pub kind: Kind,
    message: String,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Wrong use: a reference, an address or an option that can not be followed.
    Usage,
    /// No connection, or one that broke.
    Connection,
    /// An address that may not be asked.
    Address,
    /// No answer in time.
    Timeout,
    /// The registry answered with this status.
    Status(u16),
    /// The registry demands credentials, or does not accept those that it got.
    Denied,
    /// Credentials that can not be had.
    Credentials,
    /// More bytes, pages or redirects than may be.
    Limit,
    /// Content that does not have the digest by which it was asked for or announced.
    Digest,
    /// An answer that is not what the distribution specification says.
    Answer,
    /// The registry leads elsewhere, where nothing may be fetched from.
    Redirect,
}

impl Failure {
    /// A failure; what strangers wrote is made harmless here.
    pub fn new(kind: Kind, message: impl AsRef<str>) -> Self {
        Self { kind, message: visible(message.as_ref()).into_owned() }
    }

    /// The registry answered with a status that is no success; of its body the code and the message are shown.
    pub(super) fn status(what: &str, status: u16, body: &[u8]) -> Self {
        let said = said(body).map(|said| format!(": {said}")).unwrap_or_default();
        let advice = match status {
            404 => "; it has no such thing, or does not show it without credentials",
            429 => "; it asks to come back later",
            _ => "",
        };
        Self::new(Kind::Status(status), format!("{what}: the registry answered {status}{said}{advice}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Code and message of the first error of a body
/// ([distribution-spec, error codes](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes)).
fn said(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let first = value.get("errors")?.get(0)?;
    let text = |name: &str| first.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    let said = match (text("code"), text("message")) {
        (Some(code), Some(message)) => format!("{code}, {message}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => return None,
    };
    Some(clip(&said, SHOWN).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_registry_says_is_short_and_harmless() {
        let body = format!(r#"{{"errors":[{{"code":"DENIED","message":"\u001b[31m{}"}}]}}"#, "x".repeat(5000));
        let failure = Failure::status("example.com/a:1", 403, body.as_bytes()).to_string();
        assert!(failure.starts_with("example.com/a:1: the registry answered 403: DENIED, \\u{1b}[31mxx"), "{failure}");
        assert!(failure.chars().count() < 300, "{failure}");
        for body in ["", "<html>secret</html>", "[]", r#"{"errors":{}}"#, r#"{"errors":[{"code":7}]}"#] {
            let failure = Failure::status("a", 500, body.as_bytes()).to_string();
            assert_eq!(failure, "a: the registry answered 500");
        }
    }
}

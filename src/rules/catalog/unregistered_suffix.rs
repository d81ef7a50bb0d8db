//! Structured suffixes that IANA has not registered.

use std::collections::BTreeSet;

use super::EntryView;
use super::media_types::{self, Form};
use super::text_checks::quoted;
use crate::catalog::model::{State, Tier};
use crate::finding::{Finding, declare_rule};
use crate::oci::media_type::{MediaType, SUFFIXES};
use crate::oci::well_known::{PLACEHOLDERS, is_generic};
use crate::shape::Part;

declare_rule! {
    /// A media type ends with a structured suffix that IANA has not registered.
    ///
    /// ## Why
    /// Behind the last `+` stands the syntax by which a program that does not know the type can still read it. A
    /// suffix that is not registered tells no program anything. Only active types of the tier `listed` are judged:
    /// what is verified is written by programs already.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.content.v1+lzma]
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.content.v1+lzma]
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/vnd.example.content.v1.tar+gzip]
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.content.v1.tar+gzip]
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## How to fix
    /// Nothing needs to change for a type that programs write already. For a new one, use a registered suffix, or a
    /// dot in the place of the `+`.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2.8](https://www.rfc-editor.org/rfc/rfc6838#section-4.2.8),
    /// [registered suffixes](https://www.iana.org/assignments/media-type-structured-suffix)
    pub static RULE = { id: "unregistered-suffix", level: Info, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    if view.entry.status.state != State::Active || view.entry.tier != Tier::Listed {
        return;
    }
    let mut seen = BTreeSet::new();
    media_types::in_structure(view.entry, &mut |pointer, text, form| {
        if is_generic(text) || PLACEHOLDERS.contains(&text) || !seen.insert(text) {
            return;
        }
        if let Some(suffix) = unregistered(text, form) {
            let message = format!("the suffix `+{suffix}` of {} is not registered", quoted(text));
            let help = format!("registered suffixes: {}", SUFFIXES.join(", "));
            findings.push(view.at(&RULE, pointer, Part::Value, message).help(help));
        }
    });
}

/// The suffix of a media type, when it is not registered.
fn unregistered(text: &str, form: Form) -> Option<String> {
    if form == Form::Pattern && text.ends_with('*') {
        return None;
    }
    let media_type = MediaType::parse(text).ok()?;
    // A registered suffix may itself hold a `+`, such as `eat+jwt`.
    let composite = SUFFIXES.iter().any(|suffix| media_type.subtype().ends_with(&format!("+{suffix}")));
    media_type.suffix().filter(|_| !composite).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_registered_is_named() {
        let suffix = |text| unregistered(text, Form::Pattern);
        assert_eq!(suffix("application/vnd.example+json"), None);
        assert_eq!(suffix("application/vnd.example"), None);
        assert_eq!(suffix("application/vnd.example.tar+*"), None);
        assert_eq!(suffix("application/vnd.example+tar").as_deref(), Some("tar"));
    }
}

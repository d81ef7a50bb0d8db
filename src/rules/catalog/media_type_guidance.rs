//! Media types that RFC 6838 advises against.

use std::collections::BTreeSet;

use super::EntryView;
use super::media_types::{self, Form};
use super::text_checks::quoted;
use crate::catalog::model::State;
use crate::finding::{Finding, declare_rule};
use crate::oci::media_type::{ADVISED_NAME, MediaType, TOP_LEVEL, Tree};
use crate::oci::well_known::{PLACEHOLDERS, is_generic};
use crate::shape::Part;

declare_rule! {
    /// A media type of one's own is longer than some programs keep, or stands outside of the registration trees.
    ///
    /// ## Why
    /// RFC 6838 warns that some implementations stop at 64 characters in a part. Names with `x-` or in the `x.` tree
    /// can never be registered, and a top-level type that IANA does not know is none for many libraries. Only the
    /// structure of active types is judged: what was written once stays as it is.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   layers:
    ///     - role: content
    ///       mediaTypes: [application/x-example-content]
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json, application/x-example-content]
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
    ///       mediaTypes: [application/vnd.example.content.v1]
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json, application/vnd.example.content.v1]
    ///     fact: The media types.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## How to fix
    /// For a new type, choose `application/vnd.<organisation>.<thing>.v1`. For one that programs write already,
    /// suppress the finding and name the program.
    ///
    /// ## Specification
    /// RFC 6838, [section 3](https://www.rfc-editor.org/rfc/rfc6838#section-3) on trees and
    /// [section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2) on length
    pub static RULE = { id: "media-type-guidance", level: Warning, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    if view.entry.status.state != State::Active {
        return;
    }
    let mut seen = BTreeSet::new();
    media_types::in_structure(view.entry, &mut |pointer, text, form| {
        if is_generic(text) || PLACEHOLDERS.contains(&text) || !seen.insert(text) {
            return;
        }
        for (message, help) in complaints(text, form) {
            findings.push(view.at(&RULE, pointer, Part::Value, message).help(help));
        }
    });
}

fn complaints(text: &str, form: Form) -> Vec<(String, &'static str)> {
    let text = if form == Form::Pattern { text.trim_end_matches(['*', '.', '+', '-']) } else { text };
    let Ok(media_type) = MediaType::parse(text) else { return Vec::new() };
    let shown = quoted(text);
    let mut complaints = Vec::new();
    for (part, name) in [(media_type.top_level(), "type"), (media_type.subtype(), "subtype")] {
        if part.len() > ADVISED_NAME {
            complaints.push((
                format!("the {name} of {shown} has {} characters, some programs keep {ADVISED_NAME}", part.len()),
                "choose a shorter name for a new media type",
            ));
        }
        if part.starts_with("x-") {
            complaints.push((format!("the {name} of {shown} begins with `x-`"), "choose a name in the `vnd.` tree"));
        }
    }
    if media_type.tree() == Tree::Unregistered {
        complaints.push((format!("{shown} stands in the unregistered tree `x.`"), "choose a name in the `vnd.` tree"));
    }
    if !TOP_LEVEL.contains(&media_type.top_level()) && !media_type.top_level().starts_with("x-") {
        let message = format!("`{}` in {shown} is no registered top-level type", media_type.top_level());
        complaints.push((message, "use `application`"));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_advice_is_given() {
        let count = |text: &str| complaints(text, Form::Whole).len();
        assert_eq!(count("application/vnd.example.v1"), 0);
        assert_eq!(count("application/x-example"), 1);
        assert_eq!(count("x-example/x.example"), 2);
        assert_eq!(count("archive/vnd.example"), 1);
        assert_eq!(count(&format!("application/vnd.{}", "a".repeat(61))), 1);
        assert_eq!(count(&format!("application/vnd.{}", "a".repeat(60))), 0);
        assert_eq!(complaints("application/vnd.example.*", Form::Pattern).len(), 0);
    }
}

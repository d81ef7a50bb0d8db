//! The one form in which a JSON value can be written so that everybody writes the same bytes.

use super::lint::Lint;
use super::parts::Document;
use crate::finding::{Rule, declare_rule};
use crate::source::tape::{Json, Kind};

declare_rule! {
    /// A document is not in canonical form.
    ///
    /// ## Why
    /// White space and the order of members mean nothing, but they change the digest. Programs that write documents
    /// canonically write the same content as the same bytes. It is only reported when it is asked for: a document that
    /// has a digest must never be written anew.
    ///
    /// ## Reported
    /// ```json reported whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {"manifests":[],"mediaType":"application/vnd.oci.image.index.v1+json","schemaVersion":2}
    /// ```
    ///
    /// ## How to fix
    /// Let the program that writes the documents use RFC 8785: members sorted by their names, no white space.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, considerations.md, canonicalization](https://github.com/opencontainers/image-spec/blob/v1.1.1/considerations.md#canonicalization),
    /// [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785)
    pub static JSON_CANONICAL_FORM =
        { id: "json-canonical-form", level: Info, since: "0.1.0", subject: Manifest, opt_in: true }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&JSON_CANONICAL_FORM];

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    if !lint.wants(&JSON_CANONICAL_FORM) {
        return;
    }
    let mut canonical = String::with_capacity(lint.text().len());
    write(document.json, &mut canonical);
    // A line end behind the document is no part of it for most programs.
    let text = lint.text().trim_end_matches('\n');
    if text != canonical {
        let same = text.bytes().zip(canonical.bytes()).take_while(|(a, b)| a == b).count();
        let message = format!("the document departs from its canonical form at byte {same}");
        lint.key(&JSON_CANONICAL_FORM, document.json, message)
            .help("let the program that writes it use RFC 8785; never write a document anew that has a digest")
            .done();
    }
}

fn write(value: Json<'_>, into: &mut String) {
    let separated = |into: &mut String, index: usize| {
        if index > 0 {
            into.push(',');
        }
    };
    match value.kind() {
        Kind::Object => {
            let mut members: Vec<Json<'_>> = value.members().collect();
            members.sort_by(|a, b| a.key().encode_utf16().cmp(b.key().encode_utf16()));
            into.push('{');
            for (index, member) in members.into_iter().enumerate() {
                separated(into, index);
                string(member.key(), into);
                into.push(':');
                write(member, into);
            }
            into.push('}');
        }
        Kind::Array => {
            into.push('[');
            for (index, element) in value.elements().enumerate() {
                separated(into, index);
                write(element, into);
            }
            into.push(']');
        }
        Kind::String => string(value.as_str().unwrap_or_default(), into),
        _ => into.push_str(value.written()),
    }
}

fn string(text: &str, into: &mut String) {
    // Text can always be written.
    into.push_str(&serde_json::to_string(text).unwrap_or_default());
}

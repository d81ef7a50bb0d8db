//! Every media type that an entry claims has a source.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::text_checks::quoted;
use super::{EntryView, scopes};
use crate::catalog::ArtifactType;
use crate::catalog::claims::claims;
use crate::catalog::predicate::{Field, Predicate};
use crate::finding::{Finding, declare_rule};
use crate::oci::media_type::normalise;
use crate::oci::well_known::{PLACEHOLDERS, is_generic};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// No source proves a media type that an entry claims.
    ///
    /// ## Why
    /// Lists of artifact types have carried media types that no program ever wrote. Here each one stands under
    /// `sources` with the place that defines it, so that everybody can check. Types that many artifacts share, such as
    /// OCI image layers, and the placeholders of ORAS need no proof.
    ///
    /// ## Reported
    /// ```yaml reported
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v2+json]
    ///     fact: The config.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///     fact: The config.
    ///     specification: https://example.com/specification
    /// ```
    ///
    /// ## How to fix
    /// Find the line of code or the section that defines it and add a source, or add the media type to the
    /// `mediaTypes` of the source that shows it.
    pub static RULE = { id: "unproved-media-type", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    // Where a source itself can not be read, nothing is known to be missing.
    let written = view.value.get("sources").and_then(|sources| sources.as_array()).map_or(0, Vec::len);
    if view.entry.sources.len() < written {
        return;
    }
    let proved: BTreeSet<Cow<'_, str>> =
        view.entry.sources.iter().flat_map(|source| &source.media_types).map(|text| normalise(text.into())).collect();
    let mut seen = BTreeSet::new();
    for (media_type, _) in claims(view.entry) {
        let name = normalise(media_type.into());
        if proved.contains(&name) || is_exempt(view.entry, &name) || !seen.insert(name) {
            continue;
        }
        let place = place(view, media_type);
        let message = format!("no source proves the media type {}", quoted(media_type));
        let finding = view.at(&RULE, &place, Part::Value, message);
        findings.push(finding.help("add it to the `mediaTypes` of the source that defines it under `sources`"));
    }
}

/// What needs no proof: types that many share, and the placeholders but in the entries that are recognised by them.
fn is_exempt(entry: &ArtifactType, media_type: &str) -> bool {
    is_generic(media_type) || PLACEHOLDERS.contains(&media_type) && !tests_placeholders(entry)
}

fn tests_placeholders(entry: &ArtifactType) -> bool {
    let mut found = false;
    scopes::walk(entry, &mut |part, _, scope| {
        if let Predicate::Test(test) = part {
            found |= !scope.negated
                && matches!(test.field, Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType);
        }
    });
    found
}

/// The first place at which the entry names a media type.
fn place(view: &EntryView<'_>, media_type: &str) -> Pointer {
    let mut place = None;
    view.each_text(&mut |pointer, text| {
        if place.is_none() && text == media_type {
            let top = pointer.keys().next().unwrap_or_default();
            if matches!(top.as_str(), "structure" | "identify" | "formerMediaTypes") {
                place = Some(pointer.clone());
            }
        }
    });
    place.unwrap_or_else(|| Pointer::root().key("sources"))
}

//! mime-db: custom types.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::material::is_of_a_tree;
use super::{Content, Exported, Order, declare_export};
use crate::catalog::claims::claims;
use crate::catalog::model::{ArtifactType, Place, Source};
use crate::oci::well_known::is_generic;

declare_export! {
    /// Media types in the form of the custom types of mime-db, with the sources that prove them.
    ///
    /// One member for each current media type of a chosen type for which the entry has a source: `notes` is the title and
    /// the place, `sources` are the addresses of the proof. What the entry says to be registered with IANA is left out, since
    /// mime-db takes that by itself; so are what many types share and the standards tree.
    ///
    /// ## How to use it
    /// It is material for a change of `src/custom-types.json` in mime-db: take the members that you can stand for, keep the
    /// order by name, and run its build.
    ///
    /// ```console
    /// $ oat export mime-db --select selection.yaml --out custom-types.json
    /// ```
    ///
    /// ## Traps
    /// - mime-db wants a primary source that lists the media type; a link to a catalog such as this one is not accepted.
    /// - There are no names of files: the catalog knows blobs of registries, not files.
    /// - `compressible` is left out where nothing shows it. mime-db adds it for known suffixes.
    /// - Data of mime-db changes without a new major version.
    ///
    /// What reads it here: the npm package `mime-db`: no member contradicts what it has, and each key is one that its README
    /// names.
    ///
    /// ## Source
    /// [The form, and what is accepted](https://github.com/jshttp/mime-db/blob/v1.54.0/README.md#direct-inclusion),
    /// [the file](https://github.com/jshttp/mime-db/blob/v1.54.0/src/custom-types.json),
    /// [how it is built](https://github.com/jshttp/mime-db/blob/v1.54.0/scripts/build.js)
    pub static MIME_DB = { id: "mime-db", title: "mime-db", versions: [], standing: Code, make: make }
}

#[derive(Serialize)]
struct Custom {
    notes: String,
    sources: BTreeSet<String>,
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let mut types: BTreeMap<String, Custom> = BTreeMap::new();
    for entry in order.chosen.entries() {
        for (media_type, claim) in claims(entry) {
            let registered = entry.iana.iter().any(|iana| iana.registered && iana.media_type == media_type);
            if claim.former || registered || is_generic(media_type) || !is_of_a_tree(media_type) {
                continue;
            }
            let sources: BTreeSet<String> = proofs(entry, media_type).collect();
            if sources.is_empty() {
                continue;
            }
            let notes = format!("{}, {}", entry.title, place(claim.place));
            let custom = types
                .entry(media_type.to_ascii_lowercase())
                .or_insert_with(|| Custom { notes, sources: BTreeSet::new() });
            custom.sources.extend(sources);
        }
    }
    let mut warnings = Vec::new();
    if types.is_empty() {
        warnings.push("no media type of a chosen type has a source and is not registered already".to_owned());
    }
    Ok(Exported::of([("custom-types.json", Content::json(types))], warnings))
}

fn place(place: Place) -> &'static str {
    match place {
        Place::ArtifactType => "type of the artifact",
        Place::Config => "config",
        Place::Layer => "layer",
        Place::Manifest => "manifest",
        Place::Child => "child of an index",
    }
}

/// Addresses of the sources that prove a media type.
fn proofs<'a>(entry: &'a ArtifactType, media_type: &'a str) -> impl Iterator<Item = String> + 'a {
    let proves = move |source: &&Source| source.media_types.iter().any(|one| one == media_type);
    entry.sources.iter().filter(proves).filter_map(address)
}

fn address(source: &Source) -> Option<String> {
    match (&source.repository, &source.path, &source.revision, &source.specification) {
        (Some(repository), Some(path), Some(revision), _) => {
            let separator = if repository.starts_with("https://gitlab.com/") { "/-/blob/" } else { "/blob/" };
            Some(format!("{repository}{separator}{revision}/{path}"))
        }
        (.., Some(specification)) => Some(specification.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn what_has_a_source_is_a_custom_type() {
        let made = made(&MIME_DB, "", &[]);
        assert_eq!(
            text(&made, "custom-types.json"),
            "{\n  \"application/vnd.example.sbom+json\": {\n    \"notes\": \"box-sbom, type of the artifact\",\n    \
             \"sources\": [\n      \"https://github.com/example/sbom/blob/v1.0.0/types.go\"\n    ]\n  }\n}\n"
        );
    }
}

//! Plain lists.

use super::material::{all_in_place, lines};
use super::{Exported, Order, declare_export};
use crate::catalog::model::Place;

declare_export! {
    /// Plain lists of media types, one a line: values of `artifactType`, types of configs, types of layers.
    ///
    /// `artifact-types.txt`, `config-types.txt` and `layer-types.txt` hold what the structure and the rules of the chosen
    /// types name in that place, and former media types. They are sorted and have neither comments nor empty lines.
    ///
    /// ## How to use it
    /// ```console
    /// $ oat export media-types --select selection.yaml --out lists
    /// $ jq -r '.artifactType // empty' manifest.json | grep -qFxf lists/artifact-types.txt
    /// ```
    ///
    /// ## Traps
    /// With an empty list `grep -f` matches nothing. Compare in lower case and without parameters: registries keep what was
    /// pushed. That a media type is in a list does not say which type a manifest is: many types borrow the config and the
    /// layers of container images, and `application/vnd.oci.empty.v1+json` is the config of most artifacts. Layers that only
    /// a pattern describes are in no list.
    ///
    /// ## Source
    /// [grep: -F, -x and -f](https://pubs.opengroup.org/onlinepubs/9799919799/utilities/grep.html),
    /// [manifest properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md)
    pub static MEDIA_TYPES = { id: "media-types", title: "Lists of media types", versions: [], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let list = |place| lines(all_in_place(order, place));
    let files = [
        ("artifact-types.txt", list(Place::ArtifactType)),
        ("config-types.txt", list(Place::Config)),
        ("layer-types.txt", list(Place::Layer)),
    ];
    Ok(Exported::of(files, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn lists_are_sorted_and_plain() {
        let made = made(&MEDIA_TYPES, "", &[]);
        assert_eq!(
            text(&made, "artifact-types.txt"),
            "application/vnd.example.model\napplication/vnd.example.sbom+json\n"
        );
        assert_eq!(
            text(&made, "layer-types.txt"),
            "application/vnd.example.box.layer\napplication/vnd.example.box.v1.tar+gzip\n\
             application/vnd.example.sbom+json\napplication/vnd.oci.image.layer.v1.tar+gzip\n"
        );
    }
}

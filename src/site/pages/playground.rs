//! The playground: what a pasted document is, said by the page itself.

use askama::Template;

use super::super::layout::{Layout, Section};
use super::super::{Error, Output, Site, paths};
use super::{frame, put};

/// Types of which the page offers a sample, in the order of its list.
const SAMPLES: [&str; 14] = [
    "oci-image",
    "oci-image-index",
    "docker-image",
    "helm-chart",
    "cosign-signature",
    "sigstore-bundle",
    "notation-signature",
    "spdx-sbom",
    "in-toto-attestation",
    "buildkit-attestation",
    "wasm-oci-artifact",
    "flux-artifact",
    "modelpack",
    "seccomp-profile",
];

#[derive(Template)]
#[template(path = "pages/playground.html")]
struct Playground<'a> {
    layout: Layout,
    samples: Vec<Sample<'a>>,
}

/// An example of the catalog that the page can open.
struct Sample<'a> {
    /// `<id>/<file>`, below `examples/`.
    path: String,
    /// Name of the type.
    title: &'a str,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "playground/index.html";
    let about = "Paste a manifest or an index and see which artifact type it is, and why. Nothing is uploaded.";
    let layout = frame(site, path, Section::Playground, "Playground", about);
    let samples = SAMPLES.iter().filter_map(|id| sample(site, id)).collect();
    put(out, path, &Playground { layout, samples })
}

/// The first example of a type that shows the type.
fn sample<'a>(site: &Site<'a>, id: &str) -> Option<Sample<'a>> {
    let entry = site.catalog.get(id)?;
    let example =
        entry.examples.iter().find(|example| example.expect.is_none() && paths::is_file_name(&example.file))?;
    Some(Sample { path: format!("{id}/{}", example.file), title: &entry.title })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::lookup::Lookup;

    #[test]
    fn every_sample_is_in_the_catalog() {
        let catalog = crate::catalog::embedded::catalog();
        let site = Site { catalog: &catalog, lookup: Lookup::new(&catalog), base: None };
        for id in SAMPLES {
            assert!(sample(&site, id).is_some(), "{id}");
        }
    }
}

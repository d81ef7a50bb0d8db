//! Archives of `docker save` that are no image layout: `manifest.json` names a config and layers by their paths.

use std::collections::BTreeSet;

use super::Job;
use super::layers::{self, CONFIG_DIFF_ID_CONTENT, Layers};
use crate::archive::Container;
use crate::finding::{Rule, declare_rule};
use crate::oci::hash::sha256;
use crate::rules::config;
use crate::rules::lint::{Lint, show};
use crate::rules::manifest::Origin;
use crate::source::tape::{Json, Memory, Tape};

declare_rule! {
    /// The config in a Docker archive does not have the digest that its name says.
    ///
    /// ## Why
    /// The name of the config is the id of the image. The content was damaged or exchanged, and `docker load` gives the
    /// image another id.
    ///
    /// ## How to fix
    /// Save the image again.
    ///
    /// ## Specification
    /// [Docker image specification 1.2, combined image JSON](https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md)
    pub static DOCKER_ARCHIVE_CONFIG_DIGEST =
        { id: "docker-archive-config-digest", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// The `manifest.json` of a Docker archive is not a list of images.
    ///
    /// ## Why
    /// `docker load` reads from it which config and which layers make an image; without it there is nothing to load.
    ///
    /// ## Reported
    /// ```json reported archive/manifest.json
    /// { "Config": "config.json", "Layers": [] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted archive/manifest.json
    /// [{ "Config": "config.json", "RepoTags": ["sample:1"], "Layers": ["layer.tar"] }]
    /// ```
    ///
    /// ## How to fix
    /// Write a list of objects with the text `Config` and the list of texts `Layers`.
    ///
    /// ## Specification
    /// [Docker image specification 1.3, image with its layers](https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md)
    pub static DOCKER_ARCHIVE_MANIFEST =
        { id: "docker-archive-manifest", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A Docker archive names a file that it does not hold.
    ///
    /// ## Why
    /// `docker load` fails half-way.
    ///
    /// ## Reported
    /// ```json reported archive/manifest.json
    /// [{ "Config": "config.json", "RepoTags": ["sample:1"], "Layers": ["other.tar"] }]
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted archive/manifest.json
    /// [{ "Config": "config.json", "RepoTags": ["sample:1"], "Layers": ["layer.tar"] }]
    /// ```
    ///
    /// ## How to fix
    /// Save the image again.
    ///
    /// ## Specification
    /// [Docker image specification 1.3, image with its layers](https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md)
    pub static DOCKER_ARCHIVE_MISSING_MEMBER =
        { id: "docker-archive-missing-member", level: Error, since: "0.1.0", subject: Layout }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] =
    &[&DOCKER_ARCHIVE_CONFIG_DIGEST, &DOCKER_ARCHIVE_MANIFEST, &DOCKER_ARCHIVE_MISSING_MEMBER];

/// What stands for the manifest that such an archive does not have: it says whose config it is.
const MANIFEST: &str = r#"{"config":{"mediaType":"application/vnd.docker.container.image.v1+json"}}"#;

pub(super) fn check(job: &mut Job<'_, '_>, container: &Container) {
    let Some(bytes) = job.layout.files.get("manifest.json").and_then(|file| file.bytes.as_deref()) else {
        job.member(&DOCKER_ARCHIVE_MANIFEST, "manifest.json", "it is not a list", "write a list of images");
        return;
    };
    let file = job.file("manifest.json");
    let origin = Origin { file: &file, index: 0, start: (0, 1) };
    job.report.documents += 1;
    let (document, problems) = crate::shape::Document::json(&file, 0, bytes, (0, 1));
    if !problems.is_empty() {
        job.report.sources.insert((std::sync::Arc::clone(&file), 0), document.source_text());
        job.report.findings.extend(problems);
    }
    let mut wanted = BTreeSet::new();
    job.text(origin, bytes, |_, _, root| {
        let paths = root.elements().filter_map(|image| image.get("Layers")).flat_map(Json::elements);
        wanted.extend(paths.filter_map(Json::as_str).map(str::to_owned));
    });
    job.layers = Layers::read(container, &wanted);
    job.text(origin, bytes, |job, lint, root| images(job, lint, root));
    let mut configs = BTreeSet::new();
    job.text(origin, bytes, |_, _, root| {
        configs.extend(root.elements().filter_map(|image| image.get_str("Config")).map(str::to_owned));
    });
    for path in configs {
        let Some(bytes) = job.layout.files.get(&path).and_then(|file| file.bytes.as_deref()) else { continue };
        let file = job.file(&path);
        let origin = Origin { file: &file, index: 0, start: (0, 1) };
        // In these archives the config is Docker's, whatever wrote it.
        let mut memory = Memory::default();
        let Ok(manifest) = Tape::read(MANIFEST, &mut memory) else { continue };
        let belongs = config::Belongs { manifest: Some(manifest.root()), descriptor: None, schema: None };
        let (findings, source) = config::lint(origin, bytes, belongs, job.linter.options);
        job.report.findings.extend(findings);
        job.report.sources.extend(source.map(|source| ((file, 0), source)));
    }
}

fn images<'t>(job: &Job<'_, '_>, lint: &mut Lint<'t>, root: Json<'t>) {
    let help = "write a list of objects with the text `Config` and the list of texts `Layers`";
    if !root.is_array() {
        lint.value(&DOCKER_ARCHIVE_MANIFEST, root, format!("it is {}, not a list of images", root.kind_name()))
            .help(help)
            .done();
        return;
    }
    for image in root.elements() {
        let config = image.get("Config").filter(|config| config.as_str().is_some());
        let layers = image.get("Layers").filter(|layers| layers.elements().all(|one| one.as_str().is_some()));
        let (Some(config), Some(layers)) = (config, layers.filter(|layers| layers.is_array())) else {
            lint.value(&DOCKER_ARCHIVE_MANIFEST, image, "an image without `Config` or `Layers`").help(help).done();
            continue;
        };
        let mut expected = Vec::new();
        if let Some(bytes) = member(job, lint, config) {
            let path = config.as_str().unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".json");
            let found = sha256(bytes);
            let id = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            if id && found != format!("sha256:{name}") {
                lint.value(&DOCKER_ARCHIVE_CONFIG_DIGEST, config, format!("the content has the digest `{found}`"))
                    .help("save the image again")
                    .done();
            }
            expected = layers::listed(bytes);
        }
        for (index, layer) in layers.elements().enumerate() {
            member(job, lint, layer);
            let Some(found) = layer.as_str().and_then(|path| job.layers.get(path)) else { continue };
            layers::content(lint, layer, found);
            if let (Some(expected), Some(found)) = (expected.get(index), &found.diff_id)
                && expected.starts_with("sha256:")
                && expected != found
            {
                let message = format!("the layer has the digest `{found}`, but the config says `{}`", show(expected));
                lint.value(&CONFIG_DIFF_ID_CONTENT, layer, message).help("save the image again").done();
            }
        }
    }
}

/// The content of a named member that may be a document; a missing one is reported.
fn member<'j, 't>(job: &Job<'j, '_>, lint: &mut Lint<'t>, path: Json<'t>) -> Option<&'j [u8]> {
    let name = path.as_str().unwrap_or_default();
    let file = job.layout.files.get(name);
    if file.is_none() && job.layout.failure.is_none() {
        lint.value(&DOCKER_ARCHIVE_MISSING_MEMBER, path, format!("there is no `{}` in the archive", show(name)))
            .help("save the image again")
            .done();
    }
    file.and_then(|file| file.bytes.as_deref())
}

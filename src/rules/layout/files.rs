//! The files that make a folder an image layout.

use super::Job;
use crate::finding::{Rule, declare_rule};
use crate::rules::lint::show;
use crate::rules::manifest::Origin;
use crate::shape::{Document, Part};
use crate::source::Pointer;

declare_rule! {
    /// A layout has no folder of blobs.
    ///
    /// ## Why
    /// Clients refuse a layout without it, even when there is no blob to put there.
    ///
    /// ## How to fix
    /// Make the folder `blobs`; it may be empty.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, content](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#content)
    pub static LAYOUT_BLOBS_DIR = { id: "layout-blobs-dir", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// The file `oci-layout` is not a JSON object.
    ///
    /// ## Why
    /// Clients read the version of the layout from it before they look at anything else.
    ///
    /// ## Reported
    /// ```json reported layout/oci-layout
    /// "1.0.0"
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted layout/oci-layout
    /// { "imageLayoutVersion": "1.0.0" }
    /// ```
    ///
    /// ## How to fix
    /// Write the object of the example.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, oci-layout file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file)
    pub static LAYOUT_FILE_OBJECT = { id: "layout-file-object", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A layout has no file `oci-layout`.
    ///
    /// ## Why
    /// It marks the folder as a layout; without it clients do not know what the folder is.
    ///
    /// ## How to fix
    /// Write `{"imageLayoutVersion":"1.0.0"}` into it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, content](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#content)
    pub static LAYOUT_FILE_REQUIRED = { id: "layout-file-required", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A layout has no `index.json`.
    ///
    /// ## Why
    /// It is the way into the layout: without it nobody finds a manifest among the blobs.
    ///
    /// ## How to fix
    /// Write an index with a descriptor for each manifest that the layout is about.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, index.json file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file)
    pub static LAYOUT_INDEX_REQUIRED = { id: "layout-index-required", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// The `index.json` of a layout is not an image index.
    ///
    /// ## Why
    /// Clients look for its list `manifests`; a manifest in its place is not found.
    ///
    /// ## How to fix
    /// Store the manifest as a blob, and write an index with its descriptor.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, content](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#content)
    pub static LAYOUT_INDEX_VALID = { id: "layout-index-valid", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// The version of a layout is none that exists.
    ///
    /// ## Why
    /// There is one version, 1.0.0. Clients refuse others.
    ///
    /// ## Reported
    /// ```json reported layout/oci-layout
    /// { "imageLayoutVersion": "1.1.0" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted layout/oci-layout
    /// { "imageLayoutVersion": "1.0.0" }
    /// ```
    ///
    /// ## How to fix
    /// Write `1.0.0`; the version of the layout is not that of the specification.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, oci-layout file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file)
    pub static LAYOUT_VERSION_KNOWN = { id: "layout-version-known", level: Warning, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// The file `oci-layout` does not tell the version of the layout.
    ///
    /// ## Why
    /// Clients read the version before they look at anything else, and refuse what has none.
    ///
    /// ## Reported
    /// ```json reported layout/oci-layout
    /// { "version": "1.0.0" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted layout/oci-layout
    /// { "imageLayoutVersion": "1.0.0", "note": "more members are legal" }
    /// ```
    ///
    /// ## How to fix
    /// Add `imageLayoutVersion` with the text `1.0.0`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, oci-layout file](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file)
    pub static LAYOUT_VERSION_REQUIRED =
        { id: "layout-version-required", level: Error, since: "0.1.0", subject: Layout }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &LAYOUT_BLOBS_DIR,
    &LAYOUT_FILE_OBJECT,
    &LAYOUT_FILE_REQUIRED,
    &LAYOUT_INDEX_REQUIRED,
    &LAYOUT_INDEX_VALID,
    &LAYOUT_VERSION_KNOWN,
    &LAYOUT_VERSION_REQUIRED,
];

pub(super) fn check(job: &mut Job<'_, '_>) {
    let layout = job.layout;
    // What a reader did not reach can not be missed.
    if !layout.has_blobs
        && layout.failure.is_none()
        && !["oci-layout", "index.json"].iter().any(|path| layout.files.contains_key(*path))
    {
        let message = "neither an image layout nor an archive of `docker save`: there is no `oci-layout`";
        job.member(&LAYOUT_FILE_REQUIRED, "", message, "give a layout, or a manifest");
        return;
    }
    let missing = |path: &str| !layout.files.contains_key(path) && layout.failure.is_none();
    if missing("oci-layout") {
        job.member(
            &LAYOUT_FILE_REQUIRED,
            "",
            "there is no `oci-layout`",
            "write `{\"imageLayoutVersion\":\"1.0.0\"}` into it",
        );
    }
    if missing("index.json") {
        job.member(&LAYOUT_INDEX_REQUIRED, "", "there is no `index.json`", "write an index of the manifests");
    }
    if !layout.has_blobs && layout.failure.is_none() {
        job.member(&LAYOUT_BLOBS_DIR, "", "there is no folder `blobs`", "make it; it may be empty");
    }
    marker(job);
    if let Some(bytes) = layout.files.get("index.json").and_then(|file| file.bytes.as_deref()) {
        let file = job.file("index.json");
        let origin = Origin { file: &file, index: 0, start: (0, 1) };
        job.text(origin, bytes, |_, lint, root| {
            let manifest = root.get("layers").or_else(|| root.get("config"));
            if let Some(member) = manifest.filter(|_| root.get("manifests").is_none()) {
                lint.key(&LAYOUT_INDEX_VALID, member, "`index.json` is a manifest, not an index")
                    .help("store the manifest as a blob, and list its descriptor in `manifests` of `index.json`")
                    .done();
            }
        });
    }
}

/// The file `oci-layout`.
fn marker(job: &mut Job<'_, '_>) {
    let Some(found) = job.layout.files.get("oci-layout") else { return };
    let file = job.file("oci-layout");
    let bytes = found.bytes.as_deref().unwrap_or(&found.head);
    let (document, problems) = Document::json(&file, 0, bytes, (0, 1));
    let Some(tree) = &document.tree else {
        job.report.sources.insert((file, 0), document.source_text());
        job.report.findings.extend(problems);
        return;
    };
    let version = tree.get("imageLayoutVersion");
    let at = |name| Pointer::root().key(name);
    let finding = if !matches!(tree.value, crate::source::Value::Object(_)) {
        let message = format!("`oci-layout` is {}", tree.kind());
        let help = "write `{\"imageLayoutVersion\":\"1.0.0\"}`";
        Some(document.finding(&LAYOUT_FILE_OBJECT, &Pointer::root(), Part::Value, message).help(help))
    } else if version.is_none_or(|version| version.as_str().is_none()) {
        let message = match version {
            None => "`imageLayoutVersion` is missing".to_owned(),
            Some(version) => format!("`imageLayoutVersion` is {}", version.kind()),
        };
        let pointer = at("imageLayoutVersion");
        let finding = document.finding(&LAYOUT_VERSION_REQUIRED, &pointer, Part::Value, message);
        Some(finding.help("write the text `1.0.0`"))
    } else {
        let version = version.and_then(crate::source::Node::as_str).unwrap_or_default();
        (version != "1.0.0").then(|| {
            let message = format!("`{}` is no version of the layout", show(version));
            let pointer = at("imageLayoutVersion");
            document.finding(&LAYOUT_VERSION_KNOWN, &pointer, Part::Value, message).help("write `1.0.0`")
        })
    };
    if finding.is_some() || !problems.is_empty() {
        job.report.sources.insert((file, 0), document.source_text());
    }
    job.report.findings.extend(problems);
    job.report.findings.extend(finding);
}

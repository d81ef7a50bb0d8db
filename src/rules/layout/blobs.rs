//! Blobs of a layout: their names, their content, and what descriptors say about them.

use std::collections::BTreeSet;

use super::{Job, descriptors};
use crate::finding::{Rule, declare_rule};
use crate::layout::{Document, blob_path};
use crate::oci::digest::is_digest;
use crate::rules::lint::{Lint, show};
use crate::source::tape::{Json, Memory, Tape};

declare_rule! {
    /// The name of a folder of blobs is no digest algorithm.
    ///
    /// ## Why
    /// Blobs are found as `blobs/ALGORITHM/ENCODED`; no digest leads to one below another name.
    ///
    /// ## How to fix
    /// Name the folder after the algorithm, such as `sha256`, in lower case.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, blobs](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs)
    pub static LAYOUT_BLOB_ALGORITHM_NAME =
        { id: "layout-blob-algorithm-name", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A blob does not have the digest that its name says.
    ///
    /// ## Why
    /// The content was damaged or exchanged. Clients that verify refuse it, those that do not run something else than
    /// what was signed.
    ///
    /// ## How to fix
    /// Fetch the blob again from where it came.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, blobs](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs)
    pub static LAYOUT_BLOB_DIGEST = { id: "layout-blob-digest", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// The name of a blob is not the encoded part of a digest.
    ///
    /// ## Why
    /// No digest leads to it: for `sha256` and `blake3` that is 64 lower-case hexadecimal digits, for `sha512` 128.
    ///
    /// ## How to fix
    /// Name the blob after the digest of its content, without the algorithm.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, blobs](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs)
    pub static LAYOUT_BLOB_ENCODED_NAME =
        { id: "layout-blob-encoded-name", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A descriptor points to a blob that the layout does not hold.
    ///
    /// ## Why
    /// That is legal: the blob may lie elsewhere. Clients that have only this layout can not use what needs the blob.
    ///
    /// ## How to fix
    /// Add the blob, unless the layout is meant to be incomplete.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, blobs](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs)
    pub static LAYOUT_BLOB_MISSING = { id: "layout-blob-missing", level: Warning, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A blob is not a plain file.
    ///
    /// ## Why
    /// A link or a device in the place of a blob makes a client read a file that lies outside of the layout.
    ///
    /// ## How to fix
    /// Put the content itself there.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, blobs](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs)
    pub static LAYOUT_BLOB_REGULAR_FILE =
        { id: "layout-blob-regular-file", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A blob is shorter or longer than its descriptor says.
    ///
    /// ## Why
    /// Clients stop reading at the size that they were told, and refuse content of another length.
    ///
    /// ## How to fix
    /// Write the size of the blob into the descriptor; that gives the document a new digest.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, descriptor.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties)
    pub static LAYOUT_BLOB_SIZE = { id: "layout-blob-size", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// No document of a layout points to a blob.
    ///
    /// ## Why
    /// That is legal and costs space. It is only reported when it is asked for.
    ///
    /// ## How to fix
    /// Remove the blob when nobody needs it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md, blobs](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs)
    pub static LAYOUT_BLOB_UNREFERENCED =
        { id: "layout-blob-unreferenced", level: Info, since: "0.1.0", subject: Layout, opt_in: true }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &LAYOUT_BLOB_ALGORITHM_NAME,
    &LAYOUT_BLOB_DIGEST,
    &LAYOUT_BLOB_ENCODED_NAME,
    &LAYOUT_BLOB_MISSING,
    &LAYOUT_BLOB_REGULAR_FILE,
    &LAYOUT_BLOB_SIZE,
    &LAYOUT_BLOB_UNREFERENCED,
];

/// Names and content of all blobs.
pub(super) fn check(job: &mut Job<'_, '_>, documents: &[Document<'_>]) {
    let layout = job.layout;
    for (path, file) in layout.files.iter().filter(|(path, _)| path.starts_with("blobs/")) {
        let Some((algorithm, encoded)) = path["blobs/".len()..].split_once('/') else { continue };
        let digest = format!("{algorithm}:{encoded}");
        if !is_digest(&digest) {
            // With a name in its place that fits every algorithm it is seen which of the two is wrong.
            if is_digest(&format!("{algorithm}:{}", "0".repeat(64)))
                || is_digest(&format!("{algorithm}:{}", "0".repeat(128)))
            {
                let message = format!("`{}` is no encoded digest of {algorithm}", show(encoded));
                job.member(&LAYOUT_BLOB_ENCODED_NAME, path, message, "name the blob after the digest of its content");
            } else {
                let message = format!("`{}` is no digest algorithm", show(algorithm));
                job.member(&LAYOUT_BLOB_ALGORITHM_NAME, path, message, "use an algorithm such as `sha256`");
            }
        } else if !file.regular {
            job.member(&LAYOUT_BLOB_REGULAR_FILE, path, "it is not a plain file", "put the content itself there");
        } else if let Some(found) = file.digest.as_ref().filter(|found| **found != digest) {
            let message = format!("the content has the digest `{found}`");
            job.member(&LAYOUT_BLOB_DIGEST, path, message, "fetch the blob again");
        }
    }
    if job.linter.options.level(&LAYOUT_BLOB_UNREFERENCED).is_some() {
        unreferenced(job, documents);
    }
}

fn unreferenced(job: &mut Job<'_, '_>, documents: &[Document<'_>]) {
    let mut referenced = BTreeSet::new();
    let mut memory = Memory::default();
    for document in documents {
        let text = std::str::from_utf8(document.bytes).unwrap_or_default();
        if let Ok(tape) = Tape::read(text, &mut memory) {
            let root = tape.root();
            let all = descriptors(root).chain(root.get("subject"));
            referenced.extend(all.filter_map(|descriptor| blob_path(descriptor.get_str("digest")?)));
        }
    }
    for path in job.layout.files.keys().filter(|path| path.starts_with("blobs/") && !referenced.contains(*path)) {
        job.member(&LAYOUT_BLOB_UNREFERENCED, path, "no document points to it", "remove it when nobody needs it");
    }
}

/// What the descriptors of a document say about blobs.
pub(super) fn references<'t>(job: &Job<'_, '_>, lint: &mut Lint<'t>, root: Json<'t>) {
    for descriptor in descriptors(root) {
        let Some(digest) = descriptor.get("digest") else { continue };
        let Some(path) = digest.as_str().and_then(blob_path) else { continue };
        let Some(file) = job.layout.files.get(&path) else {
            // Content that stands in the descriptor, or that may be had from an address, need not lie here.
            if job.layout.failure.is_none() && descriptor.get("data").is_none() && descriptor.get("urls").is_none() {
                lint.value(&LAYOUT_BLOB_MISSING, digest, format!("there is no `{path}` in the layout"))
                    .help("add the blob, unless the layout is meant to be incomplete")
                    .done();
            }
            continue;
        };
        let size = descriptor.get("size");
        if let Some((size, said)) = size.zip(size.and_then(Json::as_integer))
            && file.regular
            && u64::try_from(said).is_ok_and(|said| said != file.size)
        {
            lint.value(&LAYOUT_BLOB_SIZE, size, format!("the size is {said}, but the blob has {} bytes", file.size))
                .help(format!("write `{}`", file.size))
                .done();
        }
    }
}

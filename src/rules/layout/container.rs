//! What a folder or archive is as a whole: readable, without members that readers treat differently.

use super::Job;
use crate::finding::{Rule, declare_rule};
use crate::layout::{MAX_DEPTH, MAX_DOCUMENTS};
use crate::source::text::visible;

declare_rule! {
    /// A path stands twice in an archive.
    ///
    /// ## Why
    /// Readers that unpack keep the last member, readers that look for a name take the first. Two programs see two
    /// contents of one archive.
    ///
    /// ## How to fix
    /// Write the archive anew, each member once.
    ///
    /// ## Specification
    /// [POSIX, pax interchange format](https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_01)
    pub static ARCHIVE_DUPLICATE_MEMBER = {
        id: "archive-duplicate-member", level: Error, since: "0.1.0", subject: Layout,
    }
}

declare_rule! {
    /// The path of a member leads out of its archive.
    ///
    /// ## Why
    /// A program that unpacks the archive may write outside of the folder that it was given.
    ///
    /// ## How to fix
    /// Write the archive anew with relative paths that have no `..`.
    ///
    /// ## Specification
    /// [CVE-2024-3727](https://nvd.nist.gov/vuln/detail/CVE-2024-3727)
    pub static ARCHIVE_MEMBER_PATH = { id: "archive-member-path", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A layout reaches more documents than are read.
    ///
    /// ## Why
    /// More than 10,000 documents, or indexes nested deeper than 8 levels, are no image: they make readers run for
    /// ever. What lies beyond was not looked at.
    ///
    /// ## How to fix
    /// Split the layout.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file)
    pub static OVERSIZED_LAYOUT = { id: "oversized-layout", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// An archive or a member of it can not be read to its end.
    ///
    /// ## Why
    /// It is cut, damaged, not a tar archive, or grows to more than 200 times its size when it is unpacked. Nothing
    /// after that place was looked at.
    ///
    /// ## How to fix
    /// Write or download the archive again, and compare its digest.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, image-layout.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md)
    pub static UNREADABLE_ARCHIVE = { id: "unreadable-archive", level: Error, since: "0.1.0", subject: Layout }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] =
    &[&ARCHIVE_DUPLICATE_MEMBER, &ARCHIVE_MEMBER_PATH, &OVERSIZED_LAYOUT, &UNREADABLE_ARCHIVE];

/// Most findings of one rule for one archive.
const MOST: usize = 100;

pub(super) fn check(job: &mut Job<'_, '_>) {
    let layout = job.layout;
    if let Some(failure) = &layout.failure {
        job.member(&UNREADABLE_ARCHIVE, "", format!("it can not be read to its end: {failure}"), "write it again");
    }
    for path in layout.repeated.iter().take(MOST) {
        job.member(&ARCHIVE_DUPLICATE_MEMBER, path, "the path stands twice in the archive", "keep one of the members");
    }
    let leads_out = |path: &str| path.starts_with(['/', '\\']) || path.split(['/', '\\']).any(|part| part == "..");
    for path in layout.files.keys().filter(|path| leads_out(path)).take(MOST) {
        let message = format!("the path `{}` leads out of the archive", visible(path));
        job.member(&ARCHIVE_MEMBER_PATH, "", message, "remove the member");
    }
}

pub(super) fn too_large(job: &mut Job<'_, '_>) {
    let message = format!("more than {MAX_DOCUMENTS} documents, or indexes nested deeper than {MAX_DEPTH} levels");
    job.member(&OVERSIZED_LAYOUT, "index.json", message, "split the layout");
}

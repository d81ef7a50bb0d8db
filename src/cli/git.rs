//! The catalog of a git revision, read from the repository's objects: nothing is checked out and no file is written.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Failure;
use crate::catalog::{Catalog, texts};
use crate::source::text::{clip, visible};
use crate::source::yaml;

/// The folder of the entries, relative to the work folder.
const TYPES: &str = "types";
/// Most bytes of a file beside an entry.
const MAX_FILE_BYTES: u64 = 1 << 20;
/// Most files of a catalog.
const MAX_FILES: usize = 80_000;
/// Most bytes of all files.
const MAX_BYTES: u64 = 512 << 20;
/// Most bytes of the list of files.
const MAX_LIST_BYTES: u64 = 32 << 20;

/// A file of the revision.
struct Blob {
    /// Path below the folder of the entries.
    path: String,
    object: String,
    size: u64,
}

/// Reads the catalog that the work folder's `types` was at a revision.
pub(super) fn catalog(revision: &str, folder: &Path) -> Result<Catalog, Failure> {
    let blobs = list(revision, folder)?;
    let shown = visible(revision);
    if !blobs.iter().any(|blob| blob.path.ends_with("/type.yaml")) {
        return Err(Failure::new(format!("{shown}: no catalog: its `{TYPES}` holds no folders with a `type.yaml`")));
    }
    let files = read(&blobs, folder)?;
    texts::read(files).map_err(|error| {
        let path = visible(&error.path).into_owned();
        Failure::new(format!("{shown}:{TYPES}/{path}: {}", visible(&error.reason)))
    })
}

/// A child process that asks nobody and fetches nothing.
fn git(folder: &Path, arguments: &[&str]) -> Result<Child, Failure> {
    Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("`git` can not be run: {}", super::reason(&error))))
}

/// Ends a child whose output is not wanted any further; what it says of that is not asked.
fn stop(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// The files of `types` at a revision that entries have.
fn list(revision: &str, folder: &Path) -> Result<Vec<Blob>, Failure> {
    let types = format!("{TYPES}/");
    let mut child = git(folder, &["ls-tree", "-r", "-z", "-l", "--end-of-options", revision, &types])?;
    let errors = child.stderr.take();
    // A thread of its own, so that neither stream can block the other.
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        errors.map(|errors| errors.take(4096).read_to_end(&mut text));
        text
    });
    let mut listed = Vec::new();
    let output = child.stdout.take().map(|out| out.take(MAX_LIST_BYTES + 1).read_to_end(&mut listed));
    if listed.len() as u64 > MAX_LIST_BYTES || output.is_some_and(|output| output.is_err()) {
        stop(child);
        return Err(Failure::new(format!("{}: the list of its files is too long", visible(revision))));
    }
    let status = child.wait()?;
    let errors = errors.join().unwrap_or_default();
    if !status.success() {
        let errors = String::from_utf8_lossy(&errors);
        let first = errors.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
        return Err(Failure::new(format!("{}: git says: {}", visible(revision), visible(&clip(first, 300)))));
    }
    let blobs: Vec<Blob> = listed.split(|byte| *byte == 0).filter_map(blob).collect();
    let total = blobs.iter().map(|blob| blob.size).fold(0, u64::saturating_add);
    if blobs.len() > MAX_FILES || total > MAX_BYTES {
        return Err(Failure::new(format!("{}: its `{TYPES}` is too large", visible(revision))));
    }
    Ok(blobs)
}

/// A line of `git ls-tree -l`: `<mode> <type> <object> <size>\t<path>`. Only files that entries have: no links, no
/// modules, nothing deeper than `examples`.
fn blob(line: &[u8]) -> Option<Blob> {
    let line = std::str::from_utf8(line).ok()?;
    let (head, path) = line.split_once('\t')?;
    let mut head = head.split_ascii_whitespace();
    let (mode, kind, object, size) = (head.next()?, head.next()?, head.next()?, head.next()?.parse().ok()?);
    let path = path.strip_prefix(TYPES)?.strip_prefix('/')?;
    let mut steps = path.split('/');
    let known = match (steps.next(), steps.next(), steps.next(), steps.next()) {
        (Some(_), Some(_), None, None) => true,
        (Some(_), Some(folder), Some(_), None) => folder == "examples",
        _ => false,
    };
    let limit = if path.ends_with("/type.yaml") { yaml::MAX_BYTES as u64 + 1 } else { MAX_FILE_BYTES };
    let wanted = known && kind == "blob" && matches!(mode, "100644" | "100755") && size <= limit;
    wanted.then(|| Blob { path: path.to_owned(), object: object.to_owned(), size })
}

/// The content of files, one asked for at a time.
fn read(blobs: &[Blob], folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut child = git(folder, &["cat-file", "--batch"])?;
    drop(child.stderr.take());
    let files = match (child.stdin.take(), child.stdout.take()) {
        (Some(mut asks), Some(answers)) => {
            let mut answers = BufReader::with_capacity(1 << 16, answers);
            blobs
                .iter()
                .map(|blob| Ok((blob.path.clone(), content(blob, &mut asks, &mut answers)?)))
                .collect::<io::Result<_>>()
        }
        _ => Ok(BTreeMap::new()),
    };
    stop(child);
    files.map_err(|error| Failure::new(format!("`git cat-file` failed: {}", super::reason(&error))))
}

fn content(blob: &Blob, asks: &mut impl Write, answers: &mut impl BufRead) -> io::Result<Vec<u8>> {
    writeln!(asks, "{}", blob.object)?;
    asks.flush()?;
    let mut head = Vec::new();
    answers.by_ref().take(200).read_until(b'\n', &mut head)?;
    if head != format!("{} blob {}\n", blob.object, blob.size).as_bytes() {
        return Err(io::Error::other("an object is missing, or is not what the list says"));
    }
    let mut bytes = Vec::new();
    answers.by_ref().take(blob.size).read_to_end(&mut bytes)?;
    let mut end = [0];
    answers.read_exact(&mut end)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::blob;

    #[test]
    fn only_the_files_of_entries_are_read() {
        let line = |mode: &str, kind: &str, size: &str, path: &str| {
            blob(format!("{mode} {kind} 0123456789abcdef {size}\t{path}").as_bytes()).map(|blob| blob.path)
        };
        assert_eq!(line("100644", "blob", "    12", "types/a/type.yaml").as_deref(), Some("a/type.yaml"));
        assert_eq!(line("100644", "blob", "12", "types/a/examples/b.json").as_deref(), Some("a/examples/b.json"));
        for (mode, kind, size, path) in [
            ("120000", "blob", "12", "types/a/type.yaml"),
            ("160000", "commit", "-", "types/a/examples"),
            ("100644", "blob", "12", "types/README.md"),
            ("100644", "blob", "12", "types/a/other/b.json"),
            ("100644", "blob", "12", "types/a/examples/b/c.json"),
            ("100644", "blob", "99999999999", "types/a/icon.svg"),
            ("100644", "blob", "12", "other/a/type.yaml"),
        ] {
            assert_eq!(line(mode, kind, size, path), None, "{path}");
        }
    }
}

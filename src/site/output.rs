//! Where the files of a site go: each is given away as soon as it is made, so that no more than a few of them are in
//! memory. What later files tell of it is kept: its path, size and digest when programs download it, and its words
//! when the search has them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Error, search};
use crate::mapping;
use crate::oci::digest::Algorithm;
use crate::oci::hash::{Hasher, sha256};

/// Takes files: path below the root of the site, with forward slashes, and bytes. Several threads call it at a time, in
/// any order, once for each path.
pub trait Sink: Sync {
    /// Takes a file.
    ///
    /// # Errors
    ///
    /// When it can not.
    fn put(&self, path: &str, bytes: Cow<'_, [u8]>) -> io::Result<()>;

    /// Takes a file that is written piece by piece.
    ///
    /// # Errors
    ///
    /// When it can not, or when the content says so.
    fn stream(&self, path: &str, content: Content<'_>) -> io::Result<()> {
        let mut bytes = Vec::new();
        content(&mut bytes)?;
        self.put(path, bytes.into())
    }
}

/// Writes the content of a file.
pub type Content<'c> = &'c mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>;

/// Takes what is made, gives it away, and remembers what is to be told of it.
pub struct Output<'s> {
    sink: &'s dyn Sink,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    /// Every file; those that programs download with size and digest.
    files: BTreeMap<Box<str>, Option<Box<Download>>>,
    /// What the search has of the pages that no list names.
    passages: BTreeMap<Box<str>, Vec<search::Passage>>,
}

/// What is told of a file that programs download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Download {
    /// Size in bytes.
    pub(super) size: u64,
    /// `sha256:` and so on.
    pub(super) digest: Box<str>,
}

impl Download {
    /// Looks at a file.
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self { size: bytes.len() as u64, digest: sha256(bytes).into() }
    }
}

impl<'s> Output<'s> {
    /// An output into a sink.
    #[must_use]
    pub fn new(sink: &'s dyn Sink) -> Self {
        Self { sink, made: Mutex::default() }
    }

    /// Takes a file. One that is there already stays as it is.
    ///
    /// # Errors
    ///
    /// When the sink does not take it.
    pub fn put<'b>(&self, path: &str, bytes: impl Into<Cow<'b, [u8]>>) -> Result<(), Error> {
        let bytes = bytes.into();
        let download = is_download(path).then(|| Box::new(Download::new(&bytes)));
        if self.enter(path, download, search::passages(path, &bytes)) {
            return Ok(());
        }
        self.sink.put(path, bytes).map_err(|error| Error::Sink(path.to_owned(), error))
    }

    /// Takes a file that is written piece by piece, so that a large one is never in memory. Of a page, the search reads
    /// the beginning.
    ///
    /// # Errors
    ///
    /// When the sink does not take it, or when the content says so.
    pub fn stream(
        &self,
        path: &str,
        mut content: impl FnMut(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        let mut seen =
            Seen { hasher: is_download(path).then(|| Hasher::new(Algorithm::Sha256)), size: 0, beginning: Vec::new() };
        let content: Content<'_> = &mut |writer| {
            // Few writes, of any size, for what lies below.
            let mut writer = io::BufWriter::with_capacity(BUFFER, Tee { writer, seen: &mut seen });
            content(&mut writer)?;
            writer.flush()
        };
        self.sink.stream(path, content).map_err(|error| Error::Sink(path.to_owned(), error))?;
        let Seen { hasher, size, beginning } = seen;
        let download = hasher.map(|hasher| Box::new(Download { size, digest: hasher.finish().into() }));
        self.enter(path, download, search::passages(path, &beginning));
        Ok(())
    }

    /// Notes a file; says whether it was there.
    fn enter(&self, path: &str, download: Option<Box<Download>>, passages: Vec<search::Passage>) -> bool {
        let mut made = self.made();
        let known = made.files.insert(path.into(), download).is_some();
        if !known && !passages.is_empty() {
            made.passages.insert(path.into(), passages);
        }
        known
    }

    /// Number of files.
    #[must_use]
    pub fn count(&self) -> usize {
        self.made().files.len()
    }

    /// What is told of a file that programs download; `None` when there is none.
    pub(super) fn download(&self, path: &str) -> Option<Download> {
        self.made().files.get(path)?.as_deref().cloned()
    }

    /// Shows every file whose path begins in some way, sorted by path; an empty beginning stands for all.
    pub(super) fn below(&self, beginning: &str, mut show: impl FnMut(&str, Option<&Download>)) {
        let made = self.made();
        let files = made.files.range::<str, _>((Bound::Included(beginning), Bound::Unbounded));
        for (path, download) in files.take_while(|(path, _)| path.starts_with(beginning)) {
            show(path, download.as_deref());
        }
    }

    /// What the search has of the pages that were made, sorted by their paths.
    pub(super) fn passages(&self) -> Vec<search::Passage> {
        self.made().passages.values().flatten().cloned().collect()
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        // Nothing ends in the middle of a change.
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much of a file that is written piece by piece is written at a time.
const BUFFER: usize = 64 * 1024;

/// What is seen of a file while it is written.
struct Seen {
    hasher: Option<Hasher>,
    size: u64,
    /// The first buffer.
    beginning: Vec<u8>,
}

/// Looks at what is written on its way.
struct Tee<'w, 's> {
    writer: &'w mut dyn io::Write,
    seen: &'s mut Seen,
}

impl io::Write for Tee<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write_all(bytes)?;
        if self.seen.beginning.is_empty() {
            self.seen.beginning = bytes.to_vec();
        }
        self.seen.size += bytes.len() as u64;
        if let Some(hasher) = &mut self.seen.hasher {
            hasher.update(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Whether programs download a file: its digest is published.
fn is_download(path: &str) -> bool {
    ["api/", "conformance/", "examples/", "schemas/"].iter().any(|folder| path.starts_with(folder))
        || (path.starts_with("exports/") && !path.ends_with(".html"))
        || path == mapping::FILE
}

/// Files that are kept in memory, path to bytes.
#[derive(Debug, Default)]
pub struct Files(Mutex<BTreeMap<String, Vec<u8>>>);

impl Sink for Files {
    fn put(&self, path: &str, bytes: Cow<'_, [u8]>) -> io::Result<()> {
        let bytes = bytes.into_owned();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes);
        Ok(())
    }
}

impl Files {
    /// All that was taken.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_files_is_what_they_were() {
        let files = Files::default();
        let out = Output::new(&files);
        for (path, text) in
            [("api/b.json", "{}"), ("api/a.json", "[]"), ("api/a.json", "other"), ("apis.html", "<h1>x</h1>")]
        {
            out.put(path, text.as_bytes()).unwrap();
        }
        let pieces =
            |writer: &mut dyn io::Write| ["{", "}"].iter().try_for_each(|piece| writer.write_all(piece.as_bytes()));
        out.stream("api/d.json", pieces).unwrap();
        assert_eq!(out.count(), 4);
        assert_eq!(out.download("api/d.json"), out.download("api/b.json"));
        let digest = crate::oci::well_known::EMPTY_DIGEST.into();
        assert_eq!(out.download("api/b.json"), Some(Download { size: 2, digest }));
        assert_eq!((out.download("apis.html"), out.download("api/c.json")), (None, None));
        let mut seen = Vec::new();
        out.below("api/", |path, download| seen.push((path.to_owned(), download.is_some())));
        assert_eq!(seen, ["a", "b", "d"].map(|name| (format!("api/{name}.json"), true)));
        assert_eq!(out.passages(), [("apis.html".to_owned(), "x".to_owned(), String::new())]);
        assert_eq!(files.into_map()["api/a.json"], b"[]");
    }

    #[test]
    fn a_file_that_is_not_taken_ends_the_work() {
        struct Full;
        impl Sink for Full {
            fn put(&self, _: &str, _: Cow<'_, [u8]>) -> io::Result<()> {
                Err(io::Error::other("full"))
            }
        }
        let error = Output::new(&Full).put("a", &b""[..]).unwrap_err();
        assert_eq!(error.to_string(), "a: full");
        assert_eq!(Output::new(&Full).stream("a", |_| Ok(())).unwrap_err().to_string(), "a: full");
    }
}

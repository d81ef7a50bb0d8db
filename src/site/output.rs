//! Where the files of a site go: each is given away as soon as it is made, so that no more than a few of them are in
//! memory. What later files tell of it is kept: its path, size and digest when programs download it, and its words
//! when the search has them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Error, search};
use crate::mapping;
use crate::oci::hash::sha256;

/// Takes a file: path below the root of the site, with forward slashes, and bytes. Several threads call it at a time,
/// in any order, once for each path.
pub type Sink<'s> = dyn Fn(&str, Cow<'_, [u8]>) -> io::Result<()> + Sync + 's;

/// Takes what is made, gives it away, and remembers what is to be told of it.
pub struct Output<'s> {
    sink: &'s Sink<'s>,
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
    pub fn new(sink: &'s Sink<'s>) -> Self {
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
        let passages = search::passages(path, &bytes);
        {
            let mut made = self.made();
            if made.files.insert(path.into(), download).is_some() {
                return Ok(());
            }
            if !passages.is_empty() {
                made.passages.insert(path.into(), passages);
            }
        }
        (self.sink)(path, bytes).map_err(|error| Error::Sink(path.to_owned(), error))
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

/// Whether programs download a file: its digest is published.
fn is_download(path: &str) -> bool {
    ["api/", "conformance/", "examples/", "schemas/"].iter().any(|folder| path.starts_with(folder))
        || (path.starts_with("exports/") && !path.ends_with(".html"))
        || path == mapping::FILE
}

/// Files that are kept in memory, path to bytes.
#[derive(Debug, Default)]
pub struct Files(Mutex<BTreeMap<String, Vec<u8>>>);

impl Files {
    /// Takes a file.
    ///
    /// # Errors
    ///
    /// None; it is a sink, which may have some.
    pub fn put(&self, path: &str, bytes: Cow<'_, [u8]>) -> io::Result<()> {
        let bytes = bytes.into_owned();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes);
        Ok(())
    }

    /// All that was taken.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

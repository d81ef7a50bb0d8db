//! What reading the folders of entries gave, for who lints a catalog again and again: an entry whose files are the
//! same, byte for byte, is read and held against its rules once. The rules over all entries see all of them each time.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::examples::MAX_EXAMPLE_BYTES;
use super::{Options, ReadEntry, read_entry};
use crate::catalog::folder::Folder;

/// What an earlier lint read.
#[derive(Debug, Default)]
pub struct Memory {
    options: Option<Options>,
    folders: Mutex<BTreeMap<String, Arc<Remembered>>>,
}

/// An entry, and of what it was read.
#[derive(Debug)]
struct Remembered {
    content: Content,
    entry: ReadEntry,
}

/// All that an entry is read of.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    files: Vec<(String, Vec<u8>)>,
    strays: Vec<(String, &'static str)>,
}

impl Memory {
    /// Forgets everything when it was read for something else.
    pub(super) fn for_options(&mut self, options: Options) {
        if self.options != Some(options) {
            *self = Self { options: Some(options), folders: Mutex::default() };
        }
    }

    /// Reads an entry, or remembers it.
    pub(super) fn read(&self, folder: &Folder, options: Options) -> io::Result<ReadEntry> {
        let Some(content) = content(folder)? else { return read_entry(folder, options) };
        if let Some(known) = self.known(&folder.shown).filter(|known| known.content == content) {
            return Ok(known.entry.clone());
        }
        let entry = read_entry(folder, options)?;
        // Somebody may write while we read.
        if self::content(folder)?.is_some_and(|after| after == content) {
            let remembered = Arc::new(Remembered { content, entry: entry.clone() });
            self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.shown.clone(), remembered);
        }
        Ok(entry)
    }

    /// Forgets the folders that are no longer there.
    pub(super) fn keep(&mut self, folders: &[Folder]) {
        let there: BTreeSet<&str> = folders.iter().map(|folder| folder.shown.as_str()).collect();
        let known = self.folders.get_mut().unwrap_or_else(PoisonError::into_inner);
        known.retain(|shown, _| there.contains(shown.as_str()));
    }

    fn known(&self, shown: &str) -> Option<Arc<Remembered>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(shown).cloned()
    }
}

/// The files of a folder; `None` when one is so large that it is not read to its end.
fn content(folder: &Folder) -> io::Result<Option<Content>> {
    let mut files = Vec::with_capacity(folder.files.len());
    for file in &folder.files {
        let bytes = folder.read(&file.name, MAX_EXAMPLE_BYTES)?;
        if bytes.len() > MAX_EXAMPLE_BYTES {
            return Ok(None);
        }
        files.push((file.name.clone(), bytes));
    }
    Ok(Some(Content { files, strays: folder.strays.clone() }))
}

//! What reading the folders of entries gave, for who lints a catalog again and again: an entry whose files are the
//! same, byte for byte, is read and held against its rules once, and its examples are checked once while nothing
//! changes by which they are judged. The rules over all entries see all of them each time.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::examples::{self, Found, MAX_EXAMPLE_BYTES};
use super::{Options, ReadEntry, read_entry, slim};
use crate::catalog::ArtifactType;
use crate::catalog::folder::Folder;
use crate::identify::Identifier;

/// What an earlier lint read.
#[derive(Debug, Default)]
pub struct Memory {
    options: Option<Options>,
    folders: Mutex<BTreeMap<String, Arc<Remembered>>>,
    /// The entries as the examples were judged by them, in the order of the folders.
    judges: Vec<ArtifactType>,
    /// What the examples of a folder showed, with the folder's position and of what it was read.
    examples: BTreeMap<String, (usize, Arc<Remembered>, Found)>,
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
            *self = Self { options: Some(options), ..Self::default() };
        }
    }

    /// Reads an entry, or remembers it. One that nobody touched is not looked at.
    pub(super) fn read(&self, folder: &Folder, options: Options, touched: bool) -> io::Result<ReadEntry> {
        if !touched && let Some(known) = self.known(&folder.shown).filter(|known| known.content.is_listed(folder)) {
            return Ok(known.entry.clone());
        }
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

    /// Checks examples, or remembers what they showed: an example is judged by the rules and structures of all entries,
    /// so that nothing is remembered when one of these changed.
    pub(super) fn examples(
        &mut self,
        entries: &[ArtifactType],
        folders: &[Folder],
        identifier: &Identifier,
    ) -> io::Result<Vec<Found>> {
        // Judged by nothing else, it can not depend on anything else.
        let judges: Vec<ArtifactType> = entries.iter().map(|entry| judge(entry.clone())).collect();
        if judges != self.judges {
            self.examples.clear();
        }
        let known = |at: usize| {
            let folder = &folders[at];
            let (position, of, found) = self.examples.get(&folder.shown)?;
            let same = *position == at && self.known(&folder.shown).is_some_and(|now| Arc::ptr_eq(&now, of));
            same.then(|| found.clone())
        };
        let found = examples::check_all(&judges, folders, identifier, known)?;
        let mut remembered = BTreeMap::new();
        for (at, (folder, found)) in folders.iter().zip(&found).enumerate() {
            let Some(known) = self.known(&folder.shown) else { continue };
            let before = self.examples.get(&folder.shown).is_some_and(|(_, of, _)| Arc::ptr_eq(&known, of));
            // Somebody may write while we read.
            if before || content(folder)?.is_some_and(|after| after == known.content) {
                remembered.insert(folder.shown.clone(), (at, known, found.clone()));
            }
        }
        self.judges = judges;
        self.examples = remembered;
        Ok(found)
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

impl Content {
    /// Whether a folder lists these files, of these sizes.
    fn is_listed(&self, folder: &Folder) -> bool {
        let listed = folder.files.iter().map(|file| (&file.name, file.size));
        self.files.iter().map(|(name, bytes)| (name, bytes.len() as u64)).eq(listed) && self.strays == folder.strays
    }
}

/// An entry without what its own and others' examples are not judged by.
fn judge(entry: ArtifactType) -> ArtifactType {
    ArtifactType { title: String::new(), ..slim(entry) }
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

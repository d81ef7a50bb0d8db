//! The catalog on disk: one folder per entry, walked in sorted order without following links.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::parallel::in_parallel;

/// A folder of `types/`, and what is in it.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its name, which must be the id of the entry.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// How messages call it: relative, with forward slashes.
    pub shown: String,
    /// Regular files in it, sorted by relative path.
    pub files: Vec<FolderFile>,
    /// What is neither a regular file nor a folder that entries have, with the reason; sorted.
    pub strays: Vec<(String, &'static str)>,
}

/// A regular file of a folder.
#[derive(Debug, Clone)]
pub struct FolderFile {
    /// Path below the folder, with forward slashes.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
}

/// A catalog on disk.
#[derive(Debug, Clone, Default)]
pub struct CatalogFolder {
    /// Folders of entries, sorted by name.
    pub folders: Vec<Folder>,
    /// What in `types/` itself is no folder of an entry, with the reason; shown paths, sorted.
    pub strays: Vec<(String, &'static str)>,
}

/// Most files that a catalog may have.
const MAX_FILES: usize = 80_000;

impl Folder {
    /// Whether a file is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.files.binary_search_by(|file| file.name.as_str().cmp(name)).is_ok()
    }

    /// Reads a file of the folder, at most `limit` bytes and one more, so that too large is seen and bounded.
    ///
    /// # Errors
    ///
    /// When the file can not be read.
    pub fn read(&self, name: &str, limit: usize) -> io::Result<Vec<u8>> {
        read_bounded(&self.path.join(name), limit)
    }

    /// How messages call a file of the folder.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }
}

/// Reads a file, at most `limit` bytes and one more, so that too large is seen and bounded.
///
/// # Errors
///
/// When the file can not be read.
pub fn read_bounded(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let mut bytes = Vec::with_capacity(2048);
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Lists a catalog: `types` is the folder that holds the entries' folders, `shown` how messages call it.
///
/// # Errors
///
/// When a folder can not be read, or the catalog has more files than a catalog may have.
pub fn list(types: &Path, shown: &str) -> io::Result<CatalogFolder> {
    let mut strays = Vec::new();
    let mut found = Vec::new();
    for (name, path, kind) in sorted(types)? {
        let shown = if shown.is_empty() { name.clone() } else { format!("{shown}/{name}") };
        match kind {
            Kind::Folder => found.push((name, path, shown)),
            Kind::File(_) if name == "README.md" => {}
            Kind::File(_) => strays.push((shown, "a file beside the folders of entries")),
            Kind::Other(reason) => strays.push((shown, reason)),
        }
    }
    let count = AtomicUsize::new(0);
    let folders = in_parallel(found.len(), |at| {
        let (name, path, shown) = &found[at];
        if count.load(Ordering::Relaxed) <= MAX_FILES {
            let folder = folder(name.clone(), path.clone(), shown.clone())?;
            let files = folder.files.len() + folder.strays.len();
            if count.fetch_add(files, Ordering::Relaxed) + files <= MAX_FILES {
                return Ok(folder);
            }
        }
        Err(io::Error::other(format!("the catalog has more than {MAX_FILES} files")))
    });
    Ok(CatalogFolder { folders: folders.into_iter().collect::<io::Result<_>>()?, strays })
}

/// The folder of one entry.
///
/// # Errors
///
/// When it can not be read.
pub fn single(path: &Path, shown: &str) -> io::Result<Folder> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    folder(name, path.to_owned(), shown.to_owned())
}

fn folder(name: String, path: PathBuf, shown: String) -> io::Result<Folder> {
    let mut files = Vec::new();
    let mut strays = Vec::new();
    for (entry, entry_path, kind) in sorted(&path)? {
        match kind {
            Kind::File(size) => files.push(FolderFile { name: entry, size }),
            Kind::Folder if entry == "examples" => {
                for (file, _, kind) in sorted(&entry_path)? {
                    let file = format!("examples/{file}");
                    match kind {
                        Kind::File(size) => files.push(FolderFile { name: file, size }),
                        Kind::Folder => strays.push((file, "a folder within `examples`")),
                        Kind::Other(reason) => strays.push((file, reason)),
                    }
                }
            }
            Kind::Folder => strays.push((entry, "a folder that entries do not have")),
            Kind::Other(reason) => strays.push((entry, reason)),
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Folder { name, path, shown, files, strays })
}

enum Kind {
    File(u64),
    Folder,
    Other(&'static str),
}

fn sorted(path: &Path) -> io::Result<Vec<(String, PathBuf, Kind)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let file_type = entry.file_type()?;
        let kind = if file_type.is_dir() {
            Kind::Folder
        } else if file_type.is_file() {
            Kind::File(entry.metadata()?.len())
        } else if file_type.is_symlink() {
            Kind::Other("a symbolic link")
        } else {
            Kind::Other("neither a file nor a folder")
        };
        let name = match entry.file_name().into_string() {
            Ok(name) => name,
            Err(name) => name.to_string_lossy().into_owned(),
        };
        entries.push((name, entry.path(), kind));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

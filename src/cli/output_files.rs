//! Writing the output whole or not at all.
//!
//! Everything is written into a fresh folder beside the target as it is made, synced once, and exchanged with the
//! target in one step. A crash at any moment leaves the old output or the new one, and at most a folder that the next run removes.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Failure, catalogs};
use crate::site::{Content, Sink};

/// The file by which a build knows its own output.
pub(super) const MARKER: &str = ".oat-build";
const MARKER_TEXT: &str = "This folder is made by `oat build`, which replaces it as a whole.\n";

/// Refuses a target that is not ours to replace.
pub(super) fn refuse(out: &Path, catalog: Option<&Path>) -> Result<(), Failure> {
    let shown = catalogs::shown(out);
    match fs::symlink_metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::path(out, &error)),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(Failure::new(format!("{shown}: not a folder; give another `--out`")));
        }
        Ok(_) => {
            let mut entries = fs::read_dir(out).map_err(|error| Failure::path(out, &error))?;
            if !out.join(MARKER).is_file() && entries.next().is_some() {
                return Err(Failure::new(format!(
                    "{shown}: the folder holds files that no earlier build made; remove it or give another `--out`"
                )));
            }
        }
    }
    if let Some(types) = catalog {
        let absolute = |path: &Path| std::path::absolute(path).map_err(|error| Failure::path(path, &error));
        if absolute(out)?.starts_with(absolute(types)?) {
            return Err(Failure::new(format!("{shown}: the output must not lie within the catalog")));
        }
    }
    Ok(())
}

/// A fresh folder beside the target. It is filled file by file and takes the target's place as a whole, or is removed.
pub(super) struct Staging<'o> {
    /// The target as the user named it, for messages.
    out: &'o Path,
    target: PathBuf,
    fresh: tempfile::TempDir,
}

impl<'o> Staging<'o> {
    /// Makes the folder, and removes what crashed runs left.
    pub(super) fn beside(out: &'o Path) -> Result<Self, Failure> {
        let target = std::path::absolute(out).map_err(|error| Failure::path(out, &error))?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(Failure::new(format!("{}: not a folder that can be replaced", catalogs::shown(out))));
        };
        let fail = |error: io::Error| Failure::path(out, &error);
        fs::create_dir_all(parent).map_err(fail)?;
        let prefix = format!(".{}.oat-", name.to_string_lossy());
        sweep(parent, &prefix);
        let fresh = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent).map_err(fail)?;
        let staging = Self { out, target, fresh };
        staging.put(MARKER, MARKER_TEXT.as_bytes().into()).map_err(fail)?;
        Ok(staging)
    }

    /// Writes a file piece by piece.
    pub(super) fn write(
        &self,
        path: &str,
        content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let written = self.create(path).and_then(|file| buffered(file, content));
        written.map_err(|error| Failure::path(self.out, &error))
    }

    /// Makes a file that is not there yet.
    fn create(&self, path: &str) -> io::Result<fs::File> {
        let path = self.fresh.path().join(path);
        // The folder of an `index.html` is most likely not there yet.
        if path.ends_with("index.html") {
            make_folder(&path)?;
        }
        match fs::File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_folder(&path)?;
                fs::File::create_new(&path)
            }
            file => file,
        }
    }

    /// Puts the folder in the target's place.
    pub(super) fn publish(self) -> Result<(), Failure> {
        let fail = |error: io::Error| Failure::path(self.out, &error);
        open_to_readers(self.fresh.path()).map_err(fail)?;
        sync(self.fresh.path()).map_err(fail)?;
        exchange(self.fresh, &self.target).map_err(fail)
    }
}

impl Sink for Staging<'_> {
    fn put(&self, path: &str, bytes: Cow<'_, [u8]>) -> io::Result<()> {
        self.create(path)?.write_all(&bytes)
    }

    fn stream(&self, path: &str, content: Content<'_>) -> io::Result<()> {
        content(&mut self.create(path)?)
    }
}

/// Makes the folder of a file.
fn make_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Removes what crashed runs left: folders of our prefix, whatever of them is still there.
fn sweep(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(prefix);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A temporary folder is closed to others; the output is to be read.
#[cfg(unix)]
fn open_to_readers(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_readers(_: &Path) -> io::Result<()> {
    Ok(())
}

/// One sync of the file system that holds the folder.
#[cfg(target_os = "linux")]
fn sync(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs::File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync(folder: &Path) -> io::Result<()> {
    match fs::File::open(folder) {
        Ok(folder) => folder.sync_all(),
        // Some systems open no folders as files.
        Err(_) => Ok(()),
    }
}

/// Puts the fresh folder in the target's place, in one step where the system has one.
fn exchange(fresh: tempfile::TempDir, target: &Path) -> io::Result<()> {
    if !target.exists() {
        let path = fresh.keep();
        return fs::rename(&path, target).inspect_err(|_| drop(fs::remove_dir_all(&path)));
    }
    if exchange_at_once(fresh.path(), target)? {
        // The old output is now in the temporary folder, which is removed with it.
        return fresh.close();
    }
    let old = PathBuf::from(format!("{}.old", fresh.path().display()));
    let path = fresh.keep();
    fs::rename(target, &old)?;
    if let Err(error) = fs::rename(&path, target) {
        // Back to the old output.
        fs::rename(&old, target)?;
        let _ = fs::remove_dir_all(&path);
        return Err(error);
    }
    fs::remove_dir_all(old)
}

#[cfg(target_os = "linux")]
fn exchange_at_once(fresh: &Path, target: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, fresh, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // Some file systems can not.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange_at_once(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Replaces one file as a whole.
pub(super) fn write_file(
    path: &Path,
    content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let fail = |error: io::Error| Failure::path(path, &error);
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".oat-").tempfile_in(parent).map_err(fail)?;
    buffered(&mut file, content).map_err(fail)?;
    open_file_to_readers(file.as_file()).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist(path).map_err(|error| Failure::path(path, &error.error))?;
    Ok(())
}

/// Few writes for many small pieces.
fn buffered(file: impl io::Write, content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    let mut writer = io::BufWriter::new(file);
    content(&mut writer)?;
    writer.flush()
}

#[cfg(unix)]
fn open_file_to_readers(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_file_to_readers(_: &fs::File) -> io::Result<()> {
    Ok(())
}

//! Repairs: the edits that findings carry, made in the files that people keep by hand.
//!
//! Only entries are edited. A manifest has a digest that others refer to: whatever is repaired in it is another one.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{Failure, catalogs};
use crate::finding::{Edit, Finding};

/// What was repaired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Repaired {
    /// Findings that are no more.
    pub findings: usize,
    /// Files that were written.
    pub files: usize,
}

/// Makes the edits of findings about `type.yaml` files; those that overlap an earlier one wait for the next round.
///
/// # Errors
///
/// When a file can not be written. Each file is exchanged as a whole.
pub(super) fn apply(findings: &[Finding], path_of: impl Fn(&str) -> Option<PathBuf>) -> Result<Repaired, Failure> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !finding.fix.is_empty() && finding.file.ends_with("type.yaml")) {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    let mut repaired = Repaired::default();
    for (file, findings) in by_file {
        let Some(path) = path_of(file) else { continue };
        let fail = |error: std::io::Error| Failure::path(&path, &error);
        let text = fs::read_to_string(&path).map_err(fail)?;
        let (edited, made) = edit(&text, findings.iter().map(|finding| finding.fix.as_slice()));
        if made == 0 {
            continue;
        }
        replace(&path, &edited)?;
        repaired.findings += made;
        repaired.files += 1;
    }
    Ok(repaired)
}

/// A text with the edits of each fix that touches nothing that an earlier fix touched; and the number of fixes made.
fn edit<'a>(text: &str, fixes: impl Iterator<Item = &'a [Edit]>) -> (String, usize) {
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut made = 0;
    for fix in fixes {
        let fits = |edit: &&Edit| {
            let end = edit.offset + edit.length;
            text.get(edit.offset..end).is_some()
                && chosen.iter().all(|other| end < other.offset || edit.offset > other.offset + other.length)
        };
        if fix.iter().filter(fits).count() == fix.len() {
            chosen.extend(fix);
            made += 1;
        }
    }
    chosen.sort_by_key(|edit| edit.offset);
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in chosen {
        edited.push_str(&text[at..edit.offset]);
        edited.push_str(&edit.text);
        at = edit.offset + edit.length;
    }
    edited.push_str(&text[at..]);
    (edited, made)
}

/// Exchanges a file in one step, with the permissions that it had.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |error: std::io::Error| Failure::path(path, &error);
    if !fs::symlink_metadata(path).map_err(fail)?.is_file() {
        return Err(Failure::new(format!("{}: not a plain file, which `--fix` leaves alone", catalogs::shown(path))));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut fresh = tempfile::Builder::new().prefix(".type.yaml.oat-").tempfile_in(folder).map_err(fail)?;
    fresh.write_all(text.as_bytes()).map_err(fail)?;
    fresh.as_file().set_permissions(fs::metadata(path).map_err(fail)?.permissions()).map_err(fail)?;
    fresh.as_file().sync_all().map_err(fail)?;
    fresh.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_that_touch_each_other_wait() {
        let one = |offset, length, text: &str| vec![Edit { offset, length, text: text.to_owned() }];
        let fixes = [one(0, 1, "A"), one(4, 1, "E"), one(4, 2, "x"), one(99, 1, "y"), one(2, 0, "-")];
        assert_eq!(edit("abcdef", fixes.iter().map(Vec::as_slice)), ("Ab-cdEf".to_owned(), 3));
        let both = [vec![one(0, 1, "A").remove(0), one(99, 1, "y").remove(0)]];
        assert_eq!(edit("abc", both.iter().map(Vec::as_slice)), ("abc".to_owned(), 0));
    }
}

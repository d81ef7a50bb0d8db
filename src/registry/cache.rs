//! Documents by their digests in a folder, so that a second look at a registry costs one request a tag.
//!
//! What is read is compared with its digest, so that a file that is cut off, or that somebody changed, counts as none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::Repository;
use crate::oci::digest::Algorithm;
use crate::oci::hash::{digest as digest_of, sha256};

/// Largest document that is kept, and largest list of tags.
const MAX_BYTES: u64 = 4 << 20;

/// A folder of documents and of what tags led to.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in a folder, which need not exist.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The document of a digest.
    #[must_use]
    pub fn get(&self, digest: &str) -> Option<Vec<u8>> {
        let bytes = read(&self.document(digest)?)?;
        let found = digest_of(digest.split(':').next()?, &bytes)?;
        (found == digest).then_some(bytes)
    }

    /// Keeps a document. What can not be kept is fetched again another time: that is no failure.
    pub fn put(&self, digest: &str, bytes: &[u8]) {
        let Some(path) = self.document(digest) else { return };
        if bytes.len() as u64 > MAX_BYTES || path.exists() {
            return;
        }
        if fs::write(&path, bytes).is_err() && path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_ok()) {
            let _ = fs::write(&path, bytes);
        }
    }

    /// What the tags of a repository led to when they were last looked at.
    #[must_use]
    pub fn tags(&self, repository: &Repository) -> BTreeMap<String, String> {
        let text = read(&self.list(repository)).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        // Later lines are newer; a last one that was cut off has no digest.
        let pair = |line: &str| {
            let (tag, digest) = line.split_once(' ')?;
            Algorithm::of_digest(digest)?;
            Some((tag.to_owned(), digest.to_owned()))
        };
        text.lines().filter_map(pair).collect()
    }

    /// Notes what tags of a repository lead to.
    pub fn note(&self, repository: &Repository, tags: &BTreeMap<String, String>) {
        let path = self.list(repository);
        let Some(folder) = path.parent() else { return };
        if fs::create_dir_all(folder).is_err() {
            return;
        }
        let mut lines = String::new();
        for (tag, digest) in tags {
            let _ = writeln!(lines, "{tag} {digest}");
        }
        // A list that is cut off counts as far as it goes.
        let _ = fs::write(path, lines);
    }

    /// Where a document is kept; only well-formed digests have a place.
    fn document(&self, digest: &str) -> Option<PathBuf> {
        Algorithm::of_digest(digest)?;
        let (algorithm, encoded) = digest.split_once(':')?;
        Some(self.folder.join(algorithm).join(encoded.get(..2)?).join(encoded))
    }

    /// Where the tags of a repository are kept: by a digest of its name, which may hold anything.
    fn list(&self, repository: &Repository) -> PathBuf {
        let name = sha256(repository.written().as_bytes());
        self.folder.join("tags").join(name.trim_start_matches("sha256:"))
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let small = fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MAX_BYTES);
    if small { fs::read(path).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        let digest = sha256(b"{}");
        assert_eq!(cache.get(&digest), None);
        cache.put(&digest, b"{}");
        assert_eq!(cache.get(&digest).as_deref(), Some(&b"{}"[..]));
        fs::write(cache.document(&digest).unwrap(), "{").unwrap();
        assert_eq!(cache.get(&digest), None);
        for odd in ["", "sha256:../../x", "md5:00", "sha256:0"] {
            cache.put(odd, b"x");
            assert_eq!(cache.get(odd), None, "{odd}");
        }
    }

    #[test]
    fn tags_are_noted_for_each_repository() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let repository = |name: &str| Repository { registry: "a".to_owned(), name: name.to_owned() };
        let tags = BTreeMap::from([("1".to_owned(), sha256(b"1")), ("2".to_owned(), sha256(b"2"))]);
        cache.note(&repository("x"), &tags);
        assert_eq!(cache.tags(&repository("x")), tags);
        assert!(cache.tags(&repository("y")).is_empty());
        fs::write(cache.list(&repository("x")), format!("1 {}\n2 sha256:12", sha256(b"1"))).unwrap();
        assert_eq!(cache.tags(&repository("x")).len(), 1, "a list that was cut off");
    }
}

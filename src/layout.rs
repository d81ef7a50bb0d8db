//! OCI image layouts and archives of `docker save`, read from a folder or a tar in one pass.
//!
//! Every blob is hashed as it goes by; only what may be a document is kept. What layers hold is read in a second pass
//! by those who want it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use crate::archive::{Container, Kind, Member};
use crate::oci::digest::Algorithm;
use crate::oci::hash::Hasher;
use crate::oci::well_known as known;
use crate::source::Pointer;
use crate::source::tape::{Json, Memory, Tape};

/// Largest document that is kept, in bytes.
const MAX_DOCUMENT: usize = crate::shape::MAX_JSON_BYTES;
/// Bytes of all documents that are kept.
const MAX_KEPT: usize = 64 << 20;
/// Most documents that are reached from an index.
pub const MAX_DOCUMENTS: usize = 10_000;
/// Deepest nesting of indexes that is followed.
pub const MAX_DEPTH: usize = 8;
/// Bytes of a member's beginning that are kept.
pub const HEAD: usize = 512;

/// What a folder or archive holds.
#[derive(Debug, Default)]
pub struct Layout {
    /// Its members by their paths; of those that stand there twice the first.
    pub files: BTreeMap<String, File>,
    /// Whether there is a folder `blobs`, or something in it.
    pub has_blobs: bool,
    /// Paths that stand there twice.
    pub repeated: BTreeSet<String>,
    /// What ended the reading before its time.
    pub failure: Option<String>,
}

/// A member.
#[derive(Debug)]
pub struct File {
    /// Number of bytes.
    pub size: u64,
    /// Whether it is a plain file.
    pub regular: bool,
    /// Of a blob: the digest of its content, by the algorithm that its path names when that is registered.
    pub digest: Option<String>,
    /// Its first bytes.
    pub head: Vec<u8>,
    /// The content of what may be a document.
    pub bytes: Option<Vec<u8>>,
}

/// A manifest or index that is reached from `index.json`, or that file itself.
#[derive(Debug)]
pub struct Document<'l> {
    /// Path of the member.
    pub path: String,
    /// Its content.
    pub bytes: &'l [u8],
    /// Its digest; `None` for `index.json`.
    pub digest: Option<String>,
    /// The document that led here, by its number, and the descriptor there.
    pub parent: Option<(usize, Pointer)>,
}

impl Layout {
    /// Reads a folder or archive. What can not be read ends the reading, and is told.
    #[must_use]
    pub fn read(container: &Container) -> Self {
        let mut layout = Self::default();
        let mut kept = 0;
        let outcome = container.visit(&mut |member, reader| layout.member(member, reader, &mut kept));
        layout.failure = outcome.err().map(|error| error.to_string());
        layout
    }

    fn member(&mut self, member: &Member, reader: &mut dyn Read, kept: &mut usize) -> io::Result<()> {
        self.has_blobs |= member.path == "blobs" || member.path.starts_with("blobs/");
        if member.kind == Kind::Folder {
            return Ok(());
        }
        if self.files.contains_key(&member.path) {
            self.repeated.insert(member.path.clone());
            return Ok(());
        }
        let regular = member.kind == Kind::File;
        let mut file = File { size: 0, regular, digest: None, head: Vec::new(), bytes: None };
        let mut hasher = algorithm_of(&member.path).and_then(Algorithm::named).map(Hasher::new);
        let mut buffer = vec![0; 1 << 16];
        let mut bytes: Option<Vec<u8>> = None;
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(io::Error::other(format!("{}: {error}", member.path))),
            };
            let part = &buffer[..read];
            if file.size == 0 {
                let first = part.iter().find(|byte| !byte.is_ascii_whitespace());
                bytes = first.is_some_and(|byte| matches!(byte, b'{' | b'[' | 0xEF)).then(Vec::new);
            }
            file.size += read as u64;
            file.head.extend_from_slice(&part[..read.min(HEAD.saturating_sub(file.head.len()))]);
            if let Some(hasher) = &mut hasher {
                hasher.update(part);
            }
            match &mut bytes {
                Some(document) if document.len() + read <= MAX_DOCUMENT && *kept + read <= MAX_KEPT => {
                    document.extend_from_slice(part);
                    *kept += read;
                }
                Some(document) => {
                    *kept -= document.len();
                    bytes = None;
                }
                None => {}
            }
        }
        file.digest = hasher.map(Hasher::finish);
        file.bytes = bytes;
        self.files.insert(member.path.clone(), file);
        Ok(())
    }

    /// Whether it is an archive of `docker save` without an image layout.
    #[must_use]
    pub fn is_docker_archive(&self) -> bool {
        self.files.contains_key("manifest.json") && !self.files.contains_key("oci-layout")
    }

    /// The blob with a digest.
    #[must_use]
    pub fn blob(&self, digest: &str) -> Option<&File> {
        self.files.get(&blob_path(digest)?)
    }

    /// `index.json` and the manifests and indexes that are reached from it, each once: parents first, in the order of
    /// their descriptors. The second value tells whether there were too many.
    #[must_use]
    pub fn documents(&self) -> (Vec<Document<'_>>, bool) {
        let mut documents = Vec::new();
        let Some(bytes) = self.files.get("index.json").and_then(|file| file.bytes.as_deref()) else {
            return (documents, false);
        };
        documents.push(Document { path: "index.json".to_owned(), bytes, digest: None, parent: None });
        let mut depths = vec![0];
        let mut seen = BTreeSet::new();
        let mut memory = Memory::default();
        let mut cut = false;
        let mut at = 0;
        while at < documents.len() {
            let (bytes, depth) = (documents[at].bytes, depths[at]);
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            if let Ok(tape) = Tape::read(text, &mut memory) {
                for child in tape.root().get("manifests").into_iter().flat_map(Json::elements) {
                    // Only what is called a manifest or index is read as one.
                    let media_type = child.get_str("mediaType").unwrap_or_default();
                    let digest = child.get_str("digest").unwrap_or_default();
                    let Some(path) = blob_path(digest).filter(|_| known::MANIFESTS.contains(&media_type)) else {
                        continue;
                    };
                    let Some(bytes) = self.files.get(&path).and_then(|file| file.bytes.as_deref()) else { continue };
                    if seen.contains(digest) {
                        continue;
                    }
                    if documents.len() >= MAX_DOCUMENTS || depth >= MAX_DEPTH {
                        cut = true;
                        continue;
                    }
                    seen.insert(digest.to_owned());
                    let parent = Some((at, child.pointer()));
                    documents.push(Document { path, bytes, digest: Some(digest.to_owned()), parent });
                    depths.push(depth + 1);
                }
            }
            at += 1;
        }
        (documents, cut)
    }
}

/// The path of the blob with a digest; `None` when the text is no digest, so that no path is ever made of it.
#[must_use]
pub fn blob_path(digest: &str) -> Option<String> {
    let (algorithm, encoded) = digest.split_once(':').filter(|_| crate::oci::digest::is_digest(digest))?;
    Some(format!("blobs/{algorithm}/{encoded}"))
}

/// The algorithm that the path of a blob names.
#[must_use]
pub fn algorithm_of(path: &str) -> Option<&str> {
    path.strip_prefix("blobs/")?.split_once('/').map(|(algorithm, _)| algorithm)
}

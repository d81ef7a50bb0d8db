//! A catalog that is no folder on disk, such as that of an older revision: read from the texts of its files.
//!
//! It is read and not linted: what an older catalog did not have to obey is no reason to refuse it.

use std::collections::BTreeMap;

use super::{ArtifactType, Catalog};
use crate::source::text::decode;
use crate::source::yaml;

/// Why a catalog can not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The file, as `<id>/type.yaml`.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a catalog from its files, by `<id>/<path>`. Files that are not UTF-8 are left out, entries must be readable.
///
/// # Errors
///
/// The first entry that can not be read.
pub fn read(files: BTreeMap<String, Vec<u8>>) -> Result<Catalog, Unreadable> {
    let mut entries = Vec::new();
    let mut texts = BTreeMap::new();
    for (path, bytes) in files {
        match path.strip_suffix("/type.yaml") {
            Some(id) => match entry(id, &bytes) {
                Ok(entry) => entries.push(entry),
                Err(reason) => return Err(Unreadable { path, reason }),
            },
            None => {
                if let Ok(text) = String::from_utf8(bytes) {
                    texts.insert(path, text);
                }
            }
        }
    }
    Ok(Catalog::new(entries, texts))
}

fn entry(id: &str, bytes: &[u8]) -> Result<ArtifactType, String> {
    if bytes.len() > yaml::MAX_BYTES {
        return Err("it is too large".to_owned());
    }
    let text = decode(bytes).map_err(|problem| problem.message)?;
    let (tree, problems) = yaml::read(text);
    if let Some(problem) = problems.first() {
        return Err(problem.message.clone());
    }
    let tree = tree.ok_or("it is empty")?;
    let entry: ArtifactType = serde_json::from_value(tree.to_json()).map_err(|error| error.to_string())?;
    if entry.id == id { Ok(entry) } else { Err("its id is not the folder's name".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_entry_is_named() {
        let read = |text: &str| read(BTreeMap::from([("x/type.yaml".to_owned(), text.into())])).unwrap_err();
        assert_eq!(read("").reason, "the file holds no document");
        assert!(read("id: x\nodd: 1\n").reason.contains("odd"));
        assert_eq!(read("id: x\nid: x\n").path, "x/type.yaml");
    }
}

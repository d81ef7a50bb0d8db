//! What a layout knows about a document besides the document: the descriptor that led to it, its config, its children.

use super::{Context, Descriptor, Facts};
use crate::layout::{Document, Layout};
use crate::source::tape::{Json, Memory, Tape};

/// Calls `with` with the context that a layout gives to one of its documents.
pub fn within<R>(layout: &Layout, documents: &[Document<'_>], at: usize, with: impl FnOnce(&Context<'_>) -> R) -> R {
    let document = &documents[at];
    let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
    let mut memory = Memory::default();
    let parent = document.parent.as_ref().and_then(|(parent, pointer)| {
        let tape = Tape::read(text(documents[*parent].bytes), &mut memory).ok()?;
        Some(tape.at(pointer)?.written())
    });
    let parent = parent.and_then(|written| Descriptor::read(written).ok());
    let mut memory = Memory::default();
    let tape = Tape::read(text(document.bytes), &mut memory).ok();
    let config = tape.and_then(|tape| {
        let blob = layout.blob(tape.root().get("config")?.get_str("digest")?)?;
        serde_json::from_slice(blob.bytes.as_ref()?).ok()
    });
    let children: Vec<Facts<'_>> = tape
        .into_iter()
        .flat_map(|tape| tape.root().get("manifests").into_iter().flat_map(Json::elements))
        .filter_map(|child| layout.blob(child.get_str("digest")?)?.bytes.as_deref())
        .filter_map(|bytes| Facts::read(std::str::from_utf8(bytes).ok()?).ok())
        .collect();
    // A reference name with a colon is a whole reference; what follows its last one is the tag.
    let name = parent.as_ref().and_then(|parent: &Descriptor<'_>| {
        let mut names = parent.annotations.iter().filter(|(key, _)| key == "org.opencontainers.image.ref.name");
        names.next().map(|(_, name)| name.rsplit_once(':').map_or(&**name, |(_, tag)| tag))
    });
    let context =
        Context { tag: name, config: config.as_ref(), parent: parent.as_ref(), children: &children, hopeful: false };
    with(&context)
}

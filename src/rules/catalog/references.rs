//! Where an entry names other entries.

use crate::catalog::ArtifactType;
use crate::source::Pointer;

/// How one entry names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// It is a kind of the other.
    IsA,
    /// The other took its place.
    ReplacedBy,
    /// It can be told from the other only by context.
    Refines,
    /// It is attached to the other.
    Targets,
}

impl Relation {
    /// The key under which it stands.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::IsA => "isA",
            Self::ReplacedBy => "replacedBy",
            Self::Refines => "refines",
            Self::Targets => "targets",
        }
    }
}

/// The entries that an entry names, with the relation and the place.
pub(super) fn references(entry: &ArtifactType) -> Vec<(Relation, Pointer, &str)> {
    let root = Pointer::root();
    let mut found = Vec::new();
    found.extend(entry.is_a.iter().map(|id| (Relation::IsA, root.key("isA"), id.as_str())));
    found.extend(entry.replaced_by.iter().map(|id| (Relation::ReplacedBy, root.key("replacedBy"), id.as_str())));
    let at = root.key("identify").key("refines");
    let refines = entry.identify.iter().flat_map(|identify| &identify.refines);
    found.extend(refines.enumerate().map(|(index, id)| (Relation::Refines, at.index(index), id.as_str())));
    let at = root.key("attachesTo").key("targets");
    let targets = entry.attaches_to.iter().flat_map(|attachment| &attachment.targets);
    found.extend(targets.enumerate().map(|(index, id)| (Relation::Targets, at.index(index), id.as_str())));
    found
}

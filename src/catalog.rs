//! The typed catalog: entries, the order of their rules, and the copy inside of the binary.

pub mod claims;
pub mod command;
pub mod embedded;
pub mod folder;
pub mod index;
pub mod model;
pub mod order;
pub mod parts;
pub mod predicate;
pub mod texts;

pub use index::Catalog;
pub use model::ArtifactType;
pub use order::RuleSet;

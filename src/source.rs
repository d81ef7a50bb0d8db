//! Texts and places: a document is its text, its value, and the byte span of every key and value.
//!
//! Knows nothing of OCI and nothing of findings; what it can not read it reports as a [`Problem`] with a span.

pub mod json;
pub mod plain_yaml;
pub mod pointer;
pub mod problem;
pub mod second_reader;
pub mod span;
pub mod tape;
pub mod text;
pub mod tree;
pub mod yaml;

pub use pointer::Pointer;
pub use problem::{Problem, ProblemKind};
pub use span::{LineIndex, Span};
pub use tree::{Member, Node, Value};

//! Images and artifacts: which media types go together, and what artifacts are asked to have.

use super::lint::Lint;
use super::parts::Document;
use crate::finding::Rule;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[];

pub(super) fn check<'a>(_lint: &mut Lint<'a>, _document: &Document<'a>) {}

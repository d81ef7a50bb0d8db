//! What a document is attached to.

use super::lint::Lint;
use super::parts::Document;
use crate::finding::Rule;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[];

pub(super) fn check<'a>(_lint: &mut Lint<'a>, _document: &Document<'a>) {}

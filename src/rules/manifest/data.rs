//! Content that a descriptor carries in itself.

use super::lint::Lint;
use super::parts::{Descriptor, Document};
use crate::finding::Rule;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[];

pub(super) fn check<'a>(_lint: &mut Lint<'a>, _document: &Document<'a>, _descriptor: &Descriptor<'a>) {}

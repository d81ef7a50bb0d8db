//! Text of annotations that deceives readers, terminals and file systems.

use super::lint::Lint;
use super::parts::Document;
use crate::finding::Rule;
use crate::source::tape::Json;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[];

pub(super) fn check<'a>(_lint: &mut Lint<'a>, _document: &Document<'a>, _value: Json<'a>) {}

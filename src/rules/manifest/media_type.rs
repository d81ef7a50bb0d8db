//! Media types: the grammar of RFC 6838, the names that OCI defines.

use super::lint::Lint;
use super::parts::Document;
use crate::finding::Rule;
use crate::source::tape::Json;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[];

pub(super) fn check<'a>(_lint: &mut Lint<'a>, _document: &Document<'a>, _value: Json<'a>) {}

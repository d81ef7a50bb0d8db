//! The JSON Schemas that are published: generated from the types, checked in, compared by a test.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog::ArtifactType;
use crate::catalog::predicate::Predicate;
use crate::conformance::{VectorFile, VectorIndex};
use crate::diff::Diff;
use crate::finding::render::json;
use crate::listing::forms::Listing;
use crate::mapping::MediaTypeMappings;
use crate::portability::Registry;
use crate::portability::report::Portability;
use crate::selection::Selection;
use crate::shape::schema::of;

/// Every schema by its name, as `oat schema NAME` and `schemas/NAME.schema.json` know it; sorted.
#[must_use]
pub fn all() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("artifact-type", of::<ArtifactType>()),
        ("conformance", of::<VectorFile>()),
        ("conformance-index", of::<VectorIndex>()),
        ("diff", of::<Diff>()),
        ("findings", json::schema().to_value()),
        ("listing", of::<Listing<'_>>()),
        ("media-type-mappings", of::<MediaTypeMappings>()),
        ("portability", of::<Portability<'_>>()),
        ("registry", of::<Registry>()),
        ("selection", of::<Selection>()),
        ("when", of::<Predicate>()),
    ])
}

/// The text of a schema; with a base address it carries its `$id`.
#[must_use]
pub fn text(name: &str, schema: &Value, base_url: Option<&str>) -> String {
    let mut schema = schema.clone();
    if let (Some(base), Some(object)) = (base_url, schema.as_object_mut()) {
        object.insert("$id".to_owned(), format!("{}/schemas/{name}.schema.json", base.trim_end_matches('/')).into());
    }
    format!("{schema:#}\n")
}

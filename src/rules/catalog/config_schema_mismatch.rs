//! The schema of the config blob is there when the entry says so, and is a schema.

use std::sync::Arc;

use super::EntryView;
use crate::finding::{Finding, declare_rule};
use crate::shape::schema::Schema;
use crate::shape::yaml_rules::OVERSIZED_FILE;
use crate::shape::{Document, Part};
use crate::source::Pointer;
use crate::source::text::{clip, visible};

declare_rule! {
    /// `structure.config.schema` and `config.schema.json` do not agree, or the file is no JSON Schema.
    ///
    /// ## Why
    /// The mapping and the pages link the schema where the entry says that there is one, and others check config blobs
    /// by it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///     schema: true
    ///   otherLayers: optional
    ///   subject: optional
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///     schema: true
    ///   otherLayers: optional
    ///   subject: optional
    /// ```
    /// ```json accepted types/sample/config.schema.json
    /// { "type": "object", "properties": { "name": { "type": "string" } } }
    /// ```
    ///
    /// ## How to fix
    /// Add the file or the key, or correct the schema: JSON Schema draft 2020-12, without references to other files.
    ///
    /// ## Specification
    /// [JSON Schema 2020-12](https://json-schema.org/draft/2020-12/json-schema-core)
    pub static RULE = { id: "config-schema-mismatch", level: Error, since: "0.1.0", subject: Catalog }
}

const FILE: &str = "config.schema.json";
/// Largest schema, in bytes.
const MAX_BYTES: usize = 256 * 1024;

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let at = Pointer::root().key("structure").key("config").key("schema");
    let said = view.value.pointer(at.as_str()).and_then(serde_json::Value::as_bool) == Some(true);
    match (said, view.folder.has(FILE)) {
        (true, false) => {
            let finding = view.at(&RULE, &at, Part::Key, format!("there is no `{FILE}` beside the entry"));
            findings.push(finding.help("add the file, or remove `schema`"));
        }
        (false, true) => {
            let finding = view.in_file(&RULE, FILE, "the entry does not say that it has a schema");
            findings.push(finding.help("write `schema: true` under `structure.config`, or remove the file"));
        }
        _ => {}
    }
    if !view.folder.has(FILE) {
        return;
    }
    let Ok(bytes) = view.folder.read(FILE, MAX_BYTES) else { return };
    if bytes.len() > MAX_BYTES {
        let finding = view.in_file(&OVERSIZED_FILE, FILE, format!("the schema has more than {MAX_BYTES} bytes"));
        findings.push(finding.help("shorten it"));
        return;
    }
    let (document, mut problems) = Document::json(&Arc::from(view.folder.shown(FILE)), 0, &bytes, (0, 1));
    findings.append(&mut problems);
    if let Some(tree) = &document.tree
        && let Err(reason) = Schema::new(tree.to_json())
    {
        let reason = visible(&clip(reason.lines().next().unwrap_or_default(), 200)).into_owned();
        let finding = document.finding(&RULE, &Pointer::root(), Part::Key, format!("this is no JSON Schema: {reason}"));
        findings.push(finding.help("correct the schema; references to other files are not followed"));
    }
}

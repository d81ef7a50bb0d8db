//! Configs of artifacts, held against the schema that their type has for them.

use crate::finding::{Finding, declare_rule};
use crate::rules::manifest::{Options, Origin};
use crate::shape::Document;
use crate::shape::schema::Schema;

declare_rule! {
    /// The config of an artifact does not satisfy the schema of its type.
    ///
    /// ## Why
    /// Clients of the type decode the config and fail, or take a member for absent whose name is misspelled.
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
    /// ```json reported types/sample/config.schema.json
    /// { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }
    /// ```
    /// ```json reported
    /// { "config": { "mediaType": "application/vnd.example.sample.config.v1+json" } }
    /// ```
    /// ```json reported whole-config
    /// { "name": 3 }
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
    /// { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }
    /// ```
    /// ```json accepted
    /// { "config": { "mediaType": "application/vnd.example.sample.config.v1+json" } }
    /// ```
    /// ```json accepted whole-config
    /// { "name": "three" }
    /// ```
    ///
    /// ## How to fix
    /// Correct the config; the type's page links its schema and its documentation. When the schema is wrong, tell the
    /// catalog.
    pub static RULE = { id: "malformed-config", level: Warning, since: "0.1.0", subject: Config }
}

/// What the schema of a type says about the bytes of a config.
pub(super) fn check(origin: Origin<'_>, bytes: &[u8], schema: &str, options: &Options) -> (Document, Vec<Finding>) {
    let (document, mut findings) = Document::json(origin.file, origin.index, bytes, origin.start);
    // A schema that is none is a mistake of the entry, and told there.
    let schema = serde_json::from_str(schema).ok().and_then(|schema| Schema::new(schema).ok());
    if let Some((tree, schema)) = document.tree.as_ref().zip(schema)
        && let Some(level) = options.level(&RULE)
    {
        let violations = schema.violations(&document, &tree.to_json()).into_iter();
        findings.extend(violations.map(|violation| {
            // What the schema of entries advises is meant for entries.
            let help = violation.help.filter(|help| help.starts_with("did you mean"));
            let help = help.or_else(|| Some("the type's page has the schema".to_owned()));
            Finding { rule: &RULE, level, help, ..violation }
        }));
    }
    (document, findings)
}

//! Patterns of annotations can be matched.

use regex::Regex;

use super::EntryView;
use super::text_checks::quoted;
use crate::catalog::model::AnnotationPart;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// The pattern of an annotation is no regular expression.
    ///
    /// ## Why
    /// The linter holds the values of annotations against it, always as a whole and in linear time: RE2 syntax, without
    /// look-around and back references.
    ///
    /// ## Reported
    /// ```yaml reported
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: optional
    ///       pattern: "([0-9]+"
    ///   subject: optional
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// structure:
    ///   shapes: [oci-manifest]
    ///   config:
    ///     mediaTypes: [application/vnd.example.sample.config.v1+json]
    ///   otherLayers: optional
    ///   annotations:
    ///     - key: com.example.weight
    ///       presence: optional
    ///       pattern: "[0-9]+"
    ///   subject: optional
    /// ```
    ///
    /// ## How to fix
    /// Correct the expression. A backslash is written twice in double quotes.
    ///
    /// ## Specification
    /// [RE2 syntax](https://github.com/google/re2/wiki/Syntax)
    pub static RULE = { id: "invalid-pattern", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let Some(structure) = &view.entry.structure else { return };
    let root = Pointer::root().key("structure");
    let mut parts = |at: &Pointer, annotations: &[AnnotationPart]| {
        for (index, annotation) in annotations.iter().enumerate() {
            if let Some(pattern) = &annotation.pattern
                && let Some(reason) = complaint(pattern)
            {
                let at = at.key("annotations").index(index).key("pattern");
                let message = format!("{} is no regular expression: {reason}", quoted(pattern));
                findings.push(
                    view.at(&RULE, &at, Part::Value, message).help("correct it; RE2 syntax, without look-around"),
                );
            }
        }
    };
    parts(&root, &structure.annotations);
    for (index, layer) in structure.layers.iter().enumerate() {
        parts(&root.key("layers").index(index), &layer.annotations);
    }
}

/// Why a pattern can not be matched, in one line.
fn complaint(pattern: &str) -> Option<String> {
    let error = Regex::new(&format!("^(?:{pattern})$")).err()?.to_string();
    let last = error.lines().last().unwrap_or_default().trim();
    Some(last.strip_prefix("error: ").unwrap_or(last).trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn reasons_have_one_line() {
        assert_eq!(complaint("[0-9]+"), None);
        assert_eq!(complaint("(a").as_deref(), Some("unclosed group"));
        assert!(complaint("(?=a)").unwrap().contains("look-around"));
    }
}

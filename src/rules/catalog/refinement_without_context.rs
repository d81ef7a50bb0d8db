//! Refinements, and only they, need what the document itself does not hold.

use super::EntryView;
use crate::catalog::model::Kind;
use crate::catalog::predicate::Need;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A rule needs context and its entry refines nothing, or an entry refines a type and needs no context for it.
    ///
    /// ## Why
    /// Without the config blob, the tag, the parent or the children a refinement can not be told from its base. The
    /// answer then is the base, and `identify.refines` says which one that is. Where no rule needs context, every rule
    /// decides by itself and nothing is refined.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when:
    ///         all:
    ///           - { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///           - { field: context.tag, equals: latest }
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    ///     context: { tag: latest }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   refines: [other]
    ///   rules:
    ///     - when:
    ///         all:
    ///           - { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///           - { field: context.tag, equals: latest }
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    ///     context: { tag: latest }
    /// ```
    /// ```yaml accepted types/other/type.yaml
    /// id: other
    /// title: The base
    /// label: Base
    /// ```
    /// ```json accepted types/other/examples/plain.json
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.manifest.v1+json",
    ///   "config": {
    ///     "mediaType": "application/vnd.example.sample.config.v1+json",
    ///     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ///     "size": 2
    ///   },
    ///   "layers": [
    ///     {
    ///       "mediaType": "application/vnd.example.sample.content",
    ///       "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000001",
    ///       "size": 1001
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Name the base type in `identify.refines`, or test for something that the document itself holds.
    pub static RULE = { id: "refinement-without-context", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    // A facet applies besides whatever the type is: it has no base.
    let (Some(identify), Kind::Type) = (&view.entry.identify, view.entry.kind) else { return };
    let at = Pointer::root().key("identify");
    if !identify.refines.is_empty() && identify.rules.iter().all(|rule| rule.when.needs().is_empty()) {
        let message = "the entry refines a type, and none of its rules needs context";
        let finding = view.at(&RULE, &at.key("refines"), Part::Key, message);
        findings.push(finding.help("add the test of the context that decides, or remove `refines`"));
    }
    for (index, rule) in identify.rules.iter().enumerate() {
        if identify.refines.is_empty()
            && let Some(need) = rule.when.needs().first()
        {
            let message = format!("the rule needs {}, and the entry refines no type", described(*need));
            let finding = view.at(&RULE, &at.key("rules").index(index).key("when"), Part::Key, message);
            findings.push(finding.help("name the type that it is without that context in `identify.refines`"));
        }
    }
}

const fn described(need: Need) -> &'static str {
    match need {
        Need::Config => "the config blob",
        Need::Tag => "the tag",
        Need::Parent => "the parent's descriptor",
        Need::Children => "the children",
        Need::Manifest => "more of the manifest",
    }
}

//! Lists hold each thing once.

use std::collections::BTreeMap;

use super::EntryView;
use super::text_checks::quoted;
use crate::catalog::model::AnnotationPart;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A list of an entry holds the same thing twice.
    ///
    /// ## Why
    /// The second one is a left-over, or it should have been something else. Names of parts, tools, inputs and
    /// sub-types are how others refer to them.
    ///
    /// ## Reported
    /// ```yaml reported
    /// aliases: [specimen, Specimen]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// aliases: [specimen, probe]
    /// ```
    ///
    /// ## How to fix
    /// Remove one of the two, or correct it.
    pub static RULE = { id: "repeated-item", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let entry = view.entry;
    let mut lists = Lists { view, findings };
    let root = Pointer::root();
    let plain = |values: &[String]| values.iter().map(|value| value.to_ascii_lowercase()).collect::<Vec<_>>();
    lists.check("the alias", &root.key("aliases"), "", plain(&entry.aliases));
    lists.check("the role", &root.key("roles"), "", entry.roles.iter().map(json).collect());
    if let Some(attachment) = &entry.attaches_to {
        let at = root.key("attachesTo");
        lists.check("the way", &at.key("by"), "", attachment.by.iter().map(json).collect());
        lists.check("the target", &at.key("targets"), "", attachment.targets.clone());
    }
    if let Some(identify) = &entry.identify {
        let at = root.key("identify");
        lists.check("the base", &at.key("refines"), "", identify.refines.clone());
        lists.check(
            "the sub-type",
            &at.key("subtypes"),
            "id",
            identify.subtypes.iter().map(|one| one.id.clone()).collect(),
        );
    }
    if let Some(structure) = &entry.structure {
        let at = root.key("structure");
        lists.check(
            "the shape",
            &at.key("shapes"),
            "",
            structure.shapes.iter().map(|shape| shape.name().to_owned()).collect(),
        );
        let values = structure.artifact_type.iter().flat_map(|property| &property.media_types);
        lists.check("the media type", &at.key("artifactType").key("mediaTypes"), "", values.cloned().collect());
        let values = structure.config.iter().flat_map(|config| &config.media_types);
        lists.check("the media type", &at.key("config").key("mediaTypes"), "", values.cloned().collect());
        lists.check(
            "the layer",
            &at.key("layers"),
            "role",
            structure.layers.iter().map(|layer| layer.role.clone()).collect(),
        );
        for (index, layer) in structure.layers.iter().enumerate() {
            let at = at.key("layers").index(index);
            lists.check("the media type", &at.key("mediaTypes"), "", layer.media_types.clone());
            lists.annotations(&at, &layer.annotations);
        }
        lists.check(
            "the child",
            &at.key("manifests"),
            "role",
            structure.manifests.iter().map(|child| child.role.clone()).collect(),
        );
        for (index, child) in structure.manifests.iter().enumerate() {
            let at = at.key("manifests").index(index);
            lists.check("the media type", &at.key("mediaTypes"), "", child.media_types.clone());
            lists.check("the media type", &at.key("artifactTypes"), "", child.artifact_types.clone());
        }
        lists.annotations(&at, &structure.annotations);
    }
    let former = entry.former_media_types.iter().map(|former| format!("{} {}", former.media_type, json(&former.place)));
    lists.check("the former media type", &root.key("formerMediaTypes"), "mediaType", former.collect());
    lists.check("the tool", &root.key("tools"), "id", entry.tools.iter().map(|tool| tool.id.clone()).collect());
    lists.check(
        "the action",
        &root.key("actions"),
        "title",
        entry.actions.iter().map(|action| format!("{} {}", action.title, action.tool)).collect(),
    );
    for (index, action) in entry.actions.iter().enumerate() {
        let at = root.key("actions").index(index).key("inputs");
        lists.check("the input", &at, "name", action.inputs.iter().map(|input| input.name.clone()).collect());
    }
    let scanners = entry.scanning.iter().flat_map(|scanning| &scanning.scanners);
    lists.check(
        "the scanner",
        &root.key("scanning").key("scanners"),
        "name",
        scanners.map(|scanner| scanner.name.clone()).collect(),
    );
    lists.check(
        "the media type",
        &root.key("iana"),
        "mediaType",
        entry.iana.iter().map(|status| status.media_type.clone()).collect(),
    );
    for (index, source) in entry.sources.iter().enumerate() {
        lists.check(
            "the media type",
            &root.key("sources").index(index).key("mediaTypes"),
            "",
            source.media_types.clone(),
        );
    }
    // One manifest may be shown with and without its context.
    let examples = entry.examples.iter().map(|example| format!("{} {}", example.file, json(&example.context)));
    lists.check("the example", &root.key("examples"), "file", examples.collect());
    let contacts = entry.owner.iter().flat_map(|owner| &owner.contacts);
    lists.check("the contact", &root.key("owner").key("contacts"), "", contacts.cloned().collect());
}

/// A value of the vocabulary, or a small object, as text that is equal where the value is.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

struct Lists<'a, 'v> {
    view: &'a EntryView<'v>,
    findings: &'a mut Vec<Finding>,
}

impl Lists<'_, '_> {
    /// Reports elements whose marks are equal; `key` is the member that a mark was made of, if not the element itself.
    fn check(&mut self, what: &str, list: &Pointer, key: &str, marks: Vec<String>) {
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        for (index, mark) in marks.into_iter().enumerate() {
            let place = |index: usize| if key.is_empty() { list.index(index) } else { list.index(index).key(key) };
            let Some(before) = first.get(&mark) else {
                first.insert(mark, index);
                continue;
            };
            let shown =
                self.view.value.pointer(place(index).as_str()).and_then(|value| value.as_str()).unwrap_or_default();
            let finding =
                self.view.at(&RULE, &place(index), Part::Value, format!("{what} {} stands twice", quoted(shown)));
            let related = self.view.document.related(&place(*before), Part::Value, "first here");
            self.findings.push(finding.help("remove one of the two, or correct it").related(related));
        }
    }

    fn annotations(&mut self, at: &Pointer, parts: &[AnnotationPart]) {
        self.check(
            "the annotation",
            &at.key("annotations"),
            "key",
            parts.iter().map(|part| part.key.clone()).collect(),
        );
    }
}

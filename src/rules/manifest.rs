//! The lint of one document of a registry: its shape, then the structure of the type that it is.

mod annotation_keys;
mod annotation_text;
mod annotation_values;
mod arrival;
mod created;
mod data;
mod descriptor;
mod digest;
mod empty;
mod head;
mod image;
mod index;
mod json_canonical_form;
mod kind;
mod license;
mod media_type;
mod names;
mod parts;
mod platform;
mod reference;
mod relations;
mod structure;
mod subject;
mod url;

pub use arrival::{Arrival, Pointing};
pub use media_type::Claimed;
use parts::Kind;

use super::lint::{self, Lint, Reading};
pub use super::lint::{Asked, Options, Origin};
use crate::catalog::ArtifactType;
use crate::finding::{Finding, Rule, SourceText};
use crate::identify::facts::{Facts, emptied};
use crate::identify::{Context, Identifier};
use crate::source::tape::{Json, Memory, Tape};

/// The rules of this folder, by file.
static FAMILIES: &[&[&Rule]] = &[
    annotation_keys::RULES,
    annotation_text::RULES,
    annotation_values::RULES,
    arrival::RULES,
    created::RULES,
    data::RULES,
    descriptor::RULES,
    digest::RULES,
    empty::RULES,
    head::RULES,
    image::RULES,
    index::RULES,
    json_canonical_form::RULES,
    kind::RULES,
    license::RULES,
    media_type::RULES,
    names::RULES,
    platform::RULES,
    reference::RULES,
    relations::RULES,
    structure::RULES,
    subject::RULES,
    url::RULES,
];

/// The rules of this folder.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|rules| rules.iter().copied())
}

/// Rules about what is no longer written.
pub const PAST: [&str; 3] = ["annotation-withdrawn-key", "former-media-type", "withdrawn-type"];

/// What a document is held against besides the specifications.
#[derive(Clone, Copy)]
pub struct Known<'k, 'c> {
    /// Says what type it is.
    pub identifier: &'k Identifier,
    /// What is known besides the document.
    pub context: &'k Context<'k>,
    /// What led to it.
    pub arrival: &'k Arrival,
    /// The media types of the catalog, collected once for many documents.
    pub claimed: &'k Claimed,
    /// The entry of a type's id.
    pub entry: &'k dyn Fn(&str) -> Option<&'c ArtifactType>,
}

/// Memory that is used again from document to document.
#[derive(Debug, Default)]
pub struct Scratch {
    memory: Memory,
    spare: Spare,
}

/// The part of it that rules use.
#[derive(Debug, Default)]
pub struct Spare {
    facts: Facts<'static>,
    descriptors: Vec<parts::Descriptor<'static>>,
}

/// Lints the bytes of a document: its text, its form and the structure of its type.
#[must_use]
pub fn lint(
    origin: Origin<'_>,
    bytes: &[u8],
    known: Known<'_, '_>,
    options: &Options,
    Scratch { memory, spare }: &mut Scratch,
) -> (Vec<Finding>, Option<SourceText>) {
    let reading = Reading::of(origin, bytes, options, memory, "give one manifest or index, a JSON object");
    let further = reading.object().map(|(text, tape)| rules(origin, text, tape, known, options, spare));
    let (mut findings, source) = reading.finish(further.unwrap_or_default());
    // A size that is no integer of 64 bits is one mistake, and the rule about sizes says more.
    let sizes: Vec<_> = findings.iter().filter(|it| it.rule.id == "descriptor-size-int64").map(|it| it.place).collect();
    if !sizes.is_empty() {
        findings.retain(|it| it.rule.id != "json-number-precision" || !sizes.contains(&it.place));
    }
    (findings, source)
}

/// Lints a document whose text was read and is an object: the findings besides those of its text.
#[must_use]
pub fn rules(
    origin: Origin<'_>,
    text: &str,
    tape: Tape<'_>,
    known: Known<'_, '_>,
    options: &Options,
    spare: &mut Spare,
) -> Vec<Finding> {
    let mut lint = Lint::new(origin, text, tape, options);
    let document = parts::Document::read(tape.root(), emptied(std::mem::take(&mut spare.descriptors)));
    arrival::check(&mut lint, &document, known.arrival);
    json_canonical_form::check(&mut lint, &document);
    // What can not be identified, such as a document with a name that stands twice, is of no type.
    let mut facts = std::mem::take(&mut spare.facts).recycled();
    let readable = if tape.is_odd() {
        facts.read_into(text).is_ok()
    } else {
        facts.read_json(tape.root());
        true
    };
    let decided = if readable { known.identifier.decide(&facts, known.context) } else { None };
    let entry = decided.and_then(|(id, _)| (known.entry)(id));
    form(&mut lint, &document, entry, known);
    match (decided.zip(entry), facts.shape) {
        (Some(((_, verdict), entry)), _) => structure::check(&mut lint, &facts, entry, verdict),
        (None, Some(_)) if readable && decided.is_none() => structure::unknown(&mut lint, || {
            let nearest = known.identifier.nearest(&facts);
            nearest.first().map(|near| format!("the nearest is `{}`, which has {}", near.type_id, near.missing))
        }),
        _ => {}
    }
    let findings = lint.finish();
    spare.facts = facts.recycled();
    spare.descriptors = emptied(document.descriptors);
    findings
}

/// What the specifications say about any document.
fn form<'a>(lint: &mut Lint<'a>, document: &parts::Document<'a>, entry: Option<&ArtifactType>, known: Known<'_, '_>) {
    let text = |found: Option<Json<'a>>| found.filter(|json| json.as_str().is_some());
    names::check(lint, document.json);
    kind::check(lint, document);
    if matches!(document.kind, Kind::Schema1 | Kind::Unclear) {
        return;
    }
    head::check(lint, document);
    image::check(lint, document, entry);
    index::check(lint, document);
    subject::check(lint, document);
    relations::check(lint, document);
    annotation_keys::check(lint, document);
    annotation_text::check(lint, document);
    media_type::check(lint, document, known);
    url::check(lint, document);
    url::presence(lint, document);
    if let Some(annotations) = document.annotations {
        annotation_values::check(lint, annotations);
    }
    for descriptor in &document.descriptors {
        descriptor::check(lint, document, descriptor);
        if let Some(digest) = text(descriptor.digest) {
            digest::check(lint, digest);
        }
        empty::check(lint, descriptor);
        data::check(lint, descriptor);
        if let Some(platform) = descriptor.platform {
            platform::check(lint, document, platform);
        }
        if let Some(annotations) = descriptor.annotations {
            annotation_values::check(lint, annotations);
        }
    }
}

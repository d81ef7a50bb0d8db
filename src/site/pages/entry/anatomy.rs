//! The first example part by part: its text as the file is, cut before each part that has an explanation.

use std::ops::Range;

use super::super::super::{Site, paths, words};
use super::super::pieces;
use super::specimen::Specimen;
use super::{MAX_SHOWN, context_parts};
use crate::catalog::ArtifactType;
use crate::catalog::model::{AnnotationPart, Place, Presence};
use crate::catalog::parts::{child_part, covers, layer_part};
use crate::finding::Rule;
use crate::identify::Descriptor;
use crate::oci::well_known::{EMPTY, is_generic};
use crate::source::Pointer;
use crate::source::tape::{Json, Memory, Tape};

/// Most pieces of one document; what follows stays together.
const MAX_PIECES: usize = 48;
/// Fewest hexadecimal digits in a row that a page may show shortened.
const LONG_HEX: usize = 40;

/// A document with its explanations.
pub(super) struct Anatomy<'a> {
    pub(super) number: usize,
    pub(super) title: &'a str,
    pub(super) path: Option<String>,
    /// Number of the rule that decides.
    pub(super) rule: Option<usize>,
    /// Pieces that are the file when they are joined.
    pub(super) pieces: Vec<Piece<'a>>,
    /// Whether some value of the document is marked.
    pub(super) marked: bool,
    /// What the caller has besides: what it is, name of the file, text.
    pub(super) context: Vec<(&'static str, &'a str, Vec<Run<'a>>)>,
    pub(super) tag: Option<&'a str>,
    /// Rules that the form breaks.
    pub(super) breaks: Vec<&'static Rule>,
}

/// A piece of the text with what is to say of it.
pub(super) struct Piece<'a> {
    pub(super) runs: Vec<Run<'a>>,
    pub(super) note: Option<Note<'a>>,
}

/// Text in one style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run<'a> {
    Text(&'a str),
    /// A long row of hexadecimal digits.
    Hex(&'a str),
    /// What the deciding rule looked at.
    Decides(&'a str),
    /// A long row of hexadecimal digits in it.
    DecidesHex(&'a str),
}

/// An explanation.
#[derive(Default)]
pub(super) struct Note<'a> {
    /// From 1, in the order of the text.
    pub(super) number: usize,
    /// Name of the property, if it is about one.
    pub(super) property: &'static str,
    /// Which part it is, or what the document is.
    pub(super) role: &'a str,
    /// How many, or whether it must be there.
    pub(super) count: String,
    pub(super) text: Option<&'a str>,
    /// What else is to say, in words of ours.
    pub(super) remark: Option<String>,
    pub(super) keys: Vec<Key<'a>>,
    /// Whether the deciding rule looks at it.
    pub(super) decides: bool,
}

/// An annotation that the piece carries.
pub(super) struct Key<'a> {
    /// Its name, in pieces.
    pub(super) name: Vec<&'a str>,
    pub(super) presence: &'static str,
    pub(super) description: Option<&'a str>,
}

/// Takes an example to pieces; nothing when it is too long to be shown.
pub(super) fn view<'a>(site: &Site<'a>, entry: &'a ArtifactType, specimen: &Specimen<'a>) -> Option<Anatomy<'a>> {
    let text = specimen.text;
    if text.len() > MAX_SHOWN {
        return None;
    }
    let mut memory = Memory::default();
    let tape = Tape::read(text, &mut memory).ok()?;
    let evidence = specimen.rule.map(|(_, when)| specimen.evidence(when)).unwrap_or_default();
    let marks = marks(tape, evidence.iter().map(String::as_str));
    let mut parts = Explainer { entry, specimen, seen: Vec::new() }.parts(tape.root());
    let shape = evidence.iter().any(String::is_empty);
    parts.truncate(MAX_PIECES);
    let mut cuts = Vec::new();
    for (at, note) in parts {
        let at = line_start(text, at);
        match cuts.last_mut() {
            // Two parts in one place: the later one says more.
            Some((last, kept)) if *last == at => *kept = note,
            _ => cuts.push((at, note)),
        }
    }
    let mut pieces = Vec::new();
    let mut number = 0;
    let ends: Vec<usize> = cuts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]).collect();
    for ((start, note), end) in cuts.into_iter().zip(ends) {
        let within: Vec<Range<usize>> =
            marks.iter().filter(|mark| mark.start >= start && mark.end <= end).cloned().collect();
        let note = note.map(|note| {
            number += 1;
            Note { number, decides: !within.is_empty() || shape && start == 0, ..note }
        });
        pieces.push(Piece { runs: runs(text, start..end, &within), note });
    }
    let published = paths::is_file_name(&specimen.example.file);
    let context = specimen.example.context.as_ref();
    Some(Anatomy {
        number: specimen.number,
        title: &specimen.example.title,
        path: published.then(|| format!("examples/{}/{}", entry.id, specimen.example.file)),
        rule: specimen.rule.map(|(number, _)| number),
        marked: !marks.is_empty(),
        pieces,
        context: context_parts(site, entry, specimen.example)
            .into_iter()
            .filter_map(|(what, name, text)| Some((what, name, context_runs(text?, &evidence))))
            .collect(),
        tag: context.and_then(|context| context.tag.as_deref()),
        breaks: specimen.example.breaks.iter().filter_map(|id| crate::rules::find(id)).collect(),
    })
}

/// The beginning of the line on which a part stands, when it begins there.
fn line_start(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    if text[start..at].trim().is_empty() { start } else { at }
}

/// The bytes of the values at pointers; of a list or an object, those of its name. Sorted.
fn marks<'p>(tape: Tape<'_>, pointers: impl Iterator<Item = &'p str>) -> Vec<Range<usize>> {
    let place = |pointer: &str| {
        let value = tape.at(&Pointer::parse(pointer))?;
        let whole = value.is_object() || value.is_array();
        if whole { value.key_span() } else { Some(value.span()) }
    };
    let pointers = pointers.filter(|pointer| pointer.starts_with('/'));
    let mut marks: Vec<Range<usize>> = pointers.filter_map(place).map(crate::source::Span::range).collect();
    marks.sort_by_key(|mark| mark.start);
    marks.dedup();
    marks
}

/// The text of what the caller has besides, with the values that evidence names.
fn context_runs<'a>(text: &'a str, evidence: &[String]) -> Vec<Run<'a>> {
    let mut memory = Memory::default();
    let Ok(tape) = Tape::read(text, &mut memory) else { return vec![Run::Text(text)] };
    let pointers: Vec<String> = evidence
        .iter()
        .filter_map(|name| {
            if let Some(pointer) = name.strip_prefix("context.config ") {
                return Some(pointer.to_owned());
            }
            if let Some(key) = name.strip_prefix("context.parent.annotations ") {
                return Some(Pointer::root().key("annotations").key(key).as_str().to_owned());
            }
            let member = name.strip_prefix("context.parent.")?;
            Some(format!("/{}", member.replace('.', "/")))
        })
        .collect();
    runs(text, 0..text.len(), &marks(tape, pointers.iter().map(String::as_str)))
}

/// A range of the text in runs; the marks lie within it and are sorted.
fn runs<'a>(text: &'a str, range: Range<usize>, marks: &[Range<usize>]) -> Vec<Run<'a>> {
    let mut runs = Vec::new();
    let mut at = range.start;
    for mark in marks.iter().filter(|mark| mark.start < mark.end) {
        if mark.start < at {
            continue;
        }
        split(&text[at..mark.start], &mut runs, Run::Text, Run::Hex);
        split(&text[mark.clone()], &mut runs, Run::Decides, Run::DecidesHex);
        at = mark.end;
    }
    split(&text[at..range.end], &mut runs, Run::Text, Run::Hex);
    runs
}

/// Text in one style, its long rows of hexadecimal digits apart.
fn split<'a>(text: &'a str, runs: &mut Vec<Run<'a>>, words: fn(&'a str) -> Run<'a>, hex: fn(&'a str) -> Run<'a>) {
    let mut done = 0;
    let mut start = None;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        if matches!(byte, b'0'..=b'9' | b'a'..=b'f') {
            start = start.or(Some(at));
        } else if let Some(first) = start.take()
            && at - first >= LONG_HEX
        {
            runs.extend([words(&text[done..first]), hex(&text[first..at])]);
            done = at;
        }
    }
    if done < text.len() {
        runs.push(words(&text[done..]));
    }
}

struct Explainer<'a, 's> {
    entry: &'a ArtifactType,
    specimen: &'s Specimen<'a>,
    /// Parts that were explained: property and role.
    seen: Vec<(&'static str, &'a str)>,
}

impl<'a> Explainer<'a, '_> {
    /// Where each part begins, with what is to say of it; the first begins at the beginning.
    fn parts(mut self, root: Json<'_>) -> Vec<(usize, Option<Note<'a>>)> {
        let shape = self.specimen.facts().shape.map(words::shape);
        let mut parts = vec![(0, shape.map(|role| Note { role, ..Note::default() }))];
        for member in root.members() {
            let Some(start) = member.key_span().map(|span| span.range().start) else { continue };
            let mut found = match member.key() {
                "layers" => self.list("layers", member),
                "blobs" => self.list("blobs", member),
                "manifests" => self.list("manifests", member),
                name => self.single(name).map(|note| vec![(start, note)]).unwrap_or_default(),
            };
            match found.first_mut() {
                // The first part of a list begins with the name of the list.
                Some(first) => first.0 = start,
                // What nobody explains does not belong to the part above it, unless that is the head.
                None if parts.len() > 1 && parts.last().is_some_and(|(_, note)| note.is_some()) => {
                    parts.push((start, None));
                }
                None => {}
            }
            parts.extend(found.into_iter().map(|(at, note)| (at, Some(note))));
        }
        parts
    }

    /// What is to say of a member that is no list of descriptors.
    fn single(&self, name: &str) -> Option<Note<'a>> {
        Some(match name {
            "artifactType" => self.artifact_type(),
            "config" => self.config(),
            "subject" => self.subject(),
            "annotations" => self.annotations(),
            other => {
                let (property, text) = words::member(other)?;
                Note { property, text: Some(text), ..Note::default() }
            }
        })
    }

    fn artifact_type(&self) -> Note<'a> {
        let property = self.entry.structure.as_ref().and_then(|structure| structure.artifact_type.as_ref());
        let placeholder = self.specimen.facts().placeholder_artifact_type.is_some();
        let text = if placeholder { "A placeholder that says nothing." } else { "What the artifact is." };
        let others = property.map_or(0, |property| property.media_types.len());
        Note {
            property: "artifactType",
            count: property.map_or("", |property| words::presence(property.presence)).to_owned(),
            text: Some(text),
            remark: (others > 1).then(|| format!("One of the {others} values that the type has.")),
            ..Note::default()
        }
    }

    fn config(&self) -> Note<'a> {
        let part = self.entry.structure.as_ref().and_then(|structure| structure.config.as_ref());
        let found = self.specimen.facts().config.as_ref().and_then(|config| config.media_type.as_deref());
        let empty = found == Some(EMPTY);
        let known = part.filter(|part| found.is_some_and(|found| part.media_types.iter().any(|k| covers(k, found))));
        let text = known.and_then(|part| part.description.as_deref());
        let standard = if empty { "The empty object: there is no metadata." } else { "Metadata of the artifact." };
        Note {
            property: "config",
            count: part.map_or("", |_| "required").to_owned(),
            text: text.or(Some(standard)),
            remark: found.and_then(|found| self.former(Place::Config, found)),
            ..Note::default()
        }
    }

    fn subject(&self) -> Note<'a> {
        let presence = self.entry.structure.as_ref().map(|structure| structure.subject);
        Note {
            property: "subject",
            count: presence.map_or("", words::presence).to_owned(),
            text: Some("The manifest that this one is attached to."),
            ..Note::default()
        }
    }

    fn annotations(&self) -> Note<'a> {
        let known = self.entry.structure.as_ref().map(|structure| structure.annotations.as_slice());
        let present = |part: &&AnnotationPart| self.specimen.facts().annotations.iter().any(|(k, _)| *k == part.key);
        let keys: Vec<Key<'a>> = known.into_iter().flatten().filter(present).map(key).collect();
        let text = keys.is_empty().then_some("Facts about the artifact, as names and values.");
        Note { property: "annotations", text, keys, ..Note::default() }
    }

    /// The parts of a list: neighbours of one kind are one part.
    fn list(&mut self, property: &'static str, list: Json<'_>) -> Vec<(usize, Note<'a>)> {
        let mut parts: Vec<(usize, Note<'a>)> = Vec::new();
        let mut last = None;
        for (index, member) in list.elements().enumerate() {
            let kind = if property == "manifests" { self.child(index) } else { self.layer(index) };
            if last != Some(kind) {
                let note = if property == "manifests" {
                    self.child_note(kind, index)
                } else {
                    self.layer_note(property, kind, index)
                };
                parts.push((member.span().range().start, note));
                last = Some(kind);
            }
        }
        parts
    }

    fn layer(&self, index: usize) -> Option<usize> {
        let media_type = self.specimen.layer(index)?.media_type.as_deref()?;
        layer_part(self.entry, self.entry.structure.as_ref()?, media_type)
    }

    fn child(&self, index: usize) -> Option<usize> {
        let child = self.specimen.child(index)?;
        let parts = &self.entry.structure.as_ref()?.manifests;
        child_part(parts, child.media_type.as_deref()?, child.artifact_type.as_deref())
    }

    fn layer_note(&mut self, property: &'static str, kind: Option<usize>, index: usize) -> Note<'a> {
        let layer = self.specimen.layer(index);
        let media_type = layer.and_then(|layer| layer.media_type.as_deref());
        let part = kind.and_then(|kind| self.entry.structure.as_ref()?.layers.get(kind));
        let Some(part) = part else {
            let empty = media_type == Some(EMPTY);
            let text = if empty { "The empty object: there is no content." } else { self.other_layer(media_type) };
            return Note { property, text: Some(text), ..Note::default() };
        };
        if self.again(property, &part.role) {
            return Note { property, role: &part.role, ..Note::default() };
        }
        let present = |part: &&AnnotationPart| layer.is_some_and(|layer| carries(layer, &part.key));
        Note {
            property,
            role: &part.role,
            count: words::count(part.min, part.max),
            text: part.description.as_deref(),
            remark: media_type.and_then(|found| self.former(Place::Layer, found)),
            keys: part.annotations.iter().filter(present).map(key).collect(),
            ..Note::default()
        }
    }

    fn other_layer(&self, media_type: Option<&str>) -> &'static str {
        let other =
            self.entry.structure.as_ref().is_some_and(|structure| structure.other_layers != Presence::Forbidden);
        match (other, media_type.is_some_and(is_generic)) {
            (true, _) => "Other layers may stand here.",
            (false, true) => "Content of a type that many artifacts share.",
            (false, false) => "Content.",
        }
    }

    fn child_note(&mut self, kind: Option<usize>, index: usize) -> Note<'a> {
        let property = "manifests";
        let part = kind.and_then(|kind| self.entry.structure.as_ref()?.manifests.get(kind));
        let Some(part) = part else {
            return Note { property, text: Some("A manifest that the index lists."), ..Note::default() };
        };
        if self.again(property, &part.role) {
            return Note { property, role: &part.role, ..Note::default() };
        }
        let media_type = self.specimen.child(index).and_then(|child| child.media_type.as_deref());
        Note {
            property,
            role: &part.role,
            count: words::count(part.min, part.max),
            text: part.description.as_deref(),
            remark: media_type.and_then(|found| self.former(Place::Child, found)),
            ..Note::default()
        }
    }

    /// Whether a part was explained before.
    fn again(&mut self, property: &'static str, role: &'a str) -> bool {
        let seen = self.seen.contains(&(property, role));
        self.seen.push((property, role));
        seen
    }

    /// What is to say of a former media type.
    fn former(&self, place: Place, found: &str) -> Option<String> {
        let mut former = self.entry.former_media_types.iter();
        let former = former.find(|former| former.place == place && former.media_type == found)?;
        Some(match &former.since {
            Some(since) => format!("This media type is a former one; another took its place in {since}."),
            None => "This media type is a former one.".to_owned(),
        })
    }
}

fn key(part: &AnnotationPart) -> Key<'_> {
    Key { name: pieces(&part.key), presence: words::presence(part.presence), description: part.description.as_deref() }
}

fn carries(descriptor: &Descriptor<'_>, key: &str) -> bool {
    descriptor.annotations.iter().any(|(name, _)| name == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::lookup::Lookup;

    #[test]
    fn runs_are_the_text() {
        let hex = "0123456789abcdef".repeat(4);
        let text = format!("{{\"a\": \"sha256:{hex}\", \"b\": \"x\"}}");
        let at = text.find("\"x\"").unwrap();
        let found = runs(&text, 0..text.len(), std::slice::from_ref(&(at..at + 3)));
        assert_eq!(found[1], Run::Hex(&hex));
        assert_eq!(found[3], Run::Decides("\"x\""));
        assert_eq!(joined(&found), text);
        assert_eq!(joined(&runs(&text, 5..9, &[])), text[5..9]);
    }

    fn joined(runs: &[Run<'_>]) -> String {
        runs.iter()
            .map(|run| match run {
                Run::Text(text) | Run::Hex(text) | Run::Decides(text) | Run::DecidesHex(text) => *text,
            })
            .collect()
    }

    #[test]
    fn pieces_are_the_file_and_what_decides_is_marked() {
        let catalog = crate::catalog::embedded::catalog();
        let site = Site { catalog: &catalog, lookup: Lookup::new(&catalog), base: None };
        let (mut unmarked, mut seen) = (Vec::new(), 0);
        for entry in &catalog.entries {
            let id = &entry.id;
            let Some(specimen) = Specimen::first(&site, entry) else { continue };
            let Some(anatomy) = view(&site, entry, &specimen) else { panic!("{id} is too long") };
            seen += 1;
            let text: String = anatomy.pieces.iter().map(|piece| joined(&piece.runs)).collect();
            assert_eq!(text, specimen.text, "{id}");
            assert!(anatomy.rule.is_some(), "{id}: no rule decides");
            assert!(anatomy.pieces.iter().filter(|piece| piece.note.is_some()).count() > 1, "{id}");
            let besides = anatomy.context.iter().any(|(_, _, runs)| runs.iter().any(|r| matches!(r, Run::Decides(_))));
            let decides = anatomy.pieces.iter().any(|piece| piece.note.as_ref().is_some_and(|note| note.decides));
            if !decides && !besides && anatomy.tag.is_none() && anatomy.context.is_empty() {
                unmarked.push(id);
            }
        }
        assert!(seen > 250 && unmarked.is_empty(), "{unmarked:?}");
    }

    #[test]
    fn neighbours_of_one_kind_are_one_part() {
        let catalog = crate::catalog::embedded::catalog();
        let site = Site { catalog: &catalog, lookup: Lookup::new(&catalog), base: None };
        let entry = catalog.get("helm-chart").unwrap();
        let at = entry.examples.iter().position(|example| example.file == "provenance-first.json").unwrap();
        let specimen = Specimen::read(&site, entry, at, "helm-chart").unwrap();
        let anatomy = view(&site, entry, &specimen).unwrap();
        let notes: Vec<_> = anatomy.pieces.iter().filter_map(|piece| piece.note.as_ref()).collect();
        let said: Vec<_> = notes.iter().map(|note| (note.number, note.property, note.role, note.decides)).collect();
        assert_eq!(
            &said[..4],
            [
                (1, "", "an OCI image manifest", false),
                (2, "config", "", true),
                (3, "layers", "provenance", false),
                (4, "layers", "content", false)
            ]
        );
        let first: String = joined(&anatomy.pieces[2].runs);
        assert!(first.starts_with("  \"layers\": [\n    {\n"), "{first}");
    }
}

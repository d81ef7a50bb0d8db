//! The lint of image layouts and archives: their files, their blobs, and every document that is reached in them.

mod blobs;
mod container;
mod docker;
mod entries;
mod files;
mod layers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use layers::Layers;

use super::config;
use super::lint::Lint;
use super::manifest::{self, Arrival, Claimed, Known, Options, Origin, Scratch};
use crate::archive::Container;
use crate::catalog::ArtifactType;
use crate::finding::{Finding, Report, Rule, SourceText};
use crate::identify::{Identifier, surroundings};
use crate::layout::{Document, Layout, blob_path};
use crate::source::tape::{Json, Memory, Tape};

/// The rules of this folder, by file.
static FAMILIES: &[&[&Rule]] =
    &[blobs::RULES, container::RULES, docker::RULES, entries::RULES, files::RULES, layers::RULES];

/// The rules of this folder.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|rules| rules.iter().copied())
}

/// What the lint of a layout needs besides its bytes.
#[derive(Clone, Copy)]
pub struct Linter<'k, 'c> {
    /// Says what type a document is.
    pub identifier: &'k Identifier,
    /// The entry of a type's id.
    pub entry: &'k dyn Fn(&str) -> Option<&'c ArtifactType>,
    /// The JSON Schema that the type of an id has for its configs.
    pub schema: &'k dyn Fn(&str) -> Option<&'c str>,
    /// The media types of the catalog, collected once for many documents.
    pub claimed: &'k Claimed,
    /// What the user wants.
    pub options: &'k Options,
}

/// Lints a folder or archive; `shown` is how reports call it.
#[must_use]
pub fn lint(container: &Container, shown: &str, linter: Linter<'_, '_>) -> Report {
    let layout = Layout::read(container);
    let mut job = Job {
        layout: &layout,
        shown,
        linter,
        report: Report { files: 1, ..Report::default() },
        layers: Layers::default(),
        configs: BTreeSet::new(),
    };
    container::check(&mut job);
    if layout.is_docker_archive() {
        docker::check(&mut job, container);
        return job.report;
    }
    files::check(&mut job);
    let (documents, cut) = layout.documents();
    if cut {
        container::too_large(&mut job);
    }
    blobs::check(&mut job, &documents);
    job.layers = Layers::read(container, &layers::wanted(&documents));
    for at in 0..documents.len() {
        job.document(&documents, at);
    }
    job.report
}

/// The lint of one layout.
struct Job<'a, 'c> {
    layout: &'a Layout,
    shown: &'a str,
    linter: Linter<'a, 'c>,
    report: Report,
    layers: Layers,
    /// Paths of the configs that were linted.
    configs: BTreeSet<String>,
}

impl Job<'_, '_> {
    /// A member as reports call it.
    fn file(&self, path: &str) -> Arc<str> {
        format!("{}/{path}", self.shown.trim_end_matches('/')).into()
    }

    /// Reports about a member as a whole.
    fn member(&mut self, rule: &'static Rule, path: &str, message: impl Into<String>, help: impl Into<String>) {
        if let Some(level) = self.linter.options.level(rule) {
            let file = if path.is_empty() { self.shown.into() } else { self.file(path) };
            let mut finding = Finding::new(rule, file, message).help(help);
            finding.level = level;
            self.report.findings.push(finding);
        }
    }

    /// Lints a manifest or index with all that the layout knows about it.
    fn document(&mut self, documents: &[Document<'_>], at: usize) {
        let document = &documents[at];
        let file = self.file(&document.path);
        let origin = Origin { file: &file, index: at, start: (0, 1) };
        let Linter { identifier, entry, claimed, options, .. } = self.linter;
        let (findings, source) = surroundings::within(self.layout, documents, at, |context| {
            let known = Known { identifier, context, arrival: &Arrival::default(), claimed, entry };
            manifest::lint(origin, document.bytes, known, options, &mut Scratch::default())
        });
        self.report.documents += 1;
        self.report.findings.extend(findings);
        self.report.sources.extend(source.map(|source| ((Arc::clone(&file), at), source)));
        self.text(origin, document.bytes, |job, lint, root| {
            blobs::references(job, lint, root);
            entries::check(job, lint, root, document);
            layers::check(job, lint, root);
        });
        self.config(documents, at);
    }

    /// Lints the config that a manifest of an image points to.
    fn config(&mut self, documents: &[Document<'_>], at: usize) {
        let document = &documents[at];
        let (mut memory, mut above) = (Memory::default(), Memory::default());
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        let Ok(tape) = Tape::read(text(document.bytes), &mut memory) else { return };
        let config = tape.root().get("config").and_then(|config| config.get_str("digest"));
        let Some(path) = config.and_then(blob_path).filter(|path| self.configs.insert(path.clone())) else { return };
        let Some(bytes) = self.layout.files.get(&path).and_then(|file| file.bytes.as_deref()) else { return };
        let descriptor = document
            .parent
            .as_ref()
            .and_then(|(parent, pointer)| Tape::read(text(documents[*parent].bytes), &mut above).ok()?.at(pointer));
        let file = self.file(&path);
        let origin = Origin { file: &file, index: 0, start: (0, 1) };
        let Linter { identifier, entry, schema, claimed, .. } = self.linter;
        let of_type = surroundings::within(self.layout, documents, at, |context| {
            let known = Known { identifier, context, arrival: &Arrival::default(), claimed, entry };
            config::type_of(tape.text(), known).and_then(|entry| schema(&entry.id))
        });
        let belongs = config::Belongs { manifest: Some(tape.root()), descriptor, schema: of_type };
        let (findings, source) = config::lint(origin, bytes, belongs, self.linter.options);
        self.report.findings.extend(findings);
        self.report.sources.extend(source.map(|source| ((file, 0), source)));
    }

    /// Runs checks over a text that can be read; what they find gets the text for its excerpts.
    fn text(&mut self, origin: Origin<'_>, bytes: &[u8], check: impl for<'t> FnOnce(&Self, &mut Lint<'t>, Json<'t>)) {
        let mut memory = Memory::default();
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(tape) = Tape::read(text, &mut memory) else { return };
        // The origin must live as long as the text: both are the caller's.
        let mut lint = Lint::new(origin, text, tape, self.linter.options);
        check(self, &mut lint, tape.root());
        let findings = lint.finish();
        if !findings.is_empty() {
            let source = SourceText { text: text.into(), offset: 0, line: 1 };
            self.report.sources.entry((Arc::clone(origin.file), origin.index)).or_insert(source);
            self.report.findings.extend(findings);
        }
    }
}

/// Descriptors of a document with their places: config, layers, blobs, manifests, subject.
fn descriptors(root: Json<'_>) -> impl Iterator<Item = Json<'_>> {
    let one = |name: &str| root.get(name).filter(|json| json.is_object()).into_iter();
    let many = |name: &str| root.get(name).into_iter().flat_map(Json::elements).filter(|json| json.is_object());
    one("config").chain(many("layers")).chain(many("blobs")).chain(many("manifests"))
}

/// Annotations of an object, as text.
fn annotations(object: Json<'_>) -> BTreeMap<&str, &str> {
    let members = object.get("annotations").into_iter().flat_map(Json::members);
    members.filter_map(|member| Some((member.key(), member.as_str()?))).collect()
}

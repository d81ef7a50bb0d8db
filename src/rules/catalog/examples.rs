//! The files of an entry's folder, and the examples: each is identified as its entry says and has its structure.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use super::{Pending, PendingPlace};
use crate::catalog::ArtifactType;
use crate::catalog::folder::Folder;
use crate::catalog::model::{Example, ExpectedCertainty, Kind};
use crate::finding::{Finding, Report, Rule, declare_rule};
use crate::identify::{Answer, Context, Descriptor, Facts, Identifier, Verdict};
use crate::rules::{config, manifest};
use crate::shape::Document;
use crate::source::Pointer;
use crate::source::tape::{Memory, Tape};
use crate::source::text::visible;

/// Largest example, in bytes.
pub(super) const MAX_EXAMPLE_BYTES: usize = 256 * 1024;

declare_rule! {
    /// A folder of the catalog has no `type.yaml`.
    ///
    /// ## Why
    /// Each folder of `types/` is one entry.
    ///
    /// ## How to fix
    /// Add `type.yaml`, or remove the folder.
    pub static MISSING_ENTRY = { id: "missing-entry", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry that is recognised by rules has no example.
    ///
    /// ## Why
    /// The example proves the entry: without one nobody notices that its media type is wrong. Early lists of this
    /// kind carried a wrong media type for Helm charts for years.
    ///
    /// ## Reported
    /// ```yaml reported
    /// examples:
    ///   - file: plain.json
    ///     title: A near miss only.
    ///     expect: { certainty: unknown }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    /// ```
    ///
    /// ## How to fix
    /// Write a manifest in the documented form into `examples/plain.json` and name it under `examples`.
    pub static MISSING_EXAMPLE = { id: "missing-example", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An example that an entry names is not there, or is not named by the entry.
    ///
    /// ## Why
    /// The examples are the vectors that every implementation must pass: each has a title and an expected answer.
    ///
    /// ## Reported
    /// ```yaml reported
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    ///   - file: other.json
    ///     title: Another form.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    /// ```
    ///
    /// ## How to fix
    /// Add the file to `examples/`, or correct its name.
    pub static UNRESOLVED_EXAMPLE = { id: "unresolved-example", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An example is said to break a rule that it does not break.
    ///
    /// ## Why
    /// `breaks` says where the tool that writes a type departs from the specifications. What is said there appears on
    /// the type's page, and must be true.
    ///
    /// ## Reported
    /// ```yaml reported
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    ///     breaks: [digest-grammar]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// examples:
    ///   - file: plain.json
    ///     title: The plain form.
    /// ```
    ///
    /// ## How to fix
    /// Remove the id from `breaks`.
    pub static NEEDLESS_EXCEPTION = { id: "needless-exception", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// No example is decided by an identification rule.
    ///
    /// ## Why
    /// Each rule stands for a form that is met in the world. An example of that form proves the rule.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    ///     - when: { field: artifactType, equals: application/vnd.example.sample.config.v1+json }
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    /// ```
    ///
    /// ## How to fix
    /// Add an example of the form, or remove the rule.
    pub static RULE_WITHOUT_EXAMPLE = { id: "rule-without-example", level: Warning, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A file or folder does not belong to the catalog.
    ///
    /// ## Why
    /// An entry has `type.yaml`, and may have `icon.svg`, `config.schema.json` and `examples/*.json`. Nothing else is
    /// read, links are not followed, and what lies about misleads.
    ///
    /// ## Reported
    /// ```text reported types/sample/notes.txt
    /// a note
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: A sample.
    /// ```
    ///
    /// ## How to fix
    /// Remove it, or name it in the entry: a file in `examples/` must stand under `examples`.
    pub static STRAY_FILE = { id: "stray-file", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An example is not identified as its entry says.
    ///
    /// ## Why
    /// Either the example is wrong, or the rule, or a rule of another entry takes what belongs to this one.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v2+json }
    /// structure:
    ///   shapes: [oci-manifest]
    ///   subject: optional
    /// sources:
    ///   - mediaTypes: [application/vnd.example.sample.config.v2+json]
    ///     fact: The config.
    ///     specification: https://example.com/specification
    /// ```
    /// ```json reported types/sample/examples/plain.json
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
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when: { field: config.mediaType, equals: application/vnd.example.sample.config.v1+json }
    /// ```
    ///
    /// ## How to fix
    /// Run `oat identify --explain` on the example: it shows the rule that decided and those that lost. For a near
    /// miss say `expect`.
    pub static WRONGLY_IDENTIFIED_EXAMPLE = { id: "wrongly-identified-example", level: Error, since: "0.1.0", subject: Catalog }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &NEEDLESS_EXCEPTION,
    &MISSING_ENTRY,
    &MISSING_EXAMPLE,
    &RULE_WITHOUT_EXAMPLE,
    &STRAY_FILE,
    &UNRESOLVED_EXAMPLE,
    &WRONGLY_IDENTIFIED_EXAMPLE,
];

pub(super) fn stray(shown: &str, reason: &str) -> Finding {
    Finding::new(&STRAY_FILE, Arc::from(visible(shown)), format!("this is {reason}"))
        .help("an entry has `type.yaml`, `icon.svg`, `config.schema.json` and `examples/*.json`")
}

pub(super) fn without_entry(folder: &Folder) -> Finding {
    Finding::new(&MISSING_ENTRY, Arc::from(visible(&folder.shown)), "the folder has no `type.yaml`")
        .help("add `type.yaml`, or remove the folder")
}

/// What the check of one entry's files and examples found.
pub(super) type Found = (Report, Vec<Pending>);

/// Checks the files and examples of each entry, but for those that `known` tells of.
pub(super) fn check_all(
    entries: &[ArtifactType],
    folders: &[Folder],
    identifier: &Identifier,
    known: impl Fn(usize) -> Option<Found> + Sync,
) -> io::Result<Vec<Found>> {
    let claimed = manifest::Claimed::default();
    let check = |position| {
        if let Some(found) = known(position) {
            return Ok(found);
        }
        let mut check = Check {
            entries,
            folder: &folders[position],
            position,
            identifier,
            claimed: &claimed,
            report: Report::default(),
            pending: Vec::new(),
        };
        check.run().map(|()| (check.report, check.pending))
    };
    crate::parallel::in_parallel(folders.len(), check).into_iter().collect()
}

struct Check<'a> {
    entries: &'a [ArtifactType],
    folder: &'a Folder,
    position: usize,
    identifier: &'a Identifier,
    claimed: &'a manifest::Claimed,
    report: Report,
    pending: Vec<Pending>,
}

impl Check<'_> {
    fn run(&mut self) -> io::Result<()> {
        let entry = &self.entries[self.position];
        // An entry that could not be read says nothing about its files.
        if entry.id.is_empty() {
            return Ok(());
        }
        self.files(entry);
        let Some(identify) = &entry.identify else { return Ok(()) };
        let root = Pointer::root();
        let own = |example: &&Example| {
            example.expect.as_ref().is_none_or(|expect| expect.type_id.as_ref() == Some(&entry.id))
        };
        if entry.kind == Kind::Type && !entry.examples.iter().any(|example| own(&example)) {
            let place = PendingPlace::key(
                self.position,
                root.key(if entry.examples.is_empty() { "identify" } else { "examples" }),
            );
            self.pending.push(
                Pending::new(&MISSING_EXAMPLE, place, "the entry has rules, and no example of its type").help(
                    "write a manifest in the documented form into `examples/plain.json` and name it under `examples`",
                ),
            );
            return Ok(());
        }
        let mut decided = BTreeSet::new();
        let before = self.pending.len();
        for (index, example) in entry.examples.iter().enumerate() {
            self.example(entry, index, example, &mut decided)?;
        }
        // An example with the wrong answer is the mistake; that its rule has no example follows from it.
        let right = self.pending.len() == before;
        for (index, _) in identify.rules.iter().enumerate().filter(|_| right && entry.kind == Kind::Type) {
            let id = format!("{}/{}", entry.id, index + 1);
            if !decided.contains(&id) {
                let place =
                    PendingPlace::key(self.position, root.key("identify").key("rules").index(index).key("when"));
                self.pending.push(
                    Pending::new(&RULE_WITHOUT_EXAMPLE, place, format!("no example is decided by rule `{id}`"))
                        .help("add an example of this form"),
                );
            }
        }
        Ok(())
    }

    /// Files that do not belong, and files that are named and missing.
    fn files(&mut self, entry: &ArtifactType) {
        let named: BTreeSet<String> = entry
            .examples
            .iter()
            .flat_map(|example| {
                let context = example.context.iter().flat_map(|c| c.config.iter().chain(&c.parent).chain(&c.children));
                std::iter::once(&example.file).chain(context)
            })
            .map(|file| format!("examples/{file}"))
            .collect();
        for file in &self.folder.files {
            if !matches!(file.name.as_str(), "type.yaml" | "icon.svg" | "config.schema.json")
                && !named.contains(&file.name)
            {
                let reason = if file.name.starts_with("examples/") {
                    "a file that `examples` does not name"
                } else {
                    "a file that entries do not have"
                };
                self.report.findings.push(stray(&self.folder.shown(&file.name), reason));
            }
        }
        for (index, example) in entry.examples.iter().enumerate() {
            let at = Pointer::root().key("examples").index(index);
            let mut names = vec![(at.key("file"), &example.file)];
            if let Some(context) = &example.context {
                let at = at.key("context");
                names.extend(context.config.iter().map(|file| (at.key("config"), file)));
                names.extend(context.parent.iter().map(|file| (at.key("parent"), file)));
                names.extend(context.children.iter().enumerate().map(|(n, file)| (at.key("children").index(n), file)));
            }
            for (pointer, file) in names {
                if !self.folder.has(&format!("examples/{file}")) {
                    self.pending.push(
                        Pending::new(
                            &UNRESOLVED_EXAMPLE,
                            PendingPlace::value(self.position, pointer),
                            format!("there is no `examples/{file}`"),
                        )
                        .help("add the file, or correct its name"),
                    );
                }
            }
        }
    }

    fn example(
        &mut self,
        entry: &ArtifactType,
        index: usize,
        example: &Example,
        decided: &mut BTreeSet<String>,
    ) -> io::Result<()> {
        let Some(document) = self.read(&example.file)? else { return Ok(()) };
        let mut texts = (None, None, Vec::new());
        if let Some(context) = &example.context {
            texts.0 = context.config.as_ref().map(|file| self.read(file)).transpose()?.flatten();
            texts.1 = context.parent.as_ref().map(|file| self.read(file)).transpose()?.flatten();
            for file in &context.children {
                texts.2.extend(self.read(file)?);
            }
        }
        let config = texts.0.as_ref().and_then(|document| document.tree.as_ref()).map(crate::source::Node::to_json);
        let parent = texts.1.as_ref().and_then(|document| Descriptor::read(&document.text).ok());
        let children: Vec<Facts<'_>> = texts.2.iter().filter_map(|document| Facts::read(&document.text).ok()).collect();
        let context = Context {
            tag: example.context.as_ref().and_then(|context| context.tag.as_deref()),
            config: config.as_ref(),
            parent: parent.as_ref(),
            children: &children,
            hopeful: false,
        };
        let Ok(facts) = Facts::read(&document.text) else { return Ok(()) };
        let answer = self.identifier.identify(&facts, &context);
        decided.extend(answer.rule.map(str::to_owned));
        let (expected_type, expected_certainty) = expected(entry, example);
        let right = match (entry.kind, &example.expect) {
            (Kind::Facet, None) => answer.facets.contains(&entry.id.as_str()),
            _ => answer.type_id == expected_type && certainty(&answer) == expected_certainty,
        };
        if !right {
            let place = PendingPlace::value(self.position, Pointer::root().key("examples").index(index).key("file"));
            let wanted = match (entry.kind, &example.expect) {
                (Kind::Facet, None) => format!("the facet `{}`", entry.id),
                _ => describe(expected_type, expected_certainty),
            };
            let by = answer.rule.map(|rule| format!(" by rule `{rule}`")).unwrap_or_default();
            let got = describe(answer.type_id, certainty(&answer)) + &by;
            let message = format!("`{}` should be {wanted}, but is {got}", example.file);
            let help = format!(
                "`oat identify --explain {}` shows why",
                self.folder.shown(&format!("examples/{}", example.file))
            );
            self.pending.push(Pending::new(&WRONGLY_IDENTIFIED_EXAMPLE, place, message).help(help));
        } else if expected_type == Some(entry.id.as_str()) {
            let entries = self.entries;
            let by_id =
                |id: &str| entries.binary_search_by(|entry| entry.id.as_str().cmp(id)).ok().map(|at| &entries[at]);
            let mut memory = Memory::default();
            let mut found = Tape::read(&document.text, &mut memory).map_or_else(
                |_| Vec::new(),
                |tape| {
                    let origin = manifest::Origin { file: &document.file, index: 0, start: (0, 1) };
                    let known = manifest::Known {
                        identifier: self.identifier,
                        context: &context,
                        arrival: &manifest::Arrival::default(),
                        claimed: self.claimed,
                        entry: &by_id,
                    };
                    manifest::rules(
                        origin,
                        &document.text,
                        tape,
                        known,
                        &manifest::Options::default(),
                        &mut manifest::Spare::default(),
                    )
                },
            );
            if let Some(config) = &texts.0 {
                found.extend(self.config(config, &document)?);
            }
            // An example may show what is no longer written: that is what it is for.
            found.retain(|finding| !manifest::PAST.contains(&finding.rule.id));
            for (number, rule) in example.breaks.iter().enumerate() {
                let before = found.len();
                found.retain(|finding| finding.rule.id != rule);
                if found.len() == before {
                    let at = Pointer::root().key("examples").index(index).key("breaks").index(number);
                    let message = format!("`{}` does not break `{}`", example.file, visible(rule));
                    let place = PendingPlace::value(self.position, at);
                    self.pending
                        .push(Pending::new(&NEEDLESS_EXCEPTION, place, message).help("remove it from `breaks`"));
                }
            }
            if !found.is_empty() {
                self.report.sources.insert((Arc::clone(&document.file), 0), document.source_text());
            }
            self.report.findings.extend(found);
        }
        Ok(())
    }

    /// Lints the config that an example comes with: that of an image by the specification, others by the entry's schema.
    fn config(&mut self, config: &Document, document: &Document) -> io::Result<Vec<Finding>> {
        const SCHEMA: &str = "config.schema.json";
        let mut memory = Memory::default();
        let Ok(tape) = Tape::read(&document.text, &mut memory) else { return Ok(Vec::new()) };
        let schema = if self.folder.has(SCHEMA) {
            String::from_utf8(self.folder.read(SCHEMA, MAX_EXAMPLE_BYTES)?).ok()
        } else {
            None
        };
        let origin = manifest::Origin { file: &config.file, index: 0, start: (0, 1) };
        let belongs = config::Belongs { manifest: Some(tape.root()), descriptor: None, schema: schema.as_deref() };
        let (findings, source) = config::lint(origin, config.text.as_bytes(), belongs, &manifest::Options::default());
        self.report.sources.extend(source.map(|source| ((Arc::clone(&config.file), 0), source)));
        Ok(findings)
    }

    /// Reads a file of `examples/`; what its text breaks is reported.
    fn read(&mut self, file: &str) -> io::Result<Option<Document>> {
        let name = format!("examples/{file}");
        if !self.folder.has(&name) {
            return Ok(None);
        }
        let shown: Arc<str> = self.folder.shown(&name).into();
        let bytes = self.folder.read(&name, MAX_EXAMPLE_BYTES)?;
        self.report.files += 1;
        if bytes.len() > MAX_EXAMPLE_BYTES {
            let message = format!("the example has more than {MAX_EXAMPLE_BYTES} bytes");
            self.report
                .findings
                .push(Finding::new(&crate::shape::yaml_rules::OVERSIZED_FILE, shown, message).help("shorten it"));
            return Ok(None);
        }
        let (document, findings) = Document::json(&shown, 0, &bytes, (0, 1));
        if !findings.is_empty() {
            self.report.sources.insert((shown, 0), document.source_text());
            self.report.findings.extend(findings);
        }
        Ok(document.tree.is_some().then_some(document))
    }
}

/// The answer that an example must get, from what its entry says.
pub(super) fn expected<'a>(entry: &'a ArtifactType, example: &'a Example) -> (Option<&'a str>, ExpectedCertainty) {
    match &example.expect {
        Some(expect) => (expect.type_id.as_deref(), expect.certainty),
        None => (Some(&entry.id), ExpectedCertainty::Exact),
    }
}

fn certainty(answer: &Answer<'_>) -> ExpectedCertainty {
    match answer.verdict {
        Verdict::Exact => ExpectedCertainty::Exact,
        Verdict::Family => ExpectedCertainty::Family,
        Verdict::Unknown => ExpectedCertainty::Unknown,
    }
}

fn describe(type_id: Option<&str>, certainty: ExpectedCertainty) -> String {
    match (type_id, certainty) {
        (Some(id), ExpectedCertainty::Exact) => format!("`{id}`"),
        (Some(id), _) => format!("the family `{id}`"),
        (None, _) => "unknown".to_owned(),
    }
}

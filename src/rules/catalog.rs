//! The lint of a catalog: every entry by itself, then the entries together, then their examples.
//!
//! Entries are read by several threads and their documents dropped at once; what the rules over all entries need
//! is kept small, and the documents that such a rule complains about are read again for their places.

pub mod programs;
pub mod view;

mod alias_collision;
mod arguments;
mod blank_icon;
mod changes_out_of_order;
mod config_schema_mismatch;
mod confusable_id;
mod confusable_title;
mod confusables;
mod deceptive_text;
mod examples;
mod forbidden_option;
mod html_in_text;
mod iana_mismatch;
mod icon_mismatch;
mod id_differs_from_folder;
mod incomplete_source;
mod invalid_pattern;
mod key_order;
mod kind_mismatch;
mod links;
mod media_type_guidance;
mod media_type_syntax;
mod media_types;
mod memory;
mod misplaced_field;
mod missing_schema_line;
mod overlapping_rules;
mod overlay_collision;
mod reference_cycle;
mod references;
mod refinement_without_context;
mod repeated_item;
mod reserved_id;
mod scopes;
mod secret_in_text;
mod status_without_reason;
mod suspicious_link;
mod svg;
mod text_checks;
mod tier_without_proof;
mod undecided_media_type;
mod unfinished_entry;
mod unknown_placeholder;
mod unknown_tool;
mod unlisted_program;
mod unproved_date;
mod unproved_media_type;
mod unreachable_rule;
mod unregistered_suffix;
mod unresolved_reference;
mod unsafe_argument;
mod unsafe_svg;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

pub(super) use incomplete_source::moves;
pub use memory::Memory;
pub use reserved_id::is_reserved;
pub use view::{CatalogView, EntryView, Pending, PendingPlace};

use super::suppress;
use crate::catalog::folder::{self, CatalogFolder, Folder};
use crate::catalog::{ArtifactType, Catalog, RuleSet};
use crate::finding::{Finding, Report, Rule};
use crate::identify::Identifier;
use crate::parallel::{beside, few_in_parallel, in_parallel};
use crate::shape::{Document, Part, schema, yaml_rules};
use crate::source::{Pointer, second_reader, yaml};

/// The check of a rule about one entry.
pub type EntryCheck = fn(&EntryView<'_>, &mut Vec<Finding>);
/// The check of a rule about all entries.
pub type CatalogCheck = fn(&CatalogView<'_>, &mut Vec<Pending>);

/// Rules about one entry, with their checks; sorted by id.
pub static ENTRY_RULES: &[(&Rule, EntryCheck)] = &[
    (&blank_icon::RULE, blank_icon::check),
    (&changes_out_of_order::RULE, changes_out_of_order::check),
    (&config_schema_mismatch::RULE, config_schema_mismatch::check),
    (&deceptive_text::RULE, deceptive_text::check),
    (&forbidden_option::RULE, forbidden_option::check),
    (&html_in_text::RULE, html_in_text::check),
    (&iana_mismatch::RULE, iana_mismatch::check),
    (&icon_mismatch::RULE, icon_mismatch::check),
    (&id_differs_from_folder::RULE, id_differs_from_folder::check),
    (&incomplete_source::RULE, incomplete_source::check),
    (&invalid_pattern::RULE, invalid_pattern::check),
    (&key_order::RULE, key_order::check),
    (&media_type_guidance::RULE, media_type_guidance::check),
    (&media_type_syntax::RULE, media_type_syntax::check),
    (&misplaced_field::RULE, misplaced_field::check),
    (&missing_schema_line::RULE, missing_schema_line::check),
    (&refinement_without_context::RULE, refinement_without_context::check),
    (&repeated_item::RULE, repeated_item::check),
    (&reserved_id::RULE, reserved_id::check),
    (&secret_in_text::RULE, secret_in_text::check),
    (&status_without_reason::RULE, status_without_reason::check),
    (&suspicious_link::RULE, suspicious_link::check),
    (&tier_without_proof::RULE, tier_without_proof::check),
    (&unfinished_entry::RULE, unfinished_entry::check),
    (&unknown_placeholder::RULE, unknown_placeholder::check),
    (&unknown_tool::RULE, unknown_tool::check),
    (&unlisted_program::RULE, unlisted_program::check),
    (&unproved_date::RULE, unproved_date::check),
    (&unproved_media_type::RULE, unproved_media_type::check),
    (&unregistered_suffix::RULE, unregistered_suffix::check),
    (&unsafe_argument::RULE, unsafe_argument::check),
    (&unsafe_svg::RULE, unsafe_svg::check),
];

/// Rules about all entries together, with their checks; sorted by id.
pub static CATALOG_RULES: &[(&Rule, CatalogCheck)] = &[
    (&alias_collision::RULE, alias_collision::check),
    (&confusable_id::RULE, confusable_id::check),
    (&confusable_title::RULE, confusable_title::check),
    (&kind_mismatch::RULE, kind_mismatch::check),
    (&overlapping_rules::RULE, overlapping_rules::check),
    (&reference_cycle::RULE, reference_cycle::check),
    (&undecided_media_type::RULE, undecided_media_type::check),
    (&unreachable_rule::RULE, unreachable_rule::check),
    (&unresolved_reference::RULE, unresolved_reference::check),
];

/// Rules about examples, which are checked last.
pub static EXAMPLE_RULES: &[&Rule] = examples::RULES;

/// Rules about how a catalog is put together.
pub static OVERLAY_RULES: &[&Rule] = &[&overlay_collision::RULE];

/// What a lint of a catalog does besides the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Ask the second YAML reader about every entry.
    pub second_reader: bool,
    /// Read the examples, identify them and hold them against their structure.
    pub examples: bool,
    /// Keep the whole catalog, for the commands that go on with it.
    pub keep: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { second_reader: true, examples: true, keep: false }
    }
}

/// What a catalog is put together from.
#[derive(Debug, Default)]
pub struct Listing {
    /// The folders of the entries that are linted.
    pub listed: CatalogFolder,
    /// The catalog beneath, which is taken as it is; none of its entries is among the folders.
    pub beneath: Option<Box<Catalog>>,
    /// Entries of overlays that are there already, and were left out.
    pub collisions: Vec<Collision>,
}

/// An entry of an overlay that is in the catalog beneath already.
#[derive(Debug)]
pub struct Collision {
    /// Its folder.
    pub folder: Folder,
    /// What has the other one, for messages.
    pub beneath: String,
}

impl From<CatalogFolder> for Listing {
    fn from(listed: CatalogFolder) -> Self {
        Self { listed, ..Self::default() }
    }
}

/// What a lint of a catalog gives.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings.
    pub report: Report,
    /// The catalog, when it was to be kept and no entry was unreadable.
    pub catalog: Option<Catalog>,
}

/// The JSON Schema of an entry, as it is published.
pub static ENTRY_SCHEMA: LazyLock<Value> = LazyLock::new(schema::of::<ArtifactType>);

static CHECKED: LazyLock<Result<schema::Schema, String>> = LazyLock::new(|| schema::Schema::new(ENTRY_SCHEMA.clone()));

/// Lints a catalog: `types` is the folder that holds the folders of entries, `shown` how messages call it.
///
/// # Errors
///
/// When a folder or file can not be read.
pub fn lint(types: &Path, shown: &str, options: Options) -> io::Result<Outcome> {
    lint_folders(folder::list(types, shown)?.into(), options, |_| true)
}

/// Lints entries of a catalog: all are read, but only findings about files that `wanted` accepts are given.
///
/// # Errors
///
/// When a file can not be read.
pub fn lint_folders(listing: Listing, options: Options, wanted: impl Fn(&str) -> bool) -> io::Result<Outcome> {
    let read = in_parallel(listing.listed.folders.len(), |at| read_entry(&listing.listed.folders[at], options));
    let examples = |entries: &[ArtifactType], folders: &[Folder], identifier: &Identifier| {
        examples::check_all(entries, folders, identifier, |_| None)
    };
    lint_read(listing, read.into_iter().collect::<io::Result<_>>()?, options, (examples, wanted))
}

/// Lints entries of a catalog, of which some may have been linted before: the outcome is that of [`lint_folders`].
/// Folders of which `touched` is false are taken for what they were.
///
/// # Errors
///
/// When a file can not be read.
pub fn lint_again(
    listing: Listing,
    options: Options,
    memory: &mut Memory,
    touched: impl Fn(&Folder) -> bool + Sync,
) -> io::Result<Outcome> {
    memory.for_options(options);
    memory.keep(&listing.listed.folders);
    let known = &*memory;
    let read = |at: usize| {
        let folder = &listing.listed.folders[at];
        known.read(folder, options, touched(folder))
    };
    let read = in_parallel(listing.listed.folders.len(), read);
    let examples = |entries: &[ArtifactType], folders: &[Folder], identifier: &Identifier| {
        memory.examples(entries, folders, identifier)
    };
    lint_read(listing, read.into_iter().collect::<io::Result<_>>()?, options, (examples, |_: &str| true))
}

/// Lints entries that were read, which `read` holds in the order of their folders; `examples` checks their examples.
fn lint_read(
    listing: Listing,
    read: Vec<ReadEntry>,
    options: Options,
    (examples, wanted): (
        impl FnOnce(&[ArtifactType], &[Folder], &Identifier) -> io::Result<Vec<examples::Found>>,
        impl Fn(&str) -> bool,
    ),
) -> io::Result<Outcome> {
    let Listing { listed: CatalogFolder { folders, strays }, beneath, collisions } = listing;
    let mut report = Report::default();
    overlay_collision::check(&collisions, &mut report)?;
    for (shown, reason) in &strays {
        report.findings.push(examples::stray(shown, reason));
    }
    let mut suppressions = Vec::new();
    let mut files = BTreeMap::new();
    let mut complete = true;
    // The entries stay where they are: the list of what was read becomes theirs.
    let entry = |mut one: ReadEntry| {
        report.files += one.files;
        report.findings.append(&mut one.findings);
        suppressions.append(&mut one.suppressions);
        // Not `append`, which builds the whole map anew for each entry.
        report.sources.extend(one.sources);
        files.extend(one.texts);
        complete &= one.complete;
        one.entry
    };
    let mut entries: Vec<ArtifactType> = read.into_iter().map(entry).collect();
    if let Some(beneath) = beneath {
        if options.keep {
            entries.extend(beneath.entries);
            files.extend(beneath.files);
        } else {
            entries.extend(beneath.entries.into_iter().map(slim));
        }
    }
    let identifier = Identifier::new(RuleSet::new(entries.iter().filter(|entry| !entry.id.is_empty())));
    let view = CatalogView { entries: &entries, folders: &folders, rules: identifier.rules(), identifier: &identifier };
    let check = |at: usize| {
        let mut pending = Vec::new();
        CATALOG_RULES[at].1(&view, &mut pending);
        pending
    };
    let mut pending: Vec<Pending> = few_in_parallel(CATALOG_RULES.len(), check).into_iter().flatten().collect();
    if options.examples {
        let mut places = Vec::new();
        for (found, mut more) in examples(&entries, &folders, &identifier)? {
            report.merge(found);
            places.append(&mut more);
        }
        // That a rule which nothing can reach has no example says nothing new.
        let dead = |place: &PendingPlace| {
            pending.iter().any(|one: &Pending| one.rule.id == unreachable_rule::RULE.id && one.place == *place)
        };
        places.retain(|one| one.rule.id != examples::RULE_WITHOUT_EXAMPLE.id || !dead(&one.place));
        pending.append(&mut places);
    }
    resolve(pending, &folders, &mut report)?;
    report.documents = report.files;
    suppress::apply(&mut report, suppressions);
    report.findings.retain(|finding| wanted(&finding.file));
    report.sort();
    if options.keep && complete {
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        let catalog = Catalog { entries, files, rules: identifier.into_rules() };
        return Ok(Outcome { report, catalog: Some(catalog) });
    }
    if entries.len() > MANY {
        beside(move || drop((entries, files, folders, identifier)));
    }
    Ok(Outcome { report, catalog: None })
}

/// So many entries take some time to be freed, for which nobody should wait.
const MANY: usize = 1000;

/// Compiles what every lint of a catalog needs. Who lists a large catalog first does it beside that.
pub fn prepare() {
    LazyLock::force(&CHECKED);
}

/// What reading one folder gives.
#[derive(Debug, Clone, Default)]
struct ReadEntry {
    findings: Vec<Finding>,
    sources: BTreeMap<(Arc<str>, usize), crate::finding::SourceText>,
    files: usize,
    /// The entry; slim unless it is to be kept.
    entry: ArtifactType,
    /// Whether it could be read.
    complete: bool,
    texts: BTreeMap<String, String>,
    suppressions: Vec<suppress::Suppression>,
}

fn read_entry(folder: &Folder, options: Options) -> io::Result<ReadEntry> {
    let mut read = ReadEntry { files: 1, ..ReadEntry::default() };
    for (name, reason) in &folder.strays {
        read.findings.push(examples::stray(&folder.shown(name), reason));
    }
    if !folder.has("type.yaml") {
        read.findings.push(examples::without_entry(folder));
        return Ok(read);
    }
    let file: Arc<str> = folder.shown("type.yaml").into();
    let bytes = folder.read("type.yaml", yaml::MAX_BYTES)?;
    // The fast lane reads the plain style without places; whatever is found, the whole reader looks again.
    if let Some(document) = Document::plain_yaml(&file, &bytes) {
        let fast = read_document(folder, &document, Vec::new(), options)?;
        if fast.findings.is_empty() && fast.suppressions.is_empty() {
            read.entry = fast.entry;
            read.complete = fast.complete;
            read.texts = fast.texts;
            return Ok(read);
        }
    }
    let (document, findings) = Document::yaml(&file, &bytes);
    let mut whole = read_document(folder, &document, findings, options)?;
    whole.files = read.files;
    whole.findings.splice(0..0, read.findings);
    Ok(whole)
}

fn read_document(
    folder: &Folder,
    document: &Document,
    mut findings: Vec<Finding>,
    options: Options,
) -> io::Result<ReadEntry> {
    let mut read = ReadEntry::default();
    if let (Some(tree), Ok(schema)) = (&document.tree, &*CHECKED)
        && !tree.members().is_empty()
    {
        let readable = findings.is_empty();
        let value = tree.to_json();
        let violations = schema.violations(document, &value);
        let entry = typed(&value, &violations);
        findings.extend(violations);
        if options.second_reader
            && readable
            && let Some((pointer, message)) = second_reader::disagreement(&document.text, tree)
        {
            findings.push(document.finding(&yaml_rules::READER_DISAGREEMENT, &pointer, Part::Value, message));
        }
        if let Some(entry) = entry {
            let view = EntryView::new(folder, document, &value, &entry);
            for (_, check) in ENTRY_RULES {
                check(&view, &mut findings);
            }
            read.complete = true;
            read.entry = if options.keep {
                read.texts = texts(folder)?;
                // What was read has room for more, a list of one for four; its copy is as large as what it holds.
                entry.clone()
            } else {
                slim(entry)
            };
        }
    }
    read.suppressions = suppress::collect(document, &mut findings);
    if !findings.is_empty() || !read.suppressions.is_empty() {
        read.sources.insert((Arc::clone(&document.file), 0), document.source_text());
    }
    read.findings.append(&mut findings);
    Ok(read)
}

/// The files of a folder that outputs need.
fn texts(folder: &Folder) -> io::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for file in folder.files.iter().filter(|file| file.name != "type.yaml") {
        let bytes = folder.read(&file.name, examples::MAX_EXAMPLE_BYTES)?;
        texts.insert(format!("{}/{}", folder.name, file.name), String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(texts)
}

/// What the rules over all entries do not need is emptied, so that ten thousand entries stay small.
fn slim(mut entry: ArtifactType) -> ArtifactType {
    entry.description = String::new();
    entry.summary = String::new();
    entry.tools = Vec::new();
    entry.actions = Vec::new();
    entry.scanning = None;
    entry.icon = None;
    entry.links = crate::catalog::model::Links::default();
    entry.iana = Vec::new();
    entry.sources = Vec::new();
    entry.changes = Vec::new();
    entry.owner = None;
    entry.publisher = crate::catalog::model::Publisher::default();
    entry.label = String::new();
    entry
}

/// The typed entry. Where the schema is violated, unknown keys are left out, and a key with any other violation
/// below it holds a neutral value, so that the rules which do not need it still run.
fn typed(value: &Value, violations: &[Finding]) -> Option<ArtifactType> {
    if violations.is_empty() {
        return ArtifactType::deserialize(value).ok();
    }
    let mut value = value.clone();
    let unknown = |finding: &&Finding| finding.rule.id == crate::shape::schema_rules::UNKNOWN_KEY.id;
    for finding in violations.iter().filter(unknown) {
        if let Some(pointer) = &finding.pointer
            && let (Some(parent), Some(key)) = (pointer.parent(), pointer.keys().last())
            && let Some(Value::Object(object)) = value.pointer_mut(parent.as_str())
        {
            object.remove(&key);
        }
    }
    let object = value.as_object_mut()?;
    let wrong: BTreeSet<String> = violations
        .iter()
        .filter(|finding| !unknown(finding))
        .filter_map(|finding| finding.pointer.as_ref()?.keys().next())
        .collect();
    object.retain(|key, _| !wrong.contains(key));
    for (key, neutral) in neutral() {
        object.entry(key).or_insert(neutral);
    }
    serde_json::from_value(value).ok()
}

/// Values of the required keys that no rule complains about.
fn neutral() -> Map<String, Value> {
    let neutral = json!({
        "id": "", "title": "", "label": "", "summary": "", "description": "", "status": { "state": "active" },
        "tier": "listed", "publisher": { "name": "", "url": "" }, "roles": [], "links": {}, "changes": [],
    });
    if let Value::Object(neutral) = neutral { neutral } else { Map::new() }
}

/// Measures the places of findings of rules over all entries: each entry concerned is read once more.
///
/// The entries beneath stand after those of the folders and have no places: what is told of them is told of the first
/// entry that has one.
fn resolve(mut pending: Vec<Pending>, folders: &[Folder], report: &mut Report) -> io::Result<()> {
    for one in &mut pending {
        if one.place.entry >= folders.len()
            && let Some(at) = one.related.iter().position(|(place, _)| place.entry < folders.len())
        {
            one.place = one.related.remove(at).0;
        }
        one.related.retain(|(place, _)| place.entry < folders.len());
    }
    pending.retain(|one| one.place.entry < folders.len());
    let mut documents: BTreeMap<usize, Document> = BTreeMap::new();
    let concerned = pending
        .iter()
        .flat_map(|one| std::iter::once(one.place.entry).chain(one.related.iter().map(|(place, _)| place.entry)));
    for entry in concerned.collect::<BTreeSet<usize>>() {
        let folder = &folders[entry];
        let file: Arc<str> = folder.shown("type.yaml").into();
        let bytes = folder.read("type.yaml", yaml::MAX_BYTES)?;
        let document = Document::yaml(&file, &bytes).0;
        report.sources.insert((file, 0), document.source_text());
        documents.insert(entry, document);
    }
    for one in pending {
        let Some(document) = documents.get(&one.place.entry) else { continue };
        let mut finding = document.finding(one.rule, &one.place.pointer, one.place.part, one.message);
        finding.help = one.help;
        for (place, message) in one.related {
            if let Some(document) = documents.get(&place.entry) {
                finding.related.push(document.related(&place.pointer, place.part, message));
            }
        }
        report.findings.push(finding);
    }
    Ok(())
}

/// The pointer of an element's member, such as `/actions/0/argv`.
#[must_use]
pub fn element(list: &str, index: usize, key: &str) -> Pointer {
    Pointer::root().key(list).index(index).key(key)
}

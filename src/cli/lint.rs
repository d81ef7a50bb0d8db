//! `oat lint`: a catalog, an entry, manifests and indexes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input::{self, Input};
use super::output::{self, Format};
use super::registries::{self, DeepArgs, RegistryArgs, Remote};
use super::settings::{Settings, SettingsArgs};
use super::stream::{self, Source};
use super::{Failure, Global, Io, Outcome, catalogs, codeowners, fix, selections};
use crate::archive::Container;
use crate::catalog::Catalog;
use crate::catalog::folder::read_bounded;
use crate::finding::report::Levels;
use crate::finding::{Report, SourceText};
use crate::identify::{Context, Identifier};
use crate::rules::{catalog as catalog_lint, config, layout, manifest, reference, registry};
use crate::shape::{Document, MAX_JSON_BYTES};
use crate::source::tape::{Memory, Tape};

/// Check a catalog, an entry, manifests or indexes
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the program")]
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Catalog folders, `type.yaml` files, manifests, NDJSON streams, image layouts and archives (also gzip or zstd),
    /// folders of documents, references to what registries hold, or `-`;
    /// without any, the catalog in `./types`
    paths: Vec<PathBuf>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// File with the descriptor that led to the document
    #[arg(long, value_name = "FILE")]
    descriptor: Option<PathBuf>,
    /// The digest by which the document was asked for
    #[arg(long)]
    digest: Option<String>,
    /// The content type with which the document was served
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Show how often each rule was broken, instead of the findings
    #[arg(long)]
    statistics: bool,
    #[command(flatten)]
    settings: SettingsArgs,
    /// The config of the image whose manifest is given: check it too
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The reference that led to the document, `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`, to check it too
    #[arg(long, requires = "paths")]
    reference: Option<String>,
    /// Do not ask the second YAML reader about every entry
    #[arg(long)]
    no_second_reader: bool,
    /// Do not read the examples of entries
    #[arg(long)]
    no_examples: bool,
    /// Repair in entries what is certain: the spelling of keys and words, their order, the schema line
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    deep: DeepArgs,
    #[command(flatten)]
    registry: RegistryArgs,
}

/// The folder of the table of registries.
const REGISTRIES: &str = "src/export/registries";

/// Most rounds of repairs: one may make way for the next.
const ROUNDS: usize = 10;

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let Settings { levels, options: document_options } = args.settings.settings()?;
    let options =
        catalog_lint::Options { second_reader: !args.no_second_reader, examples: !args.no_examples, keep: false };
    let mut inputs = Vec::new();
    if args.paths.is_empty() {
        let types = match &global.catalog {
            Some(dir) => catalogs::types_folder(dir),
            None => catalogs::local(),
        };
        // Overlays alone stand on the embedded catalog.
        if types.is_none() && global.overlay.is_empty() {
            return Err(Failure::new(
                "there is no catalog in `./types`: give the path of a catalog, an entry or a manifest",
            ));
        }
        inputs.push(Input::Catalog(types));
        if global.catalog.is_none() && Path::new(REGISTRIES).is_dir() {
            inputs.extend(input::registries(Path::new(REGISTRIES))?);
        }
    }
    for path in &args.paths {
        inputs.extend(input::classify(path)?);
    }
    let arrival = args.arrival(&inputs)?;
    if args.config.is_some() && !matches!(inputs[..], [Input::Document(_)]) {
        return Err(Failure::new(
            "--config is the config of one image: give the file of its manifest and nothing else",
        ));
    }
    let mut report = Report::default();
    if let Some(text) = &args.reference {
        report.findings = reference::lint(text, &document_options);
        let source = SourceText { text: text.as_str().into(), offset: 0, line: 1 };
        report.sources.insert((reference::FILE.into(), 0), source);
    }
    let mut linter = None;
    let mut owners = Vec::new();
    let mut run = Run { options, levels: &levels, fix: args.fix, repaired: fix::Repaired::default() };
    for input in inputs {
        let found = match input {
            Input::Catalog(types) => lint_catalog(types, global, &mut run)?,
            Input::Selection(path) => lint_selection(&path, global)?,
            Input::Registry(path) => lint_registry(&path, global)?,
            Input::Entry(path) => {
                let found = lint_entry(&path, &mut run)?;
                owners.extend(owner_line(&path).filter(|_| args.format == Format::Human));
                found
            }
            Input::Layout(container) => make(&mut linter, (&document_options, &arrival), global)?.layout(&container),
            Input::Reference(text) => {
                let remote = registries::read(&args.registry.client(), &text, args.deep)?;
                remote_lint(&remote, &document_options, global)?
            }
            Input::Document(path) => {
                let linter = make(&mut linter, (&document_options, &arrival), global)?;
                let bytes = read_bounded(&path, MAX_JSON_BYTES).map_err(|e| Failure::path(&path, &e))?;
                linter.file(&path, &bytes, args.config.as_deref())?
            }
            Input::Stream(path) => make(&mut linter, (&document_options, &arrival), global)?.stream(&path)?,
        };
        report.merge(found);
    }
    let fix::Repaired { findings, files } = run.repaired;
    if findings > 0 {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        writeln!(io.err, "repaired {findings} finding{} in {files} file{}", plural(findings), plural(files))?;
    }
    if args.statistics {
        return output::show_statistics(report, args.format, &levels, io);
    }
    let code = output::show(report, args.format, &levels, global, io)?;
    for line in owners {
        writeln!(io.err, "its owner implies this line of CODEOWNERS, which nobody has to write: {line}")?;
    }
    Ok(code)
}

impl Args {
    /// What led to the document, which is the only one then.
    fn arrival(&self, inputs: &[Input]) -> Result<manifest::Arrival, Failure> {
        if self.descriptor.is_none() && self.digest.is_none() && self.content_type.is_none() {
            return Ok(manifest::Arrival::default());
        }
        if !matches!(inputs, [Input::Document(_) | Input::Stream(_)]) {
            let message = "`--descriptor`, `--digest` and `--content-type` are about one document: give its path alone";
            return Err(Failure::new(message));
        }
        let descriptor = self.descriptor.as_deref().map(pointing).transpose()?;
        Ok(manifest::Arrival { digest: self.digest.clone(), content_type: self.content_type.clone(), descriptor })
    }
}

/// What a descriptor in a file says.
fn pointing(path: &Path) -> Result<manifest::Pointing, Failure> {
    let bytes = read_bounded(path, MAX_JSON_BYTES).map_err(|error| Failure::path(path, &error))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if !value.is_object() {
        return Err(Failure::new(format!("{}: not a descriptor", catalogs::shown(path))));
    }
    let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let size = value.get("size").and_then(serde_json::Value::as_u64);
    Ok(manifest::Pointing { media_type: text("mediaType"), digest: text("digest"), size })
}

/// The line of CODEOWNERS that an entry implies, when it can be read.
fn owner_line(path: &Path) -> Option<String> {
    let bytes = read_bounded(path, crate::source::yaml::MAX_BYTES).ok()?;
    let (document, findings) = Document::yaml(&catalogs::shown(path).into(), &bytes);
    let readable = document.tree.as_ref().filter(|_| findings.is_empty())?;
    codeowners::line(&serde_json::from_value(readable.to_json()).ok()?)
}

/// A catalog, with its overlays.
fn lint_catalog(types: Option<PathBuf>, global: &Global, run: &mut Run<'_>) -> Result<Report, Failure> {
    crate::parallel::beside(catalog_lint::prepare);
    let sources = catalogs::Sources::new(types, global);
    let place = sources.types.as_deref().unwrap_or(Path::new("."));
    run.folders(place, |_| true, || sources.list())
}

/// A selection, held against the catalog that commands would select from.
fn lint_selection(path: &Path, global: &Global) -> Result<Report, Failure> {
    Ok(selections::read(path, global)?.report)
}

/// A file of the table of registries, held against the catalog whose types it may name.
fn lint_registry(path: &Path, global: &Global) -> Result<Report, Failure> {
    let bytes = read_bounded(path, crate::source::yaml::MAX_BYTES).map_err(|error| Failure::path(path, &error))?;
    let (document, findings) = Document::yaml(&catalogs::shown(path).into(), &bytes);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let findings = registry::lint(&document, &stem, findings, &catalogs::load(global)?);
    let mut report = Report { findings, files: 1, documents: 1, ..Report::default() };
    report.sources.insert((Arc::clone(&document.file), 0), document.source_text());
    Ok(report)
}

/// One entry, read together with its siblings, since rules over all entries concern it too.
fn lint_entry(path: &Path, run: &mut Run<'_>) -> Result<Report, Failure> {
    let absolute = std::path::absolute(path).map_err(|error| Failure::path(path, &error))?;
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let types = folder.parent().unwrap_or(folder);
    // Messages call the siblings by the way that the user called the entry.
    let shown_folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = catalogs::shown(shown_folder);
    let prefix = own.strip_suffix(&name).map(str::to_owned).unwrap_or_default();
    let wanted = if own.is_empty() { format!("{name}/") } else { format!("{own}/") };
    let list = || {
        let mut listed = crate::catalog::folder::list(types, "").map_err(|error| Failure::path(types, &error))?;
        for sibling in &mut listed.folders {
            sibling.shown =
                if sibling.name == name && !own.is_empty() { own.clone() } else { format!("{prefix}{}", sibling.name) };
        }
        // Folders without an entry are no siblings; a single entry may stand anywhere.
        listed.folders.retain(|sibling| sibling.name == name || sibling.has("type.yaml"));
        listed.strays.clear();
        Ok(listed.into())
    };
    let mut report = run.folders(types, |file| file.starts_with(&wanted), list)?;
    report.files = 1;
    report.documents = 1;
    Ok(report)
}

/// How entries are linted, and what was repaired on the way.
struct Run<'a> {
    options: catalog_lint::Options,
    levels: &'a Levels,
    fix: bool,
    repaired: fix::Repaired,
}

impl Run<'_> {
    /// Lints what `list` gives; with repairs, until there is nothing more to repair.
    fn folders(
        &mut self,
        types: &Path,
        wanted: impl Fn(&str) -> bool + Copy,
        list: impl Fn() -> Result<catalog_lint::Listing, Failure>,
    ) -> Result<Report, Failure> {
        for round in 0.. {
            let listing = list()?;
            let paths: BTreeMap<String, PathBuf> =
                listing.listed.folders.iter().map(|one| (one.shown("type.yaml"), one.path.join("type.yaml"))).collect();
            let outcome = catalog_lint::lint_folders(listing, self.options, wanted)
                .map_err(|error| Failure::path(types, &error))?;
            if !self.fix || round == ROUNDS {
                return Ok(outcome.report);
            }
            let allowed = |id: &str| self.levels.by_rule.get(id).is_some_and(Option::is_none);
            let findings: Vec<_> =
                outcome.report.findings.iter().filter(|finding| !allowed(finding.rule.id)).cloned().collect();
            let made = fix::apply(&findings, |file| paths.get(file).cloned())?;
            if made.findings == 0 {
                return Ok(outcome.report);
            }
            self.repaired.findings += made.findings;
            self.repaired.files = self.repaired.files.max(made.files);
        }
        Ok(Report::default())
    }
}

/// What a registry holds under a reference: the reference, the document as it was served, and its config when it was
/// read.
fn remote_lint(remote: &Remote, options: &manifest::Options, global: &Global) -> Result<Report, Failure> {
    let arrival = manifest::Arrival {
        digest: Some(remote.fetched.digest.clone()),
        content_type: remote.fetched.content_type.clone(),
        descriptor: None,
    };
    let mut own = None;
    let linter = make(&mut own, (options, &arrival), global)?;
    let mut report = Report { files: 1, ..Report::default() };
    let file: Arc<str> = remote.reference.as_str().into();
    remote.with_context(|_, context| {
        let bytes = &remote.fetched.bytes;
        let origin = manifest::Origin { file: &file, index: 0, start: (0, 1) };
        linter.document(origin, bytes, context, &mut manifest::Scratch::default(), &mut report);
        if let Some(blob) = &remote.config {
            report.merge(linter.config(&format!("{file}, its config").into(), blob, bytes, context));
        }
    });
    report.findings.extend(reference::lint(&remote.reference, options));
    let source = SourceText { text: remote.reference.as_str().into(), offset: 0, line: 1 };
    report.sources.insert((reference::FILE.into(), 0), source);
    Ok(report)
}

/// What the lint of documents needs, made once.
struct Linter {
    catalog: Catalog,
    identifier: Identifier,
    options: manifest::Options,
    arrival: manifest::Arrival,
    claimed: manifest::Claimed,
}

fn make<'a>(
    linter: &'a mut Option<Linter>,
    (options, arrival): (&manifest::Options, &manifest::Arrival),
    global: &Global,
) -> Result<&'a Linter, Failure> {
    if linter.is_none() {
        let catalog = catalogs::load(global)?;
        let identifier = Identifier::new(catalog.rules.clone());
        *linter = Some(Linter {
            catalog,
            identifier,
            options: options.clone(),
            arrival: arrival.clone(),
            claimed: manifest::Claimed::default(),
        });
    }
    linter.as_ref().ok_or_else(|| Failure::new("no catalog"))
}

impl Linter {
    /// Lints one document into a report.
    fn document(
        &self,
        origin: manifest::Origin<'_>,
        bytes: &[u8],
        context: &Context<'_>,
        scratch: &mut manifest::Scratch,
        report: &mut Report,
    ) {
        let entry = |id: &str| self.catalog.get(id);
        let known = manifest::Known {
            identifier: &self.identifier,
            context,
            arrival: &self.arrival,
            claimed: &self.claimed,
            entry: &entry,
        };
        let (findings, source) = manifest::lint(origin, bytes, known, &self.options, scratch);
        report.documents += 1;
        report.findings.extend(findings);
        report.sources.extend(source.map(|source| ((Arc::clone(origin.file), origin.index), source)));
    }

    /// A file with one document, and the config blob that it comes with.
    fn file(&self, path: &Path, bytes: &[u8], config: Option<&Path>) -> Result<Report, Failure> {
        let read = |path: &Path| read_bounded(path, MAX_JSON_BYTES).map_err(|error| Failure::path(path, &error));
        let blob = config.map(read).transpose()?;
        let value = blob.as_ref().and_then(|blob| serde_json::from_slice(blob).ok());
        let context = Context { config: value.as_ref(), ..Context::default() };
        let mut report = Report { files: 1, ..Report::default() };
        let origin = manifest::Origin { file: &catalogs::shown(path).into(), index: 0, start: (0, 1) };
        self.document(origin, bytes, &context, &mut manifest::Scratch::default(), &mut report);
        if let Some((path, blob)) = config.zip(blob) {
            report.merge(self.config(&catalogs::shown(path).into(), &blob, bytes, &context));
        }
        Ok(report)
    }

    /// A config blob, with the bytes of the manifest that it belongs to.
    fn config(&self, file: &Arc<str>, bytes: &[u8], of: &[u8], context: &Context<'_>) -> Report {
        let mut memory = Memory::default();
        let text = std::str::from_utf8(of).unwrap_or_default();
        let tape = Tape::read(text, &mut memory).ok();
        let entry = |id: &str| self.catalog.get(id);
        let known = manifest::Known {
            identifier: &self.identifier,
            context,
            arrival: &self.arrival,
            claimed: &self.claimed,
            entry: &entry,
        };
        let schema = config::type_of(text, known).and_then(|entry| self.catalog.file(&entry.id, "config.schema.json"));
        let belongs = config::Belongs { manifest: tape.map(Tape::root), descriptor: None, schema };
        let origin = manifest::Origin { file, index: 0, start: (0, 1) };
        let (findings, source) = config::lint(origin, bytes, belongs, &self.options);
        let mut report = Report { files: 1, documents: 1, findings, ..Report::default() };
        report.sources.extend(source.map(|source| ((Arc::clone(file), 0), source)));
        report
    }

    fn layout(&self, container: &Container) -> Report {
        let linter = layout::Linter {
            identifier: &self.identifier,
            entry: &|id| self.catalog.get(id),
            schema: &|id| self.catalog.file(id, "config.schema.json"),
            claimed: &self.claimed,
            options: &self.options,
        };
        layout::lint(container, &catalogs::shown(container.path()), linter)
    }

    /// A document, or a stream of them; blocks of a stream are linted side by side.
    fn stream(&self, path: &Path) -> Result<Report, Failure> {
        let lines = match stream::open(path)? {
            Source::One(bytes) => return self.file(path, &bytes, None),
            Source::Many(lines) => lines,
        };
        let file: Arc<str> = catalogs::shown(path).into();
        let mut report = Report { files: 1, ..Report::default() };
        let work = |block: &stream::Block| {
            let mut scratch = manifest::Scratch::default();
            let mut report = Report::default();
            for (index, bytes, start) in block.documents() {
                self.document(
                    manifest::Origin { file: &file, index, start },
                    bytes,
                    &Context::default(),
                    &mut scratch,
                    &mut report,
                );
            }
            report
        };
        stream::in_order(lines, path, work, |part| {
            report.merge(part);
            Ok(())
        })?;
        Ok(report)
    }
}

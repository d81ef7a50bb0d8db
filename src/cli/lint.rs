//! `oat lint`: a catalog, an entry, manifests and indexes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input::{self, Input};
use super::output::{self, Format, LevelArgs};
use super::{Failure, Global, Io, Outcome, catalogs, stream};
use crate::catalog::Catalog;
use crate::finding::Report;
use crate::identify::{Context, Identifier};
use crate::rules::{catalog as catalog_lint, manifest};
use crate::shape::{Document, MAX_JSON_BYTES};

/// Check a catalog, an entry, manifests or indexes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Catalog folders, `type.yaml` files, manifests, NDJSON streams, image layouts, folders of them, or `-`;
    /// without any, the catalog in `./types`
    paths: Vec<PathBuf>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    levels: LevelArgs,
    /// Do not ask the second YAML reader about every entry
    #[arg(long)]
    no_second_reader: bool,
    /// Do not read the examples of entries
    #[arg(long)]
    no_examples: bool,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let levels = args.levels.levels()?;
    let options =
        catalog_lint::Options { second_reader: !args.no_second_reader, examples: !args.no_examples, keep: false };
    let mut inputs = Vec::new();
    if args.paths.is_empty() {
        let types = match &global.catalog {
            Some(dir) => catalogs::types_folder(dir),
            None => catalogs::local(),
        };
        inputs.push(Input::Catalog(types.ok_or_else(|| {
            Failure::new("there is no catalog in `./types`: give the path of a catalog, an entry or a manifest")
        })?));
    }
    for path in &args.paths {
        inputs.extend(input::classify(path)?);
    }
    let mut report = Report::default();
    let mut linter = None;
    for input in inputs {
        let found = match input {
            Input::Catalog(types) => lint_catalog(&types, global, options)?,
            Input::Entry(path) => lint_entry(&path, options)?,
            Input::Layout(path) => {
                let linter = make(&mut linter, global)?;
                let mut report = Report::default();
                for document in input::layout(&path)? {
                    report.merge(linter.document(&document.shown.into(), 0, &document.bytes, (0, 1)));
                    report.files += 1;
                }
                report
            }
            Input::Document(path) => {
                let linter = make(&mut linter, global)?;
                let bytes = crate::catalog::folder::read_bounded(&path, MAX_JSON_BYTES)
                    .map_err(|e| Failure::path(&path, &e))?;
                let mut report = linter.document(&catalogs::shown(&path).into(), 0, &bytes, (0, 1));
                report.files += 1;
                report
            }
            Input::Stream(path) => make(&mut linter, global)?.stream(&path)?,
        };
        report.merge(found);
    }
    output::show(report, args.format, &levels, global, io)
}

fn lint_catalog(types: &Path, global: &Global, options: catalog_lint::Options) -> Result<Report, Failure> {
    let listed = catalogs::list(types, &global.overlay)?;
    let outcome =
        catalog_lint::lint_folders(listed, options, |_| true).map_err(|error| Failure::path(types, &error))?;
    Ok(outcome.report)
}

/// One entry, read together with its siblings, since rules over all entries concern it too.
fn lint_entry(path: &Path, options: catalog_lint::Options) -> Result<Report, Failure> {
    let absolute = std::path::absolute(path).map_err(|error| Failure::path(path, &error))?;
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let types = folder.parent().unwrap_or(folder);
    // Messages call the siblings by the way that the user called the entry.
    let shown_folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut listed = crate::catalog::folder::list(types, "").map_err(|error| Failure::path(types, &error))?;
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = catalogs::shown(shown_folder);
    let prefix = own.strip_suffix(&name).map(str::to_owned).unwrap_or_default();
    for sibling in &mut listed.folders {
        sibling.shown =
            if sibling.name == name && !own.is_empty() { own.clone() } else { format!("{prefix}{}", sibling.name) };
    }
    // Folders without an entry are no siblings; a single entry may stand anywhere.
    listed.folders.retain(|sibling| sibling.name == name || sibling.has("type.yaml"));
    listed.strays.clear();
    let wanted = listed.folders.iter().find(|sibling| sibling.name == name).map(|folder| folder.shown.clone());
    let wanted = format!("{}/", wanted.unwrap_or_default());
    let outcome = catalog_lint::lint_folders(listed, options, |file| file.starts_with(&wanted))
        .map_err(|error| Failure::path(types, &error))?;
    let mut report = outcome.report;
    report.files = 1;
    report.documents = 1;
    Ok(report)
}

/// What the lint of documents needs, made once.
struct Linter {
    catalog: Catalog,
    identifier: Identifier,
}

fn make<'a>(linter: &'a mut Option<Linter>, global: &Global) -> Result<&'a Linter, Failure> {
    if linter.is_none() {
        let catalog = catalogs::load(global)?;
        let identifier = Identifier::new(catalog.rules.clone());
        *linter = Some(Linter { catalog, identifier });
    }
    linter.as_ref().ok_or_else(|| Failure::new("no catalog"))
}

impl Linter {
    fn document(&self, file: &Arc<str>, index: usize, bytes: &[u8], start: (usize, usize)) -> Report {
        let mut report = Report { documents: 1, ..Report::default() };
        let (document, mut findings) = Document::json(file, index, bytes, start);
        findings.extend(manifest::lint(&document, &self.identifier, &Context::default(), |id| self.catalog.get(id)));
        if !findings.is_empty() {
            report.sources.insert((Arc::clone(file), index), document.source_text());
            report.findings = findings;
        }
        report
    }

    fn stream(&self, path: &Path) -> Result<Report, Failure> {
        let file: Arc<str> = catalogs::shown(path).into();
        let mut report = Report { files: 1, ..Report::default() };
        stream::each_document(path, &mut |index, bytes, start| {
            report.merge(self.document(&file, index, bytes, start));
            Ok(())
        })?;
        Ok(report)
    }
}

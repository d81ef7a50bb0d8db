//! What the commands that are given a selection do with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalogs::{Overlay, Sources};
use super::output::{self, Format};
use super::{EXIT_CLEAN, Failure, Global, Io, catalogs};
use crate::catalog::Catalog;
use crate::catalog::folder::read_bounded;
use crate::finding::report::Levels;
use crate::finding::{Finding, Report};
use crate::mapping::MediaTypeMappings;
use crate::rules::selection::{self, SelectionView};
use crate::selection::{Chosen, Selection};
use crate::shape::Document;
use crate::source::yaml;

/// The option that chooses types.
#[derive(Debug, clap::Args)]
pub(super) struct SelectArgs {
    /// Take only the types that this selection takes
    #[arg(long, value_name = "FILE")]
    pub(super) select: Option<PathBuf>,
}

/// A selection that was read.
#[derive(Debug)]
pub(super) struct Selected {
    /// The selection; none when the report says why.
    pub(super) selection: Option<Selection>,
    /// The catalog with the overlays of the selection.
    pub(super) catalog: Catalog,
    /// What is wrong with the selection.
    pub(super) report: Report,
}

/// Reads a selection as it is, not held against any catalog. None when it has errors, which were shown.
pub(super) fn read_alone(path: &Path, global: &Global, io: &mut Io<'_>) -> Result<Option<Selection>, Failure> {
    let (document, selection, findings) = parse(path)?;
    let code = output::show_findings(report(&document, findings), Format::Human, &Levels::default(), global, io)?;
    Ok(selection.filter(|_| code == EXIT_CLEAN))
}

/// The overlays of a selection, and those of the command line on top of them.
pub(super) fn overlays(path: &Path, selection: &Selection, sources: &Sources) -> Vec<Overlay> {
    let beside = path.parent().unwrap_or(Path::new(""));
    let own = selection
        .overlays
        .iter()
        .map(|overlay| Overlay { folder: beside.join(&overlay.folder), replaces: overlay.replaces.clone() });
    own.chain(sources.overlays.iter().cloned()).collect()
}

fn parse(path: &Path) -> Result<(Document, Option<Selection>, Vec<Finding>), Failure> {
    let bytes = read_bounded(path, yaml::MAX_BYTES).map_err(|error| Failure::path(path, &error))?;
    let file: Arc<str> = catalogs::shown(path).into();
    let (document, findings) = Document::yaml(&file, &bytes);
    let (selection, findings) = selection::read(&document, findings);
    Ok((document, selection, findings))
}

/// Reads a selection and the catalog that it selects from.
pub(super) fn read(path: &Path, global: &Global) -> Result<Selected, Failure> {
    let (document, selection, mut findings) = parse(path)?;
    let sources = Sources::of(global)?;
    let Some(selection) = selection else {
        return Ok(Selected { selection: None, catalog: Catalog::default(), report: report(&document, findings) });
    };
    let whole = Sources { overlays: Vec::new(), ..sources.clone() }.load()?;
    let digest = MediaTypeMappings::new(&whole, None)?.digest;
    let overlays = overlays(path, &selection, &sources);
    let catalog = if overlays.is_empty() { whole } else { Sources { types: sources.types, overlays }.load()? };
    let view = SelectionView { document: &document, selection: &selection, catalog: &catalog, digest: &digest };
    findings.extend(selection::lint(&view));
    Ok(Selected { report: report(&document, findings), selection: Some(selection), catalog })
}

fn report(document: &Document, findings: Vec<Finding>) -> Report {
    let mut report = Report { findings, files: 1, documents: 1, ..Report::default() };
    report.sources.insert((Arc::clone(&document.file), 0), document.source_text());
    report
}

/// What a command works on: all of the catalog, or what the selection takes. None when the selection has errors,
/// which were shown.
pub(super) fn choose(args: &SelectArgs, global: &Global, io: &mut Io<'_>) -> Result<Option<Chosen<'static>>, Failure> {
    let Some(path) = &args.select else {
        let all = Selection::default();
        return Ok(Some(Chosen::new(catalogs::load(global)?, &all)));
    };
    let Selected { selection, catalog, report } = read(path, global)?;
    let code = output::show_findings(report, Format::Human, &Levels::default(), global, io)?;
    Ok(selection.filter(|_| code == EXIT_CLEAN).map(|selection| Chosen::new(catalog, &selection)))
}

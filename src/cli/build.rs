//! `oat build`: lint, then write the whole output or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::output::{self, Format};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs, publish};
use crate::catalog::Catalog;
use crate::finding::report::Levels;
use crate::finding::{Level, Report};
use crate::rules::catalog::{Options, lint_folders};
use crate::{conformance, mapping, schemas, site};

/// Write the site, the mapping and the exports
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder to write; it must be absent, empty, or made by an earlier build
    #[arg(long, value_name = "DIR", default_value = "dist")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let types = source(global)?;
    publish::refuse(&args.out, types.as_deref())?;
    let (files, entries, from) = match types {
        None => {
            let catalog = catalogs::load(global)?;
            let files = files(&catalog, global.base_url.as_deref())?;
            (files, catalog.entries.len(), "the embedded catalog".to_owned())
        }
        Some(types) => {
            let Built { report, files, entries } = build(&types, global)?;
            let errors = report.count(Level::Error);
            output::show_findings(report, Format::Human, &Levels::default(), global, io)?;
            let Some(files) = files else {
                writeln!(io.err, "nothing was written: the catalog has {errors} errors")?;
                return Ok(EXIT_FINDINGS);
            };
            (files, entries, catalogs::shown(&types))
        }
    };
    publish::write(&args.out, &files)?;
    writeln!(
        io.out,
        "{} files for {entries} entries of {from} written to {}",
        files.len(),
        catalogs::shown(&args.out)
    )?;
    Ok(EXIT_CLEAN)
}

/// The folder of the catalog that is built: that of `--catalog`, or that of the work folder; none stands for the
/// embedded one.
pub(super) fn source(global: &Global) -> Result<Option<PathBuf>, Failure> {
    match &global.catalog {
        Some(dir) => catalogs::types_folder(dir).map(Some).ok_or_else(|| {
            Failure::new(format!(
                "{}: no catalog: neither it nor its `types` holds folders with a `type.yaml`",
                catalogs::shown(dir)
            ))
        }),
        None => Ok(catalogs::local()),
    }
}

/// What came of a catalog in a folder.
pub(super) struct Built {
    /// What the lint found.
    pub(super) report: Report,
    /// Everything that `dist/` holds; none when the catalog has errors.
    pub(super) files: Option<BTreeMap<String, Vec<u8>>>,
    /// Number of entries.
    pub(super) entries: usize,
}

/// Lints the catalog in a folder, and makes the output when it has no error.
pub(super) fn build(types: &Path, global: &Global) -> Result<Built, Failure> {
    let listed = catalogs::Sources::new(Some(types.to_owned()), global).list()?;
    // The second reader is the business of `oat lint`.
    let options = Options { second_reader: false, keep: true, ..Options::default() };
    let outcome = lint_folders(listed, options, |_| true).map_err(|error| Failure::path(types, &error))?;
    let mut report = outcome.report;
    report.apply(&Levels::default());
    match outcome.catalog {
        Some(catalog) if !report.fails(&Levels::default()) => Ok(Built {
            report,
            files: Some(files(&catalog, global.base_url.as_deref())?),
            entries: catalog.entries.len(),
        }),
        _ => Ok(Built { report, files: None, entries: 0 }),
    }
}

/// Everything that `dist/` holds: path to bytes. The same catalog gives the same bytes.
pub(super) fn files(catalog: &Catalog, base_url: Option<&str>) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    let mapping = mapping::MediaTypeMappings::new(catalog, base_url)?;
    files.insert(mapping::FILE.to_owned(), mapping.to_json()?.into_bytes());
    for (name, schema) in schemas::all() {
        let text = schemas::text(name, &schema, base_url);
        files.insert(format!("schemas/{name}.schema.json"), text.into_bytes());
    }
    for entry in &catalog.entries {
        if let Some(schema) = catalog.file(&entry.id, "config.schema.json") {
            files.insert(mapping::config_schema_path(&entry.id), schema.as_bytes().to_vec());
        }
    }
    files.extend(conformance::files(catalog)?);
    let options = site::Options { base_url };
    let pages = site::build(catalog, &options, &files)
        .map_err(|error| Failure::new(format!("can not render the site: {error}")))?;
    files.extend(pages);
    Ok(files)
}

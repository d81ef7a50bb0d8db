//! `oat build`: lint, then write the whole output or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::output::{self, Format};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs, output_files};
use crate::catalog::Catalog;
use crate::catalog::folder::Folder;
use crate::finding::report::Levels;
use crate::finding::{Level, Report};
use crate::parallel::Work;
use crate::rules::catalog::{self, Memory, Options, lint_again, lint_folders};
use crate::selection::Chosen;
use crate::site::Output;
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
    output_files::refuse(&args.out, types.as_deref())?;
    let (catalog, from) = match types {
        None => (catalogs::load(global)?, "the embedded catalog".to_owned()),
        Some(types) => {
            let Linted { report, catalog } = lint(&types, None, global)?;
            let errors = report.count(Level::Error);
            output::show_findings(report, Format::Human, &Levels::default(), global, io)?;
            let Some(catalog) = catalog else {
                writeln!(io.err, "nothing was written: the catalog has {errors} errors")?;
                return Ok(EXIT_FINDINGS);
            };
            (catalog, catalogs::shown(&types))
        }
    };
    let staging = output_files::Staging::beside(&args.out)?;
    let out = Output::new(&staging);
    let options = site::Options { base_url: global.base_url.as_deref(), pictures: None };
    make(&catalog, &options, &out).map_err(|error| failure(&args.out, error))?;
    let files = out.count();
    staging.publish()?;
    let entries = catalog.entries.len();
    writeln!(io.out, "{files} files for {entries} entries of {from} written to {}", catalogs::shown(&args.out))?;
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
pub(super) struct Linted {
    /// What the lint found.
    pub(super) report: Report,
    /// The catalog; none when it has errors.
    pub(super) catalog: Option<Catalog>,
}

/// Lints the catalog in a folder, with what an earlier lint remembers of folders that were not touched.
pub(super) fn lint(
    types: &Path,
    memory: Option<(&mut Memory, &(dyn Fn(&Folder) -> bool + Sync))>,
    global: &Global,
) -> Result<Linted, Failure> {
    let listed = catalogs::Sources::new(Some(types.to_owned()), global).list()?;
    // The second reader is the business of `oat lint`.
    let options = Options { second_reader: false, keep: true, ..Options::default() };
    let outcome = match memory {
        Some((memory, touched)) => lint_again(listed, options, memory, touched),
        None => lint_folders(listed, options, |_| true),
    };
    let catalog::Outcome { mut report, catalog } = outcome.map_err(|error| Failure::path(types, &error))?;
    report.apply(&Levels::default());
    let fails = report.fails(&Levels::default());
    Ok(Linted { report, catalog: catalog.filter(|_| !fails) })
}

/// Makes everything that `dist/` holds. The same catalog gives the same files.
pub(super) fn make(catalog: &Catalog, options: &site::Options<'_>, out: &Output<'_>) -> Result<(), site::Error> {
    let chosen = Chosen::all(catalog);
    let counts: Mutex<BTreeMap<&str, usize>> = Mutex::default();
    let noted = || counts.lock().unwrap_or_else(PoisonError::into_inner);
    let mut work = Work::default();
    work.one(|| out.stream(mapping::FILE, |writer| mapping::write(&chosen, options.base_url, writer)));
    for (name, schema) in schemas::all() {
        work.one(move || {
            let text = schemas::text(name, &schema, options.base_url);
            out.put(&format!("schemas/{name}.schema.json"), text.into_bytes())
        });
    }
    work.each(catalog.entries.len(), |at| {
        let entry = &catalog.entries[at];
        if let Some(schema) = catalog.file(&entry.id, "config.schema.json") {
            out.put(&mapping::config_schema_path(&entry.id), schema.as_bytes())?;
        }
        if let Some(conformance::File { vectors, text }) = conformance::file(catalog, entry)? {
            out.put(&conformance::path(&entry.id), text.into_bytes())?;
            noted().insert(&entry.id, vectors);
        }
        Ok(())
    });
    let index = || out.put(conformance::INDEX, conformance::index(&noted())?.into_bytes());
    site::build_beside(catalog, options, out, work, index)
}

/// What to tell of a site that could not be made in a folder.
pub(super) fn failure(folder: &Path, error: site::Error) -> Failure {
    match error {
        site::Error::Sink(path, error) => Failure::path(&folder.join(path), &error),
        error => Failure::new(format!("can not render the site: {error}")),
    }
}

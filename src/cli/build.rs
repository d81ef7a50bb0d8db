//! `oat build`: lint, then write the whole output or nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::output::{self, Format};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs, publish};
use crate::catalog::Catalog;
use crate::finding::Level;
use crate::finding::report::Levels;
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
    let local = match &global.catalog {
        Some(dir) => Some(catalogs::types_folder(dir).ok_or_else(|| {
            Failure::new(format!(
                "{}: no catalog: neither it nor its `types` holds folders with a `type.yaml`",
                catalogs::shown(dir)
            ))
        })?),
        None => catalogs::local(),
    };
    publish::refuse(&args.out, local.as_deref())?;
    let (catalog, from) = match local {
        None => (catalogs::load(global)?, "the embedded catalog".to_owned()),
        Some(types) => {
            let listed = catalogs::list(&types, &global.overlay)?;
            let options = Options { keep: true, ..Options::default() };
            let outcome = lint_folders(listed, options, |_| true).map_err(|error| Failure::path(&types, &error))?;
            let errors = outcome.report.count(Level::Error);
            let code = output::show_findings(outcome.report, Format::Human, &Levels::default(), global, io)?;
            match outcome.catalog {
                Some(catalog) if code == EXIT_CLEAN => (catalog, catalogs::shown(&types)),
                _ => {
                    writeln!(io.err, "nothing was written: the catalog has {errors} errors")?;
                    return Ok(EXIT_FINDINGS);
                }
            }
        }
    };
    let files = files(&catalog, global.base_url.as_deref())?;
    publish::write(&args.out, &files)?;
    let (entries, count) = (catalog.entries.len(), files.len());
    writeln!(io.out, "{count} files for {entries} entries of {from} written to {}", catalogs::shown(&args.out))?;
    Ok(EXIT_CLEAN)
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

//! `oat export`: configuration and data for other programs.

use std::path::PathBuf;

use super::selections::{self, SelectArgs};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs, output_files};
use crate::export::{self, EXPORTS, Export, Exported, Order};
use crate::shape::schema::nearest_word;
use crate::source::text::visible;

/// Write configuration or data for another program
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// For which program; without it, all are listed
    target: Option<String>,
    /// Version of that program
    #[arg(long = "for-version", value_name = "VERSION", requires = "target")]
    version: Option<String>,
    #[command(flatten)]
    select: SelectArgs,
    /// File to write instead of standard output; a folder where the export has several files
    #[arg(long, value_name = "PATH", requires = "target")]
    out: Option<PathBuf>,
    /// Fail when there is anything that the user must know before relying on it
    #[arg(long, requires = "target")]
    deny_warnings: bool,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let Some(target) = &args.target else { return list(io) };
    let export = export::find(target).ok_or_else(|| unknown(target))?;
    let version = version(export, args.version.as_deref())?;
    let Some(chosen) = selections::choose(&args.select, global, io)? else { return Ok(EXIT_FINDINGS) };
    let order = Order { chosen: &chosen, version };
    let Exported { files, warnings } = (export.make)(&order)?;
    for warning in &warnings {
        writeln!(io.err, "warning: {warning}")?;
    }
    if args.deny_warnings && !warnings.is_empty() {
        writeln!(io.err, "nothing was written: `--deny-warnings` was given")?;
        return Ok(EXIT_FINDINGS);
    }
    match (&args.out, files.len()) {
        (Some(folder), 2..) => {
            output_files::refuse(folder, None)?;
            let staging = output_files::Staging::beside(folder)?;
            for (name, content) in &files {
                staging.write(name, |writer| content.write(writer))?;
            }
            staging.publish()?;
        }
        (Some(path), _) => {
            for content in files.values() {
                output_files::write_file(path, |writer| content.write(writer))?;
            }
        }
        (None, 1) => {
            for content in files.values() {
                content.write(io.out)?;
            }
        }
        (None, _) => {
            let names: Vec<&str> = files.keys().take(6).map(String::as_str).collect();
            return Err(Failure::new(format!(
                "this export has {} files ({}{}): give a folder with `--out`",
                files.len(),
                names.join(", "),
                if names.len() < files.len() { " …" } else { "" }
            )));
        }
    }
    if let Some(out) = &args.out {
        writeln!(io.err, "written to {}", catalogs::shown(out))?;
    }
    Ok(EXIT_CLEAN)
}

fn list(io: &mut Io<'_>) -> Outcome {
    let width = |of: fn(&Export) -> &str| EXPORTS.iter().map(|export| of(export).len()).max().unwrap_or(0);
    let (ids, titles) = (width(|export| export.id), width(|export| export.title));
    for export in EXPORTS {
        writeln!(io.out, "{:ids$}  {:titles$}  {}", export.id, export.title, export.summary())?;
    }
    Ok(EXIT_CLEAN)
}

fn unknown(target: &str) -> Failure {
    let near = nearest_word(target, EXPORTS.iter().map(|export| export.id));
    let hint = near.map_or_else(|| "`oat export` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    Failure::new(format!("there is no export for `{}`; {hint}", visible(target)))
}

fn version(export: &Export, wanted: Option<&str>) -> Result<&'static str, Failure> {
    match wanted {
        None => Ok(export.default_version()),
        Some(_) if export.versions.is_empty() => {
            Err(Failure::new(format!("the export for {} is the same for all versions", export.title)))
        }
        Some(wanted) => export.versions.iter().copied().find(|version| *version == wanted).ok_or_else(|| {
            Failure::new(format!(
                "the export for {} knows the versions {}, not `{}`",
                export.title,
                export.versions.join(", "),
                visible(wanted)
            ))
        }),
    }
}

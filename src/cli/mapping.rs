//! `oat mapping`: mediaTypeMappings.json, to standard output or a file.

use std::path::PathBuf;

use super::selections::{self, SelectArgs};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Global, Io, Outcome, output_files};
use crate::mapping;

/// Write mediaTypeMappings.json
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    select: SelectArgs,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let Some(chosen) = selections::choose(&args.select, global, io)? else { return Ok(EXIT_FINDINGS) };
    let base_url = global.base_url.as_deref();
    match &args.out {
        Some(path) => output_files::write_file(path, |writer| mapping::write(&chosen, base_url, writer))?,
        None => mapping::write(&chosen, base_url, &mut io.out)?,
    }
    Ok(EXIT_CLEAN)
}

//! `oat schema`: a JSON Schema, to standard output.

use super::{EXIT_CLEAN, Failure, Global, Io, Outcome};
use crate::schemas;
use crate::source::text::visible;

/// Write a JSON Schema
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the schema
    #[arg(value_name = "NAME")]
    name: String,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let all = schemas::all();
    let Some((name, schema)) = all.get_key_value(args.name.as_str()) else {
        let names: Vec<&str> = all.keys().copied().collect();
        return Err(Failure::new(format!(
            "there is no schema `{}`; there are {}",
            visible(&args.name),
            names.join(", ")
        )));
    };
    io.out.write_all(schemas::text(name, schema, global.base_url.as_deref()).as_bytes())?;
    Ok(EXIT_CLEAN)
}

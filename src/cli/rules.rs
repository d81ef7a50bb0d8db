//! `oat rules`: the list of rules.

use serde_json::json;

use super::types::Format;
use super::{EXIT_CLEAN, Io, Outcome};

/// List the rules
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> Outcome {
    let rules = crate::rules::all();
    if args.format == Format::Json {
        let list: Vec<_> = rules
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.id, "level": rule.level.name(), "since": rule.since,
                    "subject": rule.subject.name(), "spec": rule.spec.name(), "onRequest": rule.opt_in, "summary": rule.summary(),
                })
            })
            .collect();
        writeln!(io.out, "{}", serde_json::to_string_pretty(&list)?)?;
        return Ok(EXIT_CLEAN);
    }
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        writeln!(io.out, "{:width$}  {:7}  {}", rule.id, rule.level.name(), rule.summary())?;
    }
    Ok(EXIT_CLEAN)
}

//! `oat explain`: the page of a rule, in the terminal.

use super::output::known;
use super::{EXIT_CLEAN, Io, Outcome};

/// Explain a rule
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the rule
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> Outcome {
    let rule = known(&args.rule)?;
    let asked = if rule.opt_in { ", only when it is asked for" } else { "" };
    writeln!(
        io.out,
        "{} ({}{asked}, about {}, since {})\n",
        rule.id,
        rule.level,
        rule.subject.documents(),
        rule.since
    )?;
    for line in rule.docs.lines() {
        // The space behind `///` is no part of the page; the words for the test are none of the reader's.
        let line = line.strip_prefix(' ').unwrap_or(line);
        let line = if line.starts_with("```") { line.split(' ').next().unwrap_or(line) } else { line };
        writeln!(io.out, "{line}")?;
    }
    Ok(EXIT_CLEAN)
}

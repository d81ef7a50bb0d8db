//! `oat explain`: the page of a rule, in the terminal.

use super::output::known;
use super::{EXIT_CLEAN, Io, Outcome};
use crate::rules;

/// Explain a rule
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the rule
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> Outcome {
    let id = known(&args.rule)?;
    if let Some(rule) = rules::find(&id) {
        writeln!(io.out, "{} ({}, about {}, since {})\n", rule.id, rule.level, about(rule), rule.since)?;
        for line in rule.docs.lines() {
            // The space behind `///` is no part of the page; the words for the test are none of the reader's.
            let line = line.strip_prefix(' ').unwrap_or(line);
            let line = line
                .strip_suffix(" reported")
                .or_else(|| line.strip_suffix(" accepted"))
                .filter(|l| l.starts_with("```"))
                .unwrap_or(line);
            writeln!(io.out, "{line}")?;
        }
    }
    Ok(EXIT_CLEAN)
}

fn about(rule: &crate::finding::Rule) -> &'static str {
    match rule.subject {
        crate::finding::Subject::Catalog => "entries",
        crate::finding::Subject::Manifest => "manifests",
    }
}

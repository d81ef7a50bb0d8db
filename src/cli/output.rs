//! Forms of output, and the levels that the user gives to rules.

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;

use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome};
use crate::finding::render::{github, human, json, sarif};
use crate::finding::report::Levels;
use crate::finding::{Level, Report};
use crate::oci::Spec;
use crate::rules;
use crate::rules::manifest::{self, Asked};
use crate::shape::schema::nearest_word;

/// Form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, on standard error.
    Human,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub workflows.
    Github,
}

/// Options that change the levels of rules.
#[derive(Debug, clap::Args)]
pub(super) struct LevelArgs {
    /// Do not report what this rule finds
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
    /// Report what this rule finds as a warning
    #[arg(long, value_name = "RULE")]
    warn: Vec<String>,
    /// Report what this rule finds as an error; or fail at this level: `warning` or `info`
    #[arg(long, value_name = "RULE|LEVEL")]
    deny: Vec<String>,
    /// Also report what is nothing wrong: the rules that are only reported when somebody asks
    #[arg(long)]
    pedantic: bool,
    /// Release of the OCI specifications that documents are held against
    #[arg(long, value_enum, default_value_t = SpecArg::Released)]
    spec: SpecArg,
}

/// A release of the OCI specifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SpecArg {
    /// Of 2021
    #[value(name = "1.0")]
    First,
    /// Of 2024, the newest
    #[value(name = "1.1")]
    Released,
    /// What stands on the main branches, not yet released
    #[value(name = "main")]
    Main,
}

impl LevelArgs {
    /// What the user wants of the rules over documents.
    pub(super) fn options(&self) -> manifest::Options {
        let spec = match self.spec {
            SpecArg::First => Spec::V1_0,
            SpecArg::Released => Spec::V1_1,
            SpecArg::Main => Spec::Main,
        };
        let asked = if self.pedantic {
            Asked::Everything
        } else {
            let ids: BTreeSet<String> = self.warn.iter().chain(&self.deny).cloned().collect();
            if ids.is_empty() { Asked::Nothing } else { Asked::These(ids) }
        };
        manifest::Options { spec, asked }
    }

    /// The levels that the user gave.
    pub(super) fn levels(&self) -> Result<Levels, Failure> {
        let mut levels = Levels { by_rule: BTreeMap::new(), fail_at: None };
        for (ids, level) in [(&self.allow, None), (&self.warn, Some(Level::Warning))] {
            for id in ids {
                levels.by_rule.insert(known(id)?, level);
            }
        }
        for word in &self.deny {
            let level = match word.as_str() {
                "error" => Level::Error,
                "warning" => Level::Warning,
                "info" => Level::Info,
                id => {
                    levels.by_rule.insert(known(id)?, Some(Level::Error));
                    continue;
                }
            };
            levels.fail_at = Some(levels.fail_at.map_or(level, |other| other.max(level)));
        }
        Ok(levels)
    }
}

/// The id, when there is a rule of that id.
pub(super) fn known(id: &str) -> Result<String, Failure> {
    if rules::find(id).is_some() {
        return Ok(id.to_owned());
    }
    let shown = crate::source::text::visible(id).into_owned();
    let near = nearest_word(id, rules::all().into_iter().map(|rule| rule.id));
    let hint = near.map_or_else(|| "`oat rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Failure::new(format!("there is no rule `{shown}`; {hint}")))
}

/// Shows a report in the wanted form; the exit code says whether the run fails.
pub(super) fn show(report: Report, format: Format, levels: &Levels, global: &Global, io: &mut Io<'_>) -> Outcome {
    let files = report.files;
    let (clean, human) = (report.findings.is_empty(), format == Format::Human);
    let code = show_findings(report, format, levels, global, io)?;
    if clean && human {
        writeln!(io.err, "no findings in {files} {}", if files == 1 { "file" } else { "files" })?;
    }
    Ok(code)
}

/// Shows a report and says nothing when there is nothing to say.
pub(super) fn show_findings(
    mut report: Report,
    format: Format,
    levels: &Levels,
    global: &Global,
    io: &mut Io<'_>,
) -> Outcome {
    report.apply(levels);
    report.sort();
    let base_url = global.base_url.as_deref();
    match format {
        Format::Human if report.findings.is_empty() => {}
        Format::Human => {
            let options = human::Options { width: io.width, color: io.color, base_url: global.base_url.clone() };
            io.err.write_all(human::render(&report, &options).as_bytes())?;
        }
        Format::Json => io.out.write_all(json::render(&report, base_url).as_bytes())?,
        Format::Sarif => io.out.write_all(sarif::render(&report, base_url).as_bytes())?,
        Format::Github => io.out.write_all(github::render(&report).as_bytes())?,
    }
    Ok(if report.fails(levels) { EXIT_FINDINGS } else { EXIT_CLEAN })
}

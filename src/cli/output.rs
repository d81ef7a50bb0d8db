//! Forms of output.

use clap::ValueEnum;

use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome};
use crate::finding::render::{github, human, json, sarif, statistics};
use crate::finding::report::Levels;
use crate::finding::{Report, Rule};
use crate::rules;
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

/// The id, when there is a rule of that id.
pub(super) fn known(id: &str) -> Result<&'static Rule, Failure> {
    rules::find(id).ok_or_else(|| {
        let shown = crate::source::text::visible(id).into_owned();
        let near = nearest_word(id, rules::all().into_iter().map(|rule| rule.id));
        let hint = near.map_or_else(|| "`oat rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        Failure::new(format!("there is no rule `{shown}`; {hint}"))
    })
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

/// Shows how often each rule was broken, instead of the findings.
pub(super) fn show_statistics(mut report: Report, format: Format, levels: &Levels, io: &mut Io<'_>) -> Outcome {
    report.apply(levels);
    report.sort();
    match format {
        Format::Human => io.out.write_all(statistics::human(&report).as_bytes())?,
        Format::Json => io.out.write_all(statistics::json(&report).as_bytes())?,
        Format::Sarif | Format::Github => {
            return Err(Failure::new("`--statistics` has the forms `human` and `json`"));
        }
    }
    Ok(if report.fails(levels) { EXIT_FINDINGS } else { EXIT_CLEAN })
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

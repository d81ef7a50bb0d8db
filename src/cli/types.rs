//! `oat types`: the list of types, filtered.

use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

use super::output;
use super::selections::{self, SelectArgs, Selected};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome};
use crate::catalog::claims::claims;
use crate::catalog::{ArtifactType, Catalog};
use crate::finding::report::Levels;
use crate::oci::media_type::normalise;
use crate::selection::{Chosen, Decision, Verdict};
use crate::source::text::visible;

/// List the types of the catalog
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only types of this role
    #[arg(long)]
    role: Option<String>,
    /// Only types of this status: active, proposed, deprecated, withdrawn
    #[arg(long)]
    status: Option<String>,
    /// Only types of this tier: listed, verified, well-known
    #[arg(long)]
    tier: Option<String>,
    /// Only types that use this media type
    #[arg(long, value_name = "MEDIA TYPE")]
    media_type: Option<String>,
    #[command(flatten)]
    select: SelectArgs,
    /// Tell which rule of the selection decided for this type
    #[arg(long, value_name = "ID", requires = "select")]
    why: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table.
    Human,
    /// A JSON array of entries.
    Json,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    if let (Some(id), Some(path)) = (&args.why, &args.select.select) {
        return why(id, path, global, io);
    }
    let Some(selected) = selections::choose(&args.select, global, io)? else { return Ok(EXIT_FINDINGS) };
    let chosen = choose(args, &selected)?;
    if args.format == Format::Json {
        writeln!(io.out, "{}", serde_json::to_string_pretty(&chosen)?)?;
        return Ok(EXIT_CLEAN);
    }
    let width = |text: &dyn Fn(&ArtifactType) -> usize| chosen.iter().map(|entry| text(entry)).max().unwrap_or(0);
    let (ids, labels) = (width(&|entry| entry.id.len()), width(&|entry| entry.label.chars().count()));
    for entry in &chosen {
        let padding = " ".repeat(labels - entry.label.chars().count());
        let state = match word(&entry.status.state) {
            state if state == "active" => String::new(),
            state => format!(" ({state})"),
        };
        writeln!(io.out, "{:ids$}  {}{padding}  {}{state}", entry.id, visible(&entry.label), visible(&entry.summary))?;
    }
    Ok(EXIT_CLEAN)
}

/// Which rule of a selection decided for a type, and every other that matches it.
fn why(name: &str, path: &Path, global: &Global, io: &mut Io<'_>) -> Outcome {
    let Selected { selection, catalog, report } = selections::read(path, global)?;
    let code = output::show_findings(report, output::Format::Human, &Levels::default(), global, io)?;
    let Some(selection) = selection else { return Ok(code) };
    let Some(entry) = catalog.find(name) else {
        return Err(Failure::new(format!("there is no type `{}`; `oat types` lists them", visible(name))));
    };
    let Decision { verdict, by } = selection.decide(entry);
    let verb = |verdict| if verdict == Verdict::Include { "included" } else { "excluded" };
    match by {
        None => writeln!(io.out, "{} is {} by default: no rule matches it", entry.id, verb(verdict))?,
        Some(at) => writeln!(io.out, "{} is {} by rule {}: {}", entry.id, verb(verdict), at + 1, selection.rules[at])?,
    }
    for (at, rule) in selection.rules.iter().enumerate() {
        if Some(at) != by && rule.matches(entry) {
            writeln!(io.out, "  rule {} matches too, and stands before: {rule}", at + 1)?;
        }
    }
    Ok(code)
}

fn choose<'a>(args: &Args, selected: &'a Chosen<'_>) -> Result<Vec<&'a ArtifactType>, Failure> {
    let catalog = &*selected.catalog;
    for (option, value, words) in [
        ("role", &args.role, words(catalog, |entry| entry.roles.iter().map(word).collect())),
        ("status", &args.status, vec!["active".into(), "proposed".into(), "deprecated".into(), "withdrawn".into()]),
        ("tier", &args.tier, vec!["listed".into(), "verified".into(), "well-known".into()]),
    ] {
        if let Some(value) = value
            && !words.contains(value)
        {
            return Err(Failure::new(format!(
                "no type has the {option} `{}`; there are {}",
                visible(value),
                words.join(", ")
            )));
        }
    }
    let media_type = args.media_type.as_deref().map(|text| normalise(text.into()).into_owned());
    let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
    Ok(selected
        .entries()
        .filter(|entry| is(&args.status, &word(&entry.status.state)) && is(&args.tier, &word(&entry.tier)))
        .filter(|entry| args.role.as_ref().is_none_or(|role| entry.roles.iter().any(|other| word(other) == *role)))
        .filter(|entry| {
            media_type.as_ref().is_none_or(|wanted| claims(entry).iter().any(|(claimed, _)| claimed == wanted))
        })
        .collect())
}

fn words(catalog: &Catalog, of: impl Fn(&ArtifactType) -> Vec<String>) -> Vec<String> {
    let mut words: Vec<String> = catalog.entries.iter().flat_map(of).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// A word of the vocabulary, as entries spell it.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

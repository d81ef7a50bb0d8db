//! `oat show`: one type in the terminal.

use std::fmt::Write as _;

use super::types::{Format, word};
use super::{EXIT_CLEAN, Failure, Global, Io, Outcome, catalogs};
use crate::catalog::claims::claims;
use crate::catalog::{ArtifactType, Catalog};
use crate::shape::schema::nearest_word;
use crate::source::text::visible;

/// Show one type
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id or another name of the type
    #[arg(value_name = "ID")]
    id: String,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let catalog = catalogs::load(global)?;
    let Some(entry) = catalog.find(&args.id) else {
        let near = nearest_word(&args.id, catalog.entries.iter().map(|entry| entry.id.as_str()));
        let hint = near.map_or_else(|| "`oat types` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Failure::new(format!("there is no type `{}`; {hint}", visible(&args.id))));
    };
    if args.format == Format::Json {
        writeln!(io.out, "{}", serde_json::to_string_pretty(entry)?)?;
    } else {
        io.out.write_all(text(&catalog, entry).as_bytes())?;
    }
    Ok(EXIT_CLEAN)
}

fn text(catalog: &Catalog, entry: &ArtifactType) -> String {
    let mut text = String::new();
    let roles: Vec<String> = entry.roles.iter().map(word).collect();
    let _ = writeln!(text, "{} ({})", visible(&entry.title), entry.id);
    let _ = writeln!(text, "{}\n", visible(&entry.summary));
    let _ = writeln!(text, "  label      {}", visible(&entry.label));
    let _ = writeln!(text, "  roles      {}", roles.join(", "));
    let _ = writeln!(text, "  status     {}, {}", word(&entry.status.state), word(&entry.tier));
    if let Some(reason) = &entry.status.reason {
        let _ = writeln!(text, "             {}", visible(reason));
    }
    if let Some(successor) = &entry.replaced_by {
        let _ = writeln!(text, "  successor  {successor}");
    }
    if let Some(parent) = &entry.is_a {
        let _ = writeln!(text, "  kind of    {parent}");
    }
    let _ = writeln!(text, "  publisher  {} <{}>", visible(&entry.publisher.name), visible(&entry.publisher.url));
    let members: Vec<&str> = catalog.rules.families.get(&entry.id).into_iter().flatten().map(String::as_str).collect();
    if !members.is_empty() {
        let _ = writeln!(text, "  members    {}", members.join(", "));
    }
    paragraphs(&entry.description, &mut text);
    let claims = claims(entry);
    if !claims.is_empty() {
        let _ = writeln!(text, "\nmedia types");
        let mut seen = Vec::new();
        for (media_type, usage) in claims {
            if seen.contains(&(media_type, usage.place)) {
                continue;
            }
            seen.push((media_type, usage.place));
            let part = usage.part.map(|part| format!(" {part}")).unwrap_or_default();
            let former = if usage.former { ", former" } else { "" };
            let _ = writeln!(text, "  {media_type}  ({}{part}{former})", word(&usage.place));
        }
    }
    if !entry.actions.is_empty() {
        let _ = writeln!(text, "\nactions");
        for action in &entry.actions {
            let _ = writeln!(text, "  {}: {}", visible(&action.title), visible(&action.argv.join(" ")));
        }
    }
    let links = [&entry.links.home, &entry.links.specification, &entry.links.documentation, &entry.links.source];
    let mut shown: Vec<&String> = Vec::new();
    for link in links.into_iter().flatten() {
        if !shown.contains(&link) {
            shown.push(link);
        }
    }
    if !shown.is_empty() {
        text.push_str("\nlinks\n");
    }
    for link in shown {
        let _ = writeln!(text, "  {}", visible(link));
    }
    text
}

/// Markdown as it is, each line made harmless.
fn paragraphs(markdown: &str, into: &mut String) {
    into.push('\n');
    for line in markdown.trim_end().lines() {
        let _ = writeln!(into, "{}", visible(line));
    }
}

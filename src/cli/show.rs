//! `oat show`: one type in the terminal.

use std::fmt::Write as _;

use super::registries::{self, DeepArgs, RegistryArgs};
use super::types::{Format, word};
use super::{EXIT_CLEAN, Failure, Global, Io, Outcome, catalogs};
use crate::catalog::claims::claims;
use crate::catalog::{ArtifactType, Catalog};
use crate::identify::{Facts, Identifier, Verdict};
use crate::registry::Repository;
use crate::shape::schema::nearest_word;
use crate::source::text::visible;

/// Show one type
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id or another name of the type, or a reference: the type of what a registry holds there
    #[arg(value_name = "ID|REFERENCE")]
    id: String,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    deep: DeepArgs,
    #[command(flatten)]
    registry: RegistryArgs,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let catalog = catalogs::load(global)?;
    let entry = if Repository::is_meant(&args.id) { stored(&catalog, args, io)? } else { find(&catalog, &args.id)? };
    if args.format == Format::Json {
        writeln!(io.out, "{}", serde_json::to_string_pretty(entry)?)?;
    } else {
        io.out.write_all(text(&catalog, entry).as_bytes())?;
    }
    Ok(EXIT_CLEAN)
}

/// The type of an id or of another name.
pub(super) fn find<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a ArtifactType, Failure> {
    catalog.find(name).ok_or_else(|| {
        let near = nearest_word(name, catalog.entries.iter().map(|entry| entry.id.as_str()));
        let hint = near.map_or_else(|| "`oat types` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        Failure::new(format!("there is no type `{}`; {hint}", visible(name)))
    })
}

/// The type of what a registry holds under a reference.
fn stored<'a>(catalog: &'a Catalog, args: &Args, io: &mut Io<'_>) -> Result<&'a ArtifactType, Failure> {
    let remote = registries::read(&args.registry.client(), &args.id, args.deep)?;
    let identifier = Identifier::new(catalog.rules.clone());
    let type_id = remote.with_context(|text, context| {
        let facts =
            Facts::read(text).map_err(|problem| Failure::new(format!("{}: {}", remote.reference, problem.message)))?;
        Ok::<_, Failure>(identifier.decide(&facts, context).map(|(id, verdict)| (id.to_owned(), verdict)))
    })?;
    let Some((id, verdict)) = type_id else {
        return Err(Failure::new(format!(
            "{}: its type is unknown; `oat identify {}` says what it comes close to",
            remote.reference, remote.reference
        )));
    };
    if verdict == Verdict::Family {
        writeln!(
            io.err,
            "{} is some type of this family; `oat identify` names those that it may be",
            remote.reference
        )?;
    }
    find(catalog, &id)
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

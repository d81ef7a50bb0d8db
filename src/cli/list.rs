//! `oat list`: what a registry holds.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::ValueEnum;

use super::registries::{CacheArgs, DeepArgs, RegistryArgs};
use super::types::word;
use super::{EXIT_CLEAN, EXIT_FAILURE, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs, output_files};
use crate::catalog::embedded::{self, Entries};
use crate::catalog::{ArtifactType, Catalog, RuleSet};
use crate::identify::Identifier;
use crate::listing::crawl::{Crawler, Tags, Want};
use crate::listing::{Row, What, forms, rows};
use crate::parallel::in_order;
use crate::registry::{At, Cache, Client, Repository};
use crate::site;
use crate::source::text::{bytes, clip, visible};

/// List what a registry holds: each tag with its type, size, what is attached to it, and the commands for it
///
/// What is read is kept, so that a second listing, also after one that was interrupted, costs one request a tag and reads
/// no document again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Registries, repositories, or references: HOST[/REPOSITORY[:TAG]]
    #[arg(required = true, value_name = "REGISTRY[/REPOSITORY]")]
    places: Vec<String>,
    /// Form of the listing
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only artifacts that are of this role, or have something of it
    #[arg(long)]
    role: Option<String>,
    /// Only artifacts that are of this type, or have something of it
    #[arg(long = "type", value_name = "ID")]
    type_id: Option<String>,
    /// Only artifacts of which something is of no known type
    #[arg(long)]
    unknown: bool,
    /// Also show the commands for each artifact
    #[arg(long)]
    actions: bool,
    /// Leave out what is attached to artifacts
    #[arg(long)]
    no_attached: bool,
    #[command(flatten)]
    deep: DeepArgs,
    /// How many requests are made at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    connections: u8,
    #[command(flatten)]
    cache: CacheArgs,
    #[command(flatten)]
    registry: RegistryArgs,
}

/// Form of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table.
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line, for each artifact.
    Ndjson,
    /// Comma-separated values.
    Csv,
    /// One HTML file that holds all it shows.
    Html,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let (types, rules) = Types::of(args, global)?;
    let filter = Filter::new(args, &types)?;
    let identifier = Identifier::new(rules);
    let client = args.registry.client();
    let cache = args.cache.cache();
    let want = Want { config: args.deep.with_config, children: args.deep.with_children, attached: !args.no_attached };
    let crawler = Crawler::new(&client, cache.as_ref(), want);
    let threads = usize::from(args.connections);
    let mut progress = Progress::new();
    let Repositories { listed, lost } = repositories(args, (&client, &crawler, cache.as_ref()), &mut progress, io)?;
    // Everything that is to be read, in the order of the listing; behind each repository its end.
    let mut named: Vec<(usize, Option<At>)> = Vec::new();
    for (at, (tags, asked)) in listed.iter().enumerate() {
        match asked {
            Some(asked) => named.push((at, Some(asked.clone()))),
            None => named.extend(tags.named.iter().map(|tag| (at, Some(At::Tag(tag.clone()))))),
        }
        named.push((at, None));
    }
    let read = |tags: &Tags, at: &At| {
        let found = crawler.artifact(tags, at);
        rows(
            identifier.rules(),
            |id| types.get(id),
            &found,
            |facts, context| identifier.first_match(facts, context, &mut Vec::new()),
        )
    };
    let mut printer = Printer { args, filter, text: Vec::new(), pending: Vec::new(), count: Count::default() };
    printer.begin();
    in_order(
        (named.len(), threads),
        |at| named[at].1.as_ref().map(|place| read(&listed[named[at].0].0, place)),
        |at, rows| {
            let (tags, asked) = &listed[named[at].0];
            if let Some(rows) = rows {
                printer.artifact(rows)?;
            } else {
                if want.attached && asked.is_none() {
                    for tag in tags.left() {
                        printer.artifact(read(tags, &At::Tag(tag)))?;
                    }
                }
                printer.end_repository(&tags.repository);
                crawler.note(tags);
            }
            progress.show(at + 1, named.len(), io)?;
            if args.out.is_none() && !printer.text.is_empty() {
                progress.clear(io)?;
                io.out.write_all(&printer.text)?;
                printer.text.clear();
            }
            Ok::<_, Failure>(())
        },
    )?;
    progress.clear(io)?;
    printer.end(&types, global)?;
    match &args.out {
        Some(path) => output_files::write_file(path, |writer| writer.write_all(&printer.text))?,
        None => io.out.write_all(&printer.text)?,
    }
    io.out.flush()?;
    let Count { artifacts, unknown, problems } = printer.count;
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let mut summary = format!(
        "{artifacts} artifact{} in {} repositor{}",
        s(artifacts),
        listed.len(),
        if listed.len() == 1 { "y" } else { "ies" }
    );
    if unknown > 0 {
        let _ = write!(summary, ", {unknown} of unknown type");
    }
    if problems > 0 {
        let _ = write!(summary, ", {problems} with a problem");
    }
    writeln!(io.err, "{summary}")?;
    for failure in &lost {
        writeln!(io.err, "error: {failure}")?;
    }
    Ok(match (lost.is_empty(), problems) {
        (false, _) => EXIT_FAILURE,
        (true, 0) => EXIT_CLEAN,
        (true, _) => EXIT_FINDINGS,
    })
}

/// What is to be listed: each repository with its tags and the one place that was asked for, and what could not be
/// had.
struct Repositories {
    listed: Vec<(Tags, Option<At>)>,
    lost: Vec<String>,
}

/// The repositories of the places, each once, and their tags.
fn repositories(
    args: &Args,
    (client, crawler, cache): (&Client, &Crawler<'_>, Option<&Cache>),
    progress: &mut Progress,
    io: &mut Io<'_>,
) -> Result<Repositories, Failure> {
    let mut asked: BTreeSet<(Repository, Option<At>)> = BTreeSet::new();
    for place in &args.places {
        let bare = place.strip_prefix("oci://").unwrap_or(place).trim_end_matches('/');
        if bare.contains('/') {
            asked.insert(Repository::parse(bare)?);
            continue;
        }
        let registry = registry(bare)?;
        let names = client.repositories(registry)?;
        asked.extend(names.into_iter().map(|name| (Repository { registry: registry.to_owned(), name }, None)));
    }
    let asked: Vec<(Repository, Option<At>)> = asked.into_iter().collect();
    let mut found = Repositories { listed: Vec::new(), lost: Vec::new() };
    let tags = |at: usize| {
        let (repository, place): &(Repository, Option<At>) = &asked[at];
        // A digest leads to one document; what is attached to it may stand under tags.
        match place {
            Some(_) if args.no_attached => Ok(Tags::new(repository.clone(), Vec::new(), cache)),
            _ => crawler.tags(repository.clone()),
        }
    };
    in_order((asked.len(), usize::from(args.connections)), tags, |at, tags| {
        progress.show(at + 1, asked.len(), io)?;
        match tags {
            Ok(tags) => found.listed.push((tags, asked[at].1.clone())),
            Err(failure) => found.lost.push(failure.to_string()),
        }
        Ok::<_, Failure>(())
    })?;
    Ok(found)
}

/// A registry's name: a host, with a port or not.
fn registry(text: &str) -> Result<&str, Failure> {
    match Repository::parse(&format!("{text}/x")) {
        Ok((repository, None)) if repository.registry == text => Ok(text),
        _ => Err(Failure::new(format!("{}: this is no name of a registry: write HOST or HOST:PORT", visible(text)))),
    }
}

/// The types that a listing may meet.
enum Types {
    /// All of them, which filters look through.
    Whole(Box<Catalog>),
    /// Those of the program, of which a registry holds a few.
    Embedded(Entries),
}

impl Types {
    /// What these arguments need, and the rules.
    fn of(args: &Args, global: &Global) -> Result<(Self, RuleSet), Failure> {
        let own = global.catalog.is_some() || !global.overlay.is_empty();
        if own || args.role.is_some() || args.type_id.is_some() {
            let catalog = catalogs::load(global)?;
            let rules = catalog.rules.clone();
            return Ok((Self::Whole(Box::new(catalog)), rules));
        }
        Ok((Self::Embedded(Entries::new()), embedded::rules()))
    }

    fn get(&self, id: &str) -> Option<&ArtifactType> {
        match self {
            Self::Whole(catalog) => catalog.get(id),
            Self::Embedded(entries) => entries.get(id),
        }
    }
}

/// Which artifacts are listed.
struct Filter {
    role: Option<String>,
    type_id: Option<String>,
    unknown: bool,
}

impl Filter {
    fn new(args: &Args, types: &Types) -> Result<Self, Failure> {
        let Types::Whole(catalog) = types else {
            return Ok(Self { role: None, type_id: None, unknown: args.unknown });
        };
        let type_id = match &args.type_id {
            None => None,
            Some(name) => Some(super::show::find(catalog, name)?.id.clone()),
        };
        if let Some(role) = &args.role {
            let known: BTreeSet<String> =
                catalog.entries.iter().flat_map(|entry| entry.roles.iter().map(word)).collect();
            if !known.contains(role) {
                let known: Vec<String> = known.into_iter().collect();
                return Err(Failure::new(format!(
                    "no type has the role `{}`; there are {}",
                    visible(role),
                    known.join(", ")
                )));
            }
        }
        Ok(Self { role: args.role.clone(), type_id, unknown: args.unknown })
    }

    /// Whether an artifact with what belongs to it is listed.
    fn lists(&self, rows: &[Row<'_>]) -> bool {
        let role = |role: &String| {
            rows.iter().any(|row| row.entry.is_some_and(|entry| entry.roles.iter().any(|one| word(one) == *role)))
        };
        let type_id = |id: &String| rows.iter().any(|row| row.type_id() == Some(id));
        self.role.as_ref().is_none_or(role)
            && self.type_id.as_ref().is_none_or(type_id)
            && (!self.unknown || rows.iter().any(|row| row.entry.is_none()))
    }
}

#[derive(Debug, Default)]
struct Count {
    artifacts: usize,
    unknown: usize,
    problems: usize,
}

/// Writes artifacts in a form, as they come.
struct Printer<'p, 'a> {
    args: &'p Args,
    filter: Filter,
    /// What is written and not yet handed on.
    text: Vec<u8>,
    /// Artifacts that wait for their repository to end, or for the page.
    pending: Vec<Vec<Row<'a>>>,
    count: Count,
}

impl<'a> Printer<'_, 'a> {
    fn begin(&mut self) {
        match self.args.format {
            Format::Json => self.text.extend_from_slice(forms::JSON_FRAME[0].as_bytes()),
            Format::Csv => {
                self.text.extend_from_slice(forms::CSV_COLUMNS.join(",").as_bytes());
                self.text.push(b'\n');
            }
            Format::Human | Format::Ndjson | Format::Html => {}
        }
    }

    fn artifact(&mut self, rows: Vec<Row<'a>>) -> Result<(), Failure> {
        if !self.filter.lists(&rows) {
            return Ok(());
        }
        let first = self.count.artifacts == 0;
        self.count.artifacts += 1;
        self.count.unknown += usize::from(rows.iter().any(|row| row.entry.is_none() && row.problem.is_none()));
        self.count.problems += usize::from(rows.iter().any(|row| row.problem.is_some()));
        match self.args.format {
            Format::Human | Format::Html => self.pending.push(rows),
            Format::Json => {
                if !first {
                    self.text.extend_from_slice(forms::JSON_FRAME[1].as_bytes());
                }
                serde_json::to_writer(&mut self.text, &forms::item(&rows, 0))?;
            }
            Format::Ndjson => {
                serde_json::to_writer(&mut self.text, &forms::item(&rows, 0))?;
                self.text.push(b'\n');
            }
            Format::Csv => {
                let lines = forms::csv(&rows).map_err(|error| Failure::new(format!("can not write CSV: {error}")))?;
                self.text.extend(lines);
            }
        }
        Ok(())
    }

    fn end_repository(&mut self, repository: &Repository) {
        if self.args.format == Format::Human && !self.pending.is_empty() {
            let text = table(repository, &self.pending, self.args.actions);
            self.text.extend(text.into_bytes());
            self.pending.clear();
        }
    }

    fn end(&mut self, types: &Types, global: &Global) -> Result<(), Failure> {
        match self.args.format {
            Format::Json => self.text.extend_from_slice(forms::JSON_FRAME[2].as_bytes()),
            Format::Html => {
                // Positions of rows count from the start of the page.
                let mut all: Vec<Row<'_>> = Vec::new();
                for mut rows in self.pending.drain(..) {
                    let start = all.len();
                    for row in &mut rows {
                        row.attached.iter_mut().for_each(|at| *at += start);
                        row.under.iter_mut().for_each(|(above, _)| *above += start);
                    }
                    all.append(&mut rows);
                }
                let embedded;
                let catalog = match types {
                    Types::Whole(catalog) => catalog,
                    Types::Embedded(_) => {
                        embedded = embedded::catalog();
                        &embedded
                    }
                };
                let title = self.args.places.join(", ");
                let page = site::registry::page(catalog, &all, &title, global.base_url.as_deref());
                let page = page.map_err(|error| Failure::new(format!("can not write the page: {error}")))?;
                self.text.extend(page.into_bytes());
            }
            Format::Human | Format::Ndjson | Format::Csv => {}
        }
        Ok(())
    }
}

/// Widest column of names.
const MAX_NAME: usize = 44;

/// The artifacts of a repository for people.
fn table(repository: &Repository, artifacts: &[Vec<Row<'_>>], actions: bool) -> String {
    let mut text = format!("{}\n", visible(&repository.written()));
    let name = |row: &Row<'_>| {
        let shown = row.shown.strip_prefix(&repository.written()).unwrap_or(&row.shown);
        let shown = shown.strip_prefix(':').unwrap_or(shown);
        let mark = if row.depth > 0 { "+ " } else { "" };
        format!("{}{mark}{}", "  ".repeat(row.depth), clip(&visible(shown), MAX_NAME))
    };
    let label = |row: &Row<'_>| match (row.entry, row.certainty()) {
        (Some(entry), "family") => format!("{} family", visible(&entry.label)),
        (Some(entry), _) => visible(&entry.label).into_owned(),
        (None, _) => "unknown".to_owned(),
    };
    let rows = || artifacts.iter().flatten();
    let width = |of: &dyn Fn(&Row<'_>) -> String| rows().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let (names, labels) = (width(&name), width(&label));
    for row in rows() {
        let size = row.bytes.map(bytes).unwrap_or_default();
        let pad = |text: String, width: usize| format!("{text}{}", " ".repeat(width - text.chars().count()));
        let line = format!("  {}  {}  {size:>9}  {}", pad(name(row), names), pad(label(row), labels), notes(row));
        let _ = writeln!(text, "{}", line.trim_end());
        for offer in row.offers.iter().filter(|_| actions) {
            if let What::Line(tokens) = &offer.what {
                let line: String = tokens.iter().map(ToString::to_string).collect();
                let _ = writeln!(text, "  {}    {}: {}", "  ".repeat(row.depth), visible(offer.title), visible(&line));
            }
        }
    }
    text.push('\n');
    text
}

/// What else is said of a row: platforms, facets, what it may be, what an unknown one says, what is wrong.
fn notes(row: &Row<'_>) -> String {
    let mut notes = Vec::new();
    if !row.platforms.is_empty() {
        notes.push(visible(&row.platforms.join(", ")).into_owned());
    }
    notes.extend(row.facets.iter().map(|facet| format!("with {}", visible(&facet.label))));
    if let Some(members) = row.members.as_ref().filter(|members| !members.is_empty()) {
        let ids: Vec<&str> = members.iter().map(|entry| entry.id.as_str()).collect();
        notes.push(format!("one of {}", ids.join(", ")));
    }
    notes.extend(row.says.as_ref().map(|says| format!("it says {}", clip(&visible(says), 80))));
    notes.extend(row.problem.as_ref().map(|problem| visible(problem).into_owned()));
    notes.join("; ")
}

/// How far the work is, on a terminal.
struct Progress {
    shown: bool,
    terminal: bool,
}

impl Progress {
    fn new() -> Self {
        Self { shown: false, terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, done: usize, of: usize, io: &mut Io<'_>) -> Result<(), Failure> {
        if self.terminal && of > 1 {
            self.shown = true;
            write!(io.err, "\r{done} of {of}")?;
            io.err.flush()?;
        }
        Ok(())
    }

    fn clear(&mut self, io: &mut Io<'_>) -> Result<(), Failure> {
        if std::mem::take(&mut self.shown) {
            write!(io.err, "\r{:20}\r", "")?;
            io.err.flush()?;
        }
        Ok(())
    }
}

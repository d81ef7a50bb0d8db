//! `oat portability`: which registries take a document or a type, what they show, whether scanners look into it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::answers::{self, Origin, Style};
use super::input::{self, Input};
use super::registries::{self as remotes, DeepArgs, RegistryArgs};
use super::stream::{self, Source};
use super::types::Format;
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs};
use crate::archive::Container;
use crate::catalog::folder::read_bounded;
use crate::catalog::{ArtifactType, Catalog};
use crate::identify::{Context, Facts, Identifier, surroundings};
use crate::layout::Layout;
use crate::portability::report::{Judged, Row, Told};
use crate::portability::{Range, Registry, lineage, registries};
use crate::registry::{Client, Repository};
use crate::shape::MAX_JSON_BYTES;
use crate::shape::schema::nearest_word;
use crate::source::text::{decode, visible};
use crate::source::{Problem, ProblemKind, Span};

/// Say which registries take a document or a type, what they show, whether scanners look into it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Manifests, indexes, NDJSON streams, image layouts, folders of them, references to what registries hold, `-`, or ids
    /// of types
    #[arg(required = true, value_name = "PATH|ID")]
    of: Vec<PathBuf>,
    /// Only this registry, by its id or name
    #[arg(long, value_name = "NAME")]
    registry: Vec<String>,
    /// Only what is known of this version
    #[arg(long, value_name = "VERSION", requires = "registry")]
    registry_version: Option<String>,
    /// Also say where each fact can be read, and when somebody did
    #[arg(long)]
    sources: bool,
    /// Form of the answers
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    deep: DeepArgs,
    #[command(flatten)]
    network: RegistryArgs,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let mut table = Vec::new();
    for registry in chosen(&args.registry)? {
        let wanted = |range: &&Range| args.registry_version.as_ref().is_none_or(|version| range.contains(version));
        table.extend(registry.versions.iter().filter(wanted).map(|range| (registry, range)));
    }
    if let Some(version) = args.registry_version.as_ref().filter(|_| table.is_empty()) {
        return Err(Failure::new(format!("nothing is known of version {}", visible(version))));
    }
    let catalog = catalogs::load(global)?;
    let identifier = Identifier::new(catalog.rules.clone());
    let json = args.format == Format::Json;
    let format = if json { answers::Format::Json } else { answers::Format::Human };
    let judge = Judge {
        table: &table,
        catalog: &catalog,
        identifier: &identifier,
        style: Style { format, explain: false },
        sources: args.sources,
        width: io.width,
        client: &args.network.client(),
        deep: args.deep,
    };
    let mut written = Written { parts: 0, failed: 0, json };
    if json {
        io.out.write_all(b"{\"schemaVersion\":1,\"documents\":[")?;
    }
    for of in &args.of {
        judge.path_or_id(of, &mut written, io)?;
    }
    if json {
        io.out.write_all(b"]}\n")?;
    }
    Ok(if written.failed > 0 { EXIT_FINDINGS } else { EXIT_CLEAN })
}

/// The registries that are named, all when none is.
fn chosen(names: &[String]) -> Result<Vec<&'static Registry>, Failure> {
    if names.is_empty() {
        return Ok(registries().iter().collect());
    }
    let find = |name: &String| {
        let is =
            |registry: &&Registry| registry.id.eq_ignore_ascii_case(name) || registry.name.eq_ignore_ascii_case(name);
        registries().iter().find(is).ok_or_else(|| {
            let ids: Vec<&str> = registries().iter().map(|registry| registry.id.as_str()).collect();
            let hint = nearest_word(name, ids.iter().copied())
                .map_or_else(|| format!("known are {}", ids.join(", ")), |near| format!("did you mean `{near}`?"));
            Failure::new(format!("nothing is known of the registry `{}`; {hint}", visible(name)))
        })
    };
    names.iter().map(find).collect()
}

/// What was written so far.
struct Written {
    parts: usize,
    failed: usize,
    json: bool,
}

impl Written {
    fn write(&mut self, text: &str, failed: usize, io: &mut Io<'_>) -> Result<(), Failure> {
        if text.is_empty() {
            return Ok(());
        }
        let between: &[u8] = if self.json { b"," } else { b"\n" };
        if self.parts > 0 {
            io.out.write_all(between)?;
        }
        self.parts += 1;
        self.failed += failed;
        Ok(io.out.write_all(text.as_bytes())?)
    }
}

struct Judge<'a> {
    table: &'a [(&'static Registry, &'static Range)],
    catalog: &'a Catalog,
    identifier: &'a Identifier,
    style: Style,
    sources: bool,
    width: usize,
    client: &'a Client,
    deep: DeepArgs,
}

impl Judge<'_> {
    /// A path where there is one, else the id of a type.
    fn path_or_id(&self, of: &Path, written: &mut Written, io: &mut Io<'_>) -> Result<(), Failure> {
        let name = of.to_string_lossy();
        if of == Path::new("-") || of.exists() || Repository::is_meant(&name) {
            for input in input::classify(of)? {
                self.input(&input, written, io)?;
            }
            return Ok(());
        }
        if let Some(entry) = self.catalog.find(&name) {
            return self.entry(entry, written, io);
        }
        if name.contains(['/', '\\', '.']) {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(Failure::path(of, &std::fs::metadata(of).err().unwrap_or(missing)));
        }
        let near = nearest_word(&name, self.catalog.entries.iter().map(|entry| entry.id.as_str()));
        let hint = near.map_or_else(|| "`oat types` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        Err(Failure::new(format!("there is no file and no type `{}`; {hint}", visible(&name))))
    }

    fn input(&self, input: &Input, written: &mut Written, io: &mut Io<'_>) -> Result<(), Failure> {
        match input {
            Input::Catalog(_) | Input::Selection(_) | Input::Entry(_) | Input::Registry(_) => {
                Err(Failure::new("a catalog is no document: give the ids of types, or their examples"))
            }
            Input::Layout(container) => self.layout(container, written, io),
            Input::Reference(text) => {
                let remote = remotes::read(self.client, text, self.deep)?;
                remote.fetched.text(&remote.reference)?;
                remote.with_context(|text, context| self.one(&remote.reference, text.as_bytes(), context, written, io))
            }
            Input::Document(path) => {
                let bytes = read_bounded(path, MAX_JSON_BYTES).map_err(|error| Failure::path(path, &error))?;
                self.one(&catalogs::shown(path), &bytes, &Context::default(), written, io)
            }
            Input::Stream(path) => match stream::open(path)? {
                Source::One(bytes) => self.one(&catalogs::shown(path), &bytes, &Context::default(), written, io),
                Source::Many(lines) => {
                    let file = catalogs::shown(path);
                    let work = |block: &stream::Block| {
                        let (mut texts, mut failed) = (Vec::new(), 0);
                        for (document, bytes, (offset, line)) in block.documents() {
                            let origin = Origin { file: &file, document, several: true, line, offset };
                            let (text, read) = self.document(origin, bytes, &Context::default());
                            failed += usize::from(!read);
                            texts.push(text);
                        }
                        (texts.join(if written.json { "," } else { "\n" }), failed)
                    };
                    let mut parts = Vec::new();
                    stream::in_order(lines, path, work, |part| {
                        parts.push(part);
                        Ok(())
                    })?;
                    parts.into_iter().try_for_each(|(text, failed)| written.write(&text, failed, io))
                }
            },
        }
    }

    /// The manifests and indexes of a layout.
    fn layout(&self, container: &Container, written: &mut Written, io: &mut Io<'_>) -> Result<(), Failure> {
        let layout = Layout::read(container);
        let shown = catalogs::shown(container.path());
        if let Some(failure) = &layout.failure {
            return Err(Failure::new(format!("{shown}: {failure}")));
        }
        if !layout.files.contains_key("index.json") {
            return Err(Failure::new(format!("{shown}: without `index.json` this is no image layout")));
        }
        let (documents, _) = layout.documents();
        for (at, document) in documents.iter().enumerate().skip(1) {
            let file = format!("{}/{}", shown.trim_end_matches('/'), document.path);
            surroundings::within(&layout, &documents, at, |context| {
                self.one(&file, document.bytes, context, written, io)
            })?;
        }
        Ok(())
    }

    fn one(
        &self,
        file: &str,
        bytes: &[u8],
        context: &Context<'_>,
        written: &mut Written,
        io: &mut Io<'_>,
    ) -> Result<(), Failure> {
        let origin = Origin { file, document: 0, several: false, line: 1, offset: 0 };
        let (text, read) = self.document(origin, bytes, context);
        written.write(&text, usize::from(!read), io)
    }

    /// What is written of one document, and whether it could be read.
    fn document(&self, origin: Origin<'_>, bytes: &[u8], context: &Context<'_>) -> (String, bool) {
        let mut text = String::new();
        match read(bytes) {
            Err((source, problem)) => {
                answers::write_error(&self.style, origin, source, &problem, &mut text);
                (text, false)
            }
            Ok(facts) => {
                let answer = self.identifier.identify(&facts, context);
                let (type_id, certainty) = (answer.type_id, answer.verdict.name());
                let rows = self.rows(&facts, type_id);
                let judged =
                    Judged { file: origin.file, document: origin.document, type_id, certainty, registries: rows };
                if self.style.format == answers::Format::Json {
                    text = serde_json::to_string(&judged).unwrap_or_default();
                } else {
                    let place = if origin.several { format!(":{}", origin.line) } else { String::new() };
                    let name = type_id.unwrap_or("a type that the catalog does not know");
                    let _ = writeln!(text, "{}{place}: {name}", visible(origin.file));
                    text.push_str(&self.table_of(&judged.registries.iter().collect::<Vec<_>>()));
                }
                (text, true)
            }
        }
    }

    fn rows(&self, facts: &Facts<'_>, type_id: Option<&str>) -> Vec<Row<'static>> {
        let lineage = type_id.map(|id| lineage(self.catalog, id)).unwrap_or_default();
        let attached = facts.subject.is_some();
        let row = |(registry, range): &(&'static Registry, &'static Range)| {
            Row::new(registry, range, &range.predict(facts, &lineage), attached)
        };
        self.table.iter().map(row).collect()
    }

    /// A type, as its examples are: those of which the same is known stand together.
    fn entry(&self, entry: &ArtifactType, written: &mut Written, io: &mut Io<'_>) -> Result<(), Failure> {
        let own = |of: &Option<crate::catalog::model::Expectation>| {
            of.as_ref().is_none_or(|expect| expect.type_id.as_deref() == Some(&entry.id))
        };
        let mut groups: Vec<Group<'_>> = Vec::new();
        for example in entry.examples.iter().filter(|example| own(&example.expect)) {
            let name = format!("examples/{}", example.file);
            let Some(Ok(facts)) = self.catalog.file(&entry.id, &name).map(Facts::read) else { continue };
            let rows = self.rows(&facts, Some(&entry.id));
            if self.style.format == answers::Format::Json {
                let file = format!("{}/{name}", entry.id);
                let judged =
                    Judged { file: &file, document: 0, type_id: Some(&entry.id), certainty: "exact", registries: rows };
                written.write(&serde_json::to_string(&judged)?, 0, io)?;
            } else {
                match groups.iter_mut().find(|group| group.is_alike(&rows)) {
                    Some(group) => group.files.push(&example.file),
                    None => groups.push(Group { files: vec![&example.file], rows }),
                }
            }
        }
        if groups.is_empty() && !written.json {
            return Err(Failure::new(format!("`{}` has no example to judge by", entry.id)));
        }
        for at in 0..groups.len() {
            let (first, group) = (&groups[0].rows, &groups[at]);
            // Of the other forms, what is as for the first one says nothing new.
            let differs = |(row, other): &(&Row<'static>, &Row<'static>)| at == 0 || !alike(row, other);
            let rows: Vec<&Row<'_>> = group.rows.iter().zip(first).filter(differs).map(|(row, _)| row).collect();
            let what = if at == 0 { "" } else { "; what differs" };
            let head = format!("{}, as in {}{what}", entry.id, group.files.join(", "));
            let mut text = wrapped(&head, self.width).join("\n") + "\n";
            text.push_str(&self.table_of(&rows));
            written.write(&text, 0, io)?;
        }
        Ok(())
    }

    fn table_of(&self, rows: &[&Row<'_>]) -> String {
        let attached = rows.first().is_some_and(|row| row.referrers.is_some());
        let mut lines = vec![Line { cells: heading(attached), notes: Vec::new() }];
        let mut before = "";
        for row in rows {
            let name = if row.registry == before { "" } else { row.name };
            before = row.registry;
            lines.push(Line { cells: cells(name, row), notes: notes(row, self.sources) });
        }
        laid_out(&lines, self.width)
    }
}

/// Examples of a type of which the same is known.
struct Group<'a> {
    files: Vec<&'a str>,
    rows: Vec<Row<'static>>,
}

impl Group<'_> {
    fn is_alike(&self, rows: &[Row<'_>]) -> bool {
        self.rows.iter().zip(rows).all(|(own, other)| alike(own, other))
    }
}

/// Whether two rows of one range give the same answers, wherever they can be read.
fn alike(one: &Row<'_>, other: &Row<'_>) -> bool {
    cells("", one) == cells("", other)
}

fn read(bytes: &[u8]) -> Result<Facts<'_>, (&str, Problem)> {
    if bytes.len() > MAX_JSON_BYTES {
        let message = format!("the document has more than {MAX_JSON_BYTES} bytes");
        return Err(("", Problem::new(ProblemKind::Size, Span::new(0, 0), message)));
    }
    let text = decode(bytes).map_err(|problem| ("", problem))?;
    Facts::read(text).map_err(|problem| (text, *problem))
}

/// A line of the table, and what stands below it.
struct Line {
    cells: Vec<String>,
    notes: Vec<String>,
}

fn heading(attached: bool) -> Vec<String> {
    let mut words = vec!["REGISTRY", "VERSIONS", "TAKES IT"];
    words.extend(attached.then_some("REFERRERS"));
    words.extend(["SHOWS", "SCANNED"]);
    words.into_iter().map(str::to_owned).collect()
}

fn cells(name: &str, row: &Row<'_>) -> Vec<String> {
    let mut cells = vec![name.to_owned(), row.versions(), takes(row.accepts.answer).to_owned()];
    cells.extend(row.referrers.map(|told| told.answer.to_owned()));
    cells.push(row.shows.answer.to_owned());
    let scanned: Vec<String> = row
        .scanners
        .iter()
        .map(|one| format!("{}: {}", one.scanner, if one.told.answer == "scanned" { "yes" } else { "no" }))
        .collect();
    cells.push(if scanned.is_empty() { "unknown".to_owned() } else { scanned.join(", ") });
    cells
}

fn takes(answer: &str) -> &str {
    match answer {
        "accepted" => "yes",
        "refused" => "no",
        other => other,
    }
}

/// Why a push is refused or only partly accepted; with sources, everything.
fn notes(row: &Row<'_>, sources: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if !sources {
        let telling = ["partly", "refused"].contains(&row.accepts.answer);
        notes.extend(row.accepts.note.filter(|_| telling).map(str::to_owned));
        return notes;
    }
    let scanners = row.scanners.iter().map(|one| (one.scanner, one.told));
    let told = [("takes it", Some(row.accepts)), ("referrers", row.referrers), ("shows", Some(row.shows))];
    let told = told.into_iter().filter_map(|(what, told)| Some((what, told?)));
    for (what, Told { answer, note, source, checked }) in told.chain(scanners) {
        let Some((source, checked)) = source.zip(checked) else { continue };
        let note = note.map(|note| format!(". {note}")).unwrap_or_default();
        notes.push(format!("{what}: {}{note}", takes(answer)));
        notes.push(format!("  {source} ({checked})"));
    }
    notes
}

/// Columns between two of the table.
const GAP: usize = 2;
/// Most columns of the name of a registry, and of what it shows, where the table would be too wide.
const NARROW: [(usize, usize); 2] = [(0, 19), (3, 8)];

/// The lines in columns, each cell broken at spaces where the table would be wider than the terminal.
fn laid_out(lines: &[Line], width: usize) -> String {
    let columns = lines.first().map_or(0, |line| line.cells.len());
    let natural = |at: usize| lines.iter().map(|line| line.cells[at].chars().count()).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns).map(natural).collect();
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * columns.saturating_sub(1);
    for (at, most) in NARROW {
        // What it shows stands one column further where there are referrers.
        let at = if at > 0 { columns - 2 } else { at };
        if total(&widths) > width
            && let Some(own) = widths.get_mut(at)
        {
            let parts = lines.iter().flat_map(|line| wrapped(&line.cells[at], (*own).min(most)));
            *own = parts.map(|part| part.chars().count()).max().unwrap_or(0);
        }
    }
    if let Some(last) = widths.pop() {
        let used = widths.iter().map(|own| own + GAP).sum::<usize>();
        widths.push(last.min(width.saturating_sub(used).max(8)));
    }
    let mut text = String::new();
    for Line { cells, notes } in lines {
        let broken: Vec<Vec<String>> = cells.iter().zip(&widths).map(|(cell, width)| wrapped(cell, *width)).collect();
        for at in 0..broken.iter().map(Vec::len).max().unwrap_or(0) {
            let cell = |(parts, width): (&Vec<String>, &usize)| {
                let part = parts.get(at).map_or("", String::as_str);
                format!("{part}{}", " ".repeat(width.saturating_sub(part.chars().count()) + GAP))
            };
            let line: String = broken.iter().zip(&widths).map(cell).collect();
            let _ = writeln!(text, "{}", line.trim_end());
        }
        for note in notes {
            let indent = if note.starts_with(' ') { "    " } else { "  " };
            for part in wrapped(note.trim_start(), width.saturating_sub(indent.len())) {
                let _ = writeln!(text, "{indent}{part}");
            }
        }
    }
    text
}

/// A text in lines of at most so many characters, broken at spaces; a longer word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

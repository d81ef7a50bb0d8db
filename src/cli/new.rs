//! `oat new`: the draft of an entry, from a manifest when there is one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::{EXIT_CLEAN, Failure, Global, Io, Outcome, catalogs, input};
use crate::catalog::Catalog;
use crate::catalog::model::is_id;
use crate::catalog::order::Class;
use crate::draft::{self, Answers};
use crate::identify::{Context, Facts, Identifier, Verdict};
use crate::shape::MAX_JSON_BYTES;
use crate::source::text::{decode, visible};

/// Draft an entry for a new type
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the type: kebab case, such as `helm-chart`
    #[arg(value_name = "ID")]
    id: String,
    /// A manifest or index of the type, or `-`: what it tells is proposed, and its form becomes the example
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Folder that holds the folders of entries; by default `types` of the catalog, or `./types`
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Name of the type for people
    #[arg(long)]
    title: Option<String>,
    /// One line that says what it is
    #[arg(long)]
    summary: Option<String>,
    /// Who defines the type
    #[arg(long, value_name = "NAME")]
    publisher: Option<String>,
    /// Home page of the publisher
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Account or team that is asked about changes of the entry, such as `@example/recipes`
    #[arg(long, value_name = "ACCOUNT")]
    owner: Option<String>,
    /// Draft it although the catalog knows the document already
    #[arg(long)]
    anyway: bool,
    /// Ask nothing, also on a terminal
    #[arg(long)]
    no_input: bool,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let id = args.id.as_str();
    if !is_id(id) {
        let message = format!("`{}` is no id: small letters, digits and single hyphens, at most 64", visible(id));
        return Err(Failure::new(message));
    }
    let local = match (&args.into, &global.catalog) {
        (Some(into), _) => into.clone(),
        (None, Some(dir)) => catalogs::types_folder(dir).unwrap_or_else(|| dir.join("types")),
        (None, None) => PathBuf::from("types"),
    };
    let folder = local.join(id);
    if fs::symlink_metadata(&folder).is_ok() {
        return Err(Failure::new(format!("{}: exists already, and is left as it is", catalogs::shown(&folder))));
    }
    let catalog = catalogs::load(global)?;
    if let Some(entry) = catalog.find(id) {
        return Err(Failure::new(format!("`{id}` is a name of {} already: `oat show {}`", entry.id, entry.id)));
    }
    let text = args.from.as_deref().map(read).transpose()?;
    let document = match (&text, &args.from) {
        (Some(text), Some(path)) => Some(document(text, path)?),
        _ => None,
    };
    if let Some((_, facts)) = &document {
        known(&catalog, facts, args.anyway, io)?;
    }
    let mut answers = Answers {
        title: args.title.clone(),
        summary: args.summary.clone(),
        publisher: args.publisher.clone(),
        url: args.url.clone(),
        owner: args.owner.clone(),
        today: OffsetDateTime::now_utc().date().to_string(),
    };
    if !args.no_input && args.from.as_deref() != Some(Path::new("-")) && io::stdin().is_terminal() {
        ask(&mut answers, io)?;
    }
    let files = draft::draft(id, document.as_ref().map(|(value, facts)| (value, facts)), &answers);
    write(&local, &folder, &files)?;
    let entry = catalogs::shown(&folder.join("type.yaml"));
    for name in files.keys() {
        writeln!(io.out, "{}", catalogs::shown(&folder.join(name)))?;
    }
    let left = files["type.yaml"].matches(draft::MARK).count();
    writeln!(io.err, "{left} places are marked TODO. When they are written: oat lint {entry}")?;
    if document.is_none() {
        writeln!(io.err, "No manifest was given: `identify`, `structure` and an example are still missing.")?;
    }
    Ok(EXIT_CLEAN)
}

fn read(path: &Path) -> Result<String, Failure> {
    let fail = |error: io::Error| Failure::path(path, &error);
    let mut bytes = Vec::new();
    let mut reader = io::Read::take(input::open(path)?, MAX_JSON_BYTES as u64 + 1);
    io::Read::read_to_end(&mut reader, &mut bytes).map_err(fail)?;
    if bytes.len() > MAX_JSON_BYTES {
        return Err(Failure::new(format!("{}: more than {MAX_JSON_BYTES} bytes", catalogs::shown(path))));
    }
    let text =
        decode(&bytes).map_err(|problem| Failure::new(format!("{}: {}", catalogs::shown(path), problem.message)))?;
    Ok(text.to_owned())
}

fn document<'t>(text: &'t str, path: &Path) -> Result<(serde_json::Value, Facts<'t>), Failure> {
    let shown = catalogs::shown(path);
    let facts = Facts::read(text)
        .map_err(|problem| Failure::new(format!("{shown}: can not be read: {}", visible(&problem.message))))?;
    if facts.shape.is_none() {
        return Err(Failure::new(format!("{shown}: neither a manifest nor an index: `oat lint {shown}` says more")));
    }
    let value = serde_json::from_str(text).map_err(|error| Failure::new(format!("{shown}: {error}")))?;
    Ok((value, facts))
}

/// Says what the catalog takes the document for; refuses when the document carries the mark of a known type.
fn known(catalog: &Catalog, facts: &Facts<'_>, anyway: bool, io: &mut Io<'_>) -> Result<(), Failure> {
    let identifier = Identifier::new(catalog.rules.clone());
    let context = Context::default();
    let answer = identifier.identify(facts, &context);
    if let Some(id) = answer.type_id {
        let rule = identifier.rules().rules.iter().find(|rule| Some(rule.id.as_str()) == answer.rule);
        let marked = rule.is_some_and(|rule| rule.class < Class::Base);
        if marked && answer.verdict == Verdict::Exact && !anyway {
            return Err(Failure::new(format!(
                "the document is a {id} already: `oat show {id}`; change that entry, or give --anyway"
            )));
        }
        writeln!(io.err, "The catalog takes the document for {id}: the new entry must say more than its rule does.")?;
    }
    for near in identifier.nearest(facts) {
        writeln!(io.err, "It resembles {}, which has {}", near.type_id, visible(&near.missing))?;
    }
    Ok(())
}

/// Asks for what was not given; an empty line leaves it open.
fn ask(answers: &mut Answers, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut lines = io::stdin().lock().lines();
    for (question, answer) in [
        ("Name of the type for people", &mut answers.title),
        ("What it is, in one line", &mut answers.summary),
        ("Who defines it", &mut answers.publisher),
        ("Their home page (https://...)", &mut answers.url),
        ("Account or team to ask about changes (@...), none for the maintainers", &mut answers.owner),
    ] {
        if answer.is_some() {
            continue;
        }
        write!(io.err, "{question}: ")?;
        io.err.flush()?;
        let Some(line) = lines.next() else { break };
        let line = line?;
        let line = line.trim();
        *answer = (!line.is_empty()).then(|| line.to_owned());
    }
    Ok(())
}

/// Writes the folder whole or not at all.
fn write(types: &Path, folder: &Path, files: &BTreeMap<String, String>) -> Result<(), Failure> {
    let fail = |error: io::Error| Failure::path(folder, &error);
    fs::create_dir_all(types).map_err(fail)?;
    let fresh = tempfile::Builder::new().prefix(".oat-new-").tempdir_in(types).map_err(fail)?;
    let inner = fresh.path().join("entry");
    for (name, text) in files {
        let path = inner.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(fail)?;
        }
        fs::write(&path, text).map_err(fail)?;
    }
    // A folder that came into being meanwhile is not empty, and stops this.
    fs::rename(&inner, folder).map_err(fail)
}

//! `oat diff`: what a change of the catalog means for those who use it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::catalogs::{self, Sources};
use super::selections::{self, SelectArgs};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, git};
use crate::catalog::embedded;
use crate::diff::kinds::Class;
use crate::diff::render::{human, markdown};
use crate::diff::{Side, compare};
use crate::oci::hash::sha256;
use crate::source::text::{decode, visible};

/// Most bytes of a mapping.
const MAX_MAPPING_BYTES: u64 = 256 << 20;

/// Say what a change of the catalog means for those who use it
///
/// OLD and NEW are each the folder of a catalog or a mediaTypeMappings.json. Without NEW, the catalog at hand is the
/// new state: that of --catalog, else ./types, else the one inside of the program.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The state before; with `--against`, the state after
    #[arg(value_name = "OLD")]
    old: Option<PathBuf>,
    /// The state after; without it, the catalog at hand
    #[arg(value_name = "NEW", conflicts_with = "against")]
    new: Option<PathBuf>,
    /// Take as the state before what `types` of the work folder was at this git revision
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    #[command(flatten)]
    select: SelectArgs,
    /// Fail when a change is of this class, or of a graver one
    #[arg(long, value_enum, value_name = "CLASS")]
    deny: Option<Deny>,
    /// Form of the comparison
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Form of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// One JSON object.
    Json,
    /// Markdown, for a pull request or a changelog.
    Markdown,
}

/// Class of changes at which the command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Breaking changes.
    Breaking,
    /// Breaking and notable changes.
    Notable,
}

impl Deny {
    const fn class(self) -> Class {
        match self {
            Self::Breaking => Class::Breaking,
            Self::Notable => Class::Notable,
        }
    }
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let selection = match &args.select.select {
        Some(path) => match selections::read_alone(path, global, io)? {
            Some(selection) => Some((path, selection)),
            None => return Ok(EXIT_FINDINGS),
        },
        None => None,
    };
    let (mut old, mut new) = sides(args, global, io)?;
    let sources = Sources::new(None, global);
    let overlays = match &selection {
        Some((path, selection)) => selections::overlays(path, selection, &sources),
        None => sources.overlays,
    };
    for side in [&mut old, &mut new] {
        if !overlays.is_empty() {
            let catalog = catalogs::on_top(side.catalog().clone(), &overlays)?;
            *side = side.clone().with_catalog(catalog)?;
        }
        if let Some((_, selection)) = &selection {
            *side = side.clone().select(selection)?;
        }
    }
    if let Some(pin) = selection.as_ref().and_then(|(_, selection)| selection.catalog.as_ref())
        && pin.digest != old.digest()
    {
        let (pin, name, digest) = (visible(&pin.digest), visible(old.name()), visible(old.digest()));
        writeln!(io.err, "warning: the selection is pinned to {pin}, and {name} is {digest}")?;
    }
    let diff = compare(&old, &new, selection.as_ref().map(|(_, selection)| selection));
    match args.format {
        Format::Human => io.out.write_all(human::render(&diff).as_bytes())?,
        Format::Markdown => io.out.write_all(markdown::render(&diff).as_bytes())?,
        Format::Json => writeln!(io.out, "{}", serde_json::to_string_pretty(&diff)?)?,
    }
    let denied = args.deny.is_some_and(|deny| diff.gravest().is_some_and(|gravest| gravest <= deny.class()));
    Ok(if denied { EXIT_FINDINGS } else { EXIT_CLEAN })
}

/// The two states that the arguments name.
fn sides(args: &Args, global: &Global, io: &mut Io<'_>) -> Result<(Side, Side), Failure> {
    let old = match (&args.against, &args.old) {
        (Some(revision), _) => {
            let catalog = git::catalog(revision, Path::new("."))?;
            Side::of_catalog(format!("types at {revision}"), catalog)?
        }
        (None, Some(path)) => side(path, io)?,
        (None, None) => {
            return Err(Failure::new(
                "there is nothing to compare with: give the old state, a folder or a mediaTypeMappings.json, or a git revision with `--against`",
            ));
        }
    };
    let new = if args.against.is_some() { &args.old } else { &args.new };
    let new = match new {
        Some(path) => side(path, io)?,
        None => at_hand(global)?,
    };
    Ok((old, new))
}

/// The catalog of `--catalog`, else of the work folder, else the embedded one; overlays stand apart.
fn at_hand(global: &Global) -> Result<Side, Failure> {
    let types = match &global.catalog {
        Some(_) => Sources::of(global)?.types,
        None => catalogs::local(),
    };
    let Some(types) = types else {
        return Ok(Side::of_catalog("the catalog of this program", embedded::catalog())?);
    };
    let name = catalogs::named(&types);
    Ok(Side::of_catalog(name, Sources { types: Some(types), overlays: Vec::new() }.load()?)?)
}

/// The catalog of a folder, or a mapping.
fn side(path: &Path, io: &mut Io<'_>) -> Result<Side, Failure> {
    let metadata = std::fs::metadata(path).map_err(|error| Failure::path(path, &error))?;
    let name = catalogs::named(path);
    if metadata.is_dir() {
        let types = catalogs::types_folder(path).ok_or_else(|| catalogs::no_catalog(path))?;
        return Ok(Side::of_catalog(name, Sources { types: Some(types), overlays: Vec::new() }.load()?)?);
    }
    let fail = |reason: &str| Failure::new(format!("{name}: {}", visible(reason)));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| Failure::path(path, &error))?;
    file.take(MAX_MAPPING_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Failure::path(path, &error))?;
    if bytes.len() as u64 > MAX_MAPPING_BYTES {
        return Err(fail("it is too large for a mapping"));
    }
    let text = decode(&bytes).map_err(|problem| fail(&problem.message))?;
    let side = Side::of_mapping(name.clone(), text).map_err(|reason| fail(&reason))?;
    if sha256(text.replacen(side.digest(), "", 1).as_bytes()) != side.digest() {
        writeln!(io.err, "warning: {name} was edited after it was made: its `digest` is not that of its content")?;
    }
    Ok(side)
}

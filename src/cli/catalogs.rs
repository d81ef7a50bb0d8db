//! Which catalog a command uses.

use std::path::{Path, PathBuf};

use super::{Failure, Global};
use crate::catalog::folder::{self, Folder};
use crate::catalog::{Catalog, RuleSet, embedded};
use crate::finding::Level;
use crate::rules::catalog::{Collision, Listing, Options, Outcome, lint_folders};
use crate::source::text::visible;

/// The folder that holds the entries' folders: `dir` itself, or its `types`.
pub(super) fn types_folder(dir: &Path) -> Option<PathBuf> {
    let nested = dir.join("types");
    if has_entries(&nested) { Some(nested) } else { has_entries(dir).then(|| dir.to_owned()) }
}

fn has_entries(dir: &Path) -> bool {
    std::fs::read_dir(dir).is_ok_and(|entries| entries.flatten().any(|entry| entry.path().join("type.yaml").is_file()))
}

/// The catalog of the work folder, when there is one.
pub(super) fn local() -> Option<PathBuf> {
    let types = PathBuf::from("types");
    has_entries(&types).then_some(types)
}

/// How messages call a path: as given, with forward slashes and without `./` in front.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.strip_prefix("./").unwrap_or(&text);
    visible(if text == "." { "" } else { text }).into_owned()
}

/// What a catalog is put together from.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// The folder that holds the entries' folders; none stands for the embedded catalog.
    pub(super) types: Option<PathBuf>,
    /// Overlays, in order.
    pub(super) overlays: Vec<Overlay>,
}

/// A folder of in-house entries.
#[derive(Debug, Clone)]
pub(super) struct Overlay {
    /// The folder that contains `types`, or is it.
    pub(super) folder: PathBuf,
    /// Ids of entries beneath whose place its entries take.
    pub(super) replaces: Vec<String>,
}

impl Sources {
    /// A catalog with the overlays of the command line.
    pub(super) fn new(types: Option<PathBuf>, global: &Global) -> Self {
        let overlay = |folder: &PathBuf| Overlay { folder: folder.clone(), replaces: Vec::new() };
        Self { types, overlays: global.overlay.iter().map(overlay).collect() }
    }

    /// The catalog of the commands that only use one: that of `--catalog`, or the embedded one.
    pub(super) fn of(global: &Global) -> Result<Self, Failure> {
        let types = global.catalog.as_ref().map(|dir| types_folder(dir).ok_or_else(|| no_catalog(dir))).transpose()?;
        Ok(Self::new(types, global))
    }

    /// Lists the entries. An entry of an overlay that is there already, and shall not take the other's place, is left
    /// out and listed as a collision.
    pub(super) fn list(&self) -> Result<Listing, Failure> {
        let mut listing = match &self.types {
            Some(types) => list(types)?.into(),
            None => Listing { beneath: Some(Box::new(embedded::catalog())), ..Listing::default() },
        };
        add_all(&mut listing, &self.overlays)?;
        Ok(listing)
    }

    /// Reads the whole catalog. One with errors is refused; `oat lint` says what is wrong.
    pub(super) fn load(&self) -> Result<Catalog, Failure> {
        if self.types.is_none() && self.overlays.is_empty() {
            return Ok(embedded::catalog());
        }
        read(self.list()?, self.types.as_deref(), &self.overlays)
    }
}

/// A catalog with overlays on top.
pub(super) fn on_top(beneath: Catalog, overlays: &[Overlay]) -> Result<Catalog, Failure> {
    if overlays.is_empty() {
        return Ok(beneath);
    }
    let mut listing = Listing { beneath: Some(Box::new(beneath)), ..Listing::default() };
    add_all(&mut listing, overlays)?;
    read(listing, None, overlays)
}

fn list(types: &Path) -> Result<folder::CatalogFolder, Failure> {
    folder::list(types, &shown(types)).map_err(|error| Failure::path(types, &error))
}

/// Reads what is listed; a catalog with errors is refused.
fn read(listing: Listing, types: Option<&Path>, overlays: &[Overlay]) -> Result<Catalog, Failure> {
    let options = Options { second_reader: false, examples: false, keep: true };
    let fail = |error| Failure::path(types.unwrap_or(Path::new(".")), &error);
    let Outcome { report, catalog } = lint_folders(listing, options, |_| true).map_err(fail)?;
    let overlays = overlays.iter().map(|overlay| format!(" --overlay {}", named(&overlay.folder)));
    let command = std::iter::once("oat lint".to_owned())
        .chain(types.iter().map(|types| format!(" {}", named(types))))
        .chain(overlays)
        .collect::<String>();
    match (report.count(Level::Error), catalog) {
        (0, Some(catalog)) => Ok(catalog),
        (1, _) => Err(Failure::new(format!("the catalog has an error; `{command}` tells it"))),
        (errors, _) => Err(Failure::new(format!("the catalog has {errors} errors; `{command}` tells them"))),
    }
}

/// Puts the folders of overlays on top of what is listed.
fn add_all(listing: &mut Listing, overlays: &[Overlay]) -> Result<(), Failure> {
    for overlay in overlays {
        let types = types_folder(&overlay.folder).ok_or_else(|| no_catalog(&overlay.folder))?;
        let more = list(&types)?;
        listing.listed.strays.extend(more.strays);
        for folder in more.folders {
            add(listing, folder, overlay);
        }
    }
    listing.listed.folders.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// Puts a folder of an overlay on top of what is listed.
fn add(listing: &mut Listing, folder: Folder, overlay: &Overlay) {
    let at = listing.listed.folders.iter().position(|other| other.name == folder.name);
    let beneath = listing.beneath.as_ref().and_then(|beneath| beneath.get(&folder.name)).map(|entry| entry.id.clone());
    let other = match (at, &beneath) {
        (Some(at), _) => Some(listing.listed.folders[at].shown.clone()),
        (None, Some(_)) => Some("the embedded catalog".to_owned()),
        (None, None) => None,
    };
    match other {
        Some(beneath) if !overlay.replaces.contains(&folder.name) => {
            listing.collisions.push(Collision { folder, beneath });
            return;
        }
        Some(_) => {
            if let Some(at) = at {
                listing.listed.folders.remove(at);
            }
            if let (Some(id), Some(catalog)) = (beneath, &mut listing.beneath) {
                catalog.entries.retain(|entry| entry.id != id);
                catalog.files.retain(|path, _| path.split('/').next() != Some(&id));
            }
        }
        None => {}
    }
    listing.listed.folders.push(folder);
}

/// How messages about a folder itself call it.
pub(super) fn named(dir: &Path) -> String {
    let shown = shown(dir);
    if shown.is_empty() { ".".to_owned() } else { shown }
}

pub(super) fn no_catalog(dir: &Path) -> Failure {
    Failure::new(format!("{}: no catalog: neither it nor its `types` holds folders with a `type.yaml`", named(dir)))
}

/// The whole catalog for commands that only use one: the embedded one, or that of `--catalog`, with overlays.
pub(super) fn load(global: &Global) -> Result<Catalog, Failure> {
    Sources::of(global)?.load()
}

/// Only the rules, for identification: the embedded ones cost a fraction of the catalog.
pub(super) fn load_rules(global: &Global) -> Result<RuleSet, Failure> {
    if global.catalog.is_none() && global.overlay.is_empty() {
        return Ok(embedded::rules());
    }
    Ok(load(global)?.rules)
}

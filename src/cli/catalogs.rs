//! Which catalog a command uses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Failure, Global};
use crate::catalog::folder::{self, CatalogFolder};
use crate::catalog::{Catalog, RuleSet, embedded};
use crate::finding::{Level, Report};
use crate::rules::catalog::{Options, Outcome, lint_folders};
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

/// Lists the catalog in a folder, and the overlays.
pub(super) fn list(types: &Path, overlays: &[PathBuf]) -> Result<CatalogFolder, Failure> {
    let read = |types: &Path| folder::list(types, &shown(types)).map_err(|error| Failure::path(types, &error));
    let mut listed = read(types)?;
    for overlay in overlays {
        let types = types_folder(overlay).ok_or_else(|| no_catalog(overlay))?;
        let more = read(&types)?;
        listed.folders.extend(more.folders);
        listed.strays.extend(more.strays);
    }
    listed.folders.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = listed.folders.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(Failure::new(format!("{} and {} have the same id", pair[0].shown, pair[1].shown)));
    }
    Ok(listed)
}

/// How messages about a folder itself call it.
fn named(dir: &Path) -> String {
    let shown = shown(dir);
    if shown.is_empty() { ".".to_owned() } else { shown }
}

fn no_catalog(dir: &Path) -> Failure {
    Failure::new(format!("{}: no catalog: neither it nor its `types` holds folders with a `type.yaml`", named(dir)))
}

/// The whole catalog for commands that only use one: the embedded one, or that of `--catalog` with its overlays.
///
/// A catalog with errors is refused; `oat lint` says what is wrong.
pub(super) fn load(global: &Global) -> Result<Catalog, Failure> {
    if let Some(dir) = &global.catalog {
        let types = types_folder(dir).ok_or_else(|| no_catalog(dir))?;
        return checked(list(&types, &global.overlay)?, dir);
    }
    let mut catalog = embedded::catalog();
    for overlay in &global.overlay {
        let types = types_folder(overlay).ok_or_else(|| no_catalog(overlay))?;
        let more = read_entries(&list(&types, &[])?, overlay)?;
        if let Some(entry) = more.entries.iter().find(|entry| catalog.get(&entry.id).is_some()) {
            return Err(Failure::new(format!("{}: `{}` is in the catalog already", named(overlay), entry.id)));
        }
        let mut entries = catalog.entries;
        entries.extend(more.entries);
        let mut files: BTreeMap<String, String> = catalog.files;
        files.extend(more.files);
        catalog = Catalog::new(entries, files);
    }
    Ok(catalog)
}

/// Only the rules, for identification: the embedded ones cost a fraction of the catalog.
pub(super) fn load_rules(global: &Global) -> Result<RuleSet, Failure> {
    if global.catalog.is_none() && global.overlay.is_empty() {
        return Ok(embedded::rules());
    }
    Ok(load(global)?.rules)
}

fn checked(listed: CatalogFolder, dir: &Path) -> Result<Catalog, Failure> {
    let options = Options { second_reader: false, examples: false, keep: true };
    let Outcome { report, catalog } =
        lint_folders(listed, options, |_| true).map_err(|error| Failure::path(dir, &error))?;
    refuse_errors(&report, dir)?;
    catalog.ok_or_else(|| Failure::new(format!("{}: the catalog has errors; run `oat lint` on it", named(dir))))
}

/// The entries of an overlay. References into the catalog below it can not be resolved here.
fn read_entries(listed: &CatalogFolder, dir: &Path) -> Result<Catalog, Failure> {
    let options = Options { second_reader: false, examples: false, keep: true };
    let outcome = lint_folders(listed.clone(), options, |_| true).map_err(|error| Failure::path(dir, &error))?;
    outcome.catalog.ok_or_else(|| Failure::new(format!("{}: the overlay has errors; run `oat lint` on it", named(dir))))
}

fn refuse_errors(report: &Report, dir: &Path) -> Result<(), Failure> {
    match report.count(Level::Error) {
        0 => Ok(()),
        errors => Err(Failure::new(format!("{}: the catalog has {errors} errors; run `oat lint` on it", named(dir)))),
    }
}

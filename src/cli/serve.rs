//! `oat serve`: the site on loopback, rebuilt and reloaded on change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::{RecursiveMode, Watcher as _};

use super::build::{self, Linted};
use super::output::{self, Format};
use super::{EXIT_CLEAN, Failure, Global, Io, Outcome, catalogs};
use crate::catalog::Catalog;
use crate::catalog::folder::Folder;
use crate::finding::Report;
use crate::finding::render::json;
use crate::finding::report::Levels;
use crate::rules::catalog::Memory;
use crate::serve::Server;
use crate::site::{Files, Options, Output, Pictures};

/// A change is often several events: a save ends when none came for this long.
const QUIET: Duration = Duration::from_millis(15);
/// A folder that never rests is looked at after this long all the same.
const PATIENCE: Duration = Duration::from_millis(250);

/// Show the site on this machine, built again on every change
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Port on 127.0.0.1; a free one is taken when another program has it
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    port: u16,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let types = build::source(global)?;
    let server = Server::start(args.port).map_err(|error| Failure::new(format!("no port for the server: {error}")))?;
    let Some(types) = types else {
        let files = files(&catalogs::load(global)?, global, None)?;
        server.publish(server.preview().built(files));
        greet(&server, "the embedded catalog, which does not change", io)?;
        loop {
            std::thread::park();
        }
    };
    // Watched before it is read, so that no change in between is lost.
    let (_watcher, changes) =
        watch(std::iter::once(types.as_path()).chain(global.overlay.iter().map(PathBuf::as_path)))?;
    let mut kept = Kept::default();
    rebuild(&server, &types, (&mut kept, &Touched::All), global, io)?;
    greet(&server, &catalogs::shown(&types), io)?;
    while let Some(touched) = next(&changes) {
        rebuild(&server, &types, (&mut kept, &touched), global, io)?;
        io.out.flush()?;
    }
    Ok(EXIT_CLEAN)
}

/// What stays of one build for the next: what was read and drawn of files that are still the same.
#[derive(Default)]
struct Kept {
    entries: Memory,
    pictures: Pictures,
}

fn greet(server: &Server, from: &str, io: &mut Io<'_>) -> Result<(), Failure> {
    writeln!(io.out, "http://127.0.0.1:{}/ shows {from}; Ctrl-C ends it", server.port())?;
    Ok(io.out.flush()?)
}

/// Builds the site again and serves it, or says what prevents it.
fn rebuild(
    server: &Server,
    types: &Path,
    (kept, touched): (&mut Kept, &Touched),
    global: &Global,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    let start = Instant::now();
    let memory: (_, &(dyn Fn(&Folder) -> bool + Sync)) = (&mut kept.entries, &|folder| touched.is(folder));
    let built = build::lint(types, Some(memory), global).and_then(|Linted { report, catalog }| {
        let files = catalog.map(|catalog| files(&catalog, global, Some(&kept.pictures))).transpose()?;
        Ok((report, files))
    });
    // What can not be read while somebody writes can be read at the next event.
    let (report, files) = match built {
        Ok(built) => built,
        Err(failure) => return Ok(writeln!(io.err, "error: {failure}")?),
    };
    let preview = server.preview();
    match files {
        Some(files) => {
            let count = files.len();
            let preview = preview.built(files);
            let number = preview.build;
            server.publish(preview);
            writeln!(io.out, "build {number}: {count} files in {} ms", start.elapsed().as_millis())?;
        }
        None => server.publish(preview.failed(json::render(&report, global.base_url.as_deref()))),
    }
    show(report, global, io)
}

/// The site in memory.
fn files(
    catalog: &Catalog,
    global: &Global,
    pictures: Option<&Pictures>,
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    if let Some(pictures) = pictures {
        pictures.turn();
    }
    let files = Files::default();
    let options = Options { base_url: global.base_url.as_deref(), pictures };
    build::make(catalog, &options, &Output::new(&files)).map_err(|error| build::failure(Path::new(""), error))?;
    Ok(files.into_map())
}

fn show(report: Report, global: &Global, io: &mut Io<'_>) -> Result<(), Failure> {
    output::show_findings(report, Format::Human, &Levels::default(), global, io).map(drop)
}

/// Where something changed.
#[derive(Debug, PartialEq, Eq)]
enum Touched {
    /// Anywhere.
    All,
    /// At these absolute paths, or below them.
    Paths(Vec<PathBuf>),
}

impl Touched {
    fn and(self, more: Self) -> Self {
        match (self, more) {
            (Self::Paths(mut paths), Self::Paths(more)) => {
                paths.extend(more);
                Self::Paths(paths)
            }
            _ => Self::All,
        }
    }

    /// Whether something changed in a folder.
    fn is(&self, folder: &Folder) -> bool {
        let Self::Paths(paths) = self else { return true };
        let Ok(folder) = std::path::absolute(&folder.path) else { return true };
        paths.iter().any(|path| path.starts_with(&folder) || folder.starts_with(path))
    }
}

/// Watches folders; what arrives says where something changed.
fn watch<'a>(
    folders: impl Iterator<Item = &'a Path>,
) -> Result<(notify::RecommendedWatcher, Receiver<Touched>), Failure> {
    let fail = |error: notify::Error| Failure::new(format!("can not watch the catalog: {error}"));
    let folders: Vec<PathBuf> = folders
        .map(|folder| std::path::absolute(folder).map_err(|error| Failure::path(folder, &error)))
        .collect::<Result<_, _>>()?;
    let roots = folders.clone();
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let touched = match event {
            Ok(event) if event.kind.is_access() => return,
            // Some systems call a folder otherwise than we do.
            Ok(event)
                if !event.need_rescan()
                    && !event.paths.is_empty()
                    && event.paths.iter().all(|path| roots.iter().any(|root| path.starts_with(root))) =>
            {
                Touched::Paths(event.paths)
            }
            // An error may hide a change.
            _ => Touched::All,
        };
        let _ = sender.send(touched);
    })
    .map_err(fail)?;
    for folder in &folders {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(fail)?;
    }
    Ok((watcher, changes))
}

/// Waits for a change and for the end of it; nothing when there will be none.
fn next(changes: &Receiver<Touched>) -> Option<Touched> {
    let mut touched = changes.recv().ok()?;
    let first = Instant::now();
    while first.elapsed() < PATIENCE {
        match changes.recv_timeout(QUIET) {
            Ok(more) => touched = touched.and(more),
            Err(RecvTimeoutError::Timeout) => return Some(touched),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    Some(touched)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_of_many_events_is_one_change() {
        let (sender, changes) = mpsc::channel();
        let path = |name: &str| Touched::Paths(vec![PathBuf::from(name)]);
        for name in ["/a", "/b"] {
            sender.send(path(name)).unwrap();
        }
        assert_eq!(next(&changes), Some(path("/a").and(path("/b"))));
        assert!(changes.try_recv().is_err());
        sender.send(path("/a")).unwrap();
        sender.send(Touched::All).unwrap();
        assert_eq!(next(&changes), Some(Touched::All));
        drop(sender);
        assert_eq!(next(&changes), None);
    }
}

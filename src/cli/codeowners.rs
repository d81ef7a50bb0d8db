//! `oat codeowners`: who is asked about changes of which entries, in the form of a CODEOWNERS file.

use super::{EXIT_CLEAN, Global, Io, Outcome, catalogs};
use crate::catalog::ArtifactType;

/// Write the lines of a CODEOWNERS file that the owners of entries imply
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    for entry in &catalogs::load(global)?.entries {
        if let Some(line) = line(entry) {
            writeln!(io.out, "{line}")?;
        }
    }
    Ok(EXIT_CLEAN)
}

/// The line of an entry; nothing when the maintainers alone are asked.
pub(super) fn line(entry: &ArtifactType) -> Option<String> {
    let owner = entry.owner.as_ref()?;
    (!owner.contacts.is_empty()).then(|| format!("/types/{}/ {}", entry.id, owner.contacts.join(" ")))
}

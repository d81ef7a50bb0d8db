//! `oat publish` and `oat pull`: the catalog as an artifact in a registry.

use std::path::{Path, PathBuf};

use super::registries::RegistryArgs;
use super::selections::{self, SelectArgs};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, output_files};
use crate::artifact::{self, FILES};
use crate::conformance::{self, VectorFile};
use crate::mapping::MediaTypeMappings;
use crate::oci::hash::sha256;
use crate::oci::well_known::OCI_MANIFEST;
use crate::registry::{At, MAX_BLOB, Repository};
use crate::schemas;
use crate::source::text::visible;

/// Store the catalog in a registry, as an OCI artifact
///
/// It holds mediaTypeMappings.json, its schema and the conformance vectors. The same catalog makes the same digest,
/// which is what to sign and to refer to.
#[derive(Debug, clap::Args)]
pub(super) struct PublishArgs {
    /// Where to store it: REGISTRY/REPOSITORY:TAG
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// Store nothing, but show the manifest
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    registry: RegistryArgs,
}

/// Get a catalog that was stored in a registry
#[derive(Debug, clap::Args)]
pub(super) struct PullArgs {
    /// Where it is stored: REGISTRY/REPOSITORY:TAG, or @DIGEST
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// Folder for its files
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    registry: RegistryArgs,
}

/// What a mapping says of itself, also one of a newer form.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stamp {
    catalog_version: String,
    digest: String,
}

pub(super) fn publish(args: &PublishArgs, global: &Global, io: &mut Io<'_>) -> Outcome {
    let (repository, at) = Repository::parse(&args.reference)?;
    let Some(At::Tag(tag)) = at else {
        return Err(Failure::new(format!("{}: name the tag under which it is stored", repository.written())));
    };
    let Some(chosen) = selections::choose(&args.select, global, io)? else { return Ok(EXIT_FINDINGS) };
    let mapping = MediaTypeMappings::of(&chosen, global.base_url.as_deref())?;
    let all = schemas::all();
    let schema = all
        .get("media-type-mappings")
        .map(|schema| schemas::text("media-type-mappings", schema, global.base_url.as_deref()));
    let vectors = serde_json::to_string_pretty(&VectorFile {
        schema_version: 1,
        vectors: conformance::vectors(&chosen.catalog),
    })? + "\n";
    let contents = [mapping.to_json()?.into_bytes(), schema.unwrap_or_default().into_bytes(), vectors.into_bytes()];
    let manifest = artifact::manifest(&contents, &mapping.catalog_version)?;
    if args.dry_run {
        io.out.write_all(&manifest)?;
        writeln!(io.out)?;
        return Ok(EXIT_CLEAN);
    }
    let client = args.registry.client();
    client.push_blob(&repository, b"{}")?;
    for content in &contents {
        client.push_blob(&repository, content)?;
    }
    client.push_manifest(&repository, &At::Tag(tag), &manifest, OCI_MANIFEST)?;
    let digest = sha256(&manifest);
    writeln!(io.out, "{}@{digest}", repository.written())?;
    writeln!(io.err, "catalog {}, to pin in a selection: {}", mapping.catalog_version, mapping.digest)?;
    Ok(EXIT_CLEAN)
}

pub(super) fn pull(args: &PullArgs, io: &mut Io<'_>) -> Outcome {
    let (repository, at) = Repository::parse(&args.reference)?;
    let at = at.ok_or_else(|| Failure::new(format!("{}: name a tag or a digest", repository.written())))?;
    let client = args.registry.client();
    let fetched = client.manifest(&repository, &at)?;
    let reference = repository.reference(&at);
    let digest = fetched.digest.clone();
    let layers =
        artifact::layers(fetched.text(&reference)?).map_err(|why| Failure::new(format!("{reference}: {why}")))?;
    // Everything is there and right before anything is written.
    let mut files = Vec::new();
    for (file, layer) in layers {
        files.push((file, client.blob(&repository, &layer, MAX_BLOB)?));
    }
    let mapping: Stamp = serde_json::from_slice(&files[0].1)
        .map_err(|_| Failure::new(format!("{reference}: its {} is no mapping", FILES[0].name)))?;
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::path(&args.out, &error))?;
    for (file, bytes) in &files {
        output_files::write_file(&args.out.join(Path::new(file.name)), |writer| writer.write_all(bytes))?;
    }
    writeln!(io.out, "{}@{digest}", repository.written())?;
    let (version, pin) = (visible(&mapping.catalog_version), visible(&mapping.digest));
    writeln!(io.err, "catalog {version}, to pin in a selection: {pin}")?;
    Ok(EXIT_CLEAN)
}

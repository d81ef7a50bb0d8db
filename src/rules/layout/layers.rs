//! What the layers of images hold: tar archives, compressed as their media types say, with the content that the config
//! promises.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};

use super::Job;
use crate::archive::{Compression, Container, decompressed};
use crate::finding::{Rule, declare_rule};
use crate::layout::{Document, HEAD, blob_path};
use crate::oci::digest::Algorithm;
use crate::oci::hash::Hasher;
use crate::oci::well_known as known;
use crate::rules::lint::{Lint, show};
use crate::source::tape::{Json, Memory, Tape};

declare_rule! {
    /// A layer does not have the `DiffID` that the config says.
    ///
    /// ## Why
    /// Clients compare the digest of the unpacked layer with the config's list and refuse the image, or use a layer of
    /// another image that they have already.
    ///
    /// ## How to fix
    /// Write the config and the manifest anew from the layers.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, layer DiffID](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-diffid)
    pub static CONFIG_DIFF_ID_CONTENT =
        { id: "config-diff-id-content", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A layer is not compressed as its media type says.
    ///
    /// ## Why
    /// Clients choose the decompressor by the media type; many fail on the first byte, some guess.
    ///
    /// ## How to fix
    /// Write the media type of what the blob is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, +gzip media types](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#gzip-media-types)
    pub static LAYER_COMPRESSION_MATCHES =
        { id: "layer-compression-matches", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A path stands twice in one layer.
    ///
    /// ## Why
    /// The last one wins with clients that unpack in order; clients that mount a layer or look into its index take
    /// another one.
    ///
    /// ## How to fix
    /// Write the layer anew, each path once.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, distributable format](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#distributable-format)
    pub static LAYER_DUPLICATE_PATH = { id: "layer-duplicate-path", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A layer hides a whole folder instead of naming what it removes.
    ///
    /// ## Why
    /// An opaque whiteout is legal, and explicit ones should be preferred. It is only reported when it is asked for.
    ///
    /// ## How to fix
    /// Write one whiteout for each removed path.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, opaque whiteout](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#opaque-whiteout)
    pub static LAYER_EXPLICIT_WHITEOUT =
        { id: "layer-explicit-whiteout", level: Info, since: "0.1.0", subject: Layout, opt_in: true }
}

declare_rule! {
    /// A layer is not a tar archive.
    ///
    /// ## Why
    /// Its media type says that it is one; clients fail when they unpack the image.
    ///
    /// ## How to fix
    /// Write the layer as tar, or give the descriptor the media type of what the blob is.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, distributable format](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#distributable-format)
    pub static LAYER_IS_TAR = { id: "layer-is-tar", level: Error, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A layer holds a sparse file.
    ///
    /// ## Why
    /// Clients differ in what they make of it: some write the holes as zeros, some lose content.
    ///
    /// ## How to fix
    /// Write the file in full; compression takes care of the zeros.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, file types](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#file-types)
    pub static LAYER_SPARSE_FILE = { id: "layer-sparse-file", level: Warning, since: "0.1.0", subject: Layout }
}

declare_rule! {
    /// A whiteout in a layer names nothing.
    ///
    /// ## Why
    /// The name of a whiteout is `.wh.` and the name of what it removes. Clients differ in what they remove for an empty
    /// name, up to the whole folder.
    ///
    /// ## How to fix
    /// Remove the entry, or name what it shall remove.
    ///
    /// ## Specification
    /// [image-spec after 1.1.1, layer.md, whiteouts](https://github.com/opencontainers/image-spec/blob/13cff54902ec/layer.md#whiteouts)
    pub static LAYER_WHITEOUT_NAME = {
        id: "layer-whiteout-name", level: Error, since: "0.1.0", subject: Layout, spec: Main, earlier: Warning,
    }
}

declare_rule! {
    /// A whiteout stands behind other entries of its folder.
    ///
    /// ## Why
    /// That is legal, and whiteouts should come first. It is only reported when it is asked for.
    ///
    /// ## How to fix
    /// Write whiteouts before the other entries of a folder.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, layer.md, whiteouts](https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts)
    pub static LAYER_WHITEOUT_ORDER =
        { id: "layer-whiteout-order", level: Info, since: "0.1.0", subject: Layout, opt_in: true }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &CONFIG_DIFF_ID_CONTENT,
    &LAYER_COMPRESSION_MATCHES,
    &LAYER_DUPLICATE_PATH,
    &LAYER_EXPLICIT_WHITEOUT,
    &LAYER_IS_TAR,
    &LAYER_SPARSE_FILE,
    &LAYER_WHITEOUT_NAME,
    &LAYER_WHITEOUT_ORDER,
];

/// Most paths of a layer that are compared with each other: their hashes take 16 MiB then.
const MAX_PATHS: usize = 1 << 21;

/// What the layers of a container hold, by the paths of their members.
#[derive(Debug, Default)]
pub(super) struct Layers {
    by_path: BTreeMap<String, Layer>,
}

/// What one layer holds.
#[derive(Debug)]
pub(super) struct Layer {
    /// How it is compressed, by its first bytes.
    compression: Compression,
    /// The digest of what comes out of the decompressor; `None` when that fails.
    pub(super) diff_id: Option<String>,
    /// Why it is no tar archive.
    malformed: Option<String>,
    duplicate: Option<String>,
    sparse: Option<String>,
    nameless: Option<String>,
    late: Option<String>,
    opaque: Option<String>,
}

/// The compression that a layer's media type promises; `None` for what is no layer of an image.
pub(super) fn compression(media_type: &str) -> Option<Compression> {
    let form = media_type
        .strip_prefix("application/vnd.oci.image.layer.v1.")
        .or_else(|| media_type.strip_prefix("application/vnd.oci.image.layer.nondistributable.v1."))
        .or_else(|| media_type.strip_prefix("application/vnd.docker.image.rootfs.diff."))
        .or_else(|| media_type.strip_prefix("application/vnd.docker.image.rootfs.foreign.diff."))?;
    match form {
        "tar" => Some(Compression::None),
        "tar+gzip" | "tar.gzip" => Some(Compression::Gzip),
        "tar+zstd" | "tar.zstd" => Some(Compression::Zstd),
        _ => None,
    }
}

/// The paths of all layers of images that documents point to.
pub(super) fn wanted(documents: &[Document<'_>]) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    let mut memory = Memory::default();
    for document in documents {
        let text = std::str::from_utf8(document.bytes).unwrap_or_default();
        let Ok(tape) = Tape::read(text, &mut memory) else { continue };
        for layer in tape.root().get("layers").into_iter().flat_map(Json::elements) {
            if layer.get_str("mediaType").and_then(compression).is_some() {
                wanted.extend(layer.get_str("digest").and_then(blob_path));
            }
        }
    }
    wanted
}

impl Layers {
    /// Reads the wanted members; what ends the reading was told when the container was read first.
    pub(super) fn read(container: &Container, wanted: &BTreeSet<String>) -> Self {
        let mut by_path = BTreeMap::new();
        if !wanted.is_empty() {
            let _ = container.visit(&mut |member, reader| {
                if wanted.contains(&member.path) && !by_path.contains_key(&member.path) {
                    by_path.insert(member.path.clone(), Layer::read(reader)?);
                }
                Ok(())
            });
        }
        Self { by_path }
    }

    pub(super) fn get(&self, path: &str) -> Option<&Layer> {
        self.by_path.get(path)
    }
}

impl Layer {
    fn read(reader: &mut dyn Read) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        let mut reader = reader;
        Read::by_ref(&mut reader).take(HEAD as u64).read_to_end(&mut head)?;
        let compression = Compression::of(&head);
        let mut layer = Self {
            compression,
            diff_id: None,
            malformed: None,
            duplicate: None,
            sparse: None,
            nameless: None,
            late: None,
            opaque: None,
        };
        let content = decompressed(head.as_slice().chain(reader), compression);
        let mut hashed = Hashed { reader: content, hasher: Hasher::new(Algorithm::Sha256) };
        layer.malformed = layer.entries(&mut hashed).err().map(|error| error.to_string());
        // What stands behind the end of the archive belongs to the layer too.
        if io::copy(&mut hashed, &mut io::sink()).is_ok() {
            layer.diff_id = Some(hashed.hasher.finish());
        }
        Ok(layer)
    }

    fn entries(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        let mut seen: BTreeSet<u64> = BTreeSet::new();
        let mut folders: BTreeSet<u64> = BTreeSet::new();
        let mut archive = tar::Archive::new(reader);
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let path = path.trim_start_matches("./").trim_end_matches('/').to_owned();
            let kind = entry.header().entry_type();
            if seen.len() < MAX_PATHS && !seen.insert(hash(&path)) && self.duplicate.is_none() {
                self.duplicate = Some(path.clone());
            }
            let sparse = kind.is_gnu_sparse()
                || entry.pax_extensions()?.is_some_and(|mut all| {
                    all.any(|one| one.is_ok_and(|one| one.key_bytes().starts_with(b"GNU.sparse.")))
                });
            if sparse && self.sparse.is_none() {
                self.sparse = Some(path.clone());
            }
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let folder = hash(folder);
            match name.strip_prefix(".wh.") {
                Some("") => self.nameless = self.nameless.take().or(Some(path.clone())),
                Some(".wh..opq") => self.opaque = self.opaque.take().or(Some(path.clone())),
                _ => {}
            }
            if !name.starts_with(".wh.") {
                if folders.len() < MAX_PATHS {
                    folders.insert(folder);
                }
            } else if folders.contains(&folder) && self.late.is_none() {
                self.late = Some(path.clone());
            }
        }
        Ok(())
    }
}

/// Paths are compared by their hashes: two that agree by chance in 64 bits are not met.
fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

struct Hashed<'r> {
    reader: Box<dyn Read + 'r>,
    hasher: Hasher,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

/// The layers of a manifest, held against what they hold.
pub(super) fn check<'t>(job: &Job<'_, '_>, lint: &mut Lint<'t>, root: Json<'t>) {
    let expected = diff_ids(job, root);
    for (index, descriptor) in root.get("layers").into_iter().flat_map(Json::elements).enumerate() {
        let Some(media_type) = descriptor.get("mediaType") else { continue };
        let Some(promised) = media_type.as_str().and_then(compression) else { continue };
        let Some(digest) = descriptor.get("digest") else { continue };
        let Some(layer) = digest.as_str().and_then(blob_path).and_then(|path| job.layers.get(&path)) else { continue };
        if layer.compression != promised {
            let message = format!(
                "the blob is {}, but `{}` is {}",
                layer.compression.name(),
                show(media_type.as_str().unwrap_or_default()),
                promised.name()
            );
            lint.value(&LAYER_COMPRESSION_MATCHES, media_type, message)
                .help("write the media type of what the blob is")
                .done();
        }
        content(lint, digest, layer);
        if let (Some(expected), Some(found)) = (expected.get(index), &layer.diff_id)
            && expected.starts_with("sha256:")
            && expected != found
        {
            lint.value(
                &CONFIG_DIFF_ID_CONTENT,
                digest,
                format!("the unpacked layer has the digest `{found}`, but the config says `{}`", show(expected)),
            )
            .help("write the config and the manifest anew from the layers")
            .done();
        }
    }
}

/// What a layer holds, told at its digest.
pub(super) fn content<'t>(lint: &mut Lint<'t>, at: Json<'t>, layer: &Layer) {
    if let Some(why) = &layer.malformed {
        lint.value(&LAYER_IS_TAR, at, format!("the blob is no tar archive: {}", show(why)))
            .help("write the layer as tar, or correct the media type")
            .done();
    }
    let mut one = |rule: &'static Rule, found: &Option<String>, what: &str, help: &str| {
        if let Some(path) = found {
            lint.value(rule, at, format!("{what} `{}`", show(path))).help(help).done();
        }
    };
    one(&LAYER_DUPLICATE_PATH, &layer.duplicate, "the layer holds twice", "write each path once");
    one(&LAYER_SPARSE_FILE, &layer.sparse, "the layer holds the sparse file", "write the file in full");
    one(&LAYER_WHITEOUT_NAME, &layer.nameless, "the layer holds the whiteout without a name", "remove the entry");
    one(&LAYER_WHITEOUT_ORDER, &layer.late, "behind its siblings stands the whiteout", "write whiteouts first");
    one(&LAYER_EXPLICIT_WHITEOUT, &layer.opaque, "the layer holds the opaque whiteout", "name what is removed");
}

/// The `DiffIDs` that the config of a manifest lists.
fn diff_ids(job: &Job<'_, '_>, root: Json<'_>) -> Vec<String> {
    let config = root.get("config").filter(|config| {
        config
            .get_str("mediaType")
            .is_some_and(|it| [known::OCI_IMAGE_CONFIG, known::DOCKER_IMAGE_CONFIG].contains(&it))
    });
    let blob =
        config.and_then(|config| job.layout.blob(config.get_str("digest")?)).and_then(|blob| blob.bytes.as_deref());
    blob.map(listed).unwrap_or_default()
}

/// The `DiffIDs` in the bytes of a config.
pub(super) fn listed(config: &[u8]) -> Vec<String> {
    let mut memory = Memory::default();
    let text = std::str::from_utf8(config).unwrap_or_default();
    let Ok(tape) = Tape::read(text, &mut memory) else { return Vec::new() };
    let ids = tape.root().get("rootfs").and_then(|rootfs| rootfs.get("diff_ids"));
    ids.into_iter().flat_map(Json::elements).map(|id| id.as_str().unwrap_or_default().to_owned()).collect()
}

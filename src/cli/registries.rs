//! Options of commands that ask registries, and references as inputs.

use std::path::PathBuf;
use std::time::Duration;

use super::Failure;
use crate::identify::{Context, Descriptor, Facts};
use crate::registry::{self, At, Cache, Client, Fetched, MAX_BLOB, Options, Repository, TokenServer};
use crate::source::tape::{Json, Memory, Tape};

/// Options of commands that ask registries.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Registries")]
pub(super) struct RegistryArgs {
    /// Ask registries on this machine without encryption
    #[arg(long)]
    plain_http: bool,
    /// Longest time of a request
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Also let this server give tokens for a registry; otherwise the registry itself and public servers may
    #[arg(long, value_name = "REGISTRY=URL", value_parser = token_server)]
    token_server: Vec<TokenServer>,
}

impl RegistryArgs {
    /// A client with these options.
    pub(super) fn client(&self) -> Client {
        Client::new(Options {
            plain_http: self.plain_http,
            timeout: Duration::from_secs(self.timeout),
            token_servers: self.token_server.clone(),
        })
    }
}

/// Options of commands that keep what they read of registries.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Registries")]
pub(super) struct CacheArgs {
    /// Keep documents in this folder [default: oat in the user's cache folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Keep nothing, and use nothing that was kept
    #[arg(long, conflicts_with = "cache")]
    no_cache: bool,
}

impl CacheArgs {
    /// The cache, when there is to be one.
    pub(super) fn cache(&self) -> Option<Cache> {
        if self.no_cache {
            return None;
        }
        let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || {
            let user = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
            Some(user.join("oat"))
        };
        self.cache.clone().or_else(usual).map(Cache::new)
    }
}

impl From<registry::Failure> for Failure {
    fn from(failure: registry::Failure) -> Self {
        Self::new(failure.to_string())
    }
}

fn token_server(text: &str) -> Result<TokenServer, String> {
    let (registry, url) =
        text.split_once('=').ok_or("write REGISTRY=URL, as in registry.example.com=https://auth.example.com")?;
    if registry.is_empty() || !url.starts_with("https://") && !url.starts_with("http://") {
        return Err("write REGISTRY=URL, as in registry.example.com=https://auth.example.com".to_owned());
    }
    Ok(TokenServer { registry: registry.to_owned(), url: url.to_owned() })
}

/// A document of a registry, with what the reference tells about it.
#[derive(Debug)]
pub(super) struct Remote {
    /// The reference, as the user knows it.
    pub(super) reference: String,
    /// The document as it came.
    pub(super) fetched: Fetched,
    /// The tag that led to it.
    pub(super) tag: Option<String>,
    /// The descriptor that the index under the tag holds for it.
    pub(super) parent: Option<String>,
    /// Its config blob, when that was asked for.
    pub(super) config: Option<Vec<u8>>,
    /// What it lists, when that was asked for.
    pub(super) children: Vec<String>,
}

impl Remote {
    /// Calls `with` with the text of the document and its context. What is no text has no content for it.
    pub(super) fn with_context<R>(&self, with: impl FnOnce(&str, &Context<'_>) -> R) -> R {
        let config = self.config.as_ref().and_then(|config| serde_json::from_slice(config).ok());
        let parent = self.parent.as_ref().and_then(|parent| Descriptor::read(parent).ok());
        let children: Vec<Facts<'_>> = self.children.iter().filter_map(|child| Facts::read(child).ok()).collect();
        let context = Context {
            tag: self.tag.as_deref(),
            config: config.as_ref(),
            parent: parent.as_ref(),
            children: &children,
            hopeful: false,
        };
        with(std::str::from_utf8(&self.fetched.bytes).unwrap_or_default(), &context)
    }
}

/// What is read of a reference besides its document.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
#[command(next_help_heading = "Registries")]
pub(super) struct DeepArgs {
    /// Of references, also read the config blob, by which some types are told apart
    #[arg(long)]
    pub(super) with_config: bool,
    /// Of references, also read what an index lists, by which some types are told apart
    #[arg(long)]
    pub(super) with_children: bool,
}

/// Most children that are read.
const MAX_CHILDREN: usize = 200;

/// Reads what a reference leads to.
pub(super) fn read(client: &Client, text: &str, deep: DeepArgs) -> Result<Remote, Failure> {
    let (repository, at) = Repository::parse(text)?;
    let at = at.ok_or_else(|| {
        Failure::new(format!(
            "{}: name a tag or a digest; `oat list {}` lists what there is",
            repository.written(),
            repository.written()
        ))
    })?;
    let fetched = client.manifest(&repository, &at)?;
    let tag = at.tag().map(str::to_owned);
    let parent = match &at {
        At::Digest(digest, Some(tag)) => parent(client, &repository, tag, digest)?,
        _ => None,
    };
    let mut remote =
        Remote { reference: repository.reference(&at), fetched, tag, parent, config: None, children: Vec::new() };
    let mut memory = Memory::default();
    let text = std::str::from_utf8(&remote.fetched.bytes).unwrap_or_default();
    let Ok(tape) = Tape::read(text, &mut memory) else { return Ok(remote) };
    if deep.with_config
        && let Some(digest) = tape.root().get("config").and_then(|config| config.get_str("digest"))
    {
        remote.config = Some(client.blob(&repository, digest, MAX_BLOB)?);
    }
    if deep.with_children {
        let listed: Vec<String> =
            elements(tape.root()).filter_map(|child| child.get_str("digest")).map(str::to_owned).collect();
        if listed.len() > MAX_CHILDREN {
            return Err(Failure::new(format!("{}: it lists more than {MAX_CHILDREN} documents", remote.reference)));
        }
        for digest in listed {
            let at = At::Digest(digest, None);
            remote.children.push(client.manifest(&repository, &at)?.text(&repository.reference(&at))?.to_owned());
        }
    }
    Ok(remote)
}

fn elements(root: Json<'_>) -> impl Iterator<Item = Json<'_>> {
    root.get("manifests").into_iter().flat_map(Json::elements)
}

/// The descriptor by which the index under a tag lists a digest.
fn parent(client: &Client, repository: &Repository, tag: &str, digest: &str) -> Result<Option<String>, Failure> {
    let index = client.manifest(repository, &At::Tag(tag.to_owned()))?;
    if index.digest == digest {
        return Ok(None);
    }
    let mut memory = Memory::default();
    let text = std::str::from_utf8(&index.bytes).unwrap_or_default();
    let Ok(tape) = Tape::read(text, &mut memory) else { return Ok(None) };
    Ok(elements(tape.root())
        .find(|child| child.get_str("digest") == Some(digest))
        .map(|child| child.written().to_owned()))
}

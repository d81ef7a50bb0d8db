//! Finds what a repository holds: each tag with what it leads to, what that lists, and what is attached to it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use super::{Found, Relation};
use crate::oci::digest::is_digest;
use crate::oci::reference::Reference;
use crate::registry::{At, Cache, Client, Failure, Kind, MAX_BLOB, Referrers, Repository};
use crate::source::tape::{Json, Memory, Tape};

/// Most documents that are read because they belong to one artifact.
pub const MAX_BELOW: usize = 200;
/// After how many tags of a repository is noted what they lead to.
const NOTED: usize = 256;
/// How deep what is attached to what is attached is followed.
const MAX_DEPTH: usize = 3;

/// What is read of an artifact besides its document.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    /// Config blobs, which some types can only be told by.
    pub config: bool,
    /// All that an index lists, not only attestations.
    pub children: bool,
    /// Signatures, SBOMs, attestations and whatever else is attached.
    pub attached: bool,
}

/// Reads repositories.
#[derive(Debug)]
pub struct Crawler<'c> {
    client: &'c Client,
    cache: Option<&'c Cache>,
    want: Want,
    /// Registries of which it is known whether they have the referrers API.
    api: Mutex<BTreeMap<String, bool>>,
}

/// The tags of a repository.
#[derive(Debug)]
pub struct Tags {
    /// The repository.
    pub repository: Repository,
    /// Tags that people gave, sorted.
    pub named: Vec<String>,
    /// Tags made of a digest, by that digest: what is attached to something.
    of_digests: BTreeMap<String, Vec<String>>,
    /// What the tags led to when they were last looked at.
    before: BTreeMap<String, String>,
    /// What they lead to now.
    now: Mutex<BTreeMap<String, String>>,
    /// Tags made of a digest that were shown with what they belong to.
    shown: Mutex<BTreeSet<String>>,
    /// What was read because it belongs to something, by tag or digest: several tags may lead to one artifact.
    read: Mutex<BTreeMap<String, Document>>,
}

impl Tags {
    /// Tags of a repository.
    #[must_use]
    pub fn new(repository: Repository, tags: Vec<String>, cache: Option<&Cache>) -> Self {
        let mut named = Vec::new();
        let mut of_digests: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for tag in tags {
            match digest_of_tag(&tag) {
                Some((digest, _)) => of_digests.entry(digest).or_default().push(tag),
                None => named.push(tag),
            }
        }
        let before = cache.map(|cache| cache.tags(&repository)).unwrap_or_default();
        Self {
            repository,
            named,
            of_digests,
            before,
            now: Mutex::default(),
            shown: Mutex::default(),
            read: Mutex::default(),
        }
    }

    /// Tags made of a digest that belong to nothing that was shown.
    #[must_use]
    pub fn left(&self) -> Vec<String> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        self.of_digests.values().flatten().filter(|tag| !shown.contains(*tag)).cloned().collect()
    }
}

/// The digest of which a tag is made, and what follows it: `sha256-HEX`, or `sha256-HEX.sig` and the like.
fn digest_of_tag(tag: &str) -> Option<(String, &str)> {
    let (algorithm, rest) = tag.split_once('-')?;
    let (encoded, suffix) = rest.split_once('.').unwrap_or((rest, ""));
    let digest = format!("{algorithm}:{encoded}");
    (matches!(algorithm, "sha256" | "sha512") && is_digest(&digest)).then_some((digest, suffix))
}

/// A document that was read.
#[derive(Debug, Clone)]
struct Document {
    digest: String,
    text: String,
}

/// The artifact that is being read.
struct Artifact<'t> {
    tags: &'t Tags,
    found: Vec<Found<'static>>,
}

impl<'c> Crawler<'c> {
    /// A crawler that has read nothing yet.
    #[must_use]
    pub const fn new(client: &'c Client, cache: Option<&'c Cache>, want: Want) -> Self {
        Self { client, cache, want, api: Mutex::new(BTreeMap::new()) }
    }

    /// The tags of a repository.
    ///
    /// # Errors
    ///
    /// When the registry does not list them.
    pub fn tags(&self, repository: Repository) -> Result<Tags, Failure> {
        let tags = self.client.tags(&repository)?;
        Ok(Tags::new(repository, tags, self.cache))
    }

    /// What a tag or digest leads to, with what belongs to it below it. What can not be had is found with the reason.
    #[must_use]
    pub fn artifact(&self, tags: &Tags, at: &At) -> Vec<Found<'static>> {
        let mut artifact = Artifact { tags, found: Vec::new() };
        self.enter(&mut artifact, at, None, 0);
        artifact.found
    }

    /// Notes what the tags of a repository led to, for the next time, and forgets what was read of it.
    pub fn note(&self, tags: &Tags) {
        tags.read.lock().unwrap_or_else(PoisonError::into_inner).clear();
        if let Some(cache) = self.cache {
            let now = tags.now.lock().unwrap_or_else(PoisonError::into_inner);
            if *now != tags.before {
                cache.note(&tags.repository, &now);
            }
        }
    }

    /// Reads a document and what belongs to it.
    fn enter(&self, artifact: &mut Artifact<'_>, at: &At, under: Option<(usize, Relation)>, depth: usize) {
        let position = artifact.found.len();
        let reference = artifact.tags.repository.reference(at);
        let mut found = Found {
            reference,
            digest: String::new(),
            document: Ok(Cow::Borrowed("")),
            config: None,
            under,
            incomplete: None,
        };
        if let At::Digest(digest, _) = at {
            found.digest.clone_from(digest);
        }
        let read = if found.under.is_some() { Self::belonging } else { Self::document };
        let document = match read(self, artifact.tags, at) {
            Ok(document) => document,
            Err(failure) => {
                found.document = Err(failure.to_string());
                artifact.found.push(found);
                return;
            }
        };
        found.digest.clone_from(&document.digest);
        let mut memory = Memory::default();
        let tape = Tape::read(&document.text, &mut memory).ok();
        let root = tape.as_ref().map(|tape| tape.root());
        if self.want.config
            && let Some(config) = root.and_then(|root| root.get("config"))
        {
            match self.config(artifact.tags, config) {
                Ok(config) => found.config = config.map(Cow::Owned),
                Err(failure) => found.incomplete = Some(failure.to_string()),
            }
        }
        let listed: Vec<(String, String, bool)> = root
            .and_then(|root| root.get("manifests"))
            .into_iter()
            .flat_map(Json::elements)
            .filter_map(|child| {
                let digest = child.get_str("digest").filter(|digest| is_digest(digest))?;
                Some((digest.to_owned(), child.written().to_owned(), is_image(child)))
            })
            .collect();
        let subject = document.digest;
        found.document = Ok(Cow::Owned(document.text));
        artifact.found.push(found);
        for (digest, descriptor, is_image) in &listed {
            if self.want.children || self.want.attached && !is_image {
                self.below(
                    artifact,
                    position,
                    &At::Digest(digest.clone(), None),
                    Relation::Child(descriptor.clone()),
                    depth,
                );
            }
        }
        if self.want.attached && depth < MAX_DEPTH {
            self.attached(artifact, position, &subject, depth);
            // What is attached to a child that was not read itself stands below the index.
            for (digest, _, is_image) in &listed {
                if *is_image && !self.want.children {
                    self.tagged(artifact, position, digest, depth);
                }
            }
        }
    }

    /// Reads what belongs to an artifact, unless there is too much of it.
    fn below(&self, artifact: &mut Artifact<'_>, above: usize, at: &At, relation: Relation, depth: usize) {
        if artifact.found.len() > MAX_BELOW {
            artifact.found[0].incomplete =
                Some(format!("more than {MAX_BELOW} documents belong to it; the others are left out"));
            return;
        }
        self.enter(artifact, at, Some((above, relation)), depth + 1);
    }

    /// Reads what is attached to a digest.
    fn attached(&self, artifact: &mut Artifact<'_>, above: usize, subject: &str, depth: usize) {
        match self.referrers(&artifact.tags.repository, subject) {
            Ok(Some(listed)) => {
                let fallback = subject.replacen(':', "-", 1);
                artifact.tags.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(fallback);
                for digest in listed {
                    self.below(artifact, above, &At::Digest(digest, None), Relation::Subject, depth);
                }
            }
            Ok(None) => {}
            Err(failure) => artifact.found[above].incomplete = Some(failure.to_string()),
        }
        self.tagged(artifact, above, subject, depth);
    }

    /// Reads what stands under tags made of a digest.
    fn tagged(&self, artifact: &mut Artifact<'_>, above: usize, subject: &str, depth: usize) {
        let tags = artifact.tags;
        for tag in tags.of_digests.get(subject).into_iter().flatten() {
            tags.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(tag.clone());
            let at = At::Tag(tag.clone());
            if digest_of_tag(tag).is_some_and(|(_, suffix)| suffix.is_empty()) {
                // The list that clients keep where there is no API.
                match self.belonging(tags, &at) {
                    Ok(list) => {
                        for digest in digests_of_index(&list.text) {
                            self.below(artifact, above, &At::Digest(digest, None), Relation::Subject, depth);
                        }
                    }
                    Err(failure) => artifact.found[above].incomplete = Some(failure.to_string()),
                }
            } else {
                self.below(artifact, above, &at, Relation::Tag, depth);
            }
        }
    }

    /// Digests of what names a digest as its subject, where the registry has the API.
    fn referrers(&self, repository: &Repository, subject: &str) -> Result<Option<Vec<String>>, Failure> {
        let known = self.api.lock().unwrap_or_else(PoisonError::into_inner).get(&repository.registry).copied();
        if known == Some(false) {
            return Ok(None);
        }
        let answer = self.client.referrers(repository, subject)?;
        let has = matches!(answer, Referrers::Listed(_));
        self.api.lock().unwrap_or_else(PoisonError::into_inner).entry(repository.registry.clone()).or_insert(has);
        let Referrers::Listed(listed) = answer else { return Ok(None) };
        let digest = |value: &serde_json::Value| {
            value.get("digest")?.as_str().filter(|digest| is_digest(digest)).map(str::to_owned)
        };
        let mut seen = BTreeSet::new();
        Ok(Some(listed.iter().filter_map(digest).filter(|digest| seen.insert(digest.clone())).collect()))
    }

    /// A document, from the cache when it has what the registry would send.
    fn document(&self, tags: &Tags, at: &At) -> Result<Document, Failure> {
        let repository = &tags.repository;
        let tag = match at {
            At::Digest(digest, _) => return self.by_digest(repository, at, digest),
            At::Tag(tag) => tag,
        };
        let reference = repository.reference(at);
        if Reference::split(&reference).tag_wrong().is_some() {
            let message = "the registry lists a tag that the specification does not allow";
            return Err(Failure::new(Kind::Answer, message));
        }
        let held = tags.before.get(tag).filter(|held| self.cache.is_some_and(|cache| cache.get(held).is_some()));
        let asked = if held.is_some() { self.client.digest(repository, tag)? } else { None };
        let document = match asked {
            Some(digest) => self.by_digest(repository, &At::Digest(digest.clone(), None), &digest)?,
            None => self.fetch(repository, at)?,
        };
        if let Some(cache) = self.cache {
            let mut now = tags.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.insert(tag.clone(), document.digest.clone());
            // Also what is interrupted in the midst of a large repository is not in vain.
            if now.len().is_multiple_of(NOTED) {
                let mut all = tags.before.clone();
                all.extend(now.iter().map(|(tag, digest)| (tag.clone(), digest.clone())));
                cache.note(repository, &all);
            }
        }
        Ok(document)
    }

    /// A document that belongs to something.
    fn belonging(&self, tags: &Tags, at: &At) -> Result<Document, Failure> {
        let (At::Tag(key) | At::Digest(key, _)) = at;
        let read = || tags.read.lock().unwrap_or_else(PoisonError::into_inner);
        let known = read().get(key).cloned();
        if let Some(document) = known {
            return Ok(document);
        }
        let document = self.document(tags, at)?;
        read().insert(key.clone(), document.clone());
        Ok(document)
    }

    fn by_digest(&self, repository: &Repository, at: &At, digest: &str) -> Result<Document, Failure> {
        let kept = self.cache.and_then(|cache| String::from_utf8(cache.get(digest)?).ok());
        match kept {
            Some(text) => Ok(Document { digest: digest.to_owned(), text }),
            None => self.fetch(repository, at),
        }
    }

    fn fetch(&self, repository: &Repository, at: &At) -> Result<Document, Failure> {
        let fetched = self.client.manifest(repository, at)?;
        let digest = fetched.digest.clone();
        let text = fetched.text(&repository.reference(at))?.to_owned();
        if let Some(cache) = self.cache {
            cache.put(&digest, text.as_bytes());
        }
        Ok(Document { digest, text })
    }

    /// The config blob that a descriptor names, when it is JSON and not too large.
    fn config(&self, tags: &Tags, descriptor: Json<'_>) -> Result<Option<String>, Failure> {
        let media_type = descriptor.get_str("mediaType").unwrap_or_default();
        let Some(digest) = descriptor.get_str("digest").filter(|digest| is_digest(digest)) else { return Ok(None) };
        if !media_type.contains("json") {
            return Ok(None);
        }
        if let Some(kept) = self.cache.and_then(|cache| String::from_utf8(cache.get(digest)?).ok()) {
            return Ok(Some(kept));
        }
        let bytes = self.client.blob(&tags.repository, digest, MAX_BLOB)?;
        if let Some(cache) = self.cache {
            cache.put(digest, &bytes);
        }
        Ok(String::from_utf8(bytes).ok())
    }
}

/// Whether what an index lists is an image for a platform, which its descriptor tells; what is not is an attestation
/// or another artifact.
fn is_image(child: Json<'_>) -> bool {
    let platform = child.get("platform");
    let os = platform.and_then(|platform| platform.get_str("os")).unwrap_or_default();
    let artifact = child.get_str("artifactType").is_some_and(|text| !text.is_empty());
    !artifact && !os.is_empty() && os != "unknown"
}

fn digests_of_index(text: &str) -> Vec<String> {
    let mut memory = Memory::default();
    let Ok(tape) = Tape::read(text, &mut memory) else { return Vec::new() };
    let listed = tape.root().get("manifests").into_iter().flat_map(Json::elements);
    listed.filter_map(|child| child.get_str("digest").filter(|digest| is_digest(digest)).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_made_of_digests_are_told_apart() {
        let hex = "0".repeat(64);
        let digest = format!("sha256:{hex}");
        assert_eq!(digest_of_tag(&format!("sha256-{hex}.sig")), Some((digest.clone(), "sig")));
        assert_eq!(digest_of_tag(&format!("sha256-{hex}")), Some((digest, "")));
        for tag in ["1.0", "sha256-abc", "md5-00", &format!("sha256-{hex}-x"), "latest"] {
            assert_eq!(digest_of_tag(tag), None, "{tag}");
        }
    }
}

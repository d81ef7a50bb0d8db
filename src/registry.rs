//! Registries over HTTP, by the [distribution specification](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md):
//! reading manifests, small blobs, tags, repositories and referrers, and pushing an artifact.
//!
//! What a registry sends is bounded in bytes, time and pages, and is compared with its digest before anybody sees it.
//! Credentials stay with the origin that they are for; messages hold none of them.

mod auth;
pub mod cache;
mod credentials;
mod failure;
mod origin;
mod wire;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use ureq::http::Method;

pub use auth::TokenServer;
pub use cache::Cache;
pub use failure::{Failure, Kind};

use crate::oci::digest::Algorithm;
use crate::oci::hash::{digest, sha256};
use crate::oci::media_type::normalise;
use crate::oci::reference::Reference;
use crate::oci::url::resolve;
use crate::source::text::clip;
use auth::{Auth, Scope};
use origin::Origin;
use wire::{Answer, Request, Wire};

/// Most bytes of a manifest or index.
pub const MAX_MANIFEST: usize = 8 << 20;
/// Most bytes of a blob that is read: configs and what `oat` itself publishes.
pub const MAX_BLOB: usize = 16 << 20;
/// Most bytes of a page of a list.
const MAX_PAGE: usize = 8 << 20;
/// Most pages of a list.
const MAX_PAGES: usize = 100;
/// How many names are asked for at a time.
const PAGE: usize = 1000;
/// Most redirects of a blob.
const MAX_REDIRECTS: usize = 5;

/// The media types of documents that are asked for, all that are known.
const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
                         application/vnd.docker.distribution.manifest.v2+json, \
                         application/vnd.docker.distribution.manifest.list.v2+json, \
                         application/vnd.oci.artifact.manifest.v1+json, \
                         application/vnd.cncf.oras.artifact.manifest.v1+json, \
                         application/vnd.docker.distribution.manifest.v1+prettyjws, \
                         application/vnd.docker.distribution.manifest.v1+json, */*;q=0.1";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// How registries are asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Ask without encryption, which only registries on this machine are asked.
    pub plain_http: bool,
    /// Longest time of a request.
    pub timeout: Duration,
    /// Token servers that the user allows besides the registry itself and public ones.
    pub token_servers: Vec<TokenServer>,
}

/// A repository in a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository {
    /// The registry as references name it: a host, with a port or not.
    pub registry: String,
    /// Its name in the registry.
    pub name: String,
}

/// A place in a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A tag.
    Tag(String),
    /// A digest, with the tag that was named too.
    Digest(String, Option<String>),
}

/// A document of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: String,
    /// The content type with which it was served.
    pub content_type: Option<String>,
}

/// What a registry knows of documents whose `subject` is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrers {
    /// It has the referrers API: the descriptors, as JSON values.
    Listed(Vec<serde_json::Value>),
    /// It has not; clients keep a list under a tag made of the digest.
    NoApi,
}

impl Fetched {
    /// The text of the document, when it was served as what it is; `what` is how messages call it.
    ///
    /// # Errors
    ///
    /// When it came without a content type or with that of something else, or is no text.
    pub fn text(&self, what: &str) -> Result<&str, Failure> {
        #[derive(Deserialize)]
        struct Own<'a> {
            #[serde(rename = "mediaType", borrow)]
            media_type: Option<Cow<'a, str>>,
        }
        let wrong = |why: String| Failure::new(Kind::Answer, format!("{what}: {why}"));
        let served = self.content_type.as_deref().map(|served| normalise(served.into()));
        let Some(served) = served.filter(|served| !served.is_empty()) else {
            return Err(wrong("the registry sends it without a content type".to_owned()));
        };
        if !served.contains("json") && !served.ends_with("prettyjws") {
            return Err(wrong(format!("the registry sends it as {}, which no manifest is", clip(&served, 100))));
        }
        let text = std::str::from_utf8(&self.bytes).map_err(|_| wrong("it is no UTF-8 text".to_owned()))?;
        // A document that is served as one thing and says that it is another means different things to different
        // clients: image-spec, descriptor.md asks that they agree.
        let own = serde_json::from_str::<Own<'_>>(text).ok().and_then(|own| own.media_type);
        let differs = own.is_some_and(|own| normalise(own) != served);
        if differs && served.starts_with("application/vnd.") {
            return Err(wrong(format!("the registry sends it as {}, but it says something else", clip(&served, 100))));
        }
        Ok(text)
    }
}

impl Repository {
    /// Reads `[oci://]REGISTRY/REPOSITORY`, with `:TAG` or `@DIGEST` or neither.
    ///
    /// # Errors
    ///
    /// When the text is no such reference.
    pub fn parse(text: &str) -> Result<(Self, Option<At>), Failure> {
        let bare = text.strip_prefix("oci://").or_else(|| text.strip_prefix("docker://")).unwrap_or(text);
        let reference = Reference::split(bare);
        let usage = |why: &str| Failure::new(Kind::Usage, format!("{text}: {why}"));
        if reference.scheme.is_some() {
            return Err(usage("a reference has no scheme but `oci://`: write REGISTRY/REPOSITORY:TAG"));
        }
        if bare.split('/').next().is_some_and(|first| first.contains('@')) && reference.domain.is_none() {
            return Err(Failure::new(
                Kind::Usage,
                "a reference holds no user and no password: log in with any client, whose credentials are used",
            ));
        }
        let Some(domain) = reference.domain else {
            return Err(usage(
                "a reference names its registry: write REGISTRY/REPOSITORY:TAG, as in docker.io/library/alpine:3",
            ));
        };
        let wrong = [
            (reference.domain_wrong(), "the registry is no host, with a port or not"),
            (
                reference.path_wrong(),
                "the repository breaks the grammar: small letters, digits, and `.`, `_` or `-` between",
            ),
            (reference.tag_wrong(), "the tag breaks the grammar: at most 128 letters, digits, `_`, `.` and `-`"),
            (reference.digest_wrong(), "the digest is none: an algorithm, a colon, and digits"),
        ];
        if let Some((_, why)) = wrong.iter().find(|(wrong, _)| wrong.is_some()) {
            return Err(usage(why));
        }
        let tag = reference.tag.map(|tag| tag.text.to_owned());
        let at = match (reference.digest, tag) {
            (Some(digest), tag) => {
                if Algorithm::of_digest(digest.text).is_none() {
                    return Err(usage("the digest is none that can be compared: sha256 and sha512 can"));
                }
                Some(At::Digest(digest.text.to_owned(), tag))
            }
            (None, Some(tag)) => Some(At::Tag(tag)),
            (None, None) => None,
        };
        Ok((Self { registry: domain.text.to_owned(), name: reference.path.text.to_owned() }, at))
    }

    /// Whether a text that is no path is meant as a reference.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("oci://")
            || text.starts_with("docker://")
            || Reference::split(text).domain.is_some() && Self::parse(text).is_ok_and(|(_, at)| at.is_some())
    }

    /// Registry, slash and repository.
    #[must_use]
    pub fn written(&self) -> String {
        format!("{}/{}", self.registry, self.name)
    }

    /// The whole reference to a place in it.
    #[must_use]
    pub fn reference(&self, at: &At) -> String {
        match at {
            At::Tag(tag) => format!("{}:{tag}", self.written()),
            At::Digest(digest, Some(tag)) => format!("{}:{tag}@{digest}", self.written()),
            At::Digest(digest, None) => format!("{}@{digest}", self.written()),
        }
    }

    fn scope(&self, actions: &str) -> Scope {
        Scope {
            registry: self.registry.clone(),
            repository: self.name.clone(),
            text: format!("repository:{}:{actions}", self.name),
        }
    }
}

impl At {
    /// What stands for it in an address.
    fn written(&self) -> &str {
        match self {
            Self::Tag(text) | Self::Digest(text, _) => text,
        }
    }

    /// The tag, when one was named.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        match self {
            Self::Tag(tag) | Self::Digest(_, Some(tag)) => Some(tag),
            Self::Digest(_, None) => None,
        }
    }
}

/// Asks registries.
#[derive(Debug)]
pub struct Client {
    plain_http: bool,
    wire: Wire,
    auth: Auth,
}

impl Client {
    /// A client that has asked nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let Options { plain_http, timeout, token_servers } = options;
        Self { plain_http, wire: Wire::new(timeout), auth: Auth::new(token_servers) }
    }

    /// The manifest or index at a place, its bytes compared with the digest by which it was asked for or announced.
    ///
    /// # Errors
    ///
    /// When the registry does not give it, or gives something else.
    pub fn manifest(&self, repository: &Repository, at: &At) -> Result<Fetched, Failure> {
        let what = repository.reference(at);
        let request = Request { accept: Some(MANIFESTS), ..Request::get(&what, String::new(), MAX_MANIFEST) };
        let path = format!("manifests/{}", at.written());
        let answer = self.success(repository, &path, "pull", request)?;
        let wanted = match at {
            At::Digest(digest, _) => Some(digest.as_str()),
            At::Tag(_) => None,
        };
        let content_type = answer.header("content-type").map(str::to_owned);
        let digest = proved(&what, &answer, wanted)?;
        Ok(Fetched { bytes: answer.body, digest, content_type })
    }

    /// The digest of what a tag leads to, when the registry tells it without the content.
    ///
    /// # Errors
    ///
    /// When the registry does not answer the question.
    pub fn digest(&self, repository: &Repository, tag: &str) -> Result<Option<String>, Failure> {
        let what = repository.reference(&At::Tag(tag.to_owned()));
        let mut request = Request { accept: Some(MANIFESTS), ..Request::get(&what, String::new(), 0) };
        request.method = Method::HEAD;
        let answer = self.success(repository, &format!("manifests/{tag}"), "pull", request)?;
        let told = answer.header("docker-content-digest");
        Ok(told.filter(|told| Algorithm::of_digest(told).is_some()).map(str::to_owned))
    }

    /// A blob of at most `limit` bytes, compared with its digest. The registry may lead to where it keeps blobs: there
    /// it is fetched without credentials, over https, from a public address.
    ///
    /// # Errors
    ///
    /// When the registry does not give it, or gives something else.
    pub fn blob(&self, repository: &Repository, digest: &str, limit: usize) -> Result<Vec<u8>, Failure> {
        let what = format!("{}: blob {digest}", repository.written());
        let origin = Origin::of_registry(&repository.registry, self.plain_http)?;
        let request = Request::get(&what, String::new(), limit.min(MAX_BLOB));
        let mut url = address(&origin, repository, &format!("blobs/{digest}"));
        let mut answer =
            self.ask(&origin, &repository.scope("pull"), Request { url: url.clone(), ..request.clone() })?;
        for _ in 0..MAX_REDIRECTS {
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                break;
            }
            let next = answer.header("location").and_then(|next| resolve(&url, next));
            let lost = || Failure::new(Kind::Redirect, format!("{what}: the registry leads to no address"));
            url = next.ok_or_else(lost)?;
            let there = Origin::of_url(&url).ok_or_else(lost)?;
            let follow = Request { url: url.clone(), elsewhere: there != origin, ..request.clone() };
            answer = if there == origin {
                self.ask(&origin, &repository.scope("pull"), follow)?
            } else {
                self.wire.send(&follow)?
            };
        }
        let answer = accepted(&what, answer)?;
        proved(&what, &answer, Some(digest))?;
        Ok(answer.body)
    }

    /// All tags of a repository, sorted. A registry may list what is no tag; it is returned as it is.
    ///
    /// # Errors
    ///
    /// When the registry does not list them, or does not come to an end.
    pub fn tags(&self, repository: &Repository) -> Result<Vec<String>, Failure> {
        #[derive(Deserialize)]
        struct Page {
            tags: Option<Vec<String>>,
        }
        let origin = Origin::of_registry(&repository.registry, self.plain_http)?;
        let first = address(&origin, repository, &format!("tags/list?n={PAGE}"));
        let what = format!("{}: tags", repository.written());
        self.names(&origin, &repository.scope("pull"), &what, first, |page: Page| page.tags.unwrap_or_default())
    }

    /// All repositories of a registry, sorted, where it lists them.
    ///
    /// # Errors
    ///
    /// When the registry does not list them, or does not come to an end.
    pub fn repositories(&self, registry: &str) -> Result<Vec<String>, Failure> {
        #[derive(Deserialize)]
        struct Page {
            repositories: Option<Vec<String>>,
        }
        let origin = Origin::of_registry(registry, self.plain_http)?;
        let first = format!("{}/v2/_catalog?n={PAGE}", origin.written());
        let scope =
            Scope { registry: registry.to_owned(), repository: String::new(), text: "registry:catalog:*".to_owned() };
        let what = format!("{registry}: repositories");
        self.names(&origin, &scope, &what, first, |page: Page| page.repositories.unwrap_or_default())
    }

    /// The documents whose `subject` has a digest, when the registry has the
    /// [referrers API](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers).
    ///
    /// # Errors
    ///
    /// When the registry does not list them, or does not come to an end.
    pub fn referrers(&self, repository: &Repository, digest: &str) -> Result<Referrers, Failure> {
        #[derive(Deserialize)]
        struct Page {
            manifests: Vec<serde_json::Value>,
        }
        let origin = Origin::of_registry(&repository.registry, self.plain_http)?;
        let first = address(&origin, repository, &format!("referrers/{digest}"));
        let what = format!("{}@{digest}: referrers", repository.written());
        let mut listed = Vec::new();
        let outcome = self.pages(&origin, &repository.scope("pull"), &what, first, |page: Page| {
            listed.extend(page.manifests);
        });
        match outcome {
            // 404 is what the specification asks of registries that do not have it; some answer otherwise.
            Err(failure) if matches!(failure.kind, Kind::Status(400 | 404 | 405 | 501)) => Ok(Referrers::NoApi),
            outcome => outcome.map(|()| Referrers::Listed(listed)),
        }
    }

    /// Stores a blob, unless the registry has it.
    ///
    /// # Errors
    ///
    /// When the registry does not take it.
    pub fn push_blob(&self, repository: &Repository, bytes: &[u8]) -> Result<String, Failure> {
        let digest = sha256(bytes);
        let what = format!("{}: blob {digest}", repository.written());
        let origin = Origin::of_registry(&repository.registry, self.plain_http)?;
        let scope = repository.scope("pull,push");
        let mut head = Request::get(&what, address(&origin, repository, &format!("blobs/{digest}")), 0);
        head.method = Method::HEAD;
        if self.ask(&origin, &scope, head)?.status == 200 {
            return Ok(digest);
        }
        let mut begin = Request::get(&what, address(&origin, repository, "blobs/uploads/"), MAX_PAGE);
        let from = begin.url.clone();
        begin.method = Method::POST;
        let begun = accepted(&what, self.ask(&origin, &scope, begin)?)?;
        let to = begun.header("location").and_then(|to| resolve(&from, to));
        let to = to.filter(|_| begun.status == 202).ok_or_else(|| {
            Failure::new(Kind::Answer, format!("{what}: the registry does not say where to upload it"))
        })?;
        let there = Origin::of_url(&to)
            .ok_or_else(|| Failure::new(Kind::Redirect, format!("{what}: the registry leads to no address")))?;
        let separator = if to.contains('?') { '&' } else { '?' };
        let mut put = Request::get(&what, format!("{to}{separator}digest={digest}"), MAX_PAGE);
        put.method = Method::PUT;
        put.body = Some((bytes, "application/octet-stream"));
        put.elsewhere = there != origin;
        let answer = if there == origin { self.ask(&origin, &scope, put)? } else { self.wire.send(&put)? };
        accepted(&what, answer)?;
        Ok(digest)
    }

    /// Stores a manifest under a tag, or under its digest.
    ///
    /// # Errors
    ///
    /// When the registry does not take it.
    pub fn push_manifest(
        &self,
        repository: &Repository,
        at: &At,
        bytes: &[u8],
        media_type: &str,
    ) -> Result<(), Failure> {
        let what = repository.reference(at);
        let mut request = Request::get(&what, String::new(), MAX_PAGE);
        request.method = Method::PUT;
        request.body = Some((bytes, media_type));
        let answer = self.success(repository, &format!("manifests/{}", at.written()), "pull,push", request)?;
        let told = answer.header("docker-content-digest");
        if told.is_some_and(|told| told.starts_with("sha256:") && told != sha256(bytes)) {
            return Err(Failure::new(Kind::Digest, format!("{what}: the registry stored something else")));
        }
        Ok(())
    }

    /// The answer to a request for a path of a repository, when it is a success.
    fn success(
        &self,
        repository: &Repository,
        path: &str,
        actions: &str,
        request: Request<'_>,
    ) -> Result<Answer, Failure> {
        let origin = Origin::of_registry(&repository.registry, self.plain_http)?;
        let what = request.what;
        let url = address(&origin, repository, path);
        accepted(what, self.ask(&origin, &repository.scope(actions), Request { url, ..request })?)
    }

    /// Sends a request to a registry's own origin, with what it demands to know of who asks.
    fn ask(&self, origin: &Origin, scope: &Scope, mut request: Request<'_>) -> Result<Answer, Failure> {
        let held = self.auth.header(origin, scope);
        request.authorization.clone_from(&held);
        let answer = self.wire.send(&request)?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let denied = |why: &str| Failure::new(Kind::Denied, format!("{}: {why}", request.what));
        let Some(header) = self.auth.answer(&self.wire, origin, scope, &answer, held.as_ref())? else {
            let why = if held.is_some() {
                "the registry does not accept the stored credentials; log in again, with any client"
            } else {
                "the registry asks who you are: log in to it with any client, such as `oras login`"
            };
            return Err(denied(why));
        };
        request.authorization = Some(header);
        let answer = self.wire.send(&request)?;
        if answer.status == 401 {
            return Err(denied("the registry does not accept the stored credentials; log in again, with any client"));
        }
        Ok(answer)
    }

    /// Names of all pages of a list, sorted, each once.
    fn names<P: for<'d> Deserialize<'d>>(
        &self,
        origin: &Origin,
        scope: &Scope,
        what: &str,
        first: String,
        of: impl Fn(P) -> Vec<String>,
    ) -> Result<Vec<String>, Failure> {
        let mut names = BTreeSet::new();
        self.pages(origin, scope, what, first, |page: P| names.extend(of(page)))?;
        Ok(names.into_iter().collect())
    }

    /// Reads a list page by page, each of which names the next one
    /// ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).
    fn pages<P: for<'d> Deserialize<'d>>(
        &self,
        origin: &Origin,
        scope: &Scope,
        what: &str,
        first: String,
        mut take: impl FnMut(P),
    ) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        let mut next = Some(first);
        while let Some(url) = next {
            if !seen.insert(url.clone()) {
                return Err(Failure::new(
                    Kind::Limit,
                    format!("{what}: the registry's pages lead back to a former one"),
                ));
            }
            if seen.len() > MAX_PAGES {
                return Err(Failure::new(Kind::Limit, format!("{what}: more than {MAX_PAGES} pages")));
            }
            let request = Request { accept: Some("application/json"), ..Request::get(what, url.clone(), MAX_PAGE) };
            let request =
                if url.contains("/referrers/") { Request { accept: Some(INDEX), ..request } } else { request };
            let answer = accepted(what, self.ask(origin, scope, request)?)?;
            let page = serde_json::from_slice(&answer.body)
                .map_err(|_| Failure::new(Kind::Answer, format!("{what}: the answer is no list of the known form")))?;
            take(page);
            next = answer.header("link").and_then(next_page).map(|link| resolve(&url, link).unwrap_or_default());
            if next.as_ref().is_some_and(|next| Origin::of_url(next).as_ref() != Some(origin)) {
                return Err(Failure::new(Kind::Redirect, format!("{what}: the next page is at another origin")));
            }
        }
        Ok(())
    }
}

/// The address of a path of a repository.
fn address(origin: &Origin, repository: &Repository, path: &str) -> String {
    format!("{}/v2/{}/{path}", origin.written(), repository.name)
}

/// An answer that is a success.
fn accepted(what: &str, answer: Answer) -> Result<Answer, Failure> {
    match answer.status {
        200..=299 => Ok(answer),
        300..=399 => {
            let message = format!("{what}: the registry leads elsewhere, where nothing is fetched from");
            Err(Failure::new(Kind::Redirect, message))
        }
        status => Err(Failure::status(what, status, &answer.body)),
    }
}

/// The digest of an answer's content, which is the one that was asked for, or else the one that was announced.
fn proved(what: &str, answer: &Answer, wanted: Option<&str>) -> Result<String, Failure> {
    let told = answer.header("docker-content-digest").filter(|told| Algorithm::of_digest(told).is_some());
    let expected = wanted.or(told);
    let Some(expected) = expected else { return Ok(sha256(&answer.body)) };
    let algorithm = expected.split(':').next().unwrap_or_default();
    let found = digest(algorithm, &answer.body).unwrap_or_default();
    if found != expected {
        let message = format!("{what}: the content has the digest {found}, not {expected}");
        return Err(Failure::new(Kind::Digest, message));
    }
    if let (Some(told), Some(wanted)) = (told, wanted)
        && told != wanted
        && told.split(':').next() == wanted.split(':').next()
    {
        let message = format!("{what}: the registry announces the digest {told}");
        return Err(Failure::new(Kind::Digest, message));
    }
    Ok(found)
}

/// The target of the link to the next page.
fn next_page(link: &str) -> Option<&str> {
    link.split(',').find_map(|one| {
        let (target, parameters) = one.trim().strip_prefix('<')?.split_once('>')?;
        let next = |parameter: &str| {
            let (name, value) = parameter.split_once('=')?;
            (name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"').eq_ignore_ascii_case("next"))
                .then_some(())
        };
        parameters.split(';').find_map(next).map(|()| target)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_to_registries() {
        let of = |text: &str| Repository::parse(text).map(|(repository, at)| (repository.written(), at));
        let tag = |tag: &str| Some(At::Tag(tag.to_owned()));
        assert_eq!(of("oci://ghcr.io/a/b:1").unwrap(), ("ghcr.io/a/b".to_owned(), tag("1")));
        assert_eq!(of("[::1]:5000/a:1").unwrap(), ("[::1]:5000/a".to_owned(), tag("1")));
        assert_eq!(of("localhost:5000/a").unwrap(), ("localhost:5000/a".to_owned(), None));
        let digest = "sha256:".to_owned() + &"0".repeat(64);
        let (_, at) = of(&format!("ghcr.io/a:1@{digest}")).unwrap();
        assert_eq!(at, Some(At::Digest(digest, Some("1".to_owned()))));
        for wrong in
            ["alpine:3", "ghcr.io/A:1", "https://ghcr.io/a:1", "ghcr.io/a:.", "ghcr.io/a@md5:0", "", "ghcr.io/"]
        {
            assert_eq!(of(wrong).unwrap_err().kind, Kind::Usage, "{wrong}");
        }
        let secret = of("user:password@ghcr.io/a:1").unwrap_err().to_string();
        assert!(!secret.contains("password@") && secret.contains("log in"), "{secret}");
    }

    #[test]
    fn paths_are_not_taken_for_references() {
        for path in ["a/b.json", "./x:y", "types", "../a.b/c", "manifest.json", "C:\\x", "a.b/c"] {
            assert!(!Repository::is_meant(path), "{path}");
        }
        for reference in ["ghcr.io/a:1", "oci://anything", "localhost:5000/a:1"] {
            assert!(Repository::is_meant(reference), "{reference}");
        }
    }

    #[test]
    fn the_next_page_is_found() {
        assert_eq!(next_page(r#"</v2/a/tags/list?last=b&n=2>; rel="next""#), Some("/v2/a/tags/list?last=b&n=2"));
        assert_eq!(next_page("</a>; rel=prev, </b>; x=1; REL=Next"), Some("/b"));
        for none in ["", "<a>", "a; rel=next", "<a; rel=next", "<a>; rel=\"last\""] {
            assert_eq!(next_page(none), None, "{none}");
        }
    }
}

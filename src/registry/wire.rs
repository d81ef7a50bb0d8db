//! Requests and answers: the one place that talks to the network.
//!
//! Whatever a server does, an answer is bounded in bytes and time, no redirect is followed here, and the address that
//! a name resolves to is looked at before anything is sent to it.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::uri::Authority;
use ureq::http::{HeaderMap, Method, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Proxy};

use super::failure::{Failure, Kind};
use super::origin::{Origin, is_public};
use crate::oci::url::{Network, network_of};

/// Most bytes of the head of an answer.
const MAX_HEAD: usize = 64 * 1024;
/// Most bytes of the body of an answer that is no success.
const MAX_ERROR_BODY: usize = 64 * 1024;
/// Longest wait for the next bytes.
const IDLE: Duration = Duration::from_secs(15);
/// How often a request is tried again.
const RETRIES: u32 = 3;
/// Longest wait that a server may ask for before the next try.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(10);
/// The first wait between two tries; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Bytes of the buffers of a connection: manifests are small.
const BUFFER: usize = 16 * 1024;
const USER_AGENT: &str = concat!("oat/", env!("CARGO_PKG_VERSION"));

/// A text that no message ever shows.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Request<'a> {
    /// How messages call it.
    pub(super) what: &'a str,
    pub(super) method: Method,
    pub(super) url: String,
    /// Media types that are understood.
    pub(super) accept: Option<&'a str>,
    /// Value of the header `Authorization`.
    pub(super) authorization: Option<Secret>,
    /// What is sent, and its media type.
    pub(super) body: Option<(&'a [u8], &'a str)>,
    /// Most bytes of the answer.
    pub(super) limit: usize,
    /// Whether a server that the registry names is asked: its address must be public then.
    pub(super) elsewhere: bool,
}

impl<'a> Request<'a> {
    /// A request for an address, with nothing else said.
    pub(super) fn get(what: &'a str, url: String, limit: usize) -> Self {
        let method = Method::GET;
        Self { what, method, url, accept: None, authorization: None, body: None, limit, elsewhere: false }
    }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A header that is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Connections, kept open between requests.
#[derive(Debug)]
pub(super) struct Wire {
    timeout: Duration,
    /// For the registry that the user named, wherever it is.
    registry: OnceLock<Agent>,
    /// For registries on this machine without encryption: no proxy stands between, no certificate is read.
    here: OnceLock<Agent>,
    /// For servers that a registry names.
    elsewhere: OnceLock<Agent>,
}

impl Wire {
    pub(super) const fn new(timeout: Duration) -> Self {
        Self { timeout, registry: OnceLock::new(), here: OnceLock::new(), elsewhere: OnceLock::new() }
    }

    /// Asks, and asks again when the server was busy or did not answer at all.
    pub(super) fn send(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let repeatable = request.method != Method::POST;
        for tried in 0.. {
            let wait = FIRST_WAIT * 2_u32.pow(tried);
            match self.once(request) {
                Ok(answer) if repeatable && tried < RETRIES && matches!(answer.status, 429 | 502 | 503 | 504) => {
                    let asked = answer.header("retry-after").map(|after| after.trim().parse().map(Duration::from_secs));
                    match asked {
                        Some(Ok(after)) if after > MAX_RETRY_AFTER => return Ok(answer),
                        Some(Ok(after)) => thread::sleep(after),
                        _ => thread::sleep(wait),
                    }
                }
                Err(failure) if failure.kind == Kind::Connection && repeatable && tried < RETRIES => {
                    thread::sleep(wait);
                }
                outcome => return outcome,
            }
        }
        Err(Failure::new(Kind::Connection, format!("{}: no answer", request.what)))
    }

    fn once(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let origin = Origin::of_url(&request.url).ok_or_else(|| {
            Failure::new(Kind::Address, format!("{}: an address that can not be asked", request.what))
        })?;
        if request.elsewhere && (!origin.secure || origin.address().is_some_and(|address| !is_public(address))) {
            return Err(refused(request.what));
        }
        let agent = self.agent(&origin, request.elsewhere);
        let mut builder = ureq::http::Request::builder().method(request.method.clone()).uri(&request.url);
        if let Some(accept) = request.accept {
            builder = builder.header(header::ACCEPT, accept);
        }
        if let Some(Secret(value)) = &request.authorization {
            builder = builder.header(header::AUTHORIZATION, value);
        }
        let failed = |error: ureq::Error| failure(request.what, &error);
        let built = |error: ureq::http::Error| failed(error.into());
        let response = match request.body {
            Some((body, media_type)) => {
                agent.run(builder.header(header::CONTENT_TYPE, media_type).body(body).map_err(built)?)
            }
            None if request.method == Method::POST => agent.run(builder.body(&[][..]).map_err(built)?),
            None => agent.run(builder.body(()).map_err(built)?),
        };
        let (parts, mut body) = response.map_err(failed)?.into_parts();
        let success = parts.status.is_success();
        let limit = if success { request.limit } else { MAX_ERROR_BODY };
        let too_large = || {
            let message = format!("{}: the answer has more than {limit} bytes", request.what);
            Failure::new(Kind::Limit, message)
        };
        let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if request.method != Method::HEAD && announced.is_some_and(|length: u64| length > limit as u64) {
            return Err(too_large());
        }
        // One byte more than allowed shows that there is more.
        let read = body.with_config().limit(limit as u64 + 1).read_to_vec();
        let body = match read {
            Ok(body) if body.len() > limit => return Err(too_large()),
            Ok(body) => body,
            Err(ureq::Error::BodyExceedsLimit(_)) => return Err(too_large()),
            Err(_) if !success => Vec::new(),
            Err(error) => return Err(failed(error)),
        };
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    fn agent(&self, origin: &Origin, elsewhere: bool) -> &Agent {
        let timeout = self.timeout;
        if elsewhere {
            self.elsewhere.get_or_init(|| agent(timeout, Reach::Public, Proxy::try_from_env()))
        } else if origin.secure {
            self.registry.get_or_init(|| agent(timeout, Reach::Anywhere, Proxy::try_from_env()))
        } else {
            self.here.get_or_init(|| agent(timeout, Reach::Here, None))
        }
    }
}

fn agent(timeout: Duration, reach: Reach, proxy: Option<Proxy>) -> Agent {
    let proxy_host = proxy.as_ref().map(|proxy| proxy.host().to_owned());
    let mut config = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(MAX_HEAD)
        .timeout_global(Some(timeout))
        .timeout_per_read(Some(IDLE.min(timeout)))
        .timeout_connect(Some(IDLE.min(timeout)))
        .accept_encoding("identity")
        .max_idle_connections_per_host(64)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .user_agent(USER_AGENT)
        .proxy(proxy);
    if reach != Reach::Here {
        config = config.tls_config(TlsConfig::builder().root_certs(roots()).build());
    }
    let resolver = Guard::new(reach, proxy_host);
    Agent::with_parts(config.build(), DefaultConnector::new(), resolver)
}

/// The certificates that this machine trusts, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`; where there are none, such
/// as in an empty container, those that Mozilla trusts.
fn roots() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    RootCerts::Specific(Arc::new(found.iter().map(|one| Certificate::from_der(one).to_owned()).collect()))
}

/// Which addresses may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Anywhere,
    Here,
    Public,
}

/// Looks at every address that a name resolves to, before a connection is made to exactly that address.
#[derive(Debug)]
struct Guard {
    reach: Reach,
    /// A proxy that the user configured may be anywhere.
    proxy_host: Option<String>,
    resolver: DefaultResolver,
    /// What names resolved to and was judged. It holds for the whole run: every request asks, also one on a connection
    /// that is open, and a name that leads elsewhere a moment later is not followed there.
    known: Mutex<HashMap<Authority, ResolvedSocketAddrs>>,
}

impl Guard {
    fn new(reach: Reach, proxy_host: Option<String>) -> Self {
        Self { reach, proxy_host, resolver: DefaultResolver::default(), known: Mutex::default() }
    }
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let name = uri.authority();
        if let Some(found) = name.and_then(|name| known().get(name).cloned()) {
            return Ok(found);
        }
        let found = self.resolver.resolve(uri, config, timeout)?;
        if self.proxy_host.is_some() && uri.host() == self.proxy_host.as_deref() {
            return Ok(found);
        }
        let may = |address| match self.reach {
            Reach::Anywhere => true,
            Reach::Here => network_of(address) == Some(Network::Loopback),
            Reach::Public => is_public(address),
        };
        if !found.iter().all(|address| may(address.ip())) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "address").into());
        }
        if let Some(name) = name {
            known().insert(name.clone(), found.clone());
        }
        Ok(found)
    }
}

fn refused(what: &str) -> Failure {
    let message = format!("{what}: the registry leads to an address that is not public, which is not asked");
    Failure::new(Kind::Address, message)
}

/// What an error of the network means. The library's own words may hold the address that was asked; it is left out.
fn failure(what: &str, error: &ureq::Error) -> Failure {
    let (kind, why) = match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => return refused(what),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            (Kind::Timeout, "no answer in time".into())
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            (Kind::Answer, format!("no secure connection: {error}"))
        }
        ureq::Error::Io(error) => {
            let text = error.to_string();
            (Kind::Connection, text.split(" (os error").next().unwrap_or_default().to_lowercase())
        }
        ureq::Error::Timeout(_) => (Kind::Timeout, "no answer in time; `--timeout` gives it longer".into()),
        ureq::Error::HostNotFound => (Kind::Connection, "there is no host of this name".into()),
        ureq::Error::ConnectionFailed => (Kind::Connection, "no connection".into()),
        ureq::Error::Protocol(error) => (Kind::Answer, format!("this is not HTTP: {error}")),
        ureq::Error::LargeResponseHeader(_, limit) => {
            (Kind::Limit, format!("the head of the answer has more than {limit} bytes"))
        }
        ureq::Error::Rustls(error) => (Kind::Answer, format!("no secure connection: {error}")),
        ureq::Error::Tls(error) => (Kind::Answer, format!("no secure connection: {error}")),
        ureq::Error::ConnectProxyFailed(_) => (Kind::Connection, "the proxy does not let it through".into()),
        _ => (Kind::Connection, "the connection failed".into()),
    };
    Failure::new(kind, format!("{what}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let request = Request {
            authorization: Some(Secret("Basic c2VjcmV0".into())),
            ..Request::get("a", "https://a/".into(), 1)
        };
        let shown = format!("{request:?}");
        assert!(shown.contains("Secret") && !shown.contains("c2Vj"), "{shown}");
    }

    #[test]
    fn names_are_resolved_before_they_are_judged() {
        let resolve = |reach, url: &str| {
            let guard = Guard::new(reach, None);
            guard.resolve(&url.parse().unwrap(), &Config::default(), NextTimeout::default())
        };
        assert!(resolve(Reach::Here, "http://localhost:1/").is_ok());
        assert!(resolve(Reach::Anywhere, "http://10.0.0.1:1/").is_ok());
        for url in ["https://localhost/", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/"] {
            assert!(resolve(Reach::Public, url).is_err(), "{url}");
        }
        assert!(resolve(Reach::Here, "http://10.0.0.1:1/").is_err());
    }
}

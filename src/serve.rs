//! The preview of a site: on loopback, from memory, reloaded on change.
//!
//! Nothing is read from a disk while it serves: what was published is all there is, so that no path can leave it.
//! A request must name this server as its host, so that no page of another origin can reach it by a name that it
//! made point here; only `GET` and `HEAD` are answered.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::header::{self, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, watch};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;

/// Longest wait for the header of a request, and so for the next request of an open connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(20);
/// Most connections at a time; more wait.
const MAX_CONNECTIONS: usize = 256;
/// What every page forbids, for pages and for all else.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Folder of the preview's own files.
const OWN: &str = "/_oat/";
const SCRIPT: &str = include_str!("../site-templates/serve/reload.js");
const STYLE: &str = include_str!("../site-templates/serve/reload.css");
const EMPTY: &str = include_str!("../site-templates/serve/empty.html");
/// What a page gets in its head so that it reloads itself.
const HOOK: &str = "<link rel=\"stylesheet\" href=\"/_oat/reload.css\"><script src=\"/_oat/reload.js\" defer></script>";

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What is served: the newest site that could be built, and what is wrong now.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Path below the root to bytes.
    pub files: Arc<BTreeMap<String, Bytes>>,
    /// Counts the sites that were built; a page that shows an older one reloads.
    pub build: u64,
    /// Findings of the newest try, in the form of `oat lint --format json`; empty when it could be built.
    pub findings: Arc<str>,
}

impl Preview {
    /// The preview of the next build.
    #[must_use]
    pub fn built(&self, files: BTreeMap<String, Vec<u8>>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path, Bytes::from(bytes))).collect();
        Self { files: Arc::new(files), build: self.build + 1, findings: Arc::from("") }
    }

    /// The same site, with what prevents the next.
    #[must_use]
    pub fn failed(&self, findings: String) -> Self {
        Self { findings: findings.into(), ..self.clone() }
    }
}

/// A server that runs in a thread of its own until the program ends.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    preview: watch::Sender<Preview>,
}

impl Server {
    /// Starts a server on loopback: at the port, or at a free one when another program has it.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn start(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).or_else(|error| match error.kind() {
            io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)),
            _ => Err(error),
        })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (preview, receiver) = watch::channel(Preview::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        thread::Builder::new()
            .name("preview".to_owned())
            .spawn(move || runtime.block_on(accept(listener, address.port(), receiver)))?;
        Ok(Self { address, preview })
    }

    /// The port that it has.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What is served now.
    #[must_use]
    pub fn preview(&self) -> Preview {
        self.preview.borrow().clone()
    }

    /// Serves something else from now on; open pages are told.
    pub fn publish(&self, preview: Preview) {
        self.preview.send_replace(preview);
    }
}

async fn accept(listener: tokio::net::TcpListener, port: u16, preview: watch::Receiver<Preview>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // No descriptor is left, say: the next try comes later.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let preview = preview.clone();
        let answer = service_fn(move |request| {
            let answer = answer(&request, port, &preview);
            async move { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(async move {
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIMEOUT)
                .serve_connection(TokioIo::new(stream), answer);
            // A peer that goes away is nothing to tell.
            let _ = connection.await;
            drop(place);
        });
    }
}

fn answer<B>(request: &Request<B>, port: u16, preview: &watch::Receiver<Preview>) -> Response<Body> {
    if !is_for_us(request, port) {
        return text(StatusCode::MISDIRECTED_REQUEST, "this server is localhost only\n");
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let path = request.uri().path();
    if let Some(own) = path.strip_prefix(OWN) {
        return match own {
            "events" => events(preview),
            "reload.js" => with(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT.into()),
            "reload.css" => with(StatusCode::OK, "text/css; charset=utf-8", STYLE.into()),
            _ => text(StatusCode::NOT_FOUND, "not found\n"),
        };
    }
    let preview = preview.borrow();
    page(path, &preview.files)
}

/// Whether the request names this server as its host, and comes from no page of another.
fn is_for_us<B>(request: &Request<B>, port: u16) -> bool {
    let named = |value: &str, scheme: &str| {
        value.strip_prefix(scheme).is_some_and(|authority| {
            let (host, given) = authority.rsplit_once(':').unwrap_or((authority, "80"));
            ["127.0.0.1", "localhost"].contains(&host) && given.parse() == Ok(port)
        })
    };
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    host.is_some_and(|host| named(host, "")) && origin.is_none_or(|origin| named(origin, "http://"))
}

/// A file of the site. A folder stands for its `index.html`.
fn page(path: &str, files: &BTreeMap<String, Bytes>) -> Response<Body> {
    let decoded = decode(path.strip_prefix('/').unwrap_or(path));
    let folder = |path: &str| path.is_empty() || path.ends_with('/');
    let wanted = decoded.as_ref().map(|path| if folder(path) { format!("{path}index.html") } else { path.clone() });
    if let Some((path, bytes)) = wanted.and_then(|wanted| files.get_key_value(&wanted)) {
        return file(StatusCode::OK, path, bytes);
    }
    if decoded.is_some_and(|path| !folder(&path) && files.contains_key(&format!("{path}/index.html"))) {
        // The path as it came, which is encoded and begins with one slash.
        let to = format!("/{}/", path.trim_start_matches('/'));
        if let Ok(to) = HeaderValue::from_str(&to) {
            let mut moved = text(StatusCode::PERMANENT_REDIRECT, "");
            moved.headers_mut().insert(header::LOCATION, to);
            return moved;
        }
    }
    match files.get("404.html") {
        Some(bytes) => file(StatusCode::NOT_FOUND, "404.html", bytes),
        None => with(StatusCode::SERVICE_UNAVAILABLE, HTML, EMPTY.into()),
    }
}

/// Percent-decoded once; what is no UTF-8 afterwards names no file.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match tail {
            [high, low, ..] if *first == b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(*high).zip(digit(*low)).map(|(high, low)| high * 16 + low)
            }
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

const HTML: &str = "text/html; charset=utf-8";

fn file(status: StatusCode, path: &str, bytes: &Bytes) -> Response<Body> {
    let kind = match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "xml" => "application/xml",
        "txt" | "py" | "yaml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    if kind != HTML {
        return with(status, kind, bytes.clone());
    }
    // Every page of ours has one head; the hook goes in at its end.
    let text = String::from_utf8_lossy(bytes);
    let hooked = match text.split_once("</head>") {
        Some((head, body)) => format!("{head}{HOOK}</head>{body}").into(),
        None => bytes.clone(),
    };
    with(status, kind, hooked)
}

/// Tells a page what is served, now and on every change.
fn events(preview: &watch::Receiver<Preview>) -> Response<Body> {
    let stream = WatchStream::new(preview.clone()).map(|preview| {
        let findings = if preview.findings.is_empty() { "null" } else { preview.findings.trim_end() };
        // The lines of one event: a line break in JSON stands between tokens only.
        let data = format!("data: {{\"build\":{},\"findings\":{findings}}}", preview.build).replace('\n', "\ndata: ");
        Ok(Frame::data(Bytes::from(format!("{data}\n\n"))))
    });
    respond(StatusCode::OK, "text/event-stream", StreamBody::new(stream).boxed_unsync())
}

fn text(status: StatusCode, body: &'static str) -> Response<Body> {
    with(status, "text/plain; charset=utf-8", body.into())
}

fn with(status: StatusCode, kind: &'static str, bytes: Bytes) -> Response<Body> {
    respond(status, kind, Full::new(bytes).boxed_unsync())
}

fn respond(status: StatusCode, kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served() -> watch::Receiver<Preview> {
        let page = b"<html><head></head><body>x</body></html>".to_vec();
        let files = [("index.html", &page), ("404.html", &page), ("a b/index.html", &page)];
        let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes.clone())).collect();
        watch::channel(Preview::default().built(files)).1
    }

    fn status(method: &str, path: &str, host: Option<&str>, origin: Option<&str>) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in [(header::HOST, host), (header::ORIGIN, origin)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        answer(&request.body(()).unwrap(), 4000, &served()).status().as_u16()
    }

    #[test]
    fn only_requests_that_name_this_server_are_answered() {
        let host = Some("127.0.0.1:4000");
        assert_eq!(status("GET", "/", host, None), 200);
        assert_eq!(status("HEAD", "/index.html", Some("localhost:4000"), Some("http://localhost:4000")), 200);
        for wrong in ["evil.example", "evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "localhost.evil:4000", ""] {
            assert_eq!(status("GET", "/", Some(wrong), None), 421, "{wrong}");
        }
        assert_eq!(status("GET", "/", None, None), 421);
        for wrong in ["http://evil.example", "https://127.0.0.1:4000", "null", "http://127.0.0.1:4001"] {
            assert_eq!(status("GET", "/", host, Some(wrong)), 421, "{wrong}");
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            assert_eq!(status(method, "/", host, None), 405, "{method}");
        }
    }

    #[test]
    fn only_what_was_published_is_served() {
        let host = Some("127.0.0.1:4000");
        for missing in
            ["/..", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/a", "/%", "/%ff", "/index.html/", "//x", "/_oat/x"]
        {
            assert_eq!(status("GET", missing, host, None), 404, "{missing}");
        }
        assert_eq!(status("GET", "/a%20b/", host, None), 200);
        assert_eq!(status("GET", "/a%20b", host, None), 308);
        assert_eq!(status("GET", "/_oat/events", host, None), 200);
        let nothing = watch::channel(Preview::default().failed("{}".to_owned())).1;
        let request = Request::builder().uri("/").header(header::HOST, "localhost:4000").body(()).unwrap();
        assert_eq!(answer(&request, 4000, &nothing).status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn paths_are_decoded_once() {
        assert_eq!(decode("a%2fb%20c%zz%4").unwrap(), "a/b c%zz%4");
        assert_eq!(decode("%252e").unwrap(), "%2e");
        assert_eq!(decode("%ff"), None);
    }
}

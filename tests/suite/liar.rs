//! A registry that lies: a server that answers each request with the bytes that a test wants, and counts what it got.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method and target.
    pub line: String,
    /// The other lines of the head.
    pub head: Vec<String>,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.iter().filter_map(|line| line.split_once(':'));
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// What goes out; the connection is closed behind it.
pub(crate) enum Reply {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, then the others again and again for as long as somebody reads them.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, then one byte at a time, ten each second.
    Drip(Vec<u8>),
}

/// A server on loopback for as long as it is held.
pub(crate) struct Liar {
    /// Host and port.
    pub host: String,
    requests: Arc<Mutex<Vec<Request>>>,
    sent: Arc<Mutex<u64>>,
}

impl Liar {
    /// Answers requests, which are numbered.
    pub(crate) fn new(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (requests, sent) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
        let (seen, count, answer) = (Arc::clone(&requests), Arc::clone(&sent), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, count, answer) = (Arc::clone(&seen), Arc::clone(&count), Arc::clone(&answer));
                thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(request.clone());
                        seen.len() - 1
                    };
                    let written = write(&stream, answer(&request, number));
                    *count.lock().unwrap() += written;
                });
            }
        });
        Self { host, requests, sent }
    }

    /// What came in so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How many bytes somebody took, once nobody reads any more.
    pub(crate) fn sent(&self) -> u64 {
        thread::sleep(Duration::from_millis(200));
        *self.sent.lock().unwrap()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let line = lines.first()?.rsplit_once(' ')?.0.to_owned();
    let request = Request { line, head: lines.split_off(1) };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_end(&mut Vec::new()).ok()?;
    Some(request)
}

/// Writes a reply until it is out, or nobody reads it.
fn write(mut stream: &TcpStream, reply: Reply) -> u64 {
    let (first, again, pause) = match reply {
        Reply::Bytes(bytes) => (bytes, None, Duration::ZERO),
        Reply::Endless(first, again) => (first, Some(again), Duration::ZERO),
        Reply::Drip(first) => (first, Some(b" ".to_vec()), Duration::from_millis(100)),
    };
    let mut written = 0;
    if stream.write_all(&first).is_err() {
        return written;
    }
    written += first.len() as u64;
    while let Some(again) = &again {
        if stream.write_all(again).is_err() {
            break;
        }
        written += again.len() as u64;
        thread::sleep(pause);
    }
    written
}

/// An answer with a status, headers and a body of the right length.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut bytes = head(status, headers);
    bytes.truncate(bytes.len() - 2);
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend(body);
    Reply::Bytes(bytes)
}

/// The head of an answer.
pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.extend([*name, ": ", *value, "\r\n"]);
    }
    text.push_str("\r\n");
    text.into_bytes()
}

//! HTTP/1.1 on a loopback port, for services that are made up.
//!
//! It is written here and not taken from a library because a fake has to do what no library
//! offers: close a connection in the middle of an answer, or without one.
//!
//! Every connection has a thread of its own, so latency does not add up for callers that ask
//! side by side.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::faults::{Faults, Misfortune};

/// A body longer than this is not read: no API of ours takes such a thing.
const LONGEST_BODY: usize = 16 << 20;

/// What was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path as it was sent, without the query: percent signs are not undone.
    pub path: String,
    /// The query as it was sent, without its `?`.
    pub query: String,
    /// The headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; empty if there was none.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of the first header of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The parts of the path between slashes, with percent signs undone.
    pub fn segments(&self) -> Vec<String> {
        let path = self.path.trim_start_matches('/');
        path.split('/').map(|part| decoded(part, false)).collect()
    }

    /// The parameters of the query in their order, with percent and plus signs undone.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name, true), decoded(value, true)))
            .collect()
    }

    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let all = self.parameters();
        all.into_iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The body as JSON; an empty one is nothing.
    ///
    /// # Errors
    /// It is neither empty nor JSON.
    pub fn json(&self) -> Result<Option<Value>, serde_json::Error> {
        if self.body.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(&self.body).map(Some)
    }
}

/// Undoes percent signs; what is not UTF-8 then stands as the replacement character.
pub fn decoded(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3);
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], byte) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) if plus_is_space => out.push(b' '),
            (other, _) => out.push(other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What is answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, without the length of the body.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// One without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// One with a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![(
                "content-type".to_owned(),
                "application/json; charset=utf-8".to_owned(),
            )],
            body: body.to_string().into_bytes(),
        }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The body as JSON; null if it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What a made-up service does.
pub trait Service: Send + Sync + 'static {
    /// Does what is asked and answers.
    fn answer(&self, request: &Request) -> Answer;

    /// How this vendor words an answer with such a status that has no cause: a planned fault.
    fn refusal(&self, request: &Request, status: u16) -> Answer;

    /// How this vendor says that its limit is reached; `secondary` is the limit against
    /// bursts, for vendors that have two.
    fn limited(&self, request: &Request, secondary: bool, retry_after: Duration) -> Answer;

    /// Makes the answer point at the very page that it is, where it points at a next one.
    fn repeat_page(&self, request: &Request, answer: Answer) -> Answer;
}

/// A request that was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, without its `?`.
    pub query: String,
    /// The body as text.
    pub body: String,
    /// What was answered; nothing where the connection was closed instead.
    pub status: Option<u16>,
    /// When it arrived, since the service was started.
    pub at: Duration,
}

/// A service that listens; it ends with the value.
#[derive(Debug)]
pub struct Serving {
    port: u16,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

struct Shared {
    service: Arc<dyn Service>,
    faults: Faults,
    started: Instant,
    latency: Mutex<Duration>,
    seen: Mutex<Vec<Seen>>,
    ends: AtomicBool,
    next_connection: AtomicU64,
    connections: Mutex<BTreeMap<u64, TcpStream>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// A lock that a panicking test does not take from the others.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Serving {
    /// Starts to listen on a free port of the loopback interface.
    ///
    /// # Panics
    /// There is no free port, or no thread to be had.
    pub fn start(service: Arc<dyn Service>) -> Self {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = socket.local_addr().expect("a bound socket").port();
        let shared = Arc::new(Shared {
            service,
            faults: Faults::default(),
            started: Instant::now(),
            latency: Mutex::default(),
            seen: Mutex::default(),
            ends: AtomicBool::new(false),
            next_connection: AtomicU64::new(0),
            connections: Mutex::default(),
        });
        let own = Arc::clone(&shared);
        let listener = thread::spawn(move || accept(&own, &socket));
        Self {
            port,
            shared,
            listener: Some(listener),
        }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes every answer take so much longer, from now on.
    pub fn set_latency(&self, latency: Duration) {
        *locked(&self.shared.latency) = latency;
    }

    /// The faults that are planned.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// What was asked until now, in the order of arrival.
    pub fn requests(&self) -> Vec<Seen> {
        let mut seen = locked(&self.shared.seen).clone();
        seen.sort_by_key(|seen| seen.at);
        seen
    }

    /// Forgets what was asked until now.
    pub fn forget_requests(&self) {
        locked(&self.shared.seen).clear();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::SeqCst);
        for connection in locked(&self.shared.connections).values() {
            // One that the other side closed already is what was wanted.
            let _ = connection.shutdown(Shutdown::Both);
        }
        // The listener wakes up for one more connection and sees the end.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

fn accept(shared: &Arc<Shared>, socket: &TcpListener) {
    for stream in socket.incoming() {
        if shared.ends.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let own = Arc::clone(shared);
        thread::spawn(move || {
            let id = own.next_connection.fetch_add(1, Ordering::Relaxed);
            if let Ok(other) = stream.try_clone() {
                locked(&own.connections).insert(id, other);
            }
            // A connection that breaks is the client's to notice.
            let _ = converse(&own, &stream);
            let _ = stream.shutdown(Shutdown::Both);
            locked(&own.connections).remove(&id);
        });
    }
}

/// Serves a connection until one side closes it.
fn converse(shared: &Shared, stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(request) = read_request(&mut reader, &mut writer)? {
        let at = shared.started.elapsed();
        let outcome = serve(shared, &request);
        locked(&shared.seen).push(Seen {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            status: outcome.answer.as_ref().map(|answer| answer.status),
            at,
        });
        let Some(answer) = outcome.answer else {
            return Ok(());
        };
        let bytes = wire(&answer, request.method == "HEAD");
        if outcome.truncated {
            // All of the head and half of the body, so that the length that was promised is
            // seen to be missing.
            let end = bytes.len() - answer.body.len().div_ceil(2);
            writer.write_all(&bytes[..end])?;
            return Ok(());
        }
        writer.write_all(&bytes)?;
        writer.flush()?;
        if request.header("connection") == Some("close") {
            return Ok(());
        }
    }
    Ok(())
}

struct Outcome {
    answer: Option<Answer>,
    truncated: bool,
}

/// What comes of a request: the service's answer, and what was planned to happen to it.
fn serve(shared: &Shared, request: &Request) -> Outcome {
    let latency = *locked(&shared.latency);
    let service = &shared.service;
    let mut truncated = false;
    let answer = match shared.faults.strike(request) {
        None => Some(service.answer(request)),
        Some(Misfortune::Status(status)) => Some(service.refusal(request, status)),
        Some(Misfortune::RateLimit { retry_after }) => {
            Some(service.limited(request, false, retry_after))
        }
        Some(Misfortune::SecondaryLimit { retry_after }) => {
            Some(service.limited(request, true, retry_after))
        }
        Some(Misfortune::TimeoutBefore) => None,
        Some(Misfortune::TimeoutAfter) => {
            service.answer(request);
            None
        }
        Some(Misfortune::TruncatedBody) => {
            truncated = true;
            Some(service.answer(request))
        }
        Some(Misfortune::SlowPage(more)) => {
            thread::sleep(more);
            Some(service.answer(request))
        }
        Some(Misfortune::RepeatedPageToken) => {
            let answer = service.answer(request);
            Some(service.repeat_page(request, answer))
        }
    };
    if !latency.is_zero() {
        thread::sleep(latency);
    }
    Outcome { answer, truncated }
}

fn wire(answer: &Answer, head_only: bool) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    // RFC 9110 §8.6: these have no body, and so no length.
    let bodiless = matches!(answer.status, 204 | 304);
    if !bodiless {
        text += &format!("content-length: {}\r\n", answer.body.len());
    }
    text += "\r\n";
    let mut bytes = text.into_bytes();
    if !bodiless && !head_only {
        bytes.extend(&answer.body);
    }
    bytes
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        412 => "Precondition Failed",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Answer",
    }
}

/// The next request of a connection; nothing when the other side is done.
fn read_request(
    reader: &mut BufReader<&TcpStream>,
    writer: &mut &TcpStream,
) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        ..Request::default()
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let header = (name.to_ascii_lowercase(), value.trim().to_owned());
        request.headers.push(header);
    }
    if request.header("expect") == Some("100-continue") {
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    request.body = read_body(reader, &request)?;
    Ok(Some(request))
}

fn read_body(reader: &mut BufReader<&TcpStream>, request: &Request) -> io::Result<Vec<u8>> {
    let too_long = || io::Error::from(io::ErrorKind::InvalidData);
    let mut body = Vec::new();
    if request.header("transfer-encoding") == Some("chunked") {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| too_long())?;
            if body.len().saturating_add(size) > LONGEST_BODY {
                return Err(too_long());
            }
            let start = body.len();
            body.resize(start + size, 0);
            reader.read_exact(&mut body[start..])?;
            reader.read_line(&mut String::new())?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    let length = request.header("content-length").unwrap_or("0");
    let length: usize = length.parse().map_err(|_| too_long())?;
    if length > LONGEST_BODY {
        return Err(too_long());
    }
    body.resize(length, 0);
    reader.read_exact(&mut body)?;
    Ok(body)
}

//! Requests over HTTP to the services that hold what is governed.
//!
//! No redirect is followed, so that no key reaches another host; an answer has a bounded length;
//! every wait has an end. A server's certificate is held against the roots of Mozilla.
//!
//! This crate must never know what is asked for.

use std::fmt;
use std::io;
use std::time::Duration;

pub use ureq::http;
use ureq::http::{HeaderMap, Request, Response, Uri};
use ureq::{Agent, Body, Timeout};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Until an answer begins: a server may write a large change to its database before.
const ANSWER: Duration = Duration::from_secs(300);
/// The longest answer that is read, in octets: a zone of a million records.
const LONGEST_ANSWER: u64 = 512 * 1024 * 1024;
/// How many connections to one server are kept: as many as ask it at once.
const KEPT: usize = 8;
/// How long to wait where a server that is asked too often does not say, in seconds.
const PAUSE: u64 = 5;
/// The longest wait that a server can ask for, in seconds.
const LONGEST_PAUSE: u64 = 3600;

/// A text that is in no message and no log: a key.
#[derive(Clone)]
pub struct Hidden(
    /// The text.
    pub String,
);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Whether connections are kept for the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connections {
    /// To read: many requests, and each may be repeated.
    Kept,
    /// To write: a kept connection may have been closed by the other side, and then nobody knows
    /// whether the request arrived.
    Fresh,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// Its status (RFC 9110 §15).
    pub status: u16,
    /// What it said beside.
    pub headers: HeaderMap,
    /// What it said.
    pub body: Vec<u8>,
    /// How long it asks to wait.
    pub pause: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The request was not sent.
    Unreachable(String),
    /// The request was sent, as far as can be known.
    Unanswered(String),
}

/// Asks one server.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
}

impl Client {
    /// A client that asks with patience: servers may write much before they answer.
    pub fn new(connections: Connections) -> Self {
        Self::patient_for(connections, ANSWER)
    }

    /// A client that waits so long at most until an answer begins, and so long for the whole of it.
    pub fn patient_for(connections: Connections, patience: Duration) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("commonhold")
            .max_idle_connections_per_host(KEPT)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience));
        if connections == Connections::Fresh {
            config = config.max_idle_connections(0);
        }
        Self {
            agent: config.build().new_agent(),
        }
    }

    /// Sends a request, and waits for the whole answer.
    ///
    /// # Errors
    /// There is no answer, or it ended before its end.
    pub fn send(&self, request: Request<Vec<u8>>) -> Result<Answer, Failure> {
        let response = self.agent.run(request).map_err(Failure::of)?;
        answer(response)
    }
}

fn answer(mut response: Response<Body>) -> Result<Answer, Failure> {
    let status = response.status().as_u16();
    let header = response.headers().get("retry-after");
    // It may also be a date, which takes a clock to understand.
    let seconds = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let headers = response.headers().clone();
    let body = response.body_mut().with_config().limit(LONGEST_ANSWER);
    let body = body.read_to_vec().map_err(|error| {
        Failure::Unanswered(format!("its answer ended before its end ({error})"))
    })?;
    Ok(Answer {
        status,
        headers,
        body,
        pause: seconds.map(|seconds: u64| Duration::from_secs(seconds.min(LONGEST_PAUSE))),
    })
}

impl Answer {
    /// A header as a text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long to wait before it is asked again.
    pub fn pause(&self) -> Duration {
        self.pause.unwrap_or(Duration::from_secs(PAUSE))
    }

    /// The body for people, if it is a short text.
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        text.split_whitespace()
            .flat_map(|word| [word, " "])
            .collect::<String>()
            .trim_end()
            .chars()
            .filter(|c| !c.is_control())
            .take(400)
            .collect()
    }
}

impl Failure {
    fn of(error: ureq::Error) -> Self {
        let text = error.to_string();
        match error {
            ureq::Error::HostNotFound => Self::Unreachable("no such host".to_owned()),
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Self::Unreachable(
                format!("no connection within {} seconds", CONNECT.as_secs()),
            ),
            ureq::Error::Io(error) if never_sent(&error) => Self::Unreachable(text),
            ureq::Error::BadUri(_)
            | ureq::Error::Http(_)
            | ureq::Error::ConnectionFailed
            | ureq::Error::InvalidProxyUrl
            | ureq::Error::Tls(_)
            | ureq::Error::Pem(_)
            | ureq::Error::Rustls(_) => Self::Unreachable(text),
            _ => Self::Unanswered(text),
        }
    }
}

/// Whether a connection failed before any of the request was on it.
fn never_sent(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    let no_connection = matches!(
        error.kind(),
        Kind::ConnectionRefused
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::AddrNotAvailable
            | Kind::NetworkDown
    );
    // The certificate is judged before the request is sent.
    let no_trust = error.kind() == Kind::InvalidData
        && error.to_string().starts_with("invalid peer certificate");
    no_connection || no_trust
}

/// An address as a URL without a path at its end; why not, as the end of a sentence about it.
///
/// A key must not cross a network in the clear, so plain HTTP is for this machine alone.
///
/// # Errors
/// It is none, or would give the key away.
pub fn address(written: &str) -> Result<String, String> {
    let wrong = |what: &str| format!("its address `{written}` {what}");
    let uri: Uri = written
        .parse()
        .map_err(|_| wrong("is not a URL, as `https://dns.example.org:8443`"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong("is not a URL, as `https://dns.example.org:8443`"));
    };
    if authority.as_str().contains('@') {
        return Err("its address holds a password; give the key by `api_key` alone".to_owned());
    }
    let host = uri.host().unwrap_or_default();
    let near = matches!(host, "localhost" | "[::1]") || host.starts_with("127.");
    match scheme {
        "https" => {}
        "http" if near => {}
        "http" => return Err(wrong("would send the key in the clear; use `https://`")),
        _ => return Err(wrong("is neither `https://` nor `http://`")),
    }
    if uri.query().is_some() {
        return Err(wrong("has a query; leave it out"));
    }
    Ok(written.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Hidden, address};

    #[test]
    fn an_address_is_a_url_that_keeps_the_key_safe() {
        assert_eq!(
            address("https://a.example:8/").unwrap(),
            "https://a.example:8"
        );
        assert_eq!(
            address("http://127.0.0.1:80").unwrap(),
            "http://127.0.0.1:80"
        );
        for (written, reason) in [
            ("a.example", "is not a URL"),
            ("http://a.example", "in the clear"),
            ("ftp://a.example", "neither"),
            ("https://u:p@a.example", "holds a password"),
            ("https://a.example/?x=1", "has a query"),
        ] {
            let error = address(written).unwrap_err();
            assert!(error.contains(reason), "{written}: {error}");
            assert!(!error.contains("u:p"));
        }
    }

    #[test]
    fn a_key_shows_nowhere() {
        assert_eq!(format!("{:?}", Hidden("k".to_owned())), "(hidden)");
    }
}

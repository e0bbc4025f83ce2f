//! Requests over HTTP, for services with an interface for zones.
//!
//! No redirect is followed, so that no key reaches another host; an answer has a bounded length;
//! every wait has an end. A server's certificate is held against the roots of Mozilla.

use std::fmt;
use std::io;
use std::time::Duration;

use ureq::http::{Request, Response, Uri};
use ureq::{Agent, Body, Timeout};

use crate::providers::{ReadError, WriteError};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Until an answer begins: a server may write a large change to its database before.
const ANSWER: Duration = Duration::from_secs(300);
/// The longest answer that is read, in octets: a zone of a million records.
const LONGEST_ANSWER: u64 = 512 * 1024 * 1024;
/// How long to wait where a server that is asked too often does not say, in seconds.
const PAUSE: u64 = 5;
/// The longest wait that a server can ask for, in seconds.
const LONGEST_PAUSE: u64 = 3600;

/// A text that is in no message and no log: a key.
#[derive(Clone)]
pub(crate) struct Hidden(pub(crate) String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Whether connections are kept for the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connections {
    /// To read: many requests, and each may be repeated.
    Kept,
    /// To write: a kept connection may have been closed by the other side, and then nobody knows
    /// whether the request arrived.
    Fresh,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How long it asks to wait.
    pub(crate) pause: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request was not sent.
    Unreachable(String),
    /// The request was sent, as far as can be known.
    Unanswered(String),
}

/// Asks one server.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
}

impl Client {
    pub(crate) fn new(connections: Connections) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("commonhold")
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(ANSWER));
        if connections == Connections::Fresh {
            config = config.max_idle_connections(0);
        }
        Self {
            agent: config.build().new_agent(),
        }
    }

    /// Sends a request, and waits for the whole answer.
    pub(crate) fn send(&self, request: Request<Vec<u8>>) -> Result<Answer, Failure> {
        let response = self.agent.run(request).map_err(Failure::of)?;
        answer(response)
    }
}

fn answer(mut response: Response<Body>) -> Result<Answer, Failure> {
    let status = response.status().as_u16();
    let header = response.headers().get("retry-after");
    // It may also be a date, which takes a clock to understand.
    let seconds = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let body = response.body_mut().with_config().limit(LONGEST_ANSWER);
    let body = body.read_to_vec().map_err(|error| {
        Failure::Unanswered(format!("its answer ended before its end ({error})"))
    })?;
    Ok(Answer {
        status,
        body,
        pause: seconds.map(|seconds: u64| Duration::from_secs(seconds.min(LONGEST_PAUSE))),
    })
}

impl Answer {
    pub(crate) fn pause(&self) -> Duration {
        self.pause.unwrap_or(Duration::from_secs(PAUSE))
    }

    /// The body for people, if it is a short text.
    pub(crate) fn text(&self) -> String {
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

    pub(crate) fn reading(self, server: &str) -> ReadError {
        let server = server.to_owned();
        let (Self::Unreachable(what) | Self::Unanswered(what)) = self;
        ReadError::Unreachable { server, what }
    }

    pub(crate) fn writing(self, server: &str) -> WriteError {
        let server = server.to_owned();
        match self {
            Self::Unreachable(what) => WriteError::Unreachable { server, what },
            Self::Unanswered(what) => WriteError::Unknown { server, what },
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

/// The error of a failed reading before a writing: nothing was done yet.
pub(crate) fn before_writing(error: ReadError) -> WriteError {
    match error {
        ReadError::Unreachable { server, what } => WriteError::Unreachable { server, what },
        ReadError::Refused { server, what } => WriteError::Refused { server, what },
        ReadError::NoSuchZone { server, zone } => WriteError::Refused {
            server,
            what: format!("it does not serve {zone}"),
        },
        ReadError::Untrusted { server, what } => WriteError::Unreachable {
            server,
            what: format!("its answer cannot be trusted: {what}"),
        },
        ReadError::Setup { server, what } => WriteError::Setup { server, what },
    }
}

/// An address as a URL without a path at its end; why not, as the end of a sentence about it.
///
/// A key must not cross a network in the clear, so plain HTTP is for this machine alone.
pub(crate) fn address(written: &str) -> Result<String, String> {
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

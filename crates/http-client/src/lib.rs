//! Requests over HTTP to the services that hold what is governed.
//!
//! No redirect is followed, so that no key reaches another host; an answer has a bounded length;
//! every wait has an end. A server's certificate is held against the roots of Mozilla.
//!
//! What is asked by `https:` goes through the proxy that the environment names, if any
//! (`ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`, but for the hosts in `NO_PROXY`): it passes on what
//! it cannot read. What is asked by `http:` goes past it: it could read the key, and to it this
//! machine is another one.
//!
//! This crate must never know what is asked for.

pub mod aws;
mod outward;

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

pub use outward::{Outward, Reach, Told, is_public};
pub use ureq::http;
use ureq::http::uri::Scheme;
use ureq::http::{HeaderMap, Request, Response, Uri};
use ureq::{Agent, Body, Proxy, Timeout};

/// Until the address of a host is known, and again until a connection stands.
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
///
/// Its `Debug` tells the status and the length: a body can hold what nobody may see.
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
    /// For `https:`, through the environment's proxy if there is one.
    agent: Agent,
    /// For `http:`, through none.
    direct: Agent,
    /// The longest answer that is read, in octets.
    longest: u64,
}

impl Client {
    /// A client that asks with patience: servers may write much before they answer.
    pub fn new(connections: Connections) -> Self {
        Self::patient_for(connections, ANSWER)
    }

    /// A client that waits so long at most until an answer begins, and so long for the whole of
    /// it; and as long until the request is sent.
    pub fn patient_for(connections: Connections, patience: Duration) -> Self {
        Self::through(Proxy::try_from_env(), connections, patience)
    }

    fn through(proxy: Option<Proxy>, connections: Connections, patience: Duration) -> Self {
        let agent = |proxy| Self::agent(proxy, connections, patience);
        Self {
            agent: agent(proxy),
            direct: agent(None),
            longest: LONGEST_ANSWER,
        }
    }

    /// The same, which reads answers of so many octets at most.
    pub fn reading_at_most(self, octets: u64) -> Self {
        let longest = octets.min(LONGEST_ANSWER);
        Self { longest, ..self }
    }

    fn agent(proxy: Option<Proxy>, connections: Connections, patience: Duration) -> Agent {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("commonhold")
            .max_idle_connections_per_host(KEPT)
            .proxy(proxy)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_send_request(Some(patience))
            .timeout_send_body(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience));
        if connections == Connections::Fresh {
            config = config.max_idle_connections(0);
        }
        config.build().new_agent()
    }

    /// Sends a request, and waits for the whole answer.
    ///
    /// # Errors
    /// There is no answer, or it ended before its end.
    pub fn send(&self, request: Request<Vec<u8>>) -> Result<Answer, Failure> {
        let is_private = request.uri().scheme() == Some(&Scheme::HTTPS);
        let agent = if is_private {
            &self.agent
        } else {
            &self.direct
        };
        let response = agent.run(request).map_err(Failure::of)?;
        answer(response, self.longest)
    }
}

fn answer(mut response: Response<Body>, longest: u64) -> Result<Answer, Failure> {
    let status = response.status().as_u16();
    let header = response.headers().get("retry-after");
    // It may also be a date, which takes a clock to understand.
    let seconds = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let headers = response.headers().clone();
    let body = response.body_mut().with_config().limit(longest);
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

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
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
            | ureq::Error::ConnectProxyFailed(_)
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

/// A text as one segment of a path, or one value in a query: all but unreserved characters (RFC
/// 3986 §2.3) with percent signs. So are the dots where there is nothing else: `.` and `..` are no
/// names in a path but ways through it (§5.2.4).
pub fn segment(text: &str) -> String {
    let is_way = matches!(text, "." | "..");
    let each = text.bytes().map(|byte| match byte {
        b'.' if is_way => "%2E".to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    each.collect()
}

/// Whether a host, as a URL has it, is this machine by its own word: `localhost`, or an address
/// of 127.0.0.0/8 or `::1`, that in brackets or without.
pub fn is_loopback(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let ip: Result<IpAddr, _> = bare.unwrap_or(host).parse();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
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
        .map_err(|_| wrong("is not a URL, as `https://host.example:8443`"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong("is not a URL, as `https://host.example:8443`"));
    };
    if authority.as_str().contains('@') {
        return Err(
            "its address holds a password; give it by the file's own key for it".to_owned(),
        );
    }
    match scheme {
        "https" => {}
        "http" if is_loopback(uri.host().unwrap_or_default()) => {}
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
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use ureq::Proxy;
    use ureq::http::{HeaderMap, Request};

    use super::{Answer, Client, Connections, Failure, Hidden, address, is_loopback, segment};

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
            ("http://127.evil.example", "in the clear"),
            ("http://127.0.0.1.example", "in the clear"),
            ("http://localhost.example", "in the clear"),
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
        let answer = Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: b"sesame".to_vec(),
            pause: None,
        };
        assert_eq!(
            format!("{answer:?}"),
            "Answer { status: 200, length: 6, .. }"
        );
    }

    #[test]
    fn no_name_leaves_its_place_in_an_address() {
        for (text, wanted) in [
            ("a-b.c_d~9", "a-b.c_d~9"),
            ("release/1 ?#%é", "release%2F1%20%3F%23%25%C3%A9"),
            ("a+b/c@x.example", "a%2Bb%2Fc%40x.example"),
            (".", "%2E"),
            ("..", "%2E%2E"),
            ("...", "..."),
            (".github", ".github"),
        ] {
            assert_eq!(segment(text), wanted);
        }
    }

    #[test]
    fn this_machine_is_told_from_names_that_look_like_it() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.9.8.7",
            "::1",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "127.",
            "127.evil.example",
            "127.0.0.1.example",
            "10.0.0.1",
            "[::2]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    /// Answers the first request, and tells how it began.
    fn answering(answer: &'static str) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut seen, mut octets) = (Vec::new(), [0; 4096]);
            while !seen.ends_with(b"\r\n\r\n") {
                let length = stream.read(&mut octets).unwrap();
                assert_ne!(length, 0, "it ended before its end");
                seen.extend_from_slice(&octets[..length]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&seen).into_owned()
        });
        (place, served)
    }

    fn through(proxy: &str, url: &str) -> Result<Answer, Failure> {
        let proxy = Proxy::new(&format!("http://{proxy}")).unwrap();
        let patience = Duration::from_secs(20);
        let client = Client::through(Some(proxy), Connections::Fresh, patience);
        client.send(Request::get(url).body(Vec::new()).unwrap())
    }

    #[test]
    fn no_proxy_reads_what_is_asked_in_the_clear() {
        let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
        let (place, served) = answering("HTTP/1.1 204 No Content\r\n\r\n");
        let proxy_place = proxy.local_addr().unwrap().to_string();
        let answer = through(&proxy_place, &format!("http://{place}/a")).unwrap();
        assert_eq!(answer.status, 204);
        assert!(served.join().unwrap().starts_with("GET /a "));
        proxy.set_nonblocking(true).unwrap();
        assert_eq!(proxy.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    }

    #[test]
    fn a_proxy_that_will_not_have_us_has_sent_nothing() {
        let (proxy, served) = answering("HTTP/1.1 403 Forbidden\r\n\r\n");
        let failure = through(&proxy, "https://a.example/b").unwrap_err();
        assert!(matches!(failure, Failure::Unreachable(_)), "{failure:?}");
        assert!(served.join().unwrap().starts_with("CONNECT a.example:443 "));
    }
}

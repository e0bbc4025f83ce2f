//! The server, as those meet it who mean it no good.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use portal::model::{Page, Section};
use portal::serve::{Connections, Current, Parts, Rules, Server, router_by};
use portal::sign_in::SignIn;
use portal::{AsOf, Content, Found, Reader, Stamp};
use tokio::sync::oneshot;

use crate::sample::Sample;

/// A server that runs in the test's own process.
struct Running {
    address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<u32>>,
    current: Current,
    /// What time it is, in seconds.
    time: Arc<AtomicI64>,
}

impl Running {
    fn new(content: impl Content, rules: Rules, connections: Connections) -> Self {
        let current = Current::new(Arc::new(content));
        let time = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&time);
        let parts = Parts {
            current: current.clone(),
            hands: None,
            store: Arc::new(portal::store::open("sqlite::memory:").unwrap()),
            clock: Arc::new(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap()),
            wall: Arc::new(|| Timestamp::UNIX_EPOCH),
            url: "https://infra.example.org".to_owned(),
            sign_in: SignIn::none(),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ends) = oneshot::channel();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = Server {
                    listeners: vec![tokio::net::TcpListener::from_std(listener).unwrap()],
                    router: router_by(Arc::new(parts), rules),
                    connections,
                };
                server.run(async { drop(ends.await) }).await
            })
        };
        Self {
            address,
            end: Some(end),
            thread: Some(std::thread::spawn(run)),
            current,
            time,
        }
    }

    fn usual() -> Self {
        Self::new(Sample::new(40), Rules::default(), Connections::default())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream
    }

    /// Sends bytes and reads until the other end closes.
    fn say(&self, bytes: impl AsRef<[u8]>) -> Reply {
        let mut stream = self.connect();
        // An answer may come before all was sent.
        let _ = stream.write_all(bytes.as_ref());
        Reply::read(stream)
    }

    fn get(&self, path: &str, headers: &str) -> Reply {
        self.say(format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n"
        ))
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> Reply {
        let length = body.len();
        self.say(format!("POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"))
    }

    /// Has it end; says how many connections were cut.
    fn end(mut self) -> u32 {
        self.end.take().unwrap().send(()).unwrap();
        self.thread.take().unwrap().join().unwrap()
    }
}

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn read(mut stream: TcpStream) -> Self {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or(all.len().saturating_sub(4));
        let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
        Self {
            status: head
                .split(' ')
                .nth(1)
                .and_then(|word| word.parse().ok())
                .unwrap_or(0),
            head,
            body: all.get(end + 4..).unwrap_or_default().to_vec(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

#[test]
fn every_answer_has_the_headers_that_keep_a_browser_safe() {
    let running = Running::usual();
    for path in [
        "/",
        "/services",
        "/services/none",
        "/assets/none",
        "/healthz",
        "/a%00",
        "/api/v1/none",
        "/robots.txt",
    ] {
        let reply = running.get(path, "");
        for (name, holds) in [
            ("content-security-policy", "default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
            ("strict-transport-security", "max-age="),
            ("x-request-id", "-"),
            ("cache-control", ""),
        ] {
            let said = reply.header(name);
            assert!(
                said.is_some_and(|said| said.contains(holds)),
                "{path} {name} {said:?}"
            );
        }
    }
}

#[test]
fn what_is_read_can_be_had_once_and_asked_for_again() {
    let running = Running::usual();
    let first = running.get("/services", "");
    assert_eq!(
        (first.status, first.header("cache-control")),
        (200, Some("public, no-cache"))
    );
    let tag = first.header("etag").unwrap();
    let again = running.get("/services", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let packed = running.get("/services", "Accept-Encoding: gzip\r\n");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed.body[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, first.text());
    // Whoever may have a session gets what nobody keeps.
    let own = running.get("/services", "Cookie: a=b\r\n");
    assert_eq!(
        (own.header("cache-control"), own.header("etag")),
        (Some("private, no-store"), None)
    );
}

#[test]
fn a_head_is_that_of_the_page_without_the_page() {
    let running = Running::usual();
    let (page, head) = (
        running.get("/", ""),
        running.say("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    );
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["content-length", "content-type", "etag"] {
        assert_eq!(page.header(name), head.header(name), "{name}");
    }
}

#[test]
fn a_newer_state_is_shown_at_once() {
    let running = Running::usual();
    let older = running.get("/services", "");
    running.current.set(Arc::new(Sample::new(3)));
    // The sample has one version, as if somebody had forgotten to change it; a page that was not asked for yet is new.
    let newer = running.get("/services?size=7", "");
    assert_ne!(older.text(), newer.text());
    assert_eq!(running.current.reloads(), 1);
}

#[test]
fn what_was_rendered_a_minute_ago_is_shown_while_it_is_rendered_anew() {
    let content = Counting(Sample::new(3), AtomicU32::new(0));
    let running = Running::new(content, Rules::default(), Connections::default());
    let shows = |count: u32| {
        running
            .get("/counting", "")
            .text()
            .contains(&format!("Count {count}."))
    };
    assert!(shows(1) && shows(1));
    running.time.store(60, Ordering::Relaxed);
    assert!(shows(1));
    let deadline = Instant::now() + Duration::from_secs(10);
    while !shows(2) {
        assert!(Instant::now() < deadline, "it stays as it was");
    }
    // What nobody asked for lately is not shown as it was.
    running.time.store(600, Ordering::Relaxed);
    assert!(shows(3) && shows(3));
}

#[test]
fn what_is_not_of_the_time_is_rendered_once() {
    let content = Counting(Sample::new(3), AtomicU32::new(0));
    let running = Running::new(content, Rules::default(), Connections::default());
    for time in [0, 60, 6_000] {
        running.time.store(time, Ordering::Relaxed);
        let text = running.get("/lasting", "").text();
        assert!(text.contains("Count 1."), "{time}");
    }
}

#[test]
fn what_leads_out_or_is_no_path_is_refused() {
    let running = Running::usual();
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/services/..%2f..%2fetc%2fpasswd",
        "/assets/../../etc/passwd",
        "/services/%2e%2e%5cetc",
        "/services/a%00b",
        "/%c0%ae%c0%ae/etc/passwd",
        "/services/%",
        "//evil.example/",
        "/services//",
    ] {
        let reply = running.get(path, "");
        assert!(
            [400, 404, 308].contains(&reply.status),
            "{path}: {}",
            reply.status
        );
        let to = reply.header("location").unwrap_or("/");
        assert!(
            to.starts_with('/') && !to.starts_with("//"),
            "{path} leads to {to}"
        );
        assert!(!reply.text().contains("root:"), "{path}");
    }
}

#[test]
fn a_slash_at_the_end_leads_to_the_page_without_it() {
    let running = Running::usual();
    let reply = running.get("/services/?q=a", "");
    assert_eq!(
        (reply.status, reply.header("location")),
        (308, Some("/services?q=a"))
    );
}

#[test]
fn one_can_only_read_where_nothing_can_be_sent() {
    let running = Running::usual();
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"] {
        let reply = running.say(format!("{method} /services HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, Some("get, head")),
            "{method}"
        );
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_with_a_reason() {
    let running = Running::usual();
    let body = "a".repeat(10 << 20);
    for path in ["/services", "/sign-in", "/api/v1/acts"] {
        let reply = running.post(path, "", &body);
        assert_eq!(reply.status, 413, "{path}");
    }
    // One that does not say how long it is cannot be longer either.
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "a".repeat(1 << 16));
    let chunked = format!(
        "POST /api/v1/acts HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
        chunk.repeat(160)
    );
    let reply = running.say(chunked);
    assert!(
        !(200..300).contains(&reply.status) && reply.status < 500,
        "{}",
        reply.status
    );
    assert_eq!(running.get("/healthz", "").status, 200);
}

#[test]
fn what_another_site_sends_is_refused() {
    let running = Running::usual();
    for headers in [
        "Sec-Fetch-Site: cross-site\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
    ] {
        assert_eq!(
            running.post("/services", headers, "").status,
            403,
            "{headers}"
        );
    }
    let own = running.post("/services", "Origin: https://infra.example.org\r\n", "");
    assert_eq!(own.status, 405);
}

#[test]
fn who_tries_too_often_is_told_how_long_to_wait() {
    let rules = Rules {
        acts_a_minute: 5,
        ..Rules::default()
    };
    let running = Running::new(Sample::new(3), rules, Connections::default());
    let tries: Vec<Reply> = (0..7).map(|_| running.post("/services", "", "")).collect();
    assert!(tries[..5].iter().all(|reply| reply.status == 405));
    let last = &tries[6];
    let wait: u64 = last.header("retry-after").unwrap().parse().unwrap();
    assert!(
        last.status == 429 && (1..=13).contains(&wait),
        "{} {wait}",
        last.status
    );
    // To read is not to try.
    assert_eq!(running.get("/services", "").status, 200);
}

#[test]
fn a_client_that_is_slow_is_let_go_of() {
    let connections = Connections {
        head: Duration::from_millis(300),
        ..Connections::default()
    };
    let running = Running::new(Sample::new(3), Rules::default(), connections);
    let started = Instant::now();
    // A head that never ends, a connection on which nothing is asked, and one on which nothing more is.
    for said in [
        "GET / HTTP/1.1\r\nHost: a\r\nX: ",
        "",
        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let mut stream = running.connect();
        stream.write_all(said.as_bytes()).unwrap();
        let reply = Reply::read(stream);
        assert!(
            [0, 200, 408].contains(&reply.status),
            "{said:?}: {}",
            reply.status
        );
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let rules = Rules {
        longest: Duration::from_millis(300),
        ..Rules::default()
    };
    let running = Running::new(Sample::new(3), rules, Connections::default());
    let started = Instant::now();
    let reply = running.say("POST /api/v1/acts HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
    assert!(reply.status >= 400, "{}", reply.status);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let running = Running::usual();
    let reply = running.get("/", &format!("X: {}\r\n", "a".repeat(100 << 10)));
    assert!([0, 431].contains(&reply.status), "{}", reply.status);
    assert_eq!(running.get("/healthz", "").status, 200);
}

#[test]
fn one_address_may_not_have_all_connections() {
    let connections = Connections {
        most_of_one: 4,
        ..Connections::default()
    };
    let running = Running::new(Sample::new(3), Rules::default(), connections);
    let mut open: Vec<TcpStream> = (0..4).map(|_| running.connect()).collect();
    // They are in once they are answered.
    for stream in &mut open {
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        assert!(stream.read(&mut [0; 512]).unwrap() > 0);
    }
    assert_eq!(running.get("/healthz", "").status, 0);
    drop(open);
    let deadline = Instant::now() + Duration::from_secs(10);
    while running.get("/healthz", "").status != 200 {
        assert!(Instant::now() < deadline, "no place became free");
    }
}

#[test]
fn what_is_being_answered_when_the_server_ends_is_answered() {
    let barriers = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let content = Waiting(Sample::new(3), barriers.clone());
    let running = Running::new(content, Rules::default(), Connections::default());
    let mut asking = running.connect();
    asking
        .write_all(b"GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    barriers.0.wait();
    let address = running.address;
    let ending = std::thread::spawn(move || running.end());
    // It listens no more, and the request is still there.
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < deadline, "it still listens");
    }
    barriers.1.wait();
    let reply = Reply::read(asking);
    assert_eq!(
        (reply.status, reply.header("connection")),
        (404, Some("close"))
    );
    assert_eq!(ending.join().unwrap(), 0);
}

#[test]
fn a_panic_is_an_answer_and_nothing_more() {
    let running = Running::new(
        Panics(Sample::new(3)),
        Rules::default(),
        Connections::default(),
    );
    let reply = running.get("/panics", "");
    assert_eq!(reply.status, 500);
    assert!(!reply.text().contains("boom"));
    assert_eq!(running.get("/services", "").status, 200);
}

#[test]
fn health_is_told_to_whoever_watches() {
    let running = Running::usual();
    assert_eq!(running.get("/healthz", "").text(), "alive\n");
    assert_eq!(running.get("/readyz", "").text(), "ready\n");
    running.get("/services", "");
    running.get("/services", "");
    let told = running.get("/metrics", "");
    assert_eq!(
        told.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert!(told.text().ends_with("# EOF\n"));
    assert!(
        told.text()
            .contains("portal_requests_total{class=\"list\",status=\"200\"} 2\n")
    );
    assert!(
        told.text()
            .contains("portal_page_cache_total{found=\"hit\"} 1\n")
    );
}

#[test]
fn robots_are_told_where_all_pages_are_that_are_for_everybody() {
    let running = Running::usual();
    assert!(
        running
            .get("/robots.txt", "")
            .text()
            .contains("Sitemap: https://infra.example.org/sitemap.xml")
    );
    let map = running.get("/sitemap.xml", "").text();
    assert!(map.contains("<loc>https://infra.example.org/services/service-1</loc>"));
    assert!(
        !map.contains("service-9<"),
        "a row that is not for everybody"
    );
}

/// A content with a page that waits until it is let go on.
struct Waiting(Sample, (Arc<Barrier>, Arc<Barrier>));

impl Content for Waiting {
    fn stamp(&self) -> &Stamp {
        self.0.stamp()
    }
    fn listings(&self) -> &[portal::model::Listing] {
        self.0.listings()
    }
    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        if path == "/waiting" {
            self.1.0.wait();
            self.1.1.wait();
        }
        self.0.page(path, reader, now)
    }
    fn paths(&self) -> Vec<String> {
        self.0.paths()
    }
    fn file(&self, path: &str) -> Option<(&'static str, String)> {
        self.0.file(path)
    }
}

/// A content with a mistake of its program.
struct Panics(Sample);

impl Content for Panics {
    fn stamp(&self) -> &Stamp {
        self.0.stamp()
    }
    fn listings(&self) -> &[portal::model::Listing] {
        self.0.listings()
    }
    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        assert!(path != "/panics", "boom");
        self.0.page(path, reader, now)
    }
    fn paths(&self) -> Vec<String> {
        self.0.paths()
    }
    fn file(&self, path: &str) -> Option<(&'static str, String)> {
        self.0.file(path)
    }
}

/// A content with two pages that say how often they were made; one of them is of the time.
struct Counting(Sample, AtomicU32);

impl Content for Counting {
    fn stamp(&self) -> &Stamp {
        self.0.stamp()
    }
    fn listings(&self) -> &[portal::model::Listing] {
        self.0.listings()
    }
    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        match path {
            "/counting" => {
                now.instant();
            }
            "/lasting" => {}
            _ => return self.0.page(path, reader, now),
        }
        let count = self.1.fetch_add(1, Ordering::Relaxed) + 1;
        let title = format!("Count {count}.");
        Found::Page(Box::new(Page::new(Section::Home, path, title)))
    }
    fn paths(&self) -> Vec<String> {
        self.0.paths()
    }
    fn file(&self, path: &str) -> Option<(&'static str, String)> {
        self.0.file(path)
    }
}

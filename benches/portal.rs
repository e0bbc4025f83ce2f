//! The portal under load: `cargo bench -p commonhold --bench portal -- [SECONDS [A_SECOND]]`.
//!
//! A generated estate of 10,000 people is served by the program itself, on the same machine. Requests start at a
//! constant rate, whatever becomes of those before them, and each is timed from the moment it was meant to start: one
//! that had to wait for a free connection has waited. With `--reload` the estate changes every 20 seconds.
//!
//! The mix, in hundredths: what people open after each other, and what programs ask for.
//!
//! | share | what |
//! | --- | --- |
//! | 7 | the home page |
//! | 3 | the wiring, access, spend, the calendar, the ledger |
//! | 15 | a list, with a filter, an order, words or a page |
//! | 40 | the page of one thing out of all, each as likely as any other |
//! | 4 | a search |
//! | 8 | a list as JSON or CSV, by its address or by the API |
//! | 15 | a page that was had before, and has not changed (304) |
//! | 3 | the style sheet |
//! | 5 | a page for one reader, which is neither kept nor packed |

#![expect(clippy::print_stdout, reason = "a program of its own")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use testkit::{EstateSize, generate};

/// How many connections are kept open; more requests than this are never under way.
const CONNECTIONS: usize = 96;

/// The lists that people and programs look through.
const LISTS: [&str; 5] = ["services", "people", "groups", "teams", "findings"];

fn main() {
    let numbers: Vec<u64> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let seconds = numbers.first().copied().unwrap_or(60);
    let a_second = numbers.get(1).copied().unwrap_or(1_000);
    let reloads = std::env::args().any(|word| word == "--reload");

    let folder = estate();
    let began = Instant::now();
    let server = Server::start(&folder);
    println!(
        "shown after {:.1} s, {} MiB",
        began.elapsed().as_secs_f64(),
        server.memory() >> 20
    );
    let mix = Arc::new(Mix::of(&server));
    println!(
        "{} pages of {} kinds",
        mix.pages.values().map(Vec::len).sum::<usize>(),
        mix.pages.len()
    );

    let load = Load {
        address: server.address.clone(),
        mix,
        every: Duration::from_nanos(1_000_000_000 / a_second),
        count: usize::try_from(seconds * a_second).unwrap_or(usize::MAX),
        next: AtomicUsize::new(0),
        took: Mutex::new(Vec::new()),
        failed: Mutex::new(BTreeMap::new()),
    };
    let ended = AtomicBool::new(false);
    let cpu = server.cpu();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| load.work(started)))
            .collect();
        scope.spawn(|| watch(&load, &server, &folder, reloads, started, &ended));
        for worker in workers {
            worker.join().expect("a worker");
        }
        ended.store(true, Ordering::Relaxed);
    });
    let elapsed = started.elapsed();
    println!("all: {}", load.told(0));
    let share = server.cpu().saturating_sub(cpu).as_secs_f64() / elapsed.as_secs_f64();
    println!(
        "the server took {:.0} % of a core and holds {} MiB",
        share * 100.0,
        server.memory() >> 20
    );
    println!("not as expected: {:?}", load.failed.lock().expect("a lock"));
    drop(server);
    let _ = std::fs::remove_dir_all(folder);
}

/// Tells how it goes, every ten seconds.
fn watch(
    load: &Load,
    server: &Server,
    folder: &Path,
    reloads: bool,
    started: Instant,
    ended: &AtomicBool,
) {
    let mut told = 0;
    for round in 1_u32.. {
        while started.elapsed() < Duration::from_secs(10) * round {
            if ended.load(Ordering::Relaxed) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        println!(
            "{:>5} s {}, {} MiB",
            round * 10,
            load.told(told),
            server.memory() >> 20
        );
        told = load.took.lock().expect("a lock").len();
        if reloads && round % 2 == 0 {
            write(
                &folder.join("commonhold.yaml"),
                &format!("name: Round {round}\n"),
            );
        }
    }
}

/// A generated estate on the disk.
fn estate() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("commonhold-portal-{}", std::process::id()));
    for (path, text) in generate(EstateSize::large(), 1) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        write(&path, &text);
    }
    folder
}

#[expect(clippy::disallowed_methods, reason = "a bench's own file")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}

/// A running portal.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_commonhold"))
            .arg("serve")
            .arg(folder)
            .args(["--listen", "127.0.0.1:0", "--read-only", "--log", "off"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the portal");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim().trim_start_matches("http://").to_owned();
        assert!(!address.is_empty(), "the portal did not start");
        Self { child, address }
    }

    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kib.unwrap_or(0) * 1_024
    }

    /// The time that it has spent on processors.
    fn cpu(&self) -> Duration {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after = stat.rsplit(") ").next().unwrap_or_default();
        let ticks: u64 = after
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|word| word.parse::<u64>().ok())
            .sum();
        Duration::from_millis(ticks * 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is asked for.
struct Mix {
    /// The pages of things, by their collection.
    pages: BTreeMap<String, Vec<String>>,
    style: String,
}

impl Mix {
    fn of(server: &Server) -> Self {
        let mut asking = Asking::new(&server.address);
        let mut pages: BTreeMap<String, Vec<String>> = BTreeMap::new();
        // There are more pages than one map may list.
        for map in asking.listed("/sitemap.xml") {
            for path in asking.listed(&map) {
                if let Some((collection, _)) = path[1..].split_once('/') {
                    pages.entry(collection.to_owned()).or_default().push(path);
                }
            }
        }
        let home = asking.ask("/", "").expect("a page").body;
        let home = String::from_utf8_lossy(&home).into_owned();
        let style = home
            .split(['"', '\''])
            .find(|word| word.starts_with("/assets/style"));
        Self {
            pages,
            style: style.unwrap_or("/").to_owned(),
        }
    }

    /// The request of a number; its path, headers, and the status that is expected.
    fn request(&self, number: usize, tags: &mut BTreeMap<String, String>) -> (String, String, u16) {
        let dice = Dice::of(number);
        let gzip = "Accept-Encoding: gzip\r\n".to_owned();
        match dice.pick(0, 100) {
            0..7 => ("/".to_owned(), gzip, 200),
            7..10 => {
                let whole = ["/wiring", "/access", "/spend", "/calendar", "/ledger"];
                (whole[dice.pick(1, whole.len())].to_owned(), gzip, 200)
            }
            10..25 => (Self::list(dice), gzip, 200),
            25..65 => (self.page(dice), gzip, 200),
            65..69 => (
                format!(
                    "/search?q={}",
                    ["dns", "registry", "ada", "build", "mail"][dice.pick(1, 5)]
                ),
                gzip,
                200,
            ),
            69..77 => (self.data(dice), gzip, 200),
            77..92 => {
                let known: Vec<&String> = tags.keys().collect();
                let Some(path) =
                    (!known.is_empty()).then(|| known[dice.pick(1, known.len())].clone())
                else {
                    return ("/services".to_owned(), gzip, 200);
                };
                let tag = &tags[&path];
                let headers = format!("{gzip}If-None-Match: {tag}\r\n");
                (path, headers, 304)
            }
            92..95 => (self.style.clone(), gzip, 200),
            _ => (
                self.page(dice),
                format!("{gzip}Cookie: reader=one\r\n"),
                200,
            ),
        }
    }

    fn page(&self, dice: Dice) -> String {
        let kinds: Vec<&Vec<String>> = self.pages.values().collect();
        let kind = kinds[dice.pick(2, kinds.len())];
        kind[dice.pick(3, kind.len())].clone()
    }

    fn list(dice: Dice) -> String {
        let of = LISTS[dice.pick(4, LISTS.len())];
        match dice.pick(5, 4) {
            0 => format!("/{of}"),
            1 => format!("/{of}?page={}", 1 + dice.pick(6, 20)),
            2 => format!("/{of}?q={}", ["a", "sig", "team", "an"][dice.pick(6, 4)]),
            _ => format!("/{of}?size={}", [25, 50, 100][dice.pick(6, 3)]),
        }
    }

    fn data(&self, dice: Dice) -> String {
        let of = LISTS[dice.pick(4, LISTS.len())];
        match dice.pick(5, 3) {
            0 => format!("/{of}.json"),
            1 => format!(
                "/api/v1/{of}?limit=50&q={}",
                ["a", "sig", "team", "an"][dice.pick(6, 4)]
            ),
            _ => format!("{}.json", self.page(dice)),
        }
    }
}

/// Chance that is the same in every run.
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    fn of(number: usize) -> Self {
        Self(number as u64)
    }

    /// One of so many, for one purpose of this request (splitmix64).
    fn pick(self, purpose: u64, of: usize) -> usize {
        let mut z = (self.0 * 16 + purpose + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % of.max(1) as u64).unwrap_or(0)
    }
}

/// The load, as all connections share it.
struct Load {
    address: String,
    mix: Arc<Mix>,
    every: Duration,
    count: usize,
    next: AtomicUsize,
    took: Mutex<Vec<Duration>>,
    failed: Mutex<BTreeMap<String, usize>>,
}

impl Load {
    /// Takes the next request that is due, until there are no more.
    fn work(&self, started: Instant) {
        let mut asking = Asking::new(&self.address);
        let mut tags = BTreeMap::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.count {
                return;
            }
            let due = started + self.every * u32::try_from(number).unwrap_or(u32::MAX);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let (path, headers, wanted) = self.mix.request(number, &mut tags);
            let reply = asking.ask(&path, &headers);
            let took = due.elapsed();
            let status = reply.as_ref().map_or(0, |reply| reply.status);
            // What was had a minute ago may have changed since: it is as of now.
            let well = status == wanted || (wanted == 304 && status == 200);
            if !well {
                let area = path.split(['?', '/']).nth(1).unwrap_or_default();
                *self
                    .failed
                    .lock()
                    .expect("a lock")
                    .entry(format!("{status} /{area}"))
                    .or_default() += 1;
            }
            match reply {
                Some(Reply { tag: Some(tag), .. })
                    if !headers.contains("Cookie") && tags.len() < 20 =>
                {
                    tags.insert(path, tag);
                }
                None => asking = Asking::new(&self.address),
                Some(_) => {}
            }
            self.took.lock().expect("a lock").push(took);
        }
    }

    /// How long it took, of all requests after the first so many.
    fn told(&self, after: usize) -> String {
        let mut took = self.took.lock().expect("a lock")[after..].to_vec();
        took.sort_unstable();
        let at = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a place in a list"
            )]
            let place = (took.len() as f64 * share) as usize;
            let one = took.get(place.min(took.len().saturating_sub(1)));
            one.map_or(0.0, |one| one.as_secs_f64() * 1_000.0)
        };
        format!(
            "{} requests: p50 {:.1} ms, p90 {:.1}, p99 {:.1}, p99.9 {:.1}, longest {:.1}",
            took.len(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(0.999),
            at(1.0)
        )
    }
}

/// A connection on which one request comes after the other.
struct Asking {
    stream: BufReader<TcpStream>,
}

struct Reply {
    status: u16,
    tag: Option<String>,
    body: Vec<u8>,
}

impl Asking {
    fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// The paths that a map lists.
    fn listed(&mut self, map: &str) -> Vec<String> {
        let text = self.ask(map, "").expect("a map").body;
        let text = String::from_utf8_lossy(&text).into_owned();
        let urls = text.split("<loc>http://").skip(1);
        let urls = urls.filter_map(|rest| rest.split_once("</loc>"));
        let paths = urls.map(|(url, _)| url.find('/').map_or("/", |at| &url[at..]).to_owned());
        paths.collect()
    }

    /// Asks and reads the whole answer; nothing where the connection broke off.
    fn ask(&mut self, path: &str, headers: &str) -> Option<Reply> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: portal\r\n{headers}\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).ok()?;
        let (mut status, mut length, mut tag, mut line) = (0, 0, None, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(said) = text.strip_prefix("HTTP/1.1 ") {
                status = said.split(' ').next()?.parse().ok()?;
            } else if let Some((name, value)) = text.split_once(": ") {
                match name {
                    "content-length" => length = value.parse().ok()?,
                    "etag" => tag = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some(Reply { status, tag, body })
    }
}

//! A proxy that passes everything on to a server over HTTP, and spoils what a test says: as a
//! service does that refuses, is cut off, or falls silent in the middle of a listing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What becomes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoil {
    /// This status and this body are there instead.
    Answer(u16, String),
    /// Its second half is missing, and its length says that nothing is.
    Cut,
    /// This part of it is another.
    Replace(String, String),
    /// It never comes.
    Silence,
}

/// Which requests are spoilt: those whose first line has this in it, from the n-th on.
#[derive(Debug, Clone)]
struct Rule {
    within: String,
    after: usize,
    spoil: Spoil,
}

/// A proxy in front of a server. It ends with the process.
#[derive(Debug)]
pub struct Spoiler {
    url: String,
    rules: Arc<Mutex<Vec<Rule>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Spoiler {
    /// In front of the server at this URL, as `http://127.0.0.1:5000`.
    ///
    /// # Panics
    /// No port is free.
    pub fn before(server: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let one = Self {
            url,
            rules: Arc::default(),
            asked: Arc::default(),
        };
        let server = server.trim_start_matches("http://").to_owned();
        let (rules, asked) = (Arc::clone(&one.rules), Arc::clone(&one.asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (server, rules) = (server.clone(), Arc::clone(&rules));
                let asked = Arc::clone(&asked);
                thread::spawn(move || pass(stream, &server, &rules, &asked));
            }
        });
        one
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// From now on spoils the answers to all requests whose first line has this in it.
    pub fn spoil(&self, within: &str, spoil: Spoil) {
        self.spoil_after(within, 0, spoil);
    }

    /// The same, but for the first so many of them.
    pub fn spoil_after(&self, within: &str, after: usize, spoil: Spoil) {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.push(Rule {
            within: within.to_owned(),
            after,
            spoil,
        });
    }

    /// From now on spoils nothing.
    pub fn pass_all(&self) {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.clear();
    }

    /// The first lines of all requests since it was asked for them.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut asked)
    }
}

/// Passes one request on. Whoever went away in the middle does not matter.
fn pass(
    stream: TcpStream,
    server: &str,
    rules: &Mutex<Vec<Rule>>,
    asked: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let lower = line.trim_end().to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        match lower.as_str() {
            "" => break,
            other if other.starts_with("connection:") => {}
            _ => head.push(line),
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let first = head.first()?.clone();
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(first.trim_end().to_owned());
    let spoil = {
        let mut rules = rules.lock().unwrap_or_else(PoisonError::into_inner);
        let rule = rules.iter_mut().find(|rule| first.contains(&rule.within));
        rule.and_then(|rule| {
            let due = rule.after == 0;
            rule.after = rule.after.saturating_sub(1);
            due.then(|| rule.spoil.clone())
        })
    };
    let mut client = reader.into_inner();
    if spoil == Some(Spoil::Silence) {
        // Until the other side gives up.
        return client.read(&mut [0]).ok().map(drop);
    }
    if let Some(Spoil::Answer(status, body)) = &spoil {
        return answer(&mut client, &format!("HTTP/1.1 {status} Said\r\n"), body);
    }
    let (head, mut text) = ask(server, &head, &body)?;
    match spoil {
        Some(Spoil::Cut) => text.truncate(text.len() / 2),
        Some(Spoil::Replace(from, to)) => text = text.replace(&from, &to),
        _ => {}
    }
    answer(&mut client, &head, &text)
}

/// What the server says: its first line and its headers, and its body.
fn ask(server: &str, head: &[String], body: &[u8]) -> Option<(String, String)> {
    let mut upstream = TcpStream::connect(server).ok()?;
    let head = head.concat() + "Connection: close\r\n\r\n";
    upstream.write_all(head.as_bytes()).ok()?;
    upstream.write_all(body).ok()?;
    let mut said = Vec::new();
    upstream.read_to_end(&mut said).ok()?;
    let said = String::from_utf8(said).ok()?;
    let (head, text) = said.split_once("\r\n\r\n")?;
    let kept = head.lines().filter(|line| {
        let line = line.to_ascii_lowercase();
        !line.starts_with("content-length:") && !line.starts_with("connection:")
    });
    let kept = kept.map(|line| format!("{line}\r\n")).collect();
    Some((kept, text.to_owned()))
}

fn answer(client: &mut TcpStream, head: &str, body: &str) -> Option<()> {
    let length = body.len();
    let text = format!("{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    client.write_all(text.as_bytes()).ok()
}

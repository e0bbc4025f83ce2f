//! A portal that runs, on a port of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a journey waits for something that is to come: a state is looked for the less often the longer reading it takes.
const PATIENCE: Duration = Duration::from_secs(240);

/// A running `commonhold serve`, which ends with the test.
pub(crate) struct Portal {
    pub(crate) child: Child,
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub(crate) url: String,
}

impl Portal {
    /// Starts one over an estate with further arguments; its environment is that of the test beside these.
    pub(crate) fn start(estate: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        command.arg("serve").arg(estate);
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        command.envs(environment.iter().copied());
        Self::run(command)
    }

    /// Starts one by a command of its own.
    pub(crate) fn run(command: Command) -> Self {
        Self::run_with(command, Stdio::null())
    }

    /// The same, with an input.
    pub(crate) fn run_with(mut command: Command, input: Stdio) -> Self {
        command.stdin(input).stdout(Stdio::piped());
        let mut child = command.spawn().expect("commonhold serve");
        let mut first = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut first).expect("a line");
        let url = first.trim().to_owned();
        assert!(url.starts_with("http://"), "it said `{url}`");
        Self { child, url }
    }

    /// Sends it a signal by name: `HUP`, `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.expect("kill").success());
    }

    /// Opens a connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let address = self.url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream
    }

    /// Asks for a path with further lines of headers, each with its end.
    pub(crate) fn get(&self, path: &str, headers: &str) -> Reply {
        self.say(&format!(
            "GET {path} HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n{headers}\r\n"
        ))
    }

    /// Says something in the words of HTTP.
    pub(crate) fn say(&self, request: &str) -> Reply {
        let mut stream = self.connect();
        // An answer may come before all was sent.
        let _ = stream.write_all(request.as_bytes());
        Reply::to_end(stream)
    }

    /// Asks until what is answered is as it should be.
    #[track_caller]
    pub(crate) fn until(&self, path: &str, is: impl Fn(&Reply) -> bool) -> Reply {
        self.until_told(path, "", is)
    }

    /// The same with further lines of headers, each with its end.
    #[track_caller]
    pub(crate) fn until_told(
        &self,
        path: &str,
        headers: &str,
        is: impl Fn(&Reply) -> bool,
    ) -> Reply {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let reply = self.get(path, headers);
            if is(&reply) {
                return reply;
            }
            assert!(
                Instant::now() < deadline,
                "{path} stayed:\n{}",
                reply.text()
            );
            std::thread::yield_now();
        }
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The status; nought where there was no answer.
    pub(crate) status: u16,
    /// The lines of its head, in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Reads an answer until the other end closes.
    pub(crate) fn to_end(mut stream: TcpStream) -> Self {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap_or(all.len());
        let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        Self {
            status: status.unwrap_or(0),
            body: all.get(end + 4..).unwrap_or_default().to_vec(),
            head,
        }
    }

    /// A header's value, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

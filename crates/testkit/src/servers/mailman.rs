//! A Mailman of one's own: the core that runs mailing lists, with its REST interface.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use super::{Folder, Missing, Process, free_port, program};

/// The environment variable that says where `mailman` is, if not in the path.
const PROGRAM: &str = "COMMONHOLD_MAILMAN";
/// Where Debian keeps it.
const DEBIAN: &str = "/usr/lib/mailman3/bin/mailman";
/// What a request says of who sends it: [`Mailman::USER`] and [`Mailman::PASSWORD`] (RFC 7617).
const AUTHORIZATION: &str = "Basic cmVzdGFkbWluOm9wZW4tc2VzYW1l";
/// What Mailman does besides its REST interface, each in a process of its own. None of it is
/// needed to keep lists, and all of it together takes 20 seconds to start.
const IDLE: [&str; 12] = [
    "archive", "bounces", "command", "digest", "in", "lmtp", "nntp", "out", "pipeline", "retry",
    "task", "virgin",
];

/// A running Mailman 3 core on the loopback interface, without any domains.
///
/// Only its REST interface runs, in two processes as Mailman has it by itself: mail for its
/// lists is neither taken nor sent. Its database is `SQLite`.
#[derive(Debug)]
pub struct Mailman {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    folder: Folder,
}

impl Mailman {
    /// Who may use its REST interface.
    pub const USER: &str = "restadmin";
    /// The password of the user.
    pub const PASSWORD: &str = "open-sesame";

    /// Starts a server without any domains.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start() -> Result<Self, Missing> {
        let programs = programs()?;
        let folder = Folder::new();
        let port = free_port();
        let text = configuration(folder.path(), &programs, port);
        let file = folder.write("mailman.cfg", &text);
        let mut command = Command::new(programs.join("master"));
        command
            .current_dir(folder.path())
            .process_group(0)
            .arg("-C")
            .arg(file);
        let process = Process::start(&mut command, folder.path().join("log"));
        let mut server = Self {
            process,
            port,
            folder,
        };
        server.process.wait_until_ready(|| {
            exchange(port, "GET", "/system/versions", "").is_some_and(|(status, _)| status == 200)
        });
        Ok(server)
    }

    /// The root of its REST interface.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/3.1", self.port)
    }

    /// Sends a request with a body in JSON, as others do beside us, and gives the status and the
    /// body of the answer. The path begins behind the root.
    ///
    /// # Panics
    /// It does not answer.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let answer = exchange(self.port, method, path, body);
        answer.unwrap_or_else(|| panic!("Mailman does not answer:\n{}", self.log()))
    }

    /// What it printed and logged until now.
    pub fn log(&self) -> String {
        let file = self.folder.path().join("var/logs/mailman.log");
        self.process.log() + &fs::read_to_string(file).unwrap_or_default()
    }

    /// Ends it at once, as a crash would, with every process of it. Twice does no harm.
    pub fn kill(&mut self) {
        let group = format!("-{}", self.process.id());
        // There is no such group any more where all of it has ended: as was wanted.
        let _ = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        self.process.kill();
    }
}

impl Drop for Mailman {
    fn drop(&mut self) {
        // The first process alone would leave those that it started.
        self.kill();
    }
}

/// The folder of `mailman` and of what it starts.
fn programs() -> Result<PathBuf, Missing> {
    let told = env::var_os(PROGRAM).filter(|told| !told.is_empty());
    let mailman = match told {
        Some(told) => PathBuf::from(told),
        None => program("mailman").or_else(|missing| {
            let debian = PathBuf::from(DEBIAN);
            debian.is_file().then_some(debian).ok_or(missing)
        })?,
    };
    // In the path there may be a link only, and `master` and `runner` are beside what it leads to.
    let mailman = mailman.canonicalize().unwrap_or(mailman);
    let folder = mailman.parent().unwrap_or(Path::new("/")).to_owned();
    if !folder.join("master").is_file() {
        return Err(Missing::of(format!(
            "the program `master` of Mailman 3 beside {}",
            mailman.display()
        )));
    }
    Ok(folder)
}

fn configuration(folder: &Path, programs: &Path, port: u16) -> String {
    let (home, programs) = (folder.display(), programs.display());
    let (user, password) = (Mailman::USER, Mailman::PASSWORD);
    let idle: String = IDLE
        .iter()
        .map(|name| format!("[runner.{name}]\nstart: no\n"))
        .collect();
    format!(
        "[mailman]
layout: here
site_owner: postmaster@example.org
[paths.here]
var_dir: {home}/var
bin_dir: {programs}
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///{home}/mailman.db
[webservice]
hostname: 127.0.0.1
port: {port}
admin_user: {user}
admin_pass: {password}
[mta]
incoming: mailman.mta.null.NullMTA
{idle}"
    )
}

/// One request and its answer; none where nobody answers.
fn exchange(port: u16, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    // It refuses an empty text as JSON.
    let about = match body.len() {
        0 => String::new(),
        length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
    };
    let request = format!(
        "{method} /3.1{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {AUTHORIZATION}\r\n{about}Connection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::{START_DEADLINE, listens, or_skip, wait_until};
    use super::*;

    #[test]
    fn a_server_answers_and_goes_with_all_its_processes() {
        let Some(server) = or_skip(Mailman::start()) else {
            return;
        };
        let (status, body) = server.ask("GET", "/domains?count=1&page=1", "");
        assert_eq!(status, 200, "{body}");
        assert!(body.contains("\"total_size\": 0"), "{body}");
        let (port, folder) = (server.port, server.folder.path().to_owned());
        drop(server);
        assert!(!folder.exists());
        assert!(wait_until(START_DEADLINE, || !listens(port)));
    }
}

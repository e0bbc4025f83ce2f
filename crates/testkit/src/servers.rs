//! Real servers for tests: each on a free loopback port, in a folder of its own, ended with
//! the value that holds it.
//!
//! ```no_run
//! use testkit::servers::{postgres::Postgres, or_skip};
//!
//! let Some(server) = or_skip(Postgres::start()) else { return };
//! let url = server.url();
//! ```
//!
//! A server that this machine does not have is [`Missing`]: [`or_skip`] says so and the test
//! ends, or fails where `COMMONHOLD_REQUIRE_PEERS` is set. One that is there and does not start
//! panics with what it logged: that is a fault, not a reason to skip.

pub mod bind;
pub mod dns;
pub mod exim;
pub mod knot;
pub mod mailman;
pub mod moto;
pub mod openid;
pub mod postgres;
pub mod powerdns;
pub mod slapd;
pub mod spoiler;

use std::collections::hash_map::RandomState;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::hash::BuildHasher as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use std::{env, fmt, fs, thread};

/// How long a server may take to come up: far more than it needs, for a busy machine.
pub const START_DEADLINE: Duration = Duration::from_secs(60);

/// The environment variable that makes a missing peer a failure.
const REQUIRE_PEERS: &str = "COMMONHOLD_REQUIRE_PEERS";

/// Folders of programs that are often not in the path of a plain user.
const PROGRAM_FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/local/bin"];

/// A peer that this machine does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    what: String,
}

impl Missing {
    /// What is not there, as a person would look for it: "the program `knotd`".
    pub fn of(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this machine does not have {}", self.what)
    }
}

impl std::error::Error for Missing {}

/// The peer, or nothing after the reason was printed.
///
/// # Panics
/// The peer is missing and `COMMONHOLD_REQUIRE_PEERS` is set to anything but nothing or `0`.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
pub fn or_skip<T>(found: Result<T, Missing>) -> Option<T> {
    match found {
        Ok(peer) => Some(peer),
        Err(missing) => {
            let required =
                env::var(REQUIRE_PEERS).is_ok_and(|value| !value.is_empty() && value != "0");
            assert!(!required, "{missing}, and {REQUIRE_PEERS} is set");
            eprintln!("skipped: {missing}");
            None
        }
    }
}

/// Where the program of this name is: in the path, or where administrators' programs live.
pub fn program(name: &str) -> Result<PathBuf, Missing> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(PROGRAM_FOLDERS.map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| Missing::of(format!("the program `{name}`")))
}

/// Looks until the condition holds, and says whether it did before the time was up.
#[must_use = "a condition that never held is what the test is about"]
pub fn wait_until(within: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    loop {
        if condition() {
            return true;
        }
        if started.elapsed() >= within {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A loopback port that is free now, for TCP and for UDP. No two calls of one process get the
/// same one before all were given out.
///
/// It lies below the range that the system picks ports of outgoing connections from, so that
/// none of those takes it before the server does.
///
/// # Panics
/// All ports are taken.
pub fn free_port() -> u16 {
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 22_000;
    static START: OnceLock<u64> = OnceLock::new();
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run side by side start at different places.
    let start = START.get_or_init(|| RandomState::new().hash_one(std::process::id()));
    let start = u16::try_from(start % u64::from(COUNT)).unwrap_or_default();
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(1, Ordering::Relaxed) % COUNT;
        let port = FIRST + (start + step) % COUNT;
        let address = (Ipv4Addr::LOCALHOST, port);
        if TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok() {
            return port;
        }
    }
    panic!("all {COUNT} ports from {FIRST} of the loopback interface are taken");
}

/// Whether something listens at this TCP port of the loopback interface.
pub fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A temporary folder, removed with the value.
#[derive(Debug)]
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A new, empty one, which only this user can read.
    ///
    /// # Panics
    /// The disk is full, or the system's temporary folder cannot be written.
    pub fn new() -> Self {
        let made = tempfile::Builder::new().prefix("commonhold-").tempdir();
        Self(made.expect("a temporary folder"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file in it, with the folders above it, and says where it is.
    ///
    /// # Panics
    /// The disk is full.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        let above = path.parent().expect("a file in the folder");
        fs::create_dir_all(above).expect("folders in a temporary folder");
        #[expect(
            clippy::disallowed_methods,
            reason = "nobody reads half of it: the server is started afterwards"
        )]
        fs::write(&path, text).expect("a file in a temporary folder");
        path
    }

    /// Gives the folder and all that is in it to an account, for a server that runs as it.
    ///
    /// # Panics
    /// We are not root.
    pub fn give_to(&self, account: Account) {
        give(self.path(), account);
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

fn give(path: &Path, account: Account) {
    chown(path, Some(account.user), Some(account.group)).expect("root may give a file away");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of ours") {
            give(&entry.expect("an entry of ours").path(), account);
        }
    }
}

/// An account of this machine that a server runs as where it refuses to run as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// The account of this name in `/etc/passwd`.
    pub fn named(name: &str) -> Result<Self, Missing> {
        let list = fs::read_to_string("/etc/passwd").unwrap_or_default();
        list.lines()
            .find_map(|line| {
                let mut fields = line.split(':');
                (fields.next() == Some(name)).then_some(())?;
                let user = fields.nth(1)?.parse().ok()?;
                let group = fields.next()?.parse().ok()?;
                Some(Self { user, group })
            })
            .ok_or_else(|| Missing::of(format!("the account `{name}`")))
    }

    /// Makes a command run as this account, without any other groups.
    pub fn runs(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

/// Whether this process is root's.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|found| found.uid() == 0)
}

/// Runs a command to its end.
///
/// # Panics
/// It cannot be run, or fails: with what it said.
pub fn run(command: &mut Command) -> String {
    let what = command.get_program().to_owned();
    let done = command.stdin(Stdio::null()).output();
    let done = done.unwrap_or_else(|error| panic!("{} cannot be run: {error}", what.display()));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{} ended with {}: {said}{}",
        what.display(),
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    said
}

/// A running program, killed with the value. What it prints goes to a log file.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Process {
    /// Starts a command, and adds what it prints to the log file.
    ///
    /// # Panics
    /// It cannot be started, or the log not be written.
    pub fn start(command: &mut Command, log: impl Into<PathBuf>) -> Self {
        let log = log.into();
        let name = file_name(command.get_program());
        let child = command
            .stdin(Stdio::null())
            .stdout(open_log(&log))
            .stderr(open_log(&log))
            .spawn()
            .unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        Self { child, name, log }
    }

    /// Waits until it is ready.
    ///
    /// # Panics
    /// It ended, or was not ready within [`START_DEADLINE`]: with its log.
    pub fn wait_until_ready(&mut self, mut ready: impl FnMut() -> bool) {
        let mut ended = None;
        let done = wait_until(START_DEADLINE, || {
            ended = self.ended();
            ended.is_some() || ready()
        });
        let name = &self.name;
        if let Some(status) = ended {
            panic!("{name} ended with {status}:\n{}", self.log());
        }
        assert!(done, "{name} did not become ready:\n{}", self.log());
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    ///
    /// # Panics
    /// The system does not know our child.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of ours")
    }

    /// Sends a signal by name: `HUP`, `TERM`, `STOP`.
    ///
    /// # Panics
    /// There is no such signal, or the process has ended.
    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        run(Command::new("kill").args(["-s", name, &id]));
    }

    /// Ends it at once, as `kill -9` does, and waits until it is gone. Twice does no harm.
    pub fn kill(&mut self) {
        // One that has ended by itself is what was wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What it printed until now.
    pub fn log(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn file_name(program: &OsStr) -> String {
    let path = Path::new(program);
    path.file_name()
        .unwrap_or(program)
        .to_string_lossy()
        .into_owned()
}

fn open_log(path: &Path) -> File {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened.unwrap_or_else(|error| panic!("the log {} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_ends_with_its_value() {
        let folder = Folder::new();
        let mut process = Process::start(
            Command::new("sh").args(["-c", "echo up; exec sleep 600"]),
            folder.path().join("log"),
        );
        let log = folder.path().join("log");
        process.wait_until_ready(|| fs::read_to_string(&log).is_ok_and(|text| text == "up\n"));
        let own = PathBuf::from(format!("/proc/{}", process.id()));
        assert!(own.exists() && process.ended().is_none());
        drop(process);
        assert!(!own.exists());
    }

    #[test]
    fn ports_differ_and_are_free() {
        let (one, other) = (free_port(), free_port());
        assert_ne!(one, other);
        assert!(!listens(one));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, one)).unwrap();
        assert!(listens(listener.local_addr().unwrap().port()));
    }

    #[test]
    fn a_missing_program_is_named() {
        let missing = program("no-such-program-anywhere").unwrap_err();
        assert_eq!(
            missing.to_string(),
            "this machine does not have the program `no-such-program-anywhere`"
        );
    }

    #[test]
    fn waiting_ends_when_the_time_is_up() {
        assert!(!wait_until(Duration::from_millis(1), || false));
        assert!(wait_until(Duration::ZERO, || true));
    }
}

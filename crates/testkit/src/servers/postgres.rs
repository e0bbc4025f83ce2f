//! A `PostgreSQL` server of one's own, from the binaries of the machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Account, Folder, Missing, Process, free_port, is_root, program, run};

/// Where Debian and its kin keep the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// A running server with an empty database, over TCP on the loopback interface.
///
/// It does not wait for the disk (`fsync=off`): a killed server process keeps what was
/// committed, a machine without power would not.
#[derive(Debug)]
pub struct Postgres {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    programs: PathBuf,
    account: Option<Account>,
    port: u16,
    folder: Folder,
}

impl Postgres {
    /// The role that owns everything; it has the password [`Postgres::PASSWORD`].
    pub const USER: &str = "commonhold";
    /// The password that the server asks of it.
    pub const PASSWORD: &str = "open-sesame";

    /// Makes a database cluster in a temporary folder and starts a server on it.
    ///
    /// `PostgreSQL` refuses to run as root; for root it runs as the account `postgres` or `nobody`.
    ///
    /// # Panics
    /// `PostgreSQL` is there, but does not start.
    pub fn start() -> Result<Self, Missing> {
        let programs = programs()?;
        let account = if is_root() {
            Some(Account::named("postgres").or_else(|_| Account::named("nobody"))?)
        } else {
            None
        };
        let folder = Folder::new();
        let password = folder.write("password", Self::PASSWORD);
        if let Some(account) = account {
            folder.give_to(account);
        }
        let mut init = command(&programs, "initdb", account, &folder);
        init.args(["--username", Self::USER, "--auth", "scram-sha-256"])
            .args(["--encoding", "UTF8", "--no-locale", "--no-sync"])
            .arg("--pwfile")
            .arg(password)
            .arg("--pgdata")
            .arg(data(&folder));
        run(&mut init);
        let port = free_port();
        let process = serve(&programs, account, &folder, port);
        Ok(Self {
            process,
            programs,
            account,
            port,
            folder,
        })
    }

    /// The URL of its database `postgres`, with the password.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The URL of a new, empty database of this name.
    ///
    /// # Panics
    /// There is one of this name.
    pub fn new_database(&self, name: &str) -> String {
        let mut create = command(&self.programs, "createdb", self.account, &self.folder);
        create
            .env("PGPASSWORD", Self::PASSWORD)
            .args(["--host", "127.0.0.1", "--username", Self::USER])
            .args(["--port", &self.port.to_string()])
            .arg(name);
        run(&mut create);
        self.url_of(name)
    }

    /// Kills the server, with every process of it, as a crash would. What was committed is
    /// there again after [`Postgres::start_again`].
    ///
    /// # Panics
    /// The server cannot be signalled.
    pub fn crash(&mut self) {
        if self.process.ended().is_none() {
            // Immediate shutdown: no checkpoint, and recovery at the next start, as after a kill,
            // but it takes its own children and shared memory with it.
            self.process.signal("QUIT");
            let gone = super::wait_until(super::START_DEADLINE, || self.process.ended().is_some());
            assert!(gone, "PostgreSQL did not end:\n{}", self.process.log());
        }
    }

    /// Starts the server again on the same port and data, after a [`Postgres::crash`].
    ///
    /// # Panics
    /// It does not start.
    pub fn start_again(&mut self) {
        self.crash();
        self.process = serve(&self.programs, self.account, &self.folder, self.port);
    }

    fn url_of(&self, database: &str) -> String {
        format!(
            "postgres://{}:{}@127.0.0.1:{}/{database}",
            Self::USER,
            Self::PASSWORD,
            self.port
        )
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.process.ended().is_none() && !std::thread::panicking() {
            self.crash();
        }
    }
}

fn serve(programs: &Path, account: Option<Account>, folder: &Folder, port: u16) -> Process {
    let mut server = command(programs, "postgres", account, folder);
    server
        .arg("-D")
        .arg(data(folder))
        .args(["-h", "127.0.0.1", "-p", &port.to_string()])
        .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
        .args(["-c", "shared_buffers=16MB", "-c", "timezone=UTC"]);
    let mut process = Process::start(&mut server, folder.path().join("log"));
    let port_text = port.to_string();
    process.wait_until_ready(|| {
        let mut asks = command(programs, "pg_isready", account, folder);
        asks.args(["--quiet", "--host", "127.0.0.1", "--port", &port_text]);
        asks.status().is_ok_and(|status| status.success())
    });
    process
}

/// The newest version's folder of programs.
fn programs() -> Result<PathBuf, Missing> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(VERSIONS)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    if let Some((_, newest)) = versions.pop() {
        return Ok(newest);
    }
    let initdb = program("initdb").map_err(|_| Missing::of("`initdb` of PostgreSQL"))?;
    Ok(initdb.parent().unwrap_or(Path::new("/")).to_owned())
}

fn command(programs: &Path, name: &str, account: Option<Account>, folder: &Folder) -> Command {
    let mut command = Command::new(programs.join(name));
    // The account may not read the folder that the test runs in.
    command.current_dir(folder.path()).env("LC_ALL", "C");
    if let Some(account) = account {
        account.runs(&mut command);
    }
    command
}

fn data(folder: &Folder) -> PathBuf {
    folder.path().join("data")
}

#[cfg(test)]
mod tests {
    use super::super::{listens, or_skip};
    use super::*;

    #[test]
    fn a_server_comes_up_comes_back_and_goes() {
        let Some(mut server) = or_skip(Postgres::start()) else {
            return;
        };
        assert!(listens(server.port));
        assert!(server.new_database("one").ends_with("/one"));
        server.crash();
        assert!(!listens(server.port));
        server.start_again();
        assert!(listens(server.port));
        let (port, folder) = (server.port, server.folder.path().to_owned());
        drop(server);
        assert!(!listens(port) && !folder.exists());
    }
}

//! A `PowerDNS` of one's own.

use std::process::Command;

use super::dns::{KEY_ALGORITHM, KEY_NAME, KEY_SECRET, ZoneText, file_name, serves, write_zones};
use super::{Folder, Missing, Process, free_port, listens, program, run};

/// The schema of the database, as the Debian package brings it.
const SCHEMA: &str = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";
const OTHER_SCHEMA: &str = "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql";

/// A running `pdns_server` with an `SQLite` database, on the loopback interface.
///
/// The key of [`super::dns`] may transfer and update the zones; the HTTP interface takes
/// [`PowerDns::API_KEY`].
#[derive(Debug)]
pub struct PowerDns {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    api_port: u16,
    zones: Vec<String>,
    folder: Folder,
}

impl PowerDns {
    /// What the HTTP interface wants to hear.
    pub const API_KEY: &str = "open-sesame";

    /// Starts a server of these zones.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start(zones: &[ZoneText<'_>]) -> Result<Self, Missing> {
        Self::start_with(zones, "")
    }

    /// The same with more lines of configuration.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start_with(zones: &[ZoneText<'_>], more: &str) -> Result<Self, Missing> {
        program("pdns_server")?;
        let folder = Folder::new();
        let (port, api_port) = (free_port(), free_port());
        write_zones(&folder, zones);
        folder.write(
            "pdns.conf",
            &(configuration(&folder, port, api_port) + more),
        );
        let zones: Vec<String> = zones.iter().map(|zone| zone.name.to_owned()).collect();
        fill(&folder, &zones)?;
        let process = serve(&folder, port, api_port, &zones)?;
        Ok(Self {
            process,
            port,
            api_port,
            zones,
            folder,
        })
    }

    /// Its address for DNS, with the port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The URL of its HTTP interface, without a path.
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.api_port)
    }

    /// What it printed until now.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again on the same ports and data.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_again(&mut self) {
        self.kill();
        self.process = serve(&self.folder, self.port, self.api_port, &self.zones)
            .expect("the program that was there");
    }
}

fn fill(folder: &Folder, zones: &[String]) -> Result<(), Missing> {
    let schema = [SCHEMA, OTHER_SCHEMA]
        .into_iter()
        .find(|file| std::path::Path::new(file).is_file())
        .ok_or_else(|| Missing::of("the schema of `pdns-backend-sqlite3`"))?;
    run(Command::new(program("sqlite3")?)
        .arg(folder.path().join("pdns.sqlite3"))
        .arg(format!(".read {schema}")));
    let util = program("pdnsutil")?;
    let tell = |words: &[&str]| {
        let mut command = Command::new(&util);
        command.arg("--config-dir").arg(folder.path()).args(words);
        run(&mut command);
    };
    tell(&["import-tsig-key", KEY_NAME, KEY_ALGORITHM, KEY_SECRET]);
    for zone in zones {
        let file = folder.path().join(file_name(zone));
        tell(&["load-zone", zone, &file.to_string_lossy()]);
        tell(&["set-kind", zone, "primary"]);
        tell(&["set-meta", zone, "TSIG-ALLOW-AXFR", KEY_NAME]);
        tell(&["set-meta", zone, "TSIG-ALLOW-DNSUPDATE", KEY_NAME]);
        tell(&["set-meta", zone, "ALLOW-DNSUPDATE-FROM", "127.0.0.0/8"]);
    }
    Ok(())
}

fn serve(folder: &Folder, port: u16, api_port: u16, zones: &[String]) -> Result<Process, Missing> {
    let mut command = Command::new(program("pdns_server")?);
    command
        .current_dir(folder.path())
        .arg(format!("--config-dir={}", folder.path().display()));
    let mut process = Process::start(&mut command, folder.path().join("log"));
    process.wait_until_ready(|| listens(api_port) && serves(port, zones));
    Ok(process)
}

fn configuration(folder: &Folder, port: u16, api_port: u16) -> String {
    let home = folder.path().display();
    let key = PowerDns::API_KEY;
    format!(
        "launch=gsqlite3
gsqlite3-database={home}/pdns.sqlite3
gsqlite3-dnssec=yes
gsqlite3-pragma-synchronous=0
local-address=127.0.0.1
local-port={port}
socket-dir={home}
daemon=no
guardian=no
disable-syslog=yes
primary=yes
allow-axfr-ips=
dnsupdate=yes
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
consistent-backends=no
api=yes
api-key={key}
webserver=yes
webserver-address=127.0.0.1
webserver-port={api_port}
webserver-allow-from=127.0.0.1
"
    )
}

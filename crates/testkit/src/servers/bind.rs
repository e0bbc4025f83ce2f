//! A BIND of one's own.

use std::process::Command;

use super::dns::{
    KEY_ALGORITHM, KEY_NAME, KEY_SECRET, ZoneText, file_name, forget_lock, serves, write_zones,
};
use super::{Folder, Missing, Process, free_port, program};

/// A running `named`, primary of some zones, on the loopback interface.
///
/// The key of [`super::dns`] may transfer and update the zones; changes are in a journal at
/// once. Owner names and targets are checked as they are by default; a set may be larger.
#[derive(Debug)]
pub struct Bind {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    zones: Vec<String>,
    folder: Folder,
}

impl Bind {
    /// Starts a server of these zones.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start(zones: &[ZoneText<'_>]) -> Result<Self, Missing> {
        program("named")?;
        let folder = Folder::new();
        let port = free_port();
        write_zones(&folder, zones);
        folder.write("named.conf", &configuration(&folder, port, zones));
        let zones: Vec<String> = zones.iter().map(|zone| zone.name.to_owned()).collect();
        let process = serve(&folder, port, &zones)?;
        Ok(Self {
            process,
            port,
            zones,
            folder,
        })
    }

    /// Its address, with the port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it printed until now.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again on the same port and data.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_again(&mut self) {
        self.kill();
        forget_lock(&self.folder, "named.pid");
        self.process =
            serve(&self.folder, self.port, &self.zones).expect("the program that was there");
    }
}

fn serve(folder: &Folder, port: u16, zones: &[String]) -> Result<Process, Missing> {
    let mut command = Command::new(program("named")?);
    command
        .current_dir(folder.path())
        .args(["-g", "-n", "1", "-c"])
        .arg(folder.path().join("named.conf"));
    let mut process = Process::start(&mut command, folder.path().join("log"));
    process.wait_until_ready(|| serves(port, zones));
    Ok(process)
}

fn configuration(folder: &Folder, port: u16, zones: &[ZoneText<'_>]) -> String {
    let home = folder.path().display();
    let mut text = format!(
        "key \"{KEY_NAME}\" {{ algorithm {KEY_ALGORITHM}; secret \"{KEY_SECRET}\"; }};
options {{
    directory \"{home}\"; pid-file \"{home}/named.pid\"; session-keyfile \"{home}/session.key\";
    listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    max-records-per-type 1000; recursion no; notify no; dnssec-validation no; tcp-clients 50;
    allow-transfer {{ key \"{KEY_NAME}\"; }};
}};
controls {{ }};
"
    );
    for zone in zones {
        text += &format!(
            "zone \"{}\" {{ type primary; file \"{}\"; allow-update {{ key \"{KEY_NAME}\"; }}; }};\n",
            zone.name,
            file_name(zone.name)
        );
    }
    text
}

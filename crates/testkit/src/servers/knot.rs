//! A Knot DNS of one's own.

use std::process::Command;

use super::dns::{
    KEY_ALGORITHM, KEY_NAME, KEY_SECRET, ZoneText, file_name, forget_lock, serves, write_zones,
};
use super::{Folder, Missing, Process, free_port, program};

/// A running `knotd`, primary of some zones, on the loopback interface.
///
/// The key of [`super::dns`] may transfer and update the zones; changes are in a journal at
/// once.
#[derive(Debug)]
pub struct Knot {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    zones: Vec<String>,
    folder: Folder,
}

impl Knot {
    /// Starts a server of these zones.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start(zones: &[ZoneText<'_>]) -> Result<Self, Missing> {
        program("knotd")?;
        let folder = Folder::new();
        let port = free_port();
        write_zones(&folder, zones);
        folder.write("knot.conf", &configuration(&folder, port, zones));
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
        forget_lock(&self.folder, "knot.pid");
        self.process =
            serve(&self.folder, self.port, &self.zones).expect("the program that was there");
    }
}

fn serve(folder: &Folder, port: u16, zones: &[String]) -> Result<Process, Missing> {
    let mut command = Command::new(program("knotd")?);
    command
        .current_dir(folder.path())
        .arg("-c")
        .arg(folder.path().join("knot.conf"));
    let mut process = Process::start(&mut command, folder.path().join("log"));
    process.wait_until_ready(|| serves(port, zones));
    Ok(process)
}

fn configuration(folder: &Folder, port: u16, zones: &[ZoneText<'_>]) -> String {
    let home = folder.path().display();
    // The sizes are limits that are reserved in advance; the defaults are for large servers.
    let mut text = format!(
        "server:
    rundir: \"{home}\"
    pidfile: \"{home}/knot.pid\"
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
key:
  - id: {KEY_NAME}
    algorithm: {KEY_ALGORITHM}
    secret: {KEY_SECRET}
acl:
  - id: all
    key: {KEY_NAME}
    action: [transfer, update]
database:
    storage: \"{home}\"
    journal-db-max-size: 256M
    kasp-db-max-size: 8M
    timer-db-max-size: 8M
template:
  - id: default
    storage: \"{home}\"
    acl: all
    journal-max-usage: 64M
zone:
"
    );
    for zone in zones {
        let file = file_name(zone.name);
        text += &format!("  - domain: {}\n    file: \"{file}\"\n", zone.name);
    }
    text
}

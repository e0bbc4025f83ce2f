//! A provider of OpenID Connect: the certified `oidc-provider`, run by Node.

use std::path::Path;
use std::process::Command;

use super::{Folder, Missing, Process, free_port, listens, program};

/// A running provider, on the loopback interface. Whoever signs in there is who they say; it forgets all with its end.
///
/// There is a client for each algorithm by which it signs: `portal-RS256`, `portal-ES256`, `portal-EdDSA`.
#[derive(Debug)]
pub struct OpenId {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    returns_to: String,
    folder: Folder,
}

impl OpenId {
    /// The secret of each client.
    pub const SECRET: &str = "open sesame: +%&";
    /// The algorithms that it signs by.
    pub const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];

    /// Starts a provider that sends people back to this address.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start(returns_to: &str) -> Result<Self, Missing> {
        let folder = Folder::new();
        let port = free_port();
        let process = serve(&folder, port, 1, returns_to)?;
        Ok(Self {
            process,
            port,
            returns_to: returns_to.to_owned(),
            folder,
        })
    }

    /// What it calls itself.
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it again at the same address, with new keys under new ids, as one that has taken new keys.
    ///
    /// # Panics
    /// It does not start.
    pub fn take_new_keys(&mut self, generation: u32) {
        self.process.kill();
        let started = serve(&self.folder, self.port, generation, &self.returns_to);
        self.process = started.unwrap_or_else(|missing| panic!("{missing}"));
    }
}

fn serve(
    folder: &Folder,
    port: u16,
    generation: u32,
    returns_to: &str,
) -> Result<Process, Missing> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/openid");
    if !home.join("node_modules/oidc-provider").is_dir() {
        let what = "`oidc-provider` of npm (`npm ci --prefix tests/openid`)";
        return Err(Missing::of(what));
    }
    let clients = OpenId::ALGORITHMS.map(|algorithm| format!("{algorithm}={returns_to}"));
    let mut command = Command::new(program("node")?);
    command
        .current_dir(home)
        .arg("provider.mjs")
        .args([port.to_string(), generation.to_string()])
        .args(clients);
    let mut process = Process::start(&mut command, folder.path().join("log"));
    process.wait_until_ready(|| listens(port));
    Ok(process)
}

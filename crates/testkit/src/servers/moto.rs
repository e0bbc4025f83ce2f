//! A stand-in for Amazon's services: moto, which answers as Route 53, S3 and IAM do.

use std::env;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::Command;

use super::{Folder, Missing, Process, free_port, listens, program};

/// The environment variable that says where `moto_server` is, if not in the path.
const PROGRAM: &str = "COMMONHOLD_MOTO";

/// A running `moto_server`, on the loopback interface. It keeps nothing on disk and believes
/// every signature.
#[derive(Debug)]
pub struct Moto {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    _folder: Folder,
}

impl Moto {
    /// A key as the providers take it; any does.
    pub const KEY: &str = "AKIDEXAMPLE:open-sesame";

    /// Starts a server without any zones.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start() -> Result<Self, Missing> {
        let told = env::var_os(PROGRAM).filter(|told| !told.is_empty());
        let moto = match told {
            Some(told) => PathBuf::from(told),
            None => program("moto_server")?,
        };
        let folder = Folder::new();
        let port = free_port();
        let mut command = Command::new(moto);
        command
            .current_dir(folder.path())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let mut process = Process::start(&mut command, folder.path().join("log"));
        process.wait_until_ready(|| listens(port));
        Ok(Self {
            process,
            port,
            _folder: folder,
        })
    }

    /// The URL of its interfaces.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Forgets everything. It refuses to create again what was once created and deleted since.
    ///
    /// # Panics
    /// It does not.
    pub fn forget(&self) {
        let answer = self.post("/moto-api/reset", "");
        assert!(answer.contains(" 200 "), "moto refuses:\n{answer}");
    }

    /// Makes a bucket.
    ///
    /// # Panics
    /// It does not make one.
    pub fn create_bucket(&self, name: &str) {
        let answer = self.ask("PUT", "s3", &format!("/{name}"), "");
        assert!(answer.contains(" 200 "), "moto made no bucket:\n{answer}");
    }

    /// Makes a public zone of this name, without the final dot, and gives its id.
    ///
    /// # Panics
    /// It does not make one.
    pub fn create_zone(&self, name: &str) -> String {
        let body = format!(
            "<CreateHostedZoneRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Name>{name}.</Name><CallerReference>{name}</CallerReference></CreateHostedZoneRequest>"
        );
        let answer = self.post("/2013-04-01/hostedzone", &body);
        let id = answer
            .split_once("<Id>")
            .and_then(|(_, rest)| rest.split_once("</Id>"));
        let (id, _) = id.unwrap_or_else(|| panic!("moto made no zone:\n{answer}"));
        id.rsplit('/').next().unwrap_or(id).to_owned()
    }

    /// Changes a zone by the `Change` elements of a request, as others do beside us.
    ///
    /// # Panics
    /// It refuses.
    pub fn change_zone(&self, id: &str, changes: &str) {
        let body = format!(
            "<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>{changes}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"
        );
        let answer = self.post(&format!("/2013-04-01/hostedzone/{id}/rrset"), &body);
        assert!(answer.contains(" 200 "), "moto refuses:\n{answer}");
    }

    fn post(&self, path: &str, body: &str) -> String {
        self.ask("POST", "route53", path, body)
    }

    /// Asks a service, which moto tells by the scope of the signature: `route53`, `s3`, `iam`.
    /// Gives the whole answer.
    ///
    /// # Panics
    /// It does not answer.
    pub fn ask(&self, method: &str, service: &str, path: &str, body: &str) -> String {
        let scope = format!("AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        );
        let mut answer = Vec::new();
        let mut exchange = || {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            stream.write_all(request.as_bytes())?;
            stream.read_to_end(&mut answer)
        };
        exchange().unwrap_or_else(|error| panic!("moto does not answer: {error}"));
        String::from_utf8_lossy(&answer).into_owned()
    }
}

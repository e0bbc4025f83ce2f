//! An `OpenLDAP` directory of one's own.

use std::path::PathBuf;
use std::process::Command;

use super::{Folder, Missing, Process, free_port, listens, program, run};

/// Where the Debian package keeps what `OpenLDAP` brings.
const SCHEMAS: &str = "/etc/ldap/schema";
const MODULES: &str = "/usr/lib/ldap";

/// A running `slapd` with one entry, [`Slapd::BASE`], on the loopback interface.
///
/// It keeps what it was told over a [`Slapd::kill`], but does not wait for the disk.
#[derive(Debug)]
pub struct Slapd {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    secure_port: u16,
    certificate: String,
    folder: Folder,
}

impl Slapd {
    /// The entry that everything is below. It is there.
    pub const BASE: &str = "dc=example,dc=org";
    /// Who may do everything, without any limit.
    pub const ROOT: &str = "cn=root,dc=example,dc=org";
    /// Who may read and write everything below the base, as far as [`Slapd::start_with`] says nothing else.
    pub const USER: &str = "cn=commonhold,dc=example,dc=org";
    /// The password of both.
    pub const PASSWORD: &str = "open-sesame";

    /// Starts a server.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start() -> Result<Self, Missing> {
        Self::start_with(&format!("access to * by dn.exact=\"{}\" write", Self::USER))
    }

    /// Starts a server with these lines of configuration of its database (slapd.conf(5)): who may
    /// do what, and limits.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start_with(lines: &str) -> Result<Self, Missing> {
        program("slapd")?;
        let folder = Folder::new();
        let (port, secure_port) = (free_port(), free_port());
        let certificate = certificate(&folder)?;
        folder.write("slapd.conf", &configuration(&folder, lines));
        folder.write("data/.keep", "");
        fill(&folder)?;
        let process = serve(&folder, port, secure_port)?;
        Ok(Self {
            process,
            port,
            secure_port,
            certificate,
            folder,
        })
    }

    /// Its address without encryption; it also takes `StartTLS` there.
    pub fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port)
    }

    /// Its address with encryption.
    pub fn secure_url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.secure_port)
    }

    /// Its certificate, made for 127.0.0.1 and signed by itself, as PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Gives its database other lines of configuration than [`Slapd::start_with`] did, for the next
    /// [`Slapd::start_again`].
    pub fn configure(&self, lines: &str) {
        let text = configuration(&self.folder, lines);
        self.folder.write("slapd.conf", &text);
    }

    /// Runs a program of `ldap-utils` as [`Slapd::ROOT`], and gives what it prints.
    ///
    /// # Panics
    /// It fails: with what it said.
    pub fn tool(&self, name: &str, words: &[&str]) -> String {
        let program = program(name).expect("what comes with `ldap-utils`");
        let mut command = Command::new(program);
        command
            .args(["-x", "-H", &self.url(), "-D", Self::ROOT])
            .args(["-w", Self::PASSWORD])
            .args(words);
        run(&mut command)
    }

    /// Changes it with a text for `ldapmodify` (LDIF, RFC 2849).
    ///
    /// # Panics
    /// It is refused.
    pub fn modify(&self, ldif: &str) {
        let file = self.folder.write("change.ldif", ldif);
        self.tool("ldapmodify", &["-f", &file.to_string_lossy()]);
    }

    /// What it printed until now.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Sends it a signal by name: `STOP` makes it deaf, `CONT` hear again.
    ///
    /// # Panics
    /// It has ended.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Starts it again on the same ports and data.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_again(&mut self) {
        self.kill();
        self.process =
            serve(&self.folder, self.port, self.secure_port).expect("the program that was there");
    }
}

/// Makes a key and a certificate for 127.0.0.1.
fn certificate(folder: &Folder) -> Result<String, Missing> {
    let at = |name: &str| folder.path().join(name);
    run(Command::new(program("openssl")?)
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", "/CN=127.0.0.1"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(at("key.pem"))
        .arg("-out")
        .arg(at("certificate.pem")));
    Ok(std::fs::read_to_string(at("certificate.pem")).expect("what was just written"))
}

/// Puts in the base and its user before the server starts.
fn fill(folder: &Folder) -> Result<(), Missing> {
    let (base, user, password) = (Slapd::BASE, Slapd::USER, Slapd::PASSWORD);
    let start = folder.write(
        "start.ldif",
        &format!(
            "dn: {base}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: {user}
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: commonhold
userPassword: {password}
"
        ),
    );
    let mut command = Command::new(slapadd()?);
    command
        .arg("-q")
        .arg("-f")
        .arg(folder.path().join("slapd.conf"))
        .arg("-l")
        .arg(start);
    run(&mut command);
    Ok(())
}

fn slapadd() -> Result<PathBuf, Missing> {
    program("slapadd")
}

fn serve(folder: &Folder, port: u16, secure_port: u16) -> Result<Process, Missing> {
    let mut command = Command::new(program("slapd")?);
    command
        .current_dir(folder.path())
        // In the foreground, and only what goes wrong in the log.
        .args(["-d", "none", "-h"])
        .arg(format!(
            "ldap://127.0.0.1:{port} ldaps://127.0.0.1:{secure_port}"
        ))
        .arg("-f")
        .arg(folder.path().join("slapd.conf"));
    let mut process = Process::start(&mut command, folder.path().join("log"));
    process.wait_until_ready(|| listens(port) && listens(secure_port));
    Ok(process)
}

fn configuration(folder: &Folder, lines: &str) -> String {
    let home = folder.path().display();
    let (base, root, password) = (Slapd::BASE, Slapd::ROOT, Slapd::PASSWORD);
    format!(
        "include {SCHEMAS}/core.schema
include {SCHEMAS}/cosine.schema
include {SCHEMAS}/inetorgperson.schema
modulepath {MODULES}
moduleload back_mdb
pidfile {home}/pid
argsfile {home}/args
TLSCertificateFile {home}/certificate.pem
TLSCertificateKeyFile {home}/key.pem
TLSCACertificateFile {home}/certificate.pem
database mdb
maxsize 1073741824
suffix \"{base}\"
rootdn \"{root}\"
rootpw {password}
directory {home}/data
dbnosync
index objectClass eq
access to attrs=userPassword by anonymous auth by * none
{lines}
"
    )
}

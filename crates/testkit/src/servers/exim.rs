//! An Exim of one's own: a mail server.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Account, Folder, Missing, Process, free_port, is_root, listens, program, run};

/// A running `exim4` on the loopback interface, for the domain [`Exim::DOMAIN`].
///
/// It has the mailboxes that it was started with and refuses other recipients with 550, but
/// `busy`, which it puts off with 451. It takes mail for anybody at [`Exim::LATE_DOMAIN`], finds
/// then that there is nobody, and sends a bounce. One port is plain and offers STARTTLS; the
/// other is TLS from the first octet and wants [`Exim::USER`] to log in. Mail for other domains
/// is refused: none leaves the machine.
#[derive(Debug)]
pub struct Exim {
    // Dropped in this order: the server before the folder that it writes to.
    process: Process,
    port: u16,
    tls_port: u16,
    account: Account,
    folder: Folder,
}

impl Exim {
    /// The domain of its mailboxes.
    pub const DOMAIN: &str = "example.org";
    /// The domain that it takes mail for and cannot deliver to.
    pub const LATE_DOMAIN: &str = "late.example.org";
    /// Who may log in at the TLS port.
    pub const USER: &str = "commonhold";
    /// The password of the user.
    pub const PASSWORD: &str = "open/sesame@home";

    /// Starts a server with these mailboxes: the parts of addresses before the `@`.
    ///
    /// It runs as the account `Debian-exim`: Exim listens for administrators only, and never
    /// delivers as root.
    ///
    /// # Panics
    /// It is there, but does not start: with its log.
    pub fn start(mailboxes: &[&str]) -> Result<Self, Missing> {
        let exim = program("exim4").or_else(|_| program("exim"))?;
        if !is_root() {
            return Err(Missing::of(
                "root's rights for the tests, without which `exim4` does not listen",
            ));
        }
        let account = Account::named("Debian-exim").or_else(|_| Account::named("exim"))?;
        let folder = Folder::new();
        make_certificate(&folder)?;
        let (port, tls_port) = (free_port(), free_port());
        let text = configuration(&folder, &exim, (port, tls_port), mailboxes);
        folder.write("exim.conf", &text);
        for mailbox in mailboxes {
            folder.write(&format!("mail/{mailbox}/new/.made"), "");
            folder.write(&format!("mail/{mailbox}/cur/.made"), "");
            folder.write(&format!("mail/{mailbox}/tmp/.made"), "");
        }
        folder.give_to(account);
        let process = serve(&exim, account, &folder, (port, tls_port));
        Ok(Self {
            process,
            port,
            tls_port,
            account,
            folder,
        })
    }

    /// The port without TLS, which offers STARTTLS.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port that is TLS from the first octet.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// The PEM file of its self-made certificate, for `localhost` and `127.0.0.1`.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// The Maildir of a mailbox.
    pub fn mailbox(&self, name: &str) -> PathBuf {
        self.folder.path().join("mail").join(name)
    }

    /// The new mails of a mailbox, as they lie there.
    ///
    /// # Panics
    /// There is no such mailbox.
    pub fn mails(&self, name: &str) -> Vec<String> {
        let folder = fs::read_dir(self.mailbox(name).join("new")).expect("a mailbox of ours");
        let mut paths: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.file_name().is_some_and(|name| name != ".made"));
        paths.sort();
        paths
            .iter()
            .map(|path| fs::read_to_string(path).expect("a mail in UTF-8"))
            .collect()
    }

    /// What it printed and logged until now.
    pub fn log(&self) -> String {
        ["mainlog", "paniclog", "rejectlog"]
            .iter()
            .fold(self.process.log(), |text, name| {
                let log = fs::read_to_string(self.folder.path().join(name));
                text + &log.unwrap_or_default()
            })
    }

    /// Ends it at once, as a crash would, with the processes that deliver what it took.
    pub fn kill(&mut self) {
        let group = format!("-{}", self.process.id());
        // There is no such group any more where all of it has ended: as was wanted.
        let _ = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        self.process.kill();
    }

    /// Starts it again on the same ports and data.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_again(&mut self) {
        self.kill();
        let exim = program("exim4").or_else(|_| program("exim"));
        let exim = exim.expect("the program that was there");
        let ports = (self.port, self.tls_port);
        self.process = serve(&exim, self.account, &self.folder, ports);
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        // One that still delivers would make the folder again, to write its log.
        self.kill();
    }
}

fn make_certificate(folder: &Folder) -> Result<(), Missing> {
    run(Command::new(program("openssl")?)
        .current_dir(folder.path())
        .args([
            "req",
            "-x509",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"]));
    Ok(())
}

fn serve(exim: &Path, account: Account, folder: &Folder, ports: (u16, u16)) -> Process {
    let mut command = Command::new(exim);
    command
        .current_dir(folder.path())
        .process_group(0)
        .arg("-bdf")
        .arg("-C")
        .arg(folder.path().join("exim.conf"));
    account.runs(&mut command);
    let mut process = Process::start(&mut command, folder.path().join("log"));
    process.wait_until_ready(|| listens(ports.0) && listens(ports.1));
    process
}

fn configuration(
    folder: &Folder,
    exim: &Path,
    (port, tls_port): (u16, u16),
    mailboxes: &[&str],
) -> String {
    let (home, exim) = (folder.path().display(), exim.display());
    let (domain, late) = (Exim::DOMAIN, Exim::LATE_DOMAIN);
    let (user, password) = (Exim::USER, Exim::PASSWORD);
    let mailboxes = mailboxes.join(" : ");
    format!(
        r"exim_path = {exim}
primary_hostname = mail.{domain}
qualify_domain = {domain}
spool_directory = {home}/spool
log_file_path = {home}/%slog
pid_file_path = {home}/exim.pid
keep_environment =
add_environment = PATH=/usr/bin:/bin
deliver_drop_privilege = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port} : {tls_port}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = *
tls_certificate = {home}/certificate.pem
tls_privatekey = {home}/key.pem
host_lookup =
rfc1413_hosts =
smtp_accept_max = 50
smtp_enforce_sync = true
disable_ipv6 = true
acl_smtp_rcpt = rcpt
acl_smtp_data = accept

begin acl
rcpt:
  deny condition = ${{if eq{{$received_port}}{{{tls_port}}}}}
       ! authenticated = *
       message = 530 5.7.0 log in first
  defer local_parts = busy
       message = 4.2.1 try later
  accept domains = {late}
  accept domains = {domain}
       local_parts = {mailboxes}
  deny message = 5.1.1 no such user

begin routers
known:
  driver = accept
  domains = {domain}
  local_parts = {mailboxes}
  transport = maildir
late:
  driver = redirect
  domains = {late}
  allow_fail
  data = :fail: nobody of this name

begin transports
maildir:
  driver = appendfile
  directory = {home}/mail/$local_part_data
  maildir_format
  envelope_to_add
  return_path_add

begin retry
* * F,1h,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}
"
    )
}

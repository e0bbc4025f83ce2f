//! A directory of people and groups, spoken to by LDAP version 3 (RFC 4511).
//!
//! # What is where
//! People are `inetOrgPerson` (RFC 2798) `uid=NAME,ou=people,BASE`, with `cn`, `sn` and `mail`;
//! groups are `groupOfNames` (RFC 4519) `cn=NAME,ou=groups,BASE`, with `description` and
//! `member`. The two units are made when the first entry below them is; BASE must be there. A
//! surname is not in the estate: `sn` is the last word of the name when an entry is made or its
//! name changes, and left alone otherwise, so that whoever knows better may correct it.
//!
//! A `groupOfNames` must have a member. Every group made here has `cn=nobody,BASE`, an entry that
//! need not exist and is never shown; so a group can lose its last member, and two who change a
//! group at once never meet in an empty one.
//!
//! # What is ours
//! There is no mark on what we make: whoever may write to the directory could set one. All
//! entries of these two forms are told, made by us or not, and it is for the caller to keep its
//! hands off what it never declared. Entries of any other form (another class, another kind
//! of name) are left alone. A member that is no person below `ou=people` is told by its whole
//! name: it has what the group gives, and must be seen.
//!
//! # What is never believed
//! Entries are asked for in pages (RFC 2696). A limit, a reference to another server, a list in
//! ranges, an entry twice, a group that shows no member at all (there is always one): each is an
//! error and never a shorter list. Entries that the server hides from our user do not exist for
//! us; the user must be allowed to read all of both units.
//!
//! # TLS
//! Whatever leaves this machine is encrypted: `ldaps:` from the first octet, `ldap:` by `StartTLS`
//! before the password is sent, and a server that does not offer it is not spoken to. Its
//! certificate is held against the roots of Mozilla, and those given to [`Directory::trusting`].

mod ber;
mod client;
mod message;
mod names;
mod read;
mod write;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use change::WriteFailure;
use estate::kinds::AccessSystem;
use http_client::{Hidden, is_loopback};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::{Known, ReadError, Reading, Step, System};
use crate::State;
use client::{Connection, Failure, Place, Secrecy};
use message::{Outcome, code};
use names::Name;

/// Connections that are kept for the next question.
const KEPT: usize = 8;
/// How long to wait for a server that is busy: it does not say how long.
const PAUSE: Duration = Duration::from_secs(5);

/// A directory, as far as it is below one entry.
pub struct Directory {
    base: Name,
    people: Name,
    groups: Name,
    nobody: Name,
    place: Place,
    user: String,
    password: Hidden,
    roots: RootCertStore,
    tls: Arc<ClientConfig>,
    idle: Mutex<Vec<Connection>>,
}

impl Directory {
    /// What is below `base` in a directory of the estate, spoken to with this password.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: an address, a user, a password or a base is missing, or is none.
    pub fn new(base: &str, system: &AccessSystem, password: Hidden) -> Result<Self, ReadError> {
        let setup = |what: &str| ReadError::Setup(what.to_owned());
        let address = system.address.as_ref().ok_or_else(|| {
            setup("it has no `address`; write one, for example `ldaps://directory.example.org`")
        })?;
        let user = system.user.as_deref().unwrap_or_default();
        let named = Name::parse(user).ok().filter(|name| !name.is_empty());
        if named.is_none() {
            return Err(setup(
                "its `user` must be a distinguished name, for example `cn=commonhold,dc=example,dc=org`",
            ));
        }
        if password.0.is_empty() {
            // A server would let us in as nobody (RFC 4513 §5.1.2), and show us less.
            return Err(setup("its password is empty"));
        }
        let base = Name::parse(base).map_err(|what| {
            ReadError::Setup(format!("its base is no distinguished name: {what}"))
        })?;
        if base.is_empty() {
            return Err(setup("its base is empty"));
        }
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Ok(Self {
            people: base.child("ou", "people"),
            groups: base.child("ou", "groups"),
            nobody: base.child("cn", "nobody"),
            base,
            place: place(address)?,
            user: user.to_owned(),
            password,
            tls: config(roots.clone())?,
            roots,
            idle: Mutex::default(),
        })
    }

    /// The same, which also trusts servers whose certificates go back to one of these (PEM): a
    /// directory often has an authority of its own.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: there is no certificate in the text.
    pub fn trusting(mut self, authorities: &str) -> Result<Self, ReadError> {
        let wrong = |what: String| ReadError::Setup(format!("the certificates to trust: {what}"));
        let mut any = false;
        for certificate in CertificateDer::pem_slice_iter(authorities.as_bytes()) {
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            let added = self.roots.add(certificate);
            added.map_err(|error| wrong(error.to_string()))?;
            any = true;
        }
        if !any {
            return Err(wrong("there is none in the file".to_owned()));
        }
        self.tls = config(self.roots.clone())?;
        Ok(self)
    }

    /// Asks something over a connection that nobody else uses meanwhile.
    fn with<T>(
        &self,
        ask: impl FnOnce(&mut Connection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut connection = match self.kept() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = ask(&mut connection);
        if matches!(answer, Ok(_) | Err(Failure::Answered(_))) {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
        answer
    }

    /// A connection that still stands.
    fn kept(&self) -> Option<Connection> {
        loop {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let connection = idle.pop()?;
            drop(idle);
            if connection.is_idle() {
                return Some(connection);
            }
        }
    }

    fn connect(&self) -> Result<Connection, Failure> {
        let mut connection = Connection::open(&self.place, &self.tls)?;
        connection
            .bind(&self.user, &self.password.0)
            .map_err(|failure| match failure {
                // What was to be asked was not sent.
                Failure::Lost(what) => Failure::Unreachable(what),
                other => other,
            })?;
        Ok(connection)
    }

    /// What an answer that is no success says, and what to do.
    fn said(&self, outcome: &Outcome) -> String {
        let user = &self.user;
        match outcome.code {
            code::INVALID_CREDENTIALS => {
                format!("it does not take the password of `{user}`: {outcome}")
            }
            code::SIZE_LIMIT | code::ADMIN_LIMIT => format!(
                "it tells `{user}` only a part: {outcome}; raise what it may list in pages (in OpenLDAP `limits … size.prtotal=unlimited`)"
            ),
            code::REFERRAL => {
                let to = outcome.referrals.join(", ");
                format!("it sends us to another server ({to}); write that address in the estate")
            }
            _ => outcome.to_string(),
        }
    }

    fn reading(&self, failure: Failure) -> ReadError {
        match failure {
            Failure::Unreachable(what) | Failure::Lost(what) => ReadError::Unreachable(what),
            Failure::Answered(outcome) => match outcome.code {
                code::BUSY | code::UNAVAILABLE | code::TIME_LIMIT => {
                    ReadError::Unreachable(outcome.to_string())
                }
                _ => ReadError::Refused(self.said(&outcome)),
            },
        }
    }

    fn writing(&self, failure: Failure) -> WriteFailure {
        match failure {
            Failure::Unreachable(what) => WriteFailure::Unreachable(what),
            Failure::Lost(what) => WriteFailure::Unknown(what),
            Failure::Answered(outcome) => match outcome.code {
                code::BUSY | code::UNAVAILABLE => WriteFailure::Later(PAUSE),
                // Something broke inside of it, and it does not say when.
                code::OTHER => WriteFailure::Unknown(outcome.to_string()),
                _ => WriteFailure::Refused(self.said(&outcome)),
            },
        }
    }
}

impl System for Directory {
    /// All people and all groups with all their members, `wanted` or not.
    fn read(&self, _wanted: &State) -> Result<Reading, ReadError> {
        read::read(self)
    }

    fn write(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        write::write(self, step, known)
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory")
            .field("base", &self.base.to_string())
            .field("place", &self.place)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Reads `ldap://HOST[:PORT]` or `ldaps://HOST[:PORT]`.
fn place(address: &str) -> Result<Place, ReadError> {
    let wrong = |what: &str| {
        let text = base::visible(address);
        ReadError::Setup(format!("its address `{text}` {what}"))
    };
    let url = Url::parse(address).map_err(|_| wrong("is no URL"))?;
    let (tls, port) = match url.scheme() {
        "ldap" => (false, 389),
        "ldaps" => (true, 636),
        _ => return Err(wrong("starts neither with `ldaps://` nor with `ldap://`")),
    };
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err(wrong("has no host"));
    }
    let bare = url.username().is_empty()
        && url.password().is_none()
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none();
    if !bare {
        return Err(wrong("has more than a host and a port"));
    }
    Ok(Place {
        host: host.to_owned(),
        port: url.port().unwrap_or(port),
        secrecy: match (tls, is_loopback(host)) {
            (true, _) => Secrecy::Tls,
            (false, true) => Secrecy::Loopback,
            (false, false) => Secrecy::StartTls,
        },
    })
}

fn config(roots: RootCertStore) -> Result<Arc<ClientConfig>, ReadError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ReadError::Setup(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use estate::{Draft, MemoryTree};
    use testkit::servers::or_skip;
    use testkit::servers::slapd::Slapd;

    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_clear() {
        for (address, host, port, secrecy) in [
            (
                "ldap://127.0.0.1:3389",
                "127.0.0.1",
                3389,
                Secrecy::Loopback,
            ),
            ("ldap://[::1]", "::1", 389, Secrecy::Loopback),
            ("ldap://localhost/", "localhost", 389, Secrecy::Loopback),
            (
                "ldap://ldap.example.org",
                "ldap.example.org",
                389,
                Secrecy::StartTls,
            ),
            (
                "ldap://127.0.0.1.example.org",
                "127.0.0.1.example.org",
                389,
                Secrecy::StartTls,
            ),
            (
                "ldaps://ldap.example.org",
                "ldap.example.org",
                636,
                Secrecy::Tls,
            ),
        ] {
            let place = place(address).unwrap();
            assert_eq!(
                (place.host.as_str(), place.port, place.secrecy),
                (host, port, secrecy),
                "{address}"
            );
        }
    }

    #[test]
    fn an_address_that_is_none_is_told() {
        for address in [
            "ldap.example.org",
            "https://ldap.example.org",
            "ldaps://",
            "ldaps://user:secret@ldap.example.org",
            "ldaps://ldap.example.org/dc=org",
            "ldaps://ldap.example.org/?x",
        ] {
            assert!(
                matches!(place(address), Err(ReadError::Setup(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn start_tls_encrypts_before_the_password_is_sent() {
        let Some(server) = or_skip(Slapd::start()) else {
            return;
        };
        let text = format!(
            "kind: ldap\naddress: {}\nuser: {}\n",
            server.url(),
            Slapd::USER
        );
        let tree = MemoryTree::default()
            .with("commonhold.yaml", "commonhold: 1\nname: T\n")
            .with("access-systems/directory.yaml", text.as_str());
        let (estate, _) = Draft::read(&tree).unwrap().resolve();
        let system = &estate.tables.access_systems.get("directory").unwrap().value;
        let open = || {
            let mut directory =
                Directory::new(Slapd::BASE, system, Hidden(Slapd::PASSWORD.to_owned())).unwrap();
            // As if it were another machine.
            directory.place.secrecy = Secrecy::StartTls;
            directory
        };
        let strange = open().read(&State::default()).unwrap_err();
        assert!(matches!(&strange, ReadError::Unreachable(what) if what.contains("certificate")));
        let directory = open().trusting(server.certificate()).unwrap();
        for _ in 0..2 {
            assert!(
                directory
                    .read(&State::default())
                    .unwrap()
                    .state
                    .entries
                    .is_empty()
            );
        }
        // The second time over the same connection.
        assert_eq!(directory.idle.lock().unwrap().len(), 1);
    }
}

//! Messages as mail, by a server that takes mail for anywhere.

mod compose;
mod session;
mod setting;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::hidden::Hidden;
use crate::message::Message;
use crate::outcome::{Evidence, Failure};

/// A mail server, and who sends.
///
/// Delivery is all or nothing: when one recipient is refused, nobody gets the message. The
/// connection is encrypted and the server's certificate is held against the roots of Mozilla,
/// or against the file that the setting names; only on this machine it may be plain.
#[derive(Clone)]
pub struct Mail {
    host: String,
    port: u16,
    safety: Safety,
    login: Option<Login>,
    /// Who it is from, for people.
    from: String,
    /// Where mail that cannot be delivered comes back to.
    bounces: String,
    /// For each wait for the server.
    timeout: Duration,
}

/// How a connection is kept from others.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Safety {
    /// To this machine only.
    Plain,
    /// STARTTLS (RFC 3207), never without it.
    Upgraded { roots: Option<PathBuf> },
    /// TLS from the first octet (RFC 8314).
    Tls { roots: Option<PathBuf> },
}

#[derive(Clone)]
struct Login {
    user: String,
    password: Hidden,
}

impl Mail {
    /// The environment variable that the server's URL is in where nothing else is said.
    pub const VARIABLE: &str = "COMMONHOLD_SMTP";

    pub(crate) fn send(&self, message: &Message) -> Result<Evidence, Failure> {
        if message.to().next().is_none() {
            return Err(Failure::Misconfigured(
                "the message has no recipient; name the list's address in the charter".to_owned(),
            ));
        }
        let id = message.id_at(self.domain());
        let mail = compose::mail(message, &self.from, self.domain());
        let reply = session::send(self, message, &mail)?;
        Ok(Evidence::Mail {
            id,
            to: message.to().map(str::to_owned).collect(),
            reply,
        })
    }

    /// The domain of the sender, which the Message-IDs are in.
    pub fn domain(&self) -> &str {
        self.from.rsplit('@').next().unwrap_or_default()
    }

    /// The address that mail which cannot be delivered comes back to.
    pub fn bounces(&self) -> &str {
        &self.bounces
    }

    fn password(&self) -> Option<&Hidden> {
        self.login.as_ref().map(|login| &login.password)
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("safety", &self.safety)
            .field("user", &self.login.as_ref().map(|login| &login.user))
            .field("from", &self.from)
            .field("bounces", &self.bounces)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the mail server {}:{}", self.host, self.port)
    }
}

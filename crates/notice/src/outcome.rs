//! How a delivery ended.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use base::Digest;
use serde::Serialize;

/// That the other side has a message, and how it said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// The channel, as it is shown to people; no secret is in it.
    pub channel: String,
    /// The digest of the message.
    pub message: Digest,
    /// What the other side said.
    pub evidence: Evidence,
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.channel, self.evidence)
    }
}

/// What shows that a message arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Evidence {
    /// A mail server took it for every recipient. It may still come back: see [`crate::bounce`].
    Mail {
        /// The Message-ID, in angle brackets.
        id: String,
        /// The recipients, all of them accepted.
        to: Vec<String>,
        /// The server's last reply, which usually names the mail in its queue: "250 OK id=…".
        reply: String,
    },
    /// A web server took it.
    Webhook {
        /// The status: 200 to 299.
        status: u16,
        /// Where it says that the message is now.
        #[serde(skip_serializing_if = "Option::is_none")]
        location: Option<String>,
    },
    /// It is in a file, and on the disk.
    File {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail { id, to, reply } => {
                write!(f, "{id} accepted for {}: {reply}", to.join(", "))
            }
            Self::Webhook {
                status,
                location: Some(location),
            } => write!(f, "answered {status}, it is at {location}"),
            Self::Webhook { status, .. } => write!(f, "answered {status}"),
            Self::File { path } => write!(f, "written to {}", path.display()),
        }
    }
}

/// Why nobody may be taken to know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDelivered {
    /// The other side does not want this message, and will not want it later: an unknown
    /// recipient, a text that it does not take. Somebody must change something.
    #[error("{channel} refused it: {what}")]
    Refused {
        /// The channel, as it is shown to people.
        channel: String,
        /// What it said; of mail, about which recipient.
        what: String,
    },
    /// It may work later: the other side is away, slow or busy. The message may have arrived
    /// all the same; sent again, it is the same message.
    #[error("{channel} did not take it now: {what}")]
    Later {
        /// The channel, as it is shown to people.
        channel: String,
        /// What went wrong.
        what: String,
        /// How long the other side asks to wait, at most a day.
        after: Option<Duration>,
    },
    /// The channel is not set up: a wrong password, no trust, no such folder. It works when
    /// whoever runs this program has mended it.
    #[error("{channel} is not set up: {what}")]
    Misconfigured {
        /// The channel, as it is shown to people.
        channel: String,
        /// What is wrong, and what to do.
        what: String,
    },
}

/// The same, before it is said of which channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    Refused(String),
    Later(String, Option<Duration>),
    Misconfigured(String),
}

impl Failure {
    pub(crate) fn is_misconfigured(&self) -> bool {
        matches!(self, Self::Misconfigured(_))
    }

    pub(crate) fn on(self, channel: String) -> NotDelivered {
        match self {
            Self::Refused(what) => NotDelivered::Refused { channel, what },
            Self::Later(what, after) => NotDelivered::Later {
                channel,
                what,
                after,
            },
            Self::Misconfigured(what) => NotDelivered::Misconfigured { channel, what },
        }
    }
}

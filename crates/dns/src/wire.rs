//! A small, blocking client of name servers: questions, zone transfers and updates, signed
//! with a shared key where there is one (RFC 1035, 2136, 5936, 7766, 8945).
//!
//! Messages are taken apart and put together by the crate `domain`; sockets, deadlines and
//! what makes an answer trustworthy are ours. The time, which signatures need, comes from a
//! [`Clock`] that the caller hands in.

mod connection;
mod message;
mod query;
mod server;
mod sign;
mod transfer;
mod update;

use std::fmt;

pub use domain::base::iana::Rcode;

pub use query::{Answer, Standing, query, query_all, soa};
pub use server::{Clock, Key, Patience, Server};
pub use transfer::{Transfer, parse_transfer, transfer};
pub use update::{Action, SoaRecord, Update};

/// Why a name server's answer is not there, or of no use. Never says a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// An address or key is of no use, or a message cannot be made; nothing was sent.
    Setup(String),
    /// No connection, or it broke before the whole message was sent.
    Unreachable(String),
    /// The message was sent, and no answer or not all of it came.
    Silent(String),
    /// What came makes no sense, is cut short, or is not signed as it must be.
    Untrusted(String),
    /// The server says no.
    Refused {
        /// The code it answered with.
        rcode: Rcode,
        /// Whether it let the key's signature count; an answer of no with one is beyond doubt.
        signed: bool,
        /// What it said, in words.
        what: String,
    },
}

impl Failure {
    pub(crate) fn untrusted(what: impl Into<String>) -> Self {
        Self::Untrusted(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(what)
            | Self::Unreachable(what)
            | Self::Silent(what)
            | Self::Untrusted(what)
            | Self::Refused { what, .. } => f.write_str(what),
        }
    }
}

impl std::error::Error for Failure {}

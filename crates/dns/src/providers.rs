//! What is asked of any server of zones, and what it may answer.
//!
//! A provider is split in two: what plans holds a [`ReadZone`] and no handle
//! that writes.

pub mod open;
pub mod powerdns;
pub mod rfc2136;
pub mod route53;
pub mod zone_files;

use std::time::Duration;

use estate::records::{DomainName, RecordKey, RecordSet, RecordSets};

/// What a server holds of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Its record sets, without the SOA and without what servers make themselves
    /// (see [`estate::records::RecordType::is_made_by_servers`]).
    pub sets: RecordSets,
    /// What else it holds; it stays as it is.
    pub beyond: Vec<Beyond>,
    /// By this the server tells whether the zone has changed since.
    pub mark: Mark,
}

/// Something a server holds that no record set says: an alias of its own, a weighted or
/// switched-off record, a type only it knows. Providers never touch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// At which name.
    pub name: DomainName,
    /// The type's name as the server has it.
    pub rtype: String,
    /// What it is, as the end of "here is ...".
    pub what: String,
}

/// By this a server tells whether a zone has changed: the text of its SOA, an
/// entity tag, a digest. Equal marks mean an unchanged zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(pub String);

/// One record set before and after; `None` is that it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetChange {
    /// Which.
    pub key: RecordKey,
    /// What is there.
    pub before: Option<RecordSet>,
    /// What shall be there.
    pub after: Option<RecordSet>,
}

/// How much one message to a server may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Record sets that change.
    pub sets: usize,
    /// Octets of their data before and after, names among them.
    pub octets: usize,
}

/// Reads zones from a server.
pub trait ReadZone {
    /// All that it holds of a zone, with the mark of that very state.
    fn observe(&self, zone: &DomainName) -> Result<Observed, ReadError>;
}

/// Changes zones on a server.
pub trait WriteZone {
    /// How much one [`WriteZone::write`] may hold.
    fn limits(&self) -> BatchLimits;

    /// Changes all of these sets at once, or none, if the zone still has this mark;
    /// gives the mark it has afterwards.
    fn write(
        &mut self,
        zone: &DomainName,
        mark: &Mark,
        changes: &[SetChange],
    ) -> Result<Mark, WriteError>;
}

/// Why a zone could not be read. Never taken for an empty zone.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No answer.
    #[error("{server} does not answer: {what}")]
    Unreachable {
        /// Who.
        server: String,
        /// What happened.
        what: String,
    },
    /// It knows us not, or does not let us.
    #[error("{server} refuses: {what}")]
    Refused {
        /// Who.
        server: String,
        /// What it said.
        what: String,
    },
    /// It has no such zone.
    #[error("{server} does not serve {zone}")]
    NoSuchZone {
        /// Who.
        server: String,
        /// Which zone.
        zone: DomainName,
    },
    /// The answer is cut short, is not signed as it must be, or makes no sense.
    #[error("the answer of {server} cannot be trusted: {what}")]
    Untrusted {
        /// Who.
        server: String,
        /// What is wrong.
        what: String,
    },
    /// A secret or an address is missing, or of no use.
    #[error("{server} cannot be asked: {what}")]
    Setup {
        /// Who.
        server: String,
        /// What is missing.
        what: String,
    },
}

/// Why a zone was not changed, or whether that is known.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The zone has changed since it was observed; nothing was done.
    #[error("{zone} has changed at {server} since it was read")]
    Moved {
        /// Who.
        server: String,
        /// Which zone.
        zone: DomainName,
    },
    /// The server will not do it; nothing was done.
    #[error("{server} refuses: {what}")]
    Refused {
        /// Who.
        server: String,
        /// What it said.
        what: String,
    },
    /// Too many requests; nothing was done.
    #[error("{server} asks to wait {} seconds", after.as_secs())]
    Later {
        /// Who.
        server: String,
        /// How long.
        after: Duration,
    },
    /// It never got the request; nothing was done.
    #[error("{server} does not answer: {what}")]
    Unreachable {
        /// Who.
        server: String,
        /// What happened.
        what: String,
    },
    /// The request was sent and no answer came: it may have been done.
    #[error("{server} did not say whether it was done: {what}")]
    Unknown {
        /// Who.
        server: String,
        /// What happened.
        what: String,
    },
    /// A secret or an address is missing, or of no use; nothing was done.
    #[error("{server} cannot be asked: {what}")]
    Setup {
        /// Who.
        server: String,
        /// What is missing.
        what: String,
    },
}

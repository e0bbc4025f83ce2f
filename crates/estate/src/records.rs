//! DNS records: names, types and data in one canonical form.
//!
//! Data are kept as the bytes a name server sends (RFC 1035 §3.3, names in lower
//! case and not compressed as in RFC 4034 §6.2), so that two spellings of one
//! value are equal and types nobody knows survive (RFC 3597). What a type looks
//! like is one line of the table in [`types`]; the texts of zone files, the keys
//! of octoDNS and the bytes all follow from it.

mod data;
mod location;
mod name;
mod service_parameters;
mod text;
mod types;

use std::collections::BTreeMap;
use std::fmt;

pub use data::{Atom, RecordData};
pub use name::DomainName;
pub use text::{Token, tokens};
pub use types::{Field, FieldKind, RecordType, TypeInfo};

/// Why a text is not a name or the data of a record, as the end of a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// What a zone has at most one record set of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// Whose.
    pub name: DomainName,
    /// Of which type.
    pub rtype: RecordType,
}

impl RecordKey {
    /// The key of a name and a type.
    pub fn new(name: DomainName, rtype: RecordType) -> Self {
        Self { name, rtype }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.rtype)
    }
}

/// All records of one name and type (RFC 2181 §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSet {
    /// How long an answer may be kept, in seconds, at most [`RecordSet::LONGEST_TTL`].
    pub ttl: u32,
    /// The data, sorted and distinct.
    data: Vec<RecordData>,
}

impl RecordSet {
    /// RFC 2181 §8.
    pub const LONGEST_TTL: u32 = 0x7fff_ffff;

    /// A set; the order of data and repetitions mean nothing.
    pub fn new(ttl: u32, mut data: Vec<RecordData>) -> Self {
        data.sort();
        data.dedup();
        Self { ttl, data }
    }

    /// The data, sorted and distinct.
    pub fn data(&self) -> &[RecordData] {
        &self.data
    }
}

/// The record sets of a zone.
pub type RecordSets = BTreeMap<RecordKey, RecordSet>;

//! Master files: zones as text (RFC 1035 §5, RFC 2308 §4).
//!
//! ```
//! use dns::master_file;
//! use estate::records::DomainName;
//!
//! let origin = DomainName::absolute("example.org.").unwrap();
//! let (zone, problems) = master_file::parse("www 1h IN A 192.0.2.1\n", &origin);
//! assert!(problems.is_empty());
//! assert_eq!(master_file::print(&zone, &origin), "$ORIGIN example.org.\nwww\t3600\tIN\tA\t192.0.2.1\n");
//! ```
//!
//! This module must never know a disk: what stands in another file (`$INCLUDE`) is a problem.

mod print;
mod read;
mod words;

use std::fmt;

use estate::records::{RecordData, RecordKey, RecordSets};

pub use print::print;
pub use read::parse;

/// What a master file says of a zone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MasterFile {
    /// The start of authority, if the file has it.
    pub soa: Option<Soa>,
    /// All other record sets.
    pub sets: RecordSets,
    /// Records that a signer made (see [`estate::records::RecordType::is_made_by_servers`]);
    /// their data are not kept. Sorted, each once.
    pub made_by_servers: Vec<RecordKey>,
}

/// The start of authority of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soa {
    /// How long an answer may be kept, in seconds.
    pub ttl: u32,
    /// Its data.
    pub data: RecordData,
}

impl Soa {
    /// Where the serial stands, counted from the end of the data (RFC 1035 §3.3.13).
    const SERIAL_FROM_END: usize = 20;

    /// The number that says how new the zone is.
    pub fn serial(&self) -> u32 {
        let octets = self.data.octets();
        let at = octets.len().checked_sub(Self::SERIAL_FROM_END);
        let serial = at.and_then(|at| octets.get(at..at + 4)?.try_into().ok());
        serial.map_or(0, u32::from_be_bytes)
    }

    /// The same with the next serial.
    ///
    /// One more is newer in the arithmetic of serials (RFC 1982 §3.1), also of one that is made
    /// of a date; 0 is left out, which some servers take for none.
    pub fn next(&self) -> Self {
        self.with_serial(self.serial().checked_add(1).unwrap_or(1))
    }

    /// The same with this serial.
    pub fn with_serial(&self, serial: u32) -> Self {
        let mut octets = self.data.octets().to_vec();
        if let Some(at) = octets.len().checked_sub(Self::SERIAL_FROM_END) {
            octets[at..at + 4].copy_from_slice(&serial.to_be_bytes());
        }
        let data = RecordData::from_wire(estate::records::RecordType::SOA, &octets);
        Self {
            ttl: self.ttl,
            data: data.unwrap_or_else(|_| self.data.clone()),
        }
    }
}

/// What is wrong in a master file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong and what to do, as a sentence without its dot.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)
    }
}

#[cfg(test)]
mod tests;

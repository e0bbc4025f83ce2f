//! Name servers that are read by zone transfer and changed by dynamic update: BIND, Knot,
//! `PowerDNS` (RFC 5936, RFC 2136), signed with a shared key (RFC 8945).
//!
//! The mark of a zone is the text of its SOA, and every update demands that the zone still has
//! that SOA.

mod read;
mod write;

pub use read::Reader;
pub use write::Writer;

//! Files to a typed, resolved graph of all that a community owns, every value
//! with the place it was written.
//!
//! ```text
//! Tree ──► Manifest ──► Draft (native files; crate `formats` adds adopted ones) ──► Estate
//! ```
//!
//! This crate must never know a network, a clock, a disk (files come through
//! [`Tree`]), any community's name, or what the charter makes of what it reads.

pub mod codes;
mod draft;
mod graph;
mod impact;
pub mod kinds;
mod manifest;
pub mod meetings;
mod native;
mod ownership;
mod people;
mod period;
mod read;
pub mod records;
mod reference;
mod scalars;
mod stats;
mod table;
mod tree;
mod unknown;
mod who;

pub use draft::{Draft, Estate};
pub use graph::{Graph, Link, NodeId};
pub use impact::{Affected, Impact};
pub use kinds::{Kind, KindId, Tables};
pub use manifest::{AuditIgnore, Manifest, Source};
pub use ownership::{
    Aliases, Explanation, Fault, Filter, Ground, Owners, OwnersFile, OwnersTree, Resolution, Stop,
};
pub use people::{AddressBook, Addressee, Sighting};
pub use period::{Period, PeriodUnit};
pub use reference::{Ref, Reference, References, Relation, Strength};
pub use scalars::{Email, PublicKey, TimeZone};
pub use stats::{Count, counts};
pub use table::{AnyItem, HasTable, Item, Table};
pub use tree::{MemoryTree, Tree, Unreadable, join};
pub use unknown::unknown;
pub use who::{Answer, who_owns};

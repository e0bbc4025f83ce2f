//! DNS: zones as they are declared, against the name servers that serve them.
//!
//! This crate must never know another domain, nor a clock: time is an argument.

mod check;
pub mod codes;
mod desired;
mod diff;
mod domain;
mod effect;
mod http;
pub mod master_file;
pub mod providers;
pub mod request;
mod state;
pub mod verify;
pub mod wire;
mod write;

pub use check::check;
pub use desired::{Desired, Read, desired};
pub use domain::{DOMAIN, Hands, Outside, Readings, Zones};
pub use state::{Declaration, ZoneState, from_value, parse_resource, to_value};

use estate::records::{RecordKey, RecordType};

/// Where those who issue certificates look whether a name is ours (RFC 8555 §8.4).
const ACME_LABEL: &str = "_acme-challenge";

/// Whether a record set is what those who issue certificates look for: programs put it there and
/// take it away again, all the time.
pub fn is_challenge(key: &RecordKey) -> bool {
    key.rtype == RecordType::TXT && key.name.labels().next() == Some(ACME_LABEL)
}

//! Elections: who may vote, who stands, and who sits.
//!
//! ```text
//! files ──definition, elekto──► Definition ──voters──► who may vote, and why
//!                                   ├── candidacy, officers──► who stands, and who watches
//!                                   └── with an order of the candidates ──seats──► who sits
//! ```
//!
//! This crate must never know a network, a clock (time is an argument) or a disk, and no
//! ballot of anybody: those are kept by `ballot_box` and counted by `tally`.

pub mod candidacy;
pub mod codes;
pub mod definition;
mod directory;
pub mod elekto;
mod login;
pub mod lottery;
pub mod nominations;
pub mod officers;
pub mod seats;
pub mod voters;

pub use definition::Definition;
pub use directory::Directory;
pub use login::{Login, NotALogin};

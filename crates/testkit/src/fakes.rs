//! Stand-ins for services that nobody can run at home, made from their vendors' published
//! descriptions and not from what our clients send.
//!
//! A stand-in keeps state, checks every request and every answer of its own against the
//! description (see the folder `vendor` of this crate), logs what it was asked, and can be told
//! to fail. What does not fit the description is a violation, which a test has to find empty.

pub mod faults;
pub mod github;
pub mod google;
pub mod schema;
pub mod serving;

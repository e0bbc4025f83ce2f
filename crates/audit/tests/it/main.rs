//! Audits by the face of the crate: on a stand-in for Amazon's services, whole and spoilt, and
//! what is compared with what.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod account;
mod compared;
mod findings;
mod paged;
mod pages;
mod spoilt;
mod whole;

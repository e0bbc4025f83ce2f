//! The crate as others see it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what tests share is a test too"
)]

mod ballots;
mod debian;
mod explanations;
mod formats;
mod formats_bad;
mod formats_laws;
mod laws;
mod methods;
mod real;
mod sensitivity;
mod stv;
mod stv_laws;

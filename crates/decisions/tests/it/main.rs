//! The crate's face: signatures of real OpenSSH, events and their files, what stands
//! for a change, and the clock beside an independent one.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what tests share is a test too"
)]

mod clock;
mod clock_table;
mod events;
mod laws;
mod signers;
mod sshsig;
mod standing;

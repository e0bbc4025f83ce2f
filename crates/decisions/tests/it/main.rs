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
mod item;
mod item_after;
mod item_amend;
mod item_attacks;
mod item_laws;
mod item_lazy;
mod item_vote;
mod journal;
mod laws;
mod page;
mod presets;
mod signers;
mod sshsig;
mod standing;
mod vote;
mod vote_caps;

//! Telling other programs what happens: who wants to be told, what happened, and that it arrives.
//!
//! A delivery is kept before anything is sent, so that a crash loses none; it is signed as the Standard
//! Webhooks specification has it, and tried for a day. What is told is what whoever comes may see.

mod courier;
mod delivery;
mod event;
mod hook;
mod sign;

pub use courier::{Courier, Mail};
pub use sign::signature;

pub(crate) use delivery::{Delivery, Outbox, Stands};
pub(crate) use event::{TEST, kinds, wanted};
pub(crate) use hook::{Hook, Hooks, MOST, Refused, sound};
pub(crate) use sign::random;

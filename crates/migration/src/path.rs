//! The path of least resistance: in what order what is left of a migration is moved, who does it
//! when, and which bridges stand meanwhile.
//!
//! ```text
//! services' own moves ─┐
//! Standing ────────────┴─► Left: things, what they refer to, what holds them
//!                            └─► Path: parts that move in one go, edges between them
//!                                  └─► Course: waves with dates and bridges, the cost, what if
//! ```
//!
//! A part is a batch of things of one owner that wait for the same locks, or a lock that somebody
//! frees. What cannot be bridged puts one part before another: a thing cannot run on what is not
//! there. All else that refers across is a bridge for as long as one end has moved and the other
//! has not.

mod against;
mod common;
mod course;
mod cycles;
mod find;
mod left;
mod links;
mod markdown;
mod pace;
mod parts;
mod plan;
mod tell;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use against::{Against, Held};
pub use common::Common;
pub use course::{Bridge, Course, Cycle, Late, Opened, Order, Owner, Share, Standing, Unit, Wave};
pub use find::Unknown;
pub use left::{Fate, Left, Obstacle, Thing};
pub use links::{Grip, Link};
pub use pace::{Pace, Pause};
pub use parts::{Part, PartKind};
pub use plan::{Ask, NoPath, Path, WhatIf};

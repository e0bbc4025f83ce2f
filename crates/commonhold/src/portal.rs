//! The portal's content: what the crates below know, as collections and pages. One file an area, thin.

mod access;
mod affairs;
mod calendar;
mod changes;
mod content;
mod decisions;
mod elections;
mod findings;
mod groups;
mod hands;
mod home;
mod ledger;
mod migration;
mod people;
mod services;
mod shown;
mod spend;
mod wiring;

pub(crate) use affairs::Affairs;
pub(crate) use content::Shown;
pub(crate) use shown::Known;

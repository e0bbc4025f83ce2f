//! The portal's content: what the crates below know, as collections and pages. One file an area, thin.

mod access;
mod affairs;
mod beside;
mod calendar;
mod changes;
mod content;
mod decisions;
mod elections;
mod employers;
mod findings;
mod groups;
mod hands;
mod home;
mod index;
mod items;
mod jobs;
mod ledger;
mod migration;
mod parts;
mod people;
mod related;
mod secret_teams;
mod services;
mod shown;
mod shows;
mod spend;
mod wiring;
mod zones;

pub(crate) use affairs::{Affairs, version};
pub(crate) use content::Shown;
pub(crate) use hands::{Community, Remote as Pushed, Setup, open as hands};
pub(crate) use shown::Known;

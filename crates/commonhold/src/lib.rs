//! The commands of `commonhold`: one file each in `commands/`, thin over the
//! crates that do the work. Everything the outside world decides comes in
//! through [`Surroundings`], everything a command says goes out through
//! [`Outcome`], so a command is a function and can be tested as one.

mod cli;
pub mod clock;
mod commands;
mod court;
mod docket;
mod exit;
pub mod files;
mod git;
mod governed;
mod keys;
mod lists;
pub mod pages;
mod portal;
mod project;
mod provenance;
mod render;
mod run;
mod serve;
mod surroundings;
mod systems;
mod ways;

pub use cli::command;
pub use exit::Exit;
pub use run::run;
pub use surroundings::{Outcome, Surroundings};

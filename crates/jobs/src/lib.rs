//! CI jobs: what sets them off, what they run, what they refer to, and what is wrong with them.
//!
//! An adapter reads files into [`JobFile`]s, each on its own; [`Catalogue::merge`] puts them together
//! with the [`Settings`] of the installation and the [`Conventions`] of the system that runs jobs.
//! Only what follows from several files is judged there, so that after an edit one file is read and
//! the rest is merged. [`References`] answers which job uses what, and which jobs use a thing;
//! [`Subjects`] what predicates ask about jobs, presets and tabs.
//!
//! This crate must never know any community's or tool's name, network, clock or disk.

pub mod boards;
mod branches;
pub mod build;
mod catalogue;
mod census;
pub mod check;
pub mod codes;
mod conventions;
mod cron;
mod duration;
mod faults;
pub mod item;
pub mod job;
mod names;
mod opaque;
mod owners;
mod pattern;
mod preset;
mod quantity;
mod references;
mod twins;
pub mod workload;

pub use branches::{BadBranches, Branches};
pub use build::Build;
pub use catalogue::{Catalogue, DecorationDefault, Effective, JobFile, Settings};
pub use census::{ByKind, Census};
pub use conventions::{Conventions, Notes};
pub use cron::{Cron, Fields, NotACron};
pub use duration::{Duration, NotADuration};
pub use faults::{DeadPreset, UnknownAnnotation};
pub use item::{JobItem, Subjects};
pub use job::{Job, Kind, KindName};
pub use names::{LONGEST_LABEL, is_job_name, is_run_name};
pub use opaque::Opaque;
pub use owners::{Approvers, UnderOwned};
pub use pattern::Patterns;
pub use preset::{Clash, Preset, PresetEntry, Presets, clashes, merged};
pub use quantity::{NotAQuantity, Quantity};
pub use references::{Mention, References, Target};
pub use workload::Workload;

//! The adapters, by their face.

mod groups_yaml;
mod meetings;
mod octodns;
mod owners;
mod peribolos;
mod prow_jobs;
mod sigs_yaml;
mod support;

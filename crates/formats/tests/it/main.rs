//! The adapters, by their face.

mod groups_yaml;
mod octodns;
mod owners;
mod peribolos;
mod sigs_yaml;
mod support;

//! The one façade over the YAML parser.
//!
//! [`parse`] turns a text into trees in which every node knows its place and
//! reports what no reader should have to guess: duplicate keys, tabs, merge
//! keys, bombs. [`record!`], [`choice!`] and [`FromYaml`] turn a tree into
//! typed values and collect every mistake instead of stopping at the first.
//! The same definition describes itself as a [`Shape`], from which JSON Schema
//! and the reference pages are generated, so neither can drift.
//!
//! Three dialects: [`Dialect::Native`] is ours and strict; [`Dialect::Go`] reads
//! files that other programs own the way their Go readers do; [`Dialect::Octodns`]
//! leaves includes and merge keys in the tree.
//!
//! This crate must never know what the values mean, nor any network, clock or disk.

mod amounts;
pub mod codes;
mod decode;
pub mod edit;
mod macros;
mod mistakes;
mod node;
mod parse;
mod places;
mod scalar;
mod shape;
mod syntax;
mod values;

pub use decode::{Decoding, Dialect, Entries, FromYaml, Profile, UnknownKeys};
pub use node::{Node, Value};
pub use parse::{parse, parse_single};
pub use scalar::{Reading, reads_as};
pub use shape::{Choice, Field, Record, Shape, json_schema};
pub use values::Map;

#[doc(hidden)]
pub mod reexport {
    pub use base::Spanned;
    pub use serde::Serialize;
}

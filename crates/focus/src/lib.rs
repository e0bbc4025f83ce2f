//! Bills of many vendors as charges in the columns of FOCUS, the `FinOps` Open Cost and Usage
//! Specification, and whether a file keeps to it.
//!
//! [`import`] reads a vendor's file as a stream, row by row, and gives a [`Row`] a charge to a
//! [`Sink`]. Numbers go from the bytes of the file to a [`base::Decimal`]; nothing is a float in
//! between. What is wrong with a file is a [`Problem`] with file, line and column.
//!
//! [`conformance`] holds a file against the requirements of the specification.
//!
//! This crate must never know an estate, who owns what, the network, the clock, or where charges
//! are kept.

pub mod codes;
mod column;
pub mod conformance;
pub mod import;
mod problem;
mod row;

pub use base::Month;
pub use column::{Column, ColumnType, Presence};
pub use problem::{Place, Problem};
pub use row::{Cell, Row, Sink};

//! Whether a file keeps to FOCUS: the rules of its requirements model, and the laws between
//! columns and rows that the model only says in words.
//!
//! A [`Model`] is read from the JSON that the FOCUS project publishes; without one, presence,
//! nulls, types and allowed values of [`Column`](crate::Column) are held against. Rows are given
//! one by one and none is kept. What fails is told by its cause: one column that is missing is one
//! finding, not each of the rules that speak of it.

mod builtin;
mod causes;
mod cells;
mod defects;
mod formats;
mod laws;
mod model;
mod rule;
mod verdicts;

pub use causes::Cause;
pub use model::{Model, NotAModel};
pub use verdicts::{Conformance, Criteria, Judgement, Outcome, Tally, Verdict};

#[cfg(test)]
mod tests;

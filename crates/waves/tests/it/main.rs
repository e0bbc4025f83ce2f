//! What the crate promises, on generated problems.

mod bridges;
mod brute;
mod calendar;
mod face;
mod large;
mod optimal;
mod problems;
mod unlock;

//! What the crate promises, on jobs that are made up.

mod jobs;
mod laws;
mod mistakes;
mod speed;
mod table;
mod why;

//! What the crate promises, on generated series.

mod events;
mod face;
mod honesty;
mod peers;
mod series;

//! What a daily series comes to in days to come, how far that was off before, and which of its
//! days were not to be expected.
//!
//! ```text
//! History ─► watch: what each day was expected to be ─► events
//!    │          │
//!    │          ▼
//!    └──────► bed: spikes taken out, levels before a shift brought to the new one
//!               │
//!               ▼
//!            models, fitted at many days of the past ─► back-test ─► the model and its spread
//! ```
//!
//! A forecast is judged by totals of 28 days, as money is spent in totals, and its intervals are
//! of totals: how far totals of so many days were off when the same was done in the past. Nothing
//! here is drawn at random, so the same history gives the same forecast.
//!
//! Numbers here are estimates, so they are floats; money is not counted here.
//! This crate must never know what is measured, the clock, network or disk.

mod backtest;
mod bed;
mod events;
mod forecast;
mod history;
mod models;
mod robust;
mod shift;
mod spread;
mod watch;

pub use backtest::{Backtest, Tried};
pub use events::{Direction, Event, Sensitivity, events};
pub use forecast::{Forecast, Interval, TooShort, forecast};
pub use history::History;
pub use models::{Model, Smoothed, Smoothing, smooth};
pub use robust::line;

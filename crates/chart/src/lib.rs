//! Charts as SVG, each with a table of the same figures, the same bytes for the same figures.
//!
//! This crate must never know what the figures mean, fonts, the network or the clock.

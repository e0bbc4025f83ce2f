//! Charts as SVG, each with a table of the same figures, the same bytes for the same figures.
//!
//! Each function draws one kind of [`Chart`]: [`stacked`] bars by month or day, [`lines`](fn@lines)
//! with a band for what is uncertain, a [`curve`](fn@curve) of areas with the days on which something
//! happened, a [`ranking`] of horizontal bars, a [`burn_down`] to the day on which something ends,
//! and a [`spark`] to stand beside a number. A page that shows them has [`STYLE`] in it once.
//!
//! Drawings need no script. Colours are custom properties, so that they follow the page into the
//! dark; what a colour says, a pattern or a label says too. Text is in the fonts of the system and
//! grows on narrow screens. Whoever cannot see a drawing has its title, its description and the
//! table.
//!
//! This crate must never know what the figures mean, fonts, the network or the clock.

mod axis;
mod burn;
mod canvas;
mod curve;
mod figure;
mod lines;
mod ranking;
mod sparkline;
mod stacked;
mod style;
mod text;

pub use burn::{Burn, Mark, Point, burn_down};
pub use curve::{Curve, curve};
pub use figure::{About, Chart, Table, Value};
pub use lines::{Band, lines};
pub use ranking::{Item, ranking};
pub use sparkline::spark;
pub use stacked::{Series, stacked};
pub use style::STYLE;

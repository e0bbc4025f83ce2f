//! A report as sections: texts, lists, figures, drawings and tables.
//!
//! What is printed is printed from one list of sections, so that no form says more or less than
//! another: [`html`] makes one page that works without network and script, on a phone, in the dark
//! and on paper; [`markdown`] the notes of a meeting; [`text`] what a terminal shows. The same
//! sections give the same bytes.
//!
//! Whatever a text holds, it stays a text: nothing in it becomes markup, and every character of it
//! is seen.
//!
//! This crate must never know what the figures mean, network, clock or disk.

pub mod amount;
mod html;
mod markdown;
mod money;
mod section;
mod text;

pub use html::html;
pub use markdown::markdown;
pub use money::Money;
pub use section::{Cell, Column, Headline, Part, Row, Section, Table, visible};
pub use text::text;

//! The crate as others see it.

mod definition;
mod elekto;
mod lottery;
mod nominations;
mod people;
mod seats;
mod support;
mod voters;

//! Organisations at GitHub, against a stand-in that is made from what GitHub publishes of it.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod declared;
mod faults;
mod lab;
mod people;
mod reading;
mod size;
mod writing;

//! The crate's face.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod acting;
mod api;
mod browser;
mod community;
mod description;
mod hands;
mod openid;
mod program;
mod sample;
mod serving;
mod signing_in;
mod site;
mod store;
mod view;
mod webhooks;

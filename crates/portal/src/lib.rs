//! The web face of a community.
//!
//! What there is to see comes from a [`Content`]: collections of rows, and pages made of a few kinds
//! of parts. Everything that is made of them is made here, once, for all of them: HTML, JSON, CSV,
//! feeds, the API with its description, search, the files of a static site. What a reader may not see is
//! taken out of the content before any of it is made ([`Reader::sees`]), so that no form shows more than another.
//!
//! What people do goes through [`Hands`]: acts are signed with their own keys, and whatever is
//! acknowledged is kept.
//!
//! This crate must never know an estate's rules, a domain, a community's name, or the clock: it
//! is told the time.

pub mod api;
pub mod codes;
mod content;
pub mod data;
mod hands;
pub mod model;
pub mod query;
pub mod search;
pub mod serve;
pub mod settings;
pub mod sign_in;
pub mod site;
mod sitemap;
pub mod store;
pub mod view;
pub mod webhooks;

pub use content::{AsOf, Content, Found, Stamp, Trouble};
pub use hands::{
    Act, Asked, BallotForm, Done, Hands, Mine, Problem, Refusal, RequestKind, Signed, ToSign, Voted,
};
pub use model::{Audience, Handle, Identity, Page, Private, Reader};

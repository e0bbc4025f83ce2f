//! Pages as HTML.

use std::fmt::Write;

use jiff::Timestamp;

use crate::Stamp;
use crate::model::{Listing, Page, Reader};
use crate::query::Query;

/// What is around a page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What state is shown.
    pub stamp: &'a Stamp,
    /// Who reads.
    pub reader: &'a Reader,
    /// What time it is.
    pub now: Timestamp,
    /// What forms have to send back, where anything can be sent; none in a static site and for whoever has no session.
    pub token: Option<&'a str>,
    /// Whether a server answers: in a static site nothing can be sent or asked.
    pub live: bool,
}

/// A page.
pub fn page(frame: &Frame<'_>, page: &Page) -> String {
    let mut text = String::new();
    let _ = write!(text, "{} {}", frame.stamp.community, page.title);
    text
}

/// The page of a collection, with the rows that a query chooses.
pub fn listing(frame: &Frame<'_>, listing: &Listing, _query: &Query) -> String {
    format!("{} {}", frame.stamp.community, listing.of.title)
}

/// What is said instead of a page: a title, and what to do.
pub fn problem(frame: &Frame<'_>, status: u16, title: &str, text: &str) -> String {
    format!("{} {status} {title} {text}", frame.stamp.community)
}

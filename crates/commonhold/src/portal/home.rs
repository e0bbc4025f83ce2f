//! What is on fire, what waits for you, what changed.

use jiff::Timestamp;
use portal::model::{Page, Section};
use portal::{Found, Reader, Stamp};

use super::shown::Known;

pub(super) fn page(_known: &Known, stamp: &Stamp, _reader: &Reader, _now: Timestamp) -> Found {
    Found::Page(Box::new(Page::new(
        Section::Home,
        "/",
        stamp.community.clone(),
    )))
}

//! What moves.

use jiff::Timestamp;
use portal::Found;
use portal::model::Listing;

use super::shown::Known;

pub(super) fn listings(_known: &Known) -> Vec<Listing> {
    Vec::new()
}

pub(super) fn page(_known: &Known, _rest: &str, _now: Timestamp) -> Found {
    Found::Nothing
}

//! What was committed last.

use jiff::Timestamp;

use crate::git::recent::Committed;
use crate::governed::Place;

/// The last commits before an instant, the newest first; none where there is no repository.
pub(super) fn recent(place: &Place<'_>, at: Timestamp, most: usize) -> Vec<Committed> {
    let found = place.repository.as_ref();
    let found = found.and_then(|repository| repository.recent(most).ok());
    let mut found = found.unwrap_or_default();
    found.retain(|commit| commit.at <= at);
    found
}

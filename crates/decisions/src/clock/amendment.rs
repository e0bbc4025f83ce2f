//! What a material change to something open does to its closing.

use jiff::{SignedDuration, Timestamp};

/// The last time of anything open, in which it is changed no more without being prolonged.
pub const LAST_CALL: SignedDuration = SignedDuration::from_hours(24);

/// The times that bound the closing of something open; each is what [`deadline`](super::deadline)
/// makes of a period of the charter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// What the time that everybody has from the change on ends at.
    pub after_change: Timestamp,
    /// The least time it is open, from its opening.
    pub earliest: Timestamp,
    /// The most time it is open, from its opening: nobody prolongs it for ever.
    pub latest: Timestamp,
}

/// It would be changed in its last 24 hours, and not be open for 24 more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "nothing is changed in its last 24 hours unless it stays open for 24 more: withdraw it and propose it anew"
)]
pub struct InLastCall;

/// When something closes after a material change: not earlier than before, nor than its bounds
/// say, except that the latest stands above all.
pub fn closing_after_change(closes: Timestamp, bounds: Bounds) -> Timestamp {
    let wanted = closes.max(bounds.after_change).max(bounds.earliest);
    wanted.min(bounds.latest)
}

/// The same, if a change may still be made at an instant. The last call begins with the
/// instant 24 hours before the closing.
pub fn change_before_last_call(
    now: Timestamp,
    closes: Timestamp,
    bounds: Bounds,
) -> Result<Timestamp, InLastCall> {
    let closing = closing_after_change(closes, bounds);
    let last = closes.duration_since(now) <= LAST_CALL;
    if last && closing.duration_since(closes) < LAST_CALL {
        return Err(InLastCall);
    }
    Ok(closing)
}

//! Time that is given back when nothing could be received.

use estate::Period;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::calendar::merged;
use super::{Calendar, NoDeadline, deadline, elapsed};

/// The longest outage for which nothing is given back.
pub const TOLERATED_OUTAGE: SignedDuration = SignedDuration::from_mins(15);

/// A time in which nothing could be received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Outage {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant at which something could be received again.
    pub until: Timestamp,
}

/// When a period ends if nothing could be received for some of its time.
///
/// From the earliest on, each outage that begins before the deadline as it then stands moves
/// it: so one that begins in the time given back for another counts too, and one that lasts
/// beyond the deadline is given back as a whole. Outages that touch or overlap are one. What
/// counts of an outage is what lies after the start; [`TOLERATED_OUTAGE`] of it or less
/// moves nothing.
///
/// What is given back is elapsed time, in every unit: an hour for an hour, be it night or a
/// Sunday. Only time stopped by a blackout that stops everything is not given back, as it
/// was not counted, and the time given back stands still in it too.
pub fn deadline_despite(
    outages: &[Outage],
    start: Timestamp,
    period: Period,
    zone: &TimeZone,
    calendar: &Calendar,
) -> Result<Timestamp, NoDeadline> {
    let mut end = deadline(start, period, zone, calendar)?;
    let standstills = calendar.standstills(zone)?;
    let ranges = outages.iter().map(|outage| (outage.from, outage.until));
    for (from, until) in merged(ranges.collect()) {
        let from = from.max(start);
        if end <= from {
            break;
        }
        if until.duration_since(from) <= TOLERATED_OUTAGE {
            continue;
        }
        end = elapsed(end, counted(from, until, &standstills), zone, calendar)?;
    }
    Ok(end)
}

/// The length of a range without its standstills.
fn counted(
    from: Timestamp,
    until: Timestamp,
    standstills: &[(Timestamp, Timestamp)],
) -> SignedDuration {
    let stopped = standstills
        .iter()
        .map(|(still, again)| (until.min(*again)).duration_since(from.max(*still)))
        .filter(SignedDuration::is_positive)
        .sum::<SignedDuration>();
    until.duration_since(from) - stopped
}

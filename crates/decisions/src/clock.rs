//! When a period ends: elapsed time, or the time of business days in a zone.
//!
//! The deadline is the first instant by which the whole period has been counted, and
//! something counts if it was received *before* it.
//!
//! - `h` and `d` count elapsed time; `1d` is 24 hours, whatever the clocks do.
//! - `bh` and `bd` count the hours of business days as the clocks on the wall of the zone
//!   show them, 24 a day, so that `72bh` and `3bd` are the same, also over a change of
//!   the clocks; in between nothing is counted. A business day is Monday to Friday, no holiday
//!   and in no blackout. An hour that the clocks skip ends when they have skipped it;
//!   of an hour shown twice the first counts.
//! - `wh` counts the hours of business days from 9 to 17 on the wall's clock, 8 a day, in the
//!   same way; a period that ends with the day's last hour ends at 17.
//! - A blackout may stop everything; then `h` and `d` are not counted either.
//! - The time of an outage is given back: [`deadline_despite`].

mod amendment;
mod calendar;
mod outage;

use estate::{Period, PeriodUnit};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use amendment::{Bounds, InLastCall, LAST_CALL, change_before_last_call, closing_after_change};
pub use calendar::{Blackout, Calendar, Pause};
pub use outage::{Outage, TOLERATED_OUTAGE, deadline_despite};

/// The zone in which a day ends last: "Anywhere on Earth".
pub const ANYWHERE_ON_EARTH: &str = "Etc/GMT+12";

const MIDNIGHT: Time = Time::midnight();
const OPENING: Time = Time::constant(9, 0, 0, 0);
const CLOSING: Time = Time::constant(17, 0, 0, 0);

/// The period would end after the year 9999, or its days are all left out by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the period does not end before the year 10000: look at the calendar of holidays and blackouts"
)]
pub struct NoDeadline;

/// When a period that starts at an instant ends, by the clocks of a zone and a calendar.
///
/// It is never before the start, and is the start itself for a period of nothing.
pub fn deadline(
    start: Timestamp,
    period: Period,
    zone: &TimeZone,
    calendar: &Calendar,
) -> Result<Timestamp, NoDeadline> {
    let hours = SignedDuration::from_hours(i64::from(period.amount));
    // At most 100,000 of them, as a period promises.
    let days = SignedDuration::from_hours(24 * i64::from(period.amount));
    match period.unit {
        PeriodUnit::Hours => elapsed(start, hours, zone, calendar),
        PeriodUnit::Days => elapsed(start, days, zone, calendar),
        PeriodUnit::BusinessHours => business(start, hours, zone, calendar, Hours::All),
        PeriodUnit::BusinessDays => business(start, days, zone, calendar, Hours::All),
        PeriodUnit::WorkingHours => business(start, hours, zone, calendar, Hours::Working),
    }
}

/// Whether something received at an instant came in time for a deadline: strictly before it.
pub fn in_time(received_at: Timestamp, deadline: Timestamp) -> bool {
    received_at < deadline
}

/// Which hours of a business day are counted.
#[derive(Debug, Clone, Copy)]
enum Hours {
    All,
    Working,
}

impl Hours {
    /// When counting begins on a day, and when it ends.
    fn of(self, day: Date) -> Result<(DateTime, DateTime), NoDeadline> {
        Ok(match self {
            Self::All => {
                let next = day.tomorrow().map_err(|_| NoDeadline)?;
                (day.to_datetime(MIDNIGHT), next.to_datetime(MIDNIGHT))
            }
            Self::Working => (day.to_datetime(OPENING), day.to_datetime(CLOSING)),
        })
    }
}

fn elapsed(
    start: Timestamp,
    length: SignedDuration,
    zone: &TimeZone,
    calendar: &Calendar,
) -> Result<Timestamp, NoDeadline> {
    if length.is_zero() {
        return Ok(start);
    }
    let (mut now, mut left) = (start, length);
    for (from, until) in calendar.standstills(zone)? {
        if until <= now {
            continue;
        }
        let before = from.duration_since(now).max(SignedDuration::ZERO);
        if left <= before {
            break;
        }
        left -= before;
        now = until;
    }
    now.checked_add(left).map_err(|_| NoDeadline)
}

fn business(
    start: Timestamp,
    length: SignedDuration,
    zone: &TimeZone,
    calendar: &Calendar,
    hours: Hours,
) -> Result<Timestamp, NoDeadline> {
    if length.is_zero() {
        return Ok(start);
    }
    let (mut now, mut left) = (zone.to_datetime(start), length);
    loop {
        let (opening, closing) = hours.of(now.date())?;
        if calendar.is_business_day(now.date()) {
            now = now.max(opening);
            let today = closing.duration_since(now).max(SignedDuration::ZERO);
            if left <= today {
                let end = now.checked_add(left).map_err(|_| NoDeadline)?;
                // A start in the second showing of an hour lies behind the first.
                return Ok(instant(end, zone)?.max(start));
            }
            left -= today;
        }
        let next = now.date().tomorrow().map_err(|_| NoDeadline)?;
        now = next.to_datetime(MIDNIGHT);
    }
}

/// The instant at which the clocks of a zone show a time: the first of two, and after
/// the gap where they skip it.
fn instant(shown: DateTime, zone: &TimeZone) -> Result<Timestamp, NoDeadline> {
    zone.to_ambiguous_timestamp(shown)
        .compatible()
        .map_err(|_| NoDeadline)
}

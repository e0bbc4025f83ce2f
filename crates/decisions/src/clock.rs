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
//! - A blackout may stop everything; then `h` and `d` are not counted either.

use std::collections::BTreeSet;

use estate::{Period, PeriodUnit};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The zone in which a day ends last: "Anywhere on Earth".
pub const ANYWHERE_ON_EARTH: &str = "Etc/GMT+12";

/// What a blackout stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pause {
    /// Business days and their hours only, as a holiday does.
    Business,
    /// Elapsed time too.
    Everything,
}

/// Days on which the community does not decide, for example those of a conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Blackout {
    /// The first day.
    pub first: Date,
    /// The last day; it is one of them.
    pub last: Date,
    /// What it stops.
    pub pause: Pause,
}

impl Blackout {
    fn covers(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The days that are not counted, besides Saturdays and Sundays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Single days.
    pub holidays: BTreeSet<Date>,
    /// Ranges of days, which may overlap.
    pub blackouts: Vec<Blackout>,
}

impl Calendar {
    /// Whether a day is counted as a business day.
    pub fn is_business_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.holidays.contains(&day)
            && !self.blackouts.iter().any(|range| range.covers(day))
    }

    /// The times at which nothing is counted, apart from each other and in order.
    fn standstills(&self, zone: &TimeZone) -> Result<Vec<(Timestamp, Timestamp)>, NoDeadline> {
        let all = |range: &&Blackout| range.pause == Pause::Everything && range.first <= range.last;
        let mut ranges = Vec::new();
        for range in self.blackouts.iter().filter(all) {
            let next = range.last.tomorrow().map_err(|_| NoDeadline)?;
            ranges.push((
                instant(range.first.to_datetime(MIDNIGHT), zone)?,
                instant(next.to_datetime(MIDNIGHT), zone)?,
            ));
        }
        ranges.sort_unstable();
        let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, until) in ranges {
            match merged.last_mut() {
                Some((_, end)) if from <= *end => *end = until.max(*end),
                _ => merged.push((from, until)),
            }
        }
        Ok(merged)
    }
}

const MIDNIGHT: jiff::civil::Time = jiff::civil::Time::midnight();
const DAY: SignedDuration = SignedDuration::from_hours(24);

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
    let amount = i64::from(period.amount);
    match period.unit {
        PeriodUnit::Hours => elapsed(start, SignedDuration::from_hours(amount), zone, calendar),
        PeriodUnit::Days => elapsed(start, DAY * period_factor(period), zone, calendar),
        PeriodUnit::BusinessHours => {
            business(start, SignedDuration::from_hours(amount), zone, calendar)
        }
        PeriodUnit::BusinessDays => business(start, DAY * period_factor(period), zone, calendar),
    }
}

/// Whether something received at an instant came in time for a deadline: strictly before it.
pub fn in_time(received_at: Timestamp, deadline: Timestamp) -> bool {
    received_at < deadline
}

/// Of at most 100,000, as a period promises.
fn period_factor(period: Period) -> i32 {
    i32::try_from(period.amount).unwrap_or(i32::MAX)
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
) -> Result<Timestamp, NoDeadline> {
    if length.is_zero() {
        return Ok(start);
    }
    let (mut now, mut left) = (zone.to_datetime(start), length);
    loop {
        let next = now.date().tomorrow().map_err(|_| NoDeadline)?;
        let midnight = next.to_datetime(MIDNIGHT);
        if calendar.is_business_day(now.date()) {
            let today = midnight.duration_since(now);
            if left <= today {
                let end = now.checked_add(left).map_err(|_| NoDeadline)?;
                // A start in the second showing of an hour lies behind the first.
                return Ok(instant(end, zone)?.max(start));
            }
            left -= today;
        }
        now = midnight;
    }
}

/// The instant at which the clocks of a zone show a time: the first of two, and after
/// the gap where they skip it.
fn instant(shown: DateTime, zone: &TimeZone) -> Result<Timestamp, NoDeadline> {
    zone.to_ambiguous_timestamp(shown)
        .compatible()
        .map_err(|_| NoDeadline)
}

//! The days that are not counted.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::{MIDNIGHT, NoDeadline, instant};

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
    pub(super) fn standstills(
        &self,
        zone: &TimeZone,
    ) -> Result<Vec<(Timestamp, Timestamp)>, NoDeadline> {
        let all = |range: &&Blackout| range.pause == Pause::Everything && range.first <= range.last;
        let mut ranges = Vec::new();
        for range in self.blackouts.iter().filter(all) {
            let next = range.last.tomorrow().map_err(|_| NoDeadline)?;
            ranges.push((
                instant(range.first.to_datetime(MIDNIGHT), zone)?,
                instant(next.to_datetime(MIDNIGHT), zone)?,
            ));
        }
        Ok(merged(ranges))
    }
}

/// Ranges of time that neither touch nor overlap, in order; those without length are left out.
pub(super) fn merged(mut ranges: Vec<(Timestamp, Timestamp)>) -> Vec<(Timestamp, Timestamp)> {
    ranges.retain(|(from, until)| from < until);
    ranges.sort_unstable();
    let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (from, until) in ranges {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = until.max(*end),
            _ => merged.push((from, until)),
        }
    }
    merged
}

//! When something happens within a stretch of time.
//!
//! The days are those of the rule on the calendar of the event's own zone, so that a meeting at
//! nine stays at nine when the clocks change. A time that the clocks skip on a day is not there
//! on that day and is not counted by `COUNT` (RFC 5545 §3.3.10); of a time shown twice the
//! first is meant.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::event::{Event, Length};
use crate::moment::Moment;
use crate::rule::End;

/// The most occurrences that one question is answered with.
pub const MOST_OCCURRENCES: usize = 20_000;

/// One time that something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// When it begins.
    pub start: Timestamp,
    /// When it is over; the same instant where nothing says how long it lasts.
    pub end: Timestamp,
}

/// There are more than [`MOST_OCCURRENCES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are more than {MOST_OCCURRENCES} occurrences: ask for a shorter time")]
pub struct TooMany;

/// The occurrences that begin from one instant on and before another, in order.
///
/// What lasts whole days begins at midnight in `zone`; the rest is in the event's own zone.
pub fn occurrences(
    event: &Event,
    from: Timestamp,
    until: Timestamp,
    zone: &TimeZone,
) -> Result<Vec<Occurrence>, TooMany> {
    let own = match &event.start {
        Moment::Day(_) => zone,
        Moment::At { zone, .. } => zone.time_zone(),
    };
    let (first, last) = (own.to_datetime(from).date(), own.to_datetime(until).date());
    let mut found = Vec::new();
    for begin in begins(event, first, last) {
        let Some(start) = begin.instant.or_else(|| midnight(begin.day, zone)) else {
            continue;
        };
        if start < from || until <= start {
            continue;
        }
        if found.len() == MOST_OCCURRENCES {
            return Err(TooMany);
        }
        let end = end(start, event.length, own).unwrap_or(Timestamp::MAX);
        found.push(Occurrence { start, end });
    }
    found.sort_unstable();
    Ok(found)
}

/// The first and the last day of each occurrence that touches a stretch of days, by the event's
/// own zone, in order.
pub fn days(event: &Event, first: Date, last: Date) -> Result<Vec<(Date, Date)>, TooMany> {
    let more = Span::new().try_days(i64::from(event.length.days.saturating_sub(1)));
    let more = more.unwrap_or_default();
    let from = first.checked_sub(more).unwrap_or(Date::MIN);
    let mut found = Vec::new();
    for begin in begins(event, from, last) {
        let end = begin.day.checked_add(more).unwrap_or(Date::MAX);
        if end < first {
            continue;
        }
        if found.len() == MOST_OCCURRENCES {
            return Err(TooMany);
        }
        found.push((begin.day, end));
    }
    Ok(found)
}

/// Whether a rule describes the day on which its event begins, and if so until when.
pub(crate) fn in_step(event: &Event) -> bool {
    let day = event.start.date();
    event
        .rule
        .as_ref()
        .is_none_or(|rule| rule.walk(day, day, day).next().is_some())
}

struct Begin {
    day: Date,
    /// For a time of day.
    instant: Option<Timestamp>,
}

/// Where an event begins, from about a day on until another. There are at most as many as days.
fn begins(event: &Event, from: Date, last: Date) -> impl Iterator<Item = Begin> {
    let start = event.start.date();
    let rule = event.rule.as_ref();
    let end = rule.map_or(&End::Never, |rule| &rule.end);
    // Only who counts has to begin at the beginning.
    let (from, most) = match end {
        End::Count(most) => (start, *most),
        End::Never | End::Until(_) => (from, u32::MAX),
    };
    let once = (rule.is_none() && start <= last).then_some(start);
    let again = rule.map(|rule| rule.walk(start, from, last));
    let until = match end {
        End::Until(until) => Some(until),
        End::Never | End::Count(_) => None,
    };
    let key = |instant: Option<Timestamp>, day: Date| match instant {
        Some(instant) => (Some(instant), None),
        None => (None, Some(day)),
    };
    let except: BTreeSet<_> = event
        .except
        .iter()
        .map(|moment| key(moment.instant(), moment.date()))
        .collect();
    once.into_iter()
        .chain(again.into_iter().flatten())
        .filter_map(move |day| begin(event, day))
        .take(usize::try_from(most).unwrap_or(usize::MAX))
        .take_while(move |begin| match until {
            Some(Moment::Day(day)) => begin.day <= *day,
            Some(at @ Moment::At { .. }) => begin.instant <= at.instant(),
            None => true,
        })
        .filter(move |begin| !except.contains(&key(begin.instant, begin.day)))
}

/// `None` if the clocks skip the time on a day of the rule.
fn begin(event: &Event, day: Date) -> Option<Begin> {
    let Moment::At { shown, zone } = &event.start else {
        return Some(Begin { day, instant: None });
    };
    let shown = day.to_datetime(shown.time());
    let found = zone.time_zone().to_ambiguous_timestamp(shown);
    let skipped = matches!(found.offset(), jiff::tz::AmbiguousOffset::Gap { .. });
    if skipped && event.rule.is_some() {
        return None;
    }
    let instant = Some(found.compatible().ok()?);
    Some(Begin { day, instant })
}

fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let shown = day.to_datetime(Time::midnight());
    zone.to_ambiguous_timestamp(shown).compatible().ok()
}

fn end(start: Timestamp, length: Length, zone: &TimeZone) -> Option<Timestamp> {
    let mut end = start;
    if length.days > 0 {
        let days = Span::new().try_days(i64::from(length.days)).ok()?;
        let shown = zone.to_datetime(start).checked_add(days).ok()?;
        end = zone.to_ambiguous_timestamp(shown).compatible().ok()?;
    }
    let seconds = SignedDuration::from_secs(i64::from(length.seconds));
    end.checked_add(seconds).ok()
}

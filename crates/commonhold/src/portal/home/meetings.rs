//! When groups met last, and meet next.

use ical::{Calendar, Event, occurrences};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::portal::calendar::Agenda;

/// Days that are looked ahead.
const AHEAD: i64 = 35;
/// Days that are looked back for the last meeting of a group.
const BACK: i64 = 70;

/// A meeting that is held.
pub(crate) struct Met<'a> {
    pub(crate) at: Timestamp,
    pub(crate) group: &'a str,
    pub(crate) title: &'a str,
}

/// The meetings of a calendar; hours at which anybody may come and ask are none.
fn meetings(calendar: &Calendar) -> impl Iterator<Item = &Event> {
    let events = calendar.events.iter();
    events.filter(|event| event.length.seconds == 0)
}

/// When a group met last.
pub(super) fn last(agenda: &Agenda, group: &str, now: Timestamp) -> Option<Timestamp> {
    let from = now.checked_sub((BACK * 24).hours()).ok()?;
    let mut calendars = agenda.calendars();
    let (_, own) = calendars.find(|(name, _)| *name == group)?;
    let starts = meetings(own).filter_map(|event| {
        let found = occurrences(event, from, now, &TimeZone::UTC).ok()?;
        found.last().map(|one| one.start)
    });
    starts.max()
}

/// The next of each regular meeting, in their order.
pub(super) fn next(agenda: &Agenda, now: Timestamp, most: usize) -> Vec<Met<'_>> {
    let calendars = agenda.calendars();
    let all = calendars.flat_map(|(group, calendar)| soonest(group, calendar, now));
    let mut all: Vec<Met<'_>> = all.collect();
    all.sort_by(|one, other| (one.at, one.title).cmp(&(other.at, other.title)));
    all.truncate(most);
    all
}

/// The next meeting of a group.
pub(crate) fn next_of<'a>(agenda: &'a Agenda, group: &str, now: Timestamp) -> Option<Met<'a>> {
    let mut calendars = agenda.calendars();
    let (group, calendar) = calendars.find(|(name, _)| *name == group)?;
    soonest(group, calendar, now).min_by_key(|met| met.at)
}

fn soonest<'a>(
    group: &'a str,
    calendar: &'a Calendar,
    now: Timestamp,
) -> impl Iterator<Item = Met<'a>> {
    let until = now.checked_add((AHEAD * 24).hours()).unwrap_or(now);
    meetings(calendar).filter_map(move |event| {
        let found = occurrences(event, now, until, &TimeZone::UTC).ok()?;
        found.first().map(|one| Met {
            at: one.start,
            group,
            title: &event.summary,
        })
    })
}

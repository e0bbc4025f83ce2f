//! When groups meet, for the home page.

use estate::meetings::{Edition, Whose, timetable};
use ical::{Event, occurrences};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::project::Checked;

/// Days that are looked ahead.
const AHEAD: i64 = 35;
/// Days that are looked back for the last meeting of a group.
const BACK: i64 = 70;

/// A regular meeting.
pub(crate) struct Met {
    pub(crate) group: String,
    pub(crate) title: String,
    event: Event,
}

/// The regular meetings of all groups that work.
#[derive(Default)]
pub(crate) struct Meetings {
    all: Vec<Met>,
}

impl Meetings {
    /// Those of an estate.
    pub(crate) fn of(checked: &Checked) -> Self {
        let estate = &checked.estate;
        let timetable = timetable(estate, &checked.charter.meetings.zone_words());
        let edition = Edition {
            community: &estate.manifest,
            at: Timestamp::UNIX_EPOCH,
            sequence: 0,
        };
        let mut all = Vec::new();
        for group in estate.tables.groups.items() {
            let calendar = edition.calendar("", timetable.held_of(Whose::Group(group)));
            all.extend(calendar.events.into_iter().map(|event| Met {
                group: group.name.clone(),
                title: event.summary.clone(),
                event,
            }));
        }
        Self { all }
    }

    /// When a group met last.
    pub(super) fn last(&self, group: &str, now: Timestamp) -> Option<Timestamp> {
        let from = now.checked_sub((BACK * 24).hours()).ok()?;
        let own = self.all.iter().filter(|met| met.group == group);
        let starts = own.filter_map(|met| {
            let found = occurrences(&met.event, from, now, &TimeZone::UTC).ok()?;
            found.last().map(|one| one.start)
        });
        starts.max()
    }

    /// The next meetings, in their order.
    pub(super) fn next(&self, now: Timestamp, most: usize) -> Vec<(Timestamp, &Met)> {
        let Ok(until) = now.checked_add((AHEAD * 24).hours()) else {
            return Vec::new();
        };
        let starts = self.all.iter().filter_map(|met| {
            let found = occurrences(&met.event, now, until, &TimeZone::UTC).ok()?;
            found.first().map(|one| (one.start, met))
        });
        let mut starts: Vec<(Timestamp, &Met)> = starts.collect();
        starts.sort_by(|(a, one), (b, other)| (a, &one.title).cmp(&(b, &other.title)));
        starts.truncate(most);
        starts
    }
}

//! When groups meet, read once a state.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use estate::kinds::Standing;
use estate::meetings::{Whose, timetable};
use ical::{Calendar, Event, Status, occurrences};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use portal::model::Page;

use crate::commands::calendar::agenda::there;
use crate::commands::calendar::{calendar, put_down, said};
use crate::files::DiskTree;
use crate::project::Checked;

/// So many days are looked ahead.
pub(super) const DAYS: i64 = 28;

/// When groups meet.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    /// The calendar of each group that meets.
    groups: BTreeMap<String, Calendar>,
    /// What is held in the next weeks, by time.
    pub(super) held: Vec<Held>,
    /// Meetings of which nobody can tell when they are held.
    pub(super) vague: Vec<Vague>,
    /// The whole community's calendar, as a file.
    all: String,
    /// The page of all of it, once it was asked for.
    pub(super) page: OnceLock<Page>,
}

/// Something that is held once.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) at: Timestamp,
    /// What the clocks of its own zone show.
    pub(super) there: String,
    pub(super) what: String,
    /// The name of the group that holds it.
    pub(super) group: String,
    /// Where.
    pub(super) url: String,
    /// Whether it may be another week.
    pub(super) unsure: bool,
    /// Whether anybody may come and ask.
    pub(super) office_hours: bool,
    /// What tells it from all others.
    pub(super) key: String,
}

/// A meeting of which nobody can tell when it is held.
#[derive(Debug)]
pub(super) struct Vague {
    pub(super) group: String,
    pub(super) said: String,
    pub(super) span: base::Span,
}

impl Agenda {
    /// Reads when groups meet.
    pub(crate) fn read(checked: &Checked, tree: &DiskTree, day: Date) -> Self {
        let estate = &checked.estate;
        let timetable = timetable(estate, &checked.charter.meetings.zone_words());
        let start = day.to_zoned(TimeZone::UTC).map(|start| start.timestamp());
        let start = start.unwrap_or(Timestamp::UNIX_EPOCH);
        let at = put_down(tree.root(), day).unwrap_or(start);
        let mut agenda = Self::default();
        let name = &estate.manifest.name;
        agenda.all = ical::write(&calendar(at, estate, &timetable, Whose::All, name));
        for group in estate.tables.groups.items() {
            if group.value.standing != Standing::Active {
                continue;
            }
            let of_group = calendar(at, estate, &timetable, Whose::Group(group), group.title());
            if of_group.events.is_empty() {
                continue;
            }
            for event in &of_group.events {
                agenda.hold(&group.name, event, start);
            }
            agenda.groups.insert(group.name.clone(), of_group);
        }
        agenda.held.sort_by(|one, other| {
            (one.at, &one.what, &one.key).cmp(&(other.at, &other.what, &other.key))
        });
        agenda.vague = timetable
            .vague
            .iter()
            .map(|vague| Vague {
                group: vague.group.name.clone(),
                said: said(vague),
                span: vague.meeting.description.span,
            })
            .collect();
        agenda
    }

    fn hold(&mut self, group: &str, event: &Event, start: Timestamp) {
        // Hours and not days, which instants do not have.
        let until = start.checked_add(Span::new().hours(24 * DAYS));
        let Ok(found) = until
            .map_err(|_| ical::TooMany)
            .and_then(|until| occurrences(event, start, until, &TimeZone::UTC))
        else {
            return;
        };
        self.held.extend(found.into_iter().map(|one| Held {
            at: one.start,
            there: there(event, one.start),
            what: event.summary.clone(),
            group: group.to_owned(),
            url: event.url.clone(),
            unsure: event.status == Status::Tentative,
            office_hours: event.length.seconds > 0,
            key: format!("{}/{}", event.uid, one.start),
        }));
    }

    /// Whether a group has a calendar.
    pub(crate) fn has(&self, group: &str) -> bool {
        self.groups.contains_key(group)
    }

    /// The calendar of each group that meets, in the order of their names.
    pub(crate) fn calendars(&self) -> impl Iterator<Item = (&str, &Calendar)> {
        let groups = self.groups.iter();
        groups.map(|(name, calendar)| (name.as_str(), calendar))
    }

    /// The groups that have one, in their order.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// The calendar of a group as a file; the whole community's, if no group is named.
    pub(super) fn file(&self, group: Option<&str>) -> Option<String> {
        match group {
            None => Some(self.all.clone()),
            Some(group) => self.groups.get(group).map(ical::write),
        }
    }
}

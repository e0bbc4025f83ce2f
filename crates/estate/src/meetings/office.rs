//! Office hours as events.

use ical::words::ORIGIN;
use ical::{Event, Length, Moment, Rule, Status, Zone};

use super::Edition;
use crate::kinds::{Group, OfficeHours};
use crate::table::Item;

impl Edition<'_> {
    /// The office hours of a group, to be added to its calendar. Where they are not held every week
    /// and no first day is said, weeks are counted from that of [`ORIGIN`], and the event is
    /// tentative. Hours without days are none.
    pub fn office_hours(&self, group: &Item<Group>) -> Vec<Event> {
        let hours = group.value.office_hours.iter().enumerate();
        hours
            .filter_map(|(number, hours)| self.hours(group, number, hours))
            .collect()
    }

    fn hours(&self, group: &Item<Group>, number: usize, hours: &OfficeHours) -> Option<Event> {
        let rule: Rule = hours.rrule().parse().ok()?;
        let first = rule.first(hours.first.unwrap_or(ORIGIN))?;
        let assumed = hours.first.is_none() && rule.interval > 1;
        let key = format!("{}\noffice hours", group.name);
        Some(Event {
            uid: self.uid(&key, u32::try_from(number).ok()?),
            sequence: self.sequence,
            summary: format!("{}: office hours", group.title()),
            description: String::new(),
            url: hours.url.clone().unwrap_or_default(),
            status: if assumed {
                Status::Tentative
            } else {
                Status::Confirmed
            },
            start: Moment::At {
                shown: first.to_datetime(hours.start.0),
                zone: Zone::new(&hours.time_zone.to_string())?,
            },
            length: Length {
                days: 0,
                seconds: hours.minutes.checked_mul(60)?,
            },
            rule: Some(rule),
            except: Vec::new(),
        })
    }
}

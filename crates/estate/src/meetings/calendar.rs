//! Meetings as a calendar.

use std::collections::BTreeMap;

use base::Digest;
use ical::words::Phase;
use ical::{Calendar, Event, Length, Status};
use jiff::Timestamp;

use super::Held;
use crate::manifest::Manifest;

/// Of what a calendar is an edition.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The community.
    pub community: &'a Manifest,
    /// When its facts were put down, for example when they were committed.
    pub at: Timestamp,
    /// A number that is higher in every later edition, for example how many commits there are.
    pub sequence: u32,
}

impl Edition<'_> {
    /// A calendar of meetings. What a group and its parts say in the same words is one meeting.
    ///
    /// Events keep their UIDs as long as the group, the part and the description of the meeting are
    /// the same. They say when a meeting begins; how long it lasts is not known.
    pub fn calendar<'h, 'e: 'h>(
        &self,
        name: impl Into<String>,
        meetings: impl IntoIterator<Item = &'h Held<'e>>,
    ) -> Calendar {
        let mut events: Vec<Event> = Vec::new();
        let mut same: BTreeMap<String, u32> = BTreeMap::new();
        for held in meetings {
            let mut event = self.event(held);
            let like = |known: &&Event| {
                if known.summary != event.summary {
                    return false;
                }
                let mut known = (*known).clone();
                known.uid.clone_from(&event.uid);
                known == event
            };
            if events.iter().any(|known| like(&known)) {
                continue;
            }
            let key = [
                held.group.name.as_str(),
                held.part.map_or("", |part| &part.name),
                &held.meeting.description,
            ]
            .join("\n");
            let number = same.entry(key.clone()).or_default();
            event.uid = self.uid(&key, *number);
            *number += 1;
            events.push(event);
        }
        Calendar {
            name: name.into(),
            product: "-//Commonhold//Meetings//EN".to_owned(),
            stamp: self.at,
            events,
        }
    }

    pub(super) fn uid(&self, key: &str, number: u32) -> String {
        let digest = Digest::of(format!("{}\n{key}\n{number}", self.community.name).as_bytes());
        format!("meeting-{}@commonhold", &digest.hex()[..24])
    }

    /// Without its UID.
    fn event(&self, held: &Held<'_>) -> Event {
        let when = &held.when;
        let status = match when.phase {
            Phase::Assumed => Status::Tentative,
            Phase::Every | Phase::Anchored => Status::Confirmed,
        };
        Event {
            uid: String::new(),
            sequence: self.sequence,
            summary: format!("{}: {}", held.group.title(), held.meeting.description.value),
            description: description(held),
            url: held.meeting.url.clone().unwrap_or_default(),
            status,
            start: when.start(),
            length: Length::default(),
            rule: Some(when.rule.clone()),
            except: Vec::new(),
        }
    }
}

/// What is written, so that readers can judge what was made of it, and what was assumed.
fn description(held: &Held<'_>) -> String {
    let meeting = held.meeting;
    let said = [
        &meeting.frequency,
        &meeting.day,
        &meeting.time,
        &meeting.time_zone,
    ];
    let said: Vec<&str> = said.iter().map(|text| text.trim()).collect();
    let mut lines = vec![format!("As written: {}", said.join(", "))];
    if held.when.phase == Phase::Assumed {
        lines.push(format!(
            "In which of every {} weeks it is held is not said: this may be the wrong one.",
            held.when.rule.interval
        ));
    }
    lines.extend(held.when.taken.iter().cloned());
    lines.join("\n")
}

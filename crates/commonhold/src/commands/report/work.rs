//! What a group works on: meetings and parts.

use std::collections::BTreeSet;

use estate::Item;
use estate::kinds::{Group, Subproject};
use estate::meetings::{Held, Vague, Whose, timetable};
use ical::{Event, Frequency, Length, Moment, Status};
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::states::{End, Known, Period};

/// The regular meetings of a group and its parts.
#[derive(Debug, Serialize)]
pub(crate) struct Meetings {
    pub(crate) regular: Vec<Regular>,
    /// Of those that can be counted.
    pub(crate) planned: usize,
}

/// A regular meeting.
#[derive(Debug, Serialize)]
pub(crate) struct Regular {
    pub(crate) part: Option<String>,
    pub(crate) description: String,
    pub(crate) as_written: String,
    /// How many the timetable at the end of the year plans.
    pub(crate) planned: Known<usize>,
    pub(crate) notes: Option<String>,
    pub(crate) recordings: Option<String>,
}

impl Meetings {
    pub(super) fn of(end: &End, group: &Item<Group>, period: Period) -> anyhow::Result<Self> {
        let timetable = timetable(&end.estate, &end.charter.meetings.zone_words());
        let whose = Whose::Group(group);
        let from = period.first.max(group.value.formed.unwrap_or(Date::MIN));
        let mut seen: Vec<&Held<'_>> = Vec::new();
        let mut regular = Vec::new();
        for held in timetable.held_of(whose) {
            // What a group and a part of it both say is one meeting.
            let told = |other: &&Held<'_>| {
                other.when == held.when
                    && other.meeting.description.value == held.meeting.description.value
            };
            if seen.iter().any(told) {
                continue;
            }
            seen.push(held);
            let planned = Known::Is(planned(held, from, period.last)?);
            regular.push(Regular::of(held.part, held.meeting, planned));
        }
        for vague in timetable.vague_of(whose) {
            regular.push(Regular::of(
                vague.part,
                vague.meeting,
                Known::Not(why(vague)),
            ));
        }
        let counted = regular.iter().filter_map(|one| match one.planned {
            Known::Is(planned) => Some(planned),
            Known::Not(_) => None,
        });
        let planned = counted.sum();
        Ok(Self { regular, planned })
    }
}

fn why(vague: &Vague<'_>) -> String {
    let why: Vec<String> = vague.why.iter().map(ToString::to_string).collect();
    why.join("; ")
}

impl Regular {
    fn of(
        part: Option<&Subproject>,
        meeting: &estate::kinds::Meeting,
        planned: Known<usize>,
    ) -> Self {
        let said = [
            &meeting.frequency,
            &meeting.day,
            &meeting.time,
            &meeting.time_zone,
        ];
        let said: Vec<&str> = said.iter().map(|text| text.trim()).collect();
        Self {
            part: part.map(|part| part.name.value.clone()),
            description: meeting.description.value.clone(),
            as_written: said.join(", "),
            planned,
            notes: meeting.notes.clone(),
            recordings: meeting.recordings.clone(),
        }
    }
}

/// How often a meeting is held on these days, by the clocks of its own zone.
fn planned(held: &Held<'_>, first: Date, last: Date) -> anyhow::Result<usize> {
    if last < first {
        return Ok(0);
    }
    let when = &held.when;
    let zone = when.zone.time_zone();
    let event = Event {
        uid: String::new(),
        sequence: 0,
        summary: String::new(),
        description: String::new(),
        url: String::new(),
        status: Status::Confirmed,
        start: Moment::At {
            shown: beginning(held, first)?.to_datetime(when.time),
            zone: when.zone.clone(),
        },
        length: Length::default(),
        rule: Some(when.rule.clone()),
        except: Vec::new(),
    };
    let from = first.to_zoned(zone.clone())?.timestamp();
    let until = last.tomorrow()?.to_zoned(zone.clone())?.timestamp();
    Ok(ical::occurrences(&event, from, until, &TimeZone::UTC)?.len())
}

/// A day on which it is held and from which it is counted. Where no first day is said, it was
/// held before that from which weeks are counted, too.
fn beginning(held: &Held<'_>, first: Date) -> anyhow::Result<Date> {
    let when = &held.when;
    if when.phase == ical::words::Phase::Anchored || when.first <= first {
        return Ok(when.first);
    }
    if when.rule.frequency != Frequency::Weekly {
        return Ok(when.rule.first(first).unwrap_or(when.first));
    }
    let weeks = i64::from(when.rule.interval);
    let back = (i64::from(first.until(when.first)?.get_days()) / (7 * weeks) + 1) * weeks;
    Ok(when.first.checked_sub(Span::new().weeks(back))?)
}

/// A part of a group's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// How many files name its owners.
    pub(crate) owners: usize,
    pub(crate) leads: usize,
}

impl Part {
    pub(super) fn of(part: &Subproject) -> Self {
        Self {
            name: part.name.value.clone(),
            owners: part.owners.len(),
            leads: part.leads.len(),
        }
    }
}

/// Parts before the year and at its end.
#[derive(Debug, Serialize)]
pub(crate) struct Subprojects {
    pub(crate) new: Vec<New>,
    pub(crate) continuing: Vec<String>,
    pub(crate) retired: Vec<String>,
}

/// A part that was not there before.
#[derive(Debug, Serialize)]
pub(crate) struct New {
    pub(crate) name: String,
    /// One that is no more and had the same files of owners: it may be the same under another name.
    pub(crate) like: Option<String>,
}

impl Subprojects {
    pub(super) fn of(was: Option<&Item<Group>>, group: &Item<Group>) -> Self {
        let before: &[Subproject] = was.map_or(&[], |was| &was.value.subprojects);
        let after = &group.value.subprojects;
        let is_in = |part: &Subproject, parts: &[Subproject]| {
            parts
                .iter()
                .any(|other| other.name.value == part.name.value)
        };
        let retired: Vec<&Subproject> = before.iter().filter(|part| !is_in(part, after)).collect();
        let links = |part: &Subproject| -> BTreeSet<String> {
            part.owners.iter().map(|link| link.value.clone()).collect()
        };
        let like = |part: &&Subproject| {
            let own = links(part);
            let same = |other: &&&Subproject| !own.is_empty() && links(other) == own;
            retired
                .iter()
                .find(same)
                .map(|other| other.name.value.clone())
        };
        let fresh = after.iter().filter(|part| !is_in(part, before));
        let new = fresh.map(|part| New {
            like: like(&part),
            name: part.name.value.clone(),
        });
        let name = |part: &Subproject| part.name.value.clone();
        Self {
            new: new.collect(),
            continuing: after
                .iter()
                .filter(|part| is_in(part, before))
                .map(name)
                .collect(),
            retired: retired.into_iter().map(name).collect(),
        }
    }
}

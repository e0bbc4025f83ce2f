//! When groups meet, from the words in which they say so.
//!
//! ```text
//! groups and their parts ──timetable──► Held (a rule, a zone) ──calendar──► iCalendar
//!                              └──► findings: words that do not say when
//! ```
//!
//! Which of several weeks is meant is known from a first day, or from another meeting of the
//! same group with which one alternates, if that is known. Otherwise the weeks are counted from that
//! of [`ical::words::ORIGIN`]; the meeting is then tentative and a finding says so.

mod calendar;
mod office;
mod whose;

use base::{Diagnostic, Spanned};
use ical::words::{Gathering, Phase, Unclear, Words, ZoneWords, gathering};
use ical::{Frequency, Rule};
use jiff::Span;
use jiff::civil::{Date, Weekday};

pub use calendar::Edition;
pub use whose::Whose;

use crate::codes;
use crate::draft::Estate;
use crate::kinds::{Group, Meeting, Standing, Subproject};
use crate::table::Item;

/// A meeting of which it is known when it is held.
#[derive(Debug)]
pub struct Held<'e> {
    /// Whose it is.
    pub group: &'e Item<Group>,
    /// The part of the group, if it is not all of it.
    pub part: Option<&'e Subproject>,
    /// What is written of it.
    pub meeting: &'e Meeting,
    /// When it is held.
    pub when: Gathering,
}

/// A meeting of which nobody can tell when it is held.
#[derive(Debug)]
pub struct Vague<'e> {
    /// Whose it is.
    pub group: &'e Item<Group>,
    /// The part of the group, if it is not all of it.
    pub part: Option<&'e Subproject>,
    /// What is written of it.
    pub meeting: &'e Meeting,
    /// All that is unclear.
    pub why: Vec<Unclear>,
}

/// The meetings of a community.
#[derive(Debug, Default)]
pub struct Timetable<'e> {
    /// Those of which it is known when they are held, by group, each group's own first.
    pub held: Vec<Held<'e>>,
    /// The others.
    pub vague: Vec<Vague<'e>>,
    /// What is wrong with the others, and what was taken for granted of the first.
    pub findings: Vec<Diagnostic>,
}

/// The meetings of all groups that work; `zones` says what the community calls zones.
pub fn timetable<'e>(estate: &'e Estate, zones: &ZoneWords) -> Timetable<'e> {
    let mut timetable = Timetable::default();
    let works = |group: &&Item<Group>| group.value.standing == Standing::Active;
    for group in estate.tables.groups.items().filter(works) {
        let own = group.value.meetings.iter().map(|meeting| (None, meeting));
        let parts = group.value.subprojects.iter().flat_map(|part| {
            let meetings = part.meetings.iter();
            meetings.map(move |meeting| (Some(part), meeting))
        });
        let first = timetable.held.len();
        for (part, meeting) in own.chain(parts) {
            timetable.read(group, part, meeting, zones);
        }
        let held = &mut timetable.held[first..];
        alternate(held);
        timetable.findings.extend(held.iter().flat_map(assumptions));
    }
    timetable
}

impl<'e> Timetable<'e> {
    fn read(
        &mut self,
        group: &'e Item<Group>,
        part: Option<&'e Subproject>,
        meeting: &'e Meeting,
        zones: &ZoneWords,
    ) {
        let words = Words {
            day: &meeting.day,
            time: &meeting.time,
            zone: &meeting.time_zone,
            frequency: &meeting.frequency,
        };
        match gathering(&words, zones) {
            Ok(when) => self.held.push(Held {
                group,
                part,
                meeting,
                when,
            }),
            Err(why) => {
                let vague = Vague {
                    group,
                    part,
                    meeting,
                    why,
                };
                self.findings.extend(vague.findings());
                self.vague.push(vague);
            }
        }
    }
}

impl Vague<'_> {
    fn findings(&self) -> impl Iterator<Item = Diagnostic> {
        self.why.iter().map(|unclear| {
            let message = format!("when \"{}\" is held: {unclear}", self.meeting.description);
            let at = place(self.meeting, unclear);
            Diagnostic::new(&codes::MEETING_UNCLEAR, at.span, message)
                .about(self.group.subject())
                .help(help(unclear))
        })
    }
}

fn help(unclear: &Unclear) -> &'static str {
    match unclear {
        Unclear::Zone(_) | Unclear::AmbiguousZone { .. } => {
            "or let the charter say what the community means by it, under `meetings.zones`"
        }
        Unclear::Time(_) | Unclear::Days { .. } => {
            "the page of this finding shows what is understood"
        }
    }
}

/// The words that are unclear.
fn place<'m>(meeting: &'m Meeting, unclear: &Unclear) -> &'m Spanned<String> {
    match unclear {
        Unclear::Zone(_) | Unclear::AmbiguousZone { .. } => &meeting.time_zone,
        Unclear::Time(_) => &meeting.time,
        Unclear::Days { .. } => &meeting.frequency,
    }
}

/// Puts meetings that alternate with another into the weeks in which that is not held.
fn alternate(held: &mut [Held<'_>]) {
    for at in 0..held.len() {
        let Some(other) = other(held, at) else {
            continue;
        };
        let (first, phase) = (held[other].when.first, held[other].when.phase);
        let own = &held[at].when;
        if own.phase != Phase::Assumed {
            continue;
        }
        let monday = |day: Date| Weekday::Monday.until(day.weekday());
        // From the Monday of the other's week to the own day of the week after.
        let days = 7 + monday(own.first) - monday(first);
        if let Ok(next) = first.checked_add(Span::new().days(days)) {
            held[at].when.first = next;
            held[at].when.phase = phase;
        }
    }
}

/// The only meeting of a group that another can mean to alternate with.
fn other(held: &[Held<'_>], at: usize) -> Option<usize> {
    let with = words(held[at].when.alternates_with.as_ref()?);
    let fortnightly = |rule: &Rule| rule.frequency == Frequency::Weekly && rule.interval == 2;
    let meant = |other: &Held<'_>| {
        let said = words(&other.meeting.description);
        with.iter().all(|word| said.contains(word))
            && other.when.alternates_with.is_none()
            && fortnightly(&other.when.rule)
    };
    let mut found = (0..held.len()).filter(|&other| other != at && meant(&held[other]));
    let first = found.next()?;
    (fortnightly(&held[at].when.rule) && found.next().is_none()).then_some(first)
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// What was taken for granted of a meeting.
fn assumptions<'h>(held: &'h Held<'_>) -> impl Iterator<Item = Diagnostic> + 'h {
    let (meeting, subject) = (held.meeting, held.group.subject());
    let of_zone = held.when.taken.iter().map(|taken| {
        let message = format!("the zone of \"{}\": {taken}", meeting.description);
        Diagnostic::new(&codes::MEETING_ZONE, meeting.time_zone.span, message)
            .help("write the IANA name of the zone")
    });
    let of_week = (held.when.phase == Phase::Assumed).then(|| {
        let message = format!(
            "\"{}\" is held every {} weeks, and no day is said: taken for {}",
            meeting.description, held.when.rule.interval, held.when.first
        );
        Diagnostic::new(&codes::MEETING_WEEK, meeting.frequency.span, message)
            .help("add a day on which it is held, like `starting 2 June 2026`")
    });
    of_zone
        .chain(of_week)
        .map(move |finding| finding.about(subject.clone()))
}

//! What is held on some days.

use base::SourceMap;
use estate::meetings::Vague;
use ical::{Event, Moment, Occurrence, Status, occurrences};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::said;
use crate::cli::Output;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Surroundings;

/// Days in UTC, both of them included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Stretch {
    /// When an event is held on these days.
    fn of(self, event: &Event) -> anyhow::Result<Vec<Occurrence>> {
        let from = self.first.to_zoned(TimeZone::UTC)?.timestamp();
        let until = self.last.tomorrow()?.to_zoned(TimeZone::UTC)?.timestamp();
        Ok(occurrences(event, from, until, &TimeZone::UTC)?)
    }
}

/// What is held on some days, and what nobody can tell.
pub(super) struct Agenda<'a> {
    pub(super) sources: &'a SourceMap,
    pub(super) title: String,
    pub(super) stretch: Stretch,
    pub(super) events: &'a [Event],
    pub(super) vague: Vec<&'a Vague<'a>>,
}

impl Agenda<'_> {
    /// By time.
    pub(super) fn text(&self, surroundings: &Surroundings) -> anyhow::Result<String> {
        let mut found = Vec::new();
        for event in self.events {
            let occurrences = self.stretch.of(event)?;
            found.extend(occurrences.into_iter().map(|one| (one.start, event)));
        }
        found.sort_by_key(|(start, event)| (*start, &event.summary));
        let Stretch { first, last } = self.stretch;
        let title = base::visible(&self.title);
        let mut text = format!("{title}: meetings from {first} to {last}\n\n");
        let mut table = Table::new(&["utc", "there", "meeting", "where"]);
        for (start, event) in found {
            let utc = TimeZone::UTC.to_datetime(start);
            table.row([
                Cell::from(utc.strftime("%a %Y-%m-%d %H:%M").to_string()),
                Cell::from(there(event, start)),
                Cell::from(called(event)),
                Cell::from(event.url.as_str()),
            ]);
        }
        text += &if table.is_empty() {
            "none on these days\n".to_owned()
        } else {
            table.print(Output::Text, "meetings", surroundings)
        };
        if !self.vague.is_empty() {
            text += "\nNobody can tell when these are held:\n";
            for vague in &self.vague {
                let place = self.sources.line_of(vague.meeting.description.span);
                text += &format!("  {place}: {}\n", said(vague));
            }
        }
        Ok(text)
    }

    /// By meeting.
    pub(super) fn json(&self) -> anyhow::Result<String> {
        let meetings = self.events.iter().map(|event| self.meeting(event));
        let meetings = meetings.collect::<anyhow::Result<Vec<Value>>>()?;
        let unclear = |vague: &&Vague<'_>| {
            let why: Vec<String> = vague.why.iter().map(ToString::to_string).collect();
            json!({
                "group": vague.group.name,
                "part": vague.part.map(|part| &part.name.value),
                "meeting": vague.meeting.description.value,
                "why": why,
                "says": self.sources.line_of(vague.meeting.description.span),
            })
        };
        let unclear: Vec<Value> = self.vague.iter().map(unclear).collect();
        let agenda = json!({
            "version": JSON_VERSION,
            "of": self.title,
            "from": self.stretch.first.to_string(),
            "until": self.stretch.last.to_string(),
            "meetings": meetings,
            "unclear": unclear,
        });
        Ok(format!("{agenda:#}\n"))
    }

    fn meeting(&self, event: &Event) -> anyhow::Result<Value> {
        let occurrences = self.stretch.of(event)?;
        let held: Vec<Value> = occurrences
            .iter()
            .map(|one| json!({"utc": one.start.to_string(), "there": there(event, one.start)}))
            .collect();
        Ok(json!({
            "uid": event.uid,
            "summary": event.summary,
            "description": event.description,
            "url": event.url,
            "tentative": event.status == Status::Tentative,
            "zone": zone(event),
            "rule": event.rule.as_ref().map(ToString::to_string),
            "held": held,
        }))
    }
}

fn zone(event: &Event) -> &str {
    match &event.start {
        Moment::At { zone, .. } => zone.name(),
        Moment::Day(_) => "UTC",
    }
}

/// What the clocks of the event's own zone show.
pub(crate) fn there(event: &Event, start: jiff::Timestamp) -> String {
    let clocks = match &event.start {
        Moment::At { zone, .. } => zone.time_zone().clone(),
        Moment::Day(_) => TimeZone::UTC,
    };
    let shown = clocks.to_datetime(start).strftime("%a %H:%M").to_string();
    format!("{shown} {}", zone(event))
}

fn called(event: &Event) -> String {
    match event.status {
        Status::Confirmed => event.summary.clone(),
        Status::Tentative => format!("{} (may be another week)", event.summary),
    }
}

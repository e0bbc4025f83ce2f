//! Events to text.

use jiff::Timestamp;

use crate::event::{Event, Length, Status};
use crate::line::{escape, fold};
use crate::moment::{Moment, Zone, basic_utc};
use crate::zones::zone_lines;

/// A calendar to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What people call it.
    pub name: String,
    /// The program that wrote it, for example `-//Example//Example 1.0//EN`.
    pub product: String,
    /// When its facts were put down, for example when they were committed.
    pub stamp: Timestamp,
    /// Its events, in the order they are written.
    pub events: Vec<Event>,
}

/// The text of a calendar: `CRLF` at the ends of lines, at most 75 octets in each, and for each
/// zone what its clocks show from the earliest event on.
pub fn write(calendar: &Calendar) -> String {
    let mut out = String::new();
    let mut put = |line: &str| fold(line, &mut out);
    put("BEGIN:VCALENDAR");
    put("VERSION:2.0");
    put(&format!("PRODID:{}", escape(&calendar.product)));
    put("CALSCALE:GREGORIAN");
    put("METHOD:PUBLISH");
    put(&format!("X-WR-CALNAME:{}", escape(&calendar.name)));
    for (zone, from) in zones(&calendar.events) {
        for line in zone_lines(&zone, from) {
            put(&line);
        }
    }
    for event in &calendar.events {
        for line in lines(event, calendar.stamp) {
            put(&line);
        }
    }
    put("END:VCALENDAR");
    out
}

/// The zones of events besides UTC by name, with the earliest instant that is looked up in each.
fn zones(events: &[Event]) -> Vec<(Zone, Timestamp)> {
    let mut found: Vec<(Zone, Timestamp)> = Vec::new();
    let moments = events
        .iter()
        .flat_map(|event| event.except.iter().chain([&event.start]));
    for moment in moments {
        let (Moment::At { zone, .. }, Some(instant)) = (moment, moment.instant()) else {
            continue;
        };
        if zone.is_utc() {
            continue;
        }
        match found.iter_mut().find(|(known, _)| known == zone) {
            Some((_, from)) => *from = instant.min(*from),
            None => found.push((zone.clone(), instant)),
        }
    }
    found.sort_by(|(a, _), (b, _)| a.name().cmp(b.name()));
    found
}

fn lines(event: &Event, stamp: Timestamp) -> Vec<String> {
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escape(&event.uid)),
        format!("SEQUENCE:{}", event.sequence),
        format!("DTSTAMP:{}", basic_utc(stamp)),
        property("DTSTART", &event.start),
    ];
    let usual = match event.start {
        Moment::Day(_) => Length::DAY,
        Moment::At { .. } => Length::default(),
    };
    if event.length != usual {
        lines.push(format!("DURATION:{}", duration(event.length)));
    }
    if let Some(rule) = &event.rule {
        lines.push(format!("RRULE:{rule}"));
    }
    lines.extend(event.except.iter().map(|moment| property("EXDATE", moment)));
    let texts = [
        ("SUMMARY", escape(&event.summary)),
        ("DESCRIPTION", escape(&event.description)),
        // An address is no text: it has nothing to escape, and no line may end in it.
        (
            "URL",
            event.url.chars().filter(|c| !c.is_control()).collect(),
        ),
    ];
    for (name, text) in texts {
        if !text.is_empty() {
            lines.push(format!("{name}:{text}"));
        }
    }
    if event.status == Status::Tentative {
        lines.push("STATUS:TENTATIVE".to_owned());
    }
    lines.push("END:VEVENT".to_owned());
    lines
}

fn property(name: &str, moment: &Moment) -> String {
    match moment {
        Moment::Day(_) => format!("{name};VALUE=DATE:{moment}"),
        Moment::At { zone, .. } if zone.is_utc() => format!("{name}:{moment}"),
        Moment::At { zone, .. } => format!("{name};TZID={zone}:{moment}"),
    }
}

fn duration(length: Length) -> String {
    let (days, seconds) = (length.days, length.seconds);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let days = if days > 0 {
        format!("{days}D")
    } else {
        String::new()
    };
    // Seconds of an hour without minutes need the minutes too.
    let time = match (hours, minutes, seconds) {
        (0, 0, 0) if days.is_empty() => "T0S".to_owned(),
        (0, 0, 0) => String::new(),
        (hours, 0, 0) => format!("T{hours}H"),
        (0, minutes, 0) => format!("T{minutes}M"),
        (hours, minutes, 0) => format!("T{hours}H{minutes}M"),
        (hours, minutes, seconds) => format!("T{hours}H{minutes}M{seconds}S"),
    };
    format!("P{days}{time}")
}

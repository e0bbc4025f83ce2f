#![no_main]
//! Any text as a calendar, as a rule of recurrence and as the words about a meeting.

use ical::words::{Words, ZoneWords, gathering};
use ical::{Calendar, Event, Rule, days_off, occurrences, read, write};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    calendar(text);
    let event = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}\nEND:VEVENT\nEND:VCALENDAR\n");
    calendar(&event);
    if let Ok(rule) = text.parse::<Rule>() {
        assert_eq!(rule.to_string().parse(), Ok(rule));
    }
    let mut lines = text.lines();
    let mut line = || lines.next().unwrap_or_default();
    let words = Words {
        day: line(),
        time: line(),
        zone: line(),
        frequency: line(),
    };
    if let Ok(found) = gathering(&words, &ZoneWords::new()) {
        assert_eq!(found.rule.first(found.first), Some(found.first));
    }
});

fn calendar(text: &str) {
    let _ = days_off(text, date(2026, 1, 1), date(2027, 12, 31));
    let Ok(reading) = read(text) else {
        return;
    };
    assert_eq!(reading.events.len(), reading.lines.len());
    for event in &reading.events {
        bounded(event);
    }
    let written = write(&Calendar {
        name: "Fuzz".to_owned(),
        product: "-//Fuzz//Fuzz//EN".to_owned(),
        stamp: Timestamp::UNIX_EPOCH,
        events: reading.events.clone(),
    });
    assert!(written.split("\r\n").all(|line| line.len() <= 75));
    // Of two events with one UID, one moved the other's occurrence: that is no longer written.
    let mut uids: Vec<&str> = reading
        .events
        .iter()
        .map(|event| event.uid.as_str())
        .collect();
    uids.sort_unstable();
    uids.dedup();
    let plain = !uids.iter().any(|uid| uid.contains(char::is_control));
    if plain && uids.len() == reading.events.len() {
        let again = read(&written).expect("a calendar");
        assert_eq!(again.unread, []);
    }
}

fn bounded(event: &Event) {
    // Two hundred years, so that a slow input is one that should not be.
    let from = Timestamp::UNIX_EPOCH;
    let until = from + SignedDuration::from_hours(24 * 365 * 200);
    if let Ok(found) = occurrences(event, from, until, &TimeZone::UTC) {
        assert!(
            found
                .iter()
                .all(|found| found.start <= found.end && from <= found.start)
        );
        assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}

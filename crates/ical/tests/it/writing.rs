//! Calendars as we write them, also as Python's icalendar and dateutil read them.

use std::io::Write;
use std::process::{Command, Stdio};

use ical::{ByDay, Calendar, Event, Frequency, Length, Moment, Rule, Status, Zone, write};
use jiff::civil::{Weekday, date};

fn event(zone: &str) -> Event {
    since(2024, 9, zone)
}

/// Monthly from a second Tuesday of January on.
fn since(year: i16, day_of_january: i8, zone: &str) -> Event {
    let day = ByDay {
        place: Some(2),
        weekday: Weekday::Tuesday,
    };
    Event {
        uid: "a@example.org".to_owned(),
        sequence: 3,
        summary: "Sync, weekly; or so".to_owned(),
        description: String::new(),
        url: "https://meet.example/a,b".to_owned(),
        status: Status::Tentative,
        start: Moment::At {
            shown: date(year, 1, day_of_january).at(9, 30, 0, 0),
            zone: Zone::new(zone).unwrap(),
        },
        length: Length {
            days: 0,
            seconds: 5400,
        },
        rule: Some(Rule::every(1, Frequency::Monthly).on(vec![day])),
        except: Vec::new(),
    }
}

fn calendar(events: Vec<Event>) -> Calendar {
    Calendar {
        name: "Example".to_owned(),
        product: "-//Example//Example//EN".to_owned(),
        stamp: "2026-01-01T00:00:00Z".parse().unwrap(),
        events,
    }
}

const WRITTEN: &str = r"BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Example
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:20231029T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20240331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:a@example.org
SEQUENCE:3
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20240109T093000
DURATION:PT1H30M
RRULE:FREQ=MONTHLY;BYDAY=2TU
SUMMARY:Sync\, weekly\; or so
URL:https://meet.example/a,b
STATUS:TENTATIVE
END:VEVENT
END:VCALENDAR
";

#[test]
fn a_calendar_is_written_as_others_read_it() {
    let text = write(&calendar(vec![event("Europe/Berlin")]));
    assert_eq!(text, WRITTEN.replace('\n', "\r\n"));
}

/// Zones, some of whose clocks changed by rules that were made anew every year.
const ZONES: [&str; 16] = [
    "Europe/Berlin",
    "Europe/Dublin",
    "America/Los_Angeles",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Etc/GMT+12",
    "America/Nuuk",
    "America/Sao_Paulo",
    "Asia/Gaza",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Pacific/Apia",
];

/// As many of them as have had one rule for long.
const STEADY: usize = 10;

/// Reads the calendars, and compares the clocks of each with Python's own: for the steady zones
/// up to 2036, for the others as long as nobody can have made other rules since.
const PEER: &str = r#"
import io, sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo
import icalendar
from dateutil import tz
steady = int(sys.argv[1])
for number, text in enumerate(sys.stdin.read().split("=====\n")):
    calendar = icalendar.Calendar.from_ical(text)
    event = calendar.walk("VEVENT")[0]
    name = event["DTSTART"].params["TZID"]
    assert not calendar.errors and not event.errors, name
    theirs, ours = ZoneInfo(name), tz.tzical(io.StringIO(text)).get(name)
    at = datetime(2012, 1, 10, 10)
    while at < datetime(2036 if number < steady else 2026, 1, 1):
        # What the clocks skip or show twice is a matter of taste.
        clear = not tz.datetime_ambiguous(at, theirs) and tz.datetime_exists(at, theirs)
        if clear and at.replace(tzinfo=theirs).utcoffset() != at.replace(tzinfo=ours).utcoffset():
            sys.exit(f"{name} {at}: {at.replace(tzinfo=ours).utcoffset()}")
        at += timedelta(hours=5, minutes=30)
"#;

#[test]
fn the_clocks_of_a_written_zone_are_those_of_the_zone() {
    let python = crate::python();
    let there = Command::new(&python)
        .args(["-c", "import icalendar, dateutil"])
        .output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no python3 with icalendar and python-dateutil");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
        return;
    }
    let texts = ZONES.map(|zone| write(&calendar(vec![since(2012, 10, zone)])));
    let mut child = Command::new(python)
        .args(["-c", PEER, &STEADY.to_string()])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(texts.join("=====\n").as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

//! When events recur: a table that python-dateutil computed, python-dateutil itself where it is
//! there, and the clocks by hand.

use std::io::Write;
use std::process::{Command, Stdio};

use ical::{Event, TooMany, occurrences, read};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn event(lines: &str) -> Event {
    let text =
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
    let mut reading = read(&text).unwrap();
    assert_eq!(reading.unread, [], "{lines}");
    reading.events.remove(0)
}

fn starts(event: &Event, from: &str, until: &str) -> Vec<String> {
    let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
    let found = occurrences(event, from, until, &TimeZone::UTC).unwrap();
    found.iter().map(|found| found.start.to_string()).collect()
}

/// Zone, first time shown, rule.
const RULES: [(&str, &str, &str); 38] = [
    ("Europe/Berlin", "20240102T090000", "FREQ=WEEKLY;BYDAY=TU"),
    (
        "Europe/Berlin",
        "20240102T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    ),
    (
        "Europe/Berlin",
        "20240102T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
    ),
    (
        "Europe/Berlin",
        "20240102T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    ),
    (
        "Europe/Berlin",
        "20240102T090000",
        "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU;COUNT=9",
    ),
    ("America/Los_Angeles", "20240103T113000", "FREQ=WEEKLY"),
    (
        "America/Los_Angeles",
        "20240110T113000",
        "FREQ=MONTHLY;BYDAY=2WE",
    ),
    (
        "America/Los_Angeles",
        "20240131T113000",
        "FREQ=MONTHLY;BYDAY=-1WE",
    ),
    (
        "America/Los_Angeles",
        "20240131T113000",
        "FREQ=MONTHLY;BYDAY=5WE",
    ),
    ("America/Los_Angeles", "20240131T113000", "FREQ=MONTHLY"),
    (
        "America/Los_Angeles",
        "20240131T113000",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
    ),
    (
        "America/Los_Angeles",
        "20240131T113000",
        "FREQ=MONTHLY;BYMONTHDAY=31,15,1",
    ),
    (
        "America/Los_Angeles",
        "20240131T113000",
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31",
    ),
    (
        "America/Los_Angeles",
        "20240105T113000",
        "FREQ=MONTHLY;BYDAY=1FR,3FR,-1MO",
    ),
    (
        "America/Los_Angeles",
        "20240913T113000",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    ),
    (
        "America/Los_Angeles",
        "20240105T113000",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTH=1,4,7",
    ),
    (
        "Australia/Lord_Howe",
        "20240107T050000",
        "FREQ=WEEKLY;UNTIL=20250406T120000Z",
    ),
    (
        "Australia/Lord_Howe",
        "20240107T050000",
        "FREQ=DAILY;INTERVAL=3",
    ),
    (
        "Australia/Lord_Howe",
        "20240108T050000",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
    ),
    (
        "Australia/Lord_Howe",
        "20240101T050000",
        "FREQ=DAILY;BYMONTHDAY=1,-1",
    ),
    (
        "Australia/Lord_Howe",
        "20240107T050000",
        "FREQ=DAILY;BYMONTH=1,12;INTERVAL=2",
    ),
    ("Asia/Kolkata", "20240229T180000", "FREQ=YEARLY"),
    (
        "Asia/Kolkata",
        "20240328T180000",
        "FREQ=YEARLY;BYMONTH=3,11;BYDAY=-1TH",
    ),
    (
        "Asia/Kolkata",
        "20240101T180000",
        "FREQ=YEARLY;BYDAY=1MO,20MO,-1MO",
    ),
    ("Asia/Kolkata", "20240101T180000", "FREQ=YEARLY;BYDAY=MO"),
    (
        "Asia/Kolkata",
        "20240115T180000",
        "FREQ=YEARLY;BYMONTHDAY=15",
    ),
    ("Asia/Kolkata", "20240115T180000", "FREQ=YEARLY;BYMONTH=1,6"),
    (
        "Asia/Kolkata",
        "20240115T180000",
        "FREQ=YEARLY;BYMONTHDAY=15;BYDAY=MO",
    ),
    (
        "Asia/Kolkata",
        "20240501T180000",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=5;BYMONTHDAY=1,-1",
    ),
    ("UTC", "20231231T235959", "FREQ=DAILY;COUNT=40"),
    ("UTC", "20231229T235959", "FREQ=WEEKLY;BYDAY=FR,MO;COUNT=7"),
    ("UTC", "20200131T000000", "FREQ=MONTHLY;COUNT=30"),
    (
        "UTC",
        "20240101T000000",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO",
    ),
    (
        "UTC",
        "20240101T000000",
        "FREQ=WEEKLY;UNTIL=20240226T000000Z",
    ),
    (
        "UTC",
        "20240101T000000",
        "FREQ=WEEKLY;UNTIL=20240225T235959Z",
    ),
    (
        "Europe/Berlin",
        "20230326T033000",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    ),
    (
        "Europe/Berlin",
        "20231029T013000",
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ),
    (
        "Europe/Berlin",
        "20231029T023000",
        "FREQ=WEEKLY;BYDAY=SU;BYMONTH=10",
    ),
];
const FROM: &str = "2024-01-01T00:00:00Z";
const UNTIL: &str = "2026-01-01T00:00:00Z";

fn of_rule((zone, start, rule): (&str, &str, &str)) -> Event {
    let start = match zone {
        "UTC" => format!("DTSTART:{start}Z"),
        _ => format!("DTSTART;TZID={zone}:{start}"),
    };
    event(&format!("{start}\nRRULE:{rule}"))
}

/// What python-dateutil says of the rules: seconds since 1970, a line for each rule.
const DATEUTIL: &str = r#"
import sys
from datetime import datetime, timezone
from dateutil.rrule import rrulestr
from zoneinfo import ZoneInfo
first, last = (datetime.fromisoformat(at.replace("Z", "+00:00")) for at in sys.argv[1:])
for line in sys.stdin:
    zone, start, rule = line.split()
    start = datetime.strptime(start, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))
    found = rrulestr("RRULE:" + rule, dtstart=start).between(first, last, inc=True)
    print(*(int(at.astimezone(timezone.utc).timestamp()) for at in found if at < last))
"#;

fn ours() -> String {
    let line = |rule| {
        let (from, until) = (FROM.parse().unwrap(), UNTIL.parse().unwrap());
        let found = occurrences(&of_rule(rule), from, until, &TimeZone::UTC).unwrap();
        let seconds: Vec<String> = found
            .iter()
            .map(|at| at.start.as_second().to_string())
            .collect();
        seconds.join(" ") + "\n"
    };
    RULES.into_iter().map(line).collect()
}

#[test]
fn the_table_of_dateutil_agrees() {
    let table = include_str!("dateutil.txt");
    for ((rule, ours), theirs) in RULES.iter().zip(ours().lines()).zip(table.lines()) {
        assert_eq!(ours, theirs, "{rule:?}");
    }
    assert_eq!(table.lines().count(), RULES.len());
}

#[test]
fn dateutil_itself_agrees() {
    let python = crate::python();
    let child = Command::new(python)
        .args(["-c", DATEUTIL, FROM, UNTIL])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let theirs = child.ok().and_then(|mut child| {
        let rules = RULES.map(|(zone, start, rule)| format!("{zone} {start} {rule}\n"));
        let written = child.stdin.take()?.write_all(rules.concat().as_bytes());
        let output = child.wait_with_output().ok()?;
        let theirs = String::from_utf8(output.stdout).ok()?;
        (written.is_ok() && output.status.success()).then_some(theirs)
    });
    let Some(theirs) = theirs else {
        eprintln!("skipped: no python3 with python-dateutil (or no zones); the table was compared");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
        return;
    };
    assert_eq!(ours(), theirs);
}

#[test]
fn a_meeting_stays_at_its_time_when_the_clocks_change() {
    let event = event(
        "DTSTART;TZID=Europe/Berlin:20260324T090000\nDTEND;TZID=Europe/Berlin:20260324T100000\nRRULE:FREQ=WEEKLY",
    );
    let found = starts(&event, "2026-03-24T00:00:00Z", "2026-04-01T00:00:00Z");
    assert_eq!(found, ["2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z"]);
}

#[test]
fn a_time_that_the_clocks_skip_is_left_out_and_not_counted() {
    let event = event("DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3");
    let found = starts(&event, "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z");
    assert_eq!(
        found,
        [
            "2026-03-28T01:30:00Z",
            "2026-03-30T00:30:00Z",
            "2026-03-31T00:30:00Z"
        ]
    );
}

#[test]
fn of_a_time_shown_twice_the_first_is_meant_and_a_length_of_hours_is_elapsed_time() {
    let event = event("DTSTART;TZID=Europe/Berlin:20251026T023000\nDURATION:PT2H");
    let all = occurrences(&event, Timestamp::MIN, Timestamp::MAX, &TimeZone::UTC).unwrap();
    assert_eq!(all[0].start.to_string(), "2025-10-26T00:30:00Z");
    assert_eq!(all[0].end.to_string(), "2025-10-26T02:30:00Z");
}

#[test]
fn whole_days_begin_at_midnight_where_they_are_looked_at() {
    let event = event("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330");
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let all = occurrences(&event, Timestamp::MIN, Timestamp::MAX, &zone).unwrap();
    assert_eq!(all[0].start.to_string(), "2026-03-27T23:00:00Z");
    assert_eq!(all[0].end.to_string(), "2026-03-29T22:00:00Z");
}

#[test]
fn an_exception_is_known_by_its_instant_in_any_zone() {
    let event = event(
        "DTSTART;TZID=Europe/Berlin:20260105T090000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20260112T080000Z",
    );
    let found = starts(&event, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(found, ["2026-01-05T08:00:00Z", "2026-01-19T08:00:00Z"]);
}

#[test]
fn a_question_with_too_many_answers_is_refused() {
    let event = event("DTSTART;VALUE=DATE:20000101\nRRULE:FREQ=DAILY");
    let all = occurrences(&event, Timestamp::MIN, Timestamp::MAX, &TimeZone::UTC);
    assert_eq!(all, Err(TooMany));
}

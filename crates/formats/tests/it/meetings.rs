//! The meetings of `sigs.yaml`, as calendars.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use base::Severity;
use estate::Estate;
use estate::meetings::{Edition, Timetable, Whose, timetable};
use ical::words::ZoneWords;
use ical::{Event, Moment, Status, Zone};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::support::{lines, load, rooted, shared, tree};

const SOURCE: &str = "{format: sigs.yaml, path: sigs.yaml}";

/// Two groups of one lead, one of whom leads a part of the other.
const SIGS: &str = r#"
sigs:
  - dir: sig-oven
    name: Oven
    mission_statement: Heat.
    charter_link: charter.md
    label: oven
    leadership:
      chairs: [{github: ada, name: Ada Example, company: Acme, email: ada@example.org}]
    meetings:
      - {description: Regular Meeting, day: Tuesday, time: "9:00", tz: PT (Pacific Time), frequency: biweekly starting March 4 2025, url: "https://meet.example/oven"}
      - {description: Triage, day: Friday, time: 8:30 AM, tz: CET, frequency: biweekly - alternating with the regular meeting}
      - {description: Bakery, day: Monday, time: "10:00", tz: IST, frequency: often}
      - {description: Crumbs, day: Monday, time: "10:00", tz: UTC, frequency: bi-weekly}
    subprojects:
      - name: door
        owners: []
        leads: [{github: ben, name: Ben Example}]
        meetings:
          - {description: Door, day: third Wednesday, time: "17:00", tz: Poland, frequency: monthly}
      - name: bread
        owners: []
        meetings:
          - {description: Crumbs, day: Monday, time: "10:00", tz: UTC, frequency: bi-weekly}
"#;

fn edition(estate: &Estate) -> Edition<'_> {
    Edition {
        community: &estate.manifest,
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        sequence: 7,
    }
}

fn group_events(estate: &Estate, timetable: &Timetable<'_>, name: &str) -> Vec<Event> {
    let group = estate.tables.groups.get(name).unwrap();
    let calendar = edition(estate).calendar(name, timetable.held_of(Whose::Group(group)));
    calendar.events
}

fn row(event: &Event) -> String {
    let Moment::At { shown, zone } = &event.start else {
        panic!("{event:?}");
    };
    let rule = event.rule.as_ref().unwrap();
    let tentative = if event.status == Status::Tentative {
        " tentative"
    } else {
        ""
    };
    format!("{} | {shown} {zone} {rule}{tentative}", event.summary)
}

#[test]
fn meetings_are_held_as_they_are_written_and_what_is_unclear_is_named() {
    let (estate, _) = load(&tree(SOURCE, &[("sigs.yaml", SIGS)]));
    let timetable = timetable(&estate, &ZoneWords::new());
    let events = group_events(&estate, &timetable, "sig-oven");
    // What the group and its part say of crumbs is one meeting.
    assert_eq!(
        events.iter().map(row).collect::<Vec<_>>(),
        [
            "Oven: Regular Meeting | 2025-03-04T09:00:00 America/Los_Angeles FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "Oven: Triage | 2025-03-14T08:30:00 Europe/Berlin FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
            "Oven: Crumbs | 2024-01-01T10:00:00 UTC FREQ=WEEKLY;INTERVAL=2;BYDAY=MO tentative",
            "Oven: Door | 2024-01-17T17:00:00 Europe/Warsaw FREQ=MONTHLY;BYDAY=3WE",
        ]
    );
    assert_eq!(
        lines(&timetable.findings, &estate.sources),
        [
            "warning meeting-unclear sigs.yaml:13 when \"Bakery\" is held: \"often / Monday\": how often is not said",
            "warning meeting-unclear sigs.yaml:13 when \"Bakery\" is held: the zone \"IST\" may be Asia/Kolkata or Asia/Jerusalem or Europe/Dublin: write one of them",
            "warning meeting-week sigs.yaml:14 \"Crumbs\" is held every 2 weeks, and no day is said: taken for 2024-01-01",
            "warning meeting-week sigs.yaml:24 \"Crumbs\" is held every 2 weeks, and no day is said: taken for 2024-01-01",
        ]
    );
    let notes = timetable.findings.iter();
    let notes = notes.filter(|finding| finding.severity == Severity::Note);
    assert_eq!(notes.count(), 1);
}

#[test]
fn a_person_has_the_meetings_of_what_they_lead() {
    let (estate, _) = load(&tree(SOURCE, &[("sigs.yaml", SIGS)]));
    let timetable = timetable(&estate, &ZoneWords::new());
    let of = |login: &str| {
        let person = estate.tables.people.get(login).unwrap();
        let held = timetable.held_of(Whose::Person(&estate, person, date(2026, 1, 1)));
        held.map(|held| held.meeting.description.value.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("ben"), ["Door"]);
    assert_eq!(of("ada").len(), timetable.held.len());
}

#[test]
fn a_meeting_keeps_its_uid_when_its_time_changes() {
    let uids = |text: &str| {
        let (estate, _) = load(&tree(SOURCE, &[("sigs.yaml", text)]));
        let timetable = timetable(&estate, &ZoneWords::new());
        let events = group_events(&estate, &timetable, "sig-oven");
        events
            .into_iter()
            .map(|event| event.uid)
            .collect::<Vec<_>>()
    };
    let before = uids(SIGS);
    assert_eq!(before, uids(&SIGS.replace("9:00", "11:00")));
    assert_ne!(before, uids(&SIGS.replace("Triage", "Sorting")));
    let distinct: std::collections::BTreeSet<_> = before.iter().collect();
    assert_eq!(distinct.len(), before.len());
}

#[test]
fn office_hours_are_events_that_last() {
    let group = r#"
title: Oven
office_hours:
  - {days: [wednesday, tuesday], start: "17:00", minutes: 45, time_zone: Europe/Berlin}
  - {days: [monday], start: "09:00", time_zone: UTC, every_weeks: 3}
"#;
    let (estate, findings) = load(&tree(
        SOURCE,
        &[("sigs.yaml", "sigs: []\n"), ("groups/oven.yaml", group)],
    ));
    let found = lines(&findings, &estate.sources);
    assert!(!found.iter().any(|line| line.contains("oven")), "{found:?}");
    let group = estate.tables.groups.get("oven").unwrap();
    let events = edition(&estate).office_hours(group);
    assert_eq!(
        events.iter().map(row).collect::<Vec<_>>(),
        [
            "Oven: office hours | 2024-01-02T17:00:00 Europe/Berlin FREQ=WEEKLY;BYDAY=TU,WE",
            "Oven: office hours | 2024-01-01T09:00:00 UTC FREQ=WEEKLY;INTERVAL=3;BYDAY=MO tentative",
        ]
    );
    assert_eq!(events[0].length.seconds, 45 * 60);
    assert_ne!(events[0].uid, events[1].uid);
}

/// The calendars read with icalendar, the occurrences of two years counted with dateutil:
/// `UID seconds...`, a line for each event.
const PEER: &str = r#"
import sys
from datetime import datetime, timezone
import icalendar
from dateutil.rrule import rrulestr
from zoneinfo import ZoneInfo
first, last = datetime(2025, 1, 1, tzinfo=timezone.utc), datetime(2027, 1, 1, tzinfo=timezone.utc)
for text in sys.stdin.read().split("=====\n"):
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        start = event["DTSTART"].dt
        zone = event["DTSTART"].params.get("TZID", "UTC")
        start = start.replace(tzinfo=ZoneInfo(zone))
        rule = event["RRULE"].to_ical().decode()
        found = rrulestr("RRULE:" + rule, dtstart=start).between(first, last, inc=True)
        print(event["UID"], *(int(at.astimezone(timezone.utc).timestamp()) for at in found if at < last))
"#;

/// The Python of the environment that has the peers, else the system's.
fn python() -> String {
    std::env::var("COMMONHOLD_OCTODNS").map_or_else(
        |_| "python3".to_owned(),
        |environment| format!("{environment}/bin/python"),
    )
}

/// What icalendar and dateutil say, if they are there.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn peers(texts: &[String]) -> Option<String> {
    let python = python();
    let there = Command::new(&python)
        .args(["-c", "import icalendar, dateutil"])
        .output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no python3 with icalendar and python-dateutil (COMMONHOLD_OCTODNS)");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
        return None;
    }
    let mut child = Command::new(python)
        .args(["-c", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = texts.join("=====\n");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

fn ours(events: &[Event]) -> String {
    let at = |text: &str| text.parse().unwrap();
    let (from, until) = (at("2025-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let line = |event: &Event| {
        let found = ical::occurrences(event, from, until, &TimeZone::UTC).unwrap();
        let seconds = found.iter().map(|at| format!(" {}", at.start.as_second()));
        format!("{}{}\n", event.uid, seconds.collect::<String>())
    };
    events.iter().map(line).collect()
}

#[test]
fn the_real_meetings_are_in_calendars_or_named() {
    let Some(community) = shared("kubernetes/community") else {
        return;
    };
    let (estate, _) = load(&rooted(community, SOURCE));
    let written: usize = estate
        .tables
        .groups
        .items()
        .map(|group| {
            let parts = group.value.subprojects.iter();
            group.value.meetings.len() + parts.map(|part| part.meetings.len()).sum::<usize>()
        })
        .sum();
    assert_eq!(written, 102);
    let plain = timetable(&estate, &ZoneWords::new());
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &plain.findings {
        *codes.entry(finding.code.id).or_default() += 1;
    }
    let unclear = lines(&plain.findings, &estate.sources);
    let unclear = unclear
        .iter()
        .filter(|line| line.contains("meeting-unclear"));
    let reasons: Vec<&str> = unclear
        .filter_map(|line| line.split_once(" is held: "))
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(
        reasons,
        [
            "the zone \"IST\" may be Asia/Kolkata or Asia/Jerusalem or Europe/Dublin: write one of them",
            "\"monthly - Wednesday, after the fourth Tuesday, every month / Wednesday\": \"after\" is not understood",
            "\"monthly / Thursday\": which one of the month is not said: write, for example, `second Tuesday`",
        ]
    );
    assert_eq!(plain.held.len(), 99);
    let india = ZoneWords::from([("ist".to_owned(), Zone::new("Asia/Kolkata").unwrap())]);
    assert_eq!(timetable(&estate, &india).held.len(), 100);
    assert_eq!(plain.vague.len(), 2 + 1);

    let (mut texts, mut all) = (Vec::new(), Vec::new());
    for group in estate.tables.groups.items() {
        let calendar = edition(&estate).calendar(group.title(), plain.held_of(Whose::Group(group)));
        let text = ical::write(&calendar);
        let again = ical::read(&text).unwrap();
        assert_eq!(
            (again.unread, &again.events),
            (Vec::new(), &calendar.events)
        );
        if !calendar.events.is_empty() {
            texts.push(text);
            all.extend(calendar.events);
        }
    }
    eprintln!(
        "{} events in {} calendars; findings: {codes:?}",
        all.len(),
        texts.len()
    );
    let ours = ours(&all);
    assert!(ours.lines().all(|line| line.contains(' ')));
    if let Some(theirs) = peers(&texts) {
        assert_eq!(ours, theirs);
    }
}

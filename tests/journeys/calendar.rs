//! When groups meet, through the program.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use commonhold::Exit;
use serde_json::Value;

use crate::support::{Folder, run_in, shared};

const OVEN: &str = r#"
title: Oven
leads: [{person: ada, role: chair}]
meetings:
  - {description: Regular, day: Tuesday, time: "9:00", time_zone: PT (Pacific Time), frequency: "biweekly starting January 6, 2026", url: "https://meet.example.org/oven"}
  - {description: Crumbs, day: Monday, time: "10:00", time_zone: IST, frequency: weekly}
  - {description: Bakery, day: Monday, time: "10:00", time_zone: UTC, frequency: often}
office_hours:
  - {days: [wednesday], start: "17:00", minutes: 45, time_zone: Europe/Berlin}
subprojects:
  - name: door
    leads: [ben]
    meetings:
      - {description: Hinges, day: third Wednesday, time: "17:00", time_zone: Europe/Warsaw, frequency: monthly}
"#;

fn estate() -> Folder {
    Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Kitchen\n")
        .with("charter.yaml", "meetings: {zones: {IST: Asia/Kolkata}}\n")
        .with("people/ada.yaml", "name: Ada\n")
        .with("people/ben.yaml", "name: Ben\n")
        .with("people/cy.yaml", "name: Cy\n")
        .with("groups/oven.yaml", OVEN)
        .with("groups/sink.yaml", "title: Sink\nmeetings: [{description: Taps, day: Friday, time: 8 AM, time_zone: UTC, frequency: weekly}]\n")
}

#[test]
fn the_list_shows_each_meeting_on_its_own_clocks_and_in_utc_and_names_what_is_unclear() {
    let found = run_in(&estate().0, "calendar --until 2026-01-09");
    assert_eq!((found.exit, found.notes.as_str()), (Exit::Well, ""));
    let expected = "\
Kitchen: meetings from 2026-01-01 to 2026-01-09

UTC                   THERE                          MEETING             WHERE
Fri 2026-01-02 08:00  Fri 08:00 UTC                  Sink: Taps
Mon 2026-01-05 04:30  Mon 10:00 Asia/Kolkata         Oven: Crumbs
Tue 2026-01-06 17:00  Tue 09:00 America/Los_Angeles  Oven: Regular       https://meet.example.org/oven
Wed 2026-01-07 16:00  Wed 17:00 Europe/Berlin        Oven: office hours
Fri 2026-01-09 08:00  Fri 08:00 UTC                  Sink: Taps

Nobody can tell when these are held:
  groups/oven.yaml:7: Oven: Bakery: \"often / Monday\": how often is not said
";
    assert_eq!(found.data, expected);
}

#[test]
fn all_groups_are_listed_for_fourteen_days_and_one_for_thirty_five() {
    let folder = estate();
    let listed = |arguments: &str| run_in(&folder.0, arguments).data;
    assert!(listed("calendar").contains("from 2026-01-01 to 2026-01-14"));
    let one = listed("calendar oven --output text");
    assert!(one.contains("from 2026-01-01 to 2026-02-04"), "{one}");
    assert!(
        one.contains("Oven: Hinges") && !one.contains("Sink"),
        "{one}"
    );
}

#[test]
fn a_person_has_what_they_lead_and_no_more() {
    let folder = estate();
    let of = |who: &str| run_in(&folder.0, &format!("calendar person/{who}"));
    let summaries = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("SUMMARY:"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(summaries(&of("ben").data), ["Oven: Hinges"]);
    assert_eq!(
        summaries(&of("ada").data),
        [
            "Oven: Regular",
            "Oven: Crumbs",
            "Oven: Hinges",
            "Oven: office hours"
        ]
    );
    assert!(
        of("ada")
            .notes
            .contains("groups/oven.yaml:7: not in the calendar")
    );
    let nobody = of("cy");
    assert_eq!((nobody.exit, nobody.data.as_str()), (Exit::Findings, ""));
    assert!(
        nobody.notes.contains("no meeting of Cy is known"),
        "{}",
        nobody.notes
    );
}

#[test]
fn a_calendar_is_the_same_in_every_run_and_carries_the_time_of_its_commit() {
    let folder = estate();
    let print = || run_in(&folder.0, "calendar oven").data;
    assert_eq!(print(), print());
    assert!(print().contains("DTSTAMP:20260101T000000Z"));
    crate::reports::commit(&folder.0, "2025-11-05T10:30:00Z");
    let committed = print();
    assert!(
        committed.contains("DTSTAMP:20251105T103000Z"),
        "{committed}"
    );
    let sequence = |text: &str| -> u64 {
        let mut lines = text.lines();
        let line = lines.find_map(|line| line.strip_prefix("SEQUENCE:"));
        line.unwrap().parse().unwrap()
    };
    let uids = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("UID:"));
        lines.map(str::to_owned).collect()
    };
    let moved = OVEN.replace("9:00", "11:00");
    crate::support::write(&folder.0.join("groups/oven.yaml"), &moved);
    crate::reports::commit(&folder.0, "2025-11-06T10:30:00Z");
    let later = print();
    assert!(sequence(&later) > sequence(&committed));
    assert_eq!(uids(&later), uids(&committed));
}

#[test]
fn a_calendar_is_written_over_the_one_before() {
    let folder = estate();
    for _ in 0..2 {
        let found = run_in(&folder.0, "calendar sink --out public/sink.ics");
        assert_eq!(
            (found.exit, found.notes.as_str()),
            (Exit::Well, "wrote public/sink.ics\n")
        );
    }
    let text = std::fs::read_to_string(folder.0.join("public/sink.ics")).unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n"), "{text}");
    assert_eq!(text, run_in(&folder.0, "calendar group/sink").data);
}

#[test]
fn a_slip_is_named_with_what_was_meant() {
    let folder = estate();
    for (arguments, said, exit) in [
        ("calendar ovne", "did you mean group/oven?", Exit::Findings),
        (
            "calendar --from 2026-02-01 --until 2026-01-01",
            "--until is before --from",
            Exit::Usage,
        ),
        (
            "calendar oven --from 2026-02-01",
            "ask for `--output text`",
            Exit::Usage,
        ),
        ("calendar --from tomorrow", "invalid value", Exit::Usage),
    ] {
        let found = run_in(&folder.0, arguments);
        assert_eq!((found.exit, found.data.as_str()), (exit, ""), "{arguments}");
        assert!(found.notes.contains(said), "{arguments}: {}", found.notes);
    }
    let folder = folder.with(
        "accounts/host.yaml",
        "provider: host\nid: kitchen\nholder: community\n",
    );
    let found = run_in(&folder.0, "calendar account/host");
    assert!(
        found.notes.contains("groups and people have calendars"),
        "{}",
        found.notes
    );
}

/// How often each event of a calendar is held in 2026, by programs of others.
const PEER: &str = r#"
import sys
from datetime import datetime, timezone
import icalendar
from dateutil.rrule import rrulestr
from zoneinfo import ZoneInfo
first, last = datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2027, 1, 1, tzinfo=timezone.utc)
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
assert not calendar.errors
for event in calendar.walk("VEVENT"):
    assert not event.errors
    zone = event["DTSTART"].params.get("TZID", "UTC")
    start = event["DTSTART"].dt.replace(tzinfo=ZoneInfo(zone))
    rule = "RRULE:" + event["RRULE"].to_ical().decode()
    found = rrulestr(rule, dtstart=start).between(first, last, inc=True)
    print(event["UID"], *(at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for at in found if at < last))
"#;

/// The Python of the environment that has the peers, else the system's.
fn peers() -> Option<String> {
    let python = std::env::var("COMMONHOLD_OCTODNS").map_or_else(
        |_| "python3".to_owned(),
        |environment| format!("{environment}/bin/python"),
    );
    crate::support::peer(&python, &["-c", "import icalendar, dateutil"]).then_some(python)
}

#[test]
fn the_days_of_the_real_meetings_are_those_that_dateutil_counts() {
    let (Some(sigs), Some(python)) = (shared("kubernetes/community/sigs.yaml"), peers()) else {
        return;
    };
    let manifest = "commonhold: 1\nname: T\nsources: [{format: sigs.yaml, path: sigs.yaml}]\n";
    let sigs = std::fs::read_to_string(sigs).unwrap();
    let folder = Folder::new()
        .with("commonhold.yaml", manifest)
        .with("sigs.yaml", &sigs);
    let json = run_in(&folder.0, "calendar --output json --until 2026-12-31").data;
    let json: Value = serde_json::from_str(&json).unwrap();
    let ours: BTreeMap<String, String> = json["meetings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|meeting| {
            let held = meeting["held"].as_array().unwrap().iter();
            let held: Vec<&str> = held.map(|one| one["utc"].as_str().unwrap()).collect();
            (meeting["uid"].as_str().unwrap().to_owned(), held.join(" "))
        })
        .collect();
    assert!(ours.len() > 90, "{}", ours.len());
    assert_eq!(json["unclear"].as_array().unwrap().len(), 3);
    let calendar = run_in(&folder.0, "calendar --output ics").data;
    let mut child = Command::new(python)
        .args(["-c", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(calendar.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    let theirs: BTreeMap<String, String> = said
        .lines()
        .map(|line| line.split_once(' ').unwrap_or((line, "")))
        .map(|(uid, held)| (uid.to_owned(), held.to_owned()))
        .collect();
    assert_eq!(ours, theirs);
}

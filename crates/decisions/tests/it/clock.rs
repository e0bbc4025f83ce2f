//! Deadlines, by hand and beside a program that shares nothing with ours but the rules.

use std::io::Write;
use std::process::{Command, Stdio};

use decisions::clock::{
    ANYWHERE_ON_EARTH, Blackout, Calendar, NoDeadline, Outage, Pause, deadline, deadline_despite,
    in_time,
};
use estate::Period;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Counts minutes one by one on the wall's clock or, for elapsed time, in UTC.
const ORACLE: &str = r"
import json, sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo
MINUTE = timedelta(minutes=1)
def days(row, pauses):
    out = set()
    for first, last, everything in row['blackouts']:
        day, last = date.fromisoformat(first), date.fromisoformat(last)
        while day <= last:
            if everything or not pauses:
                out.add(day)
            day += timedelta(days=1)
    return out
def answer(row):
    zone = ZoneInfo(row['zone'])
    start = datetime.fromtimestamp(row['start'], timezone.utc)
    number, unit = row['amount'], row['unit']
    minutes = number * 60 * (24 if unit.endswith('d') else 1)
    if unit in 'hd':
        still, now = days(row, True), start
        while minutes:
            if now.astimezone(zone).date() not in still:
                minutes -= 1
            now += MINUTE
        return int(now.timestamp())
    if not minutes:
        return row['start']
    off = days(row, False) | {date.fromisoformat(day) for day in row['holidays']}
    shown = start.astimezone(zone).replace(tzinfo=None)
    while minutes:
        if shown.weekday() < 5 and shown.date() not in off:
            minutes -= 1
        shown += MINUTE
    return max(row['start'], int(shown.replace(tzinfo=zone, fold=0).timestamp()))
print(json.dumps([answer(row) for row in json.load(sys.stdin)]))
";

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    Period::new(text).unwrap()
}

fn calendar(holidays: &[Date], blackouts: &[(Date, Date, Pause)]) -> Calendar {
    Calendar {
        holidays: holidays.iter().copied().collect(),
        blackouts: blackouts
            .iter()
            .map(|&(first, last, pause)| Blackout { first, last, pause })
            .collect(),
    }
}

fn calendars() -> [Calendar; 4] {
    [
        Calendar::default(),
        calendar(
            &[date(2026, 3, 30), date(2026, 10, 26), date(2026, 12, 25)],
            &[],
        ),
        calendar(
            &[date(2026, 11, 2)],
            &[
                (date(2026, 3, 31), date(2026, 4, 3), Pause::Business),
                (date(2026, 10, 28), date(2026, 11, 3), Pause::Business),
            ],
        ),
        calendar(
            &[],
            &[
                (date(2026, 3, 28), date(2026, 3, 29), Pause::Everything),
                (date(2026, 10, 24), date(2026, 10, 27), Pause::Everything),
                (date(2026, 10, 26), date(2026, 10, 29), Pause::Everything),
                (date(2026, 11, 1), date(2026, 11, 1), Pause::Everything),
            ],
        ),
    ]
}

const ZONES: [&str; 9] = [
    "UTC",
    ANYWHERE_ON_EARTH,
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    // The clocks change on a Friday, a business day, at midnight.
    "Africa/Cairo",
    "America/St_Johns",
];

const STARTS: [&str; 14] = [
    "2026-03-27T17:30:00Z",
    "2026-03-28T12:00:00Z",
    "2026-03-29T00:59:00Z",
    "2026-03-29T01:00:00Z",
    "2026-04-23T09:15:00Z",
    "2026-04-23T22:30:00Z",
    "2026-10-23T20:00:00Z",
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z",
    "2026-10-29T20:30:00Z",
    "2026-10-29T21:30:00Z",
    "2026-11-01T08:45:00Z",
    "2026-11-01T09:45:00Z",
    "2026-12-24T23:59:00Z",
];

const PERIODS: [&str; 9] = [
    "0bd", "1bh", "24bh", "72bh", "1bd", "3bd", "1h", "36h", "2d",
];

/// What the independent program says, if there is a Python with time zones.
fn oracle(rows: &[Value]) -> Option<Vec<i64>> {
    let python = std::env::var("COMMONHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let child = Command::new(python)
        .args(["-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let answer = child.ok().and_then(|mut child| {
        let mut input = child.stdin.take()?;
        input.write_all(json!(rows).to_string().as_bytes()).ok()?;
        drop(input);
        let output = child.wait_with_output().ok()?;
        serde_json::from_slice(&output.stdout).ok()
    });
    if answer.is_none() {
        eprintln!("skipped: no python3 with zoneinfo and its zones");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
    }
    answer
}

fn row(start: Timestamp, period: Period, zone: &str, calendar: &Calendar) -> Value {
    let blackouts: Vec<Value> = calendar
        .blackouts
        .iter()
        .map(|range| json!([range.first, range.last, range.pause == Pause::Everything]))
        .collect();
    json!({
        "start": start.as_second(), "amount": period.amount, "unit": period.unit.word(),
        "zone": zone, "holidays": calendar.holidays, "blackouts": blackouts,
    })
}

#[test]
fn an_independent_program_finds_the_same_deadlines() {
    let (mut rows, mut ours) = (Vec::new(), Vec::new());
    for name in ZONES {
        for start in STARTS {
            // Every pair of a start and a zone meets every period, with one calendar each.
            for (place, text) in PERIODS.iter().enumerate() {
                let calendar = &calendars()[(place + rows.len() / PERIODS.len()) % 4];
                let (start, period) = (at(start), period(text));
                rows.push(row(start, period, name, calendar));
                ours.push(deadline(start, period, &zone(name), calendar).unwrap());
            }
        }
    }
    assert!(rows.len() > 1000);
    let Some(theirs) = oracle(&rows) else { return };
    for ((row, ours), theirs) in rows.iter().zip(ours).zip(theirs) {
        let theirs = Timestamp::from_second(theirs).unwrap();
        assert_eq!(ours, theirs, "{row}");
    }
}

/// Start, period, zone, calendar and end. Friday is the 6th of November.
const BY_HAND: &str = "
2026-11-06T17:00:00Z   24bh UTC           none       2026-11-09T17:00:00Z
2026-11-06T17:00:00Z   72bh UTC           none       2026-11-11T17:00:00Z
2026-11-06T17:00:00Z   3bd  UTC           none       2026-11-11T17:00:00Z
2026-11-07T10:00:00Z   1bd  UTC           none       2026-11-10T00:00:00Z
2026-11-06T00:00:00Z   1bd  UTC           none       2026-11-07T00:00:00Z
2026-11-07T10:00:00Z   0bd  UTC           none       2026-11-07T10:00:00Z
2026-12-24T12:00:00Z   1bd  UTC           christmas  2026-12-28T12:00:00Z
2026-11-06T12:00:00Z   1d   UTC           conference 2026-11-07T12:00:00Z
2026-11-08T12:00:00Z   1d   UTC           conference 2026-11-13T12:00:00Z
2026-11-08T12:00:00Z   12h  UTC           conference 2026-11-09T00:00:00Z
2026-11-06T12:00:00Z   1bd  UTC           conference 2026-11-13T12:00:00Z
2026-03-27T11:00:00Z   1bd  Europe/Berlin none       2026-03-30T10:00:00Z
2026-03-28T11:00:00Z   1d   Europe/Berlin none       2026-03-29T11:00:00Z
2026-10-23T10:00:00Z   1bd  Europe/Berlin none       2026-10-26T11:00:00Z
2026-11-06T12:00:00Z   1bd  Etc/GMT+12    none       2026-11-07T12:00:00Z
2026-11-06T11:59:59.5Z 24bh Etc/GMT+12    none       2026-11-07T11:59:59.5Z
";

#[test]
fn deadlines_by_hand() {
    let conference = (date(2026, 11, 9), date(2026, 11, 12), Pause::Everything);
    for row in BY_HAND.trim().lines() {
        let words: Vec<&str> = row.split_whitespace().collect();
        let [start, length, place, days, end] = words[..] else {
            panic!("{row}");
        };
        let calendar = match days {
            "christmas" => calendar(&[date(2026, 12, 25)], &[]),
            "conference" => calendar(&[], &[conference]),
            _ => Calendar::default(),
        };
        let found = deadline(at(start), period(length), &zone(place), &calendar);
        assert_eq!(found, Ok(at(end)), "{row}");
    }
}

#[test]
fn the_deadline_itself_is_too_late() {
    let end = at("2026-11-06T12:00:00Z");
    assert!(in_time(at("2026-11-06T11:59:59.999999999Z"), end));
    assert!(!in_time(end, end));
}

#[test]
fn a_calendar_without_business_days_has_no_deadline() {
    let never = calendar(&[], &[(date(2000, 1, 1), Date::MAX, Pause::Business)]);
    let start = at("2026-11-06T12:00:00Z");
    let found = deadline(start, period("1bd"), &TimeZone::UTC, &never);
    assert_eq!(found, Err(NoDeadline));
    assert_eq!(
        deadline(start, period("0bd"), &TimeZone::UTC, &never),
        Ok(start)
    );
}

proptest! {
    #[test]
    fn a_later_start_and_a_longer_period_never_end_earlier(
        second in 1_700_000_000_i64..1_900_000_000, later in 0_i64..1_000_000,
        amount in 0_u32..300, more in 0_u32..100,
        unit in prop::sample::select(vec!["h", "d", "bh", "bd", "wh"]),
        name in prop::sample::select(ZONES.to_vec()), which in 0_usize..4,
    ) {
        let (zone, calendar) = (zone(name), &calendars()[which]);
        let start = Timestamp::from_second(second).unwrap();
        let second_start = Timestamp::from_second(second + later).unwrap();
        let (short, long) = (period(&format!("{amount}{unit}")), period(&format!("{}{unit}", amount + more)));
        let end = deadline(start, short, &zone, calendar).unwrap();
        prop_assert!(end >= start);
        prop_assert!(deadline(start, long, &zone, calendar).unwrap() >= end);
        prop_assert!(deadline(second_start, short, &zone, calendar).unwrap() >= end);
        if unit == "bd" {
            let hours = period(&format!("{}bh", 24 * amount));
            prop_assert_eq!(deadline(start, hours, &zone, calendar).unwrap(), end);
        }
    }
    #[test]
    fn outages_never_bring_a_deadline_forward_and_more_of_them_neither(
        second in 1_700_000_000_i64..1_900_000_000, amount in 0_u32..100,
        unit in prop::sample::select(vec!["h", "d", "bh", "bd", "wh"]),
        down in prop::collection::vec((-100_000_i64..1_000_000, 0_i64..20_000), 0..6),
        name in prop::sample::select(ZONES.to_vec()), which in 0_usize..4,
    ) {
        let (zone, calendar) = (zone(name), &calendars()[which]);
        let at = |seconds: i64| Timestamp::from_second(second + seconds).unwrap();
        let period = period(&format!("{amount}{unit}"));
        let outages: Vec<Outage> = down
            .iter()
            .map(|(from, length)| Outage { from: at(*from), until: at(from + length) })
            .collect();
        let end = |outages: &[Outage]| {
            deadline_despite(outages, at(0), period, &zone, calendar).unwrap()
        };
        prop_assert_eq!(end(&[]), deadline(at(0), period, &zone, calendar).unwrap());
        for fewer in 0..outages.len() {
            prop_assert!(end(&outages[..fewer]) <= end(&outages[..=fewer]));
        }
    }
}

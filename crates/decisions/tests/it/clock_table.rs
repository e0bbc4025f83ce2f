//! The table of deadlines that an independent program computed: `clock_table.py`.

use std::process::Command;

use decisions::clock::{
    Blackout, Bounds, Calendar, Outage, Pause, change_before_last_call, deadline, deadline_despite,
};
use estate::Period;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const TABLE: &str = include_str!("clock_table.tsv");

/// The parts of a list, which is `-` if it is empty.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|part| *part != "-")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    Period::new(text).unwrap()
}

fn blackout(text: &str) -> Blackout {
    let [first, last, pause] = text.split('/').collect::<Vec<_>>()[..] else {
        panic!("{text}");
    };
    let pause = match pause {
        "all" => Pause::Everything,
        "business" => Pause::Business,
        other => panic!("{other}"),
    };
    let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
    Blackout { first, last, pause }
}

fn outage(text: &str) -> Outage {
    let (from, until) = text.split_once('/').unwrap();
    Outage {
        from: at(from),
        until: at(until),
    }
}

/// What we say of a row, as it is written in its last column.
fn ours(row: &[&str]) -> String {
    match *row {
        [
            "deadline",
            zone,
            start,
            length,
            holidays,
            blackouts,
            outages,
        ] => {
            let calendar = Calendar {
                holidays: parts(holidays).map(|day| day.parse().unwrap()).collect(),
                blackouts: parts(blackouts).map(blackout).collect(),
            };
            let outages: Vec<Outage> = parts(outages).map(outage).collect();
            let zone = TimeZone::get(zone).unwrap();
            let end = deadline_despite(&outages, at(start), period(length), &zone, &calendar);
            end.unwrap().to_string()
        }
        ["amended", zone, opened, length, now, amend, least, most] => {
            let zone = TimeZone::get(zone).unwrap();
            let after = |start: &str, length: &str| {
                deadline(at(start), period(length), &zone, &Calendar::default()).unwrap()
            };
            let bounds = Bounds {
                after_change: after(now, amend),
                earliest: after(opened, least),
                latest: after(opened, most),
            };
            match change_before_last_call(at(now), after(opened, length), bounds) {
                Ok(closing) => closing.to_string(),
                Err(_) => "last-call".to_owned(),
            }
        }
        _ => panic!("{row:?}"),
    }
}

#[test]
fn the_table_of_an_independent_program_agrees() {
    let mut rows = 0;
    for line in TABLE.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let (theirs, row) = columns.split_last().unwrap();
        assert_eq!(ours(row), *theirs, "{line}");
        rows += 1;
    }
    assert!(rows >= 200, "{rows} rows");
}

#[test]
fn the_table_is_what_the_program_prints() {
    let python = std::env::var("COMMONHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/clock_table.py");
    let output = Command::new(python).arg(program).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        eprintln!("skipped: no python3 with zoneinfo and its zones");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
        return;
    };
    let printed = String::from_utf8(output.stdout).unwrap();
    for (committed, printed) in TABLE.lines().zip(printed.lines()) {
        assert_eq!(committed, printed);
    }
    assert_eq!(TABLE.lines().count(), printed.lines().count());
}

//! Laws for any text and any calendar.

use ical::words::{Words, ZoneWords, gathering};
use ical::{ByDay, Calendar, End, Event, Frequency, Length, Moment, Rule, Status, Zone};
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use proptest::prelude::*;

const LINES: [&str; 24] = [
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VALARM",
    "END:VALARM",
    "DTSTART:20260101",
    "DTSTART;TZID=Europe/Berlin:20260329T023000",
    "DTSTART:16010101T000000Z",
    "DTEND:20260109",
    "DURATION:P1W2DT3H",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=DAILY;INTERVAL=4294967295",
    "RRULE:FREQ=WEEKLY;COUNT=4294967295",
    "RRULE:FREQ=MONTHLY;BYDAY=-5SU",
    "EXDATE:20260101,20260102",
    "UID:a",
    "SUMMARY:b\\,c",
    "RECURRENCE-ID:20260101",
    "STATUS:CANCELLED",
    "SEQUENCE:4294967295",
    " folded",
    "x",
    ":",
];
const WORDS: [&str; 32] = [
    "every",
    "other",
    "week",
    "month",
    "weekly",
    "biweekly",
    "monthly",
    "first",
    "last",
    "3rd",
    "Tuesday",
    "Friday",
    "starting",
    "Jan",
    "7th",
    "2025",
    ",",
    "(",
    ")",
    "-",
    "of",
    "the",
    "alternating",
    "with",
    "after",
    "two",
    "99999999999",
    "é",
    "quarterly",
    "31",
    "may",
    "zoom",
];

fn weekday() -> impl Strategy<Value = Weekday> {
    (1_i8..=7).prop_map(|number| Weekday::from_monday_one_offset(number).unwrap())
}

fn rule() -> impl Strategy<Value = Rule> {
    let frequency = prop::sample::select(vec![
        Frequency::Daily,
        Frequency::Weekly,
        Frequency::Monthly,
        Frequency::Yearly,
    ]);
    let by_day = (
        prop::option::of(prop::sample::select(vec![-1_i8, 1, 2, 4])),
        weekday(),
    );
    let end = prop_oneof![Just(End::Never), (1_u32..50).prop_map(End::Count)];
    (
        frequency,
        1_u32..5,
        prop::collection::vec(1_i8..=12, 0..3),
        prop::collection::vec(1_i8..=31, 0..3),
        prop::collection::vec(by_day, 0..3),
        weekday(),
        end,
    )
        .prop_map(
            |(frequency, interval, months, month_days, days, week_start, end)| {
                let weekly = frequency == Frequency::Weekly;
                let placeless = weekly || frequency == Frequency::Daily;
                let day = |(place, weekday): (Option<i8>, Weekday)| ByDay {
                    place: place.filter(|_| !placeless),
                    weekday,
                };
                Rule {
                    frequency,
                    interval,
                    months,
                    month_days: if weekly { Vec::new() } else { month_days },
                    days: days.into_iter().map(day).collect(),
                    week_start,
                    end,
                }
            },
        )
}

fn moment() -> impl Strategy<Value = Moment> {
    let zones = vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Africa/Casablanca",
    ];
    (
        0_i32..4000,
        prop::option::of((prop::sample::select(zones), 0_i8..24, 0_i8..60)),
    )
        .prop_map(|(days, at)| {
            let day = date(2019, 1, 1)
                .checked_add(jiff::Span::new().days(days))
                .unwrap();
            match at {
                None => Moment::Day(day),
                Some((zone, hour, minute)) => Moment::At {
                    shown: day.at(hour, minute, 0, 0),
                    zone: Zone::new(zone).unwrap(),
                },
            }
        })
}

fn event() -> impl Strategy<Value = Event> {
    (
        moment(),
        prop::option::of(rule()),
        0_u32..9,
        "\\PC{0,60}",
        1_u32..5,
        0_u32..9000,
    )
        .prop_map(|(start, rule, sequence, summary, days, seconds)| {
            let whole = matches!(start, Moment::Day(_));
            Event {
                uid: format!("{sequence}@example.org"),
                sequence,
                description: format!("{summary}\nand, more; of \\ it"),
                summary,
                url: String::new(),
                status: if sequence % 2 == 0 {
                    Status::Confirmed
                } else {
                    Status::Tentative
                },
                length: Length {
                    days,
                    seconds: if whole { 0 } else { seconds },
                },
                except: vec![start.clone()],
                start,
                rule,
            }
        })
}

fn calendar(events: Vec<Event>) -> Calendar {
    Calendar {
        name: "Laws".to_owned(),
        product: "-//Example//Laws//EN".to_owned(),
        stamp: "2026-01-01T00:00:00Z".parse().unwrap(),
        events,
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(lines in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..40)) {
        for text in [lines.join("\n"), format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}\nEND:VEVENT\nEND:VCALENDAR", lines.join("\n"))] {
            if let Ok(reading) = ical::read(&text) {
                prop_assert_eq!(reading.lines.len(), reading.events.len());
                let _ = ical::days_off(&text, Date::MIN, Date::MAX);
                let written = ical::write(&calendar(reading.events.clone()));
                let again = ical::read(&written).unwrap();
                prop_assert_eq!(again.unread, []);
            }
        }
    }

    #[test]
    fn noise_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = ical::read(&text);
        let _ = ical::read(&format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n{text}\nEND:VEVENT\nEND:VCALENDAR"));
        let _ = ical::read(&format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nRRULE:{text}\nEND:VEVENT\nEND:VCALENDAR"));
        let words = Words { day: &text, time: &text, zone: &text, frequency: &text };
        let _ = gathering(&words, &ZoneWords::new());
    }

    #[test]
    fn any_words_are_a_rule_with_its_first_day_or_unclear(
        words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..8), day in prop::sample::select(WORDS.to_vec()),
    ) {
        let frequency = words.join(" ");
        let words = Words { day, time: "9:00", zone: "Europe/Berlin", frequency: &frequency };
        if let Ok(found) = gathering(&words, &ZoneWords::new()) {
            let event = Event {
                uid: "x".to_owned(), sequence: 0, summary: String::new(), description: String::new(), url: String::new(),
                status: Status::Confirmed, length: Length::default(), start: found.start(), rule: Some(found.rule), except: Vec::new(),
            };
            let again = ical::read(&ical::write(&calendar(vec![event.clone()]))).unwrap();
            prop_assert_eq!(again.unread, []);
            prop_assert_eq!(again.events, [event]);
        }
    }

    #[test]
    fn what_is_written_is_read_again(event in event()) {
        let text = ical::write(&calendar(vec![event.clone()]));
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        let reading = ical::read(&text).unwrap();
        if let [unread] = &reading.unread[..] {
            prop_assert_eq!(&unread.problem, &ical::Problem::OutOfStep);
        } else {
            prop_assert_eq!(reading.events, [event]);
        }
    }

    #[test]
    fn a_part_of_the_time_has_its_part_of_the_occurrences(event in event(), day in 0_i64..3000, length in 1_i64..400) {
        let begin = jiff::Timestamp::from_second(1_577_836_800).unwrap();
        let at = |days: i64| begin + jiff::SignedDuration::from_hours(24 * days);
        let whole = ical::occurrences(&event, at(0), at(4000), &TimeZone::UTC).unwrap();
        let part = ical::occurrences(&event, at(day), at(day + length), &TimeZone::UTC).unwrap();
        let expected: Vec<_> = whole.into_iter().filter(|found| at(day) <= found.start && found.start < at(day + length)).collect();
        prop_assert_eq!(part, expected);
    }
}

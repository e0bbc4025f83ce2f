//! Calendars as others write them.

use ical::{NotACalendar, Problem, days_off, read};
use jiff::civil::date;

fn calendar(events: &[&str]) -> String {
    let events: Vec<String> = events
        .iter()
        .map(|event| {
            format!(
                "BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n",
                event.replace('\n', "\r\n")
            )
        })
        .collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n",
        events.concat()
    )
}

/// Lines of an event, the line that is wrong and what is.
#[expect(clippy::too_many_lines, reason = "a table")]
fn mistakes() -> Vec<(&'static str, usize, Problem)> {
    use Problem as P;
    let of = |text: &str| text.to_owned();
    vec![
        ("SUMMARY:x", 6, P::NoStart),
        (
            "DTSTART:20260101T090000",
            7,
            P::Floating(of("20260101T090000")),
        ),
        ("DTSTART:20260230", 7, P::Time(of("20260230"))),
        (
            "DTSTART:20260101T240000Z",
            7,
            P::Time(of("20260101T240000Z")),
        ),
        ("DTSTART;TZID=Here:20260101T090000", 7, P::Zone(of("Here"))),
        (
            "DTSTART;TZID=Europe/Berlin:20260101T090000Z",
            7,
            P::Time(of("20260101T090000Z")),
        ),
        (
            "DTSTART:20260101\nDTSTART:20260102",
            8,
            P::Twice(of("DTSTART")),
        ),
        ("DTSTART:20260101\nno colon", 8, P::Line),
        (
            "DTSTART:20260101\nDTEND:20260101T090000Z",
            8,
            P::Mixed(of("DTEND")),
        ),
        ("DTSTART:20260101\nDTEND:20260101", 8, P::End),
        (
            "DTSTART:20260101T090000Z\nDTEND:20260101T080000Z",
            8,
            P::End,
        ),
        ("DTSTART:20260101\nDURATION:PT1H", 8, P::Mixed(of("PT1H"))),
        (
            "DTSTART:20260101T090000Z\nDURATION:P1Y",
            8,
            P::Duration(of("P1Y")),
        ),
        (
            "DTSTART:20260101T090000Z\nDURATION:PT",
            8,
            P::Duration(of("PT")),
        ),
        (
            "DTSTART:20260101T090000Z\nDURATION:-PT1H",
            8,
            P::Duration(of("-PT1H")),
        ),
        (
            "DTSTART:20260101T090000Z\nRDATE:20260102T090000Z",
            8,
            P::Property(of("RDATE")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=HOURLY",
            8,
            P::Rule(of("FREQ=HOURLY")),
        ),
        (
            "DTSTART:20260101\nRRULE:INTERVAL=2",
            8,
            P::Rule(of("INTERVAL=2")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=DAILY;INTERVAL=0",
            8,
            P::Rule(of("INTERVAL=0")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=MONTHLY;BYSETPOS=-1;BYDAY=TH",
            8,
            P::Rule(of("BYSETPOS=-1")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=DAILY;BYHOUR=9",
            8,
            P::Rule(of("BYHOUR=9")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20260109",
            8,
            P::Rule(of("COUNT` with `UNTIL")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=WEEKLY;BYDAY=2TH",
            8,
            P::Rule(of("BYDAY` with a place in `FREQ")),
        ),
        (
            "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20260109",
            8,
            P::Mixed(of("UNTIL")),
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=WEEKLY;BYDAY=FR",
            8,
            P::OutOfStep,
        ),
        (
            "DTSTART:20260101\nRRULE:FREQ=DAILY\nEXDATE:20260102T000000Z",
            9,
            P::Mixed(of("EXDATE")),
        ),
        ("DTSTART:20260101\nSEQUENCE:x", 8, P::Sequence(of("x"))),
        ("DTSTART:20260101\nRECURRENCE-ID:20260101", 6, P::Companion),
    ]
}

#[test]
fn an_event_that_cannot_be_read_is_named_and_the_others_are_read() {
    for (event, line, problem) in mistakes() {
        let text = calendar(&["UID:good\nDTSTART:20260101", &format!("{event}\nUID:bad")]);
        let reading = read(&text).unwrap();
        assert_eq!(reading.events.len(), 1, "{event}");
        let [unread] = &reading.unread[..] else {
            panic!("{event}: {:?}", reading.unread);
        };
        assert_eq!(
            (unread.line, &unread.problem),
            (line + 1, &problem),
            "{event}"
        );
    }
}

#[test]
fn what_is_no_calendar_is_refused() {
    for text in [
        "",
        "\n",
        "hello",
        "BEGIN:VEVENT\nEND:VEVENT",
        "END:VCALENDAR",
    ] {
        assert!(
            matches!(read(text), Err(NotACalendar::NoBeginning { .. })),
            "{text}"
        );
    }
    for text in [
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
    ] {
        assert!(
            matches!(read(text), Err(NotACalendar::Unclosed { .. })),
            "{text}"
        );
    }
    let long = format!(
        "BEGIN:VCALENDAR\n{}END:VCALENDAR",
        "X:y\n".repeat(ical::MOST_OCTETS / 4)
    );
    assert!(matches!(read(&long), Err(NotACalendar::TooLarge { .. })));
}

#[test]
fn an_alarm_in_an_event_says_nothing_of_the_event() {
    let event = "UID:a\nDTSTART:20260101T090000Z\nBEGIN:VALARM\nDURATION:PT5M\nTRIGGER:-PT5M\nSUMMARY:ring\nEND:VALARM\nSUMMARY:sync";
    let reading = read(&calendar(&[event])).unwrap();
    assert_eq!(reading.events[0].summary, "sync");
    assert_eq!(reading.events[0].length, ical::Length::default());
}

#[test]
fn an_occurrence_that_was_moved_or_cancelled_is_not_where_it_was() {
    let text = calendar(&[
        "UID:a\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=4\nSUMMARY:old\nSEQUENCE:1",
        "UID:a\nDTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;COUNT=4\nSUMMARY:new\nSEQUENCE:2",
        "UID:a\nRECURRENCE-ID;VALUE=DATE:20260106\nDTSTART;VALUE=DATE:20260120\nSUMMARY:moved",
        "UID:a\nRECURRENCE-ID;VALUE=DATE:20260107\nDTSTART;VALUE=DATE:20260107\nSTATUS:CANCELLED",
        "UID:b\nDTSTART;VALUE=DATE:20260110\nSTATUS:CANCELLED",
    ]);
    let found = days_off(&text, date(2026, 1, 1), date(2026, 12, 31)).unwrap();
    let days: Vec<String> = found
        .days
        .iter()
        .map(|day| format!("{} {}", day.first, day.name))
        .collect();
    assert_eq!(
        days,
        ["2026-01-05 new", "2026-01-08 new", "2026-01-20 moved"]
    );
    assert_eq!(found.unread, []);
}

#[test]
fn holidays_are_days_once_or_every_year_and_what_is_none_is_said() {
    let text = calendar(&[
        "UID:1\nDTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20201227\nRRULE:FREQ=YEARLY\nSUMMARY:Christmas\\, twice",
        "UID:2\nDTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nSUMMARY:Thanks",
        "UID:3\nDTSTART;VALUE=DATE:20251110\nDURATION:P1W\nSUMMARY:Conference",
        "UID:4\nDTSTART:20260101T090000Z\nSUMMARY:Party",
        "UID:5\nDTSTART;VALUE=DATE:20200229\nRRULE:FREQ=YEARLY\nSUMMARY:Leap",
    ]);
    let found = days_off(&text, date(2025, 11, 12), date(2026, 12, 25)).unwrap();
    let days: Vec<String> = found
        .days
        .iter()
        .map(|day| format!("{} {} {}", day.first, day.last, day.name))
        .collect();
    assert_eq!(
        days,
        [
            "2025-11-10 2025-11-16 Conference",
            "2025-11-27 2025-11-27 Thanks",
            "2025-12-25 2025-12-26 Christmas, twice",
            "2026-11-26 2026-11-26 Thanks",
            "2026-12-25 2026-12-26 Christmas, twice",
        ]
    );
    let said: Vec<String> = found.unread.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["line 22, \"Party\": it has a time of day and is not a day off"]
    );
}

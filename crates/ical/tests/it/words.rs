//! Words about meetings, as communities write them.

use ical::words::{Phase, Unclear, Words, ZoneWords, gathering};

fn words<'a>(frequency: &'a str, day: &'a str) -> Words<'a> {
    Words {
        day,
        time: "9:00",
        zone: "UTC",
        frequency,
    }
}

/// How often, day, rule, first day; `?` after the rule where the weeks are assumed.
const CLEAR: [(&str, &str, &str, &str); 34] = [
    ("weekly", "Tuesday", "FREQ=WEEKLY;BYDAY=TU", "2024-01-02"),
    ("Weekly", "Thursdays", "FREQ=WEEKLY;BYDAY=TH", "2024-01-04"),
    (
        "every week",
        "Mon and Wed",
        "FREQ=WEEKLY;BYDAY=MO,WE",
        "2024-01-01",
    ),
    ("every Tuesday", "", "FREQ=WEEKLY;BYDAY=TU", "2024-01-02"),
    ("daily", "", "FREQ=DAILY", "2024-01-01"),
    (
        "weekdays",
        "",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "2024-01-01",
    ),
    (
        "biweekly",
        "Thursday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH?",
        "2024-01-04",
    ),
    (
        "bi-weekly",
        "Thursday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH?",
        "2024-01-04",
    ),
    (
        "every two weeks",
        "Friday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR?",
        "2024-01-05",
    ),
    (
        "every 2 weeks",
        "Friday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR?",
        "2024-01-05",
    ),
    (
        "every second week",
        "Friday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR?",
        "2024-01-05",
    ),
    (
        "every other week",
        "Friday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR?",
        "2024-01-05",
    ),
    (
        "every other Friday",
        "",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR?",
        "2024-01-05",
    ),
    (
        "every four weeks",
        "Wednesday",
        "FREQ=WEEKLY;INTERVAL=4;BYDAY=WE?",
        "2024-01-03",
    ),
    (
        "biweekly starting Tuesday Feb 11, 2025",
        "Tuesday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "2025-02-11",
    ),
    (
        "bi-weekly",
        "Tuesday (starting September 10th 2024)",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "2024-09-10",
    ),
    (
        "biweekly 2019 start date: Jan. 11th",
        "Friday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
        "2019-01-11",
    ),
    (
        "biweekly since 7 June 2018",
        "",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        "2018-06-07",
    ),
    (
        "monthly 2020 start date: Jan. 7th",
        "Tuesday",
        "FREQ=MONTHLY;BYDAY=1TU",
        "2020-01-07",
    ),
    (
        "monthly - third Tuesday",
        "Tuesday",
        "FREQ=MONTHLY;BYDAY=3TU",
        "2024-01-16",
    ),
    (
        "monthly, second Thursday of the month",
        "Thursday",
        "FREQ=MONTHLY;BYDAY=2TH",
        "2024-01-11",
    ),
    (
        "monthly - last Wednesday every month",
        "Wednesday",
        "FREQ=MONTHLY;BYDAY=-1WE",
        "2024-01-31",
    ),
    (
        "First Tuesday of each month",
        "Tuesday",
        "FREQ=MONTHLY;BYDAY=1TU",
        "2024-01-02",
    ),
    (
        "every third Wednesday of the month",
        "Wednesday",
        "FREQ=MONTHLY;BYDAY=3WE",
        "2024-01-17",
    ),
    (
        "Monthly on 4th Thursday",
        "Thursday",
        "FREQ=MONTHLY;BYDAY=4TH",
        "2024-01-25",
    ),
    (
        "monthly",
        "third Wednesday",
        "FREQ=MONTHLY;BYDAY=3WE",
        "2024-01-17",
    ),
    (
        "monthly, 2nd",
        "Tuesday",
        "FREQ=MONTHLY;BYDAY=2TU",
        "2024-01-09",
    ),
    (
        "first and third Monday of the month",
        "",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "2024-01-01",
    ),
    (
        "1st, 3rd Monday",
        "",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "2024-01-01",
    ),
    (
        "quarterly, first Monday, starting Jan 6, 2025",
        "",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO",
        "2025-01-06",
    ),
    (
        "biweekly, you must sign in to join",
        "Monday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO?",
        "2024-01-01",
    ),
    (
        "bi-weekly ([upcoming meeting dates](#upcoming-dates))",
        "Monday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO?",
        "2024-01-01",
    ),
    (
        "biweekly - alternating with the triage",
        "Monday",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO?",
        "2024-01-01",
    ),
    (
        "weekly starting Tuesday December 7th, 2021",
        "Tuesday",
        "FREQ=WEEKLY;BYDAY=TU",
        "2021-12-07",
    ),
];

#[test]
fn what_people_write_becomes_a_rule() {
    for (frequency, day, rule, first) in CLEAR {
        let found = gathering(&words(frequency, day), &ZoneWords::new());
        let found = found.unwrap_or_else(|unclear| panic!("{frequency} / {day}: {unclear:?}"));
        let assumed = if found.phase == Phase::Assumed {
            "?"
        } else {
            ""
        };
        assert_eq!(
            format!("{}{assumed}", found.rule),
            rule,
            "{frequency} / {day}"
        );
        assert_eq!(found.first.to_string(), first, "{frequency} / {day}");
    }
}

#[test]
fn what_could_mean_two_things_or_nothing_is_named() {
    for (frequency, day, why) in [
        ("monthly", "Thursday", "which one of the month"),
        (
            "monthly - Wednesday, after the fourth Tuesday",
            "Wednesday",
            "\"after\"",
        ),
        (
            "every third Wednesday",
            "",
            "of the month, or every so many weeks",
        ),
        ("biweekly", "Monday and Thursday", "or twice a week"),
        ("biweekly", "", "day of the week is not said"),
        ("", "Tuesday", "how often"),
        ("weekly, monthly", "Tuesday", "twice as often"),
        ("bimonthly", "Tuesday", "\"bimonthly\""),
        ("weekly except in December", "Tuesday", "without a day"),
        ("as needed", "Tuesday", "\"as\""),
        (
            "biweekly starting Tuesday Feb 12, 2025",
            "Tuesday",
            "not the day of the week",
        ),
        (
            "biweekly starting Feb 12, 2025",
            "Tuesday",
            "not one of the days",
        ),
        ("biweekly starting soon", "Tuesday", "\"soon\""),
        ("biweekly starting Feb 11", "Tuesday", "without its year"),
        ("biweekly starting", "Tuesday", "not said"),
        (
            "monthly starting Jan 28, 2020",
            "Tuesday",
            "the fourth, the fifth or the last",
        ),
        ("third Tuesday", "Wednesday", "two different days"),
        ("third", "", "without its day"),
        ("weekly 5", "Tuesday", "\"5\""),
        ("alternating", "Tuesday", "with what"),
        ("quarterly, first Monday", "", "in which months"),
        ("yearly", "Tuesday", "day of the year"),
        ("30 February 2024", "", "no such day"),
    ] {
        let found = gathering(&words(frequency, day), &ZoneWords::new());
        let Err(unclear) = found else {
            panic!("{frequency} / {day}: {found:?}");
        };
        let [Unclear::Days { why: found, .. }] = &unclear[..] else {
            panic!("{frequency} / {day}: {unclear:?}");
        };
        assert!(found.contains(why), "{frequency} / {day}: {found}");
    }
}

#[test]
fn everything_that_is_unclear_is_said_at_once() {
    let words = Words {
        day: "someday",
        time: "9",
        zone: "IST",
        frequency: "often",
    };
    let unclear = gathering(&words, &ZoneWords::new()).unwrap_err();
    let said: Vec<String> = unclear.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "the zone \"IST\" may be Asia/Kolkata or Asia/Jerusalem or Europe/Dublin: write one of them",
            "\"9\" is not a time of day: write it as `09:30` or `9:30 AM`",
            "\"often / someday\": how often is not said",
        ]
    );
}

#[test]
fn what_is_not_about_time_is_kept_as_a_remark() {
    let text = "biweekly, you must be signed in to join";
    let found = gathering(&words(text, "Monday"), &ZoneWords::new()).unwrap();
    assert_eq!(found.remarks, ["you must be signed in to join"]);
    let text = "Biweekly, interleaved with the Regular Meeting";
    let found = gathering(&words(text, "Monday"), &ZoneWords::new()).unwrap();
    assert_eq!(found.alternates_with.as_deref(), Some("Regular Meeting"));
}

//! What goes wrong under way.

use std::sync::atomic::{AtomicU64, Ordering};

use testkit::fakes::faults::{Fault, Misfortune};

use super::*;

const MISFORTUNES: [Misfortune; 13] = [
    Misfortune::Status(400),
    Misfortune::Status(401),
    Misfortune::Status(403),
    Misfortune::Status(404),
    Misfortune::Status(500),
    Misfortune::Status(502),
    Misfortune::Status(503),
    Misfortune::RateLimit {
        retry_after: Duration::from_secs(1),
    },
    Misfortune::SecondaryLimit {
        retry_after: Duration::ZERO,
    },
    Misfortune::TimeoutBefore,
    Misfortune::TimeoutAfter,
    Misfortune::TruncatedBody,
    Misfortune::RepeatedPageToken,
];

/// Every how manieth request this one happens to: those that are each of its own kind to all.
fn steps(misfortune: Misfortune) -> usize {
    match misfortune {
        Misfortune::Status(500)
        | Misfortune::TimeoutBefore
        | Misfortune::TimeoutAfter
        | Misfortune::TruncatedBody
        | Misfortune::SecondaryLimit { .. } => 1,
        _ => 7,
    }
}

/// How long was waited, in seconds.
static WAITED: AtomicU64 = AtomicU64::new(0);

fn count(pause: Duration) {
    WAITED.fetch_add(pause.as_secs(), Ordering::Relaxed);
}

#[test]
fn a_limit_is_waited_for_once_as_long_as_google_says_or_else_a_second() {
    let fake = Google::start(DOMAIN);
    let secret = Hidden(fake.key_file());
    let google = GoogleGroups::new(DOMAIN, &system(&fake), secret, clock, count).unwrap();
    for (asked, waited) in [(9, 9), (0, 1)] {
        let retry_after = Duration::from_secs(asked);
        let on = |request: &Request| request.path != "/token";
        let limit = Misfortune::RateLimit { retry_after };
        fake.faults().add(Fault::on(on, 1, limit));
        google.read(&State::default()).unwrap();
        assert_eq!(WAITED.swap(0, Ordering::Relaxed), waited);
    }
}

#[test]
fn a_fault_at_any_request_of_a_read_never_makes_a_smaller_state() {
    let fake = Google::start(DOMAIN);
    let wanted = one_group();
    assert_eq!(apply(&google(&fake), &wanted), []);
    for index in 0..201 {
        fake.add_group(&address(&format!("other{index}")), "", "");
        fake.add_member(&address("a"), &format!("p{index}@x.example"), "MEMBER");
    }
    fake.forget_requests();
    let whole = google(&fake).read(&wanted).unwrap().state;
    let asked = fake.requests().len();
    assert_eq!(
        asked, 6,
        "a token, two pages each of groups and members, settings"
    );
    for n in 1..=asked {
        for misfortune in MISFORTUNES {
            fake.faults().add(Fault::nth(n, misfortune));
            let read = google(&fake).read(&wanted);
            assert_eq!(fake.faults().left(), 0);
            match (read, misfortune) {
                (Ok(reading), _) => assert_eq!(reading.state, whole, "{n} {misfortune:?}"),
                (Err(_), Misfortune::Status(400..=404) | Misfortune::RepeatedPageToken) => {}
                (Err(error), _) => panic!("{n} {misfortune:?} is not tried again: {error}"),
            }
            fake.faults().add(Fault::nth(n, misfortune).for_ever());
            if let Ok(reading) = google(&fake).read(&wanted) {
                assert_eq!(reading.state, whole, "{n} {misfortune:?}");
            }
            fake.faults().clear();
        }
    }
    assert_eq!(fake.violations(), [""; 0]);
}

/// Three states, so that the changes between them are of every kind.
fn three_states() -> [State; 3] {
    let mut second = State::default();
    want_group(&mut second, "b");
    second.insert(group("a"), json!({"name": "Another", "description": ""}));
    want_member(&mut second, "a", "Ada@lab.example", "member");
    want_member(&mut second, "a", &address("b"), "member");
    let value = json!({"WhoCanJoin": "ANYONE_CAN_JOIN", "ReplyTo": "REPLY_TO_LIST"});
    second.insert(settings("a"), value);
    [one_group(), second, State::default()]
}

#[test]
fn a_fault_at_any_change_is_mended_by_the_next_run_and_nothing_is_done_twice() {
    for misfortune in MISFORTUNES {
        // Until a run has fewer changes than the fault waits for.
        let mut n = 1;
        loop {
            let fake = Google::start(DOMAIN);
            let google = google(&fake);
            fake.faults().add(Fault::on(is_change, n, misfortune));
            for wanted in three_states() {
                for (key, failure) in apply(&google, &wanted) {
                    let told_to_wait = matches!(failure, WriteFailure::Later(_));
                    assert!(!told_to_wait, "{n} {misfortune:?} {key}");
                }
                assert_eq!(apply(&google, &wanted), [], "{n} {misfortune:?}");
                let reading = google.read(&wanted).unwrap();
                assert_eq!(diff(&reading.state, &wanted), [], "{n} {misfortune:?}");
            }
            assert_eq!(fake.violations(), [""; 0]);
            if fake.faults().left() > 0 {
                break;
            }
            n += steps(misfortune);
        }
        assert!(n > 10, "{n}");
    }
}

#[test]
fn a_change_that_was_done_and_not_answered_is_not_done_twice() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let mut real = State::default();
    for wanted in three_states() {
        let reading = google.read(&wanted).unwrap();
        for change in diff(&real, &wanted) {
            let fault = Fault::on(is_change, 1, Misfortune::TimeoutAfter);
            fake.faults().add(fault);
            let done = write(&google, &change, &reading.known);
            assert!(
                matches!(done, Err(WriteFailure::Unknown(_))),
                "{change:?}: {done:?}"
            );
            let before = fake.groups();
            assert_eq!(
                write(&google, &change, &reading.known),
                Ok(()),
                "{change:?}"
            );
            assert_eq!(fake.groups(), before, "{change:?}");
        }
        real = google.read(&wanted).unwrap().state;
        assert_eq!(diff(&real, &wanted), []);
    }
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn a_new_group_that_google_does_not_find_yet_is_asked_for_again() {
    let fake = Google::start(DOMAIN);
    fake.set_lag(3);
    let google = google(&fake);
    let wanted = one_group();
    let reading = google.read(&wanted).unwrap();
    let changes = diff(&reading.state, &wanted);
    assert_eq!(write(&google, &changes[0], &reading.known), Ok(()));
    let (key, before, after) = &changes[1];
    let step = Step {
        key,
        before: before.as_ref(),
        after: after.as_ref(),
    };
    let done = google.write(&step, &reading.known);
    assert_eq!(done, Err(WriteFailure::Later(Duration::from_secs(2))));
    for change in &changes[1..] {
        assert_eq!(write(&google, change, &reading.known), Ok(()));
    }
    assert_eq!(diff(&google.read(&wanted).unwrap().state, &wanted), []);
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn who_asks_too_often_is_told_to_wait_longer_each_time() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let known = google.read(&State::default()).unwrap().known;
    let (key, after) = (group("a"), json!({"name": "A", "description": ""}));
    let step = Step {
        key: &key,
        before: None,
        after: Some(&after),
    };
    let limited = |secondary: bool, seconds: u64| {
        let retry_after = Duration::from_secs(seconds);
        let what = if secondary {
            Misfortune::SecondaryLimit { retry_after }
        } else {
            Misfortune::RateLimit { retry_after }
        };
        fake.faults().add(Fault::nth(1, what));
        match google.write(&step, &known) {
            Err(WriteFailure::Later(wait)) => wait.as_secs(),
            other => panic!("{other:?}"),
        }
    };
    let unsaid = [limited(false, 0), limited(true, 0), limited(false, 0)];
    assert_eq!(unsaid, [1, 2, 4]);
    assert_eq!([limited(false, 17), limited(true, 23)], [17, 23]);
    assert_eq!(google.write(&step, &known), Ok(()));
    assert_eq!(limited(true, 0), 1);
    assert_eq!(fake.violations(), [""; 0]);
}

//! Open polls, and what holds in every mode.

use std::sync::{Arc, Barrier};
use std::thread;

use ballot_box::{BallotBox, BoxError, Effect, Poll, Privacy, Publication};
use jiff::SignedDuration;

use crate::setting::{Place, VOTERS, at, code, during, holds, millis, poll};

#[test]
fn the_window_is_half_open_to_the_millisecond() {
    let place = Place::new();
    let poll = poll(Privacy::Open);
    let mut ballots = place.create(&poll);
    let mut cast = |voter, now| ballots.cast(voter, &[("ann", 1)], now);
    assert_eq!(code(cast("bo", poll.opens_at - millis(1))), "E_EARLY");
    assert_eq!(cast("bo", poll.opens_at).unwrap(), Effect::Cast);
    assert_eq!(
        cast("cy", poll.closes_at - millis(1)).unwrap(),
        Effect::Cast
    );
    assert_eq!(code(cast("di", poll.closes_at)), "E_LATE");
    assert_eq!(code(cast("di", poll.closes_at + millis(1))), "E_LATE");
    assert_eq!(ballots.turnout().unwrap(), ["bo", "cy"]);
}

#[test]
fn a_login_that_is_a_number_and_one_in_another_case_are_each_one_voter() {
    let place = Place::new();
    let mut ballots = place.create(&poll(Privacy::Open));
    let now = during();
    let ranks = [("ann", 1), ("ben", 1)];
    assert_eq!(
        ballots.cast("249043822", &ranks, now).unwrap(),
        Effect::Cast
    );
    assert_eq!(ballots.cast("no", &ranks, now).unwrap(), Effect::Cast);
    assert_eq!(ballots.cast("ADA", &ranks, now).unwrap(), Effect::Cast);
    assert_eq!(ballots.cast("ada", &ranks, now).unwrap(), Effect::Unchanged);
    let other = [("cat", 3)];
    assert_eq!(ballots.cast("aDa", &other, now).unwrap(), Effect::Replaced);
    assert_eq!(ballots.turnout().unwrap(), ["249043822", "ada", "no"]);
}

#[test]
fn what_is_no_ballot_is_refused_and_leaves_a_code_and_a_day() {
    let place = Place::new();
    let mut ballots = place.create(&poll(Privacy::Open));
    let now = during();
    let mut cast = |voter: &str, ranks: &[(&str, i64)]| code(ballots.cast(voter, ranks, now));
    assert_eq!(cast("mallory", &[("ann", 1)]), "E_NOT_ELIGIBLE");
    assert_eq!(cast("bo", &[("quisling", 1)]), "E_UNKNOWN_CANDIDATE");
    assert_eq!(cast("bo", &[("ann", 1), ("ann", 2)]), "E_TWICE");
    for rank in [0, -5, 1_000_001, i64::MIN, i64::MAX] {
        assert_eq!(cast("bo", &[("ann", rank)]), "E_RANK", "{rank}");
    }
    assert_eq!(code(ballots.withdraw("bo", now)), "E_NO_BALLOT");
    assert!(ballots.turnout().unwrap().is_empty());
    let refusals = ballots.refusals().unwrap();
    let day = |code: &str| refusals[&("2026-09-15".to_owned(), code.to_owned())];
    assert_eq!(day("E_RANK"), 5);
    assert_eq!(day("E_NOT_ELIGIBLE"), 1);
    let bytes = place.bytes();
    assert!(!holds(&bytes, b"mallory") && !holds(&bytes, b"quisling"));
    assert!(!holds(&bytes, b"10:00:00"));
}

#[test]
fn a_poll_may_want_a_rank_for_everybody_and_one_ballot_only() {
    let place = Place::new();
    let strict = Poll {
        no_opinion_allowed: false,
        revote: false,
        ..poll(Privacy::Open)
    };
    let mut ballots = place.create(&strict);
    let now = during();
    let full = [("ann", 1), ("ben", 7), ("cat", 7)];
    assert_eq!(code(ballots.cast("bo", &full[..2], now)), "E_SHORT");
    assert_eq!(ballots.cast("bo", &full, now).unwrap(), Effect::Cast);
    assert_eq!(ballots.cast("bo", &full, now).unwrap(), Effect::Unchanged);
    let other = [("ann", 2), ("ben", 7), ("cat", 7)];
    assert_eq!(code(ballots.cast("bo", &other, now)), "E_DUP");
    assert_eq!(code(ballots.withdraw("bo", now)), "E_DUP");
}

#[test]
fn a_hundred_votes_of_one_person_at_once_are_one() {
    let place = Place::new();
    let once = Poll {
        revote: false,
        ..poll(Privacy::Open)
    };
    place.create(&once);
    let barrier = Arc::new(Barrier::new(100));
    let threads: Vec<_> = (0..100)
        .map(|number| {
            let (barrier, path) = (Arc::clone(&barrier), place.path());
            thread::spawn(move || {
                let mut ballots = BallotBox::open(&path).unwrap();
                barrier.wait();
                ballots.cast("ada", &[("ann", number + 1)], during())
            })
        })
        .collect();
    let done = threads.into_iter().map(|thread| thread.join().unwrap());
    let (cast, refused): (Vec<_>, Vec<_>) = done.partition(Result::is_ok);
    assert_eq!((cast.len(), refused.len()), (1, 99));
    for refused in refused {
        assert_eq!(code(refused), "E_DUP");
    }
    let mut ballots = place.open();
    assert_eq!(ballots.close(once.closes_at).unwrap().ballots, 1);
    ballots.verify().unwrap();
}

#[test]
fn a_server_that_was_down_over_the_close_gives_the_same_record() {
    let (one, other) = (Place::new(), Place::new());
    let poll = poll(Privacy::Open);
    let vote = |place: &Place| {
        let mut ballots = place.create(&poll);
        ballots.cast("bo", &[("ann", 1)], during()).unwrap();
        ballots.cast("cy", &[("ben", 1)], during()).unwrap();
        ballots.withdraw("cy", during()).unwrap();
        ballots
    };
    let mut punctual = vote(&one);
    assert_eq!(code(punctual.close(poll.closes_at - millis(1))), "E_EARLY");
    let record = punctual.close(poll.closes_at).unwrap();
    let mut late = vote(&other);
    let days_later = poll.closes_at + SignedDuration::from_hours(80);
    assert_eq!(code(late.cast("di", &[("ann", 1)], days_later)), "E_LATE");
    assert_eq!(late.close(days_later).unwrap(), record);
    assert_eq!(late.close(days_later).unwrap(), record);
    assert_eq!(record.effect_at, poll.closes_at);
    assert_eq!((record.took_part, record.ballots), (2, 1));
    // A clock that was set back opens nothing again.
    assert_eq!(code(late.cast("di", &[("ann", 1)], during())), "E_LATE");
    assert_eq!(other.open().closing().unwrap(), Some(record));
}

#[test]
fn no_ballot_is_shown_before_the_close() {
    for privacy in [Privacy::Open, Privacy::Sealed, Privacy::Blind] {
        let ballots = Place::new().create(&poll(privacy));
        assert_eq!(code(ballots.profile()), "E_EARLY");
        assert_eq!(code(ballots.publish()), "E_EARLY");
        if privacy == Privacy::Blind {
            assert_eq!(code(ballots.board()), "E_EARLY");
        }
    }
}

#[test]
fn a_roll_call_is_published_by_voter() {
    let place = Place::new();
    let poll = poll(Privacy::Open);
    let mut ballots = place.create(&poll);
    ballots.cast("no", &[("cat", 2)], during()).unwrap();
    ballots.cast("bo", &[("ann", 1)], during()).unwrap();
    ballots.close(poll.closes_at).unwrap();
    let published = serde_json::to_value(ballots.publish().unwrap()).unwrap();
    let roll = serde_json::json!([
        {"voter": "bo", "ballot": [1, 0, 0]},
        {"voter": "no", "ballot": [0, 0, 2]},
    ]);
    assert_eq!(published["roll"], roll);
    assert_eq!(ballots.profile().unwrap().turnout(), 2);
}

#[test]
fn another_poll_or_other_voters_in_one_place_are_refused() {
    let place = Place::new();
    let poll = poll(Privacy::Open);
    place.create(&poll);
    place.create(&poll);
    let later = Poll {
        closes_at: at("2027-01-01T00:00:00Z"),
        ..poll.clone()
    };
    for (poll, voters) in [(&later, &VOTERS[..]), (&poll, &VOTERS[1..])] {
        let refused = BallotBox::create(&place.path(), poll, voters, None);
        assert!(matches!(refused, Err(BoxError::OtherPoll { .. })));
    }
    let none = BallotBox::open(&place.path().with_extension("none"));
    assert!(matches!(none, Err(BoxError::NoBox { .. })));
}

#[test]
fn what_cannot_be_a_poll_makes_no_box() {
    let sound = poll(Privacy::Open);
    let wrong = [
        Poll {
            closes_at: sound.opens_at,
            ..sound.clone()
        },
        Poll {
            candidates: vec![],
            ..sound.clone()
        },
        Poll {
            candidates: vec!["ann".to_owned(), "ann".to_owned()],
            ..sound.clone()
        },
        Poll {
            publication: Publication::None,
            ..sound.clone()
        },
        poll(Privacy::Blind),
    ];
    for poll in wrong {
        let place = Place::new();
        let refused = BallotBox::create(&place.path(), &poll, VOTERS, None);
        assert!(matches!(refused, Err(BoxError::Poll { .. })), "{poll:?}");
        assert!(!place.path().exists());
    }
    let nobody = BallotBox::create(&Place::new().path(), &sound, [""; 0], None);
    assert!(matches!(nobody, Err(BoxError::Poll { .. })));
}

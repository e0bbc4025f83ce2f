//! Sealed polls: nothing orders ballots or leads from one to its voter.

use std::fs;
use std::sync::{Arc, Barrier};
use std::thread;

use ballot_box::{BallotBox, Effect, Poll, Privacy, Publication, ReceiptSecret};
use proptest::prelude::*;

use crate::setting::{Place, code, during, holds, poll, read};

/// Secrets that are always the same.
fn secret(number: u8) -> ReceiptSecret {
    let letter = char::from(b'A' + number);
    ReceiptSecret::of_text(&format!("{}A", letter.to_string().repeat(42))).unwrap()
}

#[test]
fn a_secret_replaces_and_takes_back_and_a_voter_without_cannot() {
    let place = Place::new();
    let mut ballots = place.create(&poll(Privacy::Sealed));
    let now = during();
    let mine = ReceiptSecret::of_text(&ReceiptSecret::new().unwrap().text()).unwrap();
    let cast = ballots.cast_sealed("ada", &mine, &[("ann", 1)], now);
    assert_eq!(cast.unwrap(), Effect::Cast);
    let again = ballots.cast_sealed("Ada", &mine, &[("ann", 1)], now);
    assert_eq!(again.unwrap(), Effect::Unchanged);
    let lost = ballots.cast_sealed("ada", &secret(1), &[("ben", 1)], now);
    assert_eq!(code(lost), "E_DUP");
    let taken = ballots.cast_sealed("bo", &mine, &[("ben", 1)], now);
    assert_eq!(code(taken), "E_TOKEN");
    let unknown = ballots.replace_sealed(&secret(2), &[("ben", 1)], now);
    assert_eq!(code(unknown), "E_TOKEN");
    assert_eq!(code(ballots.cast("bo", &[("ann", 1)], now)), "E_MODE");
    assert_eq!(
        ballots.withdraw_sealed(&mine, now).unwrap(),
        Effect::Withdrawn
    );
    let replaced = ballots.replace_sealed(&mine, &[("cat", 1)], now);
    assert_eq!(replaced.unwrap(), Effect::Replaced);
    let closing = ballots.close(ballots.poll().closes_at).unwrap();
    assert_eq!((closing.took_part, closing.ballots), (1, 1));
    let profile = ballots.profile().unwrap();
    assert_eq!(profile.ballots().next().unwrap().0, [0, 0, 1]);
    assert!(ReceiptSecret::of_text("short").is_err());
}

/// The file of a box after these acts, while the poll is open and when it is closed.
fn files(acts: &[(u8, i64)]) -> (Vec<u8>, Vec<u8>) {
    let place = Place::new();
    let mut ballots = place.create(&poll(Privacy::Sealed));
    for (who, rank) in acts {
        let voter = crate::setting::VOTERS[usize::from(*who)];
        let ranks = [("ann", *rank), ("ben", 2)];
        ballots
            .cast_sealed(voter, &secret(*who), &ranks, during())
            .unwrap();
        let log = place.path().with_extension("db-wal");
        assert_eq!(fs::metadata(log).unwrap().len(), 0);
    }
    let open = read(&place.path());
    ballots.close(ballots.poll().closes_at).unwrap();
    (open, read(&place.path()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_file_does_not_depend_on_who_voted_first(
        order in Just((0..6_u8).map(|who| (who, i64::from(who) + 1)).collect::<Vec<_>>())
            .prop_shuffle(),
    ) {
        let sorted: Vec<_> = (0..6).map(|who| (who, i64::from(who) + 1)).collect();
        prop_assert!(files(&order) == files(&sorted));
    }
}

#[test]
fn a_replaced_ballot_leaves_nothing_behind() {
    let place = Place::new();
    let mut ballots = place.create(&poll(Privacy::Sealed));
    let mine = secret(0);
    let cast = |ballots: &mut BallotBox, rank| {
        let ranks = [("ann", rank), ("ben", 2)];
        ballots.cast_sealed("ada", &mine, &ranks, during()).unwrap();
    };
    cast(&mut ballots, 987_654);
    assert!(holds(&place.bytes(), b"[987654,2,0]"));
    cast(&mut ballots, 123_456);
    assert!(holds(&place.bytes(), b"[123456,2,0]"));
    assert!(!holds(&place.bytes(), b"987654"));
    ballots.withdraw_sealed(&mine, during()).unwrap();
    assert!(!holds(&place.bytes(), b"123456"));
}

#[test]
fn no_page_has_a_voter_and_a_ballot_and_no_file_a_secret_or_a_time() {
    let place = Place::new();
    let mut ballots = place.create(&poll(Privacy::Sealed));
    let mine = secret(3);
    let ranks = [("ann", 987_654)];
    ballots
        .cast_sealed("249043822", &mine, &ranks, during())
        .unwrap();
    drop(ballots);
    let bytes = place.bytes();
    let with = |part: &[u8]| bytes.chunks(4096).filter(|page| holds(page, part)).count();
    assert_eq!(with(b"987654"), 1);
    assert!(with(b"249043822") >= 2);
    for page in bytes.chunks(4096) {
        assert!(!(holds(page, b"249043822") && holds(page, b"987654")));
    }
    assert!(!holds(&bytes, mine.text().as_bytes()));
    assert!(!holds(&bytes, b"2026-09-15"));
}

#[test]
fn a_hundred_sealed_votes_of_one_person_at_once_are_one() {
    let place = Place::new();
    let sealed = poll(Privacy::Sealed);
    place.create(&sealed);
    let barrier = Arc::new(Barrier::new(100));
    let threads: Vec<_> = (0..100)
        .map(|_| {
            let (barrier, path) = (Arc::clone(&barrier), place.path());
            thread::spawn(move || {
                let mut ballots = BallotBox::open(&path).unwrap();
                let fresh = ReceiptSecret::new().unwrap();
                barrier.wait();
                ballots.cast_sealed("ada", &fresh, &[("ann", 1)], during())
            })
        })
        .collect();
    let done = threads.into_iter().map(|thread| thread.join().unwrap());
    let (cast, refused): (Vec<_>, Vec<_>) = done.partition(Result::is_ok);
    assert_eq!((cast.len(), refused.len()), (1, 99));
    let mut ballots = place.open();
    ballots.verify().unwrap();
    assert_eq!(ballots.close(sealed.closes_at).unwrap().took_part, 1);
}

#[test]
fn a_sealed_poll_publishes_what_it_promised() {
    let seen = |publication| {
        let poll = Poll {
            publication,
            ..poll(Privacy::Sealed)
        };
        let mut ballots = Place::new().create(&poll);
        for (who, voter) in [(0, "no"), (1, "bo"), (2, "di")] {
            let ranks = [("ann", 3 - i64::from(who)), ("ben", 2)];
            ballots
                .cast_sealed(voter, &secret(who), &ranks, during())
                .unwrap();
        }
        ballots.close(poll.closes_at).unwrap();
        serde_json::to_value(ballots.publish().unwrap()).unwrap()
    };
    let full = seen(Publication::Full);
    let sorted = serde_json::json!([[1, 2, 0], [2, 2, 0], [3, 2, 0]]);
    assert_eq!(full["ballots"], sorted);
    let pairwise = seen(Publication::Pairwise);
    assert_eq!(
        pairwise["pairwise"],
        serde_json::json!([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    );
    assert!(pairwise.get("ballots").is_none());
    let none = seen(Publication::None);
    assert_eq!(none["closing"]["ballots"], 3);
    assert!(none.get("ballots").is_none() && none.get("pairwise").is_none());
    for text in [full, pairwise, none].map(|seen| seen.to_string()) {
        assert!(!text.contains("\"bo\"") && text.contains("\"closing\""));
    }
}

//! Blind polls: tokens, posts and receipts.

use ballot_box::blind::{Against, BlindError, PendingCredential, Post, SecretKey, verify_board};
use ballot_box::{BallotBox, BoxError, Poll, Privacy};
use serde_json::Value;

use crate::setting::{Place, at, code, credential, during, holds, millis, poll, read, registrar};

#[test]
fn a_token_votes_once_and_its_last_ballot_counts() {
    let place = Place::new();
    let blind = poll(Privacy::Blind);
    let mut ballots = place.create(&blind);
    let (mut ada, mut bo) = (
        credential(&mut ballots, "Ada"),
        credential(&mut ballots, "bo"),
    );
    let first = ada.post(&blind, Some(vec![1, 2, 0])).unwrap();
    let receipt = ballots.post(&first, during()).unwrap();
    assert_eq!(receipt, first.receipt());
    assert_eq!(ballots.post(&first, during()).unwrap(), receipt);
    let of_bo = bo.post(&blind, Some(vec![0, 0, 1])).unwrap();
    ballots.post(&of_bo, during()).unwrap();
    let second = ada.post(&blind, Some(vec![3, 2, 1])).unwrap();
    ballots.post(&second, during()).unwrap();
    assert_eq!(code(ballots.post(&first, during())), "E_DUP");
    assert_eq!(ballots.receipts().unwrap().len(), 3);
    let closing = ballots.close(blind.closes_at).unwrap();
    assert_eq!((closing.takers, closing.entries), (Some(2), Some(3)));
    assert_eq!((closing.took_part, closing.ballots), (2, 2));
    ballots.verify().unwrap();
    let receipts = [first.receipt(), of_bo.receipt(), second.receipt()];
    let against = Against {
        closing: Some(&closing),
        receipts: &receipts,
    };
    let board = verify_board(&ballots.board().unwrap(), against).unwrap();
    assert_eq!(board.closing, closing);
    assert_eq!(board.receipts, receipts);
    assert_eq!(board.profile, ballots.profile().unwrap());
    let counted: Vec<_> = board.profile.ballots().map(|(ranks, _)| ranks).collect();
    assert_eq!(counted, [[0, 0, 1], [3, 2, 1]]);
}

#[test]
fn a_voter_takes_one_token_until_the_close() {
    let place = Place::new();
    let blind = poll(Privacy::Blind);
    let mut ballots = place.create(&blind);
    let pending = PendingCredential::new(&blind, registrar().public()).unwrap();
    let other = PendingCredential::new(&blind, registrar().public()).unwrap();
    let mut issue = |voter, pending: &PendingCredential, now| {
        ballots.issue_token(voter, pending.request(), registrar(), now)
    };
    let early = at("2026-08-01T00:00:00Z");
    let answer = issue("ada", &pending, early).unwrap();
    assert_eq!(issue("ADA", &pending, during()).unwrap(), answer);
    assert_eq!(code(issue("ada", &other, during())), "E_DUP");
    assert_eq!(code(issue("mallory", &other, during())), "E_NOT_ELIGIBLE");
    assert_eq!(code(issue("bo", &other, blind.closes_at)), "E_LATE");
    issue("bo", &other, blind.closes_at - millis(1)).unwrap();
    assert_eq!(ballots.turnout().unwrap(), ["ada", "bo"]);
    assert_eq!(other.unblind(&answer).unwrap_err(), BlindError::Answer);
    let stranger = SecretKey::generate().unwrap();
    let refused = ballots.issue_token("cy", other.request(), &stranger, during());
    assert!(matches!(refused, Err(BoxError::Blind(BlindError::Key(_)))));
}

#[test]
fn the_window_and_the_ballot_are_checked_as_in_any_poll() {
    let blind = poll(Privacy::Blind);
    let place = Place::new();
    let mut ballots = place.create(&blind);
    let mut ada = credential(&mut ballots, "ada");
    let mut post = |ballot: Option<Vec<u32>>, now| {
        let post = ada.post(&blind, ballot).unwrap();
        ballots.post(&post, now)
    };
    assert_eq!(code(post(None, during())), "E_NO_BALLOT");
    assert_eq!(code(post(Some(vec![1]), during())), "E_SHORT");
    assert_eq!(code(post(Some(vec![1, 0, 1_000_001]), during())), "E_RANK");
    let sound = || Some(vec![1, 2, 3]);
    assert_eq!(code(post(sound(), blind.opens_at - millis(1))), "E_EARLY");
    assert_eq!(code(post(sound(), blind.closes_at)), "E_LATE");
    post(sound(), blind.opens_at).unwrap();
    post(None, blind.closes_at - millis(1)).unwrap();
    let closing = ballots.close(blind.closes_at).unwrap();
    assert_eq!((closing.took_part, closing.ballots), (1, 0));
    assert_eq!(code(ballots.cast("ada", &[("ann", 1)], during())), "E_MODE");
}

#[test]
fn a_poll_of_one_ballot_takes_no_second_of_a_token() {
    let once = Poll {
        revote: false,
        ..poll(Privacy::Blind)
    };
    let mut ballots = Place::new().create(&once);
    let mut ada = credential(&mut ballots, "ada");
    let first = ada.post(&once, Some(vec![1, 0, 0])).unwrap();
    let second = ada.post(&once, Some(vec![0, 1, 0])).unwrap();
    let third = ada.post(&once, Some(vec![1, 0, 0])).unwrap();
    ballots.post(&first, during()).unwrap();
    assert_eq!(code(ballots.post(&second, during())), "E_DUP");
    // Who was not answered says the same again, in the same words or others.
    for again in [&first, &third] {
        assert_eq!(ballots.post(again, during()).unwrap(), first.receipt());
    }
    assert_eq!(ballots.receipts().unwrap().len(), 1);
}

#[test]
fn a_changed_or_foreign_ballot_is_none() {
    type Change = fn(&mut Value);
    let blind = poll(Privacy::Blind);
    let mut ballots = Place::new().create(&blind);
    let sound = credential(&mut ballots, "ada")
        .post(&blind, Some(vec![1, 2, 3]))
        .unwrap();
    let changed = |change: Change| -> Post {
        let mut value = serde_json::to_value(&sound).unwrap();
        change(&mut value);
        serde_json::from_value(value).unwrap()
    };
    let cases: [(Change, &str); 5] = [
        (|post| post["ballot"][0] = 2.into(), "E_SIGNATURE"),
        (|post| post["ballot"] = Value::Null, "E_SIGNATURE"),
        (|post| post["turn"] = 2.into(), "E_SIGNATURE"),
        (
            |post| post["token"]["nonce"] = format!("{}=", "A".repeat(43)).into(),
            "E_TOKEN",
        ),
        (|post| post["token"]["signature"] = "".into(), "E_TOKEN"),
    ];
    for (change, expected) in cases {
        assert_eq!(code(ballots.post(&changed(change), during())), expected);
    }
    let elsewhere = Poll {
        id: "another".to_owned(),
        ..blind.clone()
    };
    let mut others = Place::new().create(&elsewhere);
    assert_eq!(code(others.post(&sound, during())), "E_TOKEN");
    let mut ada = credential(&mut ballots, "bo");
    assert!(ada.post(&elsewhere, None).is_err());
}

#[test]
fn tokens_that_nobody_took_are_found_by_everybody() {
    let blind = poll(Privacy::Blind);
    let mut ballots = Place::new().create(&blind);
    let mut ada = credential(&mut ballots, "ada");
    // A second box of the same poll stands for a registrar who signs on the side.
    let mut aside = Place::new().create(&blind);
    let mut made_up = credential(&mut aside, "bo");
    let first = made_up.post(&blind, Some(vec![0, 0, 1])).unwrap();
    ballots.post(&first, during()).unwrap();
    let of_ada = ada.post(&blind, Some(vec![1, 0, 0])).unwrap();
    ballots.post(&of_ada, during()).unwrap();
    ballots.close(blind.closes_at).unwrap();
    let found = verify_board(&ballots.board().unwrap(), Against::default()).unwrap_err();
    assert_eq!(found.len(), 1);
    assert!(found[0].what.contains("2 tokens, but 1 voter"), "{found:?}");
    assert!(matches!(ballots.verify(), Err(BoxError::Board(_))));
}

#[test]
fn made_up_ballots_are_found_when_no_unused_token_is_left_to_hide_them() {
    let blind = poll(Privacy::Blind);
    // Three take a token, one votes; the registrar signs on the side.
    let unused = |made_up: usize| {
        let mut ballots = Place::new().create(&blind);
        let mut of_takers = ["ada", "bo", "cy"].map(|voter| credential(&mut ballots, voter));
        let mut aside = Place::new().create(&blind);
        let mut own = ["ada", "bo", "cy"].map(|voter| credential(&mut aside, voter));
        let posting = own.iter_mut().take(made_up).chain(&mut of_takers[..1]);
        for credential in posting {
            let post = credential.post(&blind, Some(vec![1, 0, 0])).unwrap();
            ballots.post(&post, during()).unwrap();
        }
        let closing = ballots.close(blind.closes_at).unwrap();
        let against = Against {
            closing: Some(&closing),
            receipts: &[],
        };
        let board = ballots.board().unwrap();
        verify_board(&board, against).map(|found| found.unused_tokens)
    };
    assert_eq!(unused(0), Ok(2));
    assert_eq!(unused(1), Ok(1));
    assert_eq!(unused(2), Ok(0));
    let found = unused(3).unwrap_err();
    assert!(
        found[0].what.contains("4 tokens, but 3 voters"),
        "{found:?}"
    );
}

#[test]
fn what_the_registrar_sees_holds_nothing_of_the_token() {
    let place = Place::new();
    let blind = poll(Privacy::Blind);
    let mut ballots = place.create(&blind);
    let pending = PendingCredential::new(&blind, registrar().public()).unwrap();
    let answer = ballots
        .issue_token("ada", pending.request(), registrar(), during())
        .unwrap();
    let token = serde_json::to_value(pending.unblind(&answer).unwrap().token()).unwrap();
    let seen = serde_json::to_string(&(pending.request(), &answer)).unwrap();
    let kept = place.bytes();
    for part in ["key", "nonce", "signature"] {
        let text = token[part].as_str().unwrap();
        // A few letters would be found if the token were anywhere, however it is written.
        assert!(!seen.contains(&text[8..24]), "{part}");
        assert!(!holds(&kept, text.as_bytes()));
    }
    // The same answer would come of any other token, blinded by another factor: each request
    // is a number at random.
    let again = PendingCredential::new(&blind, registrar().public()).unwrap();
    assert_ne!(again.request(), pending.request());
}

#[test]
fn taking_tokens_leaves_no_order_in_the_file() {
    let blind = poll(Privacy::Blind);
    let pending = ["ada", "bo", "cy"].map(|voter| {
        let pending = PendingCredential::new(&blind, registrar().public()).unwrap();
        (voter, pending)
    });
    let file = |order: [usize; 3]| {
        let place = Place::new();
        let mut ballots = place.create(&blind);
        for at in order {
            let (voter, pending) = &pending[at];
            ballots
                .issue_token(voter, pending.request(), registrar(), during())
                .unwrap();
        }
        read(&place.path())
    };
    assert!(file([0, 1, 2]) == file([2, 0, 1]));
}

#[test]
fn credentials_read_as_they_are_written() {
    let blind = poll(Privacy::Blind);
    let place = Place::new();
    let mut ballots: BallotBox = place.create(&blind);
    let pending = PendingCredential::new(&blind, registrar().public()).unwrap();
    let text = serde_json::to_string(&pending).unwrap();
    let read: PendingCredential = serde_json::from_str(&text).unwrap();
    let answer = ballots
        .issue_token("ada", read.request(), registrar(), during())
        .unwrap();
    let mut credential = read.unblind(&answer).unwrap();
    credential.post(&blind, Some(vec![1, 0, 0])).unwrap();
    let text = serde_json::to_string(&credential).unwrap();
    let mut read: ballot_box::blind::Credential = serde_json::from_str(&text).unwrap();
    let (one, other) = (
        read.post(&blind, Some(vec![0, 1, 0])).unwrap(),
        credential.post(&blind, Some(vec![0, 1, 0])).unwrap(),
    );
    assert_eq!(one, other);
    assert!(!format!("{credential:?}{pending:?}").contains("seed"));
}

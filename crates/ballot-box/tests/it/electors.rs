//! Who can vote: pinned at the opening, and admitted by later decisions.

use ballot_box::blind::{Against, verify_board};
use ballot_box::{
    Admission, BallotBox, BoxError, Effect, Exception, Privacy, ReceiptSecret, electorate,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::setting::{Place, VOTERS, code, credential, during, millis, poll, read, registrar};

const DECISION: &str = "steering/2026-14";

fn exception(voter: &str) -> Exception {
    Exception {
        decision: DECISION.to_owned(),
        voter: voter.to_owned(),
    }
}

#[test]
fn who_is_admitted_while_the_poll_is_open_votes_and_is_counted() {
    for privacy in [Privacy::Open, Privacy::Sealed, Privacy::Blind] {
        let poll = poll(privacy);
        let place = Place::new();
        let mut ballots = place.create(&poll);
        let opened = ballots.electorate().unwrap();
        let done = ballots.admit("person/Pat", DECISION, during()).unwrap();
        assert_eq!(done, Admission::Admitted);
        let effect = match privacy {
            Privacy::Open => ballots.cast("person/pat", &[("ann", 1)], during()),
            Privacy::Sealed => {
                let mine = ReceiptSecret::new().unwrap();
                ballots.cast_sealed("person/pat", &mine, &[("ann", 1)], during())
            }
            Privacy::Blind => {
                let mut pat = credential(&mut ballots, "person/pat");
                let post = pat.post(&poll, Some(vec![1, 0, 0])).unwrap();
                ballots.post(&post, during()).map(|_| Effect::Cast)
            }
        };
        assert_eq!(effect.unwrap(), Effect::Cast);
        assert_eq!(ballots.exceptions().unwrap(), [exception("person/pat")]);
        let closing = ballots.close(poll.closes_at).unwrap();
        assert_eq!((closing.voters, closing.admitted), (7, 1));
        assert_eq!((closing.took_part, closing.ballots), (1, 1));
        assert_eq!(closing.electorate, opened);
        ballots.verify().unwrap();
    }
}

#[test]
fn who_is_admitted_again_or_was_a_voter_changes_nothing() {
    let place = Place::new();
    let poll = poll(Privacy::Open);
    let mut ballots = place.create(&poll);
    let before = poll.opens_at - millis(1);
    let done = ballots.admit("pat", DECISION, before).unwrap();
    assert_eq!(done, Admission::Admitted);
    for (voter, decision) in [("pat", DECISION), (" PAT", "another"), ("ada", DECISION)] {
        let done = ballots.admit(voter, decision, during()).unwrap();
        assert_eq!(done, Admission::Already);
    }
    assert_eq!(ballots.exceptions().unwrap(), [exception("pat")]);
    assert_eq!(ballots.voters().unwrap().len(), VOTERS.len() + 1);
    // Opening the same poll again finds it, with the voters of then or of now.
    place.create(&poll);
    let now = VOTERS.into_iter().chain(["pat"]);
    BallotBox::create(&place.path(), &poll, now, None).unwrap();
    let others = VOTERS.into_iter().chain(["quin"]);
    let refused = BallotBox::create(&place.path(), &poll, others, None);
    assert!(matches!(refused, Err(BoxError::OtherPoll { .. })));
}

#[test]
fn nobody_is_admitted_after_the_close_or_without_a_decision() {
    let poll = poll(Privacy::Sealed);
    let mut ballots = Place::new().create(&poll);
    for decision in ["", "  ", "one\ntwo", &"long".repeat(200)] {
        assert_eq!(
            code(ballots.admit("pat", decision, during())),
            "E_NOT_ELIGIBLE"
        );
    }
    assert_eq!(
        code(ballots.admit("", DECISION, during())),
        "E_NOT_ELIGIBLE"
    );
    assert_eq!(
        code(ballots.admit("pat", DECISION, poll.closes_at)),
        "E_LATE"
    );
    let last = poll.closes_at - millis(1);
    ballots.admit("pat", DECISION, last).unwrap();
    let closing = ballots.close(poll.closes_at).unwrap();
    // Neither anew nor again, also by a clock that was set back.
    for voter in ["quin", "pat"] {
        assert_eq!(code(ballots.admit(voter, DECISION, during())), "E_LATE");
    }
    assert_eq!(ballots.close(poll.closes_at).unwrap(), closing);
    ballots.verify().unwrap();
}

#[test]
fn the_file_does_not_tell_when_somebody_was_admitted() {
    let secret = ReceiptSecret::new().unwrap();
    // A vote before, between or after two who are admitted in either order.
    let file = |admitted: [&str; 2], voted_at: usize| {
        let place = Place::new();
        let mut ballots = place.create(&poll(Privacy::Sealed));
        for step in 0..3 {
            if step == voted_at {
                ballots
                    .cast_sealed("ada", &secret, &[("ann", 1)], during())
                    .unwrap();
            }
            if let Some(voter) = admitted.get(step) {
                ballots.admit(voter, DECISION, during()).unwrap();
            }
        }
        read(&place.path())
    };
    let first = file(["pat", "quin"], 0);
    for voted_at in 1..3 {
        assert!(file(["quin", "pat"], voted_at) == first);
    }
}

#[test]
fn the_record_pins_the_voters_of_the_opening() {
    let poll = poll(Privacy::Open);
    let ids = ["person/ada", "249043822", "person/bo"];
    let record = |voters: &[&str]| {
        let place = Place::new();
        let mut ballots = BallotBox::create(&place.path(), &poll, voters, None).unwrap();
        ballots.cast("249043822", &[("ann", 1)], during()).unwrap();
        ballots.close(poll.closes_at).unwrap()
    };
    let closing = record(&ids);
    assert_eq!(closing.electorate, electorate(ids));
    let list = base::Digest::of(br#"["249043822","person/ada","person/bo"]"#);
    assert_eq!(closing.electorate, list);
    let other = record(&["person/ada", "249043822", "person/cy"]);
    assert_eq!(other.voters, closing.voters);
    assert_ne!(other.electorate, closing.electorate);
    assert_ne!(other.head, closing.head);
}

#[test]
fn two_voters_that_differ_in_case_alone_are_not_made_one() {
    let create = |voters: [&str; 3]| {
        let place = Place::new();
        BallotBox::create(&place.path(), &poll(Privacy::Open), voters, None).map(drop)
    };
    let refused = create(["U0A", "person/ada", "u0a"]).unwrap_err();
    assert!(refused.to_string().contains("U0A and u0a"), "{refused}");
    create(["person/ada", "person/ada", "249043822"]).unwrap();
}

#[test]
fn a_voter_who_came_into_the_file_past_the_box_is_found() {
    for act in [
        "INSERT INTO voters VALUES ('mallory')",
        "UPDATE voters SET voter = 'mallory' WHERE voter = 'bo'",
        "INSERT INTO granted VALUES ('bo', 'none')",
    ] {
        let place = Place::new();
        let ballots = place.create(&poll(Privacy::Open));
        let done = Connection::open(place.path()).unwrap().execute(act, []);
        let found = ballots.verify();
        let seen = matches!(found, Err(BoxError::Damaged { .. }));
        assert!(done.is_err() || seen, "{act}: {found:?}");
    }
}

#[test]
fn a_board_with_other_voters_than_the_record_is_found() {
    let poll = poll(Privacy::Blind);
    let place = Place::new();
    let mut ballots = place.create(&poll);
    ballots.admit("pat", DECISION, during()).unwrap();
    credential(&mut ballots, "pat");
    let closing = ballots.close(poll.closes_at).unwrap();
    let board = ballots.board().unwrap();
    let check = |change: &dyn Fn(&mut Value)| {
        let mut header: Value = serde_json::from_str(board.trim_end()).unwrap();
        change(&mut header);
        let line = base::canonical(&header).unwrap();
        let against = Against {
            closing: Some(&closing),
            receipts: &[],
        };
        let found = verify_board(&line, against);
        found.map_err(|faults| faults[0].to_string())
    };
    let sound = check(&|_| {}).unwrap();
    assert_eq!(sound.header.granted, [exception("pat")]);
    assert_eq!((sound.closing.voters, sound.closing.admitted), (7, 1));
    let refused = |words: &str, change: &dyn Fn(&mut Value)| {
        let found = check(change).unwrap_err();
        assert!(found.contains(words), "{found}");
    };
    let other = "opened with other voters";
    refused(other, &|header| header["voters"][5] = json!("zoe"));
    refused(other, &|header| {
        header["granted"] = json!([]);
        header["voters"] = json!(["249043822", "ada", "bo", "cy", "di", "no", "pat"]);
    });
    refused("ends with", &|header| {
        header["granted"][0]["decision"] = json!("another");
    });
    refused("was a voter already", &|header| {
        header["granted"][0]["voter"] = json!("ada");
    });
    refused("not spelled", &|header| header["voters"][5] = json!("nO"));
    refused("is no voter", &|header| header["takers"] = json!(["quin"]));
    assert_eq!(*registrar().public(), sound.header.registrar);
}

//! Any acts in any order, beside a model in memory that has nothing but maps.

use std::collections::BTreeMap;

use ballot_box::blind::{Credential, Post};
use ballot_box::{BallotBox, BoxError, Poll, Privacy, ReceiptSecret};
use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::setting::{Place, VOTERS, credential, during, poll};

/// One try: who, of voters and two strangers; what, or taking it back; how far from the
/// opening, in days, of 30; and whether the box is closed and opened again first.
#[derive(Debug, Clone)]
struct Try {
    who: usize,
    ballot: Option<Vec<(usize, i64)>>,
    day: i64,
    reopen: bool,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let choice = (0..4_usize, 0..4_i64);
    let one = (
        0..8_usize,
        prop::option::weighted(0.8, vec(choice, 0..4)),
        -2..36_i64,
        prop::bool::weighted(0.2),
    )
        .prop_map(|(who, ballot, day, reopen)| Try {
            who,
            ballot,
            day,
            reopen,
        });
    vec(one, 0..20)
}

/// What a poll is, in a few lines.
#[derive(Default)]
struct Model {
    revote: bool,
    kept: BTreeMap<usize, Option<Vec<u32>>>,
}

impl Model {
    /// Whether the act is taken.
    fn act(&mut self, one: &Try) -> bool {
        if !(0..=31).contains(&one.day) || one.who >= VOTERS.len() {
            return false;
        }
        let Some(ballot) = ranks(one.ballot.as_deref()) else {
            return false;
        };
        match self.kept.get(&one.who) {
            None if ballot.is_none() => false,
            Some(before) if *before != ballot && !self.revote => false,
            _ => {
                self.kept.insert(one.who, ballot);
                true
            }
        }
    }

    fn counted(&self) -> Vec<Vec<u32>> {
        let mut counted: Vec<_> = self.kept.values().flatten().cloned().collect();
        counted.sort();
        counted
    }
}

/// The ranks, or `None` where they are no ballot.
#[expect(clippy::option_option, reason = "no ballot is not a ballot taken back")]
fn ranks(choices: Option<&[(usize, i64)]>) -> Option<Option<Vec<u32>>> {
    let Some(choices) = choices else {
        return Some(None);
    };
    let mut ranks = vec![0; 3];
    for (candidate, rank) in choices {
        if *candidate > 2 || *rank < 1 || ranks[*candidate] != 0 {
            return None;
        }
        ranks[*candidate] = u32::try_from(*rank).unwrap();
    }
    Some(Some(ranks))
}

fn choices(one: &Try) -> Option<Vec<(&'static str, i64)>> {
    let names = ["ann", "ben", "cat", "quisling"];
    let ballot = one.ballot.as_ref()?;
    Some(
        ballot
            .iter()
            .map(|(at, rank)| (names[*at], *rank))
            .collect(),
    )
}

/// A voter, or a stranger.
fn name(who: usize) -> &'static str {
    VOTERS.get(who).copied().unwrap_or("mallory")
}

/// Tries everything, and holds each answer and the end against the model.
fn run(
    poll: &Poll,
    tries: &[Try],
    prepare: impl FnOnce(&mut BallotBox),
    mut act: impl FnMut(&mut BallotBox, &Try, jiff::Timestamp) -> Result<(), BoxError>,
) {
    let place = Place::new();
    let mut ballots = place.create(poll);
    prepare(&mut ballots);
    let mut model = Model {
        revote: poll.revote,
        ..Model::default()
    };
    for one in tries {
        if one.reopen {
            drop(ballots);
            ballots = place.open();
        }
        let now = poll.opens_at + SignedDuration::from_hours(24 * one.day);
        let taken = match act(&mut ballots, one, now) {
            Ok(()) => true,
            Err(BoxError::Refused(_)) => false,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(taken, model.act(one), "{one:?}");
    }
    let closing = ballots.close(poll.closes_at).unwrap();
    assert_eq!(closing, ballots.close(poll.closes_at).unwrap());
    assert_eq!(closing.took_part, model.kept.len() as u64);
    let counted = ballots.profile().unwrap();
    let counted: Vec<_> = counted.ballots().map(|(ranks, _)| ranks.to_vec()).collect();
    assert_eq!(counted, model.counted());
    ballots.verify().unwrap();
}

fn with(privacy: Privacy, revote: bool) -> Poll {
    Poll {
        revote,
        ..poll(privacy)
    }
}

/// Voters and strangers each keep their own credential and last ballot.
fn post(
    poll: &Poll,
    held: &mut BTreeMap<usize, (Credential, Option<Post>)>,
    one: &Try,
) -> Option<Post> {
    let ballot = ranks(one.ballot.as_deref()).unwrap_or(Some(vec![1]));
    let (credential, last) = held.get_mut(&one.who)?;
    // Who sends the same ballot again sends the very same post.
    let wanted = serde_json::to_value(&ballot).unwrap();
    let before = last
        .clone()
        .filter(|last| serde_json::to_value(last).unwrap()["ballot"] == wanted);
    Some(before.unwrap_or_else(|| credential.post(poll, ballot).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_acts_of_an_open_poll_are_as_in_the_model(tries in tries(), revote: bool) {
        run(&with(Privacy::Open, revote), &tries, |_| {}, |ballots, one, now| {
            match choices(one) {
                Some(choices) => ballots.cast(name(one.who), &choices, now),
                None => ballots.withdraw(name(one.who), now),
            }
            .map(drop)
        });
    }

    #[test]
    fn any_acts_of_a_sealed_poll_are_as_in_the_model(tries in tries(), revote: bool) {
        let secrets: Vec<_> = (0..8).map(|_| ReceiptSecret::new().unwrap()).collect();
        run(&with(Privacy::Sealed, revote), &tries, |_| {}, |ballots, one, now| {
            let secret = &secrets[one.who];
            match choices(one) {
                Some(choices) => ballots.cast_sealed(name(one.who), secret, &choices, now),
                None => ballots.withdraw_sealed(secret, now),
            }
            .map(drop)
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_acts_of_a_blind_poll_are_as_in_the_model(tries in tries(), revote: bool) {
        let poll = with(Privacy::Blind, revote);
        let held = std::cell::RefCell::new(BTreeMap::new());
        let prepare = |ballots: &mut BallotBox| {
            for (who, voter) in VOTERS.iter().enumerate() {
                held.borrow_mut().insert(who, (credential(ballots, voter), None));
            }
        };
        run(&poll, &tries, prepare, |ballots, one, now| {
            let mut held = held.borrow_mut();
            let Some(post) = post(&poll, &mut held, one) else {
                // A stranger has no token to post with.
                let stranger = ballots.cast("mallory", &[("ann", 1)], during());
                return stranger.map(drop);
            };
            let done = ballots.post(&post, now).map(drop);
            if done.is_ok() {
                held.entry(one.who).and_modify(|(_, last)| *last = Some(post));
            }
            done
        });
    }
}

//! The cases that Debian's rules decide.

use tally::method::{DropReason, Evidence, MethodError, Ratio};

use crate::ballots::{method, places_of, votes};

fn debian(more: &str) -> tally::method::Method {
    method(&format!(
        r#"{{"name": "debian", "version": "debian-2015", "default": "N", {more}}}"#
    ))
}

fn reasons(ballots: &str, more: &str) -> (String, Vec<DropReason>) {
    let outcome = debian(more).tally(&votes(ballots)).unwrap();
    let Evidence::Debian { dropped, .. } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    let reasons = dropped.iter().map(|drop| drop.reason).collect();
    (places_of(&outcome), reasons)
}

#[test]
fn an_option_below_the_quorum_is_dropped_and_one_that_reaches_it_is_not() {
    // 3/2 of the root of 400 is 30.
    let quorum = r#""quorum": {"root": {"times": "3/2", "voters": 400}}"#;
    let (winner, dropped) = reasons("29 A>N", quorum);
    assert_eq!(
        (winner.as_str(), &dropped[..]),
        ("N", &[DropReason::Quorum][..])
    );
    let (winner, dropped) = reasons("30 A>N", quorum);
    assert_eq!((winner.as_str(), &dropped[..]), ("A", &[][..]));
    assert_eq!(reasons("4 A>N", r#""quorum": {"votes": 5}"#).0, "N");
}

#[test]
fn exactly_three_to_one_is_a_majority_of_three_to_one() {
    let more = r#""quorum": "none", "majority": {"A": "3"}"#;
    assert_eq!(reasons("30 A>N\n 10 N>A", more).0, "A");
    let (winner, dropped) = reasons("299 A>N\n 100 N>A", more);
    assert_eq!(winner, "N");
    assert_eq!(dropped, [DropReason::Majority(Ratio::new(3, 1).unwrap())]);
}

#[test]
fn a_tie_is_no_majority_of_one_to_one() {
    let (winner, dropped) = reasons("10 A>N\n 10 N>A", r#""quorum": "none""#);
    assert_eq!(winner, "N");
    assert_eq!(dropped, [DropReason::Majority(Ratio::ONE)]);
}

#[test]
fn the_default_option_wins_where_all_others_are_dropped() {
    let ballots = "5 A>B>N\n 20 N>A=B";
    assert_eq!(reasons(ballots, r#""quorum": "none""#).0, "N");
}

#[test]
fn who_is_not_ranked_is_last() {
    // 6 prefer A to N, as they leave N unranked; 5 the reverse.
    assert_eq!(reasons("6 A\n 5 N", r#""quorum": "none""#).0, "A");
}

#[test]
fn of_a_circle_of_equal_defeats_none_stays_and_the_casting_vote_decides() {
    let ballots = "1 A>B>C>N\n 1 B>C>A>N\n 1 C>A>B>N";
    let outcome = debian(r#""quorum": "none", "casting_vote": "the leader""#)
        .tally(&votes(ballots))
        .unwrap();
    assert_eq!(places_of(&outcome), "A=B=C");
    let Evidence::Debian { eliminations, .. } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    assert_eq!(eliminations[0].defeats, [(0, 1), (1, 2), (2, 0)]);
    let told = tally::explain::explain(&outcome).paragraphs.join("\n");
    assert!(told.ends_with(
        "A, B and C are left, and no defeats between them. The casting vote of the leader decides."
    ));
}

#[test]
fn of_two_equal_defeats_and_a_stronger_one_both_go_together() {
    // A over B 5:4, B over C 5:4, C over A 7:2.
    let ballots = "2 A>B>C>N\n 3 B>C>A>N\n 3 C>A>B>N\n 1 C>B>A>N";
    let outcome = debian(r#""quorum": "none""#)
        .tally(&votes(ballots))
        .unwrap();
    let matrix = &outcome.matrix;
    let scores = [(0, 1), (1, 2), (2, 0)].map(|(one, other)| matrix.over(one, other));
    assert_eq!(scores, [5, 5, 7]);
    let Evidence::Debian { eliminations, .. } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    assert_eq!(eliminations.len(), 1);
    assert_eq!(eliminations[0].defeats, [(0, 1), (1, 2)]);
    // One at a time, A or B would have stayed in the way.
    assert_eq!(places_of(&outcome), "B=C");
}

#[test]
fn a_default_option_or_majority_of_nobody_is_refused() {
    let ballots = votes("1 A>B");
    assert_eq!(
        debian(r#""quorum": "none""#).tally(&ballots),
        Err(MethodError::DefaultOption("N".to_owned()))
    );
    let more = r#""quorum": "none", "majority": {"Z": "2"}"#;
    assert_eq!(
        debian(more).tally(&votes("1 A>N")),
        Err(MethodError::Majority("Z".to_owned()))
    );
}

//! Chance that anybody can check.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

use std::collections::BTreeMap;

use base::Digest;
use elections::lottery::{CastingVote, Coin, Draw, Lottery, LotteryError, Nonce};
use proptest::collection::vec;
use proptest::prelude::*;

fn names(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn nonce(seed: u64) -> Nonce {
    Nonce::new(*Digest::of(&seed.to_be_bytes()).as_bytes())
}

#[derive(Clone)]
struct Case {
    commitments: BTreeMap<String, Digest>,
    revealed: BTreeMap<String, Nonce>,
    excluded: BTreeMap<String, String>,
    candidates: Vec<String>,
}

impl Case {
    /// Three officers who tell the truth.
    fn sound() -> Self {
        let officers = [("ada", 1), ("grace", 2), ("katherine", 3)];
        let revealed = officers.map(|(officer, seed)| (officer.to_owned(), nonce(seed)));
        Self::of(revealed.into(), names("a b c d"))
    }

    fn of(revealed: BTreeMap<String, Nonce>, candidates: Vec<String>) -> Self {
        let committed = revealed.iter();
        let commitments = committed.map(|(officer, nonce)| (officer.clone(), nonce.commitment()));
        Self {
            commitments: commitments.collect(),
            revealed,
            excluded: BTreeMap::new(),
            candidates,
        }
    }

    fn draw(&self) -> Result<Draw, Vec<LotteryError>> {
        let lottery = Lottery {
            election: &Digest::of(b"election"),
            commitments: &self.commitments,
            revealed: &self.revealed,
            excluded: &self.excluded,
            candidates: &self.candidates,
        };
        lottery.draw()
    }

    fn errors(&self) -> Vec<String> {
        let errors = self.draw().unwrap_err();
        errors.iter().map(ToString::to_string).collect()
    }

    fn exclude(&mut self, officer: &str) {
        self.excluded
            .insert(officer.to_owned(), "told nothing for a week".to_owned());
    }
}

#[test]
fn the_order_is_the_one_that_another_program_computes() {
    // python3: n = sorted(sha256(i.to_bytes(8, "big")).digest() for i in (1, 2, 3));
    // sorted("abcd", key=lambda c: sha256(b"".join(n) + sha256(b"election").digest() + c.encode()).digest())
    assert_eq!(Case::sound().draw().unwrap().order, names("c b d a"));
    let mut without = Case::sound();
    without.revealed.remove("grace");
    without.exclude("grace");
    assert_eq!(without.draw().unwrap().order, names("d b c a"));
}

#[test]
fn a_missing_or_false_nonce_is_an_error_that_names_the_officer() {
    let sound = Case::sound();
    let mut missing = sound.clone();
    missing.revealed.remove("grace");
    assert_eq!(
        missing.errors(),
        ["grace has committed to a nonce and has not revealed it"]
    );

    let mut false_one = sound.clone();
    false_one.revealed.insert("ada".to_owned(), nonce(9));
    let commitment = nonce(1).commitment();
    assert_eq!(
        false_one.errors(),
        [format!(
            "ada has revealed a nonce that does not fit the commitment {commitment}"
        )]
    );

    let mut stranger = sound.clone();
    stranger.revealed.insert("mallory".to_owned(), nonce(9));
    assert_eq!(
        stranger.errors(),
        ["mallory has revealed a nonce without a commitment to it, which cannot count"]
    );

    let mut both = missing;
    both.revealed.insert("katherine".to_owned(), nonce(9));
    assert_eq!(both.errors().len(), 2, "all of them at once");
}

#[test]
fn an_excluded_officer_falls_out_and_is_recorded() {
    let mut case = Case::sound();
    case.revealed.remove("grace");
    case.exclude("grace");
    let draw = case.draw().unwrap();
    assert_eq!(draw.nonces.keys().collect::<Vec<_>>(), ["ada", "katherine"]);
    assert_eq!(draw.excluded["grace"], "told nothing for a week");
    assert_ne!(
        draw.order,
        Case::sound().draw().unwrap().order,
        "another order, for this election"
    );
}

#[test]
fn nobody_is_excluded_for_telling_the_truth() {
    let mut case = Case::sound();
    case.exclude("grace");
    assert_eq!(
        case.errors(),
        ["grace has revealed the nonce committed to and cannot be excluded"]
    );
    let mut case = Case::sound();
    case.exclude("mallory");
    assert_eq!(
        case.errors(),
        ["mallory is to be excluded, but has committed to nothing"]
    );
}

#[test]
fn a_copied_commitment_and_a_lottery_of_nobody_are_refused() {
    let mut copied = Case::sound();
    copied
        .commitments
        .insert("grace".to_owned(), nonce(1).commitment());
    copied.revealed.insert("grace".to_owned(), nonce(1));
    assert_eq!(
        copied.errors(),
        ["ada and grace have published the same commitment; one of them has copied it"]
    );
    let mut nobody = Case::sound();
    for officer in ["ada", "grace", "katherine"] {
        nobody.revealed.remove(officer);
        nobody.exclude(officer);
    }
    assert_eq!(
        nobody.errors(),
        ["no officer is left whose nonce counts; the tie needs a coin"]
    );
    let mut twice = Case::sound();
    twice.candidates.push("a".to_owned());
    assert_eq!(
        twice.errors(),
        ["a is twice among the candidates of the lottery"]
    );
}

#[test]
fn a_nonce_reads_as_it_is_written_and_logs_do_not_show_it() {
    let one = nonce(1);
    assert_eq!(one.to_string().parse::<Nonce>(), Ok(one.clone()));
    assert_eq!(format!("{one:?}"), "Nonce(..)");
    for wrong in [
        "",
        "00",
        &one.to_string().to_uppercase(),
        &"ü".repeat(32),
        &"g".repeat(64),
    ] {
        assert!(wrong.parse::<Nonce>().is_err(), "{wrong}");
    }
}

#[test]
fn every_order_of_three_comes_up_about_as_often() {
    let mut seen: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    let rounds: u32 = 6000;
    for seed in 0..u64::from(rounds) {
        let revealed = [("ada", 2 * seed), ("grace", 2 * seed + 1)];
        let revealed = revealed.map(|(officer, seed)| (officer.to_owned(), nonce(seed)));
        let draw = Case::of(revealed.into(), names("a b c")).draw().unwrap();
        *seen.entry(draw.order).or_default() += 1;
    }
    assert_eq!(seen.len(), 6);
    // Chi squared with 5 degrees of freedom is above 25.74 once in 10,000; in whole numbers.
    let squares: u64 = seen
        .values()
        .map(|n| u64::from(n.abs_diff(rounds / 6)).pow(2))
        .sum();
    assert!(squares * 6 * 100 < 2574 * u64::from(rounds), "{seen:?}");
}

proptest! {
    #[test]
    fn the_order_is_one_of_the_candidates_whoever_told_what(
        seeds in proptest::collection::btree_set(any::<u64>(), 1..6),
        turn in 0..6_usize,
        candidates in proptest::collection::btree_set("[a-z0-9-]{1,12}", 0..12),
    ) {
        let seeds: Vec<u64> = seeds.into_iter().collect();
        let candidates: Vec<String> = candidates.into_iter().collect();
        let told = |turn: usize| -> BTreeMap<String, Nonce> {
            let turned = seeds.iter().cycle().skip(turn).take(seeds.len());
            turned.enumerate().map(|(at, seed)| (format!("officer{at}"), nonce(*seed))).collect()
        };
        let draw = Case::of(told(0), candidates.clone()).draw().unwrap();
        let turned = Case::of(told(turn), candidates.clone()).draw().unwrap();
        prop_assert_eq!(&draw.order, &turned.order, "whoever had which nonce");
        let mut backwards = candidates.clone();
        backwards.reverse();
        let reversed = Case::of(told(0), backwards).draw().unwrap();
        prop_assert_eq!(&draw.order, &reversed.order, "however the candidates were listed");
        let mut sorted = draw.order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(&sorted, &candidates, "a permutation");
        let some: Vec<String> = candidates.iter().step_by(2).cloned().collect();
        let among_some = Case::of(told(0), some.clone()).draw().unwrap().order;
        let kept: Vec<String> = draw.order.into_iter().filter(|one| some.contains(one)).collect();
        prop_assert_eq!(among_some, kept, "the tied alone come in the same order");
    }

    #[test]
    fn any_nonce_reads_as_it_is_written(bytes: [u8; 32], text in vec(any::<char>(), 0..70)) {
        let nonce = Nonce::new(bytes);
        prop_assert_eq!(nonce.to_string().parse(), Ok(nonce));
        let _ = text.into_iter().collect::<String>().parse::<Nonce>();
    }
}

fn coin(by: &str, witness: &str, order: &str) -> Coin {
    let (by, witness, order) = (by.to_owned(), witness.to_owned(), names(order));
    Coin { by, witness, order }
}

#[test]
fn a_coin_is_thrown_and_seen_by_two_who_did_not_stand() {
    let tied = names("b c");
    let candidates = names("a b c d");
    let check = |coin: &Coin| match coin.order(&tied, &candidates) {
        Ok(order) => order.join(" "),
        Err(errors) => errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; "),
    };
    for (by, witness, order, expected) in [
        ("ada", "grace", "c b", "c b"),
        (
            "a",
            "grace",
            "c b",
            "a is a candidate and can neither decide the tie nor witness it",
        ),
        (
            "ada",
            "@B",
            "c b",
            "@B is a candidate and can neither decide the tie nor witness it",
        ),
        (
            "ada",
            "@Ada",
            "c b",
            "ada threw the coin and witnessed it; name somebody else who saw it",
        ),
        (
            "ada",
            " ",
            "c b",
            "`witness` names nobody; write who it was",
        ),
        (
            "ada",
            "grace",
            "c",
            "the order has to name each of the tied once: b, c",
        ),
        (
            "ada",
            "grace",
            "c b b",
            "the order has to name each of the tied once: b, c",
        ),
        (
            "ada",
            "grace",
            "c a",
            "the order has to name each of the tied once: b, c",
        ),
    ] {
        assert_eq!(check(&coin(by, witness, order)), expected);
    }
}

#[test]
fn a_casting_vote_is_of_somebody_who_did_not_stand_and_says_why() {
    let vote = |by: &str, reason: &str| CastingVote {
        by: by.to_owned(),
        order: names("c b"),
        reason: reason.to_owned(),
    };
    let tied = names("b c");
    assert_eq!(
        vote("ada", "more experience").order(&tied, &tied),
        Ok(&names("c b")[..])
    );
    let errors = vote("C", "").order(&tied, &tied).unwrap_err();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "C is a candidate and can neither decide the tie nor witness it",
            "`reason` is empty; write why, for those who lose by it",
        ]
    );
}

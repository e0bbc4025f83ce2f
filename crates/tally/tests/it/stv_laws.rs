//! What every count by single transferable vote keeps to.

use proptest::prelude::*;
use tally::Profile;
use tally::stv::{Count, Lot, Meek, Preferences, Race, meek, scottish};

type Ballots = Vec<(Vec<u32>, u64)>;

/// Candidates, seats, and ballots with gaps, equals and blanks.
fn elections() -> impl Strategy<Value = (usize, u32, Ballots)> {
    (1..7_usize, 1..5_u32).prop_flat_map(|(candidates, seats)| {
        let ranks = prop::collection::vec(0..8_u32, candidates);
        let ballots = prop::collection::vec((ranks, 1..40_u64), 0..30);
        (Just(candidates), Just(seats), ballots)
    })
}

fn profile(candidates: usize, ballots: &Ballots) -> Profile {
    let names = (0..candidates).map(|at| format!("c{at}")).collect();
    let mut profile = Profile::new(names).unwrap();
    for (ranks, weight) in ballots {
        profile.push(ranks, *weight).unwrap();
    }
    profile
}

fn counts(profile: &Profile, seats: u32, lot: Option<&Lot>) -> [Count; 3] {
    let race = Race::new(profile, seats);
    let consecutive = Race {
        preferences: Preferences::Consecutive,
        ..race
    };
    [
        scottish(&race, lot).unwrap(),
        scottish(&consecutive, lot).unwrap(),
        meek(&race, Meek::REFERENCE, lot).unwrap(),
    ]
}

proptest! {
    #[test]
    fn as_many_are_elected_as_there_are_seats_or_candidates(
        (candidates, seats, ballots) in elections(),
    ) {
        let lot = Lot::new((0..candidates).collect());
        for count in counts(&profile(candidates, &ballots), seats, Some(&lot)) {
            prop_assert_eq!(&count.lot_needed, &None);
            let mut elected = count.elected.clone();
            elected.sort_unstable();
            elected.dedup();
            prop_assert_eq!(elected.len(), candidates.min(usize::try_from(seats).unwrap()));
        }
    }

    #[test]
    fn votes_are_conserved_at_every_stage((candidates, seats, ballots) in elections()) {
        let lot = Lot::new((0..candidates).rev().collect());
        for count in counts(&profile(candidates, &ballots), seats, Some(&lot)) {
            for stage in &count.stages {
                let one = 10_i128.pow(stage.quota.places().into());
                let votes: i128 = stage.votes.iter().map(|votes| votes.raw()).sum();
                let rest = stage.non_transferable.raw() + stage.lost.raw();
                prop_assert_eq!(votes + rest, i128::from(count.valid) * one);
                prop_assert!(stage.lost.raw() >= 0);
            }
        }
    }

    #[test]
    fn the_order_of_ballots_and_how_they_are_bundled_do_not_matter(
        (candidates, seats, ballots) in elections(),
    ) {
        let mut other: Ballots = Vec::new();
        for (ranks, weight) in ballots.iter().rev() {
            other.push((ranks.clone(), *weight / 2));
            other.insert(0, (ranks.clone(), *weight - *weight / 2));
        }
        other.retain(|(_, weight)| *weight > 0);
        let one = counts(&profile(candidates, &ballots), seats, None);
        prop_assert_eq!(one, counts(&profile(candidates, &other), seats, None));
    }

    #[test]
    fn a_lot_matters_only_where_one_is_needed((candidates, seats, ballots) in elections()) {
        let profile = profile(candidates, &ballots);
        let lot = Lot::new((0..candidates).collect());
        let with = counts(&profile, seats, Some(&lot));
        for (without, with) in counts(&profile, seats, None).iter().zip(&with) {
            if without.lot_needed.is_none() {
                prop_assert_eq!(without, with);
            } else {
                prop_assert!(with.elected.starts_with(&without.elected));
                prop_assert!(with.stages.starts_with(&without.stages));
            }
        }
    }

    #[test]
    fn every_stage_has_words((candidates, seats, ballots) in elections()) {
        let lot = Lot::new((0..candidates).collect());
        for count in counts(&profile(candidates, &ballots), seats, Some(&lot)) {
            let words = count.words();
            prop_assert_eq!(words.len(), count.stages.len());
            for sentence in words.iter().flat_map(|stage| &stage.sentences) {
                prop_assert!(sentence.ends_with('.'));
            }
        }
    }
}

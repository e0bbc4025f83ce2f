//! What holds for all ballots.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::prelude::*;
use tally::method::{Evidence, Matrix, Method, Strength, Unranked, Victory};
use tally::sensitivity::variants;
use tally::{Candidate, Profile, Rank};

type Ballots = Vec<(Vec<Rank>, u64)>;

fn ballots() -> impl Strategy<Value = Ballots> {
    (1_usize..=5).prop_flat_map(|size| vec((vec(0_u32..=4, size), 1_u64..=3), 0..12))
}

/// Ballots, a candidate, a ballot and so many ranks to move up.
fn raised() -> impl Strategy<Value = (Ballots, Candidate, usize, Rank)> {
    let ballots = ballots().prop_filter("ballots", |ballots| !ballots.is_empty());
    ballots.prop_flat_map(|ballots| {
        let (size, count) = (ballots[0].0.len(), ballots.len());
        (Just(ballots), 0..size, 0..count, 1_u32..=4)
    })
}

fn profile(ballots: &Ballots) -> Profile {
    let size = ballots.first().map_or(3, |(ranks, _)| ranks.len());
    let names = (0..size).map(|name| format!("c{name}"));
    let mut profile = Profile::new(names.collect()).unwrap();
    for (ranks, weight) in ballots {
        profile.push(ranks, *weight).unwrap();
    }
    profile
}

fn all() -> Vec<Method> {
    let mut all = variants(Unranked::Skip);
    all.extend(variants(Unranked::Last));
    all
}

fn with_approval() -> Vec<Method> {
    let mut all = all();
    all.extend(Method::preset("pep-13"));
    all
}

fn layers(method: &Method, profile: &Profile) -> Vec<Vec<Candidate>> {
    let mut layers = method.tally(profile).unwrap().layers;
    for layer in &mut layers {
        layer.sort_unstable();
    }
    layers
}

/// The strength of the strongest path, by trying all of them.
fn strongest(
    matrix: &Matrix,
    strength: Strength,
    path: &mut Vec<Candidate>,
    to: Candidate,
) -> Option<Victory> {
    let at = *path.last().unwrap();
    let better = |one: Option<Victory>, other: Option<Victory>| match (one, other) {
        (Some(one), Some(other)) if strength.compare(one, other) == Ordering::Less => Some(other),
        (one, other) => one.or(other),
    };
    let mut best = matrix.victory(at, to);
    for via in 0..matrix.size() {
        if via == to || path.contains(&via) {
            continue;
        }
        let Some(step) = matrix.victory(at, via) else {
            continue;
        };
        path.push(via);
        let rest = strongest(matrix, strength, path, to);
        path.pop();
        let through = rest.map(|rest| match strength.compare(step, rest) {
            Ordering::Less => step,
            _ => rest,
        });
        best = better(best, through);
    }
    best
}

proptest! {
    #[test]
    fn neither_the_order_of_ballots_nor_how_they_are_bundled_matters(ballots in ballots()) {
        let mut split: Ballots = Vec::new();
        for (ranks, weight) in ballots.iter().rev() {
            split.extend((0..*weight).map(|_| (ranks.clone(), 1)));
        }
        // With no ballot, the number of candidates is a fixed one.
        let (bundled, split) = (profile(&ballots), profile(&split));
        for method in with_approval() {
            prop_assert_eq!(layers(&method, &bundled), layers(&method, &split), "{}", method);
        }
    }

    #[test]
    fn the_order_and_names_of_candidates_do_not_matter(ballots in ballots(), turn in 1_usize..5, mirror: bool) {
        let size = ballots.first().map_or(3, |(ranks, _)| ranks.len());
        let to = |one: Candidate| {
            let turned = (one + turn) % size;
            if mirror { size - 1 - turned } else { turned }
        };
        let moved: Ballots = ballots
            .iter()
            .map(|(ranks, weight)| {
                let mut moved = ranks.clone();
                for (one, rank) in ranks.iter().enumerate() {
                    moved[to(one)] = *rank;
                }
                (moved, *weight)
            })
            .collect();
        let (ours, theirs) = (profile(&ballots), profile(&moved));
        for method in with_approval() {
            let mut expected = layers(&method, &ours);
            for layer in &mut expected {
                *layer = layer.iter().map(|one| to(*one)).collect();
                layer.sort_unstable();
            }
            prop_assert_eq!(expected, layers(&method, &theirs), "{}", method);
        }
    }

    #[test]
    fn who_beats_all_others_is_first_alone(ballots in ballots()) {
        let profile = profile(&ballots);
        for method in all() {
            let outcome = method.tally(&profile).unwrap();
            if let Some(winner) = outcome.condorcet_winner {
                prop_assert_eq!(&outcome.layers[0], &vec![winner], "{}", method);
            }
        }
    }

    #[test]
    fn everybody_has_one_place(ballots in ballots()) {
        let profile = profile(&ballots);
        for method in with_approval() {
            let outcome = method.tally(&profile).unwrap();
            let mut all = outcome.layers.concat();
            all.sort_unstable();
            let everybody: Vec<Candidate> = (0..profile.candidates().len()).collect();
            prop_assert_eq!(all, everybody, "{}", method);
            prop_assert!(outcome.layers.iter().all(|layer| !layer.is_empty()));
        }
    }

    #[test]
    fn twice_the_ballots_change_nothing(ballots in ballots()) {
        let twice: Ballots = ballots.iter().map(|(ranks, weight)| (ranks.clone(), weight * 2)).collect();
        let (once, twice) = (profile(&ballots), profile(&twice));
        for method in with_approval() {
            prop_assert_eq!(layers(&method, &once), layers(&method, &twice), "{}", method);
        }
    }

    #[test]
    fn schulze_finds_what_trying_all_paths_finds(ballots in ballots()) {
        let profile = profile(&ballots);
        for method in all() {
            let outcome = method.tally(&profile).unwrap();
            let (Evidence::Schulze { paths }, Method::Schulze(parameters)) = (&outcome.evidence, &method) else {
                continue;
            };
            let strength = parameters.strength;
            for from in 0..outcome.matrix.size() {
                for to in (0..outcome.matrix.size()).filter(|to| *to != from) {
                    let found = paths.weakest(from, to);
                    let best = strongest(&outcome.matrix, strength, &mut vec![from], to);
                    let order = found.zip(best).map(|(found, best)| strength.compare(found, best));
                    prop_assert_eq!(found.is_some(), best.is_some());
                    prop_assert!(order.is_none_or(Ordering::is_eq), "{found:?} {best:?}");
                    // The path that is shown is one of that strength.
                    let path = paths.path(&outcome.matrix, from, to);
                    let steps = path.windows(2).map(|step| outcome.matrix.victory(step[0], step[1]).unwrap());
                    let weakest = steps.min_by(|one, other| strength.compare(*one, *other));
                    prop_assert_eq!(weakest.is_some(), found.is_some());
                    let order = weakest.zip(found).map(|(weakest, found)| strength.compare(weakest, found));
                    prop_assert!(order.is_none_or(Ordering::is_eq), "{path:?}");
                }
            }
        }
    }

    #[test]
    fn schulze_of_reversed_ballots_is_reversed(ballots in ballots()) {
        let reversed: Ballots = ballots
            .iter()
            .map(|(ranks, weight)| {
                let reverse = |rank: &Rank| if *rank == 0 { 0 } else { 5 - rank };
                (ranks.iter().map(reverse).collect(), *weight)
            })
            .collect();
        let (ours, theirs) = (profile(&ballots), profile(&reversed));
        for method in variants(Unranked::Skip) {
            let (ours, theirs) = (method.tally(&ours).unwrap(), method.tally(&theirs).unwrap());
            let (Evidence::Schulze { paths }, Evidence::Schulze { paths: back }) = (&ours.evidence, &theirs.evidence) else {
                continue;
            };
            let size = ours.matrix.size();
            for (one, other) in (0..size).flat_map(|one| (0..size).map(move |other| (one, other))) {
                if one != other {
                    prop_assert_eq!(paths.above(one, other), back.above(other, one), "{}", method);
                }
            }
        }
    }

    #[test]
    fn to_be_ranked_higher_never_costs_the_first_place_by_schulze((ballots, one, at, up) in raised()) {
        let mut higher = ballots.clone();
        let rank = &mut higher[at].0[one];
        *rank = if *rank == 0 { 0 } else { rank.saturating_sub(up).max(1) };
        let (before, after) = (profile(&ballots), profile(&higher));
        for method in variants(Unranked::Skip) {
            if !matches!(method, Method::Schulze(_)) {
                continue;
            }
            if layers(&method, &before)[0].contains(&one) {
                prop_assert!(layers(&method, &after)[0].contains(&one), "{}", method);
            }
        }
    }

    #[test]
    fn every_pair_and_every_result_can_be_explained(ballots in ballots()) {
        let profile = profile(&ballots);
        for method in with_approval() {
            let outcome = method.tally(&profile).unwrap();
            let explanation = tally::explain::explain(&outcome);
            prop_assert_eq!(explanation.table.rows.len(), profile.candidates().len());
            for one in 0..profile.candidates().len() {
                for other in 0..profile.candidates().len() {
                    let words = tally::explain::compare(&outcome, one, other);
                    prop_assert!(words.iter().all(|sentence| sentence.ends_with('.')));
                    // Whoever is asked of first, the answer is one.
                    let tied = outcome.layer(one) == outcome.layer(other);
                    prop_assert!(tied || words == tally::explain::compare(&outcome, other, one));
                    prop_assert!(!words.join(" ").contains("still had nobody"), "{words:?}");
                }
            }
        }
    }
}

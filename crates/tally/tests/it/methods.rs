//! Small elections with known results.

use tally::method::{Evidence, Method};

use crate::ballots::{method, places, places_of, votes};

/// The election in Schulze's papers.
const SCHULZE: &str = "
    5 A>C>B>E>D
    5 A>D>E>C>B
    8 B>E>D>A>C
    3 C>A>B>E>D
    7 C>A>E>B>D
    2 C>B>A>D>E
    7 D>C>E>B>A
    8 E>B>A>D>C";

/// The capital of Tennessee: Nashville beats each of the others.
const TENNESSEE: &str = "
    42 Memphis>Nashville>Chattanooga>Knoxville
    26 Nashville>Chattanooga>Knoxville>Memphis
    15 Chattanooga>Knoxville>Nashville>Memphis
    17 Knoxville>Chattanooga>Nashville>Memphis";

/// A over B 6:3, B over C 7:2, C over A 5:4.
const CIRCLE: &str = "
    4 A>B>C
    3 B>C>A
    2 C>A>B";

pub(crate) fn schulze(pairs: &str, strength: &str, ranking: &str) -> String {
    format!(
        r#"{{"name": "schulze", "version": "v1", "pairs": "{pairs}", "strength": "{strength}", "ranking": "{ranking}"}}"#
    )
}

fn with_strength(name: &str, strength: &str) -> String {
    format!(r#"{{"name": "{name}", "version": "v1", "pairs": "skip", "strength": "{strength}"}}"#)
}

fn irv(version: &str) -> String {
    format!(r#"{{"name": "condorcet-irv", "version": "{version}", "pairs": "skip"}}"#)
}

const COPELAND: &str = r#"{"name": "copeland", "version": "v1", "pairs": "skip"}"#;

#[test]
fn schulze_orders_his_own_example_and_finds_its_paths() {
    let profile = votes(SCHULZE);
    let method = method(&schulze("skip", "winning-votes", "layers"));
    let outcome = method.tally(&profile).unwrap();
    assert_eq!(places_of(&outcome), "E, A, C, B, D");
    assert_eq!(outcome.condorcet_winner, None);
    let Evidence::Schulze { paths } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    let strength = |from, to| paths.weakest(from, to).map_or(0, |step| step.votes);
    let strengths: Vec<Vec<u64>> = (0..5)
        .map(|from| {
            (0..5)
                .map(|to| if from == to { 0 } else { strength(from, to) })
                .collect()
        })
        .collect();
    assert_eq!(
        strengths,
        [
            [0, 28, 28, 30, 24],
            [25, 0, 28, 33, 24],
            [25, 29, 0, 29, 24],
            [25, 28, 28, 0, 24],
            [25, 28, 28, 31, 0]
        ]
    );
    // A, D, C, B: 30, 28, 29.
    assert_eq!(paths.path(&outcome.matrix, 0, 1), [0, 3, 2, 1]);
    assert!(paths.path(&outcome.matrix, 0, 0).is_empty());
}

#[test]
fn each_method_orders_the_example_by_its_own_rule() {
    let profile = votes(SCHULZE);
    assert_eq!(
        places(&profile, &with_strength("ranked-pairs", "winning-votes")),
        "A, C, E, B, D"
    );
    assert_eq!(places(&profile, COPELAND), "E, A=B=C, D");
    let minimax = method(&with_strength("minimax", "winning-votes"));
    let outcome = minimax.tally(&profile).unwrap();
    assert_eq!(outcome.named_layers()[0], ["E"]);
    let Evidence::Minimax { worst } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    assert_eq!(
        worst[4].map(|defeat| (defeat.by, defeat.victory.votes)),
        Some((2, 24))
    );
}

#[test]
fn a_capital_that_beats_all_others_is_first_by_every_method() {
    let profile = votes(TENNESSEE);
    let order = "Nashville, Chattanooga, Knoxville, Memphis";
    for strength in ["winning-votes", "winning-votes-losing", "margins"] {
        for pairs in ["skip", "last"] {
            assert_eq!(places(&profile, &schulze(pairs, strength, "layers")), order);
            assert_eq!(
                places(&profile, &schulze(pairs, strength, "beaters")),
                order
            );
        }
        for name in ["ranked-pairs", "minimax"] {
            assert_eq!(places(&profile, &with_strength(name, strength)), order);
        }
    }
    for version in ["civs-2007", "civs-2024"] {
        assert_eq!(places(&profile, &irv(version)), order);
    }
    assert_eq!(places(&profile, COPELAND), order);
}

#[test]
fn a_circle_is_broken_by_each_method_in_its_own_way() {
    let profile = votes(CIRCLE);
    assert_eq!(
        places(&profile, &schulze("skip", "winning-votes", "layers")),
        "A, B, C"
    );
    assert_eq!(
        places(&profile, &with_strength("ranked-pairs", "margins")),
        "A, B, C"
    );
    assert_eq!(
        places(&profile, &with_strength("minimax", "margins")),
        "A, B, C"
    );
    assert_eq!(places(&profile, &irv("civs-2007")), "A, B, C");
    assert_eq!(places(&profile, COPELAND), "A=B=C");
}

#[test]
fn the_two_versions_of_condorcet_irv_differ() {
    // A over B 7:4, B over C 5:3, C over A 6:4. Whole tops: A 5, B 5, C 6; parts of tops:
    // A 4½, B 3, C 4½.
    let profile = votes("4 A>B>C\n 1 A=B\n 3 B=C>A\n 3 C>A>B\n 1 B>A=C");
    let outcome = method(&irv("civs-2007")).tally(&profile).unwrap();
    let Evidence::CondorcetIrv { places } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    assert_eq!(places[0].rounds[0].tops, [5, 5, 6]);
    assert_eq!(places[0].rounds[0].fewest, [0, 1]);
    assert_eq!(places_of(&outcome), "B=C, A");
    let outcome = method(&irv("civs-2024")).tally(&profile).unwrap();
    let Evidence::CondorcetIrv { places } = &outcome.evidence else {
        panic!("{:?}", outcome.evidence)
    };
    assert_eq!(places[0].rounds[0].fewest, [1]);
    assert_eq!(places_of(&outcome), "C, A, B");
}

#[test]
fn where_a_lot_would_be_drawn_all_who_could_win_share_the_place() {
    // A over B 15:6, B over C 15:6, C over A 12:9; B and C have six tops each.
    let profile = votes("9 A>B>C\n 6 B>C>A\n 6 C>A>B");
    let outcome = method(&irv("civs-2007")).tally(&profile).unwrap();
    // Without B, C beats A; without C, A beats B.
    assert_eq!(places_of(&outcome), "A=C, B");
    // By second ranks: B has 9 and C has 6, so that C is set aside, and A wins.
    assert_eq!(places(&profile, &irv("civs-2024")), "A, B, C");
}

#[test]
fn where_too_many_lots_would_be_drawn_those_tied_are_set_aside_at_once() {
    // Twenty candidates in a circle, each first once, and a pair of them liked a little more.
    let ballots = |to: fn(usize) -> usize| {
        let names = (0..20).map(|one| format!("c{one}"));
        let mut profile = tally::Profile::new(names.collect()).unwrap();
        for first in 0..20 {
            let mut ranks = vec![0; 20];
            for (rank, at) in (1..).zip(0..20) {
                ranks[to((first + at) % 20)] = rank;
            }
            let weight = if first == 3 || first == 9 { 2 } else { 1 };
            profile.push(&ranks, weight).unwrap();
        }
        profile
    };
    for version in ["civs-2007", "civs-2024"] {
        let method = method(&irv(version));
        let outcome = method.tally(&ballots(|one| one)).unwrap();
        let Evidence::CondorcetIrv { places } = &outcome.evidence else {
            panic!("{:?}", outcome.evidence)
        };
        let at_once = places.iter().flat_map(|place| &place.rounds);
        assert_eq!(
            at_once.clone().any(|round| round.at_once),
            version == "civs-2007"
        );
        // Nobody is favoured by where they stand on the ballot.
        let mirrored = method.tally(&ballots(|one| 19 - one)).unwrap();
        let mut layers = mirrored.layers;
        for layer in &mut layers {
            *layer = layer.iter().map(|one| 19 - one).collect();
            layer.sort_unstable();
        }
        assert_eq!(outcome.layers, layers, "{version}");
    }
}

#[test]
fn equal_victories_that_contradict_each_other_tie_those_concerned() {
    let profile = votes("1 A>B>C>D\n 1 B>C>A>D\n 1 C>A>B>D");
    for strength in ["winning-votes", "margins"] {
        assert_eq!(
            places(&profile, &with_strength("ranked-pairs", strength)),
            "A=B=C, D"
        );
        assert_eq!(
            places(&profile, &schulze("skip", strength, "layers")),
            "A=B=C, D"
        );
        assert_eq!(
            places(&profile, &with_strength("minimax", strength)),
            "A=B=C, D"
        );
    }
    for version in ["civs-2007", "civs-2024"] {
        assert_eq!(places(&profile, &irv(version)), "A=B=C, D");
    }
}

#[test]
fn approval_counts_all_ranked_or_those_ranked_best() {
    let profile = votes("3 A>B\n 2 B\n 1 B=C\n 1");
    let approval = |approves: &str| {
        format!(r#"{{"name": "approval", "version": "v1", "approves": "{approves}"}}"#)
    };
    assert_eq!(places(&profile, &approval("ranked")), "B, A, C");
    assert_eq!(places(&profile, &approval("first")), "A=B, C");
}

#[test]
fn without_ballots_all_are_tied_and_without_candidates_nobody_is() {
    let profile = votes("0 A=B=C");
    for name in Method::PRESETS.iter().filter(|name| **name != "debian") {
        let outcome = Method::preset(name).unwrap().tally(&profile).unwrap();
        assert_eq!(places_of(&outcome), "A=B=C", "{name}");
        let nobody = tally::Profile::new(Vec::new()).unwrap();
        let outcome = Method::preset(name).unwrap().tally(&nobody).unwrap();
        assert_eq!(outcome.layers, Vec::<Vec<usize>>::new(), "{name}");
    }
}

#[test]
fn a_method_reads_as_it_is_written_and_unknown_parameters_are_refused() {
    for name in Method::PRESETS {
        let preset = Method::preset(name).unwrap();
        let written = serde_json::to_string(&preset).unwrap();
        assert_eq!(
            serde_json::from_str::<Method>(&written).unwrap(),
            preset,
            "{written}"
        );
    }
    assert_eq!(Method::preset("plurality"), None);
    let unknown =
        r#"{"name": "copeland", "version": "v1", "pairs": "skip", "strength": "margins"}"#;
    assert!(serde_json::from_str::<Method>(unknown).is_err());
    let missing = r#"{"name": "copeland", "pairs": "skip"}"#;
    assert!(serde_json::from_str::<Method>(missing).is_err());
}

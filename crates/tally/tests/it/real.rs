//! Real elections come out as they did.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tally::method::Method;

use crate::ballots::{method, places_of, preflib, real, shared};

const ELECTIONS: [(&str, &str); 5] = [
    ("steering-2018", "steering/2018/RESULTS.md"),
    ("steering-2020", "steering/2020/RESULTS.md"),
    ("steering-2022", "steering/2022/results.md"),
    ("steering-2024", "steering/2024/results.md"),
    ("code-of-conduct-2023", "code-of-conduct/2023/results.md"),
];

#[test]
fn every_variant_of_schulze_gives_what_was_computed_elsewhere() {
    let Some(expected) = shared("elections/expected_schulze.json") else {
        return;
    };
    let expected: Value = serde_json::from_str(&fs::read_to_string(expected).unwrap()).unwrap();
    let mut compared = 0;
    for (election, variants) in expected.as_object().unwrap() {
        let profile = real(election).expect("the ballots beside the results");
        for (variant, rankings) in variants.as_object().unwrap() {
            let (pairs, strength) = variant.split_once('/').unwrap();
            let pairs = if pairs == "skip" { "skip" } else { "last" };
            let strength = strength.replace('_', "-");
            for (theirs, ours) in [("layers", "layers"), ("by_beaters", "beaters")] {
                let method = method(&format!(
                    r#"{{"name": "schulze", "version": "v1", "pairs": "{pairs}", "strength": "{strength}", "ranking": "{ours}"}}"#
                ));
                let outcome = method.tally(&profile).unwrap();
                let sorted = |layers: Vec<Vec<&str>>| -> Vec<BTreeSet<String>> {
                    let set = |layer: &Vec<&str>| layer.iter().map(ToString::to_string).collect();
                    layers.iter().map(set).collect()
                };
                let theirs: Vec<BTreeSet<String>> =
                    serde_json::from_value(rankings[theirs].clone()).unwrap();
                assert_eq!(
                    sorted(outcome.named_layers()),
                    theirs,
                    "{election}: {method}"
                );
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 40);
}

/// The lines `1. Name` or `1. [Name](https://github.com/login)`, in their order, each as the
/// ballots name the candidate.
fn published(path: &str) -> Option<Vec<String>> {
    let path = shared(&format!("kubernetes/community/elections/{path}"))?;
    let text = fs::read_to_string(path).unwrap();
    let mut names = Vec::new();
    for line in text.lines() {
        let Some((number, name)) = line.split_once(". ") else {
            continue;
        };
        if number.parse() != Ok(names.len() + 1) {
            continue;
        }
        let login = name.split_once("github.com/").map(|(_, login)| login);
        names.push(
            login
                .map_or(name, |login| login.trim_end_matches(')'))
                .trim()
                .to_owned(),
        );
    }
    Some(names)
}

#[test]
fn the_published_rankings_come_out_exactly() {
    for (election, path) in ELECTIONS {
        let (Some(profile), Some(published)) = (real(election), published(path)) else {
            continue;
        };
        if election.starts_with("code") {
            continue;
        }
        let names = if election == "steering-2020" {
            "civs-irv-2007"
        } else {
            "elekto"
        };
        let outcome = Method::preset(names).unwrap().tally(&profile).unwrap();
        assert_eq!(places_of(&outcome), published.join(", "), "{election}");
        assert_eq!(published.len(), profile.candidates().len());
    }
}

#[test]
fn the_committee_of_2023_has_the_two_members_that_were_published() {
    let Some(profile) = real("code-of-conduct-2023") else {
        return;
    };
    let folder = shared("kubernetes/community/elections/code-of-conduct/2023").unwrap();
    let outcome = Method::preset("elekto").unwrap().tally(&profile).unwrap();
    let results = fs::read_to_string(folder.join("results.md")).unwrap();
    for layer in outcome.named_layers().iter().take(2) {
        assert_eq!(layer.len(), 1);
        let file = folder.join(format!("candidate-{}.md", layer[0]));
        let file = fs::read_to_string(file).unwrap();
        let name = file
            .lines()
            .find_map(|line| line.strip_prefix("name: "))
            .unwrap();
        assert!(results.contains(&format!("- {name}\n")), "{name}");
    }
    assert_eq!(results.matches("\n- ").count(), 4 + 2);
}

#[test]
fn blank_ballots_count_for_the_turnout_alone() {
    let Some(profile) = real("steering-2018") else {
        return;
    };
    let outcome = Method::preset("elekto").unwrap().tally(&profile).unwrap();
    assert_eq!((outcome.turnout, outcome.blank), (307, 3));
}

#[test]
fn debian_elected_its_leader_of_2010() {
    let Some(profile) = preflib("debian-2010-leader") else {
        return;
    };
    assert_eq!(profile.turnout(), 436);
    let method = method(
        r#"{"name": "debian", "version": "debian-2015", "default": "None Of The Above",
            "quorum": {"root": {"times": "3/2", "voters": 886}}}"#,
    );
    let outcome = method.tally(&profile).unwrap();
    assert_eq!(places_of(&outcome), "Stefano Zacchiroli");
    let votes = |one| outcome.matrix.over(one, 4);
    assert!((0..3).all(|one| votes(one) >= 45), "{:?}", outcome.matrix);
}

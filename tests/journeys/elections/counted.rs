//! Published elections come out as they were published.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::setting::{DURING, json, run_at};
use crate::support::{root, shared};

/// The elections with the file of their ballots, the preset they were counted by, and where
/// their result was published.
const PUBLISHED: [(&str, &str, &str); 4] = [
    ("steering-2018", "elekto", "steering/2018/RESULTS.md"),
    ("steering-2020", "civs-irv-2007", "steering/2020/RESULTS.md"),
    ("steering-2022", "elekto", "steering/2022/results.md"),
    ("steering-2024", "elekto", "steering/2024/results.md"),
];

fn elect(words: &str) -> commonhold::Outcome {
    let words: Vec<&str> = std::iter::once("elect")
        .chain(words.split_whitespace())
        .collect();
    run_at(&root(), DURING, &words)
}

fn ballots(election: &str) -> Option<String> {
    let path = shared(&format!("elections/{election}.csv"))?;
    Some(path.display().to_string())
}

/// The places of one file, as the program prints them.
fn places(words: &str) -> Vec<Vec<String>> {
    let told = json(&elect(&format!("tally {words} --output json")));
    serde_json::from_value(told["tallies"][0]["places"].clone()).expect("places")
}

/// The lines `1. Name` or `1. [Name](https://github.com/login)`, as the ballots name them.
fn published(path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let Some((number, name)) = line.split_once(". ") else {
            continue;
        };
        if number.parse() == Ok(names.len() + 1) {
            let login = name.split_once("github.com/").map(|(_, login)| login);
            let name = login.map_or(name, |login| login.trim_end_matches(')'));
            names.push(name.trim().to_owned());
        }
    }
    names
}

#[test]
fn the_published_rankings_of_the_steering_committee_come_out_exactly() {
    for (election, preset, result) in PUBLISHED {
        let result = shared(&format!("kubernetes/community/elections/{result}"));
        let (Some(file), Some(result)) = (ballots(election), result) else {
            continue;
        };
        let found = places(&format!("{file} --preset {preset}"));
        let expected: Vec<Vec<String>> = published(&result)
            .into_iter()
            .map(|name| vec![name])
            .collect();
        assert_eq!(found, expected, "{election}");
    }
}

#[test]
fn the_committee_of_2023_has_the_members_that_were_published() {
    let folder = "kubernetes/community/elections/code-of-conduct/2023";
    let Some(folder) = shared(folder) else { return };
    let results = fs::read_to_string(folder.join("results.md")).unwrap();
    // The folder says how many seats there are, and Elekto how they are counted.
    let told = json(&elect(&format!("tally {} --output json", folder.display())));
    let tally = &told["tallies"][0];
    assert_eq!(tally["method"]["ranking"], "beaters");
    for place in tally["places"].as_array().unwrap().iter().take(2) {
        let [id] = place.as_array().unwrap().as_slice() else {
            panic!("{place}");
        };
        let file = folder.join(format!("candidate-{}.md", id.as_str().unwrap()));
        let file = fs::read_to_string(file).unwrap();
        let name = file.lines().find_map(|line| line.strip_prefix("name: "));
        assert!(results.contains(&format!("- {}\n", name.unwrap())));
    }
}

#[test]
fn every_variant_of_schulze_gives_what_was_computed_elsewhere_with_ties() {
    let Some(expected) = shared("elections/expected_schulze.json") else {
        return;
    };
    let expected: Value = serde_json::from_str(&fs::read_to_string(expected).unwrap()).unwrap();
    let mut compared = 0;
    for (election, variants) in expected.as_object().unwrap() {
        let file = ballots(election).expect("the ballots beside the results");
        for (variant, rankings) in variants.as_object().unwrap() {
            let (pairs, strength) = variant.split_once('/').unwrap();
            let pairs = if pairs == "skip" { "skip" } else { "last" };
            let strength = strength.replace('_', "-");
            for (theirs, ours) in [("layers", "layers"), ("by_beaters", "beaters")] {
                let found = places(&format!(
                    "{file} --method schulze --version v1 --pairs {pairs} --strength {strength} --ranking {ours}"
                ));
                let sets = |layers: Vec<Vec<String>>| -> Vec<BTreeSet<String>> {
                    layers
                        .into_iter()
                        .map(|layer| layer.into_iter().collect())
                        .collect()
                };
                let theirs: Vec<Vec<String>> =
                    serde_json::from_value(rankings[theirs].clone()).unwrap();
                assert_eq!(sets(found), sets(theirs), "{election}: {variant} {ours}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 40);
}

#[test]
fn all_wards_of_scotland_elect_whom_they_elected_in_one_run() {
    let (Some(folder), Some(expected)) = (
        shared("elections/scotland-2012"),
        shared("elections/scotland-2012.expected.json"),
    ) else {
        return;
    };
    let expected: Value = serde_json::from_str(&fs::read_to_string(expected).unwrap()).unwrap();
    let expected = expected.as_object().unwrap();
    let mut words = vec!["elect".to_owned(), "tally".to_owned()];
    words.extend(
        expected
            .keys()
            .map(|ward| format!("{}/{ward}.csv", folder.display())),
    );
    words.extend(["--method", "scottish-stv", "--version", "v1"].map(str::to_owned));
    words.extend(["--preferences", "consecutive", "--output", "json"].map(str::to_owned));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = run_at(&root(), DURING, &words);
    assert_eq!(outcome.exit as i32, 0, "{}", outcome.notes);
    let told = json(&outcome);
    let tallies = told["tallies"].as_array().unwrap();
    assert_eq!(tallies.len(), 353);
    for (tally, (ward, expected)) in tallies.iter().zip(expected) {
        let mut elected: Vec<u64> =
            serde_json::from_value(tally["candidates"].clone()).expect("numbers");
        elected.sort_unstable();
        assert_eq!(serde_json::json!(elected), expected["elected"], "{ward}");
        assert_eq!(tally["quota"], expected["quota"], "{ward}");
        assert_eq!(tally["lot_needed"], Value::Null, "{ward}");
    }
}

#[test]
fn debian_elected_its_leader_of_2010() {
    let Some(file) = shared("elections/debian-2010-leader.toc") else {
        return;
    };
    let method = "{name: debian, version: debian-2015, default: None Of The Above, quorum: {root: {times: 3/2, voters: 886}}}";
    let file = file.display().to_string();
    let words = [
        "elect", "tally", &file, "--method", method, "--output", "json",
    ];
    let told = json(&run_at(&root(), DURING, &words));
    assert_eq!(
        told["tallies"][0]["places"],
        serde_json::json!([["Stefano Zacchiroli"]])
    );
}

#[test]
fn explaining_says_why_in_words_and_shows_the_comparisons() {
    let Some(file) = ballots("steering-2024") else {
        return;
    };
    let told = elect(&format!("explain {file} --preset elekto"));
    assert_eq!(told.exit as i32, 0);
    assert!(
        told.data.contains("233 voters cast a ballot"),
        "{}",
        told.data
    );
    assert!(
        told.data.contains("How many voters prefer"),
        "{}",
        told.data
    );
    let pair = elect(&format!("explain {file} xmudrii aojea --preset elekto"));
    assert!(pair.data.contains("xmudrii") && pair.data.contains("aojea"));
    let unknown = elect(&format!("explain {file} xmudri aojea --preset elekto"));
    assert_eq!(unknown.exit as i32, 2);
    assert!(
        unknown.notes.contains("did you mean xmudrii?"),
        "{}",
        unknown.notes
    );
}

#[test]
fn sensitivity_says_which_seats_depend_on_the_method() {
    let (Some(calm), Some(not)) = (ballots("steering-2024"), ballots("steering-2022")) else {
        return;
    };
    let of = |file: &str, seats: u32| {
        json(&elect(&format!(
            "sensitivity {file} --preset elekto --seats {seats} --output json"
        )))
    };
    let seats = of(&calm, 3)["sensitivity"]["differences"].clone();
    assert!(
        seats
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["what"] != "seats"),
        "{seats:#}"
    );
    let order = of(&not, 3)["sensitivity"]["differences"].clone();
    assert!(!order.as_array().unwrap().is_empty());
}

#[test]
fn a_count_is_told_for_people_for_programs_and_for_pages() {
    let Some(file) = ballots("steering-2024") else {
        return;
    };
    let tally = |output: &str| {
        elect(&format!(
            "tally {file} --preset elekto --seats 3 --output {output}"
        ))
        .data
    };
    let csv = tally("csv");
    assert!(csv.starts_with("file,place,candidate,result\r\n"), "{csv}");
    assert!(csv.contains(",1,bentheelder,elected\r\n"), "{csv}");
    let page = tally("markdown");
    assert!(page.contains("| 3 | saschagrunert | elected |"), "{page}");
    let explained =
        |output: &str| elect(&format!("explain {file} --preset elekto --output {output}"));
    assert!(
        explained("csv")
            .data
            .starts_with("preferred,\"bentheelder\"")
    );
    assert!(
        explained("markdown")
            .data
            .contains("| | bentheelder | aojea |")
    );
    let whole = json(&explained("json"));
    assert_eq!(whole["outcome"]["turnout"], 233);
    assert_eq!(whole["outcome"]["evidence"]["kind"], "schulze");
}

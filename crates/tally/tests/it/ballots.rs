//! Ballots, written shortly and read from files.

use std::fs;
use std::path::PathBuf;

use tally::method::{Method, Outcome};
use tally::{Profile, Rank};

/// Ballots as `5 A>C>B=E>D`, one a line; the candidates are in the order of the alphabet.
pub(crate) fn votes(text: &str) -> Profile {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<(u64, &str)> = lines
        .map(|line| {
            let (weight, order) = line.split_once(' ').unwrap_or((line, ""));
            (weight.parse().expect("a weight"), order)
        })
        .collect();
    let names = lines.iter().flat_map(|(_, order)| order.split(['>', '=']));
    let mut names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut profile = Profile::new(names.clone()).unwrap();
    for (weight, order) in lines {
        let mut ranks = vec![0; names.len()];
        for (rank, tied) in (1..).zip(order.split('>')) {
            for name in tied.split('=').filter(|name| !name.is_empty()) {
                ranks[names.iter().position(|other| other == name).unwrap()] = rank;
            }
        }
        profile.push(&ranks, weight).unwrap();
    }
    profile
}

/// The method that is written so.
pub(crate) fn method(json: &str) -> Method {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// The places of `{"name": …}`, as in `A, B=C, D`.
pub(crate) fn places(profile: &Profile, json: &str) -> String {
    places_of(&method(json).tally(profile).unwrap())
}

pub(crate) fn places_of(outcome: &Outcome) -> String {
    let layers = outcome.named_layers();
    let layers: Vec<String> = layers.iter().map(|layer| layer.join("=")).collect();
    layers.join(", ")
}

/// A path in the shared data, unless it is not here.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let path = data.join(path);
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path)
}

/// The ballots of a real election.
pub(crate) fn real(name: &str) -> Option<Profile> {
    let text = fs::read_to_string(shared(&format!("elections/{name}.csv"))?).unwrap();
    let mut lines = text.lines();
    let names = lines.next().expect("a header").split(',');
    let mut profile = Profile::new(names.map(str::to_owned).collect()).unwrap();
    for line in lines {
        let rank = |field: &str| match field {
            "No opinion" => 0,
            rank => rank.parse().expect("a rank"),
        };
        let ranks: Vec<Rank> = line.split(',').map(rank).collect();
        profile.push(&ranks, 1).unwrap();
    }
    Some(profile)
}

/// Debian's votes of a year, as `PrefLib` has them.
pub(crate) fn preflib(name: &str) -> Option<Profile> {
    let text = fs::read_to_string(shared(&format!("elections/{name}.toc"))?).unwrap();
    let names = text.lines().filter_map(|line| {
        let (_, name) = line.strip_prefix("# ALTERNATIVE NAME ")?.split_once(": ")?;
        Some(name.to_owned())
    });
    let mut profile = Profile::new(names.collect()).unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (weight, order) = line.split_once(": ").expect("a count");
        let mut ranks = vec![0; profile.candidates().len()];
        let mut rank = 1;
        let mut tied = false;
        for field in order.split(',') {
            tied |= field.starts_with('{');
            let number: usize = field.trim_matches(['{', '}']).parse().unwrap();
            ranks[number - 1] = rank;
            tied &= !field.ends_with('}');
            rank += Rank::from(!tied);
        }
        profile.push(&ranks, weight.parse().unwrap()).unwrap();
    }
    Some(profile)
}

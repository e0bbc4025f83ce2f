//! What would have been different under another method.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::method::{
    CondorcetIrv, Copeland, IrvVersion, Layers, Matrix, Method, MethodError, Minimax, Outcome,
    RankedPairs, Ranking, Schulze, Strength, Unranked, Version,
};
use crate::{Candidate, Profile};

/// Which of the seats depend on the choice of the method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sensitivity {
    /// How many seats there are.
    pub seats: usize,
    /// The places down to the next in line, by the method of the election.
    pub base: Layers,
    /// Who share the last seat with nobody to break the tie, by the method of the election;
    /// empty if all seats are decided.
    pub tied: Vec<Candidate>,
    /// What other methods say, where it is something else.
    pub differences: Vec<Difference>,
    /// How many methods and variants were compared.
    pub compared: usize,
}

/// A different result, and the methods that give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The most that is different.
    pub what: What,
    /// The places that somebody else would have, from 1; the next in line has the one after
    /// the seats.
    pub places: Vec<usize>,
    /// The places down to the next in line.
    pub layers: Layers,
    /// By these methods.
    pub methods: Vec<Method>,
}

/// What is different, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Who comes after the seats.
    NextInLine,
    /// Who is before whom among those with a seat.
    Order,
    /// Who has a seat.
    Seats,
}

impl Sensitivity {
    /// The differences in sentences; `candidates` are those of the ballots.
    ///
    /// # Panics
    /// Where these are fewer.
    pub fn words(&self, candidates: &[String]) -> Vec<String> {
        let mut words = Vec::new();
        if !self.tied.is_empty() {
            words.push(format!(
                "{} are tied for the last of the seats.",
                self.tied
                    .iter()
                    .map(|one| candidates[*one].as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        if self.differences.is_empty() {
            words.push(format!(
                "The {} other methods and variants compared give the same seats, in the same order, \
                 and the same next in line.",
                self.compared
            ));
        }
        words.extend(
            self.differences
                .iter()
                .map(|difference| difference.words(candidates)),
        );
        words
    }
}

impl Difference {
    fn words(&self, candidates: &[String]) -> String {
        let what = match self.what {
            What::NextInLine => "The next in line",
            What::Order => "The order of the seats",
            What::Seats => "Who has a seat",
        };
        let layers: Vec<String> = self
            .layers
            .iter()
            .map(|layer| {
                let names: Vec<&str> = layer.iter().map(|one| candidates[*one].as_str()).collect();
                names.join(" = ")
            })
            .collect();
        format!(
            "{what} depends on the method: {} by {}.",
            layers.join(", "),
            families(&self.methods)
        )
    }
}

/// The methods in short: `Schulze (6 variants), Copeland (v1, pairs: last)`.
fn families(methods: &[Method]) -> String {
    let mut families: Vec<(&str, Vec<&Method>)> = Vec::new();
    for method in methods {
        let family = method.family();
        match families.iter_mut().find(|(other, _)| *other == family) {
            Some((_, members)) => members.push(method),
            None => families.push((family, vec![method])),
        }
    }
    let named = families.iter().map(|(family, members)| match &members[..] {
        [only] => only.to_string(),
        several => format!("{family} ({} variants)", several.len()),
    });
    let named: Vec<String> = named.collect();
    let mut text = named.join(", ");
    if let [first, rest @ ..] = methods
        && !rest.is_empty()
        && rest.iter().all(|method| method.pairs() == first.pairs())
    {
        text += &format!(", all with pairs: {}", first.pairs());
    }
    text
}

/// Counts the ballots by the method of the election and by each other one that compares pairs,
/// and reports where the seats, their order or the next in line differ. Who stands further
/// down is not compared.
///
/// Debian's rules elect one and approval asks another question: they are not among the others.
pub fn sensitivity(
    profile: &Profile,
    seats: usize,
    base: &Method,
) -> Result<Sensitivity, MethodError> {
    let own = base.tally(profile)?;
    let base_layers = head(&own, seats);
    let mut found: BTreeMap<Layers, Vec<Method>> = BTreeMap::new();
    let mut compared = 0;
    for pairs in [Unranked::Skip, Unranked::Last] {
        let matrix = Matrix::count(profile, pairs);
        for method in variants(pairs).into_iter().filter(|method| method != base) {
            compared += 1;
            let layers = head(&method.tally_counted(profile, matrix.clone())?, seats);
            if layers != base_layers {
                found.entry(layers).or_default().push(method);
            }
        }
    }
    let mut differences: Vec<Difference> = found
        .into_iter()
        .map(|(layers, methods)| difference(&base_layers, layers, methods, seats))
        .collect();
    differences.sort_by_key(|difference| std::cmp::Reverse(difference.what));
    Ok(Sensitivity {
        seats,
        tied: tied(&base_layers, seats),
        base: base_layers,
        differences,
        compared,
    })
}

/// All variants of the methods that compare pairs and place everybody.
pub fn variants(pairs: Unranked) -> Vec<Method> {
    let version = Version::V1;
    let mut variants = Vec::new();
    for strength in [
        Strength::WinningVotes,
        Strength::WinningVotesLosing,
        Strength::Margins,
    ] {
        variants.extend([Ranking::Layers, Ranking::Beaters].map(|ranking| {
            Method::Schulze(Schulze {
                version,
                pairs,
                strength,
                ranking,
            })
        }));
        variants.push(Method::RankedPairs(RankedPairs {
            version,
            pairs,
            strength,
        }));
        variants.push(Method::Minimax(Minimax {
            version,
            pairs,
            strength,
        }));
    }
    variants.push(Method::Copeland(Copeland { version, pairs }));
    variants.extend(
        [IrvVersion::Civs2007, IrvVersion::Civs2024]
            .map(|version| Method::CondorcetIrv(CondorcetIrv { version, pairs })),
    );
    variants
}

/// The layers down to the one with the next in line, each in the order of the ballot.
fn head(outcome: &Outcome, seats: usize) -> Layers {
    let mut places = 0;
    let mut head = Layers::new();
    for layer in &outcome.layers {
        if places > seats {
            break;
        }
        places += layer.len();
        let mut layer = layer.clone();
        layer.sort_unstable();
        head.push(layer);
    }
    head
}

/// The layer on both sides of the line below the last seat.
fn tied(layers: &Layers, seats: usize) -> Vec<Candidate> {
    let mut places = 0;
    for layer in layers {
        if places < seats && places + layer.len() > seats {
            return layer.clone();
        }
        places += layer.len();
    }
    Vec::new()
}

/// Who may have each place: all of its layer.
fn places(layers: &Layers, seats: usize) -> Vec<&[Candidate]> {
    layers
        .iter()
        .flat_map(|layer| std::iter::repeat_n(layer.as_slice(), layer.len()))
        .take(seats + 1)
        .collect()
}

/// Who surely has a seat, and who may.
fn seated(layers: &Layers, seats: usize) -> (Vec<Candidate>, Vec<Candidate>) {
    let tied = tied(layers, seats);
    let mut sure: Vec<Candidate> = places(layers, seats)
        .into_iter()
        .take(seats)
        .flatten()
        .copied()
        .filter(|one| !tied.contains(one))
        .collect();
    sure.sort_unstable();
    sure.dedup();
    (sure, tied)
}

fn difference(base: &Layers, layers: Layers, methods: Vec<Method>, seats: usize) -> Difference {
    let (ours, theirs) = (places(base, seats), places(&layers, seats));
    let differ: Vec<usize> = (0..ours.len().max(theirs.len()))
        .filter(|place| ours.get(*place) != theirs.get(*place))
        .map(|place| place + 1)
        .collect();
    let what = if seated(base, seats) != seated(&layers, seats) {
        What::Seats
    } else if differ.iter().any(|place| *place <= seats) {
        What::Order
    } else {
        What::NextInLine
    };
    Difference {
        what,
        places: differ,
        layers,
        methods,
    }
}

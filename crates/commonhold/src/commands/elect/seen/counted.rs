//! What came of a closed election, with no more than it publishes.

use std::collections::BTreeMap;

use ballot_box::{BallotBox, Publication};
use elections::definition::Counting;
use elections::elekto;
use serde_json::Value;
use tally::explain::{Table, explain};
use tally::format::Poll as Ballots;
use tally::sensitivity::sensitivity;
use tally::{Profile, Rank};

use super::super::ballots::Ballots as ToCount;
use super::super::count::{Counted as Count, counted};
use super::super::held::Held;
use super::{Posted, Shown};
use crate::governed::Place;
use crate::render::elect::{self, Line};

/// The result of an election.
#[derive(Debug)]
pub(crate) struct Published {
    /// How many took part, of how many; none of a file of ballots.
    pub(crate) turnout: Option<(u64, u64)>,
    /// How many ballots count.
    pub(crate) ballots: u64,
    pub(crate) counted: Counted,
    /// Every ballot with how many cast it, the most first; where the election publishes them.
    pub(crate) cast: Option<Vec<(String, u64)>>,
    /// Who voted how, of a roll call.
    pub(crate) roll: Option<Vec<(String, String)>>,
    /// What other methods would have given; where the ballots are public.
    pub(crate) sensitivity: Vec<String>,
}

/// What the count gave, and why.
#[derive(Debug)]
pub(crate) struct Counted {
    /// Everybody in the order of the count: the place, who, and what became of them.
    pub(crate) places: Vec<(Option<usize>, String, String)>,
    /// What was counted, by which rules, and what followed.
    pub(crate) words: Vec<String>,
    /// Why each place is above the next.
    pub(crate) reasons: Vec<String>,
    /// How many prefer whom to whom; where the election publishes it.
    pub(crate) pairs: Option<Table>,
    /// The stages of transferable votes: the number, what happened, and the votes of each.
    pub(crate) stages: Vec<(u32, String, Vec<String>)>,
    /// The candidates, in the order of the votes of a stage.
    pub(crate) candidates: Vec<String>,
    /// What only a lot can decide.
    pub(crate) tie: Option<String>,
}

/// The result of an election that is closed, of its box or of a file of ballots beside it.
pub(super) fn result(
    place: &Place<'_>,
    held: &Held,
    ballot_box: Option<&BallotBox>,
) -> Option<Result<Published, String>> {
    let found = match ballot_box {
        Some(ballot_box) => of_box(held, ballot_box).transpose()?,
        None => of_file(place, held)?,
    };
    Some(found.map_err(|error: anyhow::Error| format!("{error:#}")))
}

fn of_box(held: &Held, ballot_box: &BallotBox) -> anyhow::Result<Option<Published>> {
    let Some(closing) = ballot_box.closing()? else {
        return Ok(None);
    };
    let profile = ballot_box.profile()?;
    let publication = ballot_box.poll().publication;
    let mut published = published(held, profile, publication)?;
    published.turnout = Some((closing.took_part, closing.voters));
    published.ballots = closing.ballots;
    let candidates = &ballot_box.poll().candidates;
    published.roll = ballot_box.publish()?.roll.map(|roll| {
        let line = |ranks: &Option<Vec<Rank>>| {
            ranks
                .as_ref()
                .map_or_else(|| "taken back".to_owned(), |ranks| order(ranks, candidates))
        };
        let entries = roll.iter();
        entries
            .map(|entry| (entry.voter.clone(), line(&entry.ballot)))
            .collect()
    });
    Ok(Some(published))
}

/// Of `ballots.csv`, which another program published.
fn of_file(place: &Place<'_>, held: &Held) -> Option<anyhow::Result<Published>> {
    let path = place.folder.join(&held.folder).join(elekto::BALLOTS);
    let bytes = std::fs::read(path).ok()?;
    let ids: Vec<String> = held
        .candidates
        .iter()
        .map(|one| one.id.value.to_string())
        .collect();
    let read = tally::format::read_of(&ids, elekto::BALLOTS, &bytes);
    Some(
        read.map_err(Into::into)
            .and_then(|poll| published(held, poll.profile, Publication::Full)),
    )
}

fn published(held: &Held, profile: Profile, publication: Publication) -> anyhow::Result<Published> {
    let definition = held.definition()?;
    let seats = definition.seats.value.get();
    let full = publication == Publication::Full;
    let counting = definition.method.value.clone();
    let cast = full.then(|| cast(&profile));
    let sensitivity = match &counting {
        Counting::Order(method) if full => sensitivity(&profile, seats as usize, method)
            .map(|found| found.words(profile.candidates()))
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let ballots = profile.turnout();
    let to_count = ToCount {
        file: held.key.to_string(),
        poll: Ballots::new(profile),
        counting,
        seats: Some(seats),
    };
    let counted = match counted(&to_count)? {
        Count::Order(count) => of_order(&count, seats, publication),
        Count::Transfers(count) => of_transfers(&count, full),
    };
    Ok(Published {
        turnout: None,
        ballots,
        counted,
        cast,
        roll: None,
        sensitivity,
    })
}

fn of_order(count: &tally::method::Outcome, seats: u32, publication: Publication) -> Counted {
    let explanation = explain(count);
    let shown = publication != Publication::None;
    let tied = elect::tied(count, Some(seats));
    let names: Vec<&str> = tied.iter().map(|one| count.name(*one)).collect();
    Counted {
        places: places(elect::order(count, Some(seats))),
        words: if shown {
            explanation.paragraphs
        } else {
            vec![format!("Counted by {}.", count.method)]
        },
        reasons: if shown {
            explanation.reasons
        } else {
            Vec::new()
        },
        pairs: shown.then_some(explanation.table),
        stages: Vec::new(),
        candidates: count.candidates.clone(),
        tie: (!names.is_empty()).then(|| {
            format!(
                "{} are tied for the last of the seats: a lot decides.",
                names.join(", ")
            )
        }),
    }
}

fn of_transfers(count: &tally::stv::Count, full: bool) -> Counted {
    let words = count.words();
    let stages = count.stages.iter().zip(words).map(|(stage, words)| {
        let votes = stage.votes.iter().map(ToString::to_string);
        (stage.number, words.sentences.join(" "), votes.collect())
    });
    let waits = count.lot_needed.is_some();
    Counted {
        places: places(elect::transfers(count)),
        words: vec![
            format!("Counted by {}.", elect::rule(count.rule)),
            count.ending(),
        ],
        reasons: Vec::new(),
        pairs: None,
        stages: if full { stages.collect() } else { Vec::new() },
        candidates: count.candidates.clone(),
        tie: waits.then(|| count.ending()),
    }
}

fn places(lines: Vec<Line>) -> Vec<(Option<usize>, String, String)> {
    let place = |line: Line| (line.place, line.candidate, line.result);
    lines.into_iter().map(place).collect()
}

/// Every ballot with how many cast it, the most first.
fn cast(profile: &Profile) -> Vec<(String, u64)> {
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for (ranks, weight) in profile.ballots() {
        *all.entry(order(ranks, profile.candidates())).or_default() += weight;
    }
    let mut all: Vec<(String, u64)> = all.into_iter().collect();
    all.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    all
}

/// A ballot in words: the best first, equals with `=` between them.
fn order(ranks: &[Rank], candidates: &[String]) -> String {
    let mut by_rank: BTreeMap<Rank, Vec<&str>> = BTreeMap::new();
    for (rank, name) in ranks.iter().zip(candidates) {
        if *rank != 0 {
            by_rank.entry(*rank).or_default().push(name);
        }
    }
    if by_rank.is_empty() {
        return "nobody ranked".to_owned();
    }
    let layers = by_rank.values().map(|names| names.join(" = "));
    layers.collect::<Vec<_>>().join(" > ")
}

/// Says of each post what it holds, by the lines of the board; the last of a token counts.
pub(super) fn show(posts: &mut [Posted], board: &str, candidates: &[String]) {
    let entries: Vec<Value> = board
        .lines()
        .skip(1)
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let mut last: BTreeMap<String, (u64, usize)> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let turn = entry["post"]["turn"].as_u64().unwrap_or(0);
        let token = entry["post"]["token"].to_string();
        let known = last.entry(token).or_insert((turn, at));
        if turn >= known.0 {
            *known = (turn, at);
        }
    }
    for (at, (post, entry)) in posts.iter_mut().zip(&entries).enumerate() {
        let counts = last.values().any(|(_, last)| *last == at);
        let ranks: Option<Vec<Rank>> = serde_json::from_value(entry["post"]["ballot"].clone()).ok();
        post.ballot = Some(match ranks.filter(|_| counts) {
            Some(ranks) => Shown::Counts(order(&ranks, candidates)),
            None => Shown::Replaced,
        });
    }
}

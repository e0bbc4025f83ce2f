//! What came of an election, and why.

use std::borrow::Cow;

use portal::model::{Cell, Column, ColumnKind, Mood, Page, Part, Row, Table, Value};
use tally::explain::Table as Pairs;

use super::super::affairs::{Election, Published};
use super::super::decisions::person;
use super::super::parts::{column, row, table};
use super::super::shown::Known;
use super::page::candidate;

/// How many different ballots are shown.
const BALLOTS: usize = 1_000;

pub(super) fn add(
    known: &Known,
    election: &Election,
    found: &Result<Published, String>,
    page: &mut Page,
) {
    page.heading("result", "Result");
    let result = match found {
        Ok(result) => result,
        Err(why) => {
            page.add(Part::Notice(
                Mood::Warn,
                format!("It cannot be counted: {why}."),
                None,
            ));
            return;
        }
    };
    if let Some((took_part, voters)) = result.turnout {
        page.say(format!(
            "{took_part} of {voters} voters took part, and {} ballots count.",
            result.ballots
        ));
    }
    if let Some(tie) = &result.counted.tie {
        page.add(Part::Notice(Mood::Warn, tie.clone(), None));
    }
    places(known, election, result, page);
    for text in &result.counted.words {
        page.say(text.clone());
    }
    why(election, result, page);
    stages(election, result, page);
    if !result.sensitivity.is_empty() {
        let parts = result.sensitivity.iter().cloned().map(Part::Text).collect();
        page.add(Part::Folded(
            "What other methods would have given".to_owned(),
            parts,
        ));
    }
    ballots(known, result, page);
}

fn places(known: &Known, election: &Election, result: &Published, page: &mut Page) {
    let places = result.counted.places.iter().map(|(place, id, became)| {
        let link = candidate(known, election, id);
        let elected = became.starts_with("elected");
        let mood = if elected { Mood::Good } else { Mood::Quiet };
        let became = if became.is_empty() {
            "not elected"
        } else {
            became
        };
        let cells = vec![
            Cell {
                to: link.to,
                ..Cell::text(link.text)
            },
            place.map_or(Cell::none(), Cell::count),
            Cell::state(mood, became),
        ];
        row(cells, None)
    });
    let columns = vec![
        column("candidate", "Candidate", ColumnKind::Text),
        column("place", "Place", ColumnKind::Number),
        column("result", "Result", ColumnKind::State),
    ];
    page.add(table(
        "places",
        "By the count alone",
        columns,
        places.collect(),
        "Nobody stood.",
    ));
    page.say("Caps on employers, reserved seats and lots come after the count; “commonhold elect seats” says them.");
}

/// Why each place is above the next, with the comparisons of all pairs.
fn why(election: &Election, result: &Published, page: &mut Page) {
    let counted = &result.counted;
    if !counted.reasons.is_empty() {
        page.heading("why", "Why each place is above the next");
        let name = |place: usize| {
            let found = counted.places.get(place);
            found.map_or("", |(_, id, _)| id.as_str())
        };
        let rows = counted.reasons.iter().enumerate().map(|(at, text)| {
            let pair = format!("{} before {}", name(at), name(at + 1));
            row(vec![Cell::text(pair), Cell::text(text.clone())], None)
        });
        let columns = vec![
            column("pair", "Places", ColumnKind::Text),
            column("reason", "Because", ColumnKind::Text),
        ];
        page.add(table(
            "reasons",
            "Neighbours in the result",
            columns,
            rows.collect(),
            "",
        ));
    }
    if let Some(pairs) = &counted.pairs {
        page.heading("pairs", "All comparisons of two");
        page.add(Part::Table(matrix(election, pairs)));
    }
}

fn matrix(election: &Election, pairs: &Pairs) -> Table {
    let name = |id: &String| {
        let found = election.candidates.iter().find(|one| one.id == *id);
        found.map_or_else(|| id.clone(), |one| one.name.clone())
    };
    let mut columns = vec![column("candidate", "Preferred", ColumnKind::Text)];
    columns.extend(pairs.names.iter().enumerate().map(|(at, id)| Column {
        id: Cow::Owned(format!("over_{}", at + 1)),
        head: Cow::Owned(format!("to {}", name(id))),
        ..column("over", "", ColumnKind::Number)
    }));
    let rows = pairs.names.iter().zip(&pairs.rows).map(|(id, votes)| {
        let mut cells = vec![Cell::text(name(id))];
        cells.extend(votes.iter().map(|votes| {
            votes.map_or(Cell::none(), |votes| {
                Cell::new(Value::Number(i64::try_from(votes).unwrap_or(i64::MAX)))
            })
        }));
        Row {
            cells,
            ..Row::default()
        }
    });
    Table {
        id: "pairs".into(),
        caption: "How many voters prefer the candidate of the row to that of the column".to_owned(),
        columns,
        rows: rows.collect(),
        none: String::new(),
    }
}

/// What happened at each stage of transferable votes.
fn stages(election: &Election, result: &Published, page: &mut Page) {
    let counted = &result.counted;
    if counted.stages.is_empty() {
        return;
    }
    page.heading("stages", "Stage by stage");
    let name = |id: &String| {
        let found = election.candidates.iter().find(|one| one.id == *id);
        found.map_or_else(|| id.clone(), |one| one.name.clone())
    };
    let mut columns = vec![
        column("stage", "Stage", ColumnKind::Text),
        column("what", "What happened", ColumnKind::Text),
    ];
    columns.extend(
        counted
            .candidates
            .iter()
            .enumerate()
            .map(|(at, id)| Column {
                id: Cow::Owned(format!("votes_{}", at + 1)),
                head: Cow::Owned(name(id)),
                ..column("votes", "", ColumnKind::Text)
            }),
    );
    let rows = counted.stages.iter().map(|(number, what, votes)| {
        let mut cells = vec![
            Cell::text(format!("Stage {number}")),
            Cell::text(what.clone()),
        ];
        cells.extend(votes.iter().map(|votes| Cell::text(votes.clone())));
        row(cells, None)
    });
    page.add(table(
        "stages",
        "The votes of each candidate at the end of each stage",
        columns,
        rows.collect(),
        "",
    ));
}

/// The ballots, as far as they are published.
fn ballots(known: &Known, result: &Published, page: &mut Page) {
    if let Some(roll) = &result.roll {
        page.heading("roll", "Who voted how");
        let rows = roll.iter().map(|(voter, ballot)| {
            let voter = match voter.strip_prefix("person/") {
                Some(name) => person(known, name),
                None => Cell::text(voter.clone()),
            };
            row(vec![voter, Cell::text(ballot.clone())], None)
        });
        let columns = vec![
            column("voter", "Voter", ColumnKind::Text),
            column("ballot", "Ballot", ColumnKind::Text),
        ];
        page.add(table(
            "roll",
            "The roll call",
            columns,
            rows.collect(),
            "Nobody voted.",
        ));
        return;
    }
    let Some(cast) = &result.cast else {
        return;
    };
    page.heading("ballots", "The ballots");
    let rows = cast.iter().take(BALLOTS).map(|(ballot, count)| {
        let count = usize::try_from(*count).unwrap_or(usize::MAX);
        row(vec![Cell::text(ballot.clone()), Cell::count(count)], None)
    });
    let columns = vec![
        column("ballot", "Ballot", ColumnKind::Text),
        column("count", "How many", ColumnKind::Number),
    ];
    page.add(table(
        "ballots",
        "What ballots say, the best first",
        columns,
        rows.collect(),
        "There are none.",
    ));
    if cast.len() > BALLOTS {
        page.say("More are in the published files.");
    }
}

//! Results of elections, said in tables and sentences.

use base::visible;
use serde_json::json;
use tally::Candidate;
use tally::explain::{Explanation, Table as Comparisons};
use tally::method::Outcome as Count;
use tally::stv::{Count as Transfers, Rule, Seat};

use super::machine::JSON_VERSION;
use super::table::{Cell, Table};
use crate::cli::Output;
use crate::surroundings::Surroundings;

/// What became of a candidate.
pub(crate) struct Line {
    /// The place, from 1; none where the method gives none.
    pub(crate) place: Option<usize>,
    pub(crate) candidate: String,
    pub(crate) result: String,
}

/// The head of one count.
pub(crate) fn head(title: &str, facts: &str) -> String {
    format!("{}\n{}\n", visible(title), visible(facts))
}

pub(crate) fn table(with_file: bool) -> Table {
    if with_file {
        Table::new(&["file", "place", "candidate", "result"])
    } else {
        Table::new(&["place", "candidate", "result"])
    }
}

pub(crate) fn rows(table: &mut Table, lines: &[Line], file: Option<&str>) {
    for line in lines {
        let place = line.place.map(|place| place.to_string());
        let cells = [
            Cell::from(place),
            Cell::from(line.candidate.as_str()),
            Cell::from(line.result.as_str()),
        ];
        table.row(file.map(Cell::from).into_iter().chain(cells));
    }
}

pub(crate) fn lines(lines: &[Line], file: Option<&str>) -> Table {
    let mut table = table(file.is_some());
    rows(&mut table, lines, file);
    table
}

/// A rule of transferable votes in words.
pub(crate) fn rule(rule: Rule) -> String {
    match rule {
        Rule::Scottish => "Scottish transferable vote (v1)".to_owned(),
        Rule::Meek(meek) => format!(
            "Meek's transferable vote (v1, places: {}, omega: {})",
            meek.places, meek.omega
        ),
    }
}

/// The layer on both sides of the line below the last seat.
pub(crate) fn tied(count: &Count, seats: Option<u32>) -> Vec<Candidate> {
    let Some(seats) = seats.map(|seats| seats as usize) else {
        return Vec::new();
    };
    let mut before = 0;
    for layer in &count.layers {
        if before < seats && before + layer.len() > seats {
            return layer.clone();
        }
        before += layer.len();
    }
    Vec::new()
}

/// Everybody in the order of the count, and who has a seat by it alone.
pub(crate) fn order(count: &Count, seats: Option<u32>) -> Vec<Line> {
    let over_the_line = tied(count, seats);
    let line = |one: Candidate| {
        let place = count.place(one);
        let shared = count
            .layer(one)
            .is_some_and(|layer| count.layers[layer].len() > 1);
        let result = match (place, seats) {
            (None, _) => "not placed",
            _ if over_the_line.contains(&one) => "tied for a seat",
            (Some(place), Some(seats)) if place <= seats as usize => {
                if shared {
                    "elected, tied"
                } else {
                    "elected"
                }
            }
            _ if shared => "tied",
            _ => "",
        };
        Line {
            place,
            candidate: count.name(one).to_owned(),
            result: result.to_owned(),
        }
    };
    count.order().into_iter().map(line).collect()
}

/// The elected in the order of election, then the others.
pub(crate) fn transfers(count: &Transfers) -> Vec<Line> {
    let stage_of = |candidate: Candidate| {
        count.stages.iter().find_map(|stage| {
            let found = stage.elected.iter().find(|one| one.candidate == candidate);
            found.map(|found| match found.by {
                Seat::Quota => format!("elected at stage {}", stage.number),
                Seat::LastVacancy => {
                    format!("elected at stage {}, without the quota", stage.number)
                }
            })
        })
    };
    let excluded = |candidate: Candidate| {
        let mut stages = count.stages.iter();
        let stage = stages.find(|stage| stage.excluded == Some(candidate));
        stage.map(|stage| format!("excluded at stage {}", stage.number))
    };
    let mut lines = Vec::new();
    for (place, one) in (1..).zip(&count.elected) {
        lines.push(Line {
            place: Some(place),
            candidate: count.candidates[*one].clone(),
            result: stage_of(*one).unwrap_or_else(|| "elected".to_owned()),
        });
    }
    let others = (0..count.candidates.len()).filter(|one| !count.elected.contains(one));
    lines.extend(others.map(|one| Line {
        place: None,
        candidate: count.candidates[one].clone(),
        result: excluded(one).unwrap_or_else(|| "not elected".to_owned()),
    }));
    lines
}

/// Sentences, one a line.
pub(crate) fn sentences(sentences: &[String], output: Output) -> String {
    match output {
        Output::Json => format!(
            "{:#}\n",
            json!({"version": JSON_VERSION, "words": sentences})
        ),
        _ => sentences
            .iter()
            .map(|sentence| visible(sentence) + "\n")
            .collect(),
    }
}

/// A count in words, with the comparisons of all pairs.
pub(crate) fn explanation(explanation: &Explanation, output: Output) -> String {
    let matrix = comparisons(&explanation.table, output);
    if output == Output::Csv {
        return matrix;
    }
    let paragraphs: Vec<String> = explanation
        .paragraphs
        .iter()
        .map(|one| visible(one))
        .collect();
    let lines = |lines: &[String]| {
        lines
            .iter()
            .map(|line| visible(line) + "\n")
            .collect::<String>()
    };
    let items = |lines: &[String]| {
        lines
            .iter()
            .map(|line| format!("- {}\n", visible(line)))
            .collect::<String>()
    };
    let table = "How many voters prefer the candidate of the row to that of the column:";
    let reasons = if output == Output::Markdown {
        items(&explanation.reasons)
    } else {
        lines(&explanation.reasons)
    };
    let parts = [
        paragraphs.join("\n\n") + "\n",
        lines(&explanation.places),
        reasons,
        format!("{table}\n\n{matrix}"),
    ];
    let said = parts.into_iter().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join("\n")
}

/// The comparisons of all pairs.
pub(crate) fn comparisons(table: &Comparisons, output: Output) -> String {
    let cell = |cell: &Option<u64>| cell.map_or_else(|| "-".to_owned(), |votes| votes.to_string());
    let names: Vec<String> = table.names.iter().map(|name| visible(name)).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect())
        .collect();
    match output {
        Output::Markdown => {
            let escaped = |name: &String| name.replace('\\', "\\\\").replace('|', "\\|");
            let heads: Vec<String> = names.iter().map(escaped).collect();
            let mut text = format!("| | {} |\n", heads.join(" | "));
            text += &format!("| --- |{}\n", " --- |".repeat(names.len()));
            for (name, row) in heads.iter().zip(&rows) {
                text += &format!("| {name} | {} |\n", row.join(" | "));
            }
            text
        }
        Output::Csv => {
            let quoted = |name: &String| {
                let guard = if name.starts_with(['=', '+', '-', '@']) {
                    "'"
                } else {
                    ""
                };
                format!("\"{guard}{}\"", name.replace('"', "\"\""))
            };
            let heads: Vec<String> = names.iter().map(quoted).collect();
            let mut text = format!("preferred,{}\r\n", heads.join(","));
            for (name, row) in heads.iter().zip(&rows) {
                text += &format!("{name},{}\r\n", row.join(","));
            }
            text
        }
        Output::Text | Output::Json => aligned(&names, &rows),
    }
}

/// Columns are numbered, for names are long.
fn aligned(names: &[String], rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().count();
    let first = names.iter().map(|name| width(name)).max().unwrap_or(0) + 4;
    let cells = rows.iter().flatten().map(|cell| width(cell));
    let column = cells.max().unwrap_or(1).max(3) + 1;
    let mut text = " ".repeat(first);
    for number in 1..=names.len() {
        text += &format!("{number:>column$}");
    }
    text.push('\n');
    for (number, (name, row)) in (1..).zip(names.iter().zip(rows)) {
        let label = format!("{number:>2}. {name}");
        let pad = first.saturating_sub(width(&label));
        text += &label;
        text += &" ".repeat(pad);
        for cell in row {
            text += &format!("{cell:>column$}");
        }
        text.push('\n');
    }
    text
}

/// A count of transferable votes, stage by stage.
pub(crate) fn stages(count: &Transfers, output: Output, surroundings: &Surroundings) -> String {
    match output {
        Output::Text | Output::Json => count
            .text()
            .lines()
            .map(|line| visible(line) + "\n")
            .collect(),
        output => {
            let mut table = Table::new(&["stage", "candidate", "votes", "result"]);
            for stage in &count.stages {
                for (at, votes) in stage.votes.iter().enumerate() {
                    let elected = stage.elected.iter().any(|one| one.candidate == at);
                    let result = match (elected, stage.excluded == Some(at)) {
                        (true, _) => "elected",
                        (_, true) => "excluded",
                        _ => "",
                    };
                    table.row([
                        Cell::from(stage.number as usize),
                        Cell::from(count.candidates[at].as_str()),
                        Cell::from(votes.to_string()),
                        Cell::from(result),
                    ]);
                }
            }
            table.print(output, "stages", surroundings)
        }
    }
}

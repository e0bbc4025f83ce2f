//! Who sits, said in a table and sentences.

use std::collections::BTreeMap;

use charter::Affiliation;
use elections::lottery::Draw;
use elections::seats::{Fate, Placed, Question, Seating};

use super::table::{Cell, Table};
use crate::cli::Output;
use crate::surroundings::Surroundings;

/// What chance was taken, where any was.
pub(crate) struct Chance<'a> {
    /// The lottery, if secrets were told.
    pub(crate) draw: Option<&'a Draw>,
    /// An order that somebody gave.
    pub(crate) given: &'a [String],
}

impl Chance<'_> {
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(draw) = self.draw {
            let told: Vec<&str> = draw.nonces.keys().map(String::as_str).collect();
            lines.push(format!(
                "lottery: {}, by what {} told, for the election {} as it was opened",
                draw.order.join(", "),
                told.join(", "),
                draw.election
            ));
            let excluded = draw.excluded.iter();
            lines.extend(excluded.map(|(officer, decision)| {
                format!("excluded from the lottery: {officer}, by the decision {decision}")
            }));
        }
        if !self.given.is_empty() {
            let order = self.given.join(", ");
            lines.push(format!("lot, as given with --lot: {order}"));
        }
        lines
    }
}

/// What becomes of everybody; below the table of people what is left to do.
pub(crate) fn seating(
    seating: &Seating,
    employers: &BTreeMap<&str, &Affiliation>,
    chance: &Chance<'_>,
    output: Output,
    surroundings: &Surroundings,
) -> String {
    let mut table = Table::new(&["place", "candidate", "employer", "seat", "until", "why"]);
    for placed in &seating.places {
        let employer = match employers.get(placed.candidate.as_str()) {
            Some(Affiliation::Company(name)) => name.clone(),
            Some(Affiliation::Independent) => "independent".to_owned(),
            Some(Affiliation::Unknown) | None => "unknown".to_owned(),
        };
        table.row([
            Cell::from(placed.place as usize),
            Cell::from(placed.candidate.as_str()),
            Cell::from(employer),
            Cell::from(seat(placed)),
            Cell::from(until(placed)),
            Cell::from(placed.why.as_str()),
        ]);
    }
    let people = table.print(output, "places", surroundings);
    match output {
        Output::Text => people + &left(seating, chance),
        Output::Markdown => people + "\n" + &left(seating, chance),
        Output::Csv | Output::Json => people,
    }
}

fn seat(placed: &Placed) -> &'static str {
    match placed.fate {
        Fate::Seated(_) => "elected",
        Fate::Excluded { .. } => "left out",
        Fate::Declined => "declined",
        Fate::Barred => "barred",
        Fate::AlreadySits => "sits",
        Fate::Tied => "tied",
        Fate::NotReached => "none",
        Fate::Waits => "waits",
    }
}

fn until(placed: &Placed) -> Option<String> {
    match &placed.fate {
        Fate::Seated(seat) => seat.term.map(|term| term.until.to_string()),
        _ => None,
    }
}

/// Lots, ties, empty seats, choices, questions, and who is next.
fn left(seating: &Seating, chance: &Chance<'_>) -> String {
    let mut lines = chance.lines();
    lines.extend(seating.ties.iter().map(|tie| format!("tie: {}", tie.why)));
    for vacant in &seating.vacant {
        let role = vacant.reserved_for.as_ref();
        let role = role.map_or_else(String::new, |role| format!(" for a {role}"));
        lines.push(format!("empty seat{role}: {}", vacant.why));
    }
    let choices = seating.choices.iter();
    lines.extend(choices.map(|choice| format!("choice: {}", choice.why)));
    lines.extend(seating.questions.iter().map(|question| match question {
        Question::EmployerUnknown { why, .. } | Question::AlreadyTooMany { why, .. } => {
            format!("question: {why}")
        }
    }));
    if !seating.next_in_line.is_empty() {
        lines.push(format!(
            "next in line: {}",
            seating.next_in_line.join(" = ")
        ));
    }
    lines
        .iter()
        .map(|line| base::visible(line) + "\n")
        .collect()
}

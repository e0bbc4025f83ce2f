//! A seat that falls vacant between two elections.

use std::collections::{HashMap, HashSet};

use charter::Count;
use jiff::civil::Date;
use serde::Serialize;
use yaml::record;

use super::cap::Cap;
use super::people::{Candidate, Counts, Member, Question};
use super::seating::SeatError;

record! {
    /// How a seat is filled that falls vacant between two elections.
    #[derive(Default, PartialEq, Eq)]
    pub struct VacancyRule {
        /// How many vacant seats between two elections go to the next preferred of the last one; any number if not said. Further ones need a special election.
        pub successors: Option<Count>,
    }
}

/// A seat that has fallen vacant.
#[derive(Debug, Clone, Copy)]
pub struct Vacancy<'a> {
    /// How such seats are filled.
    pub rule: &'a VacancyRule,
    /// How many were filled from the order of the last election since then.
    pub filled: u32,
    /// The first day the seat would be served.
    pub from: Date,
    /// The first day after the term of whoever left, which is served to its end.
    pub until: Date,
    /// The role that the seat is reserved for.
    pub reserved_for: Option<&'a str>,
    /// How many seats one employer may hold.
    pub cap: Option<&'a Cap>,
    /// Those who sit now, by their employers of now; without whoever left.
    pub members: &'a [Member],
    /// The candidates of the last election, by their employers of now. Who has declined
    /// this seat, or may not take it, says so here.
    pub candidates: &'a [Candidate],
    /// Candidates in the order that was drawn by lot; empty if nothing was drawn.
    pub lot: &'a [String],
}

/// How a vacant seat is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filling {
    /// What comes next.
    pub next: NextStep,
    /// Who was passed over, from the top, and why.
    pub passed_over: Vec<PassedOver>,
    /// What has to be found out.
    pub questions: Vec<Question>,
    /// Why, in a sentence.
    pub why: String,
}

/// What comes next for a vacant seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum NextStep {
    /// The seat is offered; who does not take it is marked so, and the next is asked.
    Offer {
        /// To whom.
        to: String,
        /// The first day after the term.
        until: Date,
    },
    /// A tie has to be broken first.
    Tie {
        /// The tied.
        between: Vec<String>,
    },
    /// A special election, in which those vote who could vote in the last one.
    SpecialElection {
        /// The first day after the term.
        until: Date,
    },
    /// Nothing is left to serve.
    TermOver,
}

/// Somebody who is not offered a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// Who.
    pub candidate: String,
    /// Why, in a sentence.
    pub why: String,
}

/// Who is to fill a vacant seat, by the order of the last election.
///
/// # Errors
/// The order names somebody who was no candidate.
pub fn fill(vacancy: &Vacancy<'_>, order: &[Vec<String>]) -> Result<Filling, SeatError> {
    let Vacancy { from, until, .. } = *vacancy;
    let filling = |next, why: String, passed_over| Filling {
        next,
        passed_over,
        questions: Vec::new(),
        why,
    };
    if until <= from {
        let why = format!("The term ends on {until}: no day of it is left to serve.");
        return Ok(filling(NextStep::TermOver, why, Vec::new()));
    }
    let special = NextStep::SpecialElection { until };
    let spent = vacancy.rule.successors.map(Count::get);
    if let Some(most) = spent.filter(|most| vacancy.filled >= *most) {
        let why = format!(
            "{} filled from the last election already, and {most} may be: a special election with the voters of the last one, for a term until {until}.",
            base::counted(vacancy.filled as usize, "seat was", "seats were")
        );
        return Ok(filling(special, why, Vec::new()));
    }
    let (next, passed_over) = vacancy.next_preferred(order)?;
    Ok(match next.as_slice() {
        [] => {
            let why = format!(
                "Nobody of the last election is left who accepts and fits: a special election with the voters of the last one, for a term until {until}."
            );
            filling(special, why, passed_over)
        }
        [one] => {
            let why = format!(
                "{} is the next preferred of the last election who accepts and fits, and serves until {until}.",
                one.id
            );
            let to = one.id.clone();
            Filling {
                questions: vacancy.questions(one),
                ..filling(NextStep::Offer { to, until }, why, passed_over)
            }
        }
        tied => {
            let between: Vec<String> = tied.iter().map(|one| one.id.clone()).collect();
            let why = format!("Tied for the seat: {}.", between.join(", "));
            filling(NextStep::Tie { between }, why, passed_over)
        }
    })
}

impl<'a> Vacancy<'a> {
    /// The next preferred who may be asked: one, or several who are tied; and those above.
    fn next_preferred(
        &self,
        order: &[Vec<String>],
    ) -> Result<(Vec<&'a Candidate>, Vec<PassedOver>), SeatError> {
        let candidates = self.candidates.iter();
        let known: HashMap<&str, &'a Candidate> =
            candidates.map(|one| (one.id.as_str(), one)).collect();
        let sitting = self.sitting();
        let members: HashSet<&str> = sitting.clone().map(|one| one.id.as_str()).collect();
        let counts = Counts::of(self.cap, sitting);
        let mut passed_over = Vec::new();
        for layer in order {
            let mut next = Vec::new();
            for id in layer {
                let found = known.get(id.as_str()).copied();
                let candidate = found.ok_or_else(|| SeatError::Stranger(id.clone()))?;
                let sits = members.contains(id.as_str());
                match self.unfit(candidate, sits, &counts) {
                    Some(why) => passed_over.push(PassedOver {
                        candidate: id.clone(),
                        why,
                    }),
                    None => next.push(candidate),
                }
            }
            let drawn = |one: &&Candidate| self.lot.iter().position(|id| *id == one.id);
            if next.len() > 1 && next.iter().all(|one| drawn(one).is_some()) {
                next.sort_by_key(drawn);
                next.truncate(1);
            }
            if !next.is_empty() {
                return Ok((next, passed_over));
            }
        }
        Ok((Vec::new(), passed_over))
    }

    /// Those who sit on the day.
    fn sitting(&self) -> impl Iterator<Item = &'a Member> + Clone {
        let from = self.from;
        let members = self.members.iter();
        members.filter(move |member| member.sits_on(from))
    }

    fn unfit(&self, candidate: &Candidate, sits: bool, counts: &Counts<'_>) -> Option<String> {
        if sits {
            return Some("Is a member.".to_owned());
        }
        if let Some((_, why)) = candidate.stands.passed_over() {
            return Some(why);
        }
        let holds = |role: &str| candidate.roles.iter().any(|held| held == role);
        if let Some(role) = self.reserved_for.filter(|role| !holds(role)) {
            return Some(format!("Does not hold the role {role}."));
        }
        let no_room = counts.no_room(&candidate.employer)?;
        Some(format!(
            "Excluded by maximal representation: {}",
            no_room.why
        ))
    }

    fn questions(&self, next: &Candidate) -> Vec<Question> {
        let mut counts = Counts::of(self.cap, self.sitting());
        counts.add(&next.employer, 1);
        let sitting = self.sitting();
        let sitting = sitting.map(|member| (member.id.as_str(), &member.employer));
        let people: Vec<_> = sitting
            .chain([(next.id.as_str(), &next.employer)])
            .collect();
        counts.unknown(people.into_iter())
    }
}

//! Who sits, who stands, and how many of them work for whom.

use std::collections::BTreeMap;

use charter::Affiliation;
use jiff::civil::Date;
use serde::Serialize;

use super::cap::Cap;

/// Somebody who has a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Who, by the name that candidates have.
    pub id: String,
    /// For whom they work, under the name that the employer is counted by.
    pub employer: Affiliation,
    /// The first day after the term; `None` for a seat without end.
    pub until: Option<Date>,
}

impl Member {
    /// Whether the seat is theirs on a day.
    pub fn sits_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day < until)
    }
}

/// Somebody who was on the ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Who, as the order of the candidates names them.
    pub id: String,
    /// For whom they work, under the name that the employer is counted by.
    pub employer: Affiliation,
    /// The roles they hold for which seats may be reserved.
    pub roles: Vec<String>,
    /// Whether they would take a seat.
    pub stands: Stands,
}

impl Candidate {
    /// Somebody who takes a seat and holds no role.
    pub fn new(id: impl Into<String>, employer: Affiliation) -> Self {
        Self {
            id: id.into(),
            employer,
            roles: Vec::new(),
            stands: Stands::Accepts,
        }
    }
}

/// Whether somebody would take a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// They would.
    Accepts,
    /// They would not, or have stepped aside for somebody of the same employer.
    Declines,
    /// They may not, for this reason, such as a limit of terms.
    Barred(String),
}

impl Stands {
    /// Why they are passed over, if they are.
    pub(super) fn passed_over(&self) -> Option<(bool, String)> {
        match self {
            Self::Accepts => None,
            Self::Declines => Some((false, "Does not take a seat.".to_owned())),
            Self::Barred(why) => Some((true, why.clone())),
        }
    }
}

/// A question that somebody has to answer before the result is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Question {
    /// Nobody has written down for whom somebody works.
    EmployerUnknown {
        /// Who has a seat.
        id: String,
        /// The employers that would hold too many seats if it were one of them, given
        /// that the other unknown ones might be it as well.
        matters_for: Vec<String>,
        /// What the question is, in a sentence.
        why: String,
    },
    /// Members who stay are too many for the cap before anybody is elected.
    AlreadyTooMany {
        /// The employer.
        employer: String,
        /// How many seats it holds.
        seats: u32,
        /// What the question is, in a sentence.
        why: String,
    },
}

/// How many seats each employer holds.
#[derive(Debug, Clone)]
pub(super) struct Counts<'a> {
    cap: Option<&'a Cap>,
    seats: BTreeMap<String, u32>,
}

/// Why somebody has no room under the cap.
pub(super) struct NoRoom {
    /// The employer.
    pub(super) employer: String,
    /// How many seats it would hold.
    pub(super) would_hold: u32,
    /// How many it may hold.
    pub(super) most: u32,
    /// The same in a sentence.
    pub(super) why: String,
}

impl<'a> Counts<'a> {
    pub(super) fn of<'m>(cap: Option<&'a Cap>, members: impl Iterator<Item = &'m Member>) -> Self {
        let seats = BTreeMap::new();
        let mut counts = Self { cap, seats };
        for member in members {
            counts.add(&member.employer, 1);
        }
        counts
    }

    pub(super) fn add(&mut self, employer: &Affiliation, seats: u32) {
        if let Affiliation::Company(name) = employer {
            *self.seats.entry(name.clone()).or_default() += seats;
        }
    }

    pub(super) fn held_by(&self, name: &str) -> u32 {
        self.seats.get(name).copied().unwrap_or(0)
    }

    /// How many more seats an employer may hold; `None` for any number.
    pub(super) fn room(&self, employer: &Affiliation) -> Option<u32> {
        match (self.cap, employer) {
            (Some(cap), Affiliation::Company(name)) => {
                Some(cap.most().saturating_sub(self.held_by(name)))
            }
            _ => None,
        }
    }

    /// Why one more of an employer does not fit, if so.
    pub(super) fn no_room(&self, employer: &Affiliation) -> Option<NoRoom> {
        let (Some(cap), Affiliation::Company(name)) = (self.cap, employer) else {
            return None;
        };
        let (would_hold, most) = (self.held_by(name) + 1, cap.most());
        (would_hold > most).then(|| NoRoom {
            employer: name.clone(),
            would_hold,
            most,
            why: format!("{name} would hold {would_hold} seats, and the cap is {cap}."),
        })
    }

    /// The employers that hold more than they may, with how many.
    pub(super) fn too_many(&self) -> impl Iterator<Item = (&str, u32, &'a Cap)> {
        let over = |cap: &'a Cap| {
            let seats = self.seats.iter();
            let seats = seats.map(move |(name, seats)| (name.as_str(), *seats, cap));
            seats.filter(move |(_, seats, _)| *seats > cap.most())
        };
        self.cap.into_iter().flat_map(over)
    }

    /// A question for each person whose employer nobody knows.
    pub(super) fn unknown<'p>(
        &self,
        people: impl Iterator<Item = (&'p str, &'p Affiliation)>,
    ) -> Vec<Question> {
        let Some(cap) = self.cap else {
            return Vec::new();
        };
        let unknown = people.filter(|(_, employer)| **employer == Affiliation::Unknown);
        let unknown: Vec<&str> = unknown.map(|(id, _)| id).collect();
        let more = u32::try_from(unknown.len()).unwrap_or(u32::MAX);
        let near = |(_, seats): &(&String, &u32)| seats.saturating_add(more) > cap.most();
        let seats = self.seats.iter().filter(near);
        let matters_for: Vec<String> = seats.map(|(name, _)| name.clone()).collect();
        let question = |id: &str| {
            let mut why = format!("Nobody has written down for whom {id} works");
            match matters_for.as_slice() {
                [] if more > cap.most() => {
                    why += &format!(", and {more} unknown people may all work for one employer.");
                }
                [] => why += "; no employer could hold too many seats by it.",
                names => why += &format!("; it matters if it is {}.", names.join(" or ")),
            }
            Question::EmployerUnknown {
                id: id.to_owned(),
                matters_for: matters_for.clone(),
                why,
            }
        };
        unknown.into_iter().map(question).collect()
    }
}

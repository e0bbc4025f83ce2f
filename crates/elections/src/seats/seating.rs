//! What comes of an election: who sits, who does not, and why.

use charter::Count;
use estate::Period;
use jiff::civil::Date;
use serde::Serialize;
use yaml::record;

use super::TermLength;
use super::cap::Cap;
use super::people::{Candidate, Member, Question};

record! {
    /// Seats that only holders of a role may take. They count from the top: the highest
    /// placed holders take them, and take others only when these are gone.
    #[derive(PartialEq, Eq)]
    pub struct Reserved {
        /// The role, as candidates hold it.
        pub role: String,
        /// How many seats.
        pub seats: Count,
    }
}

/// Seats to be given by an order of candidates.
#[derive(Debug, Clone, Copy)]
pub struct SeatsToFill<'a> {
    /// How many seats the body has, those of members who stay and vacant ones among them.
    pub body: u32,
    /// The term of each seat that is open, the first for the highest placed.
    pub terms: &'a [TermLength],
    /// The first day of the terms.
    pub start: Date,
    /// How many seats one employer may hold; `None` for any number.
    pub cap: Option<&'a Cap>,
    /// Which of the open seats are for holders of a role.
    pub reserved: &'a [Reserved],
    /// Members whose terms go on; who is no member on the first day is passed over.
    pub continuing: &'a [Member],
    /// Everybody in the order.
    pub candidates: &'a [Candidate],
    /// Candidates in the order that was drawn by lot, for ties that need one; empty if
    /// nothing was drawn.
    pub lot: &'a [String],
}

/// What comes of an election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seating {
    /// What becomes of each candidate, in the order of the election.
    pub places: Vec<Placed>,
    /// Ties that have to be broken, each by itself.
    pub ties: Vec<Tie>,
    /// Seats that nobody takes.
    pub vacant: Vec<VacantSeat>,
    /// Who would have the next seat; several if they are tied, nobody where a tie for a
    /// seat has to be broken first.
    pub next_in_line: Vec<String>,
    /// Where people of one employer may choose among themselves first.
    pub choices: Vec<StepAside>,
    /// What has to be found out.
    pub questions: Vec<Question>,
}

impl Seating {
    /// Whether nothing is left to draw.
    pub fn is_settled(&self) -> bool {
        self.ties.is_empty()
    }

    /// Those who have a seat for sure, in the order of the election.
    pub fn elected(&self) -> impl Iterator<Item = &Placed> {
        let seated = |placed: &&Placed| matches!(placed.fate, Fate::Seated(_));
        self.places.iter().filter(seated)
    }
}

/// What becomes of one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// Who.
    pub candidate: String,
    /// The place, from 1; tied candidates share the first of theirs.
    pub place: u32,
    /// What becomes of them.
    #[serde(flatten)]
    pub fate: Fate,
    /// Why, in a sentence.
    pub why: String,
}

/// What becomes of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// Has a seat.
    Seated(Seat),
    /// Is left out by maximal representation.
    Excluded {
        /// The employer that holds enough seats.
        employer: String,
        /// How many it would hold.
        would_hold: u32,
        /// How many it may hold.
        most: u32,
    },
    /// Would not take a seat.
    Declined,
    /// May not take one.
    Barred,
    /// Is a member already, with a term that goes on.
    AlreadySits,
    /// Has a seat or none as a tie is broken.
    Tied,
    /// All seats were taken before.
    NotReached,
    /// Nobody can tell before a tie above is broken.
    Waits,
}

/// A seat that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seat {
    /// Its term; `None` where a tie decides between terms.
    pub term: Option<Term>,
    /// The role that it is reserved for.
    pub reserved_for: Option<String>,
}

/// From when to when a seat is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Term {
    /// How long.
    pub length: TermLength,
    /// The first day.
    pub from: Date,
    /// The first day after it.
    pub until: Date,
}

/// A tie that has to be broken by lot, coin or casting vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// What depends on it.
    pub over: TieOver,
    /// The tied, in the order of the ballot.
    pub between: Vec<String>,
    /// How many of them have a seat in the end, at the most.
    pub seats: u32,
    /// Why, in a sentence.
    pub why: String,
}

/// What depends on a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TieOver {
    /// Who has a seat.
    Seats,
    /// Who of one employer has a seat.
    Representation,
    /// Who has the longer term.
    Terms,
}

/// A seat that nobody takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VacantSeat {
    /// The term that it has.
    pub term: TermLength,
    /// The role that it is reserved for.
    pub reserved_for: Option<String>,
    /// Why nobody takes it.
    pub why: String,
}

/// People of one employer who may choose among themselves who steps aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepAside {
    /// The employer.
    pub employer: String,
    /// Members who stay, those seated and those left out.
    pub people: Vec<String>,
    /// How many of them have to step aside.
    pub aside: u32,
    /// For how long they may choose; then the result stands as it is.
    pub within: Period,
    /// The same in a sentence.
    pub why: String,
}

/// What makes it impossible to seat anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeatError {
    /// The order names somebody who was not on the ballot.
    #[error("the order names {0}, who is not among the candidates")]
    Stranger(String),
    /// Somebody is there twice.
    #[error("{id} is twice {place}")]
    Twice {
        /// Who.
        id: String,
        /// Where.
        place: &'static str,
    },
    /// More seats are open than the body has.
    #[error("{open} seats are open and {continuing} members stay, but the body has {body} seats")]
    TooManySeats {
        /// Open seats.
        open: usize,
        /// Members who stay.
        continuing: usize,
        /// All seats.
        body: u32,
    },
    /// More seats are reserved than are open.
    #[error("{reserved} seats are reserved, but {open} are open")]
    TooManyReserved {
        /// Reserved seats.
        reserved: u64,
        /// Open seats.
        open: usize,
    },
    /// The cap is for a body of another size.
    #[error("the cap is written for {of} seats, but the body has {body}")]
    OtherBody {
        /// What the cap says.
        of: u32,
        /// What the body has.
        body: u32,
    },
    /// A term ends after the year 9999.
    #[error("a term of {length} from {start} ends after the year 9999")]
    NoEnd {
        /// The first day.
        start: Date,
        /// The length.
        length: TermLength,
    },
}

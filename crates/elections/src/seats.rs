//! Who sits.
//!
//! ```text
//! order of candidates ─┐
//! members who stay ────┼─ seat ──► who sits, for how long, who is left out, what is to be drawn
//! cap, terms, roles ───┘
//! ```
//! [`seat`] gives the seats of an election, [`may_serve`] judges limits of terms, [`fill`]
//! finds who takes a seat that falls vacant, and [`breaches`] who has to step back when
//! an employer holds too many. All are functions of what they are given; employers come
//! under the names that [`charter::Employers`] counts them by.

mod breach;
mod cap;
mod finish;
mod limits;
mod people;
mod seating;
mod tie;
mod vacancy;
mod walk;

pub use breach::{AfterGrace, Breach, breaches};
pub use cap::{Cap, CapRelation, NobodyFits};
pub use estate::kinds::TermLength;
pub use limits::{Limits, PastTerm, TermCheck, TermError, TermVerdict, may_serve};
pub use people::{Candidate, Member, Question, Stands};
pub use seating::{
    Fate, Placed, Reserved, Seat, SeatError, Seating, SeatsToFill, StepAside, Term, Tie, TieOver,
    VacantSeat,
};
pub use vacancy::{Filling, NextStep, PassedOver, Vacancy, VacancyRule, fill};
pub use walk::seat;

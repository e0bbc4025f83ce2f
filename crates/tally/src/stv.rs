//! Single transferable vote.
//!
//! Two rules: [`scottish`], a count by hand with papers passed on in parcels, and [`meek`],
//! an iteration for a machine. Both give a [`Count`] that records every stage; its
//! [`Count::words`] say the same in sentences.
//!
//! ```
//! use tally::stv::{Lot, Preferences, Race, scottish};
//!
//! let names = ["Castor", "Pollux", "Helen"].map(str::to_owned);
//! let mut profile = tally::Profile::new(names.to_vec())?;
//! profile.push(&[1, 2, 0], 4)?;
//! profile.push(&[0, 0, 1], 2)?;
//! let race = Race::new(&profile, 2);
//! let count = scottish(&race, None)?;
//! assert_eq!(count.elected, [0, 2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decimal;
mod meek;
mod papers;
mod record;
mod scottish;
mod tie;
mod words;

use serde::{Deserialize, Serialize};

use crate::{Candidate, Profile};

pub use decimal::Decimal;
pub use meek::{Meek, meek};
pub use record::{
    Act, Choice, Count, Elected, Ended, LotNeeded, Rule, Seat, Stage, Tie, TieBreak, TieStep,
    Transfer,
};
pub use scottish::scottish;
pub use tie::Lot;
pub use words::StageWords;

/// Some candidates, some ballots, and how many are to be elected.
#[derive(Debug, Clone, Copy)]
pub struct Race<'p> {
    /// The ballots.
    pub profile: &'p Profile,
    /// How many are to be elected; at least 1.
    pub seats: u32,
    /// Those who no longer stand; their names are passed over on every paper.
    pub withdrawn: &'p [Candidate],
    /// How ranks are read as preferences.
    pub preferences: Preferences,
}

impl<'p> Race<'p> {
    /// Nobody withdrew, and preferences are read [in order](Preferences::InOrder).
    pub fn new(profile: &'p Profile, seats: u32) -> Self {
        Self {
            profile,
            seats,
            withdrawn: &[],
            preferences: Preferences::InOrder,
        }
    }
}

/// How the ranks of a ballot are read as preferences, one candidate after another.
///
/// By either reading a paper says nothing more where two candidates have the same rank, and
/// without a single first preference it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preferences {
    /// Ranks must run 1, 2, 3; a paper says nothing more after a gap. So "non-transferable
    /// paper" in the Scottish Local Government Elections Order 2007, Schedule 1.
    Consecutive,
    /// Only the order of the ranks matters; gaps are closed.
    InOrder,
}

/// Why votes cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StvError {
    /// Nobody is to be elected.
    #[error("the number of seats is 0; an election fills at least one")]
    NoSeats,
    /// Somebody is named who does not stand.
    #[error("there is no candidate number {0}")]
    UnknownCandidate(Candidate),
    /// A parameter of Meek's rule is out of its range.
    #[error("the decimal places are {0}; Meek's rule is counted with 9 to 18")]
    Places(u8),
    /// A parameter of Meek's rule is out of its range.
    #[error(
        "omega has {omega} decimal places; it needs at least 1 and fewer than the {places} of the count"
    )]
    Omega {
        /// The places of omega.
        omega: u8,
        /// The places of the count.
        places: u8,
    },
    /// A number does not fit.
    #[error(
        "there are too many votes to be counted exactly with so many decimal places; count with fewer"
    )]
    Overflow,
    /// Meek's iteration took too long.
    #[error(
        "round {round} was not settled after {iterations} iterations; count with a larger omega"
    )]
    Unsettled {
        /// The round.
        round: u32,
        /// How many iterations were made.
        iterations: u32,
    },
}

//! Methods that compare candidates in pairs, and approval.
//!
//! Nothing about a method is left to be understood: how ballots are read, what makes a
//! victory strong and how places follow are parameters, and the rules have a version.

mod approval;
mod condorcet_irv;
mod copeland;
mod debian;
mod layers;
mod matrix;
mod minimax;
mod outcome;
mod ranked_pairs;
mod ratio;
mod schulze;
mod shares;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use approval::{Approval, Approves};
pub use condorcet_irv::{CondorcetIrv, IrvPlace, IrvRound, IrvVersion};
pub use copeland::Copeland;
pub use debian::{Debian, DebianVersion, Drop, DropReason, Elimination, Quorum};
pub use matrix::{Matrix, Strength, Unranked, Victory};
pub use minimax::Minimax;
pub use outcome::{Evidence, Outcome, WorstDefeat};
pub use ranked_pairs::{Lock, RankedPairs};
pub use ratio::{NotARatio, Ratio};
pub use schulze::{Paths, Ranking, Schulze};

use crate::{Candidate, Profile};

/// A method with all its parameters, as the definition of an election has it:
/// `{name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Method {
    /// Strongest paths.
    Schulze(Schulze),
    /// The Condorcet winner, and where there is none, who is left when those with the fewest
    /// top ranks are set aside.
    CondorcetIrv(CondorcetIrv),
    /// The strongest victories first, unless they close a circle.
    RankedPairs(RankedPairs),
    /// Most victories.
    Copeland(Copeland),
    /// The weakest worst defeat.
    Minimax(Minimax),
    /// Debian's constitution, A.5.
    Debian(Debian),
    /// Most approvals.
    Approval(Approval),
}

/// The version of rules that have had one version here. A change of the rules adds another,
/// and leaves elections held under this one as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Version {
    /// The first.
    V1,
}

/// Why a method cannot be applied to these ballots.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// The default option is none of the candidates.
    #[error("the default option \"{0}\" is not among the candidates; name it as the ballots do")]
    DefaultOption(String),
    /// A majority is asked of somebody who is none of the candidates.
    #[error("\"{0}\" needs a majority, and is not among the candidates")]
    Majority(String),
}

impl Method {
    /// The names that [`Method::preset`] knows.
    pub const PRESETS: [&str; 7] = [
        "elekto",
        "civs-schulze",
        "civs-irv",
        "civs-irv-2007",
        "belenios",
        "debian",
        "pep-13",
    ];

    /// What a voting system does when it is not told otherwise. Debian's has the default
    /// option "None Of The Above", simple majorities and no quorum: give it the election's.
    pub fn preset(name: &str) -> Option<Self> {
        let schulze = |pairs, strength, ranking| {
            Self::Schulze(Schulze {
                version: Version::V1,
                pairs,
                strength,
                ranking,
            })
        };
        let irv = |version| {
            Self::CondorcetIrv(CondorcetIrv {
                version,
                pairs: Unranked::Skip,
            })
        };
        Some(match name {
            "elekto" => schulze(Unranked::Skip, Strength::WinningVotes, Ranking::Beaters),
            "civs-schulze" => schulze(
                Unranked::Skip,
                Strength::WinningVotesLosing,
                Ranking::Layers,
            ),
            "belenios" => schulze(
                Unranked::Last,
                Strength::WinningVotesLosing,
                Ranking::Layers,
            ),
            "civs-irv" => irv(IrvVersion::Civs2024),
            "civs-irv-2007" => irv(IrvVersion::Civs2007),
            "debian" => Self::Debian(Debian::simple("None Of The Above")),
            "pep-13" => Self::Approval(Approval {
                version: Version::V1,
                approves: Approves::Ranked,
            }),
            _ => return None,
        })
    }

    /// Counts the ballots.
    pub fn tally(&self, profile: &Profile) -> Result<Outcome, MethodError> {
        let matrix = Matrix::count(profile, self.pairs());
        self.tally_counted(profile, matrix)
    }

    /// The same with a matrix that was counted for the pairs of this method.
    pub(crate) fn tally_counted(
        &self,
        profile: &Profile,
        matrix: Matrix,
    ) -> Result<Outcome, MethodError> {
        let (layers, evidence) = match self {
            Self::Schulze(method) => method.rank(&matrix),
            Self::CondorcetIrv(method) => method.rank(profile, &matrix),
            Self::RankedPairs(method) => method.rank(&matrix),
            Self::Copeland(_) => copeland::rank(&matrix),
            Self::Minimax(method) => method.rank(&matrix),
            Self::Debian(method) => method.elect(profile, &matrix)?,
            Self::Approval(method) => method.rank(profile),
        };
        Ok(Outcome {
            method: self.clone(),
            candidates: profile.candidates().to_vec(),
            turnout: profile.turnout(),
            blank: profile.blank(),
            condorcet_winner: matrix.condorcet_winner(),
            layers,
            matrix,
            evidence,
        })
    }

    /// The name without parameters, as people write it.
    pub fn family(&self) -> &'static str {
        match self {
            Self::Schulze(_) => "Schulze",
            Self::CondorcetIrv(_) => "Condorcet-IRV",
            Self::RankedPairs(_) => "ranked pairs",
            Self::Copeland(_) => "Copeland",
            Self::Minimax(_) => "minimax",
            Self::Debian(_) => "Debian A.5",
            Self::Approval(_) => "approval",
        }
    }

    /// How the method reads candidates that a ballot does not rank. For approval it is how
    /// the matrix beside it is counted, which decides nothing.
    pub fn pairs(&self) -> Unranked {
        match self {
            Self::Schulze(method) => method.pairs,
            Self::CondorcetIrv(method) => method.pairs,
            Self::RankedPairs(method) => method.pairs,
            Self::Copeland(method) => method.pairs,
            Self::Minimax(method) => method.pairs,
            Self::Debian(_) | Self::Approval(_) => Unranked::Last,
        }
    }
}

impl fmt::Display for Method {
    /// The method and its parameters, as in `Schulze (v1, pairs: skip, …)`.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} (", self.family())?;
        match self {
            Self::Schulze(of) => write!(
                to,
                "v1, pairs: {}, strength: {}, ranking: {}",
                of.pairs, of.strength, of.ranking
            ),
            Self::CondorcetIrv(of) => write!(to, "{}, pairs: {}", of.version, of.pairs),
            Self::RankedPairs(RankedPairs {
                pairs, strength, ..
            })
            | Self::Minimax(Minimax {
                pairs, strength, ..
            }) => write!(to, "v1, pairs: {pairs}, strength: {strength}"),
            Self::Copeland(of) => write!(to, "v1, pairs: {}", of.pairs),
            Self::Debian(of) => write!(to, "{}", of.version),
            Self::Approval(of) => write!(to, "v1, approves: {}", of.approves),
        }?;
        to.write_str(")")
    }
}

/// `Display` of parameters, in the words in which they are written.
macro_rules! words {
    ($($type:ty { $($variant:ident => $word:literal),+ $(,)? })+) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str(match self { $(Self::$variant => $word),+ })
            }
        }
    )+};
}

words! {
    Unranked { Skip => "skip", Last => "last" }
    Strength {
        WinningVotes => "winning-votes",
        WinningVotesLosing => "winning-votes-losing",
        Margins => "margins",
    }
    Ranking { Layers => "layers", Beaters => "beaters" }
    IrvVersion { Civs2007 => "civs-2007", Civs2024 => "civs-2024" }
    DebianVersion { Debian2015 => "debian-2015" }
    Approves { Ranked => "ranked", First => "first" }
}

/// Candidates in places, the best first; who share a place are tied.
pub type Layers = Vec<Vec<Candidate>>;

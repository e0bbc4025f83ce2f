//! What happened at each stage of a count.

use serde::Serialize;

use super::Decimal;
use crate::Candidate;

/// The rule of a count, with all its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum Rule {
    /// See [`super::scottish`].
    Scottish,
    /// See [`super::meek`].
    Meek(super::Meek),
}

/// A count from the first stage to the last, or to the stage that needs a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// By which rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// The candidates, by whose places all else speaks of them.
    pub candidates: Vec<String>,
    /// How many are to be elected.
    pub seats: u32,
    /// How many voters' papers count.
    pub valid: u64,
    /// How many voters' papers have no first preference that counts.
    pub blank: u64,
    /// What happened, in order.
    pub stages: Vec<Stage>,
    /// Who is elected, in the order of election; fewer than `seats` if there were too few
    /// candidates, or a lot is needed.
    pub elected: Vec<Candidate>,
    /// Why the count stopped half way.
    pub lot_needed: Option<LotNeeded>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Counted from 1.
    pub number: u32,
    /// What was done.
    pub act: Act,
    /// What was needed for election at its end.
    pub quota: Decimal,
    /// The votes of each candidate at its end.
    pub votes: Vec<Decimal>,
    /// The votes that no continuing candidate could be given, up to its end.
    pub non_transferable: Decimal,
    /// What was lost where a transfer value was cut to its decimal places, up to its end.
    pub lost: Decimal,
    /// How it was settled whose papers were transferred, if several had equally many votes.
    pub tie: Option<Tie>,
    /// Who was elected at its end, the most votes first.
    pub elected: Vec<Elected>,
    /// Who was excluded.
    pub excluded: Option<Candidate>,
}

/// What was done at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// The first preferences were counted.
    FirstPreferences,
    /// The surplus of an elected candidate was passed on.
    Surplus {
        /// The candidate.
        of: Candidate,
        /// What they had.
        had: Decimal,
        /// How much above the quota that was.
        surplus: Decimal,
        /// To whom, and at what value.
        transfers: Vec<Transfer>,
    },
    /// A candidate was excluded, and all their papers were passed on.
    Exclusion {
        /// The candidate.
        of: Candidate,
        /// What they had.
        had: Decimal,
        /// To whom, and at what value.
        transfers: Vec<Transfer>,
    },
    /// Votes were shared out by keep factors, again and again, until somebody was elected
    /// or little surplus was left.
    Round {
        /// How many times.
        iterations: u32,
        /// What the elected had above the quota at the end, all together.
        surplus: Decimal,
        /// What share of a vote each candidate kept, by the last sharing out.
        keep: Vec<Decimal>,
        /// Why it ended.
        ended: Ended,
    },
}

/// Why a round of Meek's rule ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Somebody reached the quota.
    Elected,
    /// The surplus fell below omega.
    Omega,
    /// The surplus fell no further.
    Stable,
}

/// Papers of one value that went to one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// To whom; nobody if the papers name no continuing candidate.
    pub to: Option<Candidate>,
    /// How many papers.
    pub papers: u64,
    /// What each was worth when it arrived.
    pub value: Decimal,
    /// What they were worth together.
    pub votes: Decimal,
}

/// Somebody elected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Elected {
    /// Who.
    pub candidate: Candidate,
    /// By what.
    pub by: Seat,
}

/// By what somebody is elected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seat {
    /// They reached the quota.
    Quota,
    /// There were no more candidates than vacancies.
    LastVacancy,
}

/// For what one of several candidates with equally many votes was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// To have their surplus transferred first: the one who had more.
    Surplus,
    /// To be excluded: the one who had fewer.
    Exclusion,
}

/// Several candidates with equally many votes, and how one was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// For what.
    pub choice: Choice,
    /// Who.
    pub tied: Vec<Candidate>,
    /// How the choice was narrowed, until one was left.
    pub steps: Vec<TieStep>,
    /// The one.
    pub chosen: Candidate,
}

/// One narrowing of a tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TieStep {
    /// By what.
    pub by: TieBreak,
    /// Who was left.
    pub left: Vec<Candidate>,
}

/// What broke a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieBreak {
    /// The votes at the end of this stage, the most recent at which they differed.
    Stage(u32),
    /// The lot.
    Lot,
}

/// A tie that only a lot can break, and the lot was not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LotNeeded {
    /// The stage that cannot begin, or, by Meek's rule, end.
    pub stage: u32,
    /// For what one of them must be chosen.
    pub choice: Choice,
    /// The candidates between whom to draw.
    pub tied: Vec<Candidate>,
}

//! What is asked, of whom and until when.

use base::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tally::{RANK_MAX, Rank};

use crate::{BoxError, Reason, Refusal};

/// The most candidates of one poll.
pub const CANDIDATES_MAX: usize = 1000;

/// A poll, as the officers opened it. It does not change while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// Its name, such as `steering/2026`.
    pub id: String,
    /// The digest of the election's definition, of which this is a part.
    pub digest: Digest,
    /// The first instant at which a ballot is taken.
    pub opens_at: Timestamp,
    /// The first instant at which none is taken any more.
    pub closes_at: Timestamp,
    /// The ids of the candidates, in the order of the ranks of each ballot.
    pub candidates: Vec<String>,
    /// Whether a ballot may leave candidates out.
    pub no_opinion_allowed: bool,
    /// Whether a voter may replace or withdraw their ballot until the close.
    pub revote: bool,
    /// Who can learn how somebody voted.
    pub privacy: Privacy,
    /// What is published of the ballots when the poll is closed.
    pub publication: Publication,
}

/// Who can learn how somebody voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privacy {
    /// Everybody: a roll call.
    Open,
    /// Nobody who has the stored files, their log or a copy of them. Whoever runs the machine
    /// and watches while somebody votes can see it.
    Sealed,
    /// Nobody, the registrar and the keeper of the board together included; and anybody can
    /// check the count.
    Blind,
}

/// What is published of the ballots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Publication {
    /// Every ballot. In real elections most ballots are unlike any other, so that a voter can
    /// prove to somebody who buys or forces votes which one is theirs.
    Full,
    /// How many voters prefer each candidate to each other one.
    Pairwise,
    /// How many voted.
    None,
}

/// The one spelling of a voter's id, whether `person/ada`, the number of an account or its
/// name: no two voters differ in case alone.
pub fn canonical_voter(id: &str) -> String {
    id.trim().to_lowercase()
}

impl Poll {
    /// What this very poll is, as one digest: a ballot signed for another one is none here.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(crate::canonical_text(self).as_bytes())
    }

    /// Whether this can be a poll.
    ///
    /// # Errors
    /// [`BoxError::Poll`], with what is wrong.
    pub fn check(&self) -> Result<(), BoxError> {
        let wrong = |what: String| Err(BoxError::Poll { what });
        if self.opens_at >= self.closes_at {
            return wrong(format!(
                "it closes at {}, which is not after {}, when it opens",
                self.closes_at, self.opens_at
            ));
        }
        if self.candidates.is_empty() || self.candidates.len() > CANDIDATES_MAX {
            let found = self.candidates.len();
            return wrong(format!(
                "it has {found} candidates: give 1 to {CANDIDATES_MAX}"
            ));
        }
        let mut sorted: Vec<&String> = self.candidates.iter().collect();
        sorted.sort_unstable();
        if let Some(at) = sorted.windows(2).position(|pair| pair[0] == pair[1]) {
            return wrong(format!("the candidate \"{}\" stands twice", sorted[at]));
        }
        if sorted[0].is_empty() {
            return wrong("a candidate has no id".to_owned());
        }
        // The roll and the board show every ballot anyway: to promise less would be a lie.
        if self.privacy != Privacy::Sealed && self.publication != Publication::Full {
            return wrong(
                "only a sealed poll can keep its ballots unpublished: write `publish: full`, or `privacy: sealed`"
                    .to_owned(),
            );
        }
        Ok(())
    }

    /// The ranks of a ballot, one a candidate, 0 for no opinion, from what the voter wrote:
    /// candidates with their ranks, 1 the best. Whoever is left out has no opinion on them.
    pub fn ranks<C: AsRef<str>>(&self, choices: &[(C, i64)]) -> Result<Vec<Rank>, Refusal> {
        let mut ranks = vec![0; self.candidates.len()];
        for (candidate, rank) in choices {
            let candidate = candidate.as_ref();
            let Some(at) = self.candidates.iter().position(|known| known == candidate) else {
                let shown: String = candidate.chars().take(80).collect();
                let what = format!(
                    "nobody stands as \"{}\": the candidates are {}",
                    base::visible(&shown),
                    self.candidates.join(", ")
                );
                return Err(Refusal::new(Reason::UnknownCandidate, what));
            };
            if ranks[at] != 0 {
                let what = format!("the candidate {candidate} stands twice on the ballot");
                return Err(Refusal::new(Reason::Twice, what));
            }
            ranks[at] = Rank::try_from(*rank)
                .ok()
                .filter(|rank| (1..=RANK_MAX).contains(rank))
                .ok_or_else(|| {
                    let what = format!(
                        "{rank} is no rank for {candidate}: ranks go from 1, the best, to {RANK_MAX}"
                    );
                    Refusal::new(Reason::Rank, what)
                })?;
        }
        self.check_ranks(&ranks)?;
        Ok(ranks)
    }

    /// Whether these are the ranks of a ballot.
    pub fn check_ranks(&self, ranks: &[Rank]) -> Result<(), Refusal> {
        let wanted = self.candidates.len();
        if ranks.len() != wanted {
            let what = format!(
                "the ballot has {} ranks for {wanted} candidates",
                ranks.len()
            );
            return Err(Refusal::new(Reason::Short, what));
        }
        if let Some(rank) = ranks.iter().find(|rank| **rank > RANK_MAX) {
            let what = format!("{rank} is no rank: ranks go from 1, the best, to {RANK_MAX}");
            return Err(Refusal::new(Reason::Rank, what));
        }
        if self.no_opinion_allowed {
            return Ok(());
        }
        match ranks.iter().position(|rank| *rank == 0) {
            None => Ok(()),
            Some(at) => {
                let what = format!(
                    "the ballot gives {} no rank, and this poll wants one for every candidate; equal ranks are allowed",
                    self.candidates[at]
                );
                Err(Refusal::new(Reason::Short, what))
            }
        }
    }

    /// Whether a ballot is taken at this time.
    pub(crate) fn check_window(&self, now: Timestamp) -> Result<(), Refusal> {
        if now < self.opens_at {
            let what = format!("the poll opens at {}; it is {now}", self.opens_at);
            return Err(Refusal::new(Reason::Early, what));
        }
        self.check_before_close(now)
    }

    pub(crate) fn check_before_close(&self, now: Timestamp) -> Result<(), Refusal> {
        if now < self.closes_at {
            return Ok(());
        }
        let what = format!("the poll closed at {}; it is {now}", self.closes_at);
        Err(Refusal::new(Reason::Late, what))
    }
}

//! What stops an act: an answer for whoever asks, or something that failed here.

use ballot_box::{BoxError, Reason};
use ledger::LedgerError;
use portal::Refusal;

use crate::court::Inadmissible;
use crate::keys::NoIdentity;

/// What stops an act.
pub(super) enum Halt {
    /// Whoever asks can read why.
    Refused(Refusal),
    /// Something failed.
    Failed(anyhow::Error),
}

/// What an act comes to.
pub(super) type Answer<T> = Result<T, Halt>;

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<anyhow::Error> for Halt {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<BoxError> for Halt {
    fn from(error: BoxError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error.into())
    }
}

impl Halt {
    /// What whoever asked is told.
    pub(super) fn told(self) -> Refusal {
        let error = match self {
            Self::Refused(refusal) => return refusal,
            Self::Failed(error) => error,
        };
        let said = base::visible(&format!("{error:#}"));
        let mut causes = error.chain();
        if let Some(inadmissible) = causes.find_map(|cause| cause.downcast_ref::<Inadmissible>()) {
            return match inadmissible {
                Inadmissible::NotAPlan(_) => Refusal::Wrong(said),
                Inadmissible::RiskLowered(_) | Inadmissible::Stale(_) => Refusal::Conflict(said),
            };
        }
        if error.downcast_ref::<NoIdentity>().is_some() {
            return Refusal::Forbidden(said);
        }
        let mut causes = error.chain();
        if let Some(refused) = causes.find_map(|cause| cause.downcast_ref::<BoxError>()) {
            return of_box(refused);
        }
        Refusal::Later(format!("It cannot be done now: {said}."))
    }
}

/// What a ballot box does not take. Where it lies is of no matter to voters.
fn of_box(error: &BoxError) -> Refusal {
    let BoxError::Refused(refusal) = error else {
        let said = "The ballot box cannot be used now. If you were voting, do it again: that does no harm.";
        return Refusal::Later(said.to_owned());
    };
    let said = base::visible(&refusal.to_string());
    match refusal.reason {
        Reason::Early | Reason::Late | Reason::Duplicate | Reason::NoBallot => {
            Refusal::Conflict(said)
        }
        Reason::NotEligible => Refusal::Forbidden(said),
        _ => Refusal::Wrong(said),
    }
}

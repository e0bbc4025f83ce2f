//! What goes wrong with a store.

use std::error::Error;

/// Why a store does not do what it is asked for. Each names the place that it is about.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The place of a store is written wrongly, or what it needs from the environment is.
    #[error("{place} cannot hold a store: {why}")]
    NotAPlace {
        /// The place.
        place: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// The disk or the network failed, or refuses.
    #[error("{place} cannot be {verb}")]
    Failed {
        /// The place.
        place: String,
        /// What could not be done to it: "read", "written".
        verb: &'static str,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// What should be there is not.
    #[error("{place} is not there; was it deleted, or is it of a version that was pruned?")]
    Missing {
        /// The place.
        place: String,
    },
    /// What is there is not what was written.
    #[error("{place} is damaged: {why}")]
    Damaged {
        /// The place.
        place: String,
        /// How that is seen.
        why: String,
    },
    /// Somebody else made the next version first. What is kept is theirs; try again on it.
    #[error("{place} was written by somebody else at the same time; run it again")]
    Conflict {
        /// The version that is theirs.
        place: String,
    },
}

impl StoreError {
    /// Something failed at a place.
    pub fn failed(
        place: impl Into<String>,
        verb: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Failed {
            place: place.into(),
            verb,
            source: source.into(),
        }
    }
}

//! How much a change may cost the community, and why.
//!
//! A domain says what its change does, as an [`Effect`]; the dependency graph
//! says what hangs on it, as a [`Reach`]; [`assess`] makes a [`Risk`] of the
//! two. A change is judged by what it does, never by its size or its path, and
//! what is not known counts as the worst.

mod accumulate;
mod assess;
mod effect;
mod explain;
mod reach;
mod settings;

pub use accumulate::accumulate;
pub use assess::{Assessment, Assessor, Cause, Reason, assess};
pub use effect::Effect;
pub use reach::{Behind, Extent, Reach, Sample};
pub use settings::{AccumulationPolicy, RiskPolicy, RiskSettings};

use serde::de::{Deserialize, Deserializer, Error};
use yaml::choice;

choice! {
    /// Whether a change breaks something.
    pub enum Breaks {
        /// It does not.
        No = "no",
        /// It narrows what others may rely on.
        May = "may",
        /// Something is known to rely on what goes.
        Likely = "likely",
    }
}

choice! {
    /// Whether a change can be undone.
    pub enum Rollback {
        /// Applying the old state brings it all back at once.
        Easy = "easy",
        /// It takes time, or brings not all back: answers stay in caches, keys have been replaced.
        Hard = "hard",
        /// What is gone is gone: data, history, a name that others may take.
        Impossible = "impossible",
    }
}

choice! {
    /// How much a change may cost the community.
    pub enum Risk {
        /// Nobody else notices, and it is undone in a moment.
        Low = "low",
        /// Others may notice, or it takes time to undo.
        Medium = "medium",
        /// It breaks something, cannot be undone, or changes who decides.
        High = "high",
    }
}

/// Reads words as they stand in plan files.
macro_rules! words {
    ($($Choice:ty),+ $(,)?) => { $(
        impl<'de> Deserialize<'de> for $Choice {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                let known = Self::ALL.iter().copied().find(|known| known.word() == word);
                known.ok_or_else(|| {
                    let words: Vec<&str> = Self::ALL.iter().map(|known| known.word()).collect();
                    D::Error::custom(format!("`{word}` is not one of: {}", words.join(", ")))
                })
            }
        }
    )+ };
}

words!(Breaks, Rollback, Risk, Extent, Cause);

//! Why a collector has nothing to show.

/// Why a collector has nothing to show. Nothing is known of its system then: what was there the
/// last time is neither confirmed nor gone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Failed {
    /// Of which sort it is.
    pub why: Why,
    /// What happened, as a sentence without its end.
    pub what: String,
}

/// Why a collector failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The estate, or the environment, does not say how to ask.
    Setup,
    /// It may not look, or not at all of it.
    Refused,
    /// There was no answer, or none in time.
    Unanswered,
    /// What was answered is cut short, or contradicts itself.
    Untrusted,
    /// There is more than a file of an audit may hold.
    TooLarge,
}

impl Why {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::Untrusted => "untrusted",
            Self::TooLarge => "too-large",
        }
    }

    /// What to do.
    pub fn help(self) -> &'static str {
        match self {
            Self::Setup => "see what the account's `audit` says, and whether its variable is set",
            Self::Refused => {
                "see whether the key is the right one, and whether it may look at all of this"
            }
            Self::Unanswered => "see whether the service can be reached from here, and try again",
            Self::Untrusted => "nothing is concluded from such an answer; try again",
            Self::TooLarge => {
                "audit less of the account with `services`, or raise --largest if the repository can bear it"
            }
        }
    }
}

impl Failed {
    /// For this reason.
    pub fn new(why: Why, what: impl Into<String>) -> Self {
        Self {
            why,
            what: what.into(),
        }
    }

    pub(crate) fn untrusted(what: impl Into<String>) -> Self {
        Self::new(Why::Untrusted, what)
    }
}

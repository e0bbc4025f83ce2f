//! Where an election stands at an instant.

use jiff::Timestamp;
use serde::Serialize;

use super::Definition;

/// Where an election stands. A function of the time and of whether its result has been
/// certified, never of a field that somebody edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Nothing has begun.
    Upcoming,
    /// People may be nominated.
    Nominations,
    /// Nominations are over and the vote has not begun: statements are read, the roll is checked.
    Campaign,
    /// Ballots are taken, those in the time of grace included.
    Voting,
    /// No ballot is taken any more, and the result is not certified.
    Closed,
    /// The result is certified.
    Certified,
}

/// How an instant stands to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// Before it opens.
    Early,
    /// Within.
    Open,
    /// At its end or later.
    Late,
}

/// A time in which something is taken: from its first instant to just before its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first instant that is in it.
    pub open: Timestamp,
    /// The first instant that is not any more.
    pub close: Timestamp,
}

impl Window {
    /// How an instant stands to it.
    pub fn timing(&self, at: Timestamp) -> Timing {
        if at < self.open {
            Timing::Early
        } else if at < self.close {
            Timing::Open
        } else {
            Timing::Late
        }
    }
}

impl Definition {
    /// When ballots are taken: from the opening to the close and its grace.
    pub fn voting(&self) -> Window {
        let close = self.close.value.at();
        let grace = self.grace.length();
        Window {
            open: self.open.value.at(),
            close: close.checked_add(grace).unwrap_or(close),
        }
    }

    /// When nominations are taken, if at all.
    pub fn nominating(&self) -> Option<Window> {
        let nominations = self.nominations.as_ref()?;
        Some(Window {
            open: nominations.open.value.at(),
            close: nominations.close.value.at(),
        })
    }

    /// When requests for an exception are taken: from the first nomination on, or at any time
    /// where there are none; until their deadline, or the opening of the vote if none is said.
    pub fn requesting(&self) -> Window {
        let close = self.exceptions_close.as_ref().unwrap_or(&self.open);
        let nominating = self.nominating();
        Window {
            open: nominating.map_or(Timestamp::MIN, |window| window.open),
            close: close.value.at(),
        }
    }

    /// Where the election stands at an instant, given when its result was certified.
    pub fn phase(&self, at: Timestamp, certified: Option<Timestamp>) -> Phase {
        match self.voting().timing(at) {
            Timing::Open => return Phase::Voting,
            Timing::Late if certified.is_some_and(|certified| certified <= at) => {
                return Phase::Certified;
            }
            Timing::Late => return Phase::Closed,
            Timing::Early => {}
        }
        match self.nominating().map(|window| window.timing(at)) {
            None | Some(Timing::Early) => Phase::Upcoming,
            Some(Timing::Open) => Phase::Nominations,
            Some(Timing::Late) => Phase::Campaign,
        }
    }
}

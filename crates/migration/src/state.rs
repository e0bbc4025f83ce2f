//! What state a thing is in.

use std::fmt;
use std::str::FromStr;

use base::Span;
use jiff::civil::Date;
use serde::Serialize;

/// How far one thing has come, with what only that state has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Something is missing before it can be moved.
    Todo(Vec<Lack>),
    /// Something holds it back: places in [`Standing::locks`](crate::Standing::locks), the hard ones.
    Blocked(Vec<usize>),
    /// Nothing holds it, somebody owns it, and it can be moved.
    Ready,
    /// It is being moved.
    InFlight,
    /// The goal holds for it.
    Moved,
    /// It was listed when the migration began, and is no more.
    Retired,
    /// It stays where it is, for now.
    Excepted(Excepted),
}

/// What is missing before a thing can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// Nobody owns it.
    Owner,
    /// What must hold before it can be moved does not; the evidence says what.
    Ready,
}

/// Why a thing stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excepted {
    /// Why.
    pub reason: String,
    /// Where that was decided.
    pub decision: String,
    /// The last day on which it holds; without end if there is none.
    pub until: Option<Date>,
    /// Where the exception is written.
    pub span: Span,
}

/// The states without what only one of them has, in the order in which they are shown: what needs
/// somebody first, what is done with last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing holds it, somebody owns it, and it can be moved.
    Ready,
    /// Something is missing before it can be moved.
    Todo,
    /// Something holds it back.
    Blocked,
    /// It is being moved.
    InFlight,
    /// It stays where it is, for now.
    Excepted,
    /// The goal holds for it.
    Moved,
    /// It is no more.
    Retired,
}

impl State {
    /// The state without what only it has.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Todo(_) => Stage::Todo,
            Self::Blocked(_) => Stage::Blocked,
            Self::Ready => Stage::Ready,
            Self::InFlight => Stage::InFlight,
            Self::Moved => Stage::Moved,
            Self::Retired => Stage::Retired,
            Self::Excepted(_) => Stage::Excepted,
        }
    }

    /// Whether it is still where it should not be. What is excepted is.
    pub fn is_left(&self) -> bool {
        self.stage().is_left()
    }
}

impl Stage {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Ready,
        Self::Todo,
        Self::Blocked,
        Self::InFlight,
        Self::Excepted,
        Self::Moved,
        Self::Retired,
    ];

    /// As it is written and asked for.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Todo => "todo",
            Self::Blocked => "blocked",
            Self::InFlight => "in-flight",
            Self::Excepted => "excepted",
            Self::Moved => "moved",
            Self::Retired => "retired",
        }
    }

    /// As it is said in a sentence.
    pub fn said(self) -> &'static str {
        match self {
            Self::InFlight => "in flight",
            other => other.word(),
        }
    }

    /// Whether what is in it is still where it should not be. What is excepted is.
    pub fn is_left(self) -> bool {
        !matches!(self, Self::Moved | Self::Retired)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A word is no state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAStage(String);

impl fmt::Display for NotAStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = base::visible(&self.0);
        if let Some(near) = base::nearest(&self.0, Stage::ALL.iter().map(|stage| stage.word())) {
            return write!(f, "`{word}` is no state; did you mean `{near}`?");
        }
        let all = Stage::ALL.map(Stage::word).join(", ");
        write!(f, "`{word}` is no state; there are {all}")
    }
}

impl std::error::Error for NotAStage {}

impl FromStr for Stage {
    type Err = NotAStage;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let plain = word.to_lowercase().replace([' ', '_'], "-");
        let found = Self::ALL.into_iter().find(|stage| stage.word() == plain);
        found.ok_or_else(|| NotAStage(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_is_written_and_said() {
        for stage in Stage::ALL {
            assert_eq!(stage.word().parse(), Ok(stage));
            assert_eq!(stage.said().parse(), Ok(stage));
        }
        let error = "moves".parse::<Stage>().expect_err("no state");
        assert_eq!(
            error.to_string(),
            "`moves` is no state; did you mean `moved`?"
        );
    }
}

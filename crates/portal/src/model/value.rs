//! What stands in a cell.

use base::{Currency, Decimal};
use jiff::Timestamp;
use jiff::civil::Date;

use super::Audience;

/// How good something is. It is said by a sign and a word, never by a colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mood {
    /// As it should be.
    Good,
    /// Neither.
    Plain,
    /// On its way; somebody is waited for.
    Waiting,
    /// To be looked at.
    Warn,
    /// Wrong.
    Bad,
    /// Over, or of no matter.
    Quiet,
}

impl Mood {
    /// The word that data have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Plain => "plain",
            Self::Waiting => "waiting",
            Self::Warn => "warning",
            Self::Bad => "bad",
            Self::Quiet => "quiet",
        }
    }
}

/// Words that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub text: String,
    /// A path of the portal that starts with `/`, or a URL elsewhere.
    pub to: Option<String>,
}

impl Link {
    /// Words that lead somewhere.
    pub fn new(text: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            to: Some(to.into()),
        }
    }

    /// Words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            to: None,
        }
    }
}

/// Where something is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file, from the estate's root.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    None,
    /// Words.
    Text(String),
    /// How many.
    Number(i64),
    /// A number with its fraction.
    Decimal(Decimal),
    /// Money.
    Money(Decimal, Currency),
    /// A share of one.
    Share(Decimal),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// Yes or no.
    Truth(bool),
    /// A word with how good that is.
    State(Mood, String),
    /// Several, in their order.
    Links(Vec<Link>),
    /// Something to be read as it is, in a monospaced font: a digest, a path, a command.
    Code(String),
    /// Something that is not for the reader, or nothing: that is not for them either.
    Private,
}

/// A value with where it leads and for whom it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// Where it leads, as [`Link::to`].
    pub to: Option<String>,
    /// For whom it is.
    pub audience: Audience,
}

impl Cell {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// A value.
    pub fn new(value: Value) -> Self {
        Self {
            value,
            ..Self::default()
        }
    }

    /// Words; nothing for none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return Self::none();
        }
        Self::new(Value::Text(text))
    }

    /// Words that lead somewhere.
    pub fn link(text: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            to: Some(to.into()),
            ..Self::text(text)
        }
    }

    /// Several words that may lead somewhere; nothing for none of them.
    pub fn links(links: Vec<Link>) -> Self {
        if links.is_empty() {
            return Self::none();
        }
        Self::new(Value::Links(links))
    }

    /// How many there are.
    pub fn count(count: usize) -> Self {
        Self::new(Value::Number(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// A word with how good that is.
    pub fn state(mood: Mood, word: impl Into<String>) -> Self {
        Self::new(Value::State(mood, word.into()))
    }

    /// A day, if there is one.
    pub fn day(day: Option<Date>) -> Self {
        day.map_or(Self::none(), |day| Self::new(Value::Day(day)))
    }

    /// An instant, if there is one.
    pub fn instant(at: Option<Timestamp>) -> Self {
        at.map_or(Self::none(), |at| Self::new(Value::Instant(at)))
    }

    /// The same, for some only.
    pub fn only(self, audience: Audience) -> Self {
        Self { audience, ..self }
    }
}

//! How many terms somebody may serve.

use charter::Count;
use jiff::civil::Date;
use serde::Serialize;
use yaml::record;

use super::TermLength;

record! {
    /// How many terms somebody may serve. A term ends before the day that it runs to: one that
    /// runs to a day and one that starts on it do not overlap.
    #[derive(Default, PartialEq, Eq)]
    pub struct Limits {
        /// How many terms one after the other; any number if not said.
        pub consecutive: Option<Count>,
        /// How many terms in a life; any number if not said.
        pub lifetime: Option<Count>,
        /// Terms of exactly this length or shorter count for nothing; all terms count if not said.
        pub exempt_below: Option<TermLength>,
        /// How long somebody has to be away before the count of consecutive terms starts again; a day if not said.
        pub pause: Option<TermLength>,
    }
}

record! {
    /// A term that somebody has served or is serving.
    #[derive(Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub struct PastTerm {
        /// The first day.
        pub from: Date,
        /// The first day after it, as it was given.
        pub to: Date,
        /// The first day that somebody who left early was not there. Such a term counts by the length it was given for: leaving early would be a way around every limit.
        pub left: Option<Date>,
    }
}

impl PastTerm {
    /// A term that is served to its end.
    pub fn new(from: Date, to: Date) -> Self {
        let left = None;
        Self { from, to, left }
    }

    /// The first day that the person was not there.
    pub fn end(self) -> Date {
        self.left.map_or(self.to, |left| left.min(self.to))
    }
}

/// Whether somebody may serve one more term, with the counts that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermCheck {
    /// What follows.
    pub verdict: TermVerdict,
    /// How many terms that count would end up one after the other, the new one among them.
    pub consecutive: u32,
    /// How many terms that count there would be in all, the new one among them.
    pub lifetime: u32,
    /// How many of the past terms were too short to count.
    pub exempt: u32,
    /// Why, in a sentence.
    pub why: String,
}

/// What the limits say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermVerdict {
    /// One more term is within the limits.
    May,
    /// It would be one too many in a row.
    TooManyInARow,
    /// It would be one too many in all.
    TooManyInAll,
}

/// Terms that cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// It ends, or was left, before it has begun.
    #[error("a term from {} to {} has no day; its end has to be later than its start", .0.from, .0.to)]
    Empty(PastTerm),
    /// Two of them share days.
    #[error("the terms from {} and from {} overlap; one person holds one seat at a time", .0.from, .1.from)]
    Overlap(PastTerm, PastTerm),
    /// A term goes on after the new one starts.
    #[error("the term from {} ends on {}, after the new one starts on {start}", .term.from, .term.end())]
    Running {
        /// The term that goes on.
        term: PastTerm,
        /// The first day of the new one.
        start: Date,
    },
    /// The new term ends after the year 9999.
    #[error("a term of {length} from {start} ends after the year 9999")]
    NoEnd {
        /// The first day of the new one.
        start: Date,
        /// Its length.
        length: TermLength,
    },
}

/// Whether somebody who has served these terms, in any order, may serve another.
///
/// A short term between two others counts for nothing and does not interrupt them: who was
/// there all the time has not been away.
///
/// # Errors
/// The terms contradict each other or the new one.
pub fn may_serve(
    limits: &Limits,
    past: &[PastTerm],
    start: Date,
    length: TermLength,
) -> Result<TermCheck, TermError> {
    let past = in_order(past, start)?;
    let to = length
        .after(start)
        .ok_or(TermError::NoEnd { start, length })?;
    let added = u32::from(limits.counts(PastTerm::new(start, to)));
    let counted = past.iter().filter(|term| limits.counts(**term)).count();
    let exempt = past.len() - counted;
    let mut in_a_row = 0;
    let mut next = start;
    for term in past.iter().rev() {
        if limits.interrupted(term.end(), next) {
            break;
        }
        in_a_row += u32::from(limits.counts(*term));
        next = term.from;
    }
    let consecutive = in_a_row + added;
    let lifetime = number(counted) + added;
    let (verdict, why) = limits.judge(consecutive, lifetime, added == 0);
    Ok(TermCheck {
        verdict,
        consecutive,
        lifetime,
        exempt: number(exempt),
        why,
    })
}

impl Limits {
    /// Whether a term is long enough to count.
    fn counts(&self, term: PastTerm) -> bool {
        match self.exempt_below {
            // What would end after the last year there is, is longer than any term.
            Some(short) => short.after(term.from).is_some_and(|end| term.to > end),
            None => true,
        }
    }

    /// Whether somebody who left on a day and came back on another was away long enough.
    fn interrupted(&self, left: Date, back: Date) -> bool {
        match self.pause {
            Some(pause) => pause.after(left).is_some_and(|end| back >= end),
            None => back > left,
        }
    }

    fn judge(&self, consecutive: u32, lifetime: u32, exempt: bool) -> (TermVerdict, String) {
        let over = |limit: Option<Count>, count| limit.filter(|limit| count > limit.get());
        if exempt {
            let why = "The new term is short enough to count for nothing.".to_owned();
            return (TermVerdict::May, why);
        }
        if let Some(limit) = over(self.lifetime, lifetime) {
            let why = format!(
                "It would be term {lifetime} in all, and {} are allowed.",
                limit.get()
            );
            return (TermVerdict::TooManyInAll, why);
        }
        if let Some(limit) = over(self.consecutive, consecutive) {
            let why = format!(
                "It would be term {consecutive} in a row, and {} are allowed.",
                limit.get()
            );
            return (TermVerdict::TooManyInARow, why);
        }
        let of = |limit: Option<Count>| match limit {
            Some(limit) => format!(" of {}", limit.get()),
            None => String::new(),
        };
        let why = format!(
            "It would be term {consecutive}{} in a row and {lifetime}{} in all.",
            of(self.consecutive),
            of(self.lifetime)
        );
        (TermVerdict::May, why)
    }
}

/// The terms by their start, if they make sense.
fn in_order(past: &[PastTerm], start: Date) -> Result<Vec<PastTerm>, TermError> {
    let mut past = past.to_vec();
    past.sort_unstable();
    for term in &past {
        if term.end() <= term.from {
            return Err(TermError::Empty(*term));
        }
    }
    for pair in past.windows(2) {
        if pair[0].end() > pair[1].from {
            return Err(TermError::Overlap(pair[0], pair[1]));
        }
    }
    match past.last() {
        Some(term) if term.end() > start => Err(TermError::Running { term: *term, start }),
        _ => Ok(past),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

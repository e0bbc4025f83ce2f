//! Which days a calendar of holidays leaves out.

use jiff::civil::Date;

use crate::moment::Moment;
use crate::occurrences::{MOST_OCCURRENCES, days};
use crate::problem::{NotACalendar, Problem, Unread};
use crate::read::read;

/// A stretch of days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOff {
    /// The first.
    pub first: Date,
    /// The last; it is one of them.
    pub last: Date,
    /// What people call it; may be empty.
    pub name: String,
}

/// What a calendar of holidays says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DaysOff {
    /// The days in order; they may overlap.
    pub days: Vec<DayOff>,
    /// What could not be taken for days off.
    pub unread: Vec<Unread>,
}

/// The days off that touch a stretch of days, by the events of a calendar that last whole
/// days, once or recurring. An event with a time of day is none, and is said to be none.
pub fn days_off(text: &str, first: Date, last: Date) -> Result<DaysOff, NotACalendar> {
    let reading = read(text)?;
    let mut found = DaysOff {
        days: Vec::new(),
        unread: reading.unread,
    };
    for (event, line) in reading.events.into_iter().zip(reading.lines) {
        let touched = match event.start {
            Moment::Day(_) => days(&event, first, last).map_err(|_| Problem::TooMany),
            Moment::At { .. } => Err(Problem::NotADay),
        };
        if found.days.len() > MOST_OCCURRENCES {
            return Err(NotACalendar::TooLarge {
                most: MOST_OCCURRENCES,
                what: "days off",
            });
        }
        match touched {
            Ok(touched) => found
                .days
                .extend(touched.into_iter().map(|(first, last)| DayOff {
                    first,
                    last,
                    name: event.summary.clone(),
                })),
            Err(problem) => found.unread.push(Unread {
                line,
                name: Some(event.summary),
                problem,
            }),
        }
    }
    found.days.sort();
    found.unread.sort_by_key(|unread| unread.line);
    Ok(found)
}

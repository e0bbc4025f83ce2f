//! Days from one to another.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days from one to another, both included. If it ends before it begins there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub until: Date,
}

impl Days {
    /// How many there are.
    pub fn count(self) -> i64 {
        (between(self.from, self.until) + 1).max(0)
    }

    /// Whether a day is one of them.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Those that are also among others; nothing if there are none.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let both = Self {
            from: self.from.max(other.from),
            until: self.until.min(other.until),
        };
        (both.from <= both.until).then_some(both)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} to {}", self.from, self.until))
    }
}

/// How many days a day is after another; below nothing if it is before it.
pub fn between(earlier: Date, later: Date) -> i64 {
    i64::from((later - earlier).get_days())
}

/// The day so many days after another; the last that there is, where there is none.
pub fn after(day: Date, days: i64) -> Date {
    // More days than this there are not between any two dates.
    let days = days.clamp(-7_000_000, 7_000_000);
    day.saturating_add(days.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_ends_are_among_the_days() {
        let days = Days {
            from: date(2024, 2, 28),
            until: date(2024, 3, 1),
        };
        assert_eq!((days.count(), days.contains(days.until)), (3, true));
        assert_eq!(after(days.from, 2), days.until);
        assert_eq!(between(days.until, days.from), -2);
        let reversed = Days {
            from: days.until,
            until: days.from,
        };
        assert_eq!((reversed.count(), reversed.overlap(days)), (0, None));
        assert_eq!(after(days.from, i64::MAX), Date::MAX);
    }
}

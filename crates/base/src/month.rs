//! A month of a calendar, which is what bills are for.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// A month of the Gregorian calendar, `2025-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The first of its days.
    first: Date,
}

impl Month {
    /// A month by year and number, 1 to 12.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self { first })
    }

    /// The month that a day is in.
    pub fn of(day: Date) -> Self {
        Self {
            first: day.first_of_month(),
        }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first.last_of_month()
    }

    /// How many days it has, 28 to 31.
    pub fn days(self) -> i8 {
        self.first.days_in_month()
    }

    /// The month after it; the last month that there is has none.
    pub fn next(self) -> Option<Self> {
        self.last_day().tomorrow().ok().map(Self::of)
    }

    /// The month before it; the first month that there is has none.
    pub fn previous(self) -> Option<Self> {
        self.first.yesterday().ok().map(Self::of)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!(
            "{:04}-{:02}",
            self.first.year(),
            self.first.month()
        ))
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(NotAMonth);
        }
        let (year, month) = (year.parse(), month.parse());
        match (year, month) {
            (Ok(year), Ok(month)) => Self::new(year, month).ok_or(NotAMonth),
            _ => Err(NotAMonth),
        }
    }
}

/// A text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAMonth;

impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a month is written like 2025-03")
    }
}

impl std::error::Error for NotAMonth {}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written() {
        let month: Month = "2024-02".parse().expect("a month");
        assert_eq!((month.to_string().as_str(), month.days()), ("2024-02", 29));
        assert_eq!(
            month.next().map(|m| m.to_string()).as_deref(),
            Some("2024-03")
        );
        for text in ["2024-13", "2024-00", "202403", "2024-3", "+024-03", ""] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}

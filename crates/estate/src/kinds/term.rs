//! How long an office or a seat is held.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape};

/// How long an office or a seat is held: whole years such as `2y`, or months such as `6mo`.
///
/// `12mo` and `1y` are the same length, and are written `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermLength {
    months: u32,
}

impl TermLength {
    /// The longest, in months: a hundred years.
    pub const LONGEST: u32 = 1200;

    /// Of a number of months, from 1 to [`TermLength::LONGEST`].
    pub fn of_months(months: u32) -> Option<Self> {
        (1..=Self::LONGEST)
            .contains(&months)
            .then_some(Self { months })
    }

    /// Of a number of years, from 1 to 100.
    pub fn of_years(years: u32) -> Option<Self> {
        Self::of_months(years.checked_mul(12)?)
    }

    /// From a text of the form `2y` or `6mo`.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, unit) = text.split_at(digits);
        let amount = amount.parse().ok()?;
        match unit {
            "y" => Self::of_years(amount),
            "mo" => Self::of_months(amount),
            _ => None,
        }
    }

    /// How many months.
    pub fn months(self) -> u32 {
        self.months
    }

    /// The first day after a term that starts on a day; `None` beyond the year 9999.
    /// What starts on 29 February ends on the 28th where there is no 29th.
    pub fn after(self, start: Date) -> Option<Date> {
        start.checked_add(i64::from(self.months).months()).ok()
    }
}

impl fmt::Display for TermLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.months {
            months if months.is_multiple_of(12) => format!("{}y", months / 12),
            months => format!("{months}mo"),
        };
        f.pad(&text)
    }
}

impl Serialize for TermLength {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for TermLength {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "the length of a term")?;
        Self::new(text).or_else(|| {
            cx.bad_value(
                node.span,
                format!("\"{text}\" is not the length of a term"),
                "write years or months, from one month to a hundred years, like `2y` or `6mo`",
            )
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "the length of a term, such as `2y` or `6mo`",
            pattern: "^[1-9][0-9]*(y|mo)$",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::TermLength;

    #[test]
    fn a_length_reads_as_it_is_written_and_nothing_vague_is_one() {
        for (text, months, shown) in [
            ("2y", 24, "2y"),
            ("6mo", 6, "6mo"),
            ("12mo", 12, "1y"),
            ("18mo", 18, "18mo"),
            ("100y", 1200, "100y"),
        ] {
            let length = TermLength::new(text).unwrap();
            assert_eq!(
                (length.months(), length.to_string().as_str()),
                (months, shown)
            );
        }
        for text in [
            "",
            "2",
            "y",
            "0y",
            "2 y",
            "-1y",
            "1.5y",
            "2Y",
            "6m",
            "101y",
            "1201mo",
            "99999999999y",
        ] {
            assert_eq!(TermLength::new(text), None, "{text}");
        }
    }

    #[test]
    fn a_term_ends_on_the_same_day_of_a_later_month() {
        let after = |text, start| TermLength::new(text).unwrap().after(start);
        assert_eq!(after("2y", date(2024, 10, 3)), Some(date(2026, 10, 3)));
        assert_eq!(after("1y", date(2024, 2, 29)), Some(date(2025, 2, 28)));
        assert_eq!(after("6mo", date(2024, 8, 31)), Some(date(2025, 2, 28)));
        assert_eq!(after("2y", date(9998, 1, 1)), None);
    }
}

//! How long an office is held.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape};

/// A time in office by the calendar, such as `2y` or `18mo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    amount: u32,
    years: bool,
}

impl Term {
    /// Nobody writes down an office of more years than these.
    const MOST_YEARS: u32 = 100;

    /// A term, if the text has the form of one. At least a month, at most 100 years.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, unit) = text.split_at(digits);
        let amount: u32 = amount.parse().ok()?;
        let (years, most) = match unit {
            "y" => (true, Self::MOST_YEARS),
            "mo" => (false, Self::MOST_YEARS * 12),
            _ => return None,
        };
        (1..=most)
            .contains(&amount)
            .then_some(Self { amount, years })
    }

    /// The first day after a term that starts on a day; the last day of the calendar if that lies beyond it.
    pub fn after(self, start: Date) -> Date {
        let amount = i64::from(self.amount);
        let span = if self.years {
            jiff::Span::new().years(amount)
        } else {
            jiff::Span::new().months(amount)
        };
        start.saturating_add(span)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.years { "y" } else { "mo" };
        f.pad(&format!("{}{unit}", self.amount))
    }
}

impl Serialize for Term {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Term {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a term")?;
        Self::new(text).or_else(|| {
            cx.bad_value(
                node.span,
                format!("\"{text}\" is not a term of office"),
                "write a number and `y` (years) or `mo` (months), like `2y`; at most 100 years",
            )
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a term, such as `2y` or `18mo`",
            pattern: "^[1-9][0-9]*(y|mo)$",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::Term;

    #[test]
    fn a_term_reads_as_it_is_written_and_nothing_vague_is_one() {
        for text in ["2y", "18mo", "1y", "100y", "1200mo"] {
            assert_eq!(
                Term::new(text).map(|t| t.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "2",
            "y",
            "0y",
            "2 y",
            "-1y",
            "101y",
            "1201mo",
            "1.5y",
            "18m",
            "9999999999y",
        ] {
            assert_eq!(Term::new(text), None, "{text}");
        }
    }

    #[test]
    fn a_term_ends_by_the_calendar() {
        let after = |text: &str, start: Date| Term::new(text).map(|term| term.after(start));
        assert_eq!(after("2y", date(2019, 10, 1)), Some(date(2021, 10, 1)));
        assert_eq!(after("1y", date(2020, 2, 29)), Some(date(2021, 2, 28)));
        assert_eq!(after("1mo", date(2026, 1, 31)), Some(date(2026, 2, 28)));
        assert_eq!(after("1y", date(9999, 6, 1)), Some(Date::MAX));
    }
}

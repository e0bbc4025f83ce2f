//! How long something takes or stays open, in the unit it was written in.

use std::fmt;

use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape, choice};

choice! {
    /// What a period is counted in.
    pub enum PeriodUnit {
        /// Elapsed hours.
        Hours = "h",
        /// Elapsed days of 24 hours.
        Days = "d",
        /// Hours of business days, 24 a day: `72bh` is three business days.
        BusinessHours = "bh",
        /// Business days.
        BusinessDays = "bd",
        /// Hours of business days from 9 to 17 o'clock, 8 a day.
        WorkingHours = "wh",
    }
}

/// A period such as `72bh`, `5bd`, `14d` or `36h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// How many units, at most 100,000.
    pub amount: u32,
    /// Of what.
    pub unit: PeriodUnit,
}

impl Period {
    const MOST: u32 = 100_000;

    /// A period, if the text has the form of one.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, unit) = text.split_at(digits);
        let amount = amount.parse().ok().filter(|amount| *amount <= Self::MOST)?;
        let unit = PeriodUnit::ALL
            .iter()
            .copied()
            .find(|known| known.word() == unit)?;
        Some(Self { amount, unit })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}", self.amount, self.unit.word()))
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Period {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a period")?;
        Self::new(text).or_else(|| {
            cx.bad_value(
                node.span,
                format!("\"{text}\" is not a period"),
                "write a number and `h` (hours), `d` (days), `bh` (hours of business days), `bd` (business days) or `wh` (hours of business days from 9 to 17), like `72bh`",
            )
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a period, such as `72bh` or `5bd`",
            pattern: "^[0-9]+(h|d|bh|bd|wh)$",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn a_period_reads_as_it_is_written_and_nothing_vague_is_one() {
        for text in ["72bh", "5bd", "0h", "14d", "16wh"] {
            assert_eq!(
                Period::new(text).map(|p| p.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "72",
            "bh",
            "3 bd",
            "-1d",
            "1w",
            "COB",
            "100001h",
            "99999999999d",
        ] {
            assert_eq!(Period::new(text), None, "{text}");
        }
    }
}

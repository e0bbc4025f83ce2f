//! Days on which nobody is expected to answer.

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Shape};

/// A day, or the days from one to another, both of them included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Holiday {
    /// Whether a day is one of them.
    pub fn contains(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

impl std::fmt::Display for Holiday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last {
            return write!(f, "{}", self.first);
        }
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl Serialize for Holiday {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Holiday {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Some((first, last)) = node.text().and_then(|text| text.split_once("..")) else {
            let day = Date::from_yaml(node, cx)?;
            return Some(Self {
                first: day,
                last: day,
            });
        };
        let day = |text: &str| {
            (text.len() == "2026-12-24".len())
                .then(|| text.parse::<Date>().ok())
                .flatten()
        };
        match day(first).zip(day(last)) {
            Some((first, last)) if first <= last => Some(Self { first, last }),
            Some(_) => cx.bad_value(
                node.span,
                format!("{last} is before {first}"),
                "write the first day, two dots and the last day",
            ),
            None => cx.bad_value(
                node.span,
                format!("\"{first}..{last}\" is no range of days"),
                "write the first and the last day as YYYY-MM-DD, like 2026-12-24..2027-01-03",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a date, or a range such as 2026-12-24..2027-01-03",
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(\\.\\.[0-9]{4}-[0-9]{2}-[0-9]{2})?$",
        }
    }
}

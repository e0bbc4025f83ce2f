//! Readers for what comes without a definition: texts, numbers, days, lists, maps.

use base::Spanned;
use jiff::civil::Date;
use serde::Serialize;

use crate::{Decoding, Dialect, FromYaml, Node, Reading, Shape, Value, reads_as};

/// A mapping from free names to values, in the order of the file.
#[derive(Debug, Clone)]
pub struct Map<T> {
    /// The entries; names are distinct.
    pub entries: Vec<(Spanned<String>, T)>,
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<T> Map<T> {
    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries
            .iter()
            .find(|(key, _)| key.value == name)
            .map(|(_, value)| value)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries.iter().map(|(key, value)| (&key.value, value)))
    }
}

impl<T: FromYaml> FromYaml for Map<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let pairs = cx.pairs(node, "a mapping")?;
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let name = Spanned::<String>::from_yaml(key, cx);
            let value = T::from_yaml(value, cx).or_else(|| T::absent().filter(|_| value.is_null()));
            entries.extend(name.zip(value));
        }
        Some(Self { entries })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }
}

impl<T: FromYaml> FromYaml for Option<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        T::from_yaml(node, cx).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: FromYaml> FromYaml for Vec<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let items = cx.items(node, "a list")?;
        // A filter tells no length, and most lists are short: they would hold four places for one.
        let mut list = Self::with_capacity(items.len());
        list.extend(items.iter().filter_map(|item| T::from_yaml(item, cx)));
        Some(list)
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: FromYaml> FromYaml for Spanned<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        T::from_yaml(node, cx).map(|value| Spanned::new(value, node.span))
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl FromYaml for String {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        cx.text(node, "text").map(str::to_owned)
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl FromYaml for bool {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain: true } = &node.value else {
            return cx.wrong_type(node, "true or false");
        };
        match (reads_as(text), cx.dialect()) {
            (Reading::Boolean, _) => Some(text.eq_ignore_ascii_case("true")),
            (Reading::OldBoolean, Dialect::Go) => Some(matches!(
                text.to_ascii_lowercase().as_str(),
                "y" | "yes" | "on"
            )),
            (Reading::OldBoolean, Dialect::Native) => {
                let truth = matches!(text.to_ascii_lowercase().as_str(), "y" | "yes" | "on");
                cx.ambiguous(node, text, Reading::OldBoolean, format!("write {truth}"))
            }
            _ => cx.wrong_type(node, "true or false"),
        }
    }

    fn shape() -> Shape {
        Shape::Flag
    }
}

impl FromYaml for u32 {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain: true } = &node.value else {
            return cx.wrong_type(node, "a whole number");
        };
        match reads_as(text) {
            Reading::Whole => text.parse().ok().or_else(|| {
                let help = format!("the range is 0 to {}", u32::MAX);
                cx.bad_value(node.span, format!("{text} is out of range"), help)
            }),
            reading @ (Reading::OldOctal | Reading::Sexagesimal | Reading::OtherNumber) => {
                cx.ambiguous(node, text, reading, "write the number in plain decimals")
            }
            _ => cx.wrong_type(node, "a whole number"),
        }
    }

    fn shape() -> Shape {
        Shape::Whole
    }
}

impl FromYaml for Date {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, .. } = &node.value else {
            return cx.wrong_type(node, "a date");
        };
        if node.is_null() {
            return cx.wrong_type(node, "a date");
        }
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'-';
        let well_formed = text.len() == 10 && text.bytes().all(digits);
        match text.parse() {
            Ok(date) if well_formed => Some(date),
            _ if well_formed => {
                let help = "check the month and the day";
                cx.bad_value(node.span, format!("{text} is no day that exists"), help)
            }
            _ => {
                let message = format!("expected a date, found {}", node.describe());
                cx.bad_value(
                    node.span,
                    message,
                    "write it as YYYY-MM-DD, for example 2026-03-31",
                )
            }
        }
    }

    fn shape() -> Shape {
        Shape::Date
    }
}

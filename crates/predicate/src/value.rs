//! What the fields of an item hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base::Decimal;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::measure::{shown_duration, shown_quantity};

/// Something that predicates are about.
pub trait Item {
    /// What a field holds; [`Value::Missing`] where it holds nothing, and for every field that
    /// its vocabulary does not name. A value of another type than the vocabulary promises
    /// compares like a missing one.
    fn get(&self, field: &str) -> Value<'_>;
}

/// What a field holds. Only [`List::Own`] allocates.
#[derive(Clone, Default)]
pub enum Value<'a> {
    /// Nothing.
    #[default]
    Missing,
    /// True or false.
    Truth(bool),
    /// A number without unit.
    Number(Decimal),
    /// An amount of a resource, in its base unit: bytes, processors.
    Quantity(Decimal),
    /// A span of time.
    Duration(SignedDuration),
    /// A day.
    Date(Date),
    /// A text.
    Text(&'a str),
    /// Several values of one type.
    List(List<'a>),
    /// Values of one type by name.
    Map(&'a dyn Map),
    /// An item within the item.
    Item(&'a dyn Item),
}

/// Several values of one type.
#[derive(Clone)]
pub enum List<'a> {
    /// Kept by the item.
    Shared(&'a dyn Elements),
    /// Made for the question.
    Own(Vec<Value<'a>>),
}

/// Elements of a list, in an order that does not change.
pub trait Elements {
    /// How many there are.
    fn count(&self) -> usize;

    /// The place, from 0, of the first that is wanted; asks of no element after it.
    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize>;
}

/// Values by name, in an order that does not change.
pub trait Map {
    /// The value of a name, [`Value::Missing`] if there is none.
    fn get(&self, key: &str) -> Value<'_>;

    /// How many there are.
    fn count(&self) -> usize;

    /// The place, from 0, of the first that is wanted; asks of no entry after it.
    fn find(&self, wanted: &mut dyn FnMut(&str, Value<'_>) -> bool) -> Option<usize>;
}

/// What can stand in a list or a map as it is.
pub trait AsValue {
    /// The value that it is.
    fn as_value(&self) -> Value<'_>;
}

impl Value<'_> {
    /// The same value, borrowed.
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Value::Missing => Value::Missing,
            Value::Truth(truth) => Value::Truth(*truth),
            Value::Number(number) => Value::Number(*number),
            Value::Quantity(quantity) => Value::Quantity(*quantity),
            Value::Duration(duration) => Value::Duration(*duration),
            Value::Date(date) => Value::Date(*date),
            Value::Text(text) => Value::Text(text),
            Value::List(list) => Value::List(List::Shared(list.elements())),
            Value::Map(map) => Value::Map(*map),
            Value::Item(item) => Value::Item(*item),
        }
    }
}

impl List<'_> {
    /// Its elements.
    pub fn elements(&self) -> &dyn Elements {
        match self {
            List::Shared(elements) => *elements,
            List::Own(values) => values,
        }
    }
}

impl<'a> Value<'a> {
    /// A list that the item keeps.
    pub fn list(elements: &'a dyn Elements) -> Self {
        Self::List(List::Shared(elements))
    }
}

impl<'a> FromIterator<Value<'a>> for Value<'a> {
    fn from_iter<I: IntoIterator<Item = Value<'a>>>(values: I) -> Self {
        Self::List(List::Own(values.into_iter().collect()))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl From<Decimal> for Value<'_> {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Self::Number(Decimal::whole(i64::try_from(count).unwrap_or(i64::MAX)))
    }
}

impl From<SignedDuration> for Value<'_> {
    fn from(duration: SignedDuration) -> Self {
        Self::Duration(duration)
    }
}

impl From<Date> for Value<'_> {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl AsValue for String {
    fn as_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl AsValue for &str {
    fn as_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl AsValue for bool {
    fn as_value(&self) -> Value<'_> {
        Value::Truth(*self)
    }
}

impl AsValue for Decimal {
    fn as_value(&self) -> Value<'_> {
        Value::Number(*self)
    }
}

impl AsValue for Date {
    fn as_value(&self) -> Value<'_> {
        Value::Date(*self)
    }
}

impl AsValue for Value<'_> {
    fn as_value(&self) -> Value<'_> {
        self.borrowed()
    }
}

impl<T: Item> AsValue for T {
    fn as_value(&self) -> Value<'_> {
        Value::Item(self)
    }
}

impl<T: AsValue> Elements for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.iter().position(|element| wanted(element.as_value()))
    }
}

impl<T: AsValue> Elements for BTreeSet<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.iter().position(|element| wanted(element.as_value()))
    }
}

impl<T: AsValue> Map for BTreeMap<String, T> {
    fn get(&self, key: &str) -> Value<'_> {
        BTreeMap::get(self, key).map_or(Value::Missing, AsValue::as_value)
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(&str, Value<'_>) -> bool) -> Option<usize> {
        self.iter()
            .position(|(key, value)| wanted(key, value.as_value()))
    }
}

/// How many elements of a list are shown.
const SHOWN: usize = 3;

impl fmt::Display for Value<'_> {
    /// As a person would write it; texts in quotes, of lists the first elements.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Missing => f.write_str("missing"),
            Value::Truth(truth) => truth.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Quantity(quantity) => f.write_str(&shown_quantity(*quantity)),
            Value::Duration(duration) => f.write_str(&shown_duration(*duration)),
            Value::Date(date) => date.fmt(f),
            Value::Text(text) => write!(f, "\"{}\"", base::visible(text)),
            Value::List(list) => {
                let elements = list.elements();
                let mut shown = Vec::new();
                elements.find(&mut |value| {
                    shown.push(value.to_string());
                    shown.len() == SHOWN
                });
                let more = if elements.count() > SHOWN {
                    ", …"
                } else {
                    ""
                };
                write!(f, "[{}{more}]", shown.join(", "))
            }
            Value::Map(map) => f.write_str(&base::counted(map.count(), "entry", "entries")),
            Value::Item(_) => f.write_str("an item"),
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

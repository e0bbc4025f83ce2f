//! What can be said of a kind of item.

use std::fmt;

/// The fields of a kind of item, with their types: what a predicate is checked against when it
/// is read.
pub trait Vocabulary: Sync {
    /// What such an item is called, as in "a job has no field ...".
    fn noun(&self) -> &str;

    /// Its fields, in the order in which they are documented. Their names are words of letters,
    /// digits and `_`, and none of [`RESERVED`].
    fn fields(&self) -> &[Field];

    /// The field of a name.
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}

/// Words of the language, which no field may have for its name.
pub const RESERVED: [&str; 16] = [
    "all", "and", "any", "contains", "count", "false", "in", "is", "it", "matches", "none", "not",
    "or", "outer", "today", "true",
];

/// One field of a kind of item.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// What it is called in predicates.
    pub name: &'static str,
    /// What it holds where it is not missing.
    pub holds: Type,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

/// A vocabulary that is written down as a constant.
#[derive(Debug)]
pub struct Words {
    /// What such an item is called.
    pub noun: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

impl Vocabulary for Words {
    fn noun(&self) -> &str {
        self.noun
    }

    fn fields(&self) -> &[Field] {
        self.fields
    }
}

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Type {
    /// True or false.
    Truth,
    /// A number without unit.
    Number,
    /// An amount of a resource, `27Gi` or `500m`.
    Quantity,
    /// A span of time, `2h30m`.
    Duration,
    /// A day, `2026-01-31`.
    Date,
    /// A text.
    Text,
    /// Several of one type.
    List(&'static Type),
    /// Of one type, by name.
    Map(&'static Type),
    /// An item within the item.
    Item(&'static dyn Vocabulary),
}

impl Type {
    /// Whether values of both may be compared.
    pub(crate) fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::List(one), Self::List(two)) | (Self::Map(one), Self::Map(two)) => one.same(*two),
            (Self::Item(one), Self::Item(two)) => one.noun() == two.noun(),
            _ => std::mem::discriminant(&self) == std::mem::discriminant(&other),
        }
    }

    /// Whether one value of it is less than another.
    pub(crate) fn ordered(self) -> bool {
        matches!(
            self,
            Self::Number | Self::Quantity | Self::Duration | Self::Date
        )
    }

    /// Whether its values are one word or number each.
    pub(crate) fn plain(self) -> bool {
        self.ordered() || matches!(self, Self::Truth | Self::Text)
    }

    /// How a value of it is written, for those who wrote another.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Number => "a number, as 3 or 0.5",
            Self::Quantity => "a quantity, as 27Gi, 500m or 7",
            Self::Duration => "a duration, as 2h30m or 14d",
            Self::Date => "a day, as 2026-01-31 or today",
            Self::Text => "a text in quotes",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Item(_) => "an item",
        }
    }
}

impl fmt::Display for Type {
    /// With its article: `a number`, `a list`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth => f.write_str("a truth"),
            Self::Number => f.write_str("a number"),
            Self::Quantity => f.write_str("a quantity"),
            Self::Duration => f.write_str("a duration"),
            Self::Date => f.write_str("a day"),
            Self::Text => f.write_str("a text"),
            Self::List(_) => f.write_str("a list"),
            Self::Map(_) => f.write_str("a map"),
            Self::Item(of) => f.write_str(&base::article(of.noun())),
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

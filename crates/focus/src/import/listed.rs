//! Lists and maps of JSON in one cell, as vendors nest them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base::Decimal;
use serde::Deserializer as _;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::input::record::short;
use super::{ColumnIndex, Record};
use crate::{Problem, codes};

/// An object of JSON, its values as the file writes them.
pub(super) struct Object<'r> {
    raw: &'r str,
    members: BTreeMap<Cow<'r, str>, &'r RawValue>,
}

impl<'r> Object<'r> {
    /// Reads an object, in which no name may stand twice.
    pub(super) fn parse(raw: &'r str) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(raw);
        let members = reader.deserialize_map(Members)?;
        reader.end()?;
        Ok(Self { raw, members })
    }

    /// The whole of it, as the file writes it.
    pub(super) fn raw(&self) -> &'r str {
        self.raw
    }

    /// A member as a text: of a text what it says, of a number its digits. Null and an empty
    /// text are nothing.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'r, str>> {
        plain(self.members.get(name)?.get())
    }

    /// All members by name, sorted, as JSON.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &'r str)> {
        self.members
            .iter()
            .map(|(name, value)| (&**name, value.get()))
    }
}

/// What a value of JSON says: a text without its quotes, else its digits or JSON.
fn plain(raw: &str) -> Option<Cow<'_, str>> {
    match raw {
        "null" | "\"\"" => None,
        text if text.starts_with('"') => serde_json::from_str(text).ok().map(Cow::Owned),
        other => Some(Cow::Borrowed(other)),
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = BTreeMap<Cow<'de, str>, &'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format!("`{name}` stands twice in it")));
            }
            members.insert(name, value);
        }
        Ok(members)
    }
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

/// The objects of the list that a cell holds; none if it is empty.
///
/// # Errors
/// Says that the cell holds no list of objects.
pub(super) fn objects<'r>(
    record: &Record<'r>,
    index: ColumnIndex,
) -> Result<Vec<Object<'r>>, Problem> {
    let Some(text) = record.text(index) else {
        return Ok(Vec::new());
    };
    let list: Vec<&'r RawValue> =
        serde_json::from_str(text).map_err(|error| no_list(record, index, text, &error))?;
    let objects = list.into_iter().map(|raw| Object::parse(raw.get()));
    let objects: serde_json::Result<Vec<_>> = objects.collect();
    objects.map_err(|error| no_list(record, index, text, &error))
}

fn no_list(
    record: &Record<'_>,
    index: ColumnIndex,
    text: &str,
    error: &serde_json::Error,
) -> Problem {
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or(&why);
    record.problem(
        Some(index),
        &codes::BILL_JSON,
        format!(
            "`{}` is no list of objects in JSON: {}",
            short(text),
            short(why)
        ),
        "export the column as it is in the vendor's table, as JSON",
    )
}

/// A number as JSON writes it: also `4.2e+16`, which FOCUS does not.
///
/// # Errors
/// Says that it is none.
pub(super) fn number(
    record: &Record<'_>,
    index: ColumnIndex,
    text: &str,
) -> Result<Decimal, Problem> {
    if text.contains("e+") || text.contains("E+") {
        record.mend("exponent");
        let plain = text.replace("e+", "e").replace("E+", "E");
        return record.decimal_in(index, &plain);
    }
    record.decimal_in(index, text)
}

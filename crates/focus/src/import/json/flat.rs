//! An object with objects in it as one row of cells.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::import::input::header::{ColumnIndex, Header};
use crate::import::input::record::Span;

/// Objects deeper than this are kept as JSON.
const DEPTH: usize = 16;

/// The cells of a record.
#[derive(Default)]
pub(super) struct Flat {
    text: String,
    spans: Vec<Span>,
    /// Which columns this record has had; null is a value too.
    had: Vec<bool>,
}

/// What is wrong with a record.
pub(super) struct Flaw {
    pub(super) message: String,
    pub(super) column: Option<String>,
}

impl Flat {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Takes the cells of a record. Members of objects in it are `outer.inner`; lists are JSON.
    pub(super) fn fill(&mut self, record: &str, header: &mut Header) -> Result<(), Flaw> {
        self.text.clear();
        self.spans.clear();
        self.had.clear();
        self.object(record, &mut String::new(), 1, header)
    }

    fn object(
        &mut self,
        object: &str,
        path: &mut String,
        depth: usize,
        header: &mut Header,
    ) -> Result<(), Flaw> {
        for (name, value) in members(object)? {
            let length = path.len();
            if length > 0 {
                path.push('.');
            }
            path.push_str(&name);
            self.member(value.get(), path, depth, header)?;
            path.truncate(length);
        }
        Ok(())
    }

    fn member(
        &mut self,
        value: &str,
        path: &mut String,
        depth: usize,
        header: &mut Header,
    ) -> Result<(), Flaw> {
        let whole = depth >= DEPTH || header.whole.iter().any(|name| name == path);
        if value.starts_with('{') && !whole {
            return self.object(value, path, depth + 1, header);
        }
        let column = self.column(path, header)?;
        let start = self.text.len();
        if value == "null" {
            return Ok(());
        }
        if value.starts_with('"') {
            let text: Cow<'_, str> = text(value).map_err(|error| wrong(&error))?;
            self.text.push_str(&text);
        } else if value.starts_with(['[', '{']) {
            self.text.push_str(value);
        } else {
            // JSON has a plus sign only in exponents, `4.2e+16`, where FOCUS has none.
            self.text.extend(value.split('+'));
        }
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX - 1);
        self.spans[column.place()] = Span {
            start: place(start),
            end: place(self.text.len()),
        };
        Ok(())
    }

    fn column(&mut self, path: &str, header: &mut Header) -> Result<ColumnIndex, Flaw> {
        let flaw = |message: &str| Flaw {
            message: message.to_owned(),
            column: Some(path.to_owned()),
        };
        let known = header.find(path).or_else(|| header.add(path));
        let column = known.ok_or_else(|| flaw("the file has more than 10,000 columns"))?;
        if self.spans.len() <= column.place() {
            self.spans.resize(column.place() + 1, Span::NULL);
            self.had.resize(column.place() + 1, false);
        }
        if std::mem::replace(&mut self.had[column.place()], true) {
            return Err(flaw("this name stands twice in the record"));
        }
        Ok(column)
    }
}

/// A text of JSON, without a copy where nothing in it is escaped.
fn text(value: &str) -> serde_json::Result<Cow<'_, str>> {
    struct Text;
    impl<'de> Visitor<'de> for Text {
        type Value = Cow<'de, str>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
            Ok(Cow::Borrowed(text))
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Cow::Owned(text.to_owned()))
        }
    }
    serde_json::Deserializer::from_str(value).deserialize_str(Text)
}

/// The members of an object, in their order.
fn members(object: &str) -> Result<Vec<(Name<'_>, &RawValue)>, Flaw> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Name<'de>, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::with_capacity(32);
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(object);
    let members = reader
        .deserialize_map(Members)
        .map_err(|error| wrong(&error))?;
    reader.end().map_err(|error| wrong(&error))?;
    Ok(members)
}

/// The name of a member, without a copy where nothing in it is escaped.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

impl std::ops::Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

fn wrong(error: &serde_json::Error) -> Flaw {
    let message = error.to_string();
    // The place is that within the record, which is named already.
    let message = message.split(" at line ").next().unwrap_or(&message);
    Flaw {
        message: format!("this is not JSON: {message}"),
        column: None,
    }
}

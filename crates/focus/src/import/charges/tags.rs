//! Whether tags are one flat object that names each key once.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::import::input::record::short;

/// How many texts are remembered, and how long one may be for that.
const KNOWN: usize = 1024;
const LONGEST: usize = 2048;

/// Looks at tags. Few different ones stand in a file, again and again: the last are remembered.
pub(super) struct Tags {
    known: Vec<String>,
    hasher: RandomState,
}

impl Default for Tags {
    fn default() -> Self {
        Self {
            known: vec![String::new(); KNOWN],
            hasher: RandomState::new(),
        }
    }
}

impl Tags {
    /// Says what is wrong with tags.
    pub(super) fn check(&mut self, text: &str) -> Result<(), String> {
        let Ok(place) = usize::try_from(self.hasher.hash_one(text) % KNOWN as u64) else {
            return check(text);
        };
        if self.known[place] == text && !text.is_empty() {
            return Ok(());
        }
        check(text)?;
        if text.len() <= LONGEST {
            text.clone_into(&mut self.known[place]);
        }
        Ok(())
    }
}

fn check(text: &str) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let found = reader.deserialize_any(Flat).and_then(|()| reader.end());
    found.map_err(|error| {
        let message = error.to_string();
        // The place is that within the cell, which is named already.
        let plain = message.split(" at line ").next().unwrap_or(&message);
        if error.is_data() {
            plain.to_owned()
        } else {
            format!("`{}` is no JSON: {plain}", short(text))
        }
    })
}

/// A flat object.
struct Flat;

impl<'de> Visitor<'de> for Flat {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tags")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut few: Vec<Cow<'de, str>> = Vec::with_capacity(8);
        let mut many: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(Key(key)) = map.next_key()? {
            let twice = if many.is_empty() {
                few.contains(&key)
            } else {
                many.contains(&key)
            };
            if twice {
                let message = format!("the key `{}` stands twice in it", short(&key));
                return Err(serde::de::Error::custom(message));
            }
            let value: &RawValue = map.next_value()?;
            if value.get().starts_with(['{', '[']) {
                let message = format!("the key `{}` has more than one value", short(&key));
                return Err(serde::de::Error::custom(message));
            }
            if !many.is_empty() {
                many.insert(key);
                continue;
            }
            few.push(key);
            if few.len() > 16 {
                many.extend(few.drain(..));
            }
        }
        Ok(())
    }
}

/// A key, without a copy where nothing in it is escaped.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'k>(#[serde(borrow)] Cow<'k, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_a_flat_object_with_each_key_once() {
        let mut tags = Tags::default();
        for text in [
            r#"{"a":"b","n":1.5e400,"t":true,"z":null}"#,
            "{}",
            r#" {"a": "b"} "#,
        ] {
            assert_eq!(tags.check(text), Ok(()), "{text}");
            assert_eq!(tags.check(text), Ok(()), "{text}");
        }
        let wrong = |text: &str| check(text).expect_err("wrong");
        assert_eq!(
            wrong(r#"{"a":1,"\u0061":2}"#),
            "the key `a` stands twice in it"
        );
        assert_eq!(wrong(r#"{"a":[1]}"#), "the key `a` has more than one value");
        assert_eq!(
            wrong(r#""a": "b""#),
            "invalid type: string \"a\", expected an object of tags"
        );
        assert_eq!(wrong("{a:1}"), "`{a:1}` is no JSON: key must be a string");
    }

    #[test]
    fn of_many_keys_too_each_stands_once() {
        let keys: Vec<String> = (0..40).map(|key| format!("\"{key}\":1")).collect();
        assert_eq!(check(&format!("{{{}}}", keys.join(","))), Ok(()));
        let nameless = format!("{{{},\"\":1}}", keys.join(","));
        assert_eq!(check(&nameless), Ok(()));
        let twice = format!("{{{},\"3\":1}}", keys.join(","));
        assert_eq!(
            check(&twice),
            Err("the key `3` stands twice in it".to_owned())
        );
    }
}

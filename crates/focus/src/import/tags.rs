//! Tags of several sources as FOCUS's one object.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::listed::Object;
use super::{ColumnIndex, Record};
use crate::{Cell, Column, Problem, Row, codes};

/// The tags of one charge. They are written sorted by their keys.
#[derive(Default)]
pub(super) struct Tags {
    /// Keys to values in JSON.
    tags: BTreeMap<String, String>,
}

impl Tags {
    /// Takes a tag under its key; if another tag has it, under the key with the prefix of where
    /// this one comes from. A tag without a value is `true` (FOCUS, Tags).
    ///
    /// # Errors
    /// Says that one source has the key twice with different values.
    pub(super) fn add(
        &mut self,
        record: &Record<'_>,
        index: ColumnIndex,
        prefix: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<(), Problem> {
        let value = value.filter(|value| !value.is_empty());
        let value = value.map_or(Value::Bool(true), Value::from).to_string();
        if !self.put(key, &value) && !self.put(&format!("{prefix}{key}"), &value) {
            return Err(record.problem(
                Some(index),
                &codes::BILL_TAGS,
                format!(
                    "the key `{}` stands twice, with different values",
                    base::visible(key)
                ),
                "look in the vendor's console which value holds, and export the bill again",
            ));
        }
        Ok(())
    }

    /// Whether the key was free, or had just this value.
    fn put(&mut self, key: &str, value: &str) -> bool {
        if let Some(known) = self.tags.get(key) {
            return known == value;
        }
        self.tags.insert(key.to_owned(), value.to_owned());
        true
    }

    /// Takes the tags of a map in one cell. `rename` says what a key is called here; of two that
    /// would be called alike, the second keeps its whole name.
    ///
    /// # Errors
    /// Says that the cell holds no flat object, or a key twice.
    pub(super) fn add_map(
        &mut self,
        record: &Record<'_>,
        index: ColumnIndex,
        rename: impl Fn(&str) -> &str,
    ) -> Result<(), Problem> {
        let Some(text) = record.text(index) else {
            return Ok(());
        };
        let object = Object::parse(text).map_err(|error| {
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or(&why);
            record.problem(
                Some(index),
                &codes::BILL_TAGS,
                format!("the tags are no object of JSON: {}", base::visible(why)),
                "export the column as it is in the vendor's table, as JSON",
            )
        })?;
        for (key, value) in object.members() {
            let short = rename(key);
            let value = if value == "\"\"" { "true" } else { value };
            if short.is_empty() || !self.put(short, value) {
                self.put(key, value);
            }
        }
        Ok(())
    }

    /// Puts them into a charge; no tags are null.
    pub(super) fn set(self, row: &mut Row<'_>) {
        if self.tags.is_empty() {
            return;
        }
        let mut text = String::from("{");
        for (key, value) in &self.tags {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&Value::from(key.as_str()).to_string());
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        row.set(Column::Tags, Cell::Text(Cow::Owned(text)));
    }
}

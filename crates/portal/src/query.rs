//! Which rows of a collection are asked for: by filters, words, order and page, all of them in the URL.
//!
//! Only what the reader may see is looked at: a cell that is not for them has no value by which rows
//! could be chosen, ordered or counted.

mod choose;
mod lookup;

use std::collections::BTreeMap;

use url::form_urlencoded::Serializer;

use crate::Problem;
use crate::model::{Collection, Filter};

pub use choose::{Chosen, choose};
pub(crate) use choose::{all, words};
pub(crate) use lookup::{Folded, folded, folded_for};
pub use lookup::{Lookup, choices};

/// How many rows a page has unless it is said.
pub const SIZE: usize = 50;
/// How many rows a page has at most.
pub const MOST: usize = 500;
/// What stands for rows that have nothing in a column.
pub const NOTHING: &str = "(none)";

/// What is asked of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words that must all be in a row.
    pub words: String,
    /// What must be in a column: one of these values.
    pub filters: BTreeMap<String, Vec<String>>,
    /// The column of the order, and whether it is the other way around.
    pub sort: Option<(String, bool)>,
    /// Which page, from 1.
    pub page: usize,
    /// How many rows a page has.
    pub size: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            words: String::new(),
            filters: BTreeMap::new(),
            sort: None,
            page: 1,
            size: SIZE,
        }
    }
}

impl Query {
    /// Reads what a URL asks. What it asks wrongly is left out and told.
    pub fn parse<K: AsRef<str>, V: AsRef<str>>(
        of: &Collection,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> (Self, Vec<Problem>) {
        let mut query = Self::default();
        let mut problems = Vec::new();
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            if let Err(what) = query.take(of, name, value) {
                problems.push(Problem {
                    field: name.to_owned(),
                    what,
                });
            }
        }
        for values in query.filters.values_mut() {
            values.sort();
            values.dedup();
        }
        (query, problems)
    }

    fn take(&mut self, of: &Collection, name: &str, value: &str) -> Result<(), String> {
        match name {
            "q" => {
                let words: Vec<&str> = value.split_whitespace().collect();
                self.words = words.join(" ");
            }
            "sort" => {
                let (column, down) = match value.strip_prefix('-') {
                    Some(column) => (column, true),
                    None => (value, false),
                };
                let known = of.columns.iter().any(|known| known.id == column);
                if !known {
                    return Err(format!("there is no column {value:?} to sort by"));
                }
                self.sort = Some((column.to_owned(), down));
            }
            "page" => match value.parse() {
                Ok(page) if page > 0 => self.page = page,
                _ => return Err("a page is a number from 1".to_owned()),
            },
            "size" => match value.parse() {
                Ok(size) if (1..=MOST).contains(&size) => self.size = size,
                _ => return Err(format!("a page has 1 to {MOST} rows")),
            },
            column => {
                let by = |known: &&crate::model::Column| known.id == column;
                match of.columns.iter().find(by) {
                    None => return Err("there is no such parameter".to_owned()),
                    Some(known) if known.filter == Filter::None => {
                        return Err("rows are not chosen by this column".to_owned());
                    }
                    // The form sends all its fields, and an empty one asks nothing.
                    Some(_) if value.is_empty() => {}
                    Some(_) => {
                        let values = self.filters.entry(column.to_owned()).or_default();
                        values.push(value.to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    /// The one form of it in a URL, without `?`: empty where nothing is asked.
    pub fn canonical(&self) -> String {
        let mut pairs = Serializer::new(String::new());
        if !self.words.is_empty() {
            pairs.append_pair("q", &self.words);
        }
        for (column, values) in &self.filters {
            for value in values {
                pairs.append_pair(column, value);
            }
        }
        if let Some((column, down)) = &self.sort {
            let sign = if *down { "-" } else { "" };
            pairs.append_pair("sort", &format!("{sign}{column}"));
        }
        if self.page > 1 {
            pairs.append_pair("page", &self.page.to_string());
        }
        if self.size != SIZE {
            pairs.append_pair("size", &self.size.to_string());
        }
        pairs.finish()
    }

    /// The same, as it stands after a path.
    pub fn asked(&self) -> String {
        let text = self.canonical();
        if text.is_empty() {
            return text;
        }
        format!("?{text}")
    }

    /// The same on another page.
    pub fn at(&self, page: usize) -> Self {
        Self {
            page,
            ..self.clone()
        }
    }

    /// The same, whatever its page and how many rows one has.
    pub(crate) fn on_one_page(self) -> Self {
        let Self { page, size, .. } = Self::default();
        Self { page, size, ..self }
    }

    /// The same without one of the values of a filter.
    pub fn without(&self, column: &str, value: &str) -> Self {
        let mut rest = self.clone();
        if let Some(values) = rest.filters.get_mut(column) {
            values.retain(|one| one != value);
            if values.is_empty() {
                rest.filters.remove(column);
            }
        }
        rest
    }

    /// Whether it leaves anything out.
    pub fn narrows(&self) -> bool {
        !self.words.is_empty() || !self.filters.is_empty()
    }

    /// How many pages so many rows have; one, if there are none.
    pub fn pages(&self, total: usize) -> usize {
        total.div_ceil(self.size.max(1)).max(1)
    }

    /// The order that is asked for, or that of the collection.
    pub fn order(&self, of: &Collection) -> Option<(String, bool)> {
        if self.sort.is_some() {
            return self.sort.clone();
        }
        let (column, down) = match of.sort.strip_prefix('-') {
            Some(column) => (column, true),
            None => (of.sort, false),
        };
        (!column.is_empty()).then(|| (column.to_owned(), down))
    }
}

//! Which columns are read, and what they are called after that.

use focus::Column;

use super::Dialect;
use crate::scan::Dimension;

/// What is read of each charge. Texts are never null, tags are where there is none.
#[derive(Debug)]
pub(super) struct Columns {
    dialect: Dialect,
    /// An expression and its name.
    read: Vec<(String, String)>,
    tags: Vec<String>,
    extras: Vec<String>,
    whose: bool,
}

impl Columns {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            read: Vec::new(),
            tags: Vec::new(),
            extras: Vec::new(),
            whose: false,
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What is read, as SQL.
    pub(super) fn read(&self) -> Vec<String> {
        let read = self
            .read
            .iter()
            .map(|(expression, name)| format!("{expression} AS {name}"));
        let mut read: Vec<String> = read.collect();
        if read.is_empty() {
            read.push("1 AS one".to_owned());
        }
        read
    }

    /// Notes that owners are asked for.
    pub(super) fn ask_whose(&mut self) {
        self.whose = true;
    }

    pub(super) fn asks_whose(&self) -> bool {
        self.whose
    }

    fn named(&mut self, expression: String, name: String) -> String {
        if !self.read.iter().any(|(_, known)| *known == name) {
            self.read.push((expression, name.clone()));
        }
        name
    }

    /// A column of texts.
    pub(super) fn text(&mut self, column: Column) -> String {
        let of = self.dialect.identifier(column.name());
        self.named(
            format!("coalesce({of}, '')"),
            format!("its_{}", snake(column.name())),
        )
    }

    /// A column of costs.
    pub(super) fn number(&mut self, column: Column) -> String {
        let of = self.dialect.identifier(column.name());
        self.named(of, format!("its_{}", snake(column.name())))
    }

    /// A day or a month, as text.
    pub(super) fn time(&mut self, dimension: &Dimension) -> String {
        let column = match dimension {
            Dimension::BilledMonth => Column::BillingPeriodStart,
            _ => Column::ChargePeriodStart,
        };
        let of = self.dialect.identifier(column.name());
        let name = match dimension {
            Dimension::Day => "its_day",
            Dimension::Month => "its_month",
            _ => "its_billed_month",
        };
        let made = self.dialect.date(&of, *dimension == Dimension::Day);
        self.named(made, name.to_owned())
    }

    /// The value of a tag, or null.
    pub(super) fn tag(&mut self, key: &str) -> String {
        let at = place(&mut self.tags, key);
        let of = self.dialect.identifier(Column::Tags.name());
        let value = self.dialect.tag(&of, key);
        self.named(value, format!("tag_{}", at + 1))
    }

    /// A column beyond FOCUS.
    pub(super) fn extra(&mut self, name: &str) -> String {
        let at = place(&mut self.extras, name);
        let of = self.dialect.identifier(name);
        self.named(format!("coalesce({of}, '')"), format!("extra_{}", at + 1))
    }
}

/// The place of a text in a list, at its end if it was not in it.
fn place(list: &mut Vec<String>, text: &str) -> usize {
    let known = list.iter().position(|known| known == text);
    known.unwrap_or_else(|| {
        list.push(text.to_owned());
        list.len() - 1
    })
}

/// `SubAccountId` as `sub_account_id`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Lines with commas between.
pub(super) fn list(indent: &str, items: &[String]) -> String {
    let mut lines = String::new();
    for (at, item) in items.iter().enumerate() {
        let comma = if at + 1 < items.len() { "," } else { "" };
        lines.push_str(&format!("{indent}{item}{comma}\n"));
    }
    lines
}

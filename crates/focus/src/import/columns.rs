//! The columns of a vendor's file: those that go into FOCUS's as they stand, those that an
//! importer reads itself, and all others, which are kept beside the charge.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::input::record::short;
use super::{ColumnIndex, Input, Options, Record};
use crate::{Cell, Column, Problem, Row, codes};

/// A column of FOCUS and what vendors call it; the first name that a file has is taken.
pub(super) type Named = (Column, &'static [&'static str]);

/// The columns of a file while an importer chooses among them.
pub(super) struct Columns {
    file: String,
    names: Vec<(String, ColumnIndex)>,
    /// Columns by what makes one name of the several ways of writing it.
    places: HashMap<String, ColumnIndex>,
    taken: HashSet<usize>,
    over: Over,
}

/// What of each record goes over into the charge as it stands.
#[derive(Default)]
pub(super) struct Over {
    texts: Vec<(Column, ColumnIndex)>,
    numbers: Vec<(Column, ColumnIndex)>,
    written: Vec<(Column, String)>,
    rest: Vec<ColumnIndex>,
    extra: Vec<String>,
    own: usize,
}

impl Columns {
    /// The columns of a file, to be found by what `key` makes of their names. Of two with one
    /// key the first is found; the other is kept beside the charges.
    ///
    /// # Errors
    /// Says that two columns could each be the one that says what a charge costs.
    pub(super) fn of(
        input: &mut Input,
        key: impl Fn(&str) -> String,
    ) -> Result<Self, Vec<Problem>> {
        input.find_all_columns().map_err(|problem| vec![problem])?;
        let mut names: Vec<(String, ColumnIndex)> = Vec::new();
        let mut places = HashMap::new();
        for name in input.columns().to_vec() {
            let Some(index) = input.column(&name) else {
                continue;
            };
            match places.entry(key(&name)) {
                Entry::Vacant(free) => {
                    free.insert(index);
                }
                Entry::Occupied(first) if is_money(first.key()) => {
                    let first = names.iter().find(|(_, index)| index == first.get());
                    let first = first.map_or("", |(first, _)| first);
                    let message =
                        format!("this column and `{}` are one and the same", short(first));
                    let help = "which one holds would be chance: rename or remove one of them";
                    let problem = input.problem(&codes::BILL_COLUMN, Some(&name), message, help);
                    return Err(vec![problem]);
                }
                Entry::Occupied(_) => {}
            }
            names.push((name, index));
        }
        Ok(Self {
            file: input.name().to_owned(),
            names,
            places,
            taken: HashSet::new(),
            over: Over::default(),
        })
    }

    /// A column that is read, and kept beside the charge as well.
    pub(super) fn look(&self, key: &str) -> Option<ColumnIndex> {
        self.places.get(key).copied()
    }

    /// The first of these columns that the file has. All of it goes into the charge, so that it
    /// is not kept beside it.
    pub(super) fn take(&mut self, keys: &[&str]) -> Option<ColumnIndex> {
        let found = keys.iter().find_map(|key| self.look(key))?;
        self.taken.insert(found.place());
        Some(found)
    }

    /// The same for what an importer makes a column of FOCUS of.
    pub(super) fn take_as(&mut self, column: Column, keys: &[&str]) -> Option<ColumnIndex> {
        let found = self.take(keys)?;
        let name = self.names.iter().find(|(_, index)| *index == found);
        self.over
            .written
            .extend(name.map(|(name, _)| (column, name.clone())));
        Some(found)
    }

    /// The same for what no charge can do without.
    ///
    /// # Errors
    /// Says that the file has no such column, and that nothing was given in its place.
    pub(super) fn need(
        &mut self,
        column: Column,
        keys: &[&str],
        options: &Options,
    ) -> Result<Option<ColumnIndex>, Vec<Problem>> {
        let found = self.take_as(column, keys);
        if found.is_some() || options.given(column).is_some() {
            return Ok(found);
        }
        let wanted = keys.first().copied().unwrap_or(column.name());
        Err(vec![self.problem(
            format!(
                "there is no column `{wanted}`, which says the {}",
                column.name()
            ),
            format!(
                "export it too, or give the {} for the whole file",
                column.name()
            ),
        )])
    }

    /// Takes columns whose texts stand in FOCUS's as they stand in the file.
    pub(super) fn texts(&mut self, named: &[Named]) {
        for (column, keys) in named {
            if let Some(index) = self.take_as(*column, keys) {
                self.over.texts.push((*column, index));
            }
        }
    }

    /// The same for numbers.
    pub(super) fn numbers(&mut self, named: &[Named]) {
        for (column, keys) in named {
            if let Some(index) = self.take_as(*column, keys) {
                self.over.numbers.push((*column, index));
            }
        }
    }

    /// Takes the columns whose name begins so, each with the rest of its name.
    pub(super) fn below(&mut self, beginning: &str) -> Vec<(String, ColumnIndex)> {
        let mut found = Vec::new();
        for (name, index) in &self.names {
            if let Some(rest) = name.strip_prefix(beginning)
                && !rest.is_empty()
            {
                self.taken.insert(index.place());
                found.push((rest.to_owned(), *index));
            }
        }
        found
    }

    /// Something that is wrong with the columns of the file.
    pub(super) fn problem(&self, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem {
            code: &codes::BILL_COLUMN,
            place: crate::Place {
                file: self.file.clone(),
                ..crate::Place::default()
            },
            message: message.into(),
            help: help.into(),
        }
    }

    /// Ends the choice. `own` are columns beyond FOCUS's that the importer fills itself; they
    /// come before those of the file.
    pub(super) fn end(self, own: &[&str]) -> Over {
        let mut over = self.over;
        over.own = own.len();
        over.extra = own.iter().map(|name| (*name).to_owned()).collect();
        let mut known: HashSet<String> = over.extra.iter().cloned().collect();
        for (name, index) in self.names {
            if self.taken.contains(&index.place()) {
                continue;
            }
            let mut beside = if name.starts_with("x_") {
                name
            } else {
                format!("x_{name}")
            };
            while !known.insert(beside.clone()) {
                beside.insert_str(0, "x_");
            }
            over.extra.push(beside);
            over.rest.push(index);
        }
        over
    }
}

/// Whether a column says what something costs, by its name.
fn is_money(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let ends = ["cost", "amount", "usd", "micros", "currency"];
    ends.iter().any(|end| key.ends_with(end))
}

impl Over {
    /// Puts into a charge what goes over as it stands.
    ///
    /// # Errors
    /// Says which number is none.
    pub(super) fn fill<'r>(&self, record: &Record<'r>, row: &mut Row<'r>) -> Result<(), Problem> {
        for (column, index) in &self.texts {
            if let Some(text) = record.text(*index) {
                row.set(*column, Cell::Text(Cow::Borrowed(text)));
            }
        }
        for (column, index) in &self.numbers {
            if let Some(number) = record.decimal(*index)? {
                row.set(*column, Cell::Number(number));
            }
        }
        row.extra.clear();
        row.extra.resize(self.own, Cow::Borrowed(""));
        let kept = |index: &ColumnIndex| Cow::Borrowed(record.text(*index).unwrap_or(""));
        row.extra.extend(self.rest.iter().map(kept));
        Ok(())
    }

    /// The names of what is kept beside the charges.
    pub(super) fn extra(&self) -> &[String] {
        &self.extra
    }

    /// Where among them the column of this name of the file is.
    pub(super) fn beside(&self, name: &str) -> Option<usize> {
        self.extra.iter().position(|beside| beside == name)
    }

    /// What the file calls the column that a FOCUS column is made of.
    pub(super) fn written_as(&self, column: Column) -> Option<&str> {
        let found = self.written.iter().find(|(known, _)| *known == column);
        found.map(|(_, name)| name.as_str())
    }
}

/// Sets all of FOCUS's costs to one amount, as they are of a tax, a credit or an adjustment.
pub(super) fn set_costs(row: &mut Row<'_>, amount: base::Decimal) {
    for column in [
        Column::BilledCost,
        Column::EffectiveCost,
        Column::ListCost,
        Column::ContractedCost,
    ] {
        row.set(column, Cell::Number(amount));
    }
}

/// Sets what is the same for all charges of a vendor.
pub(super) fn set_constants(row: &mut Row<'_>, constants: &[(Column, &'static str)]) {
    for (column, text) in constants {
        if *row.get(*column) == Cell::Null {
            row.set(*column, Cell::Text(Cow::Borrowed(text)));
        }
    }
}

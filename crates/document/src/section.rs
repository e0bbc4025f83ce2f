//! What a report is made of.

use base::{Currency, Decimal};
use chart::Chart;
use jiff::civil::Date;

use crate::amount::{long, percent, signed};

/// What stands above all sections.
#[derive(Debug, Clone, Default)]
pub struct Headline {
    /// The number to remember and what it counts: `12`, `days of money`. Empty for none.
    pub number: (String, String),
    /// What explains it; empty for nothing.
    pub note: String,
    /// The line that says how things are.
    pub text: String,
    /// Whether there is something to do now.
    pub now: bool,
}

/// A part of the page with a heading.
#[derive(Debug, Clone)]
pub struct Section {
    /// What links and the tidy table call it.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What is in it, in order.
    pub parts: Vec<Part>,
}

/// What a section is made of.
#[derive(Debug, Clone)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// A heading within the section.
    Heading(String),
    /// A line each.
    List(Vec<String>),
    /// Figures with their names.
    Table(Table),
    /// A drawing, which has its figures folded away; they are in the table for machines too.
    Chart(Chart, Option<Table>),
}

/// Figures with their names.
#[derive(Debug, Clone)]
pub struct Table {
    /// What they are.
    pub caption: String,
    /// What each column holds.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What all rows come to; its first cell is not printed but said in words.
    pub total: Option<Row>,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// What its figures measure, in the tidy table; empty for what names or explains rows.
    pub measure: &'static str,
    /// Over which time, in the tidy table: `2026-10`, `2026-10-01/2026-10-28`, or nothing.
    pub period: String,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// Whether it is to be looked at.
    pub marked: bool,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// What names the row: it is in the tidy table's `item`.
    Name(String),
    /// What names the row of the total.
    Total,
    /// What explains it.
    Text(String),
    /// Money.
    Money(Decimal, Currency),
    /// Money with its sign, for what went up or down.
    Change(Decimal, Currency),
    /// A share of one.
    Share(Decimal),
    /// A number of what the text says.
    Number(Decimal, String),
    /// A day.
    Day(Date),
    /// Nothing.
    None,
}

impl Section {
    /// A section with nothing in it yet.
    pub fn new(id: &'static str, title: &'static str) -> Self {
        let parts = Vec::new();
        Self { id, title, parts }
    }

    /// A paragraph.
    pub fn say(&mut self, text: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// A heading within it.
    pub fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Heading(text.into()));
        self
    }

    /// A list, unless nothing is in it.
    pub fn list(&mut self, items: Vec<String>) -> &mut Self {
        if !items.is_empty() {
            self.parts.push(Part::List(items));
        }
        self
    }

    /// A drawing whose figures are in a table of the section.
    pub fn chart(&mut self, chart: Chart) -> &mut Self {
        self.parts.push(Part::Chart(chart, None));
        self
    }

    /// A drawing with its figures, which are nowhere else.
    pub fn drawn(&mut self, chart: Chart, figures: Table) -> &mut Self {
        self.parts.push(Part::Chart(chart, Some(figures)));
        self
    }

    /// A table, or the text instead where it has no row.
    pub fn table(&mut self, table: Table, instead: &str) -> &mut Self {
        self.parts.push(if table.rows.is_empty() {
            Part::Text(instead.to_owned())
        } else {
            Part::Table(table)
        });
        self
    }
}

impl Table {
    /// A table without rows.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            caption: caption.into(),
            columns,
            rows: Vec::new(),
            total: None,
        }
    }

    /// One more row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        let marked = false;
        self.rows.push(Row { cells, marked });
    }

    /// One more row, marked if it is to be looked at.
    pub fn marked_row(&mut self, cells: Vec<Cell>, marked: bool) {
        self.rows.push(Row { cells, marked });
    }

    /// What all rows come to, cell by cell.
    pub fn sum(&mut self, cells: Vec<Cell>) {
        let marked = false;
        self.total = Some(Row { cells, marked });
    }

    /// How far the rows as they are printed are off the total as it is printed, by column: the
    /// sums are exact, and printing rounds.
    pub fn residues(&self) -> Vec<(String, Decimal, Currency)> {
        let Some(total) = &self.total else {
            return Vec::new();
        };
        let printed = |cell: &Cell| match cell {
            Cell::Money(amount, currency) | Cell::Change(amount, currency) => {
                Some((amount.rounded(currency.digits()), *currency))
            }
            _ => None,
        };
        let columns = self.columns.iter().zip(&total.cells).enumerate();
        let residue = |(at, (column, cell)): (usize, (&Column, &Cell))| {
            let (total, currency) = printed(cell)?;
            let rows = self
                .rows
                .iter()
                .filter_map(|row| printed(row.cells.get(at)?));
            let residue = rows.map(|(amount, _)| amount).sum::<Decimal>() - total;
            (!residue.is_zero()).then(|| (column.head.clone(), residue, currency))
        };
        columns.filter_map(residue).collect()
    }

    /// The residues in a sentence; nothing where there are none.
    pub fn rounding(&self) -> Option<String> {
        let residues = self.residues();
        let said: Vec<String> = residues
            .iter()
            .map(|(head, residue, currency)| {
                format!("{} in \u{201c}{head}\u{201d}", signed(*residue, *currency))
            })
            .collect();
        (!said.is_empty()).then(|| {
            format!(
                "Rounded for print, the rows differ from the total by {}.",
                said.join(", ")
            )
        })
    }
}

impl Column {
    /// A column that names or explains rows.
    pub fn text(head: &str) -> Self {
        Self::of(head, "", String::new())
    }

    /// A column of figures.
    pub fn of(head: impl Into<String>, measure: &'static str, period: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            measure,
            period: period.into(),
        }
    }
}

impl Cell {
    /// What names the row.
    pub fn name(text: impl Into<String>) -> Self {
        Self::Name(text.into())
    }

    /// What explains it.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A share of one, if there is one.
    pub fn share(share: Option<Decimal>) -> Self {
        share.map_or(Self::None, Self::Share)
    }

    /// A share in per cent that was measured, as a share of one.
    pub fn percent(percent: Option<f64>) -> Self {
        let share = percent.and_then(|percent| Decimal::estimated(percent / 100.0));
        Self::share(share.map(|share| share.rounded(4)))
    }

    /// A day, if there is one.
    pub fn day(day: Option<Date>) -> Self {
        day.map_or(Self::None, Self::Day)
    }

    /// Money, if there is some.
    pub fn money(amount: Option<Decimal>, currency: Currency) -> Self {
        amount.map_or(Self::None, |amount| Self::Money(amount, currency))
    }

    /// How many there are, and of what, if that is to be said.
    pub fn count(number: u64, of: &str) -> Self {
        let number = Decimal::whole(i64::try_from(number).unwrap_or(i64::MAX));
        Self::Number(number, of.to_owned())
    }

    /// Whether it stands at the right of its column.
    pub fn is_figure(&self) -> bool {
        !matches!(self, Self::Name(_) | Self::Text(_) | Self::Total)
    }

    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Name(text) | Self::Text(text) => text.clone(),
            Self::Total => "Total".to_owned(),
            Self::Money(amount, currency) => long(*amount, *currency),
            Self::Change(amount, currency) => signed(*amount, *currency),
            Self::Share(share) => percent(*share),
            Self::Number(number, unit) if unit.is_empty() => number.to_string(),
            Self::Number(number, unit) => format!("{number} {unit}"),
            Self::Day(day) => day.to_string(),
            Self::None => String::new(),
        }
    }

    /// The exact number behind what is shown, where digits were left out.
    pub fn exact(&self) -> Option<String> {
        match self {
            Self::Money(amount, currency) | Self::Change(amount, currency) => {
                let kept = amount.rounded(currency.digits());
                (kept != *amount).then(|| format!("{amount} {currency}"))
            }
            Self::Share(share) => (share.rounded(3) != *share).then(|| share.to_string()),
            _ => None,
        }
    }
}

/// A text of which every character is seen: control characters, and those that turn the direction
/// of what follows, as their escapes.
pub fn visible(text: &str) -> String {
    let turns = |letter| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}');
    let text = base::visible(text);
    if !text.contains(turns) {
        return text;
    }
    text.chars()
        .map(|letter| match letter {
            letter if turns(letter) => letter.escape_unicode().to_string(),
            letter => letter.to_string(),
        })
        .collect()
}

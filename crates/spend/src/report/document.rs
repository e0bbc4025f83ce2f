//! The report as sections of texts, figures, drawings and tables: what every format is printed
//! from, so that none says more or less than another.

use base::{Currency, Decimal};
use chart::Chart;
use jiff::civil::Date;

/// A part of the page with a heading.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// What links and the tidy table call it.
    pub id: &'static str,
    pub title: &'static str,
    pub parts: Vec<Part>,
}

/// What a section is made of.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    Heading(String),
    List(Vec<String>),
    Table(Table),
    /// A drawing, which has its figures folded away; they are in the table for machines too.
    Chart(Chart, Option<Table>),
}

/// Figures with their names.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// What all rows come to; its first cell is not printed but said in words.
    pub total: Option<Row>,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub head: String,
    /// What its figures measure, in the tidy table; empty for what names or explains rows.
    pub measure: &'static str,
    /// Over which time, in the tidy table: `2026-10`, `2026-10-01/2026-10-28`, or nothing.
    pub period: String,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    /// Whether it is to be looked at.
    pub marked: bool,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// What names the row: it is in the tidy table's `item`.
    Name(String),
    /// What names the row of the total.
    Total,
    /// What explains it.
    Text(String),
    Money(Decimal, Currency),
    /// Money with its sign, for what went up or down.
    Change(Decimal, Currency),
    /// A share of one.
    Share(Decimal),
    /// A number of what the text says.
    Number(Decimal, String),
    Day(Date),
    None,
}

impl Section {
    pub(super) fn new(id: &'static str, title: &'static str) -> Self {
        let parts = Vec::new();
        Self { id, title, parts }
    }

    pub(super) fn say(&mut self, text: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    pub(super) fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Heading(text.into()));
        self
    }

    /// A list, unless nothing is in it.
    pub(super) fn list(&mut self, items: Vec<String>) -> &mut Self {
        if !items.is_empty() {
            self.parts.push(Part::List(items));
        }
        self
    }

    /// A drawing whose figures are in a table of the section.
    pub(super) fn chart(&mut self, chart: Chart) -> &mut Self {
        self.parts.push(Part::Chart(chart, None));
        self
    }

    /// A drawing with its figures, which are nowhere else.
    pub(super) fn drawn(&mut self, chart: Chart, figures: Table) -> &mut Self {
        self.parts.push(Part::Chart(chart, Some(figures)));
        self
    }

    /// A table, or the text instead where it has no row.
    pub(super) fn table(&mut self, table: Table, instead: &str) -> &mut Self {
        self.parts.push(if table.rows.is_empty() {
            Part::Text(instead.to_owned())
        } else {
            Part::Table(table)
        });
        self
    }
}

impl Table {
    pub(super) fn new(caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            caption: caption.into(),
            columns,
            rows: Vec::new(),
            total: None,
        }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        let marked = false;
        self.rows.push(Row { cells, marked });
    }

    pub(super) fn marked_row(&mut self, cells: Vec<Cell>, marked: bool) {
        self.rows.push(Row { cells, marked });
    }

    /// What all rows come to, cell by cell.
    pub(super) fn sum(&mut self, cells: Vec<Cell>) {
        let marked = false;
        self.total = Some(Row { cells, marked });
    }

    /// How far the rows as they are printed are off the total as it is printed, by column: the
    /// sums are exact, and printing rounds.
    pub(super) fn residues(&self) -> Vec<(String, Decimal, Currency)> {
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
    pub(super) fn rounding(&self) -> Option<String> {
        let residues = self.residues();
        let said: Vec<String> = residues
            .iter()
            .map(|(head, residue, currency)| {
                format!(
                    "{} in \u{201c}{head}\u{201d}",
                    super::amount::signed(*residue, *currency)
                )
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
    pub(super) fn text(head: &str) -> Self {
        Self::of(head, "", String::new())
    }

    /// A column of figures.
    pub(super) fn of(
        head: impl Into<String>,
        measure: &'static str,
        period: impl Into<String>,
    ) -> Self {
        Self {
            head: head.into(),
            measure,
            period: period.into(),
        }
    }
}

impl Cell {
    pub(super) fn name(text: impl Into<String>) -> Self {
        Self::Name(text.into())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn share(share: Option<Decimal>) -> Self {
        share.map_or(Self::None, Self::Share)
    }

    /// A share in per cent that was measured, as a share of one.
    pub(super) fn percent(percent: Option<f64>) -> Self {
        let share = percent.and_then(|percent| Decimal::estimated(percent / 100.0));
        Self::share(share.map(|share| share.rounded(4)))
    }

    pub(super) fn day(day: Option<Date>) -> Self {
        day.map_or(Self::None, Self::Day)
    }

    pub(super) fn money(amount: Option<Decimal>, currency: Currency) -> Self {
        amount.map_or(Self::None, |amount| Self::Money(amount, currency))
    }

    pub(super) fn count(number: u64, of: &str) -> Self {
        let number = Decimal::whole(i64::try_from(number).unwrap_or(i64::MAX));
        Self::Number(number, of.to_owned())
    }

    /// Whether it stands at the right of its column.
    pub(super) fn is_figure(&self) -> bool {
        !matches!(self, Self::Name(_) | Self::Text(_) | Self::Total)
    }

    /// As people read it.
    pub(super) fn shown(&self) -> String {
        use super::amount::{long, percent, signed};
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
    pub(super) fn exact(&self) -> Option<String> {
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
pub(super) fn visible(text: &str) -> String {
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

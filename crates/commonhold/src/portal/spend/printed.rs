//! A document's sections as parts of a page.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base::Decimal;
use document::{Cell as Figure, Column as Head, Part as Piece, Section, Table as Figures};
use portal::model::{Cell, Column, ColumnKind, Filter, Mood, Part, Row, Table, Value};

/// Where a name leads.
type Leads<'l> = &'l dyn Fn(&str) -> Option<String>;

/// The parts of a section, with its heading before them. What stands below a heading within it is
/// folded away.
pub(super) fn section(section: &Section, leads: Leads<'_>) -> Vec<Part> {
    let mut parts = vec![Part::Heading {
        id: section.id,
        text: section.title.to_owned(),
    }];
    parts.extend(body(section, leads));
    parts
}

/// The same without its heading.
pub(super) fn body(section: &Section, leads: Leads<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut folded: Option<(String, Vec<Part>)> = None;
    let mut tables = 0;
    for piece in &section.parts {
        let made = match piece {
            Piece::Heading(text) => {
                let before = folded.replace((text.clone(), Vec::new()));
                parts.extend(before.map(|(text, within)| Part::Folded(text, within)));
                continue;
            }
            Piece::Text(text) => vec![Part::Text(text.clone())],
            Piece::List(lines) => lines.iter().cloned().map(Part::Text).collect(),
            Piece::Table(table) => {
                tables += 1;
                vec![Part::Table(figures(section.id, tables, table, leads))]
            }
            Piece::Chart(chart, _) => vec![Part::Chart(Box::new(chart.clone()))],
        };
        match &mut folded {
            Some((_, within)) => within.extend(made),
            None => parts.extend(made),
        }
    }
    parts.extend(folded.map(|(text, within)| Part::Folded(text, within)));
    parts
}

fn figures(section: &'static str, number: usize, table: &Figures, leads: Leads<'_>) -> Table {
    let id = match number {
        1 => Cow::Borrowed(section),
        several => Cow::Owned(format!("{section}-{several}")),
    };
    let mut ids = BTreeSet::new();
    let columns = table.columns.iter().enumerate();
    let columns = columns.map(|(at, head)| column(at, head, table, &mut ids));
    let mut rows: Vec<Row> = table
        .rows
        .iter()
        .map(|row| Row {
            cells: cells(&row.cells, row.marked, leads),
            ..Row::default()
        })
        .collect();
    rows.extend(table.total.iter().map(|row| Row {
        cells: cells(&row.cells, row.marked, leads),
        ..Row::default()
    }));
    Table {
        id,
        caption: table.caption.clone(),
        columns: columns.collect(),
        rows,
        none: String::new(),
    }
}

fn column(at: usize, head: &Head, table: &Figures, ids: &mut BTreeSet<String>) -> Column {
    let letters = head.head.to_lowercase();
    let words: Vec<&str> = letters
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut id = words.join("_");
    if id.is_empty() || !ids.insert(id.clone()) {
        id = String::from(format!("{id}_{at}").trim_start_matches('_'));
        ids.insert(id.clone());
    }
    Column {
        id: Cow::Owned(id),
        head: Cow::Owned(head.head.clone()),
        kind: kind(at, table),
        about: Cow::Owned(head.head.clone()),
        filter: Filter::None,
        hidden: false,
    }
}

/// What a column holds, by the first cell that holds anything.
fn kind(at: usize, table: &Figures) -> ColumnKind {
    let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
    let first = cells.find(|cell| !matches!(cell, Figure::None));
    match first {
        Some(Figure::Money(..) | Figure::Change(..)) => ColumnKind::Money,
        Some(Figure::Share(_)) => ColumnKind::Share,
        Some(Figure::Day(_)) => ColumnKind::Day,
        Some(Figure::Number(_, unit)) if unit.is_empty() => ColumnKind::Decimal,
        _ => ColumnKind::Text,
    }
}

fn cells(cells: &[Figure], marked: bool, leads: Leads<'_>) -> Vec<Cell> {
    let each = cells.iter().enumerate();
    each.map(|(at, figure)| cell(figure, marked && at == 0, leads))
        .collect()
}

fn cell(figure: &Figure, marked: bool, leads: Leads<'_>) -> Cell {
    match figure {
        Figure::Name(text) | Figure::Text(text) => {
            let to = leads(text);
            let mut cell = if marked && !text.is_empty() {
                Cell::state(Mood::Warn, text.as_str())
            } else {
                Cell::text(text.as_str())
            };
            cell.to = to;
            cell
        }
        Figure::Total => Cell::text("All together"),
        Figure::Money(amount, currency) | Figure::Change(amount, currency) => {
            Cell::new(Value::Money(*amount, *currency))
        }
        Figure::Share(share) => Cell::new(Value::Share(*share)),
        Figure::Number(number, unit) => quantity(*number, unit),
        Figure::Day(day) => Cell::day(Some(*day)),
        Figure::None => Cell::none(),
    }
}

fn quantity(number: Decimal, unit: &str) -> Cell {
    if unit.is_empty() {
        Cell::new(Value::Decimal(number))
    } else {
        Cell::text(format!("{number} {unit}"))
    }
}

#[cfg(test)]
mod tests {
    use base::Currency;

    use super::*;

    #[test]
    fn a_section_becomes_its_parts_and_what_is_below_a_heading_is_folded() {
        let mut said = Section::new("grants", "Grants");
        let mut table = Figures::new(
            "All",
            vec![Head::text("Grant"), Head::of("Left", "left", "")],
        );
        let left = Figure::Money(Decimal::whole(7), Currency::USD);
        table.marked_row(vec![Figure::name("one"), left], true);
        said.table(table, "").heading("One").say("It lasts.");
        let parts = section(&said, &|_| None);
        let [
            Part::Heading { id: "grants", .. },
            Part::Table(table),
            Part::Folded(text, within),
        ] = &parts[..]
        else {
            panic!("{parts:?}");
        };
        assert_eq!((text.as_str(), within.len()), ("One", 1));
        assert_eq!(table.columns[1].kind, ColumnKind::Money);
        assert_eq!(table.rows[0].cells[0], Cell::state(Mood::Warn, "one"));
    }

    #[test]
    fn columns_of_one_heading_keep_names_of_their_own() {
        let heads = ["Left, P10", "Left P10", "%", "%"].map(Head::text).to_vec();
        let table = Figures::new("All", heads);
        let mut ids = BTreeSet::new();
        let columns = table.columns.iter().enumerate();
        let made: Vec<String> = columns
            .map(|(at, head)| column(at, head, &table, &mut ids).id.into_owned())
            .collect();
        assert_eq!(made, ["left_p10", "left_p10_1", "2", "3"]);
    }
}

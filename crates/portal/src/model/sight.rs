//! What of a page, a table and a row is for a reader. All forms go through here.

use std::borrow::Cow;

use super::{Cell, Page, Part, Reader, Row, Table, Value};

/// What stands where something is that the reader may not see. It is the same whether there is
/// something or not, so that it tells nothing.
static HIDDEN: Cell = Cell {
    value: Value::Private,
    to: None,
    audience: super::Audience::Everybody,
};

impl Reader {
    /// A cell as the reader may see it.
    pub fn cell<'c>(&self, cell: &'c Cell) -> &'c Cell {
        if self.sees(&cell.audience) {
            cell
        } else {
            &HIDDEN
        }
    }

    /// The rows that are for the reader. Their cells still have to be asked for by [`Reader::cell`].
    pub fn rows<'r>(&self, rows: &'r [Row]) -> impl Iterator<Item = &'r Row> {
        rows.iter().filter(|row| self.sees(&row.audience))
    }
}

impl Page {
    /// The page without what is not for the reader; nothing if all of it is not.
    pub fn seen_by(&self, reader: &Reader) -> Option<Cow<'_, Self>> {
        if !reader.sees(&self.audience) {
            return None;
        }
        Some(match seen(&self.parts, reader) {
            Cow::Borrowed(_) => Cow::Borrowed(self),
            Cow::Owned(parts) => Cow::Owned(Self {
                path: self.path.clone(),
                title: self.title.clone(),
                kind: self.kind.clone(),
                summary: self.summary.clone(),
                state: self.state.clone(),
                section: self.section,
                source: self.source.clone(),
                asked: self.asked.clone(),
                parts,
                audience: self.audience.clone(),
            }),
        })
    }
}

/// The parts without what is not for the reader.
pub fn seen<'p>(parts: &'p [Part], reader: &Reader) -> Cow<'p, [Part]> {
    if parts.iter().all(|part| is_whole(part, reader)) {
        return Cow::Borrowed(parts);
    }
    Cow::Owned(
        parts
            .iter()
            .filter_map(|part| for_reader(part, reader))
            .collect(),
    )
}

/// Whether everything in a part is for the reader.
fn is_whole(part: &Part, reader: &Reader) -> bool {
    match part {
        Part::Cards(cards) => cards.iter().all(|card| reader.sees(&card.audience)),
        Part::Entries(entries) => entries.iter().all(|entry| reader.sees(&entry.audience)),
        Part::Facts(facts) => facts.iter().all(|fact| reader.sees(&fact.value.audience)),
        Part::Table(table) => is_whole_table(table, reader),
        Part::Picture(picture) => is_whole_table(&picture.figures, reader),
        Part::Only(audience, parts) => {
            reader.sees(audience) && parts.iter().all(|part| is_whole(part, reader))
        }
        Part::Folded(_, parts) => parts.iter().all(|part| is_whole(part, reader)),
        Part::Heading { .. }
        | Part::Text(_)
        | Part::Quote(_)
        | Part::Notice(..)
        | Part::Ways(_)
        | Part::Chart(_)
        | Part::Steps(_)
        | Part::Command { .. }
        | Part::Form(_) => true,
    }
}

fn is_whole_table(table: &Table, reader: &Reader) -> bool {
    let whole = |row: &Row| {
        reader.sees(&row.audience) && row.cells.iter().all(|cell| reader.sees(&cell.audience))
    };
    table.rows.iter().all(whole)
}

/// What of a part is for the reader. A drawing cannot be taken apart: it goes as a whole when
/// anything in its figures is not for them.
fn for_reader(part: &Part, reader: &Reader) -> Option<Part> {
    Some(match part {
        Part::Cards(cards) => {
            let mut cards = cards.clone();
            cards.retain(|card| reader.sees(&card.audience));
            Part::Cards(cards)
        }
        Part::Entries(entries) => {
            let mut entries = entries.clone();
            entries.retain(|entry| reader.sees(&entry.audience));
            Part::Entries(entries)
        }
        Part::Facts(facts) => {
            let mut facts = facts.clone();
            for fact in &mut facts {
                if !reader.sees(&fact.value.audience) {
                    fact.value = HIDDEN.clone();
                    fact.source = None;
                }
            }
            Part::Facts(facts)
        }
        Part::Table(table) => Part::Table(table_for(table, reader)),
        Part::Picture(picture) if is_whole_table(&picture.figures, reader) => part.clone(),
        Part::Picture(picture) => Part::Table(table_for(&picture.figures, reader)),
        Part::Only(audience, parts) => {
            if !reader.sees(audience) {
                return None;
            }
            Part::Only(audience.clone(), seen(parts, reader).into_owned())
        }
        Part::Folded(words, parts) => Part::Folded(words.clone(), seen(parts, reader).into_owned()),
        other => other.clone(),
    })
}

fn table_for(table: &Table, reader: &Reader) -> Table {
    let row = |row: &Row| Row {
        key: row.key.clone(),
        cells: row
            .cells
            .iter()
            .map(|cell| reader.cell(cell).clone())
            .collect(),
        source: row.source.clone(),
        audience: row.audience.clone(),
    };
    Table {
        id: table.id.clone(),
        caption: table.caption.clone(),
        columns: table.columns.clone(),
        rows: reader.rows(&table.rows).map(row).collect(),
        none: table.none.clone(),
    }
}

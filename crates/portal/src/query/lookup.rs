//! What is looked up in the rows of a collection: made when it is first asked for, and kept as long as they are.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::choose::{counted, push};
use crate::model::{Cell, Filter, Listing, Reader, Row};

/// What is looked up in the rows of one collection.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Which row has a key.
    places: OnceLock<HashMap<Box<str>, usize>>,
    /// The values of each column by which anybody chooses, with how many rows have each.
    choices: OnceLock<Vec<Vec<(String, usize)>>>,
    /// The words of each row, as anybody reads them.
    folded: OnceLock<Vec<Folded>>,
}

impl Lookup {
    /// The first row of a key.
    pub(crate) fn place(&self, rows: &[Row], key: &str) -> Option<usize> {
        let places = self.places.get_or_init(|| {
            let mut places = HashMap::with_capacity(rows.len());
            for (place, row) in rows.iter().enumerate() {
                places.entry(row.key.as_str().into()).or_insert(place);
            }
            places
        });
        places.get(key).copied()
    }
}

/// The values of a column with how many rows have each, of those that the reader may see.
pub fn choices<'l>(
    listing: &'l Listing,
    column: &str,
    reader: &Reader,
) -> Cow<'l, [(String, usize)]> {
    let columns = listing.of.columns;
    let Some(at) = columns.iter().position(|known| known.id == column) else {
        return Cow::default();
    };
    if columns[at].filter != Filter::Choice || *reader != Reader::anybody() {
        return counted(listing, at, reader).into();
    }
    let kept = listing.lookup.choices.get_or_init(|| {
        let of = |(at, column): (usize, &crate::model::Column)| match column.filter {
            Filter::Choice => counted(listing, at, reader),
            Filter::None => Vec::new(),
        };
        columns.iter().enumerate().map(of).collect()
    });
    kept[at].as_slice().into()
}

/// The words of all rows, in their order.
pub(crate) fn folded(listing: &Listing) -> &[Folded] {
    listing.lookup.folded.get_or_init(|| {
        let anybody = Reader::anybody();
        let rows = listing.rows.iter();
        rows.map(|row| Folded::of(row, &anybody)).collect()
    })
}

/// The words of a row for a reader: those that are kept, unless there are more for them.
pub(crate) fn folded_for<'f>(kept: &'f Folded, row: &Row, reader: &Reader) -> Cow<'f, Folded> {
    if kept.holds_back && *reader != Reader::anybody() {
        Cow::Owned(Folded::of(row, reader))
    } else {
        Cow::Borrowed(kept)
    }
}

/// A row without case. Only what is for everybody is kept; the rest is read when it is asked for by somebody who may
/// see it.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    /// Its key and its first cell, in lines.
    pub(crate) name: Box<str>,
    /// All its other cells, in lines.
    pub(crate) rest: Box<str>,
    /// Whether a cell, or the row, is for some only.
    holds_back: bool,
}

impl Folded {
    pub(crate) fn of(row: &Row, reader: &Reader) -> Self {
        let mut name = row.key.clone();
        let mut rest = String::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let into = if at == 0 { &mut name } else { &mut rest };
            into.push('\n');
            push(&reader.cell(cell).value, into);
        }
        let anybody = Reader::anybody();
        let held = |cell: &Cell| !anybody.sees(&cell.audience);
        Self {
            name: name.to_lowercase().into(),
            rest: rest.to_lowercase().into(),
            holds_back: !anybody.sees(&row.audience) || row.cells.iter().any(held),
        }
    }

    /// Whether all words are in it, wherever in its own.
    pub(crate) fn has(&self, words: &[String]) -> bool {
        let is_in = |word: &String| self.name.contains(&**word) || self.rest.contains(&**word);
        words.iter().all(is_in)
    }
}

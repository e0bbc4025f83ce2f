//! Where a list goes on: behind a row that may be gone or elsewhere by then.

use std::cmp::Ordering;

use base::Decimal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::cell;
use super::problem::{self, Problem};
use crate::model::{Collection, ColumnKind, Mood, Reader, Row};

/// The order of a list.
#[derive(Debug)]
pub(crate) struct Order<'a> {
    /// The column with `-` before it for the other way around; empty for as it is.
    name: String,
    /// The column's place and what it holds.
    column: Option<(usize, ColumnKind)>,
    down: bool,
    reader: &'a Reader,
}

impl<'a> Order<'a> {
    pub(crate) fn of(of: &Collection, name: &str, reader: &'a Reader) -> Self {
        let id = name.strip_prefix('-').unwrap_or(name);
        let place = of.columns.iter().position(|column| column.id == id);
        Self {
            name: name.to_owned(),
            column: place.map(|place| (place, of.columns[place].kind)),
            down: name.starts_with('-'),
            reader,
        }
    }

    /// What stands in the column of the order.
    fn value(&self, row: &Row) -> Json {
        let held = self.column.and_then(|(place, kind)| {
            let cell = self.reader.cell(row.cells.get(place)?);
            Some(cell::typed(kind, &cell.value))
        });
        held.unwrap_or(Json::Null)
    }

    /// Whether a row comes behind what a cursor remembers, as lists are ordered: nothing comes last,
    /// and what is alike stays in the order of the keys.
    fn is_behind(&self, row: &Row, cursor: &Cursor) -> bool {
        let value = self.value(row);
        let kind = self.column.map_or(ColumnKind::Text, |(_, kind)| kind);
        let (held, other) = (rank(kind, &value), rank(kind, &cursor.value));
        let order = match (value.is_null(), cursor.value.is_null()) {
            (false, false) if self.down => other.cmp(&held),
            (false, false) => held.cmp(&other),
            (mine, theirs) => mine.cmp(&theirs),
        };
        order.then_with(|| row.key.cmp(&cursor.key)) == Ordering::Greater
    }
}

/// By what values are ordered.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Nothing,
    Truth(bool),
    Number(Decimal),
    Instant(Timestamp),
    Money(String, Decimal),
    State(Option<usize>, Vec<u8>, String),
    Words(Vec<u8>, String),
}

fn rank(kind: ColumnKind, value: &Json) -> Rank {
    let words = |text: &str| (text.to_ascii_lowercase().into_bytes(), text.to_owned());
    match value {
        Json::Null => Rank::Nothing,
        Json::Bool(truth) => Rank::Truth(*truth),
        Json::Number(number) => Rank::Number(Decimal::whole(number.as_i64().unwrap_or_default())),
        Json::String(text) => match kind {
            ColumnKind::Decimal | ColumnKind::Share => {
                Rank::Number(text.parse().unwrap_or_default())
            }
            ColumnKind::Instant => Rank::Instant(text.parse().unwrap_or_default()),
            _ => {
                let (folded, text) = words(text);
                Rank::Words(folded, text)
            }
        },
        Json::Array(texts) => {
            let first = texts.first().and_then(Json::as_str).unwrap_or_default();
            let (folded, text) = words(first);
            Rank::Words(folded, text)
        }
        Json::Object(held) => {
            let text = |name: &str| held.get(name).and_then(Json::as_str).unwrap_or_default();
            if held.contains_key("amount") {
                let amount = text("amount").parse().unwrap_or_default();
                return Rank::Money(text("currency").to_owned(), amount);
            }
            let moods = [
                Mood::Good,
                Mood::Plain,
                Mood::Waiting,
                Mood::Warn,
                Mood::Bad,
                Mood::Quiet,
            ];
            let mood = moods.iter().position(|mood| mood.word() == text("mood"));
            let (folded, word) = words(text("word"));
            Rank::State(mood, folded, word)
        }
    }
}

/// What is remembered of the last row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cursor {
    /// The order it is of.
    order: String,
    /// The key of the last row.
    key: String,
    /// What stood in the column of the order.
    value: Json,
    /// How many rows were before.
    before: usize,
}

impl Cursor {
    /// Behind a row before which, with itself, so many are.
    pub(crate) fn of(order: &Order<'_>, row: &Row, before: usize) -> Self {
        Self {
            order: order.name.clone(),
            key: row.key.clone(),
            value: order.value(row),
            before,
        }
    }

    /// As it stands in a URL.
    pub(crate) fn write(&self) -> String {
        let said = json!([self.order, self.key, self.value, self.before]);
        URL_SAFE_NO_PAD.encode(said.to_string())
    }

    /// From a URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (order, key, value, before) = serde_json::from_slice(&bytes).ok()?;
        Some(Self {
            order,
            key,
            value,
            before,
        })
    }

    /// The same, if it is of this order.
    pub(crate) fn read(text: &str, order: &Order<'_>) -> Result<Self, Problem> {
        let read = Self::parse(text).filter(|cursor| cursor.order == order.name);
        read.ok_or_else(|| {
            let what = "is not the `next` of an answer in this order; leave it out to start anew";
            let mistakes = vec![("after".to_owned(), what.to_owned())];
            let kind = &problem::INVALID;
            Problem {
                kind,
                ..Problem::parameters(mistakes)
            }
        })
    }

    /// The first row that was not answered yet: behind the last one where it still is; where it
    /// moved or is gone, behind where it was.
    pub(crate) fn place(&self, order: &Order<'_>, rows: &[&Row]) -> usize {
        let found = rows.iter().position(|row| row.key == self.key);
        match found {
            Some(at) if order.value(rows[at]) == self.value => at + 1,
            _ if order.column.is_some() => rows.partition_point(|row| !order.is_behind(row, self)),
            _ => self.before.min(rows.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Cursor, Order};
    use crate::model::{
        Cell, Collection, Column, ColumnKind, Listing, Reader, Row, Section, Value,
    };
    use crate::query::{Query, choose};

    static OF: Collection = Collection {
        id: "things",
        title: "Things",
        one: "thing",
        about: "Things.",
        section: Section::Services,
        columns: &[
            Column::new("name", "Name", ColumnKind::Text, "Its name."),
            Column::new("size", "Size", ColumnKind::Number, "Its size."),
        ],
        feed: None,
        has_pages: false,
        sort: "",
    };

    fn listing(rows: &[(u8, Option<i64>)]) -> Listing {
        let row = |(key, size): &(u8, Option<i64>)| Row {
            key: format!("{key:03}"),
            cells: vec![
                Cell::text(format!("n{}", key % 7)),
                size.map_or(Cell::none(), |size| Cell::new(Value::Number(size))),
            ],
            ..Row::default()
        };
        let mut rows: Vec<Row> = rows.iter().map(row).collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows.dedup_by(|a, b| a.key == b.key);
        Listing::new(&OF, rows)
    }

    fn asked(sort: &str) -> Query {
        let bare = sort.strip_prefix('-').unwrap_or(sort);
        Query {
            sort: (!sort.is_empty()).then(|| (bare.to_owned(), sort.starts_with('-'))),
            size: usize::MAX,
            ..Query::default()
        }
    }

    const SORTS: [&str; 5] = ["", "name", "-name", "size", "-size"];

    proptest! {
        #[test]
        fn pages_hold_each_row_once(
            rows in prop::collection::vec((any::<u8>(), prop::option::of(0..5_i64)), 0..40),
            sort in 0..SORTS.len(),
            limit in 1..7_usize,
        ) {
            let reader = Reader::anybody();
            let listing = listing(&rows);
            let all = choose(&listing, &asked(SORTS[sort]), &reader).rows;
            let order = Order::of(&OF, SORTS[sort], &reader);
            let (mut seen, mut start) = (Vec::new(), 0);
            while start < all.len() {
                let page = &all[start..(start + limit).min(all.len())];
                seen.extend(page.iter().map(|row| &row.key));
                let cursor = Cursor::of(&order, page[page.len() - 1], start + page.len());
                let read = Cursor::read(&cursor.write(), &order).unwrap();
                prop_assert_eq!(&read, &cursor);
                start = read.place(&order, &all);
            }
            prop_assert_eq!(seen, all.iter().map(|row| &row.key).collect::<Vec<_>>());
        }

        #[test]
        fn a_list_goes_on_behind_a_row_that_is_gone(
            rows in prop::collection::vec((any::<u8>(), prop::option::of(0..5_i64)), 1..40),
            sort in 1..SORTS.len(),
            at in any::<prop::sample::Index>(),
        ) {
            let reader = Reader::anybody();
            let listing = listing(&rows);
            let mut all = choose(&listing, &asked(SORTS[sort]), &reader).rows;
            let at = at.index(all.len());
            let order = Order::of(&OF, SORTS[sort], &reader);
            let cursor = Cursor::of(&order, all[at], at + 1);
            all.remove(at);
            prop_assert_eq!(cursor.place(&order, &all), at);
        }

        #[test]
        fn no_text_breaks_a_cursor(text in "\\PC*", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            use base64::Engine;
            let _ = Cursor::parse(&text);
            let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
            let _ = Cursor::parse(&text);
        }
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let (reader, listing) = (Reader::anybody(), listing(&[(1, None)]));
        let (one, other) = (
            Order::of(&OF, "name", &reader),
            Order::of(&OF, "-name", &reader),
        );
        let cursor = Cursor::of(&one, &listing.rows[0], 1).write();
        assert!(Cursor::read(&cursor, &one).is_ok());
        let problem = Cursor::read(&cursor, &other).unwrap_err();
        assert_eq!(problem.kind.status, 422);
        assert_eq!(problem.json("/x")["errors"][0]["parameter"], json!("after"));
    }
}

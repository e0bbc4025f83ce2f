//! What stands in cells, as JSON typed by their columns.

use serde_json::{Map, Value as Json, json};

use super::schema::{ANY, DAY, DECIMAL, INSTANT, Member, Schema};
use crate::Stamp;
use crate::model::{Cell, Collection, Column, ColumnKind, Reader, Row, Source, Value};

/// The words for how good something is.
const MOODS: [&str; 6] = ["good", "plain", "waiting", "warning", "bad", "quiet"];

/// What a column's values look like. They may all be null: where there is nothing, and where it is
/// not for the reader.
pub(crate) fn of_column(kind: ColumnKind) -> Schema {
    let schema = match kind {
        ColumnKind::Text => Schema::text(),
        ColumnKind::Number => Schema::Whole(i64::MIN, i64::MAX),
        ColumnKind::Decimal | ColumnKind::Share => Schema::of(&DECIMAL),
        ColumnKind::Money => Schema::named("Money"),
        ColumnKind::Day => Schema::of(&DAY),
        ColumnKind::Instant => Schema::of(&INSTANT),
        ColumnKind::Truth => Schema::Truth,
        ColumnKind::State => Schema::named("State"),
        ColumnKind::List => Schema::list(Schema::text()),
    };
    schema.or_null()
}

/// What a value looks like whose column is not known beforehand.
pub(crate) fn of_any() -> Schema {
    Schema::Either(vec![
        Schema::text(),
        Schema::Whole(i64::MIN, i64::MAX),
        Schema::Truth,
        Schema::named("Money"),
        Schema::named("State"),
        Schema::list(Schema::text()),
    ])
    .or_null()
}

/// The schemas that values name.
pub(crate) fn names() -> [(&'static str, Schema); 3] {
    let money = Schema::answer(vec![
        Member::new("amount", Schema::of(&DECIMAL), "How much, exactly."),
        Member::new(
            "currency",
            Schema::sized(&ANY, 3, 3),
            "Of what: a code of ISO 4217.",
        ),
    ]);
    let state = Schema::answer(vec![
        Member::new("word", Schema::text(), "How it is, in a word."),
        Member::new("mood", Schema::choice(MOODS), "How good that is."),
    ]);
    let source = Schema::answer(vec![
        Member::new("path", Schema::text(), "The file, from the estate's root."),
        Member::new("line", Schema::Whole(1, i64::MAX), "The line, from 1."),
        Member::new(
            "url",
            Schema::text().or_null(),
            "Where it can be looked at.",
        ),
    ]);
    [("Money", money), ("State", state), ("Source", source)]
}

/// A value as JSON of its own kind.
pub(crate) fn plain(value: &Value) -> Json {
    match value {
        Value::None | Value::Private => Json::Null,
        Value::Text(text) | Value::Code(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Decimal(number) | Value::Share(number) => json!(number.to_string()),
        Value::Money(amount, currency) => {
            json!({"amount": amount.to_string(), "currency": currency.code()})
        }
        Value::Day(day) => json!(day.to_string()),
        Value::Instant(at) => json!(at.to_string()),
        Value::Truth(truth) => json!(truth),
        Value::State(mood, word) => json!({"word": word, "mood": mood.word()}),
        Value::Links(links) => json!(links.iter().map(|link| &link.text).collect::<Vec<_>>()),
    }
}

/// A value as its column says. What a column cannot hold is not there: a program that reads a number
/// gets a number or null.
pub(crate) fn typed(kind: ColumnKind, value: &Value) -> Json {
    let fits = match (kind, value) {
        (ColumnKind::Number, Value::Number(_))
        | (ColumnKind::Decimal | ColumnKind::Share, Value::Decimal(_) | Value::Share(_))
        | (ColumnKind::Money, Value::Money(..))
        | (ColumnKind::Day, Value::Day(_))
        | (ColumnKind::Instant, Value::Instant(_))
        | (ColumnKind::Truth, Value::Truth(_))
        | (ColumnKind::State, Value::State(..))
        | (ColumnKind::List, Value::Links(_))
        | (ColumnKind::Text, Value::Text(_) | Value::Code(_)) => true,
        (ColumnKind::Decimal | ColumnKind::Share, Value::Number(number)) => {
            return json!(number.to_string());
        }
        (ColumnKind::List, Value::Text(text) | Value::Code(text)) => return json!([text]),
        (ColumnKind::State, Value::Text(word)) => return json!({"word": word, "mood": "plain"}),
        (ColumnKind::Text, value) => return words(value),
        _ => false,
    };
    if fits { plain(value) } else { Json::Null }
}

/// A value as one text.
pub(crate) fn words(value: &Value) -> Json {
    match (value, plain(value)) {
        (Value::Links(links), _) => {
            let texts: Vec<&str> = links.iter().map(|link| link.text.as_str()).collect();
            json!(texts.join(", "))
        }
        (Value::State(_, word), _) => json!(word),
        (Value::Money(amount, currency), _) => json!(format!("{amount} {currency}")),
        (_, Json::Null) => Json::Null,
        (_, Json::String(text)) => json!(text),
        (_, other) => json!(other.to_string()),
    }
}

/// Where a cell leads: a path or URL, for a list one for each of its values; null for nowhere.
fn leads(kind: ColumnKind, cell: &Cell) -> Json {
    match (&cell.value, kind) {
        (Value::Links(links), ColumnKind::List) if links.iter().any(|link| link.to.is_some()) => {
            json!(links.iter().map(|link| &link.to).collect::<Vec<_>>())
        }
        _ => json!(cell.to),
    }
}

/// Where something is said.
pub(crate) fn source(stamp: &Stamp, source: Option<&Source>) -> Json {
    let Some(source) = source else {
        return Json::Null;
    };
    let url = (!stamp.source_url.is_empty()).then(|| {
        let commit = stamp.commit.as_deref().unwrap_or("HEAD");
        let path: Vec<String> = source.path.split('/').map(http_client::segment).collect();
        stamp
            .source_url
            .replace("{commit}", commit)
            .replace("{line}", &source.line.to_string())
            .replace("{path}", &path.join("/"))
    });
    json!({"path": source.path, "line": source.line.max(1), "url": url})
}

/// A row as the reader may see it.
pub(crate) fn row(
    columns: &[Column],
    row: &Row,
    reader: &Reader,
    stamp: &Stamp,
) -> Map<String, Json> {
    let mut values = Map::new();
    let mut links = Map::new();
    for (column, cell) in columns.iter().zip(&row.cells) {
        let cell = reader.cell(cell);
        values.insert(column.id.to_string(), typed(column.kind, &cell.value));
        let to = leads(column.kind, cell);
        if !to.is_null() {
            links.insert(column.id.to_string(), to);
        }
    }
    for column in columns.iter().skip(row.cells.len()) {
        values.insert(column.id.to_string(), Json::Null);
    }
    let mut said = Map::new();
    said.insert("key".to_owned(), json!(row.key));
    said.insert("values".to_owned(), Json::Object(values));
    said.insert("links".to_owned(), Json::Object(links));
    said.insert("source".to_owned(), source(stamp, row.source.as_ref()));
    said
}

/// What a row with these columns looks like.
pub(crate) fn of_row(columns: &[Column], more: Vec<Member>) -> Schema {
    let value = |column: &Column| {
        Member::new(
            column.id.clone(),
            of_column(column.kind),
            column.about.clone(),
        )
    };
    with_values(Schema::answer(columns.iter().map(value).collect()), more)
}

/// What a row looks like whose columns are not known beforehand.
pub(crate) fn of_any_row() -> Schema {
    with_values(Schema::Map(Box::new(of_any())), Vec::new())
}

fn with_values(values: Schema, more: Vec<Member>) -> Schema {
    let mut members = vec![
        Member::new(
            "key",
            Schema::text(),
            "What tells it from all others, for ever.",
        ),
        Member::new(
            "values",
            values,
            "What is in each column; null where there is nothing, and where it is not for you.",
        ),
        Member::new(
            "links",
            Schema::Map(Box::new(of_link())),
            "Where columns lead: the path of a page here, or a URL; for a list one for each value.",
        ),
        Member::new(
            "source",
            Schema::named("Source").or_null(),
            "Where it is said.",
        ),
    ];
    members.extend(more);
    Schema::answer(members)
}

fn of_link() -> Schema {
    Schema::Either(vec![Schema::text(), Schema::list(Schema::text().or_null())])
}

/// The path of a row's page, if it has one.
pub(crate) fn page_of(collection: &Collection, key: &str) -> Json {
    if collection.has_pages {
        json!(collection.path_of(key))
    } else {
        Json::Null
    }
}

#[cfg(test)]
mod tests {
    use base::{Currency, Decimal};
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde_json::json;

    use super::{ColumnKind, names, of_any, of_column, plain, source, typed};
    use crate::Stamp;
    use crate::api::schema::Names;
    use crate::model::{Link, Mood, Source, Value};

    fn any_value() -> impl Strategy<Value = Value> {
        let currency = "USD".parse::<Currency>().unwrap();
        prop_oneof![
            Just(Value::None),
            Just(Value::Private),
            ".*".prop_map(Value::Text),
            ".*".prop_map(Value::Code),
            any::<i64>().prop_map(Value::Number),
            any::<i32>().prop_map(|n| Value::Decimal(Decimal::whole(n.into()))),
            any::<i32>().prop_map(|n| Value::Share(Decimal::whole(n.into()))),
            any::<i32>().prop_map(move |n| Value::Money(Decimal::whole(n.into()), currency)),
            Just(Value::Day(date(2026, 11, 22))),
            any::<i32>().prop_map(|n| Value::Instant(Timestamp::from_second(n.into()).unwrap())),
            any::<bool>().prop_map(Value::Truth),
            ".*".prop_map(|word| Value::State(Mood::Warn, word)),
            prop::collection::vec(".*", 0..4)
                .prop_map(|texts| Value::Links(texts.into_iter().map(Link::text).collect())),
        ]
    }

    const KINDS: [ColumnKind; 10] = [
        ColumnKind::Text,
        ColumnKind::Number,
        ColumnKind::Decimal,
        ColumnKind::Money,
        ColumnKind::Share,
        ColumnKind::Day,
        ColumnKind::Instant,
        ColumnKind::Truth,
        ColumnKind::State,
        ColumnKind::List,
    ];

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_is_of_its_columns_type(value in any_value(), kind in 0..KINDS.len()) {
            let names: Names = names().into_iter().map(|(name, schema)| (name.into(), schema)).collect();
            let said = typed(KINDS[kind], &value);
            prop_assert_eq!(of_column(KINDS[kind]).check(&said, &names), []);
            prop_assert_eq!(of_any().check(&plain(&value), &names), []);
        }
    }

    #[test]
    fn a_source_leads_to_its_line() {
        let stamp = Stamp {
            commit: Some("abc".to_owned()),
            source_url: "https://forge.example/{commit}/{path}#L{line}".to_owned(),
            ..Stamp::default()
        };
        let said = Source {
            path: "services/a b.yaml".to_owned(),
            line: 3,
        };
        let url = "https://forge.example/abc/services/a%20b.yaml#L3";
        assert_eq!(
            source(&stamp, Some(&said)),
            json!({"path": "services/a b.yaml", "line": 3, "url": url})
        );
        assert_eq!(source(&Stamp::default(), Some(&said))["url"], json!(null));
    }
}

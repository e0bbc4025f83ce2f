//! Collections: their rows page by page, and one of them.

use serde_json::{Value as Json, json};

use super::call::{Call, REPEATED, Reply};
use super::cell;
use super::cursor::{Cursor, Order};
use super::operation::{Operation, Parameter, Place};
use super::page;
use super::problem::{self, Problem};
use super::schema::{ANY, CURSOR, Member, Schema};
use super::whole;
use crate::model::{Collection, Column, Filter, Listing, Row};
use crate::query::{self, Query};

/// The most rows that are answered at once.
const MOST: i64 = 500;
/// How many are where nobody says it.
const USUAL: usize = 50;

/// What a collection is asked beside its columns.
const ASKED: [&str; 4] = ["q", "sort", "limit", "after"];

/// What one can do with a collection.
pub(crate) fn operations(listing: &Listing) -> [Operation; 2] {
    let of = listing.of;
    let name = within(of.title);
    let rows = Operation {
        of: of.id,
        ..Operation::read(
            format!("/{}", of.id),
            format!("list-{}", of.id),
            "collections",
            format!("List {name}"),
            page_schema(of),
            list,
        )
    };
    let rows = asked(of).fold(rows, Operation::with);
    let path = format!("/{}/{{key}}", of.id);
    let key = listing.rows.first().map_or("KEY", |row| row.key.as_str());
    let key = Parameter::new(
        Place::Path,
        "key",
        "What tells it from all others. A slash in it may be written `%2F`.",
        Schema::sized(&ANY, 1, 500),
        key,
    );
    let id = format!("get-{}", of.id);
    let summary = format!("Get one of {name}");
    let schema = Schema::named(one_name(of));
    let row = Operation::read(path, id, "collections", summary, schema, get).with(key);
    let row = Operation { of: of.id, ..row };
    [
        rows.about(of.about).may([&problem::INVALID]),
        row.about(of.about),
    ]
}

/// A title within a sentence: `services`, `DNS zones`.
fn within(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    let is_short = letters.clone().next().is_some_and(char::is_uppercase);
    match first {
        Some(first) if !is_short => first + letters.as_str(),
        _ => title.to_owned(),
    }
}

/// What a collection can be asked, as parameters.
fn asked(of: &'static Collection) -> impl Iterator<Item = Parameter> {
    let query = |name: &'static str, about: &'static str, schema, example: Json| {
        Parameter::new(Place::Query, name, about, schema, example)
    };
    let orders = of.columns.iter().flat_map(|column| {
        let down = format!("-{}", column.id);
        [column.id.to_string(), down]
    });
    let first = of.columns.first().map_or("", |column| column.id.as_ref());
    let fixed = [
        query(
            "q",
            "Words that must all be in a row.",
            Schema::sized(&ANY, 0, 200),
            json!("dns"),
        ),
        query(
            "sort",
            "The column of the order; with `-` before it the other way around.",
            Schema::choice(orders),
            json!(first),
        ),
        query(
            "limit",
            "How many rows are answered at most.",
            Schema::Whole(1, MOST),
            json!(USUAL),
        ),
        query(
            "after",
            "Where to go on: the `next` of the answer before, with all else as it was.",
            cursor_schema(),
            Json::Null,
        ),
    ];
    let columns = filters(of).map(|column| {
        let about = format!(
            "Only rows with one of these: {} `(none)` stands for nothing.",
            column.about
        );
        let values = Schema::List(Box::new(Schema::sized(&ANY, 0, 200)), REPEATED);
        Parameter::new(Place::Query, column.id.clone(), about, values, Json::Null)
    });
    fixed.into_iter().chain(columns)
}

fn cursor_schema() -> Schema {
    Schema::sized(&CURSOR, 1, 2_000)
}

fn filters(of: &'static Collection) -> impl Iterator<Item = &'static Column> {
    of.columns
        .iter()
        .filter(|column| column.filter != Filter::None && !ASKED.contains(&column.id.as_ref()))
}

/// The name of a collection's row in the description.
pub(crate) fn row_name(of: &Collection) -> String {
    let words = of.one.split(|c: char| !c.is_alphanumeric());
    let each = words.map(|word| {
        let mut letters = word.chars();
        let first = letters
            .next()
            .map(|letter| letter.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    });
    format!("{}Row", each.collect::<String>())
}

fn one_name(of: &Collection) -> String {
    if of.has_pages {
        row_name(of).replace("Row", "WithPage")
    } else {
        row_name(of)
    }
}

/// The schemas of a collection's row, alone and with its page.
pub(crate) fn names(of: &'static Collection) -> Vec<(String, Schema)> {
    let path = || {
        let about = "The path of its page here; `.json` behind it for its data.";
        Member::new("page", Schema::text().or_null(), about)
    };
    let mut names = vec![(row_name(of), cell::of_row(of.columns, vec![path()]))];
    if of.has_pages {
        let about = "What its page says; null where it has none at the moment.";
        let shown = Member::new("shows", Schema::named("Page").or_null(), about);
        let schema = cell::of_row(of.columns, vec![path(), shown]);
        names.push((one_name(of), schema));
    }
    names
}

fn page_schema(of: &'static Collection) -> Schema {
    Schema::answer(vec![
        Member::new("version", Schema::Whole(1, 1), "The version of this form."),
        Member::new("collection", Schema::choice([of.id]), "What these are."),
        Member::new(
            "items",
            Schema::list(Schema::named(row_name(of))),
            "The rows, in their order.",
        ),
        Member::new(
            "total",
            Schema::Whole(0, i64::MAX),
            "How many there are on all pages.",
        ),
        Member::new(
            "next",
            cursor_schema().or_null(),
            "What `after` has to be for the next page; null on the last one.",
        ),
    ])
}

fn list(call: &Call) -> Result<Reply, Problem> {
    let listing = call.listing()?;
    let query = query_of(call, listing.of);
    let order = Order::of(
        listing.of,
        call.text("sort").unwrap_or(listing.of.sort),
        call.reader(),
    );
    let chosen = query::choose(listing, &query, call.reader());
    let limit = call.given.get("limit").and_then(Json::as_u64);
    let limit = limit.map_or(USUAL, |limit| usize::try_from(limit).unwrap_or(USUAL));
    let start = match call.text("after") {
        Some(cursor) => Cursor::read(cursor, &order)?.place(&order, &chosen.rows),
        None => 0,
    };
    let rows = chosen.rows.get(start..).unwrap_or_default();
    let items: Vec<Json> = rows
        .iter()
        .take(limit)
        .map(|row| item(call, listing, row))
        .collect();
    let more = rows.len() > limit;
    let last = rows.get(limit.saturating_sub(1)).filter(|_| more);
    let next = last.map(|row| Cursor::of(&order, row, start + limit).write());
    let mut reply = Reply::new(json!({
        "version": 1,
        "collection": listing.of.id,
        "items": items,
        "total": chosen.total,
        "next": next,
    }));
    if let Some(next) = next {
        reply.headers.push((
            "link",
            format!("<{}>; rel=\"next\"", following(call, listing.of, &next)),
        ));
    }
    Ok(reply)
}

/// The whole list that is asked for, in its order; pages of it are cut by cursors.
fn query_of(call: &Call, of: &'static Collection) -> Query {
    let sort = call.text("sort").map(|sort| match sort.strip_prefix('-') {
        Some(column) => (column.to_owned(), true),
        None => (sort.to_owned(), false),
    });
    let filter = |column: &Column| {
        let mut values = call.texts(&column.id);
        values.retain(|value| !value.is_empty());
        (!values.is_empty()).then(|| (column.id.to_string(), values))
    };
    Query {
        words: call.text("q").unwrap_or_default().to_owned(),
        filters: filters(of).filter_map(filter).collect(),
        sort,
        page: 1,
        size: usize::MAX,
    }
}

/// The same list from its next page on.
fn following(call: &Call, of: &Collection, next: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &call.given {
        match value {
            _ if name == "after" => {}
            Json::Array(_) => {
                query.extend_pairs(call.texts(name).iter().map(|value| (name, value)));
            }
            Json::String(text) => {
                query.append_pair(name, text);
            }
            other => {
                query.append_pair(name, &other.to_string());
            }
        }
    }
    query.append_pair("after", next);
    format!("/api/v1/{}?{}", of.id, query.finish())
}

fn item(call: &Call, listing: &Listing, row: &Row) -> Json {
    let mut said = cell::row(listing.of.columns, row, call.reader(), call.content.stamp());
    said.insert("page".to_owned(), cell::page_of(listing.of, &row.key));
    Json::Object(said)
}

fn get(call: &Call) -> Result<Reply, Problem> {
    let listing = call.listing()?;
    let row = listing.row(call.path("key"));
    let row = row
        .filter(|row| call.reader().sees(&row.audience))
        .ok_or_else(|| {
            let says = format!(
                "No {} is called this, or it is not for you.",
                listing.of.one
            );
            Problem::new(&problem::NOT_FOUND, says)
        })?;
    let mut said = item(call, listing, row);
    if listing.of.has_pages {
        let path = format!("/{}/{}", listing.of.id, row.key);
        let stamp = call.content.stamp();
        let found = whole::shown(call, &path)?;
        said["shows"] = json!(found.map(|found| page::page(&found, call.reader(), stamp)));
    }
    Ok(Reply::new(said))
}

//! Pages and collections as data: JSON, CSV and feeds, all of them of what the reader may see.

mod atom;
mod csv;

use serde_json::{Value as Json, json};

use crate::Stamp;
use crate::api::{cell, page as parts};
use crate::model::{Listing, Page, Part, Reader, Table};
use crate::query::{self, Query};

pub use atom::{atom_of_listing, atom_of_page};
pub use csv::{csv, table_csv};

/// The version of the JSON; it changes when a program that reads it would have to.
const VERSION: u32 = 1;

/// Where the data of a page are: the same path with an end. Those of the home page are at `/index.json`.
pub fn path(page: &str, end: &str) -> String {
    let page = if page == "/" { "/index" } else { page };
    format!("{}.{end}", crate::model::encoded(page))
}

/// Where a table of a page is, as CSV.
pub fn table_path(page: &str, table: &str) -> String {
    let table: String = url::form_urlencoded::byte_serialize(table.as_bytes()).collect();
    format!("{}?table={table}", path(page, "csv"))
}

/// Whether anything happened on a page, of which there is a feed.
pub fn has_feed(page: &Page) -> bool {
    page.parts
        .iter()
        .any(|part| matches!(part, Part::Entries(_)))
}

/// A page as JSON: its parts, in their order.
pub fn page_json(page: &Page, reader: &Reader, stamp: &Stamp) -> Option<String> {
    let page = page.seen_by(reader)?;
    let page = parts::page(&page, reader, stamp);
    Some(written(&json!({"version": VERSION, "page": page})))
}

/// All rows of a collection that a query chooses, as JSON typed by its columns.
pub fn listing_json(listing: &Listing, query: &Query, reader: &Reader, stamp: &Stamp) -> String {
    let of = listing.of;
    let rows = query::all(listing, query, reader);
    let rows: Vec<Json> = rows
        .into_iter()
        .map(|row| Json::Object(cell::row(of.columns, row, reader, stamp)))
        .collect();
    written(&json!({"version": VERSION, "collection": of.id, "total": rows.len(), "rows": rows}))
}

fn written(json: &Json) -> String {
    format!("{json}\n")
}

/// The table of a page that has this id; the first, if none is named.
pub fn table<'p>(page: &'p Page, id: Option<&str>) -> Option<&'p Table> {
    tables(&page.parts, id)
}

fn tables<'p>(parts: &'p [Part], id: Option<&str>) -> Option<&'p Table> {
    parts.iter().find_map(|part| match part {
        Part::Table(table) => Some(table).filter(|table| id.is_none_or(|id| table.id == id)),
        Part::Picture(picture) => {
            Some(&picture.figures).filter(|table| id.is_some_and(|id| table.id == id))
        }
        Part::Only(_, parts) | Part::Folded(_, parts) => tables(parts, id),
        _ => None,
    })
}

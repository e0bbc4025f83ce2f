//! Pages and collections as data.

use crate::model::{Page, Part};

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
    page.parts.iter().any(|part| matches!(part, Part::Entries(_)))
}

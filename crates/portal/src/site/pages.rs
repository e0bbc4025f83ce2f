//! The pages of a site: those of the content that are for everybody, and those that only a site has.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{INDEX_OF_ALL, LOST};
use crate::model::{
    Cell, Column, ColumnKind, Link, Listing, Mood, Page, Part, Reader, Row, Section, Table,
};
use crate::{AsOf, Content, Found};

/// A page of a site.
pub(super) enum Shown {
    /// As the portal shows it.
    Page(Page),
    /// Says where it is now.
    Moved(Page),
}

/// All pages that are for everybody, by their paths, without what is not.
pub(super) fn shown(
    content: &dyn Content,
    reader: &Reader,
    now: Timestamp,
) -> BTreeMap<String, Shown> {
    let listings = content.listings();
    let mut paths: BTreeSet<String> = content.paths().into_iter().collect();
    let mut not_for_them = BTreeSet::new();
    for listing in listings {
        for row in &listing.rows {
            let path = format!("/{}/{}", listing.of.id, row.key);
            if !reader.sees(&row.audience) {
                not_for_them.insert(path);
            } else if listing.of.has_pages {
                paths.insert(path);
            }
        }
    }
    let is_taken = |path: &str| {
        let of_listing = |listing: &Listing| path.strip_prefix('/') == Some(listing.of.id);
        path == LOST || path == INDEX_OF_ALL || listings.iter().any(of_listing)
    };
    let wanted = paths
        .into_iter()
        .filter(|path| !not_for_them.contains(path) && !is_taken(path));
    wanted
        .filter_map(|path| {
            let shown = match content.page(&path, reader, &AsOf::new(now)) {
                Found::Page(page) => {
                    let mut page = page.seen_by(reader)?.into_owned();
                    page.path.clone_from(&path);
                    Shown::Page(page)
                }
                Found::Moved(to) => Shown::Moved(moved(&path, &to)),
                Found::Nothing | Found::Failed(_) => return None,
            };
            Some((path, shown))
        })
        .collect()
}

fn moved(path: &str, to: &str) -> Page {
    let mut page = Page::new(Section::Search, path, "This page has moved");
    let link = Link::new(to, crate::model::encoded(to));
    page.add(Part::Notice(
        Mood::Plain,
        "It is now at".to_owned(),
        Some(link),
    ));
    page
}

/// What stands where a portal searches: all collections.
pub(super) fn index_of_all(listings: &[Listing], reader: &Reader) -> Page {
    let mut page = Page::new(Section::Search, INDEX_OF_ALL, "Index");
    page.summary = String::from(
        "This is a copy of the portal's pages. Searching works at the portal itself; here is all there is to look through.",
    );
    let row = |listing: &Listing| Row {
        key: listing.of.id.to_owned(),
        cells: vec![
            Cell::link(listing.of.title, format!("/{}", listing.of.id)),
            Cell::count(reader.rows(&listing.rows).count()),
            Cell::text(listing.of.about),
        ],
        ..Row::default()
    };
    page.add(Part::Table(Table {
        id: "".into(),
        caption: "What there is".to_owned(),
        columns: vec![
            Column::new("collection", "What", ColumnKind::Text, ""),
            Column::new("count", "How many", ColumnKind::Number, ""),
            Column::new("about", "About", ColumnKind::Text, ""),
        ],
        rows: listings.iter().map(row).collect(),
        none: "There is nothing.".to_owned(),
    }));
    page
}

/// What a web host shows where nothing is.
pub(super) fn lost() -> Page {
    let mut page = Page::new(Section::Search, LOST, "There is no such page");
    let link = Link::new("Start at the home page.", "/");
    page.add(Part::Notice(
        Mood::Plain,
        "Nothing is at this address.".to_owned(),
        Some(link),
    ));
    page
}

/// The tables of a page that can be had by themselves.
pub(super) fn tables(parts: &[Part]) -> Vec<&Table> {
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Table(table) if !table.id.is_empty() && !table.rows.is_empty() => all.push(table),
            Part::Only(_, parts) | Part::Folded(_, parts) => all.extend(tables(parts)),
            _ => {}
        }
    }
    all
}

//! The same pages as files, for any web host or none: they link one another by where they lie, so that
//! they work below any address and from a disk. What needs a server is left out.

mod names;
mod pages;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::{Listing, Page, Reader};
use crate::query::{self, Query};
use crate::view::{self, Frame};
use crate::{Content, data, sitemap};
use names::{Names, safe};
use pages::Shown;

/// Where a portal searches; a site has a list of its collections there.
const INDEX_OF_ALL: &str = "/search";
/// What web hosts show where nothing is.
const LOST: &str = "/404.html";
/// How many rows of a collection are on one page: nothing narrows them here but the browser's own search.
const ROWS: usize = 5_000;

/// A file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it lies in the site's folder: `services/dns/index.html`.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// All files of a site, in the order of their paths: what anybody may see.
///
/// `url` is where the site is going to be. Without it there are no feeds and no map for search engines,
/// whose links must be whole.
pub fn files(content: &dyn Content, url: &str, now: Timestamp) -> Vec<File> {
    let url = url.trim_end_matches('/');
    let reader = Reader::anybody();
    let files = Files::new(content, url);
    let listings = content.listings();
    let shown = pages::shown(content, &reader, now);
    let index = pages::index_of_all(listings, &reader);

    for listing in listings {
        files.place_listing(listing, &reader);
    }
    for path in shown.keys().map(String::as_str).chain([INDEX_OF_ALL]) {
        files.place_page(path);
    }
    for listing in listings {
        files.add_listing_data(listing, &reader);
    }
    for page in shown.values() {
        if let Shown::Page(page) = page {
            files.add_page_data(page, &reader);
        }
    }

    let frame = Frame {
        stamp: content.stamp(),
        reader: &reader,
        token: None,
        live: false,
    };
    for listing in listings {
        files.write_listing(&frame, listing);
    }
    for page in shown.values() {
        let (Shown::Page(page) | Shown::Moved(page)) = page;
        files.write_page(&frame, page);
    }
    files.write_page(&frame, &index);
    files.write_page(&frame, &pages::lost());
    files.finish(url)
}

/// The files of a site while they are made, and where they lie.
pub(crate) struct Files<'c> {
    content: &'c dyn Content,
    url: &'c str,
    places: RefCell<Places>,
}

#[derive(Default)]
struct Places {
    names: Names,
    /// Files by the path of what is in them, in plain words.
    at: BTreeMap<String, String>,
    /// Files by the path and the query of the links to them.
    asked: BTreeMap<String, String>,
    /// Paths at which there is nothing.
    nothing: BTreeSet<String>,
    made: BTreeMap<String, Vec<u8>>,
}

impl Places {
    fn add(&mut self, path: &str, bytes: Vec<u8>) -> String {
        let file = self.names.file(path);
        self.at.insert(path.to_owned(), file.clone());
        self.made.insert(file.clone(), bytes);
        file
    }
}

impl<'c> Files<'c> {
    fn new(content: &'c dyn Content, url: &'c str) -> Self {
        let mut places = Places::default();
        // Nothing else may lie where web hosts look for these.
        for path in [LOST, "/robots.txt", "/sitemap.xml"] {
            places.at.insert(path.to_owned(), places.names.file(path));
        }
        Self {
            content,
            url,
            places: RefCell::new(places),
        }
    }

    /// Where something is, as it is seen from a page; nothing where the site does not have it.
    pub(crate) fn relative(&self, page: &str, to: &str) -> Option<String> {
        let file = self.file(to)?;
        let (_, place) = view::split(to);
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("#{place}")
        };
        if page == LOST {
            // It is shown at any address, so that nothing lies beside it.
            return Some(format!("{}/{file}{place}", self.url));
        }
        let places = self.places.borrow();
        let from = places.at.get(page)?;
        Some(steps(from, &file) + &place)
    }

    /// The file that a link leads to. What is no page becomes a file when the first link leads to it.
    fn file(&self, to: &str) -> Option<String> {
        let asked = to.split_once('#').map_or(to, |(asked, _)| asked);
        let (path, _) = view::split(to);
        let mut places = self.places.borrow_mut();
        if let Some(file) = places.asked.get(asked).or_else(|| places.at.get(&path)) {
            return Some(file.clone());
        }
        if places.nothing.contains(&path) {
            return None;
        }
        let asset = view::asset(&path).map(|(_, bytes)| bytes.to_vec());
        let file = || Some(self.content.file(&path)?.1.into_bytes());
        let Some(bytes) = asset.or_else(file) else {
            places.nothing.insert(path);
            return None;
        };
        Some(places.add(&path, bytes))
    }

    fn place_page(&self, path: &str) {
        let mut places = self.places.borrow_mut();
        let file = places.names.page(path);
        places.at.insert(path.to_owned(), file);
    }

    /// A collection's first page is that of its folder; others lie beside it, so that links of all lead alike.
    fn place_listing(&self, listing: &Listing, reader: &Reader) {
        let path = format!("/{}", listing.of.id);
        self.place_page(&path);
        let query = rows();
        let total = reader.rows(&listing.rows).count();
        let mut places = self.places.borrow_mut();
        for page in 2..=query.pages(total) {
            let file = places.names.file(&format!("{path}/page-{page}.html"));
            let asked = format!("{path}{}", query.at(page).asked());
            places.asked.insert(asked, file);
        }
    }

    fn add_listing_data(&self, listing: &Listing, reader: &Reader) {
        let stamp = self.content.stamp();
        let path = format!("/{}", listing.of.id);
        let all = Query::default();
        self.add_data(&path, "json", || {
            Some(data::listing_json(listing, &all, reader, stamp))
        });
        self.add_data(&path, "csv", || Some(data::csv(listing, &all, reader)));
        self.add_data(&path, "atom", || {
            data::atom_of_listing(listing, reader, self.url, stamp)
        });
    }

    fn add_page_data(&self, page: &Page, reader: &Reader) {
        let stamp = self.content.stamp();
        self.add_data(&page.path, "json", || data::page_json(page, reader, stamp));
        self.add_data(&page.path, "atom", || {
            data::atom_of_page(page, reader, self.url, stamp)
        });
        for table in pages::tables(&page.parts) {
            let mut places = self.places.borrow_mut();
            let asked = data::table_path(&page.path, &table.id);
            if places.asked.contains_key(&asked) {
                continue;
            }
            let page = if page.path == "/" {
                "/index"
            } else {
                &page.path
            };
            let file = places
                .names
                .file(&format!("{page}.{}.csv", safe(&table.id)));
            places.asked.insert(asked, file.clone());
            places
                .made
                .insert(file, data::table_csv(table, reader).into_bytes());
        }
    }

    /// Puts data beside a page, unless a page is where they would be, or a feed could not say where it is.
    fn add_data(&self, page: &str, end: &str, make: impl FnOnce() -> Option<String>) {
        let page = if page == "/" { "/index" } else { page };
        let path = format!("{page}.{end}");
        let is_page = self.places.borrow().at.contains_key(&path);
        if is_page || (end == "atom" && self.url.is_empty()) {
            return;
        }
        if let Some(text) = make() {
            self.places.borrow_mut().add(&path, text.into_bytes());
        }
    }

    fn write_listing(&self, frame: &Frame<'_>, listing: &Listing) {
        let path = format!("/{}", listing.of.id);
        let query = rows();
        let total = query::choose(listing, &query, frame.reader).total;
        for page in 1..=query.pages(total) {
            let query = query.at(page);
            let Some(file) = self.file(&format!("{path}{}", query.asked())) else {
                continue;
            };
            let text = view::listing_in(frame, listing, &query, self);
            self.places
                .borrow_mut()
                .made
                .insert(file, text.into_bytes());
        }
    }

    fn write_page(&self, frame: &Frame<'_>, page: &Page) {
        let text = view::page_in(frame, page, Some(self));
        let mut places = self.places.borrow_mut();
        if let Some(file) = places.at.get(&page.path).cloned() {
            places.made.insert(file, text.into_bytes());
        }
    }

    fn finish(self, url: &str) -> Vec<File> {
        let mut made = self.places.into_inner().made;
        if !url.is_empty() {
            let is_page = |file: &&String| file.ends_with(".html") && !LOST.ends_with(*file);
            // Names of files need no encoding.
            let pages = made.keys().filter(is_page);
            let pages: Vec<String> = pages.map(|file| format!("/{file}")).collect();
            let maps = sitemap::files(url, &pages).into_iter();
            made.extend(maps.map(|(name, text)| (name, text.into_bytes())));
            let robots = format!("User-agent: *\nAllow: /\nSitemap: {url}/sitemap.xml\n");
            made.insert("robots.txt".to_owned(), robots.into_bytes());
        }
        let files = made.into_iter();
        files.map(|(path, bytes)| File { path, bytes }).collect()
    }
}

/// What is asked of a collection for its pages.
fn rows() -> Query {
    Query {
        size: ROWS,
        ..Query::default()
    }
}

/// The way from one file to another.
fn steps(from: &str, to: &str) -> String {
    let above = |file: &str| -> Vec<String> {
        let folder = file.rsplit_once('/').map(|(folder, _)| folder);
        folder
            .into_iter()
            .flat_map(|folder| folder.split('/').map(str::to_owned))
            .collect()
    };
    let (from, above) = (above(from), above(to));
    let same = from.iter().zip(&above).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(from.len() - same);
    for folder in &above[same..] {
        way.push_str(folder);
        way.push('/');
    }
    way + to.rsplit_once('/').map_or(to, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_file_to_another_climbs_no_higher_than_it_must() {
        let ways = [
            ("index.html", "index.html", "index.html"),
            ("index.html", "a/b/index.html", "a/b/index.html"),
            ("a/b/index.html", "index.html", "../../index.html"),
            ("a/b/index.html", "a/c/index.html", "../c/index.html"),
            ("a/b/index.html", "a/b.json", "../b.json"),
            ("a/page-2.html", "a/index.html", "index.html"),
        ];
        for (from, to, way) in ways {
            assert_eq!(steps(from, to), way);
        }
    }
}

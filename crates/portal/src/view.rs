//! Pages as HTML.
//!
//! Nothing that anybody wrote becomes markup, every character of it is seen, and only paths of the
//! portal, web and mail addresses become links. Pages have no style and no script inside, so that
//! whoever serves them can forbid both.

mod asset;
mod form;
mod head;
mod list;
mod palette;
mod parts;
mod scene;
mod sections;
mod shell;
mod table;
mod value;

use maud::html;

use crate::Stamp;
use crate::data;
use crate::model::{Listing, Page, Reader, Section};
use crate::query::Query;
use crate::site::Files;
use scene::{Scene, shown};
use shell::{Also, Inside};

pub use asset::{asset, assets, icon, script, style};
pub(crate) use scene::split;

/// What is around a page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What state is shown.
    pub stamp: &'a Stamp,
    /// Who reads.
    pub reader: &'a Reader,
    /// What forms have to send back, where anything can be sent; none in a static site and for whoever has no session.
    pub token: Option<&'a str>,
    /// Whether a server answers: in a static site nothing can be sent or asked.
    pub live: bool,
}

/// A page, without what its reader may not see.
pub fn page(frame: &Frame<'_>, page: &Page) -> String {
    page_in(frame, page, None)
}

/// The page of a collection, with the rows that a query chooses of those that the reader may see.
pub fn listing(frame: &Frame<'_>, listing: &Listing, query: &Query) -> String {
    let path = format!("/{}", listing.of.id);
    list::listing(&Scene::new(frame, &path, None), listing, query)
}

/// What is said instead of a page: a title, and what to do.
pub fn problem(frame: &Frame<'_>, status: u16, title: &str, text: &str) -> String {
    let scene = Scene::new(frame, "/", None);
    let body = html! {
        p.kind { "Error " (status) }
        h1 { (shown(title)) }
        @for line in text.lines() { p.summary { (shown(line)) } }
        p { a href="/" { "To the home page" } }
    };
    // No section is current: the page is nowhere.
    let inside = Inside {
        title,
        section: Section::Api,
        asked: "",
        also: &[],
        body,
    };
    shell::document(&scene, &inside)
}

pub(crate) fn page_in(frame: &Frame<'_>, page: &Page, files: Option<&Files<'_>>) -> String {
    let scene = Scene::new(frame, &page.path, files);
    let Some(page) = page.seen_by(frame.reader) else {
        return problem(frame, 404, "There is no such page", "");
    };
    let page: &Page = &page;
    let also = also(&scene, page);
    let body = html! {
        (shell::crumbs(&scene, page.section, &page.title))
        (head::title(&page.kind, &page.title, page.state.as_ref()))
        @if !page.summary.is_empty() { p.summary { (shown(&page.summary)) } }
        (head::about(&scene, page.source.as_ref(), &also))
        (head::contents(&page.parts))
        (parts::parts(&scene, &page.parts))
    };
    let inside = Inside {
        title: &page.title,
        section: page.section,
        asked: &page.asked,
        also: &also,
        body,
    };
    shell::document(&scene, &inside)
}

pub(crate) fn listing_in(
    frame: &Frame<'_>,
    listing: &Listing,
    query: &Query,
    files: &Files<'_>,
) -> String {
    let path = format!("/{}", listing.of.id);
    list::listing(&Scene::new(frame, &path, Some(files)), listing, query)
}

fn also(scene: &Scene<'_>, page: &Page) -> Vec<Also> {
    // One's own pages and forms are nothing to be had elsewhere.
    if matches!(
        page.section,
        Section::Account | Section::Api | Section::Desk | Section::Search
    ) {
        return Vec::new();
    }
    let mut ends = vec![("JSON", "json", "application/json")];
    if data::has_feed(page) {
        ends.push(("Atom", "atom", "application/atom+xml"));
    }
    let link = |(name, end, kind)| {
        let to = scene.href(&data::path(scene.path, end))?;
        Some(Also { name, kind, to })
    };
    ends.into_iter().filter_map(link).collect()
}

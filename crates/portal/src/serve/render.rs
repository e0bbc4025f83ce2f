//! From what is asked to the bytes of an answer. Nothing here waits or knows of connections.

use axum::http::HeaderValue;

use super::answer::{Answer, Keep};
use super::path::{Form, encoded};
use crate::model::{Listing, Part};
use crate::query::Query;
use crate::sign_in::Session;
use crate::view::{self, Frame};
use crate::{AsOf, Content, Found, api, data, search, sitemap};

const HTML: &str = "text/html; charset=utf-8";

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The path, in plain words.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// Where the portal is reached.
    pub(crate) url: String,
}

impl Asked {
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.query.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What is the same for the same answer, of one state of a community.
    pub(crate) fn key(&self, content: &dyn Content) -> String {
        let rows = Form::of(&self.path).map_or("", |(path, _)| path);
        let query = if let Some(listing) = listed(content, &self.path) {
            Query::parse(listing.of, self.pairs()).0.canonical()
        } else if let Some(listing) = listed(content, rows) {
            // All rows are given, whatever page was looked at.
            let query = Query::parse(listing.of, self.pairs()).0;
            query.on_one_page().canonical()
        } else {
            let mut all = url::form_urlencoded::Serializer::new(String::new());
            all.extend_pairs(&self.query);
            all.finish()
        };
        format!("{} {}?{query}", content.stamp().version, self.path)
    }
}

/// What there is.
#[derive(Debug)]
pub(crate) enum Rendered {
    Answer(Answer),
    /// It is at another path, not encoded.
    Moved(String),
    Nothing,
    /// It could not be told, with what to do.
    Failed(String),
}

/// Makes the answer.
pub(crate) fn render(
    content: &dyn Content,
    asked: &Asked,
    session: &Session,
    now: &AsOf,
) -> Rendered {
    let frame = Frame {
        stamp: content.stamp(),
        reader: &session.reader,
        token: session.token.as_deref(),
        live: true,
    };
    let path = asked.path.as_str();
    match path {
        "/robots.txt" => return text("text/plain; charset=utf-8", robots(&asked.url)),
        path if sitemap::is_named(path) => return addresses(content, &asked.url, path),
        "/search" => {
            let words = asked.pairs().find(|(name, _)| *name == "q");
            let words = words.map_or("", |(_, words)| words);
            let page = search::page(content.listings(), words, frame.reader);
            return text(HTML, view::page(&frame, &page));
        }
        _ => {}
    }
    if path.starts_with("/assets/") {
        return asset(path);
    }
    if let Some(listing) = listed(content, path) {
        // What is asked wrongly is left out: the page shows what it was asked.
        let (query, _) = Query::parse(listing.of, asked.pairs());
        return text(HTML, view::listing(&frame, listing, &query));
    }
    if let Some((kind, file)) = content.file(path) {
        return text(kind, file);
    }
    match page(content, &frame, path, now) {
        Found::Page(mut page) => {
            page.parts
                .splice(..0, session.notice.as_deref().map(Part::done));
            text(HTML, view::page(&frame, &page))
        }
        Found::Moved(to) => Rendered::Moved(to),
        Found::Failed(what) => Rendered::Failed(what),
        Found::Nothing => Form::of(path).map_or(Rendered::Nothing, |form| {
            for_programs(content, &frame, form, asked, now)
        }),
    }
}

/// The collection at a path.
fn listed<'c>(content: &'c dyn Content, path: &str) -> Option<&'c Listing> {
    let id = path.strip_prefix('/')?;
    content
        .listings()
        .iter()
        .find(|listing| listing.of.id == id)
}

/// The page at a path. That of a row which is not for the reader is none to them, whoever made it.
fn page(content: &dyn Content, frame: &Frame<'_>, path: &str, now: &AsOf) -> Found {
    let named = path.trim_start_matches('/').split_once('/');
    let row = named.and_then(|(id, key)| {
        content
            .listings()
            .iter()
            .find(|listing| listing.of.id == id)?
            .row(key)
    });
    if row.is_some_and(|row| !frame.reader.sees(&row.audience)) {
        return Found::Nothing;
    }
    if let Some(page) = api::page(path, content.listings()) {
        return Found::Page(Box::new(page));
    }
    match content.page(path, frame.reader, now) {
        Found::Page(page) if !frame.reader.sees(&page.audience) => Found::Nothing,
        found => found,
    }
}

/// A collection or a page for programs.
fn for_programs(
    content: &dyn Content,
    frame: &Frame<'_>,
    (path, form): (&str, Form),
    asked: &Asked,
    now: &AsOf,
) -> Rendered {
    let (reader, stamp) = (frame.reader, frame.stamp);
    let made = if let Some(listing) = listed(content, path) {
        let query = Query::parse(listing.of, asked.pairs()).0;
        match form {
            Form::Json => Some(data::listing_json(listing, &query, reader, stamp)),
            Form::Csv => Some(data::csv(listing, &query, reader)),
            Form::Atom => data::atom_of_listing(listing, reader, &asked.url, stamp),
        }
    } else {
        let page = match self::page(content, frame, path, now) {
            Found::Page(page) => page,
            Found::Moved(to) => return Rendered::Moved(format!("{to}{}", form.end())),
            Found::Failed(what) => return Rendered::Failed(what),
            Found::Nothing => return Rendered::Nothing,
        };
        match form {
            Form::Json => data::page_json(&page, reader, stamp),
            Form::Csv => page.seen_by(reader).and_then(|page| {
                let named = asked.pairs().find(|(name, _)| *name == "table");
                let table = data::table(&page, named.map(|(_, id)| id))?;
                Some(data::table_csv(table, reader))
            }),
            Form::Atom => data::atom_of_page(&page, reader, &asked.url, stamp),
        }
    };
    made.map_or(Rendered::Nothing, |made| text(form.kind(), made))
}

fn text(kind: &'static str, text: String) -> Rendered {
    let kind = HeaderValue::from_static(kind);
    Rendered::Answer(Answer::new(kind, text, Keep::Asking))
}

fn asset(path: &str) -> Rendered {
    view::asset(path).map_or(Rendered::Nothing, |(kind, bytes)| {
        let kind = HeaderValue::from_static(kind);
        Rendered::Answer(Answer::new(kind, bytes, Keep::ForEver))
    })
}

/// What programs that follow every link leave alone: what is the same again in another order, or is for one person.
fn robots(url: &str) -> String {
    format!(
        "User-agent: *\nDisallow: /*?\nDisallow: /api/\nDisallow: /desk/\nDisallow: /search\nDisallow: /sign-in\nSitemap: {url}/sitemap.xml\n"
    )
}

/// What search engines read to find all pages that are for everybody.
fn addresses(content: &dyn Content, url: &str, path: &str) -> Rendered {
    let anybody = crate::Reader::anybody();
    let mut paths = content.paths();
    for listing in content.listings() {
        paths.push(format!("/{}", listing.of.id));
        let rows = listing
            .rows
            .iter()
            .filter(|row| listing.of.has_pages && anybody.sees(&row.audience));
        paths.extend(rows.map(|row| format!("/{}/{}", listing.of.id, row.key)));
    }
    let paths: Vec<String> = paths.iter().map(|path| encoded(path)).collect();
    let mut files = sitemap::files(url, &paths).into_iter();
    let found = files.find(|(name, _)| *name == path[1..]);
    found.map_or(Rendered::Nothing, |(_, file)| text("application/xml", file))
}

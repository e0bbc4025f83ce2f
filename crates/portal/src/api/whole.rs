//! What is asked of all: how things stand, who asks, pages, search.

#![expect(
    clippy::unnecessary_wraps,
    reason = "whatever answers is of one type, whether it can fail or not"
)]

use serde_json::{Value as Json, json};

use super::call::{Call, Reply};
use super::cell;
use super::operation::{Operation, Parameter, Place};
use super::page;
use super::problem::{self, Problem};
use super::schema::{ANY, INSTANT, Member, Schema};
use crate::model::{Listing, Page};
use crate::search;
use crate::{AsOf, Found};

/// How many of each collection a search answers.
const FOUND: usize = 20;

/// All of them.
pub(crate) fn operations() -> Vec<Operation> {
    let path = Parameter::new(
        Place::Path,
        "path",
        "The path of a page, without the slash before it; `index` for the home page. It may have slashes.",
        Schema::sized(&ANY, 1, 500),
        "index",
    );
    let words = Parameter::new(
        Place::Query,
        "q",
        "Words that must all be in what is found.",
        Schema::sized(&ANY, 0, 200),
        "dns",
    );
    vec![
        Operation::read("/", "get-index", "about", "See where to start", index_schema(), index),
        Operation::read(super::DESCRIPTION, "get-description", "about", "Get this description", Schema::Any, description)
            .about("OpenAPI 3.1, made of the same table as the answers."),
        Operation::read("/state", "get-state", "about", "See which state of the community is shown", state_schema(), state)
            .about("And what keeps a newer one from being shown, if anything does."),
        Operation::read("/me", "get-me", "about", "See who you are here", me_schema(), me),
        Operation::read("/pages/{path}", "get-page", "pages", "Get a page", Schema::named("Page"), get_page)
            .about("What a page says, as its parts. Pages of collections and of what is in them are here too.")
            .with(path)
            .may([&problem::LATER]),
        Operation::read("/search", "search", "pages", "Search in all collections", search_schema(), search)
            .with(words),
    ]
}

fn text(name: &'static str, about: &'static str) -> Member {
    Member::new(name, Schema::text(), about)
}

fn version() -> Member {
    Member::new("version", Schema::Whole(1, 1), "The version of this form.")
}

fn index_schema() -> Schema {
    Schema::answer(vec![
        version(),
        text("description", "Where the description of the API is."),
        text("guide", "Where it is explained."),
    ])
}

fn index(_: &Call) -> Result<Reply, Problem> {
    let description = format!("/api/v1{}", super::DESCRIPTION);
    Ok(Reply::new(
        json!({"version": 1, "description": description, "guide": "/api"}),
    ))
}

fn description(call: &Call) -> Result<Reply, Problem> {
    let stamp = call.content.stamp();
    let listings = call.content.listings();
    Ok(Reply::new(super::openapi::document(
        &stamp.community,
        listings,
    )))
}

fn state_schema() -> Schema {
    let commit = || {
        Member::new(
            "commit",
            Schema::text().or_null(),
            "The commit, where the estate is in Git.",
        )
    };
    let at = |name: &'static str, about: &'static str| {
        Member::new(name, Schema::of(&INSTANT).or_null(), about)
    };
    let trouble = Schema::answer(vec![
        commit(),
        Member::new("since", Schema::of(&INSTANT), "Since when."),
        Member::new("what", Schema::list(Schema::text()), "What is wrong."),
    ]);
    let collection = Schema::answer(vec![
        text("id", "Its name in URLs."),
        text("title", "What it is called."),
        text("about", "What is in it."),
        Member::new(
            "total",
            Schema::Whole(0, i64::MAX),
            "How many there are, of those that you may see.",
        ),
    ]);
    Schema::answer(vec![
        version(),
        text("community", "What the community is called."),
        text("description", "What it does."),
        commit(),
        at("committed", "When it was committed."),
        at("read", "When it was read."),
        text("stamp", "What differs when anything shown differs."),
        Member::new(
            "trouble",
            trouble.or_null(),
            "What keeps a newer state from being shown.",
        ),
        Member::new("collections", Schema::list(collection), "All collections."),
    ])
}

fn state(call: &Call) -> Result<Reply, Problem> {
    let stamp = call.content.stamp();
    let trouble = stamp.trouble.as_ref().map(|trouble| {
        json!({"commit": trouble.commit, "since": trouble.since.to_string(), "what": trouble.what})
    });
    let collection = |listing: &Listing| {
        let of = listing.of;
        let total = call.reader().rows(&listing.rows).count();
        json!({"id": of.id, "title": of.title, "about": of.about, "total": total})
    };
    let listings = call.content.listings().iter();
    Ok(Reply::new(json!({
        "version": 1,
        "community": stamp.community,
        "description": stamp.description,
        "commit": stamp.commit,
        "committed": stamp.committed.map(|at| at.to_string()),
        "read": stamp.read.to_string(),
        "stamp": stamp.version,
        "trouble": trouble,
        "collections": listings.map(collection).collect::<Vec<_>>(),
    })))
}

fn me_schema() -> Schema {
    Schema::answer(vec![
        version(),
        Member::new("signed_in", Schema::Truth, "Whether you signed in."),
        Member::new("name", Schema::text().or_null(), "What you are called."),
        Member::new(
            "person",
            Schema::text().or_null(),
            "Your name in the estate, if it knows you.",
        ),
        Member::new(
            "may_see",
            Schema::list(Schema::text()),
            "What you may see of what is private.",
        ),
        Member::new(
            "csrf_token",
            Schema::text().or_null(),
            "What a session sends as `X-Csrf-Token` where it changes something.",
        ),
    ])
}

fn me(call: &Call) -> Result<Reply, Problem> {
    let reader = call.reader();
    Ok(Reply::new(json!({
        "version": 1,
        "signed_in": reader.identity.is_some(),
        "name": reader.name(),
        "person": reader.person,
        "may_see": reader.may.iter().map(|kind| kind.word()).collect::<Vec<_>>(),
        "csrf_token": call.session.token,
    })))
}

fn get_page(call: &Call) -> Result<Reply, Problem> {
    let path = match call.path("path") {
        "index" => "/".to_owned(),
        path => format!("/{path}"),
    };
    let found = shown(call, &path)?;
    let found = found.ok_or_else(|| {
        let says = "There is no such page, or it is not for you.";
        Problem::new(&problem::NOT_FOUND, says)
    })?;
    Ok(Reply::new(page::page(
        &found,
        call.reader(),
        call.content.stamp(),
    )))
}

/// The page at a path, without what is not for the reader. That of a row which is not for them is none.
pub(crate) fn shown(call: &Call, path: &str) -> Result<Option<Page>, Problem> {
    let content = call.content.as_ref();
    let named = path.trim_start_matches('/').split_once('/');
    let row = named.and_then(|(id, key)| {
        let listing = content
            .listings()
            .iter()
            .find(|listing| listing.of.id == id)?;
        listing.row(key)
    });
    if row.is_some_and(|row| !call.reader().sees(&row.audience)) {
        return Ok(None);
    }
    match content.page(path, call.reader(), &AsOf::new(call.minute())) {
        Found::Page(page) => Ok(page
            .seen_by(call.reader())
            .map(std::borrow::Cow::into_owned)),
        Found::Failed(what) => Err(Problem::new(&problem::LATER, what)),
        Found::Moved(_) | Found::Nothing => Ok(None),
    }
}

fn search_schema() -> Schema {
    let item = Schema::answer(vec![
        text("key", "What tells it from all others of its collection."),
        text("title", "What it is called."),
        Member::new(
            "page",
            Schema::text().or_null(),
            "The path of its page here.",
        ),
        Member::new(
            "source",
            Schema::named("Source").or_null(),
            "Where it is said.",
        ),
    ]);
    let group = Schema::answer(vec![
        text("collection", "Of what collection these are."),
        Member::new("total", Schema::Whole(0, i64::MAX), "How many were found."),
        Member::new("items", Schema::list(item), "The first of them."),
    ]);
    Schema::answer(vec![
        version(),
        Member::new(
            "groups",
            Schema::list(group),
            "What was found, by collection.",
        ),
    ])
}

fn search(call: &Call) -> Result<Reply, Problem> {
    let words = call.text("q").unwrap_or_default();
    let listings = call.content.listings().iter();
    let groups = listings.filter_map(|listing| group(call, listing, words));
    Ok(Reply::new(
        json!({"version": 1, "groups": groups.collect::<Vec<_>>()}),
    ))
}

fn group(call: &Call, listing: &Listing, words: &str) -> Option<Json> {
    let (rows, total) = search::find(listing, words, call.reader(), FOUND);
    let item = |row: &&crate::model::Row| {
        let first = row.cells.first().map(|cell| call.reader().cell(cell));
        let title = first.map(|cell| cell::words(&cell.value));
        json!({
            "key": row.key,
            "title": title.filter(Json::is_string).unwrap_or_else(|| json!(row.key)),
            "page": cell::page_of(listing.of, &row.key),
            "source": cell::source(call.content.stamp(), row.source.as_ref()),
        })
    };
    (total > 0).then(|| {
        let items: Vec<Json> = rows.iter().map(item).collect();
        json!({"collection": listing.of.id, "total": total, "items": items})
    })
}

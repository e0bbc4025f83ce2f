//! Where what is shown comes from.

use std::cell::Cell;

use jiff::Timestamp;

use crate::model::{Listing, Page, Reader};

/// One state of a community: of one commit, on one day. It never changes; a new state is a new one.
pub trait Content: Send + Sync + 'static {
    /// What state it is of.
    fn stamp(&self) -> &Stamp;

    /// All collections, in the order of the navigation.
    fn listings(&self) -> &[Listing];

    /// The page at a path that is not that of a collection, for a reader at an instant: `/`, `/services/dns`.
    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found;

    /// The paths of all pages beside those of collections and of their rows, for a static site.
    fn paths(&self) -> Vec<String>;

    /// A calendar or another file that is no page: its type, and what is in it.
    fn file(&self, path: &str) -> Option<(&'static str, String)>;
}

/// The time as of which a page is made. A page for which nobody asked for it is the same as long as the state is.
#[derive(Debug)]
pub struct AsOf {
    at: Timestamp,
    asked: Cell<bool>,
}

impl AsOf {
    /// As of an instant.
    pub fn new(at: Timestamp) -> Self {
        Self {
            at,
            asked: Cell::new(false),
        }
    }

    /// The instant, on which what is made depends from now on.
    pub fn instant(&self) -> Timestamp {
        self.asked.set(true);
        self.at
    }

    /// Whether anybody asked for it.
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.get()
    }
}

/// What is at a path.
#[derive(Debug)]
pub enum Found {
    /// A page.
    Page(Box<Page>),
    /// It is at another path for ever.
    Moved(String),
    /// Nothing.
    Nothing,
    /// It could not be told, with what to do.
    Failed(String),
}

/// What state of a community is shown.
#[derive(Debug, Clone, Default)]
pub struct Stamp {
    /// What the community is called.
    pub community: String,
    /// What it does, in a sentence.
    pub description: String,
    /// The commit, where the estate is in Git.
    pub commit: Option<String>,
    /// When it was committed.
    pub committed: Option<Timestamp>,
    /// When it was read.
    pub read: Timestamp,
    /// Something that differs when anything shown differs, beside the reader and the time.
    pub version: String,
    /// Where a line of a file can be looked at: `https://forge.example/blob/{commit}/{path}#L{line}`; empty for nowhere.
    pub source_url: String,
    /// Whether one can only read: nobody signs in, asks or votes here.
    pub only_shows: bool,
    /// What keeps a newer state from being shown.
    pub trouble: Option<Trouble>,
}

/// What keeps a newer state from being shown; every page says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The commit that is not shown, if it could be told.
    pub commit: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// What is wrong, each in a line.
    pub what: Vec<String>,
}

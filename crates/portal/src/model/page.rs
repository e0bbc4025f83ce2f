//! A page, as parts.

use chart::Chart;
use jiff::Timestamp;

use super::{Audience, Cell, Form, Link, Mood, Source, Table};

/// Where a page is in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What is on fire, what waits, what changed.
    Home,
    /// What runs.
    Services,
    /// Who owns.
    Groups,
    /// Who.
    People,
    /// What hangs on what.
    Wiring,
    /// What is wrong.
    Findings,
    /// What is to be done to real systems.
    Changes,
    /// What is put before the community.
    Decisions,
    /// Who is chosen.
    Elections,
    /// Who may do what.
    Access,
    /// What it costs.
    Spend,
    /// What moves.
    Migration,
    /// When things are.
    Calendar,
    /// What was done.
    Ledger,
    /// What one can ask for.
    Desk,
    /// Found by searching.
    Search,
    /// One's own: sign-in and what follows from it.
    Account,
    /// What programs read.
    Api,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its path, not encoded: `/services/dns`.
    pub path: String,
    /// Its title.
    pub title: String,
    /// What kind of thing it is about, above the title: `Service`; empty for none.
    pub kind: String,
    /// What it is, in a sentence or two below the title.
    pub summary: String,
    /// How things are with it, beside the title.
    pub state: Option<(Mood, String)>,
    /// Where it is in the navigation.
    pub section: Section,
    /// Where what it is about is declared.
    pub source: Option<Source>,
    /// What was searched for, which stays in the field above every page.
    pub asked: String,
    /// What is on it.
    pub parts: Vec<Part>,
    /// For whom it is.
    pub audience: Audience,
}

impl Page {
    /// A page with nothing on it yet.
    pub fn new(section: Section, path: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            title: title.into(),
            kind: String::new(),
            summary: String::new(),
            state: None,
            section,
            source: None,
            asked: String::new(),
            parts: Vec::new(),
            audience: Audience::Everybody,
        }
    }

    /// One more part.
    pub fn add(&mut self, part: Part) -> &mut Self {
        self.parts.push(part);
        self
    }

    /// A heading, to which one can link.
    pub fn heading(&mut self, id: &'static str, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        self.add(Part::Heading { id, text })
    }

    /// A paragraph.
    pub fn say(&mut self, text: impl Into<String>) -> &mut Self {
        self.add(Part::Text(text.into()))
    }
}

/// What a page is made of.
#[derive(Debug, Clone)]
pub enum Part {
    /// A heading.
    Heading {
        /// What links call it, one of its own on the page.
        id: &'static str,
        /// What it says.
        text: String,
    },
    /// A paragraph.
    Text(String),
    /// Words that somebody else wrote, with their line breaks: a proposal, a reason, a difference of files.
    Quote(String),
    /// Something to be noticed.
    Notice(Mood, String, Option<Link>),
    /// What else is in the same part of the navigation, in its order, the page itself among it.
    Ways(Vec<Link>),
    /// Large figures that lead somewhere.
    Cards(Vec<Card>),
    /// What is said of a thing.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
    /// A chart with its figures.
    Chart(Box<Chart>),
    /// A drawing that links lead on from, with its figures.
    Picture(Box<Picture>),
    /// What happened, newest first; it makes the page's feed.
    Entries(Vec<Entry>),
    /// What comes after what, and how far it is.
    Steps(Vec<Step>),
    /// What to type elsewhere.
    Command {
        /// What it does.
        about: String,
        /// What is typed.
        text: String,
    },
    /// What one can send.
    Form(Form),
    /// Parts that are for some only.
    Only(Audience, Vec<Part>),
    /// Parts that are folded away below words that say what they are.
    Folded(String, Vec<Part>),
}

impl Part {
    /// What the reader has just done.
    pub fn done(says: &str) -> Self {
        Self::Notice(Mood::Good, says.to_owned(), None)
    }
}

/// A large figure.
#[derive(Debug, Clone)]
pub struct Card {
    /// What it counts.
    pub label: String,
    /// The figure.
    pub figure: String,
    /// What explains it.
    pub note: String,
    /// How good it is.
    pub mood: Mood,
    /// Where it leads.
    pub to: Option<String>,
    /// For whom it is.
    pub audience: Audience,
}

/// Something said of a thing.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name in data.
    pub id: &'static str,
    /// What it is.
    pub label: String,
    /// What is said.
    pub value: Cell,
    /// Where it is said.
    pub source: Option<Source>,
}

/// A drawing with places in it that lead on.
#[derive(Debug, Clone)]
pub struct Picture {
    /// One `<svg>` element, with a title and a description of its own.
    pub svg: String,
    /// What it shows, in words.
    pub caption: String,
    /// The same, as a table.
    pub figures: Table,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What tells it from all others of the page, for ever.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What, in a few words.
    pub title: String,
    /// More of it.
    pub text: String,
    /// Where it leads.
    pub to: Option<String>,
    /// How good it is.
    pub mood: Mood,
    /// For whom it is.
    pub audience: Audience,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// It is this one's turn.
    Now,
    /// Ahead.
    Ahead,
    /// It ended here.
    Stopped,
}

/// A step of something that takes several.
#[derive(Debug, Clone)]
pub struct Step {
    /// How far it is.
    pub state: StepState,
    /// What it is.
    pub title: String,
    /// Whose turn it is, what is missing, when it was.
    pub text: String,
    /// When it was, or will be at the latest.
    pub at: Option<Timestamp>,
}

//! Who may do what, resolved once a state.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;

use access::model::{Matrix, Thing};
use estate::Estate;
use jiff::civil::Date;
use portal::model::{Link, Page};

use super::secrets::Secrets;
use super::things;
use crate::commands::what::matrix;
use crate::portal::shown::link;
use crate::project::Checked;

type Question = Box<dyn FnOnce(&Matrix<'_>) + Send>;

/// The resolution of access of one state.
///
/// It borrows from the estate, so it lives beside it in a thread of its own, which answers
/// questions one after the other and ends with the state.
pub(crate) struct Resolved {
    questions: mpsc::Sender<Question>,
    /// What of the answers is not for everybody.
    pub(super) secrets: Secrets,
    /// What hangs on each team.
    around: HashMap<String, Around>,
    /// All that access is named to, once it was asked for.
    things: OnceLock<BTreeSet<Thing>>,
    /// Those of it that everybody may know of.
    open: OnceLock<BTreeSet<Thing>>,
    /// The overview, once it was asked for.
    pub(super) overview: OnceLock<Page>,
}

/// What hangs on a team.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// The teams that are part of it.
    pub(super) within: Vec<Link>,
    /// The teams that include its members.
    pub(super) including: Vec<Link>,
    /// The services that it administers: their places among the services of the estate.
    pub(super) services: Vec<usize>,
}

impl Resolved {
    /// Begins to resolve an estate for a day.
    pub(crate) fn of(checked: &Arc<Checked>, day: Date) -> Self {
        let (questions, asked) = mpsc::channel::<Question>();
        let secrets = Secrets::of(&checked.estate);
        let around = around(&checked.estate);
        let checked = Arc::clone(checked);
        thread::spawn(move || {
            let matrix = matrix(&checked.estate, &checked.charter, day);
            for question in asked {
                question(&matrix);
            }
        });
        Self {
            questions,
            secrets,
            around,
            things: OnceLock::new(),
            open: OnceLock::new(),
            overview: OnceLock::new(),
        }
    }

    /// What the resolution answers; nothing where it broke down, which is a bug.
    pub(crate) fn ask<A: Send + 'static>(
        &self,
        question: impl FnOnce(&Matrix<'_>) -> A + Send + 'static,
    ) -> Option<A> {
        let (answer, answered) = mpsc::sync_channel(1);
        let question: Question = Box::new(move |matrix| {
            // Whoever asked may be gone.
            let _ = answer.send(question(matrix));
        });
        self.questions.send(question).ok()?;
        answered.recv().ok()
    }

    /// What hangs on a team.
    pub(super) fn around(&self, team: &str) -> Option<&Around> {
        self.around.get(team)
    }

    /// Whether the estate names access to something.
    pub(super) fn names(&self, thing: &Thing, estate: &Estate) -> bool {
        let all = self.things.get_or_init(|| things::all(estate));
        all.contains(thing)
    }

    /// Whether it names it where everybody may see it: not only by secret teams.
    pub(super) fn shows(&self, thing: &Thing, estate: &Estate) -> bool {
        let open = self.open.get_or_init(|| things::open(estate));
        open.contains(thing)
    }
}

fn around(estate: &Estate) -> HashMap<String, Around> {
    let mut all: HashMap<String, Around> = HashMap::new();
    for item in estate.tables.teams.items() {
        let here = || link("teams", &item.name);
        let parent = item
            .value
            .parent
            .as_ref()
            .and_then(|named| estate.find(named));
        if let Some(parent) = parent {
            let of = all.entry(parent.name.clone()).or_default();
            of.within.push(here());
        }
        let included = item
            .value
            .include
            .iter()
            .filter_map(|one| one.team.as_ref());
        for team in included.filter_map(|named| estate.find(named)) {
            let of = all.entry(team.name.clone()).or_default();
            of.including.push(here());
        }
    }
    for (at, item) in estate.tables.services.items().enumerate() {
        let by = item.value.administration.as_ref();
        let team = by
            .and_then(|by| by.team.as_ref())
            .and_then(|named| estate.find(named));
        if let Some(team) = team {
            all.entry(team.name.clone()).or_default().services.push(at);
        }
    }
    all
}

//! Whether it is over: what the community asks before the group that moves things may end.

mod handed;
mod held;
mod kept;
mod owned;

use base::{Diagnostic, Span};
use charter::{Charter, DisbandPolicy};
use estate::Estate;
use jiff::civil::Date;
use serde::Serialize;

use crate::standing::Standing;

/// What is asked, and all that the answer rests on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The estate.
    pub estate: &'a Estate,
    /// The community's rules.
    pub charter: &'a Charter,
    /// What is asked before a group ends; nothing if only migrations are asked about.
    pub policy: Option<&'a DisbandPolicy>,
    /// How the migrations stand that are asked about.
    pub standings: &'a [Standing],
    /// Since when nothing is left of each of them, in their order.
    pub since: &'a [Since],
    /// For how many days nothing may have been left.
    pub held_for_days: u32,
    /// What the rules of the charter find.
    pub findings: &'a [Diagnostic],
    /// The day.
    pub today: Date,
}

/// For how many days nothing may have been left, where the charter does not say.
pub const HELD_FOR_DAYS: u32 = 90;

/// A commit that says how things were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The commit.
    pub commit: String,
    /// The day on which it was made.
    pub day: Date,
    /// How many things were left in it.
    pub left: usize,
}

/// Since when nothing is left of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Something is left, or was left until a change that is not committed.
    Not,
    /// Since a commit; before it, something was left or could not be read.
    Commit {
        /// The first commit in which nothing was left.
        first: Witness,
        /// The one before it, with what was left; nothing if the estate could not be read there.
        before: Option<Witness>,
    },
    /// As far back as was asked for: this commit stood when the time began.
    Always(Witness),
    /// As far back as there are commits, which is less than was asked for; with the oldest.
    TooShort(Witness),
    /// Nobody knows, and why.
    Unknown(String),
}

/// Yes or no, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether it is over.
    pub yes: bool,
    /// What was asked, in order.
    pub criteria: Vec<Criterion>,
    /// The shortest list of what would make it yes, by criterion.
    pub tasks: Vec<Task>,
}

/// One thing that must be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// What it is called in JSON.
    pub id: &'static str,
    /// What must be so.
    pub title: String,
    /// Whether it is.
    pub holds: bool,
    /// What says that.
    pub evidence: Vec<String>,
}

/// Something to be done, for one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// The criterion that it is for.
    pub criterion: &'static str,
    /// Who does it: a group; nobody if it is only to wait.
    pub who: Option<String>,
    /// What.
    pub what: String,
    /// To what, with where it is written.
    pub things: Vec<Thing>,
}

/// Something that a task is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thing {
    /// What it is called.
    pub name: String,
    /// Where it is written.
    #[serde(skip)]
    pub place: Span,
}

/// Whether it is over.
pub fn judge(question: &Question<'_>) -> Answer {
    let mut finding = Finding::default();
    held::goals(question, &mut finding);
    held::time(question, &mut finding);
    held::exceptions(question, &mut finding);
    owned::assets(question, &mut finding);
    if let Some(policy) = question.policy {
        handed::over(question, policy, &mut finding);
        kept::services(question, policy, &mut finding);
    }
    Answer {
        yes: finding.criteria.iter().all(|one| one.holds),
        criteria: finding.criteria,
        tasks: finding.tasks,
    }
}

impl Question<'_> {
    /// The group that ends, if one is asked about.
    fn ending(&self) -> Option<&str> {
        let group = &self.policy?.group.name;
        let found = self.estate.tables.groups.get(group);
        Some(found.map_or(group.as_str(), |group| group.name.as_str()))
    }
}

/// What was found so far.
#[derive(Default)]
struct Finding {
    criteria: Vec<Criterion>,
    tasks: Vec<Task>,
}

impl Finding {
    /// A criterion that holds if there is nothing to be done for it.
    fn criterion(
        &mut self,
        id: &'static str,
        title: impl Into<String>,
        evidence: Vec<String>,
        tasks: Vec<Task>,
    ) {
        let holds = tasks.is_empty();
        self.judged(id, title, holds, evidence, tasks);
    }

    /// A criterion, some tasks of which may be told with another.
    fn judged(
        &mut self,
        id: &'static str,
        title: impl Into<String>,
        holds: bool,
        evidence: Vec<String>,
        tasks: Vec<Task>,
    ) {
        self.criteria.push(Criterion {
            id,
            title: title.into(),
            holds,
            evidence,
        });
        self.tasks.extend(tasks);
    }
}

/// A verb with how many things it is done to: `move 12 things`.
fn said(verb: &str, things: &[Thing], one: &str, several: &str, rest: &str) -> String {
    format!("{verb} {}{rest}", base::counted(things.len(), one, several))
}

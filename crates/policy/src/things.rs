//! All that predicates are said of, kind by kind.

mod account;
mod job;
mod mailing_group;
mod service;

use std::sync::OnceLock;

use estate::kinds::{About, Kind};
use estate::{Estate, HasTable, KindId, Ref, Tables};
use jiff::civil::Date;
use jobs::{Subjects, item};
use predicate::{Field, Type, Vocabulary};

use crate::Subject;
use account::AccountThing;
use job::{JobThing, PresetThing, TabThing};
use mailing_group::MailingGroupThing;
use service::ServiceThing;

pub use account::ACCOUNT;
pub use mailing_group::MAILING_GROUP;
pub use service::SERVICE;

/// The fields of what a predicate is said of.
pub fn vocabulary(about: About) -> &'static dyn Vocabulary {
    match about {
        About::Job => &item::JOB,
        About::Preset => &item::PRESET,
        About::Tab => &item::TAB,
        About::Service => &SERVICE,
        About::Account => &ACCOUNT,
        About::MailingGroup => &MAILING_GROUP,
    }
}

/// All that predicates are said of. Each kind is made when it is first asked for.
#[derive(Default)]
struct Made<'e> {
    jobs: OnceLock<Vec<JobThing<'e>>>,
    presets: OnceLock<Vec<PresetThing<'e>>>,
    tabs: OnceLock<Vec<TabThing<'e>>>,
    services: OnceLock<Vec<ServiceThing<'e>>>,
    accounts: OnceLock<Vec<AccountThing<'e>>>,
    mailing_groups: OnceLock<Vec<MailingGroupThing<'e>>>,
}

/// All that predicates are said of, by kind.
pub struct Things<'e> {
    estate: &'e Estate,
    jobs: Option<&'e Subjects<'e>>,
    day: Option<Date>,
    made: Made<'e>,
}

impl std::fmt::Debug for Things<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Things")
            .field("day", &self.day)
            .finish_non_exhaustive()
    }
}

impl<'e> Things<'e> {
    /// The things of an estate; its jobs too, where they have been read.
    pub fn of(estate: &'e Estate, jobs: Option<&'e Subjects<'e>>) -> Self {
        Self {
            estate,
            jobs,
            day: None,
            made: Made::default(),
        }
    }

    /// As they are on a day: for whom people work then. Without it, for whom they work with no
    /// end set.
    pub fn on(mut self, day: Date) -> Self {
        self.day = Some(day);
        self
    }

    /// The estate they are of.
    pub fn estate(&self) -> &'e Estate {
        self.estate
    }

    /// The jobs, if they have been read.
    pub fn jobs(&self) -> Option<&'e Subjects<'e>> {
        self.jobs
    }

    /// All things of a kind, in the order in which they were read.
    pub fn of_kind(&self, about: About) -> Vec<&dyn Subject> {
        let (estate, made) = (self.estate, &self.made);
        let tables = &estate.tables;
        match about {
            About::Job => all(made.jobs.get_or_init(|| {
                self.jobs
                    .into_iter()
                    .flat_map(Subjects::jobs)
                    .map(JobThing::of)
                    .collect()
            })),
            About::Preset => all(made.presets.get_or_init(|| {
                self.jobs
                    .into_iter()
                    .flat_map(Subjects::presets)
                    .map(PresetThing::of)
                    .collect()
            })),
            About::Tab => all(made.tabs.get_or_init(|| {
                self.jobs
                    .into_iter()
                    .flat_map(Subjects::tabs)
                    .map(TabThing::of)
                    .collect()
            })),
            About::Service => all(made.services.get_or_init(|| {
                let services = tables.services.items();
                services
                    .map(|service| ServiceThing::of(service, estate, self.day))
                    .collect()
            })),
            About::Account => all(made.accounts.get_or_init(|| {
                let accounts = tables.accounts.items();
                accounts
                    .map(|account| AccountThing::of(account, estate))
                    .collect()
            })),
            About::MailingGroup => all(made.mailing_groups.get_or_init(|| {
                let groups = tables.mailing_groups.items();
                groups
                    .map(|group| MailingGroupThing::of(group, estate))
                    .collect()
            })),
        }
    }

    /// Whether anything is read that could be of a kind: jobs are not where no source of them is
    /// named.
    pub fn are_read(&self, about: About) -> bool {
        table(about).is_some() || self.jobs.is_some()
    }

    /// Whether all things of a kind could be read with all that they are put together from, so that
    /// what is not there is gone.
    pub fn are_complete(&self, about: About) -> bool {
        let tables = &self.estate.tables;
        match about {
            About::Job | About::Preset | About::Tab => self.jobs.is_some_and(Subjects::is_complete),
            About::Service => {
                !tables.services.is_incomplete()
                    && !tables.accounts.is_incomplete()
                    && !tables.people.is_incomplete()
            }
            About::Account => !tables.accounts.is_incomplete() && !tables.services.is_incomplete(),
            About::MailingGroup => {
                !tables.mailing_groups.is_incomplete() && !tables.people.is_incomplete()
            }
        }
    }

    /// Whether a thing may be there although it was not read: its file may hold a mistake.
    pub fn may_be_unread(&self, about: About, id: &str) -> bool {
        match table(about) {
            Some(kind) => self.estate.tables.knows(kind, id),
            None => !self.are_complete(about),
        }
    }

    /// Whether the thing that another is a copy of may be there although it was not read.
    pub(crate) fn parents_may_be_unread(&self, about: About) -> bool {
        let jobs = self.jobs.filter(|_| about == About::Job);
        jobs.is_some_and(|jobs| jobs.catalogue().incomplete)
    }

    /// Whether nobody can say what a field holds, because a source of it could not be read.
    pub(crate) fn is_unsure(&self, about: About, field: &str) -> bool {
        let jobs = self.jobs.filter(|_| about == About::Job);
        jobs.is_some_and(|jobs| jobs.is_unsure(field))
    }

    /// What kind of source a field needs and none is named of.
    pub(crate) fn lacks(&self, about: About, field: &str) -> Option<&'static str> {
        self.jobs.filter(|_| about == About::Job)?.lacks(field)
    }
}

fn all<T: Subject>(things: &[T]) -> Vec<&dyn Subject> {
    things.iter().map(|thing| thing as &dyn Subject).collect()
}

/// The kind of item that a predicate is said of, where it is one.
pub(crate) fn table(about: About) -> Option<KindId> {
    match about {
        About::Job | About::Preset | About::Tab => None,
        About::Service => Some(KindId::Service),
        About::Account => Some(KindId::Account),
        About::MailingGroup => Some(KindId::MailingGroup),
    }
}

/// A field of a vocabulary.
const fn field(name: &'static str, holds: Type, doc: &'static str) -> Field {
    Field { name, holds, doc }
}

static TEXT: Type = Type::Text;
const TEXTS: Type = Type::List(&TEXT);

/// The name under which an item is declared, or as it was written where it leads nowhere.
fn declared<'e, K: Kind>(estate: &'e Estate, reference: &'e Ref<K>) -> &'e str
where
    Tables: HasTable<K>,
{
    estate
        .find(reference)
        .map_or(reference.name.as_str(), |item| item.name.as_str())
}

/// The same texts, each once, in the order of the first.
fn distinct<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen: Vec<&str> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

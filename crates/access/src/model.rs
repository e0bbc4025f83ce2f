//! Who may do what, resolved over a whole estate for one day: who is in which team and mailing
//! group, by which ways, what each person may do, and who may do each thing.
//!
//! What is desired of every system comes from here, so that the answer to "who can" and what is
//! written there are one.
//!
//! - Somebody who has left has nothing, wherever they still stand.
//! - A team holds those named in it, those named for a time that is not over, and those it
//!   includes: holders of a role in a group on that day, and those who are in another team.
//!   Inclusions may follow each other in a circle: all in it then hold the same people.
//! - What a team may do to repositories, as a role of a system, or to a service, all in its parts
//!   may do too, as forges have it. Lists are lists: those of an included team, of a mailing group
//!   and of a directory take who is in the team itself.
//! - What was granted until a day is nothing from the next day on.
//!
//! This module knows no clock: the day is an argument.

mod facts;
mod mailing;
mod people;
mod question;
mod review;
mod teams;
mod terms;

pub use facts::given_by;
pub use question::{AskError, Question};
pub use review::{CONFIRMED_FOR_DAYS, Review, ReviewLine, review};
pub use terms::{Access, Hop, Level, Path, Principal, Thing};

pub(crate) use mailing::mailing_role;
pub(crate) use review::days_between;

use std::collections::BTreeSet;

use base::Span;
use estate::Estate;
use estate::kinds::{MailingRole, Organisation, Person, Team, TeamRole};
use estate::{Item, Ref};
use jiff::civil::Date;
use serde::Serialize;

use facts::Index;
use mailing::Mailing;
use people::{People, Whose, in_organisation};
use teams::Teams;

/// How many days a grant that was taken in an emergency may last, the day itself not counted:
/// long enough for a night, and too short to be forgotten.
pub const BREAK_GLASS_DAYS: i32 = 1;

/// Who may do what, over a whole estate on one day.
///
/// It is computed once; every answer then takes a time that grows with the answer.
pub struct Matrix<'e> {
    estate: &'e Estate,
    day: Date,
    people: People<'e>,
    teams: Teams<'e>,
    mailing: Mailing<'e>,
    index: Index<'e>,
    readers: Option<&'e Ref<Team>>,
}

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// Their name in the estate.
    pub person: String,
    /// Their login at the forge, as they spell it.
    pub login: String,
    /// What they are there.
    pub role: TeamRole,
    /// The last day; none if it has no end.
    pub until: Option<Date>,
    /// Every way by which they are in it.
    pub why: Vec<Path>,
}

/// An address in a mailing group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailingMembership {
    /// As it is spelled.
    pub address: String,
    /// The person whose it is, by name.
    pub person: Option<String>,
    /// The mailing group whose it is, by name.
    pub mailing_group: Option<String>,
    /// What it is there: the most that any way gives.
    pub role: MailingRole,
    /// The last day; none if it has no end.
    pub until: Option<Date>,
    /// Every way by which it is in it.
    pub why: Vec<Path>,
}

/// Somebody in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// Their name in the estate.
    pub person: String,
    /// Their login at the forge, as they spell it.
    pub login: String,
    /// Whether they may do everything there.
    pub admin: bool,
    /// Where that is written.
    pub span: Span,
}

impl<'e> Matrix<'e> {
    /// Resolves an estate for a day.
    pub fn of(estate: &'e Estate, day: Date) -> Self {
        let people = People::of(estate, day);
        let teams = Teams::of(estate, &people, day);
        let mailing = Mailing::of(estate, &people, &teams, day);
        let index = Index::of(estate, &people, &teams, day);
        Self {
            estate,
            day,
            people,
            teams,
            mailing,
            index,
            readers: None,
        }
    }

    /// The same, where a charter names the team that can read private contacts.
    #[must_use]
    pub fn with_readers_of_contacts(self, team: &'e Ref<Team>) -> Self {
        Self {
            readers: Some(team),
            ..self
        }
    }

    /// The day it was resolved for.
    pub fn day(&self) -> Date {
        self.day
    }

    /// Who is in a team itself, by login; nobody where there is no such team.
    pub fn members(&self, team: &str) -> Vec<Membership> {
        let item = self.estate.tables.teams.get(team);
        let Some(at) = item.and_then(|item| self.teams.place(&item.name)) else {
            return Vec::new();
        };
        let seats = self.teams.seats[at].iter();
        let mut members: Vec<Membership> = seats
            .map(|(person, seat)| Membership {
                person: self.people.name(*person).to_owned(),
                login: self.people.login(*person).to_owned(),
                role: seat.role,
                until: seat.until,
                why: self.teams.ways(at, *person, self.estate),
            })
            .collect();
        members.sort_by_cached_key(|member| member.login.to_lowercase());
        members
    }

    /// How many people are in a team itself.
    pub fn count_in_team(&self, team: &str) -> usize {
        let item = self.estate.tables.teams.get(team);
        let at = item.and_then(|item| self.teams.place(&item.name));
        at.map_or(0, |at| self.teams.seats[at].len())
    }

    /// How many addresses are in a mailing group itself.
    pub fn count_on_list(&self, group: &str) -> usize {
        let item = self.estate.tables.mailing_groups.get(group);
        let at = item.and_then(|item| self.mailing.place(&item.name));
        at.map_or(0, |at| self.mailing.entries[at].len())
    }

    /// What is in a mailing group itself, by address; nothing where there is no such group. A
    /// mailing group in it is one entry.
    pub fn mailing(&self, group: &str) -> Vec<MailingMembership> {
        let item = self.estate.tables.mailing_groups.get(group);
        let Some((item, at)) = item.and_then(|item| Some((item, self.mailing.place(&item.name)?)))
        else {
            return Vec::new();
        };
        let entries = self.mailing.entries[at].iter();
        let mut members: Vec<MailingMembership> = entries
            .map(|entry| MailingMembership {
                address: entry.address.to_string(),
                person: match entry.whose {
                    Whose::Person(person) => Some(self.people.name(person).to_owned()),
                    _ => None,
                },
                mailing_group: match entry.whose {
                    Whose::MailingGroup(name) => Some(name.to_owned()),
                    _ => None,
                },
                role: entry.role,
                until: entry.until,
                why: entry.ways(item, &self.teams, self.estate),
            })
            .collect();
        members.sort_by_cached_key(|member| member.address.to_lowercase());
        members
    }

    /// Who is in an organisation, by login; nobody where there is none of that name.
    pub fn organisation(&self, name: &str) -> Vec<Belonging> {
        let item = self.estate.tables.organisations.get(name);
        item.map(|item| self.belonging(item)).unwrap_or_default()
    }

    fn belonging(&self, item: &Item<Organisation>) -> Vec<Belonging> {
        let found = in_organisation(&item.value, &self.people).into_iter();
        let mut found: Vec<Belonging> = found
            .map(|(person, (admin, span))| Belonging {
                person: self.people.name(person).to_owned(),
                login: self.people.login(person).to_owned(),
                admin,
                span,
            })
            .collect();
        found.sort_by_cached_key(|one| one.login.to_lowercase());
        found
    }

    /// The people who should be in a mailing group by what they are, and have no public address:
    /// the person, the mailing group by name, and where it is said.
    pub fn unreachable(&self) -> Vec<(&'e Item<Person>, &'e str, Span)> {
        let missing = self.mailing.unreachable.iter();
        let told = missing.map(|one| {
            let list = self.mailing.items[one.list].name.as_str();
            (self.people.items[one.person], list, one.said_at)
        });
        told.collect()
    }

    /// The persons who are in a team without being named in it for good: those for a time, and
    /// those it includes.
    pub(crate) fn arrived(&self, team: &Item<Team>) -> Vec<&'e Item<Person>> {
        let Some(at) = self.teams.place(&team.name) else {
            return Vec::new();
        };
        let named = team.value.people().filter_map(|one| self.people.find(one));
        let named: BTreeSet<_> = named.collect();
        let seats = self.teams.seats[at].keys();
        let others = seats.filter(|person| !named.contains(person));
        others.map(|person| self.people.items[*person]).collect()
    }
}

/// Who may do something on a day: see [`Matrix::who_can`].
///
/// # Errors
/// The question is not understood, or is about what the estate does not have.
pub fn who_can(estate: &Estate, day: Date, asked: &str) -> Result<Vec<Access>, AskError> {
    let matrix = Matrix::of(estate, day);
    let question = matrix.question(asked)?;
    Ok(matrix.who_can(&question))
}

/// What somebody may do on a day: see [`Matrix::what_can`].
///
/// # Errors
/// The estate knows nobody of that name, login or address.
pub fn what_can(estate: &Estate, day: Date, asked: &str) -> Result<Vec<Access>, AskError> {
    let matrix = Matrix::of(estate, day);
    let principal = matrix.principal(asked)?;
    Ok(matrix.what_can(&principal))
}

//! What an estate says of people, groups, teams, mailing groups, organisations and permissions,
//! as files of JSON that other programs read: a static interface, without a server.
//!
//! `docs/reference/export.md` says what is in each file. The rules behind them all:
//!
//! - It is for everybody. What is private stays out: private contacts, billing addresses, private
//!   lists; so do secret teams with what they may do, and repositories that are declared to be
//!   private. Further addresses of people stand only in the mailing groups that they are in.
//! - It is of one day. Whoever has left by then is nowhere; what was granted until an earlier day
//!   neither.
//! - The same estate, day and commit make the same bytes: lists are sorted, and nothing else is
//!   looked at.
//! - Whoever has the index can [`verify`] all files; so to sign the index is to sign them all.
//!
//! It takes who is in which team and mailing group from the [`Matrix`], as everything does that
//! is written to real systems.

mod index;
mod names;
mod people;
mod permissions;
mod teams;

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::{Person, Privacy, Team, Visibility};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;
use serde::Serialize;

use crate::model::{Matrix, Membership};

pub use index::{INDEX, listed, verify};

/// The files of an export by their paths, `v1/index.json` among them.
///
/// `commit` is the one that the estate was read from, if it is known: it is only repeated.
pub fn export(estate: &Estate, day: Date, commit: Option<&str>) -> BTreeMap<String, String> {
    let shown = Shown::of(estate, day);
    let mut files = Files::default();
    people::write(&shown, &mut files);
    teams::write(&shown, &mut files);
    permissions::write(&shown, &mut files);
    let index = index::of(&files.0, day, commit);
    files.put(INDEX.to_owned(), &index);
    files.0
}

/// The files so far.
#[derive(Default)]
struct Files(BTreeMap<String, String>);

impl Files {
    fn put<T: Serialize>(&mut self, path: String, document: &T) {
        // Texts, numbers, lists and structures of them: nothing that JSON cannot hold.
        let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
        text.push('\n');
        self.0.insert(path, text);
    }

    /// A file for each item, and one with all of them.
    fn put_all<T: Serialize>(&mut self, list: &str, items: &BTreeMap<String, (String, T)>) {
        for (path, item) in items.values() {
            self.put(path.clone(), item);
        }
        let all: BTreeMap<_, _> = items.iter().map(|(name, (_, item))| (name, item)).collect();
        self.put(
            format!("{}/{list}.json", index::ROOT),
            &BTreeMap::from([(list, all)]),
        );
    }
}

/// What of an estate everybody may see on a day.
struct Shown<'e> {
    estate: &'e Estate,
    day: Date,
    matrix: Matrix<'e>,
    /// The teams that are not secret, by name, with who is in them.
    teams: BTreeMap<&'e str, (&'e Item<Team>, Vec<Membership>)>,
    /// The repositories, in lower case, that not everybody can see.
    hidden: BTreeSet<String>,
}

impl<'e> Shown<'e> {
    fn of(estate: &'e Estate, day: Date) -> Self {
        let matrix = Matrix::of(estate, day);
        let public = estate.tables.teams.items();
        let public = public.filter(|team| team.value.privacy != Privacy::Secret);
        let teams = public.map(|team| (team.name.as_str(), (team, matrix.members(&team.name))));
        let hidden = estate.tables.organisations.items().flat_map(|item| {
            let declared = item.value.repositories.entries.iter();
            let closed = declared.filter(|(_, repository)| {
                matches!(
                    repository.visibility,
                    Some(Visibility::Private | Visibility::Internal)
                )
            });
            closed.map(|(name, _)| format!("{}/{}", item.name, name.value).to_lowercase())
        });
        Self {
            estate,
            day,
            teams: teams.collect(),
            hidden: hidden.collect(),
            matrix,
        }
    }

    /// The name of somebody who is there and has not left.
    fn person(&self, reference: &Ref<Person>) -> Option<&'e str> {
        let item = self.estate.find(reference)?;
        (!item.value.has_left(self.day)).then_some(item.name.as_str())
    }

    /// The names of all of these who are there and have not left, sorted.
    fn people<'r>(
        &self,
        references: impl IntoIterator<Item = &'r Ref<Person>>,
    ) -> BTreeSet<&'e str> {
        let found = references.into_iter().filter_map(|one| self.person(one));
        found.collect()
    }

    /// Whether everybody can see a repository, as far as the estate says. What it does not declare
    /// is named in the estate for everybody to read.
    fn shows_repository(&self, repository: &str) -> bool {
        !self.hidden.contains(&repository.to_lowercase())
    }

    /// The name of a team that is not secret.
    fn team(&self, reference: &Ref<Team>) -> Option<&'e str> {
        let item = self.estate.find(reference)?;
        self.teams
            .get_key_value(item.name.as_str())
            .map(|(name, _)| *name)
    }
}

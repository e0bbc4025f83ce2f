//! Whose a login is.

use std::collections::HashMap;

use estate::kinds::Person;
use estate::{Estate, Item};

use crate::Login;

/// The people of an estate, by login and by the number that the forge gave the account.
#[derive(Debug)]
pub struct Directory<'e> {
    by_login: HashMap<Login, &'e Item<Person>>,
    by_id: HashMap<u32, &'e Item<Person>>,
}

impl<'e> Directory<'e> {
    /// Of an estate.
    pub fn of(estate: &'e Estate) -> Self {
        let people = || estate.tables.people.items();
        let logins = people().filter_map(|person| Some((login_of(person)?, person)));
        let ids = people().filter_map(|person| Some((person.value.handles.github_id?, person)));
        Self {
            by_login: logins.collect(),
            by_id: ids.collect(),
        }
    }

    /// The person who has a login. A file's name is a login only where the file gives none.
    pub fn whose(&self, login: &Login) -> Option<&'e Item<Person>> {
        self.by_login.get(login).copied()
    }

    /// The person who has an account, whatever its login is now: by number where the number is
    /// known, by login otherwise.
    pub fn account(&self, login: &Login, id: Option<u32>) -> Option<&'e Item<Person>> {
        let by_id = id.and_then(|id| self.by_id.get(&id).copied());
        by_id.or_else(|| {
            let known = self.whose(login)?;
            let other = id.zip(known.value.handles.github_id);
            // The number says that somebody else has taken the login over.
            other.is_none_or(|(id, known)| id == known).then_some(known)
        })
    }
}

/// The login that somebody votes under: the one at the forge, or the name of the file.
pub(crate) fn login_of(person: &Item<Person>) -> Option<Login> {
    let github = person.value.handles.github.as_ref();
    let written = github.map_or(person.name.as_str(), |login| login.value.as_str());
    Login::new(written).ok()
}

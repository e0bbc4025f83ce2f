//! Who an account is: by its number where the estate knows it, else by its login.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Key, Known};

/// The numbers of the accounts that the estate declares.
#[derive(Debug)]
pub(super) struct People {
    logins: BTreeMap<u64, String>,
    numbers: BTreeMap<String, u64>,
}

impl People {
    pub(super) fn new(ids: BTreeMap<u64, String>) -> Self {
        let numbers = ids.iter();
        let numbers = numbers.map(|(number, login)| (login.to_lowercase(), *number));
        Self {
            numbers: numbers.collect(),
            logins: ids,
        }
    }

    /// The name in a key of an account that was seen.
    pub(super) fn name(&self, login: &str, number: Option<u64>) -> String {
        let own = login.to_lowercase();
        let Some(number) = number else {
            return own;
        };
        match self.logins.get(&number) {
            Some(declared) => declared.to_lowercase(),
            // The estate means another account by this login; or it looks like that of a stranger.
            None if self.numbers.contains_key(&own) || own.contains('#') => {
                format!("{own}#{number}")
            }
            None => own,
        }
    }

    /// The number that the estate says an account has.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.numbers.get(name).copied()
    }

    pub(super) fn are_numbered(&self) -> bool {
        !self.numbers.is_empty()
    }
}

/// What GitHub calls somebody.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Person {
    /// The login as it is now.
    pub(super) login: String,
    /// The number of the account, if it was seen.
    pub(super) number: Option<u64>,
    /// The invitation that has not been answered.
    pub(super) invitation: Option<u64>,
    /// Invitations that came to nothing, to be cleared away.
    #[serde(default)]
    pub(super) lapsed: Vec<u64>,
}

/// What GitHub calls a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TeamName {
    /// Its name in addresses.
    pub(super) slug: String,
    /// Its number.
    pub(super) id: u64,
}

/// What GitHub calls a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RepositoryName {
    /// Its name as it is now and as it is spelled.
    pub(super) name: String,
    /// Its number.
    pub(super) id: u64,
}

/// What was noted of a resource.
pub(super) fn noted<T: for<'a> Deserialize<'a>>(known: &Known, key: &Key) -> Option<T> {
    serde_json::from_str(&known.get(key)?).ok()
}

/// Takes a note of a resource.
pub(super) fn note<T: Serialize>(known: &Known, key: &Key, what: &T) {
    // None of these types can fail to become JSON: their maps have no keys but texts.
    if let Ok(text) = serde_json::to_string(what) {
        known.set(key.clone(), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_its_number_where_that_is_known() {
        let people = People::new([(5, "alice".to_owned())].into());
        assert_eq!(people.name("Alice", Some(5)), "alice");
        assert_eq!(people.name("alice-new", Some(5)), "alice");
        assert_eq!(people.name("Alice", Some(7)), "alice#7");
        assert_eq!(people.name("Bob", Some(9)), "bob");
        assert_eq!(people.name("Alice", None), "alice");
        // Nobody is taken for a stranger by their login.
        assert_eq!(people.name("Alice#7", Some(8)), "alice#7#8");
    }
}

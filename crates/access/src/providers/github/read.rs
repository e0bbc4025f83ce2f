//! Reads an organisation: what does not depend on each other side by side.

mod apps;
mod members;
mod owners;
mod repositories;
mod settings;
mod teams;

use std::collections::BTreeSet;
use std::thread;

use estate::kinds::AccessPart;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::GitHub;
use super::pages::{Page, at};
use crate::{Key, Known, ReadError, Reading, Sort, State};

pub(super) use apps::Installations;
pub(super) use repositories::{Invitation, is_pattern};

/// What one part of the reading found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) state: State,
    pub(super) notes: Vec<String>,
    /// See [`Reading::pending`].
    pub(super) pending: BTreeSet<Key>,
}

/// An account as GraphQL tells it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) login: String,
    pub(super) database_id: u64,
}

/// What one of the parts is read by.
type Part = fn(&GitHub, &State, &Known) -> Result<Found, ReadError>;

/// Reads everything that is managed.
pub(super) fn all(hub: &GitHub, wanted: &State) -> Result<Reading, ReadError> {
    let any = |parts: &[AccessPart]| parts.iter().any(|part| hub.manages(*part));
    let wants = |sort: Sort| wanted.entries.keys().any(|key| key.sort == sort);
    let teams = [
        AccessPart::Teams,
        AccessPart::TeamMembers,
        AccessPart::TeamGrants,
    ];
    let inside = hub.manages(AccessPart::Collaborators) && wants(Sort::Collaborator)
        || hub.manages(AccessPart::Branches) && wants(Sort::Branch);
    let parts: [(bool, Part); 5] = [
        // The longest first, so that they end together.
        (any(&teams), teams::read),
        (hub.manages(AccessPart::Members), members::read),
        (
            hub.manages(AccessPart::Repositories) || inside,
            repositories::read,
        ),
        (
            hub.manages(AccessPart::Settings) && wants(Sort::Settings),
            settings::read,
        ),
        (
            hub.manages(AccessPart::Apps) && wants(Sort::App),
            apps::read,
        ),
    ];
    let known = Known::default();
    let noted = &known;
    let (found, account) = thread::scope(|scope| {
        let threads: Vec<_> = parts
            .into_iter()
            .filter(|(is_read, _)| *is_read)
            .map(|(_, part)| scope.spawn(move || part(hub, wanted, noted)))
            .collect();
        let account = hub.require_self.then(|| hub.account()).transpose();
        let found: Vec<_> = threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect();
        (found, account)
    });
    let mut reading = Reading {
        account: account?,
        ..Reading::default()
    };
    for found in found {
        let found = found.map_err(|error| hub.named(error))?;
        reading.state.entries.extend(found.state.entries);
        reading.state.left_alone.extend(found.state.left_alone);
        reading.notes.extend(found.notes);
        reading.pending.extend(found.pending);
    }
    owners::settle(hub, wanted, &mut reading).map_err(|error| hub.named(error))?;
    reading.known = known;
    Ok(reading)
}

impl Found {
    /// Adds what is there; the same twice is a page that was given twice.
    pub(super) fn add(&mut self, key: Key, value: Value) -> Result<(), ReadError> {
        if self.state.entries.contains_key(&key) {
            return Err(ReadError::Untrusted(format!("it lists the {key} twice")));
        }
        if is_writable(&key) {
            self.state.insert(key, value);
        } else {
            self.leave(key, "its name cannot be written in a plan");
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, key: Key, why: impl Into<String>) {
        let key = if is_writable(&key) {
            key
        } else {
            escaped(&key)
        };
        self.state.left_alone.insert(key, why.into());
    }
}

/// Whether its text in a plan leads back to it. A team can be called `writers > member dan`.
fn is_writable(key: &Key) -> bool {
    Key::parse(&key.to_string()).as_ref() == Some(key)
}

/// The same under a name that nothing else has: names in keys are in lower case.
fn escaped(key: &Key) -> Key {
    let escaped = |name: &str| name.replace('>', "\\u{3E}");
    Key {
        sort: key.sort,
        of: escaped(&key.of),
        name: escaped(&key.name),
    }
}

impl GitHub {
    /// One page of a connection somewhere in the organisation.
    pub(super) fn page<T: DeserializeOwned>(
        &self,
        document: &str,
        name: Option<&str>,
        after: Option<&str>,
        place: &str,
    ) -> Result<Page<T>, ReadError> {
        let mut variables = json!({"org": self.organisation, "after": after});
        if let Some(name) = name {
            variables["name"] = name.into();
        }
        let data = self.api.query(document, &variables)?;
        at(data, &format!("/organization/{place}"))
    }

    /// All of a connection of the organisation.
    pub(super) fn connection<T: DeserializeOwned>(
        &self,
        document: &str,
        place: &str,
        what: &str,
    ) -> Result<Vec<T>, ReadError> {
        let page = |after: Option<&str>| self.page(document, None, after, place);
        page(None)?.all(what, |after| page(Some(after)))
    }

    /// An error with the organisation's name, so that it says where it belongs.
    fn named(&self, error: ReadError) -> ReadError {
        let with = |what: String| format!("the organisation `{}`: {what}", self.organisation);
        match error {
            ReadError::Unreachable(what) => ReadError::Unreachable(with(what)),
            ReadError::Refused(what) => ReadError::Refused(with(what)),
            ReadError::Absent(what) => ReadError::Absent(with(what)),
            ReadError::Untrusted(what) => ReadError::Untrusted(with(what)),
            setup @ ReadError::Setup(_) => setup,
        }
    }
}

/// The names of the containers of a sort that the estate wants, or wants something in.
pub(super) fn wanted_containers(wanted: &State, sort: Sort) -> BTreeSet<&str> {
    let keys = wanted.entries.keys();
    keys.filter_map(|key| match key.sort {
        own if own == sort => Some(key.name.as_str()),
        other if other.container() == Some(sort) => Some(key.of.as_str()),
        _ => None,
    })
    .collect()
}

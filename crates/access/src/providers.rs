//! The systems that hold access: how each is read and written.
//!
//! A provider knows how its system speaks, and nothing of plans, risks or the estate. It
//! reads all of a scope into a [`State`], and does one [`Step`] at a time.

pub mod github;
pub mod google;
pub mod ldap;
pub mod mailman;
pub(crate) mod open;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use change::WriteFailure;
use serde_json::Value;

use crate::{Key, State};

/// One real system, as far as one scope goes. It may be asked from several threads at once.
pub trait System: Sync {
    /// Reads all of the scope that is managed. Of what is not `wanted`, containers are read
    /// (teams, mailing groups), and what is in them need not be.
    ///
    /// # Errors
    /// It cannot be told in full. A page that is missing is never an empty one.
    fn read(&self, wanted: &State) -> Result<Reading, ReadError>;

    /// Does one step.
    ///
    /// # Errors
    /// See [`WriteFailure`]. A failed step stops no other.
    fn write(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure>;

    /// How many steps it may be asked to do at once.
    fn at_once(&self) -> usize {
        8
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// What is there.
    pub state: State,
    /// What the system calls it.
    pub known: Known,
    /// What people should know beside, for example who has not answered an invitation.
    pub notes: Vec<String>,
    /// Members of an organisation who were invited and have not answered.
    pub pending: BTreeSet<Key>,
    /// As whom the system knows us, where that was asked.
    pub account: Option<String>,
}

/// One change as a provider does it.
#[derive(Debug, Clone)]
pub struct Step<'c> {
    /// What is changed.
    pub key: &'c Key,
    /// What is there; none if nothing.
    pub before: Option<&'c Value>,
    /// What shall be there; none if nothing.
    pub after: Option<&'c Value>,
}

/// What a system calls its resources: numbers, slugs, addresses as it spells them. A provider
/// alone knows what its texts mean.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<Key, String>>);

impl Known {
    /// What the system calls a resource, if it was read or made.
    pub fn get(&self, key: &Key) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    /// Takes note of a resource.
    pub fn set(&self, key: Key, name: impl Into<String>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, name.into());
    }
}

/// Why a scope cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nobody answers, or the answer is cut short.
    #[error("{0}")]
    Unreachable(String),
    /// It is not told to us.
    #[error("{0}")]
    Refused(String),
    /// There is no such organisation, domain or base.
    #[error("{0}")]
    Absent(String),
    /// Its answer contradicts itself, or what is published of it.
    #[error("its answer cannot be trusted: {0}")]
    Untrusted(String),
    /// Something is missing here: a secret, an address.
    #[error("{0}")]
    Setup(String),
}

//! What the spine asks of a domain.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use base::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::{Exceeded, exceeded};
use crate::{Change, Scope};

/// One kind of real system that an estate is applied to. It holds no handle that writes.
pub trait Domain {
    /// What a scope holds, wanted or real.
    type State;

    /// All that can be planned apart, in a stable order.
    fn scopes(&self) -> Vec<Scope>;

    /// The files that say what a scope shall hold, as patterns and paths below the estate:
    /// whoever changed one of these is an author of what changes in the scope.
    ///
    /// # Errors
    /// The estate has no such scope.
    fn files(&self, scope: &Scope) -> Result<BTreeSet<String>, Stopped>;

    /// What the estate wants of a scope.
    ///
    /// # Errors
    /// It cannot be told. A source that is absent or broken is never an empty state.
    fn desired(&self, scope: &Scope) -> Result<Self::State, Stopped>;

    /// What is really there.
    ///
    /// # Errors
    /// It cannot be told. A system that refuses, or whose answer is cut short, is never an empty state.
    fn observe(&self, scope: &Scope) -> Result<Observation<Self::State>, Stopped>;

    /// The changes that take `current` to `desired`, and what is left as it is
    /// though nobody declares it. `declared_before` is what the estate wanted at
    /// the base: what was never declared is foreign and none of our business.
    ///
    /// Pure, total and deterministic; `diff(a, a)` has no changes.
    fn diff(
        &self,
        scope: &Scope,
        current: &Self::State,
        desired: &Self::State,
        declared_before: Option<&Self::State>,
    ) -> Difference;

    /// The names of all resources of a state, sorted.
    fn resources(&self, state: &Self::State) -> Vec<String>;

    /// One resource of a state, in the form that changes have it; none if it is not there.
    fn resource(&self, state: &Self::State, resource: &str) -> Option<Value>;

    /// What changes do, judged against the state they are made to: for changes
    /// that come from elsewhere than [`Domain::diff`], and again before they are applied.
    ///
    /// Sets [`Change::effect`] of each. Before an apply, what a plan file says of it is taken away
    /// first: whoever wrote the file may have made it up.
    fn judge<'c>(
        &self,
        scope: &Scope,
        current: &Self::State,
        changes: impl IntoIterator<Item = &'c mut Change>,
    );

    /// The groups that answer for a resource, as the estate has it now and as it had it
    /// at the base.
    fn owners(
        &self,
        scope: &Scope,
        resource: &str,
        desired: &Self::State,
        declared_before: Option<&Self::State>,
    ) -> Vec<String>;

    /// The digest of a whole state.
    fn digest(&self, state: &Self::State) -> Digest;

    /// How many resources a state has.
    fn count(&self, state: &Self::State) -> usize;

    /// How much of a scope one plan may change.
    fn limits(&self, scope: &Scope) -> ScopeLimits;

    /// The safety limits that changes are over: those to do, and those of the same plan that are
    /// `done` already, so that a plan gains nothing by being applied in parts.
    ///
    /// A domain whose scopes are made of many lists counts each of them.
    fn exceeded(
        &self,
        scope: &Scope,
        current: &Self::State,
        pending: &[&Change],
        done: &[Change],
    ) -> Vec<Exceeded> {
        exceeded(self.limits(scope), self.count(current), pending, done)
    }

    /// Asks everywhere where the change must be seen, after it was applied. `current` was
    /// just read from the system that took it, and compared: the resources that are not there
    /// as planned are `otherwise`.
    fn verify(
        &self,
        scope: &Scope,
        current: &Self::State,
        changes: &[Change],
        otherwise: &HashSet<&str>,
    ) -> Vec<Sighting>;
}

/// What is really there, and how to tell that it has changed.
#[derive(Debug, Clone)]
pub struct Observation<S> {
    /// What is there.
    pub state: S,
    /// By this the system tells whether it has changed since: a serial, an entity tag.
    pub mark: String,
}

/// What a diff says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// What to do, deletes first, then by resource.
    pub changes: Vec<Change>,
    /// What stays though the estate does not declare it.
    pub kept: Vec<Kept>,
}

/// A resource that stays though the estate does not declare it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Which.
    pub resource: String,
    /// Why it stays.
    pub why: String,
}

/// Why a scope was left out. It never becomes "delete all".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(deny_unknown_fields)]
#[error("{scope}: {what}")]
pub struct Stopped {
    /// Which scope.
    pub scope: Scope,
    /// What happened.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// How much of a scope one plan may change before a decision must say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeLimits {
    /// Per cent of its resources that may be updated.
    pub updates_percent: u32,
    /// Per cent of its resources that may be deleted.
    pub deletes_percent: u32,
    /// Scopes with fewer resources have no limit.
    pub exempt_below: usize,
}

/// What was seen of the changes at one place after they were applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Where, for example the address of a name server.
    pub at: String,
    /// Resources that are as they should be.
    pub as_planned: usize,
    /// Resources that are not, each with what was seen instead.
    pub otherwise: Vec<String>,
    /// For how long after the change others may still see what was before, in seconds.
    pub old_answers_for: u32,
}

/// Writes to one scope of one real system.
pub trait Writer {
    /// Puts changes in an order in which nothing that is there before and after is
    /// ever missing, in batches that the system takes whole or not at all.
    fn batches(&self, changes: Vec<Change>) -> Vec<Vec<Change>>;

    /// Does one batch if the scope still has this mark; gives the mark it has then.
    ///
    /// # Errors
    /// See [`WriteFailure`].
    fn write(&mut self, mark: &str, batch: &[Change]) -> Result<String, WriteFailure>;
}

/// Writes to one scope of a system that takes every change by itself: what it refuses stops
/// that one change, and nothing is undone for it.
pub trait ItemWriter {
    /// Puts changes in an order, in waves whose changes know nothing of each other.
    fn waves(&self, changes: Vec<Change>) -> Vec<Vec<Change>>;

    /// Does the changes of one wave, or of what is left of it; says of each, in their order,
    /// whether it was done.
    fn write(&mut self, wave: &[Change]) -> Vec<Result<(), WriteFailure>>;
}

/// What writes to a scope.
pub enum Hand<'w> {
    /// Batches that the system takes whole or not at all; a plan is never half done.
    Whole(Box<dyn Writer + 'w>),
    /// Changes that stand alone.
    Apart(Box<dyn ItemWriter + 'w>),
}

/// Opens writers. Only apply holds one of these.
pub trait Writers {
    /// What writes to one scope.
    ///
    /// # Errors
    /// A secret is missing, or the system is of a kind that cannot be written to.
    fn open(&self, scope: &Scope) -> Result<Hand<'_>, Stopped>;
}

/// Why a batch was not done, or whether that is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteFailure {
    /// The scope has changed since it was observed; nothing was done.
    #[error("it has changed since it was read")]
    Moved,
    /// The system will not do it; nothing was done.
    #[error("{0}")]
    Refused(String),
    /// The system asks to wait so long; nothing was done.
    #[error("the system asks to wait {} seconds", .0.as_secs())]
    Later(Duration),
    /// The system never got it; nothing was done.
    #[error("{0}")]
    Unreachable(String),
    /// It may or may not have been done.
    #[error("{0}")]
    Unknown(String),
}

/// What time it is, asked anew for every record: the ledger's times are those of events, not of the run.
pub trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn wait(&self, how_long: Duration);
}

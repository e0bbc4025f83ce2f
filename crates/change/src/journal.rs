//! What apply writes to the ledger, and what the next run reads there.
//!
//! An intent is in the ledger before a system is told anything, and its outcome
//! after: whatever a crash leaves between the two is found by the next run.

mod history;
pub mod items;

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use charter::risk::Risk;
use decisions::{Act, Receipts};
use jiff::Timestamp;
use ledger::{Entry, Ledger, LedgerError, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Action, Change, Clock, Scope, Sighting};
use history::instant;
pub(crate) use history::{Batch, batches, body, net, says};
pub use history::{Milestone, milestones, receipts, recent_risks, reviews_due, spent, vanished};

/// A batch is about to be done.
pub const INTENT: &str = "apply.intent";
/// What became of a batch.
pub const OUTCOME: &str = "apply.outcome";
/// A scope has been brought where a plan wanted it, or not.
pub const FINISHED: &str = "apply.finished";
/// A scope is as a commit wants it, and every change to it had passed the gate: from here
/// on that commit's people and charter judge what comes.
pub const REACHED: &str = "apply.reached";
/// Where trust starts: a commit whose people and charter somebody with the right to make
/// the ledger chose.
pub const TRUSTED: &str = "estate.trusted";
/// An event of a decision was received.
pub const RECEIVED: &str = "decision.received";

/// A batch that is about to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent<C = Done> {
    /// The plan that it is of.
    pub plan: Digest,
    /// The commit of the plan.
    pub commit: Option<String>,
    /// Where it is done.
    pub scope: Scope,
    /// The mark that the scope must still have.
    pub mark: String,
    /// It undoes earlier batches of the same plan.
    pub rollback: bool,
    /// The authors and co-authors of the commits that it comes from.
    pub authors: BTreeSet<String>,
    /// What is done.
    pub changes: Vec<C>,
}

/// One change of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Which resource.
    pub resource: String,
    /// What was there.
    pub before: Option<Value>,
    /// What shall be there.
    pub after: Option<Value>,
    /// The groups that answer for it.
    pub owners: Vec<String>,
    /// Its risk.
    pub risk: Risk,
    /// Whether it adds to its authors' other changes.
    pub accumulates: bool,
}

impl Done {
    /// What was done.
    pub fn action(&self) -> Option<Action> {
        Change::action_of(self.before.as_ref(), self.after.as_ref())
    }
}

/// The same of a change that is about to be done, as [`Done`] reads it.
#[derive(Debug, Serialize)]
pub(crate) struct Doing<'c> {
    resource: &'c str,
    before: &'c Option<Value>,
    after: &'c Option<Value>,
    owners: &'c [String],
    risk: Risk,
    accumulates: bool,
}

impl<'c> Doing<'c> {
    pub(crate) fn of(change: &'c Change, risk: Risk, accumulates: bool) -> Self {
        Self {
            resource: &change.resource,
            before: &change.before,
            after: &change.after,
            owners: &change.owners,
            risk,
            accumulates,
        }
    }

    /// How many bytes it takes in a record, at most.
    pub(crate) fn bytes(&self) -> usize {
        const FRAME: usize = r#"{"accumulates":false,"after":null,"before":null,"owners":[],"resource":,"risk":"medium"},"#.len();
        let owners = self.owners.iter().map(|owner| of_text(owner));
        let values = self.before.iter().chain(self.after).map(of_value);
        FRAME + of_text(self.resource) + owners.sum::<usize>() + values.sum::<usize>()
    }
}

/// How many bytes a text takes in JSON with a comma or colon after it, at most.
fn of_text(text: &str) -> usize {
    let escaped = text.bytes().map(|byte| match byte {
        0..0x20 => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    });
    escaped.sum::<usize>() + 3
}

/// The same of a value.
fn of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 6,
        Value::Number(_) => 26,
        Value::String(text) => of_text(text),
        Value::Array(items) => items.iter().map(of_value).sum::<usize>() + 3,
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(key, value)| of_text(key) + of_value(value));
            fields.sum::<usize>() + 3
        }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was done, as was seen.
    Done,
    /// Nothing of it was done.
    NotDone,
    /// It is not known, or others have changed the same since.
    Unknown,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The record of its intent.
    pub intent: u64,
    /// What became of it.
    pub fate: Fate,
    /// What the system said, or what was seen.
    pub why: Option<String>,
    /// The mark that the scope had afterwards.
    pub mark: Option<String>,
}

/// The end of an apply in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    /// Which plan.
    pub plan: Digest,
    /// The commit of the plan.
    pub commit: Option<String>,
    /// Where.
    pub scope: Scope,
    /// In a word: `applied`, `rolled-back`, `stopped`, `interrupted`, `not-as-planned`.
    pub result: String,
    /// How many changes were done by this run.
    pub done: usize,
    /// Why the gate let them pass, each once.
    pub passed: BTreeSet<String>,
    /// When a review of an emergency falls due.
    pub review_due: Option<Timestamp>,
    /// What was seen afterwards.
    pub sightings: Vec<Sighting>,
}

/// A scope that is as a commit wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// Which scope.
    pub scope: Scope,
    /// The commit.
    pub commit: String,
    /// The plan that brought it there.
    pub plan: Digest,
}

/// A commit that trust starts at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trusted {
    /// The commit.
    pub commit: String,
}

/// An event of a decision that was received: from here its time counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The digest of the event.
    pub event: Digest,
    /// Its file.
    pub path: String,
    /// Who did it.
    pub by: String,
    /// What was done.
    pub act: String,
    /// The changes that it holds or makes riskier, by their digests: should the file go,
    /// they are held all the same. None for what only helps a change on.
    pub changes: Vec<Digest>,
    /// The commit whose people and charter were in force, for what is done to a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The number that the item was given with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
}

/// The ledger as apply uses it.
pub struct Journal<'a> {
    ledger: &'a mut Ledger,
    clock: &'a dyn Clock,
    actor: String,
}

impl std::fmt::Debug for Journal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal")
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}

impl<'a> Journal<'a> {
    /// Of a ledger, in the name of whoever runs the program.
    pub fn new(ledger: &'a mut Ledger, clock: &'a dyn Clock, actor: impl Into<String>) -> Self {
        Self {
            ledger,
            clock,
            actor: actor.into(),
        }
    }

    /// The time, as the ledger is told it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn clock(&self) -> &'a dyn Clock {
        self.clock
    }

    pub(crate) fn lock(&mut self, scope: &Scope) -> Result<ledger::Guard, LedgerError> {
        self.ledger.lock(&format!("apply {scope}"))
    }

    pub(crate) fn write<T: Serialize>(
        &mut self,
        kind: &str,
        body: &T,
    ) -> Result<Record, LedgerError> {
        let at = self.at();
        self.ledger.append(&at, kind, &self.actor, body)
    }

    /// All of these, one right after the other, or none.
    pub(crate) fn write_all<T: Serialize>(
        &mut self,
        kind: &str,
        bodies: &[T],
    ) -> Result<Vec<Record>, LedgerError> {
        // Of one instant: which of them the clock reached first says nothing of them.
        let at = self.at();
        let entry = |body| Entry::new(at.clone(), kind, &self.actor, body);
        let entries: Vec<Entry<&T>> = bodies.iter().map(entry).collect();
        self.ledger.append_all(&entries)
    }

    /// The time, as records have it.
    fn at(&self) -> String {
        format!("{:.3}", self.clock.now())
    }

    /// Writes down that trust starts at a commit.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn trust(&mut self, commit: &str) -> Result<Record, LedgerError> {
        let commit = commit.to_owned();
        self.write(TRUSTED, &Trusted { commit })
    }

    /// Writes down that a scope is as a commit wants it.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn reached(
        &mut self,
        scope: &Scope,
        commit: &str,
        plan: &Digest,
    ) -> Result<(), LedgerError> {
        let reached = Reached {
            scope: scope.clone(),
            commit: commit.to_owned(),
            plan: *plan,
        };
        self.write(REACHED, &reached).map(|_| ())
    }

    /// Writes down events that have not been received yet, all of them or none, and says how many.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn receive(
        &mut self,
        events: &[decisions::Attributed],
        receipts: &mut Receipts,
    ) -> Result<usize, LedgerError> {
        let mut new = BTreeMap::new();
        // What is done to a text is received with the commit it is judged by.
        for one in events
            .iter()
            .filter(|one| one.event.content().text().is_none())
        {
            let event = *one.event.digest();
            if !receipts.contains_key(&event) {
                new.entry(event).or_insert_with(|| Received {
                    event,
                    path: one.event.path(),
                    by: one.person.to_string(),
                    act: one.event.act().name().to_owned(),
                    changes: match one.event.act() {
                        Act::Object { .. } | Act::Raise { .. } => {
                            one.event.content().changes().to_vec()
                        }
                        _ => Vec::new(),
                    },
                    base: None,
                    number: None,
                });
            }
        }
        if new.is_empty() {
            return Ok(0);
        }
        let received: Vec<Received> = new.into_values().collect();
        let records = self.write_all(RECEIVED, &received)?;
        for (received, record) in received.iter().zip(&records) {
            receipts.insert(received.event, instant(record)?);
        }
        Ok(received.len())
    }

    /// As [`history::unfinished`].
    pub(crate) fn unfinished(&mut self, scope: &Scope) -> Result<Vec<Batch>, LedgerError> {
        history::unfinished(self.ledger, scope)
    }
}

#[cfg(test)]
mod tests {
    use charter::risk::{Breaks, Effect, Rollback};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::Origin;

    proptest! {
        #[test]
        fn what_is_announced_is_what_is_read_and_no_larger_than_said(
            resource: String,
            values in prop::collection::vec(any::<String>(), 0..4),
            ttl: u64,
            accumulates: bool,
        ) {
            let change = Change {
                resource,
                action: Action::Create,
                before: None,
                after: Some(json!({ "ttl": ttl, "values": values, "more": [true, null] })),
                origin: Origin::Commit,
                owners: values,
                declared_at: None,
                effect: Effect::new(Breaks::No, Rollback::Easy),
            };
            let doing = Doing::of(&change, Risk::Medium, accumulates);
            let text = serde_json::to_string(&doing).unwrap();
            prop_assert!(text.len() < doing.bytes(), "{text}: {}", doing.bytes());
            let done: Done = serde_json::from_str(&text).unwrap();
            let expected = Done {
                resource: change.resource.clone(),
                before: None,
                after: change.after.clone(),
                owners: change.owners.clone(),
                risk: Risk::Medium,
                accumulates,
            };
            prop_assert_eq!(done, expected);
        }
    }
}

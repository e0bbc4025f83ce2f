//! What apply writes to the ledger, and what the next run reads there.
//!
//! An intent is in the ledger before a system is told anything, and its outcome
//! after: whatever a crash leaves between the two is found by the next run.

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use charter::risk::Risk;
use decisions::Receipts;
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Record};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::Planned;
use crate::{Action, Change, Clock, Scope, Sighting};

/// A batch is about to be done.
pub const INTENT: &str = "apply.intent";
/// What became of a batch.
pub const OUTCOME: &str = "apply.outcome";
/// A scope has been brought where a plan wanted it, or not.
pub const FINISHED: &str = "apply.finished";
/// An event of a decision was received.
pub const RECEIVED: &str = "decision.received";

/// A batch that is about to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
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
    pub changes: Vec<Done>,
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
    pub(crate) fn of(change: &Change, risk: Risk, accumulates: bool) -> Self {
        Self {
            resource: change.resource.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            owners: change.owners.clone(),
            risk,
            accumulates,
        }
    }

    /// What was done.
    pub fn action(&self) -> Option<Action> {
        Change::action_of(self.before.as_ref(), self.after.as_ref())
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
    /// In a word: `applied`, `rolled-back`, `interrupted`, `not-as-planned`.
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
        let invalid = |error: serde_json::Error| LedgerError::Invalid {
            what: error.to_string(),
        };
        let body = serde_json::to_value(body).map_err(invalid)?;
        let at = format!("{:.3}", self.clock.now());
        self.ledger.append(&at, kind, &self.actor, body)
    }

    /// Writes down events that have not been received yet.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn receive(
        &mut self,
        events: &[decisions::Attributed],
        receipts: &mut Receipts,
    ) -> Result<usize, LedgerError> {
        let new = events
            .iter()
            .filter(|one| !receipts.contains_key(one.event.digest()));
        let new: Vec<_> = new.cloned().collect();
        for one in &new {
            let received = Received {
                event: *one.event.digest(),
                path: one.event.path(),
                by: one.person.to_string(),
                act: one.event.act().name().to_owned(),
            };
            let record = self.write(RECEIVED, &received)?;
            receipts.insert(received.event, instant(&record)?);
        }
        Ok(new.len())
    }

    /// The batches of a scope of which nobody wrote down what became of them.
    pub(crate) fn dangling(&mut self, scope: &Scope) -> Result<Vec<(u64, Intent)>, LedgerError> {
        let mut open = BTreeMap::new();
        for record in self.ledger.records_of(0, "apply") {
            let record = record?;
            match record.kind() {
                INTENT => {
                    let intent: Intent = body(&record)?;
                    if intent.scope == *scope {
                        open.insert(record.seq(), intent);
                    }
                }
                OUTCOME => {
                    open.remove(&body::<Outcome>(&record)?.intent);
                }
                _ => {}
            }
        }
        Ok(open.into_iter().collect())
    }
}

/// When the events of decisions were received.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn receipts(ledger: &mut Ledger) -> Result<Receipts, LedgerError> {
    let mut receipts = Receipts::new();
    for record in ledger.records_of(0, RECEIVED) {
        let record = record?;
        let received: Received = body(&record)?;
        receipts.entry(received.event).or_insert(instant(&record)?);
    }
    Ok(receipts)
}

/// What these authors changed since a time: the risk of each change that adds up.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn recent_risks(
    ledger: &mut Ledger,
    authors: &BTreeSet<String>,
    since: Timestamp,
) -> Result<Vec<Risk>, LedgerError> {
    let mut risks = Vec::new();
    for (record, intent, fate) in batches(ledger)? {
        let theirs = !intent.rollback && !intent.authors.is_disjoint(authors);
        if theirs && fate != Some(Fate::NotDone) && instant(&record)? >= since {
            let adds = intent.changes.iter().filter(|change| change.accumulates);
            risks.extend(adds.map(|change| change.risk));
        }
    }
    Ok(risks)
}

/// The commits that scopes were last brought to.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn last_applied(ledger: &mut Ledger) -> Result<BTreeMap<Scope, String>, LedgerError> {
    let mut last = BTreeMap::new();
    for record in ledger.records_of(0, FINISHED) {
        let finished: Finished = body(&record?)?;
        if let (Some(commit), "applied") = (finished.commit, finished.result.as_str()) {
            last.insert(finished.scope, commit);
        }
    }
    Ok(last)
}

/// Every batch with its record and what became of it.
pub(crate) fn batches(
    ledger: &mut Ledger,
) -> Result<Vec<(Record, Intent, Option<Fate>)>, LedgerError> {
    let mut batches: BTreeMap<u64, (Record, Intent, Option<Fate>)> = BTreeMap::new();
    for record in ledger.records_of(0, "apply") {
        let record = record?;
        match record.kind() {
            INTENT => {
                let intent = body(&record)?;
                batches.insert(record.seq(), (record, intent, None));
            }
            OUTCOME => {
                let outcome: Outcome = body(&record)?;
                if let Some((_, _, fate)) = batches.get_mut(&outcome.intent) {
                    *fate = Some(outcome.fate);
                }
            }
            _ => {}
        }
    }
    Ok(batches.into_values().collect())
}

pub(crate) fn body<T: DeserializeOwned>(record: &Record) -> Result<T, LedgerError> {
    serde_json::from_value(record.body().clone()).map_err(|error| LedgerError::Corrupt {
        seq: record.seq(),
        what: format!("its body is not that of `{}`: {error}", record.kind()),
    })
}

pub(crate) fn instant(record: &Record) -> Result<Timestamp, LedgerError> {
    record.at().parse().map_err(|error| LedgerError::Corrupt {
        seq: record.seq(),
        what: format!("its time is none: {error}"),
    })
}

impl From<&Planned> for Done {
    fn from(planned: &Planned) -> Self {
        Self::of(&planned.change, planned.risk, planned.accumulates)
    }
}

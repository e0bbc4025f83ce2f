//! What the next run reads in the ledger.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::Digest;
use charter::risk::Risk;
use decisions::{Event, Receipts};
use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, LedgerError, Record};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Done, FINISHED, Fate, Finished, INTENT, Intent, OUTCOME, Outcome, REACHED, RECEIVED, Reached,
    Received, TRUSTED, Trusted,
};
use crate::{Change, Scope};

/// The batches of a scope since it was last brought to an end: whatever is open, or half
/// done, is among them. What came before the end is closed, as only one run at a time is
/// in a scope, and a run closes what it opened unless it says that it was interrupted.
pub(super) fn unfinished(ledger: &mut Ledger, scope: &Scope) -> Result<Vec<Batch>, LedgerError> {
    let mut from = 0;
    for record in ledger.records_of(0, FINISHED) {
        let record = record?;
        let finished: Finished = body(&record)?;
        if finished.scope == *scope && ends(&finished.result) {
            from = record.seq() + 1;
        }
    }
    batches(ledger, from, |batch| says(batch, "scope", scope))
}

/// Whether after such a result nothing is open or half done.
fn ends(result: &str) -> bool {
    matches!(result, "applied" | "rolled-back" | "not-as-planned")
}

/// A batch, and what became of it; none where nobody wrote that down.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    /// The record of the intent.
    pub(crate) seq: u64,
    /// When that was written.
    pub(crate) at: Timestamp,
    pub(crate) intent: Intent,
    pub(crate) fate: Option<Fate>,
}

/// Objections and raised risks that were received and are not among these events: they
/// hold their changes all the same.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn vanished(ledger: &mut Ledger, events: &[Event]) -> Result<Vec<Received>, LedgerError> {
    let there: BTreeSet<&Digest> = events.iter().map(Event::digest).collect();
    let mut gone = Vec::new();
    for record in ledger.records_of(0, RECEIVED) {
        let received: Received = body(&record?)?;
        if !received.changes.is_empty() && !there.contains(&received.event) {
            gone.push(received);
        }
    }
    Ok(gone)
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

/// What was applied because it could not wait: the plan, where, and until when that is to be
/// looked at again.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn reviews_due(ledger: &mut Ledger) -> Result<Vec<(Digest, Scope, Timestamp)>, LedgerError> {
    let mut due = Vec::new();
    for record in ledger.records_of(0, FINISHED) {
        let finished: Finished = body(&record?)?;
        due.extend(
            finished
                .review_due
                .map(|at| (finished.plan, finished.scope, at)),
        );
    }
    due.sort();
    due.dedup();
    Ok(due)
}

/// What these authors changed since a time, one of their changes once however often it was
/// tried: the risk of each that adds up. What was undone again does not count, and neither
/// does what was done of the plan that is judged, whose changes are counted with it.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn recent_risks(
    ledger: &mut Ledger,
    authors: &BTreeSet<String>,
    since: Timestamp,
    judged: Option<&Digest>,
) -> Result<Vec<Risk>, LedgerError> {
    let from = first_since(ledger, since)?;
    let theirs = |body: &Value| {
        let of = body.get("authors").and_then(Value::as_array);
        of.is_some_and(|of| {
            let mut names = of.iter().filter_map(Value::as_str);
            names.any(|name| authors.contains(name))
        })
    };
    let mut risks = BTreeMap::new();
    for Batch {
        at, intent, fate, ..
    } in batches(ledger, from, theirs)?
    {
        if at < since || fate == Some(Fate::NotDone) || judged == Some(&intent.plan) {
            continue;
        }
        for change in intent.changes.into_iter().filter(|one| one.accumulates) {
            let key = (intent.plan, intent.scope.clone(), change.resource);
            if !intent.rollback {
                risks.insert(key, change.risk);
            } else if fate == Some(Fate::Done) {
                risks.remove(&key);
            }
        }
    }
    Ok(risks.into_values().collect())
}

/// A number before which every record is older, found in few steps. Clocks are set back now
/// and then, so that a record counts as older only if it is so by a day.
fn first_since(ledger: &mut Ledger, since: Timestamp) -> Result<u64, LedgerError> {
    let day = SignedDuration::from_hours(24);
    let since = since.checked_sub(day).unwrap_or(Timestamp::MIN);
    let head = ledger.head()?.seq;
    let mut step = 64;
    while step < head {
        let at = head - step;
        if let Some(record) = ledger.get(at)?
            && instant(&record)? < since
        {
            return Ok(at);
        }
        step *= 2;
    }
    Ok(0)
}

/// A commit that the ledger trusts, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The scope that was brought there; none where trust starts.
    pub scope: Option<Scope>,
    /// The commit.
    pub commit: String,
}

/// The commits that the ledger trusts, in the order in which it came to do so.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn milestones(ledger: &mut Ledger) -> Result<Vec<Milestone>, LedgerError> {
    let mut found: BTreeMap<u64, Milestone> = BTreeMap::new();
    for record in ledger.records_of(0, TRUSTED) {
        let record = record?;
        let Trusted { commit } = body(&record)?;
        found.insert(
            record.seq(),
            Milestone {
                scope: None,
                commit,
            },
        );
    }
    for record in ledger.records_of(0, REACHED) {
        let record = record?;
        let Reached { scope, commit, .. } = body(&record)?;
        let scope = Some(scope);
        found.insert(record.seq(), Milestone { scope, commit });
    }
    Ok(found.into_values().collect())
}

/// When these changes, by their digests, were last brought to an end: what was approved
/// before then has had its effect, and is no leave to do it again.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn spent(
    ledger: &mut Ledger,
    changes: &BTreeSet<Digest>,
) -> Result<BTreeMap<Digest, Timestamp>, LedgerError> {
    let mut ended: HashMap<(Digest, Scope), Timestamp> = HashMap::new();
    for record in ledger.records_of(0, FINISHED) {
        let record = record?;
        let finished: Finished = body(&record)?;
        if finished.result == "applied" {
            ended.insert((finished.plan, finished.scope), instant(&record)?);
        }
    }
    let mut spent = BTreeMap::new();
    if ended.is_empty() {
        return Ok(spent);
    }
    for Batch { intent, fate, .. } in batches(ledger, 0, |_| true)? {
        let scope = intent.scope;
        let Some(at) = ended
            .get(&(intent.plan, scope.clone()))
            .filter(|_| fate == Some(Fate::Done))
        else {
            continue;
        };
        for done in intent.changes {
            let digest = Change::digest_of(
                &scope,
                &done.resource,
                done.before.as_ref(),
                done.after.as_ref(),
            );
            if let Some(digest) = digest.ok().filter(|digest| changes.contains(digest)) {
                let last = spent.entry(digest).or_insert(*at);
                *last = (*last).max(*at);
            }
        }
    }
    Ok(spent)
}

/// The batches from a record on that are wanted, in their order. Whether one is wanted is
/// asked of the body of its intent, so that the others need not be read.
pub(crate) fn batches(
    ledger: &mut Ledger,
    from: u64,
    wanted: impl Fn(&Value) -> bool,
) -> Result<Vec<Batch>, LedgerError> {
    let mut batches: BTreeMap<u64, Batch> = BTreeMap::new();
    for record in ledger.records_of(from, "apply") {
        let record = record?;
        match record.kind() {
            INTENT if wanted(record.body()) => {
                let (seq, at) = (record.seq(), instant(&record)?);
                let batch = Batch {
                    seq,
                    at,
                    intent: body(&record)?,
                    fate: None,
                };
                batches.insert(seq, batch);
            }
            OUTCOME => {
                let outcome: Outcome = body(&record)?;
                if let Some(batch) = batches.get_mut(&outcome.intent) {
                    batch.fate = Some(outcome.fate);
                }
            }
            _ => {}
        }
    }
    Ok(batches.into_values().collect())
}

/// Whether a body has this value under a key.
pub(crate) fn says<T: Serialize>(body: &Value, key: &str, value: &T) -> bool {
    let wanted = serde_json::to_value(value).ok();
    wanted.is_some() && body.get(key) == wanted.as_ref()
}

/// What batches did together: of each resource, what was there before the first and after the last.
pub(crate) fn net(batches: impl IntoIterator<Item = Intent>) -> BTreeMap<String, Done> {
    let mut net: BTreeMap<String, Done> = BTreeMap::new();
    for done in batches.into_iter().flat_map(|intent| intent.changes) {
        match net.get_mut(&done.resource) {
            Some(first) => first.after = done.after,
            None => {
                net.insert(done.resource.clone(), done);
            }
        }
    }
    net
}

pub(crate) fn body<T: DeserializeOwned>(record: &Record) -> Result<T, LedgerError> {
    T::deserialize(record.body()).map_err(|error| LedgerError::Corrupt {
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

//! The inverse of what was applied: only what that plan changed, and nothing else.

use ledger::{Ledger, LedgerError};

use crate::journal::{self, Done, FINISHED, Fate, Finished, INTENT, Intent};
use crate::{Change, Origin, Scope};
use charter::risk::{Breaks, Effect, Rollback};

/// Why there is nothing to undo.
#[derive(Debug, thiserror::Error)]
pub enum NoRevert {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There is no such record.
    #[error("the ledger has no record {0}")]
    NoRecord(u64),
    /// The record is about something else.
    #[error(
        "record {seq} is a `{kind}`; one that can be undone is an `{INTENT}` or an `{FINISHED}`"
    )]
    OtherKind {
        /// The record.
        seq: u64,
        /// What it is.
        kind: String,
    },
    /// Nothing that it announced was done.
    #[error("nothing of record {0} was done, so there is nothing to undo")]
    NothingDone(u64),
}

/// What has to be done to undo a record: of an `apply.finished`, all that its plan
/// did in its scope; of an `apply.intent`, that batch. The changes are not judged yet.
///
/// # Errors
/// See [`NoRevert`].
pub fn revert(ledger: &mut Ledger, seq: u64) -> Result<(Scope, Vec<Change>), NoRevert> {
    let record = ledger.get(seq)?.ok_or(NoRevert::NoRecord(seq))?;
    let (scope, plan, only) = match record.kind() {
        INTENT => {
            let intent: Intent = journal::body(&record)?;
            (intent.scope, intent.plan, Some(seq))
        }
        FINISHED => {
            let finished: Finished = journal::body(&record)?;
            (finished.scope, finished.plan, None)
        }
        kind => {
            let kind = kind.to_owned();
            return Err(NoRevert::OtherKind { seq, kind });
        }
    };
    let batches = journal::batches(ledger, only.unwrap_or(0), |intent| {
        journal::says(intent, "plan", &plan) && journal::says(intent, "scope", &scope)
    })?;
    // Of what is not known, a plan that undoes it finds out: it is there, or the plan is stale.
    let done = batches.into_iter().filter(|batch| {
        only.is_none_or(|only| only == batch.seq) && batch.fate != Some(Fate::NotDone)
    });
    let net = journal::net(done.map(|batch| batch.intent));
    let mut changes: Vec<Change> = net.into_values().filter_map(inverse).collect();
    changes.sort_by(|a, b| (a.action, &a.resource).cmp(&(b.action, &b.resource)));
    if changes.is_empty() {
        return Err(NoRevert::NothingDone(seq));
    }
    Ok((scope, changes))
}

fn inverse(done: Done) -> Option<Change> {
    let (before, after) = (done.after, done.before);
    Some(Change {
        action: Change::action_of(before.as_ref(), after.as_ref())?,
        resource: done.resource,
        before,
        after,
        origin: Origin::Revert,
        owners: done.owners,
        declared_at: None,
        effect: Effect::new(Breaks::Likely, Rollback::Hard),
    })
}

//! The inverse of what was applied: only what that plan changed, and nothing else.

use std::collections::BTreeMap;

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
    let mut undone: BTreeMap<String, Done> = BTreeMap::new();
    for (at, intent, fate) in journal::batches(ledger)? {
        let asked = only.is_none_or(|only| only == at.seq());
        if intent.plan != plan || intent.scope != scope || !asked || fate == Some(Fate::NotDone) {
            continue;
        }
        for done in intent.changes {
            match undone.get_mut(&done.resource) {
                // Done, undone and done again: the first before and the last after.
                Some(first) => first.after = done.after,
                None => {
                    undone.insert(done.resource.clone(), done);
                }
            }
        }
    }
    let changes: Vec<Change> = undone.into_values().filter_map(inverse).collect();
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

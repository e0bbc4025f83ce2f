//! What earlier runs left open.

use base::Digest;
use ledger::LedgerError;
use serde_json::Value;

use crate::journal::{Batch, Fate, Journal, OUTCOME, Outcome, net};
use crate::{Change, Domain, Observation, Scope};

/// A resource, what was there and what shall be.
pub(super) type Step<'c> = (&'c str, &'c Option<Value>, &'c Option<Value>);

/// The batches of a scope since it was last brought to an end, each with its fate.
pub(super) struct Unfinished {
    pub(super) batches: Vec<Batch>,
    /// What was found out now, for people.
    pub(super) settled: Vec<String>,
}

/// Finds out what became of the batches that an earlier run, of whichever plan, left open.
pub(super) fn settle<D: Domain>(
    domain: &D,
    scope: &Scope,
    observation: &Observation<D::State>,
    journal: &mut Journal<'_>,
) -> Result<Unfinished, LedgerError> {
    let mut batches = journal.unfinished(scope)?;
    let mut settled = Vec::new();
    for batch in batches.iter_mut().filter(|batch| batch.fate.is_none()) {
        let steps = batch.intent.changes.iter();
        let steps = steps.map(|done| (done.resource.as_str(), &done.before, &done.after));
        let (fate, why) = fate_of(domain, &observation.state, steps);
        batch.fate = Some(fate);
        settled.push(format!(
            "batch {} of plan {}: {why}",
            batch.seq,
            batch.intent.plan.short()
        ));
        let outcome = Outcome {
            intent: batch.seq,
            fate,
            why: Some(why),
            mark: Some(observation.mark.clone()),
        };
        journal.write(OUTCOME, &outcome)?;
    }
    Ok(Unfinished { batches, settled })
}

/// Those of the changes found done already that earlier runs of this plan did, and nobody else.
pub(super) fn done_by(plan: &Digest, batches: Vec<Batch>, already: &[Change]) -> Vec<Change> {
    let done = batches
        .into_iter()
        .filter(|batch| batch.intent.plan == *plan && batch.fate == Some(Fate::Done));
    let net = net(done.map(|batch| batch.intent));
    let by_it = |change: &&Change| {
        net.get(&change.resource)
            .is_some_and(|done| done.before == change.before && done.after == change.after)
    };
    already.iter().filter(by_it).cloned().collect()
}

/// What became of a batch, by what is there now.
pub(super) fn fate_of<'c, D: Domain>(
    domain: &D,
    current: &D::State,
    batch: impl Iterator<Item = Step<'c>>,
) -> (Fate, String) {
    let (mut all, mut done, mut not) = (0, 0, 0);
    for (resource, before, after) in batch {
        let is = domain.resource(current, resource);
        all += 1;
        if is == *after {
            done += 1;
        } else if is == *before {
            not += 1;
        }
    }
    if done == all {
        return (Fate::Done, "it was done, as is seen now".to_owned());
    }
    if not == all {
        let why = "nothing of it was done, as is seen now";
        return (Fate::NotDone, why.to_owned());
    }
    let odd = all - done - not;
    let why = format!(
        "of {all} changes {done} are seen, {not} are not, and {odd} are something else now"
    );
    (Fate::Unknown, why)
}

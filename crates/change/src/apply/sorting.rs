//! What of a plan is still to do, and whether all of that may be done.

use std::collections::HashSet;

use charter::risk::Effect;

use super::seeing::otherwise;
use crate::gate::Judgement;
use crate::plan::ScopePlan;
use crate::{Change, Domain, Observation};

/// Which changes are to do, and which cannot be done as planned.
pub(super) struct Sorted {
    pub(super) pending: ScopePlan,
    pub(super) already: Vec<Change>,
    pub(super) moved: Vec<String>,
}

pub(super) fn sort<D: Domain>(domain: &D, current: &D::State, mut planned: ScopePlan) -> Sorted {
    let mut moved = Vec::new();
    let already = planned.changes.extract_if(.., |one| {
        let is = domain.resource(current, &one.change.resource);
        let done = is == one.change.after;
        if !done && is != one.change.before {
            moved.push(otherwise(&one.change.resource, is.is_some()));
        }
        done
    });
    let already = already.map(|one| one.change).collect();
    Sorted {
        pending: planned,
        already,
        moved,
    }
}

/// Judges what the changes that are left do to what is there now, and the limits of their
/// scope against what was there before any of it was done.
pub(super) fn judge_anew<D: Domain>(
    domain: &D,
    observation: &Observation<D::State>,
    sorted: &mut Sorted,
) {
    let pending = &mut sorted.pending;
    let to_do: Vec<&Change> = pending.changes.iter().map(|one| &one.change).collect();
    pending.exceeded = domain.exceeded(&pending.scope, &observation.state, &to_do, &sorted.already);
    let changes = pending.changes.iter_mut().map(|planned| {
        planned.change.effect = Effect::unknown("its domain does not say what it does");
        &mut planned.change
    });
    domain.judge(&pending.scope, &observation.state, changes);
}

/// Whether every change passed: a gate that says nothing of one has not let it pass.
pub(super) fn all_passed(anew: &ScopePlan, judgements: &[Judgement]) -> bool {
    let passed = judgements.iter().filter(|judgement| judgement.passed());
    let passed: HashSet<_> = passed.map(|judgement| judgement.digest).collect();
    judgements.iter().all(Judgement::passed)
        && anew
            .changes
            .iter()
            .all(|planned| passed.contains(&planned.digest))
}

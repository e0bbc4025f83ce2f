//! What of a plan is still to do, and whether all of that may be done.

use std::collections::HashSet;

use charter::risk::Effect;

use super::seeing::otherwise;
use crate::gate::Judgement;
use crate::limits::over;
use crate::plan::{Planned, ScopePlan};
use crate::{Action, Domain, Observation};

/// Which changes are to do, and which cannot be done as planned.
pub(super) struct Sorted<'p> {
    pub(super) pending: Vec<&'p Planned>,
    pub(super) already: Vec<&'p Planned>,
    pub(super) moved: Vec<String>,
}

pub(super) fn sort<'p, D: Domain>(
    domain: &D,
    current: &D::State,
    changes: &'p [Planned],
) -> Sorted<'p> {
    let mut sorted = Sorted {
        pending: Vec::new(),
        already: Vec::new(),
        moved: Vec::new(),
    };
    for planned in changes {
        let is = domain.resource(current, &planned.change.resource);
        if is == planned.change.after {
            sorted.already.push(planned);
        } else if is == planned.change.before {
            sorted.pending.push(planned);
        } else {
            let what = otherwise(&planned.change.resource, is.is_some());
            sorted.moved.push(what);
        }
    }
    sorted
}

/// What is left to do, with what it does judged against what is there now, and its limits
/// against what was there before any of it was done.
pub(super) fn judged_anew<D: Domain>(
    domain: &D,
    planned: &ScopePlan,
    observation: &Observation<D::State>,
    sorted: Sorted<'_>,
) -> ScopePlan {
    let mut existing = domain.count(&observation.state);
    for done in &sorted.already {
        match done.change.action {
            Action::Delete => existing = existing.saturating_add(1),
            Action::Create => existing = existing.saturating_sub(1),
            Action::Update => {}
        }
    }
    let actions = planned.changes.iter().map(|one| one.change.action);
    let exceeded = over(domain.limits(&planned.scope), existing, actions);
    let judge = |planned_change: &Planned| {
        let mut anew = planned_change.clone();
        anew.change.effect = Effect::unknown("its domain does not say what it does");
        domain.judge(&planned.scope, &observation.state, &mut anew.change);
        anew
    };
    ScopePlan {
        scope: planned.scope.clone(),
        observed: planned.observed.clone(),
        changes: sorted.pending.into_iter().map(judge).collect(),
        kept: planned.kept.clone(),
        exceeded,
    }
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

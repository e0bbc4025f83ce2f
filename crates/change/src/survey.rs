//! From an estate and the real systems to changes.

use std::collections::BTreeMap;

use charter::risk::{Assessment, Assessor, Reason, Risk, RiskSettings};
use estate::Estate;

use crate::limits::Exceeded;
use crate::plan::{Observed, Planned, ScopePlan};
use crate::{Change, Difference, Domain, Origin, Scope, Stopped};

/// What has to be done in a scope, not judged yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Which scope.
    pub scope: Scope,
    /// What it was computed from.
    pub observed: Observed,
    /// What to do and what stays.
    pub difference: Difference,
    /// The safety limits that it is over.
    pub exceeded: Vec<Exceeded>,
}

/// Compares what a domain's estate wants of a scope with what is there. `base` is
/// the same domain as the estate was at the base: it tells what this commit
/// causes from what was there before, and what was never ours.
///
/// # Errors
/// The scope cannot be planned.
pub fn survey<D: Domain>(domain: &D, base: Option<&D>, scope: &Scope) -> Result<Survey, Stopped> {
    let (desired, declared_before) = wanted(domain, base, scope)?;
    let observation = domain.observe(scope)?;
    let current = &observation.state;
    let mut difference = domain.diff(scope, current, &desired, declared_before.as_ref());
    if let Some(before) = &declared_before {
        for change in &mut difference.changes {
            let wanted_before = domain.resource(before, &change.resource);
            if wanted_before == change.after {
                change.origin = Origin::Drift;
            }
        }
    }
    let pending: Vec<&Change> = difference.changes.iter().collect();
    Ok(Survey {
        exceeded: domain.exceeded(scope, current, &pending, &[]),
        scope: scope.clone(),
        observed: Observed {
            mark: observation.mark,
            digest: domain.digest(current),
            resources: domain.count(current),
        },
        difference,
    })
}

/// Whether a scope in which this was just seen is all that the estate wants of it: a survey
/// would find nothing to do.
///
/// # Errors
/// It cannot be told what the estate wants.
pub fn is_reached<D: Domain>(
    domain: &D,
    base: Option<&D>,
    scope: &Scope,
    current: &D::State,
) -> Result<bool, Stopped> {
    let (desired, declared_before) = wanted(domain, base, scope)?;
    let difference = domain.diff(scope, current, &desired, declared_before.as_ref());
    Ok(difference.changes.is_empty())
}

/// What is wanted of a scope, and what was at the base.
fn wanted<D: Domain>(
    domain: &D,
    base: Option<&D>,
    scope: &Scope,
) -> Result<(D::State, Option<D::State>), Stopped> {
    let desired = domain.desired(scope)?;
    // What cannot be told of the base was not declared there: then nothing is ours to delete.
    let declared_before = base
        .filter(|base| base.scopes().contains(scope))
        .and_then(|base| base.desired(scope).ok());
    Ok((desired, declared_before))
}

/// Who and what judges the changes of a plan.
#[derive(Debug)]
pub struct Judges<'e> {
    assessors: Vec<Assessor<'e>>,
    settings: RiskSettings,
    recent: Vec<Risk>,
}

impl<'e> Judges<'e> {
    /// Judged by the estate as it is and as it was at the base, whichever finds more
    /// risk: a commit cannot lower its own by dropping what depends on it. `recent` are the
    /// risks of what the same authors changed in the last days.
    pub fn new(estates: &[&'e Estate], settings: RiskSettings, recent: Vec<Risk>) -> Self {
        let assessors = estates
            .iter()
            .map(|estate| Assessor::new(estate, settings))
            .collect();
        Self {
            assessors,
            settings,
            recent,
        }
    }

    /// Judges all changes of a plan: each by itself, then all of them with the recent ones.
    pub fn judge(&mut self, scopes: &mut [ScopePlan]) {
        let mut sum = self.recent.clone();
        for planned in scopes.iter_mut().flat_map(|scope| &mut scope.changes) {
            (planned.risk, planned.reasons, planned.accumulates) = self.alone(planned);
            if planned.accumulates {
                sum.push(planned.risk);
            }
        }
        let sums = Risk::ALL.iter().map(|own| (*own, self.sum(*own, &sum)));
        let sums: BTreeMap<Risk, Option<Reason>> = sums.collect();
        let changes = scopes.iter_mut().flat_map(|scope| &mut scope.changes);
        for planned in changes.filter(|planned| planned.accumulates) {
            if let Some(Some(reason)) = sums.get(&planned.risk) {
                planned.risk = planned.risk.max(reason.raises_to);
                planned.reasons.push(reason.clone());
            }
        }
    }

    /// As [`Judges::judge`], but a risk that was put higher stays: people may raise one. Gives
    /// the risks that were said before, in their order.
    pub fn rejudge(&mut self, scopes: &mut [ScopePlan]) -> Vec<Risk> {
        let changes = scopes.iter_mut().flat_map(|scope| &mut scope.changes);
        let said = changes.map(|planned| (planned.risk, std::mem::take(&mut planned.reasons)));
        let said: Vec<(Risk, Vec<Reason>)> = said.collect();
        self.judge(scopes);
        let changes = scopes.iter_mut().flat_map(|scope| &mut scope.changes);
        let kept = said.into_iter().zip(changes).map(|((said, why), planned)| {
            if said > planned.risk {
                planned.risk = said;
                planned.accumulates = true;
                planned.reasons = why;
            }
            said
        });
        kept.collect()
    }

    /// The risks of the changes of a scope that add up, each by itself: for those of another
    /// scope of the same plan they are as recent ones.
    pub fn adding_up(&mut self, scope: &ScopePlan) -> Vec<Risk> {
        let judged = scope.changes.iter().map(|planned| self.alone(planned));
        let adding = judged.filter(|(.., accumulates)| *accumulates);
        adding.map(|(risk, ..)| risk).collect()
    }

    /// The risk of one change by itself, why, and whether it adds up.
    fn alone(&mut self, planned: &Planned) -> (Risk, Vec<Reason>, bool) {
        let mut worst: Option<Assessment> = None;
        for assessor in &mut self.assessors {
            let assessment = assessor.assess(&planned.change.effect);
            if worst
                .as_ref()
                .is_none_or(|worst| assessment.risk > worst.risk)
            {
                worst = Some(assessment);
            }
        }
        // What nobody judges has the highest risk, whatever a file says of it.
        match worst {
            Some(worst) => (worst.risk, worst.reasons, worst.accumulates),
            None => (Risk::High, Vec::new(), true),
        }
    }

    /// What all changes add up to for one of them that has this risk.
    fn sum(&self, own: Risk, all: &[Risk]) -> Option<Reason> {
        let mut others = all.to_vec();
        let at = others.iter().position(|risk| *risk == own)?;
        others.swap_remove(at);
        charter::risk::accumulate(own, &others, &self.settings)
    }
}

impl Survey {
    /// As part of a plan, before it is judged: what is not judged has the highest risk.
    ///
    /// # Errors
    /// A value cannot be JSON.
    pub fn into_plan(self) -> Result<ScopePlan, serde_json::Error> {
        let planned = |change: Change| {
            Ok(Planned {
                digest: change.digest(&self.scope)?,
                change,
                risk: Risk::High,
                reasons: Vec::new(),
                accumulates: true,
            })
        };
        let changes = self.difference.changes.into_iter().map(planned);
        Ok(ScopePlan {
            changes: changes.collect::<Result<_, serde_json::Error>>()?,
            scope: self.scope,
            observed: self.observed,
            kept: self.difference.kept,
            exceeded: self.exceeded,
        })
    }
}

//! Does what a plan says: checked before the first write, written down before and
//! after each, seen afterwards.

mod writing;

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use jiff::Timestamp;
use ledger::LedgerError;
use serde::Serialize;

use crate::gate::Judgement;
use crate::journal::{FINISHED, Fate, Finished, Intent, Journal, OUTCOME, Outcome};
use crate::limits::exceeded;
use crate::plan::{Planned, ScopePlan};
use crate::{Domain, Observation, Scope, Sighting, Stopped, Writers};
use writing::{End, Writing};

/// How an apply ended in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Ending {
    /// All is as planned, and was seen to be.
    Applied,
    /// The gate is shut; nothing was done.
    NotPassed,
    /// What the plan was computed from has changed; nothing was done.
    Stale {
        /// The resources, each with what became of it.
        moved: Vec<String>,
    },
    /// The scope cannot be planned or written; nothing was done.
    Stopped {
        /// Why.
        why: String,
    },
    /// The system refused a part, and what had been done before was undone.
    RolledBack {
        /// What it said.
        why: String,
    },
    /// It stopped on the way. The next run goes on.
    Interrupted {
        /// Why.
        why: String,
        /// How many changes are left, as far as is known.
        left: usize,
    },
    /// The system said that all was done, and something else was seen.
    NotAsPlanned {
        /// What was seen.
        seen: Vec<String>,
    },
}

/// What became of one scope of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Which scope.
    pub scope: Scope,
    /// How it ended.
    #[serde(flatten)]
    pub ending: Ending,
    /// Changes done by this run.
    pub done: usize,
    /// Changes found to be done already.
    pub already: usize,
    /// What became of batches that an earlier run left open.
    pub settled: Vec<String>,
    /// How its changes stood at the gate, where it was asked.
    pub judgements: Vec<Judgement>,
    /// What was seen afterwards.
    pub sightings: Vec<Sighting>,
    /// Until when caches may hold what was before.
    pub old_answers_until: Option<Timestamp>,
}

/// What is applied, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The digest of the plan.
    pub plan: &'a Digest,
    /// Its commit.
    pub commit: Option<&'a str>,
    /// The authors and co-authors of what it holds.
    pub authors: &'a BTreeSet<String>,
}

/// The gate, asked with the changes as they are judged against what was just observed.
pub type Gate<'g> = &'g mut dyn FnMut(&ScopePlan) -> Vec<Judgement>;

/// Applies one scope of a plan.
///
/// # Errors
/// The ledger cannot be read or written: without it nothing is done, or nothing more.
pub fn apply<D: Domain>(
    order: Order<'_>,
    planned: &ScopePlan,
    domain: &D,
    writers: &dyn Writers,
    journal: &mut Journal<'_>,
    gate: Gate<'_>,
) -> Result<Report, LedgerError> {
    let _guard = journal.lock(&planned.scope)?;
    let mut report = Report {
        scope: planned.scope.clone(),
        ending: Ending::Applied,
        done: 0,
        already: 0,
        settled: Vec::new(),
        judgements: Vec::new(),
        sightings: Vec::new(),
        old_answers_until: None,
    };
    let observation = match domain.observe(&planned.scope) {
        Ok(observation) => observation,
        Err(stopped) => return Ok(report.ending(stopped.into())),
    };
    report.settled = settle(domain, &planned.scope, &observation, journal)?;
    let sorted = sort(domain, &observation.state, &planned.changes);
    report.already = sorted.already;
    if !sorted.moved.is_empty() {
        return Ok(report.ending(Ending::Stale {
            moved: sorted.moved,
        }));
    }
    let anew = judged_anew(domain, planned, &observation, sorted.pending);
    report.judgements = gate(&anew);
    if report
        .judgements
        .iter()
        .any(|judgement| !judgement.passed())
    {
        return Ok(report.ending(Ending::NotPassed));
    }
    let mut writer = match writers.open(&planned.scope) {
        Ok(writer) => writer,
        Err(stopped) => return Ok(report.ending(stopped.into())),
    };
    let mut writing = Writing::new(
        order,
        &anew,
        domain,
        writer.as_mut(),
        journal,
        observation.mark,
    );
    let end = writing.all()?;
    report.done = writing.done();
    report.ending = match end {
        End::All => Ending::Applied,
        End::Refused(why) | End::Moved(why) if report.done == 0 => Ending::Stopped { why },
        End::Refused(why) | End::Moved(why) => match writing.roll_back()? {
            true => {
                report.done = 0;
                Ending::RolledBack { why }
            }
            false => Ending::Interrupted {
                why,
                left: writing.left(),
            },
        },
        End::Interrupted(why) => Ending::Interrupted {
            why,
            left: writing.left(),
        },
    };
    if report.ending == Ending::Applied {
        verify(domain, planned, &anew, journal, &mut report);
    }
    finish(order, journal, &report)?;
    Ok(report)
}

/// Which changes are to do, and which cannot be done as planned.
struct Sorted {
    pending: Vec<Planned>,
    already: usize,
    moved: Vec<String>,
}

fn sort<D: Domain>(domain: &D, current: &D::State, changes: &[Planned]) -> Sorted {
    let mut sorted = Sorted {
        pending: Vec::new(),
        already: 0,
        moved: Vec::new(),
    };
    for planned in changes {
        let is = domain.resource(current, &planned.change.resource);
        if is == planned.change.after {
            sorted.already += 1;
        } else if is == planned.change.before {
            sorted.pending.push(planned.clone());
        } else {
            sorted
                .moved
                .push(moved(&planned.change.resource, is.is_some()));
        }
    }
    sorted
}

fn moved(resource: &str, is_there: bool) -> String {
    let what = if is_there {
        "is another now"
    } else {
        "is not there any more"
    };
    format!("{resource} {what}")
}

/// The same changes with what they do judged against what is there now.
fn judged_anew<D: Domain>(
    domain: &D,
    planned: &ScopePlan,
    observation: &Observation<D::State>,
    mut pending: Vec<Planned>,
) -> ScopePlan {
    for planned_change in &mut pending {
        domain.judge(
            &planned.scope,
            &observation.state,
            &mut planned_change.change,
        );
    }
    let changes: Vec<_> = planned
        .changes
        .iter()
        .map(|one| one.change.clone())
        .collect();
    let existing = domain.count(&observation.state);
    ScopePlan {
        exceeded: exceeded(domain.limits(&planned.scope), existing, &changes),
        changes: pending,
        ..planned.clone()
    }
}

/// Finds out what became of the batches that an earlier run, of whichever plan, left open.
fn settle<D: Domain>(
    domain: &D,
    scope: &Scope,
    observation: &Observation<D::State>,
    journal: &mut Journal<'_>,
) -> Result<Vec<String>, LedgerError> {
    let mut settled = Vec::new();
    for (seq, intent) in journal.dangling(scope)? {
        let (fate, why) = fate_of(domain, &observation.state, &intent);
        settled.push(format!(
            "batch {seq} of plan {}: {why}",
            intent.plan.short()
        ));
        let outcome = Outcome {
            intent: seq,
            fate,
            why: Some(why),
            mark: Some(observation.mark.clone()),
        };
        journal.write(OUTCOME, &outcome)?;
    }
    Ok(settled)
}

fn fate_of<D: Domain>(domain: &D, current: &D::State, intent: &Intent) -> (Fate, String) {
    let (mut done, mut not) = (0, 0);
    for change in &intent.changes {
        let is = domain.resource(current, &change.resource);
        if is == change.after {
            done += 1;
        } else if is == change.before {
            not += 1;
        }
    }
    match intent.changes.len() {
        all if done == all => (Fate::Done, "it was done, as is seen now".to_owned()),
        all if not == all => (
            Fate::NotDone,
            "nothing of it was done, as is seen now".to_owned(),
        ),
        all => {
            let odd = all - done - not;
            let why = format!(
                "of {all} changes {done} are seen, {not} are not, and {odd} are something else now"
            );
            (Fate::Unknown, why)
        }
    }
}

/// Never trust the OK: reads again and compares, here and wherever the domain can ask.
fn verify<D: Domain>(
    domain: &D,
    planned: &ScopePlan,
    anew: &ScopePlan,
    journal: &Journal<'_>,
    report: &mut Report,
) {
    let mut seen = Vec::new();
    match domain.observe(&planned.scope) {
        Ok(observation) => {
            for planned in &planned.changes {
                let is = domain.resource(&observation.state, &planned.change.resource);
                if is != planned.change.after {
                    seen.push(moved(&planned.change.resource, is.is_some()));
                }
            }
        }
        Err(stopped) => seen.push(format!("it cannot be read again: {}", stopped.what)),
    }
    let changes: Vec<_> = anew.changes.iter().map(|planned| &planned.change).collect();
    if !changes.is_empty() {
        report.sightings = domain.verify(&planned.scope, &changes);
    }
    for sighting in &report.sightings {
        let otherwise = sighting.otherwise.iter();
        seen.extend(otherwise.map(|what| format!("at {}: {what}", sighting.at)));
    }
    let longest = report
        .sightings
        .iter()
        .map(|sighting| sighting.old_answers_for)
        .max();
    report.old_answers_until = longest.and_then(|seconds| {
        let span = jiff::SignedDuration::from_secs(i64::from(seconds));
        journal.now().checked_add(span).ok()
    });
    if !seen.is_empty() {
        report.ending = Ending::NotAsPlanned { seen };
    }
}

fn finish(order: Order<'_>, journal: &mut Journal<'_>, report: &Report) -> Result<(), LedgerError> {
    let mut passed = BTreeSet::new();
    for judgement in &report.judgements {
        if let crate::gate::Verdict::Passed { by } = &judgement.verdict {
            passed.extend(by.iter().cloned());
        }
    }
    let finished = Finished {
        plan: *order.plan,
        commit: order.commit.map(str::to_owned),
        scope: report.scope.clone(),
        result: report.ending.word().to_owned(),
        done: report.done,
        passed,
        review_due: report
            .judgements
            .iter()
            .filter_map(|one| one.review_due)
            .min(),
        sightings: report.sightings.clone(),
    };
    journal.write(FINISHED, &finished).map(|_| ())
}

impl Ending {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NotPassed => "not-passed",
            Self::Stale { .. } => "stale",
            Self::Stopped { .. } => "stopped",
            Self::RolledBack { .. } => "rolled-back",
            Self::Interrupted { .. } => "interrupted",
            Self::NotAsPlanned { .. } => "not-as-planned",
        }
    }
}

impl From<Stopped> for Ending {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped {
            why: format!("{}; {}", stopped.what, stopped.help),
        }
    }
}

impl Report {
    fn ending(self, ending: Ending) -> Self {
        Self { ending, ..self }
    }
}

/// Where the risks of changes are found again, by resource.
type Risks = BTreeMap<String, (charter::risk::Risk, bool)>;

fn risks(scope: &ScopePlan) -> Risks {
    let changes = scope.changes.iter();
    changes
        .map(|planned| {
            (
                planned.change.resource.clone(),
                (planned.risk, planned.accumulates),
            )
        })
        .collect()
}

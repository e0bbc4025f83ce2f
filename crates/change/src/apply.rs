//! Does what a plan says: checked before the first write, written down before and
//! after each, seen afterwards.

mod apart;
mod seeing;
mod settling;
mod sorting;
mod writing;

use std::collections::BTreeSet;

use base::Digest;
use jiff::Timestamp;
use ledger::LedgerError;
use serde::Serialize;

use crate::gate::{Judgement, Verdict};
use crate::journal::{FINISHED, Finished, Journal};
use crate::plan::ScopePlan;
use crate::{Change, Domain, Hand, Scope, Sighting, Stopped, Writers};
use apart::Apart;
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
    /// The system takes each change by itself, and would not take some.
    Partly {
        /// The resources, each with why.
        failed: Vec<String>,
        /// How many changes are left.
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

/// The gate, asked with what the changes do to what was just observed; it judges their risks
/// anew. It is asked only if there is something to do. A change it says nothing of has not
/// passed.
pub type Gate<'g> = &'g mut dyn FnMut(&mut ScopePlan) -> Vec<Judgement>;

/// Applies one scope of a plan. Where all is as planned afterwards, what was seen there is given
/// back with the report.
///
/// # Errors
/// The ledger cannot be read or written: without it nothing is done, or nothing more.
pub fn apply<D: Domain>(
    order: Order<'_>,
    planned: ScopePlan,
    domain: &D,
    writers: &dyn Writers,
    journal: &mut Journal<'_>,
    gate: Gate<'_>,
) -> Result<(Report, Option<D::State>), LedgerError> {
    let scope = planned.scope.clone();
    let mut guard = journal.lock(&scope)?;
    let mut report = Report::of(&scope);
    let ended = |report: Report, ending| Ok((report.ending(ending), None));
    let observation = match domain.observe(&scope) {
        Ok(observation) => observation,
        Err(stopped) => return ended(report, stopped.into()),
    };
    let unfinished = settling::settle(domain, &scope, &observation, journal)?;
    report.settled = unfinished.settled;
    let mut sorted = sorting::sort(domain, &observation.state, planned);
    report.already = sorted.already.len();
    if !sorted.moved.is_empty() {
        let moved = sorted.moved;
        return ended(report, Ending::Stale { moved });
    }
    let earlier = settling::done_by(order.plan, unfinished.batches, &sorted.already);
    sorting::judge_anew(domain, &observation, &mut sorted);
    let (mut anew, mut done) = (sorted.pending, sorted.already);
    // Finding that others have done it all is no apply: nobody let it pass.
    let worked = !anew.changes.is_empty() || !earlier.is_empty() || !report.settled.is_empty();
    if !anew.changes.is_empty() {
        report.judgements = gate(&mut anew);
        if !sorting::all_passed(&anew, &report.judgements) {
            return ended(report, Ending::NotPassed);
        }
        let written = match writers.open(&scope) {
            Ok(Hand::Whole(mut writer)) => {
                let mut writing = Writing::new(
                    order,
                    &scope,
                    anew.changes,
                    domain,
                    (writer.as_mut(), journal, &mut guard),
                    observation,
                );
                report.ending = written(&mut writing, &earlier)?;
                writing.into_written()
            }
            Ok(Hand::Apart(mut writer)) => {
                let mut apart = Apart::new(
                    order,
                    &scope,
                    domain,
                    (writer.as_mut(), journal, &mut guard),
                    observation.mark,
                );
                report.ending = apart.all(anew.changes)?;
                apart.into_written()
            }
            Err(stopped) => return ended(report, stopped.into()),
        };
        report.done = written.len();
        done.extend(written);
    }
    let mut seen = None;
    if matches!(report.ending, Ending::Applied | Ending::Partly { .. }) {
        seen = seeing::verify(domain, &done, journal, &mut report);
    }
    if worked {
        finish(order, journal, &report)?;
    }
    Ok((report, seen))
}

/// Writes all, or undoes what was done where a part cannot be: also what an `earlier` run
/// of the same plan did, so that a plan is never half done.
fn written<D: Domain>(
    writing: &mut Writing<'_, '_, D>,
    earlier: &[Change],
) -> Result<Ending, LedgerError> {
    let (why, left) = match writing.all()? {
        End::All => return Ok(Ending::Applied),
        End::Interrupted(why) => (why, writing.left()),
        End::Refused(why) | End::Moved(why) => {
            if writing.done() == 0 && earlier.is_empty() {
                return Ok(Ending::Stopped { why });
            }
            match writing.roll_back(earlier)? {
                End::All => return Ok(Ending::RolledBack { why }),
                End::Refused(but) | End::Moved(but) | End::Interrupted(but) => {
                    let why = format!("{why}; and it could not all be undone: {but}");
                    (why, writing.left())
                }
            }
        }
    };
    Ok(Ending::Interrupted { why, left })
}

fn finish(order: Order<'_>, journal: &mut Journal<'_>, report: &Report) -> Result<(), LedgerError> {
    let hows = report.judgements.iter().flat_map(|one| match &one.verdict {
        Verdict::Passed { by } => by.as_slice(),
        Verdict::Waiting { .. } | Verdict::Blocked { .. } => &[],
    });
    // A hundred thousand changes pass in few ways.
    let passed: BTreeSet<&String> = hows.collect();
    let finished = Finished {
        plan: *order.plan,
        commit: order.commit.map(str::to_owned),
        scope: report.scope.clone(),
        result: report.ending.word().to_owned(),
        done: report.done,
        passed: passed.into_iter().cloned().collect(),
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
            Self::Partly { .. } => "partly",
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
    fn of(scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            ending: Ending::Applied,
            done: 0,
            already: 0,
            settled: Vec::new(),
            judgements: Vec::new(),
            sightings: Vec::new(),
            old_answers_until: None,
        }
    }

    fn ending(self, ending: Ending) -> Self {
        Self { ending, ..self }
    }
}

//! A shelf, its ledger in a folder of its own, and runs over both.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use base::Digest;
use change::apply::{Gate, Order, Report, apply};
use change::gate::{Judgement, Verdict};
use change::journal::{Fate, INTENT, Intent, Journal, OUTCOME, Outcome};
use change::plan::{FORMAT, Plan, ScopePlan};
use change::{ScopeLimits, survey};
use charter::requirement::Requirement;
use charter::risk::Risk;
use jiff::Timestamp;
use ledger::{Against, Ledger};

use crate::shelf::{Died, Ladder, NO_LIMITS, Shared, Shelf, Things, Watch, World, scope};

pub(crate) const START: &str = "2026-11-06T12:00:00Z";

pub(crate) struct Workshop {
    pub(crate) world: Shared,
    pub(crate) batch: usize,
    pub(crate) limits: ScopeLimits,
    pub(crate) authors: BTreeSet<String>,
    pub(crate) open: bool,
    /// The system takes each change by itself.
    pub(crate) apart: bool,
    folder: tempfile::TempDir,
}

/// A plan with its digest.
pub(crate) type Made = (Plan, Digest);

pub(crate) fn things(all: &[(&str, u8)]) -> Things {
    let all = all.iter();
    all.map(|(thing, value)| ((*thing).to_owned(), *value))
        .collect()
}

impl Workshop {
    pub(crate) fn new(there: &Things, batch: usize) -> Self {
        Self {
            world: World::holding(there),
            batch,
            limits: NO_LIMITS,
            authors: BTreeSet::from(["ada".to_owned()]),
            open: true,
            apart: false,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn ledger(&self) -> Ledger {
        let path = self.folder.path().join("ledger.db");
        Ledger::open(path.to_str().unwrap()).unwrap()
    }

    pub(crate) fn shelf(&self, wanted: &Things) -> Shelf {
        Shelf {
            limits: self.limits,
            ..Shelf::wanting(&self.world, wanted)
        }
    }

    /// The plan to what is wanted, where `declared` was wanted before.
    pub(crate) fn plan(&self, wanted: &Things, declared: &Things) -> Made {
        let base = self.shelf(declared);
        let found = survey(&self.shelf(wanted), Some(&base), &scope()).unwrap();
        Self::of(found.into_plan().unwrap())
    }

    /// A plan of one scope, through its file.
    pub(crate) fn of(one: ScopePlan) -> Made {
        let plan = Plan {
            format: FORMAT,
            commit: Some("c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff".to_owned()),
            base: None,
            reverts: None,
            scopes: vec![one],
            stopped: Vec::new(),
        };
        Plan::parse(&plan.to_text().unwrap().0).unwrap()
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch {
            world: Shared::clone(&self.world),
            start: START.parse::<Timestamp>().unwrap(),
        }
    }

    pub(crate) fn apply(&self, made: &Made) -> Report {
        self.apply_with(made, &mut |anew| judgements(anew, self.open))
    }

    pub(crate) fn apply_with(&self, (plan, digest): &Made, gate: Gate<'_>) -> Report {
        let mut ledger = self.ledger();
        let watch = self.watch();
        let mut journal = Journal::new(&mut ledger, &watch, "person/ada");
        let ladder = Ladder {
            world: Shared::clone(&self.world),
            batch: self.batch,
            apart: self.apart,
        };
        let order = Order {
            plan: digest,
            commit: plan.commit.as_deref(),
            authors: &self.authors,
        };
        let shelf = self.shelf(&Things::new());
        let planned = plan.scopes[0].clone();
        let (report, _) = apply(order, planned, &shelf, &ladder, &mut journal, gate).unwrap();
        report
    }

    /// A run that may die; nothing of it is left but the world and the ledger's file.
    pub(crate) fn run(&self, made: &Made) -> Option<Report> {
        match catch_unwind(AssertUnwindSafe(|| self.apply(made))) {
            Ok(report) => Some(report),
            Err(thrown) => {
                assert!(thrown.is::<Died>(), "a panic that is no death");
                None
            }
        }
    }

    pub(crate) fn things(&self) -> Things {
        self.world.borrow().things.clone()
    }

    pub(crate) fn trouble(&self, call: usize, trouble: crate::shelf::Trouble) {
        let call = self.world.borrow().calls + call;
        self.world.borrow_mut().troubles.insert(call, trouble);
    }

    pub(crate) fn batches(&self) -> Vec<(u64, Intent, Vec<Fate>)> {
        let mut batches: BTreeMap<u64, (Intent, Vec<Fate>)> = BTreeMap::new();
        for record in self.ledger().records_of(0, "apply") {
            let record = record.unwrap();
            let body = record.body().clone();
            match record.kind() {
                INTENT => {
                    let intent = serde_json::from_value(body).unwrap();
                    batches.insert(record.seq(), (intent, Vec::new()));
                }
                OUTCOME => {
                    let outcome: Outcome = serde_json::from_value(body).unwrap();
                    let batch = batches.get_mut(&outcome.intent).unwrap();
                    batch.1.push(outcome.fate);
                }
                _ => {}
            }
        }
        let batches = batches.into_iter();
        batches
            .map(|(seq, (intent, fates))| (seq, intent, fates))
            .collect()
    }

    /// What the ledger says is there, if `start` was: every batch has one outcome, and each
    /// that was done found what it says it found.
    pub(crate) fn told(&self, start: &Things) -> Things {
        self.ledger().verify(Against::default()).unwrap();
        let mut there = start.clone();
        for (seq, intent, fates) in self.batches() {
            assert_eq!(fates.len(), 1, "batch {seq}: {fates:?}");
            if fates != [Fate::Done] {
                continue;
            }
            for done in intent.changes {
                let before = there.get(&done.resource).map(|value| (*value).into());
                assert_eq!(before, done.before, "{} in batch {seq}", done.resource);
                match done.after.and_then(|after| after.as_u64()) {
                    Some(after) => there.insert(done.resource, u8::try_from(after).unwrap()),
                    None => there.remove(&done.resource),
                };
            }
        }
        there
    }

    pub(crate) fn last(&self) -> u64 {
        self.ledger().head().unwrap().seq
    }
}

/// What a gate says that is open, or shut, to all.
pub(crate) fn judgements(plan: &ScopePlan, open: bool) -> Vec<Judgement> {
    let requirement = Arc::new(Requirement {
        risk: Risk::Low,
        review: None,
        consult: None,
        notice: Vec::new(),
        lazy: None,
        impossible: Vec::new(),
    });
    let judge = |planned: &change::plan::Planned| Judgement {
        scope: scope(),
        resource: planned.change.resource.clone(),
        digest: planned.digest,
        risk: Risk::Low,
        reasons: Vec::new(),
        requirement: Arc::clone(&requirement),
        standing: Arc::default(),
        verdict: if open {
            Verdict::Passed {
                by: vec!["the gate is open".to_owned()],
            }
        } else {
            Verdict::Blocked {
                because: Vec::new(),
            }
        },
        review_due: None,
    };
    plan.changes.iter().map(judge).collect()
}

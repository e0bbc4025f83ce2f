//! Runs of the spine over the access of an estate: survey, a gate that everything passes, apply.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Access, Hands, Outside};
use base::Digest;
use change::apply::{Order, Report, apply};
use change::gate::{Judgement, Verdict};
use change::journal::Journal;
use change::plan::ScopePlan;
use change::{Clock, Scope, Stopped, survey};
use charter::requirement::Requirement;
use charter::risk::Risk;
use estate::Estate;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use ledger::Ledger;

pub(crate) const DAY: Date = date(2026, 8, 21);
const PLAN: &[u8] = b"a plan";

pub(crate) struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        "2026-08-21T12:00:00Z".parse().unwrap()
    }

    fn wait(&self, _: std::time::Duration) {}
}

pub(crate) fn outside(secrets: &dyn Fn(&str) -> Option<String>) -> Outside<'_> {
    Outside {
        secrets,
        clock: || Timestamp::from_second(testkit::fakes::google::Google::START + 60).unwrap(),
        wait: |_| {},
    }
}

/// The access of an estate, with the secrets that the stand-ins have.
pub(crate) fn access<'e>(
    estate: &'e Estate,
    secrets: &'e dyn Fn(&str) -> Option<String>,
) -> Access<'e> {
    Access::new(estate, DAY, outside(secrets))
}

pub(crate) fn scope(name: &str, at: &str) -> Scope {
    Scope {
        domain: "access".to_owned(),
        name: name.to_owned(),
        at: at.to_owned(),
    }
}

/// What it takes, as part of a plan; `base` is the estate as it was.
pub(crate) fn plan<'e>(
    is: &Access<'e>,
    base: Option<&Access<'e>>,
    scope: &Scope,
) -> Result<ScopePlan, Stopped> {
    survey(is, base, scope).map(|found| found.into_plan().unwrap())
}

/// The changes of a plan as words.
pub(crate) fn words(plan: &ScopePlan) -> Vec<String> {
    let changes = plan.changes.iter().map(|one| &one.change);
    let words = changes.map(|one| format!("{} {}", one.action.mark(), one.resource));
    words.collect()
}

/// Applies a part of a plan, whatever it is.
pub(crate) fn run(access: &Access<'_>, planned: ScopePlan, ledger: &mut Ledger) -> Report {
    let (authors, digest) = (BTreeSet::new(), Digest::of(PLAN));
    let order = Order {
        plan: &digest,
        commit: None,
        authors: &authors,
    };
    let mut journal = Journal::new(ledger, &Now, "a test");
    let mut gate = |anew: &mut ScopePlan| passed(anew);
    let done = apply(
        order,
        planned,
        access,
        &Hands(access),
        &mut journal,
        &mut gate,
    );
    done.unwrap().0
}

fn passed(anew: &ScopePlan) -> Vec<Judgement> {
    let requirement = Arc::new(Requirement {
        risk: Risk::Low,
        review: None,
        consult: None,
        notice: Vec::new(),
        lazy: None,
        impossible: Vec::new(),
    });
    let judgement = |one: &change::plan::Planned| Judgement {
        scope: anew.scope.clone(),
        resource: one.change.resource.clone(),
        digest: one.digest,
        risk: Risk::Low,
        reasons: Vec::new(),
        requirement: Arc::clone(&requirement),
        standing: Arc::default(),
        verdict: Verdict::Passed { by: Vec::new() },
        review_due: None,
    };
    anew.changes.iter().map(judgement).collect()
}

/// A ledger in a folder that goes with it.
pub(crate) fn ledger() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = Ledger::open(path.to_str().unwrap()).unwrap();
    (folder, ledger)
}

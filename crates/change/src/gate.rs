//! Whether a change has what it requires: passed, waiting until a time, or blocked because of something.
//!
//! A pure function of the plan, the charter and the people at the base, the
//! events the ledger has received, and the time.

mod known;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::Digest;
use charter::requirement::Requirement;
use charter::risk::{Cause, Reason, Risk};
pub use decisions::ruling::{Blocker, Verdict};
use decisions::ruling::{Hearing, eligible, is_author};
use decisions::{Attributed, RaisedRisk, Receipts, Standing};
use estate::Estate;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::journal::Received;
use crate::plan::{Plan, Planned, ScopePlan};
use crate::{Change, Judges, Scope};
use known::{Known, Stands};

/// Tells by whose hand something came to be wanted.
pub trait Provenance: std::fmt::Debug {
    /// Whose commits changed what is wanted of a resource, since its scope was last brought to
    /// it. None where it cannot be told, or the files of a scope hold nothing else: then it is
    /// of all authors of the plan.
    fn hands(&self, scope: &Scope, change: &Change) -> Option<Arc<Hands>>;
}

/// Whose a change is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Hands {
    /// By their names in the estate at the base.
    pub known: BTreeSet<String>,
    /// Those whom that estate does not know.
    pub strangers: Vec<String>,
}

/// All that a gate looks at, beside the plan.
#[derive(Debug)]
pub struct Evidence<'e> {
    /// Before whom it is weighed.
    pub hearing: Hearing<'e>,
    /// The estate as it is to be: who is no more in it, or in a group, has no word any more.
    pub head: &'e Estate,
    /// What people did.
    pub events: &'e [Attributed],
    /// Objections and raised risks that the ledger received and that are gone from Git.
    pub vanished: &'e [Received],
    /// When changes were last brought to an end: earlier approvals of them have had their effect.
    pub spent: &'e BTreeMap<Digest, Timestamp>,
    /// When the ledger received it.
    pub receipts: &'e Receipts,
    /// By whose hand each change came to be wanted.
    pub provenance: &'e dyn Provenance,
}

/// How one change stands, with all that led to it.
#[derive(Debug, Clone, Serialize)]
pub struct Judgement {
    /// Where the change is made.
    pub scope: Scope,
    /// The resource it is made to.
    pub resource: String,
    /// Its digest.
    pub digest: Digest,
    /// Its risk, as judged now.
    pub risk: Risk,
    /// Why it is not lower.
    pub reasons: Vec<Reason>,
    /// What it requires; many changes of a plan share it.
    #[serde(serialize_with = "shared")]
    pub requirement: Arc<Requirement>,
    /// What it has; many changes of a plan share it.
    #[serde(serialize_with = "shared")]
    pub standing: Arc<Standing>,
    /// How it stands.
    pub verdict: Verdict,
    /// Whether it passed because two people said that it cannot wait; then a review falls due at this time.
    pub review_due: Option<Timestamp>,
}

impl Judgement {
    /// Whether it may be applied.
    pub fn passed(&self) -> bool {
        matches!(self.verdict, Verdict::Passed { .. })
    }
}

/// The risk that a plan file says a change has, and the one that it has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the plan says that {resource} is of {said} risk, and it is of {is} risk: make the plan anew"
)]
pub struct RiskLowered {
    /// Which resource.
    pub resource: String,
    /// What the file says.
    pub said: Risk,
    /// What it is.
    pub is: Risk,
}

/// Judges the risks of a plan anew and refuses one that says less. One that says
/// more is believed: people may raise a risk.
///
/// # Errors
/// The first change whose risk the plan puts too low.
pub fn rejudge(mut plan: Plan, judges: &mut Judges<'_>) -> Result<Plan, RiskLowered> {
    let said = judges.rejudge(&mut plan.scopes);
    for (said, (_, is)) in said.into_iter().zip(plan.changes()) {
        if said < is.risk {
            return Err(RiskLowered {
                resource: is.change.resource.clone(),
                said,
                is: is.risk,
            });
        }
    }
    Ok(plan)
}

/// Judges every change of a plan whose risks have been judged anew.
pub fn judge(plan: &Plan, digest: &Digest, evidence: &Evidence<'_>) -> Vec<Judgement> {
    judge_scopes(&plan.scopes, digest, evidence)
}

/// The same of some scopes of the plan with this digest.
pub fn judge_scopes(
    scopes: &[ScopePlan],
    plan: &Digest,
    evidence: &Evidence<'_>,
) -> Vec<Judgement> {
    let mut known = Known::new(evidence);
    let count = scopes.iter().map(|scope| scope.changes.len()).sum();
    let mut judgements = Vec::with_capacity(count);
    for scope in scopes {
        for planned in &scope.changes {
            let stands = known.stands(&scope.scope, planned);
            judgements.push(judgement(scope, planned, plan, evidence, stands));
        }
    }
    judgements
}

fn judgement(
    scope: &ScopePlan,
    planned: &Planned,
    plan: &Digest,
    evidence: &Evidence<'_>,
    stands: Stands,
) -> Judgement {
    let Stands {
        risk,
        requirement,
        standing,
        ruling,
        own,
    } = stands;
    let mut reasons = planned.reasons.clone();
    for raise in &standing.raises {
        let raises_to = risk_of(raise.what.risk);
        if raises_to > planned.risk {
            reasons.push(Reason {
                cause: Cause::Raised,
                text: format!("{} raised it: {}", raise.by, raise.what.reason),
                raises_to,
            });
        }
    }
    let mut verdict = ruling.verdict;
    if !scope.exceeded.is_empty() {
        verdict = limited(verdict, scope, plan, evidence, (&requirement, &standing));
    }
    verdict = verdict.blocked(own_access(&own));
    let gone = evidence.vanished.iter();
    let gone = gone.filter(|one| one.changes.contains(&planned.digest));
    let gone = gone.map(|one| {
        let text = format!(
            "{}, in which {} said `{}`, is not there any more",
            one.path, one.by, one.act
        );
        Blocker::new("vanished", text)
    });
    verdict = verdict.blocked(gone.collect());
    let passed = matches!(verdict, Verdict::Passed { .. });
    Judgement {
        scope: scope.scope.clone(),
        resource: planned.change.resource.clone(),
        digest: planned.digest,
        risk,
        reasons,
        requirement,
        standing,
        review_due: ruling.review_due.filter(|_| passed),
        verdict,
    }
}

/// That nobody gives more to themself: another has to write it. What undoes a change is of
/// whoever proposes that.
fn own_access(own: &BTreeSet<String>) -> Vec<Blocker> {
    let blocker = |person: &String| {
        let text = format!(
            "{person} would give more access to themself; somebody else has to commit this change"
        );
        Blocker::new("own-access", text)
    };
    own.iter().map(blocker).collect()
}

/// What becomes of a verdict in a scope whose limits the plan is over. Somebody has to let
/// the plan pass whose agreement counts for the change and who is no author of it.
fn limited(
    verdict: Verdict,
    scope: &ScopePlan,
    plan: &Digest,
    evidence: &Evidence<'_>,
    (requirement, standing): (&Requirement, &Standing),
) -> Verdict {
    let name = scope.scope.to_string();
    let counts = |person: &str| {
        let mut people = eligible(requirement);
        !is_author(person, standing, &evidence.hearing) && people.any(|one| one.person == person)
    };
    let mut more = Vec::new();
    for leave in standing.may_pass(plan, &name) {
        if counts(leave.by.as_str()) {
            let reason = &leave.what.reason;
            return verdict.passed(format!("{} lets it pass the limit: {reason}", leave.by));
        }
        let text = format!(
            "{} is an author, or of none of the groups whose agreement counts here, so what they let pass does not",
            leave.by
        );
        more.push(Blocker::new("limit-not-eligible", text));
    }
    let limits = scope.exceeded.iter().map(|exceeded| {
        let text = format!(
            "{name}: {}; only a decision bound to this plan lets it pass: `commonhold approve PLAN --pass-limit \"{name}\" --reason ...`",
            exceeded.text()
        );
        Blocker::new("limit-exceeded", text)
    });
    verdict.blocked(limits.chain(more).collect())
}

fn risk_of(raised: RaisedRisk) -> Risk {
    match raised {
        RaisedRisk::Medium => Risk::Medium,
        RaisedRisk::High => Risk::High,
    }
}

fn shared<T: Serialize, S: Serializer>(value: &Arc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

//! A plan before the gate, as whoever looks at it sees it: nothing is received, and no real system
//! is asked.

use access::{Key, Sort};
use change::Scope;
use change::gate::{self, Judgement, Verdict};
use decisions::ruling::Blocker;
use estate::Estate;
use estate::kinds::Privacy;
use ledger::Ledger;
use portal::Private;

use super::{Objecting, PlanSeen, Reading, Stage, sentence};
use crate::court::{Court, Filed, Inadmissible};
use crate::portal::hands::branch_of;

/// Judges the changes of a plan as its own observation has them.
pub(super) fn judge(
    seen: &mut PlanSeen,
    reading: &Reading<'_>,
    ledger: &mut Ledger,
    filed: &Filed,
) -> anyhow::Result<Stage> {
    // What is asked for at the front desk is judged on its branch until it is merged.
    let commit = filed.plan.commit.as_deref();
    let branch = commit.and_then(|commit| branch_of(reading.place, commit));
    let place = branch.as_ref().unwrap_or(reading.place);
    let court = filed.looked_at(place, ledger)?;
    let plan =
        gate::rejudge(filed.plan.clone(), &mut court.judges()).map_err(Inadmissible::from)?;
    let judgements = court.judge(&plan.scopes, &filed.digest, place);
    seen.authors = court.authors.known.iter().cloned().collect();
    seen.strangers = court.authors.strangers.len();
    for (wanted, judgement) in seen.changes.iter_mut().zip(&judgements) {
        wanted.risk = judgement.risk;
        wanted.reasons = judgement
            .reasons
            .iter()
            .map(|one| one.text.clone())
            .collect();
        wanted.requires = judgement.requirement.explain();
        let standing = &judgement.standing;
        let approvals = standing.approvals.iter();
        wanted.approvals = approvals
            .map(|one| (one.by.as_str().to_owned(), one.received_at))
            .collect();
        wanted.objections = objections(judgement);
        wanted.asked = asked(judgement, &court);
        let unreceived = standing.unreceived.iter();
        let unreceived = unreceived.map(|one| {
            let by = one.by.as_str();
            format!("{} by {by}: the ledger has not received it yet", one.act)
        });
        let ignored = standing.ignored.iter().map(ToString::to_string);
        wanted.ignored = unreceived.chain(ignored).collect();
        wanted.verdict = Some(named(judgement.verdict.clone()));
    }
    Ok(stage(&judgements))
}

/// A verdict in which people have the names that pages give them.
fn named(verdict: Verdict) -> Verdict {
    let plain = |text: &str| text.replace("person/", "");
    match verdict {
        Verdict::Passed { by } => Verdict::Passed {
            by: by.iter().map(|text| plain(text)).collect(),
        },
        Verdict::Blocked { because } => Verdict::Blocked {
            because: because
                .into_iter()
                .map(|one| Blocker::new(one.code, plain(&one.text)))
                .collect(),
        },
        waiting @ Verdict::Waiting { .. } => waiting,
    }
}

/// How far a plan is whose changes stand so.
fn stage(judgements: &[Judgement]) -> Stage {
    let blocked = |one: &Judgement| matches!(one.verdict, Verdict::Blocked { .. });
    if judgements.iter().any(blocked) {
        return Stage::Blocked;
    }
    let waits = judgements.iter().filter_map(|one| match &one.verdict {
        Verdict::Waiting { until, .. } => Some(*until),
        _ => None,
    });
    waits.max().map_or(Stage::Passed, Stage::Waiting)
}

/// What a plan is that does not even come before the gate.
pub(super) fn refused(error: &anyhow::Error) -> Stage {
    match error.downcast_ref() {
        Some(Inadmissible::Stale(what)) => Stage::Stale(what.clone()),
        _ => Stage::Unjudged(sentence(error)),
    }
}

fn objections(judgement: &Judgement) -> Vec<Objecting> {
    let objections = judgement.standing.objections.iter();
    let objection = |one: &decisions::Live<decisions::Objection>| Objecting {
        by: one.by.as_str().to_owned(),
        at: one.received_at,
        event: one.event,
        reason: one.what.reason.clone(),
        answers: one
            .what
            .answers
            .iter()
            .map(|answer| (answer.by.as_str().to_owned(), answer.what.text.clone()))
            .collect(),
    };
    objections.map(objection).collect()
}

/// Those whose approval is missing and would count: not the authors, and not who approved.
fn asked(judgement: &Judgement, court: &Court) -> Vec<String> {
    let Verdict::Blocked { because } = &judgement.verdict else {
        return Vec::new();
    };
    let missing = |one: &Blocker| {
        matches!(
            one.code,
            "approval-missing" | "support-missing" | "consultation-missing" | "employers"
        )
    };
    if !because.iter().any(missing) {
        return Vec::new();
    }
    let standing = &judgement.standing;
    let approvals = standing.approvals.iter().map(|one| &one.by);
    // Theirs is done, though it does not count before the ledger has it.
    let unreceived = standing.unreceived.iter();
    let unreceived = unreceived.filter(|one| one.act == "approve");
    let answered: Vec<&str> = approvals
        .chain(unreceived.map(|one| &one.by))
        .map(decisions::PersonName::as_str)
        .collect();
    let counts =
        |person: &str| !court.authors.known.contains(person) && !answered.contains(&person);
    let required = &judgement.requirement;
    let review = required.review.iter().flat_map(|review| &review.people);
    let lazy = required.lazy.iter().filter(|lazy| lazy.support > 0);
    let lazy = lazy.flat_map(|lazy| &lazy.people);
    let groups = required.consult.iter().flat_map(|consult| &consult.groups);
    let consulted = groups.flat_map(|group| &group.people);
    let people = review.chain(lazy).chain(consulted);
    let mut asked: Vec<String> = people
        .map(|one| one.person.clone())
        .filter(|person| counts(person))
        .collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// What of a change is not for everybody: who is in what nobody else may see, and addresses.
pub(super) fn private(scope: &Scope, resource: &str, estate: &Estate) -> Option<Private> {
    if scope.domain != access::DOMAIN {
        return None;
    }
    let Some(key) = Key::parse(resource) else {
        return Some(Private::Memberships);
    };
    let is_secret = |team: &str| {
        let mut teams = estate.tables.teams.items();
        let found = teams.find(|item| {
            let own = item.name.rsplit('/').next().unwrap_or(&item.name);
            own.eq_ignore_ascii_case(team)
        });
        found.is_none_or(|item| item.value.privacy == Privacy::Secret)
    };
    match key.sort {
        Sort::MailingMember | Sort::Person => Some(Private::Contacts),
        Sort::DirectoryMember => Some(Private::Memberships),
        Sort::Team if is_secret(&key.name) => Some(Private::Memberships),
        Sort::TeamMember | Sort::TeamGrant if is_secret(&key.of) => Some(Private::Memberships),
        _ => None,
    }
}

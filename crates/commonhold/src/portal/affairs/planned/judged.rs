//! A plan before the gate, as whoever looks at it sees it: nothing is received, and no real system
//! is asked.

use access::{Key, Sort};
use change::Scope;
use change::gate::{self, Judgement, Verdict};
use decisions::ruling::Blocker;
use estate::kinds::{Privacy, Team};
use estate::{Estate, Item};
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

/// What a plan is that does not even come before the gate. Why is for everybody, so it names no change that is not.
pub(super) fn refused(seen: &PlanSeen, error: &anyhow::Error) -> Stage {
    let plain = |what: String| {
        let private = seen.changes.iter().filter(|one| one.private.is_some());
        let mut private: Vec<&str> = private.map(|one| one.resource.as_str()).collect();
        // The name of what is in a team begins with that of the team.
        private.sort_by_key(|name| std::cmp::Reverse(name.len()));
        private.into_iter().fold(what, |what, name| {
            what.replace(name, "a change that is not for everybody")
        })
    };
    match error.downcast_ref() {
        Some(Inadmissible::Stale(what)) => Stage::Stale(plain(what.clone())),
        _ => Stage::Unjudged(plain(sentence(error))),
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
    // Several organisations may have a team of one name; one that is secret among them keeps all back.
    let is_secret = |team: &str| {
        let called = |item: &&Item<Team>| {
            let own = item.name.rsplit('/').next().unwrap_or(&item.name);
            let title = item.value.title.as_deref().unwrap_or(own);
            [own, title].iter().any(|name| name.to_lowercase() == team)
        };
        let mut found = estate.tables.teams.items().filter(called).peekable();
        found.peek().is_none() || found.any(|item| item.value.privacy == Privacy::Secret)
    };
    // What groups of directories are called is for each team to say.
    let is_of_secret = |group: &str| {
        let mut teams = estate.tables.teams.items();
        teams.any(|item| {
            let called = item.value.directory_group.as_ref();
            item.value.privacy == Privacy::Secret
                && called.is_some_and(|called| called.to_lowercase() == group)
        })
    };
    match key.sort {
        Sort::MailingMember | Sort::Person => Some(Private::Contacts),
        Sort::DirectoryMember => Some(Private::Memberships),
        Sort::DirectoryGroup if is_of_secret(&key.name) => Some(Private::Memberships),
        Sort::Team if is_secret(&key.name) => Some(Private::Memberships),
        Sort::TeamMember | Sort::TeamGrant if is_secret(&key.of) => Some(Private::Memberships),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use estate::MemoryTree;

    use super::*;

    #[test]
    fn a_team_is_kept_back_where_one_of_its_name_is_secret_in_any_organisation() {
        let tree = MemoryTree::default()
            .with("commonhold.yaml", "commonhold: 1\nname: none\n")
            .with("teams/a/security.yaml", "title: Security\n")
            .with(
                "teams/b/security.yaml",
                "privacy: secret\ndirectory_group: Hushed\n",
            )
            .with("teams/b/writers.yaml", "title: Writers\n");
        let (estate, _) = formats::load(&tree).unwrap_or_else(|_| panic!("an estate"));
        let scope = Scope {
            domain: access::DOMAIN.to_owned(),
            name: "b".to_owned(),
            at: "forge".to_owned(),
        };
        let seen_by = |key: &Key| private(&scope, &key.to_string(), &estate);
        let kept = [
            Key::new(Sort::Team, "security"),
            Key::of(Sort::TeamMember, "security", "ada"),
            Key::of(Sort::TeamGrant, "security", "vault"),
            Key::new(Sort::DirectoryGroup, "hushed"),
            Key::new(Sort::Team, "unknown"),
        ];
        for key in &kept {
            assert_eq!(seen_by(key), Some(Private::Memberships), "{key}");
        }
        assert_eq!(seen_by(&Key::new(Sort::Team, "writers")), None);
        assert_eq!(seen_by(&Key::new(Sort::DirectoryGroup, "writers")), None);
    }
}

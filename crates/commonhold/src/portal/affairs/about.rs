//! What other pages ask of these affairs.

use elections::definition::Phase;
use jiff::Timestamp;
use portal::model::{Entry, Mood};

use super::{Affairs, Item, PlanSeen, Stage};
use crate::git::recent::Committed;

/// What there is about a thing.
#[derive(Debug, Default)]
pub(crate) struct About<'a> {
    /// Items that are about it or decided by it, those that are open first.
    pub(crate) items: Vec<&'a Item>,
    /// Plans that change something of it, those that are open first.
    pub(crate) plans: Vec<&'a PlanSeen>,
}

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// What is asked: `vote`, `approve`, `second`, `answer`, `ballot`.
    pub(crate) act: &'static str,
    /// What it is.
    pub(crate) text: String,
    /// Its page.
    pub(crate) to: String,
    /// Until when, if that is known.
    pub(crate) until: Option<Timestamp>,
}

impl Affairs {
    /// The items and plans about something: `service/dns`, `group/infra`, `zone/example.org`.
    pub(crate) fn about(&self, subject: &str) -> About<'_> {
        let (kind, name) = subject.split_once('/').unwrap_or(("", subject));
        let item = |item: &&Item| {
            let parties = item.record.matter.iter().flat_map(|matter| &matter.parties);
            let mut parties = parties.filter(|party| party.eq_ignore_ascii_case(subject));
            let decides = kind == "group" && item.rules.body.eq_ignore_ascii_case(name);
            let proposes = kind == "person" && item.record.proposer.as_deref() == Some(name);
            decides || proposes || parties.next().is_some()
        };
        let plan = |plan: &&PlanSeen| {
            plan.changes.iter().any(|change| {
                let owned = kind == "group" && change.owners.iter().any(|owner| owner == name);
                owned || (kind == "zone" && change.scope.name == name)
            })
        };
        let mut items: Vec<&Item> = self.decided.items.iter().filter(item).collect();
        items.sort_by_key(|item| (item.state.is_over(), std::cmp::Reverse(item.record.since)));
        About {
            items,
            plans: self.planned.plans.iter().filter(plan).collect(),
        }
    }

    /// What waits for somebody, what ends first before the rest.
    pub(crate) fn waiting_for(&self, person: &str, now: Timestamp) -> Vec<Waiting> {
        let mut all = Vec::new();
        for item in &self.decided.items {
            if let Some(act) = item.asks(person) {
                all.push(Waiting {
                    act,
                    text: item.called(),
                    to: format!("/decisions/{}", item.id),
                    until: item.record.closes.or_else(|| item.next()),
                });
            }
        }
        for plan in &self.planned.plans {
            if plan.asked().contains(person) {
                all.push(Waiting {
                    act: "approve",
                    text: plan.title(),
                    to: format!("/changes/{}", plan.key()),
                    until: None,
                });
            }
        }
        for election in &self.elected.elections {
            let may = |roll: &std::collections::BTreeMap<String, Result<String, String>>| {
                roll.get(person).is_some_and(Result::is_ok)
            };
            let open = election.phase(now) == Phase::Voting && election.vote.is_some();
            if open && election.roll.as_ref().is_ok_and(may) {
                all.push(Waiting {
                    act: "ballot",
                    text: election.title.clone(),
                    to: format!("/elections/{}", election.key),
                    until: Some(election.closes),
                });
            }
        }
        all.sort_by(|one, other| {
            let key = |one: &Waiting| (one.until.unwrap_or(Timestamp::MAX), one.to.clone());
            key(one).cmp(&key(other))
        });
        all
    }

    /// What happened from an instant on, the newest first: items, plans, elections, commits.
    pub(crate) fn since(&self, from: Timestamp) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for item in &self.decided.items {
            let steps = (1..).zip(&item.record.history);
            let steps = steps.filter(|(_, step)| step.at >= from);
            entries.extend(steps.map(|(number, step)| Entry {
                id: format!("decision-{}-{number}", item.id),
                at: step.at,
                title: format!("{}: {}", item.called(), step.state.word()),
                text: step.why.clone(),
                to: Some(format!("/decisions/{}", item.id)),
                mood: mood(step.state),
                audience: portal::Audience::Everybody,
            }));
        }
        for plan in &self.planned.plans {
            let applied = plan.stage == Stage::Applied;
            let since = plan.since.filter(|at| applied && *at >= from);
            entries.extend(since.map(|at| Entry {
                id: format!("change-{}", plan.key()),
                at,
                title: format!("Applied: {}", plan.title()),
                text: String::new(),
                to: Some(format!("/changes/{}", plan.key())),
                mood: Mood::Good,
                audience: portal::Audience::Everybody,
            }));
        }
        for election in &self.elected.elections {
            let turns = [
                (election.opens, "the vote opened"),
                (election.closes, "the vote closed"),
            ];
            let turns = turns
                .into_iter()
                .filter(|(at, _)| (from..=self.at).contains(at));
            entries.extend(turns.map(|(at, what)| Entry {
                id: format!("election-{}-{at}", election.key),
                at,
                title: format!("{}: {what}", election.title),
                text: String::new(),
                to: Some(format!("/elections/{}", election.key)),
                mood: Mood::Plain,
                audience: portal::Audience::Everybody,
            }));
        }
        let commits = self.commits.iter().filter(|commit| commit.at >= from);
        entries.extend(commits.map(commit));
        entries.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        entries
    }

    /// The last commits that changed a file or a folder of the estate, the newest first.
    pub(crate) fn last_changes(&self, path: &str) -> Vec<&Committed> {
        let below = format!("{}/", path.trim_end_matches('/'));
        let touches = |commit: &&Committed| {
            commit
                .files
                .iter()
                .any(|file| file == path || file.starts_with(&below))
        };
        self.commits.iter().filter(touches).collect()
    }
}

/// A commit as something that happened.
pub(crate) fn commit(commit: &Committed) -> Entry {
    let files = match commit.files.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {}", base::counted(rest.len(), "other", "others")),
    };
    Entry {
        id: format!("commit-{}", commit.hash),
        at: commit.at,
        title: commit.subject.clone(),
        text: match files.as_str() {
            "" => format!("by {}", commit.author),
            files => format!("by {}, in {files}", commit.author),
        },
        to: None,
        mood: Mood::Plain,
        audience: portal::Audience::Everybody,
    }
}

/// How good a state is.
pub(crate) fn mood(state: decisions::item::State) -> Mood {
    use decisions::item::State;
    match state {
        State::Accepted | State::InForce => Mood::Good,
        State::Draft => Mood::Plain,
        State::Noticed | State::Open | State::LastCall | State::Affirming => Mood::Waiting,
        State::Blocked | State::Stayed => Mood::Warn,
        State::Rejected => Mood::Bad,
        State::Expired | State::Withdrawn | State::Escalated | State::Superseded => Mood::Quiet,
    }
}

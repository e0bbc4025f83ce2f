//! An item on its way: what has happened so far, and what will by itself.

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use charter::procedure::{Rules, VoteRule};
use charter::requirement::{Eligible, Notice};
use estate::Period;
use jiff::{SignedDuration, Timestamp};

use super::{Basis, Ignored, Objection, Record, State, Step};
use crate::act::Matter;
use crate::clock::Outage;
use crate::names::PersonName;
use crate::vote::{self, Electorate, Votes};

/// From when on an item is in its last call.
pub(super) const LAST_CALL: SignedDuration = SignedDuration::from_hours(24);
/// How long a minor amendment can be contested.
pub(super) const CONTEST: SignedDuration = SignedDuration::from_hours(24);

/// The proposal.
pub(super) struct Proposed {
    pub(super) at: Timestamp,
    pub(super) by: String,
    pub(super) title: String,
    pub(super) matter: Matter,
}

/// A vote that is held.
#[derive(Clone)]
pub(super) struct Poll {
    pub(super) opened: Timestamp,
    pub(super) earliest: Timestamp,
    pub(super) closes: Timestamp,
}

/// A minor amendment that can still be contested.
pub(super) struct Minor {
    pub(super) event: Digest,
    pub(super) until: Timestamp,
}

/// An approval that stands.
pub(super) struct Approved {
    pub(super) at: Timestamp,
    pub(super) event: Digest,
    pub(super) text: Digest,
}

/// A word that stands for a group that is asked.
pub(super) struct Answered {
    pub(super) by: String,
    pub(super) event: Digest,
    pub(super) text: Digest,
}

/// A hold, a veto or an appeal that nobody took back.
pub(super) struct Stop {
    pub(super) event: Digest,
    pub(super) by: String,
    pub(super) at: Timestamp,
    pub(super) reason: String,
}

/// What there is of an item at the instant that was looked at last.
pub(super) struct Progress<'b> {
    pub(super) basis: &'b Basis,
    outages: Vec<Outage>,
    pub(super) rules: &'b Rules,
    pub(super) at: Timestamp,
    pub(super) proposed: Option<Proposed>,
    /// The texts that agreement may be to: the last one, and those that differ from it in nothing that matters.
    pub(super) texts: Vec<Digest>,
    pub(super) known_texts: BTreeSet<Digest>,
    pub(super) minor: Option<Minor>,
    pub(super) authors: BTreeSet<String>,
    pub(super) told: BTreeMap<String, Timestamp>,
    pub(super) opened: Option<Timestamp>,
    /// When silence has lasted long enough, once it has begun.
    pub(super) silence: Option<Timestamp>,
    pub(super) poll: Option<Poll>,
    pub(super) poll_passed: Option<Timestamp>,
    pub(super) called: bool,
    pub(super) seconds: BTreeMap<String, Digest>,
    pub(super) approvals: BTreeMap<String, Approved>,
    /// By the groups that they are of.
    pub(super) answers: BTreeMap<String, Answered>,
    pub(super) objections: Vec<Objection>,
    pub(super) holds: Vec<Stop>,
    pub(super) recused: BTreeMap<String, String>,
    /// Why nobody is left who could decide on it.
    pub(super) too_many_parties: Option<String>,
    pub(super) votes: Votes,
    /// The text that each voted on.
    pub(super) voted_on: BTreeMap<String, Digest>,
    pub(super) accepted: Option<Timestamp>,
    pub(super) vetoes: Vec<Stop>,
    /// Who set which veto aside.
    pub(super) overrides: BTreeMap<Digest, BTreeSet<String>>,
    pub(super) refusals: BTreeMap<String, Digest>,
    pub(super) affirming: Option<Poll>,
    pub(super) affirmed: bool,
    pub(super) appeals: Vec<Stop>,
    /// Who of those that hear appeals found that it stands.
    pub(super) upheld: BTreeSet<String>,
    /// Kinds, authors and digests of events, for what takes them back.
    pub(super) acts: BTreeMap<Digest, (String, &'static str)>,
    pub(super) history: Vec<Step>,
    pub(super) ignored: Vec<Ignored>,
    pub(super) outcome: Option<State>,
}

impl<'b> Progress<'b> {
    pub(super) fn new(basis: &'b Basis, outages: Vec<Outage>) -> Self {
        Self {
            basis,
            outages,
            rules: &basis.rules,
            at: Timestamp::MIN,
            proposed: None,
            texts: Vec::new(),
            known_texts: BTreeSet::new(),
            minor: None,
            authors: BTreeSet::new(),
            told: BTreeMap::new(),
            opened: None,
            silence: None,
            poll: None,
            poll_passed: None,
            called: false,
            seconds: BTreeMap::new(),
            approvals: BTreeMap::new(),
            answers: BTreeMap::new(),
            objections: Vec::new(),
            holds: Vec::new(),
            recused: BTreeMap::new(),
            too_many_parties: None,
            votes: Votes::new(),
            voted_on: BTreeMap::new(),
            accepted: None,
            vetoes: Vec::new(),
            overrides: BTreeMap::new(),
            refusals: BTreeMap::new(),
            affirming: None,
            affirmed: false,
            appeals: Vec::new(),
            upheld: BTreeSet::new(),
            acts: BTreeMap::new(),
            history: Vec::new(),
            ignored: Vec::new(),
            outcome: None,
        }
    }

    /// When a period ends; never, if the calendar leaves nothing of it.
    pub(super) fn end(&self, start: Timestamp, period: Period) -> Timestamp {
        let clock = &self.basis.clock;
        let ends = clock.deadline_despite(&self.outages, start, period);
        ends.unwrap_or(Timestamp::MAX)
    }

    /// Lets all deadlines up to an instant pass, each at its time.
    pub(super) fn advance(&mut self, until: Timestamp) {
        while let Some(next) = self.next_deadline().filter(|next| *next <= until) {
            self.settle(next);
            self.at = next;
        }
        self.at = self.at.max(until);
    }

    /// The next instant at which something may become of it by itself.
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        let later = |at: &Timestamp| *at > self.at;
        let mut all: Vec<Timestamp> = Vec::new();
        if self.outcome.is_none() && self.accepted.is_none() {
            all.extend(self.silence);
            all.extend(self.minor.as_ref().map(|minor| minor.until));
            if let Some(poll) = self.poll.as_ref().filter(|_| self.poll_passed.is_none()) {
                all.extend([poll.earliest, poll.closes]);
            }
            all.extend(self.objections.iter().filter_map(|one| self.lapses(one)));
            all.extend(self.holds.iter().filter_map(|one| self.hold_ends(one)));
            all.extend(self.second_by());
            all.extend(self.expires());
            all.extend(self.escalates());
            let closes = self.closes().filter(|_| self.opened.is_some());
            all.extend(closes);
            all.extend(closes.and_then(|closes| closes.checked_sub(LAST_CALL).ok()));
        }
        if self.outcome.is_none() && self.accepted.is_some() {
            all.extend(self.windows().into_iter().map(|(end, _)| end));
            all.extend(self.override_by());
            all.extend(self.heard_by());
            all.extend(
                self.affirming
                    .iter()
                    .flat_map(|poll| [poll.earliest, poll.closes]),
            );
        }
        all.into_iter().filter(later).min()
    }

    /// When an answered objection ends for want of a word.
    pub(super) fn lapses(&self, objection: &Objection) -> Option<Timestamp> {
        let ttl = self.rules.procedure.objection.as_ref()?.ttl?;
        // From the first answer since who objected said anything.
        let since = objection
            .answers
            .iter()
            .rposition(|(_, by, _)| *by == objection.by)
            .map_or(0, |own| own + 1);
        let (answered, ..) = objection
            .answers
            .get(since)
            .filter(|_| objection.ended.is_none())?;
        Some(self.end(*answered, ttl))
    }

    /// When a hold ends that nobody took back: as an objection does, without an answer.
    pub(super) fn hold_ends(&self, hold: &Stop) -> Option<Timestamp> {
        let ttl = self.rules.procedure.objection.as_ref()?.ttl?;
        Some(self.end(hold.at, ttl))
    }

    pub(super) fn second_by(&self) -> Option<Timestamp> {
        let rule = self.rules.procedure.second.as_ref()?;
        Some(self.end(self.opened?, rule.within))
    }

    pub(super) fn expires(&self) -> Option<Timestamp> {
        let start = self.proposed.as_ref()?.at;
        Some(self.end(start, self.rules.procedure.expires?))
    }

    pub(super) fn escalates(&self) -> Option<Timestamp> {
        let start = self.proposed.as_ref()?.at;
        let rule = self.rules.procedure.escalate.as_ref()?;
        Some(self.end(start, rule.after))
    }

    /// Those who have no vote in it.
    pub(super) fn without_vote(&self) -> BTreeSet<String> {
        self.recused.keys().cloned().collect()
    }

    pub(super) fn count(&self, rule: &VoteRule, of: &[Eligible]) -> Option<vote::Count> {
        let recused = self.without_vote();
        let electorate = Electorate {
            members: of,
            recused: &recused,
        };
        vote::count(rule, electorate, &self.votes).ok()
    }

    /// Who was not told yet.
    pub(super) fn untold(&self) -> Vec<&'b str> {
        let missing = |notice: &&Notice| match notice {
            Notice::Group { group, channel, .. } => {
                let by_channel = channel
                    .as_ref()
                    .is_some_and(|channel| self.told.contains_key(channel));
                !by_channel && !self.told.contains_key(group)
            }
            Notice::Address(address) => !self.told.contains_key(address),
        };
        let name = |notice: &'b Notice| match notice {
            Notice::Group { group, .. } => group.as_str(),
            Notice::Address(address) => address.as_str(),
        };
        let rules = self.rules;
        rules.notice.iter().filter(missing).map(name).collect()
    }

    pub(super) fn step(&mut self, at: Timestamp, state: State, why: impl Into<String>) {
        let why = why.into();
        self.history.push(Step { at, state, why });
    }

    /// Ends it.
    pub(super) fn finish(&mut self, at: Timestamp, state: State, why: impl Into<String>) {
        self.outcome = Some(state);
        self.step(at, state, why);
    }

    /// Writes down that it came into another state, where nothing else has said so.
    pub(super) fn note_state(&mut self, at: Timestamp) {
        let state = self.state(at);
        let last = self.history.last().map(|step| step.state);
        if self.outcome.is_some() || self.proposed.is_none() || last == Some(state) {
            return;
        }
        let closes = self.closes();
        let why = match state {
            State::Blocked => self.what_holds(),
            State::LastCall => {
                closes.map_or_else(String::new, |closes| format!("it closes at {closes}"))
            }
            State::Open if closes.is_some_and(|closes| closes <= at) => {
                "its time is over, and something that it needs is missing".to_owned()
            }
            State::Open if last == Some(State::LastCall) => closes
                .map_or_else(String::new, |closes| {
                    format!("it stays open until {closes}")
                }),
            State::Affirming => "no appeal stands any more".to_owned(),
            _ => "nothing holds it any more".to_owned(),
        };
        self.step(at, state, why);
    }

    fn what_holds(&self) -> String {
        let objections = self.objections.iter().filter(|one| one.holds());
        let objects = |one: &Objection| format!("{} objects: {}", one.by, one.reason);
        let holds = |hold: &Stop| format!("{} holds it: {}", hold.by, hold.reason);
        let all = objections.map(objects).chain(self.holds.iter().map(holds));
        all.collect::<Vec<_>>().join("; ")
    }

    /// Those of some people who may take part in it.
    pub(super) fn without_recused(&self, people: &[Eligible]) -> usize {
        let may = |one: &&Eligible| !self.recused.contains_key(&one.person);
        people.iter().filter(may).count()
    }

    pub(super) fn holds(&self) -> bool {
        !self.holds.is_empty() || self.objections.iter().any(Objection::holds)
    }

    pub(super) fn state(&self, now: Timestamp) -> State {
        if let Some(outcome) = self.outcome {
            return outcome;
        }
        if self.accepted.is_some() {
            return if self.is_stayed() {
                State::Stayed
            } else {
                State::Affirming
            };
        }
        if self.proposed.is_none() {
            return State::Draft;
        }
        if self.opened.is_none() {
            return State::Noticed;
        }
        if self.holds() {
            return State::Blocked;
        }
        let soon = |closes: Timestamp| closes > now && closes.duration_since(now) <= LAST_CALL;
        if self.closes().is_some_and(soon) {
            return State::LastCall;
        }
        State::Open
    }

    /// When its time ends, as far as that is known.
    pub(super) fn closes(&self) -> Option<Timestamp> {
        let of_poll = self.poll.as_ref().map(|poll| poll.closes);
        of_poll.or(self.silence)
    }

    pub(super) fn into_record(self, now: Timestamp) -> Record {
        let state = self.state(now);
        let conditions = self.conditions(now);
        let vote = self.rules.procedure.vote.as_ref();
        let count = vote
            .filter(|_| self.poll.is_some())
            .and_then(|rule| self.count(rule, &self.rules.members));
        let affirmed = self
            .rules
            .procedure
            .ratify
            .as_ref()
            .and_then(|rule| rule.vote.as_ref());
        let affirming = affirmed
            .filter(|_| self.affirming.is_some())
            .and_then(|rule| {
                let ratifiers = self.rules.ratify.as_ref()?;
                self.count(rule, &ratifiers.people)
            });
        let in_effect = self.is_in_effect();
        let since = self.history.last().map(|step| step.at);
        let (next, closes) = (self.next_deadline(), self.closes());
        let mut approvals = BTreeMap::new();
        for (person, approved) in &self.approvals {
            approvals.insert(person.clone(), approved.at);
        }
        let proposed = self.proposed;
        Record {
            title: proposed
                .as_ref()
                .map_or_else(String::new, |one| one.title.clone()),
            matter: proposed.as_ref().map(|one| one.matter.clone()),
            proposer: proposed.as_ref().map(|one| one.by.clone()),
            text: self.texts.last().copied(),
            state,
            in_effect,
            since,
            proposed: proposed.map(|one| one.at),
            opened: self.opened,
            closes,
            next,
            conditions,
            approvals,
            objections: self.objections,
            recused: self.recused,
            votes: self.votes,
            count: affirming.or(count),
            history: self.history,
            ignored: self.ignored,
        }
    }
}

/// Whether somebody is one of these.
pub(super) fn is_one_of(person: &PersonName, people: &[Eligible]) -> bool {
    people.iter().any(|one| one.person == person.as_str())
}

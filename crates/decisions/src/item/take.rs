//! What each act does to an item, or why it does nothing.

use base::Digest;
use charter::Affiliation;
use charter::requirement::Eligible;
use jiff::Timestamp;

use super::progress::{CONTEST, LAST_CALL, Minor, Progress, Proposed, Stop};
use super::{Entry, Happened, Ignored, Objection, State};
use crate::act::{Act, Matter};
use crate::refusal::{Reason, Refusal};
use crate::roster::Attributed;

type Taken = Result<(), Refusal>;

fn refuse(reason: Reason, what: impl Into<String>) -> Taken {
    Err(Refusal::new(reason, what))
}

/// An act, and what of it is asked again and again.
struct Done<'a> {
    at: Timestamp,
    one: &'a Attributed,
    event: Digest,
    by: &'a str,
}

impl Progress<'_> {
    /// Takes what happened.
    pub(super) fn take(&mut self, entry: &Entry) {
        match &entry.what {
            Happened::Told { channel, .. } => {
                self.told.entry(channel.clone()).or_insert(entry.at);
            }
            Happened::Bounced { channel, why } => self.bounced(entry.at, channel, why),
            Happened::Act(one) => {
                let done = Done {
                    at: entry.at,
                    one,
                    event: *one.event.digest(),
                    by: one.person.as_str(),
                };
                match self.act(&done) {
                    Ok(()) => {
                        let known = (done.by.to_owned(), one.event.act().name());
                        self.acts.insert(done.event, known);
                    }
                    Err(refusal) => self.ignored.push(Ignored {
                        event: done.event,
                        by: done.by.to_owned(),
                        act: one.event.act().name(),
                        at: entry.at,
                        reason: refusal.reason,
                        what: refusal.what,
                    }),
                }
            }
        }
    }

    /// Nobody has been told who could not be reached: the time begins when they are.
    fn bounced(&mut self, at: Timestamp, channel: &str, why: &str) {
        let was_told = self.told.remove(channel).is_some();
        let running = self.opened.is_some() && self.accepted.is_none() && self.outcome.is_none();
        if was_told && running && !self.untold().is_empty() {
            self.opened = None;
            self.silence = None;
            self.poll = None;
            let why = format!("{channel} was not told after all: {why}");
            self.step(at, State::Noticed, why);
        }
    }

    fn act(&mut self, done: &Done<'_>) -> Taken {
        let act = done.one.event.act();
        if let Act::Propose {
            title,
            matter: Some(matter),
        } = act
        {
            return self.propose(done, title, matter);
        }
        if self.proposed.is_none() {
            return refuse(Reason::Early, "nothing is proposed yet");
        }
        if self.recused.contains_key(done.by) {
            return refuse(Reason::Recused, format!("{} has no vote in this", done.by));
        }
        self.bound(done)?;
        let after = matches!(
            act,
            Act::Veto { .. } | Act::Override { .. } | Act::Appeal { .. } | Act::Withdraw { .. }
        );
        let affirming =
            matches!(act, Act::Object { .. } | Act::Vote { .. }) && self.accepted.is_some();
        if self.outcome.is_some() || (self.accepted.is_some() && !after && !affirming) {
            let since = self.history.last().map_or(done.at, |step| step.at);
            return refuse(Reason::Late, format!("it was over at {since}"));
        }
        match act {
            Act::Amend { minor, .. } => self.amend(done, *minor),
            Act::Contest { event } => self.contest(done, event),
            Act::Notice { channel, .. } => {
                self.told.entry(channel.clone()).or_insert(done.at);
                Ok(())
            }
            Act::Second {} => self.second(done),
            Act::Approve { .. } => self.approve(done),
            Act::Acknowledge { group } => self.acknowledge(done, group),
            Act::Object { reason } => self.object(done, reason),
            Act::Answer { event, text } => self.answer(done, event, text),
            Act::Withdraw { event } => self.withdraw(done, event),
            Act::CallVote {} => self.call_vote(done),
            Act::Vote { .. } => self.vote(done),
            Act::Recuse { reason } => {
                self.recuse(done.by, format!("recused: {reason}"));
                Ok(())
            }
            Act::Hold { reason } => self.hold(done, reason),
            Act::Veto { reason } => self.veto(done, reason),
            Act::Override { event, .. } => self.set_aside(done, event),
            Act::Appeal { reason } => self.appeal(done, reason),
            Act::Escalate { .. } => self.escalate(done),
            Act::Refresh { .. } => self.refresh(done),
            Act::Retract { reason } => {
                self.proposers_own(done)?;
                self.finish(
                    done.at,
                    State::Withdrawn,
                    format!("{} took it back: {reason}", done.by),
                );
                Ok(())
            }
            Act::Propose { .. }
            | Act::Emergency { .. }
            | Act::Raise { .. }
            | Act::OverrideLimit { .. } => {
                refuse(Reason::Procedure, "this is done to changes only")
            }
        }
    }

    /// That what is done is done to the text as it stands, where that matters.
    fn bound(&self, done: &Done<'_>) -> Taken {
        let Some(text) = done.one.event.content().text() else {
            return refuse(
                Reason::Digest,
                "it is about changes, and this item is a text",
            );
        };
        let act = done.one.event.act();
        let agrees = matches!(
            act,
            Act::Approve { .. } | Act::Acknowledge { .. } | Act::Vote { .. } | Act::Second {}
        );
        if agrees && !self.texts.contains(text) {
            return refuse(
                Reason::Digest,
                "it is about another text than the one that stands",
            );
        }
        if !matches!(act, Act::Amend { .. }) && !self.known_texts.contains(text) {
            return refuse(
                Reason::Digest,
                "it is about a text that was never proposed here",
            );
        }
        Ok(())
    }

    fn propose(&mut self, done: &Done<'_>, title: &str, matter: &Matter) -> Taken {
        if self.proposed.is_some() {
            return refuse(Reason::Duplicate, "it is proposed already; amend it");
        }
        let Some(text) = done.one.event.content().text() else {
            return refuse(
                Reason::Digest,
                "it is about changes, and this item is a text",
            );
        };
        self.proposed = Some(Proposed {
            at: done.at,
            by: done.by.to_owned(),
            title: title.to_owned(),
            matter: matter.clone(),
        });
        self.texts = vec![*text];
        self.known_texts.insert(*text);
        self.authors.insert(done.by.to_owned());
        self.take_out_parties(matter);
        Ok(())
    }

    /// Those whom it is about have no vote in it.
    fn take_out_parties(&mut self, matter: &Matter) {
        let fold = |name: &str| -> String {
            let plain = name.chars().filter(|c| c.is_alphanumeric());
            plain.flat_map(char::to_lowercase).collect()
        };
        for party in &matter.parties {
            if let Some(person) = party.strip_prefix("person/") {
                self.recuse(person, "it is about them".to_owned());
            }
            let Some(employer) = party.strip_prefix("employer/").map(fold) else {
                continue;
            };
            let works_there = |one: &&Eligible| matches!(&one.employer, Affiliation::Company(name) if fold(name) == employer);
            let people: Vec<String> = self
                .everybody()
                .filter(works_there)
                .map(|one| one.person.clone())
                .collect();
            for person in people {
                self.recuse(&person, "it is about their employer".to_owned());
            }
        }
    }

    /// All whom the rules know.
    fn everybody(&self) -> impl Iterator<Item = &Eligible> {
        let rules = self.rules;
        let review = rules.review.iter().flat_map(|review| &review.people);
        let lazy = rules.lazy.iter().flat_map(|lazy| &lazy.people);
        let ratify = rules.ratify.iter().flat_map(|ratify| &ratify.people);
        let all = rules.members.iter().chain(&rules.objectors).chain(review);
        all.chain(lazy).chain(ratify)
    }

    fn recuse(&mut self, person: &str, why: String) {
        self.recused.entry(person.to_owned()).or_insert(why);
        self.approvals.remove(person);
        self.votes.remove(person);
        self.seconds.remove(person);
    }

    fn proposers_own(&self, done: &Done<'_>) -> Taken {
        match &self.proposed {
            Some(proposed) if proposed.by == done.by => Ok(()),
            _ => refuse(Reason::NotEligible, "only who proposed it may do this"),
        }
    }

    fn one_of(&self, done: &Done<'_>, people: &[Eligible], what: &str) -> Taken {
        if self.is_one_of(&done.one.person, people) {
            return Ok(());
        }
        refuse(
            Reason::NotEligible,
            format!("{} is none of those who {what}", done.by),
        )
    }

    fn amend(&mut self, done: &Done<'_>, minor: bool) -> Taken {
        self.proposers_own(done)?;
        let Some(text) = done.one.event.content().text().copied() else {
            return refuse(
                Reason::Digest,
                "it is about changes, and this item is a text",
            );
        };
        if self.texts.last() == Some(&text) {
            return refuse(Reason::Duplicate, "this text stands already");
        }
        if minor {
            if self.minor.is_some() {
                return refuse(
                    Reason::Frozen,
                    "a minor amendment can still be contested; wait for its day to end",
                );
            }
            self.texts.push(text);
            self.known_texts.insert(text);
            let until = done.at.checked_add(CONTEST).unwrap_or(Timestamp::MAX);
            let event = done.event;
            self.minor = Some(Minor { event, until });
            return Ok(());
        }
        self.reopen(done.at)?;
        self.material(text);
        Ok(())
    }

    /// What was agreed to is not this text any more; objections stay.
    fn material(&mut self, text: Digest) {
        self.texts = vec![text];
        self.known_texts.insert(text);
        self.approvals.clear();
        self.answers.clear();
        self.votes.clear();
        self.minor = None;
        self.poll_passed = None;
    }

    /// Keeps it open long enough for others to see what is new.
    fn reopen(&mut self, at: Timestamp) -> Taken {
        let (Some(opened), Some(closes)) = (self.opened, self.closes()) else {
            return Ok(());
        };
        let Some(rule) = self.rules.procedure.amend.clone() else {
            return refuse(
                Reason::Frozen,
                "the procedure has no `amend`: what is open is withdrawn and proposed anew",
            );
        };
        let least = self.poll.as_ref().map_or(opened, |poll| poll.earliest);
        let wanted = closes.max(self.end(at, rule.period)).max(least);
        // What is late already is not brought forward by a limit.
        let most = self.end(opened, rule.max).max(closes);
        let until = wanted.min(most);
        let last_day = closes.duration_since(at) <= LAST_CALL;
        if last_day && until.duration_since(closes) < LAST_CALL {
            return refuse(
                Reason::Frozen,
                format!(
                    "on its last day only what keeps it open a day longer may change it; it closes at {closes}"
                ),
            );
        }
        if let Some(poll) = &mut self.poll {
            poll.closes = until;
        } else {
            self.silence = Some(until);
        }
        Ok(())
    }

    fn contest(&mut self, done: &Done<'_>, event: &Digest) -> Taken {
        if self
            .minor
            .as_ref()
            .is_none_or(|minor| minor.event != *event)
        {
            return refuse(
                Reason::Late,
                "this amendment is not, or no more, one to contest",
            );
        }
        let rules = self.rules;
        if !self.is_one_of(&done.one.person, &rules.members) {
            self.one_of(done, &rules.objectors, "may contest it")?;
        }
        let Some(text) = self.texts.last().copied() else {
            return Ok(());
        };
        // One that comes too late to be material is taken back instead.
        if self.reopen(done.at).is_ok() {
            self.material(text);
        } else {
            self.texts.pop();
            self.minor = None;
        }
        Ok(())
    }

    fn second(&mut self, done: &Done<'_>) -> Taken {
        if self.rules.procedure.second.is_none() {
            return refuse(Reason::Procedure, "the procedure asks nobody to second it");
        }
        self.one_of(done, &self.rules.seconders, "may second it")?;
        if self.authors.contains(done.by) {
            return refuse(Reason::Author, "nobody seconds what they proposed");
        }
        if !self.seconds.insert(done.by.to_owned()) {
            return refuse(Reason::Duplicate, "they seconded it already");
        }
        Ok(())
    }

    fn approve(&mut self, done: &Done<'_>) -> Taken {
        let rules = self.rules;
        let signs_off =
            rules.procedure.sign_off.is_some() && self.is_one_of(&done.one.person, &rules.members);
        let review = rules.review.iter().flat_map(|review| &review.people);
        let lazy = rules.lazy.iter().flat_map(|lazy| &lazy.people);
        let counts = review.chain(lazy).any(|one| one.person == done.by);
        if !signs_off && !counts {
            return refuse(
                Reason::NotEligible,
                format!("{} is none of those whose approval counts", done.by),
            );
        }
        if !signs_off && self.authors.contains(done.by) {
            return refuse(Reason::Author, "nobody approves what they proposed");
        }
        let Some(text) = done.one.event.content().text() else {
            return Ok(());
        };
        self.approvals.insert(done.by.to_owned(), (done.at, *text));
        Ok(())
    }

    fn acknowledge(&mut self, done: &Done<'_>, group: &str) -> Taken {
        let asked = self
            .rules
            .consult
            .iter()
            .flat_map(|consult| &consult.groups);
        let mut asked = asked.filter(|asked| asked.group.eq_ignore_ascii_case(group));
        let Some(asked) = asked.next() else {
            return refuse(Reason::Procedure, format!("{group} is not asked"));
        };
        let (name, people) = (asked.group.clone(), asked.people.clone());
        self.one_of(done, &people, "may answer for it")?;
        if self.authors.contains(done.by) {
            return refuse(Reason::Author, "nobody answers to what they proposed");
        }
        self.answers.insert(name, done.by.to_owned());
        Ok(())
    }

    fn object(&mut self, done: &Done<'_>, reason: &str) -> Taken {
        if self.accepted.is_some() {
            let Some(ratify) = self
                .rules
                .ratify
                .as_ref()
                .filter(|_| self.is_within("refused", done.at))
            else {
                return refuse(
                    Reason::Late,
                    "it is accepted, and nobody has to affirm it any more",
                );
            };
            self.one_of(done, &ratify.people, "affirm it")?;
            self.refusals.insert(done.by.to_owned());
            return Ok(());
        }
        let may = self.is_one_of(&done.one.person, &self.rules.objectors);
        // A vote decides by itself; there an objection is an argument.
        let procedure = &self.rules.procedure;
        let by_vote =
            procedure.vote.is_some() && procedure.lazy.is_none() && procedure.objection.is_none();
        self.objections.push(Objection {
            by: done.by.to_owned(),
            event: done.event,
            at: done.at,
            reason: reason.to_owned(),
            binding: may && !by_vote,
            answers: Vec::new(),
            ended: None,
        });
        Ok(())
    }

    fn answer(&mut self, done: &Done<'_>, event: &Digest, text: &str) -> Taken {
        let objection = self.objections.iter_mut().find(|one| one.event == *event);
        let Some(objection) = objection else {
            return refuse(Reason::Digest, "there is no such objection");
        };
        if objection.by == done.by {
            return refuse(
                Reason::Author,
                "nobody answers their own objection; they withdraw it",
            );
        }
        let answer = (done.at, done.by.to_owned(), text.to_owned());
        objection.answers.push(answer);
        Ok(())
    }

    fn withdraw(&mut self, done: &Done<'_>, event: &Digest) -> Taken {
        let Some((by, act)) = self.acts.get(event).cloned() else {
            return refuse(Reason::Digest, "there is no such act that counts");
        };
        if by != done.by {
            return refuse(
                Reason::NotEligible,
                format!("{} cannot take back what {by} did", done.by),
            );
        }
        if let Some(one) = self.objections.iter_mut().find(|one| one.event == *event) {
            if one.ended.is_none() {
                one.ended = Some((done.at, "withdrawn".to_owned()));
                self.objection_ended(done.at);
            }
            return Ok(());
        }
        match act {
            "approve" => drop(self.approvals.remove(done.by)),
            "second" => drop(self.seconds.remove(done.by)),
            "acknowledge" => self.answers.retain(|_, who| who != done.by),
            "object" => drop(self.refusals.remove(done.by)),
            "hold" => self.holds.retain(|one| one.event != *event),
            "veto" => self.vetoes.retain(|one| one.event != *event),
            "appeal" => self.appeals.retain(|one| one.event != *event),
            _ => return refuse(Reason::Procedure, format!("nobody can take back `{act}`")),
        }
        Ok(())
    }

    fn call_vote(&mut self, done: &Done<'_>) -> Taken {
        let procedure = &self.rules.procedure;
        if procedure.vote.is_none() || procedure.lazy.is_none() {
            return refuse(
                Reason::Procedure,
                "the procedure has no vote that is called for",
            );
        }
        self.one_of(done, &self.rules.members, "may call for the vote")?;
        if self.opened.is_none() {
            return refuse(Reason::Early, "it is not open yet");
        }
        self.called = true;
        Ok(())
    }

    fn vote(&mut self, done: &Done<'_>) -> Taken {
        let Act::Vote { choice } = done.one.event.act() else {
            return Ok(());
        };
        let rules = self.rules;
        if let (Some(poll), Some(ratify)) = (&self.affirming, &rules.ratify) {
            if done.at >= poll.closes {
                return refuse(Reason::Late, format!("the vote closed at {}", poll.closes));
            }
            self.one_of(done, &ratify.people, "vote on affirming it")?;
            self.votes.insert(done.by.to_owned(), *choice);
            return Ok(());
        }
        if rules.procedure.vote.is_none() {
            return refuse(Reason::Procedure, "the procedure has no vote");
        }
        self.one_of(done, &rules.members, "have a vote")?;
        let Some(poll) = &self.poll else {
            return refuse(Reason::Early, "the vote is not open yet");
        };
        if done.at < poll.opened {
            return refuse(Reason::Early, format!("the vote opens at {}", poll.opened));
        }
        if done.at >= poll.closes || self.poll_passed.is_some() {
            return refuse(Reason::Late, "the vote is closed");
        }
        self.votes.insert(done.by.to_owned(), *choice);
        Ok(())
    }

    fn hold(&mut self, done: &Done<'_>, reason: &str) -> Taken {
        let rules = self.rules;
        if !self.is_one_of(&done.one.person, &rules.members) {
            self.one_of(done, &rules.objectors, "may hold it")?;
        }
        self.holds.push(stop(done, reason));
        Ok(())
    }

    fn veto(&mut self, done: &Done<'_>, reason: &str) -> Taken {
        let Some(veto) = self.rules.veto.as_ref().filter(|_| self.accepted.is_some()) else {
            return refuse(Reason::Procedure, "nothing is there that could be vetoed");
        };
        if !self.is_within("vetoed", done.at) {
            return refuse(Reason::Late, "the time to veto it is over");
        }
        self.one_of(done, &veto.people, "may veto it")?;
        if self.vetoes.iter().any(|one| one.by == done.by) {
            return refuse(Reason::Duplicate, "they vetoed it already");
        }
        self.vetoes.push(stop(done, reason));
        Ok(())
    }

    fn set_aside(&mut self, done: &Done<'_>, event: &Digest) -> Taken {
        let Some(veto) = self.rules.veto.as_ref().filter(|_| self.is_vetoed()) else {
            return refuse(Reason::Procedure, "there is no veto to set aside");
        };
        if !self.vetoes.iter().any(|one| one.event == *event) {
            return refuse(Reason::Digest, "there is no such veto");
        }
        self.one_of(done, &veto.overriders, "may set a veto aside")?;
        if !self.overrides.insert(done.by.to_owned()) {
            return refuse(Reason::Duplicate, "they did so already");
        }
        Ok(())
    }

    fn appeal(&mut self, done: &Done<'_>, reason: &str) -> Taken {
        if self.rules.procedure.appeal.is_none() || self.accepted.is_none() {
            return refuse(Reason::Procedure, "nothing is there that could be appealed");
        }
        if !self.is_within("appealed", done.at) {
            return refuse(Reason::Late, "the time to appeal is over");
        }
        self.one_of(done, &self.rules.appellants, "may appeal")?;
        if self.appeals.iter().any(|one| one.by == done.by) {
            return refuse(Reason::Duplicate, "they appealed already");
        }
        self.appeals.push(stop(done, reason));
        if self.is_stayed() {
            let to = self.rules.procedure.appeal.as_ref();
            let to = to.map_or("", |rule| rule.to.name.as_str());
            let why = format!("appealed: it rests until {to} decides");
            self.step(done.at, State::Stayed, why);
        }
        Ok(())
    }

    fn escalate(&mut self, done: &Done<'_>) -> Taken {
        let Some(rule) = &self.rules.procedure.escalate else {
            return refuse(
                Reason::Procedure,
                "the charter names nobody to take it over",
            );
        };
        let to = rule.to.name.clone();
        if !self.authors.contains(done.by) {
            self.one_of(done, &self.rules.members, "may hand it on")?;
        }
        self.finish(
            done.at,
            State::Escalated,
            format!("{} handed it to {to}", done.by),
        );
        Ok(())
    }

    fn refresh(&mut self, done: &Done<'_>) -> Taken {
        self.one_of(done, &self.rules.members, "decide")?;
        let Some(rules) = self.basis.refreshed.get(&done.event) else {
            return refuse(Reason::Digest, "the people of that commit cannot be read");
        };
        self.rules = rules;
        Ok(())
    }
}

fn stop(done: &Done<'_>, reason: &str) -> Stop {
    Stop {
        event: done.event,
        by: done.by.to_owned(),
        at: done.at,
        reason: reason.to_owned(),
    }
}

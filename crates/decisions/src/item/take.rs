//! What each act does to an item, or why it does nothing.

use base::Digest;
use charter::requirement::{Eligible, Notice};
use jiff::Timestamp;

use super::progress::{Answered, Approved, Progress, Proposed, Stop, is_one_of};
use super::{Entry, Happened, Ignored, Objection, State};
use crate::act::{Act, Choice, Matter};
use crate::refusal::{Reason, Refusal};
use crate::roster::Attributed;

/// Whether an act counts.
pub(super) type Taken = Result<(), Refusal>;

pub(super) fn refuse(reason: Reason, what: impl Into<String>) -> Taken {
    Err(Refusal::new(reason, what))
}

/// An act, and what of it is asked again and again.
pub(super) struct Done<'a> {
    pub(super) at: Timestamp,
    pub(super) one: &'a Attributed,
    pub(super) event: Digest,
    pub(super) by: &'a str,
}

impl Progress<'_> {
    /// Takes what happened.
    pub(super) fn take(&mut self, entry: &Entry) {
        match &entry.what {
            Happened::Told { channel, .. } => {
                self.told.entry(channel.clone()).or_insert(entry.at);
            }
            Happened::Bounced { channel, why } => self.bounced(entry.at, channel, why),
            // All deadlines know of it from the start.
            Happened::Down(_) => {}
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
            self.poll_passed = None;
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
        if has_a_say(act) && self.recused.contains_key(done.by) {
            return refuse(Reason::Recused, format!("{} has no vote in this", done.by));
        }
        self.bound(done)?;
        let after = matches!(
            act,
            Act::Veto { .. }
                | Act::Override { .. }
                | Act::Appeal { .. }
                | Act::Withdraw { .. }
                | Act::Recuse { .. }
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
            Act::Notice { channel, .. } => self.notice(done, channel),
            Act::Second {} => self.second(done),
            Act::Approve { .. } => self.approve(done),
            Act::Acknowledge { group } => self.acknowledge(done, group),
            Act::Object { reason } => self.object(done, reason),
            Act::Answer { event, text } => self.answer(done, event, text),
            Act::Withdraw { event } => self.withdraw(done, event),
            Act::CallVote {} => self.call_vote(done),
            Act::Vote { .. } => self.vote(done),
            Act::Recuse { reason } => {
                self.recuse(done.at, done.by, format!("recused: {reason}"));
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
        // Nobody proposes in another's place under the name of their item.
        if !done.one.event.item().is_of(text, done.one.event.actor()) {
            return refuse(
                Reason::Digest,
                "the item is named by another text or another proposer",
            );
        }
        self.proposed = Some(Proposed {
            at: done.at,
            by: done.by.to_owned(),
            title: title.to_owned(),
            matter: matter.clone(),
        });
        self.texts = vec![*text];
        self.known_texts.insert(*text);
        self.authors.insert(done.by.to_owned());
        self.take_out_parties(done.at);
        Ok(())
    }

    pub(super) fn proposers_own(&self, done: &Done<'_>) -> Taken {
        match &self.proposed {
            Some(proposed) if proposed.by == done.by => Ok(()),
            _ => refuse(Reason::NotEligible, "only who proposed it may do this"),
        }
    }

    /// Another than who proposed it says that a channel was told: somebody of the body, or who
    /// leads the group that was told.
    fn notice(&mut self, done: &Done<'_>, channel: &str) -> Taken {
        if self.authors.contains(done.by) {
            return refuse(Reason::Author, "nobody gives notice of what they proposed");
        }
        let leads_it = self.rules.notice.iter().any(|notice| match notice {
            Notice::Group { group, leads, .. } => {
                group == channel && leads.iter().any(|lead| lead == done.by)
            }
            Notice::Address(_) => false,
        });
        if !leads_it {
            one_of(done, &self.rules.members, "may say that it was told")?;
        }
        self.told.entry(channel.to_owned()).or_insert(done.at);
        Ok(())
    }

    fn second(&mut self, done: &Done<'_>) -> Taken {
        if self.rules.procedure.second.is_none() {
            return refuse(Reason::Procedure, "the procedure asks nobody to second it");
        }
        one_of(done, &self.rules.seconders, "may second it")?;
        if self.authors.contains(done.by) {
            return refuse(Reason::Author, "nobody seconds what they proposed");
        }
        if self.seconds.contains_key(done.by) {
            return refuse(Reason::Duplicate, "they seconded it already");
        }
        self.seconds.insert(done.by.to_owned(), done.event);
        Ok(())
    }

    fn approve(&mut self, done: &Done<'_>) -> Taken {
        let rules = self.rules;
        let signs_off =
            rules.procedure.sign_off.is_some() && is_one_of(&done.one.person, &rules.members);
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
        let approved = Approved {
            at: done.at,
            event: done.event,
            text: *text,
        };
        self.approvals.insert(done.by.to_owned(), approved);
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
        one_of(done, &people, "may answer for it")?;
        if self.authors.contains(done.by) {
            return refuse(Reason::Author, "nobody answers to what they proposed");
        }
        if let Some(text) = done.one.event.content().text() {
            let answered = Answered {
                by: done.by.to_owned(),
                event: done.event,
                text: *text,
            };
            self.answers.insert(name, answered);
        }
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
            one_of(done, &ratify.people, "affirm it")?;
            self.refusals.insert(done.by.to_owned(), done.event);
            return Ok(());
        }
        let may = is_one_of(&done.one.person, &self.rules.objectors);
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
        let Some(which) = self.objections.iter().position(|one| one.event == *event) else {
            return refuse(Reason::Digest, "there is no such objection");
        };
        // Who objected may insist; that ends the wait for a word of theirs.
        let own = self.objections[which].by == done.by;
        if !own && !self.authors.contains(done.by) {
            one_of(done, &self.rules.members, "answer objections")?;
        }
        let objection = &mut self.objections[which];
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
        if let Some(which) = self.objections.iter().position(|one| one.event == *event) {
            if self.objections[which].ended.is_none() {
                self.end_objection(which, done.at, "withdrawn");
            }
            return Ok(());
        }
        let before = matches!(act, "approve" | "second" | "acknowledge" | "hold");
        if before && self.accepted.is_some() {
            return refuse(Reason::Late, "it is accepted with that");
        }
        match act {
            "approve" => self.approvals.retain(|_, one| one.event != *event),
            "second" => self.seconds.retain(|_, second| second != event),
            "acknowledge" => self.answers.retain(|_, one| one.event != *event),
            "object" => self.refusals.retain(|_, refusal| refusal != event),
            "hold" => self.holds.retain(|one| one.event != *event),
            "veto" => self.vetoes.retain(|one| one.event != *event),
            "appeal" => self.appeals.retain(|one| one.event != *event),
            _ => return refuse(Reason::Procedure, format!("nobody can take back `{act}`")),
        }
        self.acts.remove(event);
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
        one_of(done, &self.rules.members, "may call for the vote")?;
        if self.opened.is_none() && !self.untold().is_empty() {
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
            if done.at >= poll.closes || self.affirmed {
                return refuse(Reason::Late, "the vote on affirming it is closed");
            }
            one_of(done, &ratify.people, "vote on affirming it")?;
            self.cast(done, *choice);
            return Ok(());
        }
        if self.accepted.is_some() {
            return refuse(Reason::Late, "it is accepted, and no vote is held on it");
        }
        if rules.procedure.vote.is_none() {
            return refuse(Reason::Procedure, "the procedure has no vote");
        }
        one_of(done, &rules.members, "have a vote")?;
        let Some(poll) = &self.poll else {
            return refuse(Reason::Early, "the vote is not open yet");
        };
        if done.at < poll.opened {
            return refuse(Reason::Early, format!("the vote opens at {}", poll.opened));
        }
        if done.at >= poll.closes || self.poll_passed.is_some() {
            return refuse(Reason::Late, "the vote is closed");
        }
        self.cast(done, *choice);
        Ok(())
    }

    fn cast(&mut self, done: &Done<'_>, choice: Choice) {
        self.votes.insert(done.by.to_owned(), choice);
        if let Some(text) = done.one.event.content().text() {
            self.voted_on.insert(done.by.to_owned(), *text);
        }
    }

    fn hold(&mut self, done: &Done<'_>, reason: &str) -> Taken {
        let rules = self.rules;
        if !is_one_of(&done.one.person, &rules.members) {
            one_of(done, &rules.objectors, "may hold it")?;
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
        one_of(done, &veto.people, "may veto it")?;
        if self.vetoes.iter().any(|one| one.by == done.by) {
            return refuse(Reason::Duplicate, "they vetoed it already");
        }
        self.vetoes.push(stop(done, reason));
        Ok(())
    }

    fn set_aside(&mut self, done: &Done<'_>, event: &Digest) -> Taken {
        if self.appeals.iter().any(|one| one.event == *event) {
            return self.uphold(done);
        }
        let Some(veto) = self.rules.veto.as_ref().filter(|_| self.is_vetoed()) else {
            return refuse(Reason::Procedure, "there is no veto to set aside");
        };
        if !self.vetoes.iter().any(|one| one.event == *event) {
            return refuse(Reason::Digest, "there is no such veto");
        }
        one_of(done, &veto.overriders, "may set a veto aside")?;
        let by = self.overrides.entry(*event).or_default();
        if !by.insert(done.by.to_owned()) {
            return refuse(Reason::Duplicate, "they did so already");
        }
        Ok(())
    }

    /// A member of the body that hears appeals finds that what was accepted stands.
    fn uphold(&mut self, done: &Done<'_>) -> Taken {
        one_of(done, &self.rules.hearers, "hear appeals")?;
        if !self.upheld.insert(done.by.to_owned()) {
            return refuse(Reason::Duplicate, "they did so already");
        }
        if 2 * self.upheld.len() > self.without_recused(&self.rules.hearers) {
            self.appeals.clear();
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
        one_of(done, &self.rules.appellants, "may appeal")?;
        if self.appeals.iter().any(|one| one.by == done.by) {
            return refuse(Reason::Duplicate, "they appealed already");
        }
        let rested = self.is_stayed();
        self.appeals.push(stop(done, reason));
        if self.is_stayed() && !rested {
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
        self.proposers_own(done)?;
        self.finish(
            done.at,
            State::Escalated,
            format!("{} handed it to {to}", done.by),
        );
        Ok(())
    }

    fn refresh(&mut self, done: &Done<'_>) -> Taken {
        one_of(done, &self.rules.members, "decide")?;
        if !self.votes.is_empty() || !self.approvals.is_empty() {
            let what = "people have voted on it or approved it: those who decide stay the same";
            return refuse(Reason::Frozen, what);
        }
        let Some(rules) = self.basis.refreshed.get(&done.event) else {
            return refuse(Reason::Digest, "the people of that commit cannot be read");
        };
        self.rules = rules;
        self.take_out_parties(done.at);
        Ok(())
    }
}

/// That who does it is one of some people.
pub(super) fn one_of(done: &Done<'_>, people: &[Eligible], what: &str) -> Taken {
    if is_one_of(&done.one.person, people) {
        return Ok(());
    }
    refuse(
        Reason::NotEligible,
        format!("{} is none of those who {what}", done.by),
    )
}

/// Whether what is done has a say in the outcome, which the recused have not. They may still
/// tell others, answer, and take back or change what is their own.
fn has_a_say(act: &Act) -> bool {
    !matches!(
        act,
        Act::Notice { .. }
            | Act::Answer { .. }
            | Act::Amend { .. }
            | Act::Withdraw { .. }
            | Act::Retract { .. }
    )
}

fn stop(done: &Done<'_>, reason: &str) -> Stop {
    Stop {
        event: done.event,
        by: done.by.to_owned(),
        at: done.at,
        reason: reason.to_owned(),
    }
}

//! What an amendment does to an item that is open.

use base::Digest;
use jiff::Timestamp;

use super::progress::{CONTEST, Minor, Progress, is_one_of};
use super::take::{Done, Taken, one_of, refuse};
use crate::clock::{Bounds, change_before_last_call};
use crate::refusal::{Reason, Refusal};

impl Progress<'_> {
    pub(super) fn amend(&mut self, done: &Done<'_>, minor: bool) -> Taken {
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
        self.seconds.clear();
        self.answers.clear();
        self.votes.clear();
        self.voted_on.clear();
        self.minor = None;
        self.poll_passed = None;
        if self.rules.procedure.sign_off.is_some() {
            // Silence follows the sign-off of this text, not of the one before.
            self.silence = None;
        }
    }

    /// Takes a minor amendment back, with the agreement to what it made of the text.
    fn take_back_minor(&mut self) {
        self.minor = None;
        let Some(text) = self.texts.pop() else {
            return;
        };
        if self.texts.contains(&text) {
            return;
        }
        self.approvals.retain(|_, one| one.text != text);
        self.answers.retain(|_, one| one.text != text);
        // A vote that is over stands: nobody could vote again.
        if self.poll_passed.is_none() {
            let voted_on = &self.voted_on;
            self.votes
                .retain(|person, _| voted_on.get(person) != Some(&text));
            self.voted_on.retain(|_, voted_on| *voted_on != text);
        }
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
        let bounds = Bounds {
            after_change: self.end(at, rule.period),
            earliest: self.poll.as_ref().map_or(opened, |poll| poll.earliest),
            // What is late already is not brought forward by a limit.
            latest: self.end(opened, rule.max).max(closes),
        };
        let until = change_before_last_call(at, closes, bounds).map_err(|late| {
            Refusal::new(Reason::Frozen, format!("{late}; it closes at {closes}"))
        })?;
        if let Some(poll) = &mut self.poll {
            poll.closes = until;
        } else {
            self.silence = Some(until);
        }
        Ok(())
    }

    pub(super) fn contest(&mut self, done: &Done<'_>, event: &Digest) -> Taken {
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
        if !is_one_of(&done.one.person, &rules.members) {
            one_of(done, &rules.objectors, "may contest it")?;
        }
        let Some(text) = self.texts.last().copied() else {
            return Ok(());
        };
        // One that comes too late to be material is taken back instead.
        if self.reopen(done.at).is_ok() {
            self.material(text);
        } else {
            self.take_back_minor();
        }
        Ok(())
    }
}

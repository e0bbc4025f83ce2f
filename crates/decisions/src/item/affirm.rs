//! What becomes of an item that was accepted.

use std::collections::BTreeSet;

use base::Digest;
use charter::procedure::RatifyMode;
use jiff::Timestamp;

use super::State;
use super::progress::Progress;

impl Progress<'_> {
    /// The times in which it can still be stopped, and how.
    pub(super) fn windows(&self) -> Vec<(Timestamp, &'static str)> {
        let Some(accepted) = self.accepted else {
            return Vec::new();
        };
        let procedure = &self.rules.procedure;
        let veto = procedure.veto.as_ref().map(|rule| (rule.within, "vetoed"));
        let ratify = procedure
            .ratify
            .as_ref()
            .map(|rule| (rule.within, "refused"));
        let appeal = procedure
            .appeal
            .as_ref()
            .map(|rule| (rule.within, "appealed"));
        let all = [veto, ratify, appeal].into_iter().flatten();
        all.map(|(period, how)| (self.end(accepted, period), how))
            .collect()
    }

    /// Whether one of those times is still running.
    pub(super) fn is_within(&self, how: &str, at: Timestamp) -> bool {
        let mut windows = self.windows().into_iter();
        windows.any(|(end, of)| of == how && at < end)
    }

    /// Whether enough vetoes stand that nobody has set aside.
    pub(super) fn is_vetoed(&self) -> bool {
        let rule = self.rules.procedure.veto.as_ref();
        let needed = rule.map_or(1, |rule| rule.count.map_or(1, charter::Count::get));
        let standing = self.vetoes.iter();
        let standing = standing.filter(|veto| !self.is_set_aside(&veto.event));
        standing.count() >= needed as usize
    }

    fn is_set_aside(&self, veto: &Digest) -> bool {
        let rule = self
            .rules
            .procedure
            .veto
            .as_ref()
            .and_then(|rule| rule.overridden.as_ref());
        let people = self
            .rules
            .veto
            .as_ref()
            .map_or(0, |veto| self.without_recused(&veto.overriders));
        let by = self.overrides.get(veto).map_or(0, BTreeSet::len);
        rule.is_some_and(|rule| by > 0 && by >= rule.count.of(people))
    }

    /// Until when a veto can be set aside.
    pub(super) fn override_by(&self) -> Option<Timestamp> {
        let rule = self.rules.procedure.veto.as_ref()?.overridden.as_ref()?;
        let standing = self.vetoes.iter();
        let standing = standing.filter(|veto| !self.is_set_aside(&veto.event));
        let vetoed = standing.map(|veto| veto.at).max()?;
        self.is_vetoed().then(|| self.end(vetoed, rule.within))
    }

    pub(super) fn is_stayed(&self) -> bool {
        let rule = self.rules.procedure.appeal.as_ref();
        rule.is_some_and(|rule| rule.stays && self.appeals.len() >= rule.count.get() as usize)
    }

    /// Until when an appeal is to be heard, if the charter says.
    pub(super) fn heard_by(&self) -> Option<Timestamp> {
        let rule = self.rules.procedure.appeal.as_ref()?;
        let last = self.appeals.iter().map(|appeal| appeal.at).max()?;
        Some(self.end(last, rule.decide_within?))
    }

    /// Looks at an accepted item at an instant.
    pub(super) fn affirm(&mut self, at: Timestamp) {
        if self.heard_by().is_some_and(|end| end <= at) {
            self.appeals.clear();
        }
        if self.is_vetoed() {
            if self.override_by().is_none_or(|end| end <= at) {
                let who: Vec<&str> = self.vetoes.iter().map(|veto| veto.by.as_str()).collect();
                let reason = self.vetoes.last().map_or("", |veto| veto.reason.as_str());
                let why = format!("vetoed by {}: {reason}", who.join(", "));
                self.finish(at, State::Rejected, why);
            }
            return;
        }
        if !self.ratify(at) {
            return;
        }
        let running = self.windows().into_iter().any(|(end, _)| at < end);
        if running || self.is_stayed() {
            return;
        }
        self.finish(at, State::InForce, "the time to stop it is over");
    }

    /// Whether affirming it is no question any more.
    fn ratify(&mut self, at: Timestamp) -> bool {
        let rules = self.rules;
        let (Some(rule), Some(ratifiers)) = (&rules.procedure.ratify, &rules.ratify) else {
            return true;
        };
        let needed = rule.objections.of(self.without_recused(&ratifiers.people));
        // What came to a vote stays there, whoever takes an objection back.
        let refused = self.affirming.is_some() || self.refusals.len() >= needed.max(1);
        if self.affirmed || !refused {
            return true;
        }
        let refusals = base::counted(self.refusals.len(), "objection", "objections");
        let Some(vote) = &rule.vote else {
            self.finish(at, State::Rejected, format!("not affirmed: {refusals}"));
            return false;
        };
        if self.affirming.is_none() {
            self.affirming = Some(self.poll_from(at, vote));
            self.votes.clear();
            self.voted_on.clear();
            self.step(
                at,
                State::Affirming,
                format!("{refusals}: the vote on affirming it is open"),
            );
        }
        let Some(poll) = self.affirming.clone() else {
            return false;
        };
        match self.decided(vote, &poll, &ratifiers.people, at) {
            Some((true, words)) => {
                self.affirmed = true;
                self.step(at, State::Affirming, format!("affirmed: {words}"));
                true
            }
            Some((false, words)) => {
                self.finish(at, State::Rejected, format!("not affirmed: {words}"));
                false
            }
            None => false,
        }
    }

    /// Whether what was decided holds: at the end, or before where it is affirmed afterwards.
    pub(super) fn is_in_effect(&self) -> bool {
        match self.outcome {
            Some(outcome) => return outcome.is_accepted(),
            None if self.accepted.is_none() => return false,
            None => {}
        }
        let ratify = self.rules.procedure.ratify.as_ref();
        ratify.is_none_or(|rule| rule.mode == RatifyMode::After)
            && !self.is_vetoed()
            && !self.is_stayed()
    }

    /// Whether nothing can stop what is accepted.
    pub(super) fn is_final(&self) -> bool {
        let procedure = &self.rules.procedure;
        procedure.veto.is_none() && procedure.ratify.is_none() && procedure.appeal.is_none()
    }
}

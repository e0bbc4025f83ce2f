//! What becomes of an item by what it has, until it is accepted or over.

use charter::Affiliation;
use charter::procedure::{Close, Comparison, VoteRule};
use charter::requirement::{Eligible, Silence};
use jiff::Timestamp;

use super::progress::{Poll, Progress, Stop};
use super::{Condition, State};
use crate::vote;

impl Progress<'_> {
    /// Looks at an item at an instant: what has ended, and whether that is its outcome.
    pub(super) fn settle(&mut self, at: Timestamp) {
        if self.outcome.is_some() || self.proposed.is_none() {
            return;
        }
        if self.accepted.is_some() {
            self.affirm(at);
            self.note_state(at);
            return;
        }
        self.open(at);
        self.end_what_lapsed(at);
        if self.opened.is_some() {
            self.begin_silence(at);
            self.hold_vote(at);
            if self.outcome.is_none() && self.conditions(at).iter().all(|one| one.met) {
                self.accept(at);
            }
        }
        if self.outcome.is_none() && self.accepted.is_none() {
            self.run_out(at);
        }
        self.note_state(at);
    }

    fn open(&mut self, at: Timestamp) {
        if self.opened.is_some() {
            return;
        }
        let untold = self.untold();
        if untold.is_empty() {
            self.opened = Some(at);
            let by = &self.rules.name;
            let why = match self.told.len() {
                0 => format!("decided by `{by}`"),
                _ => format!("all who must be told were told; decided by `{by}`"),
            };
            self.step(at, State::Open, why);
        } else if self.history.is_empty() {
            let why = format!("to be told: {}", untold.join(", "));
            self.step(at, State::Noticed, why);
        }
    }

    fn end_what_lapsed(&mut self, at: Timestamp) {
        let lapsed: Vec<usize> = (0..self.objections.len())
            .filter(|one| {
                self.lapses(&self.objections[*one])
                    .is_some_and(|end| end <= at)
            })
            .collect();
        for one in lapsed {
            self.end_objection(one, at, "answered, and its author kept silent");
        }
        let holds = std::mem::take(&mut self.holds).into_iter();
        let stands = |hold: &Stop| self.hold_ends(hold).is_none_or(|end| at < end);
        self.holds = holds.filter(stands).collect();
        if self.minor.as_ref().is_some_and(|minor| minor.until <= at) {
            self.minor = None;
        }
    }

    /// Ends an objection. Where the charter says so, silence starts anew when nothing that
    /// held it is objected any more; what only advised changes nothing.
    pub(super) fn end_objection(&mut self, which: usize, at: Timestamp, why: &str) {
        let objection = &mut self.objections[which];
        let held = objection.holds();
        objection.ended = Some((at, why.to_owned()));
        let restarts = self
            .rules
            .procedure
            .objection
            .as_ref()
            .is_some_and(|rule| rule.restarts);
        let objected = self.objections.iter().any(super::Objection::holds);
        if restarts && held && self.silence.is_some() && !objected {
            self.silence = None;
            self.begin_silence(at);
        }
    }

    /// Silence begins when it is open, and signed off where that is asked for.
    fn begin_silence(&mut self, at: Timestamp) {
        let Some(lazy) = self.rules.procedure.lazy.as_ref() else {
            return;
        };
        let signed_off = self.signed_off().is_none_or(|condition| condition.met);
        let waits = self.rules.procedure.sign_off.is_some() && self.holds();
        if self.silence.is_none() && signed_off && !waits {
            self.silence = Some(self.end(at, lazy.period));
        }
    }

    /// Whether the vote comes only if it is called for.
    fn falls_back(&self) -> bool {
        self.rules.procedure.lazy.is_some()
    }

    fn hold_vote(&mut self, at: Timestamp) {
        let Some(rule) = self.rules.procedure.vote.as_ref() else {
            return;
        };
        if self.poll.is_none() {
            let contested = self.silence.is_some_and(|end| end <= at) && self.holds();
            let due = if self.falls_back() {
                self.called || contested
            } else {
                self.seconded().is_none_or(|condition| condition.met)
            };
            if due {
                self.poll = Some(self.poll_from(at, rule));
                let state = self.state(at);
                self.step(at, state, "the vote is open");
            }
        }
        if self.poll_passed.is_some() {
            return;
        }
        let Some(poll) = self.poll.clone() else {
            return;
        };
        let Some((passes, words)) = self.decided(rule, &poll, &self.rules.members, at) else {
            return;
        };
        if !passes {
            self.finish(at, State::Rejected, words);
            return;
        }
        self.poll_passed = Some(at);
        // Where the vote is the last word, nobody stops what it says, by a hold no more than otherwise.
        if self.falls_back() || self.rules.procedure.objection.is_none() {
            for objection in self.objections.iter_mut().filter(|one| one.holds()) {
                objection.ended = Some((at, "overruled by the vote".to_owned()));
            }
            self.holds.clear();
        }
    }

    pub(super) fn poll_from(&self, at: Timestamp, rule: &VoteRule) -> Poll {
        Poll {
            opened: at,
            earliest: rule.min_open.map_or(at, |period| self.end(at, period)),
            closes: self.end(at, rule.max_open),
        }
    }

    /// The outcome of a vote, once it has one. Weights that cannot be added decide nothing.
    pub(super) fn decided(
        &self,
        rule: &VoteRule,
        poll: &Poll,
        of: &[Eligible],
        at: Timestamp,
    ) -> Option<(bool, String)> {
        let over = at >= poll.closes;
        let Some(count) = self.count(rule, of) else {
            let words = "the weights of so many employers cannot be added up exactly".to_owned();
            return over.then_some((false, words));
        };
        let early = rule.close == Close::Decided && at >= poll.earliest;
        let passes = match count.decided.filter(|_| early) {
            Some(decided) => decided,
            None if over => count.passes,
            None => return None,
        };
        Some((passes, vote::in_words(rule, &count)))
    }

    fn accept(&mut self, at: Timestamp) {
        let met: Vec<String> = self
            .conditions(at)
            .into_iter()
            .map(|one| one.text)
            .collect();
        self.accepted = Some(at);
        self.minor = None;
        let why = met.join("; ");
        if self.is_final() {
            self.finish(at, State::Accepted, why);
        } else {
            self.step(at, State::Affirming, why);
            self.affirm(at);
        }
    }

    fn run_out(&mut self, at: Timestamp) {
        let short = self.seconded().is_some_and(|condition| !condition.met);
        if short && self.second_by().is_some_and(|end| end <= at) {
            self.finish(at, State::Expired, "nobody seconded it in time");
        } else if self.escalates().is_some_and(|end| end <= at) {
            let to = self.rules.procedure.escalate.as_ref();
            let to = to.map_or("", |rule| rule.to.name.as_str());
            let why = format!("it found no outcome in time, and goes to {to}");
            self.finish(at, State::Escalated, why);
        } else if self.expires().is_some_and(|end| end <= at) {
            self.finish(at, State::Expired, "it found no outcome in time");
        }
    }

    /// All that the procedure asks for, and how it stands at an instant.
    pub(super) fn conditions(&self, at: Timestamp) -> Vec<Condition> {
        let procedure = &self.rules.procedure;
        let mut all = Vec::new();
        let untold = self.untold();
        if !self.rules.notice.is_empty() {
            all.push(Condition {
                met: untold.is_empty(),
                text: if untold.is_empty() {
                    "all who must be told were told".to_owned()
                } else {
                    format!("not told yet: {}", untold.join(", "))
                },
            });
        }
        let by_vote = self.falls_back() && self.poll.is_some();
        all.extend(self.reviewed());
        all.extend(self.consulted(at));
        // The vote that is called for takes the place of silence, and of nothing else.
        if !by_vote {
            all.extend(self.signed_off());
            all.extend(self.silent(at));
        }
        all.extend(self.seconded());
        if let Some(rule) = procedure
            .vote
            .as_ref()
            .filter(|_| by_vote || !self.falls_back())
        {
            let count = self.count(rule, &self.rules.members);
            let text = count.map_or_else(
                || "the weights of the votes cannot be added up exactly".to_owned(),
                |count| vote::in_words(rule, &count),
            );
            all.push(Condition {
                met: self.poll_passed.is_some(),
                text,
            });
        }
        all.extend(self.unopposed());
        all.extend(self.minor.as_ref().map(|minor| Condition {
            met: minor.until <= at,
            text: format!("a minor amendment can be contested until {}", minor.until),
        }));
        all.extend(self.too_many_parties.iter().map(|why| Condition {
            met: false,
            text: why.clone(),
        }));
        all.extend(self.rules.impossible.iter().map(|why| Condition {
            met: false,
            text: why.clone(),
        }));
        all
    }

    /// Objections hold what is decided by silence or by approvals, and what the charter says.
    fn unopposed(&self) -> Vec<Condition> {
        let mut all: Vec<Condition> = self
            .objections
            .iter()
            .filter(|one| one.holds())
            .map(|one| Condition {
                met: false,
                text: format!("{} objects: {}", one.by, one.reason),
            })
            .collect();
        all.extend(self.holds.iter().map(|hold| Condition {
            met: false,
            text: format!("{} holds it: {}", hold.by, hold.reason),
        }));
        all
    }

    fn signed_off(&self) -> Option<Condition> {
        let rule = self.rules.procedure.sign_off.as_ref()?;
        let may = |one: &&Eligible| !self.recused.contains_key(&one.person);
        let members: Vec<&Eligible> = self.rules.members.iter().filter(may).collect();
        let has = members
            .iter()
            .filter(|one| self.approvals.contains_key(&one.person))
            .count();
        let share = rule.share;
        let left = has as u128 * u128::from(share.denominator);
        let right = members.len() as u128 * u128::from(share.numerator);
        let enough = match rule.relation {
            Comparison::Above => left > right,
            Comparison::AtLeast => left >= right,
        };
        let missing = members.len() - has;
        let few = rule.outstanding.is_none_or(|most| missing <= most as usize);
        Some(Condition {
            met: enough && few && has > 0,
            text: format!(
                "{has} of {} signed off; {} {share} must{}",
                base::counted(members.len(), "member", "members"),
                if rule.relation == Comparison::Above {
                    "more than"
                } else {
                    "at least"
                },
                rule.outstanding.map_or_else(String::new, |most| format!(
                    ", and at most {most} may be missing"
                )),
            ),
        })
    }

    /// Those of some people who approved and are no authors of it.
    fn approved_by<'p>(&self, people: &'p [Eligible]) -> Vec<&'p Eligible> {
        let counts = |one: &&Eligible| {
            self.approvals.contains_key(&one.person) && !self.authors.contains(&one.person)
        };
        people.iter().filter(counts).collect()
    }

    fn agreed(
        &self,
        people: &[Eligible],
        (needed, employers): (u32, u32),
        what: &str,
    ) -> Condition {
        let by = self.approved_by(people);
        let from = Affiliation::distinct(by.iter().map(|one| &one.employer));
        let names: Vec<&str> = by.iter().map(|one| one.person.as_str()).collect();
        let of = match employers {
            0 | 1 => String::new(),
            more => format!(" of {more} employers"),
        };
        let who = match names.as_slice() {
            [] => "nobody yet".to_owned(),
            names => names.join(", "),
        };
        Condition {
            met: by.len() >= needed as usize && (needed == 0 || from >= employers as usize),
            text: format!(
                "{what} by {who}; {}{of} must",
                base::counted(needed as usize, "person", "people")
            ),
        }
    }

    fn reviewed(&self) -> Option<Condition> {
        let review = self.rules.review.as_ref()?;
        Some(self.agreed(&review.people, (review.count, review.employers), "approved"))
    }

    fn consulted(&self, at: Timestamp) -> Vec<Condition> {
        let Some(consult) = &self.rules.consult else {
            return Vec::new();
        };
        let silence_over = self.silence.is_some_and(|end| end <= at) || self.poll_passed.is_some();
        let one = |asked: &charter::requirement::Consulted| {
            let group = &asked.group;
            let (met, text) = match self.answers.get(group) {
                Some(answer) => (true, format!("{} answered for {group}", answer.by)),
                None if consult.silence == Silence::Consents && silence_over => {
                    (true, format!("{group} kept silent"))
                }
                None => (false, format!("{group} has not answered")),
            };
            Condition { met, text }
        };
        consult.groups.iter().map(one).collect()
    }

    fn silent(&self, at: Timestamp) -> Vec<Condition> {
        let Some(lazy) = &self.rules.lazy else {
            return Vec::new();
        };
        let mut all = vec![match self.silence {
            Some(end) if end <= at => Condition {
                met: true,
                text: format!("nobody's objection stood at {end}"),
            },
            Some(end) => Condition {
                met: false,
                text: format!("objections can be made until {end}"),
            },
            None => Condition {
                met: false,
                text: format!("the time for objections, {}, has not begun", lazy.period),
            },
        }];
        if lazy.support > 0 {
            all.push(self.agreed(&lazy.people, (lazy.support, lazy.employers), "supported"));
        }
        all
    }

    fn seconded(&self) -> Option<Condition> {
        let rule = self.rules.procedure.second.as_ref()?;
        let needed = rule.count.get() as usize;
        // It asks for the vote; once that is held, nobody can take it back.
        let held = self.poll.is_some() && !self.falls_back();
        Some(Condition {
            met: held || self.seconds.len() >= needed,
            text: format!("{} seconded it; {needed} must", self.seconds.len()),
        })
    }
}

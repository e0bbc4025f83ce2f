//! What one change has: its approvals, objections, notices and all else that has been
//! received and not taken back.

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use jiff::Timestamp;
use serde::Serialize;

use crate::act::{Act, RaisedRisk};
use crate::names::{ItemId, PersonName};
use crate::refusal::{Reason, Refusal, Refused};
use crate::roster::Attributed;

/// When the ledger received each event. Nothing counts before it has been received.
///
/// To judge as of an earlier time, leave out the later receipts.
pub type Receipts = BTreeMap<Digest, Timestamp>;

/// Something that stands: by whom, since when, and from which event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Live<T> {
    /// The person who did it.
    pub by: PersonName,
    /// The digest of the event.
    pub event: Digest,
    /// When the ledger received it.
    pub received_at: Timestamp,
    /// What was done.
    #[serde(flatten)]
    pub what: T,
}

/// A proposal that holds the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// The plan proposed.
    pub plan: Digest,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// In which role, if one was said.
    pub role: Option<String>,
}

/// A channel that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Which, as the charter calls it.
    pub channel: String,
    /// Where anybody can see it.
    pub evidence: String,
}

/// A group that says it has been consulted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acknowledgement {
    /// The group, as written; whether the person speaks for it is for the charter to say.
    pub group: String,
}

/// A disagreement that nobody took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// Why.
    pub reason: String,
    /// It was made before the change came into the item, and stays when a proposal is amended.
    pub carried: bool,
    /// What was answered, in the order received.
    pub answers: Vec<Live<Answer>>,
}

/// An answer to an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What was answered.
    pub text: String,
}

/// A declaration that the change cannot wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Emergency {
    /// Why.
    pub reason: String,
}

/// A higher risk than was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Raise {
    /// At least this.
    pub risk: RaisedRisk,
    /// Why.
    pub reason: String,
}

/// A leave for one plan to pass a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitOverride {
    /// The only plan that may pass.
    pub plan: Digest,
    /// The scope whose limit it is.
    pub scope: String,
    /// Why.
    pub reason: String,
}

/// An event about the change that the ledger has not received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreceived {
    /// The person who did it.
    pub by: PersonName,
    /// The digest of the event.
    pub event: Digest,
    /// The name of the act.
    pub act: &'static str,
}

/// All that stands for one change, each list in the order the ledger received it.
///
/// Who of these persons may approve, and how many it takes, is for the charter to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The proposals that hold the change.
    pub proposals: Vec<Live<Proposal>>,
    /// One a person, the latest.
    pub approvals: Vec<Live<Approval>>,
    /// Those that hold the change.
    pub objections: Vec<Live<Objection>>,
    /// The channels that were told.
    pub notices: Vec<Live<Notice>>,
    /// The groups that were consulted.
    pub acknowledgements: Vec<Live<Acknowledgement>>,
    /// The declarations that it cannot wait.
    pub emergencies: Vec<Live<Emergency>>,
    /// The higher risks that people gave it.
    pub raises: Vec<Live<Raise>>,
    /// The limits that a plan may pass; see [`Standing::may_pass`].
    pub overrides: Vec<Live<LimitOverride>>,
    /// What does not count yet.
    pub unreceived: Vec<Unreceived>,
    /// What was received and has no effect, by the path of the event.
    pub ignored: Vec<Refused>,
}

impl Standing {
    /// The overrides that let this very plan pass the limit of a scope.
    pub fn may_pass(
        &self,
        plan: &Digest,
        scope: &str,
    ) -> impl Iterator<Item = &Live<LimitOverride>> {
        self.overrides
            .iter()
            .filter(move |found| found.what.plan == *plan && found.what.scope == scope)
    }

    /// The highest risk that anybody gave the change.
    pub fn raised_to(&self) -> Option<RaisedRisk> {
        self.raises.iter().map(|raise| raise.what.risk).max()
    }
}

/// What stands for a change, from all events of the estate and when each was received.
///
/// The same whatever the order of the events, and however often each is given.
/// Approvals bind to changes, so they outlive a new plan with the same change and no
/// other. An objection binds to the changes it names and to all that came into its item
/// later, which it could not name: mending one byte does not answer it.
pub fn standing(events: &[Attributed], receipts: &Receipts, change: &Digest) -> Standing {
    let sequence = Sequence::of(events, receipts);
    let mut standing = Standing::default();
    let withdrawn = sequence.withdrawn(change, &mut standing.ignored);
    let mut approvals = BTreeMap::new();
    for (at, received, one) in &sequence.in_order {
        let concern = sequence.concern(one, change);
        if concern == Concern::None || withdrawn.contains(one.event.digest()) {
            continue;
        }
        if !received {
            standing.unreceived.push(Unreceived {
                by: one.person.clone(),
                event: *one.event.digest(),
                act: one.event.act().name(),
            });
            continue;
        }
        match one.event.act() {
            Act::Approve { role } => {
                let approval = live(one, *at, Approval { role: role.clone() });
                approvals.insert(&one.person, approval);
            }
            // Whoever takes back an approval does not mean an earlier one to stand again.
            Act::Withdraw { event } if sequence.is_approval_of(event, &one.person) => {
                approvals.remove(&one.person);
            }
            _ => standing.add(one, *at, concern),
        }
    }
    for (at, received, one) in &sequence.in_order {
        if let (Act::Answer { event, text }, true) = (one.event.act(), received) {
            standing.answer(one, *at, event, text);
        }
    }
    standing.approvals = approvals.into_values().collect();
    standing
        .approvals
        .sort_by_key(|approval| (approval.received_at, approval.event));
    standing
}

fn live<T>(one: &Attributed, received_at: Timestamp, what: T) -> Live<T> {
    Live {
        by: one.person.clone(),
        event: *one.event.digest(),
        received_at,
        what,
    }
}

impl Standing {
    fn add(&mut self, one: &Attributed, at: Timestamp, concern: Concern) {
        // Of a text nothing stands here; it has a record of its own.
        let Some(plan) = one.event.content().plan().copied() else {
            return;
        };
        match one.event.act().clone() {
            Act::Propose { title, .. } => {
                let item = one.event.item().clone();
                let what = Proposal { item, title, plan };
                self.proposals.push(live(one, at, what));
            }
            Act::Notice { channel, evidence } => {
                let what = Notice { channel, evidence };
                self.notices.push(live(one, at, what));
            }
            Act::Acknowledge { group } => {
                let what = Acknowledgement { group };
                self.acknowledgements.push(live(one, at, what));
            }
            Act::Object { reason } => {
                let what = Objection {
                    reason,
                    carried: concern == Concern::Carried,
                    answers: Vec::new(),
                };
                self.objections.push(live(one, at, what));
            }
            Act::Emergency { reason } => self.emergencies.push(live(one, at, Emergency { reason })),
            Act::Raise { risk, reason } => self.raises.push(live(one, at, Raise { risk, reason })),
            Act::OverrideLimit { scope, reason } => {
                let what = LimitOverride {
                    plan,
                    scope,
                    reason,
                };
                self.overrides.push(live(one, at, what));
            }
            // These are counted with the events they are about.
            Act::Approve { .. } | Act::Withdraw { .. } | Act::Answer { .. } => {}
            // Done to texts only.
            Act::Amend { .. }
            | Act::Contest { .. }
            | Act::Second {}
            | Act::Vote { .. }
            | Act::CallVote {}
            | Act::Recuse { .. }
            | Act::Hold { .. }
            | Act::Veto { .. }
            | Act::Override { .. }
            | Act::Appeal { .. }
            | Act::Escalate { .. }
            | Act::Refresh { .. }
            | Act::Retract { .. } => {}
        }
    }

    fn answer(&mut self, one: &Attributed, at: Timestamp, to: &Digest, text: &str) {
        let text = text.to_owned();
        // An answer to what was withdrawn changes nothing.
        if let Some(objection) = self.objections.iter_mut().find(|found| found.event == *to) {
            objection.what.answers.push(live(one, at, Answer { text }));
        }
    }
}

/// How an event bears on a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Concern {
    None,
    /// It names the change, or an event that does.
    Direct,
    /// It is an objection to what the item was before the change came into it.
    Carried,
}

/// All events, each once, in the order the ledger received them; what it has not
/// received comes last.
struct Sequence<'e> {
    receipts: &'e Receipts,
    in_order: Vec<(Timestamp, bool, &'e Attributed)>,
    by_digest: BTreeMap<&'e Digest, &'e Attributed>,
    /// When each change came into an item, by whatever act.
    came: BTreeMap<(&'e ItemId, &'e Digest), Timestamp>,
}

impl<'e> Sequence<'e> {
    fn of(events: &'e [Attributed], receipts: &'e Receipts) -> Self {
        let by_digest: BTreeMap<_, _> =
            events.iter().map(|one| (one.event.digest(), one)).collect();
        let mut in_order: Vec<_> = by_digest
            .iter()
            .map(|(digest, one)| {
                let receipt = receipts.get(digest);
                let at = receipt.copied().unwrap_or(Timestamp::MAX);
                (at, receipt.is_some(), *one)
            })
            .collect();
        // What came in one batch is ordered as its makers say, which nothing else hangs on.
        in_order.sort_by_key(|(at, received, one)| {
            (!received, *at, one.event.at(), *one.event.digest())
        });
        let mut came = BTreeMap::new();
        for (at, _, one) in &in_order {
            for change in one.event.content().changes() {
                came.entry((one.event.item(), change)).or_insert(*at);
            }
        }
        Self {
            receipts,
            in_order,
            by_digest,
            came,
        }
    }

    fn concern(&self, one: &Attributed, change: &Digest) -> Concern {
        let named = |one: &Attributed| one.event.content().names(change);
        if named(one) {
            return Concern::Direct;
        }
        match one.event.act() {
            Act::Object { .. } if self.is_carried(one, change) => Concern::Carried,
            Act::Withdraw { event } | Act::Answer { event, .. } => {
                match self.by_digest.get(event) {
                    Some(target) if named(target) || self.is_carried(target, change) => {
                        Concern::Direct
                    }
                    _ => Concern::None,
                }
            }
            _ => Concern::None,
        }
    }

    /// Whether an objection was there when the change came into its item. What was
    /// received at one time could not know of each other.
    fn is_carried(&self, one: &Attributed, change: &Digest) -> bool {
        let Some(came) = self.came.get(&(one.event.item(), change)) else {
            return false;
        };
        let objected = self.receipts.get(one.event.digest());
        matches!(one.event.act(), Act::Object { .. }) && objected.is_some_and(|at| at <= came)
    }

    fn is_approval_of(&self, event: &Digest, person: &PersonName) -> bool {
        let target = self.by_digest.get(event);
        target.is_some_and(|target| {
            target.person == *person && matches!(target.event.act(), Act::Approve { .. })
        })
    }

    /// The events taken back by those who made them.
    fn withdrawn(&self, change: &Digest, ignored: &mut Vec<Refused>) -> BTreeSet<Digest> {
        let mut withdrawn = BTreeSet::new();
        for (_, received, one) in &self.in_order {
            let Act::Withdraw { event } = one.event.act() else {
                continue;
            };
            if !received {
                continue;
            }
            match self.withdraws(one, event) {
                Ok(()) => {
                    withdrawn.insert(*event);
                }
                Err(refusal) if self.concern(one, change) != Concern::None => {
                    ignored.push(refusal.of_file(&one.event.path()));
                }
                Err(_) => {}
            }
        }
        withdrawn
    }

    fn withdraws(&self, one: &Attributed, event: &Digest) -> Result<(), Refusal> {
        let Some(target) = self.by_digest.get(event) else {
            let what = format!("there is no event {event} to withdraw");
            return Err(Refusal::new(Reason::Digest, what));
        };
        if target.person != one.person {
            let what = format!("{} cannot withdraw what {} did", one.person, target.person);
            return Err(Refusal::new(Reason::NotEligible, what));
        }
        let act = target.event.act();
        if act.can_be_withdrawn() {
            return Ok(());
        }
        let what = format!("nobody can take back `{}`", act.name());
        Err(Refusal::new(Reason::NotEligible, what))
    }
}

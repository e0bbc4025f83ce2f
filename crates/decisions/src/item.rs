//! Items that are no changes to real systems: their life from the first draft to the
//! day they hold, as a function of what happened, the rules they opened under, and the time.
//!
//! ```text
//! draft → noticed → open ⇄ blocked → last call → accepted | rejected | expired | withdrawn | escalated
//!                                                    └→ affirming → in force | stayed
//! ```
//!
//! Nothing keeps a timer. Deadlines follow from what happened, so one that passed while
//! nobody looked takes effect when it passed, not when somebody looks. What is received at a
//! deadline comes after it.

mod affirm;
mod amend;
mod progress;
mod recuse;
mod settle;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use charter::procedure::Rules;
use charter::requirement::{DecisionPolicy, Holiday};
use estate::Period;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::act::{Act, Matter};
use crate::clock::{self, Blackout, Calendar, NoDeadline, Outage, Pause};
use crate::refusal::Reason;
use crate::roster::Attributed;
use crate::vote::{Count, Votes};
use progress::Progress;

/// Something that happened to an item, as the intake wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When the intake received it: the only time that counts.
    pub at: Timestamp,
    /// What.
    pub what: Happened,
}

/// What may happen to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Somebody did something.
    Act(Box<Attributed>),
    /// A channel confirmed that it was told of the item.
    Told {
        /// Which, as the procedure calls it.
        channel: String,
        /// What the channel answered.
        evidence: String,
    },
    /// What a channel had confirmed came back, or was not so.
    Bounced {
        /// Which channel.
        channel: String,
        /// What is known of it.
        why: String,
    },
    /// Nothing could be received for some time. It moves the deadlines of this item if it was
    /// written down before anything else was received: nobody reopens what is over.
    Down(Outage),
}

/// The state of an item, computed and never written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has proposed it yet.
    Draft,
    /// It is proposed, and somebody who must be told has not been.
    Noticed,
    /// It is open.
    Open,
    /// An objection or a hold stands.
    Blocked,
    /// It is open and closes within a day.
    LastCall,
    /// It is accepted, and nobody has to affirm it.
    Accepted,
    /// It is rejected.
    Rejected,
    /// Its time ran out.
    Expired,
    /// Who proposed it took it back.
    Withdrawn,
    /// Another body has it now.
    Escalated,
    /// It is accepted, and can still be vetoed, refused or appealed.
    Affirming,
    /// It is accepted, and the time to stop it is over.
    InForce,
    /// It is accepted, and rests until an appeal is heard.
    Stayed,
    /// A later item took its place.
    Superseded,
}

impl State {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Noticed => "noticed",
            Self::Open => "open",
            Self::Blocked => "blocked",
            Self::LastCall => "last call",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Escalated => "escalated",
            Self::Affirming => "affirming",
            Self::InForce => "in force",
            Self::Stayed => "stayed",
            Self::Superseded => "superseded",
        }
    }

    /// Whether anything can still become of it.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Accepted
                | Self::Rejected
                | Self::Expired
                | Self::Withdrawn
                | Self::Escalated
                | Self::InForce
                | Self::Superseded
        )
    }

    /// Whether the community decided for it.
    pub fn is_accepted(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::Affirming | Self::InForce | Self::Stayed
        )
    }
}

/// An instant at which an item came into another state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When it took effect.
    pub at: Timestamp,
    /// Into which.
    pub state: State,
    /// Why, as a sentence without a full stop.
    pub why: String,
}

/// An act that was received and does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// Its digest.
    pub event: Digest,
    /// Who did it.
    pub by: String,
    /// The name of the act.
    pub act: &'static str,
    /// When it was received.
    pub at: Timestamp,
    /// The code.
    pub reason: Reason,
    /// What is wrong, as a sentence without a full stop.
    pub what: String,
}

/// Something that the procedure asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Whether it is there.
    pub met: bool,
    /// What it is and how it stands, as a sentence without a full stop.
    pub text: String,
}

/// A disagreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// Who disagrees.
    pub by: String,
    /// The digest of the event.
    pub event: Digest,
    /// When it was received.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Whether it holds the item; others advise.
    pub binding: bool,
    /// What was answered, and when.
    pub answers: Vec<(Timestamp, String, String)>,
    /// When it ended, and how.
    pub ended: Option<(Timestamp, String)>,
}

impl Objection {
    /// Whether it holds the item.
    pub fn holds(&self) -> bool {
        self.binding && self.ended.is_none()
    }
}

/// An item as it stands at a time, with all that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its title.
    pub title: String,
    /// What it decides; none before it is proposed.
    pub matter: Option<Matter>,
    /// Who proposed it.
    pub proposer: Option<String>,
    /// The digest of its text as it stands.
    pub text: Option<Digest>,
    /// Its state.
    pub state: State,
    /// Whether what it says holds.
    pub in_effect: bool,
    /// When it came into it.
    pub since: Option<Timestamp>,
    /// When it was proposed.
    pub proposed: Option<Timestamp>,
    /// When its time began.
    pub opened: Option<Timestamp>,
    /// When its time ends, as far as that is known.
    pub closes: Option<Timestamp>,
    /// When something will become of it by itself.
    pub next: Option<Timestamp>,
    /// What the procedure asks for.
    pub conditions: Vec<Condition>,
    /// The people who approved the text as it stands.
    pub approvals: BTreeMap<String, Timestamp>,
    /// All objections.
    pub objections: Vec<Objection>,
    /// Those who have no vote in it, and why.
    pub recused: BTreeMap<String, String>,
    /// The vote, if one is or was held.
    pub votes: Votes,
    /// Its count.
    pub count: Option<Count>,
    /// The states it went through.
    pub history: Vec<Step>,
    /// What was done and does not count.
    pub ignored: Vec<Ignored>,
}

/// The clock that periods are counted by.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The zone that business days are counted in.
    pub zone: TimeZone,
    /// The days that are not counted.
    pub calendar: Calendar,
}

impl Clock {
    /// The clock of a charter.
    pub fn of(policy: &DecisionPolicy) -> Self {
        let zone = TimeZone::get(&policy.zone_name()).unwrap_or(TimeZone::UTC);
        let days = |days: &[Holiday], pause: Pause| -> Vec<Blackout> {
            let each = days.iter();
            each.map(|day| Blackout {
                first: day.first,
                last: day.last,
                pause,
            })
            .collect()
        };
        let holidays = days(&policy.holidays, Pause::Business);
        let standstills = days(&policy.blackouts, Pause::Everything);
        let calendar = Calendar {
            holidays: BTreeSet::new(),
            blackouts: [holidays, standstills].concat(),
        };
        Self { zone, calendar }
    }

    /// When a period that starts at an instant ends.
    ///
    /// # Errors
    /// The calendar leaves nothing of it.
    pub fn deadline(&self, start: Timestamp, period: Period) -> Result<Timestamp, NoDeadline> {
        self.deadline_despite(&[], start, period)
    }

    /// The same if nothing could be received for some of its time.
    ///
    /// # Errors
    /// The calendar leaves nothing of it.
    pub fn deadline_despite(
        &self,
        outages: &[Outage],
        start: Timestamp,
        period: Period,
    ) -> Result<Timestamp, NoDeadline> {
        clock::deadline_despite(outages, start, period, &self.zone, &self.calendar)
    }
}

/// What an item is judged by.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The rules in force, with the people of when it opened.
    pub rules: Rules,
    /// The same with other people, by the digest of the act that asked for that.
    pub refreshed: BTreeMap<Digest, Rules>,
    /// The clock.
    pub clock: Clock,
}

/// The times in which nothing could be received, and nothing was until they were written down.
fn outages(entries: &[Entry]) -> Vec<Outage> {
    let before = std::iter::once(None).chain(entries.iter().map(Some));
    let pairs = before.zip(entries);
    pairs
        .filter_map(|(before, entry)| match entry.what {
            Happened::Down(outage) => before
                .is_none_or(|before| before.at <= outage.from)
                .then_some(outage),
            _ => None,
        })
        .collect()
}

/// In which order acts count that were received at one instant. Their makers' times are only
/// claimed, so nobody gets before another's objection by an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Proposal,
    /// What asks for more care.
    Restraint,
    /// What lets the time, or a vote, begin.
    Opening,
    /// What takes that back.
    Return,
    Agreement,
    /// An agreement of the same instant is taken back.
    Regret,
}

/// What is taken before an item is looked at again.
const STEPS: [&[Turn]; 2] = [
    &[Turn::Proposal, Turn::Restraint, Turn::Opening, Turn::Return],
    &[Turn::Agreement, Turn::Regret],
];

fn turn_of(entry: &Entry, batch: &[&Entry]) -> Turn {
    let act = match &entry.what {
        Happened::Act(one) => one.event.act(),
        Happened::Told { .. } => return Turn::Opening,
        Happened::Bounced { .. } => return Turn::Return,
        Happened::Down(_) => return Turn::Restraint,
    };
    match act {
        Act::Propose { .. } => Turn::Proposal,
        Act::Amend { .. }
        | Act::Contest { .. }
        | Act::Object { .. }
        | Act::Hold { .. }
        | Act::Recuse { .. }
        | Act::Retract { .. }
        | Act::Veto { .. }
        | Act::Appeal { .. } => Turn::Restraint,
        Act::Withdraw { event } => {
            let is_it = |other: &&Entry| matches!(&other.what, Happened::Act(one) if one.event.digest() == event);
            if batch.iter().any(is_it) {
                Turn::Regret
            } else {
                Turn::Restraint
            }
        }
        Act::Notice { .. } | Act::Second {} | Act::CallVote {} => Turn::Opening,
        _ => Turn::Agreement,
    }
}

/// How an item stands at a time. Entries are in the order that the intake wrote them; those
/// received later are left out, and an act that is there twice counts once.
pub fn record(basis: &Basis, entries: &[Entry], now: Timestamp) -> Record {
    let mut progress = Progress::new(basis, outages(entries));
    let known: Vec<&Entry> = entries.iter().filter(|entry| entry.at <= now).collect();
    let mut seen = BTreeSet::new();
    for batch in known.chunk_by(|one, next| one.at == next.at) {
        let at = batch[0].at;
        progress.advance(at);
        let new = |entry: &&&Entry| match &entry.what {
            Happened::Act(act) => seen.insert(*act.event.digest()),
            _ => true,
        };
        let batch: Vec<&Entry> = batch.iter().filter(new).copied().collect();
        let turns: Vec<Turn> = batch.iter().map(|one| turn_of(one, &batch)).collect();
        for step in STEPS {
            for turn in step {
                let now = batch.iter().zip(&turns).filter(|(_, of)| **of == *turn);
                now.for_each(|(entry, _)| progress.take(entry));
            }
            progress.settle(at);
        }
    }
    progress.advance(now);
    progress.into_record(now)
}

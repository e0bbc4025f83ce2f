//! What one change requires against what it has.

use std::collections::BTreeSet;

use charter::requirement::{Consult, Eligible, Lazy, Notice, Requirement, Review, Silence};
use decisions::clock::{self, Blackout, Calendar, Pause};
use decisions::{Live, Reason, Refused, Standing};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::emergency::{Declared, declared};
use super::{Blocker, Evidence, Verdict, is_author};

/// A verdict, and when a review falls due if it was an emergency.
#[derive(Clone)]
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    pub(super) review_due: Option<Timestamp>,
}

/// What is found out on the way to a verdict.
#[derive(Default)]
struct Findings {
    blockers: Vec<Blocker>,
    by: Vec<String>,
    waits: Option<(Timestamp, String)>,
}

impl Findings {
    fn block(&mut self, code: &'static str, text: impl Into<String>) {
        self.blockers.push(Blocker::new(code, text));
    }
}

/// What one change requires against what it has. Whatever may be an objection comes
/// first, and holds what cannot wait too; what only explains why something is missing comes last.
pub(super) fn rule(required: &Requirement, has: &Standing, evidence: &Evidence<'_>) -> Ruling {
    let mut found = Findings::default();
    objections(has, evidence, &mut found);
    let declared = declared(required, has, evidence);
    if let (true, Declared::Passes(ruling)) = (found.blockers.is_empty(), &declared) {
        return ruling.clone();
    }
    for impossible in required.impossible_for(&evidence.authors) {
        found.block("impossible", impossible);
    }
    if let Some(review) = &required.review {
        self::review(review, has, evidence, &mut found);
    }
    if evidence.undoes && has.proposals.is_empty() {
        found.block(
            "not-proposed",
            "nobody has proposed to undo it; `commonhold propose PLAN` does",
        );
    }
    let opened = notices(&required.notice, has, &mut found);
    let mut closes = None;
    if let Some(lazy) = &required.lazy {
        closes = self::lazy(lazy, opened, has, evidence, &mut found);
    }
    if let Some(consult) = &required.consult {
        self::consult(consult, closes, has, evidence, &mut found);
    }
    if !found.blockers.is_empty() {
        if let Declared::Short(short) = declared {
            found.blockers.push(short);
        }
        explanations(has, evidence, &mut found);
    }
    let verdict = match (found.blockers.is_empty(), found.waits) {
        (false, _) => Verdict::Blocked {
            because: found.blockers,
        },
        (true, Some((until, for_))) => Verdict::Waiting { until, for_ },
        (true, None) => Verdict::Passed { by: found.by },
    };
    Ruling {
        verdict,
        review_due: None,
    }
}

/// Objections, and all that may be one: what cannot be read, and what the ledger has not
/// received yet.
fn objections(has: &Standing, evidence: &Evidence<'_>, found: &mut Findings) {
    for objection in &has.objections {
        let text = format!("{} objects: {}", objection.by, objection.what.reason);
        found.block("objection", text);
    }
    for unreceived in has.unreceived.iter().filter(|one| is_strict(one.act)) {
        found.blockers.push(not_received(unreceived));
    }
    let unread = evidence.refused.iter();
    for refused in unread.filter(|refused| !is_of_nobody(refused)) {
        found.blockers.push(refusal(refused));
    }
}

/// What was done and does not count, told where something is missing.
fn explanations(has: &Standing, evidence: &Evidence<'_>, found: &mut Findings) {
    for unreceived in has.unreceived.iter().filter(|one| !is_strict(one.act)) {
        found.blockers.push(not_received(unreceived));
    }
    let of_nobody = evidence
        .refused
        .iter()
        .filter(|refused| is_of_nobody(refused));
    found.blockers.extend(of_nobody.map(refusal));
    let mut seen = BTreeSet::new();
    found
        .blockers
        .retain(|blocker| seen.insert(blocker.clone()));
}

/// Whether an act asks for more than there is without it.
fn is_strict(act: &str) -> bool {
    matches!(act, "object" | "raise")
}

/// Whether an event was read and is of somebody whose word counts for nothing.
fn is_of_nobody(refused: &Refused) -> bool {
    refused.reason == Reason::NotEligible
}

fn refusal(refused: &Refused) -> Blocker {
    let text = format!("{}: {}", refused.path, refused.what);
    Blocker::new(refused.reason.code(), text)
}

fn not_received(unreceived: &decisions::Unreceived) -> Blocker {
    let text = format!(
        "the {} of {} is not in the ledger yet; `commonhold gate` where the ledger is writes it down",
        unreceived.act, unreceived.by
    );
    Blocker::new("not-received", text)
}

/// Those of `approvals` that count, by name; what does not count is said.
fn counted<'p>(
    people: &'p [Eligible],
    has: &Standing,
    evidence: &Evidence<'_>,
) -> (Vec<&'p Eligible>, Vec<Blocker>) {
    let mut counted = Vec::new();
    let mut not = Vec::new();
    for approval in &has.approvals {
        let name = approval.by.as_str();
        if is_author(name, has, evidence) {
            let text = format!(
                "{name} is an author of the change or proposed it, whichever key signed the approval, so it does not count"
            );
            not.push(Blocker::new("author-approval", text));
        } else if let Some(eligible) = people.iter().find(|eligible| eligible.person == name) {
            counted.push(eligible);
        } else {
            let text =
                format!("{name} approved and is in none of the groups whose approval counts here");
            not.push(Blocker::new("not-eligible", text));
        }
    }
    (counted, not)
}

fn names(people: &[&Eligible]) -> String {
    people
        .iter()
        .map(|eligible| eligible.person.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn agreed(
    what: (&'static str, &str),
    (needed, employers): (u32, u32),
    groups: &[String],
    people: &[Eligible],
    has: &Standing,
    evidence: &Evidence<'_>,
    found: &mut Findings,
) {
    if needed == 0 {
        return;
    }
    let (code, noun) = what;
    // An author whom nobody knows may be the very person who approves.
    let strangers = u32::try_from(evidence.strangers.len()).unwrap_or(u32::MAX);
    let needed = needed.saturating_add(strangers);
    let (approved, not) = counted(people, has, evidence);
    let distinct = charter::Affiliation::distinct(approved.iter().map(|one| &one.employer));
    if approved.len() < needed as usize {
        let missing = base::counted(needed as usize, noun, &format!("{noun}s"));
        let groups = groups.join(", ");
        let text = format!(
            "it needs {missing} from {groups}, and has {}",
            approved.len()
        );
        found.block(code, text);
        if strangers > 0 {
            let text = format!(
                "one more is needed for each author whom the estate does not know: {}",
                evidence.strangers.join(", ")
            );
            found.block("unknown-author", text);
        }
        found.blockers.extend(not);
    } else if distinct < employers as usize {
        let text = format!(
            "those who approved ({}) come from {}; people of {employers} are needed",
            names(&approved),
            base::counted(distinct, "employer", "employers")
        );
        found.block("employers", text);
        found.blockers.extend(not);
    } else {
        found.by.push(format!("approved by {}", names(&approved)));
    }
}

fn review(review: &Review, has: &Standing, evidence: &Evidence<'_>, found: &mut Findings) {
    let needed = (review.count, review.employers);
    agreed(
        ("approval-missing", "approval"),
        needed,
        &review.groups,
        &review.people,
        has,
        evidence,
        found,
    );
}

/// When all who must be told were told; none while some were not.
fn notices(required: &[Notice], has: &Standing, found: &mut Findings) -> Option<Timestamp> {
    let mut last = None;
    let mut all = true;
    for notice in required {
        let (name, channel) = match notice {
            Notice::Group { group, channel, .. } => (group, channel.as_ref()),
            Notice::Address(address) => (address, None),
        };
        let is_it = |told: &&Live<decisions::Notice>| {
            told.what.channel == *name || Some(&told.what.channel) == channel
        };
        if let Some(told) = has.notices.iter().find(is_it) {
            last = last.max(Some(told.received_at));
            continue;
        }
        all = false;
        let text = format!(
            "{name} has not been told; post the plan there, then `commonhold notice PLAN --to {name} --seen-at URL`"
        );
        found.block("notice-missing", text);
    }
    if required.is_empty() {
        let proposed = has.proposals.iter().map(|one| one.received_at);
        let approved = has.approvals.iter().map(|one| one.received_at);
        last = proposed.chain(approved).min();
    }
    last.filter(|_| all)
}

/// When the period of lazy consensus ends, if it has begun.
fn lazy(
    lazy: &Lazy,
    opened: Option<Timestamp>,
    has: &Standing,
    evidence: &Evidence<'_>,
    found: &mut Findings,
) -> Option<Timestamp> {
    let needed = (lazy.support, lazy.employers);
    agreed(
        ("support-missing", "supporter"),
        needed,
        &lazy.groups,
        &lazy.people,
        has,
        evidence,
        found,
    );
    let Some(opened) = opened else {
        if found.blockers.is_empty() {
            found.block(
                "not-proposed",
                "nobody has proposed it yet, so its time has not begun",
            );
        }
        return None;
    };
    let (zone, calendar) = calendar(evidence);
    match clock::deadline(opened, lazy.period, &zone, &calendar) {
        Ok(closes) if clock::in_time(evidence.now, closes) => {
            found.waits = Some((
                closes,
                format!("lazy consensus of {} since {opened}", lazy.period),
            ));
            Some(closes)
        }
        Ok(closes) => {
            found.by.push(format!("nobody objected by {closes}"));
            Some(closes)
        }
        Err(error) => {
            found.block("no-deadline", error.to_string());
            None
        }
    }
}

fn consult(
    consult: &Consult,
    closes: Option<Timestamp>,
    has: &Standing,
    evidence: &Evidence<'_>,
    found: &mut Findings,
) {
    for asked in &consult.groups {
        let answered = has.acknowledgements.iter().find(|one| {
            one.what.group == asked.group
                && !is_author(one.by.as_str(), has, evidence)
                && asked
                    .people
                    .iter()
                    .any(|eligible| eligible.person == one.by.as_str())
        });
        match answered {
            Some(answer) => found
                .by
                .push(format!("{} answered for {}", answer.by, asked.group)),
            None if consult.silence == Silence::Blocks => {
                let text = format!(
                    "{} has not answered; one of its people says so with `commonhold approve PLAN --for {}`",
                    asked.group, asked.group
                );
                found.block("consultation-missing", text);
            }
            None if closes.is_some_and(|closes| !clock::in_time(evidence.now, closes)) => {
                found.by.push(format!("{} kept silent", asked.group));
            }
            None => {}
        }
    }
}

/// The clock of the charter.
pub(super) fn calendar(evidence: &Evidence<'_>) -> (TimeZone, Calendar) {
    let policy = &evidence.charter.decisions;
    let zone = policy
        .zone
        .as_ref()
        .and_then(|zone| TimeZone::get(&zone.to_string()).ok());
    let holidays = policy.holidays.iter().map(|holiday| Blackout {
        first: holiday.first,
        last: holiday.last,
        pause: Pause::Business,
    });
    let calendar = Calendar {
        holidays: BTreeSet::new(),
        blackouts: holidays.collect(),
    };
    (zone.unwrap_or(TimeZone::UTC), calendar)
}

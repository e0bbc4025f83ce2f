//! What one change requires against what it has.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Blocker, Digest, Evidence, Reach, Requirement, Risk, Standing, Verdict, requirement, standing,
};
use crate::plan::Planned;
use charter::requirement::{Consult, Eligible, Lazy, Notice, Review, Silence};
use decisions::clock::{self, Blackout, Calendar, Pause};
use decisions::{Live, PersonName, Reason};
use estate::Period;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What changes require and have; much of a plan requires the same.
pub(super) struct Requirements<'e> {
    evidence: &'e Evidence<'e>,
    known: BTreeMap<(Risk, Vec<String>, String), Requirement>,
    /// The events that name a change or hang on one that does; none for most changes of a large plan.
    any_events: bool,
}

impl<'e> Requirements<'e> {
    pub(super) fn new(evidence: &'e Evidence<'e>) -> Self {
        Self {
            evidence,
            known: BTreeMap::new(),
            any_events: !evidence.events.is_empty(),
        }
    }

    pub(super) fn standing(&self, change: &Digest) -> Standing {
        if self.any_events {
            standing(self.evidence.events, self.evidence.receipts, change)
        } else {
            Standing::default()
        }
    }

    pub(super) fn of(&mut self, risk: Risk, planned: &Planned) -> Requirement {
        let Evidence {
            estate,
            charter,
            now,
            ..
        } = self.evidence;
        let touches = format!("{:?}", planned.change.effect.touches);
        let key = (risk, planned.change.owners.clone(), touches);
        let compute = || {
            let effect = &planned.change.effect;
            let reach = Reach::of(&effect.touches, estate, &charter.risk.settings());
            let day = now.to_zoned(TimeZone::UTC).date();
            requirement(risk, &planned.change.owners, &reach, charter, estate, day)
        };
        self.known.entry(key).or_insert_with(compute).clone()
    }
}

/// A verdict, and when a review falls due if it was an emergency.
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

pub(super) fn rule(required: &Requirement, has: &Standing, evidence: &Evidence<'_>) -> Ruling {
    let mut found = Findings::default();
    for objection in &has.objections {
        let text = format!("{} objects: {}", objection.by, objection.what.reason);
        found.block("objection", text);
    }
    if found.blockers.is_empty()
        && let Some(ruling) = emergency(has, evidence)
    {
        return ruling;
    }
    for impossible in required.impossible_for(&evidence.authors) {
        found.block("impossible", impossible);
    }
    if let Some(review) = &required.review {
        self::review(review, has, evidence, &mut found);
    }
    let opened = notices(&required.notice, has, &mut found);
    let mut closes = None;
    if let Some(lazy) = &required.lazy {
        closes = self::lazy(lazy, opened, has, evidence, &mut found);
    }
    if let Some(consult) = &required.consult {
        self::consult(consult, closes, has, evidence, &mut found);
    }
    for unreceived in &has.unreceived {
        let text = format!(
            "the {} of {} is not in the ledger yet; `commonhold gate` where the ledger is writes it down",
            unreceived.act, unreceived.by
        );
        if !found.blockers.is_empty() {
            found.block("not-received", text);
        }
    }
    for refused in evidence.refused {
        // What cannot be read may be an objection; whose word counts for nothing is told where it is missed.
        if refused.reason != Reason::NotEligible || !found.blockers.is_empty() {
            found.block(
                refused.reason.code(),
                format!("{}: {}", refused.path, refused.what),
            );
        }
    }
    for gone in evidence.vanished {
        let text = format!("the event {gone} was received and is not in Git any more");
        found.block("vanished", text);
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

/// Whether enough people say that it cannot wait. The author may be one of them, but not all.
fn emergency(has: &Standing, evidence: &Evidence<'_>) -> Option<Ruling> {
    let first = has.emergencies.first()?;
    let rule = evidence.charter.decisions.emergency()?;
    let (zone, calendar) = calendar(evidence);
    let ends = |since, period| clock::deadline(since, period, &zone, &calendar).ok();
    let declared: BTreeSet<&PersonName> = has
        .emergencies
        .iter()
        .filter(|one| ends(one.received_at, rule.expires).is_some_and(|end| evidence.now < end))
        .map(|one| &one.by)
        .collect();
    let others = declared
        .iter()
        .filter(|person| !evidence.authors.contains(person.as_str()));
    let needed = usize::try_from(rule.approvers.get()).unwrap_or(usize::MAX);
    let employers = rule.employers.map_or(1, charter::Count::get);
    let enough = declared.len() >= needed
        && others.count() > 0
        && evidence.employers(declared.iter().map(|person| person.as_str())) >= employers as usize;
    if !enough {
        return None;
    }
    let review_due = ends(first.received_at, rule.review);
    let names: Vec<String> = declared.iter().map(ToString::to_string).collect();
    let due = review_due.map_or(String::new(), |due| {
        format!("; a review falls due at {due}")
    });
    let by = format!(
        "{} say that it cannot wait: {}{due}",
        names.join(" and "),
        first.what.reason
    );
    Some(Ruling {
        verdict: Verdict::Passed { by: vec![by] },
        review_due,
    })
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
        if evidence.authors.contains(name) {
            let text = format!(
                "{name} is an author of the change, whichever key signed the approval, so it does not count"
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
    let (code, noun) = what;
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
        found.blockers.extend(not);
    } else if distinct < employers as usize {
        let text = format!(
            "those who approved ({}) come from {}; people of {employers} are needed",
            names(&approved),
            base::counted(distinct, "employer", "employers")
        );
        found.block("employers", text);
    } else if needed > 0 {
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
        match has.notices.iter().find(is_it) {
            Some(told) => last = last.max(Some(told.received_at)),
            None => {
                all = false;
                let text = format!(
                    "{name} has not been told; post the plan there, then `commonhold approve PLAN --noticed {name}=URL`"
                );
                found.block("notice-missing", text);
            }
        }
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
            let Period { .. } = lazy.period;
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
                && !evidence.authors.contains(one.by.as_str())
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
fn calendar(evidence: &Evidence<'_>) -> (TimeZone, Calendar) {
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

impl Evidence<'_> {
    /// How many employers people come from.
    fn employers<'p>(&self, people: impl Iterator<Item = &'p str>) -> usize {
        let day = self.now.to_zoned(TimeZone::UTC).date();
        let employers = charter::Employers::of(self.charter);
        let people = people.filter_map(|name| self.estate.tables.people.get(name));
        let affiliations: Vec<_> = people
            .map(|person| employers.employer_of(&person.value, day))
            .collect();
        charter::Affiliation::distinct(affiliations.iter())
    }
}

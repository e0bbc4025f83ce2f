//! What one change requires against what it has.

mod emergency;

use std::collections::BTreeSet;

use charter::requirement::{Consult, Eligible, Lazy, Notice, Requirement, Review, Silence};
use charter::{Affiliation, Charter, Employers};
use estate::Estate;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::clock;
use crate::item::Clock;
use crate::refusal::{Reason, Refused};
use crate::standing::{self, Live, Standing, Unreceived};
use emergency::{Declared, declared};

/// Before whom what a change has is weighed.
#[derive(Debug, Clone)]
pub struct Hearing<'e> {
    /// The estate at the base: whose keys count and whose word.
    pub estate: &'e Estate,
    /// The charter at the base: no change is judged by its own rules.
    pub charter: &'e Charter,
    /// The authors and co-authors of the commits since the base, by their names in that estate.
    pub authors: BTreeSet<String>,
    /// Authors whom that estate does not know.
    pub strangers: Vec<String>,
    /// What people did that does not count, and why.
    pub refused: &'e [Refused],
    /// The plan undoes what was applied: somebody has to propose that, and is its author.
    pub undoes: bool,
    /// The time to judge at.
    pub now: Timestamp,
}

impl Hearing<'_> {
    /// How many employers people come from.
    fn employers<'p>(&self, people: impl Iterator<Item = &'p str>) -> usize {
        let day = self.now.to_zoned(TimeZone::UTC).date();
        let employers = Employers::of(self.charter);
        let people = people.filter_map(|name| self.estate.tables.people.get(name));
        let affiliations: Vec<_> = people
            .map(|person| employers.employer_of(&person.value, day))
            .collect();
        Affiliation::distinct(affiliations.iter())
    }
}

/// How a change stands at the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// It has what it requires.
    Passed {
        /// How.
        by: Vec<String>,
    },
    /// Nothing is missing but time.
    Waiting {
        /// Until when.
        until: Timestamp,
        /// For what.
        for_: String,
    },
    /// Something is missing, or somebody objects.
    Blocked {
        /// What, each with its code.
        because: Vec<Blocker>,
    },
}

/// What keeps a gate shut.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Blocker {
    /// A stable word for it.
    pub code: &'static str,
    /// What is the matter, as a sentence without a full stop.
    pub text: String,
}

impl Blocker {
    /// With its code and its text.
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

impl Verdict {
    /// The same with one more way in which it passed, if it did.
    pub fn passed(mut self, how: String) -> Self {
        if let Self::Passed { by } = &mut self {
            by.push(how);
        }
        self
    }

    /// The same with more in its way.
    pub fn blocked(self, more: Vec<Blocker>) -> Self {
        if more.is_empty() {
            return self;
        }
        let because = match self {
            Self::Blocked { because } => because.into_iter().chain(more).collect(),
            Self::Passed { .. } | Self::Waiting { .. } => more,
        };
        Self::Blocked { because }
    }
}

/// A verdict, and when a review falls due if it was an emergency.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// When a review falls due, if it passed because it could not wait.
    pub review_due: Option<Timestamp>,
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
pub fn rule(required: &Requirement, has: &Standing, hearing: &Hearing<'_>) -> Ruling {
    let mut found = Findings::default();
    objections(has, hearing, &mut found);
    let declared = declared(required, has, hearing);
    if let (true, Declared::Passes(ruling)) = (found.blockers.is_empty(), &declared) {
        return ruling.clone();
    }
    for impossible in required.impossible_for(&hearing.authors) {
        found.block("impossible", impossible);
    }
    if let Some(review) = &required.review {
        self::review(review, has, hearing, &mut found);
    }
    if hearing.undoes && has.proposals.is_empty() {
        found.block(
            "not-proposed",
            "nobody has proposed to undo it; `commonhold propose PLAN` does",
        );
    }
    let opened = notices(&required.notice, has, hearing, &mut found);
    let mut closes = None;
    if let Some(lazy) = &required.lazy {
        closes = self::lazy(lazy, opened, has, hearing, &mut found);
    }
    if let Some(consult) = &required.consult {
        self::consult(consult, closes, has, hearing, &mut found);
    }
    if !found.blockers.is_empty() {
        if let Declared::Short(short) = declared {
            found.blockers.push(short);
        }
        explanations(has, hearing, &mut found);
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
fn objections(has: &Standing, hearing: &Hearing<'_>, found: &mut Findings) {
    for objection in &has.objections {
        let text = format!("{} objects: {}", objection.by, objection.what.reason);
        found.block("objection", text);
    }
    for unreceived in has.unreceived.iter().filter(|one| is_strict(one.act)) {
        found.blockers.push(not_received(unreceived));
    }
    let unread = hearing.refused.iter();
    for refused in unread.filter(|refused| !is_of_nobody(refused)) {
        found.blockers.push(refusal(refused));
    }
}

/// What was done and does not count, told where something is missing.
fn explanations(has: &Standing, hearing: &Hearing<'_>, found: &mut Findings) {
    for unreceived in has.unreceived.iter().filter(|one| !is_strict(one.act)) {
        found.blockers.push(not_received(unreceived));
    }
    let of_nobody = hearing
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

fn not_received(unreceived: &Unreceived) -> Blocker {
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
    hearing: &Hearing<'_>,
) -> (Vec<&'p Eligible>, Vec<Blocker>) {
    let mut counted = Vec::new();
    let mut not = Vec::new();
    for approval in &has.approvals {
        let name = approval.by.as_str();
        if is_author(name, has, hearing) {
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
    hearing: &Hearing<'_>,
    found: &mut Findings,
) {
    if needed == 0 {
        return;
    }
    let (code, noun) = what;
    // An author whom nobody knows may be the very person who approves.
    let strangers = u32::try_from(hearing.strangers.len()).unwrap_or(u32::MAX);
    let needed = needed.saturating_add(strangers);
    let (approved, not) = counted(people, has, hearing);
    let distinct = Affiliation::distinct(approved.iter().map(|one| &one.employer));
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
                hearing.strangers.join(", ")
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

fn review(review: &Review, has: &Standing, hearing: &Hearing<'_>, found: &mut Findings) {
    let needed = (review.count, review.employers);
    agreed(
        ("approval-missing", "approval"),
        needed,
        &review.groups,
        &review.people,
        has,
        hearing,
        found,
    );
}

/// When all who must be told were told; none while some were not.
fn notices(
    required: &[Notice],
    has: &Standing,
    hearing: &Hearing<'_>,
    found: &mut Findings,
) -> Option<Timestamp> {
    let mut last = None;
    let mut all = true;
    for notice in required {
        let (name, channel) = match notice {
            Notice::Group { group, channel, .. } => (group, channel.as_ref()),
            Notice::Address(address) => (address, None),
        };
        let is_it = |told: &&Live<standing::Notice>| {
            told.what.channel == *name || Some(&told.what.channel) == channel
        };
        // Whose change it is does not say alone that others know of it.
        let by_another =
            |told: &&Live<standing::Notice>| !is_author(told.by.as_str(), has, hearing);
        let mut told = has.notices.iter().filter(is_it);
        let by_author = told.clone().next().is_some();
        if let Some(told) = told.find(by_another) {
            last = last.max(Some(told.received_at));
            continue;
        }
        all = false;
        let text = if by_author {
            format!(
                "only an author says that {name} has been told; somebody else has to, with `commonhold notice`"
            )
        } else {
            format!(
                "{name} has not been told; post the plan there, then somebody who is no author of it writes `commonhold notice PLAN --to {name} --seen-at URL`"
            )
        };
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
    hearing: &Hearing<'_>,
    found: &mut Findings,
) -> Option<Timestamp> {
    let needed = (lazy.support, lazy.employers);
    agreed(
        ("support-missing", "supporter"),
        needed,
        &lazy.groups,
        &lazy.people,
        has,
        hearing,
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
    let clock = Clock::of(&hearing.charter.decisions);
    match clock.deadline(opened, lazy.period) {
        Ok(closes) if clock::in_time(hearing.now, closes) => {
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
    hearing: &Hearing<'_>,
    found: &mut Findings,
) {
    for asked in &consult.groups {
        let answered = has.acknowledgements.iter().find(|one| {
            one.what.group == asked.group
                && !is_author(one.by.as_str(), has, hearing)
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
            None if closes.is_some_and(|closes| !clock::in_time(hearing.now, closes)) => {
                found.by.push(format!("{} kept silent", asked.group));
            }
            None => {}
        }
    }
}

/// Whether somebody wrote a change or proposed it.
pub fn is_author(person: &str, standing: &Standing, hearing: &Hearing<'_>) -> bool {
    let mut proposals = standing.proposals.iter();
    hearing.authors.contains(person) || proposals.any(|one| one.by.as_str() == person)
}

/// Everybody whose agreement a requirement speaks of.
pub fn eligible(requirement: &Requirement) -> impl Iterator<Item = &Eligible> {
    let review = requirement.review.iter().map(|review| &review.people);
    let lazy = requirement.lazy.iter().map(|lazy| &lazy.people);
    let consult = requirement.consult.iter().flat_map(|asked| &asked.groups);
    let consulted = consult.map(|group| &group.people);
    review.chain(lazy).chain(consulted).flatten()
}

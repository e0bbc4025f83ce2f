//! What a change of some risk requires before it may be applied.
//!
//! The charter's section `decisions` says it in words such as `owners`;
//! [`requirement`] makes of that the people and addresses of one change on one
//! day. What nobody can give is said, never waived.

mod calendars;
mod check;
mod explain;
mod holidays;
mod party;
mod policy;
mod roster;

pub(crate) use check::{check, look, told};
pub use holidays::Holiday;
pub use party::{Address, DevelopmentList, Parties, Party, Recipient, Recipients};
pub use policy::{
    ChangeProcedure, ConsultRule, DecisionPolicy, EmergencyRule, LazyRule, NoticeRule, ReviewRule,
    Silence, Written,
};

use std::collections::BTreeSet;

use estate::{Estate, Period};
use jiff::civil::Date;
use serde::Serialize;

use crate::risk::{Reach, Risk};
use crate::{Affiliation, Charter, Count};
pub(crate) use roster::Roster;

/// What one change requires: all that is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The risk that requires it.
    pub risk: Risk,
    /// Approvals.
    pub review: Option<Review>,
    /// The groups that are asked.
    pub consult: Option<Consult>,
    /// Who is told.
    pub notice: Vec<Notice>,
    /// Agreement by silence.
    pub lazy: Option<Lazy>,
    /// Why it can never be met, each a short sentence without a full stop. While
    /// anything stands here the gate stays shut.
    pub impossible: Vec<String>,
}

/// Approvals by people who are not among the authors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// How many distinct people must approve.
    pub count: u32,
    /// How many employers they must come from.
    pub employers: u32,
    /// The groups whose people count.
    pub groups: Vec<String>,
    /// Those people, the authors among them, by name.
    pub people: Vec<Eligible>,
}

/// Somebody whose word counts, unless the change is theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligible {
    /// The person's name in the estate.
    pub person: String,
    /// For whom the person works.
    pub employer: Affiliation,
}

/// Agreement by silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lazy {
    /// How long objections may be made, from the moment when all have been told.
    pub period: Period,
    /// How many distinct people must support it.
    pub support: u32,
    /// How many employers they must come from.
    pub employers: u32,
    /// The groups whose people count.
    pub groups: Vec<String>,
    /// Those people, the authors among them, by name.
    pub people: Vec<Eligible>,
}

/// Groups that are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consult {
    /// The groups.
    pub groups: Vec<Consulted>,
    /// What silence means.
    pub silence: Silence,
}

/// A group that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consulted {
    /// Its name.
    pub group: String,
    /// Who may answer for it, the authors among them, by name.
    pub people: Vec<Eligible>,
}

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A group, through its list or chat; through its leads where it has neither.
    Group {
        /// Its name.
        group: String,
        /// Its mailing list or chat, as written in the estate.
        channel: Option<String>,
        /// Those who lead it.
        leads: Vec<String>,
    },
    /// A mail address, or a page on the web.
    Address(String),
}

/// What a change requires on a day.
///
/// `owners` are the groups that own what is changed, by name; `reach` names the
/// groups behind it. Robots, people who have left, and roles that are over or
/// belong to retired groups do not count.
pub fn requirement(
    risk: Risk,
    owners: &[String],
    reach: &Reach,
    charter: &Charter,
    estate: &Estate,
    day: Date,
) -> Requirement {
    let Some(procedure) = charter.decisions.procedure(risk) else {
        let reason = format!("what the charter requires at {risk} risk cannot be read");
        return Requirement::never(risk, reason);
    };
    let mut roster = Roster::new(owners, reach, charter, estate, day);
    let review = procedure.review.as_ref().map(|rule| {
        let groups = roster.groups(&rule.by);
        let people = roster.people(&groups);
        Review {
            count: rule.count.get(),
            employers: rule.employers.map_or(1, Count::get),
            groups,
            people,
        }
    });
    let consult = procedure.consult.as_ref().map(|rule| Consult {
        groups: roster.consulted(&rule.groups),
        silence: rule.silence,
    });
    let notice = roster.notices(procedure.notice.as_ref(), procedure.lazy.is_some());
    let lazy = procedure.lazy.as_ref().map(|rule| {
        let groups = match &rule.by {
            Some(by) => roster.groups(by),
            None => roster.concerned(),
        };
        let people = roster.people(&groups);
        Lazy {
            period: rule.period,
            support: rule.support,
            employers: rule.employers.map_or(1, Count::get),
            groups,
            people,
        }
    });
    if review.is_none() && lazy.is_none() {
        // The charter's findings say so too, but a gate must not stand open for it.
        roster.impossible(format!(
            "the charter lets nobody agree to a change of {risk} risk"
        ));
    }
    let mut requirement = Requirement {
        risk,
        review,
        consult,
        notice,
        lazy,
        impossible: roster.into_impossible(),
    };
    let short = requirement.impossible_for(&BTreeSet::new());
    requirement.impossible = short;
    requirement
}

impl Requirement {
    /// One that cannot be met.
    fn never(risk: Risk, reason: String) -> Self {
        Self {
            risk,
            review: None,
            consult: None,
            notice: Vec::new(),
            lazy: None,
            impossible: vec![reason],
        }
    }

    /// Why it can never be met when these people, the authors and co-authors, do
    /// not count: all of [`impossible`](Self::impossible), and each group or
    /// procedure that is left with too few. Empty where it can be met.
    pub fn impossible_for(&self, authors: &BTreeSet<String>) -> Vec<String> {
        let mut reasons = self.impossible.clone();
        let mut say = |reason: String| {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        if let Some(review) = &self.review {
            let needed = (review.count, review.employers);
            let found = shortfall("approve", needed, &review.groups, &review.people, authors);
            found.into_iter().for_each(&mut say);
        }
        if let Some(lazy) = self.lazy.as_ref().filter(|lazy| lazy.support > 0) {
            let needed = (lazy.support, lazy.employers);
            let found = shortfall("support it", needed, &lazy.groups, &lazy.people, authors);
            found.into_iter().for_each(&mut say);
        }
        let blocking = self.consult.as_ref();
        let blocking = blocking.filter(|consult| consult.silence == Silence::Blocks);
        for group in blocking.iter().flat_map(|consult| &consult.groups) {
            if others(&group.people, authors).next().is_none() {
                say(format!("nobody can answer for {}", group.group));
            }
        }
        reasons
    }
}

/// The eligible people who are not authors.
fn others<'p>(
    people: &'p [Eligible],
    authors: &BTreeSet<String>,
) -> impl Iterator<Item = &'p Eligible> {
    people
        .iter()
        .filter(|eligible| !authors.contains(&eligible.person))
}

/// What is missing for so many people of so many employers to do something.
fn shortfall(
    act: &str,
    (people, employers): (u32, u32),
    groups: &[String],
    eligible: &[Eligible],
    authors: &BTreeSet<String>,
) -> Option<String> {
    let others: Vec<&Eligible> = others(eligible, authors).collect();
    let (people, employers) = (people as usize, employers as usize);
    if groups.is_empty() {
        return Some(format!(
            "nobody may {act}: no group is named that owns it or answers for it"
        ));
    }
    let names = groups.join(", ");
    if others.len() < people {
        let there = match others.len() {
            0 => "nobody can".to_owned(),
            few => format!("only {few} can"),
        };
        let people = base::counted(people, "person", "people");
        return Some(format!("{people} of {names} must {act}, and {there}"));
    }
    let there = Affiliation::distinct(others.iter().map(|eligible| &eligible.employer));
    (there < employers).then(|| {
        let there = base::counted(there, "employer", "employers");
        format!(
            "people of {employers} employers must {act}, and those of {names} come from {there}"
        )
    })
}

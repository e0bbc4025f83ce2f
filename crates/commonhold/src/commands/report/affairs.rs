//! What comes due: elections, commitments, policies.

use estate::Item;
use estate::kinds::{Group, Selection};
use jiff::civil::{Date, date};
use serde::Serialize;

use super::states::Period;

/// Seats that are elected.
#[derive(Debug, Serialize)]
pub(crate) struct Elections {
    /// How seats are filled; none where nothing is said of seats.
    pub(crate) selection: Option<&'static str>,
    /// How many seats there are, if it is said.
    pub(crate) seats: Option<u32>,
    /// How many of these nobody holds on the last day.
    pub(crate) vacant: usize,
    /// Terms that are over by the end of the next year, the first first.
    pub(crate) due: Vec<Due>,
}

/// A term that ends.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Due {
    pub(crate) person: String,
    pub(crate) role: String,
    /// The first day after the term.
    pub(crate) over: Date,
    /// Whether that day had come by the last day of the report.
    pub(crate) overdue: bool,
}

impl Elections {
    pub(super) fn of(group: &Item<Group>, period: Period) -> Self {
        let Some(seats) = &group.value.seats else {
            return Self {
                selection: None,
                seats: None,
                vacant: 0,
                due: Vec::new(),
            };
        };
        let sits = group.value.seated().filter(|lead| {
            lead.since.is_none_or(|since| since <= period.last)
                && lead.until.is_none_or(|until| until >= period.last)
        });
        let sits: Vec<_> = sits.collect();
        let horizon = date(period.first.year() + 1, 12, 31);
        let due = sits.iter().filter_map(|lead| {
            let over = seats.over(lead).filter(|over| *over <= horizon)?;
            Some(Due {
                person: lead.person.name.clone(),
                role: lead.role.value.clone(),
                over,
                overdue: over <= period.last,
            })
        });
        let mut due: Vec<Due> = match seats.selection {
            Selection::Election => due.collect(),
            Selection::Appointment | Selection::Merit => Vec::new(),
        };
        due.sort_by(|one, other| (one.over, &one.person).cmp(&(other.over, &other.person)));
        let count = seats.count.as_ref().map(|count| count.value);
        let places = count.map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let mut held: Vec<String> = sits
            .iter()
            .map(|lead| lead.person.name.to_lowercase())
            .collect();
        held.sort();
        held.dedup();
        Self {
            selection: Some(seats.selection.word()),
            seats: count,
            vacant: places.saturating_sub(held.len()),
            due,
        }
    }
}

/// People that employers have promised.
#[derive(Debug, Serialize)]
pub(crate) struct Commitments {
    /// Beyond the last day.
    pub(crate) open: Vec<Commitment>,
    /// Ended in the year.
    pub(crate) ended: Vec<Commitment>,
}

/// A promise of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Commitment {
    pub(crate) employer: String,
    pub(crate) people: u32,
    pub(crate) until: Date,
}

impl Commitments {
    pub(super) fn of(group: &Item<Group>, period: Period) -> Self {
        let all = group.value.commitments.iter().map(|one| Commitment {
            employer: one.employer.value.clone(),
            people: one.people,
            until: one.until.value,
        });
        let (open, over): (Vec<_>, Vec<_>) = all.partition(|one| one.until > period.last);
        let ended = over.into_iter().filter(|one| period.has(one.until));
        Self {
            ended: ended.collect(),
            open,
        }
    }
}

/// A policy that the group looks at again, by the end of the next year.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Review {
    pub(crate) title: String,
    pub(crate) by: Date,
    pub(crate) overdue: bool,
}

impl Review {
    pub(super) fn all(group: &Item<Group>, period: Period) -> Vec<Self> {
        let horizon = date(period.first.year() + 1, 12, 31);
        let due = group.value.policies.iter();
        let due = due.filter(|policy| policy.review.value <= horizon);
        due.map(|policy| Self {
            title: policy.title.value.clone(),
            by: policy.review.value,
            overdue: policy.review.value <= period.last,
        })
        .collect()
    }
}

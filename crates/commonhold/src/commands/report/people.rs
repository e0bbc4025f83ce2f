//! Who led a group, for whom they work, and who else is there.

use std::collections::{BTreeMap, BTreeSet};

use charter::{Affiliation, Employers};
use estate::kinds::{Group, Lead, Person};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;
use serde::Serialize;

use super::states::{End, Known, Period};

/// Who led.
#[derive(Debug, Serialize)]
pub(crate) struct Leads {
    /// On the last day, in the order of the estate.
    pub(crate) in_office: Vec<LeadRow>,
    /// Those who were in office on the eve or later, and not on the last day.
    pub(crate) left: Vec<LeadRow>,
    /// How many entries are kept in honour only.
    pub(crate) emeriti: usize,
    /// Whether changes are known that no date tells.
    pub(crate) undated: Known<()>,
}

/// Somebody in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LeadRow {
    pub(crate) person: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) employer: Option<String>,
    pub(crate) since: Option<Date>,
    pub(crate) until: Option<Date>,
    pub(crate) change: Change,
}

/// What the year changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// In office before the year and at its end.
    Stayed,
    /// Came to office.
    Came,
    /// Left it.
    Left,
    /// In office at the end; nobody can tell since when.
    Unknown,
}

impl Leads {
    pub(super) fn of(
        estate: &Estate,
        group: &Item<Group>,
        was: Known<Option<&Item<Group>>>,
        period: Period,
    ) -> Self {
        let now = &group.value;
        let row = |lead: &Lead, change| LeadRow::of(estate, lead, change, period.last);
        let earlier: Vec<&Lead> = match &was {
            Known::Is(Some(was)) => was.value.leads_on(period.eve()).collect(),
            _ => Vec::new(),
        };
        let undated = was.map(|_| ());
        let change = |lead: &Lead| match lead.since {
            Some(since) if period.has(since) => Change::Came,
            Some(_) => Change::Stayed,
            None if undated != Known::Is(()) => Change::Unknown,
            None if earlier.iter().any(|other| same(other, lead)) => Change::Stayed,
            None => Change::Came,
        };
        let here = now.leads_on(period.last);
        let in_office: Vec<LeadRow> = here.map(|lead| row(lead, change(lead))).collect();
        let dated = now.leads.iter().filter(|lead| {
            let until = lead.until;
            !lead.emeritus
                && until.is_some_and(|until| period.eve() <= until && until < period.last)
        });
        // Whose time is written down as over before the year did not leave in it.
        let over = |lead: &Lead| {
            let entries = now.leads.iter().filter(|entry| same(entry, lead));
            let mut ends = entries.filter_map(|entry| entry.until);
            ends.any(|until| until < period.eve())
        };
        let gone = earlier.iter().copied().filter(|lead| !over(lead));
        let mut left: Vec<LeadRow> = Vec::new();
        for lead in dated.chain(gone) {
            let row = row(lead, Change::Left);
            let same = |other: &LeadRow| {
                other.person == row.person && other.role.eq_ignore_ascii_case(&row.role)
            };
            if !in_office.iter().chain(&left).any(same) {
                left.push(row);
            }
        }
        Self {
            in_office,
            left,
            emeriti: now.leads.iter().filter(|lead| lead.emeritus).count(),
            undated,
        }
    }

    pub(crate) fn came(&self) -> usize {
        let came = self.in_office.iter();
        came.filter(|row| row.change == Change::Came).count()
    }
}

fn same(one: &Lead, other: &Lead) -> bool {
    one.person.same(&other.person) && one.role.eq_ignore_ascii_case(&other.role)
}

impl LeadRow {
    fn of(estate: &Estate, lead: &Lead, change: Change, day: Date) -> Self {
        let person = estate.find(&lead.person);
        let employer = person.and_then(|person| person.value.employer_on(day));
        Self {
            person: person
                .map_or(&lead.person.name, |person| &person.name)
                .clone(),
            name: person
                .map_or(lead.person.name.as_str(), Item::title)
                .to_owned(),
            role: lead.role.value.clone(),
            employer: employer.map(|company| company.value.clone()),
            since: lead.since,
            until: lead.until,
            change,
        }
    }
}

/// For whom the leads work, each person once.
#[derive(Debug, Serialize)]
pub(crate) struct Shares {
    pub(crate) leads: usize,
    /// By the name that is shown, the most first.
    pub(crate) employers: Vec<(String, usize)>,
    pub(crate) independent: usize,
    pub(crate) unknown: usize,
}

impl Shares {
    pub(super) fn of(end: &End, group: &Item<Group>, employers: &Employers, day: Date) -> Self {
        let leads = group.value.leads_on(day).map(|lead| &lead.person);
        let people = humans(&end.estate, leads, day);
        let mut of: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let (mut independent, mut unknown) = (0, 0);
        for person in &people {
            let counted_as = match employers.employer_of(&person.value, day) {
                Affiliation::Independent => {
                    independent += 1;
                    continue;
                }
                Affiliation::Unknown => {
                    unknown += 1;
                    continue;
                }
                Affiliation::Company(name) => name,
            };
            let declared = end.charter.employers.iter();
            let declared = declared
                .map(|known| &known.name)
                .find(|name| **name == counted_as);
            let spelled = person.value.employer_on(day).map(|company| &company.value);
            let shown = declared.or(spelled).unwrap_or(&counted_as).clone();
            of.entry(counted_as).or_insert((shown, 0)).1 += 1;
        }
        let mut employers: Vec<(String, usize)> = of.into_values().collect();
        employers.sort_by(|(one, many), (other, more)| more.cmp(many).then(one.cmp(other)));
        Self {
            leads: people.len(),
            employers,
            independent,
            unknown,
        }
    }
}

/// How many are listed, each person once; without robots and those who left.
#[derive(Debug, Serialize)]
pub(crate) struct People {
    pub(crate) members: usize,
    pub(crate) leads_of_parts: usize,
    pub(crate) staff: usize,
    /// All of these and the leads.
    pub(crate) all: usize,
}

impl People {
    pub(super) fn of(estate: &Estate, group: &Item<Group>, day: Date) -> Self {
        let value = &group.value;
        let services = super::services::owned(estate, group);
        let count = |of: &[&Ref<Person>]| humans(estate, of.iter().copied(), day).len();
        let members: Vec<&Ref<Person>> = value.members.iter().collect();
        let parts: Vec<&Ref<Person>> = value
            .subprojects
            .iter()
            .flat_map(|part| &part.leads)
            .collect();
        let staff: Vec<&Ref<Person>> = services.iter().flat_map(|one| &one.value.staff).collect();
        let leads: Vec<&Ref<Person>> = value.leads_on(day).map(|lead| &lead.person).collect();
        let all = [&*members, &*parts, &*staff, &*leads].concat();
        Self {
            members: count(&members),
            leads_of_parts: count(&parts),
            staff: count(&staff),
            all: count(&all),
        }
    }
}

/// The distinct humans behind references, without those who left.
pub(super) fn humans<'e, 'r>(
    estate: &'e Estate,
    references: impl IntoIterator<Item = &'r Ref<Person>>,
    day: Date,
) -> Vec<&'e Item<Person>> {
    let mut seen = BTreeSet::new();
    let found = references
        .into_iter()
        .filter_map(|reference| estate.find(reference));
    let human = found.filter(|person| !person.value.robot && !person.value.has_left(day));
    human
        .filter(|person| seen.insert(person.name.as_str()))
        .collect()
}

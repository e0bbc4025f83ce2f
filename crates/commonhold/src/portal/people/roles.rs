//! What people are and were in groups.

use std::collections::HashMap;

use base::Span;
use estate::kinds::{Group, Standing};
use estate::{Estate, Item};
use jiff::civil::Date;

use crate::project::Checked;

/// A role of a person in a group.
#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) group: String,
    /// In the group's words.
    pub(crate) called: String,
    pub(crate) since: Option<Date>,
    /// The last day, as it is written or follows from the length of a term.
    pub(crate) until: Option<Date>,
    pub(crate) when: When,
    /// Whether a seat comes with it.
    pub(crate) seat: bool,
    pub(crate) span: Span,
}

/// When a role is held, seen from the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum When {
    /// Now.
    Now,
    /// From a day to come on.
    Ahead,
    /// No more.
    Past,
    /// It is over and kept in honour.
    Honour,
}

/// The roles of everybody, by their name; those held now first, each by group.
pub(crate) fn roles(checked: &Checked, day: Date) -> HashMap<String, Vec<Role>> {
    let estate = &checked.estate;
    let mut all: HashMap<String, Vec<Role>> = HashMap::new();
    for group in estate.tables.groups.items() {
        for (person, role) in of_group(estate, group, day) {
            all.entry(person).or_default().push(role);
        }
    }
    for roles in all.values_mut() {
        roles.sort_by(|a, b| {
            let order = |role: &Role| (role.when, role.group.clone(), role.called.clone());
            order(a).cmp(&order(b)).then(b.since.cmp(&a.since))
        });
    }
    all
}

fn of_group<'e>(
    estate: &'e Estate,
    group: &'e Item<Group>,
    day: Date,
) -> impl Iterator<Item = (String, Role)> + 'e {
    let value = &group.value;
    let works = value.standing == Standing::Active;
    let led = value.leads.iter().map(move |lead| {
        let seats = value
            .seats
            .as_ref()
            .filter(|seats| seats.are_for(&lead.role));
        let over = seats.and_then(|seats| seats.over(lead));
        let until = lead
            .until
            .or_else(|| over.and_then(|over| over.yesterday().ok()));
        let begun = lead.since.is_none_or(|since| since <= day);
        // A term that is over by its length goes on until somebody follows; only a day that is
        // written ends it.
        let ended = lead.until.is_some_and(|until| until < day) || !works;
        let role = Role {
            group: group.name.clone(),
            called: lead.role.value.clone(),
            since: lead.since,
            until,
            when: match (lead.emeritus, ended, begun) {
                (true, ..) => When::Honour,
                (_, true, _) => When::Past,
                (.., true) => When::Now,
                (.., false) => When::Ahead,
            },
            seat: seats.is_some(),
            span: lead.person.span,
        };
        (&lead.person, role)
    });
    let others = value.holders_on(day).filter(|holder| !holder.leads);
    let others = others.map(move |holder| {
        let role = Role {
            group: group.name.clone(),
            called: holder.role.to_owned(),
            since: None,
            until: None,
            when: When::Now,
            seat: false,
            span: holder.person.span,
        };
        (holder.person, role)
    });
    led.chain(others).filter_map(move |(person, role)| {
        let person = estate.find(person)?;
        Some((person.name.clone(), role))
    })
}

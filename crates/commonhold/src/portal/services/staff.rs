//! Who keeps a service running, and for whom they work.

use std::collections::BTreeMap;

use estate::Item;
use estate::kinds::{Person, Service};

use crate::portal::people;
use crate::portal::shown::Known;

/// The distinct people of a body, without robots and those who left.
pub(crate) struct Staff<'k> {
    pub(crate) people: Vec<&'k Item<Person>>,
    /// How many work for each employer that is known; everybody who is independent is one of their own.
    pub(crate) employers: BTreeMap<String, usize>,
}

impl<'k> Staff<'k> {
    /// The staff of a service.
    pub(crate) fn of(known: &'k Known, service: &Item<Service>) -> Self {
        let estate = &known.checked.estate;
        let named = service.value.staff.iter();
        Self::among(known, named.filter_map(|one| estate.find(one)))
    }

    /// Those of some people who count.
    pub(crate) fn among(known: &'k Known, named: impl Iterator<Item = &'k Item<Person>>) -> Self {
        let mut staff = Self {
            people: Vec::new(),
            employers: BTreeMap::new(),
        };
        for person in named {
            let counts = !person.value.robot && !person.value.has_left(known.day);
            if !counts || staff.people.iter().any(|other| other.name == person.name) {
                continue;
            }
            staff.people.push(person);
            if let Some(employer) = people::employer(known, &person.value, known.day) {
                *staff.employers.entry(employer).or_default() += 1;
            }
        }
        staff
    }

    /// The employer of most of them; nobody who is independent counts as one with another.
    pub(crate) fn largest(&self) -> Option<(&str, usize)> {
        let companies = self.employers.iter();
        let companies = companies.filter(|(name, _)| *name != people::INDEPENDENT);
        let largest = companies.max_by_key(|(name, count)| (**count, std::cmp::Reverse(*name)));
        largest.map(|(name, count)| (name.as_str(), *count))
    }

    /// For whom they work, in a sentence.
    pub(crate) fn said(&self) -> String {
        let all = self.people.len();
        let unknown = all - self.employers.values().sum::<usize>();
        let many = portal::model::counted(all, "person", "people");
        let mut said = match self.largest() {
            Some((name, count)) if count > 1 => {
                format!("{many}; {count} of them work for {name}")
            }
            _ => many,
        };
        if unknown > 0 {
            said += &format!("; for whom {unknown} work is not known");
        }
        said + "."
    }
}

//! Whose a meeting is.

use jiff::civil::Date;

use super::{Held, Timetable, Vague};
use crate::draft::Estate;
use crate::kinds::{Group, Person, Subproject};
use crate::reference::Ref;
use crate::table::Item;

/// Whose meetings are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Everybody's.
    All,
    /// Those of a group and its parts.
    Group(&'a Item<Group>),
    /// Those of a person on a day: of the groups that they lead or belong to, and of the parts
    /// that they lead.
    Person(&'a Estate, &'a Item<Person>, Date),
}

impl Whose<'_> {
    /// Whether a meeting of a group, or of a part of it, is among them.
    pub fn has(&self, group: &Item<Group>, part: Option<&Subproject>) -> bool {
        match self {
            Self::All => true,
            Self::Group(asked) => asked.name == group.name,
            Self::Person(estate, person, day) => {
                let is = |named: &Ref<Person>| {
                    let found = estate.find(named);
                    found.is_some_and(|found| found.name == person.name)
                };
                let leads = group.value.leads_on(*day).map(|lead| &lead.person);
                let of_part = part.iter().flat_map(|part| &part.leads);
                leads.chain(&group.value.members).chain(of_part).any(is)
            }
        }
    }
}

impl<'e> Timetable<'e> {
    /// The meetings of which it is known when they are held.
    pub fn held_of<'t>(&'t self, whose: Whose<'t>) -> impl Iterator<Item = &'t Held<'e>> {
        let among = move |held: &&Held<'e>| whose.has(held.group, held.part);
        self.held.iter().filter(among)
    }

    /// The others.
    pub fn vague_of<'t>(&'t self, whose: Whose<'t>) -> impl Iterator<Item = &'t Vague<'e>> {
        let among = move |vague: &&Vague<'e>| whose.has(vague.group, vague.part);
        self.vague.iter().filter(among)
    }
}

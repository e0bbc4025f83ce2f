//! The groups, people and addresses that a procedure's words stand for.

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::{Group, Person, Standing};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;

use super::party::{Parties, Party, Recipient};
use super::policy::NoticeRule;
use super::{Consulted, Eligible, Notice};
use crate::risk::Reach;
use crate::{Charter, Employers};

/// What words stand for in one change on one day, and what could not be found.
pub(crate) struct Roster<'e> {
    estate: &'e Estate,
    charter: &'e Charter,
    employers: Employers,
    day: Date,
    owners: Vec<String>,
    affected: Vec<String>,
    impossible: Vec<String>,
}

impl<'e> Roster<'e> {
    pub(crate) fn new(
        owners: &[String],
        reach: &Reach,
        charter: &'e Charter,
        estate: &'e Estate,
        day: Date,
    ) -> Self {
        let affected = reach.groups.iter().map(|group| group.name.clone());
        Self {
            estate,
            charter,
            employers: Employers::of(charter),
            day,
            owners: owners.to_vec(),
            affected: affected.collect(),
            impossible: Vec::new(),
        }
    }

    pub(crate) fn impossible(&mut self, reason: String) {
        if !self.impossible.contains(&reason) {
            self.impossible.push(reason);
        }
    }

    pub(crate) fn into_impossible(self) -> Vec<String> {
        self.impossible
    }

    /// The names of the groups that a word stands for, as the estate writes them.
    fn named(&self, party: &Party) -> Vec<String> {
        let one = |group: &Option<Ref<Group>>| group.iter().map(|g| g.name.clone()).collect();
        let names: Vec<String> = match party {
            Party::Owners => self.owners.clone(),
            Party::Affected => self.affected.clone(),
            Party::Infrastructure => one(&self.charter.infrastructure),
            Party::ContributorExperience => one(&self.charter.contributor_experience),
            Party::Group(group) => vec![group.name.clone()],
        };
        let own = |name: String| {
            self.group(&name)
                .map(|group| group.name.clone())
                .unwrap_or(name)
        };
        names.into_iter().map(own).collect()
    }

    /// The groups of several parties, each once, in order.
    pub(crate) fn groups(&self, parties: &Parties) -> Vec<String> {
        distinct(parties.each.iter().flat_map(|party| self.named(party)))
    }

    /// All groups that a change concerns: owners, affected, infrastructure.
    pub(crate) fn concerned(&self) -> Vec<String> {
        let parties = [Party::Owners, Party::Affected, Party::Infrastructure];
        distinct(parties.iter().flat_map(|party| self.named(party)))
    }

    fn group(&self, name: &str) -> Option<&'e Item<Group>> {
        self.estate.tables.groups.get(name)
    }

    /// Who leads a group on the day, and who else belongs to it.
    fn roles(&self, name: &str) -> (Vec<&'e Item<Person>>, Vec<&'e Item<Person>>) {
        let active = |group: &&Item<Group>| group.value.standing == Standing::Active;
        let Some(group) = self.group(name).filter(active) else {
            return (Vec::new(), Vec::new());
        };
        let present = |reference: &Ref<Person>| {
            let person = self.estate.find(reference)?;
            let counts = !person.value.robot && !person.value.has_left(self.day);
            counts.then_some(person)
        };
        let leads = group.value.leads_on(self.day);
        let leads = leads.filter_map(|lead| present(&lead.person)).collect();
        let parts = group.value.subprojects.iter();
        let parts = parts.flat_map(|subproject| &subproject.leads);
        let members = group.value.members.iter().chain(parts);
        (leads, members.filter_map(present).collect())
    }

    /// Everybody who leads or belongs to one of these groups, each once, by name.
    pub(crate) fn people(&self, groups: &[String]) -> Vec<Eligible> {
        let mut people: BTreeMap<&str, Eligible> = BTreeMap::new();
        for group in groups {
            let (leads, members) = self.roles(group);
            for person in leads.into_iter().chain(members) {
                people.entry(&person.name).or_insert_with(|| Eligible {
                    person: person.name.clone(),
                    employer: self.employers.employer_of(&person.value, self.day),
                });
            }
        }
        people.into_values().collect()
    }

    /// The groups to ask. A word that stands for nobody cannot be asked; only
    /// who looks after contributors may be left open by the charter.
    pub(crate) fn consulted(&mut self, parties: &Parties) -> Vec<Consulted> {
        for party in &parties.each {
            let optional = match party {
                Party::Affected => true,
                Party::ContributorExperience => parties.span.is_none(),
                _ => false,
            };
            if !optional && self.named(party).is_empty() {
                let word = party.word();
                self.impossible(format!("`{word}` must be consulted, and that is nobody"));
            }
        }
        let groups = self.groups(parties).into_iter();
        groups
            .map(|group| Consulted {
                people: self.people(std::slice::from_ref(&group)),
                group,
            })
            .collect()
    }

    /// Who is told. Where silence is agreement, somebody has to be: if the words
    /// stand for nobody, all whom the change concerns are told.
    pub(crate) fn notices(&mut self, rule: Option<&NoticeRule>, must: bool) -> Vec<Notice> {
        let mut groups = Vec::new();
        let mut addresses = Vec::new();
        for recipient in rule.iter().flat_map(|rule| &rule.to.each) {
            match recipient {
                Recipient::Party(party) => groups.extend(self.named(party)),
                Recipient::DevelopmentList(_) => {
                    let list = self.charter.development_list.iter();
                    addresses.extend(list.map(|list| list.as_str().to_owned()));
                }
                Recipient::Address(address) => addresses.push(address.clone()),
            }
        }
        if groups.is_empty() && addresses.is_empty() && (must || rule.is_some()) {
            groups = self.concerned();
            if groups.is_empty() {
                self.impossible("nobody is there to be told of it".to_owned());
            }
        }
        let told = distinct(groups).into_iter().map(|name| self.notice(name));
        let addresses = distinct(addresses).into_iter().map(Notice::Address);
        told.chain(addresses).collect()
    }

    fn notice(&self, name: String) -> Notice {
        let contact = self
            .group(&name)
            .and_then(|group| group.value.contact.as_ref());
        let channel =
            contact.and_then(|contact| contact.mailing_list.as_ref().or(contact.chat.as_ref()));
        let leads = self.roles(&name).0.into_iter();
        Notice::Group {
            channel: channel.cloned(),
            leads: distinct(leads.map(|person| person.name.clone())),
            group: name,
        }
    }
}

/// Each once, where it first stands.
fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names = names.into_iter();
    names.filter(|name| seen.insert(name.clone())).collect()
}

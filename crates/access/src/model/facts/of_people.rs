//! What somebody may do, told from the person.

use estate::{OwnersFile, OwnersTree};

use super::{Fact, Matrix, grant_words, of_every_member, onward, role_things};
use crate::model::people::{PersonAt, Whose};
use crate::model::teams::TeamAt;
use crate::model::terms::{Level, Path, Principal, Thing};

use super::of_things::stands_for;

impl Matrix<'_> {
    pub(super) fn facts_of(&self, who: &Principal) -> Vec<Fact> {
        let mut facts = Vec::new();
        match who {
            Principal::Person(name) => {
                let Some(person) = self.people.named(name) else {
                    return facts;
                };
                self.organisations_of(person, who, &mut facts);
                for team in &self.teams.of_person[person] {
                    self.by_team(person, *team, who, &mut facts);
                }
                self.lists_of(person, who, &mut facts);
                for item in self.index.services.get(&person).into_iter().flatten() {
                    self.named_for(person, item, &mut facts);
                }
                facts.extend(self.signs(person));
                let item = self.people.items[person];
                let handle = item.value.handles.github.as_ref();
                let logins = [Some(item.name.as_str()), handle.map(|login| login.as_str())];
                self.owned_by(who, logins.into_iter().flatten(), &mut facts);
            }
            Principal::Login(login) => self.owned_by(who, [login.as_str()], &mut facts),
            Principal::Address(address) => self.lists_with(address, who, &mut facts),
        }
        self.collaborations_of(who, &mut facts);
        facts
    }

    fn organisations_of(&self, person: PersonAt, who: &Principal, facts: &mut Vec<Fact>) {
        for at in &self.index.in_organisations[person] {
            let place = &self.index.organisations[*at];
            let Some((admin, span)) = place.people.get(&person) else {
                continue;
            };
            let level = if *admin { Level::Admin } else { Level::Member };
            let said = format!("{level} of {}", place.item.subject());
            facts.push(Fact {
                who: who.clone(),
                what: Thing::Organisation(place.item.name.clone()),
                path: self.step(said.clone(), *span, level),
            });
            let all = Some(Level::Admin).filter(|_| *admin);
            let repositories = all.or_else(|| of_every_member(&place.item.value));
            facts.extend(repositories.map(|level| Fact {
                who: who.clone(),
                what: Thing::Repositories(place.item.name.clone()),
                path: self.step(said, *span, level),
            }));
        }
    }

    /// What being in a team gives: the team, and what it and those it is a part of may do.
    fn by_team(&self, person: PersonAt, team: TeamAt, who: &Principal, facts: &mut Vec<Fact>) {
        let ways = self.teams.ways(team, person, self.estate);
        let mut fact = |what: &Thing, path: Path| {
            let (who, what) = (who.clone(), what.clone());
            facts.push(Fact { who, what, path });
        };
        for way in &ways {
            fact(
                &Thing::Team(self.teams.items[team].name.clone()),
                way.clone(),
            );
        }
        let up = self.teams.upwards(team);
        for (height, whole) in up.iter().enumerate() {
            let raised = ways
                .iter()
                .map(|way| self.raised(way.clone(), &up[..=height]));
            let raised: Vec<Path> = raised.collect();
            let item = self.teams.items[*whole];
            let grants = item.value.grants.iter();
            for grant in grants.filter(|grant| grant.lasts_on(self.day)) {
                let until = grant.until.as_ref().map(|until| until.value);
                let hop = self.hop(grant_words(grant), grant.repository.span);
                let what = Thing::Repository(grant.repository.to_lowercase());
                for way in &raised {
                    let level = grant.permission.into();
                    fact(&what, onward(way.clone(), level, until, hop.clone()));
                }
            }
            let roles = item.value.roles.iter();
            let roles = roles.filter(|role| role.lasts_on(self.day));
            let roles = roles.flat_map(|role| {
                let until = role.until.as_ref().map(|until| until.value);
                role_things(role)
                    .into_iter()
                    .map(move |(what, at)| (what, at, until))
            });
            let directory = item.value.directory_group.iter();
            let directory =
                directory.map(|name| (Thing::DirectoryGroup(name.to_lowercase()), name.span, None));
            for (what, at, until) in roles.chain(directory) {
                let is_list = matches!(what, Thing::DirectoryGroup(_));
                if is_list && height > 0 {
                    continue;
                }
                let level = if is_list { Level::Member } else { Level::Use };
                let words = if is_list { "in" } else { "which has" };
                let hop = self.hop(format!("{words} {what}"), at);
                for way in &raised {
                    fact(&what, onward(way.clone(), level, until, hop.clone()));
                }
            }
            for (service, at) in self.index.administered.get(whole).into_iter().flatten() {
                let hop = self.hop(format!("which administers {}", service.subject()), *at);
                for way in &raised {
                    let what = Thing::Service(service.name.clone());
                    fact(&what, onward(way.clone(), Level::Deploy, None, hop.clone()));
                }
            }
        }
        self.contacts_by(team, &ways, who, facts);
    }

    fn contacts_by(&self, team: TeamAt, ways: &[Path], who: &Principal, facts: &mut Vec<Fact>) {
        let Some(readers) = self.readers else { return };
        let named = self
            .estate
            .find(readers)
            .and_then(|item| self.teams.place(&item.name));
        if named != Some(team) {
            return;
        }
        let said = "to whose keys they are encrypted".to_owned();
        let hop = self.hop(said, readers.span);
        facts.extend(ways.iter().map(|way| Fact {
            who: who.clone(),
            what: Thing::PrivateContacts,
            path: onward(way.clone(), Level::Read, None, hop.clone()),
        }));
    }

    fn lists_of(&self, person: PersonAt, who: &Principal, facts: &mut Vec<Fact>) {
        for list in &self.mailing.of_person[person] {
            let is = |whose: Whose<'_>, _: &str| whose == Whose::Person(person);
            self.by_list(*list, &is, who, facts);
        }
    }

    fn lists_with(&self, address: &str, who: &Principal, facts: &mut Vec<Fact>) {
        for list in 0..self.mailing.items.len() {
            let is = |whose: Whose<'_>, of: &str| whose == Whose::Nobody && of == address;
            self.by_list(list, &is, who, facts);
        }
    }

    fn by_list(
        &self,
        list: usize,
        is: &dyn Fn(Whose<'_>, &str) -> bool,
        who: &Principal,
        facts: &mut Vec<Fact>,
    ) {
        let item = self.mailing.items[list];
        let entries = self.mailing.entries[list].iter();
        let own = entries.filter(|entry| is(entry.whose, &entry.address.mailbox().to_lowercase()));
        let ways: Vec<Path> = own
            .flat_map(|entry| entry.ways(item, &self.teams, self.estate))
            .collect();
        if ways.is_empty() {
            return;
        }
        for (up, role) in self.mailing.upwards(list) {
            let Some(&outer) = up.last() else { continue };
            for way in &ways {
                facts.push(Fact {
                    who: who.clone(),
                    what: Thing::MailingGroup(self.mailing.items[outer].name.clone()),
                    path: self.led_on(way.clone(), &up, role),
                });
            }
        }
    }

    fn collaborations_of(&self, who: &Principal, facts: &mut Vec<Fact>) {
        for repository in self.index.collaborates.get(who).into_iter().flatten() {
            let named = self
                .index
                .collaborators
                .get(repository)
                .into_iter()
                .flatten();
            for one in named.filter(|one| one.who == *who) {
                let said = format!("collaborator of {repository}, who may {}", one.permission);
                facts.push(Fact {
                    who: who.clone(),
                    what: Thing::Repository(repository.clone()),
                    path: self.step(said, one.span, one.permission.into()),
                });
            }
        }
    }

    /// The folders whose own lists name somebody, where that lets them approve or review.
    fn owned_by<'l>(
        &self,
        who: &Principal,
        logins: impl IntoIterator<Item = &'l str>,
        facts: &mut Vec<Fact>,
    ) {
        let logins: Vec<String> = logins
            .into_iter()
            .map(|login| estate::Aliases::key(login).into_owned())
            .collect();
        for tree in &self.estate.ownership {
            for folder in tree
                .folders
                .keys()
                .filter(|folder| names(tree, folder, &logins))
            {
                let mut found = Vec::new();
                self.about_path(tree, folder, &mut found);
                facts.extend(found.into_iter().filter(|fact| fact.who == *who));
            }
        }
    }
}

fn names(tree: &OwnersTree, folder: &str, logins: &[String]) -> bool {
    let rules = tree
        .folders
        .get(folder)
        .into_iter()
        .flat_map(OwnersFile::rules);
    let mut named = rules.flat_map(|owners| owners.approvers.iter().chain(&owners.reviewers));
    named.any(|name| logins.iter().any(|login| stands_for(tree, name, login)))
}

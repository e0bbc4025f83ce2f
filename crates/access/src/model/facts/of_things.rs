//! Who may do something, told from the thing.

use base::Span;
use estate::kinds::{MailingRole, Service};
use estate::{Aliases, Item, OwnersTree};

use super::{Fact, Matrix, grant_words, of_every_member, onward};
use crate::model::people::Whose;
use crate::model::terms::{Hop, Level, Path, Principal, Thing};

impl Matrix<'_> {
    pub(super) fn about(&self, thing: &Thing, facts: &mut Vec<Fact>) {
        match thing {
            Thing::Organisation(name) => self.about_organisation(name, facts),
            Thing::Repositories(name) => self.about_repositories(name, thing, facts),
            Thing::Repository(name) => self.about_repository(name, facts),
            Thing::Team(name) => self.about_team(name, facts),
            Thing::MailingGroup(name) => self.about_mailing(name, facts),
            Thing::DirectoryGroup(_) | Thing::Role(_) => self.about_role(thing, facts),
            Thing::Service(name) => {
                if let Some(item) = self.estate.tables.services.get(name) {
                    self.about_service(item, facts);
                }
            }
            Thing::Path { repository, path } => {
                let trees = self.estate.ownership.iter();
                for tree in trees.filter(|tree| tree.repository == *repository) {
                    self.about_path(tree, path, facts);
                }
            }
            Thing::Ledger => {
                for at in 0..self.people.items.len() {
                    facts.extend(self.signs(at));
                }
            }
            Thing::PrivateContacts => self.about_contacts(facts),
        }
    }

    fn about_organisation(&self, name: &str, facts: &mut Vec<Fact>) {
        let Some(at) = self.index.organisation_at.get(name) else {
            return;
        };
        let place = &self.index.organisations[*at];
        for (person, (admin, span)) in &place.people {
            let level = if *admin { Level::Admin } else { Level::Member };
            let said = format!("{level} of {}", place.item.subject());
            let who = self.people.principal(*person);
            let what = Thing::Organisation(place.item.name.clone());
            let path = self.step(said, *span, level);
            facts.push(Fact { who, what, path });
        }
    }

    /// What is given with an organisation: all to administrators, to members what its settings say.
    fn about_repositories(&self, name: &str, what: &Thing, facts: &mut Vec<Fact>) {
        let organisations = self.index.organisations.iter();
        for place in organisations.filter(|place| place.item.name.eq_ignore_ascii_case(name)) {
            let members = of_every_member(&place.item.value);
            for (person, (admin, span)) in &place.people {
                let level = if *admin { Some(Level::Admin) } else { members };
                let Some(level) = level else { continue };
                let role = if *admin { "admin" } else { "member" };
                let said = format!("{role} of {}", place.item.subject());
                let who = self.people.principal(*person);
                let what = what.clone();
                let path = self.step(said, *span, level);
                facts.push(Fact { who, what, path });
            }
        }
    }

    fn about_repository(&self, name: &str, facts: &mut Vec<Fact>) {
        let what = Thing::Repository(name.to_owned());
        if let Some((organisation, _)) = name.split_once('/') {
            self.about_repositories(organisation, &what, facts);
        }
        for (team, grant) in self.index.grants.get(name).into_iter().flatten() {
            let until = grant.until.as_ref().map(|until| until.value);
            let hop = self.hop(grant_words(grant), grant.repository.span);
            for (person, way) in self.reach(*team) {
                let who = self.people.principal(person);
                let path = onward(way, grant.permission.into(), until, hop.clone());
                let what = what.clone();
                facts.push(Fact { who, what, path });
            }
        }
        for one in self.index.collaborators.get(name).into_iter().flatten() {
            let said = format!("collaborator of {name}, who may {}", one.permission);
            facts.push(Fact {
                who: one.who.clone(),
                what: what.clone(),
                path: self.step(said, one.span, one.permission.into()),
            });
        }
    }

    fn about_team(&self, name: &str, facts: &mut Vec<Fact>) {
        let Some(at) = self.teams.place(name) else {
            return;
        };
        for (person, path) in self.own(at) {
            let who = self.people.principal(person);
            let what = Thing::Team(name.to_owned());
            facts.push(Fact { who, what, path });
        }
    }

    fn about_mailing(&self, name: &str, facts: &mut Vec<Fact>) {
        let Some(list) = self.mailing.place(name) else {
            return;
        };
        for inner in self.mailing.downwards(list) {
            let ups = self.mailing.upwards(inner);
            let ups = ups.iter().filter(|(way, _)| way.last() == Some(&list));
            for (way, role) in ups {
                for entry in &self.mailing.entries[inner] {
                    let who = match entry.whose {
                        Whose::Person(person) => self.people.principal(person),
                        Whose::Nobody => Principal::Address(entry.address.mailbox().to_lowercase()),
                        Whose::MailingGroup(_) | Whose::Gone => continue,
                    };
                    let item = self.mailing.items[inner];
                    for path in entry.ways(item, &self.teams, self.estate) {
                        let path = self.led_on(path, way, *role);
                        let who = who.clone();
                        let what = Thing::MailingGroup(name.to_owned());
                        facts.push(Fact { who, what, path });
                    }
                }
            }
        }
    }

    /// A way into a mailing group, led on through those that hold it.
    pub(super) fn led_on(&self, mut path: Path, way: &[usize], role: Option<MailingRole>) -> Path {
        for pair in way.windows(2) {
            if let [inner, outer] = pair {
                path.hops
                    .extend(self.mailing.nesting(*outer, *inner, self.estate));
            }
        }
        path.level = role.map_or(path.level, Level::from);
        path
    }

    fn about_role(&self, what: &Thing, facts: &mut Vec<Fact>) {
        let is_list = matches!(what, Thing::DirectoryGroup(_));
        let level = if is_list { Level::Member } else { Level::Use };
        for (team, said) in self.index.roles.get(what).into_iter().flatten() {
            let words = if is_list { "in" } else { "which has" };
            let hop = self.hop(format!("{words} {what}"), said.at);
            let reach = if is_list {
                self.own(*team)
            } else {
                self.reach(*team)
            };
            for (person, way) in reach {
                let who = self.people.principal(person);
                let path = onward(way, level, said.until, hop.clone());
                let what = what.clone();
                facts.push(Fact { who, what, path });
            }
        }
    }

    fn about_service(&self, item: &Item<Service>, facts: &mut Vec<Fact>) {
        let by = item
            .value
            .administration
            .as_ref()
            .and_then(|by| by.team.as_ref());
        let team = by.and_then(|by| Some((self.estate.find(by)?, by.span)));
        let placed = team.and_then(|(team, span)| Some((self.teams.place(&team.name)?, span)));
        if let Some((team, span)) = placed {
            let hop = self.hop(format!("which administers {}", item.subject()), span);
            for (person, way) in self.reach(team) {
                let who = self.people.principal(person);
                facts.push(service_fact(who, item, way, Level::Deploy, hop.clone()));
            }
        }
        let staff = item
            .value
            .staff
            .iter()
            .filter_map(|one| self.people.find(one));
        let owner = item
            .value
            .owner
            .as_ref()
            .and_then(|owner| self.estate.find(owner));
        let leads = owner
            .into_iter()
            .flat_map(|group| group.value.leads_on(self.day));
        let leads = leads.filter_map(|lead| self.people.find(&lead.person));
        let mut people: Vec<usize> = staff.chain(leads).collect();
        people.sort_unstable();
        people.dedup();
        for person in people {
            self.named_for(person, item, facts);
        }
    }

    /// What somebody has to do with a service by name or office.
    pub(super) fn named_for(&self, person: usize, item: &Item<Service>, facts: &mut Vec<Fact>) {
        let what = || Thing::Service(item.name.clone());
        let who = || self.people.principal(person);
        let is = |one: &&estate::Ref<_>| self.people.find(one) == Some(person);
        if let Some(named) = item.value.staff.iter().find(is) {
            let path = self.step(
                format!("staff of {}", item.subject()),
                named.span,
                Level::Run,
            );
            let (who, what) = (who(), what());
            facts.push(Fact { who, what, path });
        }
        let owner = item.value.owner.as_ref();
        let group = owner.and_then(|owner| Some((owner, self.estate.find(owner)?)));
        let Some((owner, group)) = group else { return };
        for lead in group
            .value
            .leads_on(self.day)
            .filter(|lead| is(&&lead.person))
        {
            let said = format!("{} of {}", lead.role, group.subject());
            let way = Path {
                level: Level::Owner,
                until: lead.until,
                hops: vec![self.hop(said, lead.person.span)],
            };
            let hop = self.hop(format!("which answers for {}", item.subject()), owner.span);
            facts.push(service_fact(who(), item, way, Level::Owner, hop));
        }
    }

    pub(super) fn about_path(&self, tree: &OwnersTree, path: &str, facts: &mut Vec<Fact>) {
        let found = tree.resolve(path);
        let approvers = found.approvers.iter().map(|login| (login, Level::Approve));
        let reviewers = found.reviewers.iter().map(|login| (login, Level::Review));
        for (login, level) in approvers.chain(reviewers) {
            let named = naming(tree, path, login, level);
            let Some((who, (said, span))) = self.people.by_login(login).zip(named) else {
                continue;
            };
            let what = Thing::Path {
                repository: tree.repository.clone(),
                path: path.to_owned(),
            };
            let path = self.step(said, span, level);
            facts.push(Fact { who, what, path });
        }
    }

    pub(super) fn signs(&self, person: usize) -> Option<Fact> {
        self.people.named(self.people.name(person))?;
        let item = self.people.items[person];
        let key = item.value.keys.iter().find(|key| key.can_sign())?;
        Some(Fact {
            who: self.people.principal(person),
            what: Thing::Ledger,
            path: self.step(
                "holder of a key that signs".to_owned(),
                key.span,
                Level::Sign,
            ),
        })
    }

    fn about_contacts(&self, facts: &mut Vec<Fact>) {
        let Some(readers) = self.readers else { return };
        let team = self.estate.find(readers);
        let Some(team) = team.and_then(|team| self.teams.place(&team.name)) else {
            return;
        };
        let said = "to whose keys they are encrypted".to_owned();
        let hop = self.hop(said, readers.span);
        for (person, way) in self.own(team) {
            facts.push(Fact {
                who: self.people.principal(person),
                what: Thing::PrivateContacts,
                path: onward(way, Level::Read, None, hop.clone()),
            });
        }
    }
}

fn service_fact(who: Principal, item: &Item<Service>, way: Path, level: Level, hop: Hop) -> Fact {
    let what = Thing::Service(item.name.clone());
    let path = onward(way, level, None, hop);
    Fact { who, what, path }
}

/// The nearest list above a path that names somebody, in words, and where.
fn naming(tree: &OwnersTree, path: &str, login: &str, level: Level) -> Option<(String, Span)> {
    std::iter::successors(Some(path), above).find_map(|folder| {
        let file = tree.folders.get(folder)?;
        let lists = file.rules().map(|owners| match level {
            Level::Approve => &owners.approvers,
            _ => &owners.reviewers,
        });
        let name = lists.flatten().find(|name| stands_for(tree, name, login))?;
        let alias = tree
            .aliases
            .members(name)
            .map(|_| format!(", in the alias {name}"));
        let place = if folder.is_empty() {
            "the root"
        } else {
            folder
        };
        let may = if level == Level::Approve {
            "approver"
        } else {
            "reviewer"
        };
        let said = format!(
            "{may} of {place} of {}{}",
            tree.repository,
            alias.unwrap_or_default()
        );
        Some((said, name.span))
    })
}

fn above<'p>(folder: &&'p str) -> Option<&'p str> {
    let up = folder.rsplit_once('/').map_or("", |(up, _)| up);
    (!folder.is_empty()).then_some(up)
}

/// Whether a name in a list of owners is a login, or an alias that holds it.
pub(super) fn stands_for(tree: &OwnersTree, name: &str, login: &str) -> bool {
    match tree.aliases.members(name) {
        Some(members) => members.iter().any(|one| Aliases::key(one) == login),
        None => Aliases::key(name) == login,
    }
}

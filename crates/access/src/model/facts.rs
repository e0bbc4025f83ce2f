//! Every single way by which somebody may do something: told from the thing, and from the person.

mod of_people;
mod of_things;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::Span;
use estate::kinds::{DefaultPermission, Grant, Organisation, Permission, RoleGrant, Service, Team};
use estate::{Estate, Item};
use jiff::civil::Date;

use super::people::{People, PersonAt, in_organisation};
use super::teams::{TeamAt, Teams};
use super::terms::{Access, Hop, Level, Path, Principal, Thing, later};
use super::{Matrix, Question};

/// One way by which somebody may do something.
pub(super) struct Fact {
    who: Principal,
    what: Thing,
    path: Path,
}

/// What leads from repositories, people and teams to what is said of them.
pub(super) struct Index<'e> {
    organisations: Vec<Place<'e>>,
    organisation_at: HashMap<&'e str, usize>,
    /// The organisations that somebody is in.
    in_organisations: Vec<Vec<usize>>,
    /// What teams are granted, by repository.
    grants: HashMap<String, Vec<(TeamAt, &'e Grant)>>,
    /// Who may do what to a repository without a team.
    collaborators: HashMap<String, Vec<Collaborator>>,
    /// The repositories of somebody without a team.
    collaborates: HashMap<Principal, Vec<String>>,
    /// The teams with a role or a group of a directory, by its text.
    roles: BTreeMap<Thing, Vec<(TeamAt, Said)>>,
    administered: HashMap<TeamAt, Vec<(&'e Item<Service>, Span)>>,
    services: HashMap<PersonAt, Vec<&'e Item<Service>>>,
}

struct Place<'e> {
    item: &'e Item<Organisation>,
    people: HashMap<PersonAt, (bool, Span)>,
}

struct Collaborator {
    who: Principal,
    permission: Permission,
    span: Span,
}

/// Where a role is given, and until when.
#[derive(Clone, Copy)]
struct Said {
    at: Span,
    until: Option<Date>,
}

impl<'e> Index<'e> {
    pub(super) fn of(
        estate: &'e Estate,
        people: &People<'e>,
        teams: &Teams<'e>,
        day: Date,
    ) -> Self {
        let organisations = estate.tables.organisations.items().map(|item| Place {
            item,
            people: in_organisation(&item.value, people),
        });
        let mut index = Self {
            organisations: organisations.collect(),
            organisation_at: HashMap::new(),
            in_organisations: vec![Vec::new(); people.items.len()],
            grants: HashMap::new(),
            collaborators: HashMap::new(),
            collaborates: HashMap::new(),
            roles: BTreeMap::new(),
            administered: HashMap::new(),
            services: HashMap::new(),
        };
        for (at, place) in index.organisations.iter().enumerate() {
            index.organisation_at.insert(&place.item.name, at);
            for person in place.people.keys() {
                index.in_organisations[*person].push(at);
            }
        }
        for item in estate.tables.organisations.items() {
            index.collaborators(item, people);
        }
        for (at, item) in teams.items.iter().enumerate() {
            for grant in item.value.grants.iter().filter(|grant| grant.lasts_on(day)) {
                let repository = grant.repository.to_lowercase();
                index
                    .grants
                    .entry(repository)
                    .or_default()
                    .push((at, grant));
            }
            for role in item.value.roles.iter().filter(|role| role.lasts_on(day)) {
                let until = role.until.as_ref().map(|until| until.value);
                for (thing, span) in role_things(role) {
                    let said = Said { at: span, until };
                    index.roles.entry(thing).or_default().push((at, said));
                }
            }
            if let Some(group) = &item.value.directory_group {
                let thing = Thing::DirectoryGroup(group.to_lowercase());
                let (at_span, until) = (group.span, None);
                let said = Said { at: at_span, until };
                index.roles.entry(thing).or_default().push((at, said));
            }
        }
        index.services(estate, people, teams);
        index
    }

    fn collaborators(&mut self, item: &Item<Organisation>, people: &People<'_>) {
        for (name, repository) in &item.value.repositories.entries {
            let full = format!("{}/{name}", item.name).to_lowercase();
            for (login, permission) in &repository.collaborators.entries {
                let Some(who) = people.by_login(login) else {
                    continue;
                };
                self.collaborates
                    .entry(who.clone())
                    .or_default()
                    .push(full.clone());
                let collaborator = Collaborator {
                    who,
                    permission: *permission,
                    span: login.span,
                };
                self.collaborators
                    .entry(full.clone())
                    .or_default()
                    .push(collaborator);
            }
            // Known, even if nobody is named there.
            self.collaborators.entry(full).or_default();
        }
    }

    fn services(&mut self, estate: &'e Estate, people: &People<'e>, teams: &Teams<'e>) {
        for item in estate.tables.services.items() {
            let by = item
                .value
                .administration
                .as_ref()
                .and_then(|by| by.team.as_ref());
            let team = by.and_then(|by| Some((estate.find(by)?, by.span)));
            if let Some((team, span)) = team.and_then(|(team, span)| {
                let at = teams.place(&team.name)?;
                Some((at, span))
            }) {
                self.administered
                    .entry(team)
                    .or_default()
                    .push((item, span));
            }
            let owner = item
                .value
                .owner
                .as_ref()
                .and_then(|owner| estate.find(owner));
            let leads = owner.into_iter().flat_map(|group| &group.value.leads);
            let named = item
                .value
                .staff
                .iter()
                .chain(leads.map(|lead| &lead.person));
            let mut named: Vec<PersonAt> = named.filter_map(|one| people.find(one)).collect();
            named.sort_unstable();
            named.dedup();
            for person in named {
                self.services.entry(person).or_default().push(item);
            }
        }
    }

    /// Whether anything is said of a repository.
    pub(super) fn knows_repository(&self, name: &str) -> bool {
        self.grants.contains_key(name) || self.collaborators.contains_key(name)
    }

    /// Whether a login that the estate does not know may do something.
    pub(super) fn knows_login(&self, login: &Principal) -> bool {
        self.collaborates.contains_key(login)
    }

    /// Every repository of which something is said.
    pub(super) fn repositories(&self) -> impl Iterator<Item = &str> {
        self.grants
            .keys()
            .chain(self.collaborators.keys())
            .map(String::as_str)
    }

    /// Every role, and group of a directory, that a team has.
    pub(super) fn role_things(&self) -> impl Iterator<Item = &Thing> {
        self.roles.keys()
    }
}

/// What a role gives, but for mailing groups, whose members are told from their own side.
fn role_things(role: &RoleGrant) -> Vec<(Thing, Span)> {
    let group = role.group.as_ref().map(|group| {
        let thing = Thing::DirectoryGroup(group.to_lowercase());
        (thing, group.span)
    });
    let cloud = role
        .role
        .as_ref()
        .filter(|_| role.group.is_none() && role.mailing_group.is_none());
    let cloud = cloud.map(|name| {
        let on = role.on.as_ref().map(|on| format!(" on {on}"));
        let system = role.system.as_ref().map(|system| format!(" at {system}"));
        let (on, system) = (on.unwrap_or_default(), system.unwrap_or_default());
        (Thing::Role(format!("{name}{on}{system}")), name.span)
    });
    group.into_iter().chain(cloud).collect()
}

/// What a role of a team gives in a system that is neither a forge nor holds mailing groups.
pub fn given_by(role: &RoleGrant) -> Option<Thing> {
    let (thing, _) = role_things(role).into_iter().next()?;
    Some(thing)
}

/// What every member of an organisation may do to its repositories; none if nothing is said.
fn of_every_member(organisation: &Organisation) -> Option<Level> {
    match organisation.settings.default_repository_permission? {
        DefaultPermission::None => None,
        DefaultPermission::Read => Some(Level::Read),
        DefaultPermission::Write => Some(Level::Write),
        DefaultPermission::Admin => Some(Level::Admin),
    }
}

/// Facts to answers: one for each person and thing, and level where levels have no order.
fn united(facts: Vec<Fact>) -> Vec<Access> {
    let mut found: BTreeMap<(Principal, Thing, Option<Level>), Vec<Path>> = BTreeMap::new();
    for fact in facts {
        let level = Some(fact.path.level).filter(|_| !fact.what.is_ordered());
        found
            .entry((fact.who, fact.what, level))
            .or_default()
            .push(fact.path);
    }
    let answers = found.into_iter().filter_map(|((who, what, _), mut why)| {
        why.sort_by_cached_key(|path| (std::cmp::Reverse(what.rank(path.level)), path.clone()));
        why.dedup();
        let level = why.first()?.level;
        let most = why.iter().filter(|path| path.level == level);
        let until = most.map(|path| path.until).reduce(later).flatten();
        Some(Access {
            who,
            what,
            level,
            until,
            why,
        })
    });
    answers.collect()
}

impl Matrix<'_> {
    /// Everybody who may do something, each with every way that lets them.
    pub fn who_can(&self, asked: &Question) -> Vec<Access> {
        let mut facts = Vec::new();
        self.about(&asked.thing, &mut facts);
        facts.retain(|fact| fact.what.includes(fact.path.level, asked.level));
        united(facts)
    }

    /// Everybody who may do anything to something, each with every way that lets them.
    pub fn who_may(&self, what: &Thing) -> Vec<Access> {
        let mut facts = Vec::new();
        self.about(what, &mut facts);
        united(facts)
    }

    /// On how many repositories each person may do at least so much, by teams and as a collaborator,
    /// by name. Teams for which `counts` does not hold give nothing here.
    pub fn repositories_of_people(
        &self,
        least: Level,
        counts: impl Fn(&Item<Team>) -> bool,
    ) -> BTreeMap<String, usize> {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        let named: BTreeSet<&str> = self.index.repositories().collect();
        for name in named {
            let thing = Thing::Repository(name.to_owned());
            let mut people: BTreeSet<PersonAt> = BTreeSet::new();
            let grants = self.index.grants.get(name).into_iter().flatten();
            let grants = grants.filter(|(_, grant)| {
                let level = grant.permission.into();
                thing.includes(level, least)
            });
            for (team, _) in grants.filter(|(team, _)| counts(self.teams.items[*team])) {
                let ways = self.teams.downwards(*team);
                let parts = ways.iter().filter_map(|way| way.first());
                for part in parts.filter(|part| counts(self.teams.items[**part])) {
                    people.extend(self.teams.seats[*part].keys());
                }
            }
            let mut names: BTreeSet<&str> = people
                .iter()
                .map(|person| self.people.name(*person))
                .collect();
            let collaborators = self.index.collaborators.get(name).into_iter().flatten();
            names.extend(collaborators.filter_map(|one| match &one.who {
                Principal::Person(name) => {
                    let level = one.permission.into();
                    thing.includes(level, least).then_some(name.as_str())
                }
                _ => None,
            }));
            for name in names {
                *found.entry(name.to_owned()).or_default() += 1;
            }
        }
        found
    }

    /// All that somebody may do, each with every way that lets them.
    pub fn what_can(&self, who: &Principal) -> Vec<Access> {
        united(self.facts_of(who))
    }

    fn hop(&self, said: String, span: Span) -> Hop {
        let at = self.estate.sources.line_of(span);
        Hop { said, at }
    }

    fn step(&self, said: String, span: Span, level: Level) -> Path {
        Path {
            level,
            until: None,
            hops: vec![self.hop(said, span)],
        }
    }

    /// Who reaches what a team may do, and how: those in it, and in its parts.
    fn reach(&self, team: TeamAt) -> Vec<(PersonAt, Path)> {
        let mut found = Vec::new();
        for up in self.teams.downwards(team) {
            let Some(&part) = up.first() else { continue };
            for person in self.teams.seats[part].keys() {
                let ways = self.teams.ways(part, *person, self.estate);
                found.extend(ways.into_iter().map(|way| (*person, self.raised(way, &up))));
            }
        }
        found
    }

    /// Who is in a team itself, and how.
    fn own(&self, team: TeamAt) -> Vec<(PersonAt, Path)> {
        let people = self.teams.seats[team].keys();
        let ways = people.map(|person| (*person, self.teams.ways(team, *person, self.estate)));
        ways.flat_map(|(person, ways)| ways.into_iter().map(move |way| (person, way)))
            .collect()
    }

    /// A way into a team, led on to those it is a part of.
    fn raised(&self, mut way: Path, up: &[TeamAt]) -> Path {
        for pair in up.windows(2) {
            let [part, whole] = pair else { continue };
            let item = self.teams.items[*part];
            let span = item
                .value
                .parent
                .as_ref()
                .map_or(item.span, |parent| parent.span);
            let said = format!("part of {}", self.teams.items[*whole].subject());
            way.hops.push(self.hop(said, span));
        }
        way
    }
}

/// A way led on to what it gives.
fn onward(mut way: Path, level: Level, until: Option<Date>, hop: Hop) -> Path {
    way.hops.push(hop);
    way.level = level;
    way.until = super::terms::earlier(way.until, until);
    way
}

/// What a grant says in a way, with its reason.
fn grant_words(grant: &Grant) -> String {
    let urgent = if grant.break_glass {
        " in an emergency"
    } else {
        ""
    };
    let until = grant.until.as_ref().map(|until| format!(" until {until}"));
    let reason = grant.reason.as_ref().map(|reason| format!(": {reason}"));
    let (until, reason) = (until.unwrap_or_default(), reason.unwrap_or_default());
    format!(
        "which may {} {}{until}{urgent}{reason}",
        grant.permission, grant.repository
    )
}

//! Who is in each mailing group, and why.

use std::collections::{BTreeSet, HashMap, VecDeque};

use base::Span;
use estate::kinds::{Group, MailingGroup, MailingInclusion, MailingRole, RoleGrant, RoleHolder};
use estate::{Email, Estate, Item};
use jiff::civil::Date;

use super::people::{People, PersonAt, Whose};
use super::teams::{Included, Source, TeamAt, Teams, holder_words, holders};
use super::terms::{Hop, Path, earlier, later};

/// The place of a mailing group among all.
pub(super) type ListAt = usize;

/// One reason why an address is in a mailing group.
#[derive(Debug, Clone)]
pub(super) enum Reason<'e> {
    Named(MailingRole, Span),
    Holds {
        group: &'e Item<Group>,
        holder: RoleHolder<'e>,
        included: Span,
        role: MailingRole,
    },
    Team {
        team: TeamAt,
        person: PersonAt,
        /// The inclusion in the mailing group, or else the grant of the team.
        said_at: Span,
        role: MailingRole,
        until: Option<Date>,
    },
}

/// One address in a mailing group.
#[derive(Debug, Clone)]
pub(super) struct Entry<'e> {
    pub(super) address: &'e Email,
    pub(super) whose: Whose<'e>,
    pub(super) role: MailingRole,
    pub(super) until: Option<Date>,
    reasons: Vec<Reason<'e>>,
}

/// Somebody who should be in a mailing group and has no public address.
pub(super) struct Unreachable {
    pub(super) person: PersonAt,
    pub(super) list: ListAt,
    pub(super) said_at: Span,
}

/// All mailing groups, and who is in them.
pub(super) struct Mailing<'e> {
    pub(super) items: Vec<&'e Item<MailingGroup>>,
    places: HashMap<&'e str, ListAt>,
    pub(super) entries: Vec<Vec<Entry<'e>>>,
    /// The mailing groups that somebody is in by an address of their own.
    pub(super) of_person: Vec<Vec<ListAt>>,
    /// The mailing groups that each is in.
    pub(super) holding: Vec<Vec<ListAt>>,
    pub(super) unreachable: Vec<Unreachable>,
}

/// A mailing group while its addresses are gathered.
struct Gathering<'m, 'e> {
    people: &'m People<'e>,
    teams: &'m Teams<'e>,
    entries: Vec<Entry<'e>>,
    by_mailbox: HashMap<String, usize>,
    by_person: HashMap<PersonAt, usize>,
    unreachable: Vec<(PersonAt, Span)>,
}

impl<'e> Mailing<'e> {
    pub(super) fn of(
        estate: &'e Estate,
        people: &People<'e>,
        teams: &Teams<'e>,
        day: Date,
    ) -> Self {
        let items: Vec<&Item<MailingGroup>> = estate.tables.mailing_groups.items().collect();
        let named = items.iter().enumerate();
        let mut mailing = Self {
            places: named.map(|(at, item)| (item.name.as_str(), at)).collect(),
            entries: Vec::with_capacity(items.len()),
            of_person: vec![Vec::new(); people.items.len()],
            holding: vec![Vec::new(); items.len()],
            unreachable: Vec::new(),
            items,
        };
        let grants = mailing.grants(estate, teams, day);
        for list in 0..mailing.items.len() {
            let mut gathering = Gathering {
                people,
                teams,
                entries: Vec::new(),
                by_mailbox: HashMap::new(),
                by_person: HashMap::new(),
                unreachable: Vec::new(),
            };
            let value = &mailing.items[list].value;
            gathering.named(value);
            for inclusion in &value.include {
                gathering.included(inclusion, estate, day);
            }
            for (team, grant, role, said_at) in grants.get(&list).into_iter().flatten() {
                let until = grant.until.as_ref().map(|until| until.value);
                gathering.team(*team, *role, until, &|_| false, *said_at);
            }
            mailing.take(list, gathering);
        }
        mailing
    }

    pub(super) fn place(&self, name: &str) -> Option<ListAt> {
        self.places.get(name).copied()
    }

    /// What teams are in a mailing group by a grant of their own.
    fn grants(
        &self,
        estate: &'e Estate,
        teams: &Teams<'e>,
        day: Date,
    ) -> HashMap<ListAt, Vec<(TeamAt, &'e RoleGrant, MailingRole, Span)>> {
        let mut grants: HashMap<ListAt, Vec<_>> = HashMap::new();
        for (team, item) in teams.items.iter().enumerate() {
            for grant in item.value.roles.iter().filter(|grant| grant.lasts_on(day)) {
                let list = grant.mailing_group.as_ref();
                let found = list.and_then(|list| Some((estate.find(list)?, list.span)));
                let place = found.and_then(|(item, span)| Some((self.place(&item.name)?, span)));
                if let Some(((place, span), role)) = place.zip(mailing_role(grant)) {
                    grants
                        .entry(place)
                        .or_default()
                        .push((team, grant, role, span));
                }
            }
        }
        grants
    }

    fn take(&mut self, list: ListAt, gathering: Gathering<'_, 'e>) {
        let unreachable = gathering.unreachable.into_iter();
        self.unreachable
            .extend(unreachable.map(|(person, said_at)| Unreachable {
                person,
                list,
                said_at,
            }));
        let mut people = BTreeSet::new();
        for entry in &gathering.entries {
            match entry.whose {
                Whose::Person(person) => {
                    people.insert(person);
                }
                Whose::MailingGroup(name) => {
                    if let Some(inner) = self.place(name) {
                        self.holding[inner].push(list);
                    }
                }
                Whose::Nobody | Whose::Gone => {}
            }
        }
        for person in people {
            self.of_person[person].push(list);
        }
        self.entries.push(gathering.entries);
    }

    /// Every mailing group that one reaches by being in others, with the role there and the
    /// shortest way to it; the first is the one itself.
    pub(super) fn upwards(&self, list: ListAt) -> Vec<(Vec<ListAt>, Option<MailingRole>)> {
        let mut seen: BTreeSet<(ListAt, Option<MailingRole>)> = BTreeSet::from([(list, None)]);
        let mut queue = VecDeque::from([(vec![list], None)]);
        let mut found = Vec::new();
        while let Some((way, role)) = queue.pop_front() {
            let inner = way.last().copied().unwrap_or(list);
            for outer in &self.holding[inner] {
                for role in self.nested(*outer, inner).map(|entry| Some(entry.role)) {
                    if *outer != list && seen.insert((*outer, role)) {
                        queue.push_back(([way.as_slice(), &[*outer]].concat(), role));
                    }
                }
            }
            found.push((way, role));
        }
        found
    }

    /// Every mailing group that is in one, by the same ways.
    pub(super) fn downwards(&self, list: ListAt) -> Vec<ListAt> {
        let (mut seen, mut queue) = (BTreeSet::from([list]), vec![list]);
        while let Some(outer) = queue.pop() {
            for entry in &self.entries[outer] {
                let Whose::MailingGroup(name) = entry.whose else {
                    continue;
                };
                if let Some(inner) = self.place(name).filter(|inner| seen.insert(*inner)) {
                    queue.push(inner);
                }
            }
        }
        seen.into_iter().collect()
    }

    /// The entries by which one mailing group is in another.
    fn nested(&self, outer: ListAt, inner: ListAt) -> impl Iterator<Item = &Entry<'e>> {
        let name = self.items[inner].name.as_str();
        let entries = self.entries[outer].iter();
        entries.filter(move |entry| entry.whose == Whose::MailingGroup(name))
    }

    /// The step from one mailing group to the one that holds it.
    pub(super) fn nesting(&self, outer: ListAt, inner: ListAt, estate: &Estate) -> Option<Hop> {
        let entry = self.nested(outer, inner).next()?;
        let said = format!("{} of {}", entry.role, self.items[outer].subject());
        let at = entry.reasons.iter().find_map(|reason| match reason {
            Reason::Named(_, span) => Some(*span),
            _ => None,
        });
        let at = estate.sources.line_of(at.unwrap_or(self.items[outer].span));
        Some(Hop { said, at })
    }
}

/// The role that a grant of a mailing group gives; none where it is not one.
pub(crate) fn mailing_role(grant: &RoleGrant) -> Option<MailingRole> {
    let Some(role) = &grant.role else {
        return Some(MailingRole::Member);
    };
    let roles = MailingRole::ALL.iter().copied();
    roles
        .into_iter()
        .find(|known| role.eq_ignore_ascii_case(known.word()))
}

impl<'e> Gathering<'_, 'e> {
    fn named(&mut self, group: &'e MailingGroup) {
        let owners = group.owners.iter().map(|one| (one, MailingRole::Owner));
        let managers = group.managers.iter().map(|one| (one, MailingRole::Manager));
        let members = group.members.iter().map(|one| (one, MailingRole::Member));
        for (address, role) in owners.chain(managers).chain(members) {
            let whose = self.people.whose(address);
            if whose != Whose::Gone {
                let reason = Reason::Named(role, address.span);
                self.add(&address.value, whose, role, None, reason);
            }
        }
    }

    /// Adds an address, or another reason for one that is there.
    fn add(
        &mut self,
        address: &'e Email,
        whose: Whose<'e>,
        role: MailingRole,
        until: Option<Date>,
        reason: Reason<'e>,
    ) {
        // Systems compare addresses without case, so two that differ in it are one entry.
        let mailbox = address.mailbox().to_lowercase();
        let next = self.entries.len();
        let at = *self.by_mailbox.entry(mailbox).or_insert(next);
        if let Whose::Person(person) = whose {
            self.by_person.entry(person).or_insert(at);
        }
        match self.entries.get_mut(at) {
            Some(entry) => entry.also(role, until, reason),
            None => self.entries.push(Entry {
                address,
                whose,
                role,
                until,
                reasons: vec![reason],
            }),
        }
    }

    /// Adds somebody by what they are elsewhere. Whoever is in it already, by any address, is not
    /// added by another: nobody wants everything twice.
    fn person(
        &mut self,
        person: PersonAt,
        role: MailingRole,
        until: Option<Date>,
        reason: Reason<'e>,
        said_at: Span,
    ) {
        if let Some(entry) = self
            .by_person
            .get(&person)
            .and_then(|at| self.entries.get_mut(*at))
        {
            return entry.also(role, until, reason);
        }
        match &self.people.items[person].value.email {
            Some(email) => self.add(&email.value, Whose::Person(person), role, until, reason),
            None => self.unreachable.push((person, said_at)),
        }
    }

    fn included(&mut self, inclusion: &'e MailingInclusion, estate: &'e Estate, day: Date) {
        let included = Included::from(inclusion);
        let Some((said_at, source)) = included.span().zip(included.source(estate)) else {
            return;
        };
        let role = inclusion.role_here;
        let excluded = included.excluded(self.people);
        match source {
            Source::Team(team) => {
                if let Some(team) = self.teams.place(&team.name) {
                    self.team(team, role, None, &|one| excluded.contains(&one), said_at);
                }
            }
            Source::Group(group, roles) => {
                for holder in holders(&group.value, &roles, day) {
                    let person = self.people.find(holder.person);
                    let Some(person) = person.filter(|one| !excluded.contains(one)) else {
                        continue;
                    };
                    let reason = Reason::Holds {
                        group,
                        holder,
                        included: said_at,
                        role,
                    };
                    self.person(person, role, holder.until, reason, said_at);
                }
            }
        }
    }

    fn team(
        &mut self,
        team: TeamAt,
        role: MailingRole,
        until: Option<Date>,
        excluded: &dyn Fn(PersonAt) -> bool,
        said_at: Span,
    ) {
        let teams = self.teams;
        for (person, seat) in teams.seats[team].iter().filter(|(one, _)| !excluded(**one)) {
            let until = earlier(until, seat.until);
            let reason = Reason::Team {
                team,
                person: *person,
                said_at,
                role,
                until,
            };
            self.person(*person, role, until, reason, said_at);
        }
    }
}

impl<'e> Entry<'e> {
    fn also(&mut self, role: MailingRole, until: Option<Date>, reason: Reason<'e>) {
        self.role = self.role.max(role);
        self.until = later(self.until, until);
        self.reasons.push(reason);
    }

    /// Every way by which the address is in the mailing group.
    pub(super) fn ways(
        &self,
        list: &Item<MailingGroup>,
        teams: &Teams<'e>,
        estate: &Estate,
    ) -> Vec<Path> {
        let here = list.subject();
        let at = |span: Span| estate.sources.line_of(span);
        let mut ways = Vec::new();
        for reason in &self.reasons {
            match reason {
                Reason::Named(role, span) => {
                    let said = format!("{role} of {here} as {}", self.address);
                    let hops = vec![Hop {
                        said,
                        at: at(*span),
                    }];
                    ways.push(way(*role, None, hops));
                }
                Reason::Holds {
                    group,
                    holder,
                    included,
                    role,
                } => {
                    let said = holder_words(holder, &group.subject());
                    let holds = Hop {
                        said,
                        at: at(holder.person.span),
                    };
                    let said = format!("{role} of {here}, which includes them");
                    let taken = Hop {
                        said,
                        at: at(*included),
                    };
                    ways.push(way(*role, holder.until, vec![holds, taken]));
                }
                Reason::Team {
                    team,
                    person,
                    said_at,
                    role,
                    until,
                } => {
                    for mut before in teams.ways(*team, *person, estate) {
                        let said = format!("{role} of {here}, as that team is");
                        before.hops.push(Hop {
                            said,
                            at: at(*said_at),
                        });
                        before.level = (*role).into();
                        before.until = earlier(*until, before.until);
                        ways.push(before);
                    }
                }
            }
        }
        ways
    }
}

fn way(role: MailingRole, until: Option<Date>, hops: Vec<Hop>) -> Path {
    Path {
        level: role.into(),
        until,
        hops,
    }
}

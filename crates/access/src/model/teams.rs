//! Who is in each team, and why.

mod ways;

use std::collections::{BTreeMap, HashMap, HashSet};

use base::Span;
use estate::kinds::{
    Group, Inclusion, MailingInclusion, Person, RoleHolder, Team, TeamRole, TimedMember,
};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;

use super::people::{People, PersonAt, in_organisation};
use super::terms::{Hop, Path, later};
use ways::{Search, way};

pub(in crate::model) use ways::holder_words;

/// The place of a team among all.
pub(super) type TeamAt = usize;

/// What somebody is in a team, by all ways together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) role: TeamRole,
    pub(super) until: Option<Date>,
}

/// One reason why somebody is in a team.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reason<'e> {
    Named(TeamRole, Span),
    Timed(&'e TimedMember),
    Holds {
        group: &'e Item<Group>,
        holder: RoleHolder<'e>,
        included: Span,
        role: TeamRole,
    },
    Through {
        team: TeamAt,
        included: Span,
        role: TeamRole,
    },
}

/// All teams, and who is in them.
pub(super) struct Teams<'e> {
    pub(super) items: Vec<&'e Item<Team>>,
    places: HashMap<&'e str, TeamAt>,
    /// The team that each is a part of.
    pub(super) parents: Vec<Option<TeamAt>>,
    pub(super) parts: Vec<Vec<TeamAt>>,
    pub(super) seats: Vec<BTreeMap<PersonAt, Seat>>,
    reasons: Vec<BTreeMap<PersonAt, Vec<Reason<'e>>>>,
    /// The teams that somebody is in.
    pub(super) of_person: Vec<Vec<TeamAt>>,
}

/// What an inclusion takes people from; none where it cannot be told which it means.
pub(super) enum Source<'e> {
    Group(&'e Item<Group>, Vec<&'e str>),
    Team(&'e Item<Team>),
}

/// What both sorts of inclusion say.
pub(super) struct Included<'e> {
    pub(super) group: Option<&'e Ref<Group>>,
    pub(super) team: Option<&'e Ref<Team>>,
    pub(super) roles: Vec<&'e base::Spanned<String>>,
    pub(super) exclude: &'e [Ref<Person>],
}

impl<'e> From<&'e Inclusion> for Included<'e> {
    fn from(inclusion: &'e Inclusion) -> Self {
        Self {
            group: inclusion.group.as_ref(),
            team: inclusion.team.as_ref(),
            roles: inclusion.roles().collect(),
            exclude: &inclusion.exclude,
        }
    }
}

impl<'e> From<&'e MailingInclusion> for Included<'e> {
    fn from(inclusion: &'e MailingInclusion) -> Self {
        Self {
            group: inclusion.group.as_ref(),
            team: inclusion.team.as_ref(),
            roles: inclusion.roles().collect(),
            exclude: &inclusion.exclude,
        }
    }
}

impl<'e> Included<'e> {
    /// Where it is written; none if it names nothing.
    pub(super) fn span(&self) -> Option<Span> {
        let team = || self.team.map(|team| team.span);
        self.group.map(|group| group.span).or_else(team)
    }

    /// What it takes people from. One that names both a group and a team, or a role of a team,
    /// brings nobody: which people are meant is not for us to guess.
    pub(super) fn source(&self, estate: &'e Estate) -> Option<Source<'e>> {
        match (self.group, self.team) {
            (Some(group), None) => {
                let roles = self.roles.iter().map(|role| role.as_str()).collect();
                Some(Source::Group(estate.find(group)?, roles))
            }
            (None, Some(team)) if self.roles.is_empty() => Some(Source::Team(estate.find(team)?)),
            _ => None,
        }
    }

    pub(super) fn excluded(&self, people: &People<'_>) -> HashSet<PersonAt> {
        self.exclude
            .iter()
            .filter_map(|one| people.find(one))
            .collect()
    }
}

/// Everybody with one of the roles in a group. If none is asked for, everybody in it: not its
/// liaison, who may belong to the body above alone.
pub(super) fn holders<'e>(group: &'e Group, roles: &[&str], day: Date) -> Vec<RoleHolder<'e>> {
    if roles.is_empty() {
        let all = group.holders_on(day);
        let own = |holder: &RoleHolder<'_>| holder.leads || holder.role != Group::LIAISON;
        return all.filter(own).collect();
    }
    let asked = roles.iter();
    asked.flat_map(|role| group.holders_of(role, day)).collect()
}

/// An inclusion of one team in another.
struct Edge {
    from: TeamAt,
    to: TeamAt,
    role: TeamRole,
    included: Span,
    excluded: HashSet<PersonAt>,
}

impl<'e> Teams<'e> {
    pub(super) fn of(estate: &'e Estate, people: &People<'e>, day: Date) -> Self {
        let items: Vec<&Item<Team>> = estate.tables.teams.items().collect();
        let named = items.iter().enumerate();
        let places = named.map(|(at, item)| (item.name.as_str(), at)).collect();
        let mut teams = Self {
            parents: vec![None; items.len()],
            parts: vec![Vec::new(); items.len()],
            seats: vec![BTreeMap::new(); items.len()],
            reasons: vec![BTreeMap::new(); items.len()],
            of_person: vec![Vec::new(); people.items.len()],
            items,
            places,
        };
        let mut edges = Vec::new();
        for at in 0..teams.items.len() {
            let item = teams.items[at];
            let parent = item
                .value
                .parent
                .as_ref()
                .and_then(|parent| estate.find(parent));
            teams.parents[at] = parent.and_then(|parent| teams.place(&parent.name));
            if let Some(parent) = teams.parents[at] {
                teams.parts[parent].push(at);
            }
            teams.seat_own(at, people, day);
            for inclusion in &item.value.include {
                edges.extend(teams.seat_included(at, inclusion, estate, people, day));
            }
        }
        teams.settle(&edges);
        teams.note(&edges);
        teams.lift(estate, people);
        for (at, seats) in teams.seats.iter().enumerate() {
            for person in seats.keys() {
                teams.of_person[*person].push(at);
            }
        }
        teams
    }

    pub(super) fn place(&self, name: &str) -> Option<TeamAt> {
        self.places.get(name).copied()
    }

    /// Gives somebody a seat, or a better one; says whether anything is new.
    fn seat(&mut self, team: TeamAt, person: PersonAt, seat: Seat) -> bool {
        let had = self.seats[team].get(&person).copied();
        let has = had.map_or(seat, |had| Seat {
            role: had.role.max(seat.role),
            until: later(had.until, seat.until),
        });
        self.seats[team].insert(person, has);
        had != Some(has)
    }

    fn because(&mut self, team: TeamAt, person: PersonAt, reason: Reason<'e>) {
        self.reasons[team].entry(person).or_default().push(reason);
    }

    fn seat_own(&mut self, team: TeamAt, people: &People<'e>, day: Date) {
        let value = &self.items[team].value;
        let maintainers = value
            .maintainers
            .iter()
            .map(|one| (one, TeamRole::Maintainer));
        let members = value.members.iter().map(|one| (one, TeamRole::Member));
        for (reference, role) in maintainers.chain(members) {
            if let Some(person) = people.find(reference) {
                self.seat(team, person, Seat { role, until: None });
                self.because(team, person, Reason::Named(role, reference.span));
            }
        }
        for timed in value.temporary.iter().filter(|timed| timed.lasts_on(day)) {
            if let Some(person) = people.find(&timed.person) {
                let until = Some(timed.until.value);
                let role = timed.role;
                self.seat(team, person, Seat { role, until });
                self.because(team, person, Reason::Timed(timed));
            }
        }
    }

    /// Seats those who come from a group; what comes from another team is told later.
    fn seat_included(
        &mut self,
        team: TeamAt,
        inclusion: &'e Inclusion,
        estate: &'e Estate,
        people: &People<'e>,
        day: Date,
    ) -> Option<Edge> {
        let included = Included::from(inclusion);
        let (span, role) = (included.span()?, inclusion.role_here);
        let excluded = included.excluded(people);
        match included.source(estate)? {
            Source::Team(from) => Some(Edge {
                from: self.place(&from.name)?,
                to: team,
                role,
                included: span,
                excluded,
            }),
            Source::Group(group, roles) => {
                for holder in holders(&group.value, &roles, day) {
                    let person = people.find(holder.person);
                    let Some(person) = person.filter(|person| !excluded.contains(person)) else {
                        continue;
                    };
                    let until = holder.until;
                    self.seat(team, person, Seat { role, until });
                    let included = span;
                    let reason = Reason::Holds {
                        group,
                        holder,
                        included,
                        role,
                    };
                    self.because(team, person, reason);
                }
                None
            }
        }
    }

    /// Passes people on from team to team until nothing is new. Seats only grow, so circles end.
    fn settle(&mut self, edges: &[Edge]) {
        let mut leaving: HashMap<TeamAt, Vec<&Edge>> = HashMap::new();
        for edge in edges {
            leaving.entry(edge.from).or_default().push(edge);
        }
        let mut changed: Vec<TeamAt> = edges.iter().map(|edge| edge.from).collect();
        while let Some(from) = changed.pop() {
            let seats: Vec<(PersonAt, Seat)> = self.seats[from]
                .iter()
                .map(|(at, seat)| (*at, *seat))
                .collect();
            for edge in leaving.get(&from).into_iter().flatten() {
                let mut grew = false;
                for (person, seat) in &seats {
                    let until = seat.until;
                    let role = edge.role;
                    grew |= !edge.excluded.contains(person)
                        && self.seat(edge.to, *person, Seat { role, until });
                }
                if grew {
                    changed.push(edge.to);
                }
            }
        }
    }

    /// Notes who came from another team, once it is known who is there.
    fn note(&mut self, edges: &[Edge]) {
        for edge in edges {
            let reason = Reason::Through {
                team: edge.from,
                included: edge.included,
                role: edge.role,
            };
            let there: Vec<PersonAt> = self.seats[edge.from].keys().copied().collect();
            for person in there.into_iter().filter(|one| !edge.excluded.contains(one)) {
                self.because(edge.to, person, reason);
            }
        }
    }

    /// A forge holds the administrators of an organisation for maintainers of its teams, whatever
    /// is said; saying so too keeps a plan from trying in vain.
    fn lift(&mut self, estate: &'e Estate, people: &People<'e>) {
        let mut admins: HashMap<&str, HashSet<PersonAt>> = HashMap::new();
        for organisation in estate.tables.organisations.items() {
            let found = in_organisation(&organisation.value, people).into_iter();
            let found = found.filter(|(_, (admin, _))| *admin).map(|(at, _)| at);
            admins.insert(&organisation.name, found.collect());
        }
        for (item, seats) in self.items.iter().zip(&mut self.seats) {
            let of = item
                .value
                .organisation
                .as_ref()
                .and_then(|of| estate.find(of));
            let Some(admins) = of.and_then(|of| admins.get(of.name.as_str())) else {
                continue;
            };
            for (_, seat) in seats.iter_mut().filter(|(at, _)| admins.contains(at)) {
                seat.role = TeamRole::Maintainer;
            }
        }
    }

    /// The team and all it is a part of, from below; circles are cut.
    pub(super) fn upwards(&self, team: TeamAt) -> Vec<TeamAt> {
        let mut way = vec![team];
        while let Some(parent) = way.last().and_then(|last| self.parents[*last]) {
            if way.contains(&parent) {
                break;
            }
            way.push(parent);
        }
        way
    }

    /// The team and all its parts, with the way of each up to it; circles are cut.
    pub(super) fn downwards(&self, team: TeamAt) -> Vec<Vec<TeamAt>> {
        let (mut seen, mut found) = (HashSet::from([team]), vec![vec![team]]);
        let mut next = 0;
        while let Some(way) = found.get(next).cloned() {
            let below = way.first().map(|first| self.parts[*first].as_slice());
            for part in below.unwrap_or_default() {
                if seen.insert(*part) {
                    found.push([&[*part], way.as_slice()].concat());
                }
            }
            next += 1;
        }
        found
    }

    /// Every way by which somebody is in a team.
    pub(super) fn ways(&self, team: TeamAt, person: PersonAt, estate: &Estate) -> Vec<Path> {
        let mut search = Search::of(self, estate, person);
        let mut ways = search.ways(team);
        let Some(seat) = self.seats[team].get(&person) else {
            return ways;
        };
        if ways.is_empty() {
            // Only where inclusions were made to confuse: they are in it all the same.
            let said = format!("{} of {}", seat.role, self.items[team].subject());
            let at = estate.sources.line_of(self.items[team].span);
            ways.push(way(seat.role, seat.until, vec![Hop { said, at }]));
        }
        if ways.iter().all(|way| way.level != seat.role.into()) {
            for way in &mut ways {
                way.level = seat.role.into();
            }
        }
        ways
    }
}

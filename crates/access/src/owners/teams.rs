//! The teams that stand for exactly some people.

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::{Permission, Person, Privacy, Team};
use estate::{Estate, Item, Ref};

use super::claims::login;

/// Teams of one organisation that may own files of one repository, by who is in them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Teams {
    by_people: BTreeMap<BTreeSet<String>, String>,
}

impl Teams {
    /// Teams as `organisation/team`, each with the logins of all its people. Of two with the
    /// same people the first by name stands for them; a team of nobody stands for nobody.
    pub fn new(teams: impl IntoIterator<Item = (String, BTreeSet<String>)>) -> Self {
        let teams: BTreeSet<(String, BTreeSet<String>)> = teams.into_iter().collect();
        let mut by_people = BTreeMap::new();
        for (name, people) in teams.into_iter().filter(|(_, people)| !people.is_empty()) {
            let people = people.iter().map(|login| login.to_lowercase()).collect();
            by_people.entry(people).or_insert(name);
        }
        Self { by_people }
    }

    /// The teams of the estate that GitHub would take for owners in a repository: visible ones
    /// of its organisation that may write to it. Those whose people follow from elsewhere or
    /// change with time are left out, for a file would not follow.
    pub fn declared(estate: &Estate, repository: &str) -> Self {
        let Some((organisation, _)) = repository.split_once('/') else {
            return Self::default();
        };
        let teams = estate.tables.teams.items().filter(|team| {
            let there = team.value.organisation.as_ref();
            there.is_some_and(|there| there.name.eq_ignore_ascii_case(organisation))
                && team.value.privacy == Privacy::Visible
                && may_write(team, repository)
        });
        let named = teams.filter_map(|team| {
            let people = all_people(estate, team)?;
            Some((format!("{organisation}/{}", slug(own_name(team))), people))
        });
        Self::new(named)
    }

    /// The team that stands for exactly these people, logins in lower case.
    pub fn of(&self, people: &BTreeSet<String>) -> Option<&str> {
        self.by_people.get(people).map(String::as_str)
    }
}

/// The name in its organisation: in an adopted tree what follows the organisation's, else the title.
fn own_name(team: &Item<Team>) -> &str {
    let of = team.value.organisation.as_ref();
    let below = of.and_then(|of| team.name.strip_prefix(&of.name)?.strip_prefix('/'));
    below.unwrap_or_else(|| team.title())
}

fn may_write(team: &Item<Team>, repository: &str) -> bool {
    team.value.grants.iter().any(|grant| {
        grant.permission >= Permission::Write && grant.repository.eq_ignore_ascii_case(repository)
    })
}

/// Everybody in a team and the teams below it, as GitHub counts them; `None` where that
/// follows from elsewhere.
fn all_people(estate: &Estate, top: &Item<Team>) -> Option<BTreeSet<String>> {
    let mut people = BTreeSet::new();
    let mut below = vec![top];
    let mut seen = BTreeSet::new();
    while let Some(team) = below.pop() {
        if !seen.insert(team.name.as_str()) {
            continue;
        }
        if !team.value.include.is_empty() || !team.value.temporary.is_empty() {
            return None;
        }
        let named: &mut dyn Iterator<Item = &Ref<Person>> = &mut team.value.people();
        people.extend(named.map(|person| login(estate, person).to_lowercase()));
        below.extend(estate.tables.teams.items().filter(|child| {
            let parent = child.value.parent.as_ref();
            let parent = parent.and_then(|parent| estate.find(parent));
            parent.is_some_and(|parent| parent.name == team.name)
        }));
    }
    Some(people)
}

/// A team's name in an address at GitHub.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

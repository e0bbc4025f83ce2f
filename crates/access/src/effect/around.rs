//! What judging needs to know beside a change: what is there before and after the whole plan, and
//! who is who.

use std::collections::{BTreeSet, HashMap, HashSet};

use change::Change;
use estate::kinds::Person;
use estate::{Addressee, Email, Estate, Item};
use serde_json::Value;

use crate::desired::{is_of, team_key};
use crate::level::{self, Level};
use crate::model::Matrix;
use crate::scope::Part;
use crate::{Entry, Key, Sort, State};

/// What judging needs to know beside a change.
pub(crate) struct Around<'e> {
    pub(super) estate: &'e Estate,
    before: Option<&'e Estate>,
    matrix: &'e Matrix<'e>,
    part: Part<'e>,
    /// How the system is reached, or how much of it may change, is new too.
    pub(super) governed_anew: bool,
    /// What is there before the plan, and after it.
    pub(super) current: &'e State,
    after: State,
    /// The items of teams, by their names in the organisation.
    pub(super) teams: HashMap<String, &'e str>,
    /// What the estate had in the scope at the base, by the names of then; none if that is not known.
    declared_before: Option<HashSet<String>>,
    /// Teams whose people may push where others may not.
    pushing: HashSet<String>,
}

/// What is judged, and against what.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'e> {
    pub(crate) estate: &'e Estate,
    pub(crate) before: Option<&'e Estate>,
    pub(crate) matrix: &'e Matrix<'e>,
    pub(crate) part: Part<'e>,
    pub(crate) governed_anew: bool,
    pub(crate) current: &'e State,
}

/// The teams of an organisation: their names there, and the items they are.
fn teams_of<'e>(estate: &'e Estate, part: Part<'_>) -> HashMap<String, &'e str> {
    let Part::Organisation(organisation) = part else {
        return HashMap::new();
    };
    let teams = estate.tables.teams.items();
    let teams = teams.filter(|team| is_of(&team.value, &organisation.name));
    let keyed = teams.map(|team| (team_key(&team.name, &team.value), team.name.as_str()));
    keyed.collect()
}

/// The names of all teams, mailing groups or groups that an estate has in a scope.
fn names_of(estate: &Estate, part: Part<'_>) -> HashSet<String> {
    let tables = &estate.tables;
    match part {
        Part::Organisation(_) => {
            let mut names: HashSet<String> = teams_of(estate, part).into_keys().collect();
            let former = tables.teams.items().flat_map(|team| &team.value.previously);
            names.extend(former.map(|name| name.to_lowercase()));
            names
        }
        Part::MailDomain(_) => {
            let lists = tables.mailing_groups.items();
            lists
                .map(|list| list.value.email.as_str().to_lowercase())
                .collect()
        }
        Part::Directory(_) => {
            let teams = tables.teams.items().flat_map(|team| {
                let roles = team
                    .value
                    .roles
                    .iter()
                    .filter_map(|role| role.group.as_ref());
                team.value.directory_group.iter().chain(roles)
            });
            teams.map(|name| name.to_lowercase()).collect()
        }
    }
}

impl<'e> Around<'e> {
    /// Around these changes, which are all of the plan in its scope.
    pub(crate) fn new(judged: Judged<'e>, changes: &[&mut Change]) -> Self {
        let mut after = judged.current.clone();
        for change in changes {
            let Some(key) = Key::parse(&change.resource) else {
                continue;
            };
            match &change.after {
                Some(value) => {
                    after.entries.insert(key, Entry::real(value.clone()));
                }
                None => {
                    after.entries.remove(&key);
                }
            }
        }
        let both = judged.current.entries.iter().chain(&after.entries);
        let branches = both.filter(|(key, _)| key.sort == Sort::Branch);
        let pushing = branches.flat_map(|(_, entry)| {
            let teams = entry.value["push_teams"].as_array().into_iter().flatten();
            teams.filter_map(Value::as_str).map(str::to_lowercase)
        });
        let declared_before = judged.before.map(|before| names_of(before, judged.part));
        Self {
            pushing: pushing.collect(),
            teams: teams_of(judged.estate, judged.part),
            declared_before,
            estate: judged.estate,
            before: judged.before,
            matrix: judged.matrix,
            part: judged.part,
            governed_anew: judged.governed_anew,
            current: judged.current,
            after,
        }
    }

    /// What people call the scope.
    pub(super) fn name(&self) -> &'e str {
        match self.part {
            Part::Organisation(item) => &item.name,
            Part::MailDomain(name) | Part::Directory(name) => name,
        }
    }

    /// A team and all above it, as they are and as they shall be.
    fn above(&self, team: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![team.to_owned()];
        while let Some(team) = open.pop() {
            if !found.insert(team.clone()) {
                continue;
            }
            let key = Key::new(Sort::Team, &team);
            let values = [self.current.value(&key), self.after.value(&key)];
            let parents = values.into_iter().flatten();
            let parents = parents.filter_map(|value| value["parent"].as_str());
            open.extend(parents.map(str::to_lowercase));
        }
        found
    }

    /// A team and all below it, as they shall be.
    fn below(&self, team: &str) -> BTreeSet<String> {
        let teams = || {
            self.after
                .entries
                .iter()
                .filter(|(key, _)| key.sort == Sort::Team)
        };
        let mut found = BTreeSet::from([team.to_owned()]);
        loop {
            let more = teams().filter(|(_, entry)| {
                let parent = entry.value["parent"].as_str().map(str::to_lowercase);
                parent.is_some_and(|parent| found.contains(&parent))
            });
            let more: Vec<String> = more
                .map(|(key, _)| key.name.clone())
                .filter(|name| !found.contains(name))
                .collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }

    /// Whether whoever is in a team may do everything somewhere, or push where others may not,
    /// by the team itself or by one above it.
    pub(super) fn administers(&self, team: &str) -> bool {
        self.above(team).iter().any(|team| {
            let granted = |state: &State| {
                let mut grants = state.within(Sort::TeamGrant, team);
                grants.any(|(_, entry)| entry.value["permission"] == "admin")
            };
            self.pushing.contains(team) || granted(self.current) || granted(&self.after)
        })
    }

    /// Whether nobody is left on a list who may do everything. Who has still to accept is not there yet.
    pub(super) fn leaves_no_admin(&self, key: &Key) -> bool {
        if !matches!(key.sort, Sort::Member | Sort::MailingMember) {
            return false;
        }
        let left = self
            .after
            .within(key.sort, &key.of)
            .filter(|(other, entry)| {
                let here = self.current.entries.contains_key(other);
                let answered = !self.current.pending.contains(other);
                let admin = level::of(other, Some(&entry.value)) == Some(Level::Admin);
                admin && (here || key.sort != Sort::Member) && answered
            });
        left.count() == 0
    }

    /// Who is given more by a change of a resource, as far as the estate knows them.
    pub(super) fn people(&self, key: &Key) -> Vec<String> {
        match key.sort {
            Sort::Member
            | Sort::TeamMember
            | Sort::Collaborator
            | Sort::DirectoryMember
            | Sort::Person => self.named(&key.name),
            Sort::MailingMember => self.behind(&key.name),
            Sort::TeamGrant => self.people_of_team(&key.of),
            Sort::Team => self.people_of_team(&key.name),
            _ => Vec::new(),
        }
    }

    /// The people in a team and in those below it.
    pub(super) fn people_of_team(&self, team: &str) -> Vec<String> {
        let teams = self.below(team);
        let members = teams
            .iter()
            .flat_map(|team| self.after.within(Sort::TeamMember, team));
        members
            .flat_map(|(member, _)| self.named(&member.name))
            .collect()
    }

    /// Who a login or name is of: in the estate, and in the one at the base, should they differ.
    pub(super) fn named(&self, login: &str) -> Vec<String> {
        let login = login.split('#').next().unwrap_or(login);
        let estates = [Some(self.estate), self.before].into_iter().flatten();
        let mut found = Vec::new();
        for estate in estates {
            let people = estate.tables.people.items();
            let person = estate.tables.people.get(login);
            found.extend(person.map(|one| one.name.clone()));
            // Another file may say that the same account is theirs.
            let Some(number) = person.and_then(|one| one.value.handles.github_id) else {
                continue;
            };
            let same = people.filter(|one| one.value.handles.github_id == Some(number));
            found.extend(same.map(|one| one.name.clone()));
        }
        found
    }

    /// The people behind an address: whose it is, or who is in the mailing group that it is.
    fn behind(&self, address: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![address.to_owned()];
        while let Some(address) = open.pop() {
            let Some(address) = Email::new(&address) else {
                continue;
            };
            let estates = [Some(self.estate), self.before].into_iter().flatten();
            for estate in estates {
                match estate.address_book.whose(&address) {
                    Some(Addressee::Person(name)) => found.push(name.to_owned()),
                    Some(Addressee::MailingGroup(name)) if seen.insert(name.to_owned()) => {
                        let members = self.matrix.mailing(name).into_iter();
                        open.extend(members.map(|member| member.address));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// Whether the account or address of whoever gains is another than at the base, or was
    /// somebody else's there.
    pub(super) fn is_somebody_else(&self, key: &Key) -> bool {
        let Some(before) = self.before else {
            return false;
        };
        let marks = |person: &Item<Person>| {
            let value = &person.value;
            let login = value
                .handles
                .github
                .as_ref()
                .map(|login| login.to_lowercase());
            let mail: BTreeSet<String> = value.emails().map(|one| one.value.mailbox()).collect();
            (login, value.handles.github_id, mail)
        };
        self.people(key).iter().any(|name| {
            let is = self.estate.tables.people.get(name);
            let was = before.tables.people.get(name);
            match (was, is) {
                // Who is met in other files only has nothing that could be another.
                (Some(was), Some(is)) => {
                    let (was, is) = (marks(was), marks(is));
                    let logins = was.0.as_ref().or(Some(name)) != is.0.as_ref().or(Some(name));
                    let numbers = was.1.is_some() && was.1 != is.1;
                    let mail = key.sort == Sort::MailingMember || key.sort == Sort::Person;
                    logins || numbers || mail && !was.2.is_empty() && was.2 != is.2
                }
                _ => false,
            }
        })
    }

    /// Whether it is, or is in, something that is there already and that the estate did not have at
    /// the base: a file took it over by declaring it, or by naming its old name.
    pub(super) fn is_taken_over(&self, key: &Key) -> bool {
        let Some(declared_before) = &self.declared_before else {
            return false;
        };
        let container = match key.sort {
            Sort::Team | Sort::MailingGroup | Sort::DirectoryGroup => key.clone(),
            _ => match key.container() {
                Some(container) if container.sort != Sort::Repository => container,
                _ => return false,
            },
        };
        let there = self.current.value(&container);
        there.is_some_and(|there| {
            let name = there["name"]
                .as_str()
                .filter(|_| container.sort == Sort::Team);
            let name = name.unwrap_or(&container.name).to_lowercase();
            !declared_before.contains(&name) && !declared_before.contains(&container.name)
        })
    }
}

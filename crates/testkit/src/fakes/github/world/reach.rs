//! Who reaches what: what follows from memberships, roles and grants.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Org, Permission, Repo, Role, TeamRole, World};

impl Org {
    /// What an account is in a team by itself. Owners are maintainers of every team they are in.
    pub fn own_team_role(&self, team: u64, account: u64) -> Option<TeamRole> {
        let role = *self.teams.get(&team)?.members.get(&account)?;
        let owner = self.members.get(&account) == Some(&Role::Owner);
        Some(if owner { TeamRole::Maintainer } else { role })
    }

    /// The members of a team with those of all teams below it, as the REST interface lists
    /// them. Who is there by a team below is a plain member, or a maintainer as an owner.
    pub fn team_members(&self, team: u64) -> BTreeMap<u64, TeamRole> {
        let mut found = BTreeMap::new();
        for below in self.descendants(team) {
            for account in self
                .teams
                .get(&below)
                .into_iter()
                .flat_map(|t| t.members.keys())
            {
                let owner = self.members.get(account) == Some(&Role::Owner);
                let role = if owner {
                    TeamRole::Maintainer
                } else {
                    TeamRole::Member
                };
                found.insert(*account, role);
            }
        }
        let own = self.teams.get(&team).into_iter();
        for account in own.flat_map(|team| team.members.keys()) {
            if let Some(role) = self.own_team_role(team, *account) {
                found.insert(*account, role);
            }
        }
        found
    }

    /// What a team may do, by repository: its own grants and those of the teams above it, the
    /// higher of the two.
    pub fn team_grants(&self, team: u64) -> BTreeMap<u64, Permission> {
        let mut found: BTreeMap<u64, Permission> = BTreeMap::new();
        let mut line = self.ancestors(team);
        line.push(team);
        for id in line {
            for (repo, permission) in self.teams.get(&id).into_iter().flat_map(|t| &t.repos) {
                let known = found.entry(*repo).or_insert(*permission);
                *known = (*known).max(*permission);
            }
        }
        found
    }

    /// What a team may do with one repository, by itself or by a team above it.
    pub fn team_grant(&self, team: u64, repo: u64) -> Option<Permission> {
        let line = std::iter::once(team).chain(self.ancestors(team));
        line.filter_map(|id| self.teams.get(&id)?.repos.get(&repo).copied())
            .max()
    }

    /// What every member may do with every repository.
    pub fn base_permission(&self) -> Option<Permission> {
        let setting = self.settings.get("default_repository_permission");
        Permission::named(setting.and_then(Value::as_str)?)
    }
}

impl World {
    /// Everybody who reaches a repository, with the highest that they have from anywhere:
    /// `affiliation=all`.
    pub fn reach(&self, repo: &Repo) -> BTreeMap<u64, Permission> {
        let mut found = repo.collaborators.clone();
        let mut add = |account: u64, permission: Permission| {
            let known = found.entry(account).or_insert(permission);
            *known = (*known).max(permission);
        };
        if self.accounts.contains_key(&repo.owner) {
            add(repo.owner, Permission::Admin);
        }
        if let Some(org) = self.orgs.get(&repo.owner) {
            for (account, role) in &org.members {
                match role {
                    Role::Owner => add(*account, Permission::Admin),
                    Role::Member => org
                        .base_permission()
                        .into_iter()
                        .for_each(|base| add(*account, base)),
                }
            }
            for team in org.teams.keys() {
                if let Some(permission) = org.team_grant(*team, repo.id) {
                    let members = org.teams.get(team).into_iter();
                    members
                        .flat_map(|team| team.members.keys())
                        .for_each(|account| add(*account, permission));
                }
            }
        }
        found
    }

    /// Those of the repository's collaborators who are not in its organisation.
    pub fn outside(&self, repo: &Repo) -> BTreeMap<u64, Permission> {
        let members = self.orgs.get(&repo.owner).map(|org| &org.members);
        let inside = |account: &u64| members.is_some_and(|members| members.contains_key(account));
        let all = repo.collaborators.iter();
        all.filter(|(account, _)| !inside(account))
            .map(|(account, permission)| (*account, *permission))
            .collect()
    }
}

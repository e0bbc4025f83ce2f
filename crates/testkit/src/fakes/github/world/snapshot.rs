//! A world by its names, to compare with another one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Org, Privacy, Repo, Role, TeamRole, World};

/// What is true in a world, without the numbers and times that depend on the order in which it
/// came about. Two that are equal grant the same to the same people.
///
/// One line for each fact, path and value, so that a failing comparison reads well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(pub BTreeMap<String, Value>);

impl Snapshot {
    /// The paths where two snapshots differ.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut paths: Vec<&String> = self.0.keys().chain(other.0.keys()).collect();
        paths.sort_unstable();
        paths.dedup();
        let show = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
        paths
            .into_iter()
            .map(|path| (path, self.0.get(path), other.0.get(path)))
            .filter(|(_, one, other)| one != other)
            .map(|(path, one, other)| format!("{path}: {} is {}", show(one), show(other)))
            .collect()
    }
}

impl World {
    /// What is true now.
    pub fn snapshot(&self) -> Snapshot {
        let mut facts = BTreeMap::new();
        for org in self.orgs.values() {
            self.org_facts(org, &mut facts);
        }
        for repo in self.repos.values() {
            self.repo_facts(repo, &mut facts);
        }
        for installation in self.installations.values() {
            let repos = installation.repos.as_ref().map(|repos| {
                let names = repos.iter().filter_map(|id| self.repos.get(id));
                let mut names: Vec<String> = names.map(|repo| self.full_name(repo)).collect();
                names.sort_unstable();
                names
            });
            let org = self.login_of(installation.org);
            let path = format!("{org}/installations/{}", installation.app_slug);
            facts.insert(path, json!(repos));
        }
        Snapshot(facts)
    }

    fn org_facts(&self, org: &Org, facts: &mut BTreeMap<String, Value>) {
        let top = &org.login;
        facts.insert(format!("{top}/settings"), sorted(&org.settings));
        for (account, role) in &org.members {
            let path = format!("{top}/members/{}", self.login_of(*account));
            facts.insert(path, json!(role_name(*role)));
        }
        for invitation in org.invitations.values() {
            let who = invitation.account.map(|account| self.login_of(account));
            let who = who.or(invitation.email.as_deref()).unwrap_or_default();
            let teams: Map<String, Value> = invitation
                .teams
                .iter()
                .filter_map(|(id, role)| Some((org.teams.get(id)?.slug.clone(), role)))
                .map(|(slug, role)| (slug, json!(team_role_name(*role))))
                .collect();
            let path = format!("{top}/invitations/{who}");
            let role = role_name(invitation.role);
            facts.insert(path, json!({"role": role, "teams": sorted(&teams)}));
        }
        for team in org.teams.values() {
            let path = format!("{top}/teams/{}", team.slug);
            let parent = team.parent.and_then(|id| org.teams.get(&id));
            let settings = json!({
                "name": team.name,
                "description": team.description,
                "privacy": privacy_name(team.privacy),
                "notifies": team.notifies,
                "parent": parent.map(|parent| &parent.slug),
            });
            facts.insert(path.clone(), settings);
            for account in team.members.keys() {
                let role = org.own_team_role(team.id, *account);
                let path = format!("{path}/members/{}", self.login_of(*account));
                facts.insert(path, json!(role.map(team_role_name)));
            }
            for (repo, permission) in &team.repos {
                let name = self.repos.get(repo).map_or("", |repo| &repo.name);
                facts.insert(format!("{path}/repos/{name}"), json!(permission.name()));
            }
        }
    }

    fn repo_facts(&self, repo: &Repo, facts: &mut BTreeMap<String, Value>) {
        let top = self.full_name(repo);
        let parent = repo.parent.and_then(|id| self.repos.get(&id));
        let mut settings = repo.settings.clone();
        settings.insert("visibility".to_owned(), json!(repo.visibility));
        settings.insert("archived".to_owned(), json!(repo.archived));
        settings.insert(
            "parent".to_owned(),
            json!(parent.map(|parent| self.full_name(parent))),
        );
        facts.insert(format!("{top}/settings"), sorted(&settings));
        for (account, permission) in &repo.collaborators {
            let path = format!("{top}/collaborators/{}", self.login_of(*account));
            facts.insert(path, json!(permission.name()));
        }
        for invitation in repo.invitations.values().filter(|one| !one.expired) {
            let path = format!("{top}/invitations/{}", self.login_of(invitation.account));
            facts.insert(path, json!(invitation.permission.name()));
        }
        for (branch, protection) in &repo.protections {
            facts.insert(format!("{top}/protection/{branch}"), protection.clone());
        }
    }
}

/// The same settings, whatever order they were made in.
fn sorted(map: &Map<String, Value>) -> Value {
    let ordered: BTreeMap<&String, &Value> = map.iter().collect();
    json!(ordered)
}

/// As the REST interface names it.
pub(in crate::fakes::github) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Owner => "admin",
    }
}

/// As both interfaces name it, but for case.
pub(in crate::fakes::github) fn team_role_name(role: TeamRole) -> &'static str {
    match role {
        TeamRole::Member => "member",
        TeamRole::Maintainer => "maintainer",
    }
}

/// As the REST interface names it.
pub(in crate::fakes::github) fn privacy_name(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Secret => "secret",
        Privacy::Closed => "closed",
    }
}

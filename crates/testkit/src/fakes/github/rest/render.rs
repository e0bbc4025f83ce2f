//! Things as JSON, with all that the world knows of them. The description then picks the
//! members that an operation shows, and fills in those that the world knows nothing of.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::fakes::github::world::snapshot::{privacy_name, role_name};
use crate::fakes::github::world::{
    Installation, Invitation, Org, Permission, Repo, RepoInvitation, Team, World,
};

/// The opaque id that both interfaces have for a thing.
pub(in crate::fakes::github) fn node_id(prefix: &str, id: u64) -> String {
    format!("{prefix}_kgDO{id:09}")
}

/// The number in an opaque id, and its prefix.
pub(in crate::fakes::github) fn of_node_id(id: &str) -> Option<(&str, u64)> {
    let (prefix, number) = id.split_once("_kgDO")?;
    Some((prefix, number.parse().ok()?))
}

/// A time as GitHub writes it.
pub(in crate::fakes::github) fn time(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string())
}

/// A world, seen from an address.
#[derive(Debug, Clone, Copy)]
pub(in crate::fakes::github) struct View<'a> {
    pub(in crate::fakes::github) world: &'a World,
    pub(in crate::fakes::github) base: &'a str,
}

impl View<'_> {
    /// An account or an organisation, as whoever owns or does something.
    pub(super) fn user(self, id: u64) -> Value {
        let login = self.world.login_of(id);
        let account = self.world.accounts.get(&id);
        let kind = if account.is_some() {
            ("User", "U")
        } else {
            ("Organization", "O")
        };
        json!({
            "login": login,
            "id": id,
            "node_id": node_id(kind.1, id),
            "type": kind.0,
            "user_view_type": "public",
            "name": account.and_then(|account| account.name.clone()),
            "email": account.and_then(|account| account.email.clone()),
            "url": format!("{}/users/{login}", self.base),
            "html_url": format!("https://github.com/{login}"),
            "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}?v=4"),
            "created_at": "2011-01-25T18:44:36Z",
            "updated_at": "2011-01-25T18:44:36Z",
            "site_admin": false,
        })
    }

    /// An account with what it may do with a repository.
    pub(super) fn collaborator(self, id: u64, permission: Permission) -> Value {
        let mut value = self.user(id);
        value["permissions"] = permissions(Some(permission));
        value["role_name"] = json!(permission.role_name());
        value
    }

    /// An organisation with its settings.
    pub(super) fn org(self, org: &Org) -> Value {
        let login = &org.login;
        let mut map = org.settings.clone();
        let url = format!("{}/orgs/{login}", self.base);
        let repos = self
            .world
            .repos
            .values()
            .filter(|repo| repo.owner == org.id);
        let two_factor = org.settings.get("two_factor_requirement_enabled");
        merge(
            &mut map,
            json!({
                "login": login,
                "id": org.id,
                "node_id": node_id("O", org.id),
                "url": url,
                "html_url": format!("https://github.com/{login}"),
                "members_url": format!("{url}/members{{/member}}"),
                "public_members_url": format!("{url}/public_members{{/member}}"),
                "repos_url": format!("{url}/repos"),
                "events_url": format!("{url}/events"),
                "hooks_url": format!("{url}/hooks"),
                "issues_url": format!("{url}/issues"),
                "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", org.id),
                "type": "Organization",
                "is_verified": false,
                "public_repos": repos.filter(|repo| repo.visibility == "public").count(),
                "two_factor_requirement_enabled": two_factor,
                "created_at": "2008-05-11T04:37:31Z",
                "updated_at": time(self.world.now),
                "archived_at": org.archived.then(|| time(self.world.now)),
            }),
        );
        // What may be absent is absent, not null: the description has no null for these.
        let open = ["name", "company", "location", "email"];
        map.retain(|name, value| !(value.is_null() && open.contains(&name.as_str())));
        Value::Object(map)
    }

    /// A membership, of a member or of somebody invited.
    pub(super) fn org_membership(self, org: &Org, account: u64) -> Option<Value> {
        let (state, role) = match org.members.get(&account) {
            Some(role) => ("active", *role),
            None => ("pending", org.invitation_of(account)?.role),
        };
        let login = self.world.login_of(account);
        let url = format!("{}/orgs/{}", self.base, org.login);
        Some(json!({
            "state": state,
            "role": role_name(role),
            "url": format!("{url}/memberships/{login}"),
            "organization_url": url,
            "organization": self.org(org),
            "user": self.user(account),
        }))
    }

    /// An invitation to an organisation.
    pub(super) fn invitation(self, org: &Org, invitation: &Invitation) -> Value {
        let role = match role_name(invitation.role) {
            "member" => "direct_member",
            other => other,
        };
        let login = invitation.account.map(|id| self.world.login_of(id));
        let url = format!("{}/orgs/{}/invitations", self.base, org.login);
        let failed = invitation.failed.as_ref();
        json!({
            "id": invitation.id,
            "node_id": node_id("OI", invitation.id),
            "login": login,
            "email": invitation.email,
            "role": role,
            "created_at": time(invitation.created),
            "failed_at": failed.map(|(at, _)| time(*at)),
            "failed_reason": failed.map(|(_, reason)| reason),
            "inviter": self.user(invitation.inviter),
            "team_count": invitation.teams.len(),
            "invitation_teams_url": format!("{url}/{}/teams", invitation.id),
            "invitation_source": "member",
        })
    }

    /// A team, with its parent if it has one.
    pub(super) fn team(self, org: &Org, team: &Team) -> Value {
        let mut value = self.plain_team(org, team);
        let parent = team.parent.and_then(|id| org.teams.get(&id));
        value["parent"] = json!(parent.map(|parent| self.plain_team(org, parent)));
        value["members_count"] = json!(org.team_members(team.id).len());
        value["repos_count"] = json!(org.team_grants(team.id).len());
        value["organization"] = self.org(org);
        value
    }

    /// A team in a list of those that reach a repository.
    pub(super) fn team_with(self, org: &Org, team: &Team, permission: Permission) -> Value {
        let mut value = self.plain_team(org, team);
        let parent = team.parent.and_then(|id| org.teams.get(&id));
        value["parent"] = json!(parent.map(|parent| self.plain_team(org, parent)));
        value["permission"] = json!(permission.name());
        value["permissions"] = permissions(Some(permission));
        value
    }

    fn plain_team(self, org: &Org, team: &Team) -> Value {
        let url = format!("{}/organizations/{}/team/{}", self.base, org.id, team.id);
        json!({
            "id": team.id,
            "node_id": node_id("T", team.id),
            "name": team.name,
            "slug": team.slug,
            "description": team.description,
            "privacy": privacy_name(team.privacy),
            "notification_setting":
                if team.notifies { "notifications_enabled" } else { "notifications_disabled" },
            "permission": team.default_permission.name(),
            "url": url,
            "html_url": format!("https://github.com/orgs/{}/teams/{}", org.login, team.slug),
            "members_url": format!("{url}/members{{/member}}"),
            "repositories_url": format!("{url}/repos"),
            "type": "organization",
            "organization_id": org.id,
            "created_at": "2017-07-14T16:53:42Z",
            "updated_at": time(self.world.now),
        })
    }

    /// A repository, with what somebody may do with it.
    pub(super) fn repo(self, repo: &Repo, permission: Option<Permission>) -> Value {
        let full_name = self.world.full_name(repo);
        let url = format!("{}/repos/{full_name}", self.base);
        let mut map = repo.settings.clone();
        let created = time(self.world.now);
        merge(
            &mut map,
            json!({
                "id": repo.id,
                "node_id": node_id("R", repo.id),
                "name": repo.name,
                "full_name": full_name,
                "owner": self.user(repo.owner),
                "private": repo.visibility != "public",
                "visibility": repo.visibility,
                "archived": repo.archived,
                "disabled": false,
                "fork": repo.parent.is_some(),
                "url": url,
                "html_url": format!("https://github.com/{full_name}"),
                "clone_url": format!("https://github.com/{full_name}.git"),
                "teams_url": format!("{url}/teams"),
                "collaborators_url": format!("{url}/collaborators{{/collaborator}}"),
                "created_at": created,
                "updated_at": created,
                "pushed_at": created,
                "permissions": permissions(permission),
                "role_name": permission.map(Permission::role_name).unwrap_or_default(),
            }),
        );
        if let Some(parent) = repo.parent.and_then(|id| self.world.repos.get(&id)) {
            let parent = self.repo(parent, None);
            map.insert("source".to_owned(), parent.clone());
            map.insert("parent".to_owned(), parent);
        }
        if self.world.orgs.contains_key(&repo.owner) {
            map.insert("organization".to_owned(), self.user(repo.owner));
        }
        Value::Object(map)
    }

    /// An invitation to a repository.
    pub(super) fn repo_invitation(self, repo: &Repo, invitation: &RepoInvitation) -> Value {
        let url = format!(
            "{}/user/repository_invitations/{}",
            self.base, invitation.id
        );
        let full_name = self.world.full_name(repo);
        json!({
            "id": invitation.id,
            "node_id": node_id("RI", invitation.id),
            "repository": self.repo(repo, None),
            "invitee": self.user(invitation.account),
            "inviter": self.user(invitation.inviter),
            "permissions": invitation.permission.role_name(),
            "created_at": time(invitation.created),
            "expired": invitation.expired,
            "url": url,
            "html_url": format!("https://github.com/{full_name}/invitations"),
        })
    }

    /// An app installed in an organisation.
    pub(super) fn installation(self, installation: &Installation) -> Value {
        let url = format!("{}/installations/{}", self.base, installation.id);
        let login = self.world.login_of(installation.org);
        let at = format!(
            "organizations/{login}/settings/installations/{}",
            installation.id
        );
        json!({
            "id": installation.id,
            "app_id": installation.app_id,
            "app_slug": installation.app_slug,
            "target_id": installation.org,
            "target_type": "Organization",
            "account": self.user(installation.org),
            "repository_selection":
                if installation.repos.is_some() { "selected" } else { "all" },
            "access_tokens_url": format!("{url}/access_tokens"),
            "repositories_url": format!("{}/installation/repositories", self.base),
            "html_url": format!("https://github.com/{at}"),
            "events": [],
            "permissions": {"contents": "read", "metadata": "read"},
            "created_at": time(self.world.now),
            "updated_at": time(self.world.now),
        })
    }
}

/// Each permission, and whether this one includes it.
pub(super) fn permissions(permission: Option<Permission>) -> Value {
    let included = Permission::ALL.map(|one| {
        let has = permission.is_some_and(|permission| permission >= one);
        (one.name().to_owned(), json!(has))
    });
    Value::Object(included.into_iter().collect())
}

fn merge(map: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        map.extend(more);
    }
}

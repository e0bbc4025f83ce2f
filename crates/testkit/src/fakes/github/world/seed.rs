//! What tests write into the world, and what happens in it without a request.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    Account, Installation, Invitation, Org, Permission, Privacy, Repo, Role, Team, TeamRole, World,
    same, slug,
};
use crate::fakes::github::GitHub;

impl World {
    /// Adds an account.
    ///
    /// # Panics
    /// The login or the number is taken.
    pub fn add_account(&mut self, login: &str, id: u64) -> &mut Account {
        assert!(
            self.account(login).is_none() && self.org(login).is_none(),
            "the login {login} is taken"
        );
        assert!(
            !self.accounts.contains_key(&id) && !self.orgs.contains_key(&id),
            "the number {id} is taken"
        );
        self.accounts.entry(id).or_insert_with(|| Account {
            id,
            login: login.to_owned(),
            name: None,
            email: None,
            two_factor: true,
            token: None,
        })
    }

    /// Adds an organisation, with [`GitHub::BOT`] as its only owner.
    ///
    /// # Panics
    /// The login is taken.
    pub fn add_org(&mut self, login: &str) -> &mut Org {
        assert!(
            self.account(login).is_none() && self.org(login).is_none(),
            "the login {login} is taken"
        );
        let id = self.new_id();
        let bot = self.account(GitHub::BOT).map(|bot| (bot.id, Role::Owner));
        self.orgs.entry(id).or_insert_with(|| Org {
            id,
            login: login.to_owned(),
            settings: org_settings(),
            members: bot.into_iter().collect(),
            invitations: BTreeMap::new(),
            failed: BTreeMap::new(),
            teams: BTreeMap::new(),
            blocked: BTreeSet::new(),
            archived: false,
        })
    }

    /// The organisation with this login, to change.
    ///
    /// # Panics
    /// There is none.
    pub fn org_mut(&mut self, login: &str) -> &mut Org {
        let mut all = self.orgs.values_mut();
        let found = all.find(|org| same(&org.login, login));
        found.unwrap_or_else(|| panic!("there is no organisation {login}"))
    }

    /// The team with this slug, to change.
    ///
    /// # Panics
    /// There is none.
    pub fn team_mut(&mut self, org: &str, slug: &str) -> &mut Team {
        let mut all = self.org_mut(org).teams.values_mut();
        let found = all.find(|team| same(&team.slug, slug));
        found.unwrap_or_else(|| panic!("there is no team {org}/{slug}"))
    }

    /// The repository of this full name, `owner/name`, to change.
    ///
    /// # Panics
    /// There is none.
    pub fn repo_mut(&mut self, full_name: &str) -> &mut Repo {
        let id = self.repo(full_name).map(|repo| repo.id);
        let found = id.and_then(|id| self.repos.get_mut(&id));
        found.unwrap_or_else(|| panic!("there is no repository {full_name}"))
    }

    /// The number of the account with this login.
    ///
    /// # Panics
    /// There is none.
    pub fn account_id(&self, login: &str) -> u64 {
        let found = self.account(login);
        found
            .unwrap_or_else(|| panic!("there is no account {login}"))
            .id
    }

    /// Makes an account a member at once, without an invitation, or changes its role.
    ///
    /// # Panics
    /// There is no such organisation or account.
    pub fn add_member(&mut self, org: &str, login: &str, role: Role) {
        let account = self.account_id(login);
        self.org_mut(org).members.insert(account, role);
    }

    /// Adds a visible team without members.
    ///
    /// # Panics
    /// There is no such organisation, or it has a team with the same slug.
    pub fn add_team(&mut self, org: &str, name: &str) -> &mut Team {
        let id = self.new_id();
        let org = self.org_mut(org);
        let slug = slug(name);
        assert!(org.team(&slug).is_none(), "the team {slug} is there");
        org.teams.entry(id).or_insert_with(|| Team {
            id,
            name: name.to_owned(),
            slug,
            description: None,
            privacy: Privacy::Closed,
            notifies: true,
            parent: None,
            members: BTreeMap::new(),
            repos: BTreeMap::new(),
            default_permission: Permission::Pull,
        })
    }

    /// Adds a team below the one with this slug.
    ///
    /// # Panics
    /// As [`World::add_team`], and when there is no such parent.
    pub fn add_team_below(&mut self, org: &str, parent: &str, name: &str) -> &mut Team {
        let above = self.team_mut(org, parent).id;
        let team = self.add_team(org, name);
        team.parent = Some(above);
        team
    }

    /// Makes an account a member of a team at once.
    ///
    /// # Panics
    /// There is no such team or account.
    pub fn add_team_member(&mut self, org: &str, slug: &str, login: &str, role: TeamRole) {
        let account = self.account_id(login);
        self.team_mut(org, slug).members.insert(account, role);
    }

    /// Gives a team a permission on a repository of its organisation.
    ///
    /// # Panics
    /// There is no such team or repository.
    pub fn grant(&mut self, org: &str, slug: &str, repo: &str, permission: Permission) {
        let repo = self.repo_mut(&format!("{org}/{repo}")).id;
        self.team_mut(org, slug).repos.insert(repo, permission);
    }

    /// Adds a public repository with a branch `main`.
    ///
    /// # Panics
    /// There is no such organisation or account, or it has such a repository.
    pub fn add_repo(&mut self, owner: &str, name: &str) -> &mut Repo {
        let full_name = format!("{owner}/{name}");
        assert!(self.repo(&full_name).is_none(), "{full_name} is there");
        let org = self.org(owner).map(|org| org.id);
        let owner = org.unwrap_or_else(|| self.account_id(owner));
        let id = self.new_id();
        self.repos.entry(id).or_insert_with(|| Repo {
            id,
            owner,
            name: name.to_owned(),
            settings: repo_settings(),
            visibility: "public".to_owned(),
            archived: false,
            branches: BTreeSet::from(["main".to_owned()]),
            collaborators: BTreeMap::new(),
            invitations: BTreeMap::new(),
            protections: BTreeMap::new(),
            parent: None,
        })
    }

    /// Gives an account something on a repository at once, without an invitation.
    ///
    /// # Panics
    /// There is no such repository or account.
    pub fn add_collaborator(&mut self, repo: &str, login: &str, permission: Permission) {
        let account = self.account_id(login);
        let repo = self.repo_mut(repo);
        repo.collaborators.insert(account, permission);
    }

    /// Installs an app for some repositories of an organisation, or for all, and gives its
    /// number.
    ///
    /// # Panics
    /// There is no such organisation or repository.
    pub fn add_installation(&mut self, org: &str, app: &str, repos: Option<&[&str]>) -> u64 {
        let (id, app_id) = (self.new_id(), self.new_id());
        let owner = self.org_mut(org).id;
        let repos = repos.map(|names| {
            let full_names = names.iter().map(|name| format!("{org}/{name}"));
            full_names.map(|name| self.repo_mut(&name).id).collect()
        });
        let installation = Installation {
            id,
            app_id,
            app_slug: app.to_owned(),
            org: owner,
            repos,
        };
        self.installations.insert(id, installation);
        id
    }

    /// Makes an organisation block an account, which takes the account's access with it.
    ///
    /// # Panics
    /// There is no such organisation or account.
    pub fn block(&mut self, org: &str, login: &str) {
        let account = self.account_id(login);
        let id = self.org_mut(org).id;
        self.remove_member(id, account);
        self.org_mut(org).blocked.insert(account);
    }

    /// Deletes an account as its owner does: it is gone from everywhere, and its login is free.
    ///
    /// # Panics
    /// There is no such account.
    pub fn delete_account(&mut self, login: &str) {
        let account = self.account_id(login);
        let orgs: Vec<u64> = self.orgs.keys().copied().collect();
        for org in orgs {
            self.remove_member(org, account);
        }
        for repo in self.repos.values_mut() {
            repo.collaborators.remove(&account);
            repo.invitations.retain(|_, one| one.account != account);
        }
        self.accounts.remove(&account);
    }

    /// Gives an account another login; the old one is free then, for anybody.
    ///
    /// # Panics
    /// There is no such account, or the new login is taken.
    pub fn rename_account(&mut self, login: &str, new: &str) {
        let account = self.account_id(login);
        let taken = self.account(new).is_some_and(|other| other.id != account);
        assert!(!taken && self.org(new).is_none(), "{new} is taken");
        if let Some(found) = self.accounts.get_mut(&account) {
            new.clone_into(&mut found.login);
        }
    }

    /// Lets time pass. Invitations that are seven days old by then fail, as GitHub says in
    /// "Inviting users to join your organization".
    pub fn advance(&mut self, time: Duration) {
        const WEEK: i64 = 7 * 24 * 60 * 60;
        self.now += i64::try_from(time.as_secs()).unwrap_or(i64::MAX / 2);
        let now = self.now;
        for org in self.orgs.values_mut() {
            let all = std::mem::take(&mut org.invitations).into_iter();
            let (old, young) = all.partition(|(_, one)| now - one.created >= WEEK);
            org.invitations = young;
            let old: BTreeMap<u64, Invitation> = old;
            for (id, mut invitation) in old {
                let why = "Invitation expired. User did not accept this invite for seven days.";
                invitation.failed = Some((now, why.to_owned()));
                org.failed.insert(id, invitation);
            }
        }
        for repo in self.repos.values_mut() {
            for invitation in repo.invitations.values_mut() {
                invitation.expired |= now - invitation.created >= WEEK;
            }
        }
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// What a new organisation has.
fn org_settings() -> Map<String, Value> {
    map(json!({
        "name": null, "description": null, "company": null, "blog": "", "location": null,
        "email": null, "twitter_username": null, "billing_email": "billing@example.org",
        "has_organization_projects": true, "has_repository_projects": true,
        "default_repository_permission": "read",
        "members_can_create_repositories": true,
        "members_can_create_public_repositories": true,
        "members_can_create_private_repositories": true,
        "members_can_create_pages": true,
        "members_can_create_public_pages": true,
        "members_can_create_private_pages": true,
        "members_can_fork_private_repositories": false,
        "web_commit_signoff_required": false,
    }))
}

/// What a new repository has.
pub(in crate::fakes::github) fn repo_settings() -> Map<String, Value> {
    map(json!({
        "description": null, "homepage": null, "has_issues": true, "has_projects": true,
        "has_wiki": true, "has_discussions": false, "is_template": false,
        "default_branch": "main",
        "allow_squash_merge": true, "allow_merge_commit": true, "allow_rebase_merge": true,
        "allow_auto_merge": false, "delete_branch_on_merge": false,
        "allow_update_branch": false, "use_squash_pr_title_as_default": false,
        "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
        "squash_merge_commit_message": "COMMIT_MESSAGES",
        "merge_commit_title": "MERGE_MESSAGE", "merge_commit_message": "PR_TITLE",
        "allow_forking": true, "web_commit_signoff_required": false,
    }))
}
